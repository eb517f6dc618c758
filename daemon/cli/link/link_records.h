/* All records of a run: per column one number each, the distinct values beside them.
 * Filled once by link_read.c, then only read. */
#ifndef HULEI_DAEMON_CLI_LINK_RECORDS_H
#define HULEI_DAEMON_CLI_LINK_RECORDS_H

#include "daemon/cli/link/link_dictionary.h"

struct link_records {
    size_t                 count, capacity;
    size_t                 column_count;
    uint32_t              *values;  /* column_count per record */
    uint32_t              *sources; /* number of each record's source */
    uint64_t              *hashes;  /* of source and id: an order that does not depend on the files' */
    struct link_dictionary columns[LINKAGE_COLUMNS_MAX];
    struct link_dictionary ids;          /* number = record + 1; text = number of the source, id */
    struct link_dictionary source_names; /* 1, 2, ... in order of appearance */
    size_t                 limit_bytes;  /* 0: none */
};

enum link_put_status { LINK_PUT_OK = 0, LINK_PUT_DUPLICATE, LINK_PUT_MEMORY /* out, or beyond limit_bytes */ };

/* A record without values, the last one from now on. On any other status nothing was put. */
enum link_put_status link_records_put(struct link_records *records, struct span source, struct span id);
/* Gives the last record a value. */
bool link_records_set(struct link_records *records, size_t column, struct span text, double number);
/* Frees what a zeroed or filled store holds. */
void link_records_clear(struct link_records *records);

size_t link_records_bytes(const struct link_records *records);

static inline const uint32_t *link_records_at(const struct link_records *records, size_t record)
{
    return records->values + record * records->column_count;
}

/* The source's name and the id as the file had them. */
struct span link_records_source(const struct link_records *records, size_t record);
struct span link_records_id(const struct link_records *records, size_t record);
/* SIZE_MAX: there is no such record. */
size_t link_records_find(const struct link_records *records, struct span source, struct span id);

#endif
