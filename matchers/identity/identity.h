/* Persons out of mentions: an index of live mentions, clustered batch by batch into persons with stable ids.
 * Deliberately without storage, clock or logging. Clusters are a pure function of the live mentions, the model and
 * the human decisions; never of the order of arrival. */
#ifndef HULEI_MATCHERS_IDENTITY_IDENTITY_H
#define HULEI_MATCHERS_IDENTITY_IDENTITY_H

#include "matchers/arena.h"
#include "matchers/identity/keys.h"
#include "matchers/identity/mention.h"
#include "matchers/identity/model.h"
#include "matchers/text/language_tables.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the index's memory comes from: zeroed, aligned for any type, never given back; NULL when there is none. */
struct memory {
    void *(*grow)(void *owner, size_t bytes);
    void *owner;
};

enum identity_grade { IDENTITY_PROBABLE = 0, IDENTITY_STRONG, IDENTITY_CONFIRMED };

/* Of a human; but KEPT is a link that an earlier model made and the present one half supports, see
 * identity_kept_links().
 */
enum identity_verdict { IDENTITY_UNSURE = 0, IDENTITY_SAME, IDENTITY_DIFFERENT, IDENTITY_KEPT };

enum identity_event_kind {
    IDENTITY_CREATED = 0,
    IDENTITY_JOINED, /* a mention of none or of other_person came in */
    IDENTITY_LEFT,   /* a mention went to other_person, or was withdrawn (0) */
    IDENTITY_MERGED, /* other_person became an alias of person_id */
    IDENTITY_SPLIT,  /* person_id was cut out of other_person */
    IDENTITY_FROZEN, /* evidence joins person_id and other_person, a veto keeps them apart: for review */
    IDENTITY_RETIRED /* no mention is left */
};

/* "created", ...; the words of the table person_event. */
const char *identity_event_word(enum identity_event_kind kind);
/* "probable", "strong", "confirmed". */
const char *identity_grade_text(enum identity_grade grade);

struct identity_index;
struct identity_batch;
struct comparison_holders;

struct identity_statistics {
    size_t used_bytes, limit_bytes;
    size_t mentions, profiles, persons, keys;
    size_t hot_keys, generic_keys; /* now above their limit */
};

/*
 * An empty index that takes at most `limit_bytes` from `memory`. Tables and model are borrowed. NULL when memory is
 * out. There is no way to free an index but to drop what `memory` gave.
 */
struct identity_index *identity_index_create(struct memory memory, size_t limit_bytes,
                                             const struct language_tables *tables, const struct identity_model *model);

/* A mention on its way into the index, and what can be made of it before the index is touched. */
struct identity_item {
    int64_t                 mention_id;
    uint64_t                canonical;  /* as of identity_batch_put() */
    uint32_t                sole_group; /* likewise */
    int64_t                 person_id;  /* 0: none */
    struct mention_features features;

    /* identity_item_prepare() fills these in. */
    double              own_bits;     /* against itself while nothing is generic */
    uint64_t            content_hash; /* of the features */
    size_t              key_count;
    struct blocking_key keys[KEYS_MAX];
};

/* Any number of threads may prepare. False for features of another version: the mention must be made anew. */
bool identity_item_prepare(const struct language_tables *tables, const struct identity_model *model,
                           struct identity_item *item);

/* Prepares an empty index for about so many mentions, so that it need not grow step by step. Only a matter of speed. */
void identity_index_expect(struct identity_index *index, size_t mentions);

/* Stored mentions, at start, in groups of any size; nothing is clustered. False: memory is out, some are loaded. */
bool identity_index_load(struct identity_index *index, const struct identity_item *items, size_t count);

/* A stored human decision, at start; the newest of a pair wins. The mentions need not exist. `same` of a mention with
 * itself: a human knows whom it means, though no number says so. False: memory is out. */
bool identity_decide(struct identity_index *index, int64_t mention_a, int64_t mention_b, enum identity_verdict verdict);

struct identity_statistics identity_index_statistics(const struct identity_index *index);

/*
 * Opens the one batch that may be open. The index is changed in place and every change is noted in the arena:
 * identity_batch_discard() takes all of them back, identity_batch_merge() keeps them. Both always succeed.
 * Look-ups meanwhile see the batch. NULL when the arena is full.
 */
struct identity_batch *identity_batch_begin(struct identity_index *index, struct arena *arena);

/*
 * Inserts or replaces a mention; may be called several times for one. `canonical` is a 64-bit hash of (source, type,
 * subject, slot), different for every mention. `sole_group`: mentions of one group are never one person but by a
 * human's word (a source with one record for each person); 0: of none. False when memory is out: discard the batch.
 */
bool identity_batch_put(struct identity_batch *batch, int64_t mention_id, uint64_t canonical, uint32_t sole_group,
                        const struct mention_features *features);
/* Removing what is not there does nothing. False when memory is out: discard the batch. */
bool identity_batch_remove(struct identity_batch *batch, int64_t mention_id);
/* As identity_decide(), and clusters both mentions anew. False when memory is out: discard the batch. */
bool identity_batch_decide(struct identity_batch *batch, int64_t mention_a, int64_t mention_b,
                           enum identity_verdict verdict);
/* Clusters a mention anew though nothing of it changed (see identity_kept_links()). False when memory is out. */
bool identity_batch_touch(struct identity_batch *batch, int64_t mention_id);

/* A mention that changed its person, or came or went; sorted by mention_id. */
struct identity_change {
    int64_t mention_id;
    int64_t old_person; /* 0: none */
    int64_t new_person; /* 0: removed */
};

/* A person whose members or grade changed, or that went; sorted by person_id. After a start the first clustering of a
 * person reports it even when nothing changed. */
struct identity_person {
    int64_t             person_id;
    enum identity_grade grade;
    uint32_t            members;
    int64_t             alias_of; /* 0: stands for itself */
    bool                retired;  /* no members; also of an alias */
};

struct identity_event {
    int64_t                  person_id;
    enum identity_event_kind kind;
    int64_t                  other_person; /* 0: none */
};

/* Two persons whom evidence joins and a conflict keeps apart; sorted by persons, one for each two. Who would be one
 * are the members of both, see identity_members_of(). */
struct identity_frozen {
    int64_t     person_a, person_b;   /* the lower first */
    int64_t     mention_a, mention_b; /* the strongest evidence: one mention of each */
    const char *reason; /* "numbers", "sex", "names", "birth", "twins", "foreign_number", "swapped_number", "namesakes",
                         * "source", "human", "size" */
};

/* Arrays live in the batch's arena. */
struct identity_result {
    const struct identity_change *changes;
    size_t                        change_count;
    const struct identity_person *persons;
    size_t                        person_count;
    const struct identity_event  *events;
    size_t                        event_count;
    const struct identity_frozen *frozen;
    size_t                        frozen_count;
};

/*
 * Clusters the touched components from scratch. New persons take (*next_person_id)++. May be called once, after the
 * last put. False when the arena is full: discard the batch (*next_person_id is then unchanged).
 */
bool                          identity_batch_resolve(struct identity_batch *batch, int64_t *next_person_id);
const struct identity_result *identity_batch_result(const struct identity_batch *batch);

/* Keeps what the batch did; after COMMIT. The batch is dead then. */
void identity_batch_merge(struct identity_batch *batch);
/* Takes back what the batch did. The batch is dead then. Discarding NULL does nothing. */
void identity_batch_discard(struct identity_batch *batch);

/* Person of a mention; 0 when there is none. */
int64_t identity_person_of(const struct identity_index *index, int64_t mention_id);
/* Features of a mention; NULL when there is none. Valid until the next put, remove, merge or discard. */
const struct mention_features *identity_features_of(const struct identity_index *index, int64_t mention_id);
/* What too many hold now, for a comparison of features outside the index; lives as long as the index. */
const struct comparison_holders *identity_holders(const struct identity_index *index);
struct identity_link {
    int64_t mention_a, mention_b;
};

/*
 * Hysteresis, for the activation of a new model only: the links of at least model->cluster_bits that hold a person
 * together where those of join_bits do not. Decide each IDENTITY_KEPT, touch all members, and resolve: what the new
 * model merely doubts stays, what it denies falls apart. Fills up to `capacity` links and returns how many there are;
 * a person of more than 128 contents is given up and has none.
 */
size_t identity_kept_links(const struct identity_index *index, int64_t person_id, struct identity_link *links,
                           size_t capacity);

/* Writes up to `capacity` mention ids of a person, ascending only when all fit, and returns how many there are. */
size_t identity_members_of(const struct identity_index *index, int64_t person_id, int64_t *mention_ids,
                           size_t capacity);
/* Grade of a live person; IDENTITY_PROBABLE when unknown. Counted anew at every call. */
enum identity_grade identity_grade_of(const struct identity_index *index, int64_t person_id);

#endif
