/* Addresses as the departments write them: the standard form, and the many others.
 * Writes only; nothing here reads or normalises an address. */
#ifndef HULEI_DAEMON_CLI_SYNTH_ADDRESS_H
#define HULEI_DAEMON_CLI_SYNTH_ADDRESS_H

#include "daemon/cli/synth/land.h"

enum { ADDRESS_BYTES = 300 };

/* How far a written address leads, coarsest first. */
enum stated_precision {
    STATED_NOTHING = 0,
    STATED_COMMUNITY,
    STATED_GROUP,
    STATED_NUMBER,   /* road and number of an estate, no building */
    STATED_BUILDING, /* building of an estate */
    STATED_DWELLING, /* flat, or house in a village */
};

/* The standard form down to `precision`. */
void address_write(const struct land *land, const struct land_dwelling *dwelling, enum stated_precision precision,
                   char out[ADDRESS_BYTES]);

/* Another spelling of the same. */
void address_write_otherwise(const struct land *land, const struct land_dwelling *dwelling,
                             enum stated_precision precision, struct random_stream *random, char out[ADDRESS_BYTES]);

/* What is left when somebody leaves out the end: the precision to write. */
enum stated_precision address_coarser(const struct land_dwelling *dwelling, struct random_stream *random);

#endif
