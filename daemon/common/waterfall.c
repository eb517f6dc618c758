/* A comparison as a waterfall; see waterfall.h.
 * Computes nothing of its own: it shows what compare.c summed. */
#include "daemon/common/waterfall.h"

#include <math.h>
#include <stdlib.h>

size_t waterfall_steps(const struct waterfall *waterfall, struct waterfall_step steps[WATERFALL_STEPS])
{
    const struct comparison     *comparison = waterfall->comparison;
    const struct identity_model *model      = waterfall->model;
    double                       sum        = 0;
    size_t                       count      = 0;

    for (int part = 0; part < IDENTITY_PARTS; part++) {
        const unsigned         level = comparison->levels[part];
        struct waterfall_step *step  = &steps[count++];

        *step = (struct waterfall_step){ .comparison = identity_part_word((enum identity_part)part),
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
        steps[count++] = (struct waterfall_step){
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

static json_t *step_json(const struct waterfall_step *step)
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
    struct waterfall_step        steps[WATERFALL_STEPS];
    const size_t                 count = waterfall_steps(waterfall, steps);
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

/* ---- for a sheet ---- */

/* What speaks against first, the heaviest of it; then what speaks for. */
static int by_weight(const void *a, const void *b)
{
    const double x = ((const struct waterfall_step *)a)->bits, y = ((const struct waterfall_step *)b)->bits;

    if ((x < 0) != (y < 0))
        return x < 0 ? -1 : 1;
    return x < 0 ? (x > y) - (x < y) : (x < y) - (x > y);
}

json_t *waterfall_list(const struct waterfall *waterfall)
{
    struct waterfall_step steps[WATERFALL_STEPS];
    const size_t          count = waterfall_steps(waterfall, steps);
    json_t               *list  = json_array();

    qsort(steps, count, sizeof steps[0], by_weight);
    for (size_t i = 0; i < count; i++) {
        if (steps[i].bits < 0 || steps[i].bits > 0)
            json_array_append_new(list, json_pack("{s:s, s:s, s:f}", "part", steps[i].comparison, "level",
                                                  steps[i].level, "bits", steps[i].bits));
    }
    return list;
}
