/* Writes records as structured CloudEvents, one line each, and tells the truth files what was said.
 * The texts come from mention.h; nothing is read back. */
#ifndef HULEI_DAEMON_CLI_SYNTH_RECORD_H
#define HULEI_DAEMON_CLI_SYNTH_RECORD_H

#include "daemon/cli/synth/mention.h"
#include "daemon/cli/synth/plan.h"

#include <stdio.h>

/* How a record is written once more. */
enum record_version {
    VERSION_CURRENT = 0,
    VERSION_OLDER,    /* an earlier state that arrives late */
    VERSION_REPEATED, /* the same content again, under a new event id and time */
    VERSION_CHANGED,  /* newer: other spellings, a newer address date */
};

struct record_writer {
    struct mention_context context;
    const struct plan     *plan;
    FILE                  *files[SYNTH_TOPICS];
    uint64_t               seed;
    int32_t                today;
    uint64_t               next_event; /* ids are numbered over all topics */
    uint64_t               written[SYNTH_TOPICS];
    /* Called for each person of a current record; NULL: nobody listens. */
    void (*told)(void *listener, const struct plan_record *record, uint32_t number, int slot, int32_t person,
                 const struct mention *mention);
    void *listener;
};

/* Whether the source writes the household registration down. */
bool record_states_registration(enum synth_topic topic);

/* Writes record `number` of the plan. */
void record_write(struct record_writer *writer, uint32_t number, enum record_version version);

/* All schools, all places; with `only` >= 0 that one place again, under a newer time. */
void record_write_schools(struct record_writer *writer);
void record_write_places(struct record_writer *writer);
void record_write_place_again(struct record_writer *writer, struct random_stream *random);

/* Records that must be refused, dropped as sealed, or sealed later; none of their persons is in the truth. */
void record_write_outsiders(struct record_writer *writer, struct people *people, size_t count,
                            struct random_stream *random);

#endif
