/* The form of the YAML file of `hulei link` for libcyaml.
 * Deliberately form only: see link_config.c for what names and ranges mean. */
#ifndef HULEI_DAEMON_CLI_LINK_SCHEMA_H
#define HULEI_DAEMON_CLI_LINK_SCHEMA_H

#include <cyaml/cyaml.h>

/* Of struct link_config, up to `person`. */
extern const cyaml_schema_value_t link_config_schema;

#endif
