/* One way to read a YAML file by a libcyaml schema.
 * Knows no file's meaning: ranges and cross-references are checked by the caller. */
#ifndef HULEI_DAEMON_COMMON_YAML_FILE_H
#define HULEI_DAEMON_COMMON_YAML_FILE_H

#include <cyaml/cyaml.h>
#include <stddef.h>

/*
 * The data the schema describes, freed by the caller with yaml_file_free(). NULL on failure; `error` then says
 * "PATH:LINE: kind of fault (first complaint)"; the line is left out where libcyaml knows none.
 */
void *yaml_file_load(const char *path, const cyaml_schema_value_t *schema, char *error, size_t error_size);

/* Freeing NULL does nothing. */
void yaml_file_free(const cyaml_schema_value_t *schema, void *data);

#endif
