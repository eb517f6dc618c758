/* Writes the identity model; see model.h.
 * Numbers have enough digits to be read back as they were; bits are a comment for the reader. */
#include "daemon/common/model.h"

#include "matchers/identity/name.h"

#include <inttypes.h>
#include <stdio.h>

static const char *basis_word(enum level_basis basis)
{
    static const char *const words[] = { "untrained", "stated", "trained" };

    return words[basis];
}

/* In single quotes, where YAML knows no escape but the doubled quote. */
static void write_text(FILE *stream, const char *key, const char *text)
{
    fprintf(stream, "%s: '", key);
    for (; *text != '\0'; text++)
        fprintf(stream, "%s%c", *text == '\'' ? "'" : "", *text);
    fputs("'\n", stream);
}

static void write_level(FILE *stream, enum identity_part part, unsigned number, const struct identity_level *level)
{
    fprintf(stream, "      - { level: %s, m: %.6e, u: %.6e, m_from: %s, u_from: %s", identity_level_word(part, number),
            level->m, level->u, basis_word(level->m_basis), basis_word(level->u_basis));
    if (part == PART_NAME)
        fprintf(stream, ", rarity_weight: %.3f", level->rarity_weight);
    fprintf(stream, " } # %.2f bits\n", level->bits);
}

static void write_comparisons(FILE *stream, const struct identity_model *model)
{
    fputs("# Levels from the strongest agreement down. m: share of matches, u: share of strangers; bits = log2(m/u).\n"
          "comparisons:\n",
          stream);
    for (int part = 0; part < IDENTITY_PARTS; part++) {
        fprintf(stream, "  - comparison: %s\n    levels:\n", identity_part_word((enum identity_part)part));
        for (unsigned i = 1; i < identity_level_count((enum identity_part)part); i++)
            write_level(stream, (enum identity_part)part, i, &model->levels[part][i]);
    }
}

static void write_rarity(FILE *stream, const struct identity_model *model)
{
    fprintf(stream,
            "# Rarity of the whole name, log2(1 / frequency): from its characters, or from here when it is commoner.\n"
            "name_rarity:\n  floor_bits: %.3f\n  ceiling_bits: %.3f\n  common_names:%s\n",
            model->rarity_floor_bits, model->rarity_ceiling_bits, model->common_name_count == 0 ? " []" : "");
    for (size_t i = 0; i < model->common_name_count; i++)
        fprintf(stream, "    - { hash: %" PRIu64 ", bits: %.3f }\n", model->common_names[i].hash,
                model->common_names[i].rarity_bits);
}

static void write_limits(FILE *stream, const struct identity_model *model)
{
    fprintf(stream,
            "limits:\n  join_bits: %.3f\n  cluster_bits: %.3f\n  surroundings_bits: %.3f\n  generic_holders: %" PRId32
            "\n  hot_key_holders: %" PRId32 "\n  cluster_profiles: %" PRId32 "\n",
            model->join_bits, model->cluster_bits, model->surroundings_bits, model->generic_holders,
            model->hot_key_holders, model->cluster_profiles);
}

bool model_write(FILE *stream, const struct identity_model *model, const struct model_origin *origin)
{
    fputs("# Weights of identity matching. Dated; a new model is a new file, approved and activated by a person.\n"
          "version: 2\n",
          stream);
    write_text(stream, "dated", origin->dated);
    write_text(stream, "approved_by", origin->approved_by);
    write_text(stream, "trained_on", origin->trained_on);
    fprintf(stream, "# Probability that two records taken at random are of one person.\nlambda: %.6e\n", model->lambda);
    write_limits(stream, model);
    write_rarity(stream, model);
    write_comparisons(stream, model);
    return fflush(stream) == 0 && ferror(stream) == 0;
}
