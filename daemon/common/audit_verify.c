/* The audit chain against itself and the outside; see audit_verify.h.
 * Asks the database for rows and never for a verdict: whoever can change rows can change functions too. */
#include "daemon/common/audit_verify.h"

#include "daemon/common/db_array.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

/* Columns of sql/statements/audit_entries.sql: the fields, then these. */
enum { COLUMN_SEQ_NUMBER = AUDIT_FIELD_COUNT, COLUMN_HASH, COLUMN_EPOCH, COLUMN_MAC };

enum { PAGE_ENTRIES = 5000 }; /* as in audit_entries.sql */

/* A walk along one lane beside what was kept outside. */
struct lane_walk {
    struct audit_walk              walk;
    const struct audit_root_point *points; /* of this lane, sorted; the next one first */
    size_t                         point_count;
    int32_t                        epoch; /* of the entry before, and of `key` once it has begun */
    int32_t                        key_epoch;
    unsigned char                  key[AUDIT_HASH_BYTES];
    struct audit_lane_report      *report;
};

/* Keys follow from each other; entries of before the auditor's key are not judged. */
static enum audit_fault check_mac(struct lane_walk *lane, int32_t epoch, struct span hash, struct span mac)
{
    unsigned char expected[AUDIT_HASH_BYTES];

    if (epoch < lane->epoch)
        return AUDIT_FORGED;
    lane->epoch = epoch;
    if (lane->key_epoch == 0 || epoch < lane->key_epoch)
        return AUDIT_SOUND;
    for (; lane->key_epoch < epoch; lane->key_epoch++) {
        if (!audit_next_key(lane->key))
            return AUDIT_FORGED;
    }
    if (mac.length != sizeof expected || !audit_mac(lane->key, hash, expected) ||
        CRYPTO_memcmp(mac.bytes, expected, sizeof expected) != 0)
        return AUDIT_FORGED;
    lane->report->macs++;
    return AUDIT_SOUND;
}

/* All statements about this entry. */
static enum audit_fault check_points(struct lane_walk *lane, int64_t seq, struct span hash)
{
    for (; lane->point_count > 0 && lane->points[0].seq <= seq; lane->points++, lane->point_count--) {
        if (lane->points[0].seq < seq)
            continue; /* it was cut for its age: see begin() */
        if (hash.length != AUDIT_HASH_BYTES || memcmp(lane->points[0].hash, hash.bytes, hash.length) != 0)
            return AUDIT_FORKED;
        lane->report->points++;
    }
    return AUDIT_SOUND;
}

static enum audit_fault take(struct lane_walk *lane, const PGresult *page, int row)
{
    struct audit_entry entry;
    const struct span  hash = db_get_span(page, row, COLUMN_HASH);
    const int64_t      seq  = db_get_number(page, row, COLUMN_SEQ_NUMBER);

    for (int i = 0; i < AUDIT_FIELD_COUNT; i++)
        entry.fields[i] = db_get_span(page, row, i);
    enum audit_fault fault = audit_walk_next(&lane->walk, seq, &entry, hash);
    if (fault == AUDIT_SOUND)
        fault = check_points(lane, seq, hash);
    if (fault == AUDIT_SOUND)
        fault =
            check_mac(lane, (int32_t)db_get_number(page, row, COLUMN_EPOCH), hash, db_get_span(page, row, COLUMN_MAC));
    return fault;
}

/* Takes one page of entries; *count is how many it held. */
static enum db_status walk_page(struct db *db, struct lane_walk *lane, int64_t head_seq, int *count)
{
    char                      after[24], head[24];
    PGresult                 *page   = NULL;
    struct audit_lane_report *report = lane->report;

    snprintf(after, sizeof after, "%" PRId64, lane->walk.seq);
    snprintf(head, sizeof head, "%" PRId64, head_seq);
    const struct db_param params[] = { db_text(report->lane), db_text(after), db_text(head) };
    const enum db_status  status   = db_run_binary(db, &statement_audit_entries, params, 3, &page);
    if (status != DB_OK)
        return status;
    *count = PQntuples(page);
    for (int row = 0; row < *count && report->fault == AUDIT_SOUND; row++) {
        report->seq   = db_get_number(page, row, COLUMN_SEQ_NUMBER);
        report->fault = take(lane, page, row);
        report->entries += report->fault == AUDIT_SOUND;
    }
    PQclear(page);
    return DB_OK;
}

/* The end of the lane against its head and against the last statement. */
static enum audit_fault end(struct lane_walk *lane, int64_t head_seq, struct span head_hash)
{
    const enum audit_fault fault = audit_walk_end(&lane->walk, head_seq, head_hash);

    return fault == AUDIT_SOUND && lane->point_count > 0 ? AUDIT_MISSING_AFTER : fault;
}

static enum db_status walk_lane(struct db *db, struct lane_walk *lane, int64_t head_seq, struct span head_hash)
{
    struct audit_lane_report *report = lane->report;
    enum db_status            status = DB_OK;
    int                       count  = PAGE_ENTRIES;

    while (status == DB_OK && report->fault == AUDIT_SOUND && count == PAGE_ENTRIES)
        status = walk_page(db, lane, head_seq, &count);
    if (status == DB_OK && report->fault == AUDIT_SOUND)
        report->fault = end(lane, head_seq, head_hash);
    return status;
}

/* A lane may begin behind what was cut for its age, at an entry that a statement covers as far as they reach back. */
static enum audit_fault begin(struct lane_walk *lane, const struct audit_outside *outside, const PGresult *lanes,
                              int row)
{
    const struct span hash = db_get_span(lanes, row, 4);

    lane->walk.seq = db_get_number(lanes, row, 3);
    if (hash.length == sizeof lane->walk.hash)
        memcpy(lane->walk.hash, hash.bytes, hash.length);
    if (outside->roots == NULL || lane->walk.seq == 0 || outside->roots->first == 0)
        return AUDIT_SOUND;
    bool reaches_back = outside->roots->first == 1;
    for (; lane->point_count > 0 && lane->points[0].seq <= lane->walk.seq; lane->points++, lane->point_count--) {
        reaches_back = true;
        if (lane->points[0].seq == lane->walk.seq)
            return memcmp(lane->points[0].hash, lane->walk.hash, AUDIT_HASH_BYTES) == 0 ? AUDIT_SOUND : AUDIT_FORKED;
    }
    return reaches_back ? AUDIT_CUT : AUDIT_SOUND;
}

static enum db_status verify_lane(struct db *db, const struct audit_outside *outside, const PGresult *lanes, int row,
                                  struct audit_lane_report *report)
{
    struct lane_walk lane = { .key_epoch = outside->epoch, .report = report };

    memcpy(lane.key, outside->key, sizeof lane.key);
    snprintf(report->lane, sizeof report->lane, "%s", PQgetvalue(lanes, row, 0));
    if (outside->roots != NULL)
        lane.points = audit_roots_of_lane(outside->roots, report->lane, &lane.point_count);
    report->fault               = begin(&lane, outside, lanes, row);
    report->seq                 = lane.walk.seq;
    const enum db_status status = report->fault == AUDIT_SOUND
                                      ? walk_lane(db, &lane, db_get_number(lanes, row, 1), db_get_span(lanes, row, 2))
                                      : DB_OK;
    OPENSSL_cleanse(lane.key, sizeof lane.key);
    return status;
}

static bool has_lane(const PGresult *lanes, const char *name)
{
    for (int row = 0; row < PQntuples(lanes); row++) {
        if (strcmp(PQgetvalue(lanes, row, 0), name) == 0)
            return true;
    }
    return false;
}

/* Lanes that were taken away whole. */
static void tell_missing(const struct audit_roots *roots, const PGresult                           *lanes,
                         void (*tell)(void *context, const struct audit_lane_report *report), void *context)
{
    for (size_t i = 0; i < roots->count; i++) {
        const bool is_first = i == 0 || strcmp(roots->points[i].lane, roots->points[i - 1].lane) != 0;
        if (!is_first || has_lane(lanes, roots->points[i].lane))
            continue;
        struct audit_lane_report report = { .fault = AUDIT_MISSING_AFTER };
        snprintf(report.lane, sizeof report.lane, "%s", roots->points[i].lane);
        tell(context, &report);
    }
}

enum db_status audit_verify(struct db *db, const struct audit_outside                                 *outside,
                            void (*tell)(void *context, const struct audit_lane_report *report), void *context)
{
    PGresult      *lanes  = NULL;
    enum db_status status = db_run_binary(db, &statement_audit_lanes, NULL, 0, &lanes);

    for (int row = 0; status == DB_OK && row < PQntuples(lanes); row++) {
        struct audit_lane_report report = { 0 };
        status                          = verify_lane(db, outside, lanes, row, &report);
        if (status == DB_OK)
            tell(context, &report);
    }
    if (status == DB_OK && outside->roots != NULL)
        tell_missing(outside->roots, lanes, tell, context);
    PQclear(lanes);
    return status;
}
