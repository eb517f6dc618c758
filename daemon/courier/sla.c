/* Deadlines by tier; see sla.h.
 * Counts nothing: deadlines are rows, compared with the database clock. */
#include "daemon/courier/sla.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

static const struct row {
    const char *prefix;
    int         defaults[SLA_TIERS]; /* seconds: red, orange, yellow, blue */
} rows[] = {
    {"sla.police.",  { 15 * MINUTE_S, 4 * HOUR_S, DAY_S, 0 }},
    { "sla.others.", { HOUR_S, 8 * HOUR_S, DAY_S, 0 }       },
    { "sla.act.",    { DAY_S, 3 * DAY_S, 10 * DAY_S, 0 }    },
};

static void overlay(const char *name, const char *value, int seconds[][SLA_TIERS])
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const size_t length = strlen(rows[i].prefix);
        if (strncmp(name, rows[i].prefix, length) != 0)
            continue;
        const long tier = strtol(name + length, NULL, 10);
        const long time = strtol(value, NULL, 10);
        if (tier >= 1 && tier <= SLA_TIERS && time >= 0 && time <= 366L * DAY_S)
            seconds[i][tier - 1] = (int)time;
    }
}

static void print_array(char text[SLA_ARRAY_BYTES], const int seconds[SLA_TIERS])
{
    snprintf(text, SLA_ARRAY_BYTES, "{%d,%d,%d,%d}", seconds[0], seconds[1], seconds[2], seconds[3]);
}

enum db_status sla_load(struct sla *sla, struct db *db)
{
    int                  seconds[sizeof rows / sizeof rows[0]][SLA_TIERS];
    PGresult            *result = NULL;
    const enum db_status status = db_run(db, &statement_courier_settings, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        memcpy(seconds[i], rows[i].defaults, sizeof seconds[i]);
    for (int i = 0; i < PQntuples(result); i++)
        overlay(PQgetvalue(result, i, 0), PQgetvalue(result, i, 1), seconds);
    PQclear(result);
    print_array(sla->police_ack, seconds[0]);
    print_array(sla->others_ack, seconds[1]);
    print_array(sla->act, seconds[2]);
    return DB_OK;
}
