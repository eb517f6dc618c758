/* The library of a map; see library.h.
 * Keeps nothing: the next request reads it anew. */
#include "daemon/console/http/library.h"

#include "daemon/common/db_array.h"
#include "daemon/common/pool_heap.h"
#include "daemon/console/http/ground.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { AREAS_MAX = 16 };

enum column { RECORD, AREA, FEATURES, DATA_KEY, WRAPPED };

struct library {
    struct db          *db;
    struct vault       *vault;
    struct pool_memory  memory;
    struct place_index *index;
    uint64_t            areas[AREAS_MAX]; /* first code of each range read */
    size_t              area_count;
    struct ground_spot *spots;
    size_t              spot_count, spot_capacity;
};

/* ---- reading ---- */

struct library *library_open(struct db *db, struct vault *vault)
{
    struct library *library = calloc(1, sizeof *library);

    if (library == NULL)
        return NULL;
    library->db     = db;
    library->vault  = vault;
    library->memory = pool_memory_of_heap(0);
    library->index  = place_index_make(&library->memory);
    if (library->index != NULL)
        return library;
    free(library);
    return NULL;
}

void library_close(struct library *library)
{
    if (library == NULL)
        return;
    place_index_drop(library->index);
    free(library->spots);
    free(library);
}

const struct place_index *library_index(const struct library *library)
{
    return library->index;
}

static bool add_spot(struct library *library, const struct stored_place *stored)
{
    if (library->spot_count == library->spot_capacity) {
        const size_t        capacity = library->spot_capacity * 2 + 256;
        struct ground_spot *grown    = realloc(library->spots, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        library->spots         = grown;
        library->spot_capacity = capacity;
    }
    library->spots[library->spot_count++] =
        (struct ground_spot){ stored->address.code, stored->address.road, stored->lon, stored->lat, 0 };
    return true;
}

/* A place that does not open is left out. */
static bool take_place(struct library *library, const PGresult *result, int row)
{
    const struct span   sealed = db_get_span(result, row, FEATURES);
    const int64_t       record = db_get_number(result, row, RECORD);
    struct stored_place stored;
    struct vault_key    key;
    bool                is_open = false;

    if (sealed.length != vault_sealed_size(sizeof stored))
        return true;
    if (vault_data_key_open(library->vault, db_get_number(result, row, DATA_KEY), db_get_span(result, row, WRAPPED),
                            &key) == VAULT_OK)
        is_open =
            vault_open(library->vault, &key, "place", "features", record, sealed, (unsigned char *)&stored) == VAULT_OK;
    vault_key_wipe(&key);
    if (!is_open)
        return true;
    const bool has_point = isfinite(stored.lon) && isfinite(stored.lat);
    return (!has_point || add_spot(library, &stored)) &&
           place_index_put(library->index, (uint64_t)record, &stored.address, has_point, stored.lon, stored.lat);
}

static bool is_read(const struct library *library, uint64_t area)
{
    for (size_t i = 0; i < library->area_count; i++) {
        if (library->areas[i] == area)
            return true;
    }
    return library->area_count == AREAS_MAX;
}

static enum db_status read_range(struct library *library, uint64_t from, uint64_t to)
{
    char      texts[2][24];
    PGresult *result = NULL;

    if (is_read(library, from))
        return DB_OK;
    library->areas[library->area_count++] = from;
    snprintf(texts[0], sizeof texts[0], "%llu", (unsigned long long)from);
    snprintf(texts[1], sizeof texts[1], "%llu", (unsigned long long)to);
    const struct db_param params[] = { db_text(texts[0]), db_text(texts[1]) };
    enum db_status        status   = db_run_binary(library->db, &statement_console_http_library, params, 2, &result);
    if (status != DB_OK)
        return status;
    for (int row = 0; row < PQntuples(result) && status == DB_OK; row++)
        status = take_place(library, result, row) ? DB_OK : DB_RETRY;
    PQclear(result);
    return status;
}

enum db_status library_read(struct library *library, const struct address_features *address)
{
    enum { COMMUNITIES = 1000 }; /* numbers of a town's communities: the last three digits */

    if (address->code == 0 || address->level < 9)
        return DB_OK;
    const uint64_t town = address->code - address->code % COMMUNITIES;
    return address->level >= 12 ? read_range(library, address->code, address->code)
                                : read_range(library, town, town + COMMUNITIES - 1);
}

json_t *library_ground(const struct library *library)
{
    return ground_draw(library->spots, library->spot_count);
}
