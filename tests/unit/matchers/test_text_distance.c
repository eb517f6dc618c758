/* Distances of texts: known values, symmetry, and the limit against a plain table.
 * Deliberately without names of persons. */
#include "matchers/text/distance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const struct {
    const char *what;
    struct span a, b;
    unsigned    edits;
    double      jaro_winkler, dice;
} rows[] = {
    {"equal",                         SPAN_INIT("abc"),        SPAN_INIT("abc"),        0, 1,      1        },
    { "Winkler's own example",        SPAN_INIT("martha"),     SPAN_INIT("marhta"),     1, 0.9611, 4 / 7.0  },
    { "two characters left out",      SPAN_INIT("dwayne"),     SPAN_INIT("duane"),      2, 0.84,   6 / 13.0 },
    { "Winkler's third",              SPAN_INIT("dixon"),      SPAN_INIT("dicksonx"),   4, 0.8133, 6 / 15.0 },
    { "nothing in common",            SPAN_INIT("abc"),        SPAN_INIT("xyz"),        3, 0,      0        },
    { "empty against something",      SPAN_INIT(""),           SPAN_INIT("ab"),         2, 0,      0        },
    { "both empty",                   SPAN_INIT(""),           SPAN_INIT(""),           0, 1,      1        },
    { "no place is changed twice",    SPAN_INIT("ca"),         SPAN_INIT("abc"),        3, 0,      0        },
    { "one Han character of three",   SPAN_INIT("双龙西"),  SPAN_INIT("双龙东"),  1, 0.8222, 0.5      },
    { "outside the basic plane",      SPAN_INIT("\U0002070E"), SPAN_INIT("\U0002070F"), 1, 0,      0        },
    { "a swap at the very end",       SPAN_INIT("kitchen"),    SPAN_INIT("kitchne"),    1, 0.9714, 5 / 8.0  },
    { "insertions at the very start", SPAN_INIT("xxkitchen"),  SPAN_INIT("kitchen"),    2, 0.9259, 14 / 18.0},
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text_points a, b;

        text_points_read(rows[i].a, &a);
        text_points_read(rows[i].b, &b);
        for (unsigned limit = 0; limit < 6; limit++) {
            const unsigned wanted = rows[i].edits <= limit ? rows[i].edits : limit + 1;

            if (text_edit_distance(&a, &b, limit) != wanted || text_edit_distance(&b, &a, limit) != wanted)
                fail_msg("%s: edits within %u", rows[i].what, limit);
        }
        if (fabs(text_jaro_winkler(&a, &b) - rows[i].jaro_winkler) > 0.0001 ||
            fabs(text_jaro_winkler(&b, &a) - rows[i].jaro_winkler) > 0.0001)
            fail_msg("%s: Jaro-Winkler %f", rows[i].what, text_jaro_winkler(&a, &b));
        if (fabs(text_bigram_dice(&a, &b) - rows[i].dice) > 0.0001 ||
            fabs(text_bigram_dice(&b, &a) - rows[i].dice) > 0.0001)
            fail_msg("%s: bigrams %f", rows[i].what, text_bigram_dice(&a, &b));
    }
}

/* The same distance without a band. */
static unsigned plain_distance(const struct text_points *a, const struct text_points *b)
{
    unsigned table[16][16];

    for (size_t i = 0; i <= a->length; i++) {
        for (size_t j = 0; j <= b->length; j++) {
            unsigned best = i == 0 ? (unsigned)j : (unsigned)i;

            if (i > 0 && j > 0) {
                best = table[i - 1][j - 1] + (a->points[i - 1] != b->points[j - 1]);
                best = best < table[i - 1][j] + 1 ? best : table[i - 1][j] + 1;
                best = best < table[i][j - 1] + 1 ? best : table[i][j - 1] + 1;
            }
            if (i > 1 && j > 1 && a->points[i - 1] == b->points[j - 2] && a->points[i - 2] == b->points[j - 1] &&
                table[i - 2][j - 2] + 1 < best)
                best = table[i - 2][j - 2] + 1;
            table[i][j] = best;
        }
    }
    return table[a->length][b->length];
}

/* Every word of up to six letters out of two or three, by a counter. */
static void word_of(uint32_t number, struct text_points *word)
{
    word->length = number % 7;
    number /= 7;
    for (size_t i = 0; i < word->length; i++, number /= 3)
        word->points[i] = 'a' + number % 3;
}

static void test_shortcuts_change_nothing(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 40000; i++) {
        struct text_points a, b;

        word_of(i * 2654435761U >> 7, &a);
        word_of(i * 40503U + (i >> 3), &b);
        const unsigned distance = plain_distance(&a, &b);
        for (double limit = 0; limit <= 1; limit += 0.05)
            assert_int_equal(text_jaro_winkler_reaches(&a, &b, limit), text_jaro_winkler(&a, &b) >= limit);
        for (unsigned limit = 0; limit < 5; limit++)
            assert_int_equal(text_edit_distance(&a, &b, limit), distance <= limit ? distance : limit + 1);
    }
}

static void test_long_texts_are_cut(void **state)
{
    static char        text[1000];
    struct text_points points;

    (void)state;
    memset(text, 'x', sizeof text);
    text_points_read(span_of(text, sizeof text), &points);
    assert_int_equal(points.length, TEXT_POINTS_MAX);
    assert_int_equal(text_edit_distance(&points, &points, 1000), 0);
    assert_true(fabs(text_bigram_dice(&points, &points) - 1) < 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_shortcuts_change_nothing),
        cmocka_unit_test(test_long_texts_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
