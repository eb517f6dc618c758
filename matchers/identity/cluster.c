/* Clusters what a batch touched, from scratch: closure over edges, then greedy agglomeration in canonical order.
 * Deliberately a pure function of contents, model and verdicts: numbers of blocks and order of arrival decide nothing.
 */
#include "matchers/identity/index_parts.h"

static const double same_bits = 1e6; /* a human's "same" comes before every weight */

enum { EDGES_PER_CHUNK = 128 };

struct edge_chunk {
    struct edge_chunk   *previous;
    size_t               count;
    struct identity_edge edges[EDGES_PER_CHUNK];
};

struct search {
    struct identity_batch *batch;
    struct identity_index *index;
    uint32_t               head, tail, count;
    struct edge_chunk     *chunks;
    size_t                 edge_count;
    bool                   is_full;
};

static void visit(struct search *search, uint32_t number)
{
    struct profile *profile = profile_at(search->index, number);

    if (profile->visit == search->index->visit)
        return;
    profile->visit      = search->index->visit;
    profile->local      = search->count++;
    profile->queue_next = 0;
    if (search->tail != 0)
        profile_at(search->index, search->tail)->queue_next = number;
    else
        search->head = number;
    search->tail = number;
}

static void visit_mention(struct search *search, int64_t mention_id)
{
    const uint32_t number = index_find_mention(search->index, mention_id);

    if (number != 0)
        visit(search, mention_at(search->index, number)->profile);
}

struct identity_edge cluster_edge(const struct identity_index *index, uint32_t a, uint32_t b, double bits)
{
    const uint64_t hash_a = profile_at(index, a)->item.hash, hash_b = profile_at(index, b)->item.hash;

    return (struct identity_edge){ bits, hash_a < hash_b ? hash_a : hash_b, hash_a < hash_b ? hash_b : hash_a, a, b };
}

static void add_edge(struct search *search, uint32_t a, uint32_t b, double bits)
{
    if (search->chunks == NULL || search->chunks->count == EDGES_PER_CHUNK) {
        struct edge_chunk *chunk = arena_alloc(search->batch->arena, 1, sizeof *chunk);

        if (chunk == NULL) {
            search->is_full = true;
            return;
        }
        chunk->previous = search->chunks;
        search->chunks  = chunk;
    }
    search->chunks->edges[search->chunks->count++] = cluster_edge(search->index, a, b, bits);
    search->edge_count++;
}

static void follow_candidate(void *context, uint32_t number, uint32_t other)
{
    struct search  *search = context;
    struct profile *found  = profile_at(search->index, other);

    /* Seen from the other side already: its edge is noted or there is none. */
    if (found->visit == search->index->visit && found->local < profile_at(search->index, number)->local)
        return;
    const struct profile *profile = profile_at(search->index, number);
    const double          bits    = profile_edge_bits(search->index, profile, found);
    if (bits > 0) {
        visit(search, other);
        add_edge(search, number, other, bits);
    } else if (profile_is_rival(search->index, profile, found)) {
        visit(search, other);
    }
}

/* Of the edge that a decision makes; 0: none. */
static double decided_bits(const struct identity_index *index, uint32_t a, uint32_t b, uint8_t verdict)
{
    if (verdict == IDENTITY_SAME)
        return same_bits;
    if (verdict != IDENTITY_KEPT)
        return 0;
    return profile_bits_from(index, profile_at(index, a), profile_at(index, b), index->model->cluster_bits);
}

static void follow_decisions(struct search *search, uint32_t number)
{
    struct identity_index *index      = search->index;
    const struct profile  *profile    = profile_at(index, number);
    const int64_t          mention_id = mention_at(index, profile->mention_head)->mention_id;

    for (uint32_t i = table_find(&index->decision_table, index_id_hash(mention_id)); i != 0;
         i          = table_next(&index->decision_table, i)) {
        const struct decision *decision = decision_at(index, i);
        const uint32_t         other    = index_find_mention(index, decision->other_id);

        if (decision->mention_id != mention_id || other == 0)
            continue;
        const uint32_t other_profile = mention_at(index, other)->profile;
        const double   bits          = decided_bits(index, number, other_profile, decision->verdict);
        if (bits <= 0)
            continue;
        visit(search, other_profile);
        if (number < other_profile)
            add_edge(search, number, other_profile, bits);
    }
}

/* The persons of this profile's mentions bring all their members, so that every old person is accounted for. */
static void follow_persons(struct search *search, uint32_t number)
{
    struct identity_index *index = search->index;

    for (uint32_t i = profile_at(index, number)->mention_head; i != 0; i = mention_at(index, i)->profile_next) {
        const uint32_t person_number = mention_at(index, i)->person;

        if (person_number == 0 || person_at(index, person_number)->visit == index->visit)
            continue;
        person_at(index, person_number)->visit = index->visit;
        for (uint32_t j = person_at(index, person_number)->member_head; j != 0; j = mention_at(index, j)->person_next)
            visit(search, mention_at(index, j)->profile);
    }
}

static void search_components(struct search *search)
{
    for (uint32_t number = search->head; number != 0 && !search->is_full;
         number          = profile_at(search->index, number)->queue_next) {
        profile_scan(search->index->scanner, number, follow_candidate, search);
        if (profile_at(search->index, number)->is_private)
            follow_decisions(search, number);
        follow_persons(search, number);
    }
}

static int compare_edges(const void *left, const void *right)
{
    const struct identity_edge *a = left, *b = right;

    if (a->bits != b->bits)
        return a->bits > b->bits ? -1 : 1;
    if (a->low != b->low)
        return a->low < b->low ? -1 : 1;
    return (a->high > b->high) - (a->high < b->high);
}

static struct identity_edge *local_edges(struct search *search)
{
    struct identity_edge *edges = arena_alloc(search->batch->arena, search->edge_count, sizeof *edges);
    size_t                count = 0;

    if (edges == NULL)
        return NULL;
    for (const struct edge_chunk *chunk = search->chunks; chunk != NULL; chunk = chunk->previous) {
        for (size_t i = 0; i < chunk->count; i++) {
            edges[count]   = chunk->edges[i];
            edges[count].a = profile_at(search->index, edges[count].a)->local;
            edges[count].b = profile_at(search->index, edges[count].b)->local;
            count++;
        }
    }
    return edges;
}

static void merge(struct clustering *clustering, uint32_t a, uint32_t b)
{
    struct cluster_member *members = clustering->members;

    if (members[a].count < members[b].count) {
        const uint32_t swap = a;

        a = b;
        b = swap;
    }
    members[members[a].tail].next = b + 1;
    members[a].tail               = members[b].tail;
    members[a].count += members[b].count;
    for (uint32_t i = b + 1; i != 0; i = members[i - 1].next)
        members[i - 1].cluster = a;
}

static bool note_frozen(const struct identity_index *index, struct arena *arena, struct clustering *clustering,
                        const struct identity_edge *edge, const char *reason)
{
    if (edge->a >= clustering->seed_count && edge->b >= clustering->seed_count)
        return true; /* nothing new about these two */
    if (decision_between(index, profile_at(index, clustering->members[edge->a].profile),
                         profile_at(index, clustering->members[edge->b].profile)) == IDENTITY_DIFFERENT)
        return true; /* asked and answered */

    struct frozen_pair *pair = arena_alloc(arena, 1, sizeof *pair);
    if (pair == NULL)
        return false;
    *pair = (struct frozen_pair){ NULL, edge->a, edge->b, reason };
    if (clustering->last_frozen != NULL)
        clustering->last_frozen->next = pair;
    else
        clustering->frozen = pair;
    clustering->last_frozen = pair;
    clustering->frozen_count++;
    return true;
}

bool cluster_agglomerate(struct identity_scanner *scanner, struct arena *arena, struct clustering *clustering,
                         struct identity_edge *edges, size_t count)
{
    const uint32_t limit = (uint32_t)scanner->index->model->cluster_profiles;

    order_items(edges, count, sizeof *edges, compare_edges);
    for (size_t i = 0; i < count; i++) {
        const uint32_t a = clustering->members[edges[i].a].cluster, b = clustering->members[edges[i].b].cluster;
        const bool     by_human = edges[i].bits == same_bits;

        if (a == b)
            continue;
        const char *reason = clustering->members[a].count + clustering->members[b].count > limit
                                 ? "size"
                                 : merge_refusal(scanner, clustering, a, b, by_human);
        if (reason == NULL)
            merge(clustering, a, b);
        else if (!note_frozen(scanner->index, arena, clustering, &edges[i], reason))
            return false;
    }
    return true;
}

bool cluster_touched(struct identity_batch *batch, struct clustering *clustering)
{
    struct identity_index *index  = batch->index;
    struct search          search = { .batch = batch, .index = index };

    index->visit++;
    for (const struct seed_chunk *chunk = batch->seeds; chunk != NULL; chunk = chunk->previous) {
        for (size_t i = 0; i < chunk->count; i++)
            visit_mention(&search, chunk->mention_ids[i]);
    }
    clustering->seed_count = search.count;
    search_components(&search);
    if (search.is_full)
        return false;

    struct identity_edge *edges = local_edges(&search);
    clustering->count           = search.count;
    clustering->members         = arena_alloc(batch->arena, search.count, sizeof *clustering->members);
    if (edges == NULL || clustering->members == NULL)
        return false;
    uint32_t local = 0;
    for (uint32_t number = search.head; number != 0; number = profile_at(index, number)->queue_next, local++)
        clustering->members[local] = (struct cluster_member){ number, local, 0, local, 1 };
    return cluster_agglomerate(index->scanner, batch->arena, clustering, edges, search.edge_count);
}
