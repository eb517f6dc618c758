/* Times and dates as departments write them.
 * Reads no clock and knows no time zone but the one written. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_TIME_H
#define HULEI_DAEMON_COMMON_FEED_FEED_TIME_H

#include "daemon/common/feed/feed.h"

/*
 * RFC 3339 with an offset, years 1900 to 9999; a leap second counts as the next second, parts under a microsecond
 * are cut. False leaves *time_us as it was.
 */
bool feed_time_parse(struct span text, int64_t *time_us);

/* YYYY-MM-DD, YYYYMMDD, YYYY-MM or YYYY; years 1850 to 2200; the day must exist. A lunar month has up to 30 days. */
bool feed_date_parse(struct span text, bool is_lunar, struct feed_date *date);

/* 1900-01-01, 9999-12-31 and the like, which clerks type for "not known". */
bool feed_date_is_placeholder(struct span text);

#endif
