/* The pieces of an event that record.c and record_land.c share.
 * Private to the two. */
#ifndef HULEI_DAEMON_CLI_SYNTH_RECORD_PARTS_H
#define HULEI_DAEMON_CLI_SYNTH_RECORD_PARTS_H

#include "daemon/cli/synth/record.h"

struct event_head {
    enum synth_topic topic;
    enum synth_type  type;
    uint32_t         number;
    int32_t          day;
    uint32_t         second; /* of the day, local time */
};

void record_open_event(struct record_writer *writer, const struct event_head *head);
void record_close_event(struct record_writer *writer, enum synth_topic topic);

/* ,"name":"2026-11-25" */
void record_write_date(FILE *file, const char *name, int32_t day);
void record_write_person(struct record_writer *writer, enum synth_topic topic, const struct person *person,
                         const struct mention *mention);

#endif
