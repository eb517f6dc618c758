/* A comparison as a waterfall; see waterfall.h.
 * Computes nothing of its own: it shows what compare.c summed. */
#include "daemon/cli/explain/waterfall.h"

#include <math.h>
#include <string.h>

enum { STEPS = IDENTITY_PARTS + 1, TEXT_COLUMNS = 62, BAR_COLUMNS_MAX = 60 };

struct step {
    const char                  *comparison, *level;
    const struct identity_level *entry; /* NULL: null, or the cap */
    double                       bits, before;
    double                       rarity_bits, of_rarity_bits; /* of a name whose rarity counts; else 0 */
};

/* The comparisons in order, then what relatives' common surroundings weigh too much. */
static size_t list_steps(const struct waterfall *waterfall, struct step steps[STEPS])
{
    const struct comparison     *comparison = waterfall->comparison;
    const struct identity_model *model      = waterfall->model;
    double                       sum        = 0;
    size_t                       count      = 0;

    for (int part = 0; part < IDENTITY_PARTS; part++) {
        const unsigned level = comparison->levels[part];
        struct step   *step  = &steps[count++];

        *step = (struct step){ .comparison = identity_part_word((enum identity_part)part),
                               .level      = identity_level_word((enum identity_part)part, level),
                               .entry      = level > 0 ? &model->levels[part][level] : NULL,
                               .bits       = comparison->part_bits[part],
                               .before     = sum };
        if (part == PART_NAME && level > 0 && step->entry->rarity_weight > 0) {
            step->rarity_bits    = comparison->rarity_bits;
            step->of_rarity_bits = step->bits - step->entry->bits;
        }
        sum += step->bits;
    }
    if (comparison->excess_bits < 0)
        steps[count++] = (struct step){
            .comparison = "surroundings", .level = "capped", .bits = comparison->excess_bits, .before = sum
        };
    return count;
}

static double edge_bits(const struct waterfall *waterfall)
{
    return fmin(waterfall->comparison->bits, fmin(waterfall->own_bits_a, waterfall->own_bits_b));
}

enum waterfall_outcome waterfall_outcome(const struct waterfall *waterfall)
{
    if (waterfall->comparison->veto != VETO_NONE)
        return WATERFALL_VETOED;
    return edge_bits(waterfall) >= waterfall->model->join_bits ? WATERFALL_JOINED : WATERFALL_TOO_LITTLE;
}

static const char *outcome_word(enum waterfall_outcome outcome)
{
    static const char *const words[] = { "joined", "too_little", "vetoed" };

    return words[outcome];
}

/* ---- JSON ---- */

static json_t *step_json(const struct step *step)
{
    json_t *object = json_pack("{s:s, s:s, s:f, s:f}", "comparison", step->comparison, "level", step->level, "bits",
                               step->bits, "sum", step->before + step->bits);

    if (step->entry != NULL) {
        json_object_set_new(object, "m", json_real(step->entry->m));
        json_object_set_new(object, "u", json_real(step->entry->u));
        json_object_set_new(object, "level_bits", json_real(step->entry->bits));
    }
    if (step->rarity_bits > 0) {
        json_object_set_new(object, "rarity_bits", json_real(step->rarity_bits));
        json_object_set_new(object, "of_rarity_bits", json_real(step->of_rarity_bits));
    }
    return object;
}

json_t *waterfall_json(const struct waterfall *waterfall)
{
    const struct identity_model *model  = waterfall->model;
    const struct model_origin    origin = model_origin(model);
    struct step                  steps[STEPS];
    const size_t                 count = list_steps(waterfall, steps);
    json_t                      *list  = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, step_json(&steps[i]));
    return json_pack("{s:{s:s, s:s}, s:f, s:o, s:f, s:[f, f], s:f, s:f, s:f, s:s, s:b, s:s}", "model", "dated",
                     origin.dated, "approved_by", origin.approved_by, "prior_bits", identity_prior_bits(model), "steps",
                     list, "bits", waterfall->comparison->bits, "own_bits", waterfall->own_bits_a,
                     waterfall->own_bits_b, "edge_bits", edge_bits(waterfall), "join_bits", model->join_bits,
                     "probability", identity_probability(model, waterfall->comparison->bits), "veto",
                     identity_veto_word(waterfall->comparison->veto), "has_generic_value",
                     waterfall->comparison->has_generic_value, "outcome", outcome_word(waterfall_outcome(waterfall)));
}

/* ---- terminal ---- */

/* The scale of the bars: from the lowest to the highest point of the line. */
struct scale {
    double low, high;
    int    columns;
};

static struct scale scale_of(const struct waterfall *waterfall, const struct step *steps, size_t count, int columns)
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
static void print_bar(FILE *stream, const struct scale *scale, const struct step *step, double join_bits)
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

static void print_step(FILE *stream, const struct scale *scale, const struct step *step, double join_bits)
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
    struct step                  steps[STEPS];
    const size_t                 count = list_steps(waterfall, steps);
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
