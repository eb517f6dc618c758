/* Ways of projected pairs; see policy_routing.h.
 * A million pairs have a few hundred ways. */
#include "daemon/cli/policy/policy_routing.h"

#include "daemon/common/db_array.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AREA_BYTES = 24, VIEWS_BYTES = 80 };

static struct policy_way way_of(const struct projected_pair *pair)
{
    return (struct policy_way){
        .child_area = pair->child_area, .risk_area = pair->risk_area, .recipients = pair->recipients, .rule = pair->rule
    };
}

static int compare_ways(const void *left, const void *right)
{
    const struct policy_way *a = left, *b = right;

    if (a->child_area != b->child_area)
        return a->child_area < b->child_area ? -1 : 1;
    if (a->risk_area != b->risk_area)
        return a->risk_area < b->risk_area ? -1 : 1;
    if (a->recipients != b->recipients)
        return a->recipients < b->recipients ? -1 : 1;
    return (int)a->rule - (int)b->rule;
}

static bool gather_ways(struct policy_routing *routing, const struct projection *before, const struct projection *after)
{
    const struct projection *both[] = { before, after };
    size_t                   total  = 0;

    routing->ways = calloc(before->count + after->count + 1, sizeof *routing->ways);
    if (routing->ways == NULL)
        return false;
    for (size_t p = 0; p < 2; p++) {
        for (size_t i = 0; i < both[p]->count; i++)
            routing->ways[total++] = way_of(&both[p]->pairs[i]);
    }
    qsort(routing->ways, total, sizeof *routing->ways, compare_ways);
    for (size_t i = 0; i < total; i++) {
        if (i == 0 || compare_ways(&routing->ways[i], &routing->ways[i - 1]) != 0)
            routing->ways[routing->way_count++] = routing->ways[i];
    }
    return true;
}

static void add_area(struct db_array *column, uint64_t area)
{
    char text[AREA_BYTES];

    snprintf(text, sizeof text, "%012llu", (unsigned long long)area);
    if (area != 0)
        db_array_add_span(column, span_from_text(text));
    else
        db_array_add_null(column);
}

static void add_views(struct db_array *column, uint32_t recipients)
{
    static const char *const words[]           = { "police", "judicial", "civil", "education", "community", "office" };
    char                     text[VIEWS_BYTES] = "";

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t used = strlen(text);
        if ((recipients & 1U << i) != 0)
            snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? "," : "", words[i]);
    }
    db_array_add_span(column, span_from_text(text));
}

static enum db_status ask(const struct policy_routing *routing, struct db *db, PGresult **result)
{
    struct db_array columns[4];
    struct db_param params[4];
    enum db_status  status = DB_OK;

    for (size_t c = 0; c < 4; c++)
        db_array_init(&columns[c], DB_ARRAY_TEXT);
    for (size_t i = 0; i < routing->way_count; i++) {
        const struct policy_way *way = &routing->ways[i];
        add_area(&columns[0], way->child_area);
        add_area(&columns[1], way->risk_area);
        add_views(&columns[2], way->recipients);
        db_array_add_span(&columns[3], span_from_text(policy_rule_word(way->rule)));
    }
    for (size_t c = 0; c < 4 && status == DB_OK; c++)
        status = db_array_param(&columns[c], &params[c]) ? DB_OK : DB_RETRY;
    if (status == DB_OK)
        status = db_run_binary(db, &statement_policy_routes, params, 4, result);
    for (size_t c = 0; c < 4; c++)
        db_array_clear(&columns[c]);
    return status;
}

static char *text_of(struct span span)
{
    return strndup(span.length > 0 ? span.bytes : "", span.length);
}

/* The number of the post, a new one when it is new; -1 when memory is out. */
static int post_of(struct policy_routing *routing, struct span id, struct span view)
{
    for (size_t i = 0; i < routing->post_count; i++) {
        if (span_equals_text(id, routing->posts[i].id))
            return (int)i;
    }
    struct routed_post *post = &routing->posts[routing->post_count];
    *post                    = (struct routed_post){ text_of(id), text_of(view) };
    routing->post_count++; /* counted even when incomplete, so that it is freed */
    return post->id != NULL && post->view != NULL ? (int)routing->post_count - 1 : -1;
}

static bool take_rows(struct policy_routing *routing, const PGresult *result)
{
    const size_t count = (size_t)PQntuples(result);

    routing->stops = calloc(count + 1, sizeof *routing->stops);
    routing->posts = calloc(count + 1, sizeof *routing->posts);
    if (routing->stops == NULL || routing->posts == NULL)
        return false;
    /* The rows come way by way. */
    for (size_t i = 0; i < count; i++) {
        struct policy_way *way  = &routing->ways[db_get_number(result, (int)i, 0) - 1];
        const int          post = post_of(routing, db_get_span(result, (int)i, 1), db_get_span(result, (int)i, 2));
        if (post < 0)
            return false;
        if (way->count++ == 0)
            way->first = i;
        routing->stops[routing->stop_count++] = post;
    }
    return true;
}

enum db_status policy_routing_make(struct policy_routing *routing, const struct projection *before,
                                   const struct projection *after, struct db *db)
{
    PGresult *result = NULL;

    *routing = (struct policy_routing){ NULL, 0, NULL, 0, NULL, 0 };
    if (!gather_ways(routing, before, after))
        return DB_RETRY;
    if (routing->way_count == 0)
        return DB_OK;
    enum db_status status = ask(routing, db, &result);
    if (status == DB_OK && !take_rows(routing, result))
        status = DB_RETRY;
    PQclear(result);
    return status;
}

void policy_routing_clear(struct policy_routing *routing)
{
    for (size_t i = 0; i < routing->post_count; i++) {
        free(routing->posts[i].id);
        free(routing->posts[i].view);
    }
    free(routing->posts);
    free(routing->stops);
    free(routing->ways);
    *routing = (struct policy_routing){ NULL, 0, NULL, 0, NULL, 0 };
}

const struct policy_way *policy_routing_find(const struct policy_routing *routing, const struct projected_pair *pair)
{
    const struct policy_way wanted = way_of(pair);

    return bsearch(&wanted, routing->ways, routing->way_count, sizeof wanted, compare_ways);
}
