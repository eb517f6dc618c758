/* Signs of life: what a post reads in one.
 * Sends nothing. */
#include "daemon/courier/heartbeat.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void says_until_when_the_next_comes(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"specversion",      "1.0"                       },
        { "id",              "heartbeat/pcs-a/1767225600"},
        { "source",          "//hulei/test-shard"        },
        { "type",            "hulei.heartbeat.v1"        },
        { "subject",         "pcs-a"                     },
        { "time",            "2026-01-01T00:00:00Z"      },
        { "datacontenttype", "application/json"          },
        { "dataschema",      "hulei:heartbeat:1"         },
    };
    char   *text  = heartbeat_render("pcs-a", "test-shard", 1767225600);
    json_t *event = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(json_string_value(json_object_get(event, rows[i].name)), rows[i].text);
    const json_t *data = json_object_get(event, "data");
    assert_string_equal(json_string_value(json_object_get(data, "post")), "pcs-a");
    assert_string_equal(json_string_value(json_object_get(data, "next_by")), "2026-01-01T00:30:00Z"); /* two beats on */
    assert_int_equal(json_object_size(event), sizeof rows / sizeof rows[0] + 1);
    assert_int_equal(json_object_size(data), 2);
    json_decref(event);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(says_until_when_the_next_comes) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
