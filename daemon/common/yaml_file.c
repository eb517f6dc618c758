/* Reads YAML files; see yaml_file.h.
 * libcyaml's memory is malloc's, so that a caller may replace a text it read. */
#include "daemon/common/yaml_file.h"

#include <stdio.h>
#include <string.h>

/* The first complaint of libcyaml; its text quotes no value at warning level. */
struct complaint {
    char text[256];
};

__attribute__((format(printf, 3, 0))) static void keep_complaint(cyaml_log_t level, void *context, const char *format,
                                                                 va_list arguments)
{
    struct complaint *complaint = context;

    (void)level;
    if (complaint->text[0] == '\0')
        vsnprintf(complaint->text, sizeof complaint->text, format, arguments);
    complaint->text[strcspn(complaint->text, "\n")] = '\0';
}

static cyaml_config_t reader_for(struct complaint *complaint)
{
    return (cyaml_config_t){ .log_fn    = keep_complaint,
                             .log_ctx   = complaint,
                             .mem_fn    = cyaml_mem,
                             .log_level = CYAML_LOG_WARNING,
                             .flags     = CYAML_CFG_DEFAULT };
}

void *yaml_file_load(const char *path, const cyaml_schema_value_t *schema, char *error, size_t error_size)
{
    cyaml_data_t        *data      = NULL;
    struct complaint     complaint = { "" };
    const cyaml_config_t reader    = reader_for(&complaint);
    const cyaml_err_t    outcome   = cyaml_load_file(path, &reader, schema, &data, NULL);

    if (outcome == CYAML_OK && data == NULL)
        snprintf(error, error_size, "%s: is empty", path);
    if (outcome == CYAML_OK)
        return data;
    snprintf(error, error_size, "%s: %s (%s)", path, cyaml_strerror(outcome), complaint.text);
    return NULL;
}

void yaml_file_free(const cyaml_schema_value_t *schema, void *data)
{
    struct complaint     complaint = { "" };
    const cyaml_config_t reader    = reader_for(&complaint);

    if (data != NULL)
        cyaml_free(&reader, schema, data, 0);
}
