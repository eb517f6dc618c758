/* Which records the departments keep of whom, before a word of them is written.
 * Subjects are opaque numbers: neither name nor citizen number can be read from them. */
#ifndef HULEI_DAEMON_CLI_SYNTH_PLAN_H
#define HULEI_DAEMON_CLI_SYNTH_PLAN_H

#include "daemon/cli/synth/people.h"

enum synth_topic {
    TOPIC_CHILDREN,
    TOPIC_SCHOOLS,
    TOPIC_CORRECTIONS,
    TOPIC_POLICE,
    TOPIC_ADDRESSES,
    SYNTH_TOPICS,
};

enum synth_type {
    TYPE_CHILD,
    TYPE_ENROLMENT,
    TYPE_RISK,
    TYPE_SCHOOL,
    TYPE_PLACE,
    TYPE_SEAL,
    TYPE_STAFF,
    TYPE_ORDER,
    TYPE_RISK_STATUS,
    TYPE_CARE_ASSIGNMENT,
    TYPE_GUARDIAN_DOCUMENT,
};

enum other_role {
    ROLE_OTHER_PARENT,
    ROLE_OTHER_ENTRUSTED,
    ROLE_OTHER_TEACHER,
    ROLE_OTHER_MENTOR,
    ROLE_OTHER_VOLUNTEER
};

enum { PLAN_OTHERS_MAX = 6 };

/* Of whom a record tells in slot 0: of concern, or a child. */
bool synth_type_is_of_concern(enum synth_type type);

/* A record with a person in slot 0 and others in slots 1, 2, … */
struct plan_record {
    uint8_t type;  /* enum synth_type */
    uint8_t topic; /* enum synth_topic */
    uint8_t other_count;
    uint8_t roles[PLAN_OTHERS_MAX]; /* enum other_role */
    int32_t person;
    int32_t others[PLAN_OTHERS_MAX];
    int32_t school;
};

struct plan {
    struct plan_record *records;
    size_t              count, capacity;
};

/* Records of the households from `first` on: two to five of each person. False when memory is out; plan_clear() frees.
 */
bool plan_households(struct plan *plan, const struct people *people, const struct land *land, size_t first,
                     struct random_stream *random);
void plan_clear(struct plan *plan);

const char *synth_topic_name(enum synth_topic topic);
const char *synth_topic_source(enum synth_topic topic);
const char *synth_type_word(enum synth_type type);

/* "c-1f3a90b2": the subject of record `number` of its type. */
void synth_subject(enum synth_type type, uint32_t number, char out[16]);

#endif
