/* Rows as messages: the same row gives the same bytes, another row another event id. */
#include "daemon/cli/feed_event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_BYTES = 4 * 1024 * 1024 };

static const struct feed_config no_topics;

static struct feed_event_settings settings_of(const char *secret)
{
    struct feed_event_settings settings = {
        .config = &no_topics,
        .topic  = span_from_text("hulei.feed.x.y"),
        .source = span_from_text("urn:x"),
        .type   = span_from_text("child"),
        .time   = span_from_text("2025-01-01T00:00:00Z"),
    };

    snprintf(settings.secret, sizeof settings.secret, "%s", secret);
    return settings;
}

static struct span header_of(const struct feed_event *event, const char *name)
{
    for (size_t i = 0; i < event->message.header_count; i++) {
        if (span_equals_text(event->headers[i].name, name))
            return event->headers[i].value;
    }
    return (struct span){ NULL, 0 };
}

/* The header of the message that `line` becomes. */
static void build(const char *line, const char *secret, struct arena *arena, struct feed_event *event)
{
    const struct feed_event_settings settings = settings_of(secret);
    const struct feed_row            row      = { .number = 1, .text = span_from_text(line) };
    struct feed_fault                fault;

    assert_true(feed_event_build(&settings, &row, false, arena, event, &fault));
}

static int open_arena(void **state)
{
    struct arena *arena = malloc(sizeof *arena);

    arena_init(arena, malloc(ARENA_BYTES), ARENA_BYTES);
    *state = arena;
    return arena->base == NULL;
}

static int close_arena(void **state)
{
    struct arena *arena = *state;

    free(arena->base);
    free(arena);
    return 0;
}

static void test_record(void **state)
{
    struct feed_event event;

    build("{\"subject\":\"s-1\",\"data\":{\"b\":1,\"a\":\"罗\"}}", "", *state, &event);
    assert_true(span_equals_text(event.message.topic, "hulei.feed.x.y"));
    assert_true(span_equals_text(event.message.key, "child:s-1"));
    assert_true(span_equals_text(event.message.value, "{\"a\":\"罗\",\"b\":1}"));
    assert_true(span_equals_text(header_of(&event, "ce_type"), "hulei.child.v1"));
    assert_true(span_equals_text(header_of(&event, "ce_subject"), "s-1"));
    assert_true(span_equals_text(header_of(&event, "ce_source"), "urn:x"));
    assert_true(span_equals_text(header_of(&event, "ce_time"), "2025-01-01T00:00:00Z"));
    assert_int_equal(header_of(&event, "ce_id").length, 32);
}

static void test_withdrawal(void **state)
{
    struct feed_event event;

    build("{\"subject\":\"s-1\",\"withdrawn\":true}", "", *state, &event);
    assert_null(event.message.value.bytes);
    assert_null(header_of(&event, "content-type").bytes);
    assert_true(span_equals_text(event.message.key, "child:s-1"));
}

static void test_whole_event(void **state)
{
    static const char line[] =
        "{\"specversion\":\"1.0\",\"id\":\"7\",\"type\":\"hulei.risk.v1\",\"subject\":\"q\",\"data\":{}}";
    struct feed_event event;

    build(line, "", *state, &event);
    assert_true(span_equals_text(event.message.value, line));
    assert_true(span_equals_text(event.message.key, "risk:q"));
    assert_true(span_equals_text(header_of(&event, "content-type"), "application/cloudevents+json"));
}

/* Pushed again the id is the same, whatever the order of keys; any change gives another; so does another key. */
static void test_event_ids(void **state)
{
    static const char first[] = "{\"subject\":\"s\",\"data\":{\"a\":1,\"b\":2}}";
    static const struct {
        const char *what, *line, *secret;
        bool        is_same;
    } rows[] = {
        {"the same",                     "{\"subject\":\"s\",\"data\":{\"a\":1,\"b\":2}}",                                   "k",  true },
        { "another order of keys",       "{\"data\":{\"b\":2,\"a\":1},\"subject\":\"s\"}",                                   "k",  true },
        { "another value",               "{\"subject\":\"s\",\"data\":{\"a\":1,\"b\":3}}",                                   "k",  false},
        { "another subject",             "{\"subject\":\"t\",\"data\":{\"a\":1,\"b\":2}}",                                   "k",  false},
        { "another time",                "{\"subject\":\"s\",\"time\":\"2025-01-02T00:00:00Z\",\"data\":{\"a\":1,\"b\":2}}", "k",
         false                                                                                                                          },
        { "another type",                "{\"subject\":\"s\",\"type\":\"risk\",\"data\":{\"a\":1,\"b\":2}}",                 "k",  false},
        { "another department's secret", "{\"subject\":\"s\",\"data\":{\"a\":1,\"b\":2}}",                                   "k2", false},
    };
    struct feed_event base;

    build(first, "k", *state, &base);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct feed_event event;
        build(rows[i].line, rows[i].secret, *state, &event);
        const bool is_same = span_equals(header_of(&event, "ce_id"), header_of(&base, "ce_id"));
        if (is_same != rows[i].is_same)
            fail_msg("%s", rows[i].what);
    }
}

static void test_raw(void **state)
{
    const struct feed_event_settings settings = settings_of("");
    const struct feed_row            row      = { .number = 1,
                                                  .text   = span_from_text(
                                                        "{\"topic\":\"t\",\"key_base64\":null,\"value_base64\":\"AP8=\",\"headers\":"
                                                                          "[{\"name\":\"h\",\"value_base64\":\"eA==\"}]}") };
    struct feed_event                event;
    struct feed_fault                fault;

    assert_true(feed_event_build(&settings, &row, true, *state, &event, &fault));
    assert_null(event.message.key.bytes);
    assert_int_equal(event.message.value.length, 2);
    assert_memory_equal(event.message.value.bytes, "\0\xff", 2);
    assert_true(span_equals_text(header_of(&event, "h"), "x"));

    const struct feed_row broken = { .number = 1, .text = span_from_text("{\"topic\":\"t\",\"key_base64\":\"*\"}") };
    assert_false(feed_event_build(&settings, &broken, true, *state, &event, &fault));
    assert_string_equal(fault.code, "not_raw");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_record),    cmocka_unit_test(test_withdrawal), cmocka_unit_test(test_whole_event),
        cmocka_unit_test(test_event_ids), cmocka_unit_test(test_raw),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
