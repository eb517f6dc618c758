/* A trained model as a YAML file: per comparison and level the bits and what they rest on.
 * The same weights give the same bytes. */
#ifndef HULEI_DAEMON_CLI_LINK_MODEL_FILE_H
#define HULEI_DAEMON_CLI_LINK_MODEL_FILE_H

#include "daemon/cli/link/link_config.h"
#include "matchers/linkage/train.h"

/* False when the file cannot be written. */
bool link_model_save(const char *path, const struct link_config *config, const struct linkage_model *model,
                     const struct train_weights *weights);

/* Fills bits, u, prior and mates. Refuses other comparisons or levels than the configuration's, and untrained levels.
 */
bool link_model_load(const char *path, const struct link_config *config, struct linkage_model *model, char *error,
                     size_t error_size);

#endif
