/* Birth dates against the case files: what a text means, and what two dates in either calendar have in common.
 * The lunar years are those of the real tables. */
#include "matchers/identity/birth.h"
#include "tests/unit/common/language_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { COLUMNS = 6 };

static int wrong;

/* Calls `check` for every data line of a tab separated file; how many lines. */
static size_t for_each_line(const char *file_name, void (*check)(char *columns[COLUMNS]))
{
    FILE  *file = fopen(file_name, "r");
    char   line[1024];
    size_t count = 0;

    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        char *columns[COLUMNS] = { 0 };
        char *rest             = line;

        line[strcspn(line, "\r\n")] = '\0';
        for (size_t i = 0; i < COLUMNS; i++) {
            columns[i] = strsep(&rest, "\t");
            if (columns[i] == NULL)
                columns[i] = line + strlen(line);
        }
        check(columns);
        count++;
    }
    fclose(file);
    return count;
}

static void check_text(char *columns[COLUMNS])
{
    const struct birth_date wanted = { atoi(columns[1]), atoi(columns[2]), atoi(columns[3]) };
    struct birth_date       date   = { 0 };
    const bool              is_any = birth_date_read(span_from_text(columns[0]), &date);

    if (is_any == (wanted.year != 0) && date.year == wanted.year && date.month == wanted.month &&
        date.day == wanted.day)
        return;
    print_error("\"%s\" (%s): %d-%d-%d\n", columns[0], columns[4], date.year, date.month, date.day);
    wrong++;
}

static void test_texts(void **state)
{
    (void)state;
    wrong = 0;
    assert_true(for_each_line(HULEI_SOURCE_DIR "/tests/data/date_texts.tsv", check_text) >= 80);
    assert_int_equal(wrong, 0);
}

static struct mention_features features_of(const char *text, const char *calendar)
{
    const struct person_input input    = { .birth_date     = span_from_text(text),
                                           .birth_calendar = strcmp(calendar, "lunar") == 0   ? BIRTH_LUNAR
                                                             : strcmp(calendar, "solar") == 0 ? BIRTH_SOLAR
                                                                                              : BIRTH_UNSTATED };
    struct mention_features   features = { 0 };

    mention_features_make(tables, &input, &features);
    return features;
}

static void check_case(char *columns[COLUMNS])
{
    static const char *const      words[] = { "null",    "equal",      "other_calendar", "new_year", "swapped",
                                              "slipped", "same_month", "same_year",      "different" };
    const struct mention_features a = features_of(columns[0], columns[1]), b = features_of(columns[2], columns[3]);
    const enum birth_level        level = birth_compare(&a, &b);

    if (strcmp(words[level], columns[4]) == 0 && birth_compare(&b, &a) == level)
        return;
    print_error("%s, %s (%s): %s, turned %s\n", columns[0], columns[2], columns[5], words[level],
                words[birth_compare(&b, &a)]);
    wrong++;
}

static void test_cases(void **state)
{
    (void)state;
    wrong = 0;
    assert_true(for_each_line(HULEI_SOURCE_DIR "/tests/data/date_cases.tsv", check_case) >= 60);
    assert_int_equal(wrong, 0);
}

/* The day in a valid number is no default, and equal numbers are no doubt. */
static void test_numbers(void **state)
{
    static const struct {
        const char      *number_a, *birth_a, *number_b, *birth_b;
        enum birth_level level;
    } rows[] = {
        {"632825197001010019",  "",           "632825197001010019", "",           BIRTH_EQUAL    },
        { "632825197001010019", "",           "",                   "1970-01-01", BIRTH_NULL     },
        { "51023019650101001X", "",           "",                   "1965-01-01", BIRTH_NEW_YEAR },
        { "51023019650101001X", "",           "",                   "1965-06-05", BIRTH_SAME_YEAR},
        { "11010519491231002X", "",           "",                   "1949-12-31", BIRTH_EQUAL    },
        { "11010519491231002X", "1949-12-30", "",                   "1949-12-31", BIRTH_EQUAL    },
        { "11010519491231002X", "",           "",                   "1949-12-21", BIRTH_SLIPPED  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct person_input one   = { .id_number  = span_from_text(rows[i].number_a),
                                            .birth_date = span_from_text(rows[i].birth_a) };
        const struct person_input other = { .id_number  = span_from_text(rows[i].number_b),
                                            .birth_date = span_from_text(rows[i].birth_b) };
        struct mention_features   a, b;

        mention_features_make(tables, &one, &a);
        mention_features_make(tables, &other, &b);
        assert_int_equal(birth_compare(&a, &b), rows[i].level);
        assert_int_equal(birth_compare(&b, &a), rows[i].level);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_numbers),
    };

    return cmocka_run_group_tests(tests, open_tables, close_tables);
}
