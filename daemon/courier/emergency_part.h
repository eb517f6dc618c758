/* What the encrypted part of an emergency message holds: the child's name and the one place, for one post and alert.
 * Opens what the store keeps sealed, and seals it again for the post; nothing plain leaves this module. */
#ifndef HULEI_DAEMON_COURIER_EMERGENCY_PART_H
#define HULEI_DAEMON_COURIER_EMERGENCY_PART_H

#include "daemon/common/vault.h"
#include "daemon/courier/certificates.h"
#include "matchers/span.h"

#include <stdint.h>

struct emergency_part_tools {
    struct vault              *vault;
    const struct certificates *certificates;
};

/* emergency.body with its key; body absent: it was erased. */
struct emergency_part_source {
    int64_t     data_key_id;
    struct span wrapped, body;
};

/* Base64 text for view.h, freed by the caller; NULL with *missing set to the code of why not. */
char *emergency_part_make(const struct emergency_part_tools *tools, const struct emergency_part_source *source,
                          const char *alert_id, const char *post_id, const char **missing);

#endif
