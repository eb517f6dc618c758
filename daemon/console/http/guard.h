/* What a request must be before anything of it is believed (RELIABILITY.md D.5).
 * Pure: judges texts and counts, knows no connection and answers nobody. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_GUARD_H
#define HULEI_DAEMON_CONSOLE_HTTP_GUARD_H

#include <stdbool.h>
#include <stddef.h>

enum { GUARD_TARGET_BYTES_MAX = 2048, GUARD_HOSTS_MAX = 16 };

enum guard_verdict {
    GUARD_OK = 0,
    GUARD_TARGET, /* not an absolute path in normal form, or with a NUL, a control or an escaped slash in it */
    GUARD_LENGTH, /* body length said twice, in two ways, or as a transfer coding */
    GUARD_HOST,   /* none, several, or one that is not ours */
    GUARD_LARGE,  /* longer than the route takes */
};

/* Headers of a request that decide where it ends and whom it is for. */
struct guard_headers {
    int         content_lengths, transfer_encodings, hosts; /* how many of each */
    const char *content_length, *host;                      /* the last of each, or NULL */
    const char *expect;                                     /* NULL: none */
};

/* `target` is as it came, before any decoding. */
enum guard_verdict guard_target(const char *target);

/*
 * `hosts`: who we are, with port where it is not the scheme's own. `body_bytes_max`: of the route. *body_bytes is set
 * on GUARD_OK; 0 without a body.
 */
enum guard_verdict guard_headers_judge(const struct guard_headers *headers, char *const *hosts, size_t host_count,
                                       size_t body_bytes_max, size_t *body_bytes);

#endif
