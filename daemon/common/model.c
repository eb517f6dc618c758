/* Loads the identity model; see model.h.
 * Deliberately knows no weight: the file states every one. */
#include "daemon/common/model.h"

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct model_file {
    uint32_t              version;
    char                 *dated, *approved_by;
    struct identity_model bits, limits; /* one section fills the weights, the other the limits */
};

#define BITS(member)  CYAML_FIELD_FLOAT(#member, CYAML_FLAG_DEFAULT, struct identity_model, member)
#define COUNT(member) CYAML_FIELD_INT(#member, CYAML_FLAG_DEFAULT, struct identity_model, member)

static const cyaml_schema_field_t bits_fields[] = {
    BITS(number_equal),     BITS(number_invalid_equal), BITS(number_edit),         BITS(number_two_edits),
    BITS(number_far),       BITS(number_differ),        BITS(number_contradicted), BITS(other_id_equal),
    BITS(birth_equal),      BITS(birth_lunar),          BITS(birth_swap),          BITS(birth_slip),
    BITS(birth_month),      BITS(birth_year),           BITS(birth_differ),        BITS(sex_equal),
    BITS(sex_differ),       BITS(name_rarity_floor),    BITS(name_rarity_ceiling), BITS(name_variant),
    BITS(name_homophone),   BITS(name_shape),           BITS(name_character),      BITS(name_weak),
    BITS(name_trace),       BITS(name_differ),          BITS(phone_equal),         BITS(household_equal),
    BITS(household_differ), BITS(community_equal),      BITS(community_differ),    BITS(context_equal),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t limits_fields[] = {
    BITS(join_bits),        BITS(cluster_bits),      COUNT(generic_holders),
    COUNT(hot_key_holders), COUNT(cluster_profiles), CYAML_FIELD_END,
};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_UINT("version", CYAML_FLAG_DEFAULT, struct model_file, version),
    CYAML_FIELD_STRING_PTR("dated", CYAML_FLAG_POINTER, struct model_file, dated, 10, 10),
    CYAML_FIELD_STRING_PTR("approved_by", CYAML_FLAG_POINTER, struct model_file, approved_by, 1, 200),
    CYAML_FIELD_MAPPING("bits", CYAML_FLAG_DEFAULT, struct model_file, bits, bits_fields),
    CYAML_FIELD_MAPPING("limits", CYAML_FLAG_DEFAULT, struct model_file, limits, limits_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct model_file, file_fields),
};

/* More agreement must never lower the sum: the levels stand in order. */
static bool is_sound(const struct identity_model *model)
{
    return model->number_equal >= model->number_invalid_equal && model->number_invalid_equal >= model->number_edit &&
           model->number_edit >= model->number_two_edits && model->birth_equal >= model->birth_lunar &&
           model->birth_lunar >= model->birth_swap && model->birth_equal >= model->birth_month &&
           model->birth_month >= model->birth_year && model->birth_year > model->birth_differ &&
           model->sex_equal >= model->sex_differ && model->name_variant >= 0 &&
           model->name_homophone >= model->name_variant && model->name_shape >= model->name_variant &&
           model->name_character >= model->name_variant && model->name_weak >= model->name_trace &&
           model->name_trace >= model->name_differ &&
           model->name_rarity_floor - model->name_character > model->name_differ &&
           model->name_rarity_ceiling >= model->name_rarity_floor && model->phone_equal >= 0 &&
           model->household_equal >= model->household_differ && model->community_equal >= model->community_differ &&
           model->context_equal >= 0 && model->join_bits >= model->cluster_bits && model->cluster_bits > 0 &&
           model->generic_holders > 1 && model->hot_key_holders > 1 && model->cluster_profiles > 1;
}

struct identity_model *model_load(const char *path, char *error, size_t error_size)
{
    const cyaml_config_t   config = { .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR };
    struct model_file     *file   = NULL;
    const cyaml_err_t      status = cyaml_load_file(path, &config, &file_schema, (cyaml_data_t **)&file, NULL);
    struct identity_model *model  = NULL;

    if (status != CYAML_OK) {
        snprintf(error, error_size, "identity model: %s", cyaml_strerror(status));
        return NULL;
    }

    struct identity_model read = file->bits;
    read.join_bits             = file->limits.join_bits;
    read.cluster_bits          = file->limits.cluster_bits;
    read.generic_holders       = file->limits.generic_holders;
    read.hot_key_holders       = file->limits.hot_key_holders;
    read.cluster_profiles      = file->limits.cluster_profiles;
    if (file->version != 1)
        snprintf(error, error_size, "identity model: version %u is not 1", file->version);
    else if (!is_sound(&read))
        snprintf(error, error_size, "identity model: the levels of a comparison are not in order");
    else if ((model = malloc(sizeof *model)) == NULL)
        snprintf(error, error_size, "out of memory");
    else
        *model = read;
    cyaml_free(&config, &file_schema, file, 0);
    return model;
}

void model_free(struct identity_model *model)
{
    free(model);
}
