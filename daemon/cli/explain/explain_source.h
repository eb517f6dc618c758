/* Where the two records of `hulei explain` come from: lines of files, or the database by record id.
 * Gives features only; what a record says in words stays behind. */
#ifndef HULEI_DAEMON_CLI_EXPLAIN_EXPLAIN_SOURCE_H
#define HULEI_DAEMON_CLI_EXPLAIN_EXPLAIN_SOURCE_H

#include "daemon/cli/admin.h"
#include "daemon/cli/person_maker.h"

/* A record named on the command line. */
struct explain_id {
    char urn[256], subject[256];
    int  type; /* enum feed_type */
    int  slot;
};

/* "source/type/subject" or "source/type/subject/slot". False when the text is no such id. */
bool explain_id_parse(const char *text, struct explain_id *id);

/*
 * The `slot`-th person of a record written as one JSON line: a CloudEvent, or {"type", "data"}; `type` (a word, may be
 * NULL) is for lines that tell none. False with `error` filled; it quotes no value.
 */
bool explain_read_line(struct person_maker *maker, const char *line, const char *type, int slot,
                       struct mention_features *features, char *error, size_t error_size);

/*
 * Features of two live mentions, after an audit entry that names both by their number. False with `error` filled: the
 * database refused, no such live record, or a key that does not open it.
 */
bool explain_read_database(struct admin *admin, const struct explain_id ids[2], struct mention_features features[2],
                           char *error, size_t error_size);

#endif
