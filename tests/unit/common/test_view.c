/* Views: field by field against DOMAIN.md C.4, written here a second time by hand on purpose.
 * Every message is rendered with everything the store knows; a field outside its post's row is a leak. */
#include "daemon/common/view/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct view_policy *policy;

static struct view_alert full_alert(json_t *evidence, json_t *reasons, json_t *refs)
{
    return (struct view_alert){
        .shard           = "test-shard",
        .alert_id        = "al-1",
        .series_id       = "sr-1",
        .post_id         = "post-1",
        .message         = "alert",
        .status          = "actual",
        .tier            = 2,
        .rule            = "O1",
        .policy          = "2026-01-01.1",
        .reasons         = reasons,
        .refs            = refs,
        .evidence        = evidence,
        .child_pseudonym = "c-0011223344556677",
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
        .is_emergency    = true,
        .sealed_part     = "c2VhbGVk",
        .seq             = 1,
        .repeat          = 2,
    };
}

static json_t *render(enum view view, const char *relation_kind)
{
    json_t *evidence =
        json_pack("{s:i, s:b, s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:[s], s:i, s:i, s:s}", "child_age_years", 11,
                  "vulnerable", 1, "class", "A", "certainty", "possible", "relation", relation_kind, "band_m", 200,
                  "precision", "building", "zone", "z-1", "category", "sexoff_minor", "areas", "500111004201",
                  "risk_record", 7, "child_record", 8, "name", "never shown");
    json_t                 *reasons = json_pack("[s, s]", "NEAR_200M", "free text never leaves");
    json_t                 *refs    = json_pack("[s]", "al-0");
    const struct view_alert alert   = full_alert(evidence, reasons, refs);
    json_t                 *event   = view_render(&alert, view_policy_rights(policy, view));

    assert_non_null(event);
    json_decref(evidence);
    json_decref(reasons);
    json_decref(refs);
    return event;
}

/* "a.b.c" */
static const json_t *at_path(const json_t *object, const char *path)
{
    char  copy[64];
    char *rest = NULL;

    snprintf(copy, sizeof copy, "%s", path);
    for (char *key = strtok_r(copy, ".", &rest); key != NULL; key = strtok_r(NULL, ".", &rest))
        object = json_object_get(object, key);
    return object;
}

static const enum view all_views[] = { VIEW_POLICE,    VIEW_JUDICIAL,  VIEW_CIVIL,
                                       VIEW_EDUCATION, VIEW_COMMUNITY, VIEW_OFFICE };

/* One letter per view in the order above: x present, . absent. */
static const struct {
    const char *relation, *path, *views;
} rows[] = {
    {"near",       "data.tier",          "xxxxxx"},
    { "near",      "data.colour",        "xxxxxx"},
    { "near",      "data.act",           "xxxxxx"},
    { "near",      "data.ack_by",        "xxxxxx"},
    { "near",      "data.act_by",        "xxxxxx"},
    { "near",      "data.dedup",         "xxxxxx"},
    { "near",      "data.child.p",       "xxxxx."},
    { "near",      "data.child.age",     "xxxxx."},
    { "near",      "data.child.count",   ".....x"},
    { "near",      "data.child.vuln",    "x.x..."},
    { "near",      "data.risk.p",        "xx...."},
    { "near",      "data.risk.class",    "xx...."},
    { "near",      "data.rel.kind",      "xx...."},
    { "near",      "data.rel.band",      "xx...."},
    { "near",      "data.rel.precision", "xx...."},
    { "near",      "data.rel.zone",      "xx...."},
    { "household", "data.rel.kind",      "xxx..."},
    { "household", "data.rel.band",      "xx...."},
    { "dwelling",  "data.rel.kind",      "xxx..."},
    { "caregiver", "data.rel.kind",      "xxx..."},
    { "staff",     "data.rel.kind",      "xx.x.."},
    { "staff",     "data.rel.zone",      "xx...."},
    { "near",      "data.rule",          "xx...."},
    { "near",      "data.why",           "xx...."},
    { "near",      "data.review",        "xx...."},
    { "near",      "data.child.name",    "......"},
    { "near",      "data.risk.category", "......"},
    { "near",      "data.risk.name",     "......"},
    { "near",      "data.risk_record",   "......"},
    { "near",      "data.name",          "......"},
    { "near",      "specversion",        "xxxxxx"},
    { "near",      "id",                 "xxxxxx"},
    { "near",      "source",             "xxxxxx"},
    { "near",      "type",               "xxxxxx"},
    { "near",      "subject",            "xxxxxx"},
    { "near",      "time",               "xxxxxx"},
    { "near",      "datacontenttype",    "xxxxxx"},
    { "near",      "dataschema",         "xxxxxx"},
    { "near",      "data.status",        "xxxxxx"},
    { "near",      "data.msg",           "xxxxxx"},
    { "near",      "data.refs",          "xxxxxx"},
    { "near",      "data.scope",         "xxxxxx"},
    { "near",      "data.seq",           "xxxxxx"},
    { "near",      "data.repeat",        "xxxxxx"},
    { "near",      "data.urgency",       "xxxxxx"},
    { "near",      "data.severity",      "xxxxxx"},
    { "near",      "data.certainty",     "xxxxxx"},
    { "near",      "data.view",          "xxxxxx"},
    { "near",      "data.about",         "xxxxxx"},
    { "near",      "data.emergency",     "xxxxxx"},
    { "near",      "data.provisional",   "xxxxxx"},
    { "near",      "data.sealed.form",   "x....."},
    { "near",      "data.sealed.cms",    "x....."},
    { "near",      "data.post",          "xxxxxx"},
    { "near",      "data.esc",           "xxxxxx"},
    { "near",      "data.expires",       "xxxxxx"},
    { "near",      "data.erase_by",      "xxxxxx"},
    { "near",      "data.note_code",     "xxxxxx"},
    { "near",      "data.rule.id",       "xx...."},
    { "near",      "data.rule.policy",   "xx...."},
    { "near",      "data.review.by",     "xx...."},
    { "near",      "data.review.who",    "xx...."},
    { "near",      "data.review.at",     "xx...."},
    { "near",      "data.review.code",   "xx...."},
    { "household", "data.rel.precision", "xx...."},
    { "household", "data.rel.zone",      "xx...."},
    { "staff",     "data.rel.band",      "xx...."},
    { "staff",     "data.rel.precision", "xx...."},
};

static void shows_what_its_row_allows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t v = 0; v < sizeof all_views / sizeof all_views[0]; v++) {
            json_t *event = render(all_views[v], rows[i].relation);
            if ((at_path(event, rows[i].path) != NULL) != (rows[i].views[v] == 'x'))
                fail_msg("%s in the %s view, relation %s", rows[i].path, view_word(all_views[v]), rows[i].relation);
            json_decref(event);
        }
    }
}

/* Only what tells the relation depends on it. */
static bool is_allowed(const char *relation, const char *path, size_t view)
{
    const bool is_relation = strncmp(path, "data.rel.", strlen("data.rel.")) == 0;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].path, path) == 0 && (!is_relation || strcmp(rows[i].relation, relation) == 0))
            return rows[i].views[view] == 'x';
    }
    return false;
}

/* Every value of the message, however deep: one that no row allows is a leak, and a new one needs a row first. */
static void check_leaves(const json_t *value, const char *where, const char *relation, size_t view)
{
    const char *key;
    json_t     *member;

    if (!json_is_object(value) && !is_allowed(relation, where, view))
        fail_msg("%s in the %s view, relation %s", where, view_word(all_views[view]), relation);
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        char path[128];
        snprintf(path, sizeof path, "%s%s%s", where, where[0] != '\0' ? "." : "", key);
        check_leaves(member, path, relation, view);
    }
}

static void shows_nothing_else(void **state)
{
    static const char *const relations[] = { "near", "household", "staff" };

    (void)state;
    for (size_t v = 0; v < sizeof all_views / sizeof all_views[0]; v++) {
        for (size_t r = 0; r < sizeof relations / sizeof relations[0]; r++) {
            json_t *event = render(all_views[v], relations[r]);
            check_leaves(event, "", relations[r], v);
            json_decref(event);
        }
    }
}

static void lets_no_free_text_through(void **state)
{
    (void)state;
    for (size_t v = 0; v < sizeof all_views / sizeof all_views[0]; v++) {
        json_t *event = render(all_views[v], "near");
        char   *text  = json_dumps(event, 0);
        assert_null(strstr(text, "never"));
        assert_null(strstr(text, "sexoff"));
        free(text);
        json_decref(event);
    }
}

static void is_a_cloudevent(void **state)
{
    static const struct {
        const char *path, *text;
    } attributes[] = {
        {"specversion",       "1.0"                      },
        { "id",               "al-1/post-1/2"            },
        { "source",           "//hulei/test-shard"       },
        { "type",             "hulei.alert.v1"           },
        { "subject",          "al-1"                     },
        { "time",             "2026-03-02T07:58:11+08:00"},
        { "datacontenttype",  "application/json"         },
        { "dataschema",       "hulei:alert:1"            },
        { "data.colour",      "orange"                   },
        { "data.urgency",     "expected"                 },
        { "data.severity",    "severe"                   },
        { "data.certainty",   "possible"                 },
        { "data.child.age",   "10-13"                    },
        { "data.rel.band",    "0-200m"                   },
        { "data.dedup",       "sr-1"                     },
        { "data.review.who",  "u-1"                      },
        { "data.review.code", "ACCEPT_CONFIRMED"         },
        { "data.note_code",   "NO_FORWARD"               },
    };
    json_t *event = render(VIEW_POLICE, "near");

    (void)state;
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        const char *text = json_string_value(at_path(event, attributes[i].path));
        if (text == NULL || strcmp(text, attributes[i].text) != 0)
            fail_msg("%s is %s", attributes[i].path, text != NULL ? text : "absent");
    }
    assert_int_equal(json_array_size(at_path(event, "data.why")), 1);
    assert_int_equal(json_array_size(at_path(event, "data.refs")), 1);
    assert_string_equal(json_string_value(json_array_get(at_path(event, "data.act"), 0)), "VISIT_RISK");
    json_decref(event);
}

static void shows_age_as_a_band(void **state)
{
    static const struct {
        int         years;
        const char *band;
    } rows_of_age[] = {
        {-1,  "unknown"},
        { 0,  "0-5"    },
        { 5,  "0-5"    },
        { 6,  "6-9"    },
        { 9,  "6-9"    },
        { 10, "10-13"  },
        { 13, "10-13"  },
        { 14, "14-17"  },
        { 17, "14-17"  },
        { 18, "unknown"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows_of_age / sizeof rows_of_age[0]; i++) {
        json_t                 *evidence = json_pack("{s:i}", "child_age_years", rows_of_age[i].years);
        const struct view_alert alert    = full_alert(evidence, NULL, NULL);
        json_t                 *event    = view_render(&alert, view_policy_rights(policy, VIEW_CIVIL));
        assert_string_equal(json_string_value(at_path(event, "data.child.age")), rows_of_age[i].band);
        json_decref(event);
        json_decref(evidence);
    }
}

/* Types, enums, required and undeclared members; patterns are left to real validators. */
static void check_schema(const json_t *schema, const json_t *value, const char *where)
{
    const json_t *properties = json_object_get(schema, "properties");
    const json_t *words      = json_object_get(schema, "enum");
    const char   *type       = json_string_value(json_object_get(schema, "type"));
    const char   *key;
    json_t       *member;

    const bool is_typed = (strcmp(type, "object") == 0 && json_is_object(value)) ||
                          (strcmp(type, "array") == 0 && json_is_array(value)) ||
                          (strcmp(type, "string") == 0 && json_is_string(value)) ||
                          (strcmp(type, "integer") == 0 && json_is_integer(value)) ||
                          (strcmp(type, "boolean") == 0 && json_is_boolean(value));
    if (!is_typed)
        fail_msg("%s is no %s", where, type);
    bool is_listed = words == NULL;
    for (size_t i = 0; i < json_array_size(words); i++)
        is_listed = is_listed || json_equal(json_array_get(words, i), value);
    if (!is_listed)
        fail_msg("%s has a word that is not listed", where);
    const json_t *required = json_object_get(schema, "required");
    for (size_t i = 0; i < json_array_size(required); i++) {
        const char *name = json_string_value(json_array_get(required, i));
        if (json_object_get(value, name) == NULL)
            fail_msg("%s.%s is missing", where, name);
    }
    json_object_foreach((json_t *)(uintptr_t)value, key, member)
    {
        char path[128];
        snprintf(path, sizeof path, "%s.%s", where, key);
        if (json_object_get(properties, key) == NULL)
            fail_msg("%s is not in the schema", path);
        check_schema(json_object_get(properties, key), member, path);
    }
}

static void follows_its_schema(void **state)
{
    (void)state;
    for (size_t v = 0; v < sizeof all_views / sizeof all_views[0]; v++) {
        char path[256];
        snprintf(path, sizeof path, HULEI_SOURCE_DIR "/config/schemas/alert/%s.json", view_word(all_views[v]));
        json_t *schema = json_load_file(path, 0, NULL);
        assert_non_null(schema);
        static const char *const relations[] = { "near", "household", "staff" };
        for (size_t r = 0; r < sizeof relations / sizeof relations[0]; r++) {
            json_t *event = render(all_views[v], relations[r]);
            check_schema(schema, event, view_word(all_views[v]));
            json_decref(event);
        }
        json_decref(schema);
    }
}

/* A unit, a group, or the person of concern alone: no child is named, at most counted. */
static void names_no_child_where_there_is_none(void **state)
{
    static const struct {
        int  children;
        bool has_child;
    } counts[] = {
        {0,  false},
        { 3, true },
    };

    (void)state;
    for (size_t v = 0; v < sizeof all_views / sizeof all_views[0]; v++) {
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            json_t           *evidence = json_pack("{s:i, s:s}", "children", counts[i].children, "relation", "staff");
            struct view_alert alert    = full_alert(evidence, NULL, NULL);
            alert.child_pseudonym      = NULL;
            json_t *event              = view_render(&alert, view_policy_rights(policy, all_views[v]));
            assert_int_equal(json_object_size(at_path(event, "data.child")), counts[i].has_child);
            assert_int_equal(json_integer_value(at_path(event, "data.child.count")), counts[i].children);
            json_decref(event);
            json_decref(evidence);
        }
    }
}

/* Provisional is what the second sign-off has not confirmed, and nothing else. */
static void says_what_is_provisional(void **state)
{
    struct view_alert alert = full_alert(NULL, NULL, NULL);

    (void)state;
    json_t *event = view_render(&alert, view_policy_rights(policy, VIEW_POLICE));
    assert_true(json_is_true(at_path(event, "data.provisional")));
    json_decref(event);
    alert.is_provisional = false;
    event                = view_render(&alert, view_policy_rights(policy, VIEW_POLICE));
    assert_null(at_path(event, "data.provisional"));
    json_decref(event);
}

/* An emergency asks for other things than a red that was reviewed; below red it asks for the tier's. */
static void an_emergency_has_actions_of_its_own(void **state)
{
    static const struct {
        bool        is_emergency;
        int         tier;
        const char *first;
    } cases[] = {
        {true,   1, "CASE_OPEN"   },
        { false, 1, "VISIT_RISK"  },
        { true,  3, "CONFIRM_ADDR"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct view_alert alert = full_alert(NULL, NULL, NULL);
        alert.is_emergency      = cases[i].is_emergency;
        alert.tier              = cases[i].tier;
        json_t *event           = view_render(&alert, view_policy_rights(policy, VIEW_POLICE));
        assert_string_equal(json_string_value(json_array_get(at_path(event, "data.act"), 0)), cases[i].first);
        json_decref(event);
    }
}

static void says_why_a_sealed_part_is_missing(void **state)
{
    struct view_alert alert = full_alert(NULL, NULL, NULL);

    (void)state;
    alert.sealed_part    = NULL;
    alert.sealed_missing = "no_certificate";
    json_t *event        = view_render(&alert, view_policy_rights(policy, VIEW_POLICE));
    assert_string_equal(json_string_value(at_path(event, "data.sealed.missing")), "no_certificate");
    assert_null(at_path(event, "data.sealed.cms"));
    json_decref(event);
    alert.sealed_missing = NULL;
    event                = view_render(&alert, view_policy_rights(policy, VIEW_POLICE));
    assert_null(at_path(event, "data.sealed"));
    json_decref(event);
}

static void a_withdrawal_asks_for_no_action(void **state)
{
    static const struct {
        const char *message;
        bool        has_actions;
    } messages[] = {
        {"alert",   true },
        { "update", true },
        { "cancel", false},
        { "close",  false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        struct view_alert alert = full_alert(NULL, NULL, NULL);
        alert.message           = messages[i].message;
        json_t *event           = view_render(&alert, view_policy_rights(policy, VIEW_COMMUNITY));
        assert_int_equal(json_array_size(at_path(event, "data.act")) > 0, messages[i].has_actions);
        json_decref(event);
    }
}

/* A reminder is another message; the same one sent again is not. */
static void a_reminder_has_an_id_of_its_own(void **state)
{
    struct view_alert alert = full_alert(NULL, NULL, NULL);

    (void)state;
    alert.repeat  = 0;
    json_t *event = view_render(&alert, view_policy_rights(policy, VIEW_POLICE));
    assert_string_equal(json_string_value(at_path(event, "id")), "al-1/post-1");
    assert_null(at_path(event, "data.repeat"));
    json_decref(event);
    alert.repeat = 1;
    event        = view_render(&alert, view_policy_rights(policy, VIEW_POLICE));
    assert_string_equal(json_string_value(at_path(event, "id")), "al-1/post-1/1");
    assert_int_equal(json_integer_value(at_path(event, "data.repeat")), 1);
    json_decref(event);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_its_row_allows),
        cmocka_unit_test(shows_nothing_else),
        cmocka_unit_test(lets_no_free_text_through),
        cmocka_unit_test(is_a_cloudevent),
        cmocka_unit_test(shows_age_as_a_band),
        cmocka_unit_test(follows_its_schema),
        cmocka_unit_test(names_no_child_where_there_is_none),
        cmocka_unit_test(says_what_is_provisional),
        cmocka_unit_test(an_emergency_has_actions_of_its_own),
        cmocka_unit_test(says_why_a_sealed_part_is_missing),
        cmocka_unit_test(a_withdrawal_asks_for_no_action),
        cmocka_unit_test(a_reminder_has_an_id_of_its_own),
    };

    char error[256];

    policy = view_policy_load_folder(HULEI_SOURCE_DIR "/config/policy", error, sizeof error);
    if (policy == NULL) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    view_policy_free(policy);
    return failed;
}
