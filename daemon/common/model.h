/* Loads the identity model, config/model/identity.yaml.
 * Refuses a file with a missing or untrained weight; there are no defaults in code. */
#ifndef HULEI_DAEMON_COMMON_MODEL_H
#define HULEI_DAEMON_COMMON_MODEL_H

#include "matchers/identity/model.h"

#include <stddef.h>

/* NULL on failure, with the reason in `error`. Free with model_free(). */
struct identity_model *model_load(const char *path, char *error, size_t error_size);
/* Freeing NULL does nothing. */
void model_free(struct identity_model *model);

#endif
