/* config/feeds.yaml: which principal may send what from where.
 * Does not know whether a category is on; the policy does. */
#include "daemon/common/feed/feed.h"
#include "daemon/common/yaml_file.h"

#include <cyaml/cyaml.h>
#include <stdio.h>

enum { LIST_MAX = 1000 };

#define TEXT(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, 512)
#define TEXT_OPTIONAL(key, type, member)                                                                               \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 1, 512)

static const cyaml_schema_value_t text_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 512),
};

static const cyaml_schema_field_t source_fields[] = {
    TEXT("urn", struct feed_source, urn),
    CYAML_FIELD_SEQUENCE("types", CYAML_FLAG_POINTER, struct feed_source, types, &text_entry, 1, LIST_MAX),
    CYAML_FIELD_SEQUENCE("categories", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct feed_source, categories,
                         &text_entry, 0, LIST_MAX),
    TEXT_OPTIONAL("purpose", struct feed_source, purpose),
    TEXT_OPTIONAL("basis", struct feed_source, basis),
    TEXT("owner", struct feed_source, owner),
    CYAML_FIELD_BOOL("one_record_per_person", CYAML_FLAG_OPTIONAL, struct feed_source, has_one_each),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t source_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct feed_source, source_fields),
};

static const cyaml_schema_field_t topic_fields[] = {
    TEXT("topic", struct feed_topic, topic),
    TEXT("principal", struct feed_topic, principal),
    TEXT("department", struct feed_topic, department),
    CYAML_FIELD_SEQUENCE("sources", CYAML_FLAG_POINTER, struct feed_topic, sources, &source_entry, 1, LIST_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t topic_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct feed_topic, topic_fields),
};

static const cyaml_schema_field_t config_fields[] = {
    CYAML_FIELD_SEQUENCE("purposes", CYAML_FLAG_POINTER, struct feed_config, purposes, &text_entry, 1, LIST_MAX),
    CYAML_FIELD_SEQUENCE("topics", CYAML_FLAG_POINTER, struct feed_config, topics, &topic_entry, 1, LIST_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t config_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct feed_config, config_fields),
};

static const char emergency_prefix[] = "hulei.emergency.";

bool feed_topic_is_emergency(const struct feed_topic *topic)
{
    return strncmp(topic->topic, emergency_prefix, sizeof emergency_prefix - 1) == 0;
}

/* What follows the prefix; all of it where the topic does not begin so. */
static struct span behind(struct span topic, const char *prefix)
{
    const size_t length = strlen(prefix);

    if (topic.length <= length || memcmp(topic.bytes, prefix, length) != 0)
        return topic;
    return span_of(topic.bytes + length, topic.length - length);
}

void feed_receipt_topic(struct span feed_topic, char topic[FEED_RECEIPT_TOPIC_BYTES])
{
    const struct span department = behind(feed_topic, emergency_prefix);
    const bool        is_urgent  = department.length < feed_topic.length;
    const struct span rest       = is_urgent ? department : behind(feed_topic, "hulei.feed.");

    snprintf(topic, FEED_RECEIPT_TOPIC_BYTES, "hulei.receipt.%.*s%s", (int)rest.length, rest.bytes,
             is_urgent ? ".emergency" : "");
}

static bool contains(char *const *items, uint32_t count, struct span word)
{
    for (uint32_t i = 0; i < count; i++) {
        if (span_equals_text(word, items[i]))
            return true;
    }
    return false;
}

static const char *source_fault(const struct feed_config *config, const struct feed_source *source)
{
    enum policy_category_code code;

    for (uint32_t i = 0; i < source->types_count; i++) {
        if (feed_type_find(span_from_text(source->types[i])) == FEED_TYPE_NONE)
            return "types: unknown word";
    }
    for (uint32_t i = 0; i < source->categories_count; i++) {
        const char *word = source->categories[i];
        if (!policy_category_find(word, strlen(word), &code) || policy_category_is_refused_by_program(code))
            return "categories: unknown word, or one the program refuses";
    }
    if (source->purpose != NULL && !contains(config->purposes, config->purposes_count, span_from_text(source->purpose)))
        return "purpose: not in the catalogue";
    return NULL;
}

/* The topic that already binds `urn` before `limit` topics were looked at. */
static bool is_bound_before(const struct feed_config *config, uint32_t limit, const char *urn)
{
    for (uint32_t i = 0; i < limit; i++) {
        if (feed_topic_source(&config->topics[i], span_from_text(urn)) != NULL)
            return true;
    }
    return false;
}

static const char *topic_fault(const struct feed_config *config, uint32_t index)
{
    const struct feed_topic *topic = &config->topics[index];

    if (feed_topic_is_emergency(topic)) {
        if (strcmp(topic->topic + strlen(emergency_prefix), topic->department) != 0)
            return "topic: hulei.emergency. and its department, nothing else";
    } else if (strncmp(topic->topic, "hulei.feed.", 11) != 0) {
        return "topic: must begin with hulei.feed. or hulei.emergency.";
    } else if (strncmp(topic->topic + 11, topic->department, strlen(topic->department)) != 0 ||
               topic->topic[11 + strlen(topic->department)] != '.') {
        return "topic: must name its department";
    }
    for (uint32_t i = 0; i < topic->sources_count; i++) {
        const char *fault = source_fault(config, &topic->sources[i]);
        if (fault != NULL)
            return fault;
        if (is_bound_before(config, index, topic->sources[i].urn))
            return "urn: bound to two topics";
    }
    return NULL;
}

struct feed_config *feed_config_load(const char *path, char *error, size_t error_size)
{
    struct feed_config *config = yaml_file_load(path, &config_schema, error, error_size);

    if (config == NULL)
        return NULL;
    for (uint32_t i = 0; i < config->topics_count; i++) {
        const char *fault = topic_fault(config, i);
        if (fault == NULL)
            continue;
        snprintf(error, error_size, "%s: topic %u: %s", path, i + 1, fault);
        feed_config_free(config);
        return NULL;
    }
    return config;
}

void feed_config_free(struct feed_config *config)
{
    yaml_file_free(&config_schema, config);
}

const struct feed_topic *feed_config_topic(const struct feed_config *config, struct span topic)
{
    for (uint32_t i = 0; i < config->topics_count; i++) {
        if (span_equals_text(topic, config->topics[i].topic))
            return &config->topics[i];
    }
    return NULL;
}

const struct feed_source *feed_topic_source(const struct feed_topic *topic, struct span urn)
{
    for (uint32_t i = 0; i < topic->sources_count; i++) {
        if (span_equals_text(urn, topic->sources[i].urn))
            return &topic->sources[i];
    }
    return NULL;
}
