/* Fields of requests by table; see field.h.
 * Keeps no value in a fault. */
#include "daemon/console/http/field.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char lower[]  = "abcdefghijklmnopqrstuvwxyz";
static const char hex[]    = "0123456789abcdef";
static const char digits[] = "0123456789";
static const char code[]   = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:+-";

static bool is_made_of(const char *text, const char *characters, int64_t minimum, int64_t maximum)
{
    const size_t length = strlen(text);

    return strspn(text, characters) == length && (int64_t)length >= minimum && (int64_t)length <= maximum;
}

static bool is_id(const char *text, const struct field *field)
{
    const size_t prefix = strlen(field->form);

    return strncmp(text, field->form, prefix) == 0 && is_made_of(text + prefix, hex, field->maximum, field->maximum);
}

static bool is_word(const char *text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strcmp(text, *words) == 0)
            return true;
    }
    return false;
}

static bool is_account(const char *text)
{
    return text[0] != '\0' && strchr(lower, text[0]) != NULL &&
           is_made_of(text, "abcdefghijklmnopqrstuvwxyz0123456789._-", 2, 32);
}

/* Characters, not bytes; the text is UTF-8 already. */
static int64_t character_count(const char *text)
{
    int64_t count = 0;

    for (; *text != '\0'; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static bool is_leap(long year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static bool is_date(const char *text)
{
    static const int  days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    static const char form[] = "0000-00-00";

    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; i < sizeof form - 1; i++) {
        if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9')
            return false;
    }
    const long year = strtol(text, NULL, 10), month = strtol(text + 5, NULL, 10), day = strtol(text + 8, NULL, 10);
    if (year < 1900 || month < 1 || month > 12)
        return false;
    return day >= 1 && day <= days[month - 1] + (month == 2 && is_leap(year));
}

static const char *number_fault(const char *text, const struct field *field)
{
    const size_t length = strlen(text);
    const size_t sign   = text[0] == '-';

    if (length == sign || strspn(text + sign, digits) != length - sign)
        return "type";
    if (length > 18)
        return "range";
    const int64_t value = strtoll(text, NULL, 10);
    return value < field->minimum || value > field->maximum ? "range" : NULL;
}

/* The rule the text breaks, or NULL. */
static const char *text_fault(const char *text, const struct field *field)
{
    bool is_good = false;

    switch (field->kind) {
    case FIELD_ID:
        is_good = is_id(text, field);
        break;
    case FIELD_WORD:
        is_good = is_word(text, field->words);
        break;
    case FIELD_CODE:
        is_good = is_made_of(text, code, field->minimum, field->maximum);
        break;
    case FIELD_ACCOUNT:
        is_good = is_account(text);
        break;
    case FIELD_POST:
        is_good = is_made_of(text, "abcdefghijklmnopqrstuvwxyz0123456789-", 1, 64);
        break;
    case FIELD_NAME:
        is_good = is_made_of(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-", 1, 64);
        break;
    case FIELD_TYPE:
        is_good = is_made_of(text, "abcdefghijklmnopqrstuvwxyz_", 1, 40);
        break;
    case FIELD_HEX:
        is_good = is_made_of(text, hex, field->minimum, field->maximum);
        break;
    case FIELD_DIGITS:
        is_good = is_made_of(text, digits, field->minimum, field->maximum);
        break;
    case FIELD_TEXT:
        is_good = character_count(text) >= field->minimum && character_count(text) <= field->maximum;
        break;
    case FIELD_NUMBER:
        return number_fault(text, field);
    case FIELD_BOOLEAN:
        is_good = strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
        break;
    case FIELD_DATE:
        is_good = is_date(text);
        break;
    case FIELD_JSON:
        is_good = true;
        break;
    }
    return is_good ? NULL : "form";
}

/* A member of the body as text; NULL with *rule set when it has another type. */
static char *member_text(const json_t *member, const struct field *field, const char **rule)
{
    char number[32];

    *rule = "type";
    switch (field->kind) {
    case FIELD_NUMBER:
        /* 5.0 is a whole number to JSON Schema. */
        if (json_is_real(member) && json_real_value(member) == (double)(int64_t)json_real_value(member) &&
            json_real_value(member) > -9e15 && json_real_value(member) < 9e15) {
            snprintf(number, sizeof number, "%lld", (long long)json_real_value(member));
            return strdup(number);
        }
        if (!json_is_integer(member))
            return NULL;
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(member));
        return strdup(number);
    case FIELD_BOOLEAN:
        return json_is_boolean(member) ? strdup(json_is_true(member) ? "true" : "false") : NULL;
    case FIELD_JSON:
        return json_is_array(member) || json_is_object(member) ? json_dumps(member, JSON_COMPACT) : NULL;
    case FIELD_ID:
    case FIELD_WORD:
    case FIELD_CODE:
    case FIELD_ACCOUNT:
    case FIELD_POST:
    case FIELD_NAME:
    case FIELD_TYPE:
    case FIELD_HEX:
    case FIELD_DIGITS:
    case FIELD_TEXT:
    case FIELD_DATE:
        break;
    }
    return json_is_string(member) ? strdup(json_string_value(member)) : NULL;
}

/* One field's text, NULL when it is absent; *rule is set when it is wrong. */
static char *read_text(const struct field *field, const struct field_source *source, const char **rule)
{
    bool is_twice = false;
    *rule         = NULL;

    if (field->place == FIELD_BODY) {
        const json_t *member = json_object_get(source->body, field->name);
        return member != NULL ? member_text(member, field, rule) : NULL;
    }
    const char *text = source->text(source->context, field, &is_twice);
    if (is_twice)
        *rule = "twice";
    return text != NULL && !is_twice ? strdup(text) : NULL;
}

static bool is_member(const struct field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].place == FIELD_BODY && strcmp(fields[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool has_stranger(const struct field *fields, size_t count, const json_t *body)
{
    const char *name;
    json_t     *value;

    json_object_foreach((json_t *)body, name, value)
    {
        if (!is_member(fields, count, name))
            return true;
    }
    return false;
}

bool field_read(const struct field *fields, size_t count, const struct field_source *source,
                struct field_values *values, struct field_fault *fault)
{
    *values = (struct field_values){ 0 };
    *fault  = (struct field_fault){ "body", "unknown" };
    if (source->body != NULL && has_stranger(fields, count, source->body))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *rule = NULL;
        char       *text = read_text(&fields[i], source, &rule);
        if (text == NULL && (rule == NULL || json_object_get(source->body, fields[i].name) == NULL)) {
            if (rule == NULL && fields[i].is_required)
                rule = "required";
            if (rule == NULL && fields[i].fallback != NULL)
                text = strdup(fields[i].fallback);
        } else if (text != NULL) {
            rule = text_fault(text, &fields[i]);
        }
        values->texts[i] = text;
        if (rule != NULL) {
            *fault = (struct field_fault){ fields[i].name, rule };
            field_values_clear(values);
            return false;
        }
    }
    return true;
}

void field_values_clear(struct field_values *values)
{
    for (size_t i = 0; i < FIELD_MAX; i++) {
        if (values->texts[i] != NULL)
            OPENSSL_cleanse(values->texts[i], strlen(values->texts[i]));
        free(values->texts[i]);
        values->texts[i] = NULL;
    }
}
