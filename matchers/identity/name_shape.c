/* Characters that are variants of one another or look alike; see name_parts.h.
 * Deliberately strict: of all pairs of common given-name characters about one in a thousand looks alike. */
#include "matchers/identity/name_parts.h"

enum {
    GROUP_STROKES_APART = 3,
    PART_STROKES_APART  = 2,
    PART_ORDER_EDITS    = 3,
    FEW_CORNERS         = 2,
    MOST_CORNERS        = 3,
    ALL_CORNERS         = 4,
    MANY_STROKES        = 5
};

bool name_are_variants(const struct language_tables *tables, uint32_t a, uint32_t b)
{
    const uint32_t group_a = language_character_of(tables, a)->variant;

    return group_a != 0 && group_a == language_character_of(tables, b)->variant;
}

static int strokes_apart(const struct language_character *a, const struct language_character *b)
{
    const int apart = (int)a->strokes - (int)b->strokes;

    return apart < 0 ? -apart : apart;
}

static int corners_shared(const struct language_character *a, const struct language_character *b)
{
    int corners = 0;

    if (a->four_corner == 0 || b->four_corner == 0)
        return 0;
    for (int code_a = a->four_corner - 1, code_b = b->four_corner - 1, i = 0; i < 4; i++, code_a /= 10, code_b /= 10)
        corners += code_a % 10 == code_b % 10;
    return corners;
}

/* Strokes added, left out or changed between two stroke orders, up to `limit` + 1. */
static unsigned order_edits(uint64_t a, uint64_t b, unsigned limit)
{
    unsigned       above[LANGUAGE_STROKES_MAX + 1], row[LANGUAGE_STROKES_MAX + 1];
    const unsigned mask   = (1u << LANGUAGE_STROKE_BITS) - 1;
    unsigned       length = 0;

    if (a == 0 || b == 0)
        return limit + 1;
    for (uint64_t rest = b; rest != 0; rest >>= LANGUAGE_STROKE_BITS, length++)
        above[length] = length;
    above[length] = length;
    for (unsigned i = 1; a != 0; a >>= LANGUAGE_STROKE_BITS, i++) {
        uint64_t rest = b;
        unsigned best = row[0] = i;

        for (unsigned j = 1; j <= length; j++, rest >>= LANGUAGE_STROKE_BITS) {
            const unsigned replaced = above[j - 1] + ((a & mask) != (rest & mask));
            const unsigned added    = (above[j] < row[j - 1] ? above[j] : row[j - 1]) + 1;

            row[j] = replaced < added ? replaced : added;
            best   = best < row[j] ? best : row[j];
        }
        if (best > limit)
            return limit + 1;
        for (unsigned j = 0; j <= length; j++)
            above[j] = row[j];
    }
    return above[length] <= limit ? above[length] : limit + 1;
}

/* Whether both are in a group of characters alike in shape, or (`of_parts`) in one that shares a part. */
static bool share_group(const struct language_tables *tables, const struct language_character *a,
                        const struct language_character *b, bool of_parts)
{
    for (size_t i = 0; i < LANGUAGE_SHAPE_GROUPS && a->shape_groups[i] != 0; i++) {
        if ((a->shape_groups[i] >= tables->first_part_group) != of_parts)
            continue;
        for (size_t j = 0; j < LANGUAGE_SHAPE_GROUPS && b->shape_groups[j] != 0; j++) {
            if (a->shape_groups[i] == b->shape_groups[j])
                return true;
        }
    }
    return false;
}

bool name_are_alike(const struct language_tables *tables, uint32_t a, uint32_t b)
{
    const struct language_character *entry_a = language_character_of(tables, a);
    const struct language_character *entry_b = language_character_of(tables, b);
    const int                        corners = corners_shared(entry_a, entry_b);
    const int                        apart   = strokes_apart(entry_a, entry_b);

    if (share_group(tables, entry_a, entry_b, false) && apart <= GROUP_STROKES_APART)
        return true;
    /* One stroke more or less is much where there are few. */
    if (corners >= (entry_a->strokes < MANY_STROKES || entry_b->strokes < MANY_STROKES ? ALL_CORNERS : MOST_CORNERS) &&
        order_edits(entry_a->stroke_order, entry_b->stroke_order, 1) <= 1)
        return true;
    if (corners >= FEW_CORNERS && entry_a->stroke_order != 0 && entry_a->stroke_order == entry_b->stroke_order)
        return true;
    if (corners >= FEW_CORNERS && apart <= PART_STROKES_APART && share_group(tables, entry_a, entry_b, true) &&
        order_edits(entry_a->stroke_order, entry_b->stroke_order, PART_ORDER_EDITS) <= PART_ORDER_EDITS)
        return true;
    return language_are_lookalikes(tables, a, b);
}
