/* The table engine; see feed_field.h.
 * Recursion follows the static tables, never the depth of the input. */
#include "daemon/common/feed/feed_field.h"

#include "daemon/common/feed/feed_text.h"
#include "daemon/common/feed/feed_time.h"

#include <stdio.h>

_Static_assert(sizeof(enum feed_crs) == sizeof(int32_t), "enums are stored as 32 bits");

void field_reading_init(struct field_reading *reading, const char *path, struct arena *arena,
                        struct feed_record *record, struct feed_fault *fault)
{
    *reading             = (struct field_reading){ .arena = arena, .record = record, .fault = fault };
    reading->path_length = (size_t)snprintf(reading->path, sizeof reading->path, "%s", path);
}

/* Adds ".name" or, with an index, ".name[index]"; returns the length to give path_leave(). */
static size_t path_enter(struct field_reading *reading, const char *name, size_t index)
{
    const size_t before = reading->path_length;
    const size_t left   = sizeof reading->path - before;
    const int    added  = index == SIZE_MAX ? snprintf(reading->path + before, left, ".%s", name)
                                            : snprintf(reading->path + before, left, ".%s[%zu]", name, index);

    reading->path_length = (size_t)added < left ? before + (size_t)added : sizeof reading->path - 1;
    return before;
}

static void path_leave(struct field_reading *reading, size_t before)
{
    reading->path_length  = before;
    reading->path[before] = '\0';
}

bool field_fault(struct field_reading *reading, const char *code, const char *name, const char *rule)
{
    const size_t before = name != NULL ? path_enter(reading, name, SIZE_MAX) : reading->path_length;

    *reading->fault = (struct feed_fault){ .code = code, .stage = "schema", .rule = rule };
    memcpy(reading->fault->field, reading->path, sizeof reading->fault->field);
    path_leave(reading, before);
    return false;
}

static bool out_of_memory(struct field_reading *reading)
{
    return field_fault(reading, "out_of_memory", NULL, "arena");
}

static void note_forbidden(struct field_reading *reading, const char *name)
{
    struct feed_record *record = reading->record;
    const size_t        before = path_enter(reading, name, SIZE_MAX);

    if (record->forbidden_fields < FEED_FORBIDDEN_MAX)
        record->forbidden_paths[record->forbidden_fields] =
            arena_copy(reading->arena, span_of(reading->path, reading->path_length)).bytes;
    record->forbidden_fields++;
    path_leave(reading, before);
}

static bool copy_text(struct field_reading *reading, const struct field *field, const json_t *value, struct span *out)
{
    const struct span text = span_of(json_string_value(value), json_string_length(value));

    if (text_count_characters(text) > field->limit)
        return field_fault(reading, "too_long", field->name, field->rule);
    *out = arena_copy(reading->arena, text);
    return out->bytes != NULL || out_of_memory(reading);
}

static bool read_text(struct field_reading *reading, const struct field *field, json_t *value, void *target)
{
    if (!json_is_string(value))
        return field_fault(reading, "wrong_type", field->name,
                           field->kind == FIELD_ID_NUMBER ? "text, a number loses digits" : "text");
    return copy_text(reading, field, value, target);
}

static bool read_reference(struct field_reading *reading, const struct field *field, json_t *value, void *target)
{
    if (!json_is_string(value))
        return field_fault(reading, "wrong_type", field->name, "text");
    const char *bytes = json_string_value(value);
    for (size_t i = 0; i < json_string_length(value); i++) {
        if (bytes[i] <= ' ' || bytes[i] > '~')
            return field_fault(reading, "bad_format", field->name, "printable ASCII without blanks");
    }
    return copy_text(reading, field, value, target);
}

static bool read_area_code(struct field_reading *reading, const struct field *field, json_t *value, void *target)
{
    if (!json_is_string(value))
        return field_fault(reading, "wrong_type", field->name, "text");
    const char  *digits = json_string_value(value);
    const size_t length = json_string_length(value);
    if ((length != 6 && length != 9 && length != 12) || strspn(digits, "0123456789") != length)
        return field_fault(reading, "bad_format", field->name, "6, 9 or 12 digits");
    *(struct span *)target = arena_copy(reading->arena, span_of(digits, length));
    return ((struct span *)target)->bytes != NULL || out_of_memory(reading);
}

static bool read_texts(struct field_reading *reading, const struct field *field, json_t *value, void *target)
{
    struct feed_texts *texts = target;

    if (!json_is_array(value))
        return field_fault(reading, "wrong_type", field->name, "list of texts");
    if (json_array_size(value) > (size_t)field->maximum)
        return field_fault(reading, "too_many", field->name, "at most 20 items");
    for (size_t i = json_array_size(value); i-- > 0;) {
        const json_t *item = json_array_get(value, i);
        if (!json_is_string(item))
            return field_fault(reading, "wrong_type", field->name, "list of texts");
        if (text_is_blank(span_of(json_string_value(item), json_string_length(item))))
            json_array_remove(value, i);
    }
    struct span *items = arena_alloc(reading->arena, json_array_size(value), sizeof *items);
    if (items == NULL)
        return out_of_memory(reading);
    *texts = (struct feed_texts){ items, json_array_size(value) };
    for (size_t i = 0; i < texts->count; i++) {
        if (!copy_text(reading, field, json_array_get(value, i), &items[i]))
            return false;
    }
    return true;
}

static bool read_date(struct field_reading *reading, const struct field *field, json_t *value, void *target,
                      bool is_lunar)
{
    if (!json_is_string(value))
        return field_fault(reading, "wrong_type", field->name, "text");
    const struct span text = span_of(json_string_value(value), json_string_length(value));
    if (field->kind == FIELD_BIRTH_DATE && feed_date_is_placeholder(text))
        return true;
    return feed_date_parse(text, is_lunar, target) ||
           field_fault(reading, "bad_date", field->name, "an existing day, month or year: YYYY[-MM[-DD]] or YYYYMMDD");
}

static bool read_time(struct field_reading *reading, const struct field *field, json_t *value, void *target)
{
    if (!json_is_string(value))
        return field_fault(reading, "wrong_type", field->name, "text");
    return feed_time_parse(span_of(json_string_value(value), json_string_length(value)), target) ||
           field_fault(reading, "bad_time", field->name, "RFC 3339 with an offset");
}

static bool read_hash(struct field_reading *reading, const struct field *field, json_t *value, void *target)
{
    enum { HASH_DIGITS = 64 };

    if (!json_is_string(value))
        return field_fault(reading, "wrong_type", field->name, "text");
    const char *digits = json_string_value(value);
    if (json_string_length(value) != HASH_DIGITS || strspn(digits, "0123456789abcdef") != HASH_DIGITS)
        return field_fault(reading, "bad_format", field->name, "64 lower-case hex digits");
    *(struct span *)target = arena_copy(reading->arena, span_of(digits, HASH_DIGITS));
    return ((struct span *)target)->bytes != NULL || out_of_memory(reading);
}

static bool read_flag(struct field_reading *reading, const struct field *field, json_t *value, void *target)
{
    if (!json_is_boolean(value))
        return field_fault(reading, "wrong_type", field->name, "true or false");
    if (field->kind == FIELD_FLAG)
        *(bool *)target = json_is_true(value);
    else
        *(enum policy_answer *)target = json_is_true(value) ? ANSWER_YES : ANSWER_NO;
    return true;
}

static bool read_number(struct field_reading *reading, const struct field *field, json_t *value, void *target)
{
    const bool is_whole = field->kind == FIELD_WHOLE;

    if (is_whole ? !json_is_integer(value) : !json_is_number(value))
        return field_fault(reading, "wrong_type", field->name, is_whole ? "whole number" : "number");
    const double number = json_number_value(value);
    if (!(number >= field->minimum && number <= field->maximum))
        return field_fault(reading, "out_of_range", field->name, field->rule);
    if (is_whole)
        *(int32_t *)target = (int32_t)json_integer_value(value);
    else
        *(double *)target = number;
    return true;
}

bool field_word_value(const struct field_word *words, const json_t *value, int32_t *out, const char **stored)
{
    const char digit[2] = { (char)('0' + json_integer_value(value) % 10), '\0' };
    const bool is_digit = json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) <= 9;
    const struct span written =
        json_is_string(value) ? span_of(json_string_value(value), json_string_length(value)) : span_from_text(digit);

    if (!json_is_string(value) && !is_digit)
        return false;
    const struct field_word *found = words;
    while (found->word != NULL && !span_equals_text(written, found->word))
        found++;
    if (found->word == NULL)
        return false;
    const struct field_word *first = words;
    while (first->value != found->value)
        first++;
    *out    = found->value;
    *stored = first->word;
    return true;
}

static bool read_word(struct field_reading *reading, const struct field *field, json_t *value, void *target,
                      json_t *object)
{
    const char *stored  = NULL;
    int32_t     meaning = 0;

    if (!json_is_string(value) && !json_is_integer(value))
        return field_fault(reading, "wrong_type", field->name, "text");
    if (!field_word_value(field->words, value, &meaning, &stored))
        return field_fault(reading, "unknown_word", field->name, "one of the words of the schema");
    memcpy(target, &meaning, sizeof meaning);
    return json_object_set_new(object, field->name, json_string(stored)) == 0 || out_of_memory(reading);
}

static bool read_words(struct field_reading *reading, const struct field *field, json_t *value, void *target)
{
    uint32_t *mask = target;

    if (!json_is_array(value))
        return field_fault(reading, "wrong_type", field->name, "list of words");
    for (size_t i = 0; i < json_array_size(value); i++) {
        const json_t *item    = json_array_get(value, i);
        const char   *stored  = NULL;
        int32_t       meaning = 0;
        if (!json_is_string(item))
            return field_fault(reading, "wrong_type", field->name, "list of words");
        if (!field_word_value(field->words, item, &meaning, &stored))
            return field_fault(reading, "unknown_word", field->name, "one of the words of the schema");
        *mask |= (uint32_t)meaning;
    }
    return true;
}

static bool read_nested(struct field_reading *reading, const struct field *field, size_t index, json_t *value,
                        void *target)
{
    const size_t before = path_enter(reading, field->name, index);
    const bool   is_ok  = json_is_object(value) ? field_read_object(reading, field->table, value, target)
                                                : field_fault(reading, "wrong_type", NULL, "object");

    path_leave(reading, before);
    return is_ok;
}

/* A single object becomes a list of one, so that the stored body has one form. */
static json_t *as_list(const struct field *field, json_t *value, json_t *object)
{
    if (field->kind != FIELD_ONE_OR_LIST || !json_is_object(value))
        return value;
    json_t *list = json_array();
    if (list == NULL || json_array_append(list, value) != 0 || json_object_set_new(object, field->name, list) != 0)
        return NULL;
    return list;
}

static bool read_list(struct field_reading *reading, const struct field *field, json_t *value, char *base,
                      json_t *object)
{
    json_t *list = as_list(field, value, object);

    if (list == NULL)
        return out_of_memory(reading);
    if (!json_is_array(list))
        return field_fault(reading, "wrong_type", field->name, "list");
    const size_t count = json_array_size(list);
    if (count > (size_t)field->maximum)
        return field_fault(reading, "too_many", field->name, field->rule != NULL ? field->rule : "at most 20 items");
    char *items = arena_alloc(reading->arena, count, field->table->size);
    if (items == NULL)
        return out_of_memory(reading);
    for (size_t i = 0; i < count; i++) {
        if (!read_nested(reading, field, i, json_array_get(list, i), items + i * field->table->size))
            return false;
    }
    memcpy(base + field->offset, &items, sizeof items);
    memcpy(base + field->count_offset, &count, sizeof count);
    return true;
}

static bool is_lunar(const json_t *object)
{
    const json_t *calendar = json_object_get(object, "birth_calendar");

    return json_is_string(calendar) && strcmp(json_string_value(calendar), "lunar") == 0;
}

static bool read_value(struct field_reading *reading, const struct field *field, json_t *value, char *base,
                       json_t *object)
{
    void *target = base + field->offset;

    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_ID_NUMBER:
        return read_text(reading, field, value, target);
    case FIELD_REFERENCE:
        return read_reference(reading, field, value, target);
    case FIELD_AREA_CODE:
        return read_area_code(reading, field, value, target);
    case FIELD_TEXTS:
        return read_texts(reading, field, value, target);
    case FIELD_DATE:
        return read_date(reading, field, value, target, false);
    case FIELD_BIRTH_DATE:
        return read_date(reading, field, value, target, is_lunar(object));
    case FIELD_TIME:
        return read_time(reading, field, value, target);
    case FIELD_HASH:
        return read_hash(reading, field, value, target);
    case FIELD_FLAG:
    case FIELD_ANSWER:
        return read_flag(reading, field, value, target);
    case FIELD_WHOLE:
    case FIELD_REAL:
        return read_number(reading, field, value, target);
    case FIELD_WORD:
        return read_word(reading, field, value, target, object);
    case FIELD_WORDS:
        return read_words(reading, field, value, target);
    case FIELD_OBJECT:
        return read_nested(reading, field, SIZE_MAX, value, target);
    case FIELD_LIST:
    case FIELD_ONE_OR_LIST:
        return read_list(reading, field, value, base, object);
    }
    return false;
}

/* CSV exports write nothing as ""; both it and null say that the value is not known. */
static bool is_absent(const json_t *value)
{
    return value == NULL || json_is_null(value) ||
           (json_is_string(value) && text_is_blank(span_of(json_string_value(value), json_string_length(value))));
}

static const struct field *find_field(const struct field_table *table, const char *name)
{
    for (size_t i = 0; i < table->field_count; i++) {
        if (strcmp(table->fields[i].name, name) == 0)
            return &table->fields[i];
    }
    return NULL;
}

static void drop_other_fields(struct field_reading *reading, const struct field_table *table, json_t *object)
{
    const char *name  = NULL;
    json_t     *value = NULL;
    void       *next  = NULL;

    json_object_foreach_safe(object, next, name, value)
    {
        if (find_field(table, name) != NULL)
            continue;
        if (field_is_forbidden(name))
            note_forbidden(reading, name);
        else
            reading->record->unknown_fields++;
        json_object_del(object, name);
    }
}

bool field_read_object(struct field_reading *reading, const struct field_table *table, json_t *object, void *target)
{
    if (table->set_defaults != NULL)
        table->set_defaults(target);
    if (table->presence_offset != NO_PRESENCE)
        *(bool *)((char *)target + table->presence_offset) = true;
    drop_other_fields(reading, table, object);
    for (size_t i = 0; i < table->field_count; i++) {
        const struct field *field = &table->fields[i];
        json_t             *value = json_object_get(object, field->name);
        if (is_absent(value)) {
            if (field->is_required)
                return field_fault(reading, "missing_field", field->name, "required");
            json_object_del(object, field->name);
            continue;
        }
        if (!read_value(reading, field, value, target, object))
            return false;
    }
    return table->check == NULL || table->check(reading, target);
}
