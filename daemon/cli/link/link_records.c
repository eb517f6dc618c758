/* The store of records; see link_records.h.
 * Deliberately column numbers only: texts are in the dictionaries. */
#include "daemon/cli/link/link_records.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { ID_BYTES = 1024, SOURCE_BYTES = sizeof(uint32_t), RECORDS_MAX = 0x7FFFFFFF };
static const char id_separator = 0x1F;

static size_t record_bytes(const struct link_records *records)
{
    return records->column_count * sizeof records->values[0] + sizeof records->sources[0] + sizeof records->hashes[0];
}

size_t link_records_bytes(const struct link_records *records)
{
    size_t bytes = records->capacity * record_bytes(records) + records->ids.bytes + records->source_names.bytes;

    for (size_t i = 0; i < records->column_count; i++)
        bytes += records->columns[i].bytes;
    return bytes;
}

static bool grow(struct link_records *records)
{
    const size_t capacity = records->capacity != 0 ? records->capacity * 3 / 2 : 1024;
    uint32_t    *values   = realloc(records->values, (capacity * records->column_count + 1) * sizeof *values);
    if (values == NULL)
        return false;
    records->values   = values;
    uint32_t *sources = realloc(records->sources, capacity * sizeof *sources);
    if (sources == NULL)
        return false;
    records->sources = sources;
    uint64_t *hashes = realloc(records->hashes, capacity * sizeof *hashes);
    if (hashes == NULL)
        return false;
    records->hashes   = hashes;
    records->capacity = capacity;
    return records->limit_bytes == 0 || link_records_bytes(records) <= records->limit_bytes;
}

/* The absent span when the two do not fit. */
static struct span full_id(char text[ID_BYTES], struct span source, struct span id)
{
    if (source.length + 1 + id.length > ID_BYTES)
        return span_of(NULL, 0);
    if (source.length > 0)
        memcpy(text, source.bytes, source.length);
    text[source.length] = id_separator;
    if (id.length > 0)
        memcpy(text + source.length + 1, id.bytes, id.length);
    return span_of(text, source.length + 1 + id.length);
}

/* What the dictionary keeps of it: the source's number and the id. */
static struct span short_id(char text[ID_BYTES + SOURCE_BYTES], uint32_t source, struct span id)
{
    memcpy(text, &source, SOURCE_BYTES);
    if (id.length > 0)
        memcpy(text + SOURCE_BYTES, id.bytes, id.length);
    return span_of(text, SOURCE_BYTES + id.length);
}

enum link_put_status link_records_put(struct link_records *records, struct span source, struct span id)
{
    char              text[ID_BYTES], key[ID_BYTES + SOURCE_BYTES];
    const struct span full = full_id(text, source, id);

    if (full.bytes == NULL)
        return LINK_PUT_DUPLICATE;
    if ((records->count == records->capacity && !grow(records)) || records->count >= RECORDS_MAX)
        return LINK_PUT_MEMORY;
    const uint32_t number = link_dictionary_put(&records->source_names, source, 0);
    const uint32_t kept   = number != 0 ? link_dictionary_put(&records->ids, short_id(key, number, id), 0) : 0;
    if (kept == 0)
        return LINK_PUT_MEMORY;
    if (kept != records->count + 1)
        return LINK_PUT_DUPLICATE;
    records->sources[records->count] = number;
    records->hashes[records->count]  = XXH3_64bits(full.bytes, full.length);
    memset(records->values + records->count * records->column_count, 0,
           records->column_count * sizeof records->values[0]);
    records->count++;
    return LINK_PUT_OK;
}

bool link_records_set(struct link_records *records, size_t column, struct span text, double number)
{
    const uint32_t value = link_dictionary_put(&records->columns[column], text, number);

    records->values[(records->count - 1) * records->column_count + column] = value;
    return value != 0;
}

void link_records_clear(struct link_records *records)
{
    for (size_t i = 0; i < LINKAGE_COLUMNS_MAX; i++)
        link_dictionary_clear(&records->columns[i]);
    link_dictionary_clear(&records->ids);
    link_dictionary_clear(&records->source_names);
    free(records->values);
    free(records->sources);
    free(records->hashes);
    *records = (struct link_records){ 0 };
}

struct span link_records_source(const struct link_records *records, size_t record)
{
    return link_dictionary_text(&records->source_names, records->sources[record]);
}

struct span link_records_id(const struct link_records *records, size_t record)
{
    const struct span key = link_dictionary_text(&records->ids, (uint32_t)record + 1);

    return span_of(key.bytes + SOURCE_BYTES, key.length - SOURCE_BYTES);
}

size_t link_records_find(const struct link_records *records, struct span source, struct span id)
{
    char           key[ID_BYTES + SOURCE_BYTES];
    const uint32_t number = link_dictionary_find(&records->source_names, source);
    const uint32_t record =
        number != 0 && id.length < ID_BYTES ? link_dictionary_find(&records->ids, short_id(key, number, id)) : 0;

    return record == 0 ? SIZE_MAX : record - 1;
}
