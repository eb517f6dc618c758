/* Addresses read once; see link_places.h.
 * A text is known by 128 bits of its hash. */
#include "daemon/cli/link/link_places.h"

#include <pthread.h>
#include <stdlib.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { PLACES = 1 << 20, LOCKS = 64 };

struct remembered {
    uint64_t          low, high; /* hash of text and area code; both 0: free */
    struct link_place place;
};

struct link_places {
    const struct gazetteer *gazetteer;
    pthread_mutex_t         locks[LOCKS];
    struct remembered       remembered[PLACES];
};

struct link_places *link_places_open(const struct gazetteer *gazetteer)
{
    struct link_places *places = calloc(1, sizeof *places);

    if (places == NULL)
        return NULL;
    places->gazetteer = gazetteer;
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_init(&places->locks[i], NULL);
    return places;
}

void link_places_close(struct link_places *places)
{
    if (places == NULL)
        return;
    for (size_t i = 0; i < LOCKS; i++)
        pthread_mutex_destroy(&places->locks[i]);
    free(places);
}

static struct link_place read_place(const struct gazetteer *gazetteer, struct span text, uint64_t area_code,
                                    struct arena *arena)
{
    struct address            address;
    struct address_features   features;
    const enum address_status status = address_parse(gazetteer, text, area_code, arena, &address);

    if (status != ADDRESS_OK && status != ADDRESS_AMBIGUOUS)
        return (struct link_place){ 0 };
    address_features_make(&address, &features);
    return (struct link_place){ features.code, address_dwelling_key(&features), address_building_key(&features) };
}

struct link_place link_places_get(struct link_places *places, struct span text, uint64_t area_code, struct arena *arena)
{
    const XXH128_hash_t hash  = XXH3_128bits_withSeed(text.bytes, text.length, area_code);
    const size_t        slot  = hash.low64 % PLACES;
    struct remembered  *there = &places->remembered[slot];
    pthread_mutex_t    *lock  = &places->locks[slot % LOCKS];

    pthread_mutex_lock(lock);
    const struct remembered known = *there;
    pthread_mutex_unlock(lock);
    if (known.low == hash.low64 && known.high == hash.high64)
        return known.place;

    const struct link_place place = read_place(places->gazetteer, text, area_code, arena);
    pthread_mutex_lock(lock);
    *there = (struct remembered){ hash.low64, hash.high64, place };
    pthread_mutex_unlock(lock);
    return place;
}
