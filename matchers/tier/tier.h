/* The numbered tier rules of DOMAIN.md E.3: facts of one pair in, tier with rule and reasons out.
 * Deliberately no score and no search: matchers/tier/exposure.h finds the pairs. */
#ifndef HULEI_MATCHERS_TIER_TIER_H
#define HULEI_MATCHERS_TIER_TIER_H

#include "matchers/tier/policy.h"

/* What a person of concern is tied to. */
enum tier_subject {
    SUBJECT_CHILD = 0,
    SUBJECT_UNIT,   /* a place of work with minors (R3) */
    SUBJECT_PERSON, /* nobody else is named (R4, O5) */
    SUBJECT_GROUP,  /* the children around (Y3) */
};

/* What ties the two, strongest first. */
enum tier_relation {
    RELATION_NONE = 0,
    RELATION_DWELLING,
    RELATION_HOUSEHOLD, /* same registration booklet and same living address */
    RELATION_CAREGIVER,
    RELATION_STAFF,
    RELATION_ZONE, /* a barred place */
    RELATION_BUILDING,
    RELATION_GATE, /* of the child's school */
    RELATION_NEAR,
    RELATION_GROUP, /* same village group */
    RELATION_COMMUNITY,
};

/* Readable codes in the order they were earned. NEAR is written with its band: NEAR_200M. */
#define TIER_REASONS(X)                                                                                                \
    X(REASON_SAME_DWELLING, "SAME_DWELLING")                                                                           \
    X(REASON_SAME_HOUSEHOLD, "SAME_HOUSEHOLD")                                                                         \
    X(REASON_CAREGIVER, "CAREGIVER")                                                                                   \
    X(REASON_STAFF, "STAFF")                                                                                           \
    X(REASON_BARRED_ZONE, "BARRED_ZONE")                                                                               \
    X(REASON_SAME_BUILDING, "SAME_BUILDING")                                                                           \
    X(REASON_SCHOOL_GATE, "SCHOOL_GATE")                                                                               \
    X(REASON_NEAR, "NEAR")                                                                                             \
    X(REASON_SAME_GROUP, "SAME_GROUP")                                                                                 \
    X(REASON_SAME_COMMUNITY, "SAME_COMMUNITY")                                                                         \
    X(REASON_RURAL, "RURAL")                                                                                           \
    X(REASON_NEWLY_MOVED, "NEWLY_MOVED")                                                                               \
    X(REASON_NEWLY_RELEASED, "NEWLY_RELEASED")                                                                         \
    X(REASON_SCHOOL_ORDER, "SCHOOL_ORDER")                                                                             \
    X(REASON_PUPIL_OFFENCE, "PUPIL_OFFENCE")                                                                           \
    X(REASON_OCCUPATION_BAN, "OCCUPATION_BAN")                                                                         \
    X(REASON_UNLOCATABLE, "UNLOCATABLE")                                                                               \
    X(REASON_SEVERAL_CHILDREN, "SEVERAL_CHILDREN")                                                                     \
    X(REASON_RAISE_VULNERABLE, "RAISE_VULNERABLE")                                                                     \
    X(REASON_CAP_PRECISION, "CAP_PRECISION")                                                                           \
    X(REASON_DISTANCE_UNSURE, "DISTANCE_UNSURE")                                                                       \
    X(REASON_ADDRESS_OLD, "ADDRESS_OLD")                                                                               \
    X(REASON_CAP_ADDRESS_AGE, "CAP_ADDRESS_AGE")                                                                       \
    X(REASON_CAP_CATEGORY, "CAP_CATEGORY")                                                                             \
    X(REASON_ID_PROBABLE, "ID_PROBABLE")                                                                               \
    X(REASON_ID_STRONG_BOTH, "ID_STRONG_BOTH")                                                                         \
    X(REASON_ID_STRONG, "ID_STRONG")                                                                                   \
    X(REASON_DISPUTED, "DISPUTED")                                                                                     \
    X(REASON_UNDER_14, "UNDER_14")

enum tier_reason {
    REASON_NONE = 0,
#define TIER_REASON_ENUM(code, word) code,
    TIER_REASONS(TIER_REASON_ENUM)
#undef TIER_REASON_ENUM
        REASON_COUNT
};

/* CAP's words; a link from records is never "observed". */
enum tier_certainty { CERTAINTY_POSSIBLE = 0, CERTAINTY_LIKELY };
enum tier_severity { SEVERITY_MINOR = 0, SEVERITY_MODERATE, SEVERITY_SEVERE, SEVERITY_EXTREME };

enum { TIER_REASONS_MAX = 12 };

/* One reading of a pair: one address of each side (or none) and one record of concern. What is of no child is left
 * unset for the other subjects. */
struct pair_facts {
    enum tier_subject subject;

    /* the person of concern */
    enum policy_category_code category;
    enum policy_class class;
    enum identity_grade_word risk_grade;
    int32_t                  risk_address_day;  /* as-of day; POLICY_DAY_UNKNOWN when not stated */
    int32_t                  concern_until_day; /* the record counts up to this day; POLICY_DAY_UNKNOWN: no end known */
    int32_t                  moved_day;         /* newest change of address that has stood; POLICY_DAY_UNKNOWN: none */
    int32_t                  released_day;      /* or POLICY_DAY_UNKNOWN */
    bool                     order_names_schools;
    bool                     offence_against_pupils;
    bool                     occupation_ban;
    bool                     is_prohibited;     /* the record is a prohibition order in force */
    bool                     is_unlocatable;    /* at large without an address within the cycle */
    bool                     in_barred_zone;    /* this address lies where an order bars its holder, no approved home */
    bool                     works_with_minors; /* at the unit in question */
    int32_t                  children_near;     /* of the profile, within cluster_m of this address */
    enum proximity_precision risk_precision;    /* of this person's address */

    /* the child */
    enum identity_grade_word child_grade;
    int32_t                  child_address_day;
    bool                     is_vulnerable;
    bool                     is_rural; /* the child's community is a village committee (code 200-399) */
    bool                     is_under_14;

    /* between them */
    bool                     same_dwelling;
    bool                     same_household; /* booklet and living address */
    bool                     same_building;
    bool                     same_group;
    bool                     is_caregiver;
    bool                     same_community;
    bool                     has_gate; /* a gate of the child's school is known */
    double                   gate_m;   /* from the nearest to the person of concern's address */
    bool                     is_disputed;
    bool                     has_distance;
    double                   distance_m;    /* between the stated points */
    double                   uncertainty_m; /* sum of both */
    enum proximity_precision precision;     /* the worse of the two addresses */
};

struct tier_decision {
    enum tier           tier; /* TIER_NONE: no rule applies */
    enum policy_rule    rule;
    enum tier_relation  relation;
    enum tier_certainty certainty;
    enum tier_severity  severity;
    bool                is_held;            /* one identity is only probable: review, never an alert */
    bool                wants_address_task; /* an address is older than its cycle */
    bool                rests_on_place;
    bool                rests_on_child_home; /* and on the child's address, too */
    int32_t             band_m;              /* upper end of the distance band; 0: none */
    uint32_t            recipients;          /* views the category allows (enum policy_recipient) */
    uint8_t             reason_count;
    uint8_t             reasons[TIER_REASONS_MAX]; /* enum tier_reason */
};

/* Every rule that applies goes through raise, caps and dispute, in this order; the strongest outcome stands, and of
 * equals the earlier rule. Same facts and policy, same decision. */
struct tier_decision tier_decide(const struct policy *policy, const struct pair_facts *facts, int32_t today);

/* Negative when `a` is the stronger decision: lower tier, earlier rule, not held, surer, nearer. */
int tier_decision_compare(const struct tier_decision *a, const struct tier_decision *b);

const char *tier_reason_word(enum tier_reason reason);
const char *tier_subject_word(enum tier_subject subject);
const char *tier_relation_word(enum tier_relation relation); /* household, caregiver, staff, building, near, ... */
const char *tier_certainty_word(enum tier_certainty certainty);
const char *tier_severity_word(enum tier_severity severity);

/* Writes reason `i` of the decision ("NEAR_200M"); returns its length, 0 when `size` is too small. */
size_t tier_reason_write(const struct tier_decision *decision, int i, char *text, size_t size);

#endif
