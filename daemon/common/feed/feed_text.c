/* Bytes to safe text; see feed_text.h.
 * Folds the eleven private-use characters of GB18030-2000 only; variants of names are matchers' business. */
#include "daemon/common/feed/feed_text.h"

#include <stdint.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

/* Length of the well-formed sequence at `bytes`, or 0. */
static size_t utf8_sequence(const unsigned char *bytes, size_t left)
{
    /* First byte range, length, and range of the second byte, which is where the forbidden forms hide. */
    static const struct {
        unsigned char first, last, length, second_first, second_last;
    } rows[] = {
        {0x00,  0x7f, 1, 0x00, 0x00},
        { 0xc2, 0xdf, 2, 0x80, 0xbf},
        { 0xe0, 0xe0, 3, 0xa0, 0xbf},
        { 0xe1, 0xec, 3, 0x80, 0xbf},
        { 0xed, 0xed, 3, 0x80, 0x9f},
        { 0xee, 0xef, 3, 0x80, 0xbf},
        { 0xf0, 0xf0, 4, 0x90, 0xbf},
        { 0xf1, 0xf3, 4, 0x80, 0xbf},
        { 0xf4, 0xf4, 4, 0x80, 0x8f},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (bytes[0] < rows[i].first || bytes[0] > rows[i].last)
            continue;
        if (rows[i].length > left)
            return 0;
        if (rows[i].length > 1 && (bytes[1] < rows[i].second_first || bytes[1] > rows[i].second_last))
            return 0;
        for (size_t k = 2; k < rows[i].length; k++) {
            if ((bytes[k] & 0xc0) != 0x80)
                return 0;
        }
        return rows[i].length;
    }
    return 0;
}

bool text_is_utf8(struct span text)
{
    const unsigned char *bytes = (const unsigned char *)text.bytes;

    for (size_t at = 0; at < text.length;) {
        const size_t length = utf8_sequence(bytes + at, text.length - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

size_t text_count_characters(struct span text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.bytes[i] & 0xc0) != 0x80;
    return count;
}

bool text_is_blank(struct span text)
{
    for (size_t at = 0; at < text.length;) {
        const char *bytes = text.bytes + at;
        if (*bytes == ' ' || (*bytes >= '\t' && *bytes <= '\r'))
            at += 1;
        else if (text.length - at >= 2 && memcmp(bytes, "\xc2\xa0", 2) == 0)
            at += 2;
        else if (text.length - at >= 3 && memcmp(bytes, "\xe3\x80\x80", 3) == 0)
            at += 3;
        else
            return false;
    }
    return true;
}

/* GB18030-2000 had no place in Unicode for these; the 2005 and 2022 editions do. */
static UChar fold_private_use(UChar unit)
{
    static const struct {
        UChar private_use, standard;
    } rows[] = {
        {0xe78d,  0xfe10},
        { 0xe7c7, 0x1e3f},
        { 0xe81e, 0x9fb4},
        { 0xe826, 0x9fb5},
        { 0xe82b, 0x9fb6},
        { 0xe82c, 0x9fb7},
        { 0xe832, 0x9fb8},
        { 0xe843, 0x9fb9},
        { 0xe854, 0x9fba},
        { 0xe863, 0x4dae},
        { 0xe864, 0x9fbb},
    };

    if (unit < 0xe78d || unit > 0xe864)
        return unit;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].private_use == unit)
            return rows[i].standard;
    }
    return unit;
}

static enum text_status to_units(struct span text, UChar *units, int32_t capacity, int32_t *count)
{
    UErrorCode  status    = U_ZERO_ERROR;
    UConverter *converter = ucnv_open("gb18030", &status);

    if (U_FAILURE(status))
        return TEXT_OUT_OF_MEMORY;
    /* Without this ICU would put U+FFFD for what it cannot read, and nobody would know. */
    ucnv_setToUCallBack(converter, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    *count = ucnv_toUChars(converter, units, capacity, text.bytes, (int32_t)text.length, &status);
    ucnv_close(converter);
    return U_FAILURE(status) ? TEXT_MALFORMED : TEXT_OK;
}

enum text_status text_from_gb18030(struct span text, struct arena *arena, struct span *out)
{
    const size_t unit_capacity = text.length * 2 + 1; /* a four-byte sequence gives at most two units */

    if (text.length > INT32_MAX / 8)
        return TEXT_MALFORMED;
    UChar *units = arena_alloc(arena, unit_capacity, sizeof *units);
    if (units == NULL)
        return TEXT_OUT_OF_MEMORY;

    int32_t                count  = 0;
    const enum text_status status = to_units(text, units, (int32_t)unit_capacity, &count);
    if (status != TEXT_OK)
        return status;
    for (int32_t i = 0; i < count; i++)
        units[i] = fold_private_use(units[i]);

    const size_t capacity = (size_t)count * 3 + 1;
    char        *bytes    = arena_alloc(arena, capacity, 1);
    if (bytes == NULL)
        return TEXT_OUT_OF_MEMORY;
    UErrorCode error  = U_ZERO_ERROR;
    int32_t    length = 0;
    u_strToUTF8(bytes, (int32_t)capacity, &length, units, count, &error);
    if (U_FAILURE(error))
        return TEXT_MALFORMED;
    *out = span_of(bytes, (size_t)length);
    return TEXT_OK;
}

/* The four hexadecimal digits of an escape, or -1; `at` is the place of the "u". */
static int32_t escape_value(struct span json, size_t at)
{
    int32_t value = 0;

    if (json.length - at < 5)
        return -1;
    for (size_t i = at + 1; i < at + 5; i++) {
        const char c = json.bytes[i];
        if (c >= '0' && c <= '9')
            value = value * 16 + (c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            value = value * 16 + ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return value;
}

/* Steps over the escape whose backslash is at *at. */
static enum text_json_fault scan_escape(struct span json, size_t *at)
{
    const size_t letter = *at + 1;

    *at += 2;
    if (letter >= json.length || json.bytes[letter] != 'u')
        return TEXT_JSON_OK;
    const int32_t value = escape_value(json, letter);
    if (value == 0)
        return TEXT_JSON_NUL;
    if (value < 0xd800 || value > 0xdfff) /* malformed ones are the parser's to refuse */
        return TEXT_JSON_OK;
    const size_t next = letter + 5;
    if (value > 0xdbff || json.length - next < 2 || json.bytes[next] != '\\' || json.bytes[next + 1] != 'u')
        return TEXT_JSON_LONE_SURROGATE;
    const int32_t low = escape_value(json, next + 1);
    if (low < 0xdc00 || low > 0xdfff)
        return TEXT_JSON_LONE_SURROGATE;
    *at = next + 6;
    return TEXT_JSON_OK;
}

enum text_json_fault text_json_scan(struct span json, int depth_max)
{
    bool in_string = false;
    int  depth     = 0;

    for (size_t at = 0; at < json.length;) {
        const char c = json.bytes[at];
        if (c == '\0')
            return TEXT_JSON_NUL;
        if (in_string && c == '\\') {
            const enum text_json_fault fault = scan_escape(json, &at);
            if (fault != TEXT_JSON_OK)
                return fault;
            continue;
        }
        if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '{' || c == '['))
            depth++;
        else if (!in_string && (c == '}' || c == ']'))
            depth--;
        if (depth > depth_max)
            return TEXT_JSON_TOO_DEEP;
        at++;
    }
    return TEXT_JSON_OK;
}
