/* Answers in the database; see ack_store.h.
 * Begins and ends no transaction. */
#include "daemon/courier/ack_store.h"

#include "daemon/courier/courier_metrics.h"

#include <stdio.h>
#include <string.h>

/* Reads what the database knows and lets ack_judge() decide. */
static enum db_status judge(const struct ack *ack, const char *topic_post, struct db *db, enum ack_verdict *verdict)
{
    const struct db_param params[] = { db_text(ack->alert_id), db_text(topic_post) };
    PGresult             *result   = NULL;
    const enum db_status  status   = db_run(db, &statement_courier_ack_facts, params, 2, &result);

    if (status != DB_OK)
        return status;
    struct ack_facts facts = {
        .alert_exists    = PQgetvalue(result, 0, 0)[0] == 't',
        .delivery_exists = PQgetvalue(result, 0, 1)[0] == 't',
        .current         = DELIVERY_QUEUED,
        .is_past_due     = PQgetvalue(result, 0, 3)[0] == 't',
    };
    if (facts.delivery_exists && !delivery_state_parse(PQgetvalue(result, 0, 2), &facts.current))
        facts.current = DELIVERY_CLOSED; /* a word of a newer schema: change nothing */
    PQclear(result);
    *verdict = ack_judge(ack, topic_post, facts);
    return DB_OK;
}

static enum db_status apply(const struct ack *ack, struct db *db, struct ack_counts *counts)
{
    const struct db_param params[] = { db_text(ack->alert_id), db_text(ack->post_id),
                                       db_text(delivery_state_word(ack->state)), db_text(ack->outcome_code),
                                       db_text(ack->who) };

    PGresult            *result = NULL;
    const enum db_status status = db_run(db, &statement_courier_ack_apply, params, 5, &result);

    if (status != DB_OK)
        return status;
    counts->reopened += PQgetvalue(result, 0, 0)[0] == 't';
    counts->rerouted += PQgetvalue(result, 0, 1)[0] == 't';
    PQclear(result);
    return DB_OK;
}

static enum db_status keep(const struct ack_message *message, const struct ack *ack, enum ack_verdict verdict,
                           const char *field, struct db *db)
{
    char        part[16], offset[24];
    const bool  is_bare  = verdict == ACK_INVALID;
    const char *alert_id = is_bare ? "" : ack->alert_id;

    snprintf(part, sizeof part, "%d", message->kafka->partition);
    snprintf(offset, sizeof offset, "%lld", (long long)message->kafka->offset);
    const struct db_param params[] = {
        db_text(rd_kafka_topic_name(message->kafka->rkt)),
        db_text(part),
        db_text(offset),
        db_text(message->post_id),
        db_text(alert_id),
        db_text(is_bare ? "" : delivery_state_word(ack->state)),
        db_text(is_bare ? "" : ack->outcome_code),
        db_text(is_bare ? "" : ack->who),
        db_text(is_bare ? "" : ack->at),
        db_text(ack_verdict_word(verdict)),
        db_text(message->shard),
        db_text(field),
    };
    return db_run(db, &statement_courier_ack_store, params, sizeof params / sizeof params[0], NULL);
}

enum db_status ack_store(const struct ack_message *message, bool is_bare, struct db *db, struct ack_counts *counts)
{
    struct ack       ack     = { .state = DELIVERY_ACKED };
    const char      *field   = "";
    enum ack_verdict verdict = ACK_INVALID;
    enum db_status   status  = DB_OK;

    if (!is_bare && ack_parse(message->kafka->payload, message->kafka->len, &ack, &field))
        status = judge(&ack, message->post_id, db, &verdict);
    if (status == DB_OK && ack_is_effective(verdict))
        status = apply(&ack, db, counts);
    if (status == DB_OK)
        status = keep(message, &ack, verdict, field, db);
    if (status == DB_OK)
        counts->of[verdict]++;
    return status;
}

void ack_counts_publish(const struct ack_counts *counts)
{
    for (int verdict = ACK_ACCEPTED; verdict <= ACK_INVALID; verdict++)
        courier_count((enum courier_metric)(COURIER_ACK_ACCEPTED + verdict), counts->of[verdict]);
    courier_count(COURIER_REOPENED, counts->reopened);
    courier_count(COURIER_REROUTED, counts->rerouted);
}
