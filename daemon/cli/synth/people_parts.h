/* What people.c and people_concern.c share.
 * Private to the two. */
#ifndef HULEI_DAEMON_CLI_SYNTH_PEOPLE_PARTS_H
#define HULEI_DAEMON_CLI_SYNTH_PEOPLE_PARTS_H

#include "daemon/cli/synth/people.h"

/* In this dwelling, or in a new one when it is negative; NULL when memory is out. */
struct household *people_open_household(struct people *people, struct land *land, int32_t dwelling,
                                        struct random_stream *random);
/* In the household opened last. The person gets a sex and a birth day from the caller and everything else here. */
struct person *people_add_person(struct people *people, const struct synth_tables *tables, enum person_kind kind,
                                 int sex, int32_t birth_day, const char *surname, struct random_stream *random);

/* Person of concern `number`; people->concerns has room. False when memory is out. */
bool people_add_concern(struct people *people, const struct synth_tables *tables, struct land *land, size_t number,
                        struct random_stream *random);

#endif
