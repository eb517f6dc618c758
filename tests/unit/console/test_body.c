/* The review sheet: which part of a body a mention is about, and what of it a reviewer sees.
 * Synthetic people only; no database, no key. */
#include "daemon/console/body.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

static const char body_text[] =
    "{\"person\":{\"name\":\"own\",\"id_number\":\"not shown\",\"phones\":[\"not "
    "shown\"],\"birth_date\":\"2014-05-01\","
    "\"sex\":\"female\",\"residence\":[{\"address\":\"first\",\"as_of\":\"2025-01-01\",\"kind\":\"rental\"},"
    "{\"address\":\"second\"},{\"area_code\":\"500111004\"}],\"registered\":{\"address\":\"third\",\"household_ref\":"
    "\"not shown\"}},"
    "\"guardians\":[{\"person\":{\"name\":\"one\"}},{\"person\":{\"name\":\"two\"}}],"
    "\"teacher\":{\"person\":{\"name\":\"teacher\"}},\"mentor\":{\"person\":{\"name\":\"mentor\"}}}";

static void finds_the_mention(void **state)
{
    static const struct {
        const char *what;
        int         slot, role;
        const char *name; /* NULL: nobody */
    } rows[] = {
        {"own person",                0, 0, "own"    },
        { "first guardian",           1, 1, "one"    },
        { "second guardian",          2, 2, "two"    },
        { "a guardian who left",      3, 1, NULL     },
        { "teacher",                  1, 3, "teacher"},
        { "mentor",                   2, 4, "mentor" },
        { "a role of a newer schema", 1, 9, NULL     },
    };
    json_t *body = json_loads(body_text, 0, NULL);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const json_t *person = body_find_person(body, rows[i].slot, rows[i].role);
        const char   *name   = json_string_value(json_object_get(person, "name"));
        if ((name == NULL) != (rows[i].name == NULL) || (name != NULL && strcmp(name, rows[i].name) != 0))
            fail_msg("%s", rows[i].what);
    }
    assert_null(body_find_person(NULL, 0, 0));
    json_decref(body);
}

static void shows_what_a_reviewer_compares(void **state)
{
    json_t *body  = json_loads(body_text, 0, NULL);
    json_t *sheet = body_extract(body_find_person(body, 0, 0));
    char   *text  = json_dumps(sheet, JSON_COMPACT | JSON_SORT_KEYS);

    (void)state;
    assert_string_equal(text,
                        "{\"addresses\":[{\"address\":\"first\",\"as_of\":\"2025-01-01\",\"kind\":\"rental\"},"
                        "{\"address\":\"second\",\"kind\":\"living\"},{\"address\":\"third\",\"kind\":\"registered\"}],"
                        "\"birth_year\":\"2014\",\"name\":\"own\",\"sex\":\"female\"}");
    free(text);
    json_decref(sheet);
    json_decref(body);
}

static void survives_odd_bodies(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"person\":null}",
        "{\"person\":[]}",
        "{\"person\":{\"name\":7,\"residence\":\"text\",\"birth_date\":\"20\"}}",
        "{\"person\":{\"residence\":[null,1,{\"address\":2}]}}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        json_t *body  = json_loads(bodies[i], 0, NULL);
        json_t *sheet = body_extract(body_find_person(body, 0, 0));
        assert_int_equal(json_array_size(json_object_get(sheet, "addresses")), 0);
        assert_null(json_object_get(sheet, "name"));
        json_decref(sheet);
        json_decref(body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_mention),
        cmocka_unit_test(shows_what_a_reviewer_compares),
        cmocka_unit_test(survives_odd_bodies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
