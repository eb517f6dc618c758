/* Which posts would hear of projected pairs: the database's own routing, asked once for each distinct way.
 * Knows no post and no area by itself. */
#ifndef HULEI_DAEMON_CLI_POLICY_POLICY_ROUTING_H
#define HULEI_DAEMON_CLI_POLICY_POLICY_ROUTING_H

#include "daemon/common/db.h"
#include "daemon/engine/projection.h"

struct policy_way {
    uint64_t         child_area, risk_area;
    uint32_t         recipients;
    enum policy_rule rule;
    size_t           first, count; /* of `stops` */
};

struct policy_routing {
    struct policy_way *ways; /* sorted */
    size_t             way_count;
    int               *stops; /* numbers of posts */
    size_t             stop_count;
    struct routed_post {
        char *id, *view;
    } * posts;
    size_t post_count;
};

/* Both projections' pairs. DB_RETRY, too, when memory is out. Clear in any case. */
enum db_status policy_routing_make(struct policy_routing *routing, const struct projection *before,
                                   const struct projection *after, struct db *db);
void           policy_routing_clear(struct policy_routing *routing);

/* The way of one pair. */
const struct policy_way *policy_routing_find(const struct policy_routing *routing, const struct projected_pair *pair);

#endif
