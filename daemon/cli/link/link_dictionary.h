/* Distinct texts and their numbers, counted: each value of a column is kept once.
 * Deliberately append only; one thread fills it, any number may read it afterwards. */
#ifndef HULEI_DAEMON_CLI_LINK_DICTIONARY_H
#define HULEI_DAEMON_CLI_LINK_DICTIONARY_H

#include "matchers/linkage/linkage.h"

struct link_slot {
    uint32_t tag;    /* upper half of the text's hash */
    uint32_t number; /* 0: free */
};

struct link_dictionary {
    struct linkage_value *values; /* from [1] on */
    size_t                count;  /* with the unused [0] */
    size_t                capacity;
    struct link_slot     *slots; /* open addressing */
    size_t                slot_count;
    struct link_chunk    *chunks; /* the texts */
    size_t                bytes;  /* of all its memory */
};

/* Puts the text, or counts it once more; gives its number, 0 when memory is out. */
uint32_t link_dictionary_put(struct link_dictionary *dictionary, struct span text, double number);
/* 0: not there. */
uint32_t link_dictionary_find(const struct link_dictionary *dictionary, struct span text);
/* Frees what a zeroed or filled dictionary holds. */
void link_dictionary_clear(struct link_dictionary *dictionary);

static inline struct span link_dictionary_text(const struct link_dictionary *dictionary, uint32_t number)
{
    return span_of(dictionary->values[number].text, dictionary->values[number].length);
}

#endif
