/* views.yaml; see view_policy.h.
 * Decides nothing about who may see what: the file does. */
#include "daemon/common/view/view_policy.h"

#include "daemon/common/yaml_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CODE_BYTES_MAX = 64, ACTIONS_MAX = 10 };

static const char *const view_words[VIEW_COUNT] = {
    [VIEW_POLICE] = "police",       [VIEW_JUDICIAL] = "judicial",   [VIEW_CIVIL] = "civil",
    [VIEW_EDUCATION] = "education", [VIEW_COMMUNITY] = "community", [VIEW_OFFICE] = "office",
};

#define WORD(word, value)                                                                                              \
    {                                                                                                                  \
        (word), (value)                                                                                                \
    }

/* clang-format off */
static const cyaml_strval_t views[] = {
    WORD("police", VIEW_POLICE), WORD("judicial", VIEW_JUDICIAL), WORD("civil", VIEW_CIVIL),
    WORD("education", VIEW_EDUCATION), WORD("community", VIEW_COMMUNITY), WORD("office", VIEW_OFFICE),
};

static const cyaml_strval_t children[] = {
    WORD("none", VIEW_CHILD_NONE), WORD("count", VIEW_CHILD_COUNT), WORD("pseudonym", VIEW_CHILD_PSEUDONYM),
};

static const cyaml_strval_t child_identities[] = {
    WORD("never", VIEW_IDENTITY_NEVER), WORD("unmask", VIEW_IDENTITY_UNMASK), WORD("own", VIEW_IDENTITY_OWN),
    WORD("own_pupils", VIEW_IDENTITY_OWN_PUPILS), WORD("own_residents", VIEW_IDENTITY_OWN_RESIDENTS),
};

static const cyaml_strval_t risk_identities[] = {
    WORD("never", VIEW_IDENTITY_NEVER), WORD("unmask", VIEW_IDENTITY_UNMASK),
    WORD("own_register", VIEW_IDENTITY_OWN_REGISTER),
};

/* libcyaml takes every word but a few for true. */
static const cyaml_strval_t switches[] = { WORD("false", false), WORD("true", true) };

static const cyaml_strval_t risks[] = { WORD("none", false), WORD("pseudonym", true) };

static const cyaml_strval_t relations[] = {
    WORD("none", VIEW_RELATION_NONE), WORD("care", VIEW_RELATION_CARE), WORD("staff", VIEW_RELATION_STAFF),
    WORD("all", VIEW_RELATION_ALL),
};

static const cyaml_schema_value_t code_entry = { CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, CODE_BYTES_MAX) };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CHOICE(key, member, words) CYAML_FIELD_ENUM(key, CYAML_FLAG_STRICT, struct view_rights, member, words, COUNT(words))
#define SWITCH(key, member) CHOICE(key, member, switches)
#define CODES(key, member) \
    CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct view_action_lists, member.codes, \
                               member.count, &code_entry, 0, ACTIONS_MAX)

static const cyaml_schema_field_t action_fields[] = {
    CODES("emergency", emergency), CODES("red", red), CODES("orange", orange), CODES("yellow", yellow),
    CODES("blue", blue), CYAML_FIELD_END,
};

static const cyaml_schema_field_t row_fields[] = {
    CHOICE("view", view, views),
    CHOICE("child", child, children),
    CHOICE("child_identity", child_identity, child_identities),
    SWITCH("vulnerability", shows_vulnerability),
    CHOICE("risk", shows_risk, risks),
    CHOICE("risk_identity", risk_identity, risk_identities),
    SWITCH("class", shows_class),
    CHOICE("relation", relation, relations),
    SWITCH("distance", shows_distance),
    SWITCH("grounds", shows_grounds),
    SWITCH("sealed_part", has_sealed_part),
    CYAML_FIELD_MAPPING("actions", CYAML_FLAG_OPTIONAL, struct view_rights, actions, action_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t row_entry = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct view_rights, row_fields),
};

static const cyaml_schema_field_t policy_fields[] = {
    CYAML_FIELD_SEQUENCE_COUNT("views", CYAML_FLAG_POINTER, struct view_policy, rows, count, &row_entry, VIEW_COUNT,
                               VIEW_COUNT),
    CYAML_FIELD_END,
};
/* clang-format on */

static const cyaml_schema_value_t policy_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct view_policy, policy_fields),
};

bool view_parse(const char *word, enum view *view)
{
    for (int i = 0; i < VIEW_COUNT; i++) {
        if (strcmp(word, view_words[i]) == 0) {
            *view = (enum view)i;
            return true;
        }
    }
    return false;
}

const char *view_word(enum view view)
{
    return view_words[view];
}

bool view_is_code(const char *text)
{
    return text != NULL && text[0] != '\0' && strlen(text) <= CODE_BYTES_MAX &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+.") == strlen(text);
}

const struct view_actions *view_rights_actions(const struct view_rights *rights, int tier, bool is_emergency)
{
    static const struct view_actions none = { NULL, 0 };

    if (is_emergency && tier == 1)
        return &rights->actions.emergency;
    switch (tier) {
    case 1:
        return &rights->actions.red;
    case 2:
        return &rights->actions.orange;
    case 3:
        return &rights->actions.yellow;
    case 4:
        return &rights->actions.blue;
    default:
        return &none;
    }
}

static bool are_codes(const struct view_rights *rights)
{
    const struct view_action_lists  *all     = &rights->actions;
    const struct view_actions *const lists[] = { &all->emergency, &all->red, &all->orange, &all->yellow, &all->blue };

    for (size_t list = 0; list < COUNT(lists); list++) {
        for (unsigned i = 0; i < lists[list]->count; i++) {
            if (!view_is_code(lists[list]->codes[i]))
                return false;
        }
    }
    return true;
}

/* What is wrong with a row, or NULL. */
static const char *row_fault(const struct view_policy *policy, unsigned index)
{
    const struct view_rights *row = &policy->rows[index];

    for (unsigned before = 0; before < index; before++) {
        if (policy->rows[before].view == row->view)
            return "view: given twice";
    }
    if (row->shows_class && !row->shows_risk)
        return "class: not without risk: pseudonym";
    if (row->risk_identity != VIEW_IDENTITY_NEVER && !row->shows_risk)
        return "risk_identity: not without risk: pseudonym";
    if (row->shows_distance && row->relation != VIEW_RELATION_ALL)
        return "distance: not without relation: all";
    if (row->shows_grounds && (row->relation != VIEW_RELATION_ALL || !row->shows_risk))
        return "grounds: they tell the relation: not without relation: all and risk: pseudonym";
    if (row->shows_vulnerability && row->child != VIEW_CHILD_PSEUDONYM)
        return "vulnerability: not without child: pseudonym";
    if (row->child_identity != VIEW_IDENTITY_NEVER && row->child != VIEW_CHILD_PSEUDONYM)
        return "child_identity: not without child: pseudonym";
    if (row->has_sealed_part && row->child_identity == VIEW_IDENTITY_NEVER)
        return "sealed_part: names the child: not with child_identity: never";
    if (!are_codes(row))
        return "actions: up to 64 of letters, digits and _-+.";
    return NULL;
}

struct view_policy *view_policy_load(const char *path, char *error, size_t error_size)
{
    struct view_policy *policy = yaml_file_load(path, &policy_schema, error, error_size);

    if (policy == NULL)
        return NULL;
    for (unsigned i = 0; i < policy->count; i++) {
        const char *fault = row_fault(policy, i);
        if (fault != NULL) {
            snprintf(error, error_size, "%s: view %s: %s", path, view_word(policy->rows[i].view), fault);
            view_policy_free(policy);
            return NULL;
        }
    }
    return policy;
}

struct view_policy *view_policy_load_folder(const char *folder, char *error, size_t error_size)
{
    char path[4096];

    if ((size_t)snprintf(path, sizeof path, "%s/views.yaml", folder) >= sizeof path) {
        snprintf(error, error_size, "policy: path too long");
        return NULL;
    }
    return view_policy_load(path, error, error_size);
}

void view_policy_free(struct view_policy *policy)
{
    yaml_file_free(&policy_schema, policy);
}

const struct view_rights *view_policy_rights(const struct view_policy *policy, enum view view)
{
    for (unsigned i = 0; i < policy->count; i++) {
        if (policy->rows[i].view == view)
            return &policy->rows[i];
    }
    abort(); /* each view is there, or the policy was not loaded */
}
