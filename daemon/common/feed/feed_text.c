/* Bytes to safe text; see feed_text.h.
 * Folds the eleven private-use characters of GB18030-2000 only; variants of names are matchers' business. */
#include "daemon/common/feed/feed_text.h"

#include <stdint.h>
#include <unicode/ucnv.h>

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

/* GB18030-2000 had no place in Unicode for these; the 2005 and 2022 editions do. All take three bytes of UTF-8. */
static void fold_private_use(char *utf8, size_t length)
{
    static const struct {
        char private_use[4], standard[4];
    } rows[] = {
        {"\xee\x9e\x8d",  "\xef\xb8\x90"}, /* U+E78D, U+FE10 */
        { "\xee\x9f\x87", "\xe1\xb8\xbf"}, /* U+E7C7, U+1E3F */
        { "\xee\xa0\x9e", "\xe9\xbe\xb4"}, /* U+E81E, U+9FB4 */
        { "\xee\xa0\xa6", "\xe9\xbe\xb5"}, /* U+E826, U+9FB5 */
        { "\xee\xa0\xab", "\xe9\xbe\xb6"}, /* U+E82B, U+9FB6 */
        { "\xee\xa0\xac", "\xe9\xbe\xb7"}, /* U+E82C, U+9FB7 */
        { "\xee\xa0\xb2", "\xe9\xbe\xb8"}, /* U+E832, U+9FB8 */
        { "\xee\xa1\x83", "\xe9\xbe\xb9"}, /* U+E843, U+9FB9 */
        { "\xee\xa1\x94", "\xe9\xbe\xba"}, /* U+E854, U+9FBA */
        { "\xee\xa1\xa3", "\xe4\xb6\xae"}, /* U+E863, U+4DAE */
        { "\xee\xa1\xa4", "\xe9\xbe\xbb"}, /* U+E864, U+9FBB */
    };

    for (size_t at = 0; at + 3 <= length; at++) {
        if (utf8[at] != '\xee')
            continue;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            if (memcmp(utf8 + at, rows[i].private_use, 3) == 0)
                memcpy(utf8 + at, rows[i].standard, 3);
        }
    }
}

enum text_status text_from_gb18030(struct span text, struct arena *arena, struct span *out)
{
    const size_t capacity = text.length + text.length / 2 + 4; /* two bytes give at most three */
    UErrorCode   status   = U_ZERO_ERROR;
    char        *bytes    = text.length <= INT32_MAX / 2 ? arena_alloc(arena, capacity, 1) : NULL;
    UConverter  *decoder  = ucnv_open("gb18030", &status);

    if (bytes == NULL || U_FAILURE(status)) {
        ucnv_close(decoder);
        return TEXT_OUT_OF_MEMORY;
    }
    /* Without this ICU would put U+FFFD for what it cannot read, and nobody would know. */
    ucnv_setToUCallBack(decoder, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &status);
    const int32_t length =
        ucnv_toAlgorithmic(UCNV_UTF8, decoder, bytes, (int32_t)capacity, text.bytes, (int32_t)text.length, &status);
    ucnv_close(decoder);
    if (U_FAILURE(status))
        return TEXT_MALFORMED;
    fold_private_use(bytes, (size_t)length);
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
