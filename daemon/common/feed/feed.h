/* The front door of the feeds: one Kafka message becomes a record, or a fault that names field and rule (FEEDS.md).
 * Reads no Kafka and writes nothing; faults and warnings never hold a value of the message. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_H
#define HULEI_DAEMON_COMMON_FEED_FEED_H

#include "daemon/common/feed/feed_payload.h"
#include "matchers/arena.h"
#include "matchers/span.h"
#include "matchers/tier/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FEED_VALUE_BYTES_MAX = 1024 * 1024,
    FEED_DEPTH_MAX       = 32,
    FEED_FIELD_SIZE      = 96, /* bytes of a field path, with the NUL */
    FEED_FORBIDDEN_MAX   = 8,  /* paths kept for the warning; more are only counted */
};

/* ---- what comes in ---- */

struct feed_header {
    struct span name, value; /* value absent (bytes NULL): a null header */
};

/* All spans are borrowed from the Kafka message. */
struct feed_message {
    struct span               topic;
    int32_t                   partition;
    int64_t                   offset;
    int64_t                   append_time_ms;
    struct span               key;   /* bytes NULL: null key */
    struct span               value; /* bytes NULL: null value, a withdrawal; an empty value is not one */
    const struct feed_header *headers;
    size_t                    header_count;
};

/* ---- the configuration: config/feeds.yaml ---- */

struct feed_source {
    char    *urn;
    char   **types; /* words */
    uint32_t types_count;
    char   **categories; /* of risk records; words */
    uint32_t categories_count;
    char    *purpose, *basis; /* of records that bring none; may be NULL */
    char    *owner;           /* who is told of faults and asked when in doubt */
    bool     has_one_each;    /* it keeps one record for each person: two of its records are never one person */
};

struct feed_topic {
    char               *topic;
    char               *principal;  /* the Kafka user that may write it */
    char               *department; /* civil-affairs, education, judicial, police, health, market */
    struct feed_source *sources;
    uint32_t            sources_count;
};

struct feed_config {
    char             **purposes; /* the catalogue; a purpose not in it is refused */
    uint32_t           purposes_count;
    struct feed_topic *topics;
    uint32_t           topics_count;
};

/* NULL on failure, with `error` saying file, line and key. Free with feed_config_free(). */
struct feed_config *feed_config_load(const char *path, char *error, size_t error_size);
/* Freeing NULL does nothing. */
void feed_config_free(struct feed_config *config);

/* NULL when there is none. */
const struct feed_topic  *feed_config_topic(const struct feed_config *config, struct span topic);
const struct feed_source *feed_topic_source(const struct feed_topic *topic, struct span urn);
/* hulei.emergency.<department>: the courier reads it, the engine does not. */
bool feed_topic_is_emergency(const struct feed_topic *topic);

enum { FEED_RECEIPT_TOPIC_BYTES = 256 };

/*
 * Where what was sent on `feed_topic` is answered: hulei.feed.<department>.<system> on
 * hulei.receipt.<department>.<system>, hulei.emergency.<department> on hulei.receipt.<department>.emergency.
 */
void feed_receipt_topic(struct span feed_topic, char topic[FEED_RECEIPT_TOPIC_BYTES]);

/* ---- what comes out ---- */

struct feed_record {
    enum feed_type            type;
    bool                      is_withdrawal; /* a null value: envelope only */
    bool                      is_emergency;  /* sos, report or lodging on an ordinary feed: tell the owner */
    bool                      says_sealed;   /* always false on FEED_OK */
    struct span               event_id, source, subject, purpose, basis;
    int64_t                   time_us; /* since 1970-01-01T00:00:00Z */
    const struct feed_topic  *topic;   /* of the configuration */
    const struct feed_source *source_binding;

    struct person_block
        person; /* child, enrolment, risk, risk_status, order, staff, guardian_document, care_assignment */
    union {
        struct feed_child             child;
        struct feed_enrolment         enrolment;
        struct feed_school            school;
        struct feed_place             place;
        struct feed_risk              risk;
        struct feed_seal              seal;
        struct feed_risk_status       risk_status;
        struct feed_order             order;
        struct feed_staff             staff;
        struct feed_guardian_document guardian_document;
        struct feed_care_assignment   care_assignment;
        struct feed_objection         objection;
        struct feed_correction        correction;
        struct feed_control           control;
        struct feed_calendar_days     calendar;
        struct feed_grid_map          grid_map;
        struct feed_post_roster       post_roster;
        struct feed_sos               sos;
        struct feed_report            report;
        struct feed_lodging           lodging;
    };

    struct span canonical_json; /* accepted `data`, keys sorted, UTF-8, unknown and forbidden fields gone: store this */
    struct span data_digest_input; /* equal bytes mean an unchanged record */
    uint32_t    unknown_fields;
    uint32_t    forbidden_fields;
    const char *forbidden_paths[FEED_FORBIDDEN_MAX]; /* arena text */
};

enum feed_outcome {
    FEED_OK = 0,
    FEED_REFUSED, /* park it, encrypted */
    FEED_SEALED,  /* drop the body; keep a tombstone of (source, type, subject) where record has a subject */
};

/* Texts are static words, except field, which is a path of the schema ("data.guardians[1].person.name"). */
struct feed_fault {
    const char *code;  /* "missing_field" */
    const char *stage; /* "encoding", "json", "envelope", "binding", "schema", "policy" */
    char        field[FEED_FIELD_SIZE];
    const char *rule; /* "required", "at most 50 characters" */
};

/*
 * Reads one message. `policy` says which categories are on and what counts as sealed; `now_us` bounds the event time.
 * On FEED_OK *out is complete and *fault empty. Else *fault is filled and *out holds what could be read of the
 * envelope (event_id, source, type, subject, time_us; absent spans where not), and nothing of the body.
 * A full arena is FEED_REFUSED with code "out_of_memory": call again with a bigger one.
 * The messages are data.person = {person block} for child, enrolment and risk, data.guardians[].person,
 * data.teacher.person and data.mentor.person; data.record = {source, type, subject} for seal, objection, correction.
 */
enum feed_outcome feed_decode(const struct feed_config *config, const struct policy *policy,
                              const struct feed_message *message, int64_t now_us, struct arena *arena,
                              struct feed_record *out, struct feed_fault *fault);

/*
 * Reads a stored canonical body again into person and payload of *out (the envelope stays zero). Only shape is
 * checked: what was accepted once stays readable under a later policy or clock.
 */
enum feed_outcome feed_decode_stored(enum feed_type type, struct span canonical_json, struct arena *arena,
                                     struct feed_record *out, struct feed_fault *fault);

/* Both ends of a partial date, for the policy; both POLICY_DAY_UNKNOWN when absent. */
struct policy_date feed_date_range(struct feed_date date);

#endif
