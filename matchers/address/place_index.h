/* The standard address library in memory: which place an address is, and where it lies.
 * Deliberately without overlay: places change only after COMMIT. */
#ifndef HULEI_MATCHERS_ADDRESS_PLACE_INDEX_H
#define HULEI_MATCHERS_ADDRESS_PLACE_INDEX_H

#include "matchers/proximity/pool.h"

#include <stdbool.h>
#include <stdint.h>

struct address_features;
struct place_index;

/* How precisely an address was located. Values rise with precision and equal those of enum proximity_precision. */
enum located_precision {
    LOCATED_NONE = 0,
    LOCATED_TOWN,
    LOCATED_COMMUNITY,
    LOCATED_GROUP,
    LOCATED_NUMBER,
    LOCATED_BUILDING,
    LOCATED_ROOM
};

struct located {
    bool                   found; /* a place of the library fits */
    bool                   has_point;
    double                 lon, lat; /* CGCS2000 degrees; only with has_point */
    enum located_precision precision;
    float                  uncertainty_m; /* radius in which the true place lies; only with has_point */
    uint64_t               place;         /* handle of the place that is the address itself; 0 when relaxed to a mean */
};

/* An empty index with its memory from `memory`, which must outlive it; NULL when there is none. */
struct place_index *place_index_make(struct pool_memory *memory);
/* Releases everything; NULL does nothing. */
void place_index_drop(struct place_index *index);

/* Makes sure that the next `count` puts succeed. False when memory is out; nothing is lost then. */
bool place_index_reserve(struct place_index *index, size_t count);

/* Adds the place `handle` (not 0), or puts it anew. Lon and lat are CGCS2000 degrees, used only with has_point.
 * False when memory is out; after place_index_reserve() that cannot happen. */
bool place_index_put(struct place_index *index, uint64_t handle, const struct address_features *features,
                     bool has_point, double lon, double lat);

/* False when there is no such place. */
bool place_index_remove(struct place_index *index, uint64_t handle);

size_t place_index_count(const struct place_index *index);

/* The features with road and number filled in for an estate that stands alone, when the library knows only one of that
 * name in the community or town; otherwise as they are. Make dwelling and building keys of the completed features, so
 * that both spellings of an estate give one key. */
struct address_features place_index_complete(const struct place_index *index, const struct address_features *features);

/* Exact first, then relaxed level by level; a level without a place of its own answers the mean of the places in it. */
struct located place_index_locate(const struct place_index *index, const struct address_features *features);

/* How precisely the words name the place, whether or not the library knows it. */
enum located_precision located_stated_precision(const struct address_features *features);

/*
 * The place of an address as a record states it: with `has_point` the stated one, which lies within 50 m and is at
 * least a village group's, even when the words beside it name only the community; else the library's.
 */
struct located place_index_locate_stated(const struct place_index *index, const struct address_features *features,
                                         bool has_point, double lon, double lat);

#endif
