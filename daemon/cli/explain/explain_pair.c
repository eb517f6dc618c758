/* A pair explained; see explain_pair.h.
 * Says what the database keeps and computes no tier anew. */
#include "daemon/cli/explain/explain_pair.h"

#include "daemon/cli/admin.h"
#include "daemon/cli/explain/explain_words.h"
#include "daemon/common/feed/feed_payload.h"

#include <string.h>

json_t *explain_pair_read(const char *config, const char *public_id)
{
    struct admin admin;
    PGresult    *result = NULL;
    json_t      *pair   = NULL;

    if (admin_open(&admin, "explain", config, ADMIN_AS_ENGINE) != 0)
        return NULL;
    const struct db_param params[] = { db_text(public_id), db_text(admin.os_user) };
    if (db_run(admin.db, &statement_explain_pair, params, 2, &result) != DB_OK)
        admin_complain(&admin, "explain");
    else if (PQgetisnull(result, 0, 0))
        fputs("hulei explain: there is no such pair\n", stderr);
    else
        pair = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
    PQclear(result);
    admin_close(&admin);
    return pair;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

static long long number_of(const json_t *object, const char *key)
{
    return (long long)json_integer_value(json_object_get(object, key));
}

void explain_pair_add_words(json_t *pair)
{
    const json_t *codes = json_object_get(pair, "reasons");
    json_t       *words = json_array();

    json_object_set_new(pair, "rule_words", json_string(explain_rule_words(text_of(pair, "rule"))));
    for (size_t i = 0; i < json_array_size(codes); i++) {
        bool        is_modifier = false;
        const char *code        = json_string_value(json_array_get(codes, i));
        const char *meaning     = explain_reason_words(code, &is_modifier);
        json_array_append_new(words,
                              json_pack("{s:s, s:s, s:b}", "code", code, "words", meaning, "modifier", is_modifier));
    }
    json_object_set_new(pair, "reasons", words);
}

/* "2026-03-01T08:00:00.123+00:00" to the second. */
static int time_length(const char *time)
{
    return (int)strcspn(time, ".+");
}

static void print_reasons(FILE *out, const json_t *pair, bool modifiers)
{
    const json_t *reasons = json_object_get(pair, "reasons");

    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);
        if (json_is_true(json_object_get(reason, "modifier")) == modifiers)
            fprintf(out, "  %-18s %s\n", text_of(reason, "code"), text_of(reason, "words"));
    }
}

static void print_person(FILE *out, const json_t *pair, const char *side)
{
    const json_t *person = json_object_get(pair, side);

    if (person != NULL)
        fprintf(out, "  %-18s identity %s, %lld records, %lld human answers\n", side, text_of(person, "grade"),
                number_of(person, "records"), number_of(person, "answers"));
}

static void print_events(FILE *out, const json_t *pair)
{
    const json_t *events = json_object_get(pair, "events"), *decisions = json_object_get(pair, "decisions");

    fputs("life\n", out);
    for (size_t i = 0; i < json_array_size(events); i++) {
        const json_t *event = json_array_get(events, i);
        const char   *at    = text_of(event, "at");
        fprintf(out, "  %3lld %.*s  %-11s %s -> %s   by %s", number_of(event, "version"), time_length(at), at,
                text_of(event, "event"), text_of(event, "from"), text_of(event, "to"), text_of(event, "by"));
        for (size_t j = 0; j < json_array_size(decisions); j++) {
            const json_t *decision = json_array_get(decisions, j);
            if (number_of(decision, "version") == number_of(event, "version"))
                fprintf(out, "   %s", text_of(decision, "reason"));
        }
        fputc('\n', out);
    }
}

static void print_messages(FILE *out, const json_t *pair)
{
    const json_t *messages = json_object_get(pair, "messages"), *waiting = json_object_get(pair, "waiting");
    const char   *post;
    json_t       *state;

    for (size_t i = 0; i < json_array_size(messages); i++) {
        const json_t *message = json_array_get(messages, i);
        const char   *at      = text_of(message, "at");
        fprintf(out, "%s %.*s  tier %lld%s ", text_of(message, "msg"), time_length(at), at, number_of(message, "tier"),
                json_is_true(json_object_get(message, "provisional")) ? ", provisional" : "");
        json_object_foreach(json_object_get(message, "posts"), post, state)
            fprintf(out, "  %s: %s", post, json_string_value(state));
        fputc('\n', out);
    }
    for (size_t i = 0; i < json_array_size(waiting); i++) {
        const json_t *task = json_array_get(waiting, i);
        const char   *due  = text_of(task, "due");
        fprintf(out, "waits for %s (%s), due %.*s, escalated %lld times\n",
                strcmp(text_of(task, "kind"), "sign") == 0 ? "a signature" : "a review", text_of(task, "task"),
                time_length(due), due, number_of(task, "step"));
    }
}

void explain_pair_print(FILE *out, const json_t *pair)
{
    static const char *const colours[] = { "-", "red", "orange", "yellow", "blue" };
    const long long          tier      = number_of(pair, "tier");
    const char              *key;
    json_t                  *value;

    fprintf(out, "pair %s (%s)   %s, version %lld   %s\n", text_of(pair, "pair"), text_of(pair, "subject"),
            text_of(pair, "state"), number_of(pair, "version"), tier >= 1 && tier <= 4 ? colours[tier] : colours[0]);
    fprintf(out, "policy %s   identity model %s\n", text_of(pair, "policy"), text_of(pair, "model"));
    fprintf(out, "rule %s: %s\n", text_of(pair, "rule"), text_of(pair, "rule_words"));
    print_reasons(out, pair, false);
    fputs("modifiers and caps\n", out);
    print_reasons(out, pair, true);
    fputs("evidence\n", out);
    json_object_foreach(json_object_get(pair, "evidence"), key, value)
    {
        fprintf(out, "  %-24s ", key);
        json_dumpf(value, out, JSON_ENCODE_ANY | JSON_COMPACT);
        fputc('\n', out);
    }
    print_person(out, pair, "child");
    print_person(out, pair, "risk");
    if (number_of(pair, "rejected_before") > 0)
        fprintf(out, "rejected before on %lld other evidences, or this one: none of them asks again\n",
                number_of(pair, "rejected_before"));
    print_events(out, pair);
    print_messages(out, pair);
}

bool explain_pair_records(const json_t *pair, const char *side, char ids[2][EXPLAIN_ID_BYTES])
{
    const json_t *newest = json_object_get(json_object_get(pair, side), "newest");

    if (json_array_size(newest) != 2)
        return false;
    for (size_t i = 0; i < 2; i++) {
        const json_t *record = json_array_get(newest, i);
        snprintf(ids[i], EXPLAIN_ID_BYTES, "%s/%s/%s/%lld", text_of(record, "source"),
                 feed_type_word((enum feed_type)number_of(record, "type")), text_of(record, "subject"),
                 number_of(record, "slot"));
    }
    return true;
}
