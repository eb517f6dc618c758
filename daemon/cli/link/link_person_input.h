/* One row of a file as a person block: what each role's text means.
 * Forgiving as mention.h is: what cannot be read counts as unknown. */
#ifndef HULEI_DAEMON_CLI_LINK_PERSON_INPUT_H
#define HULEI_DAEMON_CLI_LINK_PERSON_INPUT_H

#include "daemon/cli/link/link_config.h"
#include "daemon/cli/link/link_places.h"
#include "matchers/identity/mention.h"

/* The texts of a person's row, in the order of link_person_fields(). */
enum link_role {
    LINK_ROLE_NAME = 0,
    LINK_ROLE_FORMER_NAMES, /* several with a semicolon between them, as all lists */
    LINK_ROLE_ID_TYPE,
    LINK_ROLE_ID_NUMBER,
    LINK_ROLE_SEX,
    LINK_ROLE_BIRTH_DATE,
    LINK_ROLE_BIRTH_CALENDAR,
    LINK_ROLE_PHONES,
    LINK_ROLE_HOUSEHOLD,
    LINK_ROLE_ADDRESS,
    LINK_ROLE_AREA_CODE,
    LINK_ROLE_SCHOOL,
    LINK_ROLE_GUARDIANS,
    LINK_ROLES
};

/* The headings by role; NULL where the files have none. */
void link_person_headings(const struct link_person *person, const char *headings[LINK_ROLES]);

/* Fills *features from the texts. The arena is scratch memory for the address. */
void link_person_features(const struct language_tables *language, struct link_places *places,
                          const struct span texts[LINK_ROLES], struct arena *arena, struct mention_features *features);

/* The rule a text broke that no reading could help ("sex.word", "id_type.word", "birth_calendar.word"), or NULL. */
const char *link_person_fault(const struct span texts[LINK_ROLES], enum link_role *role);

#endif
