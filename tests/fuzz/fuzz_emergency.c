/* Any bytes on an emergency topic: decoded and judged without a crash; the same bytes give the same judgement, and no
 * judgement is red or yellow without a rule and a reason. The first byte chooses the type. */
#include "tests/fuzz/fuzz.h"

#include "daemon/courier/emergency_rules.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 8 * 1024 * 1024 };

static char *emergency_words[] = { (char[]){ "sos" }, (char[]){ "report" }, (char[]){ "lodging" } };

static struct feed_source sources[] = {
    {.urn         = (char[]){ "urn:x" },
     .types       = emergency_words,
     .types_count = 3,
     .purpose     = (char[]){ "alert" },
     .basis       = (char[]){ "law" },
     .owner       = (char[]){ "x" }},
};
static struct feed_topic topics[] = {
    {.topic         = (char[]){ "hulei.emergency.police" },
     .principal     = (char[]){ "x" },
     .department    = (char[]){ "police" },
     .sources       = sources,
     .sources_count = 1},
};
static char              *purposes[] = { (char[]){ "alert" } };
static struct feed_config config     = { purposes, 1, topics, 1 };

static struct emergency_judgement judge(const uint8_t *data, size_t size, struct arena *arena)
{
    static const char *const   types[]   = { "hulei.sos.v1", "hulei.report.v1", "hulei.lodging.v1" };
    static const char *const   keys[]    = { "sos:s-1", "report:s-1", "lodging:s-1" };
    const int                  type      = data[0] % 3;
    static const struct policy policy    = { 0 };
    const struct feed_header   headers[] = {
          {span_from_text("ce_specversion"), span_from_text("1.0")                      },
          { span_from_text("ce_id"),         span_from_text("e-1")                      },
          { span_from_text("ce_source"),     span_from_text("urn:x")                    },
          { span_from_text("ce_type"),       span_from_text(types[type])                },
          { span_from_text("ce_subject"),    span_from_text("s-1")                      },
          { span_from_text("ce_time"),       span_from_text("2026-03-01T08:00:00+08:00")},
          { span_from_text("content-type"),  span_from_text("application/json")         },
    };
    const struct feed_message message = {
        .topic        = span_from_text("hulei.emergency.police"),
        .key          = span_from_text(keys[type]),
        .value        = span_of((const char *)data + 1, size - 1),
        .headers      = headers,
        .header_count = sizeof headers / sizeof headers[0],
    };
    struct feed_record record;
    struct feed_fault  fault;

    arena_reset(arena);
    if (feed_decode(&config, &policy, &message, INT64_C(1772400000000000), arena, &record, &fault) != FEED_OK)
        return (struct emergency_judgement){ 0 };
    return emergency_judge(&record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;

    if (arena.base == NULL)
        arena_init(&arena, malloc(ARENA_BYTES), ARENA_BYTES);
    if (size == 0 || arena.base == NULL)
        return 0;
    const struct emergency_judgement once  = judge(data, size, &arena);
    const struct emergency_judgement twice = judge(data, size, &arena);

    assert(once.rule == twice.rule && once.tier == twice.tier && once.reason_count == twice.reason_count);
    assert((once.rule != NULL) == (once.tier == 1 || once.tier == 3));
    assert((once.rule != NULL) == (once.reason_count > 0));
    return 0;
}
