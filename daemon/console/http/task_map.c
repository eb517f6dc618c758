/* The map of a task; see task_map.h.
 * Draws nothing: the browser does. Degrees are CGCS2000. */
#include "daemon/console/http/task_map.h"

#include "daemon/common/db_array.h"
#include "daemon/console/http/library.h"
#include "matchers/proximity/proximity.h"

#include <math.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PLACES_MAX = 24, POINTS_MAX = 64 };

enum column { SIDE, MENTION, PLACES, DATA_KEY, WRAPPED };

static const char *const precision_words[] = { "none", "town", "community", "group", "number", "building", "room" };

struct mapping {
    struct web_request *request;
    struct library     *library;
    json_t             *points;
    /* Where each side lives, precisely enough for a distance. */
    struct proximity_point homes[2][POINTS_MAX];
    size_t                 home_counts[2];
};

static json_t *day_text(int32_t day)
{
    const time_t time = (time_t)day * 86400;
    char         text[16];
    struct tm    date;

    if (day == CARD_NO_DAY || gmtime_r(&time, &date) == NULL)
        return json_null();
    strftime(text, sizeof text, "%Y-%m-%d", &date);
    return json_string(text);
}

/* Twice at the same point says nothing new. */
static bool is_drawn(const json_t *points, const char *side, const char *kind, double lon, double lat)
{
    size_t  i;
    json_t *point;

    json_array_foreach((json_t *)points, i, point)
    {
        if (strcmp(json_string_value(json_object_get(point, "side")), side) == 0 &&
            strcmp(json_string_value(json_object_get(point, "kind")), kind) == 0 &&
            fabs(json_real_value(json_object_get(point, "lon")) - lon) < 1e-7 &&
            fabs(json_real_value(json_object_get(point, "lat")) - lat) < 1e-7)
            return true;
    }
    return json_array_size(points) >= POINTS_MAX;
}

static void draw_place(struct mapping *mapping, const char *side, const struct card_place *place)
{
    const struct located located = place_index_locate_stated(library_index(mapping->library), &place->address,
                                                             place->has_point != 0, place->lon, place->lat);

    if (!located.has_point || is_drawn(mapping->points, side, place->kind, located.lon, located.lat))
        return;
    json_array_append_new(mapping->points,
                          json_pack("{s:s, s:s, s:f, s:f, s:i, s:s, s:o}", "side", side, "kind", place->kind, "lon",
                                    located.lon, "lat", located.lat, "radius_m",
                                    (int)located.uncertainty_m + (int)place->radius_m, "precision",
                                    precision_words[located.precision], "as_of", day_text(place->as_of_day)));
    const size_t which = strcmp(side, "risk") == 0;
    if (strcmp(place->kind, "living") == 0 && located.precision >= LOCATED_GROUP &&
        mapping->home_counts[which] < POINTS_MAX)
        mapping->homes[which][mapping->home_counts[which]++] = (struct proximity_point){ located.lon, located.lat };
}

/* Opens one card's places; how many. */
static size_t open_places(const struct mapping *mapping, const PGresult *result, int row,
                          struct card_place places[PLACES_MAX])
{
    const struct span sealed = db_get_span(result, row, PLACES);
    struct vault     *vault  = mapping->request->tools->vault;
    struct vault_key  key;
    bool              is_open = false;

    if (sealed.length <= VAULT_OVERHEAD_BYTES ||
        sealed.length - VAULT_OVERHEAD_BYTES > PLACES_MAX * sizeof(struct card_place))
        return 0;
    if (vault_data_key_open(vault, db_get_number(result, row, DATA_KEY), db_get_span(result, row, WRAPPED), &key) ==
        VAULT_OK)
        is_open = vault_open(vault, &key, "card", "places", db_get_number(result, row, MENTION), sealed,
                             (unsigned char *)places) == VAULT_OK;
    vault_key_wipe(&key);
    return is_open ? (sealed.length - VAULT_OVERHEAD_BYTES) / sizeof(struct card_place) : 0;
}

static enum db_status draw_card(struct mapping *mapping, const PGresult *result, int row)
{
    struct card_place places[PLACES_MAX];
    const size_t      count  = open_places(mapping, result, row, places);
    enum db_status    status = DB_OK;

    for (size_t i = 0; i < count && status == DB_OK; i++) {
        if (!places[i].has_point)
            status = library_read(mapping->library, &places[i].address);
    }
    for (size_t i = 0; i < count && status == DB_OK; i++)
        draw_place(mapping, PQgetvalue(result, row, SIDE), &places[i]);
    OPENSSL_cleanse(places, sizeof places);
    return status;
}

/* Between the homes that are nearest each other. */
static json_t *distance(const struct mapping *mapping)
{
    double nearest_m = -1;

    for (size_t i = 0; i < mapping->home_counts[0]; i++) {
        for (size_t j = 0; j < mapping->home_counts[1]; j++) {
            const double metres = proximity_distance_m(mapping->homes[0][i], mapping->homes[1][j]);
            nearest_m           = nearest_m < 0 || metres < nearest_m ? metres : nearest_m;
        }
    }
    return nearest_m < 0 ? json_null() : json_integer((json_int_t)(nearest_m + 0.5));
}

static void answer(struct mapping *mapping, struct web_reply *reply)
{
    web_answer(reply, 200,
               json_pack("{s:[i, i, i], s:o, s:O, s:o}", "rings_m", 200, 500, 1000, "distance_m", distance(mapping),
                         "points", mapping->points, "ground", library_ground(mapping->library)));
}

void task_map_show(struct web_request *request, struct web_reply *reply)
{
    const struct db_param param   = db_text(web_value(request, "task"));
    PGresult             *result  = NULL;
    struct mapping       *mapping = calloc(1, sizeof *mapping);
    struct library       *library = library_open(request->db, request->tools->vault);
    enum db_status        status  = DB_RETRY;

    if (mapping != NULL && library != NULL)
        status = db_run_binary(request->db, &statement_console_http_places, &param, 1, &result);
    if (status == DB_OK) {
        *mapping = (struct mapping){ .request = request, .library = library, .points = json_array() };
        for (int row = 0; row < PQntuples(result) && status == DB_OK; row++)
            status = draw_card(mapping, result, row);
        PQclear(result);
    }
    if (status == DB_OK)
        answer(mapping, reply);
    else
        web_problem_database(reply, request->db, status);
    if (mapping != NULL)
        json_decref(mapping->points);
    free(mapping);
    library_close(library);
}
