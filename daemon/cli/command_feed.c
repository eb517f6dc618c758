/* `hulei feed push|validate`: a department's records to Kafka, or only checked.
 * Says which row and field is at fault and by which rule; never a value. */
#include "daemon/cli/commands.h"
#include "daemon/cli/feed_context.h"
#include "daemon/cli/feed_kafka.h"
#include "daemon/common/clock.h"

#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

enum { FLUSH_MS = 120000, PROGRESS_EVERY_MS = 100, FAULTS_SHOWN = 10 };

struct totals {
    int64_t sent, rejected;
};

struct run {
    struct feed_context   context;
    struct feed_producer *producer; /* NULL: validate */
    FILE                 *rejects;  /* or NULL */
    struct totals         totals;
    int64_t               shown_at_ms;
    bool                  shows_progress;
};

/* ---- what is told of a row ---- */

static void write_verdict(int64_t number, enum feed_outcome outcome, const struct feed_record *record,
                          const struct feed_fault *fault)
{
    static const char *const words[] = { [FEED_OK] = "accepted", [FEED_REFUSED] = "refused", [FEED_SEALED] = "sealed" };
    json_t                  *line    = json_object();

    json_object_set_new(line, "row", json_integer(number));
    json_object_set_new(line, "outcome", json_string(words[outcome]));
    if (outcome != FEED_OK) {
        json_object_set_new(line, "code", json_string(fault->code));
        json_object_set_new(line, "field", json_string(fault->field));
        json_object_set_new(line, "rule", json_string(fault->rule));
    }
    if (record->unknown_fields > 0)
        json_object_set_new(line, "unknown_fields", json_integer(record->unknown_fields));
    if (record->forbidden_fields > 0) {
        json_t *paths = json_array();
        for (uint32_t i = 0; i < record->forbidden_fields && i < FEED_FORBIDDEN_MAX; i++)
            json_array_append_new(paths, json_string(record->forbidden_paths[i]));
        json_object_set_new(line, "forbidden_fields", paths);
    }
    json_dumpf(line, stdout, JSON_COMPACT);
    fputc('\n', stdout);
    json_decref(line);
}

static void write_reject(struct run *run, int64_t number, const struct feed_fault *fault)
{
    const char *heading = feed_map_heading(run->context.map, fault->field);

    if (run->rejects != NULL)
        fprintf(run->rejects, "%lld,%s,%s,%s,\"%s\"\r\n", (long long)number, fault->field, heading, fault->code,
                fault->rule);
    else if (run->totals.rejected <= FAULTS_SHOWN)
        fprintf(stderr, "row %lld: %s %s: %s (%s)\n", (long long)number, fault->field, heading, fault->code,
                fault->rule);
}

static void show_progress(struct run *run, const struct feed_rows *rows, bool is_last)
{
    const int64_t now_ms = clock_monotonic_ms();
    char          bar[41];

    if (!run->shows_progress || (!is_last && now_ms - run->shown_at_ms < PROGRESS_EVERY_MS))
        return;
    run->shown_at_ms     = now_ms;
    const double share   = is_last ? 1 : feed_rows_progress(rows);
    const int    columns = (int)(share * (sizeof bar - 1));
    for (int i = 0; i < (int)sizeof bar - 1; i++)
        bar[i] = i < columns ? '#' : '.';
    bar[sizeof bar - 1] = '\0';
    fprintf(stderr, "\r[%s] %3d %%  %" PRId64 " rows%s", bar, (int)(share * 100),
            run->totals.sent + run->totals.rejected, is_last ? "\n" : "");
}

/* ---- the work ---- */

/* False when sending makes no sense any more. */
static bool handle_row(struct run *run, const struct feed_row *row, bool is_raw)
{
    struct feed_event       event;
    struct feed_record      record;
    struct feed_fault       fault     = { 0 };
    bool                    has_event = false;
    const enum feed_outcome outcome =
        feed_context_read(&run->context, row, is_raw, &event, &has_event, &record, &fault);

    if (run->producer == NULL) {
        write_verdict(row->number, outcome, &record, &fault);
        run->totals.sent += outcome == FEED_OK;
        run->totals.rejected += outcome != FEED_OK;
        return true;
    }
    if (has_event && (outcome == FEED_OK || run->context.options->is_unchecked) && event.message.topic.bytes != NULL) {
        run->totals.sent++;
        return feed_producer_send(run->producer, &event.message);
    }
    run->totals.rejected++;
    write_reject(run, row->number, &fault);
    return true;
}

static bool handle_file(struct run *run, const char *path)
{
    char              error[256] = "";
    struct feed_row   row;
    bool              goes_on = true;
    struct feed_rows *rows    = feed_rows_open(path, run->context.options, run->context.map, error, sizeof error);

    if (rows == NULL) {
        fprintf(stderr, "hulei feed: %s: %s\n", path, error);
        return false;
    }
    feed_context_set_file_time(&run->context, feed_rows_time_s(rows));
    while (goes_on && feed_rows_next(rows, &run->context.arena, &row)) {
        goes_on = handle_row(run, &row, feed_rows_is_raw(rows));
        feed_row_clear(&row);
        arena_reset(&run->context.arena);
        show_progress(run, rows, false);
    }
    show_progress(run, rows, true);
    feed_rows_close(rows);
    return goes_on;
}

static bool handle_files(struct run *run)
{
    const struct feed_options *options = run->context.options;
    bool                       is_ok   = true;

    if (options->file_count == 0)
        return handle_file(run, "-");
    for (int i = 0; i < options->file_count; i++)
        is_ok = handle_file(run, options->files[i]) && is_ok;
    return is_ok;
}

static bool open_rejects(struct run *run)
{
    const char *path = run->context.options->rejects;

    if (path == NULL)
        return true;
    run->rejects = fopen(path, "we");
    if (run->rejects == NULL) {
        fprintf(stderr, "hulei feed: %s cannot be written\n", path);
        return false;
    }
    fputs("row,field,heading,code,rule\r\n", run->rejects);
    return true;
}

static int push(struct run *run)
{
    char error[512] = "";

    run->producer =
        feed_producer_open(run->context.options, run->context.config, run->context.topic, error, sizeof error);
    if (run->producer == NULL || !open_rejects(run)) {
        fprintf(stderr, "hulei feed push: %s\n", error);
        return 2;
    }
    run->shows_progress = !run->context.options->is_quiet && isatty(STDERR_FILENO) == 1;
    bool is_ok          = handle_files(run);
    feed_producer_flush(run->producer, FLUSH_MS);

    /* What was sent and has no delivery report is not known to be there, so it counts as failed. */
    const int64_t delivered = feed_producer_delivered(run->producer);
    const int64_t failed    = run->totals.sent - delivered;
    printf("pushed %lld, rejected %lld, failed %lld\n", (long long)delivered, (long long)run->totals.rejected,
           (long long)failed);
    if (failed > 0)
        fprintf(stderr, "hulei feed push: %s\n", feed_producer_error(run->producer));
    if (run->rejects != NULL && fclose(run->rejects) != 0)
        is_ok = false;
    feed_producer_close(run->producer);
    return is_ok && failed == 0 && run->totals.rejected == 0 ? 0 : 1;
}

static int validate(struct run *run)
{
    const bool is_ok = handle_files(run);

    return is_ok && run->totals.rejected == 0 && fflush(stdout) == 0 ? 0 : 1;
}

static int run_with(const struct feed_options *options, int (*work)(struct run *))
{
    struct run *run        = calloc(1, sizeof *run);
    char        error[512] = "out of memory";
    int         status     = 2;

    if (run == NULL)
        return 1;
    if (feed_context_open(&run->context, options, error, sizeof error))
        status = work(run);
    else
        fprintf(stderr, "hulei feed: %s\n", error);
    feed_context_close(&run->context);
    free(run);
    return status;
}

int command_feed(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*work)(struct run *);
    } works[] = {
        {"push",      push    },
        { "validate", validate},
    };
    struct feed_options options;

    for (size_t i = 0; argc >= 2 && i < sizeof works / sizeof works[0]; i++) {
        if (strcmp(argv[1], works[i].name) != 0)
            continue;
        const int status = feed_options_parse(argc - 1, argv + 1, &options);
        if (status != 0)
            return status == 1 ? 0 : status;
        return run_with(&options, works[i].work);
    }
    char *help[] = { argv[0], (char[]){ "--help" }, NULL };
    feed_options_parse(2, help, &options);
    return argc >= 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
}
