/* What records say of each other on a sheet: the closest, the contradiction, and between two persons.
 * Persons are invented; tables and model are the real ones. */
#include "daemon/common/language.h"
#include "daemon/common/model.h"
#include "daemon/console/levels.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct language_tables *tables;
static struct identity_model  *model;

static struct levels_mention mention(int64_t mention_id, int group, const char *name, const char *number,
                                     const char *birth)
{
    struct levels_mention     made  = { .mention_id = mention_id, .group = group, .is_readable = true };
    const struct person_input input = {
        .names      = { span_from_text(name) },
        .name_count = 1,
        .id_number  = span_from_text(number),
        .birth_date = span_from_text(birth),
    };

    mention_features_make(tables, &input, &made.features);
    return made;
}

/* The waterfall adds up to its bits, what speaks against comes first, and nothing stands in it that weighs nothing.
 * Takes both out of `compared`. */
static void check_bits(json_t *compared)
{
    double  sum = 0, last = -1e9;
    bool    is_against = true;
    size_t  i;
    json_t *step;

    if (compared == NULL)
        return;
    json_array_foreach(json_object_get(compared, "waterfall"), i, step)
    {
        const double bits = json_real_value(json_object_get(step, "bits"));
        assert_true(bits < 0 || bits > 0);
        assert_true(bits > 0 || is_against);
        if ((bits < 0) == is_against)
            assert_true(is_against ? bits >= last : bits <= last);
        is_against = bits < 0;
        last       = bits;
        sum += bits;
    }
    assert_true(i > 0);
    assert_true(fabs(sum - json_real_value(json_object_get(compared, "bits"))) < 1e-9);
    json_object_del(compared, "waterfall");
    json_object_del(compared, "bits");
}

static void check_row(const struct levels *levels, size_t at, const char *wanted)
{
    json_t *record = json_object();

    levels_describe(levels, at, record);
    check_bits(json_object_get(record, "closest"));
    check_bits(json_object_get(record, "conflict"));
    char *text = json_dumps(record, JSON_COMPACT | JSON_SORT_KEYS);
    assert_string_equal(text, wanted);
    free(text);
    json_decref(record);
}

static void says_what_agrees_and_what_does_not(void **state)
{
    struct levels_mention mentions[] = {
        mention(16, 0, "罗小蕾", "110105194912310021", "1949-12-31"), /* an area's serial that fails its check */
        mention(32, 0, "罗晓蕾", "", "1949-12-31"),
        mention(48, 0, "钱大军", "", "1960-01-02"),
        mention(64, 0, "罗小蕾", "", "1949-12-31"),
    };
    const struct levels levels = { tables, model, mentions, 4, false };

    (void)state;
    mentions[3].is_readable = false;
    check_row(
        &levels, 0,
        "{\"closest\":{\"birth\":\"equal\",\"household\":false,\"name\":\"homophone\",\"number\":\"null\",\"phone\":"
        "false,\"ref\":32},\"conflict\":{\"ref\":48,\"veto\":\"names\"},\"number\":\"broken\"}");
    check_row(&levels, 3, "{}");
}

static void asks_across_two_persons(void **state)
{
    const struct levels_mention mentions[] = {
        mention(16, 0, "罗小蕾", "", "2014-05-06"),
        mention(32, 0, "罗小蕾", "", "2014-05-06"),
        mention(48, 1, "罗小蕾", "", "2014-05"),
    };
    const struct levels levels = { tables, model, mentions, 3, true };
    const struct levels alone  = { tables, model, mentions, 1, false };

    (void)state;
    check_row(
        &levels, 0,
        "{\"closest\":{\"birth\":\"same_month\",\"household\":false,\"name\":\"exact\",\"number\":\"null\",\"phone\":"
        "false,\"ref\":48},\"number\":\"none\"}");
    check_row(&alone, 0, "{\"number\":\"none\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_agrees_and_what_does_not),
        cmocka_unit_test(asks_across_two_persons),
    };
    char error[512] = "";

    tables = language_open(error, sizeof error);
    model  = model_load(HULEI_SOURCE_DIR "/config/model/identity.yaml", error, sizeof error);
    if (tables == NULL || model == NULL) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    const int status = cmocka_run_group_tests(tests, NULL, NULL);
    model_free(model);
    language_close(tables);
    return status;
}
