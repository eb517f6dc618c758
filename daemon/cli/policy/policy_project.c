/* From records to report; see policy_project.h.
 * The steps read top to bottom: world, both projections, weeks, routes, counts. */
#include "daemon/cli/policy/policy_project.h"

#include "daemon/cli/policy/policy_report.h"
#include "daemon/cli/policy/policy_world.h"
#include "daemon/common/clock.h"
#include "daemon/common/db_array.h"

#include <stdio.h>
#include <stdlib.h>

enum { BEFORE, AFTER, SIDES };

struct project {
    struct policy_world   world;
    struct projection     sides[SIDES];
    int32_t              *weeks[SIDES]; /* by pair */
    struct policy_routing routing;
    int32_t               today;
};

/* ---- which day ---- */

static bool find_day(int32_t wanted, struct db *db, int32_t *today)
{
    PGresult *result = NULL;
    bool      is_ok  = true;

    *today = wanted;
    if (wanted == POLICY_DAY_UNKNOWN) {
        is_ok = db_run_binary(db, &statement_policy_today, NULL, 0, &result) == DB_OK;
        if (is_ok)
            *today = (int32_t)db_get_number(result, 0, 0);
        PQclear(result);
    }
    return is_ok;
}

/* ---- when records were true ---- */

struct record_time {
    int64_t record_id, time_us;
};

static int compare_times(const void *a, const void *b)
{
    const int64_t left = ((const struct record_time *)a)->record_id, right = ((const struct record_time *)b)->record_id;

    return left < right ? -1 : left > right;
}

static enum db_status ask_times(const struct projection sides[SIDES], struct db *db, PGresult **result)
{
    struct db_array ids;
    struct db_param param;
    enum db_status  status = DB_RETRY;

    db_array_init(&ids, DB_ARRAY_INT8);
    for (int side = 0; side < SIDES; side++) {
        for (size_t i = 0; i < sides[side].count * 3; i++)
            db_array_add_number(&ids, sides[side].pairs[i / 3].record_ids[i % 3]);
    }
    if (db_array_param(&ids, &param))
        status = db_run_binary(db, &statement_policy_record_times, &param, 1, result);
    db_array_clear(&ids);
    return status;
}

/* Of the database; sorted. NULL with *count 0 when it does not answer, or memory is out. */
static struct record_time *read_times(const struct projection sides[SIDES], struct db *db, size_t *count)
{
    PGresult           *result = NULL;
    struct record_time *times  = NULL;

    *count = 0;
    if (ask_times(sides, db, &result) != DB_OK)
        return NULL;
    times = calloc((size_t)PQntuples(result) + 1, sizeof *times);
    for (int row = 0; times != NULL && row < PQntuples(result); row++)
        times[(*count)++] = (struct record_time){ db_get_number(result, row, 0), db_get_number(result, row, 1) };
    PQclear(result);
    if (*count > 0)
        qsort(times, *count, sizeof *times, compare_times);
    return times;
}

static int64_t time_of(const struct policy_world *world, const struct record_time *times, size_t count,
                       int64_t record_id)
{
    const struct record_time  wanted = { record_id, 0 };
    const struct record_time *found  = NULL;

    if (world->times_us != NULL)
        return record_id > 0 && (size_t)record_id < world->time_count ? world->times_us[record_id] : INT64_MIN;
    if (count > 0)
        found = bsearch(&wanted, times, count, sizeof wanted, compare_times);
    return found != NULL ? found->time_us : INT64_MIN;
}

/* A pair is of the week of its newest record. */
static bool find_weeks(struct project *project, struct db *db)
{
    size_t              count = 0;
    struct record_time *times = project->world.times_us == NULL ? read_times(project->sides, db, &count) : NULL;
    bool                is_ok = project->world.times_us != NULL || times != NULL;

    for (int side = 0; side < SIDES && is_ok; side++) {
        const struct projection *projection = &project->sides[side];
        project->weeks[side]                = calloc(projection->count + 1, sizeof **project->weeks);
        is_ok                               = project->weeks[side] != NULL;
        for (size_t i = 0; i < projection->count && is_ok; i++) {
            int64_t newest_us = 0;
            for (int r = 0; r < 3; r++) {
                const int64_t time_us = time_of(&project->world, times, count, projection->pairs[i].record_ids[r]);
                newest_us             = time_us > newest_us ? time_us : newest_us;
            }
            project->weeks[side][i] = policy_week_of(clock_day_of(newest_us), project->today);
        }
    }
    free(times);
    return is_ok;
}

/* ---- the whole ---- */

static bool open_world(struct project *project, const struct policy_project_options *options, struct admin *admin,
                       const struct policy *before, const struct policy *after, char *error, size_t error_size)
{
    return options->records != NULL
               ? policy_world_of_files(&project->world, options->config_path, admin->config, options->records, before,
                                       after, error, error_size)
               : policy_world_of_database(&project->world, admin->config, before, admin->db, error, error_size);
}

static json_t *report(const struct project *project, const struct policy *before, const struct policy *after,
                      size_t *over)
{
    const struct policy_report_input input = {
        .before_policy = before,
        .after_policy  = after,
        .before        = &project->sides[BEFORE],
        .after         = &project->sides[AFTER],
        .routing       = &project->routing,
        .before_weeks  = project->weeks[BEFORE],
        .after_weeks   = project->weeks[AFTER],
        .today         = project->today,
    };

    return policy_report_make(&input, over);
}

json_t *policy_project(const struct policy_project_options *options, struct admin *admin, const struct policy *before,
                       const struct policy *after, size_t *over, char *error, size_t error_size)
{
    struct project project = { .today = POLICY_DAY_UNKNOWN };
    json_t        *made    = NULL;

    snprintf(error, error_size, "the database does not answer");
    if (find_day(options->today, admin->db, &project.today) &&
        open_world(&project, options, admin, before, after, error, error_size)) {
        struct policy_world *world = &project.world;
        snprintf(error, error_size, "memory is out, or the database does not answer");
        if (projection_make(&project.sides[BEFORE], world->world, &world->tools, before, project.today) &&
            projection_make(&project.sides[AFTER], world->world, &world->tools, after, project.today) &&
            find_weeks(&project, admin->db) &&
            policy_routing_make(&project.routing, &project.sides[BEFORE], &project.sides[AFTER], admin->db) == DB_OK)
            made = report(&project, before, after, over);
    }
    policy_routing_clear(&project.routing);
    for (int side = 0; side < SIDES; side++) {
        projection_clear(&project.sides[side]);
        free(project.weeks[side]);
    }
    policy_world_close(&project.world);
    return made;
}
