/* The shipped policy files load and equal the built-in values; each forbidden edit is refused with its line.
 * Deliberately edits copies in a temporary folder. */
#include "daemon/common/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SHIPPED HULEI_SOURCE_DIR "/config/policy"

static const char *const names[] = { "policy.yaml", "categories.yaml", "rules.yaml" };

static char *read_text(const char *directory, const char *name)
{
    char  path[4096];
    char *text = calloc(1, 65536);

    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, 65535, file) > 0);
    fclose(file);
    return text;
}

static void write_text(const char *directory, const char *name, const char *text)
{
    char path[4096];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* The text, which is freed, with the first `from` replaced. */
static char *replaced(char *text, const char *from, const char *to)
{
    char *edited = calloc(1, 70000);
    char *at     = strstr(text, from);

    if (at == NULL)
        fail_msg("the shipped files do not hold \"%s\"", from);
    snprintf(edited, 70000, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    free(text);
    return edited;
}

/* A copy of the shipped files with the first `from` of one of them replaced. */
static void write_edited(const char *directory, const char *name, const char *from, const char *to)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *text = read_text(SHIPPED, names[i]);

        if (strcmp(names[i], name) == 0)
            text = replaced(text, from, to);
        write_text(directory, names[i], text);
        free(text);
    }
}

static void remove_folder(const char *directory)
{
    char path[4096];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        unlink(path);
    }
    rmdir(directory);
}

static void test_shipped_files_equal_the_built_in_values(void **state)
{
    struct policy policy, built_in;
    char          error[400] = "", version[80];

    (void)state;
    if (!policy_load(SHIPPED, &policy, error, sizeof error))
        fail_msg("%s", error);
    policy_defaults(&built_in);
    assert_memory_equal(&policy.profile, &built_in.profile, sizeof policy.profile);
    assert_memory_equal(&policy.sealing, &built_in.sealing, sizeof policy.sealing);
    assert_memory_equal(policy.rules, built_in.rules, sizeof policy.rules);
    assert_memory_equal(&policy.cycles, &built_in.cycles, sizeof policy.cycles);
    assert_memory_equal(&policy.review, &built_in.review, sizeof policy.review);
    assert_int_equal(policy.minors.age_below_years, 14);
    assert_true(policy.minors.severity_raised);
    assert_int_equal(policy.disputed_cap, built_in.disputed_cap);
    assert_true(policy.radii.near_m == 200 && policy.radii.built_up_m == 500 && policy.radii.rural_m == 1000);
    assert_int_equal(policy.radii.distance_precision, built_in.radii.distance_precision);
    for (int i = 0; i < POLICY_CATEGORY_COUNT; i++) {
        const struct policy_category *a = &policy.categories[i], *b = &built_in.categories[i];
        if (a->state != b->state || a->class_rule != b->class_rule || a->purposes != b->purposes ||
            a->recipients != b->recipients || a->cap != b->cap || a->relation_only != b->relation_only ||
            a->expires_day != b->expires_day || a->retention_years != b->retention_years)
            fail_msg("category %s differs", policy_category_word((enum policy_category_code)i));
    }
    policy_version_write(&policy, version, sizeof version);
    assert_int_equal(strlen(version), strlen(policy.version) + 9);
}

/* One row a line is easier to read than aligned columns. */
/* clang-format off */
static const struct {
    const char *what;
    const char *file, *from, *to;
    const char *error; /* how the complaint begins; NULL: the edit is fine */
} edits[] = {
    { "no section for minors", "policy.yaml", "minor_rules:\n  age_below_years: 14\n",
      "other:\n  age_below_years: 14\n", "policy.yaml:" },
    { "minors of 13", "policy.yaml", "age_below_years: 14", "age_below_years: 13",
      "policy.yaml:14: minor_rules.age_below_years" },
    { "no second person", "policy.yaml", "unmask_needs_second_person: true", "unmask_needs_second_person: false",
      "policy.yaml:16: minor_rules.unmask" },
    { "adults in the profile", "policy.yaml", "age_below_years: 18", "age_below_years: 19",
      "policy.yaml:7: age_below_years: must be 1 to 18" },
    { "boys may be added", "policy.yaml", "[female, unknown]", "[female, male, unknown]", NULL },
    { "an unknown sex word", "policy.yaml", "[female, unknown]", "[women]", "policy.yaml:" },
    { "ended children", "policy.yaml", "statuses: [active]", "statuses: [active, ended]",
      "policy.yaml:8: statuses" },
    { "left_behind as vulnerable", "policy.yaml", "vulnerable: [", "vulnerable: [left_behind, ",
      "policy.yaml:11: vulnerable" },
    { "a laxer seal: age", "policy.yaml", "juvenile_below_years: 18", "juvenile_below_years: 16",
      "policy.yaml:22: juvenile_below_years: must be 18 to 25" },
    { "a laxer seal: sentence", "policy.yaml", "sentence_at_most_months: 60", "sentence_at_most_months: 36",
      "policy.yaml:24: sentence_at_most_months" },
    { "a stricter seal", "policy.yaml", "sentence_at_most_months: 60", "sentence_at_most_months: 120", NULL },
    { "text where a number belongs", "policy.yaml", "undo_s: 60", "undo_s: soon", "policy.yaml:" },
    { "an unknown key", "policy.yaml", "  undo_s: 60", "  undo_s: 60\n  auto_send: true", "policy.yaml:" },
    { "a review without end", "policy.yaml", "due_minutes: 60,", "due_minutes: 0,", "policy.yaml:29: review.red" },
    { "a version with a blank", "policy.yaml", "2026-11-25.1", "2026 11 25", "policy.yaml:2: version" },
    { "not YAML", "policy.yaml", "profile:", "profile: [", "policy.yaml:" },
    { "a refused row switched on", "categories.yaml", "code: hiv\n    state: refused", "code: hiv\n    state: on",
      "categories.yaml:76: hiv: refused by the program" },
    { "a refused row switched off", "categories.yaml", "code: minor_offender\n    state: refused",
      "code: minor_offender\n    state: off", "categories.yaml:85: minor_offender: refused by the program" },
    { "an off row switched on with nothing", "categories.yaml", "code: drug\n    state: off",
      "code: drug\n    state: on", "categories.yaml:60: drug: is on and needs basis" },
    { "an off row without an assessment", "categories.yaml", "code: drug\n    state: off",
      "code: drug\n    state: on\n    basis: b\n    purposes: [match]\n    recipients: [police]\n    cap: blue\n"
      "    catalogue: c", "categories.yaml:60: drug: switching it on needs assessment" },
    { "an off row for more than a year", "categories.yaml", "code: drug\n    state: off",
      "code: drug\n    state: on\n    basis: b\n    purposes: [match]\n    recipients: [police]\n    cap: blue\n"
      "    catalogue: c\n    assessment: a\n    approver: p\n    approved_on: 2026-11-25\n    expires: 2027-11-27",
      "categories.yaml:60: drug: expires must be within a year" },
    { "an off row with a bad date", "categories.yaml", "code: drug\n    state: off",
      "code: drug\n    state: on\n    basis: b\n    purposes: [match]\n    recipients: [police]\n    cap: blue\n"
      "    catalogue: c\n    assessment: a\n    approver: p\n    approved_on: 2026-13-25\n    expires: 2027-11-24",
      "categories.yaml:60: drug: switching it on needs approved_on" },
    { "an off row lawfully switched on", "categories.yaml", "code: drug\n    state: off",
      "code: drug\n    state: on\n    basis: b\n    purposes: [match]\n    recipients: [police]\n    cap: blue\n"
      "    catalogue: c\n    assessment: a\n    approver: p\n    approved_on: 2026-11-25\n    expires: 2027-11-25",
      NULL },
    { "a category nobody knows", "categories.yaml", "code: vagrant", "code: beggar",
      "categories.yaml:66: beggar: the program knows no such category" },
    { "a category twice", "categories.yaml", "code: vagrant", "code: drug",
      "categories.yaml:60: drug: is listed twice" },
    { "an off row without a reason", "categories.yaml",
      "    reason: Sealed administrative records (治安管理处罚法 136).\n", "",
      "categories.yaml:63: prostitution: is off or refused and needs reason" },
    { "an on row without a basis", "categories.yaml", "    basis: 社区矫正法 5, 24, 26\n", "",
      "categories.yaml:23: corr_sexoff: is on and needs basis" },
    { "an on row switched off", "categories.yaml", "code: sexoff_adult\n    state: on",
      "code: sexoff_adult\n    state: off\n    reason: not here", NULL },
    { "a rule nobody knows", "rules.yaml", "id: R1", "id: R9", "rules.yaml:" },
    { "a rule twice", "rules.yaml", "id: R2", "id: R1", "rules.yaml:3: R1: is listed twice" },
    { "a rule missing", "rules.yaml", "  - { id: Y2, state: on } # B within near_m or in the same building\n", "",
      "rules.yaml:2: Y2: has no row" },
    { "a rule switched off", "rules.yaml", "id: Y1, state: on", "id: Y1, state: off", NULL },
    { "a radius of 20 km", "rules.yaml", "rural_m: 1000", "rural_m: 20000", "rules.yaml:21: radii.rural_m" },
    { "radii that fall", "rules.yaml", "near_m: 200", "near_m: 600", "rules.yaml:18: radii: near_m" },
    { "a radius that is no number", "rules.yaml", "near_m: 200", "near_m: nan", "rules.yaml:19: radii.near_m" },
    { "metres between communities' middles", "rules.yaml", "distance_precision: group",
      "distance_precision: community", "rules.yaml:" },
    { "a cycle of a decade", "rules.yaml", "class_a_days: 30", "class_a_days: 3650", "rules.yaml:32: class_a_days" },
    { "an unknown colour", "rules.yaml", "disputed_cap: blue", "disputed_cap: green", "rules.yaml:" },
};
/* clang-format on */

static bool edit_behaves(size_t i, const char *directory)
{
    struct policy policy     = { .version = "untouched" };
    char          error[400] = "";

    write_edited(directory, edits[i].file, edits[i].from, edits[i].to);
    const bool is_loaded = policy_load(directory, &policy, error, sizeof error);
    if (edits[i].error == NULL)
        return is_loaded;
    return !is_loaded && strncmp(error, edits[i].error, strlen(edits[i].error)) == 0 &&
           strcmp(policy.version, "untouched") == 0;
}

static void test_edits(void **state)
{
    char directory[] = "/tmp/hulei-policy-XXXXXX";
    int  broken      = 0;

    (void)state;
    assert_non_null(mkdtemp(directory));
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        struct policy policy;
        char          error[400] = "";

        if (edit_behaves(i, directory))
            continue;
        policy_load(directory, &policy, error, sizeof error);
        print_error("%s: \"%s\"\n", edits[i].what, error);
        broken++;
    }
    remove_folder(directory);
    assert_int_equal(broken, 0);
}

/* `hulei policy check` shows them all at once, file by file and line by line. */
static void test_every_fault_is_named(void **state)
{
    static const char wanted[] = "policy.yaml:7: age_below_years: must be 1 to 18\n"
                                 "policy.yaml:35: budget.yellow: at_once and per_week must be 1 to 100000\n"
                                 "categories.yaml:60: drug: is on and needs basis\n"
                                 "categories.yaml:60: drug: is on and needs purposes\n"
                                 "categories.yaml:60: drug: is on and needs recipients\n"
                                 "categories.yaml:60: drug: is on and needs cap\n"
                                 "categories.yaml:60: drug: switching it on needs catalogue\n"
                                 "categories.yaml:60: drug: switching it on needs assessment\n"
                                 "categories.yaml:60: drug: switching it on needs approver\n"
                                 "categories.yaml:60: drug: switching it on needs approved_on, YYYY-MM-DD\n"
                                 "categories.yaml:60: drug: switching it on needs expires, YYYY-MM-DD\n"
                                 "categories.yaml:76: hiv: refused by the program, no file can switch it on\n"
                                 "rules.yaml:21: radii.rural_m: must be 1 to 5000";
    static const struct {
        const char *file, *from, *to;
    } faults[] = {
        {"policy.yaml",      "age_below_years: 18",           "age_below_years: 19"      },
        { "policy.yaml",     "per_week: 30",                  "per_week: 0"              },
        { "categories.yaml", "code: drug\n    state: off",    "code: drug\n    state: on"},
        { "categories.yaml", "code: hiv\n    state: refused", "code: hiv\n    state: on" },
        { "rules.yaml",      "rural_m: 1000",                 "rural_m: 20000"           },
    };
    char          directory[] = "/tmp/hulei-policy-XXXXXX";
    char          found[4000] = "", error[400] = "";
    struct policy policy = { .version = "untouched" };

    (void)state;
    assert_non_null(mkdtemp(directory));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *text = read_text(SHIPPED, names[i]);
        for (size_t f = 0; f < sizeof faults / sizeof faults[0]; f++) {
            if (strcmp(faults[f].file, names[i]) == 0)
                text = replaced(text, faults[f].from, faults[f].to);
        }
        write_text(directory, names[i], text);
        free(text);
    }
    assert_false(policy_check(directory, &policy, found, sizeof found));
    assert_string_equal(found, wanted);
    assert_false(policy_load(directory, &policy, error, sizeof error));
    assert_string_equal(error, "policy.yaml:7: age_below_years: must be 1 to 18");
    assert_string_equal(policy.version, "untouched");
    assert_false(policy_check(directory, &policy, found, 20)); /* cut, never past the end */
    assert_int_equal(strlen(found), 19);
    remove_folder(directory);
}

static void test_texts_are_read_as_files(void **state)
{
    struct policy_texts texts;
    struct policy       files, stored;
    char                error[400] = "";

    (void)state;
    assert_true(policy_load(SHIPPED, &files, error, sizeof error));
    assert_true(policy_texts_load(SHIPPED, &texts, error, sizeof error));
    assert_true(policy_read(&texts, &stored, error, sizeof error));
    assert_true(files.fingerprint == stored.fingerprint);
    assert_string_equal(files.version, stored.version);
    struct policy_texts broken = texts;
    broken.files[2]            = span_from_text("rules: []");
    assert_false(policy_read(&broken, &stored, error, sizeof error));
    assert_memory_equal(error, "rules.yaml:", strlen("rules.yaml:"));
    policy_texts_free(&texts);
}

static void test_missing_file(void **state)
{
    struct policy policy;
    char          error[400] = "";

    (void)state;
    assert_false(policy_load(HULEI_SOURCE_DIR "/nowhere", &policy, error, sizeof error));
    assert_memory_equal(error, "policy.yaml: ", strlen("policy.yaml: "));
}

static void test_fingerprint_follows_the_bytes(void **state)
{
    char          directory[] = "/tmp/hulei-policy-XXXXXX";
    struct policy one, other;
    char          error[400] = "";

    (void)state;
    assert_non_null(mkdtemp(directory));
    assert_true(policy_load(SHIPPED, &one, error, sizeof error));
    write_edited(directory, "rules.yaml", "near_m: 200", "near_m: 199");
    assert_true(policy_load(directory, &other, error, sizeof error));
    assert_true(one.fingerprint != other.fingerprint);
    remove_folder(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shipped_files_equal_the_built_in_values),
        cmocka_unit_test(test_edits),
        cmocka_unit_test(test_every_fault_is_named),
        cmocka_unit_test(test_texts_are_read_as_files),
        cmocka_unit_test(test_missing_file),
        cmocka_unit_test(test_fingerprint_follows_the_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
