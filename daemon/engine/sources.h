/* The departments' sources as small numbers, interned in PostgreSQL from config/feeds.yaml. */
#ifndef HULEI_DAEMON_ENGINE_SOURCES_H
#define HULEI_DAEMON_ENGINE_SOURCES_H

#include "daemon/common/db.h"
#include "daemon/common/feed/feed.h"
#include "matchers/span.h"

enum { SOURCES_MAX = 4096, SOURCE_URN_BYTES = 200 };

struct source_table {
    struct source_entry {
        char    urn[SOURCE_URN_BYTES];
        int16_t id;
        bool    has_one_each; /* as configured; false for one that is configured no more */
    } * entries;
    size_t count;
};

/* Adds the configuration's sources to PostgreSQL and reads all of them. The caller frees with sources_clear(). */
enum db_status sources_load(struct source_table *table, const struct feed_config *config, struct db *db);
/* Only reads what is there. */
enum db_status sources_read(struct source_table *table, const struct feed_config *config, struct db *db);
void           sources_clear(struct source_table *table);

/* The group of which no two mentions are one person (identity.h), for the person a record is about; 0: none. */
uint32_t sources_sole_group(const struct source_table *table, int16_t source_id, unsigned slot);

/* 0 when unknown. */
int16_t sources_find(const struct source_table *table, struct span urn);

#endif
