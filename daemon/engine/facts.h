/* What the engine keeps in memory of each live record beside its mentions: enough to state a person's situation.
 * Sealed into record.facts as it is; a change of the layout raises FACTS_VERSION and the index is rebuilt. */
#ifndef HULEI_DAEMON_ENGINE_FACTS_H
#define HULEI_DAEMON_ENGINE_FACTS_H

#include "daemon/common/feed/feed.h"
#include "matchers/address/address.h"
#include "matchers/tier/policy.h"

#include <stdint.h>

enum { FACTS_VERSION = 1, FACTS_RESIDENCES = 3, FACTS_SLOTS = 16 };

/* An address as stated by one record. */
struct facts_residence {
    struct address_features address;
    double                  lon, lat; /* CGCS2000; only with has_point */
    int32_t                 as_of_day;
    uint8_t                 has_point;
    uint8_t                 slot; /* of the mention it belongs to */
    uint8_t                 unused[2];
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
    uint64_t unit;      /* enrolment: keyed hash of the school */

    int32_t  birth_earliest_day, birth_latest_day; /* POLICY_DAY_UNKNOWN when not stated */
    uint8_t  sex;                                  /* enum policy_sex */
    uint8_t  child_status;                         /* enum policy_child_status */
    uint8_t  is_shielded;
    uint8_t  category;     /* enum policy_category_code, for risk */
    uint8_t  victim_minor; /* enum policy_answer */
    uint8_t  victim_pupil;
    uint16_t circumstances; /* enum policy_circumstance */
    int32_t  until_day;     /* child: end of status; risk: end of concern */
    int32_t  released_day;

    struct facts_residence residences[FACTS_RESIDENCES];
};

#endif
