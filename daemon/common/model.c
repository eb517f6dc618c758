/* Loads the identity model; see model.h.
 * Deliberately knows no number: the file states every one. */
#include "daemon/common/model.h"

#include "daemon/common/yaml_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_VERSION = 2 };

struct file_level {
    char            *level;
    double           m, u, rarity_weight;
    enum level_basis m_from, u_from;
};

struct file_part {
    char              *comparison;
    struct file_level *levels;
    uint32_t           level_count;
};

struct file_name {
    uint64_t hash;
    double   bits;
};

struct file_limits {
    double  join_bits, cluster_bits, surroundings_bits;
    int32_t generic_holders, hot_key_holders, cluster_profiles;
};

struct file_rarity {
    double            floor_bits, ceiling_bits;
    struct file_name *common_names;
    uint32_t          common_name_count;
};

struct model_file {
    uint32_t           version;
    char              *dated, *approved_by, *trained_on;
    double             lambda;
    struct file_limits limits;
    struct file_rarity rarity;
    struct file_part  *parts;
    uint32_t           part_count;
};

/* What is loaded stays together: the texts and the table that the model points into. */
struct loaded_model {
    struct identity_model model;
    struct model_file    *file;
    struct common_name   *names;
};

static const cyaml_strval_t bases[] = {
    {"untrained", LEVEL_UNTRAINED},
    { "stated",   LEVEL_STATED   },
    { "trained",  LEVEL_TRAINED  },
};

#define NUMBER(type, member)          CYAML_FIELD_FLOAT(#member, CYAML_FLAG_DEFAULT, type, member)
#define COUNT(type, member)           CYAML_FIELD_INT(#member, CYAML_FLAG_DEFAULT, type, member)
#define TEXT(type, member, low, high) CYAML_FIELD_STRING_PTR(#member, CYAML_FLAG_POINTER, type, member, low, high)
#define BASIS(member)                                                                                                  \
    CYAML_FIELD_ENUM(#member, CYAML_FLAG_STRICT, struct file_level, member, bases, CYAML_ARRAY_LEN(bases))

static const cyaml_schema_field_t level_fields[] = {
    TEXT(struct file_level, level, 1, 40),
    NUMBER(struct file_level, m),
    NUMBER(struct file_level, u),
    BASIS(m_from),
    BASIS(u_from),
    CYAML_FIELD_FLOAT("rarity_weight", CYAML_FLAG_OPTIONAL, struct file_level, rarity_weight),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t level_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_level,
                                                                       level_fields) };

static const cyaml_schema_field_t part_fields[] = {
    TEXT(struct file_part, comparison, 1, 40),
    CYAML_FIELD_SEQUENCE_COUNT("levels", CYAML_FLAG_POINTER, struct file_part, levels, level_count, &level_schema, 1,
                               IDENTITY_LEVELS_MAX),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t part_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_part,
                                                                      part_fields) };

static const cyaml_schema_field_t name_fields[] = {
    CYAML_FIELD_UINT("hash", CYAML_FLAG_DEFAULT, struct file_name, hash),
    NUMBER(struct file_name, bits),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t name_schema = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct file_name,
                                                                      name_fields) };

static const cyaml_schema_field_t limits_fields[] = {
    NUMBER(struct file_limits, join_bits),
    NUMBER(struct file_limits, cluster_bits),
    NUMBER(struct file_limits, surroundings_bits),
    COUNT(struct file_limits, generic_holders),
    COUNT(struct file_limits, hot_key_holders),
    COUNT(struct file_limits, cluster_profiles),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t rarity_fields[] = {
    NUMBER(struct file_rarity, floor_bits),
    NUMBER(struct file_rarity, ceiling_bits),
    CYAML_FIELD_SEQUENCE_COUNT("common_names", CYAML_FLAG_POINTER, struct file_rarity, common_names, common_name_count,
                               &name_schema, 0, CYAML_UNLIMITED),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_UINT("version", CYAML_FLAG_DEFAULT, struct model_file, version),
    TEXT(struct model_file, dated, 10, 10),
    TEXT(struct model_file, approved_by, 0, 200),
    TEXT(struct model_file, trained_on, 0, 400),
    NUMBER(struct model_file, lambda),
    CYAML_FIELD_MAPPING("limits", CYAML_FLAG_DEFAULT, struct model_file, limits, limits_fields),
    CYAML_FIELD_MAPPING("name_rarity", CYAML_FLAG_DEFAULT, struct model_file, rarity, rarity_fields),
    CYAML_FIELD_SEQUENCE_COUNT("comparisons", CYAML_FLAG_POINTER, struct model_file, parts, part_count, &part_schema,
                               IDENTITY_PARTS, IDENTITY_PARTS),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct model_file, file_fields),
};

/* ---- from the file's lists to the model's tables ---- */

static bool take_part(const struct file_part *read, enum identity_part part, struct identity_model *model, char *error,
                      size_t error_size)
{
    const size_t count = identity_level_count(part);

    if (strcmp(read->comparison, identity_part_word(part)) != 0) {
        snprintf(error, error_size, "comparison %d must be %s", (int)part + 1, identity_part_word(part));
        return false;
    }
    for (unsigned i = 1; i < count; i++) {
        const struct file_level *level = i <= read->level_count ? &read->levels[i - 1] : NULL;

        if (level == NULL || strcmp(level->level, identity_level_word(part, i)) != 0) {
            snprintf(error, error_size, "%s: level %u must be %s", read->comparison, i, identity_level_word(part, i));
            return false;
        }
        model->levels[part][i] = (struct identity_level){ .m             = level->m,
                                                          .u             = level->u,
                                                          .rarity_weight = level->rarity_weight,
                                                          .m_basis       = level->m_from,
                                                          .u_basis       = level->u_from };
    }
    if (read->level_count != count - 1)
        snprintf(error, error_size, "%s: more levels than are known", read->comparison);
    return read->level_count == count - 1;
}

static bool take_names(struct loaded_model *loaded, char *error, size_t error_size)
{
    const struct file_rarity *rarity = &loaded->file->rarity;

    loaded->names = calloc((size_t)rarity->common_name_count + 1, sizeof *loaded->names);
    if (loaded->names == NULL) {
        snprintf(error, error_size, "out of memory");
        return false;
    }
    for (uint32_t i = 0; i < rarity->common_name_count; i++) {
        loaded->names[i] = (struct common_name){ rarity->common_names[i].hash, rarity->common_names[i].bits };
        if (!(loaded->names[i].rarity_bits > 0) || (i > 0 && loaded->names[i].hash <= loaded->names[i - 1].hash)) {
            snprintf(error, error_size, "common name %u: hashes must rise and bits be above 0", i + 1);
            return false;
        }
    }
    loaded->model.common_names      = loaded->names;
    loaded->model.common_name_count = rarity->common_name_count;
    return true;
}

static bool take_file(struct loaded_model *loaded, char *error, size_t error_size)
{
    const struct model_file *file  = loaded->file;
    struct identity_model   *model = &loaded->model;

    if (file->version != FILE_VERSION) {
        snprintf(error, error_size, "version %u is not %d", file->version, FILE_VERSION);
        return false;
    }
    for (int part = 0; part < IDENTITY_PARTS; part++) {
        if (!take_part(&file->parts[part], (enum identity_part)part, model, error, error_size))
            return false;
    }
    model->lambda              = file->lambda;
    model->rarity_floor_bits   = file->rarity.floor_bits;
    model->rarity_ceiling_bits = file->rarity.ceiling_bits;
    model->join_bits           = file->limits.join_bits;
    model->cluster_bits        = file->limits.cluster_bits;
    model->surroundings_bits   = file->limits.surroundings_bits;
    model->generic_holders     = file->limits.generic_holders;
    model->hot_key_holders     = file->limits.hot_key_holders;
    model->cluster_profiles    = file->limits.cluster_profiles;
    return take_names(loaded, error, error_size);
}

static bool is_sound(const struct identity_model *model, char *error, size_t error_size)
{
    enum identity_part part;
    unsigned           level;
    const char        *fault = identity_model_fault(model, &part, &level);

    if (fault != NULL && level == 0)
        snprintf(error, error_size, "%s", fault);
    else if (fault != NULL)
        snprintf(error, error_size, "%s: level %s %s", identity_part_word(part), identity_level_word(part, level),
                 fault);
    return fault == NULL;
}

struct identity_model *model_load_for(const char *path, enum model_use use, char *error, size_t error_size)
{
    struct loaded_model *loaded     = calloc(1, sizeof *loaded);
    char                 fault[256] = "out of memory";

    if (loaded == NULL) {
        snprintf(error, error_size, "%s: %s", path, fault);
        return NULL;
    }
    loaded->file = yaml_file_load(path, &file_schema, error, error_size);
    if (loaded->file == NULL) {
        free(loaded);
        return NULL;
    }
    bool is_good = take_file(loaded, fault, sizeof fault);
    if (is_good)
        identity_model_finish(&loaded->model);
    is_good = is_good && is_sound(&loaded->model, fault, sizeof fault);
    if (is_good && use == MODEL_FOR_SERVICE && loaded->file->approved_by[0] == '\0') {
        snprintf(fault, sizeof fault, "nobody has approved this model: see approved_by, and `hulei train --help`");
        is_good = false;
    }
    if (is_good)
        return &loaded->model;
    snprintf(error, error_size, "%s: %s", path, fault);
    model_free(&loaded->model);
    return NULL;
}

struct identity_model *model_load(const char *path, char *error, size_t error_size)
{
    return model_load_for(path, MODEL_FOR_SERVICE, error, error_size);
}

void model_free(struct identity_model *model)
{
    struct loaded_model *loaded = (struct loaded_model *)model; /* its first member */

    if (loaded == NULL)
        return;
    yaml_file_free(&file_schema, loaded->file);
    free(loaded->names);
    free(loaded);
}

struct model_origin model_origin(const struct identity_model *model)
{
    const struct model_file *file = ((const struct loaded_model *)model)->file;

    return (struct model_origin){ file->dated, file->approved_by, file->trained_on };
}
