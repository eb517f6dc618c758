/* The pieces of an event that record.c, record_concern.c and record_land.c share.
 * Private to the three. */
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

/* One record of the plan being written. */
struct telling {
    struct record_writer     *writer;
    const struct plan_record *record;
    uint32_t                  number;
    enum record_version       version;
    int32_t                   as_of_day;
};

/* "person":{…} of somebody the record names. */
void record_tell(const struct telling *telling, int slot, int32_t person);

/* What follows the person in a record of this type. */
void record_write_risk(const struct telling *telling);
void record_write_staff(const struct telling *telling);
void record_write_order(const struct telling *telling);
void record_write_event(const struct telling *telling);
void record_write_team(const struct telling *telling);
void record_write_paper(const struct telling *telling);
void record_write_case(FILE *file, const struct concern *concern, bool is_police, uint32_t case_number);

#endif
