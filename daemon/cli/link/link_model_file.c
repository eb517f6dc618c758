/* Models as files; see link_model_file.h.
 * Deliberately refuses an untrained level: its bits are a guess. */
#include "daemon/cli/link/link_model_file.h"

#include "daemon/common/yaml_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct model_level {
    char  *name;
    double bits, m, u;
    bool   is_trained;
};

struct model_comparison {
    char               *name;
    struct model_level *levels;
    unsigned            levels_count;
};

struct model_file {
    unsigned                 version;
    double                   prior_bits, mates;
    struct model_comparison *comparisons;
    unsigned                 comparisons_count;
};

static const cyaml_schema_field_t level_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct model_level, name, 1, 100),
    CYAML_FIELD_FLOAT("bits", CYAML_FLAG_DEFAULT, struct model_level, bits),
    CYAML_FIELD_FLOAT("m", CYAML_FLAG_DEFAULT, struct model_level, m),
    CYAML_FIELD_FLOAT("u", CYAML_FLAG_DEFAULT, struct model_level, u),
    CYAML_FIELD_BOOL("trained", CYAML_FLAG_DEFAULT, struct model_level, is_trained),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t level_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct model_level, level_fields),
};
static const cyaml_schema_field_t comparison_fields[] = {
    CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER, struct model_comparison, name, 1, 100),
    CYAML_FIELD_SEQUENCE("levels", CYAML_FLAG_POINTER, struct model_comparison, levels, &level_schema, 1,
                         PATTERN_LEVELS_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t comparison_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct model_comparison, comparison_fields),
};
static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_UINT("version", CYAML_FLAG_DEFAULT, struct model_file, version),
    CYAML_FIELD_FLOAT("prior_bits", CYAML_FLAG_DEFAULT, struct model_file, prior_bits),
    CYAML_FIELD_FLOAT("mates", CYAML_FLAG_DEFAULT, struct model_file, mates),
    CYAML_FIELD_SEQUENCE("comparisons", CYAML_FLAG_POINTER, struct model_file, comparisons, &comparison_schema, 1,
                         PATTERN_COMPARISONS_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct model_file, file_fields),
};

static void write_comparison(FILE *file, const struct link_comparison *comparison, size_t index,
                             const struct linkage_model *model, const struct train_weights *weights)
{
    fprintf(file, "  - name: \"%s\"\n    levels:\n", comparison->name);
    for (unsigned level = 1; level <= comparison->levels_count; level++) {
        const bool is_trained = (weights->m_trained[index] & weights->u_trained[index]) >> level & 1;

        fprintf(file, "      - { name: \"%s\", bits: %.9g, m: %.9g, u: %.9g, trained: %s }\n",
                comparison->levels[level - 1].name, model->bits[index][level], weights->m.of[index][level],
                weights->u.of[index][level], is_trained ? "true" : "false");
    }
}

bool link_model_save(const char *path, const struct link_config *config, const struct linkage_model *model,
                     const struct train_weights *weights)
{
    FILE *file = fopen(path, "w");

    if (file == NULL)
        return false;
    fprintf(file, "version: 1\nprior_bits: %.9g\nmates: %.9g\ncomparisons:\n", model->prior_bits, model->mates);
    for (unsigned i = 0; i < config->comparisons_count; i++)
        write_comparison(file, &config->comparisons[i], i, model, weights);
    const bool is_written = ferror(file) == 0;
    return fclose(file) == 0 && is_written;
}

/* NULL, or what is wrong with the comparison. */
static const char *take_comparison(const struct link_comparison *wanted, const struct model_comparison *read,
                                   size_t index, struct linkage_model *model)
{
    if (strcmp(wanted->name, read->name) != 0 || wanted->levels_count != read->levels_count)
        return "is not that of the configuration";
    for (unsigned i = 0; i < read->levels_count; i++) {
        const struct model_level *level = &read->levels[i];

        if (strcmp(wanted->levels[i].name, level->name) != 0)
            return "has other levels than the configuration";
        if (!level->is_trained)
            return "has an untrained level";
        if (!isfinite(level->bits) || !(level->u > 0))
            return "has a weight that is no number";
        model->bits[index][i + 1] = level->bits;
        model->u[index][i + 1]    = level->u;
    }
    return NULL;
}

bool link_model_load(const char *path, const struct link_config *config, struct linkage_model *model, char *error,
                     size_t error_size)
{
    struct model_file *file  = yaml_file_load(path, &file_schema, error, error_size);
    const char        *fault = NULL;

    if (file == NULL)
        return false;
    model->prior_bits = file->prior_bits;
    model->mates      = file->mates;
    if (file->version != 1 || file->comparisons_count != config->comparisons_count)
        fault = "version or number of comparisons is not that of the configuration";
    if (fault != NULL)
        snprintf(error, error_size, "%s: %s", path, fault);
    for (unsigned i = 0; fault == NULL && i < file->comparisons_count; i++) {
        fault = take_comparison(&config->comparisons[i], &file->comparisons[i], i, model);
        if (fault != NULL)
            snprintf(error, error_size, "%s: comparison '%s' %s", path, config->comparisons[i].name, fault);
    }
    yaml_file_free(&file_schema, file);
    return fault == NULL;
}
