/* The report of a training run; see train_report.h.
 * Counts and levels only: nothing of a person. */
#include "daemon/cli/train/train_report.h"

#include <inttypes.h>

static void print_blocks(FILE *stream, const struct learn_figures *figures)
{
    fprintf(stream, "%-16s %12s %10s %14s %s\n", "block", "pairs", "strict", "matches", "EM rounds");
    for (size_t i = 0; i < LEARN_BLOCKS; i++)
        fprintf(stream, "%-16s %12" PRIu64 " %10" PRIu64 " %14.0f %9" PRIu32 "%s\n",
                blocking_key_word(figures->kinds[i]), figures->pairs[i], figures->strict[i],
                figures->report.blocks[i].matches, figures->report.blocks[i].iterations,
                figures->report.blocks[i].has_converged ? "" : " (not at rest)");
}

/* m as each block that leaves the comparison free saw it: they should agree. */
static void print_estimates(FILE *stream, const struct learn_figures *figures, enum identity_part part, unsigned level)
{
    for (size_t i = 0; i < LEARN_BLOCKS; i++) {
        const double *expected = figures->report.blocks[i].expected.of[part];
        double        sum      = 0;

        for (unsigned j = 1; j < identity_level_count(part); j++)
            sum += expected[j];
        if ((figures->blocked[i] >> part & 1U) != 0 || !(sum > 0))
            fprintf(stream, "       -");
        else
            fprintf(stream, " %7.4f", expected[level] / sum);
    }
}

static void print_levels(FILE *stream, const struct identity_model *model, const struct learn_figures *figures)
{
    static const char *const words[] = { "UNTRAINED", "stated", "trained" };

    fprintf(stream, "%-39s %12s %12s %7s %-9s %-9s m by block\n", "level", "matches", "strangers", "bits", "m", "u");
    for (int part = 0; part < IDENTITY_PARTS; part++) {
        for (unsigned i = 1; i < identity_level_count((enum identity_part)part); i++) {
            const struct identity_level *level = &model->levels[part][i];

            fprintf(stream, "%-17s %-21s %12.0f %12.0f %7.2f %-9s %-9s", identity_part_word((enum identity_part)part),
                    identity_level_word((enum identity_part)part, i), figures->expected[part][i],
                    figures->strangers[part][i], level->bits, words[level->m_basis], words[level->u_basis]);
            print_estimates(stream, figures, (enum identity_part)part, i);
            fputc('\n', stream);
        }
    }
}

void train_report_print(FILE *stream, const struct population *population, const struct learn_options *options,
                        const struct identity_model *model, const struct learn_figures *figures)
{
    fprintf(stream, "records %zu, mentions %zu, random pairs %" PRIu64 ", values held by too many %zu\n",
            population->records, population->count, figures->random_pairs, population->generic_count);
    print_blocks(stream, figures);
    print_levels(stream, model, figures);
    fprintf(stream, "lambda %.3e (%.1f bits) from strict rules at a stated recall of %.2f\n", model->lambda,
            identity_prior_bits(model), options->recall);
    fprintf(stream, "common names %zu (held by %" PRIu32 " mentions or more); levels lowered to the one above %u\n",
            model->common_name_count, options->common_name, figures->lowered);
    fprintf(stream, "probability at join_bits %.0f: %.6f\n", model->join_bits,
            identity_probability(model, model->join_bits));
}
