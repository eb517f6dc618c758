/* A whole message as one run of bytes, for the quarantine: key, value, then name and value of each header.
 * Each part as its length in 8 bytes, big endian (all ones: null), then its bytes. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_PARCEL_H
#define HULEI_DAEMON_COMMON_FEED_FEED_PARCEL_H

#include "daemon/common/feed/feed.h"

/* In the arena; absent when it is full. */
struct span feed_parcel_pack(const struct feed_message *message, struct arena *arena);

/* Sets key, value and headers of *message, borrowed from `parcel`; headers beyond 64 are dropped. False: arena full. */
bool feed_parcel_unpack(struct span parcel, struct feed_message *message, struct arena *arena);

#endif
