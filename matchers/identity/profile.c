/* Profiles: distinct contents under their blocking keys, and the comparison of two of them.
 * Deliberately blind to persons: a profile only knows whom it may resemble. */
#include "matchers/identity/index_parts.h"

#include <assert.h>
#include <math.h>
#include <stdatomic.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Such a key is evidence by itself, not only a way to find candidates. */
static bool is_value(const struct key *key)
{
    return key->kind == KEY_PHONE || key->kind == KEY_HOUSEHOLD || key->kind == KEY_DWELLING;
}

bool key_is_common(const struct identity_index *index, const struct key *key)
{
    const int32_t limit = is_value(key) ? index->model->generic_holders : index->model->hot_key_holders;

    return key->count > (uint32_t)limit;
}

/* A value that two share is generic for both: most need not ask. */
static const struct comparison_holders *holders_of(const struct identity_index *index, const struct profile *a,
                                                   const struct profile *b)
{
    return a->generic_values > 0 && b->generic_values > 0 ? &index->holders : NULL;
}

struct comparison profile_compare(const struct identity_index *index, const struct profile *a, const struct profile *b)
{
    return identity_compare(index->tables, index->model, holders_of(index, a, b), &a->features, &b->features);
}

static double own_bits(const struct identity_index *index, const struct profile *profile)
{
    return profile->generic_values == 0 ? profile->own_bits : profile_compare(index, profile, profile).bits;
}

double profile_bits_from(const struct identity_index *index, const struct profile *a, const struct profile *b,
                         double least_bits)
{
    double bits = identity_bits_from(index->tables, index->model, holders_of(index, a, b), &a->features, &b->features,
                                     index->name_bits_most, least_bits);

    if (bits <= 0)
        return 0;
    /* A mention cannot resemble another more than itself: keeps mentions that say too little alone. */
    bits = fmin(bits, fmin(own_bits(index, a), own_bits(index, b)));
    return bits >= least_bits ? bits : 0;
}

double profile_edge_bits(const struct identity_index *index, const struct profile *a, const struct profile *b)
{
    return profile_bits_from(index, a, b, index->model->join_bits);
}

enum { GIST_SEX_BITS = 2, GIST_SEX_MASK = (1 << GIST_SEX_BITS) - 1 };

uint32_t profile_gist(const struct profile *profile)
{
    const struct mention_features *features = &profile->features;
    const uint32_t                 number   = features->number_kind == MENTION_NUMBER_VALID
                                                  ? (uint32_t)blocking_number_hash(features) | 1 << GIST_SEX_BITS
                                                  : 0;

    return (number & ~(uint32_t)GIST_SEX_MASK) | features->sex;
}

bool gists_are_strangers(uint32_t a, uint32_t b)
{
    const uint32_t number_a = a >> GIST_SEX_BITS, number_b = b >> GIST_SEX_BITS;
    const uint32_t sex_a = a & GIST_SEX_MASK, sex_b = b & GIST_SEX_MASK;

    if (number_a != 0 && number_b != 0)
        return number_a != number_b;
    return sex_a != sex_b && sex_a != PERSON_SEX_UNKNOWN && sex_b != PERSON_SEX_UNKNOWN;
}

bool profile_is_rival(const struct identity_index *index, const struct profile *a, const struct profile *b)
{
    if (a->features.number_kind != MENTION_NUMBER_VALID || b->features.number_kind != MENTION_NUMBER_VALID ||
        a->features.number_day != b->features.number_day ||
        memcmp(a->features.number, b->features.number, sizeof a->features.number) == 0)
        return false;

    /* Two different numbers end a comparison at once: it is asked what the rest says. */
    struct mention_features without = b->features;
    without.number_kind             = MENTION_NUMBER_NONE;
    const enum name_level name =
        identity_compare(index->tables, index->model, holders_of(index, a, b), &a->features, &without).name;
    return name > NAME_NULL && name < NAME_WEAK;
}

struct rival_search {
    const struct identity_index *index;
    bool                         is_found;
};

static void look_for_rival(void *context, uint32_t number, uint32_t other)
{
    struct rival_search *search = context;

    search->is_found = search->is_found || profile_is_rival(search->index, profile_at(search->index, number),
                                                            profile_at(search->index, other));
}

bool profile_has_rival(struct identity_scanner *scanner, uint32_t number)
{
    struct profile *profile = profile_at(scanner->index, number);
    const uint32_t  visit   = scanner->index->visit << 1;
    const uint32_t  known   = atomic_load_explicit(&profile->rival, memory_order_relaxed);

    if ((known & ~1U) == visit)
        return (known & 1U) != 0;

    struct rival_search search = { scanner->index, false };
    if (profile->features.number_kind == MENTION_NUMBER_VALID)
        profile_scan(scanner, number, look_for_rival, &search);
    /* Whichever thread comes first: all find the same. */
    atomic_store_explicit(&profile->rival, visit | search.is_found, memory_order_relaxed);
    return search.is_found;
}

static void note_profile(struct identity_index *index, struct identity_batch *batch, uint32_t number)
{
    if (batch != NULL)
        batch_note_seed(batch, mention_at(index, profile_at(index, number)->mention_head)->mention_id);
}

static void note_holders(struct identity_index *index, struct identity_batch *batch, const struct key *key)
{
    if (batch == NULL)
        return;
    for (uint32_t i = key->head; i != 0; i = node_at(index, i)->next) {
        /* A profile on its way in or out may be without mentions: it is noted by itself. */
        if (profile_at(index, node_at(index, i)->profile)->mention_head != 0)
            note_profile(index, batch, node_at(index, i)->profile);
    }
}

static void count_generic(struct identity_index *index, const struct key *key, bool is_common)
{
    for (uint32_t i = is_value(key) ? key->head : 0; i != 0; i = node_at(index, i)->next) {
        struct profile *profile = profile_at(index, node_at(index, i)->profile);

        profile->generic_values = (uint8_t)(profile->generic_values + (is_common ? 1 : -1));
    }
}

/* What the key meant for its holders has changed: counts that cross a limit, a number that is disputed. */
static void follow_count(struct identity_index *index, struct identity_batch *batch, struct key *key, bool was_common)
{
    const bool is_common = key_is_common(index, key);

    if (is_common != was_common) {
        size_t *counter = is_value(key) ? &index->generic_keys : &index->hot_keys;

        *counter += is_common ? 1u : (size_t)-1;
        count_generic(index, key, is_common);
        note_holders(index, batch, key);
    } else if (key->kind == KEY_NUMBER && !is_common) {
        note_holders(index, batch, key);
    }
}

static void add_key(struct identity_index *index, struct identity_batch *batch, uint32_t profile_number, uint32_t gist,
                    const struct blocking_key *wanted)
{
    uint32_t number = table_find(&index->key_table, wanted->hash);

    if (number == 0) {
        number          = blocks_take(&index->keys);
        struct key *key = key_at(index, number);

        key->item.hash = wanted->hash;
        key->kind      = (uint8_t)wanted->kind;
        table_insert(&index->key_table, number);
    }
    struct key     *key         = key_at(index, number);
    const bool      was_common  = key_is_common(index, key);
    const uint32_t  node_number = blocks_take(&index->nodes);
    struct node    *node        = node_at(index, node_number);
    struct profile *profile     = profile_at(index, profile_number);

    *node = (struct node){ profile_number, number, key->head, 0, profile->node_head, gist };
    if (key->head != 0)
        node_at(index, key->head)->prev = node_number;
    key->head          = node_number;
    profile->node_head = node_number;
    key->count++;
    profile->generic_values = (uint8_t)(profile->generic_values + (was_common && is_value(key)));
    follow_count(index, batch, key, was_common);
}

static void drop_keys(struct identity_index *index, struct identity_batch *batch, struct profile *profile)
{
    while (profile->node_head != 0) {
        const uint32_t number     = profile->node_head;
        struct node   *node       = node_at(index, number);
        struct key    *key        = key_at(index, node->key);
        const uint32_t key_number = node->key;
        const bool     was_common = key_is_common(index, key);

        profile->node_head = node->profile_next;
        if (node->prev != 0)
            node_at(index, node->prev)->next = node->next;
        else
            key->head = node->next;
        if (node->next != 0)
            node_at(index, node->next)->prev = node->prev;
        blocks_give(&index->nodes, number);
        key->count--;
        follow_count(index, batch, key, was_common);
        if (key->count == 0) {
            table_remove(&index->key_table, key_number);
            blocks_give(&index->keys, key_number);
        }
    }
}

static uint32_t find_profile(const struct identity_index *index, uint64_t hash, const struct mention_features *features)
{
    uint32_t number = table_find(&index->profile_table, hash);

    while (number != 0) {
        const struct profile *profile = profile_at(index, number);

        if (!profile->is_private && memcmp(&profile->features, features, sizeof *features) == 0)
            return number;
        number = table_next(&index->profile_table, number);
    }
    return 0;
}

static void link_mention(struct identity_index *index, uint32_t profile_number, uint32_t mention_number)
{
    struct profile *profile = profile_at(index, profile_number);
    struct mention *mention = mention_at(index, mention_number);

    mention->profile      = profile_number;
    mention->profile_prev = 0;
    mention->profile_next = profile->mention_head;
    if (profile->mention_head != 0)
        mention_at(index, profile->mention_head)->profile_prev = mention_number;
    profile->mention_head = mention_number;
    profile->mention_count++;
}

bool identity_item_prepare(const struct language_tables *tables, const struct identity_model *model,
                           struct identity_item *item)
{
    if (!mention_features_are_usable(&item->features))
        return false;
    item->own_bits     = identity_compare(tables, model, NULL, &item->features, &item->features).bits;
    item->content_hash = XXH3_64bits(&item->features, sizeof item->features);
    item->key_count    = blocking_keys(&item->features, item->keys);
    return true;
}

void profile_attach_item(struct identity_index *index, struct identity_batch *batch, uint32_t mention_number,
                         const struct identity_item *item)
{
    const struct mention *mention    = mention_at(index, mention_number);
    const bool            is_private = mention->sole_group != 0 || decision_exists(index, mention->mention_id) ||
                            item->own_bits < index->model->join_bits;
    const uint64_t hash   = is_private
                                ? XXH3_64bits_withSeed(&item->features, sizeof item->features, mention->canonical | 1)
                                : item->content_hash;
    uint32_t       number = is_private ? 0 : find_profile(index, hash, &item->features);

    if (number != 0) {
        link_mention(index, number, mention_number);
        note_profile(index, batch, number);
        return;
    }
    number                  = blocks_take(&index->profiles);
    struct profile *profile = profile_at(index, number);

    profile->item.hash  = hash;
    profile->is_private = is_private;
    profile->own_bits   = item->own_bits;
    profile->features   = item->features;
    table_insert(&index->profile_table, number);
    link_mention(index, number, mention_number);
    note_profile(index, batch, number);

    const uint32_t gist = profile_gist(profile);
    for (size_t i = 0; i < item->key_count; i++)
        add_key(index, batch, number, gist, &item->keys[i]);
}

void profile_attach(struct identity_index *index, struct identity_batch *batch, uint32_t mention_number,
                    const struct mention_features *features)
{
    struct identity_item item      = { .features = *features };
    const bool           is_usable = identity_item_prepare(index->tables, index->model, &item);

    assert(is_usable);
    profile_attach_item(index, batch, mention_number, &item);
}

struct neighbour_note {
    struct identity_index *index;
    struct identity_batch *batch;
};

static void note_neighbour(void *context, uint32_t number, uint32_t other)
{
    const struct neighbour_note *note    = context;
    const struct profile        *profile = profile_at(note->index, number), *found = profile_at(note->index, other);

    if (profile_edge_bits(note->index, profile, found) > 0 || profile_is_rival(note->index, profile, found))
        note_profile(note->index, note->batch, other);
}

static void note_decided(struct identity_index *index, struct identity_batch *batch, const struct profile *profile)
{
    const int64_t mention_id = mention_at(index, profile->mention_head)->mention_id;

    for (uint32_t i = table_find(&index->decision_table, index_id_hash(mention_id)); i != 0;
         i          = table_next(&index->decision_table, i)) {
        if (decision_at(index, i)->mention_id == mention_id)
            batch_note_seed(batch, decision_at(index, i)->other_id);
    }
}

void profile_detach(struct identity_index *index, struct identity_batch *batch, uint32_t mention_number)
{
    struct mention *mention = mention_at(index, mention_number);
    const uint32_t  number  = mention->profile;
    struct profile *profile = profile_at(index, number);

    if (batch != NULL && profile->mention_count == 1) {
        struct neighbour_note note = { index, batch };

        profile_scan(index->scanner, number, note_neighbour, &note);
        if (profile->is_private)
            note_decided(index, batch, profile);
    }
    if (mention->profile_prev != 0)
        mention_at(index, mention->profile_prev)->profile_next = mention->profile_next;
    else
        profile->mention_head = mention->profile_next;
    if (mention->profile_next != 0)
        mention_at(index, mention->profile_next)->profile_prev = mention->profile_prev;
    mention->profile = mention->profile_next = mention->profile_prev = 0;
    if (--profile->mention_count > 0) {
        note_profile(index, batch, number);
        return;
    }
    drop_keys(index, batch, profile);
    table_remove(&index->profile_table, number);
    blocks_give(&index->profiles, number);
}
