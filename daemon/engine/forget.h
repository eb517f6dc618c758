/* Records that are past their end, or were erased by right: the batch takes them as it takes sealed ones.
 * Which and why stands in the table `erasure`; nothing is decided here. */
#ifndef HULEI_DAEMON_ENGINE_FORGET_H
#define HULEI_DAEMON_ENGINE_FORGET_H

#include "daemon/common/blind.h"
#include "daemon/common/db.h"
#include "daemon/engine/batch.h"

/* One record that is to be forgotten. */
struct forget_item {
    int16_t        source_id;
    enum feed_type type;
    struct span    source, subject;
    const char    *reason; /* a word of erasure.reason */
};

struct forget {
    struct forget_item *items;
    size_t              count;
};

/* Reads what is due, a few hundred at most, into the arena. */
enum db_status forget_read(struct forget *forget, struct db *db, struct arena *arena);

/* Adds them to the batch's records, after those its messages touch: a record with a message waits for the next batch,
 * for a new version may bring a new basis. The batch has room for them. */
void forget_add(const struct forget *forget, const struct blind *blind, struct batch *batch);

#endif
