/* What identity keeps of one person block: names, number, birth dates, phones and context, folded and packed.
 * Deliberately a plain value without pointers, which can be sealed as bytes and read back. */
#ifndef HULEI_MATCHERS_IDENTITY_MENTION_H
#define HULEI_MATCHERS_IDENTITY_MENTION_H

#include "matchers/span.h"
#include "matchers/text/language_tables.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In the order of enum feed_id_type. */
enum id_type {
    ID_TYPE_RESIDENT = 0,
    ID_TYPE_FOREIGN_RESIDENT,
    ID_TYPE_HMT_RESIDENCE_PERMIT,
    ID_TYPE_PASSPORT,
    ID_TYPE_BIRTH_CERTIFICATE,
    ID_TYPE_NONE,
};

enum sex { PERSON_SEX_UNKNOWN = 0, PERSON_MALE, PERSON_FEMALE };

/* In the order of enum feed_calendar. */
enum birth_calendar { BIRTH_SOLAR = 0, BIRTH_LUNAR, BIRTH_UNSTATED };

enum { PERSON_NAMES = 5, PERSON_PHONES = 4, PERSON_GUARDIANS = 4 };

/* A person block as the source wrote it. All spans are borrowed and may be absent. */
struct person_input {
    struct span         names[PERSON_NAMES]; /* [0] the current one, then former names and aliases */
    size_t              name_count;
    enum id_type        id_type;
    struct span         id_number;
    enum sex            sex;
    struct span         birth_date; /* YYYY-MM-DD, YYYYMMDD, YYYY-MM, YYYY */
    enum birth_calendar birth_calendar;
    struct span         phones[PERSON_PHONES];
    size_t              phone_count;
    uint64_t            household_hash; /* 0: unknown */
    uint64_t            community_code; /* 12 digits of the living address as a number, 0: unknown */
    uint64_t            dwelling_key;   /* address_dwelling_key() of the living address; 0: not that precise */
    uint64_t            building_key;   /* address_building_key() */
    uint64_t            context_hash;   /* school; 0: unknown */
    struct span         guardians[PERSON_GUARDIANS]; /* their names */
    size_t              guardian_count;
};

enum {
    MENTION_VERSION    = 4,
    MENTION_NAMES      = 3,
    MENTION_CHARACTERS = 28, /* of all names together */
    MENTION_BIRTH_DAYS = 3,
    MENTION_GUARDIANS  = 2,
    MENTION_NO_DAY     = INT32_MIN,
    MENTION_DIGITS     = 20,
};

enum mention_number {
    MENTION_NUMBER_NONE = 0, /* absent, masked or a placeholder */
    MENTION_NUMBER_VALID,    /* 18 digits, or 15 recomputed */
    MENTION_NUMBER_BROKEN,   /* 18 characters that fail the check or the calendar */
    MENTION_NUMBER_OTHER,    /* passport and the like: only equality means something */
};

/* Equal content gives equal bytes: all padding is zero. */
struct mention_features {
    uint16_t version;
    uint8_t  sex;         /* enum sex; that of a valid number wins */
    uint8_t  stated_sex;  /* enum sex, as the source stated it */
    uint8_t  number_kind; /* enum mention_number */
    uint8_t  is_lunar;    /* the source said lunar */
    uint8_t  name_count;
    uint8_t  phone_count;
    uint8_t  name_length[MENTION_NAMES];
    uint8_t  surname_length[MENTION_NAMES];             /* characters of the surname; 0: none known */
    uint8_t  name_rarity[MENTION_NAMES];                /* 1/8 bit */
    uint8_t  name_is_latin;                             /* bit i */
    uint8_t  birth_month, birth_day;                    /* 0: unknown; as written */
    int16_t  birth_year;                                /* 0: unknown; as written */
    char     number[MENTION_DIGITS];                    /* of VALID and BROKEN; NUL behind the last character */
    uint16_t name_parts;                                /* 4 bits per name: its given_part (name.h) */
    int32_t  birth_days[MENTION_BIRTH_DAYS];            /* read as solar, lunar, lunar in a leap month */
    int32_t  number_day;                                /* birth day in a valid number */
    uint32_t reading_full, reading_first, reading_last; /* hashes of the syllables of names[0], 0: no name */
    uint32_t characters[MENTION_CHARACTERS];            /* of all names, one after the other; simplified */
    uint64_t other_number;                              /* hash of OTHER */
    uint64_t phones[PERSON_PHONES];
    uint64_t household, dwelling, building, community, context;
    uint32_t guardians[MENTION_GUARDIANS]; /* hashes of the syllables of their names, ascending; 0: none */
};

/* Fills *out completely; whatever cannot be read counts as unknown. */
void mention_features_make(const struct language_tables *tables, const struct person_input *input,
                           struct mention_features *out);

/* False for bytes of another version or out of range: make the features anew. */
bool mention_features_are_usable(const struct mention_features *features);

#endif
