/* Messages for the decoder's tests: a good one of each type, and ways to spoil it.
 * Synthetic people only. */
#ifndef HULEI_TESTS_FEED_FIXTURE_H
#define HULEI_TESTS_FEED_FIXTURE_H

#include "daemon/common/feed/feed.h"
#include "daemon/common/feed/feed_time.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIXTURE_HEADERS_MAX = 16, FIXTURE_ARENA_BYTES = 16 * 1024 * 1024 };

#define FIXTURE_ID "s-1"

#define GOOD_CHILD                                                                                                         \
    "{\"person\":{\"name\":\"罗小蕾\",\"id_number\":\"500111201503040021\",\"sex\":\"female\","                         \
    "\"birth_date\":\"2015-03-04\",\"phones\":[\"13000000000\"],"                                                          \
    "\"residence\":{\"address\":\"重庆市大足区双路街道某村3组12号\",\"as_of\":\"2025-01-02\",\"area_code\":" \
    "\"500111004\"}},"                                                                                                     \
    "\"circumstances\":[\"left_behind\"],\"guardians\":[{\"person\":{\"name\":\"罗大山\"},\"relation\":\"祖父\","     \
    "\"role\":\"entrusted\"}],\"status\":\"active\"}"
#define GOOD_RISK                                                                                                      \
    "{\"person\":{\"name\":\"尹某甲\",\"sex\":1,\"birth_date\":\"1980-05-06\"},\"category\":\"sexoff_minor\","      \
    "\"offence_date\":\"2015-01-02\",\"judgment_date\":\"2015-08-09\",\"sentence_months\":48,\"victim_minor\":true,"   \
    "\"released_on\":\"2019-01-01\",\"until\":\"2029-01-01\"}"
#define GOOD_ENROLMENT                                                                                                 \
    "{\"person\":{\"name\":\"罗小蕾\"},\"school_id\":\"sch-7\",\"grade\":\"三年级\",\"boarding\":false,"         \
    "\"teacher\":{\"person\":{\"name\":\"施老师\"}}}"
#define GOOD_SCHOOL                                                                                                    \
    "{\"school_id\":\"sch-7\",\"name\":\"双路小学\",\"kind\":\"primary\",\"address\":"                             \
    "\"重庆市大足区双路街道学坝路1号\","                                                                 \
    "\"location\":{\"lon\":105.7,\"lat\":29.7,\"crs\":\"CGCS2000\"},"                                                  \
    "\"gates\":[{\"name\":\"东门\",\"location\":{\"lon\":105.701,\"lat\":29.7,\"crs\":\"CGCS2000\"}}]}"
#define GOOD_PLACE        "{\"place_id\":\"p-9\",\"address\":\"重庆市大足区双路街道学坝路1号\",\"area_code\":\"500111004001\"}"
#define PERSON_OF_CONCERN "\"person\":{\"name\":\"尹某甲\",\"sex\":1,\"birth_date\":\"1980-05-06\"}"
#define GIRL              "\"person\":{\"name\":\"罗小蕾\"}"
#define GOOD_ORDER                                                                                                     \
    "{" PERSON_OF_CONCERN ",\"kind\":\"prohibition\",\"scope\":[\"schools\",\"places\"],\"places\":"                   \
    "[{\"address\":\"某路3号\",\"radius_m\":200}],\"from\":\"2024-01-01\",\"to\":\"2027-01-01\",\"judgment\":"      \
    "\"某号\"}"
#define GOOD_RISK_STATUS                                                                                               \
    "{" PERSON_OF_CONCERN ",\"event\":\"release\",\"on\":\"2025-02-01\",\"record\":{\"subject\":\"s-9\"}}"
#define GOOD_STAFF                                                                                                     \
    "{\"person\":{\"name\":\"施老师\"},\"unit\":\"双路小学\",\"unit_id\":\"sch-7\",\"unit_kind\":\"school\","   \
    "\"role\":\"teacher\",\"checked_on\":\"2025-09-01\"}"
#define GOOD_DOCUMENT                                                                                                  \
    "{" GIRL ",\"kind\":\"entrustment\",\"signed\":\"2025-01-05\",\"entrusted\":{\"person\":{\"name\":\"罗大山\"}}}"
#define GOOD_ASSIGNMENT                                                                                                \
    "{" GIRL ",\"volunteers\":[{\"person\":{\"name\":\"施小兰\"},\"unit\":\"街道\"}],\"plan\":\"plan-3\"}"
#define GOOD_OBJECTION                                                                                                 \
    "{\"record\":{\"subject\":\"s-9\"},\"by\":\"guardian\",\"ground\":\"wrong_address\",\"asks\":\"correct\","         \
    "\"on\":\"2025-02-03\"}"
#define GOOD_CORRECTION                                                                                                \
    "{\"record\":{\"subject\":\"s-9\"},\"by\":\"owner\",\"ground\":\"wrong_fact\",\"asks\":\"erase\","                 \
    "\"ruling\":\"upheld\",\"on\":\"2025-02-10\"}"
#define GOOD_CONTROL  "{\"totals\":[{\"type\":\"child\",\"count\":300}],\"silence_minutes\":1440}"
#define GOOD_CALENDAR "{\"days\":[{\"kind\":\"holiday\",\"from\":\"2026-10-01\",\"to\":\"2026-10-07\"}]}"
#define GOOD_GRID     "{\"grid\":\"g-17\",\"area_code\":\"500111004001\",\"post\":\"pcs-sl\",\"from\":\"2025-01-01\"}"
#define GOOD_ROSTER                                                                                                    \
    "{\"post\":\"pcs-sl\",\"turns\":[{\"account\":\"u-18\",\"duty\":\"officer\",\"from\":\"2026-03-01T08:00:00+08:"    \
    "00\","                                                                                                            \
    "\"to\":\"2026-03-02T08:00:00+08:00\"}]}"
#define GOOD_SEAL "{\"record\":{\"subject\":\"s-9\"},\"effective\":\"2025-01-01\",\"document\":\"封存决定1号\"}"

struct fixture {
    struct feed_config *config;
    struct policy       policy;
    struct arena        arena;
    char               *memory;
    int64_t             now_us; /* 2026-01-01T00:00:00Z */
};

/* One message with room for its parts. */
struct fixture_message {
    struct feed_message message;
    struct feed_header  headers[FIXTURE_HEADERS_MAX];
    char                key[256], type[64];
};

static inline void fixture_open(struct fixture *fixture)
{
    char error[256] = "";

    *fixture        = (struct fixture){ 0 };
    fixture->config = feed_config_load(HULEI_SOURCE_DIR "/config/feeds.yaml", error, sizeof error);
    if (fixture->config == NULL)
        fprintf(stderr, "%s\n", error);
    assert(fixture->config != NULL);
    policy_defaults(&fixture->policy);
    fixture->memory = malloc(FIXTURE_ARENA_BYTES);
    assert(fixture->memory != NULL);
    arena_init(&fixture->arena, fixture->memory, FIXTURE_ARENA_BYTES);
    feed_time_parse(span_from_text("2026-01-01T00:00:00Z"), &fixture->now_us);
}

static inline void fixture_close(struct fixture *fixture)
{
    feed_config_free(fixture->config);
    free(fixture->memory);
}

/* Who sends which type; of several senders one. */
static inline const char *fixture_system(const char *type)
{
    static const struct {
        const char *type, *system;
    } systems[] = {
        {"enrolment",    "education.schools"   },
        { "school",      "education.schools"   },
        { "staff",       "education.schools"   },
        { "place",       "police.addresses"    },
        { "risk",        "judicial.corrections"},
        { "seal",        "judicial.corrections"},
        { "order",       "judicial.corrections"},
        { "objection",   "judicial.corrections"},
        { "correction",  "judicial.corrections"},
        { "risk_status", "judicial.corrections"},
    };

    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        if (strcmp(type, systems[i].type) == 0)
            return systems[i].system;
    }
    return "civil-affairs.children";
}

static inline const char *fixture_topic(const char *type)
{
    static char topic[64];

    snprintf(topic, sizeof topic, "hulei.feed.%s", fixture_system(type));
    return topic;
}

static inline const char *fixture_source(const char *type)
{
    static char source[96];

    snprintf(source, sizeof source, "urn:hulei:500111004:%s", fixture_system(type));
    for (char *dot = strchr(source, '.'); dot != NULL; dot = strchr(dot, '.'))
        *dot = ':';
    return source;
}

/* Sets, adds or (value NULL) removes a header. */
static inline void fixture_header(struct fixture_message *made, const char *name, const char *value)
{
    struct feed_message *message = &made->message;

    for (size_t i = 0; i < message->header_count; i++) {
        if (!span_equals_text(made->headers[i].name, name))
            continue;
        if (value != NULL)
            made->headers[i].value = span_from_text(value);
        else
            made->headers[i] = made->headers[--message->header_count];
        return;
    }
    if (value != NULL) {
        assert(message->header_count < FIXTURE_HEADERS_MAX);
        made->headers[message->header_count++] = (struct feed_header){ span_from_text(name), span_from_text(value) };
    }
}

/* A binary message of `type` ("child") whose value is `value`. */
static inline void fixture_binary(struct fixture_message *made, const char *type, struct span value)
{
    *made = (struct fixture_message){ 0 };
    snprintf(made->type, sizeof made->type, "hulei.%s.v1", type);
    snprintf(made->key, sizeof made->key, "%s:" FIXTURE_ID, type);
    made->message = (struct feed_message){ .topic   = span_from_text(fixture_topic(type)),
                                           .key     = span_from_text(made->key),
                                           .value   = value,
                                           .headers = made->headers };
    fixture_header(made, "ce_specversion", "1.0");
    fixture_header(made, "ce_id", "e-1");
    fixture_header(made, "ce_source", fixture_source(type));
    fixture_header(made, "ce_type", made->type);
    fixture_header(made, "ce_subject", FIXTURE_ID);
    fixture_header(made, "ce_time", "2025-03-01T08:00:00+08:00");
    fixture_header(made, "content-type", "application/json");
}

/* A structured message: the value is the whole event. */
static inline void fixture_structured(struct fixture_message *made, const char *type, struct span value)
{
    fixture_binary(made, type, value);
    made->message.header_count = 0;
    fixture_header(made, "content-type", "application/cloudevents+json");
}

static inline enum feed_outcome fixture_decode(struct fixture *fixture, const struct fixture_message *made,
                                               struct feed_record *record, struct feed_fault *fault)
{
    arena_reset(&fixture->arena);
    *fault = (struct feed_fault){ 0 };
    return feed_decode(fixture->config, &fixture->policy, &made->message, fixture->now_us, &fixture->arena, record,
                       fault);
}

#endif
