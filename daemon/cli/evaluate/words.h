/* Texts to small numbers and back: persons, clusters, mentions of the evaluated files.
 * Opaque ids only; no personal value is ever put in. */
#ifndef HULEI_DAEMON_CLI_EVALUATE_WORDS_H
#define HULEI_DAEMON_CLI_EVALUATE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct words {
    char     *text; /* NUL-terminated words one after another */
    size_t    text_used, text_capacity;
    size_t   *starts; /* by number */
    size_t    count, capacity;
    uint32_t *slots;      /* number + 1; 0 free */
    size_t    slot_count; /* a power of two */
};

#define WORDS_NONE UINT32_MAX /* too large for an enum */

/* The number of the word, a new one when it is new; WORDS_NONE when memory is out. */
uint32_t words_put(struct words *words, const char *word);
/* WORDS_NONE when unknown. */
uint32_t    words_find(const struct words *words, const char *word);
const char *words_text(const struct words *words, uint32_t number);
/* All zero is an empty table. */
void words_clear(struct words *words);

#endif
