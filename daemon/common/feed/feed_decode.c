/* The front door of the feeds; see feed.h.
 * Order matters: whatever may be sealed is found before anything could have it parked. */
#include "daemon/common/feed/feed.h"

#include "daemon/common/clock.h"
#include "daemon/common/feed/feed_envelope.h"
#include "daemon/common/feed/feed_seal.h"
#include "daemon/common/feed/feed_tables.h"
#include "daemon/common/feed/feed_text.h"

#include <stdio.h>

enum { AHEAD_HOURS_MAX = 24 };

struct decoding {
    const struct feed_config  *config;
    const struct policy       *policy;
    const struct feed_message *message;
    int64_t                    now_us;
    struct arena              *arena;
    struct feed_record        *out;
    struct feed_fault         *fault;
    enum envelope_mode         mode;
    struct envelope            envelope;
    json_t                    *root; /* owned */
    json_t                    *data; /* inside root */
};

static bool fail(struct decoding *decoding, const char *stage, const char *code, const char *field, const char *rule)
{
    *decoding->fault = (struct feed_fault){ .code = code, .stage = stage, .rule = rule };
    snprintf(decoding->fault->field, sizeof decoding->fault->field, "%s", field);
    return false;
}

/* The value as UTF-8 that is safe to parse. */
static bool read_text(struct decoding *decoding, struct span *text)
{
    static const char mark[] = "\xef\xbb\xbf";
    const struct span value  = decoding->message->value;

    *text = value;
    switch (envelope_charset_of(decoding->message)) {
    case CHARSET_UTF8:
        if (!text_is_utf8(value))
            return fail(decoding, "encoding", "not_utf8", "value", "well-formed UTF-8");
        break;
    case CHARSET_GB18030:
        switch (text_from_gb18030(value, decoding->arena, text)) {
        case TEXT_OK:
            break;
        case TEXT_MALFORMED:
            return fail(decoding, "encoding", "not_gb18030", "value", "well-formed GB18030");
        case TEXT_OUT_OF_MEMORY:
            return fail(decoding, "encoding", "out_of_memory", "value", "arena");
        }
        break;
    case CHARSET_UNKNOWN:
        return fail(decoding, "encoding", "unknown_charset", "content-type", "UTF-8, GB18030, GBK or GB2312");
    }
    if (text->length >= 3 && memcmp(text->bytes, mark, 3) == 0)
        *text = span_of(text->bytes + 3, text->length - 3);
    return true;
}

static bool parse_fault(struct decoding *decoding, const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_duplicate_key:
        return fail(decoding, "json", "duplicate_key", "value", "each key once");
    case json_error_numeric_overflow:
        return fail(decoding, "json", "number_out_of_range", "value", "64-bit whole or finite number");
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return fail(decoding, "json", "nul_in_text", "value", "no U+0000");
    case json_error_out_of_memory:
        return fail(decoding, "json", "out_of_memory", "value", "memory");
    default:
        return fail(decoding, "json", "not_json", "value", "one JSON object");
    }
}

static bool parse(struct decoding *decoding)
{
    struct span  text  = { NULL, 0 };
    json_error_t error = { 0 };
    const size_t used  = decoding->arena->used;

    if (decoding->message->value.length > FEED_VALUE_BYTES_MAX)
        return fail(decoding, "encoding", "too_large", "value", "at most 1 MiB");
    if (!read_text(decoding, &text))
        return false;
    switch (text_json_scan(text, FEED_DEPTH_MAX)) {
    case TEXT_JSON_OK:
        break;
    case TEXT_JSON_TOO_DEEP:
        return fail(decoding, "json", "too_deep", "value", "at most 32 levels");
    case TEXT_JSON_NUL:
        return fail(decoding, "json", "nul_in_text", "value", "no U+0000");
    case TEXT_JSON_LONE_SURROGATE:
        return fail(decoding, "json", "lone_surrogate", "value", "whole surrogate pairs");
    }
    decoding->root        = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES, &error);
    decoding->arena->used = used; /* the converted text is in the tree now: a batch of large ones must not add up */
    if (decoding->root == NULL)
        return parse_fault(decoding, &error);
    if (!json_is_object(decoding->root))
        return fail(decoding, "json", "not_json", "value", "one JSON object");
    return true;
}

/* Fills envelope and data from the parsed value. */
static void open_envelope(struct decoding *decoding)
{
    if (decoding->mode == ENVELOPE_STRUCTURED || decoding->mode == ENVELOPE_UNKNOWN) {
        envelope_from_json(decoding->root, &decoding->envelope, decoding->out);
        envelope_copy(&decoding->envelope, decoding->arena, decoding->out);
    }
    decoding->data = decoding->root;
    if (decoding->mode == ENVELOPE_STRUCTURED || json_object_get(decoding->root, "data") != NULL)
        decoding->data = json_object_get(decoding->root, "data");
    if (decoding->mode == ENVELOPE_BINARY)
        decoding->data = decoding->root;
}

static bool has_word(char *const *words, uint32_t count, const char *word)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(words[i], word) == 0)
            return true;
    }
    return false;
}

static bool check_key(struct decoding *decoding)
{
    const struct span  key     = decoding->message->key;
    const char        *word    = feed_type_word(decoding->out->type);
    const size_t       length  = strlen(word);
    const struct span *subject = &decoding->out->subject;

    if (key.bytes == NULL)
        return fail(decoding, "binding", "key_missing", "key", "<type>:<subject>");
    if (key.length != length + 1 + subject->length || memcmp(key.bytes, word, length) != 0 ||
        key.bytes[length] != ':' || memcmp(key.bytes + length + 1, subject->bytes, subject->length) != 0)
        return fail(decoding, "binding", "key_mismatch", "key", "<type>:<subject>");
    return true;
}

static bool refuse_type(struct decoding *decoding)
{
    return fail(decoding, "binding", "not_enabled", "type", "not served yet");
}

static bool check_type(struct decoding *decoding)
{
    struct feed_record *out = decoding->out;

    if (out->type == FEED_TYPE_NONE)
        return fail(decoding, "binding", "unknown_type", "type", "a type of FEEDS.md, version 1");
    out->is_emergency = feed_type_is_emergency(out->type);
    if (out->is_emergency && !feed_topic_is_emergency(out->topic))
        return true; /* bound or not: it is handed on, and the feed's owner is told to send it elsewhere */
    if (!out->is_emergency && feed_topic_is_emergency(out->topic))
        return fail(decoding, "binding", "type_not_allowed", "type", "sos, report or lodging on an emergency topic");
    if (!feed_type_is_enabled(out->type) && feed_table_of(out->type) == NULL)
        return refuse_type(decoding);
    if (!has_word(out->source_binding->types, out->source_binding->types_count, feed_type_word(out->type)))
        return fail(decoding, "binding", "type_not_allowed", "type", "bound to the source");
    return true;
}

static bool check_purpose(struct decoding *decoding)
{
    struct feed_record       *out    = decoding->out;
    const struct feed_source *source = out->source_binding;

    if (out->purpose.bytes == NULL)
        out->purpose = span_from_text(source->purpose);
    if (out->basis.bytes == NULL)
        out->basis = span_from_text(source->basis);
    if (out->purpose.bytes == NULL)
        return fail(decoding, "binding", "missing_attribute", "purpose", "required");
    if (out->basis.bytes == NULL)
        return fail(decoding, "binding", "missing_attribute", "basis", "required");
    for (uint32_t i = 0; i < decoding->config->purposes_count; i++) {
        if (span_equals_text(out->purpose, decoding->config->purposes[i]))
            return true;
    }
    return fail(decoding, "binding", "purpose_unknown", "purpose", "in the catalogue");
}

/* Who may send what on this topic, and when. */
static bool check_binding(struct decoding *decoding)
{
    struct feed_record *out = decoding->out;

    out->topic = feed_config_topic(decoding->config, decoding->message->topic);
    if (out->topic == NULL)
        return fail(decoding, "binding", "topic_unknown", "topic", "bound in the configuration");
    out->source_binding = feed_topic_source(out->topic, out->source);
    if (out->source_binding == NULL)
        return fail(decoding, "binding", "source_not_allowed", "source", "bound to the topic");
    if (!check_type(decoding) || !check_key(decoding))
        return false;
    if (out->time_us > decoding->now_us + (int64_t)AHEAD_HOURS_MAX * 3600 * 1000000)
        return fail(decoding, "envelope", "time_in_future", "time", "at most 24 h ahead");
    if (decoding->mode == ENVELOPE_WITHDRAWAL && out->is_emergency)
        return fail(decoding, "policy", "not_withdrawn", "value", "an emergency ends with the answer of a post");
    return check_purpose(decoding);
}

/* What was checked was also copied, unless the arena was full. */
static bool is_copied(const struct decoding *decoding)
{
    const struct envelope    *envelope = &decoding->envelope;
    const struct feed_record *out      = decoding->out;

    return out->subject.bytes != NULL && out->source.bytes != NULL && out->event_id.bytes != NULL &&
           (out->purpose.bytes != NULL || envelope->purpose.length == 0) &&
           (out->basis.bytes != NULL || envelope->basis.length == 0);
}

static bool check_envelope(struct decoding *decoding)
{
    if (!envelope_check(&decoding->envelope, decoding->mode == ENVELOPE_WITHDRAWAL, decoding->fault))
        return false;
    if (!is_copied(decoding))
        return fail(decoding, "envelope", "out_of_memory", "subject", "arena");
    return check_binding(decoding);
}

static bool check_category(struct decoding *decoding)
{
    const enum policy_category_code code   = decoding->out->risk.category;
    const char                     *word   = policy_category_word(code);
    const struct feed_source       *source = decoding->out->source_binding;

    if (code == CATEGORY_ORDER)
        return fail(decoding, "schema", "unknown_word", "data.category", "order is a type, not a category");
    switch (policy_category_state(decoding->policy, code, clock_day_of(decoding->now_us))) {
    case POLICY_REFUSED:
        return fail(decoding, "policy", "category_refused", "data.category", "refused by the policy");
    case POLICY_OFF:
        return fail(decoding, "policy", "category_off", "data.category", "off in the policy");
    case POLICY_ON:
        break;
    }
    if (!has_word(source->categories, source->categories_count, word))
        return fail(decoding, "binding", "category_not_allowed", "data.category", "bound to the source");
    return true;
}

/* Another source's record may be named, but only of a source that exists in the configuration. */
static bool check_named_source(struct decoding *decoding, const struct feed_reference *named)
{
    const struct span source = named->source;

    if (source.bytes == NULL)
        return true;
    for (uint32_t i = 0; i < decoding->config->topics_count; i++) {
        if (feed_topic_source(&decoding->config->topics[i], source) != NULL)
            return true;
    }
    return fail(decoding, "policy", "source_unknown", "data.record.source", "bound in the configuration");
}

/* `length_hint` in bytes: what is mostly enough, so that the tree is walked once. */
static bool write_canonical(struct arena *arena, const json_t *data, size_t length_hint, struct span *out)
{
    const size_t flags  = JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(17);
    char        *bytes  = arena_alloc(arena, length_hint, 1);
    size_t       length = bytes != NULL ? json_dumpb(data, bytes, length_hint, flags) : 0;

    if (length > length_hint) {
        bytes  = arena_alloc(arena, length, 1);
        length = bytes != NULL ? json_dumpb(data, bytes, length, flags) : 0;
    }
    if (bytes != NULL && length < length_hint)
        arena->used -= length_hint - length; /* the last allocation: give the rest back */
    *out = span_of(bytes, length);
    return bytes != NULL;
}

static bool read_body(struct decoding *decoding, enum policy_seal seal)
{
    struct feed_record  *out = decoding->out;
    struct field_reading reading;

    if (!json_is_object(decoding->data))
        return fail(decoding, "schema", "wrong_type", "data", "object");
    field_reading_init(&reading, "data", decoding->arena, out, decoding->fault);
    if (!field_read_object(&reading, feed_table_of(out->type), decoding->data, out))
        return false;
    if (out->type == FEED_RISK && !check_category(decoding))
        return false;
    if (out->type == FEED_SEAL && !check_named_source(decoding, &out->seal.record))
        return false;
    if (out->type == FEED_OBJECTION && !check_named_source(decoding, &out->objection.record))
        return false;
    if (out->type == FEED_CORRECTION && !check_named_source(decoding, &out->correction.record))
        return false;
    if (!feed_type_is_enabled(out->type)) /* its shape was checked all the same: the source may prepare */
        return refuse_type(decoding);
    if (seal == SEAL_ASK_OWNER)
        return fail(decoding, "policy", "seal_unclear", feed_seal_missing(decoding->data),
                    "offence date, or birth and judgment dates, to tell");
    if (!write_canonical(decoding->arena, decoding->data, decoding->message->value.length + 64, &out->canonical_json))
        return fail(decoding, "schema", "out_of_memory", "data", "arena");
    out->data_digest_input = out->canonical_json;
    return true;
}

static enum feed_outcome outcome_of(bool is_ok)
{
    return is_ok ? FEED_OK : FEED_REFUSED;
}

/* The body is dropped whatever the envelope says; but only the rightful source may cause a tombstone. */
static enum feed_outcome drop_sealed(struct decoding *decoding)
{
    const bool is_rightful = decoding->mode != ENVELOPE_UNKNOWN && check_envelope(decoding);

    if (!is_rightful && decoding->fault->code != NULL && strcmp(decoding->fault->code, "out_of_memory") == 0)
        return FEED_REFUSED; /* to be asked again: a tombstone must not be lost */
    if (!is_rightful)
        decoding->out->subject = (struct span){ NULL, 0 };
    fail(decoding, "policy", "sealed", "data", "sealed records are not taken");
    return FEED_SEALED;
}

static enum feed_outcome decode(struct decoding *decoding)
{
    decoding->mode = envelope_mode_of(decoding->message);
    if (decoding->mode == ENVELOPE_WITHDRAWAL || decoding->mode == ENVELOPE_BINARY) {
        envelope_from_headers(decoding->message, &decoding->envelope);
        envelope_copy(&decoding->envelope, decoding->arena, decoding->out);
    }
    if (decoding->mode == ENVELOPE_WITHDRAWAL) {
        decoding->out->is_withdrawal = true;
        return outcome_of(check_envelope(decoding));
    }
    const bool is_parsed = parse(decoding);
    if (is_parsed)
        open_envelope(decoding);

    const enum policy_seal seal = is_parsed && json_is_object(decoding->data)
                                      ? feed_seal_check(decoding->policy, decoding->out->type, decoding->data)
                                      : SEAL_NOT_SEALED;
    if (seal == SEAL_SEALED)
        return drop_sealed(decoding);
    if (decoding->mode == ENVELOPE_UNKNOWN)
        return outcome_of(fail(decoding, "envelope", "missing_attribute", "content-type",
                               "ce_ headers, or application/cloudevents+json"));
    return outcome_of(is_parsed && check_envelope(decoding) && read_body(decoding, seal));
}

/* What a refusal leaves: the envelope and the counters, nothing of the body. */
static void forget_body(struct feed_record *record)
{
    struct feed_record envelope = { 0 };

    envelope.type             = record->type;
    envelope.is_withdrawal    = record->is_withdrawal;
    envelope.is_emergency     = record->is_emergency;
    envelope.event_id         = record->event_id;
    envelope.source           = record->source;
    envelope.subject          = record->subject;
    envelope.time_us          = record->time_us;
    envelope.topic            = record->topic;
    envelope.source_binding   = record->source_binding;
    envelope.unknown_fields   = record->unknown_fields;
    envelope.forbidden_fields = record->forbidden_fields;
    memcpy(envelope.forbidden_paths, record->forbidden_paths, sizeof envelope.forbidden_paths);
    *record = envelope;
}

enum feed_outcome feed_decode(const struct feed_config *config, const struct policy *policy,
                              const struct feed_message *message, int64_t now_us, struct arena *arena,
                              struct feed_record *out, struct feed_fault *fault)
{
    struct decoding decoding = { .config  = config,
                                 .policy  = policy,
                                 .message = message,
                                 .now_us  = now_us,
                                 .arena   = arena,
                                 .out     = out,
                                 .fault   = fault };

    *out                            = (struct feed_record){ 0 };
    *fault                          = (struct feed_fault){ 0 };
    const enum feed_outcome outcome = decode(&decoding);
    if (outcome != FEED_OK)
        forget_body(out);
    json_decref(decoding.root);
    return outcome;
}

enum feed_outcome feed_decode_stored(enum feed_type type, struct span canonical_json, struct arena *arena,
                                     struct feed_record *out, struct feed_fault *fault)
{
    const struct field_table *table    = feed_table_of(type);
    struct decoding           decoding = { .arena = arena, .out = out, .fault = fault };
    struct field_reading      reading;

    *out = (struct feed_record){ .type = type };
    if (table == NULL)
        return outcome_of(fail(&decoding, "binding", "not_enabled", "type", "not served"));
    json_t *data = json_loadb(canonical_json.bytes, canonical_json.length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(data)) {
        json_decref(data);
        return outcome_of(fail(&decoding, "json", "not_json", "value", "one JSON object"));
    }
    field_reading_init(&reading, "data", arena, out, fault);
    const bool is_read = field_read_object(&reading, table, data, out);
    json_decref(data);
    out->canonical_json    = canonical_json;
    out->data_digest_input = canonical_json;
    return outcome_of(is_read);
}
