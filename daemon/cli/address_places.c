/* Places of an address library read from a file: ids by handle, features and points in a place index.
 * Deliberately reads tab-separated lines and the feed's own JSON, so that a feed file serves as it is. */
#include "daemon/cli/address_places.h"

#include "daemon/common/pool_heap.h"
#include "matchers/address/coordinate.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 5, REFUSALS_TOLD = 20 };

struct address_places {
    struct pool_memory  memory;
    struct place_index *index;
    char               *ids; /* one after the other, each NUL-terminated */
    size_t              ids_length, ids_room;
    size_t             *id_starts; /* of handle i + 1 */
    size_t              count, room;
    size_t              with_point, refused;
};

/* One place as a line states it; spans borrow from the line. */
struct stated_place {
    struct span id, address, crs;
    uint64_t    area;
    double      lon, lat;
    bool        has_point;
};

struct reading {
    struct address_places  *places;
    const struct gazetteer *gazetteer;
    uint64_t                area;
    struct arena           *arena;
};

/* ---- ids ---- */

static bool has_room_for_id(struct address_places *places, size_t length)
{
    if (places->count == places->room) {
        const size_t room   = places->room == 0 ? 1024 : places->room * 2;
        size_t      *starts = realloc(places->id_starts, room * sizeof *starts);
        if (starts == NULL)
            return false;
        places->id_starts = starts;
        places->room      = room;
    }
    if (places->ids_room - places->ids_length < length) {
        const size_t room = places->ids_room * 2 + length + 4096;
        char        *ids  = realloc(places->ids, room);
        if (ids == NULL)
            return false;
        places->ids      = ids;
        places->ids_room = room;
    }
    return true;
}

static bool add_id(struct address_places *places, struct span id)
{
    if (!has_room_for_id(places, id.length + 1))
        return false;
    places->id_starts[places->count++] = places->ids_length;
    memcpy(places->ids + places->ids_length, id.bytes, id.length);
    places->ids[places->ids_length + id.length] = '\0';
    places->ids_length += id.length + 1;
    return true;
}

/* ---- one line; each reader returns NULL, or the field and rule that the line breaks ---- */

static bool read_degrees(struct span text, double *degrees)
{
    char  copy[32];
    char *end = copy;

    if (text.length == 0 || text.length >= sizeof copy)
        return false;
    memcpy(copy, text.bytes, text.length);
    copy[text.length] = '\0';
    *degrees          = strtod(copy, &end);
    return *end == '\0' && isfinite(*degrees);
}

static const char *read_columns(const char *line, size_t length, struct stated_place *stated)
{
    struct span columns[COLUMNS] = { 0 };
    size_t      count            = 0;

    for (const char *from = line, *end = line + length; from <= end && count < COLUMNS; count++) {
        const char *tab = memchr(from, '\t', (size_t)(end - from));
        const char *to  = tab != NULL ? tab : end;
        columns[count]  = span_of(from, (size_t)(to - from));
        from            = to + 1;
    }
    stated->id      = columns[0];
    stated->address = columns[1];
    if (columns[2].length == 0)
        return NULL;
    stated->has_point = true;
    stated->crs       = columns[4];
    if (!read_degrees(columns[2], &stated->lon) || !read_degrees(columns[3], &stated->lat))
        return "location: lon and lat must be numbers";
    return NULL;
}

static struct span text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_string(value) ? span_of(json_string_value(value), json_string_length(value)) : span_of(NULL, 0);
}

static const char *read_object(const json_t *object, struct stated_place *stated)
{
    const json_t     *inner    = json_object_get(object, "data");
    const json_t     *place    = json_is_object(inner) ? inner : object;
    const json_t     *location = json_object_get(place, "location");
    const struct span area     = text_of(place, "area_code");

    stated->id      = text_of(place, "place_id");
    stated->address = text_of(place, "address");
    stated->area    = area.length != 0 ? strtoull(area.bytes, NULL, 10) : 0;
    if (location == NULL)
        return NULL;
    stated->has_point = true;
    stated->crs       = text_of(location, "crs");
    if (!json_is_number(json_object_get(location, "lon")) || !json_is_number(json_object_get(location, "lat")))
        return "location: lon and lat must be numbers";
    stated->lon = json_number_value(json_object_get(location, "lon"));
    stated->lat = json_number_value(json_object_get(location, "lat"));
    return NULL;
}

static const char *to_cgcs2000(struct stated_place *stated)
{
    static const struct {
        const char            *word;
        enum coordinate_system system;
    } systems[] = {
        {"CGCS2000", COORDINATE_CGCS2000},
        { "WGS84",   COORDINATE_WGS84   },
        { "GCJ02",   COORDINATE_GCJ02   },
        { "BD09",    COORDINATE_BD09    },
    };

    for (size_t i = 0; i < sizeof systems / sizeof systems[0]; i++) {
        if (!span_equals_text(stated->crs, systems[i].word))
            continue;
        if (!coordinate_in_china(stated->lon, stated->lat) ||
            !coordinate_to_cgcs2000(systems[i].system, stated->lon, stated->lat, &stated->lon, &stated->lat))
            return "location: must lie in China";
        return NULL;
    }
    return "location.crs: must be CGCS2000, WGS84, GCJ02 or BD09";
}

static const char *check(struct stated_place *stated)
{
    if (stated->id.length == 0)
        return "place_id: must be there";
    if (stated->address.length == 0)
        return "address: must be there";
    return stated->has_point ? to_cgcs2000(stated) : NULL;
}

/* False when memory is out. */
static bool put(const struct reading *reading, const struct stated_place *stated)
{
    struct address_places  *places = reading->places;
    struct address          address;
    struct address_features features;

    arena_reset(reading->arena);
    if (address_parse(reading->gazetteer, stated->address, stated->area != 0 ? stated->area : reading->area,
                      reading->arena, &address) == ADDRESS_NO_MEMORY)
        return false;
    address_features_make(&address, &features);
    places->with_point += stated->has_point;
    return add_id(places, stated->id) &&
           place_index_put(places->index, places->count, &features, stated->has_point, stated->lon, stated->lat);
}

static bool take_line(const struct reading *reading, const char *line, size_t length, const char **rule)
{
    struct stated_place stated = { 0 };
    json_t             *object = NULL;

    if (line[0] == '{') {
        object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
        *rule  = object != NULL ? read_object(object, &stated) : "line: must be JSON";
    } else {
        *rule = read_columns(line, length, &stated);
    }
    if (*rule == NULL)
        *rule = check(&stated);
    const bool is_ok = *rule != NULL || put(reading, &stated);
    json_decref(object);
    return is_ok;
}

/* ---- the file ---- */

static bool read_places(const struct reading *reading, FILE *file, const char *path)
{
    char   *line   = NULL;
    size_t  size   = 0;
    size_t  number = 0;
    ssize_t length;
    bool    is_ok = true;

    while (is_ok && (length = getline(&line, &size, file)) >= 0) {
        const char *rule = NULL;
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            line[--length] = '\0';
        number++;
        is_ok = length == 0 || take_line(reading, line, (size_t)length, &rule);
        if (rule != NULL && reading->places->refused++ < REFUSALS_TOLD)
            fprintf(stderr, "%s:%zu: %s\n", path, number, rule);
    }
    free(line);
    return is_ok && !ferror(file);
}

struct address_places *address_places_open(const char *path, const struct gazetteer *gazetteer, uint64_t area,
                                           struct arena *arena, char *error, size_t size)
{
    FILE                  *file   = fopen(path, "re");
    struct address_places *places = file != NULL ? calloc(1, sizeof *places) : NULL;

    if (file == NULL) {
        snprintf(error, size, "%s: %s", path, strerror(errno));
        return NULL;
    }
    bool is_ok = places != NULL;
    if (is_ok) {
        const struct reading reading = { places, gazetteer, area, arena };
        places->memory               = pool_memory_of_heap(0);
        places->index                = place_index_make(&places->memory);
        is_ok                        = places->index != NULL && read_places(&reading, file, path);
    }
    (void)fclose(file);
    if (is_ok)
        return places;
    snprintf(error, size, "%s: cannot be read, or memory is out", path);
    address_places_close(places);
    return NULL;
}

void address_places_close(struct address_places *places)
{
    if (places == NULL)
        return;
    place_index_drop(places->index);
    free(places->ids);
    free(places->id_starts);
    free(places);
}

struct address_places_counts address_places_count(const struct address_places *places)
{
    return (struct address_places_counts){ .places      = places->count,
                                           .with_point  = places->with_point,
                                           .refused     = places->refused,
                                           .index_bytes = places->memory.used_bytes };
}

struct located address_places_locate(const struct address_places *places, const struct address_features *features,
                                     const char **place_id)
{
    const struct located located = place_index_locate(places->index, features);

    *place_id =
        located.place != 0 && located.place <= places->count ? places->ids + places->id_starts[located.place - 1] : "";
    return located;
}
