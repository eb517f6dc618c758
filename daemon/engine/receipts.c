/* Receipts; see receipts.h.
 * The courier produces them; the engine only writes outbox rows. */
#include "daemon/engine/receipts.h"

#include "daemon/common/feed/feed.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 500 };

const char *receipt_outcome_word(enum receipt_outcome outcome)
{
    static const char *const words[RECEIPT_OUTCOME_COUNT] = {
        [RECEIPT_ACCEPTED]   = "accepted",
        [RECEIPT_UNCHANGED]  = "unchanged",
        [RECEIPT_SUPERSEDED] = "superseded",
        [RECEIPT_REFUSED]    = "refused",
    };

    return words[outcome];
}

static bool is_same_group(const struct receipt *a, const struct receipt *b)
{
    return span_equals(a->feed_topic, b->feed_topic) && span_equals(a->source, b->source);
}

static void set_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL && text[0] != '\0')
        json_object_set_new(object, key, json_string(text));
}

static json_t *entry_of(const struct receipt *receipt)
{
    json_t *entry = json_object();

    if (receipt->event_id.bytes != NULL) {
        json_object_set_new(entry, "id", json_stringn(receipt->event_id.bytes, receipt->event_id.length));
    } else {
        json_object_set_new(entry, "partition", json_integer(receipt->part));
        json_object_set_new(entry, "offset", json_integer(receipt->off));
    }
    set_text(entry, "outcome", receipt_outcome_word(receipt->outcome));
    set_text(entry, "code", receipt->code);
    set_text(entry, "field", receipt->field);
    set_text(entry, "rule", receipt->rule);
    set_text(entry, "note", receipt->note);
    return entry;
}

static bool write_list(struct store_batch *batch, const struct receipt *first, json_t *list)
{
    char    topic[FEED_RECEIPT_TOPIC_BYTES];
    json_t *message = json_object();

    if (first->source.bytes != NULL)
        json_object_set_new(message, "source", json_stringn(first->source.bytes, first->source.length));
    json_object_set(message, "receipts", list);
    char *text = json_dumps(message, JSON_COMPACT);
    json_decref(message);
    if (text == NULL)
        return false;
    feed_receipt_topic(first->feed_topic, topic);
    store_add_text(batch, STORE_RECEIPTS, topic);
    store_add_span(batch, STORE_RECEIPTS, first->source.bytes != NULL ? first->source : span_from_text("unknown"));
    store_add_span(batch, STORE_RECEIPTS, span_from_text(text));
    free(text);
    return true;
}

/* Writes the group of receipts[first]; those before it that match were written with their own first. */
static bool write_group(struct store_batch *batch, const struct receipt *receipts, size_t first, size_t count)
{
    json_t *list   = json_array();
    bool    is_fit = list != NULL;

    for (size_t i = first; i < count && is_fit; i++) {
        if (!is_same_group(&receipts[first], &receipts[i]))
            continue;
        is_fit = json_array_append_new(list, entry_of(&receipts[i])) == 0;
        if (is_fit && json_array_size(list) == LIST_MAX) {
            is_fit = write_list(batch, &receipts[first], list);
            json_array_clear(list);
        }
    }
    if (is_fit && json_array_size(list) > 0)
        is_fit = write_list(batch, &receipts[first], list);
    json_decref(list);
    return is_fit;
}

static bool is_first_of_group(const struct receipt *receipts, size_t i)
{
    for (size_t before = 0; before < i; before++) {
        if (is_same_group(&receipts[before], &receipts[i]))
            return false;
    }
    return true;
}

bool receipts_write(struct store_batch *batch, const struct receipt *receipts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_first_of_group(receipts, i) && !write_group(batch, receipts, i, count))
            return false;
    }
    return true;
}
