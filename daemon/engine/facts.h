/* What the engine keeps in memory of each live record beside its mentions: enough to state a person's situation.
 * Sealed into record.facts as it is; a change of the layout raises FACTS_VERSION and the index is rebuilt. */
#ifndef HULEI_DAEMON_ENGINE_FACTS_H
#define HULEI_DAEMON_ENGINE_FACTS_H

#include "daemon/common/feed/feed.h"
#include "matchers/address/address.h"
#include "matchers/tier/policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FACTS_VERSION = 3, FACTS_RESIDENCES = 24, FACTS_SLOTS = 16 };

/* What an address is to the record's person. */
enum facts_use {
    FACTS_LIVES = 0,
    FACTS_LIVED,    /* risk: the home before, by an earlier version of the record */
    FACTS_WORKS,    /* risk */
    FACTS_BARRED,   /* order: the holder must keep away from here */
    FACTS_APPROVED, /* order: the home that is allowed all the same */
    FACTS_SCHOOL,   /* school: its address */
    FACTS_GATE,     /* school */
};

/* An address as stated by one record. */
struct facts_residence {
    struct address_features address;
    double                  lon, lat; /* CGCS2000; only with has_point */
    int32_t                 as_of_day;
    uint8_t                 has_point;
    uint8_t                 slot : 4; /* of the mention it belongs to */
    uint8_t                 use : 4;  /* enum facts_use */
    uint16_t                radius_m; /* barred place: how far around; 0: not said */
};

/* Plain values without pointers; zeroed padding, so that equal facts are equal bytes. */
struct record_facts {
    uint16_t version; /* FACTS_VERSION */
    uint8_t  type;    /* enum feed_type */
    uint8_t  residence_count;
    uint16_t slots;      /* bit i: mention i exists */
    uint16_t caregivers; /* bit i: mention i cares for the person of slot 0 */
    int64_t  record_id;
    uint64_t household; /* blind index of the registration booklet, 0 unknown */
    uint64_t unit;      /* enrolment, staff, school: keyed hash of the number of the school or other unit */
    uint64_t self;      /* risk: keyed hash of the record's own identity */
    uint64_t target;    /* risk_status: of the record meant; 0: none named */
    uint64_t case_key;  /* risk, risk_status: keyed hash of the case number; 0: none */

    int32_t  birth_earliest_day, birth_latest_day; /* POLICY_DAY_UNKNOWN when not stated */
    uint8_t  sex;                                  /* enum policy_sex */
    uint8_t  child_status;                         /* enum policy_child_status */
    uint8_t  is_shielded;
    uint8_t  category;     /* enum policy_category_code, for risk */
    uint8_t  victim_minor; /* enum policy_answer */
    uint8_t  victim_pupil;
    uint16_t circumstances;    /* enum policy_circumstance */
    int32_t  from_day;         /* staff, care_assignment, order: from when it counts */
    int32_t  until_day;        /* the last day it counts, as the source says */
    int32_t  released_day;     /* risk */
    int32_t  term_end_day;     /* risk */
    int32_t  event_day;        /* risk_status: when it happened */
    uint8_t  event;            /* enum feed_risk_event */
    uint8_t  bans_work;        /* order: from work with minors */
    uint8_t  names_schools;    /* order */
    uint8_t  is_prohibition;   /* order: not a ban from work */
    uint8_t  is_close_contact; /* staff: the unit works with minors */
    uint8_t  unused[3];
    int32_t  home_since_h;  /* risk: hours since 1970 since when the present home is stated; 0: nothing before it */
    int32_t  lived_since_h; /* risk: the same of the home before */
    int32_t  unused_h;

    struct facts_residence residences[FACTS_RESIDENCES]; /* the last: only those in use are kept and stored */
};

static inline size_t facts_bytes(const struct record_facts *facts)
{
    return offsetof(struct record_facts, residences) + facts->residence_count * sizeof facts->residences[0];
}

/* Records that name no person are kept only when others need them. */
static inline bool facts_are_kept(const struct record_facts *facts)
{
    return facts->slots != 0 || facts->type == FEED_SCHOOL;
}

/* A record that alone can make its person part of a pair. */
static inline bool facts_make_exposures(const struct record_facts *facts)
{
    return facts->type == FEED_CHILD || facts->type == FEED_RISK || facts->type == FEED_ORDER;
}

/* Within the days it counts for; unknown days bound nothing. */
static inline bool facts_count_on(const struct record_facts *facts, int32_t day)
{
    return (facts->from_day == POLICY_DAY_UNKNOWN || facts->from_day <= day) &&
           (facts->until_day == POLICY_DAY_UNKNOWN || day <= facts->until_day);
}

#endif
