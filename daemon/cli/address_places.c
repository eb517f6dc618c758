/* Places of an address library read from a file: ids by handle, features in a place index.
 * Deliberately keeps no address text. */
#include "daemon/cli/address_places.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct address_places {
    struct pool_memory  memory;
    struct place_index *index;
    char              **ids; /* of handle i + 1 */
    size_t              count, room;
};

static void *acquire(void *context, size_t bytes)
{
    (void)context;
    return malloc(bytes);
}

static void release(void *context, void *memory, size_t bytes)
{
    (void)context;
    (void)bytes;
    free(memory);
}

static bool add_id(struct address_places *places, const char *id, size_t length)
{
    if (places->count == places->room) {
        const size_t room = places->room == 0 ? 1024 : places->room * 2;
        char       **ids  = realloc(places->ids, room * sizeof *ids);
        if (ids == NULL)
            return false;
        places->ids  = ids;
        places->room = room;
    }
    places->ids[places->count] = strndup(id, length);
    return places->ids[places->count] != NULL && ++places->count > 0;
}

static bool add_place(struct address_places *places, const struct gazetteer *gazetteer, uint64_t area,
                      struct arena *arena, const char *line, size_t length)
{
    const char             *tab = memchr(line, '\t', length);
    struct address          address;
    struct address_features features;

    if (tab == NULL)
        return true;
    const size_t id = (size_t)(tab - line);
    arena_reset(arena);
    if (address_parse(gazetteer, span_of(tab + 1, length - id - 1), area, arena, &address) == ADDRESS_NO_MEMORY)
        return false;
    address_features_make(&address, &features);
    return add_id(places, line, id) && place_index_put(places->index, places->count, &features, false, 0, 0);
}

static bool read_places(struct address_places *places, FILE *file, const struct gazetteer *gazetteer, uint64_t area,
                        struct arena *arena)
{
    char   *line = NULL;
    size_t  size = 0;
    ssize_t length;
    bool    is_ok = true;

    while (is_ok && (length = getline(&line, &size, file)) >= 0) {
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            length--;
        is_ok = add_place(places, gazetteer, area, arena, line, (size_t)length);
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
        places->memory = (struct pool_memory){ .acquire = acquire, .release = release };
        places->index  = place_index_make(&places->memory);
        is_ok          = places->index != NULL && read_places(places, file, gazetteer, area, arena);
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
    for (size_t i = 0; i < places->count; i++)
        free(places->ids[i]);
    free(places->ids);
    free(places);
}

const char *address_places_locate(const struct address_places *places, const struct address_features *features,
                                  enum located_precision *precision)
{
    const struct located located = place_index_locate(places->index, features);

    *precision = located.precision;
    return located.place != 0 && located.place <= places->count ? places->ids[located.place - 1] : "";
}
