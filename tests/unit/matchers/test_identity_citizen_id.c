/* Citizen numbers: what is one, what is not and why, and how far two are apart.
 * All numbers are worked examples of the standard or invented. */
#include "matchers/identity/citizen_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static int check_failures;

static void check(bool is_right, const char *what)
{
    if (!is_right) {
        check_failures++;
        fprintf(stderr, "wrong: %s\n", what);
    }
}

static const struct {
    const char            *what;
    struct span            text;
    enum citizen_id_status status;
    const char            *digits;
    int                    year;
    enum sex               sex;
} rows[] = {
    {"the standard's own example",           SPAN_INIT("11010519491231002X"),                                     CITIZEN_ID_OK,             "11010519491231002X", 1949,
     PERSON_FEMALE                                                                                                                                                                    },
    { "born in 1880",                        SPAN_INIT("440524188001010014"),                                     CITIZEN_ID_OK,             "440524188001010014", 1880, PERSON_MALE  },
    { "residence permit of Taiwan",          SPAN_INIT("830000199201300022"),                                     CITIZEN_ID_OK,             "830000199201300022", 1992,
     PERSON_FEMALE                                                                                                                                                                    },
    { "grouped as people type it",           SPAN_INIT("110105 19491231-002x"),                                   CITIZEN_ID_OK,             "11010519491231002X", 1949,
     PERSON_FEMALE                                                                                                                                                                    },
    { "full width",                          SPAN_INIT("５１０２３０１９６５０１０１００１Ｘ"), CITIZEN_ID_OK,             "51023019650101001X", 1965,
     PERSON_MALE                                                                                                                                                                      },
    { "Roman ten for X",                     SPAN_INIT("51023019650101001Ⅹ"),                                   CITIZEN_ID_OK,             "51023019650101001X", 1965, PERSON_MALE  },
    { "15 digits",                           SPAN_INIT("510230650101001"),                                        CITIZEN_ID_OK,             "51023019650101001X", 1965, PERSON_MALE  },
    { "15 digits of someone over a hundred", SPAN_INIT("510230990101997"),                                        CITIZEN_ID_OK,             NULL,                 1899, PERSON_MALE  },
    { "one digit mistyped",                  SPAN_INIT("11010519491231003X"),                                     CITIZEN_ID_BAD_CHECK,      NULL,                 0,    0            },
    { "two digits swapped",                  SPAN_INIT("11010519491213002X"),                                     CITIZEN_ID_BAD_CHECK,      NULL,                 0,    0            },
    { "X before the last place",             SPAN_INIT("1101051949123100X2"),                                     CITIZEN_ID_BAD_CHARACTER,  NULL,                 0,    0            },
    { "day 00",                              SPAN_INIT("500111198901000010"),                                     CITIZEN_ID_BAD_DATE,       NULL,                 0,    0            },
    { "30 February",                         SPAN_INIT("50011119900230001X"),                                     CITIZEN_ID_BAD_DATE,       NULL,                 0,    0            },
    { "month 13",                            SPAN_INIT("500111199013010018"),                                     CITIZEN_ID_BAD_DATE,       NULL,                 0,    0            },
    { "15 digits, no leap year",             SPAN_INIT("510230650229001"),                                        CITIZEN_ID_BAD_DATE,       NULL,                 0,    0            },
    { "born tomorrow",                       SPAN_INIT("500111203001010017"),                                     CITIZEN_ID_BAD_DATE,       NULL,                 0,    0            },
    { "province 00",                         SPAN_INIT("000000199001010018"),                                     CITIZEN_ID_BAD_AREA,       NULL,                 0,    0            },
    { "province 99",                         SPAN_INIT("999999199001010016"),                                     CITIZEN_ID_BAD_AREA,       NULL,                 0,    0            },
    { "masked check character",              SPAN_INIT("51023019650101001*"),                                     CITIZEN_ID_MASKED,         NULL,                 0,    0            },
    { "masked middle",                       SPAN_INIT("510230********001X"),                                     CITIZEN_ID_MASKED,         NULL,                 0,    0            },
    { "letter l for 1",                      SPAN_INIT("l1010519491231002X"),                                     CITIZEN_ID_OCR,            NULL,                 0,    0            },
    { "fifteen ones",                        SPAN_INIT("111111111111111"),                                        CITIZEN_ID_PLACEHOLDER,    NULL,                 0,    0            },
    { "14 digits",                           SPAN_INIT("51023065010100"),                                         CITIZEN_ID_BAD_LENGTH,     NULL,                 0,    0            },
    { "a travel permit",                     SPAN_INIT("H1234567890"),                                            CITIZEN_ID_OTHER_DOCUMENT, NULL,                 0,    0            },
    { "words for none",                      SPAN_INIT("没有身份证"),                                        CITIZEN_ID_PLACEHOLDER,    NULL,                 0,    0            },
    { "words",                               SPAN_INIT("张三"),                                                 CITIZEN_ID_BAD_CHARACTER,  NULL,                 0,    0            },
    { "Cyrillic Ha for X",                   SPAN_INIT("51023019650101001Х"),                                    CITIZEN_ID_OCR,            NULL,                 0,    0            },
    { "a foreigner's old card",              SPAN_INIT("CAN500177120103"),                                        CITIZEN_ID_OTHER_DOCUMENT, NULL,                 0,    0            },
    { "a permit of 15 digits",               SPAN_INIT("810000850304001"),                                        CITIZEN_ID_BAD_AREA,       NULL,                 0,    0            },
    { "a foreigner's card",                  SPAN_INIT("91184019850304992X"),                                     CITIZEN_ID_OK,             "91184019850304992X", 1985, PERSON_FEMALE},
    { "empty",                               SPAN_INIT(" "),                                                      CITIZEN_ID_EMPTY,          NULL,                 0,    0            },
};

static void test_parse(void **state)
{
    const int32_t today = 20700; /* 2026-09-04 */

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct citizen_id            id     = { 0 };
        const enum citizen_id_status status = citizen_id_parse(rows[i].text, today, &id);

        check(status == rows[i].status, rows[i].what);
        if (status != CITIZEN_ID_OK)
            continue;
        check(rows[i].digits == NULL || memcmp(id.digits, rows[i].digits, CITIZEN_ID_LENGTH) == 0, rows[i].what);
        check(id.year == rows[i].year && id.sex == rows[i].sex, rows[i].what);

        struct citizen_id again;
        check(citizen_id_parse(span_of(id.digits, CITIZEN_ID_LENGTH), today, &again) == CITIZEN_ID_OK &&
                  memcmp(again.digits, id.digits, CITIZEN_ID_LENGTH) == 0,
              rows[i].what);
    }
    assert_int_equal(check_failures, 0);
}

static void test_distance(void **state)
{
    static const struct {
        const char *a, *b;
        unsigned    distance;
    } pairs[] = {
        {"11010519491231002X",  "11010519491231002X", 0},
        { "11010519491231002X", "L10105I949I23I002X", 1},
        { "11010519491231002X", "L101O51949123100ZX", 1},
        { "11010519491231002X", "L101O51949123103ZX", 1},
        { "11010519491231002X", "110105491231002",    1},
        { "11010519491231002X", "110105491231003",    1},
        { "11010519491231002X", "110105491213003",    2},
        { "110105491231002",    "110105491231003",    1},
        { "11010519491231002X", "11010519491231003X", 1},
        { "11010519491231002X", "11010519492131002X", 1},
        { "11010519491231002X", "1101051949123100X",  1},
        { "11010519491231002X", "12010519491231003X", 2},
        { "11010519491231002X", "440524188001010014", 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct span a = span_from_text(pairs[i].a), b = span_from_text(pairs[i].b);

        assert_int_equal(citizen_id_distance(a, b, 2), pairs[i].distance);
        assert_int_equal(citizen_id_distance(b, a, 2), pairs[i].distance);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_distance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
