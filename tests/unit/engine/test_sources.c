/* Which mentions are of a source with one record for each person.
 * The table is made by hand: what fills it needs PostgreSQL. */
#include "daemon/engine/sources.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static void only_the_record_s_own_person_is_of_a_sole_group(void **state)
{
    struct source_entry entries[] = {
        {.urn = "urn:a",  .id = 3, .has_one_each = true },
        { .urn = "urn:b", .id = 7, .has_one_each = false},
    };
    const struct source_table table = { entries, 2 };
    const struct {
        const char *what;
        int16_t     source_id;
        unsigned    slot;
        uint32_t    group;
    } rows[] = {
        {"the person the record is about",            3, 0, 3},
        { "a guardian is named in many records",      3, 1, 0},
        { "a source that promises nothing",           7, 0, 0},
        { "a source that is not configured any more", 9, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (sources_sole_group(&table, rows[i].source_id, rows[i].slot) != rows[i].group)
            fail_msg("%s", rows[i].what);
    }
}

/* `one_record_per_person` of a source is false where it is not said. */
static void the_promise_is_read_from_the_configuration(void **state)
{
    static const char text[] = "purposes: [care]\n"
                               "topics:\n"
                               "  - topic: hulei.feed.civil.children\n"
                               "    principal: p\n"
                               "    department: civil\n"
                               "    sources:\n"
                               "      - { urn: \"urn:a\", types: [child], owner: o, one_record_per_person: true }\n"
                               "      - { urn: \"urn:b\", types: [child], owner: o }\n";
    char              path[] = "/tmp/hulei-feeds-XXXXXX", error[256] = "";
    const int         file = mkstemp(path);

    (void)state;
    assert_true(file >= 0 && write(file, text, sizeof text - 1) == (ssize_t)sizeof text - 1);
    close(file);
    struct feed_config *config = feed_config_load(path, error, sizeof error);
    unlink(path);
    assert_string_equal(error, "");
    assert_non_null(config);
    assert_true(config->topics[0].sources[0].has_one_each);
    assert_false(config->topics[0].sources[1].has_one_each);
    feed_config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_record_s_own_person_is_of_a_sole_group),
        cmocka_unit_test(the_promise_is_read_from_the_configuration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
