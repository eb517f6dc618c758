/* What must never be merged, and what must stay bounded: namesakes, twins, families, crowds, hubs, flapping.
 * Each case states who is who and how much memory the index may take for it. */
#include "identity_cases.h"

enum { CROWD_INDEX_BYTES = 8 << 20 };

#define TOWN UINT64_C(500111004001) /* a community */

/* Valid numbers, made by hand for this file: born on the day they say. */
static const char *number_of(const char *birth, unsigned sequence)
{
    static char numbers[8][20];
    static int  next;
    char       *number = numbers[next++ % 8];

    write_number(number, birth, sequence);
    return number;
}

static void father_and_son_with_one_name(void **state)
{
    struct fixture  *fixture  = fixture_make(INDEX_BYTES);
    const struct who people[] = {
        {.name      = "王建国",
         .number    = number_of("19750301",       15),
         .birth     = "1975-03-01",
         .phone     = "13800000001",
         .household = 7,
         .community = TOWN },
        { .name      = "王建国",
         .number    = number_of("20080612",                    33),
         .birth     = "2008-06-12",
         .phone     = "13800000001",
         .household = 7,
         .community = TOWN },
        { .name = "王建国", .birth = "1975-03-01",                          .phone = "13800000001",                                                                   .household = 7,                                                                                                                                     .community = TOWN                                                                                                                                                                                                                                                                        },
        { .name = "王建国",    .birth = "2008-06-12",.phone = "13800000001",.household = 7,.community = TOWN},
    };

    (void)state;
    put_all(fixture, people, 4);
    assert_false(are_one(fixture, 1, 2));
    assert_true(are_one(fixture, 1, 3));
    assert_true(are_one(fixture, 2, 4));
    fixture_drop(fixture);
}

/* One address and one phone for all; the pupils differ by name, birth date and number. */
static void dormitory_of_500(void **state)
{
    struct fixture        *fixture = fixture_make(CROWD_INDEX_BYTES);
    struct identity_batch *batch   = begin(fixture);
    const size_t           pupils  = 500;

    (void)state;
    for (size_t i = 0; i < pupils * 2; i++) {
        char name[64], birth[16], number[20];

        invent((unsigned)(i / 2), name, birth, number);
        put(batch, (int64_t)i + 1,
            &(struct who){ .name      = name,
                           .birth     = birth,
                           .number    = i % 2 == 0 ? number : NULL,
                           .phone     = "02343700000",
                           .household = 99,
                           .dwelling  = 98,
                           .community = TOWN });
    }
    finish(fixture, batch);
    for (size_t i = 0; i < pupils; i++) {
        int64_t      members[4];
        const size_t count =
            identity_members_of(fixture->index, identity_person_of(fixture->index, (int64_t)i * 2 + 1), members, 4);

        assert_in_range(count, 1, 2);
        assert_true(count == 1 || are_one(fixture, (int64_t)i * 2 + 1, (int64_t)i * 2 + 2));
    }
    assert_int_equal(identity_index_statistics(fixture->index).generic_keys, 3);
    fixture_drop(fixture);
}

/* Records that say nothing are nobody, however many they are. */
static void a_thousand_blank_names(void **state)
{
    struct fixture        *fixture = fixture_make(CROWD_INDEX_BYTES);
    struct identity_batch *batch   = begin(fixture);

    (void)state;
    for (int64_t i = 1; i <= 1000; i++)
        put(batch, i, &(struct who){ .phone = i % 2 == 0 ? "13800001234" : NULL, .community = TOWN });
    finish(fixture, batch);
    assert_int_equal(identity_index_statistics(fixture->index).persons, 1000);
    fixture_drop(fixture);
}

/* 1 January 1900 is no birth date: two hundred people of ten common names stay two hundred. */
static void default_birth_dates(void **state)
{
    static const char *const names[] = {
        "王伟", "李静", "张敏", "刘洋", "陈杰", "杨丽", "黄勇", "赵军", "周强", "吴涛"
    };
    static const char *const dates[] = { "1900-01-01", "1970-01-01", "9999-12-31" };
    struct fixture          *fixture = fixture_make(CROWD_INDEX_BYTES);
    struct identity_batch   *batch   = begin(fixture);

    (void)state;
    for (int64_t i = 0; i < 200; i++)
        put(batch, i + 1, &(struct who){ .name = names[i % 10], .birth = dates[i % 3], .community = TOWN });
    finish(fixture, batch);
    assert_int_equal(identity_index_statistics(fixture->index).persons, 200);
    fixture_drop(fixture);
}

/* The clerk typed the mother's number into the child's record: it makes neither of them the other, and what the mother
 * is stays as sure as before. */
static void a_parents_number_on_a_childs_record(void **state)
{
    struct fixture  *fixture  = fixture_make(INDEX_BYTES);
    const char      *number   = number_of("19850315", 26);
    const struct who people[] = {
        {.name      = "刘秀英",
         .number    = number,
         .birth     = "1985-03-15",
         .sex       = PERSON_FEMALE,
         .household = 5,
         .community = TOWN },
        { .name = "刘秀英",                       .number = number,      .birth = "1985-03-15", .sex = PERSON_FEMALE, .phone = "13800000002"},
        { .name      = "张雨涵",
         .number    = number,
         .birth     = "2012-05-04",
         .sex       = PERSON_FEMALE,
         .household = 5,
         .community = TOWN },
        { .name = "张雨涵",        .birth = "2012-05-04",         .sex = PERSON_FEMALE,                       .household = 5,                     .community = TOWN            },
    };

    (void)state;
    put_all(fixture, people, 4);
    assert_true(are_one(fixture, 1, 2));
    assert_false(are_one(fixture, 1, 3));
    assert_true(are_one(fixture, 3, 4));
    assert_int_equal(grade_of(fixture, 1), IDENTITY_STRONG);
    assert_int_equal(grade_of(fixture, 3), IDENTITY_PROBABLE);
    fixture_drop(fixture);
}

/* Two valid numbers are two persons until a human says otherwise; then either number finds the one. */
static void one_person_with_two_numbers(void **state)
{
    struct fixture *fixture = fixture_make(INDEX_BYTES);
    const char     *first = number_of("19640812", 18), *second = number_of("19640812", 52);
    struct who      who = { .name = "欧阳建华", .number = first, .birth = "1964-08-12", .phone = "13800000003" };
    struct identity_batch *batch = begin(fixture);

    (void)state;
    put(batch, 1, &who);
    who.number = second;
    put(batch, 2, &who);
    finish(fixture, batch);
    assert_false(are_one(fixture, 1, 2));
    const int64_t oldest = identity_person_of(fixture->index, 1);

    const struct identity_result *result = decide(fixture, 1, 2, IDENTITY_SAME);
    assert_true(are_one(fixture, 1, 2));
    assert_int_equal(identity_person_of(fixture->index, 1), oldest);
    assert_int_equal(result->event_count, 1);
    assert_int_equal(result->events[0].kind, IDENTITY_MERGED);
    assert_int_equal(grade_of(fixture, 1), IDENTITY_CONFIRMED);

    who.phone = NULL;
    batch     = begin(fixture);
    put(batch, 3, &who);
    who.number = first;
    put(batch, 4, &who);
    finish(fixture, batch);
    assert_true(are_one(fixture, 1, 3));
    assert_true(are_one(fixture, 1, 4));

    decide(fixture, 1, 2, IDENTITY_UNSURE);
    assert_false(are_one(fixture, 1, 2));
    assert_true(are_one(fixture, 2, 3));
    assert_true(are_one(fixture, 1, 4));
    assert_int_equal(identity_person_of(fixture->index, 1), oldest);
    fixture_drop(fixture);
}

/* A phone says who somebody is until the 26th content has it, and again when one of them goes. */
static void a_hub_phone_loses_its_power_and_gets_it_back(void **state)
{
    struct fixture        *fixture = fixture_make(INDEX_BYTES);
    const struct who       hub     = { .name = "诸葛晓燕", .phone = "13800000004" };
    const struct who       same    = { .name = "诸葛晓燕", .phone = "13800000004", .community = TOWN };
    struct identity_batch *batch   = begin(fixture);

    (void)state;
    put(batch, 1, &hub);
    put(batch, 2, &same);
    finish(fixture, batch);
    assert_true(are_one(fixture, 1, 2));
    for (int64_t i = 3; i <= model->generic_holders + 1; i++) {
        char name[64], birth[16], number[20];

        invent((unsigned)i, name, birth, number);
        batch = begin(fixture);
        put(batch, i, &(struct who){ .name = name, .number = number, .phone = hub.phone });
        finish(fixture, batch);
        assert_int_equal(are_one(fixture, 1, 2), i <= model->generic_holders);
    }
    assert_int_equal(identity_index_statistics(fixture->index).generic_keys, 1);
    batch = begin(fixture);
    assert_true(identity_batch_remove(batch, 3));
    finish(fixture, batch);
    assert_true(are_one(fixture, 1, 2));
    assert_int_equal(identity_index_statistics(fixture->index).generic_keys, 0);
    fixture_drop(fixture);
}

/* ---- twins and namesakes: who of the others the last mention belongs to; 0: to nobody ---- */

#define TWIN .birth = "2016-09-09", .household = 3, .community = TOWN

static const struct {
    const char *what;
    struct who  people[5];
    int64_t     is_of;
    const char *reason; /* frozen for; NULL: not asked */
} look_alikes[] = {
    {"a twin of another given name, no numbers",                             { { .name = "罗子轩", TWIN }, { .name = "罗浩然", TWIN } }, 0, NULL            },
    { "a twin who shares a character, no numbers",
     { { .name = "罗志明", TWIN }, { .name = "罗志诚", TWIN } },
     0,                                                                                                                                           NULL            },
    { "a former name in common lifts the twin rule",
     { { .name = "罗子轩", .former = "罗大宝", TWIN }, { .name = "罗大宝", TWIN } },
     1,                                                                                                                                           NULL            },
    { "a short name between both twins joins neither",
     { { .name = "罗志明", .number = "A", TWIN },
        { .name = "罗志", .number = "A", TWIN },
        { .name = "罗志诚", TWIN } },
     0,                                                                                                                                           "twins"         },
    { "a twin with the other's number by mistake",
     { { .name = "罗志明", .number = "A", TWIN },
        { .name = "罗志诚", .number = "B", TWIN },
        { .name = "罗志诚", .number = "A", TWIN } },
     0,                                                                                                                                           "swapped_number"},
    { "of two twins who sound alike the written name decides",
     { { .name = "罗嘉君", .number = "A", .phone = "13800000005", TWIN },
        { .name = "罗嘉钧", .number = "B", TWIN },
        { .name = "罗嘉钧", .phone = "13800000005", TWIN } },
     2,                                                                                                                                           NULL            },
    { "two namesakes born one day in one town, and a record that fits both",
     { { .name = "诸葛梓涵", .number = "A", .birth = "2016-09-09", .household = 11, .community = TOWN },
        { .name = "诸葛梓涵", .number = "B", .birth = "2016-09-09", .household = 12, .community = TOWN },
        { .name = "诸葛梓涵", .birth = "2016-09-09", .community = TOWN } },
     0,                                                                                                                                           "namesakes"     },
    { "the same with the household of one of them",
     { { .name = "诸葛梓涵", .number = "A", .birth = "2016-09-09", .household = 11, .community = TOWN },
        { .name = "诸葛梓涵", .number = "B", .birth = "2016-09-09", .household = 12, .community = TOWN },
        { .name = "诸葛梓涵", .birth = "2016-09-09", .household = 12, .community = TOWN } },
     2,                                                                                                                                           NULL            },
    { "half a name is neither twin's, whatever few records say",
     { { .name = "罗志明", .number = "A", TWIN },
        { .name = "罗志诚", .number = "B", TWIN },
        { .name = "罗志诚", .phone = "13800000005", TWIN },
        { .name = "罗志", TWIN } },
     0,                                                                                                                                           "twins"         },
    { "one number lifts the twin rule",
     { { .name = "罗志明", .number = "A", TWIN }, { .name = "罗志诚", .number = "A", TWIN } },
     1,                                                                                                                                           NULL            },
};

/* Letters stand for valid numbers of the day; the check characters are made here. */
static struct who with_number(struct who who)
{
    if (who.number != NULL)
        who.number = number_of("20160909", who.number[0] == 'A' ? 116 : 238);
    return who;
}

static void twins_and_namesakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof look_alikes / sizeof look_alikes[0]; i++) {
        struct fixture               *fixture = fixture_make(INDEX_BYTES);
        const struct identity_result *result  = NULL;
        int64_t                       count   = 0;

        for (; look_alikes[i].people[count].name != NULL; count++) {
            struct identity_batch *batch = begin(fixture);
            const struct who       who   = with_number(look_alikes[i].people[count]);

            put(batch, count + 1, &who);
            result = finish(fixture, batch);
        }
        for (int64_t other = 1; other < count; other++) {
            if (are_one(fixture, other, count) != (other == look_alikes[i].is_of))
                fail_msg("%s: mention %ld and %ld", look_alikes[i].what, (long)other, (long)count);
        }
        if (look_alikes[i].reason != NULL)
            assert_string_equal(frozen_with(fixture, result, count)->reason, look_alikes[i].reason);
        fixture_drop(fixture);
    }
}

/* ---- what a cluster may be ---- */

/* A source with one record for each person: its duplicates are for a human. */
static void two_records_of_a_sole_source(void **state)
{
    struct fixture        *fixture = fixture_make(INDEX_BYTES);
    const struct who       who     = { .name = "罗子轩", .number = number_of("20160909", 116), TWIN };
    struct identity_batch *batch   = begin(fixture);

    (void)state;
    put_sole(batch, 1, 4, &who);
    put_sole(batch, 2, 4, &who);
    put_sole(batch, 3, 5, &who);
    put(batch, 4, &who);
    const struct identity_result *result = finish(fixture, batch);
    assert_false(are_one(fixture, 1, 2));
    assert_true(are_one(fixture, 3, 4));
    assert_true(are_one(fixture, 1, 3) != are_one(fixture, 2, 3));
    assert_string_equal(frozen_with(fixture, result, 1)->reason, "source");
    const struct identity_frozen *frozen = frozen_with(fixture, result, 1);
    assert_int_equal(identity_members_of(fixture->index, frozen->person_a, NULL, 0) +
                         identity_members_of(fixture->index, frozen->person_b, NULL, 0),
                     4);
    decide(fixture, 1, 2, IDENTITY_SAME);
    assert_true(are_one(fixture, 1, 2) && are_one(fixture, 1, 4));
    fixture_drop(fixture);
}

/* A hundred contents under one number: no cluster beyond the cap, and what is left over is asked. */
static void a_cluster_never_grows_beyond_its_cap(void **state)
{
    struct fixture        *fixture = fixture_make(INDEX_BYTES);
    struct identity_batch *batch   = begin(fixture);
    const char            *number  = number_of("19640812", 18);

    (void)state;
    for (int64_t i = 1; i <= model->cluster_profiles + 30; i++)
        put(batch, i,
            &(struct who){
                .name = "欧阳建华", .number = number, .birth = "1964-08-12", .community = TOWN + (uint64_t)i });
    const struct identity_result *result = finish(fixture, batch);
    for (size_t i = 0; i < result->person_count; i++)
        assert_true(result->persons[i].members <= (uint32_t)model->cluster_profiles);
    assert_true(result->frozen_count > 0);
    assert_string_equal(result->frozen[0].reason, "size");
    fixture_drop(fixture);
}

/* A record that joins two others comes and goes a thousand times: the ids of the older stay, the memory too. */
static void flapping(void **state)
{
    struct fixture  *fixture = fixture_make(INDEX_BYTES);
    const struct who left    = { .name = "慕容晓峰", .birth = "1988-04-05", .phone = "13800000006" };
    const struct who right   = { .name = "慕容晓峰", .phone = "13800000007", .household = 21 };
    const struct who bridge = { .name = "慕容晓峰", .birth = "1988-04-05", .phone = "13800000007", .household = 21 };
    struct identity_batch *batch       = begin(fixture);
    size_t                 after_first = 0;

    (void)state;
    put(batch, 1, &left);
    put(batch, 2, &right);
    finish(fixture, batch);
    const int64_t oldest = identity_person_of(fixture->index, 1);
    assert_false(are_one(fixture, 1, 2));
    for (int round = 0; round < 1000; round++) {
        batch = begin(fixture);
        put(batch, 3, &bridge);
        finish(fixture, batch);
        assert_true(are_one(fixture, 1, 2));
        assert_int_equal(identity_person_of(fixture->index, 2), oldest);
        batch = begin(fixture);
        assert_true(identity_batch_remove(batch, 3));
        finish(fixture, batch);
        assert_false(are_one(fixture, 1, 2));
        assert_int_equal(identity_person_of(fixture->index, 1), oldest);
        if (round == 0)
            after_first = fixture->taken_bytes;
    }
    assert_int_equal(fixture->taken_bytes, after_first);
    fixture_drop(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(father_and_son_with_one_name),
        cmocka_unit_test(dormitory_of_500),
        cmocka_unit_test(a_thousand_blank_names),
        cmocka_unit_test(default_birth_dates),
        cmocka_unit_test(a_parents_number_on_a_childs_record),
        cmocka_unit_test(one_person_with_two_numbers),
        cmocka_unit_test(a_hub_phone_loses_its_power_and_gets_it_back),
        cmocka_unit_test(twins_and_namesakes),
        cmocka_unit_test(two_records_of_a_sole_source),
        cmocka_unit_test(a_cluster_never_grows_beyond_its_cap),
        cmocka_unit_test(flapping),
    };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
