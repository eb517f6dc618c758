/* What a record of each type says (FEEDS.md), as the decoder hands it on.
 * Deliberately the source's own words: nothing is normalised here but dates, enums and encodings. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_PAYLOAD_H
#define HULEI_DAEMON_COMMON_FEED_FEED_PAYLOAD_H

#include "matchers/span.h"
#include "matchers/tier/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Enumerator, word between "hulei." and ".v1", enabled, emergency. The numbers are stored: only append. */
#define FEED_TYPES(X)                                                                                                  \
    X(FEED_CHILD, "child", true, false)                                                                                \
    X(FEED_ENROLMENT, "enrolment", true, false)                                                                        \
    X(FEED_SCHOOL, "school", true, false)                                                                              \
    X(FEED_PLACE, "place", true, false)                                                                                \
    X(FEED_RISK, "risk", true, false)                                                                                  \
    X(FEED_SEAL, "seal", true, false)                                                                                  \
    X(FEED_RISK_STATUS, "risk_status", true, false)                                                                    \
    X(FEED_ORDER, "order", true, false)                                                                                \
    X(FEED_STAFF, "staff", true, false)                                                                                \
    X(FEED_GUARDIAN_DOCUMENT, "guardian_document", true, false)                                                        \
    X(FEED_CARE_ASSIGNMENT, "care_assignment", true, false)                                                            \
    X(FEED_CARE_CONTACT, "care_contact", false, false)                                                                 \
    X(FEED_SOS, "sos", true, true)                                                                                     \
    X(FEED_REPORT, "report", true, true)                                                                               \
    X(FEED_LODGING, "lodging", true, true)                                                                             \
    X(FEED_CASE, "case", false, false)                                                                                 \
    X(FEED_VENUE, "venue", false, false)                                                                               \
    X(FEED_VENUE_VIOLATION, "venue_violation", false, false)                                                           \
    X(FEED_OBJECTION, "objection", true, false)                                                                        \
    X(FEED_CORRECTION, "correction", true, false)                                                                      \
    X(FEED_KPI_COUNT, "kpi_count", false, false)                                                                       \
    X(FEED_CALENDAR, "calendar", true, false)                                                                          \
    X(FEED_GRID_MAP, "grid_map", true, false)                                                                          \
    X(FEED_POST_ROSTER, "post_roster", true, false)                                                                    \
    X(FEED_CONTROL, "feed_control", true, false)

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

/* Every span lives in the arena given to the decoder. */

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

/* As the schema writes it. */
const char *feed_residence_kind_word(enum feed_residence_kind kind);
/* "female", "male"; NULL when unknown. */
const char *feed_sex_word(enum policy_sex sex);

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

/* Another record by its identity; `source` absent: the naming record's own. */
struct feed_reference {
    struct span    source, subject; /* subject absent: none named */
    enum feed_type type;
};

/* The record that is sealed; its type is FEED_RISK when absent. */
struct feed_seal {
    struct feed_reference record;
    struct span           document;
    struct feed_date      effective;
};

/* ---- the person of concern after the judgment ---- */

enum feed_order_kind { FEED_ORDER_PROHIBITION = 0, FEED_ORDER_OCCUPATION_BAN };

/* What an order bars its holder from. */
enum feed_order_scope {
    FEED_SCOPE_SCHOOLS       = 1,  /* schools and kindergartens, and the zone around their gates */
    FEED_SCOPE_MINORS_VENUES = 2,  /* other places where minors gather */
    FEED_SCOPE_PLACES        = 4,  /* the places listed */
    FEED_SCOPE_VICTIM        = 8,  /* the victim and her family */
    FEED_SCOPE_CARE_WORK     = 16, /* work in close contact with minors */
};

struct feed_barred_place {
    struct span          address, area_code;
    struct feed_location location;
    int32_t              radius_m; /* 0: the place itself */
};

struct feed_order {
    enum feed_order_kind            kind;
    uint32_t                        scope; /* enum feed_order_scope */
    const struct feed_barred_place *places;
    size_t                          place_count;
    struct feed_barred_place        approved_home; /* absent address: none */
    struct feed_date                from, to;      /* `to` absent: an occupation ban for life */
    struct span                     judgment;
};

enum feed_risk_event {
    FEED_EVENT_RELEASE = 0,
    FEED_EVENT_MOVE,
    FEED_EVENT_TERM_END,
    FEED_EVENT_DEATH,
    FEED_EVENT_APPEAL_UPHELD,
};

/* Of the record named, else of the case named, else of all records of concern of this person. */
struct feed_risk_status {
    enum feed_risk_event  event;
    struct feed_date      on;
    struct span           case_ref;
    struct feed_reference record;
};

/* ---- who is with children ---- */

enum feed_unit_kind {
    FEED_UNIT_OTHER = 0,
    FEED_UNIT_SCHOOL,
    FEED_UNIT_KINDERGARTEN,
    FEED_UNIT_TRAINING,
    FEED_UNIT_CHILDRENS_HOME,
    FEED_UNIT_VOLUNTEERS,
    FEED_UNIT_MEDICAL,
    FEED_UNIT_HOTEL,
    FEED_UNIT_VENUE,
};

enum feed_staff_role {
    FEED_ROLE_OTHER = 0,
    FEED_ROLE_TEACHER,
    FEED_ROLE_CAREGIVER,
    FEED_ROLE_VOLUNTEER,
    FEED_ROLE_MANAGER,
    FEED_ROLE_SERVICE, /* guard, driver, cook, cleaner */
};

struct feed_staff {
    struct span          unit, unit_id; /* unit_id: the school_id of a school */
    enum feed_unit_kind  unit_kind;
    enum feed_staff_role role;
    struct feed_date     from, to;
    struct feed_date checked_on; /* the check of 未成年人保护法 62; its answer is not sent, only that it was asked */
};

enum feed_document_kind {
    FEED_DOCUMENT_DUTIES = 0, /* 责任清单 */
    FEED_DOCUMENT_MUST_NOTS,  /* 负面清单 */
    FEED_DOCUMENT_PROMISE,    /* 承诺书 */
    FEED_DOCUMENT_ENTRUSTMENT /* 委托监护责任书 */
};

struct feed_guardian_document {
    enum feed_document_kind kind;
    struct feed_date        signed_on, until;
    struct person_block     entrusted; /* is_present says whether given */
};

struct feed_volunteer {
    struct person_block person;
    struct span         unit;
};

struct feed_care_assignment {
    const struct feed_volunteer *volunteers;
    size_t                       volunteer_count;
    struct person_block          mentor;
    struct span                  plan;
    struct feed_date             from, to;
};

/* ---- disputes ---- */

enum feed_claimant { FEED_BY_PERSON = 0, FEED_BY_GUARDIAN, FEED_BY_POST, FEED_BY_OWNER };

enum feed_ground {
    FEED_GROUND_NOT_THIS_PERSON = 0,
    FEED_GROUND_WRONG_ADDRESS,
    FEED_GROUND_WRONG_FACT,
    FEED_GROUND_OUT_OF_DATE,
    FEED_GROUND_NO_BASIS,
};

enum feed_request { FEED_ASKS_CORRECT = 0, FEED_ASKS_SPLIT, FEED_ASKS_ERASE };

enum feed_ruling { FEED_RULING_UPHELD = 0, FEED_RULING_REJECTED };

/* An objection asks, a correction answers. */
struct feed_objection {
    struct feed_reference record, other; /* other: of a split, what the record must not be joined with */
    enum feed_claimant    by;
    enum feed_ground      ground;
    enum feed_request     asks;
    struct feed_date      on;
};

struct feed_correction {
    struct feed_reference objection, record, other;
    enum feed_claimant    by;
    enum feed_ground      ground;
    enum feed_request     asks;
    enum feed_ruling      ruling;
    struct feed_date      on;
    struct span           reason; /* a document number; required when rejected */
};

/* ---- the frame: totals, days, posts ---- */

struct feed_total {
    enum feed_type type;
    int32_t        count;
    struct span    hash; /* SHA-256 over the sorted subjects, a line feed behind each; 64 hex digits */
};

struct feed_control {
    const struct feed_total *totals;
    size_t                   total_count;
    int32_t                  silence_minutes; /* silence for longer is an alarm */
};

enum feed_day_kind { FEED_DAY_TERM = 0, FEED_DAY_VACATION, FEED_DAY_HOLIDAY, FEED_DAY_WORKDAY };

struct feed_days {
    enum feed_day_kind kind;
    struct feed_date   from, to; /* `to` absent: that day alone */
    struct span        name;
};

struct feed_calendar_days {
    const struct feed_days *days;
    size_t                  count;
};

struct feed_grid_map {
    struct span      grid, area_code;
    struct span      post; /* who answers for it */
    struct feed_date from, to;
};

enum feed_duty { FEED_DUTY_OFFICER = 0, FEED_DUTY_LEAD, FEED_DUTY_REVIEWER };

struct feed_duty_turn {
    struct span    account, phone;
    enum feed_duty duty;
    int64_t        from_us, to_us; /* since 1970-01-01T00:00:00Z */
};

struct feed_post_roster {
    struct span                  post, lead_post;
    const struct feed_duty_turn *turns;
    size_t                       turn_count;
};

/* ---- emergencies ---- */

/* Where something happened; all parts may be absent. */
struct feed_spot {
    struct span          address, area_code;
    struct feed_location location;
};

enum feed_sos_signal { FEED_SOS_ALARM = 0, FEED_SOS_HEARTBEAT };

struct feed_sos {
    struct span          device_id;
    struct span          child_ref; /* subject of the child's record with civil affairs; absent in a heartbeat */
    enum feed_sos_signal signal;
    struct feed_spot     place;
    int64_t              raised_us; /* since 1970-01-01T00:00:00Z */
};

struct feed_report {
    struct person_block child; /* is_present says whether given: a reporter may not know who it is */
    enum policy_answer  at_risk;
    struct feed_spot    place;
    struct span         reporter_ref; /* secret: sealed, and told to nobody */
    int64_t             reported_at_us;
};

enum feed_kin {
    FEED_KIN_UNKNOWN = 0,
    FEED_KIN_PARENT,
    FEED_KIN_GUARDIAN,
    FEED_KIN_GRANDPARENT,
    FEED_KIN_SIBLING,
    FEED_KIN_OTHER,
    FEED_KIN_NONE, /* no kin: teacher, friend, stranger */
};

struct feed_companion {
    struct person_block person;
    enum feed_kin       relation;
};

enum feed_condition {
    FEED_CONDITION_NORMAL = 0,
    FEED_CONDITION_INTOXICATED,
    FEED_CONDITION_UNCONSCIOUS,
    FEED_CONDITION_HURT
};

struct feed_lodging {
    struct person_block          minor;
    const struct feed_companion *companions;
    size_t                       companion_count;
    struct span                  venue_id;
    struct feed_spot             place;
    enum feed_condition          condition;
    int64_t                      at_us;
};

#endif
