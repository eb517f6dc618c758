/* The audit chain; see audit.h.
 * Asks the database for rows and never for a verdict: whoever can change rows can change functions too. */
#include "daemon/common/audit.h"

#include "daemon/common/db_array.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <stdio.h>

/* Columns of sql/statements/audit_entries.sql: the fields, then seq and hash. */
enum { COLUMN_SEQ_NUMBER = AUDIT_FIELD_COUNT, COLUMN_HASH };

enum { PAGE_ENTRIES = 5000 }; /* as in audit_entries.sql */

const char *audit_fault_word(enum audit_fault fault)
{
    switch (fault) {
    case AUDIT_SOUND:
        return "sound";
    case AUDIT_MISSING_BEFORE:
        return "entries are missing before it";
    case AUDIT_CHANGED:
        return "the entry was changed";
    case AUDIT_MISSING_AFTER:
        return "entries are missing after it";
    }
    return "?";
}

static bool hash_field(EVP_MD_CTX *context, struct span field, bool is_first)
{
    char         prefix[32];
    const size_t length = field.bytes == NULL
                              ? (size_t)snprintf(prefix, sizeof prefix, "%s-", is_first ? "" : ",")
                              : (size_t)snprintf(prefix, sizeof prefix, "%s%zu:", is_first ? "" : ",", field.length);

    return EVP_DigestUpdate(context, prefix, length) == 1 &&
           (field.length == 0 || EVP_DigestUpdate(context, field.bytes, field.length) == 1);
}

bool audit_hash(struct span previous, const struct audit_entry *entry, unsigned char hash[AUDIT_HASH_BYTES])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool        is_done = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                   (previous.length == 0 || EVP_DigestUpdate(context, previous.bytes, previous.length) == 1);

    for (int i = 0; i < AUDIT_FIELD_COUNT; i++)
        is_done = is_done && hash_field(context, entry->fields[i], i == 0);
    is_done = is_done && EVP_DigestFinal_ex(context, hash, NULL) == 1;
    EVP_MD_CTX_free(context);
    return is_done;
}

enum audit_fault audit_walk_next(struct audit_walk *walk, int64_t seq, const struct audit_entry *entry,
                                 struct span hash)
{
    const struct span previous = span_of((const char *)walk->hash, walk->seq > 0 ? AUDIT_HASH_BYTES : 0);
    unsigned char     computed[AUDIT_HASH_BYTES];

    if (seq != walk->seq + 1)
        return AUDIT_MISSING_BEFORE;
    if (!audit_hash(previous, entry, computed) || !span_equals(hash, span_of((const char *)computed, sizeof computed)))
        return AUDIT_CHANGED;
    walk->seq = seq;
    memcpy(walk->hash, computed, sizeof walk->hash);
    return AUDIT_SOUND;
}

enum audit_fault audit_walk_end(const struct audit_walk *walk, int64_t head_seq, struct span head_hash)
{
    if (walk->seq < head_seq)
        return AUDIT_MISSING_AFTER;
    if (head_seq > 0 && !span_equals(head_hash, span_of((const char *)walk->hash, sizeof walk->hash)))
        return AUDIT_CHANGED;
    return AUDIT_SOUND;
}

/* Takes one page of entries; *count is how many it held. */
static enum db_status walk_page(struct db *db, struct audit_walk *walk, int64_t head_seq,
                                struct audit_lane_report *report, int *count)
{
    char      after[24], head[24];
    PGresult *result = NULL;

    snprintf(after, sizeof after, "%" PRId64, walk->seq);
    snprintf(head, sizeof head, "%" PRId64, head_seq);
    const struct db_param params[] = { db_text(report->lane), db_text(after), db_text(head) };
    const enum db_status  status   = db_run_binary(db, &statement_audit_entries, params, 3, &result);
    if (status != DB_OK)
        return status;
    *count = PQntuples(result);
    for (int row = 0; row < *count && report->fault == AUDIT_SOUND; row++) {
        struct audit_entry entry;
        for (int i = 0; i < AUDIT_FIELD_COUNT; i++)
            entry.fields[i] = db_get_span(result, row, i);
        report->seq   = db_get_number(result, row, COLUMN_SEQ_NUMBER);
        report->fault = audit_walk_next(walk, report->seq, &entry, db_get_span(result, row, COLUMN_HASH));
        report->entries += report->fault == AUDIT_SOUND;
    }
    PQclear(result);
    return DB_OK;
}

static enum db_status walk_lane(struct db *db, struct audit_walk walk, int64_t head_seq, struct span head_hash,
                                struct audit_lane_report *report)
{
    enum db_status status = DB_OK;
    int            count  = PAGE_ENTRIES;

    while (status == DB_OK && report->fault == AUDIT_SOUND && count == PAGE_ENTRIES)
        status = walk_page(db, &walk, head_seq, report, &count);
    if (status == DB_OK && report->fault == AUDIT_SOUND)
        report->fault = audit_walk_end(&walk, head_seq, head_hash);
    return status;
}

/* The walk begins behind what was cut for its age. */
static struct audit_walk walk_from(const PGresult *lanes, int row)
{
    struct audit_walk walk = { .seq = db_get_number(lanes, row, 3) };
    const struct span hash = db_get_span(lanes, row, 4);

    if (hash.length == sizeof walk.hash)
        memcpy(walk.hash, hash.bytes, hash.length);
    return walk;
}

enum db_status audit_verify(struct db *db, void (*tell)(void *context, const struct audit_lane_report *report),
                            void      *context)
{
    PGresult      *lanes  = NULL;
    enum db_status status = db_run_binary(db, &statement_audit_lanes, NULL, 0, &lanes);

    for (int row = 0; status == DB_OK && row < PQntuples(lanes); row++) {
        struct audit_lane_report report = { 0 };
        snprintf(report.lane, sizeof report.lane, "%s", PQgetvalue(lanes, row, 0));
        status =
            walk_lane(db, walk_from(lanes, row), db_get_number(lanes, row, 1), db_get_span(lanes, row, 2), &report);
        if (status == DB_OK)
            tell(context, &report);
    }
    PQclear(lanes);
    return status;
}
