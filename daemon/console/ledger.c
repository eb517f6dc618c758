/* Rows of a ledger; see ledger.h.
 * Has no rule of its own about a record: what is refused here, the engine refuses. */
#include "daemon/console/ledger.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NAME_BYTES = 128, TIME_BYTES = 32, LEDGER_LINE_MAX = 1000000, SUBJECT_BYTES_MAX = 800 };

const struct feed_topic *ledger_topic(const struct feed_config *config, const char *department)
{
    char name[NAME_BYTES];

    snprintf(name, sizeof name, "hulei.feed.%s.console", department);
    return feed_config_topic(config, span_from_text(name));
}

/* ---- the form of a row ---- */

static bool row_is_formed(const json_t *row)
{
    const json_t *line    = json_object_get(row, "row");
    const json_t *subject = json_object_get(row, "subject");
    const json_t *when    = json_object_get(row, "time");

    return json_is_object(row) && json_is_integer(line) && json_integer_value(line) >= 1 &&
           json_integer_value(line) <= LEDGER_LINE_MAX && json_is_string(subject) && json_string_length(subject) >= 1 &&
           json_string_length(subject) <= SUBJECT_BYTES_MAX && json_is_object(json_object_get(row, "data")) &&
           (when == NULL || json_is_string(when)) && json_object_size(row) == (when == NULL ? 3 : 4);
}

bool ledger_is_formed(const json_t *rows)
{
    size_t  at;
    json_t *row;

    if (!json_is_array(rows) || json_array_size(rows) < 1 || json_array_size(rows) > LEDGER_ROWS_MAX)
        return false;
    json_array_foreach(rows, at, row)
    {
        if (!row_is_formed(row))
            return false;
    }
    return true;
}

/* ---- the message ---- */

static void write_time(int64_t time_us, char text[TIME_BYTES])
{
    const time_t seconds = (time_t)(time_us / 1000000);
    struct tm    parts   = { 0 };

    gmtime_r(&seconds, &parts);
    strftime(text, TIME_BYTES, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

static char *make_message(const struct ledger_door *door, const char *type, const char *ledger, const json_t *source)
{
    char          id[NAME_BYTES], type_name[NAME_BYTES], now[TIME_BYTES];
    const json_t *when = json_object_get(source, "time");

    snprintf(id, sizeof id, "%s:%lld", ledger, (long long)json_integer_value(json_object_get(source, "row")));
    snprintf(type_name, sizeof type_name, "hulei.%s.v1", type);
    write_time(door->now_us, now);
    json_t *event = json_pack("{s:s, s:s, s:s, s:s, s:O, s:s, s:s, s:O}", "specversion", "1.0", "id", id, "source",
                              door->topic->sources[0].urn, "type", type_name, "subject",
                              json_object_get(source, "subject"), "time", when != NULL ? json_string_value(when) : now,
                              "datacontenttype", "application/json", "data", json_object_get(source, "data"));
    char   *text  = event != NULL ? json_dumps(event, JSON_COMPACT) : NULL;
    json_decref(event);
    return text;
}

static char *make_key(const char *type, const json_t *source)
{
    const char  *subject = json_string_value(json_object_get(source, "subject"));
    const size_t size    = strlen(type) + 1 + strlen(subject) + 1;
    char        *key     = malloc(size);

    if (key != NULL)
        snprintf(key, size, "%s:%s", type, subject);
    return key;
}

void ledger_row_judge(const struct ledger_door *door, const char *type, const char *ledger, const json_t *source,
                      struct arena *arena, struct ledger_row *row)
{
    *row = (struct ledger_row){
        .line    = json_integer_value(json_object_get(source, "row")),
        .outcome = FEED_REFUSED,
        .fault   = {"out_of_memory", "encoding", "", "memory"},
        .key     = make_key(type, source),
        .message = make_message(door, type, ledger, source),
    };
    if (row->key == NULL || row->message == NULL)
        return;
    const struct feed_header  header  = { span_from_text("content-type"),
                                          span_from_text("application/cloudevents+json; charset=UTF-8") };
    const struct feed_message message = {
        .topic          = span_from_text(door->topic->topic),
        .append_time_ms = door->now_us / 1000,
        .key            = span_from_text(row->key),
        .value          = span_from_text(row->message),
        .headers        = &header,
        .header_count   = 1,
    };
    struct feed_record record = { 0 };
    row->fault                = (struct feed_fault){ 0 };
    row->outcome = feed_decode(door->config, &door->policy, &message, door->now_us, arena, &record, &row->fault);
    OPENSSL_cleanse(arena->base, arena->used);
    arena_reset(arena);
}

static void wipe_text(char *text)
{
    if (text != NULL)
        OPENSSL_cleanse(text, strlen(text));
    free(text);
}

void ledger_row_clear(struct ledger_row *row)
{
    wipe_text(row->key);
    wipe_text(row->message);
    *row = (struct ledger_row){ 0 };
}
