/* The divisions of China, five levels, read from one built file in memory.
 * Deliberately read-only: the file is made by the build or by `hulei gazetteer build`. */
#ifndef HULEI_MATCHERS_ADDRESS_GAZETTEER_H
#define HULEI_MATCHERS_ADDRESS_GAZETTEER_H

#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Views into the file's memory, which must outlive it; nothing to free. */
struct gazetteer {
    const struct gazetteer_header *header;
    const uint64_t                *codes;        /* of every division, ascending */
    const uint32_t                *name_offsets; /* into `names`; one more than divisions: none, names end with NUL */
    const uint32_t                *slots;        /* hash table of names: tag, first posting */
    const uint32_t                *postings;
    const uint8_t                 *prefixes; /* Bloom filter of the names' prefixes */
    const char                    *names;
    size_t                         division_count, slot_count, posting_count, names_length;
    uint32_t                       prefix_mask;
};

/* Checks layout and checksum of `length` bytes at `data` (8-byte aligned), not every entry: reading stays inside
 * whatever the entries say. False when it is no gazetteer of this version, or a damaged one. */
bool gazetteer_open(struct gazetteer *gazetteer, const void *data, size_t length);

/* The name of the division with this 12-digit zero-padded code, as it is today; absent when there is none. */
struct span gazetteer_name(const struct gazetteer *gazetteer, uint64_t code);

/* The digits that count in a zero-padded code: 2, 4, 6, 9, 12; 0 for 0. */
unsigned gazetteer_level(uint64_t code);

/* `code` cut to `level` digits and padded with zeros again. */
uint64_t gazetteer_cut(uint64_t code, unsigned level);

#endif
