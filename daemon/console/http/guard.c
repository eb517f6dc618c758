/* Guards in front of the routes; see guard.h.
 * Repairs nothing: what is not in normal form is refused. */
#include "daemon/console/http/guard.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* The octet a character of the target stands for; -1 for a broken escape. *used: characters taken. */
static int octet_at(const char *text, size_t *used)
{
    *used = 1;
    if (text[0] != '%')
        return (unsigned char)text[0];
    const int high = hex_value(text[1]);
    const int low  = high < 0 ? -1 : hex_value(text[2]);
    *used          = 3;
    return low < 0 ? -1 : high * 16 + low;
}

/* No empty segment, and none that means another place. */
static bool path_is_normal(const char *path, size_t length)
{
    size_t begin = 1;

    for (size_t i = 1; i <= length; i++) {
        if (i < length && path[i] != '/')
            continue;
        const size_t size = i - begin;
        if ((size == 0 && i < length) || (size == 1 && path[begin] == '.') ||
            (size == 2 && path[begin] == '.' && path[begin + 1] == '.'))
            return false;
        begin = i + 1;
    }
    return true;
}

enum guard_verdict guard_target(const char *target)
{
    const size_t length  = strnlen(target, GUARD_TARGET_BYTES_MAX + 1);
    const size_t of_path = strcspn(target, "?");
    size_t       used    = 1;

    if (target[0] != '/' || length > GUARD_TARGET_BYTES_MAX || !path_is_normal(target, of_path))
        return GUARD_TARGET;
    for (size_t i = 0; i < length; i += used) {
        const int octet = octet_at(target + i, &used);
        if (octet < 0x20 || octet == 0x7f || target[i] == '#' || target[i] == '\\')
            return GUARD_TARGET;
        /* No path of ours needs an escape: one that has any hides something. */
        if (i < of_path && (target[i] == '%' || octet > 0x7f))
            return GUARD_TARGET;
    }
    return GUARD_OK;
}

/* Digits alone, within the limit: no sign, no space, no list. */
static enum guard_verdict read_length(const char *text, size_t maximum, size_t *length)
{
    const size_t digits = strlen(text);

    if (digits == 0 || strspn(text, "0123456789") != digits)
        return GUARD_LENGTH;
    if (digits > 9)
        return GUARD_LARGE;
    *length = strtoul(text, NULL, 10);
    return *length > maximum ? GUARD_LARGE : GUARD_OK;
}

static bool is_ours(const char *host, char *const *hosts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(host, hosts[i]) == 0)
            return true;
    }
    return false;
}

enum guard_verdict guard_headers_judge(const struct guard_headers *headers, char *const *hosts, size_t host_count,
                                       size_t body_bytes_max, size_t *body_bytes)
{
    size_t length = 0;

    if (headers->transfer_encodings > 0 || headers->content_lengths > 1 || headers->expect != NULL)
        return GUARD_LENGTH;
    if (headers->hosts != 1 || headers->host == NULL || !is_ours(headers->host, hosts, host_count))
        return GUARD_HOST;
    if (headers->content_lengths == 1) {
        const enum guard_verdict verdict = read_length(headers->content_length, body_bytes_max, &length);
        if (verdict != GUARD_OK)
            return verdict;
    }
    *body_bytes = length;
    return GUARD_OK;
}
