/* The console's line protocol: one JSON request a line, one JSON answer a line.
 * Pure: reads bytes, knows no reviewer and no database.
 *
 * Request  {"op": "list" | "show" | "accept" | "reject" | "needs_info" | "unsure" | "sign" | "refuse" | "undo",
 *           "task": "rt-...", "reason": "CODE", "version": 3}
 *          {"op": "counted"} and {"op": "open", "area": "500111004002"}
 *          {"op": "identity", "task": "rt-...", "verdict": "same" | "different" | "unsure", "reason": "CODE",
 *           "side": "child" | "risk", "apart": [ref, ...], "seen": "..."}; the last three as `show` gave them, or
 * absent Answer   {"ok": true, ...} or {"ok": false, "error": "code", "message": "what to do"} */
#ifndef HULEI_DAEMON_CONSOLE_PROTOCOL_H
#define HULEI_DAEMON_CONSOLE_PROTOCOL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { REQUEST_LINE_BYTES_MAX = 8192, REQUEST_TEXT_BYTES = 80, REQUEST_APART_MAX = 128 };

enum request_op {
    REQUEST_LIST,
    REQUEST_SHOW,
    REQUEST_ACCEPT,
    REQUEST_REJECT,
    REQUEST_NEEDS_INFO,
    REQUEST_UNSURE,
    REQUEST_SIGN,
    REQUEST_REFUSE,
    REQUEST_UNDO,
    REQUEST_IDENTITY,
    REQUEST_COUNTED,
    REQUEST_OPEN,
};

struct request {
    enum request_op op;
    char            task[REQUEST_TEXT_BYTES];   /* public id; empty for list */
    char            reason[REQUEST_TEXT_BYTES]; /* a code of the op; its default when none was given */
    char            area[REQUEST_TEXT_BYTES];   /* twelve digits; of open */
    int             version;                    /* of the pair the reviewer looked at; 0: the present one */

    /* of an identity answer */
    char    verdict[REQUEST_TEXT_BYTES]; /* same, different or unsure */
    char    side[REQUEST_TEXT_BYTES];    /* child or risk; empty: the only one in question */
    char    seen[REQUEST_TEXT_BYTES];    /* the set of records the reviewer looked at; empty: the present one */
    int64_t apart[REQUEST_APART_MAX];    /* records that are another person's; for different */
    size_t  apart_count;
};

/* False: *fault says what is wrong, in words for the reviewer; never a value of the request. */
bool request_parse(const char *line, size_t length, struct request *request, const char **fault);

/* The word pair_event() and the request use for a decision on a pair; NULL for the other ops. */
const char *request_event(enum request_op op);

/* New reference. `error` is a code for programs, `message` a sentence for people. */
json_t *answer_refused(const char *error, const char *message);

#endif
