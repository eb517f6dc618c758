/* A canonical body, once a look opened it: whom a mention is about, and what is said of that person. */
#ifndef HULEI_DAEMON_CONSOLE_BODY_H
#define HULEI_DAEMON_CONSOLE_BODY_H

#include <jansson.h>

/* The part of the body that a mention (slot and role of its row) is about; NULL when there is none. Borrowed. */
const json_t *body_find_person(const json_t *body, int slot, int role);

/* Name, year of birth, sex, addresses of a person block; new reference. */
json_t *body_extract(const json_t *person);

#endif
