/* A row becomes a message; see feed_event.h.
 * Reads no file and no clock: the same row and settings give the same bytes. */
#include "daemon/cli/feed_event.h"

#include "daemon/common/feed/feed_text.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>

static bool no_memory(struct feed_fault *fault)
{
    *fault = (struct feed_fault){ .code = "too_large", .stage = "encoding", .field = "row", .rule = "at most 1 MiB" };
    return false;
}

static struct span text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_string(value) ? span_of(json_string_value(value), json_string_length(value))
                                 : (struct span){ NULL, 0 };
}

static struct span text_or(const json_t *object, const char *name, struct span fallback)
{
    const struct span text = text_of(object, name);

    return text.bytes != NULL ? text : fallback;
}

static struct span join(struct arena *arena, struct span a, const char *between, struct span b)
{
    char *bytes = arena_alloc(arena, a.length + strlen(between) + b.length + 1, 1);

    if (bytes == NULL)
        return (struct span){ NULL, 0 };
    const int length =
        sprintf(bytes, "%.*s%s%.*s", (int)a.length, a.bytes, between, (int)b.length, b.bytes != NULL ? b.bytes : "");
    return span_of(bytes, (size_t)length);
}

static void add_header(struct feed_event *event, const char *name, struct span value)
{
    if (value.bytes != NULL && event->message.header_count < EVENT_HEADERS_MAX)
        event->headers[event->message.header_count++] = (struct feed_header){ span_from_text(name), value };
}

/* "hulei.child.v1" to "child". */
static struct span type_word(struct span type)
{
    static const char prefix[] = "hulei.", suffix[] = ".v1";

    if (type.length > 9 && memcmp(type.bytes, prefix, 6) == 0 && memcmp(type.bytes + type.length - 3, suffix, 3) == 0)
        return span_of(type.bytes + 6, type.length - 9);
    return type;
}

static struct span topic_for(const struct feed_event_settings *settings, struct span source)
{
    if (settings->topic.bytes != NULL || source.bytes == NULL)
        return settings->topic;
    for (uint32_t i = 0; i < settings->config->topics_count; i++) {
        if (feed_topic_source(&settings->config->topics[i], source) != NULL)
            return span_from_text(settings->config->topics[i].topic);
    }
    return settings->topic;
}

/* A whole CloudEvent, or a line that is none: sent as it is, in structured mode. */
static bool build_structured(const struct feed_event_settings *settings, const struct feed_row *row, const json_t *root,
                             struct arena *arena, struct feed_event *event, struct feed_fault *fault)
{
    const struct span subject = text_of(root, "subject");
    const struct span type    = text_of(root, "type");

    event->message.topic = topic_for(settings, text_of(root, "source"));
    event->message.value = arena_copy(arena, row->text);
    if (event->message.value.bytes == NULL)
        return no_memory(fault);
    if (subject.bytes != NULL && type.bytes != NULL)
        event->message.key = join(arena, type_word(type), ":", subject);
    add_header(event, "content-type", span_from_text("application/cloudevents+json"));
    return true;
}

static struct span dump(struct arena *arena, const json_t *data)
{
    const size_t flags  = JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(17) | JSON_ENCODE_ANY;
    const size_t length = json_dumpb(data, NULL, 0, flags);
    char        *bytes  = arena_alloc(arena, length + 1, 1);

    if (bytes == NULL)
        return (struct span){ NULL, 0 };
    json_dumpb(data, bytes, length, flags);
    return span_of(bytes, length);
}

static struct span event_id(const struct feed_event_settings *settings, struct arena *arena, struct span type,
                            struct span subject, struct span time, struct span value)
{
    const struct span parts[] = { type, subject, time, value };
    unsigned char     hash[EVP_MAX_MD_SIZE];
    char              digits[33] = "";
    unsigned          length     = 0;
    EVP_MD_CTX       *digest     = EVP_MD_CTX_new();
    unsigned char     inner[EVP_MAX_MD_SIZE];

    if (digest == NULL)
        return (struct span){ NULL, 0 };
    EVP_DigestInit_ex(digest, EVP_sha256(), NULL);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        EVP_DigestUpdate(digest, &parts[i].length, sizeof parts[i].length);
        if (parts[i].length > 0)
            EVP_DigestUpdate(digest, parts[i].bytes, parts[i].length);
    }
    EVP_DigestFinal_ex(digest, inner, &length);
    EVP_MD_CTX_free(digest);
    HMAC(EVP_sha256(), settings->secret, (int)strlen(settings->secret), inner, length, hash, &length);
    for (size_t i = 0; i < 16; i++)
        snprintf(digits + 2 * i, 3, "%02x", hash[i]);
    return arena_copy(arena, span_of(digits, 32));
}

/* {"subject","time","data"}: sent in binary mode. "withdrawn": true gives a null value. */
static bool build_binary(const struct feed_event_settings *settings, const json_t *record, struct arena *arena,
                         struct feed_event *event, struct feed_fault *fault)
{
    const struct span type    = type_word(text_or(record, "type", settings->type));
    const struct span source  = text_or(record, "source", settings->source);
    const struct span subject = arena_copy(arena, text_of(record, "subject"));
    const struct span time    = text_or(record, "time", settings->time);
    const json_t     *data    = json_object_get(record, "data");

    event->message.topic = topic_for(settings, source);
    if (!json_is_true(json_object_get(record, "withdrawn"))) {
        event->message.value = data != NULL ? dump(arena, data) : span_from_text("");
        if (event->message.value.bytes == NULL)
            return no_memory(fault);
    }
    struct span id = text_of(record, "id");
    if (id.bytes == NULL)
        id = event_id(settings, arena, type, subject, time, event->message.value);
    if (text_of(record, "subject").bytes != NULL && type.bytes != NULL)
        event->message.key = join(arena, type, ":", subject);

    const struct span none = { NULL, 0 };
    add_header(event, "ce_specversion", span_from_text("1.0"));
    add_header(event, "ce_id", arena_copy(arena, id));
    add_header(event, "ce_source", source.bytes != NULL ? arena_copy(arena, source) : none);
    add_header(event, "ce_type",
               type.bytes != NULL ? join(arena, join(arena, span_from_text("hulei."), "", type), ".v1", none) : none);
    add_header(event, "ce_subject", text_of(record, "subject").bytes != NULL ? subject : none);
    add_header(event, "ce_time", time.bytes != NULL ? arena_copy(arena, time) : none);
    add_header(event, "ce_purpose",
               arena_copy(arena, text_of(record, "purpose")).length > 0 ? arena_copy(arena, text_of(record, "purpose"))
                                                                        : none);
    if (event->message.value.bytes != NULL)
        add_header(event, "content-type", span_from_text("application/json"));
    return true;
}

static bool decode_base64(const json_t *object, const char *name, struct arena *arena, struct span *out)
{
    const struct span text = text_of(object, name);

    *out = (struct span){ NULL, 0 };
    if (text.bytes == NULL)
        return json_is_null(json_object_get(object, name));
    unsigned char *bytes = arena_alloc(arena, text.length / 4 * 3 + 1, 1);
    const int length = bytes != NULL ? EVP_DecodeBlock(bytes, (const unsigned char *)text.bytes, (int)text.length) : -1;
    if (length < 0)
        return false;
    size_t padding = 0;
    while (padding < 2 && padding < text.length && text.bytes[text.length - 1 - padding] == '=')
        padding++;
    *out = span_of((const char *)bytes, (size_t)length - padding);
    return true;
}

/* A message written out whole; for tests and for sending parked messages again. */
static bool build_raw(const json_t *root, struct arena *arena, struct feed_event *event, struct feed_fault *fault)
{
    const json_t *headers = json_object_get(root, "headers");
    bool          is_ok   = decode_base64(root, "key_base64", arena, &event->message.key) &&
                 decode_base64(root, "value_base64", arena, &event->message.value);

    event->message.topic = arena_copy(arena, text_of(root, "topic"));
    for (size_t i = 0; is_ok && i < json_array_size(headers) && i < EVENT_HEADERS_MAX; i++) {
        const json_t       *header = json_array_get(headers, i);
        struct feed_header *made   = &event->headers[event->message.header_count++];
        made->name                 = arena_copy(arena, text_of(header, "name"));
        is_ok                      = decode_base64(header, "value_base64", arena, &made->value);
    }
    if (!is_ok)
        *fault = (struct feed_fault){
            .code = "not_raw", .stage = "encoding", .field = "row", .rule = "{topic, key_base64, headers, value_base64}"
        };
    return is_ok;
}

bool feed_event_build(const struct feed_event_settings *settings, const struct feed_row *row, bool is_raw,
                      struct arena *arena, struct feed_event *event, struct feed_fault *fault)
{
    *event                 = (struct feed_event){ 0 };
    event->message.headers = event->headers;
    if (row->has_fault) {
        *fault = row->fault;
        return false;
    }
    if (row->record != NULL)
        return build_binary(settings, row->record, arena, event, fault);

    json_t *root = NULL;
    if (text_json_scan(row->text, FEED_DEPTH_MAX) == TEXT_JSON_OK)
        root = json_loadb(row->text.bytes, row->text.length, JSON_REJECT_DUPLICATES, NULL);
    const bool is_whole = !json_is_object(root) || json_object_get(root, "specversion") != NULL;
    const bool is_ok    = is_raw     ? build_raw(root, arena, event, fault)
                          : is_whole ? build_structured(settings, row, root, arena, event, fault)
                                     : build_binary(settings, root, arena, event, fault);
    json_decref(root);
    return is_ok;
}
