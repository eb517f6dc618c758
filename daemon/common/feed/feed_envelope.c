/* The CloudEvents envelope; see feed_envelope.h.
 * Attributes are text in both modes, so one table serves both. */
#include "daemon/common/feed/feed_envelope.h"

#include "daemon/common/feed/feed_text.h"
#include "daemon/common/feed/feed_time.h"

#include <stdio.h>
#include <strings.h>

static const struct attribute {
    const char *name;
    size_t      offset;
    size_t      bytes_max;
    bool        is_required, withdrawal_requires;
    bool        is_opaque; /* printable ASCII without blanks */
} attributes[] = {
    {"specversion",      offsetof(struct envelope, specversion),     8,   true,  false, true },
    { "id",              offsetof(struct envelope, id),              256, true,  true,  true },
    { "source",          offsetof(struct envelope, source),          256, true,  true,  true },
    { "type",            offsetof(struct envelope, type),            64,  true,  true,  true },
    { "subject",         offsetof(struct envelope, subject),         128, true,  true,  true },
    { "time",            offsetof(struct envelope, time),            64,  true,  true,  true },
    { "datacontenttype", offsetof(struct envelope, datacontenttype), 128, false, false, false},
    { "purpose",         offsetof(struct envelope, purpose),         64,  false, false, true },
    { "basis",           offsetof(struct envelope, basis),           600, false, false, false},
};

enum { ATTRIBUTE_COUNT = sizeof attributes / sizeof attributes[0] };

bool envelope_fault(struct feed_fault *fault, const char *code, const char *attribute, const char *rule)
{
    *fault = (struct feed_fault){ .code = code, .stage = "envelope", .rule = rule };
    snprintf(fault->field, sizeof fault->field, "%s", attribute);
    return false;
}

static struct span *value_of(struct envelope *envelope, const struct attribute *attribute)
{
    return (struct span *)((char *)envelope + attribute->offset);
}

static const struct attribute *find_attribute(struct span name)
{
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        if (span_equals_text(name, attributes[i].name))
            return &attributes[i];
    }
    return NULL;
}

static bool is_name(struct span name, const char *lower)
{
    return name.length == strlen(lower) && strncasecmp(name.bytes, lower, name.length) == 0;
}

static struct span header_value(const struct feed_message *message, const char *name)
{
    for (size_t i = 0; i < message->header_count; i++) {
        if (is_name(message->headers[i].name, name))
            return message->headers[i].value;
    }
    return (struct span){ NULL, 0 };
}

/* The media type of "application/json; charset=x", without blanks around it. */
static struct span media_type(struct span content_type)
{
    const char *semicolon = content_type.bytes != NULL ? memchr(content_type.bytes, ';', content_type.length) : NULL;
    size_t      length    = semicolon != NULL ? (size_t)(semicolon - content_type.bytes) : content_type.length;

    while (length > 0 && (content_type.bytes[length - 1] == ' ' || content_type.bytes[length - 1] == '\t'))
        length--;
    return span_of(content_type.bytes, length);
}

static struct span charset_name(struct span content_type)
{
    static const char key[] = "charset=";

    for (size_t at = 0; at + sizeof key - 1 <= content_type.length; at++) {
        const char *from = content_type.bytes + at;
        if (at == 0 || (from[-1] != ';' && from[-1] != ' ') || strncasecmp(from, key, sizeof key - 1) != 0)
            continue;
        size_t begin = at + sizeof key - 1, end = begin;
        while (end < content_type.length && content_type.bytes[end] != ';' && content_type.bytes[end] != ' ')
            end++;
        if (end - begin >= 2 && content_type.bytes[begin] == '"' && content_type.bytes[end - 1] == '"') {
            begin++;
            end--;
        }
        return span_of(content_type.bytes + begin, end - begin);
    }
    return (struct span){ NULL, 0 };
}

static bool is_json_type(struct span content_type)
{
    return is_name(media_type(content_type), "application/json");
}

enum envelope_mode envelope_mode_of(const struct feed_message *message)
{
    const struct span content_type = header_value(message, "content-type");

    if (message->value.bytes == NULL)
        return ENVELOPE_WITHDRAWAL;
    if (content_type.bytes != NULL && is_name(media_type(content_type), "application/cloudevents+json"))
        return ENVELOPE_STRUCTURED;
    if (header_value(message, "ce_specversion").bytes != NULL || header_value(message, "ce_id").bytes != NULL)
        return ENVELOPE_BINARY;
    return ENVELOPE_UNKNOWN;
}

enum envelope_charset envelope_charset_of(const struct feed_message *message)
{
    static const struct {
        const char           *name;
        enum envelope_charset charset;
    } rows[] = {
        {"utf-8",    CHARSET_UTF8   },
        { "utf8",    CHARSET_UTF8   },
        { "gb18030", CHARSET_GB18030},
        { "gbk",     CHARSET_GB18030},
        { "gb2312",  CHARSET_GB18030},
    };
    struct span content_type = header_value(message, "content-type");

    if (content_type.bytes == NULL)
        content_type = header_value(message, "ce_datacontenttype");
    const struct span name = content_type.bytes != NULL ? charset_name(content_type) : content_type;
    if (name.bytes == NULL)
        return CHARSET_UTF8;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (is_name(name, rows[i].name))
            return rows[i].charset;
    }
    return CHARSET_UNKNOWN;
}

void envelope_from_headers(const struct feed_message *message, struct envelope *envelope)
{
    *envelope = (struct envelope){ 0 };
    for (size_t i = 0; i < message->header_count; i++) {
        const struct feed_header *header = &message->headers[i];
        if (header->name.length < 3 || strncasecmp(header->name.bytes, "ce_", 3) != 0)
            continue;
        const struct attribute *attribute = find_attribute(span_of(header->name.bytes + 3, header->name.length - 3));
        if (attribute == NULL)
            continue;
        struct span *value = value_of(envelope, attribute);
        if (value->bytes != NULL)
            envelope->wrong_type = attribute->name; /* given twice: which one counts? */
        *value = header->value;
    }
    const struct span content_type = header_value(message, "content-type");
    if (content_type.bytes != NULL)
        envelope->datacontenttype = content_type;
}

void envelope_from_json(const json_t *root, struct envelope *envelope, struct feed_record *record)
{
    void *iterator = json_object_iter((json_t *)root);

    *envelope = (struct envelope){ 0 };
    for (; iterator != NULL; iterator = json_object_iter_next((json_t *)root, iterator)) {
        const char             *name      = json_object_iter_key(iterator);
        const json_t           *value     = json_object_iter_value(iterator);
        const struct attribute *attribute = find_attribute(span_from_text(name));
        if (attribute == NULL) {
            record->unknown_fields += strcmp(name, "data") != 0;
            continue;
        }
        if (json_is_string(value))
            *value_of(envelope, attribute) = span_of(json_string_value(value), json_string_length(value));
        else if (!json_is_null(value))
            envelope->wrong_type = attribute->name;
    }
}

static struct span copy_if_sane(struct span value, size_t bytes_max, struct arena *arena)
{
    if (value.bytes == NULL || value.length == 0 || value.length > bytes_max || !text_is_utf8(value) ||
        memchr(value.bytes, '\0', value.length) != NULL)
        return (struct span){ NULL, 0 };
    return arena_copy(arena, value);
}

/* "hulei.child.v1" to FEED_CHILD. */
static enum feed_type type_of(struct span type)
{
    static const char prefix[] = "hulei.", suffix[] = ".v1";
    const size_t      around = sizeof prefix - 1 + sizeof suffix - 1;

    if (type.length <= around || memcmp(type.bytes, prefix, sizeof prefix - 1) != 0 ||
        memcmp(type.bytes + type.length - (sizeof suffix - 1), suffix, sizeof suffix - 1) != 0)
        return FEED_TYPE_NONE;
    return feed_type_find(span_of(type.bytes + sizeof prefix - 1, type.length - around));
}

void envelope_copy(const struct envelope *envelope, struct arena *arena, struct feed_record *record)
{
    record->event_id = copy_if_sane(envelope->id, 256, arena);
    record->source   = copy_if_sane(envelope->source, 256, arena);
    record->subject  = copy_if_sane(envelope->subject, 128, arena);
    record->purpose  = copy_if_sane(envelope->purpose, 64, arena);
    record->basis    = copy_if_sane(envelope->basis, 600, arena);
    record->type     = envelope->type.bytes != NULL ? type_of(envelope->type) : FEED_TYPE_NONE;
    if (envelope->time.bytes != NULL)
        feed_time_parse(envelope->time, &record->time_us);
}

static bool is_opaque(struct span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] <= ' ' || text.bytes[i] > '~')
            return false;
    }
    return true;
}

static bool check_attribute(const struct attribute *attribute, struct span value, bool is_required,
                            struct feed_fault *fault)
{
    if (value.bytes == NULL || value.length == 0)
        return !is_required || envelope_fault(fault, "missing_attribute", attribute->name, "required");
    if (value.length > attribute->bytes_max)
        return envelope_fault(fault, "too_long", attribute->name, "within its limit of bytes");
    if (attribute->is_opaque ? !is_opaque(value) : !text_is_utf8(value) || memchr(value.bytes, '\0', value.length))
        return envelope_fault(fault, "bad_attribute", attribute->name,
                              attribute->is_opaque ? "printable ASCII without blanks" : "UTF-8 text");
    return true;
}

/* A run of 17 digits and a check character, or of 15 digits, anywhere in a subject is a citizen number. */
static bool holds_citizen_number(struct span subject)
{
    size_t run = 0;

    for (size_t i = 0; i <= subject.length; i++) {
        const char c = i < subject.length ? subject.bytes[i] : '\0';
        if (c >= '0' && c <= '9') {
            run++;
            continue;
        }
        if (run == 18 || run == 15 || (run == 17 && (c == 'X' || c == 'x')))
            return true;
        run = 0;
    }
    return false;
}

bool envelope_check(const struct envelope *envelope, bool is_withdrawal, struct feed_fault *fault)
{
    int64_t time_us = 0;

    if (envelope->wrong_type != NULL)
        return envelope_fault(fault, "bad_attribute", envelope->wrong_type, "text, given once");
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++) {
        const struct attribute *attribute   = &attributes[i];
        const struct span       value       = *value_of((struct envelope *)envelope, attribute);
        const bool              is_required = is_withdrawal ? attribute->withdrawal_requires : attribute->is_required;
        if (!check_attribute(attribute, value, is_required, fault))
            return false;
    }
    if (envelope->specversion.bytes != NULL && !span_equals_text(envelope->specversion, "1.0"))
        return envelope_fault(fault, "bad_attribute", "specversion", "1.0");
    if (envelope->datacontenttype.length > 0 && !is_withdrawal && !is_json_type(envelope->datacontenttype))
        return envelope_fault(fault, "bad_attribute", "datacontenttype", "application/json");
    if (!feed_time_parse(envelope->time, &time_us))
        return envelope_fault(fault, "bad_attribute", "time", "RFC 3339 with an offset");
    if (holds_citizen_number(envelope->subject))
        return envelope_fault(fault, "bad_attribute", "subject", "opaque: no citizen number");
    return true;
}
