/* Reads and writes the identity model, config/model/identity.yaml.
 * Has no defaults: the file states every level, and a fault names line or level and rule. */
#ifndef HULEI_DAEMON_COMMON_MODEL_H
#define HULEI_DAEMON_COMMON_MODEL_H

#include "matchers/identity/model.h"

#include <stddef.h>
#include <stdio.h>

/* Whose judgement a model rests on; texts are owned by the model that was loaded, borrowed when written. */
struct model_origin {
    const char *dated;       /* YYYY-MM-DD */
    const char *approved_by; /* "": nobody yet */
    const char *trained_on;  /* what and how much; "": stated by hand */
};

enum model_use {
    MODEL_FOR_SERVICE = 0, /* refused unless a person has approved it */
    MODEL_FOR_STUDY        /* to compare, to train upon */
};

/* NULL on failure: `error` says "FILE: line, key and fault", or which level breaks which rule. Free with model_free().
 * model_load() is for service. */
struct identity_model *model_load(const char *path, char *error, size_t error_size);
struct identity_model *model_load_for(const char *path, enum model_use use, char *error, size_t error_size);
/* Freeing NULL does nothing. */
void model_free(struct identity_model *model);

/* Of a model that model_load() made. */
struct model_origin model_origin(const struct identity_model *model);

/* The same model gives the same bytes. False when the stream has failed. */
bool model_write(FILE *stream, const struct identity_model *model, const struct model_origin *origin);

#endif
