/* The address library of the divisions a map needs, opened for one request.
 * The engine's own index places every address, so that a map shows what the rules saw. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_LIBRARY_H
#define HULEI_DAEMON_CONSOLE_HTTP_LIBRARY_H

#include "daemon/common/card.h"
#include "daemon/common/db.h"
#include "daemon/common/vault.h"
#include "matchers/address/place_index.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct library;

/* NULL: no memory. */
struct library *library_open(struct db *db, struct vault *vault);
void            library_close(struct library *library); /* NULL does nothing */

/* Reads the community of the address, or its town when the address names no community; once each. */
enum db_status library_read(struct library *library, const struct address_features *address);

const struct place_index *library_index(const struct library *library);

/* GeoJSON of what was read: communities as outlines of their places, roads as lines along their house numbers. New
 * reference. */
json_t *library_ground(const struct library *library);

#endif
