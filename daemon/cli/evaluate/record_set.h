/* The records of a run with the identity index they went into, and what can be counted in it afterwards.
 * Knows no feed: records.c reads. */
#ifndef HULEI_DAEMON_CLI_EVALUATE_RECORD_SET_H
#define HULEI_DAEMON_CLI_EVALUATE_RECORD_SET_H

#include "daemon/cli/evaluate/records.h"

struct stored_record {
    int64_t  time_us; /* of the version that stands */
    uint16_t slots;   /* bit i: mention i exists */
};

struct record_set {
    struct words           keys; /* "source|type|subject"; record_id is the number + 1 */
    struct stored_record  *records;
    size_t                 capacity;
    struct identity_index *index;
    struct grown_piece    *grown;
    int64_t               *mention_ids; /* by mention of the truth, 0: not read; made by record_set_tell() */
};

/* False when memory is out, here and below. Close in any case. */
bool record_set_open(struct record_set *set, size_t limit_bytes, const struct language_tables *tables,
                     const struct identity_model *model);
void record_set_close(struct record_set *set);

/* Number of the record, a new one when it is new; WORDS_NONE when memory is out. */
uint32_t record_set_find(struct record_set *set, const char *key);

/* Puts the persons found into the evaluation, and counts what their members say. */
bool record_set_tell(struct record_set *set, struct evaluation *evaluation, struct record_figures *figures);

/* What blocking offered and what it hid; after record_set_tell(). */
bool record_set_measure(struct record_set *set, const struct evaluation *evaluation, struct record_figures *figures);

#endif
