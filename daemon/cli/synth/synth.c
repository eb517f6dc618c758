/* Makes the county and writes it; see synth.h.
 * One stream of random numbers per step, so that a change of one step leaves the others as they were. */
#include "daemon/cli/synth/synth.h"

#include "daemon/cli/synth/record.h"
#include "daemon/cli/synth/truth.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    PURPOSE_LAND = 1,
    PURPOSE_PEOPLE,
    PURPOSE_PLAN,
    PURPOSE_ORDER,
    PURPOSE_OUTSIDERS,
    PURPOSE_NEWCOMERS,
    PURPOSE_CHANGES,
};

enum { PATH_BYTES = 4096, FILE_BUFFER_BYTES = 1 << 20 };

struct county {
    struct synth_tables         tables;
    struct land                 land;
    struct people               people;
    struct plan                 plan;
    size_t                      base_records; /* the rest belong to newcomers */
    const struct synth_options *options;
    char                       *fault;
    size_t                      fault_size;
};

static bool fail(struct county *county, const char *what)
{
    snprintf(county->fault, county->fault_size, "%s", what);
    return false;
}

static struct random_stream stream(const struct county *county, uint64_t purpose)
{
    return random_for(county->options->seed, purpose, 0);
}

static FILE *open_file(struct county *county, const char *folder, const char *name)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof path, "%s%s/%s", county->options->directory, folder, name);
    FILE *file = fopen(path, "we");
    if (file == NULL)
        fail(county, "a file of the directory cannot be written");
    else
        setvbuf(file, NULL, _IOFBF, FILE_BUFFER_BYTES);
    return file;
}

/* Closing NULL does nothing; false when something was not written. */
static bool close_file(FILE *file)
{
    if (file == NULL)
        return true;

    const bool is_ok = ferror(file) == 0;
    return fclose(file) == 0 && is_ok;
}

static bool make_county(struct county *county, size_t newcomers)
{
    const struct synth_options *options = county->options;
    struct random_stream        land = stream(county, PURPOSE_LAND), people = stream(county, PURPOSE_PEOPLE);
    struct random_stream        plan = stream(county, PURPOSE_PLAN), after = stream(county, PURPOSE_NEWCOMERS);

    if (!tables_load(&county->tables, county->fault, county->fault_size))
        return false;
    if (!land_make(&county->land, &county->tables, options->persons, &land) ||
        !land_add_schools(&county->land, &plan) ||
        !people_make(&county->people, &county->tables, &county->land, options->persons, newcomers, options->today,
                     &people) ||
        !plan_households(&county->plan, &county->people, &county->land, 0, &plan))
        return fail(county, "out of memory");
    county->base_records = county->plan.count;

    const size_t first = county->people.household_count;
    if (newcomers > 0 && (!people_add_families(&county->people, &county->tables, &county->land, newcomers, &after) ||
                          !plan_households(&county->plan, &county->people, &county->land, first, &after)))
        return fail(county, "out of memory");
    return true;
}

static bool open_writer(struct county *county, struct record_writer *writer, const char *folder)
{
    char path[PATH_BYTES];

    *writer = (struct record_writer){
        .context = {&county->tables, &county->land, &county->people, error_rates_of(county->options->error_factor)},
        .plan    = &county->plan,
        .seed    = county->options->seed,
        .today   = county->options->today,
        .next_event = 1,
    };
    snprintf(path, sizeof path, "%s%s", county->options->directory, folder);
    mkdir(path, 0755);
    for (int topic = 0; topic < SYNTH_TOPICS; topic++) {
        char name[128];
        snprintf(name, sizeof name, "%s.ndjson", synth_topic_name((enum synth_topic)topic));
        writer->files[topic] = open_file(county, folder, name);
        if (writer->files[topic] == NULL)
            return false;
    }
    return true;
}

static bool close_writer(struct record_writer *writer, uint64_t *written)
{
    bool is_ok = true;

    for (int topic = 0; topic < SYNTH_TOPICS; topic++) {
        is_ok = close_file(writer->files[topic]) && is_ok;
        *written += writer->written[topic];
    }
    return is_ok;
}

/* The numbers 0 … count-1 in random order, or NULL when memory is out. */
static uint32_t *shuffled(size_t first, size_t count, struct random_stream *random)
{
    uint32_t *order = malloc((count + 1) * sizeof order[0]);

    for (size_t i = 0; order != NULL && i < count; i++) {
        const size_t other = random_below(random, (uint32_t)i + 1);
        order[i]           = order[other];
        order[other]       = (uint32_t)(first + i);
    }
    return order;
}

static bool write_base_records(struct county *county, struct record_writer *writer)
{
    struct random_stream random = stream(county, PURPOSE_ORDER);
    uint32_t            *order  = shuffled(0, county->base_records, &random);

    if (order == NULL)
        return fail(county, "out of memory");
    for (size_t i = 0; i < county->base_records; i++) {
        record_write(writer, order[i], VERSION_CURRENT);
        /* Now and then a department sends a record again, or an older state of it late. */
        if (random_chance(&random, 0.01))
            record_write(writer, order[random_below(&random, (uint32_t)i + 1)], VERSION_REPEATED);
        if (random_chance(&random, 0.01))
            record_write(writer, order[random_below(&random, (uint32_t)i + 1)], VERSION_OLDER);
    }
    free(order);
    return true;
}

static bool open_truth(struct county *county, struct truth *truth)
{
    if (!truth_open(truth, &county->land, &county->people, county->options->today))
        return fail(county, "out of memory");
    truth->clusters = open_file(county, "", "truth_clusters.csv");
    truth->errors   = open_file(county, "", "errors_by_record.csv");
    if (truth->clusters == NULL || truth->errors == NULL)
        return false;
    fputs("person,source,type,subject,slot\n", truth->clusters);
    fputs("source,type,subject,slot,kinds\n", truth->errors);
    return true;
}

static bool close_truth(struct truth *truth)
{
    const bool are_clusters_ok = close_file(truth->clusters), are_errors_ok = close_file(truth->errors);

    truth_close(truth);
    return are_clusters_ok && are_errors_ok;
}

static bool write_pairs(struct county *county, const struct truth *truth, size_t counts[5])
{
    const struct truth_files files = { open_file(county, "", "truth_pairs.csv"),
                                       open_file(county, "", "truth_pairs_hidden.csv"),
                                       open_file(county, "", "truth_counted.csv") };
    bool                     is_ok = files.pairs != NULL && files.hidden != NULL && files.counted != NULL &&
                 truth_write_pairs(truth, &files, counts);

    is_ok = close_file(files.pairs) && is_ok;
    is_ok = close_file(files.hidden) && is_ok;
    return close_file(files.counted) && is_ok;
}

static bool write_twins(struct county *county, const struct truth *truth)
{
    FILE      *twins = open_file(county, "", "truth_twins.csv");
    const bool is_ok = twins != NULL && truth_write_twins(truth, twins);

    return close_file(twins) && is_ok;
}

static bool write_base(struct county *county, struct synth_figures *figures)
{
    struct random_stream outsiders = stream(county, PURPOSE_OUTSIDERS);
    struct record_writer writer    = { 0 };
    struct truth         truth     = { 0 };
    const size_t         strangers = county->options->persons / 4000 + 1;

    bool is_ok = open_writer(county, &writer, "") && open_truth(county, &truth);
    if (is_ok) {
        writer.told     = truth_told;
        writer.listener = &truth;
        record_write_schools(&writer);
        record_write_places(&writer);
        is_ok = write_base_records(county, &writer);
    }
    if (is_ok) {
        record_write_outsiders(&writer, &county->people, strangers, &outsiders);
        is_ok = write_pairs(county, &truth, figures->pairs) && write_twins(county, &truth);
    }
    is_ok = close_writer(&writer, &figures->written) && is_ok;
    is_ok = close_truth(&truth) && is_ok;
    return is_ok || (county->fault[0] != '\0' ? false : fail(county, "a file of the directory cannot be written"));
}

/* The mix of the throughput proof: 60 % repeats and changes, 30 % new, 10 % risk and place. */
static void write_changes(struct county *county, struct record_writer *writer, const uint32_t *newcomers,
                          size_t newcomer_count, const uint32_t *risks, size_t risk_count)
{
    struct random_stream random = stream(county, PURPOSE_CHANGES);
    const uint32_t       base   = (uint32_t)county->base_records;
    size_t               next   = 0;

    for (size_t i = 0; i < county->options->changes; i++) {
        const uint32_t at = random_below(&random, 100);
        if (at < 30)
            record_write(writer, random_below(&random, base), VERSION_REPEATED);
        else if (at < 60 || (at < 90 && next == newcomer_count))
            record_write(writer, random_below(&random, base), VERSION_CHANGED);
        else if (at < 90)
            record_write(writer, newcomers[next++], VERSION_CURRENT);
        else if (at < 93 && risk_count > 0)
            record_write(writer, risks[random_below(&random, (uint32_t)risk_count)], VERSION_CHANGED);
        else
            record_write_place_again(writer, &random);
    }
}

static bool write_change_stream(struct county *county, struct synth_figures *figures)
{
    struct random_stream random   = stream(county, PURPOSE_NEWCOMERS);
    struct record_writer writer   = { 0 };
    const size_t         arriving = county->plan.count - county->base_records;
    uint32_t            *order    = shuffled(county->base_records, arriving, &random);
    uint32_t            *risks    = malloc((county->base_records + 1) * sizeof risks[0]);
    size_t               count    = 0;

    bool is_ok = order != NULL && risks != NULL && open_writer(county, &writer, "/changes");
    if (is_ok) {
        writer.next_event = (uint64_t)1 << 40; /* ids never meet those of the base */
        for (size_t i = 0; i < county->base_records; i++) {
            if (county->plan.records[i].type == TYPE_RISK)
                risks[count++] = (uint32_t)i;
        }
        write_changes(county, &writer, order, arriving, risks, count);
    }
    is_ok = close_writer(&writer, &figures->changes_written) && is_ok;
    free(order);
    free(risks);
    return is_ok || (county->fault[0] != '\0' ? false : fail(county, "the change stream cannot be written"));
}

static void count_people(const struct county *county, struct synth_figures *figures)
{
    const struct people *people = &county->people;

    figures->persons          = county->options->persons;
    figures->households       = people->household_count;
    figures->births           = people->birth_count;
    figures->twin_pairs       = people->twin_pair_count;
    figures->girls            = people->girl_count;
    figures->mentions_records = county->base_records;
    for (size_t i = 0; i < figures->persons; i++)
        figures->concerns += people->persons[i].kind == PERSON_CONCERN;
}

bool synth_run(const struct synth_options *options, struct synth_figures *figures, char *fault, size_t fault_size)
{
    struct county county = { .options = options, .fault = fault, .fault_size = fault_size };
    /* A newcomer brings about 1.15 records, and 30 of 100 records are newcomers'. */
    const size_t newcomers = options->changes * 3 / 11;

    *figures   = (struct synth_figures){ 0 };
    fault[0]   = '\0';
    bool is_ok = make_county(&county, newcomers);
    if (is_ok)
        count_people(&county, figures);
    is_ok = is_ok && write_base(&county, figures);
    is_ok = is_ok && (options->changes == 0 || write_change_stream(&county, figures));
    plan_clear(&county.plan);
    people_clear(&county.people);
    land_clear(&county.land);
    tables_clear(&county.tables);
    return is_ok;
}
