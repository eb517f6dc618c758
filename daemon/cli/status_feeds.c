/* Feeds in `hulei status`; see status_feeds.h.
 * A source that promised nothing is not shown. */
#include "daemon/cli/status_feeds.h"

#include "daemon/common/feed/feed_payload.h"

#include <stdio.h>
#include <stdlib.h>

enum { URN, SILENCE, PERIODS, FEEDS_RISK, HEARD, TYPE, PROMISED, LIVE, GAP, HASH_FITS };

static json_t *number_or_null(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? json_null()
                                            : json_integer(strtoll(PQgetvalue(result, row, column), NULL, 10));
}

json_t *status_feed_row(const PGresult *result, int row)
{
    json_t     *feed = json_object();
    const char *type = PQgetvalue(result, row, TYPE);
    const long  kind = strtol(type, NULL, 10);

    json_object_set_new(feed, "source", json_string(PQgetvalue(result, row, URN)));
    json_object_set_new(feed, "silence_minutes", number_or_null(result, row, SILENCE));
    json_object_set_new(feed, "silent_periods", number_or_null(result, row, PERIODS));
    json_object_set_new(feed, "feeds_risk", json_boolean(PQgetvalue(result, row, FEEDS_RISK)[0] == 't'));
    json_object_set_new(feed, "heard", json_string(PQgetvalue(result, row, HEARD)));
    if (PQgetisnull(result, row, TYPE) || kind <= 0 || kind >= FEED_TYPE_COUNT)
        return feed; /* it promised no totals */
    json_object_set_new(feed, "type", json_string(feed_type_word((enum feed_type)kind)));
    json_object_set_new(feed, "promised", number_or_null(result, row, PROMISED));
    json_object_set_new(feed, "live", number_or_null(result, row, LIVE));
    json_object_set_new(feed, "gap", number_or_null(result, row, GAP));
    json_object_set_new(
        feed, "hash_fits",
        PQgetisnull(result, row, HASH_FITS) ? json_null() : json_boolean(PQgetvalue(result, row, HASH_FITS)[0] == 't'));
    return feed;
}

static bool is_silent(const json_t *feed)
{
    return json_integer_value(json_object_get(feed, "silent_periods")) > 0;
}

static bool has_gap(const json_t *feed)
{
    return json_integer_value(json_object_get(feed, "gap")) != 0 || json_is_false(json_object_get(feed, "hash_fits"));
}

void status_feeds_print(const json_t *feeds)
{
    if (json_array_size(feeds) == 0)
        return;
    printf("\n%-48s %-18s %9s %9s  %s\n", "FEED", "TYPE", "PROMISED", "LIVE", "LAST HEARD");
    for (size_t i = 0; i < json_array_size(feeds); i++) {
        const json_t *feed = json_array_get(feeds, i);
        const char   *type = json_string_value(json_object_get(feed, "type"));
        printf("%-48s %-18s %9lld %9lld  %s%s%s\n", json_string_value(json_object_get(feed, "source")),
               type != NULL ? type : "-", (long long)json_integer_value(json_object_get(feed, "promised")),
               (long long)json_integer_value(json_object_get(feed, "live")),
               json_string_value(json_object_get(feed, "heard")), is_silent(feed) ? "  SILENT" : "",
               has_gap(feed) ? "  GAP" : "");
    }
}

bool status_feeds_are_well(const json_t *feeds)
{
    for (size_t i = 0; i < json_array_size(feeds); i++) {
        if (is_silent(json_array_get(feeds, i)) || has_gap(json_array_get(feeds, i)))
            return false;
    }
    return true;
}
