/* Is this body a sealed record? Asked before anything could refuse, and so park, it (DOMAIN.md C.2).
 * Reads leniently on purpose: a badly written seal flag still seals. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_SEAL_H
#define HULEI_DAEMON_COMMON_FEED_FEED_SEAL_H

#include "daemon/common/feed/feed.h"

#include <jansson.h>

/* `type` as far as the envelope could be read. The computed rule is asked of risk records and of unreadable types. */
enum policy_seal feed_seal_check(const struct policy *policy, enum feed_type type, const json_t *data);

/* Of a record whose seal is unclear: the field that its owner is asked for first, as a constant text. */
const char *feed_seal_missing(const json_t *data);

#endif
