/* Signs of life; see heartbeat.h.
 * Says nothing of alerts: how many there are is nobody's business on the way. */
#include "daemon/courier/heartbeat.h"

#include "daemon/common/clock.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { RETRY_EVERY_MS = 60 * 1000, TIME_BYTES = 32, ID_BYTES = 128 };

static void print_time(char text[TIME_BYTES], int64_t seconds)
{
    const time_t moment = (time_t)seconds;
    struct tm    utc;

    gmtime_r(&moment, &utc);
    strftime(text, TIME_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

char *heartbeat_render(const char *post_id, const char *shard, int64_t now_s)
{
    char now[TIME_BYTES], next[TIME_BYTES], id[ID_BYTES], source[ID_BYTES];

    print_time(now, now_s);
    print_time(next, now_s + 2 * HEARTBEAT_EVERY_MS / 1000); /* one may be late */
    snprintf(id, sizeof id, "heartbeat/%s/%lld", post_id, (long long)now_s);
    snprintf(source, sizeof source, "//hulei/%s", shard);
    json_t *event =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s, s:s}}", "specversion", "1.0", "id", id, "source",
                  source, "type", "hulei.heartbeat.v1", "subject", post_id, "time", now, "datacontenttype",
                  "application/json", "dataschema", "hulei:heartbeat:1", "data", "post", post_id, "next_by", next);
    char *text = event != NULL ? json_dumps(event, JSON_COMPACT) : NULL;
    json_decref(event);
    return text;
}

void heartbeat_beat(struct heartbeat *heartbeat, const struct posts *posts, struct relay *relay, const char *shard)
{
    const int64_t now_ms = clock_monotonic_ms();
    const bool    is_all = now_ms >= heartbeat->next_ms;

    if (!is_all && now_ms < heartbeat->retry_ms)
        return;
    if (is_all)
        heartbeat->next_ms = now_ms + HEARTBEAT_EVERY_MS;
    heartbeat->retry_ms = now_ms + RETRY_EVERY_MS;
    for (unsigned i = 0; i < posts->posts_count; i++) {
        const struct post *post = &posts->posts[i];
        if (post->webhook != NULL || (!is_all && !relay_is_failing(relay, post->topic)))
            continue;
        char *text = heartbeat_render(post->id, shard, (int64_t)time(NULL));
        if (text != NULL)
            relay_send_plain(relay, post->topic, post->id, text);
        free(text);
    }
}
