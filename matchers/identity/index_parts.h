/* The insides of the identity index, shared by its files and by nobody else.
 * Deliberately not part of the interface: see identity.h. */
#ifndef HULEI_MATCHERS_IDENTITY_INDEX_PARTS_H
#define HULEI_MATCHERS_IDENTITY_INDEX_PARTS_H

#include "matchers/identity/blocks.h"
#include "matchers/identity/compare.h"
#include "matchers/identity/identity.h"
#include "matchers/identity/sweep.h"

struct mention {
    struct table_item item;       /* hash of mention_id */
    uint32_t          sole_group; /* no two of one group are one person; 0: of none */
    int64_t           mention_id;
    uint64_t          canonical;
    uint32_t          profile, profile_next, profile_prev;
    uint32_t          person, person_next, person_prev;
};

/* One distinct content and the mentions that have it: equal mentions are compared once. */
struct profile {
    struct table_item item;                 /* hash of the content; of a private one salted with the mention */
    bool              is_private;           /* one mention of its own: decided by a human, of a sole group, or says too
                                             * little to join */
    uint8_t                 generic_values; /* how many of its phones, households and dwellings say nothing now */
    uint32_t                mention_head, mention_count;
    uint32_t                node_head;
    uint32_t                visit, queue_next; /* of identity_batch_resolve() */
    uint32_t                local;
    _Atomic uint32_t        rival;    /* the index's visit << 1, and whether there is one: once a clustering */
    double                  own_bits; /* against itself while nothing is generic */
    struct mention_features features;
};

/* A blocking key and how many profiles hold it. */
struct key {
    struct table_item item;
    uint32_t          head, count;
    uint8_t           kind;
};

/* One profile under one key, and what tells it from most strangers at a glance. */
struct node {
    uint32_t profile, key, next, prev, profile_next;
    uint32_t gist;
};

enum { GRADE_UNKNOWN = 255 };

struct person {
    struct table_item item; /* hash of person_id */
    uint8_t           grade;
    int64_t           person_id;
    uint32_t          member_head, member_count, visit;
};

/* Human verdict, or a link kept at a change of models; stored under both mentions. */
struct decision {
    struct table_item item; /* hash of mention_id */
    uint8_t           verdict;
    int64_t           mention_id, other_id;
};

/* One thread's memory of whom a scan has met; the index itself stays as it is. */
struct identity_scanner {
    const struct identity_index *index;
    uint32_t                     stamp, slot_mask;
    uint32_t                    *found; /* profiles of the last scan */
    struct scanned {
        uint32_t stamp, profile;
    } * slots;
};

struct identity_index {
    struct block_memory           memory;
    const struct language_tables *tables;
    const struct identity_model  *model;
    double                        name_bits_most; /* of the model */
    struct comparison_holders     holders;
    struct blocks                 mentions, profiles, keys, nodes, persons, decisions;
    struct table                  mention_table, profile_table, key_table, person_table, decision_table;
    struct identity_scanner      *scanner;
    uint32_t                      visit; /* stamp */
    size_t                        hot_keys, generic_keys;
    bool                          has_open_batch;
};

enum undo_kind { UNDO_MENTION, UNDO_PERSON, UNDO_DECISION };

/* How to take one step back; newest first. */
struct undo {
    struct undo            *previous;
    enum undo_kind          kind;
    bool                    existed;
    int64_t                 mention_id, other_id, person_id; /* other_id: of a decision */
    uint64_t                canonical;
    uint32_t                sole_group;
    enum identity_verdict   verdict;
    struct mention_features features;
};

enum { SEEDS_PER_CHUNK = 126 };

struct seed_chunk {
    struct seed_chunk *previous;
    size_t             count;
    int64_t            mention_ids[SEEDS_PER_CHUNK];
};

enum { REMOVAL_BUCKETS = 1024 };

/* A mention that was taken out of the index by this batch, and the person it had. */
struct removal {
    struct removal *previous, *in_bucket;
    int64_t         mention_id, person_id;
};

struct identity_batch {
    struct identity_index *index;
    struct arena          *arena;
    struct undo           *undo;
    struct seed_chunk     *seeds;
    struct removal        *removals, *buckets[REMOVAL_BUCKETS]; /* all, and by mention */
    bool                   has_failed, is_resolved;
    struct identity_result result;
};

static inline struct mention *mention_at(const struct identity_index *index, uint32_t number)
{
    return blocks_at(&index->mentions, number);
}

static inline struct profile *profile_at(const struct identity_index *index, uint32_t number)
{
    return blocks_at(&index->profiles, number);
}

static inline struct key *key_at(const struct identity_index *index, uint32_t number)
{
    return blocks_at(&index->keys, number);
}

static inline struct node *node_at(const struct identity_index *index, uint32_t number)
{
    return blocks_at(&index->nodes, number);
}

static inline struct person *person_at(const struct identity_index *index, uint32_t number)
{
    return blocks_at(&index->persons, number);
}

static inline struct decision *decision_at(const struct identity_index *index, uint32_t number)
{
    return blocks_at(&index->decisions, number);
}

/* ---- index.c ---- */
uint64_t index_id_hash(int64_t id);
uint32_t index_find_mention(const struct identity_index *index, int64_t mention_id);
uint32_t index_find_person(const struct identity_index *index, int64_t person_id);
/* Blocks for more mentions with everything they may need. */
bool index_reserve(struct identity_index *index, uint32_t mentions);
/* A mention without profile and person; the blocks must be reserved. */
uint32_t index_add_mention(struct identity_index *index, int64_t mention_id, uint64_t canonical, uint32_t sole_group);
/* Moves a mention to a person, made when it is new; 0: to none. A person without members goes. */
void index_move(struct identity_index *index, uint32_t mention, int64_t person_id);

/* ---- profile.c; `batch` may be NULL: no seeds are noted ---- */
void profile_attach(struct identity_index *index, struct identity_batch *batch, uint32_t mention,
                    const struct mention_features *features);
/* The same of a prepared item. */
void profile_attach_item(struct identity_index *index, struct identity_batch *batch, uint32_t mention,
                         const struct identity_item *item);
void profile_detach(struct identity_index *index, struct identity_batch *batch, uint32_t mention);
/* Compares with regard to what is generic now. */
struct comparison profile_compare(const struct identity_index *index, const struct profile *a, const struct profile *b);
/* Bits between two profiles, or 0 when a veto stands or they are less than asked for, which is above 0. */
double profile_bits_from(const struct identity_index *index, const struct profile *a, const struct profile *b,
                         double least_bits);
/* Sex and hash of the valid number. */
uint32_t profile_gist(const struct profile *profile);
/* Two different valid numbers, or two sexes without an equal one: there is no edge. Others may be strangers, too. */
bool gists_are_strangers(uint32_t a, uint32_t b);
/* Bits of an edge between two profiles, or 0 when there is none. */
double profile_edge_bits(const struct identity_index *index, const struct profile *a, const struct profile *b);
/* Two people easily mixed up: born one day, with names as one person could bear them, and each with a valid number of
 * its own. */
bool profile_is_rival(const struct identity_index *index, const struct profile *a, const struct profile *b);
/* Whether a candidate of the profile is its rival; found out once a clustering. Not while a scan is under way. */
bool profile_has_rival(struct identity_scanner *scanner, uint32_t number);
/* A key held by too many to say anything. */
bool key_is_common(const struct identity_index *index, const struct key *key);

/* ---- scan.c ---- */
/* Profiles under the live keys of one profile, at most. */
size_t scanner_found_max(const struct identity_model *model);
/* Calls `found` for each profile that shares a live key with `number`, once. */
void profile_scan(struct identity_scanner *scanner, uint32_t                            number,
                  void (*found)(void *context, uint32_t profile, uint32_t other), void *context);
/* The same for those only that came into the index before it, so that each pair comes once, and may have an edge. */
void profile_scan_edges(struct identity_scanner *scanner, uint32_t                            number,
                        void (*found)(void *context, uint32_t profile, uint32_t other), void *context);

/* ---- decisions.c ---- */
enum identity_verdict decision_of(const struct identity_index *index, int64_t mention_a, int64_t mention_b);
/* The same of profiles. */
enum identity_verdict decision_between(const struct identity_index *index, const struct profile *a,
                                       const struct profile *b);
bool                  decision_exists(const struct identity_index *index, int64_t mention_id);
/* Blocks for one decision_store(). */
bool decision_reserve(struct identity_index *index);
/* The blocks must be there. `batch` may be NULL: no seeds are noted. */
void decision_store(struct identity_index *index, struct identity_batch *batch, int64_t mention_a, int64_t mention_b,
                    enum identity_verdict verdict);

/* ---- batch.c ---- */
void batch_note_seed(struct identity_batch *batch, int64_t mention_id);

/* ---- grade.c ---- */
enum identity_grade grade_of_profiles(const struct identity_index *index, const uint32_t *profiles, size_t count);

/* ---- cluster.c ---- */

/* A touched profile while it is clustered. */
struct cluster_member {
    uint32_t profile;
    uint32_t cluster; /* local number of the cluster's first member */
    uint32_t next;    /* local number + 1 of the next member of the cluster; 0: last */
    uint32_t tail;    /* of a first member: local number of the last */
    uint32_t count;   /* of a first member */
};

struct frozen_pair {
    struct frozen_pair *next;
    uint32_t            a, b;   /* local numbers of members kept apart */
    const char         *reason; /* a static word */
};

struct clustering {
    struct cluster_member *members;
    uint32_t               count;
    uint32_t               seed_count;           /* the first members are what the batch itself touched */
    struct frozen_pair    *frozen, *last_frozen; /* the strongest evidence first */
    size_t                 frozen_count;
};

/* Clusters everything the seeds reach. False when the arena is full. */
bool cluster_touched(struct identity_batch *batch, struct clustering *clustering);

/* Sorts the edges, which name members by their local numbers, and merges along them what may be merged. Conflicts of
 * the first seed_count members are noted in the arena. False when it is full. */
bool cluster_agglomerate(struct identity_scanner *scanner, struct arena *arena, struct clustering *clustering,
                         struct identity_edge *edges, size_t count);
/* An edge between two profiles, in the canonical order. */
struct identity_edge cluster_edge(const struct identity_index *index, uint32_t a, uint32_t b, double bits);

/* ---- valid.c ---- */
/* Why two clusters, named by their first members, must not become one; NULL: they may. */
const char *merge_refusal(struct identity_scanner *scanner, const struct clustering *clustering, uint32_t a, uint32_t b,
                          bool by_human);

/* ---- assign.c ---- */
/* Gives the clusters their persons and fills batch->result. False when memory is out; nothing is changed then. */
bool assign_persons(struct identity_batch *batch, const struct clustering *clustering, int64_t *next_person_id);

/* Sorts in place without memory of its own; not stable. */
void order_items(void *items, size_t count, size_t size, int (*compare)(const void *, const void *));

#endif
