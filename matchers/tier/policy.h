/* The policy as plain values: who is matched, which categories count, radii, cycles and caps.
 * Deliberately without reading files (daemon/common/policy.h does) and without pointers: copy it, hash it. */
#ifndef HULEI_MATCHERS_TIER_POLICY_H
#define HULEI_MATCHERS_TIER_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    POLICY_DAY_UNKNOWN = INT32_MIN, /* any day field: days since 1970-01-01, or this */
    POLICY_TEXT_SIZE   = 256,
};

enum tier { TIER_NONE = 0, TIER_RED = 1, TIER_ORANGE = 2, TIER_YELLOW = 3, TIER_BLUE = 4 };

/* How well an address is placed, worst first, so that `>=` reads "or better". A house number counts as NUMBER. */
enum proximity_precision {
    PRECISION_NONE = 0,
    PRECISION_TOWN,
    PRECISION_COMMUNITY,
    PRECISION_GROUP,
    PRECISION_NUMBER,
    PRECISION_BUILDING,
    PRECISION_ROOM,
};

enum identity_grade_word { GRADE_WORD_PROBABLE = 0, GRADE_WORD_STRONG, GRADE_WORD_CONFIRMED };

enum policy_class { POLICY_CLASS_NONE = 0, POLICY_CLASS_B = 1, POLICY_CLASS_A = 2 };

/* Every category the program knows; a category not listed is unknown and refused. The last column: refused by the
 * program itself, which no configuration can switch on. */
#define POLICY_CATEGORIES(X)                                                                                           \
    X(CATEGORY_SEXOFF_MINOR, "sexoff_minor", false)                                                                    \
    X(CATEGORY_SEXOFF_ADULT, "sexoff_adult", false)                                                                    \
    X(CATEGORY_CORR_SEXOFF, "corr_sexoff", false)                                                                      \
    X(CATEGORY_ORDER, "order", false)                                                                                  \
    X(CATEGORY_ABUSE_MINOR, "abuse_minor", false)                                                                      \
    X(CATEGORY_MOLEST_ADMIN, "molest_admin", false)                                                                    \
    X(CATEGORY_CORR_OTHER, "corr_other", false)                                                                        \
    X(CATEGORY_RELEASED_OTHER, "released_other", false)                                                                \
    X(CATEGORY_DRUG, "drug", false)                                                                                    \
    X(CATEGORY_PROSTITUTION, "prostitution", false)                                                                    \
    X(CATEGORY_VAGRANT, "vagrant", false)                                                                              \
    X(CATEGORY_SINGLE_CARER, "single_carer", true)                                                                     \
    X(CATEGORY_STD, "std", true)                                                                                       \
    X(CATEGORY_HIV, "hiv", true)                                                                                       \
    X(CATEGORY_MENTAL_ADULT, "mental_adult", true)                                                                     \
    X(CATEGORY_DIAGNOSIS, "diagnosis", true)                                                                           \
    X(CATEGORY_MINOR_OFFENDER, "minor_offender", true)                                                                 \
    X(CATEGORY_MINOR_CONDUCT, "minor_conduct", true)                                                                   \
    X(CATEGORY_MINOR_ROMANCE, "minor_romance", true)                                                                   \
    X(CATEGORY_BRACELET_TRACK, "bracelet_track", true)                                                                 \
    X(CATEGORY_WATCH_TRACK, "watch_track", true)

enum policy_category_code {
#define POLICY_CATEGORY_ENUM(code, word, refused) code,
    POLICY_CATEGORIES(POLICY_CATEGORY_ENUM)
#undef POLICY_CATEGORY_ENUM
        POLICY_CATEGORY_COUNT
};

enum policy_state { POLICY_OFF = 0, POLICY_ON, POLICY_REFUSED };

enum policy_purpose {
    PURPOSE_MATCH       = 1 << 0,
    PURPOSE_ALERT       = 1 << 1,
    PURPOSE_STAFF_CHECK = 1 << 2,
    PURPOSE_ZONE        = 1 << 3,
    PURPOSE_CARE        = 1 << 4,
};

/* Views an alert may go to. */
enum policy_recipient {
    RECIPIENT_POLICE    = 1 << 0,
    RECIPIENT_JUDICIAL  = 1 << 1,
    RECIPIENT_CIVIL     = 1 << 2,
    RECIPIENT_EDUCATION = 1 << 3,
    RECIPIENT_COMMUNITY = 1 << 4,
    RECIPIENT_OFFICE    = 1 << 5, /* the protection office (未联办) */
    RECIPIENT_ALL       = 63,
};

/* How a record's class follows from its category. */
enum policy_class_rule {
    CLASS_RULE_NONE = 0,
    CLASS_RULE_B,
    CLASS_RULE_A_IF_MINOR_VICTIM, /* unknown victim age: B, and the owner is asked */
};

struct policy_category {
    enum policy_state      state;
    enum policy_class_rule class_rule;
    uint32_t               purposes;        /* enum policy_purpose */
    uint32_t               recipients;      /* enum policy_recipient */
    enum tier              cap;             /* no pair of this category alone is above it */
    bool                   relation_only;   /* only as caregiver or staff (R2, R3), never by place */
    int32_t                expires_day;     /* last day a switched-on row counts; unknown: no end (shipped rows) */
    int32_t                retention_years; /* after release, term or order end; 0: not stored */
    char                   basis[POLICY_TEXT_SIZE];
    char                   reason[POLICY_TEXT_SIZE]; /* why off or refused, in plain words */
};

enum policy_circumstance {
    CIRCUMSTANCE_LEFT_BEHIND         = 1 << 0,
    CIRCUMSTANCE_SINGLE_PARENT       = 1 << 1,
    CIRCUMSTANCE_ORPHAN              = 1 << 2,
    CIRCUMSTANCE_DE_FACTO_UNATTENDED = 1 << 3,
    CIRCUMSTANCE_DISABLED            = 1 << 4,
    CIRCUMSTANCE_OTHER_HARDSHIP      = 1 << 5,
};

enum policy_sex { SEX_FEMALE = 1 << 0, SEX_MALE = 1 << 1, SEX_UNKNOWN = 1 << 2 };

enum policy_child_status { CHILD_ACTIVE = 1 << 0, CHILD_ENDED = 1 << 1 };

/* The numbered rules of DOMAIN.md E.3 that concern a person of concern, in order of evaluation; B3 is about the data
 * itself and has no tier row. */
#define POLICY_RULES(X)                                                                                                \
    X(RULE_R1, "R1")                                                                                                   \
    X(RULE_R2, "R2")                                                                                                   \
    X(RULE_R3, "R3")                                                                                                   \
    X(RULE_R4, "R4")                                                                                                   \
    X(RULE_O1, "O1")                                                                                                   \
    X(RULE_O2, "O2")                                                                                                   \
    X(RULE_O3, "O3")                                                                                                   \
    X(RULE_O4, "O4")                                                                                                   \
    X(RULE_O5, "O5")                                                                                                   \
    X(RULE_Y1, "Y1")                                                                                                   \
    X(RULE_Y2, "Y2")                                                                                                   \
    X(RULE_Y3, "Y3")                                                                                                   \
    X(RULE_B1, "B1")                                                                                                   \
    X(RULE_B3, "B3")

enum policy_rule {
    RULE_NONE = 0,
#define POLICY_RULE_ENUM(code, word) code,
    POLICY_RULES(POLICY_RULE_ENUM)
#undef POLICY_RULE_ENUM
        RULE_COUNT
};

struct policy_profile {
    uint32_t sexes;           /* enum policy_sex */
    int32_t  age_below_years; /* 18 */
    uint32_t circumstances;   /* any of these puts a child into the profile */
    uint32_t vulnerable;      /* any of these sets the vulnerability bit */
    uint32_t statuses;        /* enum policy_child_status */
};

struct policy_radii {
    enum proximity_precision distance_precision; /* metres count between addresses placed this well; GROUP or finer */
    double                   near_m;             /* O1, Y2: 200 */
    double                   built_up_m;         /* Y1 in built-up areas, O2: 500 */
    double                   rural_m;            /* Y1 where the child's community is a village: 1000 */
    double                   school_zone_m;      /* O3, R4: around the gates of a school: 200 */
    double                   cluster_m;          /* Y3: 300 */
    double                   counted_m;          /* B1: 1000 */
    double                   barred_place_m;     /* R4: around a barred place named without a radius: 50 */
};

struct policy_cycles {
    int32_t class_a_days, class_b_days, child_days; /* addresses older than this lower the certainty */
    int32_t fresh_days;                             /* O2: a move or release counts as new for so long */
    int32_t flap_hold_hours;                        /* O2: a new address must have stood so long */
};

struct policy_review {
    int32_t due_minutes[5]; /* by enum tier; 0: no review due */
    int32_t re_review_days[5];
    int32_t undo_s; /* 60 */
};

/* Pairs that one post can take on, by tier: more is refused at activation unless forced. 0: no limit (the digest). */
struct policy_budget {
    int32_t at_once[5];  /* when the policy begins */
    int32_t per_week[5]; /* from then on */
};

/* Special rules for children under 14 (PIPL 31): the section must be there. */
struct policy_minors {
    int32_t age_below_years; /* 14 */
    bool    unmask_needs_second_person;
    bool    severity_raised; /* severity only, never the tier */
    int32_t erase_after_profile_end_days;
};

struct policy_sealing {
    int32_t juvenile_below_years;    /* 18 */
    bool    birthday_is_juvenile;    /* full years count from the day after the birthday */
    int32_t sentence_at_most_months; /* 60 */
    int32_t ask_owner_below_years;   /* 20, at judgment, when the offence date is unknown */
};

struct policy {
    char                   version[64];
    uint64_t               fingerprint; /* of the bytes of all policy files */
    struct policy_profile  profile;
    struct policy_minors   minors;
    struct policy_sealing  sealing;
    struct policy_category categories[POLICY_CATEGORY_COUNT];
    bool                   rules[RULE_COUNT]; /* on or off */
    struct policy_radii    radii;
    struct policy_cycles   cycles;
    struct policy_review   review;
    struct policy_budget   budget;
    int32_t                yellow_group_children; /* Y3: 3 */
    enum tier              disputed_cap;          /* blue */
};

/* The shipped values, as in config/policy/; tests and `hulei synth` start from it. */
void policy_defaults(struct policy *policy);

const char *policy_category_word(enum policy_category_code code);
/* False when no such category is known. */
bool policy_category_find(const char *word, size_t length, enum policy_category_code *code);
/* True when the program itself refuses the category, whatever the files say. */
bool        policy_category_is_refused_by_program(enum policy_category_code code);
const char *policy_rule_word(enum policy_rule rule); /* "" for RULE_NONE */
const char *policy_precision_word(enum proximity_precision precision);
const char *policy_colour_word(enum tier tier); /* red, orange, yellow, blue, none */

/* State on `today`: a switched-on row past its end is off. */
enum policy_state policy_category_state(const struct policy *policy, enum policy_category_code code, int32_t today);

enum policy_answer { ANSWER_NO = 0, ANSWER_YES, ANSWER_UNKNOWN };

/* Class of one record of concern. *ask_owner (may be NULL) is set when the class hangs on an unknown victim age. */
enum policy_class policy_risk_class(const struct policy *policy, enum policy_category_code code,
                                    enum policy_answer victim_minor, bool *ask_owner);

/* A date that may be known only to the month or year, or not at all: both ends POLICY_DAY_UNKNOWN then. */
struct policy_date {
    int32_t earliest_day, latest_day; /* inclusive */
};

/* True when the child is in the profile on `today`; a birth date in doubt keeps her in. *ask_owner (may be NULL) is
 * set when the birth date is unknown. */
bool policy_child_in_profile(const struct policy *policy, enum policy_sex sex, struct policy_date birth,
                             uint32_t circumstances, enum policy_child_status status, int32_t today, bool *ask_owner);

bool policy_child_is_vulnerable(const struct policy *policy, uint32_t circumstances);

/* The same day so many years later; 29 February becomes 1 March of other years. */
int32_t policy_day_after_years(int32_t day, int32_t years);

/* What a record of concern says of its end; days, or POLICY_DAY_UNKNOWN where it says nothing. */
struct policy_concern_span {
    int32_t until_day;    /* the source's own */
    int32_t released_day; /* from prison */
    int32_t term_end_day; /* of corrections, or of an order */
};

/*
 * The last day on which the record counts (DOMAIN.md C.1): the source's own end, or the category's years of retention
 * after release or the end of the term, whichever of both came later; the earlier of the two ends. POLICY_DAY_UNKNOWN
 * when nothing is stated: somebody in prison.
 */
int32_t policy_concern_end_day(const struct policy *policy, enum policy_category_code code,
                               const struct policy_concern_span *span);

/* Full years on `day`; -1 when unknown or not born. Uses the earliest possible birth day (the oldest reading). */
int32_t policy_age_years(struct policy_date birth, int32_t day);

/* Day of a calendar date; month 1-12. */
int32_t policy_day_of_date(int32_t year, int32_t month, int32_t day);

enum policy_disposition { DISPOSITION_CONVICTION = 0, DISPOSITION_NON_PROSECUTION, DISPOSITION_ADMINISTRATIVE_PENALTY };

struct policy_seal_facts {
    bool                    says_sealed; /* the feed's flag, or "contains sealed" */
    enum policy_disposition disposition;
    struct policy_date      offence, judgment, birth;
    int32_t                 sentence_months; /* -1 when unknown */
};

enum policy_seal { SEAL_NOT_SEALED = 0, SEAL_SEALED, SEAL_ASK_OWNER };

/* DOMAIN.md C.2. SEAL_ASK_OWNER: park the record, match nothing meanwhile. */
enum policy_seal policy_seal_check(const struct policy *policy, const struct policy_seal_facts *facts);

/* The widest radius any rule that is on may need, in metres. */
double policy_search_radius_m(const struct policy *policy);

#endif
