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

enum synth_type { TYPE_CHILD, TYPE_ENROLMENT, TYPE_RISK, TYPE_SCHOOL, TYPE_PLACE, TYPE_SEAL };

enum other_role { ROLE_OTHER_PARENT, ROLE_OTHER_ENTRUSTED, ROLE_OTHER_TEACHER };

enum { PLAN_OTHERS_MAX = 6 };

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

struct school {
    char              town[40];
    int32_t           kind; /* 0 kindergarten, 1 primary, 2 junior middle */
    int32_t           community;
    struct land_point at;
};

struct plan {
    struct plan_record *records;
    size_t              count, capacity;
    struct school      *schools; /* three of each town, in the order of the towns */
    size_t              school_count;
    int32_t            *town_of; /* by community */
};

/* Schools of the land; false when memory is out. plan_clear() frees. */
bool plan_open(struct plan *plan, const struct land *land, struct random_stream *random);

/* Records of the households from `first` on: two to five of each person. False when memory is out. */
bool plan_households(struct plan *plan, const struct people *people, const struct land *land, size_t first,
                     struct random_stream *random);
void plan_clear(struct plan *plan);

const char *synth_topic_name(enum synth_topic topic);
const char *synth_topic_source(enum synth_topic topic);
const char *synth_type_word(enum synth_type type);

/* "c-1f3a90b2": the subject of record `number` of its type. */
void synth_subject(enum synth_type type, uint32_t number, char out[16]);

#endif
