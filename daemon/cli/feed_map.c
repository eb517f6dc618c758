/* Header mappings: the file and the binding; feed_map_apply.c builds records.
 * See feed_map.h. */
#include "daemon/cli/feed_map.h"

#include "daemon/common/yaml_file.h"

#include <cyaml/cyaml.h>
#include <string.h>

enum { LIST_MAX = 1000 };

#define TEXT(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 0, 512)

static const cyaml_strval_t kind_words[] = {
    {"text",   MAP_TEXT },
    { "list",  MAP_LIST },
    { "flag",  MAP_FLAG },
    { "whole", MAP_WHOLE},
    { "real",  MAP_REAL },
    { "date",  MAP_DATE },
};

#define KIND(type)                                                                                                     \
    CYAML_FIELD_ENUM("kind", CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT, type, kind, kind_words,                          \
                     CYAML_ARRAY_LEN(kind_words))

static const cyaml_schema_value_t text_entry = { CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 512) };

static const cyaml_schema_field_t word_fields[] = {
    TEXT("from", struct feed_map_word, from),
    TEXT("to", struct feed_map_word, to),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t word_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct feed_map_word, word_fields),
};

static const cyaml_schema_field_t column_fields[] = {
    CYAML_FIELD_SEQUENCE("headings", CYAML_FLAG_POINTER, struct feed_map_column, headings, &text_entry, 1, LIST_MAX),
    CYAML_FIELD_SEQUENCE("fields", CYAML_FLAG_POINTER, struct feed_map_column, fields, &text_entry, 1, LIST_MAX),
    KIND(struct feed_map_column),
    CYAML_FIELD_SEQUENCE("words", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct feed_map_column, words, &word_entry,
                         0, LIST_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t column_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct feed_map_column, column_fields),
};

static const cyaml_schema_field_t constant_fields[] = {
    TEXT("field", struct feed_map_constant, field),
    TEXT("value", struct feed_map_constant, value),
    KIND(struct feed_map_constant),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t constant_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct feed_map_constant, constant_fields),
};

static const cyaml_schema_field_t map_fields[] = {
    CYAML_FIELD_STRING_PTR("type", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct feed_map, type, 1, 64),
    CYAML_FIELD_SEQUENCE("columns", CYAML_FLAG_POINTER, struct feed_map, columns, &column_entry, 1, LIST_MAX),
    CYAML_FIELD_SEQUENCE("constants", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct feed_map, constants,
                         &constant_entry, 0, LIST_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t map_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct feed_map, map_fields),
};

struct feed_map *feed_map_load(const char *path, char *error, size_t error_size)
{
    return yaml_file_load(path, &map_schema, error, error_size);
}

void feed_map_free(struct feed_map *map)
{
    yaml_file_free(&map_schema, map);
}

/* Headings are compared without blanks around them, as people leave them. */
static struct span trim(struct span text)
{
    while (text.length > 0 && (text.bytes[0] == ' ' || text.bytes[0] == '\t'))
        text = span_of(text.bytes + 1, text.length - 1);
    while (text.length > 0 && (text.bytes[text.length - 1] == ' ' || text.bytes[text.length - 1] == '\t'))
        text.length--;
    return text;
}

static int find_column(const struct feed_map *map, struct span heading)
{
    for (uint32_t i = 0; i < map->columns_count; i++) {
        for (uint32_t k = 0; k < map->columns[i].headings_count; k++) {
            if (span_equals_text(heading, map->columns[i].headings[k]))
                return (int)i;
        }
    }
    return -1;
}

static bool is_path(struct span heading)
{
    return span_equals_text(heading, "subject") || span_equals_text(heading, "time") ||
           (heading.length > 5 && memcmp(heading.bytes, "data.", 5) == 0);
}

size_t feed_map_bind(const struct feed_map *map, const struct csv_record *header, int columns[CSV_CELLS_MAX])
{
    size_t found = 0;

    for (size_t i = 0; i < header->count; i++) {
        const struct span heading = trim(header->cells[i]);
        columns[i]                = map != NULL ? find_column(map, heading) : is_path(heading) ? 0 : -1;
        found += columns[i] >= 0;
    }
    return found;
}

const char *feed_map_heading(const struct feed_map *map, const char *path)
{
    for (uint32_t i = 0; map != NULL && i < map->columns_count; i++) {
        for (uint32_t k = 0; k < map->columns[i].fields_count; k++) {
            if (strcmp(map->columns[i].fields[k], path) == 0)
                return map->columns[i].headings[0];
        }
    }
    return "";
}
