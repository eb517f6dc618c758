/* What each kind of post may be told of an alert: config/policy/views.yaml, the table of DOMAIN.md C.4 as data.
 * Renders nothing; view.h does. */
#ifndef HULEI_DAEMON_COMMON_VIEW_VIEW_POLICY_H
#define HULEI_DAEMON_COMMON_VIEW_VIEW_POLICY_H

#include <stdbool.h>
#include <stddef.h>

enum view {
    VIEW_POLICE,
    VIEW_JUDICIAL,
    VIEW_CIVIL,
    VIEW_EDUCATION,
    VIEW_COMMUNITY,
    VIEW_OFFICE, /* the office for the protection of minors: counts, no pseudonyms */
};
enum { VIEW_COUNT = VIEW_OFFICE + 1 };

/* False when no view has this word; *view is then untouched. */
bool        view_parse(const char *word, enum view *view);
const char *view_word(enum view view);

enum view_child { VIEW_CHILD_NONE = 0, VIEW_CHILD_COUNT, VIEW_CHILD_PSEUDONYM };

enum view_relation { VIEW_RELATION_NONE = 0, VIEW_RELATION_CARE, VIEW_RELATION_STAFF, VIEW_RELATION_ALL };

/* Whose name a post may ask for, on the record. */
enum view_identity {
    VIEW_IDENTITY_NEVER = 0,
    VIEW_IDENTITY_UNMASK,        /* of any alert it received */
    VIEW_IDENTITY_OWN,           /* children of its own file */
    VIEW_IDENTITY_OWN_PUPILS,    /* children enrolled there */
    VIEW_IDENTITY_OWN_RESIDENTS, /* children living in its area */
    VIEW_IDENTITY_OWN_REGISTER,  /* persons of concern of its own register */
};

struct view_actions {
    char   **codes;
    unsigned count;
};

struct view_action_lists {
    struct view_actions emergency, red, orange, yellow, blue;
};

/* One row. */
struct view_rights {
    enum view                view;
    enum view_child          child;
    enum view_identity       child_identity, risk_identity;
    bool                     shows_vulnerability;
    bool                     shows_risk;
    bool                     shows_class;
    enum view_relation       relation;
    bool                     shows_distance;
    bool                     shows_grounds; /* rule, reasons, who decided */
    bool                     has_sealed_part;
    struct view_action_lists actions;
};

struct view_policy {
    struct view_rights *rows; /* each view once */
    unsigned            count;
};

/*
 * Reads `path` and checks it: every view once, nothing shown that says more than its row does elsewhere (a class
 * without a person of concern, a distance without the whole relation). NULL on failure, with `error` naming file, row
 * or line and reason. Free with view_policy_free().
 */
struct view_policy *view_policy_load(const char *path, char *error, size_t error_size);
/* The same, from the policy folder. */
struct view_policy *view_policy_load_folder(const char *folder, char *error, size_t error_size);

/* Freeing NULL does nothing. */
void view_policy_free(struct view_policy *policy);

/* Never NULL for a loaded policy. */
const struct view_rights *view_policy_rights(const struct view_policy *policy, enum view view);

/* `tier` 1 to 4; an emergency is red of its own kind. */
const struct view_actions *view_rights_actions(const struct view_rights *rights, int tier, bool is_emergency);

/* Code characters only: anything else could be a value of a record. */
bool view_is_code(const char *text);

#endif
