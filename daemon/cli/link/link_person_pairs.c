/* The pairs within each person; see link_person.h.
 * Compares anew, with every level: a line of pairs.csv explains itself. */
#include "daemon/cli/link/link_person_parts.h"
#include "daemon/cli/link/link_text.h"

#include <stdlib.h>

enum {
    RECORDS_PER_TASK = 256,
    NUMBERS_AHEAD    = 8, /* how far ahead of its turn a record's fellow is asked for: where its texts are, and they */
    TEXTS_AHEAD      = 4,
    CACHE_LINE       = 64,
    PAIR_MEMBERS_MAX = 200 /* a record of a larger person is paired with so many later ones */
};

struct pair_job {
    const struct link_people *people;
    const uint32_t           *labels;
    uint32_t                 *next; /* per record the next one of its person, 0: none */
    FILE                     *pairs;
    struct link_text          lines[LINK_THREADS_MAX];
    uint64_t                  written[LINK_THREADS_MAX];
};

static void put_pair(struct pair_job *job, unsigned thread, uint32_t a, uint32_t b)
{
    const struct link_people *people     = job->people;
    struct link_text         *lines      = &job->lines[thread];
    const struct comparison   comparison = identity_compare_fully(
          people->language, people->model, NULL, identity_features_at(people->index, people->contents[a]),
          identity_features_at(people->index, people->contents[b]));
    const double probability = identity_probability(people->model, comparison.bits);

    if (probability < people->config->report_probability)
        return;
    job->written[thread]++;
    link_text_put_record(lines, people->records, a);
    link_text_put_record(lines, people->records, b);
    link_text_put_number(lines, probability, 6);
    link_text_put_character(lines, ',');
    link_text_put_number(lines, comparison.bits, 3);
    for (size_t part = 0; part < IDENTITY_PARTS; part++) {
        link_text_put_character(lines, ',');
        link_text_put_number(lines, comparison.part_bits[part], 3);
    }
    link_text_put_character(lines, '\n');
}

static void prefetch_fellow(const struct pair_job *job, size_t record, size_t last)
{
    const struct link_people *people = job->people;
    const uint32_t            later  = record + NUMBERS_AHEAD < last ? job->next[record + NUMBERS_AHEAD] : 0;
    const uint32_t            soon   = record + TEXTS_AHEAD < last ? job->next[record + TEXTS_AHEAD] : 0;

    if (later != 0)
        __builtin_prefetch(&people->records->ids.values[later + 1]);
    if (soon == 0)
        return;
    const char *features = (const char *)identity_features_at(people->index, people->contents[soon]);

    __builtin_prefetch(link_records_id(people->records, soon).bytes);
    for (size_t at = 0; at < sizeof(struct mention_features); at += CACHE_LINE)
        __builtin_prefetch(features + at);
}

static bool run_pairs(void *context, unsigned thread, size_t first, size_t last)
{
    struct pair_job *job = context;

    job->lines[thread].length = 0;
    for (size_t record = first; record < last; record++) {
        unsigned members = 0;

        prefetch_fellow(job, record, last);
        for (uint32_t other = job->next[record]; other != 0 && members < PAIR_MEMBERS_MAX; members++) {
            put_pair(job, thread, (uint32_t)record, other);
            other = job->next[other];
        }
    }
    return true;
}

static bool emit_pairs(void *context, unsigned thread, size_t first, size_t last)
{
    struct pair_job *job = context;

    (void)first;
    (void)last;
    return link_text_write(&job->lines[thread], job->pairs);
}

/* Chains the records of each person in record order. */
static uint32_t *chain_members(const uint32_t *labels, size_t count)
{
    uint32_t *next = calloc(count + 1, sizeof *next), *last = calloc(count + 1, sizeof *last);

    for (uint32_t record = 0; next != NULL && last != NULL && record < count; record++) {
        if (labels[record] != record)
            next[last[labels[record]]] = record;
        last[labels[record]] = record;
    }
    if (last == NULL) {
        free(next);
        next = NULL;
    }
    free(last);
    return next;
}

bool link_people_write_pairs(const struct link_people *people, const uint32_t *labels, FILE *pairs,
                             struct link_progress *progress, uint64_t *written)
{
    struct pair_job       *job  = calloc(1, sizeof *job);
    const struct link_work work = { .items       = people->records->count,
                                    .chunk_items = RECORDS_PER_TASK,
                                    .run         = run_pairs,
                                    .emit        = emit_pairs,
                                    .context     = job,
                                    .progress    = progress };

    if (job == NULL)
        return false;
    job->people = people;
    job->labels = labels;
    job->pairs  = pairs;
    job->next   = chain_members(labels, people->records->count);
    link_progress_begin(progress, "writing");
    fputs("record_a,record_b,probability,weight_bits", pairs);
    for (size_t part = 0; part < IDENTITY_PARTS; part++)
        fprintf(pairs, ",%s", identity_part_word((enum identity_part)part));
    fputc('\n', pairs);
    const bool is_done = job->next != NULL && (people->records->count == 0 || link_work_run(&work, people->threads));
    *written           = 0;
    for (size_t i = 0; i < LINK_THREADS_MAX; i++) {
        *written += job->written[i];
        link_text_clear(&job->lines[i]);
    }
    free(job->next);
    free(job);
    return is_done;
}
