/* The front door of the feeds: one Kafka message becomes a record, or a fault that names field and rule (FEEDS.md).
 * Reads no Kafka and writes nothing; faults and warnings never hold a value of the message. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_H
#define HULEI_DAEMON_COMMON_FEED_FEED_H

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

/* Enumerator, word between "hulei." and ".v1", enabled, emergency. The numbers are stored: only append. */
#define FEED_TYPES(X)                                                                                                  \
    X(FEED_CHILD, "child", true, false)                                                                                \
    X(FEED_ENROLMENT, "enrolment", true, false)                                                                        \
    X(FEED_SCHOOL, "school", true, false)                                                                              \
    X(FEED_PLACE, "place", true, false)                                                                                \
    X(FEED_RISK, "risk", true, false)                                                                                  \
    X(FEED_SEAL, "seal", true, false)                                                                                  \
    X(FEED_RISK_STATUS, "risk_status", false, false)                                                                   \
    X(FEED_ORDER, "order", false, false)                                                                               \
    X(FEED_STAFF, "staff", false, false)                                                                               \
    X(FEED_GUARDIAN_DOCUMENT, "guardian_document", false, false)                                                       \
    X(FEED_CARE_ASSIGNMENT, "care_assignment", false, false)                                                           \
    X(FEED_CARE_CONTACT, "care_contact", false, false)                                                                 \
    X(FEED_SOS, "sos", false, true)                                                                                    \
    X(FEED_REPORT, "report", false, true)                                                                              \
    X(FEED_LODGING, "lodging", false, true)                                                                            \
    X(FEED_CASE, "case", false, false)                                                                                 \
    X(FEED_VENUE, "venue", false, false)                                                                               \
    X(FEED_VENUE_VIOLATION, "venue_violation", false, false)                                                           \
    X(FEED_OBJECTION, "objection", false, false)                                                                       \
    X(FEED_CORRECTION, "correction", false, false)                                                                     \
    X(FEED_KPI_COUNT, "kpi_count", false, false)                                                                       \
    X(FEED_CALENDAR, "calendar", false, false)                                                                         \
    X(FEED_GRID_MAP, "grid_map", false, false)                                                                         \
    X(FEED_POST_ROSTER, "post_roster", false, false)                                                                   \
    X(FEED_CONTROL, "feed_control", false, false)

enum feed_type {
    FEED_TYPE_NONE = 0,
#define FEED_TYPE_ENUM(code, word, enabled, emergency) code,
    FEED_TYPES(FEED_TYPE_ENUM)
#undef FEED_TYPE_ENUM
        FEED_TYPE_COUNT
};

/* "child"; "" for FEED_TYPE_NONE. */
const char *feed_type_word(enum feed_type type);
/* FEED_TYPE_NONE when unknown. `word` is "child", not "hulei.child.v1". */
enum feed_type feed_type_find(struct span word);
bool           feed_type_is_enabled(enum feed_type type);
bool           feed_type_is_emergency(enum feed_type type);

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

/* ---- what comes out; every span lives in the arena given ---- */

enum feed_id_type {
    FEED_ID_RESIDENT = 0,
    FEED_ID_FOREIGN_RESIDENT,
    FEED_ID_HMT_RESIDENCE_PERMIT,
    FEED_ID_PASSPORT,
    FEED_ID_BIRTH_CERTIFICATE,
    FEED_ID_NONE,
};

enum feed_calendar { FEED_CALENDAR_SOLAR = 0, FEED_CALENDAR_LUNAR, FEED_CALENDAR_UNSTATED };

enum feed_crs { FEED_CRS_NONE = 0, FEED_CRS_CGCS2000, FEED_CRS_WGS84, FEED_CRS_GCJ02, FEED_CRS_BD09 };

/* Zero parts are unknown; { 0, 0, 0 } is an absent date. As written: a lunar date may be 30 February. */
struct feed_date {
    int16_t year;
    int8_t  month, day;
};

/* In the source's own crs; feed never converts. FEED_CRS_NONE: absent. */
struct feed_location {
    double        lon_degrees, lat_degrees;
    double        accuracy_m; /* negative: not stated */
    enum feed_crs crs;
};

enum feed_residence_kind {
    FEED_RESIDENCE_LIVING = 0,
    FEED_RESIDENCE_RENTAL,
    FEED_RESIDENCE_TEMPORARY,
    FEED_RESIDENCE_DORMITORY,
    FEED_RESIDENCE_PLANNED, /* where a released person will live */
    FEED_RESIDENCE_OTHER,
};

struct feed_residence {
    struct span              address;
    struct feed_date         as_of;
    struct span              area_code; /* 6, 9 or 12 digits, or absent */
    struct feed_location     location;
    enum feed_residence_kind kind;
};

struct feed_registered {
    struct span address, area_code, household_ref;
};

struct feed_texts {
    const struct span *items;
    size_t             count;
};

struct person_block {
    bool                         is_present;
    struct span                  name;
    struct feed_texts            former_names;
    enum feed_id_type            id_type;
    struct span                  id_number; /* as the source wrote it: normalise with matchers */
    enum policy_sex              sex;       /* SEX_UNKNOWN when absent */
    struct feed_date             birth;     /* absent, too, for 1900-01-01 and the like */
    enum feed_calendar           birth_calendar;
    struct feed_texts            phones;
    const struct feed_residence *residences;
    size_t                       residence_count;
    struct feed_registered       registered;
    struct feed_location         location;
};

enum feed_guardian_role { FEED_GUARDIAN_PARENT = 0, FEED_GUARDIAN_ENTRUSTED };

struct feed_guardian {
    struct person_block     person;
    struct span             relation; /* free word of the source: 祖父, father */
    enum feed_guardian_role role;
    enum policy_answer      away;
};

struct feed_child {
    uint32_t                    circumstances; /* enum policy_circumstance */
    const struct feed_guardian *guardians;
    size_t                      guardian_count;
    enum policy_child_status    status; /* CHILD_ACTIVE when absent */
    struct feed_date            until;
    bool                        is_shielded;
};

struct feed_enrolment {
    struct span         school_id, grade;
    enum policy_answer  boarding;
    struct person_block teacher, mentor; /* is_present says whether given */
};

enum feed_school_kind {
    FEED_SCHOOL_PRIMARY = 0,
    FEED_SCHOOL_KINDERGARTEN,
    FEED_SCHOOL_JUNIOR_MIDDLE,
    FEED_SCHOOL_SENIOR_MIDDLE,
    FEED_SCHOOL_NINE_YEAR,
    FEED_SCHOOL_VOCATIONAL,
    FEED_SCHOOL_SPECIAL,
    FEED_SCHOOL_OTHER,
};

struct feed_gate {
    struct span          name;
    struct feed_location location;
};

struct feed_school {
    struct span             school_id, name, address, area_code;
    enum feed_school_kind   kind;
    struct feed_location    location;
    const struct feed_gate *gates;
    size_t                  gate_count;
};

struct feed_place {
    struct span          place_id, address, area_code, parent_place_id;
    struct feed_location location;
};

struct feed_workplace {
    struct span          address, unit;
    struct feed_location location;
};

struct feed_risk {
    enum policy_category_code category;
    enum policy_disposition   disposition; /* conviction when absent */
    struct span               case_ref, authority, owner;
    struct feed_date          offence_date, judgment_date, released_on, term_end, since, until;
    int32_t                   sentence_months; /* -1: not stated */
    enum policy_answer        victim_minor, victim_pupil;
    struct feed_workplace     workplace;
};

/* The record that is sealed, by its identity; `source` absent: the sealing record's own. */
struct feed_seal {
    struct span      source, subject, document;
    enum feed_type   type; /* FEED_RISK when absent */
    struct feed_date effective;
};

struct feed_record {
    enum feed_type            type;
    bool                      is_withdrawal; /* a null value: envelope only */
    bool                      is_emergency;  /* sos, report or lodging on an ordinary feed: tell the owner */
    bool                      says_sealed;   /* always false on FEED_OK */
    struct span               event_id, source, subject, purpose, basis;
    int64_t                   time_us; /* since 1970-01-01T00:00:00Z */
    const struct feed_topic  *topic;   /* of the configuration */
    const struct feed_source *source_binding;

    struct person_block person; /* child, enrolment, risk */
    union {
        struct feed_child     child;
        struct feed_enrolment enrolment;
        struct feed_school    school;
        struct feed_place     place;
        struct feed_risk      risk;
        struct feed_seal      seal;
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
 * data.teacher.person and data.mentor.person; data.record = {source, type, subject} for seal.
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
