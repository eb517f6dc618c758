/* What the decoder accepts, and what becomes of it; what it refuses is in test_feed_bad_input.c. */
#include "tests/unit/common/feed_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct fixture fixture;

static int open_fixture(void **state)
{
    (void)state;
    fixture_open(&fixture);
    return 0;
}

static int close_fixture(void **state)
{
    (void)state;
    fixture_close(&fixture);
    return 0;
}

static void assert_accepted(const char *what, const struct fixture_message *made, struct feed_record *record)
{
    struct feed_fault fault;

    if (fixture_decode(&fixture, made, record, &fault) != FEED_OK) {
        print_error("%s: %s %s (%s)\n", what, fault.code, fault.field, fault.rule);
        fail();
    }
}

static void decode_body(const char *type, const char *body, struct feed_record *record)
{
    struct fixture_message made;

    fixture_binary(&made, type, span_from_text(body));
    assert_accepted(type, &made, record);
}

static void assert_span(struct span span, const char *text)
{
    assert_true(span.bytes != NULL && span_equals_text(span, text));
}

static const struct {
    const char *type, *body;
} good[] = {
    {"child",              GOOD_CHILD      },
    { "risk",              GOOD_RISK       },
    { "enrolment",         GOOD_ENROLMENT  },
    { "school",            GOOD_SCHOOL     },
    { "place",             GOOD_PLACE      },
    { "seal",              GOOD_SEAL       },
    { "order",             GOOD_ORDER      },
    { "risk_status",       GOOD_RISK_STATUS},
    { "staff",             GOOD_STAFF      },
    { "guardian_document", GOOD_DOCUMENT   },
    { "care_assignment",   GOOD_ASSIGNMENT },
    { "feed_control",      GOOD_CONTROL    },
    { "calendar",          GOOD_CALENDAR   },
    { "grid_map",          GOOD_GRID       },
    { "post_roster",       GOOD_ROSTER     },
    { "objection",         GOOD_OBJECTION  },
    { "correction",        GOOD_CORRECTION },
};

enum { GOOD_COUNT = sizeof good / sizeof good[0] };

static void decode_stored(enum feed_type type, const char *body, struct feed_record *record)
{
    struct feed_fault fault;

    arena_reset(&fixture.arena);
    assert_int_equal(feed_decode_stored(type, span_from_text(body), &fixture.arena, record, &fault), FEED_OK);
}

/* Both modes of every type, and the stored body read again gives the stored body. */
static void test_both_modes(void **state)
{
    char event[4096];

    (void)state;
    for (size_t i = 0; i < GOOD_COUNT; i++) {
        struct fixture_message made;
        struct feed_record     binary, structured, stored;
        struct feed_fault      fault;
        char                   kept[4096];

        fixture_binary(&made, good[i].type, span_from_text(good[i].body));
        assert_accepted(good[i].type, &made, &binary);
        snprintf(kept, sizeof kept, "%.*s", (int)binary.canonical_json.length, binary.canonical_json.bytes);
        snprintf(
            event, sizeof event,
            "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"%s\",\"type\":\"hulei.%s.v1\",\"subject\":\"s-1\","
            "\"time\":\"2025-03-01T08:00:00+08:00\",\"datacontenttype\":\"application/json; charset=GB18030\","
            "\"data\":%s}",
            fixture_source(good[i].type), good[i].type, good[i].body);
        fixture_structured(&made, good[i].type, span_from_text(event));
        assert_accepted(good[i].type, &made, &structured);
        assert_span(structured.canonical_json, kept);
        assert_span(structured.event_id, "e-1");
        assert_int_equal(
            feed_decode_stored(structured.type, structured.canonical_json, &fixture.arena, &stored, &fault), FEED_OK);
        assert_int_equal(stored.person.is_present, structured.person.is_present);
        assert_true(span_equals(stored.person.name, structured.person.name));
    }
}

static void test_child_fields(void **state)
{
    struct feed_record record;

    (void)state;
    decode_body("child", GOOD_CHILD, &record);
    assert_span(record.source, "urn:hulei:500111004:civil-affairs:children");
    assert_span(record.subject, "s-1");
    assert_span(record.purpose, "care");
    assert_span(record.person.name, "罗小蕾");
    assert_int_equal(record.person.sex, SEX_FEMALE);
    assert_int_equal(record.person.birth.year, 2015);
    assert_int_equal(record.person.birth.month, 3);
    assert_int_equal(record.person.birth.day, 4);
    assert_int_equal(record.person.phones.count, 1);
    assert_int_equal(record.person.residence_count, 1);
    assert_span(record.person.residences[0].area_code, "500111004");
    assert_int_equal(record.person.residences[0].as_of.year, 2025);
    assert_int_equal(record.child.circumstances, CIRCUMSTANCE_LEFT_BEHIND);
    assert_int_equal(record.child.guardian_count, 1);
    assert_int_equal(record.child.guardians[0].role, FEED_GUARDIAN_ENTRUSTED);
    assert_int_equal(record.child.guardians[0].away, ANSWER_UNKNOWN);
    assert_span(record.child.guardians[0].person.name, "罗大山");
    assert_int_equal(record.child.status, CHILD_ACTIVE);
}

static void test_risk_fields(void **state)
{
    struct feed_record record;

    (void)state;
    decode_body("risk", GOOD_RISK, &record);
    assert_int_equal(record.risk.category, CATEGORY_SEXOFF_MINOR);
    assert_int_equal(record.risk.sentence_months, 48);
    assert_int_equal(record.risk.victim_minor, ANSWER_YES);
    assert_int_equal(record.risk.victim_pupil, ANSWER_UNKNOWN);
    assert_int_equal(record.risk.until.year, 2029);
    assert_int_equal(record.person.sex, SEX_MALE);
}

static void test_other_fields(void **state)
{
    struct feed_record record;

    (void)state;
    decode_body("school", GOOD_SCHOOL, &record);
    assert_int_equal(record.school.location.crs, FEED_CRS_CGCS2000);
    assert_int_equal(record.school.gate_count, 1);
    decode_body("enrolment", GOOD_ENROLMENT, &record);
    assert_true(record.enrolment.teacher.is_present);
    assert_false(record.enrolment.mentor.is_present);
    assert_int_equal(record.enrolment.boarding, ANSWER_NO);
    decode_body("seal", GOOD_SEAL, &record);
    assert_int_equal(record.seal.record.type, FEED_RISK);
    assert_span(record.seal.record.subject, "s-9");
}

/* One stored form: keys sorted, words unified, nothing unknown, nothing forbidden, no nulls. */
static void test_canonical(void **state)
{
    struct feed_record record;
    char               kept[512];

    (void)state;
    decode_body(
        "child",
        "{\"circumstances\":[],\"pet\":{\"name\":\"x\"},\"diagnosis\":\"x\",\"person\":{\"sex\":2,\"Health_Status\":"
        "\"x\",\"name\":\"罗\",\"id_type\":null,\"phones\":[\"\",\"1\"],\"residence\":{\"address\":\"某村\"}}}",
        &record);
    assert_span(record.canonical_json,
                "{\"circumstances\":[],\"person\":{\"name\":\"罗\",\"phones\":[\"1\"],\"residence\":"
                "[{\"address\":\"某村\"}],\"sex\":\"female\"}}");
    assert_int_equal(record.unknown_fields, 1);
    assert_int_equal(record.forbidden_fields, 2);
    assert_string_equal(record.forbidden_paths[0], "data.diagnosis");
    assert_string_equal(record.forbidden_paths[1], "data.person.Health_Status");
    snprintf(kept, sizeof kept, "%.*s", (int)record.data_digest_input.length, record.data_digest_input.bytes);
    decode_body("child",
                "{\"person\":{\"residence\":[{\"address\":\"某村\"}],\"phones\":[\"1\"],\"name\":\"\\u7f57\","
                "\"sex\":\"female\"},\"circumstances\":[]}",
                &record);
    assert_span(record.data_digest_input, kept);
}

static void test_names(void **state)
{
    static const struct {
        const char *what, *written, *name;
    } rows[] = {
        {"a backslash and u0000 as text",     "a\\\\u0000",     "a\\u0000"      },
        { "a character outside the BMP",      "\\ud840\\udc00", "𠀀"          },
        { "the same as UTF-8",                "𠀀",           "𠀀"          },
        { "an interpunct of a minority name", "阿依·古丽", "阿依·古丽"},
        { "Latin",                            "Li Na",          "Li Na"         },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct feed_record record;
        char               body[256];
        snprintf(body, sizeof body, "{\"person\":{\"name\":\"%s\"},\"circumstances\":[]}", rows[i].written);
        decode_body("child", body, &record);
        assert_span(record.person.name, rows[i].name);
    }
}

/* 乗 is 81 5C, whose second byte is a backslash; FE 59 is a private-use character of the 2000 edition. */
static void test_gb18030(void **state)
{
    static const char *const charsets[] = { "application/json; charset=GB18030", "application/json;charset=gbk",
                                            "application/json; charset=\"GB2312\"" };
    static const char        body[] =
        "{\"person\":{\"name\":\"\xc2\xde\x81\x5c\xfe\x59\x95\x32\x82\x36\"},\"circumstances\":[]}";

    (void)state;
    for (size_t i = 0; i < sizeof charsets / sizeof charsets[0]; i++) {
        struct fixture_message made;
        struct feed_record     record;
        fixture_binary(&made, "child", span_of(body, sizeof body - 1));
        fixture_header(&made, "content-type", charsets[i]);
        assert_accepted(charsets[i], &made, &record);
        assert_span(record.person.name, "罗乗龴𠀀");
    }
}

static void test_withdrawal(void **state)
{
    struct fixture_message made;
    struct feed_record     record;

    (void)state;
    fixture_binary(&made, "child", (struct span){ NULL, 0 });
    fixture_header(&made, "ce_specversion", NULL);
    fixture_header(&made, "content-type", NULL);
    assert_accepted("withdrawal", &made, &record);
    assert_true(record.is_withdrawal);
    assert_int_equal(record.type, FEED_CHILD);
    assert_span(record.subject, "s-1");
    assert_null(record.canonical_json.bytes);
}

static void test_times(void **state)
{
    static const struct {
        const char *what, *text;
        int64_t     time_s;
    } rows[] = {
        {"China",                          "2025-03-01T08:00:00+08:00",      1740787200},
        { "UTC, small letters",            "2025-03-01t00:00:00z",           1740787200},
        { "the far side of the date line", "2025-03-01T14:00:00+14:00",      1740787200},
        { "and the near side",             "2025-02-28T12:00:00-12:00",      1740787200},
        { "parts of a second",             "2025-03-01T00:00:00.999999999Z", 1740787200},
        { "a leap second",                 "2016-12-31T23:59:60Z",           1483228800},
        { "the epoch",                     "1970-01-01T00:00:00Z",           0         },
        { "before it",                     "1969-12-31T23:59:59Z",           -1        },
        { "23 h 59 min ahead is trusted",  "2026-01-01T23:59:00Z",           1767311940},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture_message made;
        struct feed_record     record;
        fixture_binary(&made, "child", span_from_text(GOOD_CHILD));
        fixture_header(&made, "ce_time", rows[i].text);
        assert_accepted(rows[i].what, &made, &record);
        assert_int_equal(record.time_us / 1000000 - (record.time_us % 1000000 < 0), rows[i].time_s);
    }
}

static void test_dates(void **state)
{
    static const struct {
        const char *what, *fields;
        int         year, month, day;
    } rows[] = {
        {"a day",                         "\"birth_date\":\"2015-03-04\"",                              2015, 3, 4 },
        { "compact",                      "\"birth_date\":\"20150304\"",                                2015, 3, 4 },
        { "a month stays a month",        "\"birth_date\":\"2015-03\"",                                 2015, 3, 0 },
        { "a year stays a year",          "\"birth_date\":\"2015\"",                                    2015, 0, 0 },
        { "the clerk's first day",        "\"birth_date\":\"1900-01-01\"",                              0,    0, 0 },
        { "the clerk's last day",         "\"birth_date\":\"9999-12-31\"",                              0,    0, 0 },
        { "30 of the second lunar month", "\"birth_date\":\"2015-02-30\",\"birth_calendar\":\"lunar\"", 2015, 2, 30},
        { "29 February of a leap year",   "\"birth_date\":\"2016-02-29\"",                              2016, 2, 29},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct feed_record record;
        char               body[256];
        snprintf(body, sizeof body, "{\"person\":{\"name\":\"罗\",%s},\"circumstances\":[]}", rows[i].fields);
        decode_body("child", body, &record);
        assert_int_equal(record.person.birth.year, rows[i].year);
        assert_int_equal(record.person.birth.month, rows[i].month);
        assert_int_equal(record.person.birth.day, rows[i].day);
    }
}

/* Adults stay: offence at 18 and a day, or a long sentence. */
static void test_not_sealed(void **state)
{
    static const char *const bodies[] = {
        "{\"person\":{\"name\":\"尹\",\"birth_date\":\"1990-05-06\"},\"category\":\"sexoff_adult\",\"offence_date\":"
        "\"2008-05-08\",\"sentence_months\":12,\"sealed\":false}",
        "{\"person\":{\"name\":\"尹\",\"birth_date\":\"1990-05-06\"},\"category\":\"sexoff_adult\",\"offence_date\":"
        "\"2007-05-08\",\"sentence_months\":61,\"contains_sealed\":false}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct feed_record record;
        decode_body("risk", bodies[i], &record);
        assert_int_equal(record.risk.category, CATEGORY_SEXOFF_ADULT);
    }
}

/* A seal flag from a source that may not send it drops the body, but must not mark another's record. */
static void test_forged_seal_flag(void **state)
{
    struct fixture_message made;
    struct feed_record     record;
    struct feed_fault      fault;

    (void)state;
    fixture_binary(&made, "risk", span_from_text("{\"sealed\":true}"));
    assert_int_equal(fixture_decode(&fixture, &made, &record, &fault), FEED_SEALED);
    assert_span(record.subject, "s-1");
    fixture_header(&made, "ce_source", "urn:hulei:500111004:police:persons");
    assert_int_equal(fixture_decode(&fixture, &made, &record, &fault), FEED_SEALED);
    assert_null(record.subject.bytes);
}

/* Every size of arena from nothing up: a refusal that says so, or the whole record; and never a lost tombstone. */
static void test_full_arena(void **state)
{
    static const struct {
        const char       *type, *body;
        enum feed_outcome outcome;
    } rows[] = {
        {"child", GOOD_CHILD,          FEED_OK    },
        { "risk", "{\"sealed\":true}", FEED_SEALED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture_message made;
        size_t                 capacity = 0;
        enum feed_outcome      outcome  = FEED_REFUSED;

        fixture_binary(&made, rows[i].type, span_from_text(rows[i].body));
        for (; outcome == FEED_REFUSED && capacity < 65536; capacity += 8) {
            struct feed_record record;
            struct feed_fault  fault;
            struct arena       arena;
            arena_init(&arena, fixture.memory, capacity);
            outcome =
                feed_decode(fixture.config, &fixture.policy, &made.message, fixture.now_us, &arena, &record, &fault);
            if (outcome == FEED_REFUSED)
                assert_string_equal(fault.code, "out_of_memory");
        }
        assert_int_equal(outcome, rows[i].outcome);
    }
}

/* What the later types say arrives where their readers look for it. */
static void test_other_types(void **state)
{
    struct feed_record record;

    (void)state;
    decode_body("order", GOOD_ORDER, &record);
    assert_int_equal(record.order.scope, FEED_SCOPE_SCHOOLS | FEED_SCOPE_PLACES);
    assert_int_equal(record.order.place_count, 1);
    assert_int_equal(record.order.places[0].radius_m, 200);
    assert_true(record.person.is_present && record.order.approved_home.address.bytes == NULL);
    decode_body("risk_status", GOOD_RISK_STATUS, &record);
    assert_int_equal(record.risk_status.event, FEED_EVENT_RELEASE);
    assert_span(record.risk_status.record.subject, "s-9");
    assert_int_equal(record.risk_status.record.type, FEED_RISK);
    decode_body("staff", GOOD_STAFF, &record);
    assert_span(record.staff.unit_id, "sch-7");
    assert_int_equal(record.staff.unit_kind, FEED_UNIT_SCHOOL);
    decode_body("guardian_document", GOOD_DOCUMENT, &record);
    assert_span(record.guardian_document.entrusted.name, "罗大山");
    decode_body("care_assignment", GOOD_ASSIGNMENT, &record);
    assert_int_equal(record.care_assignment.volunteer_count, 1);
    assert_span(record.care_assignment.volunteers[0].person.name, "施小兰");
    assert_false(record.care_assignment.mentor.is_present);
    decode_stored(FEED_CORRECTION, GOOD_CORRECTION, &record);
    assert_int_equal(record.correction.ruling, FEED_RULING_UPHELD);
    decode_stored(FEED_CONTROL, GOOD_CONTROL, &record);
    assert_int_equal(record.control.totals[0].count, 300);
    decode_stored(FEED_CALENDAR, GOOD_CALENDAR, &record);
    assert_int_equal(record.calendar.days[0].to.day, 7);
    decode_stored(FEED_POST_ROSTER, GOOD_ROSTER, &record);
    assert_true(record.post_roster.turns[0].to_us - record.post_roster.turns[0].from_us == INT64_C(86400000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_types),
        cmocka_unit_test(test_both_modes),
        cmocka_unit_test(test_child_fields),
        cmocka_unit_test(test_risk_fields),
        cmocka_unit_test(test_other_fields),
        cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_gb18030),
        cmocka_unit_test(test_withdrawal),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_dates),
        cmocka_unit_test(test_not_sealed),
        cmocka_unit_test(test_forged_seal_flag),
        cmocka_unit_test(test_full_arena),
    };

    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}
