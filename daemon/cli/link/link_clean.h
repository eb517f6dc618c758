/* One raw value made comparable: cleaned, and for dates and numbers brought into one form.
 * Knows no table and no record. */
#ifndef HULEI_DAEMON_CLI_LINK_CLEAN_H
#define HULEI_DAEMON_CLI_LINK_CLEAN_H

#include "daemon/cli/link/link_config.h"

enum { LINK_VALUE_BYTES = 4096, LINK_WORDS_MAX = 64 };

enum link_clean_status {
    LINK_CLEAN_OK = 0,
    LINK_CLEAN_MISSING, /* nothing is left, or a word for "missing" */
    LINK_CLEAN_DATE,    /* no date can be read */
    LINK_CLEAN_NUMBER,  /* no number can be read */
    LINK_CLEAN_LONG     /* more than LINK_VALUE_BYTES */
};

struct link_value {
    char   text[LINK_VALUE_BYTES];
    size_t length;
    double number; /* see struct linkage_value */
};

/* The rule a value broke, for the reject file: "date.unreadable", ... */
const char *link_clean_word(enum link_clean_status status);

/* On any status but LINK_CLEAN_OK the value's content is undefined. */
enum link_clean_status link_clean_value(const struct link_column *column, struct span raw, struct link_value *value);

#endif
