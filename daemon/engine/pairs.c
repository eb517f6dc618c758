/* Exposures as rows; see pairs.h.
 * Evidence holds codes, bands, grades and record numbers; nothing personal. */
#include "daemon/engine/pairs.h"

#include "daemon/common/db_array.h"
#include "daemon/common/policy.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { REASONS_BYTES = 512, VERSION_BYTES = 96, HASH_NEVER = 0 };

static enum tier_subject subject_of(struct span word)
{
    for (int subject = SUBJECT_CHILD; subject <= SUBJECT_GROUP; subject++) {
        if (span_equals_text(word, tier_subject_word((enum tier_subject)subject)))
            return (enum tier_subject)subject;
    }
    return SUBJECT_CHILD;
}

static const struct {
    uint32_t    bit; /* enum exposure_fault */
    const char *word;
} faults[] = {
    {FAULT_ADDRESS_OLD,        "address_old"      },
    { FAULT_ADDRESS_UNLOCATED, "address_unlocated"},
};

static uint32_t fault_of(struct span word)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (span_equals_text(word, faults[i].word))
            return faults[i].bit;
    }
    return 0;
}

/* Sorted by person. */
static enum db_status load_faults(struct exposure_index *index, struct db *db)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(db, &statement_engine_load_faults, NULL, 0, &result);
    uint32_t       open   = 0;

    if (status != DB_OK)
        return status;
    for (int row = 0; row < PQntuples(result) && status == DB_OK; row++) {
        const int64_t person  = db_get_number(result, row, 0);
        const bool    is_next = row + 1 < PQntuples(result) && db_get_number(result, row + 1, 0) == person;
        open |= fault_of(db_get_span(result, row, 1));
        if (!is_next && !exposure_index_remember_faults(index, person, open))
            status = DB_RETRY;
        open = is_next ? open : 0;
    }
    PQclear(result);
    return status;
}

enum db_status pairs_load(struct exposure_index *index, struct db *db)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(db, &statement_engine_load_pairs, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    for (int row = 0; row < PQntuples(result) && status == DB_OK; row++) {
        const struct exposure_ids ids = { subject_of(db_get_span(result, row, 0)), db_get_number(result, row, 1),
                                          db_get_number(result, row, 2) };
        if (!exposure_index_remember_pair(index, &ids, HASH_NEVER, span_equals_text(db_get_span(result, row, 3), "B1")))
            status = DB_RETRY;
    }
    PQclear(result);
    return status == DB_OK ? load_faults(index, db) : status;
}

/* The clock of a pair starts at the Kafka append time of the record that completed it: the newest of this batch. */
static int64_t completed_us(const struct batch *batch, int64_t now_us)
{
    int64_t newest_ms = 0;

    for (size_t i = 0; i < batch->message_count; i++) {
        if (batch->messages[i].message.append_time_ms > newest_ms)
            newest_ms = batch->messages[i].message.append_time_ms;
    }
    return newest_ms > 0 ? newest_ms * 1000 : now_us;
}

static void write_reasons(const struct tier_decision *decision, char reasons[REASONS_BYTES])
{
    size_t used = 0;

    reasons[0] = '\0';
    for (int i = 0; i < decision->reason_count && used + 2 < REASONS_BYTES; i++) {
        if (i > 0)
            reasons[used++] = ',';
        used += tier_reason_write(decision, i, reasons + used, REASONS_BYTES - used);
    }
    reasons[used] = '\0';
}

/* Whose area it is decides which posts hear of it. */
static void set_area(json_t *evidence, const char *name, uint64_t code)
{
    char text[24];

    snprintf(text, sizeof text, "%012llu", (unsigned long long)code);
    json_object_set_new(evidence, name, code != 0 ? json_string(text) : json_null());
}

static void add_area(json_t *areas, uint64_t code)
{
    char text[24];

    if (code == 0)
        return;
    snprintf(text, sizeof text, "%012llu", (unsigned long long)code);
    json_array_append_new(areas, json_string(text));
}

static json_t *views_of(uint32_t recipients)
{
    static const struct {
        uint32_t    bit;
        const char *word;
    } words[] = {
        {RECIPIENT_POLICE,     "police"   },
        { RECIPIENT_JUDICIAL,  "judicial" },
        { RECIPIENT_CIVIL,     "civil"    },
        { RECIPIENT_EDUCATION, "education"},
        { RECIPIENT_COMMUNITY, "community"},
        { RECIPIENT_OFFICE,    "office"   },
    };
    json_t *views = json_array();

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((recipients & words[i].bit) != 0)
            json_array_append_new(views, json_string(words[i].word));
    }
    return views;
}

static const char *grade_word(enum identity_grade_word grade)
{
    static const char *const words[] = { "probable", "strong", "confirmed" };

    return words[grade];
}

static void add_child(json_t *evidence, const struct exposure_pair *pair)
{
    json_object_set_new(evidence, "child_grade", json_string(grade_word(pair->child_grade)));
    json_object_set_new(evidence, "child_address_age_days", json_integer(pair->child_address_age_days));
    json_object_set_new(evidence, "child_age_years", json_integer(pair->child_age_years));
    json_object_set_new(evidence, "vulnerable", json_boolean(pair->is_vulnerable));
    json_object_set_new(evidence, "child_record", json_integer(pair->child_record_id));
}

/* O5 asks where somebody is: of those who may know, only police and judicial office are asked. */
static uint32_t recipients_of(const struct exposure_pair *pair)
{
    if (pair->is_shielded)
        return pair->decision.recipients & RECIPIENT_POLICE;
    if (pair->decision.rule == RULE_O5 || pair->decision.rule == RULE_B1)
        return pair->decision.recipients & (RECIPIENT_POLICE | RECIPIENT_JUDICIAL);
    return pair->decision.recipients;
}

static char *evidence_of(const struct exposure_pair *pair)
{
    const struct tier_decision *decision = &pair->decision;
    json_t                     *areas    = json_array();
    json_t                     *evidence = json_object();

    add_area(areas, pair->child_community_code);
    if (pair->risk_community_code != pair->child_community_code)
        add_area(areas, pair->risk_community_code);
    json_object_set_new(evidence, "areas", areas);
    set_area(evidence, "child_area", pair->child_community_code);
    set_area(evidence, "risk_area", pair->risk_community_code);
    json_object_set_new(evidence, "views", views_of(recipients_of(pair)));
    json_object_set_new(evidence, "relation", json_string(tier_relation_word(decision->relation)));
    json_object_set_new(evidence, "band_m", json_integer(decision->band_m));
    json_object_set_new(evidence, "precision", json_string(policy_precision_word(pair->precision)));
    json_object_set_new(evidence, "certainty", json_string(tier_certainty_word(decision->certainty)));
    json_object_set_new(evidence, "severity", json_string(tier_severity_word(decision->severity)));
    json_object_set_new(evidence, "held", json_boolean(decision->is_held));
    json_object_set_new(evidence, "class", json_string(pair->class == POLICY_CLASS_A ? "A" : "B"));
    json_object_set_new(evidence, "category", json_string(policy_category_word(pair->category)));
    json_object_set_new(evidence, "subject", json_string(tier_subject_word(pair->ids.subject)));
    json_object_set_new(evidence, "risk_grade", json_string(grade_word(pair->risk_grade)));
    json_object_set_new(evidence, "risk_address_age_days", json_integer(pair->risk_address_age_days));
    if (pair->ids.subject == SUBJECT_CHILD)
        add_child(evidence, pair);
    if (pair->children >= 0)
        json_object_set_new(evidence, "children", json_integer(pair->children));
    if (pair->unit_record_id != 0)
        json_object_set_new(evidence, "unit_record", json_integer(pair->unit_record_id));
    json_object_set_new(evidence, "risk_record", json_integer(pair->risk_record_id));
    json_object_set_new(evidence, "concern_record", json_integer(pair->concern_record_id));
    char *text = json_dumps(evidence, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(evidence);
    return text;
}

static void add_ids(struct store_batch *rows, enum store_table table, const struct exposure_ids *ids)
{
    store_add_text(rows, table, tier_subject_word(ids->subject));
    store_add_number(rows, table, ids->subject_id);
    store_add_number(rows, table, ids->risk_id);
}

static bool write_pair(const struct exposure_pair *pair, const char *policy_version, int64_t completed_at_us,
                       struct store_batch *rows)
{
    char  reasons[REASONS_BYTES];
    char *evidence = evidence_of(pair);

    if (evidence == NULL)
        return false;
    write_reasons(&pair->decision, reasons);
    add_ids(rows, STORE_PAIRS, &pair->ids);
    store_add_number(rows, STORE_PAIRS, pair->decision.tier);
    store_add_text(rows, STORE_PAIRS, policy_rule_word(pair->decision.rule));
    store_add_text(rows, STORE_PAIRS, reasons);
    store_add_text(rows, STORE_PAIRS, evidence);
    store_add_span(rows, STORE_PAIRS, span_of((const char *)pair->evidence_hash, sizeof pair->evidence_hash));
    store_add_text(rows, STORE_PAIRS, policy_version);
    store_add_number(rows, STORE_PAIRS, completed_at_us);
    free(evidence);
    return true;
}

/* ---- pairs that follow their records ---- */

static bool is_new_pair(const struct exposure_result *result, const struct exposure_ids *ids)
{
    size_t low = 0, high = result->pair_count;

    while (low < high) {
        const size_t                middle = low + (high - low) / 2;
        const struct exposure_pair *pair   = &result->pairs[middle];
        const int                   order  = exposure_compare_ids(&pair->ids, ids);
        if (order == 0)
            return !pair->is_known;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Who has a mention that was the person's: 0 is the person, from 1 on the batch's changes. 0 when change `i` is none.
 */
static int64_t heir(const struct identity_result *people, int64_t person, size_t i)
{
    if (i == 0)
        return person;
    const struct identity_change *change = &people->changes[i - 1];
    return change->old_person == person ? change->new_person : 0;
}

/* A pair that is gone while a new one ties those who have its records now: it moves, and nobody is asked again. */
static void write_move(const struct exposure_ids *gone, const struct exposure_result *result,
                       const struct identity_result *people, struct store_batch *rows)
{
    const size_t subjects = gone->subject == SUBJECT_CHILD ? people->change_count : 0;

    for (size_t i = 0; i <= subjects; i++) {
        struct exposure_ids to = *gone;
        if (gone->subject == SUBJECT_CHILD)
            to.subject_id = heir(people, gone->subject_id, i);
        for (size_t j = 0; j <= people->change_count; j++) {
            to.risk_id = heir(people, gone->risk_id, j);
            if (to.risk_id == 0 || (gone->subject == SUBJECT_CHILD && to.subject_id == 0) || !is_new_pair(result, &to))
                continue;
            add_ids(rows, STORE_PAIRS_MOVED, gone);
            store_add_number(rows, STORE_PAIRS_MOVED, to.subject_id);
            store_add_number(rows, STORE_PAIRS_MOVED, to.risk_id);
            return;
        }
    }
}

/* ---- faults of the data ---- */

static void write_fault(const struct exposure_fault_change *change, struct store_batch *rows)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        if (((change->opened | change->closed) & faults[i].bit) == 0)
            continue;
        store_add_number(rows, STORE_FAULTS, change->person_id);
        store_add_text(rows, STORE_FAULTS, faults[i].word);
        store_add_number(rows, STORE_FAULTS, (change->opened & faults[i].bit) != 0);
    }
}

bool pairs_write(const struct exposure_result *result, const struct identity_result *people,
                 const struct policy *policy, const struct batch *batch, int64_t now_us, struct store_batch *rows)
{
    const int64_t completed_at_us = completed_us(batch, now_us);
    char          version[VERSION_BYTES];

    policy_version_write(policy, version, sizeof version);

    for (size_t i = 0; i < result->gone_count; i++) {
        write_move(&result->gone[i].ids, result, people, rows);
        add_ids(rows, STORE_PAIRS_GONE, &result->gone[i].ids);
    }
    for (size_t i = 0; i < result->pair_count; i++) {
        const struct exposure_pair *pair = &result->pairs[i];
        if (!pair->is_unchanged && !write_pair(pair, version, completed_at_us, rows))
            return false;
    }
    for (size_t i = 0; i < result->fault_count; i++)
        write_fault(&result->faults[i], rows);
    return true;
}
