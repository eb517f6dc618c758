/* `hulei explain pair ID`: rule, evidence, modifiers and caps, policy and model, decisions so far.
 * Codes, bands, levels and opaque ids; never a name, number, date of birth or address, whoever asks. */
#ifndef HULEI_DAEMON_CLI_EXPLAIN_EXPLAIN_PAIR_H
#define HULEI_DAEMON_CLI_EXPLAIN_EXPLAIN_PAIR_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

enum { EXPLAIN_ID_BYTES = 640 };

/* What the database says of a pair, its look audited; NULL after a complaint on standard error. The caller frees it. */
json_t *explain_pair_read(const char *config, const char *public_id);

/* Adds to the reasons what they mean in words. */
void explain_pair_add_words(json_t *pair);

void explain_pair_print(FILE *out, const json_t *pair);

/* The two newest records of a side ("child" or "risk") as `hulei explain` names them. False when there are not two. */
bool explain_pair_records(const json_t *pair, const char *side, char ids[2][EXPLAIN_ID_BYTES]);

#endif
