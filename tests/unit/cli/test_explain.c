/* An explanation adds up, agrees with the comparison, is the same from both sides, and says nothing of a record.
 * Persons are invented. */
#include "daemon/cli/explain/explain_source.h"
#include "daemon/cli/explain/waterfall_print.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct person_maker   *maker;
static struct identity_model *model;

static const char *const lines[] = {
    "{\"type\":\"hulei.child.v1\",\"data\":{\"person\":{\"name\":\"欧阳晓蕾\",\"sex\":\"female\",\"id_number\":"
    "\"500111201506010026\",\"birth_date\":\"2015-06-01\",\"phones\":[\"13812345678\"],\"registered\":{"
    "\"household_ref\":\"hb-1\"},\"residence\":[{\"address\":\"重庆市大足区双路街道双南路社区双南路12号2单元301室\"}]},"
    "\"circumstances\":[],\"status\":\"active\",\"guardians\":[{\"person\":{\"name\":\"欧阳国强\",\"sex\":\"male\"},"
    "\"role\":\"parent\"}]}}",
    "{\"type\":\"child\",\"data\":{\"person\":{\"name\":\"欧阳小蕾\",\"sex\":\"female\",\"birth_date\":\"2015-06-01\","
    "\"phones\":[\"13812345678\"],\"registered\":{\"household_ref\":\"hb-1\"}},\"circumstances\":[],\"status\":"
    "\"active\",\"guardians\":[]}}",
    "{\"type\":\"child\",\"data\":{\"person\":{\"name\":\"王伟\",\"sex\":\"male\",\"birth_date\":\"2012-03\"},"
    "\"circumstances\":[],\"status\":\"active\",\"guardians\":[]}}",
    "{\"data\":{\"person\":{\"name\":\"李静\"},\"circumstances\":[],\"status\":\"active\",\"guardians\":[]}}",
};
enum { LINES = sizeof lines / sizeof lines[0] };

static struct mention_features read_line(size_t which, int slot)
{
    struct mention_features features;
    char                    error[512] = "";
    const bool is_read = explain_read_line(maker, lines[which], "child", slot, &features, error, sizeof error);

    if (!is_read)
        print_error("line %zu: %s\n", which, error);
    assert_true(is_read);
    return features;
}

static double own_bits(const struct mention_features *features)
{
    return identity_compare(person_maker_language(maker), model, NULL, features, features).bits;
}

static double number_of(const json_t *object, const char *key)
{
    assert_true(json_is_number(json_object_get(object, key)));
    return json_number_value(json_object_get(object, key));
}

/* The steps sum to the bits, and each running sum is the sum so far. */
static void check_sums(const json_t *answer)
{
    const json_t *step;
    size_t        i;
    double        sum = 0;

    json_array_foreach(json_object_get(answer, "steps"), i, step)
    {
        sum += number_of(step, "bits");
        assert_true(fabs(number_of(step, "sum") - sum) < 1e-9);
    }
    assert_true(i >= IDENTITY_PARTS);
    assert_true(fabs(number_of(answer, "bits") - sum) < 1e-9);
    const double odds = exp2(number_of(answer, "prior_bits") + sum);
    assert_true(fabs(number_of(answer, "probability") - odds / (1 + odds)) < 1e-9);
}

static json_t *explain(const struct mention_features *a, const struct mention_features *b)
{
    const struct comparison comparison = identity_compare_fully(person_maker_language(maker), model, NULL, a, b);
    const struct waterfall  waterfall  = { model, &comparison, own_bits(a), own_bits(b) };
    json_t                 *answer     = waterfall_json(&waterfall);

    assert_non_null(answer);
    assert_true(fabs(number_of(answer, "bits") - comparison.bits) < 1e-9);
    return answer;
}

static void test_json_adds_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < LINES; i++) {
        for (size_t j = 0; j < LINES; j++) {
            const struct mention_features a = read_line(i, 0), b = read_line(j, 0);
            json_t                       *one = explain(&a, &b), *other = explain(&b, &a);

            check_sums(one);
            assert_true(json_equal(json_object_get(one, "steps"), json_object_get(other, "steps")));
            json_decref(one);
            json_decref(other);
        }
    }
}

static void test_outcomes(void **state)
{
    static const struct {
        size_t      a, b;
        int         slot_b;
        const char *outcome, *veto;
    } rows[] = {
        {0,  0, 0, "joined",     ""     },
        { 0, 1, 0, "joined",     ""     },
        { 1, 2, 0, "vetoed",     "names"},
        { 3, 3, 0, "too_little", ""     },
        { 0, 0, 1, "vetoed",     "names"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct mention_features a = read_line(rows[i].a, 0), b = read_line(rows[i].b, rows[i].slot_b);
        json_t                       *answer = explain(&a, &b);

        assert_string_equal(json_string_value(json_object_get(answer, "outcome")), rows[i].outcome);
        assert_string_equal(json_string_value(json_object_get(answer, "veto")), rows[i].veto);
        json_decref(answer);
    }
}

/* Narrow, wide and absurd terminals; no value of a record in any. */
static void test_print(void **state)
{
    static const int              widths[] = { 0, 40, 64, 80, 120, 1000 };
    const struct mention_features a = read_line(0, 0), b = read_line(1, 0);
    const struct comparison comparison = identity_compare_fully(person_maker_language(maker), model, NULL, &a, &b);
    const struct waterfall  waterfall  = { model, &comparison, own_bits(&a), own_bits(&b) };

    (void)state;
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        char  *text   = NULL;
        size_t length = 0;
        FILE  *stream = open_memstream(&text, &length);

        waterfall_print(stream, &waterfall, widths[i]);
        fclose(stream);
        assert_non_null(strstr(text, "a join begins at"));
        assert_non_null(strstr(text, "homophone"));
        assert_non_null(strstr(text, "prior"));
        assert_non_null(strstr(text, "as rare as"));
        assert_null(strstr(text, "欧"));
        assert_null(strstr(text, "1381"));
        assert_null(strstr(text, "2015"));
        free(text);
    }
}

static void test_ids(void **state)
{
    static const struct {
        const char *text, *urn, *subject;
        int         type, slot;
        bool        is_id;
    } rows[] = {
        {"urn:a/child/c-1",            "urn:a",   "c-1", FEED_CHILD, 0, true },
        { "urn:a/child/c-1/2",         "urn:a",   "c-1", FEED_CHILD, 2, true },
        { "urn:a/child/7",             "urn:a",   "7",   FEED_CHILD, 0, true },
        { "urn:a/b/child/c-1",         "urn:a/b", "c-1", FEED_CHILD, 0, true },
        { "urn:a/hulei.risk.v1/r-9/0", "urn:a",   "r-9", FEED_RISK,  0, true },
        { "urn:a/planet/c-1",          NULL,      NULL,  0,          0, false},
        { "urn:a/child/c-1/16",        NULL,      NULL,  0,          0, false},
        { "urn:a/child/",              NULL,      NULL,  0,          0, false},
        { "/child/c-1",                NULL,      NULL,  0,          0, false},
        { "child/c-1",                 NULL,      NULL,  0,          0, false},
        { "file.ndjson",               NULL,      NULL,  0,          0, false},
        { "",                          NULL,      NULL,  0,          0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct explain_id id;
        const bool        is_id = explain_id_parse(rows[i].text, &id);

        if (is_id != rows[i].is_id)
            print_error("%s\n", rows[i].text);
        assert_int_equal(is_id, rows[i].is_id);
        if (!is_id)
            continue;
        assert_string_equal(id.urn, rows[i].urn);
        assert_string_equal(id.subject, rows[i].subject);
        assert_int_equal(id.type, rows[i].type);
        assert_int_equal(id.slot, rows[i].slot);
    }
}

/* A fault names field and rule and quotes nothing. */
static void test_bad_lines(void **state)
{
    static const struct {
        const char *line, *type;
        int         slot;
        const char *reason;
    } rows[] = {
        {"",                                                                                                           "child",  0, "no JSON object"   },
        { "[1]",                                                                                                       "child",  0, "no JSON object"   },
        { "{\"data\":1}",                                                                                              "child",  0, "no JSON object"   },
        { "{\"data\":{},\"data\":{}}",                                                                                 "child",  0, "no JSON object"   },
        { "{\"data\":{}}",                                                                                             NULL,     0, "--type"           },
        { "{\"data\":{}}",                                                                                             "planet", 0, "--type"           },
        { "{\"data\":{}}",                                                                                             "child",  0, "data."            },
        { "{\"data\":{\"person\":{\"name\":7},\"status\":\"secretword\"}}",                                            "child",  0, "data."            },
        { "{\"data\":{\"person\":{\"name\":\"李静\"},\"circumstances\":[],\"status\":\"active\",\"guardians\":[]}}",
         "child",                                                                                                                3, "names no person 3"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct mention_features features;
        char                    error[512] = "";

        assert_false(
            explain_read_line(maker, rows[i].line, rows[i].type, rows[i].slot, &features, error, sizeof error));
        if (strstr(error, rows[i].reason) == NULL)
            print_error("row %zu: %s\n", i, error);
        assert_non_null(strstr(error, rows[i].reason));
        assert_null(strstr(error, "secretword"));
    }
}

static int open_parts(void **state)
{
    char error[512] = "";

    (void)state;
    setenv("HULEI_SHARE", HULEI_SHARE_DIR, 0);
    maker = person_maker_open(error, sizeof error);
    if (maker != NULL)
        model = model_load_for(HULEI_SOURCE_DIR "/config/model/identity.yaml", MODEL_FOR_STUDY, error, sizeof error);
    if (model == NULL)
        fprintf(stderr, "%s\n", error);
    return model == NULL;
}

static int close_parts(void **state)
{
    (void)state;
    model_free(model);
    person_maker_close(maker);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_adds_up), cmocka_unit_test(test_outcomes),  cmocka_unit_test(test_print),
        cmocka_unit_test(test_ids),          cmocka_unit_test(test_bad_lines),
    };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
