/* The card of a person that a record names: what stands beside a mention so that people can be shown and searched.
 * Masked and full name are separate texts; the hashes say whom a search means, and nothing else. */
#ifndef HULEI_DAEMON_COMMON_CARD_H
#define HULEI_DAEMON_COMMON_CARD_H

#include "daemon/common/blind.h"
#include "matchers/address/address.h"
#include "matchers/identity/mention.h"
#include "matchers/span.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CARD_VERSION      = 2, /* raise it when what stands on a card changes: stored cards are made anew */
    CARD_MASKED_BYTES = 16,
    CARD_HASHES_MAX   = 1 + PERSON_PHONES + 2 * MENTION_NAMES,
    CARD_BUCKET_COUNT = 1 << 16,
    CARD_KIND_BYTES   = 17,
    CARD_NO_DAY       = INT32_MIN,
};

/* An address of the person, for the map. Plain values with zeroed padding: sealed as they are. */
struct card_place {
    struct address_features address;
    double                  lon, lat;  /* CGCS2000, as stated; only with has_point */
    int32_t                 as_of_day; /* since 1970-01-01; CARD_NO_DAY: not said */
    uint16_t                radius_m;  /* of a barred place: how far around; 0: not said */
    uint8_t                 has_point;
    char                    kind[CARD_KIND_BYTES]; /* living, lived, work, barred, approved; ends with a NUL */
};

/* An entry of the address library: what place.features holds, sealed. */
struct stored_place {
    struct address_features address;
    double                  lon, lat; /* CGCS2000; NaN without a point */
};

/*
 * First and last character with a star between them (王*丽), of two characters only the first, of one none.
 * Returns the length written; an absent or empty name is one star.
 */
size_t card_mask(struct span name, char out[CARD_MASKED_BYTES]);

/*
 * Keyed hashes of what a search may ask for, each purpose under a key of its own: the citizen number, each phone, and
 * each full name with the birth year (as written, and as a valid number has it). Returns how many.
 */
size_t card_hashes(const struct blind *blind, const struct mention_features *features,
                   uint64_t hashes[CARD_HASHES_MAX]);

/*
 * The same of what somebody searches for; a number may be of any kind of document, so that several hashes come of it.
 * Return 0 when the text cannot be one.
 */
size_t card_hashes_of_number(const struct blind *blind, const struct language_tables *tables, struct span number,
                             uint64_t hashes[CARD_HASHES_MAX]);
size_t card_hashes_of_phone(const struct blind *blind, const struct language_tables *tables, struct span phone,
                            uint64_t hashes[CARD_HASHES_MAX]);
size_t card_hashes_of_name(const struct blind *blind, const struct language_tables *tables, struct span name,
                           int birth_year, uint64_t hashes[CARD_HASHES_MAX]);

/* What the database sees of a hash: few enough values that several persons share each (RELIABILITY.md D.2). */
static inline uint32_t card_bucket(uint64_t hash)
{
    return (uint32_t)(hash % CARD_BUCKET_COUNT);
}

#endif
