/* One record of a table becomes one JSON record, by the mapping; see feed_map.h.
 * Converts forms (dates, flags, lists), never meanings: an unknown word stays and is refused by the decoder. */
#include "daemon/cli/feed_map.h"

#include "daemon/common/feed/feed_text.h"

#include <stdlib.h>
#include <string.h>

enum { INDEX_MAX = 20 };

/* The next step of a path: a name, and an index or -1. False at a malformed place. */
static bool take_step(const char **path, char name[64], long *index)
{
    const size_t length = strcspn(*path, ".[");

    if (length == 0 || length >= 64)
        return false;
    memcpy(name, *path, length);
    name[length] = '\0';
    *index       = -1;
    *path += length;
    if (**path == '[') {
        char *end = NULL;
        *index    = strtol(*path + 1, &end, 10);
        if (*end != ']' || *index < 0 || *index >= INDEX_MAX)
            return false;
        *path = end + 1;
    }
    if (**path == '.')
        (*path)++;
    return true;
}

/* The object at object[name] or object[name][index], made when it is not there and `make` says so. */
static json_t *descend(json_t *object, const char *name, long index, bool make)
{
    json_t *child = json_object_get(object, name);

    if (child == NULL && make) {
        child = index >= 0 ? json_array() : json_object();
        if (json_object_set_new(object, name, child) != 0)
            return NULL;
    }
    if (index < 0 || child == NULL)
        return json_is_object(child) ? child : NULL;
    while (make && json_is_array(child) && (long)json_array_size(child) <= index) {
        if (json_array_append_new(child, json_object()) != 0)
            return NULL;
    }
    return json_array_get(child, (size_t)index);
}

/* Puts `value` (taken over) at the path, making the objects on the way. */
static bool set_path(json_t *root, const char *path, json_t *value)
{
    json_t *object = root;
    char    name[64];
    long    index = -1;

    while (object != NULL && take_step(&path, name, &index)) {
        if (*path == '\0' && index < 0)
            return json_object_set_new(object, name, value) == 0;
        object = descend(object, name, index, true);
    }
    json_decref(value);
    return false;
}

/* Only into an object that holds something, and only what is not there yet. */
static void set_constant(json_t *root, const char *path, json_t *value)
{
    json_t *object = root;
    char    name[64];
    long    index = -1;

    while (object != NULL && take_step(&path, name, &index)) {
        if (*path == '\0' && index < 0) {
            if (json_object_size(object) > 0 && json_object_get(object, name) == NULL)
                json_object_set(object, name, value);
            break;
        }
        object = descend(object, name, index, false);
    }
    json_decref(value);
}

/* Lists of data lose the places that no cell filled, as of a mother without a father. */
static void remove_gaps(json_t *data)
{
    const char *name  = NULL;
    json_t     *value = NULL;

    json_object_foreach(data, name, value)
    {
        for (size_t i = json_array_size(value); i-- > 0;) {
            if (json_is_object(json_array_get(value, i)) && json_object_size(json_array_get(value, i)) == 0)
                json_array_remove(value, i);
        }
    }
}

static struct span translate(const struct feed_map_column *column, struct span text)
{
    for (uint32_t i = 0; column != NULL && i < column->words_count; i++) {
        if (span_equals_text(text, column->words[i].from))
            return span_from_text(column->words[i].to);
    }
    return text;
}

static json_t *text_value(struct span text)
{
    return json_stringn(text.bytes, text.length);
}

/* Length of the separator at `bytes`, or 0: , ; / and the Chinese 、 ， ； */
static size_t separator_length(const char *bytes, size_t left)
{
    static const char *const wide[] = { "、", "，", "；" };

    if (*bytes == ',' || *bytes == ';' || *bytes == '/')
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++) {
        if (left >= strlen(wide[i]) && memcmp(bytes, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    }
    return 0;
}

static struct span trim(struct span text)
{
    while (text.length > 0 && text.bytes[0] == ' ')
        text = span_of(text.bytes + 1, text.length - 1);
    while (text.length > 0 && text.bytes[text.length - 1] == ' ')
        text.length--;
    return text;
}

static void add_item(json_t *list, const struct feed_map_column *column, struct span item)
{
    item = translate(column, trim(item));
    if (item.length > 0)
        json_array_append_new(list, text_value(item));
}

static json_t *list_value(const struct feed_map_column *column, struct span text)
{
    json_t *list  = json_array();
    size_t  begin = 0;

    for (size_t at = 0; at < text.length;) {
        const size_t separator = separator_length(text.bytes + at, text.length - at);
        if (separator == 0) {
            at++;
            continue;
        }
        add_item(list, column, span_of(text.bytes + begin, at - begin));
        at += separator;
        begin = at;
    }
    add_item(list, column, span_of(text.bytes + begin, text.length - begin));
    return list;
}

/* 2015年3月4日, 2015/3/4 and 2015.3.4 to 2015-03-04; what has another form stays. */
static json_t *date_value(struct span text)
{
    int    parts[3] = { 0, 0, 0 };
    size_t count = 0, digits = 0;
    char   written[16];

    for (size_t at = 0; at < text.length; at++) {
        const char c = text.bytes[at];
        if (c >= '0' && c <= '9') {
            if (digits == 0 && count++ == 3)
                return text_value(text);
            parts[count - 1] = parts[count - 1] * 10 + (c - '0');
            if (++digits > 4)
                return text_value(text);
        } else {
            digits = 0;
        }
    }
    if (count == 0 || parts[0] < 1000 || parts[1] > 99 || parts[2] > 99)
        return text_value(text);
    if (count == 1)
        snprintf(written, sizeof written, "%04d", parts[0] % 10000);
    else if (count == 2)
        snprintf(written, sizeof written, "%04d-%02d", parts[0] % 10000, parts[1] % 100);
    else
        snprintf(written, sizeof written, "%04d-%02d-%02d", parts[0] % 10000, parts[1] % 100, parts[2] % 100);
    return json_string(written);
}

/* A number only when the whole cell is one; else the text, which the decoder refuses with the field's name. */
static json_t *number_value(struct span text, bool is_whole)
{
    json_t *value = json_loadb(text.bytes, text.length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);

    if (is_whole ? json_is_integer(value) : json_is_number(value))
        return value;
    json_decref(value);
    return text_value(text);
}

static json_t *flag_value(struct span text)
{
    static const char *const yes[] = { "true", "1", "是", "有", "Y", "y" };
    static const char *const no[]  = { "false", "0", "否", "无", "N", "n" };

    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (span_equals_text(text, yes[i]))
            return json_true();
        if (span_equals_text(text, no[i]))
            return json_false();
    }
    return text_value(text);
}

static json_t *make_value(const struct feed_map_column *column, enum feed_map_kind kind, struct span text)
{
    switch (kind) {
    case MAP_LIST:
        return list_value(column, text);
    case MAP_FLAG:
        return flag_value(translate(column, text));
    case MAP_WHOLE:
        return number_value(text, true);
    case MAP_REAL:
        return number_value(text, false);
    case MAP_DATE:
        return date_value(text);
    case MAP_TEXT:
        break;
    }
    return text_value(translate(column, text));
}

static bool apply_cell(json_t *root, const struct feed_map_column *column, struct span cell)
{
    const struct span text = trim(cell);

    for (uint32_t i = 0; i < column->fields_count; i++) {
        if (!set_path(root, column->fields[i], make_value(column, column->kind, text)))
            return false;
    }
    return true;
}

static void apply_constants(json_t *root, const struct feed_map *map)
{
    for (uint32_t i = 0; map != NULL && i < map->constants_count; i++) {
        const struct feed_map_constant *constant = &map->constants[i];
        set_constant(root, constant->field, make_value(NULL, constant->kind, span_from_text(constant->value)));
    }
}

/* Without a map a cell that reads as JSON (a number, true, a list) is that; the rest is text. */
static json_t *plain_value(struct span text)
{
    const bool may_be_json = text.bytes[0] == '[' || text.bytes[0] == '{' || span_equals_text(text, "true") ||
                             span_equals_text(text, "false");
    json_t *value =
        may_be_json ? json_loadb(text.bytes, text.length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL) : NULL;

    return value != NULL ? value : text_value(text);
}

json_t *feed_map_apply(const struct feed_map *map, const struct csv_record *header, const int columns[CSV_CELLS_MAX],
                       const struct csv_record *record)
{
    json_t *root  = json_object();
    bool    is_ok = root != NULL && json_object_set_new(root, "data", json_object()) == 0;

    for (size_t i = 0; is_ok && i < record->count && i < header->count; i++) {
        if (columns[i] < 0 || text_is_blank(record->cells[i]))
            continue;
        if (map != NULL)
            is_ok = apply_cell(root, &map->columns[columns[i]], record->cells[i]);
        else
            is_ok = set_path(root, header->cells[i].bytes, plain_value(record->cells[i]));
    }
    if (!is_ok) {
        json_decref(root);
        return NULL;
    }
    apply_constants(root, map);
    remove_gaps(json_object_get(root, "data"));
    return root;
}
