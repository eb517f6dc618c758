/* What the gazetteer builder gathers, and its writing.
 * Not for others: use gazetteer_build.h. */
#ifndef HULEI_DAEMON_COMMON_GAZETTEER_WRITE_H
#define HULEI_DAEMON_COMMON_GAZETTEER_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PREFIX_BYTES = 1 << 21 };

struct division {
    uint64_t code;
    char    *name;
};

struct posting {
    uint64_t mixed;
    uint32_t value;
};

struct build {
    struct division *divisions;
    size_t           division_count, division_room;
    struct posting  *postings;
    size_t           posting_count, posting_room;
    uint8_t         *prefixes;
    size_t           addition_count; /* the operator's */
    const char      *fault;          /* what is wrong with the row last read */
    bool             failed;         /* memory is out */
};

/* Writes the file by way of a temporary one beside it; divisions and postings must be sorted. False with a sentence in
 * `error`, which is left alone when memory is out. */
bool gazetteer_write(const struct build *build, const char *output, char *error, size_t size);

#endif
