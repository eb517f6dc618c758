/* Any bytes as a message: nothing breaks, and what is accepted has one stored form.
 * The first byte chooses type, mode and encoding; the rest is the value. */
#include "daemon/common/feed/feed.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

enum { ARENA_BYTES = 8 * 1024 * 1024 };

static char *types[] = {
    (char[]){ "child" }, (char[]){ "enrolment" }, (char[]){ "school" },
    (char[]){ "place" }, (char[]){ "risk" },      (char[]){ "seal" },
};
static char *categories[] = { (char[]){ "sexoff_minor" }, (char[]){ "abuse_minor" } };
static char *purposes[]   = { (char[]){ "match" } };

static struct feed_source source = {
    .urn              = (char[]){ "urn:x" },
    .types            = types,
    .types_count      = 6,
    .categories       = categories,
    .categories_count = 2,
    .purpose          = (char[]){ "match" },
    .basis            = (char[]){ "law" },
};
static struct feed_topic topic = { .topic = (char[]){ "hulei.feed.x.y" }, .sources = &source, .sources_count = 1 };
static const struct feed_config config = {
    .purposes = purposes, .purposes_count = 1, .topics = &topic, .topics_count = 1
};

static void check_accepted(const struct feed_record *record, struct arena *arena)
{
    struct feed_record again;
    struct feed_fault  fault;

    assert(record->source_binding == &source && record->subject.bytes != NULL);
    if (record->is_withdrawal)
        return;
    assert(feed_decode_stored(record->type, record->canonical_json, arena, &again, &fault) == FEED_OK);
    assert(again.unknown_fields == 0 && again.forbidden_fields == 0);
    assert(again.person.is_present == record->person.is_present);
    assert(span_equals(again.person.name, record->person.name));
    assert(again.person.residence_count == record->person.residence_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char             *memory;
    static const char *const type_names[] = { "hulei.child.v1", "hulei.enrolment.v1", "hulei.school.v1",
                                              "hulei.place.v1", "hulei.risk.v1",      "hulei.seal.v1" };
    static const char *const keys[]       = { "child:s", "enrolment:s", "school:s", "place:s", "risk:s", "seal:s" };
    struct policy            policy;
    struct arena             arena;
    struct feed_record       record;
    struct feed_fault        fault;

    if (size == 0)
        return 0;
    if (memory == NULL)
        memory = malloc(ARENA_BYTES);
    assert(memory != NULL);
    arena_init(&arena, memory, ARENA_BYTES);
    policy_defaults(&policy);

    const size_t type          = data[0] % 6;
    const bool   is_structured = (data[0] & 0x40) != 0;
    const bool   is_gb18030    = (data[0] & 0x80) != 0;
    const char  *content_type =
        is_structured ? (is_gb18030 ? "application/cloudevents+json; charset=gb18030" : "application/cloudevents+json")
         : is_gb18030  ? "application/json; charset=gb18030"
                       : "application/json";
    const struct feed_header headers[] = {
        {span_from_text("content-type"),    span_from_text(content_type)          },
        { span_from_text("ce_specversion"), span_from_text("1.0")                 },
        { span_from_text("ce_id"),          span_from_text("e")                   },
        { span_from_text("ce_source"),      span_from_text("urn:x")               },
        { span_from_text("ce_type"),        span_from_text(type_names[type])      },
        { span_from_text("ce_subject"),     span_from_text("s")                   },
        { span_from_text("ce_time"),        span_from_text("2025-01-01T00:00:00Z")},
    };
    const struct feed_message message = { .topic        = span_from_text("hulei.feed.x.y"),
                                          .key          = span_from_text(keys[type]),
                                          .value        = span_of((const char *)data + 1, size - 1),
                                          .headers      = headers,
                                          .header_count = is_structured ? 1 : 7 };

    if (feed_decode(&config, &policy, &message, INT64_C(1767225600000000), &arena, &record, &fault) == FEED_OK)
        check_accepted(&record, &arena);
    else
        assert(fault.code != NULL && fault.stage != NULL && fault.rule != NULL && record.canonical_json.bytes == NULL);
    return 0;
}
