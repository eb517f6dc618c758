/* Which links a new model leaves to persons it would take apart; see identity_kept_links().
 * Deliberately without a change of anything: the caller decides and clusters. */
#include "matchers/identity/index_parts.h"

enum { KEPT_PROFILES_MAX = 128 };

/* The contents of one person, in parts that grow together. */
struct parts {
    const struct identity_index *index;
    uint32_t                     profiles[KEPT_PROFILES_MAX];
    uint8_t                      part[KEPT_PROFILES_MAX];
    size_t                       count;
};

static bool collect(struct parts *parts, const struct person *person)
{
    for (uint32_t i = person->member_head; i != 0; i = mention_at(parts->index, i)->person_next) {
        const uint32_t profile  = mention_at(parts->index, i)->profile;
        bool           is_known = false;

        for (size_t j = 0; j < parts->count; j++)
            is_known = is_known || parts->profiles[j] == profile;
        if (is_known)
            continue;
        if (parts->count == KEPT_PROFILES_MAX)
            return false;
        parts->part[parts->count]       = (uint8_t)parts->count;
        parts->profiles[parts->count++] = profile;
    }
    return true;
}

static void join(struct parts *parts, size_t a, size_t b)
{
    const uint8_t from = parts->part[b], to = parts->part[a];

    for (size_t i = 0; i < parts->count; i++) {
        if (parts->part[i] == from)
            parts->part[i] = to;
    }
}

static double bits_between(const struct parts *parts, size_t a, size_t b, double least_bits)
{
    return profile_bits_from(parts->index, profile_at(parts->index, parts->profiles[a]),
                             profile_at(parts->index, parts->profiles[b]), least_bits);
}

static enum identity_verdict verdict_between(const struct parts *parts, size_t a, size_t b)
{
    return decision_between(parts->index, profile_at(parts->index, parts->profiles[a]),
                            profile_at(parts->index, parts->profiles[b]));
}

/* What the model itself, a human or an earlier activation joins. */
static bool is_joined(const struct parts *parts, size_t a, size_t b)
{
    switch (verdict_between(parts, a, b)) {
    case IDENTITY_SAME:
        return true;
    case IDENTITY_DIFFERENT:
        return false;
    case IDENTITY_KEPT:
        return bits_between(parts, a, b, parts->index->model->cluster_bits) > 0;
    case IDENTITY_UNSURE:
        break;
    }
    return bits_between(parts, a, b, parts->index->model->join_bits) > 0;
}

static double doubted_bits(const struct parts *parts, size_t a, size_t b)
{
    if (parts->part[a] == parts->part[b] || verdict_between(parts, a, b) == IDENTITY_DIFFERENT)
        return 0;
    return bits_between(parts, a, b, parts->index->model->cluster_bits);
}

static void join_by_model(struct parts *parts)
{
    for (size_t a = 0; a < parts->count; a++) {
        for (size_t b = a + 1; b < parts->count; b++) {
            if (parts->part[a] != parts->part[b] && is_joined(parts, a, b))
                join(parts, a, b);
        }
    }
}

static uint64_t lower_hash(const struct parts *parts, size_t a, size_t b)
{
    const uint64_t hash_a = profile_at(parts->index, parts->profiles[a])->item.hash;
    const uint64_t hash_b = profile_at(parts->index, parts->profiles[b])->item.hash;

    return hash_a < hash_b ? hash_a : hash_b;
}

/* The strongest link between two parts; of equals the one of the lower content. False: there is none. */
static bool find_strongest(const struct parts *parts, size_t *best_a, size_t *best_b)
{
    double best = 0;

    for (size_t a = 0; a < parts->count; a++) {
        for (size_t b = a + 1; b < parts->count; b++) {
            const double bits = doubted_bits(parts, a, b);

            if (bits <= 0 || bits < best ||
                (bits == best && lower_hash(parts, a, b) >= lower_hash(parts, *best_a, *best_b)))
                continue;
            best    = bits;
            *best_a = a;
            *best_b = b;
        }
    }
    return best > 0;
}

static int64_t lowest_mention(const struct parts *parts, size_t at)
{
    int64_t lowest = INT64_MAX;

    for (uint32_t i = profile_at(parts->index, parts->profiles[at])->mention_head; i != 0;
         i          = mention_at(parts->index, i)->profile_next) {
        if (mention_at(parts->index, i)->mention_id < lowest)
            lowest = mention_at(parts->index, i)->mention_id;
    }
    return lowest;
}

size_t identity_kept_links(const struct identity_index *index, int64_t person_id, struct identity_link *links,
                           size_t capacity)
{
    const uint32_t number = index_find_person(index, person_id);
    struct parts   parts  = { .index = index };
    size_t         count = 0, a = 0, b = 0;

    if (number == 0 || !collect(&parts, person_at(index, number)))
        return 0;
    join_by_model(&parts);
    while (find_strongest(&parts, &a, &b)) {
        if (count < capacity)
            links[count] = (struct identity_link){ lowest_mention(&parts, a), lowest_mention(&parts, b) };
        count++;
        join(&parts, a, b);
    }
    return count;
}
