/* The generator's frequency and confusion tables, read from share/synth.
 * No matcher reads these files, and nothing here normalises text. */
#ifndef HULEI_DAEMON_CLI_SYNTH_TABLES_H
#define HULEI_DAEMON_CLI_SYNTH_TABLES_H

#include "daemon/cli/synth/random.h"

#include <stddef.h>
#include <stdint.h>

enum { TEXT_CHARACTER_BYTES = 5 };

/* Words with running sums of their weights: drawing is a binary search. */
struct weighted_words {
    char (*words)[16]; /* UTF-8, NUL-terminated */
    uint32_t *sums;
    size_t    count;
};

/* Character → the characters it is taken for; sorted by the bytes of the character. */
struct confusion_table {
    struct confusion {
        char character[TEXT_CHARACTER_BYTES];
        char others[33];
    } * rows;
    size_t count;
};

struct lunar_month {
    int32_t first_day; /* days since 1970-01-01 */
    int16_t year;
    uint8_t month;
    uint8_t is_leap;
};

struct community_row {
    char code[13];
    char town[40];
    char name[64]; /* as in the statistics table: 双南路社区居民委员会 */
};

struct synth_tables {
    struct weighted_words  surnames;
    struct weighted_words  given[3];                       /* by sex, 1 male and 2 female */
    struct weighted_words  first[3], second[3], single[3]; /* characters by sex and position */
    struct confusion_table homophones, lookalikes, variants;
    struct lunar_month    *months;
    size_t                 month_count;
    struct community_row  *communities;
    size_t                 community_count;
};

/* False when a file is missing or damaged; `fault` then names the file. Free with tables_clear() in both cases. */
bool tables_load(struct synth_tables *tables, char *fault, size_t fault_size);
void tables_clear(struct synth_tables *tables);

const char *words_draw(const struct weighted_words *words, struct random_stream *random);

/* Writes a character that the given one is taken for; false when the table knows none. */
bool confusion_draw(const struct confusion_table *table, const char *character, size_t length,
                    struct random_stream *random, char out[TEXT_CHARACTER_BYTES]);

/* The lunar month of a day; NULL outside the table (1924 to 2030). */
const struct lunar_month *tables_lunar_month(const struct synth_tables *tables, int32_t day);

/* Bytes of the UTF-8 character that starts here. */
static inline size_t character_length(const char *text)
{
    const unsigned char lead = (unsigned char)*text;

    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

#endif
