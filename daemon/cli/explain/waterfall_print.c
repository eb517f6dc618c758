/* A waterfall on a terminal; see waterfall_print.h.
 * Computes nothing of its own: bars and sentences of what common/waterfall.h lists. */
#include "daemon/cli/explain/waterfall_print.h"

#include <math.h>
#include <string.h>

enum { TEXT_COLUMNS = 62, BAR_COLUMNS_MAX = 60 };

/* The scale of the bars: from the lowest to the highest point of the line. */
struct scale {
    double low, high;
    int    columns;
};

static struct scale scale_of(const struct waterfall *waterfall, const struct waterfall_step *steps, size_t count,
                             int columns)
{
    struct scale scale = { .low = 0, .high = waterfall->model->join_bits, .columns = columns - TEXT_COLUMNS };

    for (size_t i = 0; i < count; i++) {
        scale.low  = fmin(scale.low, steps[i].before + steps[i].bits);
        scale.high = fmax(scale.high, steps[i].before + steps[i].bits);
    }
    scale.columns = scale.columns < 0 ? 0 : scale.columns > BAR_COLUMNS_MAX ? BAR_COLUMNS_MAX : scale.columns;
    return scale;
}

static int column_of(const struct scale *scale, double bits)
{
    return (int)lround((bits - scale->low) / (scale->high - scale->low) * (scale->columns - 1));
}

/* From where the sum was to where it is: + up, - down; | is where a join begins. */
static void print_bar(FILE *stream, const struct scale *scale, const struct waterfall_step *step, double join_bits)
{
    const int from = column_of(scale, step->before), to = column_of(scale, step->before + step->bits);
    char      bar[BAR_COLUMNS_MAX + 1];

    if (scale->columns < 2)
        return;
    memset(bar, ' ', sizeof bar);
    for (int i = from < to ? from : to; i <= (from < to ? to : from) && step->entry != NULL; i++)
        bar[i] = step->bits >= 0 ? '+' : '-';
    if (bar[column_of(scale, join_bits)] == ' ')
        bar[column_of(scale, join_bits)] = '|';
    int end = scale->columns;
    while (bar[end - 1] == ' ')
        end--;
    fprintf(stream, " %.*s", end, bar);
}

static void print_step(FILE *stream, const struct scale *scale, const struct waterfall_step *step, double join_bits)
{
    fprintf(stream, "%-17s %-21s %+8.2f %+8.2f", step->comparison, step->level, step->bits, step->before + step->bits);
    print_bar(stream, scale, step, join_bits);
    fputc('\n', stream);
    if (step->rarity_bits > 0)
        fprintf(stream, "%-17s   of it %+.2f because the name is as rare as 1 in 2^%.1f\n", "", step->of_rarity_bits,
                step->rarity_bits);
}

static const char *veto_sentence(enum identity_veto veto)
{
    switch (veto) {
    case VETO_NONE:
        return "none";
    case VETO_NUMBERS:
        return "numbers: two valid citizen numbers that differ";
    case VETO_SEX:
        return "sex: the records say different";
    case VETO_NAMES:
        return "names: nothing in common";
    case VETO_BIRTH:
        return "birth: dates that no slip explains";
    case VETO_TWINS:
        return "twins: one birth date, one surname or address, another given name";
    case VETO_FOREIGN_NUMBER:
        return "foreign_number: a number its own record contradicts, and another name";
    }
    return "";
}

static const char *outcome_sentence(enum waterfall_outcome outcome)
{
    switch (outcome) {
    case WATERFALL_JOINED:
        return "joined by these two records, unless another of their clusters speaks against it";
    case WATERFALL_TOO_LITTLE:
        return "not joined: too little";
    case WATERFALL_VETOED:
        return "held apart, whatever the sum";
    }
    return "";
}

void waterfall_print(FILE *stream, const struct waterfall *waterfall, int columns)
{
    const struct comparison     *comparison = waterfall->comparison;
    const struct identity_model *model      = waterfall->model;
    const struct model_origin    origin     = model_origin(model);
    struct waterfall_step        steps[WATERFALL_STEPS];
    const size_t                 count = waterfall_steps(waterfall, steps);
    const struct scale           scale = scale_of(waterfall, steps, count, columns);

    fprintf(stream, "model of %s, approved by %s\n", origin.dated,
            origin.approved_by[0] != '\0' ? origin.approved_by : "nobody");
    fprintf(stream, "%-17s %-21s %8s %8s\n", "comparison", "level", "bits", "sum");
    for (size_t i = 0; i < count; i++)
        print_step(stream, &scale, &steps[i], model->join_bits);
    fprintf(stream, "sum %+.2f, at most %+.2f and %+.2f (each record against itself); a join begins at %+.2f\n",
            comparison->bits, waterfall->own_bits_a, waterfall->own_bits_b, model->join_bits);
    fprintf(stream, "prior %+.2f bits, so the probability is %.6f before any veto\n", identity_prior_bits(model),
            identity_probability(model, comparison->bits));
    if (comparison->has_generic_value)
        fputs("a shared phone, booklet or dwelling that too many hold weighs nothing\n", stream);
    fprintf(stream, "veto %s\n%s\n", veto_sentence(comparison->veto), outcome_sentence(waterfall_outcome(waterfall)));
}
