/* The blocking keys held most, for `hulei status`: kind, count and a keyed hash, never the value.
 * Looks at every key of the index, so it is made anew only once a minute. */
#ifndef HULEI_DAEMON_ENGINE_KEY_REPORT_H
#define HULEI_DAEMON_ENGINE_KEY_REPORT_H

#include "daemon/common/blind.h"
#include "matchers/identity/identity.h"

#include <jansson.h>

/* All zero to begin with. */
struct key_report {
    int64_t made_at_ms; /* monotonic */
    json_t *list;
};

/* The list as it was made last, borrowed; NULL when memory is out. */
json_t *key_report_show(struct key_report *report, const struct identity_index *index, const struct blind *blind);
void    key_report_clear(struct key_report *report);

#endif
