/* A line of text that grows: CSV cells and numbers with a fixed count of decimals.
 * Deliberately without printf's formats, which cost more than a comparison. */
#ifndef HULEI_DAEMON_CLI_LINK_TEXT_H
#define HULEI_DAEMON_CLI_LINK_TEXT_H

#include "daemon/cli/link/link_records.h"

#include <stdio.h>

struct link_text {
    char  *bytes;
    size_t length, capacity;
    bool   is_full; /* memory was out: what followed is missing */
};

void link_text_put(struct link_text *text, struct span bytes);
void link_text_put_character(struct link_text *text, char character);
/* Quoted where CSV needs it. */
void link_text_put_cell(struct link_text *text, struct span cell);
/* Rounded to `decimals` (0 to 6) places. */
void link_text_put_number(struct link_text *text, double number, unsigned decimals);
/* The record's id and a comma; the source before it where there are several. */
void link_text_put_record(struct link_text *text, const struct link_records *records, uint32_t record);
/* False when it cannot be written, or memory was out. */
bool link_text_write(const struct link_text *text, FILE *file);
void link_text_clear(struct link_text *text);

#endif
