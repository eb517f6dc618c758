/* posts.yaml: the shipped file loads, and what is wrong in one is said by place and rule.
 * The figures of the courier stand here, too: their text is what an operator's tools read. */
#include "daemon/courier/courier_metrics.h"
#include "daemon/courier/posts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void loads_the_shipped_file(void **state)
{
    char          error[512] = "";
    struct posts *posts      = posts_load(HULEI_SOURCE_DIR "/config/posts.yaml", error, sizeof error);

    (void)state;
    assert_string_equal(error, "");
    assert_non_null(posts);
    assert_true(posts->posts_count >= 2);
    posts_free(posts);
    posts_free(NULL);
}

#define POST(id, rest) "  - { id: " id ", topic: t." id ", ack_topic: a." id rest " }\n"

static void refuses_bad_files(void **state)
{
    static const struct {
        const char *what, *text, *says; /* says NULL: the file is good */
    } rows[] = {
        {"two posts",          "posts:\n" POST("a",    ", view: police, lead: b") POST("b",   ", view: police"),                                 NULL },
        { "an area without dates",                   "posts:\n" POST("a",                  ", view: civil, areas: [ { code: \"500111\" } ]"),                  NULL},
        { "one that takes what nobody answers for",                   "posts:\n" POST("a", ", view: office, unrouted: true"), NULL                 },
        { "no post at all",                   "posts: []\n",                         ""                              },
        { "an unknown key",    "posts:\n" POST("a",    ", view: police, colour: red"),        ""                                     },
        { "a view nobody has", "posts:\n" POST("a",    ", view: press"),                      "view:"                                               },
        { "the same id twice", "posts:\n" POST("a",    ", view: police") POST("a",            ", view: police"),                                           "id:" },
        { "an id with capitals",                   "posts:\n" POST("PCS",                    ", view: police"),                  "id:"                                },
        { "its own lead",                   "posts:\n" POST("a",                           ", view: police, lead: a"),                           "lead:"                              },
        { "a lead that is not there",                   "posts:\n" POST("a",               ", view: police, lead: z"),               "lead:"},
        { "an area that is a name",                   "posts:\n" POST("a",                 ", view: police, areas: [ { code: shuanglu } ]"),                 "areas:"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char      path[]     = "/tmp/hulei-posts-XXXXXX";
        char      error[512] = "";
        const int handle     = mkstemp(path);
        assert_true(handle >= 0 && write(handle, rows[i].text, strlen(rows[i].text)) == (ssize_t)strlen(rows[i].text));
        close(handle);
        struct posts *posts = posts_load(path, error, sizeof error);
        unlink(path);
        if ((posts != NULL) != (rows[i].says == NULL))
            fail_msg("%s: %s", rows[i].what, error);
        if (posts == NULL && strstr(error, rows[i].says) == NULL)
            fail_msg("%s: %s", rows[i].what, error);
        posts_free(posts);
    }
}

static void prints_its_figures(void **state)
{
    (void)state;
    courier_count(COURIER_SENT_ALERT, 3);
    char *text = metrics_render(courier_metrics, COURIER_METRIC_COUNT);
    assert_non_null(strstr(text, "# TYPE hulei_courier_sent_total counter\nhulei_courier_sent_total{kind=\"alert\"} 3\n"
                                 "hulei_courier_sent_total{kind=\"other\"} 0\n"));
    assert_non_null(strstr(text, "# TYPE hulei_courier_in_flight gauge\nhulei_courier_in_flight 0\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loads_the_shipped_file),
        cmocka_unit_test(refuses_bad_files),
        cmocka_unit_test(prints_its_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
