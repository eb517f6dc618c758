/* The policy files as they are written, before any check of meaning; private to policy*.c.
 * Deliberately separate from struct policy: YAML has lists and optional texts, the matchers want values. */
#ifndef HULEI_DAEMON_COMMON_POLICY_FILES_H
#define HULEI_DAEMON_COMMON_POLICY_FILES_H

#include "matchers/span.h"
#include "matchers/tier/policy.h"

#include <stddef.h>

struct policy_file_due {
    int32_t due_minutes, re_review_days;
};

struct policy_file_review {
    int32_t                undo_s;
    struct policy_file_due red, orange, yellow;
};

struct policy_file_budget {
    int32_t at_once, per_week;
};

struct policy_file_budgets {
    struct policy_file_budget red, orange, yellow;
};

/* policy.yaml */
struct policy_file_main {
    char                      *version;
    struct policy_profile      profile;
    struct policy_minors       minor_rules;
    struct policy_sealing      sealing;
    struct policy_file_review  review;
    struct policy_file_budgets budget;
};

struct policy_file_category {
    char                  *code;
    enum policy_state      state;
    enum policy_class_rule class_rule;
    uint32_t               purposes, recipients;
    enum tier              cap; /* TIER_NONE when not given */
    bool                   relation_only;
    int32_t                retention_years;
    char                  *basis, *reason, *catalogue, *assessment, *approver, *approved_on, *expires; /* or NULL */
};

/* categories.yaml */
struct policy_file_categories {
    struct policy_file_category *categories;
    unsigned                     categories_count;
};

struct policy_file_rule {
    enum policy_rule  id;
    enum policy_state state;
};

/* rules.yaml */
struct policy_file_rules {
    struct policy_file_rule *rules;
    unsigned                 rules_count;
    struct policy_radii      radii;
    struct policy_cycles     cycles;
    int32_t                  yellow_group_children;
    enum tier                disputed_cap;
};

enum policy_file_kind { POLICY_FILE_MAIN, POLICY_FILE_CATEGORIES, POLICY_FILE_RULES };

/* One file's bytes, kept so that a later complaint can name the line. */
struct policy_file {
    const char *name; /* without the folder */
    char       *bytes;
    size_t      length;
};

/* Reads the file; false with `error` set. Free with policy_file_close(). */
bool policy_file_open(const char *directory, const char *name, struct policy_file *file, char *error,
                      size_t error_size);
/* The same from bytes in memory, which are copied. */
bool policy_file_copy(struct span text, const char *name, struct policy_file *file, char *error, size_t error_size);
void policy_file_close(struct policy_file *file);

/* Parses into *data (one of the structs above, by kind; NULL on failure). Free with policy_file_free(). */
bool policy_file_parse(const struct policy_file *file, enum policy_file_kind kind, void **data, char *error,
                       size_t error_size);
void policy_file_free(enum policy_file_kind kind, void *data);

/* The line that holds `key: value` (value NULL: any), 1 when none does. */
int policy_file_line(const struct policy_file *file, const char *key, const char *value);

#endif
