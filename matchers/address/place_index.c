/* The standard address library as three hash tables; see place_index.h.
 * Places are found by their finest key; coarser levels keep sums of the points below them, never lists. */
#include "matchers/address/place_index.h"

#include "matchers/address/address.h"
#include "matchers/address/place_keys.h"
#include "matchers/proximity/keymap.h"

#include <math.h>

#include <string.h>

enum { FIRST_BUCKETS = 256 };

static const double metres_per_degree = 111195.0;
static const double one_yard_m        = 100; /* entries so near are the same yard under two communities */

/* Degrees are kept as integers: places in 1e-7 (1 cm), sums in 1e-6. */
struct place {
    uint64_t      handle;
    struct place *next_by_handle, *next_by_key;
    uint64_t      keys[PLACE_LEVELS - 1]; /* of TOWN … ROOM; 0 where the address does not go so deep */
    int32_t       lon_e7, lat_e7;
    uint8_t       finest; /* enum located_precision */
    uint8_t       has_point;
};

/* All places with a point under one key of a coarser level. */
struct spot {
    uint64_t     key;
    struct spot *next;
    int32_t      origin_lon_e6, origin_lat_e6; /* of the first point, so that squares stay small */
    int64_t      sum_lon, sum_lat, sum_squares;
    uint32_t     count;
};

struct place_index {
    struct pool_memory *memory;
    struct pool         places, spots;
    struct place      **by_handle, **by_key;
    struct spot       **by_spot;
    size_t              place_buckets, spot_buckets; /* powers of two */
    struct keymap       estates;                     /* estate in its community or town: road and number */
};

static size_t bucket_of(uint64_t key, size_t buckets)
{
    key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
    return (key ^ (key >> 31)) & (buckets - 1);
}

/* ---- estates ---- */

/* Remembers at which road and number an estate lies. What was once learnt stays: it leads to places that are gone at
 * worst. */
static bool learn_estate(struct place_index *index, const struct address_features *features)
{
    const uint64_t yard = (uint64_t)features->road << 32 | features->number;

    if (features->road == 0 || features->number == 0 || features->sub_number != 0)
        return true;
    for (uint32_t kind = 0; kind < PLACE_ESTATE_KINDS; kind++) {
        const uint64_t            key  = place_estate_key(features, kind);
        const struct keymap_node *node = key != 0 ? keymap_first(&index->estates, kind, key) : NULL;
        while (node != NULL && node->value != yard)
            node = keymap_next(node);
        if (key != 0 && node == NULL && !keymap_insert(&index->estates, kind, key, yard))
            return false;
    }
    return true;
}

struct address_features place_index_complete(const struct place_index *index, const struct address_features *features)
{
    struct address_features whole = *features;

    if (features->road != 0 || features->number != 0)
        return whole;
    for (uint32_t kind = 0; kind < PLACE_ESTATE_KINDS; kind++) {
        const uint64_t            key  = place_estate_key(features, kind);
        const struct keymap_node *node = key != 0 ? keymap_first(&index->estates, kind, key) : NULL;
        if (node == NULL || keymap_next(node) != NULL) /* two of that name */
            continue;
        whole.road   = (uint32_t)(node->value >> 32);
        whole.number = (uint32_t)node->value;
        return whole;
    }
    return whole;
}

/* ---- tables ---- */

static bool grow_places(struct place_index *index, size_t wanted)
{
    size_t count = index->place_buckets != 0 ? index->place_buckets : FIRST_BUCKETS;

    while (count < wanted)
        count *= 2;
    if (count == index->place_buckets)
        return true;
    const size_t   bytes     = count * sizeof(struct place *);
    struct place **by_handle = pool_memory_acquire(index->memory, bytes);
    struct place **by_key    = pool_memory_acquire(index->memory, bytes);
    if (by_handle == NULL || by_key == NULL) {
        pool_memory_release(index->memory, by_handle, bytes);
        pool_memory_release(index->memory, by_key, bytes);
        return index->place_buckets != 0; /* slower, not wrong */
    }
    memset(by_handle, 0, bytes);
    memset(by_key, 0, bytes);
    for (size_t i = 0; i < index->place_buckets; i++) {
        for (struct place *place = index->by_handle[i], *next; place != NULL; place = next) {
            next = place->next_by_handle;

            const size_t handle_home = bucket_of(place->handle, count);
            place->next_by_handle    = by_handle[handle_home];
            by_handle[handle_home]   = place;
            if (place->finest == LOCATED_NONE)
                continue;
            const size_t key_home = bucket_of(place->keys[place->finest - 1], count);
            place->next_by_key    = by_key[key_home];
            by_key[key_home]      = place;
        }
    }
    const size_t old_bytes = index->place_buckets * sizeof(struct place *);
    pool_memory_release(index->memory, index->by_handle, old_bytes);
    pool_memory_release(index->memory, index->by_key, old_bytes);
    index->by_handle     = by_handle;
    index->by_key        = by_key;
    index->place_buckets = count;
    return true;
}

static bool grow_spots(struct place_index *index, size_t wanted)
{
    size_t count = index->spot_buckets != 0 ? index->spot_buckets : FIRST_BUCKETS;

    while (count < wanted)
        count *= 2;
    if (count == index->spot_buckets)
        return true;
    struct spot **buckets = pool_memory_acquire(index->memory, count * sizeof(struct spot *));
    if (buckets == NULL)
        return index->spot_buckets != 0;
    memset(buckets, 0, count * sizeof(struct spot *));
    for (size_t i = 0; i < index->spot_buckets; i++) {
        for (struct spot *spot = index->by_spot[i], *next; spot != NULL; spot = next) {
            next = spot->next;

            const size_t home = bucket_of(spot->key, count);
            spot->next        = buckets[home];
            buckets[home]     = spot;
        }
    }
    pool_memory_release(index->memory, index->by_spot, index->spot_buckets * sizeof(struct spot *));
    index->by_spot      = buckets;
    index->spot_buckets = count;
    return true;
}

static struct spot *find_spot(const struct place_index *index, uint64_t key)
{
    struct spot *spot = index->spot_buckets != 0 ? index->by_spot[bucket_of(key, index->spot_buckets)] : NULL;

    while (spot != NULL && spot->key != key)
        spot = spot->next;
    return spot;
}

static bool is_apart(const struct place *a, const struct place *b)
{
    const double east  = (a->lon_e7 - b->lon_e7) * cos(a->lat_e7 * 1e-7 * 0.017453292519943295);
    const double north = a->lat_e7 - b->lat_e7;

    return !a->has_point || !b->has_point || sqrt(east * east + north * north) * 1e-7 * metres_per_degree > one_yard_m;
}

/* Both name a community, and not the same; entries of one yard may. */
static bool is_elsewhere(const struct place *a, const struct place *b)
{
    const uint64_t home_a = a->keys[LOCATED_COMMUNITY - 1], home_b = b->keys[LOCATED_COMMUNITY - 1];

    return home_a != 0 && home_b != 0 && home_a != home_b && is_apart(a, b);
}

static const struct place *next_of_key(const struct place *place, uint64_t key)
{
    while (place != NULL && place->keys[place->finest - 1] != key)
        place = place->next_by_key;
    return place;
}

/*
 * The place of a key; `community` is the address's own key of that level, 0 when not stated. Of several (a road number
 * given twice in a town) one of the stated community answers, whatever the order they came in; of those the lowest
 * handle. When the address does not say which of two communities it means, neither answers: a wrong house is worse
 * than none.
 */
static const struct place *find_by_key(const struct place_index *index, uint64_t key, uint64_t community)
{
    const struct place *bucket = index->place_buckets != 0 ? index->by_key[bucket_of(key, index->place_buckets)] : NULL;
    const struct place *first  = next_of_key(bucket, key);
    const struct place *found  = NULL;
    bool                is_own = false;

    for (const struct place *place = first; place != NULL; place = next_of_key(place->next_by_key, key)) {
        const bool shares = community != 0 && place->keys[LOCATED_COMMUNITY - 1] == community;
        if (is_own && !shares)
            continue;
        if (found == NULL || shares != is_own || place->handle < found->handle)
            found = place;
        is_own = shares;
    }
    for (const struct place *place = first; place != NULL && !is_own; place = next_of_key(place->next_by_key, key)) {
        if (is_elsewhere(place, found))
            return NULL;
    }
    return found;
}

/* ---- sums ---- */

static void count_point(struct spot *spot, const struct place *place, int sign)
{
    const int64_t lon = place->lon_e7 / 10 - spot->origin_lon_e6;
    const int64_t lat = place->lat_e7 / 10 - spot->origin_lat_e6;

    spot->sum_lon += sign * lon;
    spot->sum_lat += sign * lat;
    spot->sum_squares += sign * (lon * lon + lat * lat);
    spot->count += (uint32_t)sign;
}

static bool add_to_spot(struct place_index *index, uint64_t key, const struct place *place)
{
    struct spot *spot = find_spot(index, key);

    if (spot == NULL) {
        if (!grow_spots(index, index->spots.live_count + 1) || (spot = pool_take(&index->spots)) == NULL)
            return false;
        const size_t home    = bucket_of(key, index->spot_buckets);
        spot->key            = key;
        spot->origin_lon_e6  = place->lon_e7 / 10;
        spot->origin_lat_e6  = place->lat_e7 / 10;
        spot->next           = index->by_spot[home];
        index->by_spot[home] = spot;
    }
    count_point(spot, place, 1);
    return true;
}

static void take_from_spot(struct place_index *index, uint64_t key, const struct place *place)
{
    struct spot *spot = find_spot(index, key);
    if (spot == NULL)
        return;

    count_point(spot, place, -1);
    if (spot->count != 0)
        return;
    struct spot **link = &index->by_spot[bucket_of(key, index->spot_buckets)];
    while (*link != spot)
        link = &(*link)->next;
    *link = spot->next;
    pool_give(&index->spots, spot);
}

static void take_from_spots(struct place_index *index, const struct place *place, int below)
{
    for (int level = LOCATED_TOWN; place->has_point && level < below; level++) {
        if (place->keys[level - 1] != 0)
            take_from_spot(index, place->keys[level - 1], place);
    }
}

static bool add_to_spots(struct place_index *index, const struct place *place)
{
    for (int level = LOCATED_TOWN; place->has_point && level < place->finest; level++) {
        if (place->keys[level - 1] == 0 || add_to_spot(index, place->keys[level - 1], place))
            continue;
        take_from_spots(index, place, level);
        return false;
    }
    return true;
}

/* ---- public ---- */

struct place_index *place_index_make(struct pool_memory *memory)
{
    struct place_index *index = pool_memory_acquire(memory, sizeof *index);
    if (index == NULL)
        return NULL;
    *index = (struct place_index){ .memory = memory };
    pool_init(&index->places, memory, sizeof(struct place));
    pool_init(&index->spots, memory, sizeof(struct spot));
    keymap_init(&index->estates, memory);
    return index;
}

void place_index_drop(struct place_index *index)
{
    if (index == NULL)
        return;
    struct pool_memory *memory = index->memory;
    pool_memory_release(memory, index->by_handle, index->place_buckets * sizeof(struct place *));
    pool_memory_release(memory, index->by_key, index->place_buckets * sizeof(struct place *));
    pool_memory_release(memory, index->by_spot, index->spot_buckets * sizeof(struct spot *));
    pool_clear(&index->places);
    pool_clear(&index->spots);
    keymap_clear(&index->estates);
    pool_memory_release(memory, index, sizeof *index);
}

bool place_index_reserve(struct place_index *index, size_t count)
{
    /* A place touches at most one spot of each level coarser than a room. */
    const size_t spots = count * (LOCATED_ROOM - LOCATED_TOWN);

    return grow_places(index, index->places.live_count + count) && pool_reserve(&index->places, count) &&
           grow_spots(index, index->spots.live_count + 1) && pool_reserve(&index->spots, spots) &&
           keymap_reserve(&index->estates, PLACE_ESTATE_KINDS * count);
}

bool place_index_put(struct place_index *index, uint64_t handle, const struct address_features *features,
                     bool has_point, double lon, double lat)
{
    uint64_t keys[PLACE_LEVELS];

    place_index_remove(index, handle);
    if (!grow_places(index, index->places.live_count + 1) || !learn_estate(index, features))
        return false;
    struct place *place = pool_take(&index->places);
    if (place == NULL)
        return false;

    place_keys_make(features, keys);
    memcpy(place->keys, keys + 1, sizeof place->keys);
    place->handle    = handle;
    place->finest    = (uint8_t)place_keys_finest(keys);
    place->has_point = has_point && isfinite(lon) && isfinite(lat) && fabs(lon) <= 180.0 && fabs(lat) <= 90.0;
    if (place->has_point) {
        place->lon_e7 = (int32_t)lround(lon * 1e7);
        place->lat_e7 = (int32_t)lround(lat * 1e7);
    }
    if (!add_to_spots(index, place)) {
        pool_give(&index->places, place);
        return false;
    }
    const size_t handle_home      = bucket_of(handle, index->place_buckets);
    place->next_by_handle         = index->by_handle[handle_home];
    index->by_handle[handle_home] = place;
    if (place->finest != LOCATED_NONE) {
        const size_t key_home   = bucket_of(place->keys[place->finest - 1], index->place_buckets);
        place->next_by_key      = index->by_key[key_home];
        index->by_key[key_home] = place;
    }
    return true;
}

bool place_index_remove(struct place_index *index, uint64_t handle)
{
    if (index->place_buckets == 0)
        return false;

    struct place **link = &index->by_handle[bucket_of(handle, index->place_buckets)];
    while (*link != NULL && (*link)->handle != handle)
        link = &(*link)->next_by_handle;
    struct place *place = *link;
    if (place == NULL)
        return false;
    *link = place->next_by_handle;
    if (place->finest != LOCATED_NONE) {
        struct place **key_link = &index->by_key[bucket_of(place->keys[place->finest - 1], index->place_buckets)];
        while (*key_link != place)
            key_link = &(*key_link)->next_by_key;
        *key_link = place->next_by_key;
    }
    take_from_spots(index, place, place->finest);
    pool_give(&index->places, place);
    return true;
}

size_t place_index_count(const struct place_index *index)
{
    return index->places.live_count;
}

/* Metres by which a stated point of this precision may be off, when nothing better is known. */
static float usual_uncertainty_m(enum located_precision precision)
{
    static const float metres[PLACE_LEVELS] = { 0, 3000, 1000, 300, 30, 20, 10 };

    return metres[precision];
}

/* Points that lie wider than their level does are known to a coarser one only: two yards of one name in a town. */
static enum located_precision spread_precision(enum located_precision level, float spread_m)
{
    while (level > LOCATED_TOWN && spread_m > 3 * usual_uncertainty_m(level))
        level--;
    return level;
}

static void answer_mean(const struct spot *spot, enum located_precision level, struct located *located)
{
    const double count = spot->count;
    const double lon = (double)spot->sum_lon / count, lat = (double)spot->sum_lat / count;
    const double variance = (double)spot->sum_squares / count - lon * lon - lat * lat;
    const double spread_m = 2.0 * sqrt(variance > 0 ? variance : 0) * 1e-6 * metres_per_degree;

    located->has_point     = true;
    located->lon           = (spot->origin_lon_e6 + lon) * 1e-6;
    located->lat           = (spot->origin_lat_e6 + lat) * 1e-6;
    located->precision     = spread_precision(level, (float)spread_m);
    located->uncertainty_m = fmaxf((float)spread_m, usual_uncertainty_m(located->precision));
}

struct located place_index_locate(const struct place_index *index, const struct address_features *features)
{
    struct located located = { 0 };
    uint64_t       keys[PLACE_LEVELS];

    if ((features->flags & ADDRESS_IS_PLACEHOLDER) != 0 ||
        ((features->flags & ADDRESS_IS_AMBIGUOUS) != 0 && features->level < 9))
        return located; /* ambiguous within a town: what the town knows by road and number is still found */
    const struct address_features whole = place_index_complete(index, features);
    place_keys_make(&whole, keys);
    const enum located_precision finest = place_keys_finest(keys);
    for (int level = (int)finest; level > LOCATED_NONE; level--) {
        const struct place *place = keys[level] != 0 ? find_by_key(index, keys[level], keys[LOCATED_COMMUNITY]) : NULL;
        if (place != NULL && !located.found) {
            located.found     = true;
            located.place     = level == (int)finest ? place->handle : 0;
            located.precision = (enum located_precision)level;
        }
        if (place != NULL && place->has_point) {
            located.has_point     = true;
            located.lon           = place->lon_e7 * 1e-7;
            located.lat           = place->lat_e7 * 1e-7;
            located.precision     = (enum located_precision)level;
            located.uncertainty_m = usual_uncertainty_m((enum located_precision)level);
            return located;
        }
        const struct spot *spot = keys[level] != 0 ? find_spot(index, keys[level]) : NULL;
        if (spot != NULL) {
            located.found = true;
            answer_mean(spot, (enum located_precision)level, &located);
            return located;
        }
    }
    return located;
}
