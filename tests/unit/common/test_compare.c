/* The comparison level by level: each has rows, null is 0 bits in every field, more agreement never weighs less, and a
 * comparison is the same from both sides. Tables and model are the real ones, persons invented. */
#include "matchers/identity/compare.h"
#include "matchers/linkage/pattern.h"
#include "tests/unit/common/model_fixture.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* A person in words; NULL and 0: not stated. */
struct person {
    const char *name, *other_name, *number, *birth, *phone, *guardian;
    enum sex    sex;
    uint64_t    household, dwelling, building, community, school;
    int         id_type; /* enum id_type */
    bool        is_lunar;
};

static struct mention_features make(const struct person *person)
{
    const struct person_input input = {
        .names          = {span_from_text(person->name), span_from_text(person->other_name) },
        .name_count     = person->other_name != NULL ? 2 : person->name != NULL,
        .id_type        = (enum id_type)person->id_type,
        .id_number      = span_from_text(person->number),
        .sex            = person->sex,
        .birth_date     = span_from_text(person->birth),
        .birth_calendar = person->is_lunar ? BIRTH_LUNAR : BIRTH_SOLAR,
        .phones         = { span_from_text(person->phone)                          },
        .phone_count    = person->phone != NULL,
        .household_hash = person->household,
        .dwelling_key   = person->dwelling,
        .building_key   = person->building,
        .community_code = person->community,
        .context_hash   = person->school,
        .guardians      = { span_from_text(person->guardian) },
        .guardian_count = person->guardian != NULL,
    };
    struct mention_features features;

    mention_features_make(tables, &input, &features);
    return features;
}

static struct comparison compare(const struct person *a, const struct person *b,
                                 const struct comparison_holders *holders)
{
    const struct mention_features of_a = make(a), of_b = make(b);
    const struct comparison       forth = identity_compare_fully(tables, model, holders, &of_a, &of_b);
    const struct comparison       back  = identity_compare_fully(tables, model, holders, &of_b, &of_a);

    assert_memory_equal(forth.levels, back.levels, sizeof forth.levels);
    assert_memory_equal(&forth.bits, &back.bits, sizeof forth.bits);
    assert_int_equal(forth.veto, back.veto);
    return forth;
}

/* Numbers of one woman born 1988-03-12, the check character right: then one edit, two, and another person. */
#define NUMBER      "500111198803120022"
#define NUMBER_EDIT "500111198803120032"
#define NUMBER_TWO  "500111198803190032"
#define NUMBER_NEXT "500111198803120049"

static const struct {
    const char        *what;
    enum identity_part part;
    unsigned           level;
    struct person      a, b;
} rows[] = {
    {"both silent",                                              PART_CIVIL,   CIVIL_NULL,                 { 0 },                         { 0 }                                       },
    { "one silent",                                              PART_CIVIL,   CIVIL_NULL,                 { .number = NUMBER },          { 0 }                                       },
    { "sex alone says nothing",                                  PART_CIVIL,   CIVIL_NULL,                 { .sex = PERSON_MALE },        { .sex = PERSON_MALE }                      },
    { "another sex",                                             PART_CIVIL,   CIVIL_DIFFERENT,            { .sex = PERSON_MALE },        { .sex = PERSON_FEMALE }                    },
    { "equal numbers",                                           PART_CIVIL,   CIVIL_NUMBER_EQUAL,         { .number = NUMBER },          { .number = NUMBER }                        },
    { "equal, and one says another year",
     PART_CIVIL,                                                               CIVIL_NUMBER_DISPUTED,
     { .number = NUMBER },
     { .number = NUMBER, .birth = "2015-06-01" }                                                                                                                                      },
    { "equal, and one says another sex",
     PART_CIVIL,                                                               CIVIL_NUMBER_DISPUTED,
     { .number = NUMBER },
     { .number = NUMBER, .sex = PERSON_MALE }                                                                                                                                         },
    { "one mistake twice",
     PART_CIVIL,                                                               CIVIL_NUMBER_BROKEN_EQUAL,
     { .number = NUMBER_EDIT },
     { .number = NUMBER_EDIT }                                                                                                                                                        },
    { "one edit",                                                PART_CIVIL,   CIVIL_NUMBER_EDIT,          { .number = NUMBER },          { .number = NUMBER_EDIT }                   },
    { "one edit and another birth date",
     PART_CIVIL,                                                               CIVIL_NUMBER_TWO_EDITS,
     { .number = NUMBER },
     { .number = NUMBER_EDIT, .birth = "2015-06-01" }                                                                                                                                 },
    { "two edits",                                               PART_CIVIL,   CIVIL_NUMBER_TWO_EDITS,     { .number = NUMBER },          { .number = NUMBER_TWO }                    },
    { "two edits, and the birth date agrees: the better counts",
     PART_CIVIL,                                                               CIVIL_NUMBER_TWO_EDITS,
     { .number = NUMBER },
     { .number = NUMBER_TWO, .birth = "1988-03-12" }                                                                                                                                  },
    { "one passport",
     PART_CIVIL,                                                               CIVIL_DOCUMENT_EQUAL,
     { .number = "E12345678", .id_type = ID_TYPE_PASSPORT },
     { .number = "E12345678", .id_type = ID_TYPE_PASSPORT }                                                                                                                           },
    { "two passports say nothing",
     PART_CIVIL,                                                               CIVIL_NULL,
     { .number = "E12345678", .id_type = ID_TYPE_PASSPORT },
     { .number = "E87654321", .id_type = ID_TYPE_PASSPORT }                                                                                                                           },
    { "one birth date",                                          PART_CIVIL,   CIVIL_BIRTH_EQUAL,          { .birth = "1988-03-12" },     { .birth = "19880312" }                     },
    { "the date in a number",                                    PART_CIVIL,   CIVIL_BIRTH_EQUAL,          { .number = NUMBER },          { .birth = "1988-03-12" }                   },
    { "one birth date, another sex",
     PART_CIVIL,                                                               CIVIL_DIFFERENT,
     { .birth = "1988-03-12", .sex = PERSON_MALE },
     { .birth = "1988-03-12", .sex = PERSON_FEMALE }                                                                                                                                  },
    { "solar and lunar",                                         PART_CIVIL,   CIVIL_BIRTH_OTHER_CALENDAR, { .birth = "1988-03-12" },     { .birth = "1988-01-25" }                   },
    { "a broken number like no other, and one birth date",
     PART_CIVIL,                                                               CIVIL_NUMBER_FAR,
     { .number = NUMBER },
     { .number = "510230197702055555", .birth = "1988-03-12" }                                                                                                                        },
    { "day and month swapped",                                   PART_CIVIL,   CIVIL_BIRTH_SWAPPED,        { .birth = "1988-03-12" },     { .birth = "1988-12-03" }                   },
    { "the day unknown",                                         PART_CIVIL,   CIVIL_BIRTH_MONTH,          { .birth = "1988-03-12" },     { .birth = "1988-03" }                      },
    { "new year's day stands for an unknown day",
     PART_CIVIL,                                                               CIVIL_BIRTH_MONTH,
     { .birth = "1988-01-01" },
     { .birth = "1988-01-01" }                                                                                                                                                        },
    { "the year alone",                                          PART_CIVIL,   CIVIL_BIRTH_YEAR,           { .birth = "1988-03-12" },     { .birth = "1988" }                         },
    { "one digit off",                                           PART_CIVIL,   CIVIL_BIRTH_SLIPPED,        { .birth = "1988-03-12" },     { .birth = "1988-03-17" }                   },
    { "another date",                                            PART_CIVIL,   CIVIL_DIFFERENT,            { .birth = "1988-03-12" },     { .birth = "2015-06-01" }                   },
    { "two valid numbers",                                       PART_CIVIL,   CIVIL_NUMBER_DIFFERENT,     { .number = NUMBER },          { .number = NUMBER_NEXT }                   },

    { "no name",                                                 PART_NAME,    NAME_NULL,                  { 0 },                         { .name = "王伟" }                        },
    { "a masked name",                                           PART_NAME,    NAME_NULL,                  { .name = "王*" },            { .name = "王伟" }                        },
    { "one name",                                                PART_NAME,    NAME_EXACT,                 { .name = "王伟" },          { .name = "王 伟" }                       },
    { "a former name",                                           PART_NAME,    NAME_EXACT,                 { .name = "王伟" },          { .name = "李静", .other_name = "王伟" }},
    { "variants",                                                PART_NAME,    NAME_VARIANT,               { .name = "萧晓梅" },       { .name = "肖晓梅" }                     },
    { "one sound",                                               PART_NAME,    NAME_HOMOPHONE,             { .name = "王晓明" },       { .name = "王小明" }                     },
    { "nothing alike",                                           PART_NAME,    NAME_DIFFERENT,             { .name = "王伟" },          { .name = "李静" }                        },

    { "no phone",                                                PART_PHONE,   PHONE_NULL,                 { .phone = "13812345678" },    { 0 }                                       },
    { "one phone",                                               PART_PHONE,   PHONE_EQUAL,                { .phone = "13812345678" },    { .phone = "+86 138-1234-5678" }            },
    { "two phones",                                              PART_PHONE,   PHONE_DIFFERENT,            { .phone = "13812345678" },    { .phone = "13912345678" }                  },
    { "a made-up phone",                                         PART_PHONE,   PHONE_NULL,                 { .phone = "11111111111" },    { .phone = "11111111111" }                  },

    { "no address",                                              PART_ADDRESS, PLACE_NULL,                 { .household = 1 },            { .building = 4 }                           },
    { "one booklet",                                             PART_ADDRESS, PLACE_HOUSEHOLD,            { .household = 1 },            { .household = 1, .dwelling = 3 }           },
    { "one dwelling",
     PART_ADDRESS,                                                             PLACE_DWELLING,
     { .household = 1, .dwelling = 3 },
     { .household = 2, .dwelling = 3 }                                                                                                                                                },
    { "one building",
     PART_ADDRESS,                                                             PLACE_BUILDING,
     { .dwelling = 3, .building = 4, .community = 500111004001 },
     { .dwelling = 5, .building = 4, .community = 500111004001 }                                                                                                                      },
    { "one community",                                           PART_ADDRESS, PLACE_COMMUNITY,            { .community = 500111004001 }, { .community = 500111004001 }               },
    { "two communities",                                         PART_ADDRESS, PLACE_DIFFERENT,            { .community = 500111004001 }, { .community = 500111004002 }               },
    { "a town and a community in it",
     PART_ADDRESS,                                                             PLACE_NULL,
     { .community = 500111004000 },
     { .community = 500111004002 }                                                                                                                                                    },
    { "two towns",                                               PART_ADDRESS, PLACE_DIFFERENT,            { .community = 500111004000 }, { .community = 500111100000 }               },
    { "a county says nothing",                                   PART_ADDRESS, PLACE_NULL,                 { .community = 500111000000 }, { .community = 500111100000 }               },
    { "two booklets and nothing else",                           PART_ADDRESS, PLACE_DIFFERENT,            { .household = 1 },            { .household = 2 }                          },

    { "no context",                                              PART_CONTEXT, CONTEXT_NULL,               { .school = 7 },               { .guardian = "王国强" }                 },
    { "one school",                                              PART_CONTEXT, CONTEXT_SCHOOL,             { .school = 7 },               { .school = 7 }                             },
    { "two schools",                                             PART_CONTEXT, CONTEXT_DIFFERENT,          { .school = 7 },               { .school = 8 }                             },
    { "one guardian by the sound of the name",
     PART_CONTEXT,                                                             CONTEXT_GUARDIAN,
     { .guardian = "王晓明", .school = 7 },
     { .guardian = "王小明", .school = 8 }                                                                                                                                         },
    { "two guardians",                                           PART_CONTEXT, CONTEXT_DIFFERENT,          { .guardian = "王国强" },   { .guardian = "李静" }                    },
};

static void test_levels(void **state)
{
    bool is_met[IDENTITY_PARTS][IDENTITY_LEVELS_MAX] = { { false } };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct comparison found = compare(&rows[i].a, &rows[i].b, NULL);
        const unsigned          level = found.levels[rows[i].part];

        if (level != rows[i].level)
            print_error("%s: %s instead of %s\n", rows[i].what, identity_level_word(rows[i].part, level),
                        identity_level_word(rows[i].part, rows[i].level));
        assert_int_equal(level, rows[i].level);
        assert_int_equal(fabs(found.part_bits[rows[i].part]) < 1e-12, level == 0);
        assert_int_equal(pattern_level(identity_pattern(&found), rows[i].part), level);
        is_met[rows[i].part][level] = true;
    }
    /* Names have a table of their own; every other level has a row here. */
    for (int part = 0; part < IDENTITY_PARTS; part++) {
        for (unsigned i = 0; part != PART_NAME && i < identity_level_count((enum identity_part)part); i++) {
            if (!is_met[part][i])
                print_error("no row: %s\n", identity_level_word((enum identity_part)part, i));
            assert_true(is_met[part][i]);
        }
    }
}

/* ---- properties ---- */

static const struct person whole = { .name      = "欧阳晓明",
                                     .number    = NUMBER,
                                     .birth     = "1988-03-12",
                                     .sex       = PERSON_FEMALE,
                                     .phone     = "13812345678",
                                     .guardian  = "王国强",
                                     .household = 1,
                                     .dwelling  = 2,
                                     .building  = 3,
                                     .community = 500111004001,
                                     .school    = 7 };

static struct person without(unsigned field)
{
    struct person person = whole;

    if (field == 0)
        person.name = NULL;
    else if (field == 1)
        person.number = NULL, person.birth = NULL, person.sex = PERSON_SEX_UNKNOWN;
    else if (field == 2)
        person.phone = NULL;
    else if (field == 3)
        person.household = person.dwelling = person.building = person.community = 0;
    else
        person.guardian = NULL, person.school = 0;
    return person;
}

/* A field missing on one side: its part is null, 0 bits, and no other part changes. */
static void test_null_is_nothing(void **state)
{
    static const enum identity_part parts[] = { PART_NAME, PART_CIVIL, PART_PHONE, PART_ADDRESS, PART_CONTEXT };
    const struct comparison         full    = compare(&whole, &whole, NULL);

    (void)state;
    for (unsigned field = 0; field < 5; field++) {
        const struct person     less  = without(field);
        const struct comparison found = compare(&whole, &less, NULL);

        for (int part = 0; part < IDENTITY_PARTS; part++) {
            assert_int_equal(found.levels[part], part == (int)parts[field] ? 0 : full.levels[part]);
            if (part == (int)parts[field])
                assert_true(fpclassify(found.part_bits[part]) == FP_ZERO);
        }
        assert_true(found.veto == VETO_NONE);
    }
}

/* Any record against any: the sum is that of its parts, and nothing resembles another more than itself. */
static void test_sums(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t j = 0; j < sizeof rows / sizeof rows[0]; j++) {
            const struct comparison found = compare(&rows[i].a, &rows[j].b, NULL);
            const struct comparison own   = compare(&rows[i].a, &rows[i].a, NULL);
            double                  sum   = found.excess_bits;

            for (int part = 0; part < IDENTITY_PARTS; part++)
                sum += found.part_bits[part];
            assert_true(fabs(sum - found.bits) < 1e-9);
            assert_true(found.bits <= own.bits + 1e-9);
            assert_true(found.excess_bits <= 0);
        }
    }
}

/* Chains from less to more agreement: bits never fall. */
static void test_more_agreement_never_weighs_less(void **state)
{
    static const unsigned chains[][8] = {
        {CIVIL_NUMBER_DIFFERENT, CIVIL_DIFFERENT,       CIVIL_BIRTH_SLIPPED,             CIVIL_BIRTH_EQUAL, CIVIL_NUMBER_EQUAL },
        { CIVIL_NUMBER_DIFFERENT,    CIVIL_DIFFERENT,                        CIVIL_BIRTH_YEAR,                                 CIVIL_BIRTH_MONTH, CIVIL_BIRTH_EQUAL },
        { CIVIL_DIFFERENT,      CIVIL_NUMBER_TWO_EDITS,CIVIL_NUMBER_EDIT,CIVIL_NUMBER_BROKEN_EQUAL, CIVIL_NUMBER_EQUAL },
        { CIVIL_DIFFERENT,       CIVIL_NUMBER_DISPUTED, CIVIL_NUMBER_EQUAL                            },
        { CIVIL_DIFFERENT,    CIVIL_NUMBER_FAR,                        CIVIL_BIRTH_EQUAL                                       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        for (size_t j = 1; j < 8 && chains[i][j] != 0; j++)
            assert_true(model->levels[PART_CIVIL][chains[i][j - 1]].bits <=
                        model->levels[PART_CIVIL][chains[i][j]].bits + 1e-3);
    }
    for (double rarity = 0; rarity < 24; rarity += 0.5) {
        for (int level = NAME_VARIANT; level <= NAME_DIFFERENT; level++)
            assert_true(identity_name_bits(model, (enum name_level)level, rarity) <=
                        identity_name_bits(model, NAME_EXACT, rarity) + 1e-3);
        for (int level = NAME_HOMOPHONE; level <= NAME_CHARACTER; level++) {
            assert_true(identity_name_bits(model, NAME_WEAK, rarity) <=
                        identity_name_bits(model, (enum name_level)level, rarity) + 1e-3);
            assert_true(identity_name_bits(model, (enum name_level)level, rarity) <=
                        identity_name_bits(model, NAME_VARIANT, rarity) + 1e-3);
        }
        assert_true(identity_name_bits(model, NAME_DIFFERENT, rarity) <=
                    identity_name_bits(model, NAME_TRACE, rarity) + 1e-3);
        /* A rarer name, more bits. */
        assert_true(identity_name_bits(model, NAME_EXACT, rarity) <= identity_name_bits(model, NAME_EXACT, rarity + 1));
    }
}

/* One more agreeing field never lowers the sum. */
static void test_fields_add_up(void **state)
{
    (void)state;
    for (unsigned left_out = 0; left_out < 5; left_out++) {
        const struct person less = without(left_out);

        assert_true(compare(&less, &less, NULL).bits <= compare(&whole, &whole, NULL).bits);
    }
}

/* `context`: bit k is set when values of kind k are held by many. */
static bool is_held_by_many(const void *context, enum key_kind kind, uint64_t value)
{
    return (*(const unsigned *)context & (1U << kind)) != 0 && value != 0;
}

/* What too many hold says nothing: neither for nor against. */
static void test_generic_values(void **state)
{
    static const unsigned           phone    = 1U << KEY_PHONE;
    static const unsigned           booklet  = 1U << KEY_HOUSEHOLD;
    static const unsigned           every    = 1U << KEY_PHONE | 1U << KEY_HOUSEHOLD | 1U << KEY_DWELLING;
    const struct comparison_holders phones   = { is_held_by_many, &phone };
    const struct comparison_holders booklets = { is_held_by_many, &booklet };
    const struct comparison_holders all      = { is_held_by_many, &every };
    const struct comparison         plain    = compare(&whole, &whole, NULL);
    const struct comparison         no_phone = compare(&whole, &whole, &phones);
    const struct comparison         no_house = compare(&whole, &whole, &booklets);
    const struct comparison         none     = compare(&whole, &whole, &all);

    (void)state;
    assert_false(plain.has_generic_value);
    assert_true(no_phone.has_generic_value && no_house.has_generic_value && none.has_generic_value);
    assert_int_equal(no_phone.levels[PART_PHONE], PHONE_NULL);
    assert_int_equal(no_phone.levels[PART_ADDRESS], PLACE_HOUSEHOLD);
    assert_int_equal(no_house.levels[PART_ADDRESS], PLACE_DWELLING);
    assert_int_equal(none.levels[PART_ADDRESS], PLACE_NULL);
    assert_true(none.same_household && !none.same_phone);
}

/* Relatives share phone, booklet and school: together these never reach a join. */
static void test_surroundings_are_capped(void **state)
{
    struct person sister = whole;

    (void)state;
    sister.name                   = NULL;
    sister.number                 = NULL;
    sister.birth                  = NULL;
    sister.sex                    = PERSON_SEX_UNKNOWN;
    const struct comparison found = compare(&whole, &sister, NULL);
    assert_true(found.bits <= model->surroundings_bits + 1e-9);
    assert_true(found.bits < model->join_bits);
}

/* The quick comparison agrees with the full one wherever two numbers do not end it. */
static void test_quick_and_full_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct mention_features a = make(&rows[i].a), b = make(&rows[i].b);
        const struct comparison       full  = identity_compare_fully(tables, model, NULL, &a, &b);
        const struct comparison       quick = identity_compare(tables, model, NULL, &a, &b);

        assert_int_equal(quick.veto, full.veto);
        assert_int_equal(quick.levels[PART_CIVIL], full.levels[PART_CIVIL]);
        if (full.number != NUMBER_DIFFERENT)
            assert_memory_equal(&quick.bits, &full.bits, sizeof quick.bits);
    }
}

/* ---- vetoes ---- */

static const struct {
    const char        *what;
    enum identity_veto veto;
    struct person      a, b;
} vetoes[] = {
    {"two valid numbers",
     VETO_NUMBERS,                                                      { .name = "王伟", .number = NUMBER },
     { .name = "王伟", .number = NUMBER_NEXT }                                                                                                                                  },
    { "a parent's number on a child's record",
     VETO_FOREIGN_NUMBER,                                               { .name = "王国强", .number = NUMBER },
     { .name = "王晓明", .number = NUMBER, .birth = "2015-06-01" }                                                                                                             },
    { "one number, one mistyped birth date",
     VETO_NONE,                                                         { .name = "王国强", .number = NUMBER },
     { .name = "王国强", .number = NUMBER, .birth = "2015-06-01" }                                                                                                             },
    { "two names",                                          VETO_NAMES, { .name = "王伟", .number = NUMBER },                         { .name = "李静", .number = NUMBER }    },
    { "a former name lifts it",
     VETO_NONE,                                                         { .name = "王伟", .number = NUMBER },
     { .name = "李静", .other_name = "王伟", .number = NUMBER }                                                                                                               },
    { "another sex",                                        VETO_SEX,   { .name = "王伟", .sex = PERSON_MALE },                       { .name = "王伟", .sex = PERSON_FEMALE }},
    { "father and son of one name",
     VETO_BIRTH,                                                        { .name = "王伟", .birth = "1960-01-02", .household = 1 },
     { .name = "王伟", .birth = "1988-03-12", .household = 1 }                                                                                                                  },
    { "twins by surname",
     VETO_TWINS,                                                        { .name = "王晓明", .birth = "2015-06-01" },
     { .name = "王晓华", .birth = "2015-06-01" }                                                                                                                               },
    { "twins by booklet, of father's and mother's surname",
     VETO_TWINS,                                                        { .name = "王晓明", .birth = "2015-06-01", .household = 1 },
     { .name = "李晓明", .birth = "2015-06-01", .household = 1 }                                                                                                               },
    { "one number lifts it",
     VETO_NONE,                                                         { .name = "王晓明", .number = NUMBER },
     { .name = "王晓华", .number = NUMBER }                                                                                                                                    },
};

static void test_vetoes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vetoes / sizeof vetoes[0]; i++) {
        const struct comparison found = compare(&vetoes[i].a, &vetoes[i].b, NULL);

        if (found.veto != vetoes[i].veto)
            print_error("%s: \"%s\"\n", vetoes[i].what, identity_veto_word(found.veto));
        assert_int_equal(found.veto, vetoes[i].veto);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_null_is_nothing),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_more_agreement_never_weighs_less),
        cmocka_unit_test(test_fields_add_up),
        cmocka_unit_test(test_generic_values),
        cmocka_unit_test(test_surroundings_are_capped),
        cmocka_unit_test(test_quick_and_full_agree),
        cmocka_unit_test(test_vetoes),
    };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
