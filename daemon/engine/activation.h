/* The activation of a new identity model at take-over: every person is clustered anew once, slice by slice, and what
 * the new model merely doubts stays together (identity_kept_links()). The only place with hysteresis. */
#ifndef HULEI_DAEMON_ENGINE_ACTIVATION_H
#define HULEI_DAEMON_ENGINE_ACTIVATION_H

#include "daemon/common/db.h"
#include "daemon/common/model.h"
#include "daemon/engine/store.h"
#include "matchers/identity/identity.h"

enum { ACTIVATION_FINGERPRINT_BYTES = 32 };

/* Until it is through, no batch may commit without a slice of it. */
struct activation {
    bool                  is_due, is_first;
    int64_t               next_person, end_person; /* persons still to be clustered anew */
    unsigned char         fingerprint[ACTIVATION_FINGERPRINT_BYTES];
    struct model_origin   origin; /* borrowed of the model */
    struct identity_link *links;  /* kept, and not stored yet */
    size_t                link_count;
};

/*
 * Compares the model with the one that clustered the persons. When it is another, decides in `index` (no batch open)
 * which links are kept, and *activation is due. Persons have ids below `end_person`. DB_BROKEN: the model's file
 * cannot be read, or memory is out. Clear in any case.
 */
enum db_status activation_open(struct activation *activation, const char *model_path,
                               const struct identity_model *model, struct identity_index *index, int64_t end_person,
                               struct db *db);
void           activation_clear(struct activation *activation);

/* One slice: touches its persons and adds the rows; nothing when it is not due. False when memory is out. */
bool activation_take(const struct activation *activation, const struct identity_index *index,
                     struct identity_batch *batch, struct store_batch *rows);
/* After COMMIT. */
void activation_advance(struct activation *activation);

#endif
