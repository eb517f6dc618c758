/* What a simulation has to do and when: answers by their time, and the alerts it knows already.
 * Sends nothing. */
#ifndef HULEI_DAEMON_CLI_POST_AGENDA_H
#define HULEI_DAEMON_CLI_POST_AGENDA_H

#include "daemon/cli/post/desk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct agenda {
    struct desk_reply **replies; /* a heap, the earliest first */
    size_t              count, room;
    uint64_t           *known; /* a hash table of hashes; 0: free */
    size_t              known_count, known_room;
};

void agenda_clear(struct agenda *agenda);

/* Owns the answer from now on. False: no memory; the answer is then freed. */
bool agenda_add(struct agenda *agenda, struct desk_reply *reply);

/* The earliest answer that is due, the caller's from now on; NULL: none. */
struct desk_reply *agenda_take(struct agenda *agenda, int64_t now_ms);

enum agenda_news { AGENDA_NEW, AGENDA_KNOWN, AGENDA_FULL };

/* Whether this post sees this alert for the first time. AGENDA_FULL: no memory. */
enum agenda_news agenda_meet(struct agenda *agenda, const char *post, const char *alert);

#endif
