/* Rows of courier_rows; see due.h. The enum is the statement's column list.
 * Holds no field rules; those are views.yaml's. */
#include "daemon/courier/due.h"

#include "daemon/common/db_array.h"
#include "daemon/common/view/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum column {
    OUTBOX_ID,
    KIND,
    TOPIC,
    KEY,
    PAYLOAD,
    HEADERS,
    REPEAT,
    SEQ,
    ALERT_ID,
    POST_ID,
    SERIES_ID,
    MESSAGE,
    TIER,
    RULE,
    POLICY,
    REASONS,
    REFS,
    EVIDENCE,
    VIEW,
    LEADS,
    CHILD_PERSON,
    RISK_PERSON,
    QUARTER,
    CHILD_PSEUDONYM,
    RISK_PSEUDONYM,
    REVIEWER,
    REASON_CODE,
    DECIDED_AT,
    CREATED_AT,
    ACK_BY,
    ACT_BY,
    EXPIRES,
    ERASE_BY,
    PROVISIONAL,
    IS_EMERGENCY,
    PART_KEY_ID,
    PART_WRAPPED,
    PART_BODY,
    STATUS,
    GROUP,
    KEY_ID,
    KEY_WRAPPED,
};

/* libpq ends every value with a NUL, binary ones too. */
static const char *text(const struct due_row *due, enum column column)
{
    return PQgetisnull(due->result, due->row, column) ? NULL : PQgetvalue(due->result, due->row, column);
}

static bool is_true(const struct due_row *due, enum column column)
{
    const char *word = text(due, column);

    return word != NULL && strcmp(word, "true") == 0;
}

/* An integer as PostgreSQL writes it. */
static int number(const char *digits)
{
    return (int)strtol(digits, NULL, 10);
}

void due_read(const PGresult *result, int row, struct due_row *due)
{
    *due                 = (struct due_row){ .result = result, .row = row };
    due->outbox_id       = strtoll(text(due, OUTBOX_ID), NULL, 10);
    due->kind            = text(due, KIND);
    due->topic           = text(due, TOPIC);
    due->key             = text(due, KEY);
    due->payload         = text(due, PAYLOAD);
    due->payload_length  = (size_t)PQgetlength(result, row, PAYLOAD);
    due->headers         = text(due, HEADERS);
    due->wrapped         = db_get_span(result, row, KEY_WRAPPED);
    due->key_id          = due->wrapped.bytes != NULL ? strtoll(text(due, KEY_ID), NULL, 10) : 0;
    due->alert_id        = text(due, ALERT_ID);
    due->series_id       = text(due, SERIES_ID);
    due->ack_by          = text(due, ACK_BY);
    due->act_by          = text(due, ACT_BY);
    due->child_pseudonym = text(due, CHILD_PSEUDONYM);
    due->risk_pseudonym  = text(due, RISK_PSEUDONYM);
}

bool due_is_alert(const struct due_row *due)
{
    return strcmp(due->kind, "alert") == 0;
}

static void make_pseudonym(const struct due_row *due, const struct blind *blind, char prefix, enum column person,
                           char pseudonym[PSEUDONYM_BYTES])
{
    unsigned char     hash[8];
    const char       *post    = text(due, POST_ID);
    const char       *quarter = text(due, QUARTER);
    const char       *id      = text(due, person);
    const struct span parts[] = { span_from_text(id), span_from_text(post), span_from_text(quarter) };

    blind_hash(blind, BLIND_PSEUDONYM, parts, 3, hash, sizeof hash);
    int used = snprintf(pseudonym, PSEUDONYM_BYTES, "%c-", prefix);
    for (size_t i = 0; i < sizeof hash; i++)
        used += snprintf(pseudonym + used, PSEUDONYM_BYTES - (size_t)used, "%02x", hash[i]);
}

bool due_make_pseudonyms(const struct due_row *due, const struct blind *blind, char child[PSEUDONYM_BYTES],
                         char risk[PSEUDONYM_BYTES])
{
    const bool is_emergency = is_true(due, IS_EMERGENCY);

    if (text(due, POST_ID) == NULL || text(due, QUARTER) == NULL ||
        (text(due, RISK_PERSON) == NULL) != is_emergency) /* an emergency never names one */
        return false;
    child[0] = '\0';
    risk[0]  = '\0';
    if (text(due, CHILD_PERSON) != NULL)
        make_pseudonym(due, blind, 'c', CHILD_PERSON, child);
    if (!is_emergency)
        make_pseudonym(due, blind, 'r', RISK_PERSON, risk);
    return true;
}

static json_t *load(const struct due_row *due, enum column column)
{
    const char *source = text(due, column);

    return source != NULL ? json_loads(source, JSON_DECODE_ANY, NULL) : NULL;
}

/* NULL where none is due, or with *missing set. */
static char *make_part(const struct due_row *due, const struct due_tools *tools, const struct view_rights *rights,
                       const char **missing)
{
    const char *message = text(due, MESSAGE);

    if (!is_true(due, IS_EMERGENCY) || !rights->has_sealed_part || number(text(due, TIER)) != 1 ||
        (strcmp(message, "alert") != 0 && strcmp(message, "update") != 0))
        return NULL;
    *missing = "not_encrypted";
    if (tools->parts == NULL)
        return NULL;
    const char                        *key    = text(due, PART_KEY_ID);
    const struct emergency_part_source source = {
        .data_key_id = key != NULL ? strtoll(key, NULL, 10) : 0,
        .wrapped     = db_get_span(due->result, due->row, PART_WRAPPED),
        .body        = db_get_span(due->result, due->row, PART_BODY),
    };
    return emergency_part_make(tools->parts, &source, due->alert_id, text(due, POST_ID), missing);
}

json_t *due_render(const struct due_row *due, const struct due_tools *tools, const char *child_pseudonym,
                   const char *risk_pseudonym)
{
    static const enum column required[] = {
        ALERT_ID, POST_ID, SERIES_ID, MESSAGE, TIER, RULE, VIEW, CREATED_AT, STATUS
    };
    enum view view;

    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        if (text(due, required[i]) == NULL)
            return NULL;
    }
    if (!view_parse(text(due, VIEW), &view))
        return NULL;
    const struct view_rights *rights   = view_policy_rights(tools->views, view);
    const char               *missing  = NULL;
    char                     *part     = make_part(due, tools, rights, &missing);
    json_t                   *reasons  = load(due, REASONS);
    json_t                   *refs     = load(due, REFS);
    json_t                   *evidence = load(due, EVIDENCE);
    json_t                   *leads    = load(due, LEADS);
    const char               *seq      = text(due, SEQ);
    const struct view_alert   alert    = {
             .shard           = tools->shard,
             .alert_id        = due->alert_id,
             .series_id       = due->series_id,
             .post_id         = text(due, POST_ID),
             .leads           = leads,
             .message         = text(due, MESSAGE),
             .status          = text(due, STATUS),
             .tier            = number(text(due, TIER)),
             .rule            = text(due, RULE),
             .policy          = text(due, POLICY),
             .reasons         = reasons,
             .refs            = refs,
             .evidence        = evidence,
             .child_pseudonym = child_pseudonym[0] != '\0' ? child_pseudonym : NULL,
             .risk_pseudonym  = risk_pseudonym[0] != '\0' ? risk_pseudonym : NULL,
             .reviewer        = text(due, REVIEWER),
             .decided_at      = text(due, DECIDED_AT),
             .reason_code     = text(due, REASON_CODE),
             .created_at      = text(due, CREATED_AT),
             .ack_by          = due->ack_by,
             .act_by          = due->act_by,
             .expires         = text(due, EXPIRES),
             .erase_by        = text(due, ERASE_BY),
             .is_provisional  = is_true(due, PROVISIONAL),
             .is_emergency    = is_true(due, IS_EMERGENCY),
             .sealed_part     = part,
             .sealed_missing  = part == NULL ? missing : NULL,
             .repeat          = number(text(due, REPEAT)),
             .seq             = seq != NULL ? number(seq) : 1,
    };
    json_t *event = view_render(&alert, rights);
    free(part);
    if (event != NULL && text(due, GROUP) != NULL)
        json_object_set_new(json_object_get(event, "data"), "group", json_string(text(due, GROUP)));
    json_decref(reasons);
    json_decref(refs);
    json_decref(evidence);
    json_decref(leads);
    return event;
}
