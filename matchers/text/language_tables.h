/* What the matchers know of Chinese script: readings, simplified forms, surnames, frequencies, the lunar calendar.
 * Deliberately only the shape of the tables; daemon/common/language.c fills them once at start. */
#ifndef HULEI_MATCHERS_TEXT_LANGUAGE_TABLES_H
#define HULEI_MATCHERS_TEXT_LANGUAGE_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LANGUAGE_CODE_POINTS      = 0x40000,
    LANGUAGE_PAGE_SIZE        = 256,
    LANGUAGE_PAGE_COUNT       = LANGUAGE_CODE_POINTS / LANGUAGE_PAGE_SIZE,
    LANGUAGE_READINGS         = 4,
    LANGUAGE_SHAPE_GROUPS     = 6,
    LANGUAGE_STROKE_BITS      = 3,
    LANGUAGE_STROKES_MAX      = 21, /* of a stroke order that is kept */
    LANGUAGE_PARTS            = 3,
    LANGUAGE_UNIT_LENGTH      = 4,
    LANGUAGE_AREA_CODES       = 1000000,
    LANGUAGE_LUNAR_FIRST_YEAR = 1900,
    LANGUAGE_LUNAR_YEARS      = 201,
    LANGUAGE_RARE_BITS        = 14, /* of a given-name character that the table does not know */
};

/* One character. Zero everywhere: nothing is known, the character stands for itself. */
struct language_character {
    uint32_t simplified;                  /* code point after folding, 0: itself */
    uint32_t variant;                     /* smallest code point of its group of name variants, 0: none */
    uint64_t stroke_order;                /* kinds of strokes 1-5, the first in the lowest bits, 0 ends it */
    uint16_t readings[LANGUAGE_READINGS]; /* in given names; syllable numbers, 0 ends the list; commonest first */
    uint16_t shape_groups[LANGUAGE_SHAPE_GROUPS]; /* groups of characters alike in shape, 0 ends the list */
    uint16_t four_corner;                         /* 0: unknown; else code + 1 */
    uint8_t  strokes;                             /* 0: unknown */
    uint8_t  given_bits;                          /* rarity in given names, 1/8 bit; 0: unknown */
};

/* A surname of one or two characters (second 0 for one), in simplified form. */
struct language_surname {
    uint32_t first, second;
    uint16_t readings[LANGUAGE_READINGS]; /* of the whole surname: syllable of a single one */
    uint16_t second_reading;              /* of a compound surname; readings[0] is then its first syllable */
    uint16_t bits;                        /* rarity, 1/8 bit */
};

/* A character and the two or three it is put together from; those that cannot write 韡 write 韦华. */
struct language_parts {
    uint32_t parts[LANGUAGE_PARTS]; /* simplified; 0 when there are two */
    uint32_t whole;                 /* simplified */
};

/* Part of a Tibetan, Uyghur or Mongolian name: a name made of such parts has no surname. Zeros behind the last. */
struct language_unit {
    uint32_t characters[LANGUAGE_UNIT_LENGTH];
};

/* Two characters that are taken for one another, the smaller first. */
struct language_pair {
    uint32_t first, second;
};

/* Days since 1970-01-01 of the first day of each lunar month. */
struct language_lunar_year {
    int32_t  first_day;   /* of the first month */
    uint16_t long_months; /* bit i: the i-th month of the year (leap month included) has 30 days */
    uint8_t  leap_month;  /* 1-12: a second month of this number follows it; 0: none */
};

struct language_tables {
    struct language_character *pages[LANGUAGE_PAGE_COUNT]; /* NULL: nothing known */
    const char *const         *syllables;                  /* by number; "" at 0; toneless, v for u umlaut */
    size_t                     syllable_count;
    struct language_surname   *surnames; /* sorted by (first, second) */
    size_t                     surname_count;
    struct language_parts     *parts; /* sorted by (parts, whole) */
    size_t                     part_count;
    struct language_unit      *units; /* sorted */
    size_t                     unit_count;
    struct language_pair      *lookalikes; /* sorted */
    size_t                     lookalike_count;
    uint16_t                   first_part_group; /* shape groups from here on share a part, those below look alike */
    uint8_t                   *known_areas;      /* bit per area code of GB/T 2260 that ever was; NULL: not asked */
    struct language_lunar_year lunar[LANGUAGE_LUNAR_YEARS];
};

/* A character's entry; all zero when the table has none. */
static inline const struct language_character *language_character_of(const struct language_tables *tables,
                                                                     uint32_t                      code_point)
{
    static const struct language_character unknown = { 0 };

    if (code_point >= LANGUAGE_CODE_POINTS || tables->pages[code_point / LANGUAGE_PAGE_SIZE] == NULL)
        return &unknown;
    return &tables->pages[code_point / LANGUAGE_PAGE_SIZE][code_point % LANGUAGE_PAGE_SIZE];
}

static inline bool language_area_is_known(const struct language_tables *tables, uint32_t area_code)
{
    return area_code < LANGUAGE_AREA_CODES && (tables->known_areas[area_code / 8] >> area_code % 8 & 1) != 0;
}

/* NULL when the table does not hold it; `second` 0 for a single-character surname. */
const struct language_surname *language_surname_find(const struct language_tables *tables, uint32_t first,
                                                     uint32_t second);

/* Whether `count` (2 or 3) characters put together make `whole`; any character with whole 0. */
bool language_is_composed(const struct language_tables *tables, const uint32_t *parts, size_t count, uint32_t whole);

/* Whether the characters (1 to LANGUAGE_UNIT_LENGTH) are a part of names without surname. */
bool language_is_unit(const struct language_tables *tables, const uint32_t *characters, size_t count);

/* Whether the table of look-alikes has the two characters, in any order. */
bool language_are_lookalikes(const struct language_tables *tables, uint32_t a, uint32_t b);

#endif
