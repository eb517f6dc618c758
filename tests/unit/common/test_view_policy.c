/* views.yaml: what the loader refuses, and, generated from the table itself, that no message says more than its row.
 * Every message is rendered with everything the store knows, for every row and every row with one right taken away. */
#include "daemon/common/view/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHIPPED HULEI_SOURCE_DIR "/config/policy/views.yaml"

static struct view_policy *policy;

/* ---- the loader ---- */

/* One row of the file that holds a change. */
static const struct {
    const char *what, *from, *to, *says;
} faults[] = {
    {"a view twice",              "view: judicial",                                                    "view: police",                            "given twice"               },
    { "an unknown view",          "view: judicial",                                                    "view: press",                             ":"                         },
    { "an unknown right",         "child: count",                                                      "child: name",                             ":"                         },
    { "a missing column",         "    class: true\n",                                                 "",                                        "class"                     },
    { "a column nobody knows",    "    distance: true\n",                                              "    distance: true\n    address: true\n", "address"                   },
    { "a class of nobody",        "risk: none\n    risk_identity: never\n    class: false",
     "risk: none\n    risk_identity: never\n    class: true",                                                                                     "class: not without risk"   },
    { "a name of nobody",         "risk: none\n    risk_identity: never",                              "risk: none\n    risk_identity: unmask",
     "risk_identity: not without"                                                                                                                                             },
    { "a distance alone",         "relation: care\n    distance: false",                               "relation: care\n    distance: true",
     "distance: not without"                                                                                                                                                  },
    { "grounds without relation", "relation: staff\n    distance: false\n    grounds: false",
     "relation: staff\n    distance: false\n    grounds: true",                                                                                   "grounds: they tell"        },
    { "a bit of nobody",          "child: count\n    child_identity: never\n    vulnerability: false",
     "child: count\n    child_identity: never\n    vulnerability: true",                                                                          "vulnerability: not without"},
    { "a name where none is due", "child: count\n    child_identity: never",                           "child: count\n    child_identity: own",
     "child_identity: not without"                                                                                                                                            },
    { "a sealed name for nobody", "grounds: true\n    sealed_part: false",                             "grounds: true\n    sealed_part: true",
     "sealed_part: names the child"                                                                                                                                           },
    { "an action that is text",   "[CASE_OPEN, PATROL]",                                               "[\"go there\"]",                          "actions: up to 64"         },
    { "not a flag",               "grounds: true",                                                     "grounds: perhaps",                        ":"                         },
};

static char *read_shipped(void)
{
    FILE        *file = fopen(SHIPPED, "re");
    char        *text = calloc(1, 1 << 16);
    const size_t read = file != NULL && text != NULL ? fread(text, 1, (1 << 16) - 1, file) : 0;

    assert_true(read > 0);
    fclose(file);
    return text;
}

static void write_changed(const char *path, const char *text, const char *from, const char *to)
{
    const char *at   = strstr(text, from);
    FILE       *file = fopen(path, "we");

    assert_non_null(file);
    if (at == NULL)
        fail_msg("the shipped file has no \"%s\"", from);
    fprintf(file, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    fclose(file);
}

static void refuses_what_it_must(void **state)
{
    char  path[] = "views-XXXXXX";
    char  error[512];
    char *text = read_shipped();

    (void)state;
    const int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    close(descriptor);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        write_changed(path, text, faults[i].from, faults[i].to);
        struct view_policy *loaded = view_policy_load(path, error, sizeof error);
        if (loaded != NULL)
            fail_msg("%s was taken", faults[i].what);
        if (strncmp(error, path, strlen(path)) != 0 || strstr(error, faults[i].says) == NULL)
            fail_msg("%s: %s", faults[i].what, error);
    }
    write_changed(path, text, "vulnerability: true", "vulnerability: false");
    struct view_policy *loaded = view_policy_load(path, error, sizeof error);
    assert_non_null(loaded);
    assert_false(view_policy_rights(loaded, VIEW_POLICE)->shows_vulnerability);
    view_policy_free(loaded);
    assert_null(view_policy_load("/nonexistent/views.yaml", error, sizeof error));
    unlink(path);
    free(text);
}

/* ---- no message says more than its row ---- */

static bool is_care(const char *relation)
{
    return strcmp(relation, "household") == 0 || strcmp(relation, "dwelling") == 0 ||
           strcmp(relation, "caregiver") == 0;
}

static bool may_show_relation(const struct view_rights *row, const char *relation)
{
    return row->relation == VIEW_RELATION_ALL || (row->relation == VIEW_RELATION_CARE && is_care(relation)) ||
           (row->relation == VIEW_RELATION_STAFF && strcmp(relation, "staff") == 0);
}

/* What every post is told: the alert itself, its times and what to do. */
static bool is_common(const char *path)
{
    static const char *const paths[] = {
        "specversion",      "id",
        "source",           "type",
        "subject",          "time",
        "datacontenttype",  "dataschema",
        "data.status",      "data.msg",
        "data.refs",        "data.scope",
        "data.dedup",       "data.seq",
        "data.repeat",      "data.tier",
        "data.colour",      "data.urgency",
        "data.severity",    "data.certainty",
        "data.provisional", "data.emergency",
        "data.view",        "data.about",
        "data.post",        "data.act",
        "data.ack_by",      "data.act_by",
        "data.esc",         "data.expires",
        "data.erase_by",    "data.note_code",
    };

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (strcmp(paths[i], path) == 0)
            return true;
    }
    return false;
}

/* Whether the row allows a value; what no column knows is allowed to nobody. */
static bool row_allows(const struct view_rights *row, const char *relation, const char *path)
{
    const struct {
        const char *path;
        bool        is_allowed;
    } columns[] = {
        {"data.child.p",                                row->child == VIEW_CHILD_PSEUDONYM          },
        { "data.child.age",                             row->child == VIEW_CHILD_PSEUDONYM          },
        { "data.child.count",                           row->child != VIEW_CHILD_NONE               },
        { "data.child.vuln",                            row->shows_vulnerability                    },
        { "data.risk.p",                                row->shows_risk                             },
        { "data.risk.class",                            row->shows_class                            },
        { "data.rel.kind",                              may_show_relation(row,                        relation) },
        { "data.rel.band",                                            row->shows_distance && may_show_relation(row,                                                                         relation) },
        { "data.rel.precision",                                    row->shows_distance && may_show_relation(row,       relation) },
        { "data.rel.zone",row->shows_distance && may_show_relation(row,relation) },
        { "data.rule.id",                              row->shows_grounds                                                                },
        { "data.rule.policy",                                            row->shows_grounds                                                                         },
        { "data.why",                                            row->shows_grounds      },
        { "data.review.by",                                            row->shows_grounds     },
        { "data.review.who",                                            row->shows_grounds                                                                  },
        { "data.review.at",                                            row->shows_grounds                                                                  },
        { "data.review.code",                                            row->shows_grounds      },
        { "data.sealed.form",                                            row->has_sealed_part    },
        { "data.sealed.cms",                                            row->has_sealed_part                                                                },
    };

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (strcmp(columns[i].path, path) == 0)
            return columns[i].is_allowed;
    }
    return is_common(path);
}

static void check_leaves(const json_t *value, const char *where, const struct view_rights *row, const char *relation)
{
    const char *key;
    json_t     *member;

    if (!json_is_object(value) && !row_allows(row, relation, where))
        fail_msg("%s in the %s view, relation %s", where, view_word(row->view), relation);
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        char path[128];
        snprintf(path, sizeof path, "%s%s%s", where, where[0] != '\0' ? "." : "", key);
        check_leaves(member, path, row, relation);
    }
}

struct variant {
    const char *relation, *subject, *message;
    bool        is_emergency, names_child;
    int         tier;
};

static void check_variant(const struct view_rights *row, const struct variant *variant)
{
    json_t *evidence =
        json_pack("{s:s, s:i, s:i, s:b, s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s}", "subject", variant->subject,
                  "child_age_years", 11, "children", 3, "vulnerable", 1, "class", "A", "certainty", "possible",
                  "relation", variant->relation, "band_m", 200, "precision", "building", "zone", "z-1", "category",
                  "sexoff_minor", "name", "nobody", "address", "nowhere", "id_number", "none");
    json_t                 *reasons = json_pack("[s]", "NEAR_200M");
    json_t                 *refs    = json_pack("[s]", "al-0");
    const struct view_alert alert   = {
          .shard           = "test",
          .alert_id        = "al-1",
          .series_id       = "sr-1",
          .post_id         = "post-1",
          .leads           = refs,
          .message         = variant->message,
          .status          = "actual",
          .tier            = variant->tier,
          .rule            = "O1",
          .policy          = "p.1",
          .reasons         = reasons,
          .refs            = refs,
          .evidence        = evidence,
          .child_pseudonym = variant->names_child ? "c-0011223344556677" : NULL,
          .risk_pseudonym  = "r-0011223344556677",
          .reviewer        = "u-1",
          .decided_at      = "2026-03-02T07:58:11+08:00",
          .reason_code     = "ACCEPT_CONFIRMED",
          .created_at      = "2026-03-02T07:58:11+08:00",
          .ack_by          = "2026-03-02T12:15:04+08:00",
          .act_by          = "2026-03-05T08:15:04+08:00",
          .expires         = "2026-05-31T00:00:00+08:00",
          .erase_by        = "2027-03-02T00:00:00+08:00",
          .is_provisional  = true,
          .is_emergency    = variant->is_emergency,
          .sealed_part     = "c2VhbGVk",
          .seq             = 1,
          .repeat          = 1,
    };
    json_t *event = view_render(&alert, row);

    assert_non_null(event);
    check_leaves(event, "", row, variant->relation);
    json_decref(event);
    json_decref(evidence);
    json_decref(reasons);
    json_decref(refs);
}

static void check_row(const struct view_rights *row)
{
    static const char *const relations[] = { "none", "dwelling", "household", "caregiver", "staff",
                                             "zone", "building", "near",      "group" };
    static const char *const subjects[]  = { "child", "unit", "person", "group" };
    static const char *const messages[]  = { "alert", "update", "cancel", "close" };

    for (int i = 0; i < 9 * 4 * 4 * 2 * 2 * 4; i++) {
        const struct variant variant = {
            relations[i % 9], subjects[i / 9 % 4], messages[i / 36 % 4],
            i / 144 % 2 == 1, i / 288 % 2 == 1,    1 + i / 576,
        };
        check_variant(row, &variant);
    }
}

/* The rows of the file, and each of them with one right less: what a right opens must close with it. */
static void no_view_says_more_than_its_row(void **state)
{
    (void)state;
    for (int view = 0; view < VIEW_COUNT; view++) {
        const struct view_rights whole   = *view_policy_rights(policy, (enum view)view);
        struct view_rights       less[9] = { whole, whole, whole, whole, whole, whole, whole, whole, whole };
        less[1].child                    = VIEW_CHILD_NONE;
        less[2].child                    = VIEW_CHILD_COUNT;
        less[3].shows_vulnerability      = false;
        less[4].shows_risk               = false;
        less[5].shows_class              = false;
        less[6].relation                 = VIEW_RELATION_NONE;
        less[7].shows_distance           = false;
        less[8].shows_grounds = less[8].has_sealed_part = false;
        for (size_t i = 0; i < sizeof less / sizeof less[0]; i++) {
            if (less[i].child != VIEW_CHILD_PSEUDONYM)
                less[i].shows_vulnerability = false;
            check_row(&less[i]);
        }
    }
}

/* The shipped rows of identities, which no message shows and the unmask endpoint asks. */
static void who_may_ask_for_names(void **state)
{
    static const struct {
        enum view          view;
        enum view_identity child, risk;
    } rows[] = {
        {VIEW_POLICE,     VIEW_IDENTITY_UNMASK,        VIEW_IDENTITY_UNMASK      },
        { VIEW_JUDICIAL,  VIEW_IDENTITY_NEVER,         VIEW_IDENTITY_OWN_REGISTER},
        { VIEW_CIVIL,     VIEW_IDENTITY_OWN,           VIEW_IDENTITY_NEVER       },
        { VIEW_EDUCATION, VIEW_IDENTITY_OWN_PUPILS,    VIEW_IDENTITY_NEVER       },
        { VIEW_COMMUNITY, VIEW_IDENTITY_OWN_RESIDENTS, VIEW_IDENTITY_NEVER       },
        { VIEW_OFFICE,    VIEW_IDENTITY_NEVER,         VIEW_IDENTITY_NEVER       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct view_rights *row = view_policy_rights(policy, rows[i].view);
        assert_int_equal(row->child_identity, rows[i].child);
        assert_int_equal(row->risk_identity, rows[i].risk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_it_must),
        cmocka_unit_test(no_view_says_more_than_its_row),
        cmocka_unit_test(who_may_ask_for_names),
    };
    char error[256];

    policy = view_policy_load(SHIPPED, error, sizeof error);
    if (policy == NULL) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    view_policy_free(policy);
    return failed;
}
