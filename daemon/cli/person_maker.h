/* The persons of a decoded record as mention features, outside the engine: gazetteer, language tables, and a key of
 * this run for household and school. Stores nothing. */
#ifndef HULEI_DAEMON_CLI_PERSON_MAKER_H
#define HULEI_DAEMON_CLI_PERSON_MAKER_H

#include "daemon/engine/people.h"

/* A person that a record names. */
struct read_person {
    unsigned                slot;
    enum people_role        role;
    struct mention_features features; /* comparable with those of the same maker only */
};

struct person_maker;

/* NULL on failure, with `error` filled. */
struct person_maker *person_maker_open(char *error, size_t error_size);
/* Closing NULL does nothing. */
void person_maker_close(struct person_maker *maker);

const struct language_tables *person_maker_language(const struct person_maker *maker);

/* The record's own person first; how many. Works in `arena`; *persons do not point there. */
size_t person_maker_make(struct person_maker *maker, const struct feed_record *read, struct arena *arena,
                         struct read_person persons[FACTS_SLOTS]);

#endif
