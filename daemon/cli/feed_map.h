/* A header mapping: which column of a department's table is which field of the feed (config/feeds/<type>.yaml).
 * Judges no value; the decoder does. */
#ifndef HULEI_DAEMON_CLI_FEED_MAP_H
#define HULEI_DAEMON_CLI_FEED_MAP_H

#include "daemon/cli/feed_csv.h"

#include <jansson.h>
#include <stdint.h>

enum feed_map_kind { MAP_TEXT = 0, MAP_LIST, MAP_FLAG, MAP_WHOLE, MAP_REAL, MAP_DATE };

struct feed_map_word {
    char *from, *to;
};

struct feed_map_column {
    char                **headings; /* any of these */
    uint32_t              headings_count;
    char                **fields; /* "subject", "time", "data.person.name", "data.guardians[0].away" */
    uint32_t              fields_count;
    enum feed_map_kind    kind;
    struct feed_map_word *words; /* of a cell, or of an item of a list; others stay as they are */
    uint32_t              words_count;
};

struct feed_map_constant {
    char              *field, *value;
    enum feed_map_kind kind;
};

struct feed_map {
    char                     *type; /* word; or NULL */
    struct feed_map_column   *columns;
    uint32_t                  columns_count;
    struct feed_map_constant *constants; /* set where their object already holds something */
    uint32_t                  constants_count;
};

/* NULL on failure, with `error` filled. Free with feed_map_free(). */
struct feed_map *feed_map_load(const char *path, char *error, size_t error_size);
/* Freeing NULL does nothing. */
void feed_map_free(struct feed_map *map);

/* Which column of the map each cell is; -1: none. Returns how many were found. `map` NULL: headings are field paths. */
size_t feed_map_bind(const struct feed_map *map, const struct csv_record *header, int columns[CSV_CELLS_MAX]);

/*
 * Makes {"subject", "time", "data"} of a record; blank cells give no field. Without a map `header` gives the paths.
 * NULL when memory is out or a path makes no sense.
 */
json_t *feed_map_apply(const struct feed_map *map, const struct csv_record *header, const int columns[CSV_CELLS_MAX],
                       const struct csv_record *record);

/* The heading that gives the field at `path` ("data.person.name"), or "". */
const char *feed_map_heading(const struct feed_map *map, const char *path);

#endif
