/* Any bytes as a request line's target and the headers that say where a request ends: what passes is in normal form,
 * and its body is as long as one decimal number says. */
#include "daemon/console/http/guard.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BODY_BYTES_MAX = 65536, PARTS = 4 };

static void check_target(const char *target)
{
    if (guard_target(target) != GUARD_OK)
        return;
    const size_t path = strcspn(target, "?");
    assert(target[0] == '/' && strlen(target) <= GUARD_TARGET_BYTES_MAX);
    for (const char *c = target; *c != '\0'; c++)
        assert((unsigned char)*c > 0x20 && (unsigned char)*c < 0x7f);
    assert(strstr(target, "%00") == NULL);
    for (size_t i = 0; i + 1 < path; i++)
        assert(target[i] != '/' || target[i + 1] != '/');
}

static void check_headers(const uint8_t counts[3], const char *length, const char *host, const char *expect)
{
    static char                ours[]  = "localhost:8443";
    static char *const         hosts[] = { ours };
    const struct guard_headers headers = { .content_lengths    = counts[0] % 3,
                                           .transfer_encodings = counts[1] % 3,
                                           .hosts              = counts[2] % 3,
                                           .content_length     = counts[0] % 3 > 0 ? length : NULL,
                                           .host               = counts[2] % 3 > 0 ? host : NULL,
                                           .expect             = expect[0] != '\0' ? expect : NULL };
    size_t                     bytes   = SIZE_MAX;

    if (guard_headers_judge(&headers, hosts, 1, BODY_BYTES_MAX, &bytes) != GUARD_OK)
        return;
    assert(headers.content_lengths <= 1 && headers.transfer_encodings == 0 && headers.hosts == 1);
    assert(strcasecmp(host, ours) == 0 && bytes <= BODY_BYTES_MAX);
    assert(headers.content_lengths == 0
               ? bytes == 0
               : strspn(length, "0123456789") == strlen(length) && bytes == strtoull(length, NULL, 10));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char  *text         = malloc(size + 1);
    char  *parts[PARTS] = { NULL };
    size_t count        = 0;

    assert(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (size > 3 && strlen(text) == size) {
        for (char *at = text + 3; at != NULL && count < PARTS; count++) {
            parts[count] = at;
            at           = strchr(at, '\n');
            if (at != NULL)
                *at++ = '\0';
        }
        check_target(parts[0]);
        if (count == PARTS)
            check_headers(data, parts[1], parts[2], parts[3]);
    }
    free(text);
    return 0;
}
