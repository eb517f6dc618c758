/* Reads the CSV tables of share/synth; see tables.h.
 * Plain CSV without quotes, as the files are this project's own. */
#include "daemon/cli/synth/tables.h"

#include "daemon/common/share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES = 256, FIELDS_MAX = 6 };

/* Gets the fields of one row; false stops the reading as damaged. */
typedef bool (*row_reader)(struct synth_tables *tables, char *fields[FIELDS_MAX], size_t count);

static bool grow(void **rows, size_t count, size_t size)
{
    if ((count & (count - 1)) != 0)
        return true;

    void *larger = realloc(*rows, (count == 0 ? 1 : count * 2) * size);
    if (larger == NULL)
        return false;
    *rows = larger;
    return true;
}

/* The caller has checked that it fits. */
static void put_text(char *to, const char *text)
{
    memcpy(to, text, strlen(text) + 1);
}

static bool words_add(struct weighted_words *words, const char *word, uint32_t weight)
{
    if (weight == 0)
        return true;
    if (strlen(word) >= sizeof words->words[0] || !grow((void **)&words->words, words->count, sizeof words->words[0]) ||
        !grow((void **)&words->sums, words->count, sizeof words->sums[0]))
        return false;
    put_text(words->words[words->count], word);
    words->sums[words->count] = weight + (words->count > 0 ? words->sums[words->count - 1] : 0);
    words->count++;
    return true;
}

static uint32_t number_of(const char *text)
{
    return (uint32_t)strtoul(text, NULL, 10);
}

static bool read_surname(struct synth_tables *tables, char *fields[FIELDS_MAX], size_t count)
{
    return count == 2 && words_add(&tables->surnames, fields[0], number_of(fields[1]));
}

static bool read_given_name(struct synth_tables *tables, char *fields[FIELDS_MAX], size_t count)
{
    return count == 3 && (fields[1][0] == '1' || fields[1][0] == '2') &&
           words_add(&tables->given[fields[1][0] - '0'], fields[0], number_of(fields[2]));
}

static bool read_given_character(struct synth_tables *tables, char *fields[FIELDS_MAX], size_t count)
{
    if (count != 5)
        return false;

    const uint32_t female  = number_of(fields[4]);
    const uint32_t share[] = { 0, 1000 - female, female };
    for (int sex = 1; sex <= 2; sex++) {
        if (!words_add(&tables->first[sex], fields[0], number_of(fields[1]) * share[sex] / 10) ||
            !words_add(&tables->second[sex], fields[0], number_of(fields[2]) * share[sex] / 10) ||
            !words_add(&tables->single[sex], fields[0], number_of(fields[3]) * share[sex] / 10))
            return false;
    }
    return true;
}

static bool confusion_add(struct confusion_table *table, char *fields[FIELDS_MAX], size_t count)
{
    if (count != 2 || strlen(fields[0]) >= TEXT_CHARACTER_BYTES || strlen(fields[1]) >= sizeof table->rows[0].others ||
        fields[1][0] == '\0' || !grow((void **)&table->rows, table->count, sizeof table->rows[0]))
        return false;

    struct confusion *row = &table->rows[table->count++];
    put_text(row->character, fields[0]);
    put_text(row->others, fields[1]);
    return true;
}

static bool read_homophone(struct synth_tables *tables, char *fields[FIELDS_MAX], size_t count)
{
    return confusion_add(&tables->homophones, fields, count);
}

static bool read_lookalike(struct synth_tables *tables, char *fields[FIELDS_MAX], size_t count)
{
    return confusion_add(&tables->lookalikes, fields, count);
}

static bool read_variant(struct synth_tables *tables, char *fields[FIELDS_MAX], size_t count)
{
    return confusion_add(&tables->variants, fields, count);
}

static bool read_month(struct synth_tables *tables, char *fields[FIELDS_MAX], size_t count)
{
    if (count != 4 || !grow((void **)&tables->months, tables->month_count, sizeof tables->months[0]))
        return false;
    tables->months[tables->month_count++] =
        (struct lunar_month){ (int32_t)strtol(fields[0], NULL, 10), (int16_t)number_of(fields[1]),
                              (uint8_t)number_of(fields[2]), (uint8_t)number_of(fields[3]) };
    return true;
}

static bool read_community(struct synth_tables *tables, char *fields[FIELDS_MAX], size_t count)
{
    struct community_row row;

    if (count != 3 || strlen(fields[0]) != 12 || strlen(fields[1]) >= sizeof row.town ||
        strlen(fields[2]) >= sizeof row.name ||
        !grow((void **)&tables->communities, tables->community_count, sizeof row))
        return false;
    memset(&row, 0, sizeof row);
    put_text(row.code, fields[0]);
    put_text(row.town, fields[1]);
    put_text(row.name, fields[2]);
    tables->communities[tables->community_count++] = row;
    return true;
}

static size_t split(char *line, char *fields[FIELDS_MAX])
{
    size_t count = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at != NULL && count < FIELDS_MAX; count++) {
        fields[count] = at;
        at            = strchr(at, ',');
        if (at != NULL)
            *at++ = '\0';
    }
    return count;
}

static bool read_file(struct synth_tables *tables, const char *name, row_reader read)
{
    char path[4096], line[LINE_BYTES];
    char resource[64];

    snprintf(resource, sizeof resource, "synth/%s", name);
    if (!share_path(resource, path, sizeof path))
        return false;

    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;

    bool   is_ok = true;
    size_t rows  = 0;
    for (; is_ok && fgets(line, sizeof line, file) != NULL; rows++) {
        char        *fields[FIELDS_MAX];
        const size_t count = split(line, fields);
        if (rows > 0) /* the first line is the heading */
            is_ok = read(tables, fields, count);
    }
    is_ok = is_ok && rows > 1 && ferror(file) == 0;
    fclose(file);
    return is_ok;
}

static int compare_confusions(const void *a, const void *b)
{
    return strcmp(((const struct confusion *)a)->character, ((const struct confusion *)b)->character);
}

static void sort_confusions(struct confusion_table *table)
{
    qsort(table->rows, table->count, sizeof table->rows[0], compare_confusions);
}

bool tables_load(struct synth_tables *tables, char *fault, size_t fault_size)
{
    static const struct {
        const char *name;
        row_reader  read;
    } files[] = {
        {"surnames.csv",      read_surname        },
        { "given_names.csv",  read_given_name     },
        { "given_chars.csv",  read_given_character},
        { "homophones.csv",   read_homophone      },
        { "lookalikes.csv",   read_lookalike      },
        { "variants.csv",     read_variant        },
        { "lunar_months.csv", read_month          },
        { "communities.csv",  read_community      },
    };

    *tables = (struct synth_tables){ 0 };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (!read_file(tables, files[i].name, files[i].read)) {
            snprintf(fault, fault_size, "synth/%s is missing or damaged", files[i].name);
            return false;
        }
    }
    sort_confusions(&tables->homophones);
    sort_confusions(&tables->lookalikes);
    sort_confusions(&tables->variants);
    return true;
}

static void words_clear(struct weighted_words *words)
{
    free(words->words);
    free(words->sums);
}

void tables_clear(struct synth_tables *tables)
{
    words_clear(&tables->surnames);
    for (int sex = 0; sex <= 2; sex++) {
        words_clear(&tables->given[sex]);
        words_clear(&tables->first[sex]);
        words_clear(&tables->second[sex]);
        words_clear(&tables->single[sex]);
    }
    free(tables->homophones.rows);
    free(tables->lookalikes.rows);
    free(tables->variants.rows);
    free(tables->months);
    free(tables->communities);
    *tables = (struct synth_tables){ 0 };
}

const char *words_draw(const struct weighted_words *words, struct random_stream *random)
{
    const uint32_t drawn = random_below(random, words->sums[words->count - 1]);
    size_t         low = 0, high = words->count - 1;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (words->sums[middle] > drawn)
            high = middle;
        else
            low = middle + 1;
    }
    return words->words[low];
}

bool confusion_draw(const struct confusion_table *table, const char *character, size_t length,
                    struct random_stream *random, char out[TEXT_CHARACTER_BYTES])
{
    struct confusion key = { "", "" };

    if (length >= sizeof key.character)
        return false;
    memcpy(key.character, character, length);

    const struct confusion *row = bsearch(&key, table->rows, table->count, sizeof key, compare_confusions);
    if (row == NULL)
        return false;

    const char *other = row->others;
    size_t      count = 0;
    for (const char *at = row->others; *at != '\0'; at += character_length(at))
        count++;
    for (uint32_t skip = random_below(random, (uint32_t)count); skip > 0; skip--)
        other += character_length(other);

    memset(out, 0, TEXT_CHARACTER_BYTES);
    memcpy(out, other, character_length(other));
    return true;
}

const struct lunar_month *tables_lunar_month(const struct synth_tables *tables, int32_t day)
{
    size_t low = 0, high = tables->month_count;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (tables->months[middle].first_day > day)
            high = middle;
        else
            low = middle + 1;
    }
    if (low == 0 || day - tables->months[low - 1].first_day >= 30)
        return NULL;
    return &tables->months[low - 1];
}
