/* Chinese person records: the same mentions, index, comparison and clusters as the engine's, filled from files.
 * Deliberately without a comparison of its own: one path, two users. */
#ifndef HULEI_DAEMON_CLI_LINK_PERSON_H
#define HULEI_DAEMON_CLI_LINK_PERSON_H

#include "daemon/cli/link/link_config.h"
#include "daemon/cli/link/link_progress.h"
#include "daemon/cli/link/link_read.h"
#include "daemon/cli/link/link_truth.h"

struct link_people;

/* Opens tables and model. `records` keeps ids and sources only. NULL on failure, `error` says why. */
struct link_people *link_people_open(const struct link_config *config, const char *config_path,
                                     struct link_records *records, size_t memory_bytes, unsigned threads, char *error,
                                     size_t error_size);
/* Closing NULL does nothing. */
void link_people_close(struct link_people *people);

/* Appends all rows of the file, as link_read_file(). */
bool link_people_read(struct link_people *people, const char *path, FILE *rejects, struct link_progress *progress,
                      struct link_read_counts *counts, char *error, size_t error_size);

/* labels[i] becomes the first record of i's person. False when memory is out. */
bool link_people_cluster(struct link_people *people, struct link_progress *progress, uint32_t *labels);

/*
 * The pairs within each person as pairs.csv, in record order. Pairs across persons are not written: a cluster holds or
 * falls as a whole. False when memory is out or the file cannot be written.
 */
bool link_people_write_pairs(const struct link_people *people, const uint32_t *labels, FILE *pairs,
                             struct link_progress *progress, uint64_t *written);

/* Counts of mentions, persons, hot and generic keys on stdout. */
void link_people_report(const struct link_people *people);

#endif
