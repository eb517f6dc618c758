/* The departments' sources as small numbers; see sources.h.
 * Numbers are never reused: a source taken out of the configuration keeps its own. */
#include "daemon/engine/sources.h"

#include "daemon/common/db_array.h"

#include <stdio.h>
#include <stdlib.h>

static enum db_status intern(const struct feed_config *config, struct db *db)
{
    struct db_array columns[3];
    struct db_param params[3];
    enum db_status  status = DB_RETRY;

    for (size_t i = 0; i < 3; i++)
        db_array_init(&columns[i], DB_ARRAY_TEXT);
    for (size_t t = 0; t < config->topics_count; t++) {
        const struct feed_topic *topic = &config->topics[t];
        for (size_t s = 0; s < topic->sources_count; s++) {
            db_array_add_span(&columns[0], span_from_text(topic->sources[s].urn));
            db_array_add_span(&columns[1], span_from_text(topic->topic));
            db_array_add_span(&columns[2], span_from_text(topic->department));
        }
    }
    if (db_array_param(&columns[0], &params[0]) && db_array_param(&columns[1], &params[1]) &&
        db_array_param(&columns[2], &params[2]))
        status = db_run(db, &statement_engine_sources_put, params, 3, NULL);
    for (size_t i = 0; i < 3; i++)
        db_array_clear(&columns[i]);
    return status;
}

static bool has_one_each(const struct feed_config *config, struct span urn)
{
    for (size_t t = 0; t < config->topics_count; t++) {
        const struct feed_source *source = feed_topic_source(&config->topics[t], urn);
        if (source != NULL)
            return source->has_one_each;
    }
    return false;
}

enum db_status sources_read(struct source_table *table, const struct feed_config *config, struct db *db)
{
    PGresult      *result = NULL;
    enum db_status status = db_run_binary(db, &statement_engine_sources_list, NULL, 0, &result);

    sources_clear(table);
    if (status != DB_OK)
        return status;
    table->entries = calloc((size_t)PQntuples(result) + 1, sizeof *table->entries);
    if (table->entries == NULL)
        status = DB_RETRY;
    for (int row = 0; status == DB_OK && row < PQntuples(result) && row < SOURCES_MAX; row++) {
        struct source_entry *entry = &table->entries[table->count++];
        const struct span    urn   = db_get_span(result, row, 1);
        entry->id                  = (int16_t)db_get_number(result, row, 0);
        snprintf(entry->urn, sizeof entry->urn, "%.*s", (int)urn.length, urn.bytes);
        entry->has_one_each = has_one_each(config, urn);
    }
    PQclear(result);
    return status;
}

enum db_status sources_load(struct source_table *table, const struct feed_config *config, struct db *db)
{
    const enum db_status status = intern(config, db);

    return status == DB_OK ? sources_read(table, config, db) : status;
}

void sources_clear(struct source_table *table)
{
    free(table->entries);
    *table = (struct source_table){ NULL, 0 };
}

uint32_t sources_sole_group(const struct source_table *table, int16_t source_id, unsigned slot)
{
    if (slot != 0)
        return 0;
    for (size_t i = 0; i < table->count; i++) {
        if (table->entries[i].id == source_id)
            return table->entries[i].has_one_each ? (uint32_t)source_id : 0;
    }
    return 0;
}

int16_t sources_find(const struct source_table *table, struct span urn)
{
    for (size_t i = 0; urn.bytes != NULL && i < table->count; i++) {
        if (span_equals_text(urn, table->entries[i].urn))
            return table->entries[i].id;
    }
    return 0;
}
