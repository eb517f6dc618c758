/* Reads YAML files; see yaml_file.h.
 * libcyaml's memory is malloc's, so that a caller may replace a text it read. */
#include "daemon/common/yaml_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char unexpected_key[] = "Unexpected key: ";

/* The first complaint of libcyaml, whose text quotes no value at warning level, and the line its backtrace names. */
struct complaint {
    char     text[256];
    unsigned line; /* 0: unknown */
};

__attribute__((format(printf, 3, 0))) static void keep_complaint(cyaml_log_t level, void *context, const char *format,
                                                                 va_list arguments)
{
    struct complaint *complaint = context;
    char              text[256];

    (void)level;
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\n")] = '\0';
    const char *line          = strstr(text, "(line: ");
    if (complaint->text[0] == '\0')
        memcpy(complaint->text, text, sizeof text);
    else if (complaint->line == 0 && line != NULL)
        complaint->line = (unsigned)strtoul(line + strlen("(line: "), NULL, 10);
}

static cyaml_config_t reader_for(struct complaint *complaint)
{
    return (cyaml_config_t){ .log_fn    = keep_complaint,
                             .log_ctx   = complaint,
                             .mem_fn    = cyaml_mem,
                             .log_level = CYAML_LOG_WARNING,
                             .flags     = CYAML_CFG_DEFAULT };
}

/* libcyaml names the line of the key before an unexpected one: the file is asked itself. */
static void find_unexpected_key(const char *path, struct complaint *complaint)
{
    const char *key      = strstr(complaint->text, unexpected_key);
    FILE       *file     = key != NULL ? fopen(path, "re") : NULL;
    char       *line     = NULL;
    size_t      size     = 0;
    bool        is_found = false;

    for (unsigned number = 1; file != NULL && !is_found && getline(&line, &size, file) >= 0; number++) {
        const char *at = strstr(line, key + strlen(unexpected_key));

        is_found = at != NULL && at[strlen(key + strlen(unexpected_key))] == ':';
        if (is_found)
            complaint->line = number;
    }
    free(line);
    if (file != NULL)
        fclose(file);
}

void *yaml_file_load(const char *path, const cyaml_schema_value_t *schema, char *error, size_t error_size)
{
    cyaml_data_t        *data      = NULL;
    struct complaint     complaint = { "", 0 };
    const cyaml_config_t reader    = reader_for(&complaint);
    const cyaml_err_t    outcome   = cyaml_load_file(path, &reader, schema, &data, NULL);

    if (outcome == CYAML_OK && data == NULL)
        snprintf(error, error_size, "%s: is empty", path);
    if (outcome == CYAML_OK)
        return data;
    find_unexpected_key(path, &complaint);
    if (complaint.line > 0)
        snprintf(error, error_size, "%s:%u: %s (%s)", path, complaint.line, cyaml_strerror(outcome), complaint.text);
    else
        snprintf(error, error_size, "%s: %s (%s)", path, cyaml_strerror(outcome), complaint.text);
    return NULL;
}

void yaml_file_free(const cyaml_schema_value_t *schema, void *data)
{
    struct complaint     complaint = { "", 0 };
    const cyaml_config_t reader    = reader_for(&complaint);

    if (data != NULL)
        cyaml_free(&reader, schema, data, 0);
}
