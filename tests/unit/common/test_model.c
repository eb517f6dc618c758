/* The identity model's file: what is refused and with which reason, what is written is read back, and who approved it.
 * Every bad row is the shipped model with one change. */
#include "daemon/common/model.h"
#include "matchers/identity/name.h"
#include "tests/unit/read_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char shipped[] = HULEI_SOURCE_DIR "/config/model/identity.yaml";

static void write_text(const char *path, const char *text)
{
    FILE *stream = fopen(path, "we");

    assert_non_null(stream);
    fputs(text, stream);
    assert_int_equal(fclose(stream), 0);
}

/* `text` with the line that starts with `line` (after blanks and dash) replaced by `by`. */
static char *with_line(const char *text, const char *line, const char *by)
{
    const char *from = strstr(text, line);
    char       *out  = calloc(1, FILE_BYTES);

    assert_non_null(from);
    const char *end = from + strcspn(from, "\n");
    snprintf(out, FILE_BYTES, "%.*s%s%s", (int)(from - text), text, by, end);
    return out;
}

static const struct {
    const char *what, *line, *by, *reason;
} rows[] = {
    {"another version",                "version:",                         "version: 1",                                                            "version 1 is not 2"                           },
    { "an unknown key",                "lambda:",                          "lamda: 0.1",                                                            "Invalid key"                                  },
    { "a text for a number",           "lambda:",                          "lambda: often",                                                         "Invalid value"                                },
    { "a probability of one",          "lambda:",                          "lambda: 1",                                                             "lambda is not between 0 and 1"                },
    { "no date",                       "dated:",                           "dated: 'soon'",                                                         "too short"                                    },
    { "nobody approved it",            "approved_by:",                     "approved_by: ''",                                                       "nobody has approved"                          },
    { "an untrained m",                "- { level: number_edit,",
     "- { level: number_edit, m: 0.1, u: 0.001, m_from: untrained, u_from: trained }",                                                              "number_edit is untrained"                     },
    { "an untrained u",                "- { level: community,",
     "- { level: community, m: 0.1, u: 0.05, m_from: trained, u_from: untrained }",                                                                 "community is untrained"                       },
    { "a basis nobody knows",          "- { level: community,",
     "- { level: community, m: 0.1, u: 0.05, m_from: guessed, u_from: stated }",                                                                    "Invalid value"                                },
    { "m of nothing",                  "- { level: community,",            "- { level: community, m: 0, u: 0.05, m_from: stated, u_from: stated }",
     "community needs m and u"                                                                                                                                                                     },
    { "m that is no number",           "- { level: community,",
     "- { level: community, m: nan, u: 0.05, m_from: stated, u_from: stated }",                                                                     "community needs m and u"                      },
    { "u above one",                   "- { level: community,",            "- { level: community, m: 1, u: 1.5, m_from: stated, u_from: stated }",
     "community needs m and u"                                                                                                                                                                     },
    { "a level left out",              "- { level: birth_equal,",          "",                                                                      "number_birth_sex: level 7 must be birth_equal"},
    { "a level too much",              "- { level: community,",
     "- { level: community, m: 0.1, u: 0.05, m_from: stated, u_from: stated }\n"
      "      - { level: town, m: 0.1, u: 0.05, m_from: stated, u_from: stated }",                                                                   "address: level 5 must be different"           },
    { "another comparison",            "- comparison: phone",              "- comparison: mail",                                                    "comparison 3 must be phone"                   },
    { "less agreement weighs more",    "- { level: birth_other_calendar,",
     "- { level: birth_other_calendar, m: 0.9, u: 1e-9, m_from: stated, u_from: stated }",                                                          "birth_other_calendar weighs more"             },
    { "a name unlike all weighs more", "- { level: trace,",
     "- { level: trace, m: 0.9, u: 1e-5, m_from: stated, u_from: stated }",                                                                         "trace weighs more"                            },
    { "a phone with a rarity",         "- { level: equal,",
     "- { level: equal, m: 0.5, u: 0.001, m_from: stated, u_from: stated, rarity_weight: 1 }",                                                      "has a rarity weight"                          },
    { "a rarity weight above one",     "- { level: homophone,",
     "- { level: homophone, m: 0.02, u: 3.9e-5, m_from: stated, u_from: stated, rarity_weight: 1.5 }",                                              "homophone has a rarity weight"                },
    { "a floor above the ceiling",     "floor_bits:",                      "floor_bits: 18",                                                        "floor lies above its ceiling"                 },
    { "a link weaker than a cluster",  "join_bits:",                       "join_bits: 5",                                                          "join_bits must be at least cluster_bits"      },
    { "surroundings that join",        "surroundings_bits:",               "surroundings_bits: 25",                                                 "must stay below join_bits"                    },
    { "a phone of one is generic",     "generic_holders:",                 "generic_holders: 1",                                                    "are at least 2"                               },
    { "names out of order",            "common_names:",
     "common_names:\n    - { hash: 5, bits: 9 }\n    - { hash: 5, bits: 9 }\n  #",                                                                  "hashes must rise"                             },
};

static void test_bad_files_have_reasons(void **state)
{
    char *text   = read_file(shipped);
    char  path[] = "/tmp/hulei-model-XXXXXX";

    (void)state;
    assert_true(close(mkstemp(path)) == 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char  error[512] = "";
        char *changed    = with_line(text, rows[i].line, rows[i].by);

        write_text(path, changed);
        struct identity_model *model = model_load(path, error, sizeof error);
        if (model != NULL || strstr(error, rows[i].reason) == NULL)
            print_error("%s: \"%s\" does not say \"%s\"\n", rows[i].what, error, rows[i].reason);
        assert_null(model);
        assert_non_null(strstr(error, rows[i].reason));
        assert_non_null(strstr(error, path));
        free(changed);
    }
    unlink(path);
    free(text);
}

static void test_a_missing_file_is_told(void **state)
{
    char error[512] = "";

    (void)state;
    assert_null(model_load("/nowhere/identity.yaml", error, sizeof error));
    assert_non_null(strstr(error, "/nowhere/identity.yaml"));
}

static struct identity_model *load(const char *path, enum model_use use)
{
    char                   error[512] = "";
    struct identity_model *model      = model_load_for(path, use, error, sizeof error);

    if (model == NULL)
        print_error("%s\n", error);
    assert_non_null(model);
    return model;
}

/* Written, read, written: the same bytes, with a name that YAML would stumble over. */
static void test_written_is_read_back(void **state)
{
    struct identity_model   *model = load(shipped, MODEL_FOR_SERVICE);
    struct identity_model    named = *model;
    const struct common_name two[] = {
        {7,           9.5  },
        { UINT64_MAX, 10.25}
    };
    const struct model_origin origin  = { "2026-11-25", "Wang's office: \"#1\"", "" };
    char                      first[] = "/tmp/hulei-model-XXXXXX", second[] = "/tmp/hulei-model-XXXXXX";

    (void)state;
    named.common_names      = two;
    named.common_name_count = 2;
    assert_true(close(mkstemp(first)) == 0 && close(mkstemp(second)) == 0);
    FILE *stream = fopen(first, "we");
    assert_true(model_write(stream, &named, &origin));
    fclose(stream);

    struct identity_model    *again = load(first, MODEL_FOR_SERVICE);
    const struct model_origin read  = model_origin(again);
    assert_string_equal(read.approved_by, origin.approved_by);
    assert_int_equal(again->common_name_count, 2);
    assert_int_equal(again->common_names[1].hash, UINT64_MAX);
    assert_true(fabs(again->levels[PART_NAME][NAME_EXACT].bits - model->levels[PART_NAME][NAME_EXACT].bits) < 1e-4);
    stream = fopen(second, "we");
    assert_true(model_write(stream, again, &read));
    fclose(stream);
    char *one = read_file(first), *other = read_file(second);
    assert_string_equal(one, other);
    free(one);
    free(other);
    unlink(first);
    unlink(second);
    model_free(again);
    model_free(model);
}

/* Bits are log2(m/u), null is 0 bits, and the prior moves the probability as Bayes says. */
static void test_arithmetic(void **state)
{
    struct identity_model *model = load(shipped, MODEL_FOR_STUDY);

    (void)state;
    for (int part = 0; part < IDENTITY_PARTS; part++) {
        assert_true(fpclassify(model->levels[part][0].bits) == FP_ZERO);
        for (size_t i = 1; i < identity_level_count((enum identity_part)part); i++) {
            const struct identity_level *level = &model->levels[part][i];

            assert_true(fabs(exp2(level->bits) * level->u - level->m) < 1e-9);
        }
    }
    model->lambda = 1.0 / 1025;
    assert_true(fabs(identity_prior_bits(model) + 10) < 1e-9);
    assert_true(fabs(identity_probability(model, 10) - 0.5) < 1e-9);
    assert_true(identity_probability(model, 40) > 0.999999 && identity_probability(model, -40) < 1e-12);
    model_free(model);
}

/* What weighs more than a stronger agreement is lowered to it, and the model is sound then. */
static void test_put_in_order(void **state)
{
    struct identity_model *model = load(shipped, MODEL_FOR_STUDY);
    enum identity_part     part;
    unsigned               level;

    (void)state;
    model->levels[PART_CIVIL][CIVIL_BIRTH_YEAR].m = 0.9;
    model->levels[PART_CIVIL][CIVIL_BIRTH_YEAR].u = 1e-8;
    model->levels[PART_PHONE][PHONE_DIFFERENT].u  = 1e-9;
    identity_model_finish(model);
    assert_non_null(identity_model_fault(model, &part, &level));
    assert_int_equal(part, PART_CIVIL);
    assert_int_equal(level, CIVIL_BIRTH_YEAR);
    assert_int_equal(identity_model_put_in_order(model), 2);
    assert_null(identity_model_fault(model, &part, &level));
    identity_model_finish(model);
    assert_null(identity_model_fault(model, &part, &level));
    assert_int_equal(identity_model_put_in_order(model), 0);
    model_free(model);
}

/* A listed name is as rare as the list says, if that is commoner than its characters; floor and ceiling hold. */
static void test_rarity(void **state)
{
    const uint32_t         listed[] = { 0x738B, 0x4F1F }, other[] = { 0x738B, 0x4F1A };
    struct identity_model *model   = load(shipped, MODEL_FOR_STUDY);
    struct common_name     names[] = {
            {common_name_hash(listed, 2), 11}
    };
    struct identity_model own = *model;

    (void)state;
    own.common_names        = names;
    own.common_name_count   = 1;
    own.rarity_floor_bits   = 8;
    own.rarity_ceiling_bits = 17;
    assert_true(fabs(identity_rarity_bits(&own, listed, 2, 14) - 11) < 1e-12);
    assert_true(fabs(identity_rarity_bits(&own, listed, 2, 10) - 10) < 1e-12);
    assert_true(fabs(identity_rarity_bits(&own, other, 2, 14) - 14) < 1e-12);
    assert_true(fabs(identity_rarity_bits(&own, other, 2, 40) - 17) < 1e-12);
    assert_true(fabs(identity_rarity_bits(&own, other, 2, 2) - 8) < 1e-12);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_files_have_reasons), cmocka_unit_test(test_a_missing_file_is_told),
        cmocka_unit_test(test_written_is_read_back),   cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_put_in_order),           cmocka_unit_test(test_rarity),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
