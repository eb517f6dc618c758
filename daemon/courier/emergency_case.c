/* Cases of emergencies; see emergency_case.h.
 * An alarm whose child is not found is an emergency all the same. */
#include "daemon/courier/emergency_case.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"

#include <jansson.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

/* What is known of the child, from whatever names her. */
struct child {
    int64_t             person_id;
    struct person_block person; /* is_present says whether anything is known */
    bool                is_vulnerable;
};

static bool open_body(const PGresult *result, struct vault *vault, struct arena *arena, struct span *body)
{
    struct vault_key  key;
    const struct span sealed = db_get_span(result, 0, 4);

    if (sealed.length <= VAULT_OVERHEAD_BYTES ||
        vault_data_key_open(vault, db_get_number(result, 0, 2), db_get_span(result, 0, 3), &key) != VAULT_OK)
        return false;
    const size_t   length = sealed.length - VAULT_OVERHEAD_BYTES;
    unsigned char *plain  = arena_alloc(arena, length, 1);
    const bool is_open = plain != NULL && vault_open(vault, &key, "record", "body", db_get_number(result, 0, 0), sealed,
                                                     plain) == VAULT_OK;
    vault_key_wipe(&key);
    *body = span_of((const char *)plain, length);
    return is_open;
}

static void take_child(const PGresult *result, const struct policy *policy, struct vault *vault, struct arena *arena,
                       struct child *child)
{
    struct span         body   = { NULL, 0 };
    struct feed_record *record = arena_alloc(arena, 1, sizeof *record);
    struct feed_fault   fault;

    child->person_id = PQgetisnull(result, 0, 1) ? 0 : db_get_number(result, 0, 1);
    if (record == NULL || !open_body(result, vault, arena, &body) ||
        feed_decode_stored(FEED_CHILD, body, arena, record, &fault) != FEED_OK) {
        log_error("child_record_unreadable", log_number("record", db_get_number(result, 0, 0)));
        return;
    }
    child->person        = record->person;
    child->is_vulnerable = policy_child_is_vulnerable(policy, record->child.circumstances);
}

static enum db_status find_child(const struct feed_record *record, const struct policy *policy, struct vault *vault,
                                 struct db *db, struct arena *arena, struct child *child)
{
    const struct span     copy     = arena_copy(arena, record->sos.child_ref);
    const struct db_param params[] = { db_text(copy.bytes), db_text(record->topic->department) };
    PGresult             *result   = NULL;

    if (copy.bytes == NULL)
        return DB_OK;
    const enum db_status status = db_run_binary(db, &statement_courier_emergency_child, params, 2, &result);
    if (status == DB_OK && PQntuples(result) == 1)
        take_child(result, policy, vault, arena, child);
    PQclear(result);
    return status;
}

static const struct feed_spot *spot_of(const struct feed_record *record)
{
    switch (record->type) {
    case FEED_SOS:
        return &record->sos.place;
    case FEED_REPORT:
        return &record->report.place;
    default:
        return &record->lodging.place;
    }
}

static int64_t time_of(const struct feed_record *record)
{
    switch (record->type) {
    case FEED_SOS:
        return record->sos.raised_us;
    case FEED_REPORT:
        return record->report.reported_at_us;
    default:
        return record->lodging.at_us;
    }
}

/* Where it happened; else where the child lives, is registered. */
static struct span area_of(const struct feed_spot *spot, const struct person_block *person)
{
    if (spot->area_code.bytes != NULL)
        return spot->area_code;
    for (size_t i = 0; i < person->residence_count; i++) {
        if (person->residences[i].area_code.bytes != NULL)
            return person->residences[i].area_code;
    }
    return person->registered.area_code;
}

static void set_span(json_t *object, const char *key, struct span text)
{
    if (text.bytes != NULL)
        json_object_set_new(object, key, json_stringn(text.bytes, text.length));
}

static json_t *make_evidence(const struct feed_record *record, const struct child *child)
{
    json_t *evidence =
        json_pack("{s:s, s:i, s:s, s:[]}", "subject", "child", "children", 1, "certainty", "observed", "areas");
    const int         years = child->person.is_present ? emergency_age_years(&child->person, time_of(record)) : -1;
    const struct span area  = area_of(spot_of(record), &child->person);

    if (years >= 0)
        json_object_set_new(evidence, "child_age_years", json_integer(years));
    json_object_set_new(evidence, "vulnerable", json_boolean(child->is_vulnerable));
    if (area.bytes != NULL)
        json_array_append_new(json_object_get(evidence, "areas"), json_stringn(area.bytes, area.length));
    return evidence;
}

static json_t *make_location(const struct feed_location *location)
{
    static const char *const systems[] = {
        [FEED_CRS_NONE] = "",       [FEED_CRS_CGCS2000] = "CGCS2000", [FEED_CRS_WGS84] = "WGS84",
        [FEED_CRS_GCJ02] = "GCJ02", [FEED_CRS_BD09] = "BD09",
    };
    json_t *made = json_pack("{s:f, s:f, s:s}", "lon", location->lon_degrees, "lat", location->lat_degrees, "crs",
                             systems[location->crs]);

    if (location->accuracy_m >= 0)
        json_object_set_new(made, "accuracy_m", json_real(location->accuracy_m));
    return made;
}

/* The name and the one place; nothing else of the message is kept. */
static json_t *make_kept(const struct feed_record *record, const struct child *child)
{
    const struct feed_spot *spot = spot_of(record);
    json_t                 *kept = json_pack("{s:{}, s:{}}", "child", "place");

    if (child->person.is_present)
        set_span(json_object_get(kept, "child"), "name", child->person.name);
    set_span(json_object_get(kept, "place"), "address", spot->address);
    if (spot->location.crs != FEED_CRS_NONE)
        json_object_set_new(json_object_get(kept, "place"), "location", make_location(&spot->location));
    return kept;
}

/* Frees the tree. */
static struct span write_json(json_t *tree, struct arena *arena)
{
    char       *text   = tree != NULL ? json_dumps(tree, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    struct span copied = { NULL, 0 };

    if (text != NULL) {
        copied = arena_copy(arena, span_from_text(text));
        OPENSSL_cleanse(text, strlen(text));
    }
    free(text);
    json_decref(tree);
    return copied;
}

enum db_status emergency_case_build(const struct feed_record *record, const struct policy *policy, struct vault *vault,
                                    struct db *db, struct arena *arena, struct emergency_case *out, bool *is_built)
{
    struct child   child  = { .person_id = 0 };
    enum db_status status = DB_OK;

    *out      = (struct emergency_case){ .judgement = emergency_judge(record) };
    *is_built = true;
    if (out->judgement.rule == NULL)
        return DB_OK;
    if (record->type == FEED_SOS && record->sos.child_ref.bytes != NULL)
        status = find_child(record, policy, vault, db, arena, &child);
    else if (record->type == FEED_REPORT)
        child.person = record->report.child;
    else if (record->type == FEED_LODGING)
        child.person = record->lodging.minor;
    if (status != DB_OK)
        return status;
    out->child_person = child.person_id;
    out->evidence     = write_json(make_evidence(record, &child), arena);
    out->kept         = write_json(make_kept(record, &child), arena);
    if (record->type == FEED_REPORT)
        out->reporter = record->report.reporter_ref;
    *is_built = out->evidence.bytes != NULL && out->kept.bytes != NULL;
    return DB_OK;
}
