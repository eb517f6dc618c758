/* Files into the store; see link_read.h.
 * Values are never written to the reject file: it names field and rule. */
#include "daemon/cli/link/link_read.h"

#include "daemon/cli/link/link_clean.h"

#include <string.h>

struct reading {
    const struct link_config *config;
    const char               *path;
    struct link_records      *records;
    FILE                     *rejects;
    struct link_read_counts  *counts;
    struct link_table        *table;
    const char               *fields[LINK_FIELDS_MAX];
    size_t                    field_count;
    struct span               values[LINK_FIELDS_MAX];
    struct link_value         value;
};

static bool add_field(struct reading *reading, const char *name)
{
    if (reading->field_count == LINK_FIELDS_MAX)
        return false;
    reading->fields[reading->field_count++] = name;
    return true;
}

/* Field 0 is the id, 1 the source where there is one; then the headings of each column. */
static bool choose_fields(struct reading *reading)
{
    const struct link_config *config = reading->config;
    bool                      is_ok  = add_field(reading, config->id);

    if (config->source != NULL)
        is_ok = add_field(reading, config->source) && is_ok;
    for (unsigned i = 0; i < config->columns_count; i++) {
        const struct link_column *column = &config->columns[i];

        if (column->from_count == 0)
            is_ok = add_field(reading, column->name) && is_ok;
        for (unsigned j = 0; j < column->from_count; j++)
            is_ok = add_field(reading, column->from[j]) && is_ok;
    }
    return is_ok;
}

void link_reject(FILE *rejects, const char *path, const struct link_table *table, const char *field, const char *rule)
{
    fprintf(rejects, "%s,%llu,%s,%s\n", path, (unsigned long long)link_table_row(table), field, rule);
}

static void reject(struct reading *reading, const char *field, const char *rule)
{
    link_reject(reading->rejects, reading->path, reading->table, field, rule);
}

struct span link_source_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name  = slash != NULL ? slash + 1 : path;

    return span_of(name, strcspn(name, "."));
}

/* The values of the column's headings with blanks between them; false when they are too long. */
static bool join_values(struct reading *reading, size_t first, size_t count, char text[LINK_VALUE_BYTES],
                        struct span *joined)
{
    size_t used = 0;

    *joined = reading->values[first];
    if (count == 1)
        return true;
    for (size_t i = 0; i < count; i++) {
        const struct span value = reading->values[first + i];

        if (value.length == 0)
            continue;
        if (used + 1 + value.length > LINK_VALUE_BYTES)
            return false;
        if (used > 0)
            text[used++] = ' ';
        memcpy(text + used, value.bytes, value.length);
        used += value.length;
    }
    *joined = span_of(text, used);
    return true;
}

/* False when memory is out. */
static bool take_value(struct reading *reading, unsigned index, size_t first)
{
    const struct link_column *column = &reading->config->columns[index];
    const size_t              count  = column->from_count > 0 ? column->from_count : 1;
    char                      text[LINK_VALUE_BYTES];
    struct span               raw;
    enum link_clean_status    status = LINK_CLEAN_LONG;

    if (join_values(reading, first, count, text, &raw))
        status = link_clean_value(column, raw, &reading->value);
    if (status == LINK_CLEAN_MISSING)
        return true;
    if (status != LINK_CLEAN_OK) {
        reading->counts->bad_values++;
        reject(reading, column->name, link_clean_word(status));
        return true;
    }
    return link_records_set(reading->records, index, span_of(reading->value.text, reading->value.length),
                            reading->value.number);
}

/* False when memory is out. */
static bool take_row(struct reading *reading)
{
    const struct link_config *config = reading->config;
    const struct span         source = config->source != NULL ? reading->values[1] : link_source_of(reading->path);
    size_t                    first  = config->source != NULL ? 2 : 1;

    if (reading->values[0].length == 0) {
        reading->counts->bad_rows++;
        reject(reading, config->id, "id.missing");
        return true;
    }
    const enum link_put_status status = link_records_put(reading->records, source, reading->values[0]);
    if (status == LINK_PUT_DUPLICATE) {
        reading->counts->bad_rows++;
        reject(reading, config->id, "id.duplicate");
    }
    if (status != LINK_PUT_OK)
        return status == LINK_PUT_DUPLICATE;
    for (unsigned i = 0; i < config->columns_count; i++) {
        if (!take_value(reading, i, first))
            return false;
        first += config->columns[i].from_count > 0 ? config->columns[i].from_count : 1;
    }
    return true;
}

static bool read_rows(struct reading *reading, struct link_progress *progress, char *error, size_t error_size)
{
    for (;;) {
        switch (link_table_next(reading->table, reading->values)) {
        case LINK_ROW_END:
            return true;
        case LINK_ROW_BAD:
            reading->counts->rows++;
            reading->counts->bad_rows++;
            reject(reading, "", link_table_fault(reading->table));
            break;
        case LINK_ROW_UNREADABLE:
            snprintf(error, error_size, "%s: %s", reading->path, link_table_fault(reading->table));
            return false;
        case LINK_ROW:
            reading->counts->rows++;
            if (!take_row(reading)) {
                snprintf(error, error_size, "%s: the records need more memory than there is, or than --memory allows",
                         reading->path);
                return false;
            }
            link_progress_step(progress, reading->counts->rows, 0);
            break;
        }
    }
}

bool link_read_file(const struct link_config *config, const char *path, struct link_records *records, FILE *rejects,
                    struct link_progress *progress, struct link_read_counts *counts, char *error, size_t error_size)
{
    struct reading reading = {
        .config = config, .path = path, .records = records, .rejects = rejects, .counts = counts
    };

    if (!choose_fields(&reading)) {
        snprintf(error, error_size, "more than %d headings are asked for", LINK_FIELDS_MAX);
        return false;
    }
    reading.table = link_table_open(path, reading.fields, reading.field_count, error, error_size);
    if (reading.table == NULL)
        return false;
    const bool is_read = read_rows(&reading, progress, error, error_size);
    link_table_close(reading.table);
    return is_read;
}
