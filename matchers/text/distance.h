/* How far apart two short texts are: edit distance, Jaro-Winkler, q-grams. All work on code points.
 * Deliberately without folding or any language: equal characters are equal code points. */
#ifndef HULEI_MATCHERS_TEXT_DISTANCE_H
#define HULEI_MATCHERS_TEXT_DISTANCE_H

#include "matchers/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT_POINTS_MAX = 128 };

/* The code points of a text; what goes beyond TEXT_POINTS_MAX is left out. */
struct text_points {
    uint32_t points[TEXT_POINTS_MAX];
    size_t   length;
};

/* Decodes UTF-8. Broken bytes count as U+FFFD. */
void text_points_read(struct span text, struct text_points *out);

/*
 * Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other, no place changed
 * twice (optimal string alignment); limit + 1 when it takes more than `limit`.
 */
unsigned text_edit_distance(const struct text_points *a, const struct text_points *b, unsigned limit);

/* 0 to 1 (Winkler 1990: prefix of at most 4, weight 0.1). Two empty texts: 1. */
double text_jaro_winkler(const struct text_points *a, const struct text_points *b);

/* text_jaro_winkler(a, b) >= limit, but sooner known where it is far below. */
bool text_jaro_winkler_reaches(const struct text_points *a, const struct text_points *b, double limit);

/* Dice coefficient of the pairs of neighbours, with a mark before and behind each text; 0 to 1. */
double text_bigram_dice(const struct text_points *a, const struct text_points *b);

#endif
