/* Checks the policy files and fills struct policy; see policy.h.
 * Deliberately refuses what the law or the program refuses, whatever the files say. */
#include "daemon/common/policy.h"

#include "daemon/common/feed/feed_time.h"
#include "daemon/common/policy_files.h"

#define XXH_INLINE_ALL
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { APPROVAL_MOST_DAYS = 366, FILE_COUNT = POLICY_FILES };

/* One load: the files, what they said, and where a complaint goes. */
struct loading {
    struct policy_file files[FILE_COUNT]; /* by enum policy_file_kind */
    void              *data[FILE_COUNT];
    struct policy      policy;
    char              *faults; /* a line each */
    size_t             faults_size, faults_length, fault_count;
    bool               goes_on; /* after a fault, to find the next one */
};

static const char *const names[FILE_COUNT] = {
    [POLICY_FILE_MAIN] = "policy.yaml", [POLICY_FILE_CATEGORIES] = "categories.yaml", [POLICY_FILE_RULES] = "rules.yaml"
};

/* Answers what the checks go on with. */
static bool note_fault(struct loading *loading, const char *fault)
{
    const size_t left = loading->faults_size - loading->faults_length;
    const int    written =
        snprintf(loading->faults + loading->faults_length, left, "%s%s", loading->fault_count > 0 ? "\n" : "", fault);

    loading->fault_count++;
    if (written > 0)
        loading->faults_length += (size_t)written < left ? (size_t)written : left - 1;
    return loading->goes_on;
}

/* The line is that of `key: value`. Answers what the checks go on with. */
__attribute__((format(printf, 5, 6))) static bool complain(struct loading *loading, enum policy_file_kind kind,
                                                           const char *key, const char *value, const char *format, ...)
{
    const struct policy_file *file = &loading->files[kind];
    char                      reason[300];
    va_list                   arguments;

    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    char fault[400];
    snprintf(fault, sizeof fault, "%s:%d: %s", file->name, policy_file_line(file, key, value), reason);
    return note_fault(loading, fault);
}

static bool version_is_fine(const char *version)
{
    return strspn(version, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-_") == strlen(version);
}

static bool check_number(struct loading *loading, enum policy_file_kind kind, const char *key, int64_t value,
                         int64_t least, int64_t most)
{
    if (value >= least && value <= most)
        return true;
    return complain(loading, kind, key, NULL, "%s: must be %lld to %lld", key, (long long)least, (long long)most);
}

static bool check_profile(struct loading *loading)
{
    const struct policy_profile *profile = &loading->policy.profile;

    if (!check_number(loading, POLICY_FILE_MAIN, "age_below_years", profile->age_below_years, 1, 18))
        return false;
    if (profile->sexes == 0)
        return complain(loading, POLICY_FILE_MAIN, "sexes", NULL, "sexes: names nobody");
    if (profile->circumstances == 0)
        return complain(loading, POLICY_FILE_MAIN, "circumstances", NULL, "circumstances: names none");
    if (profile->statuses != CHILD_ACTIVE)
        return complain(loading, POLICY_FILE_MAIN, "statuses", NULL, "statuses: only active children are matched");
    if ((profile->vulnerable & (CIRCUMSTANCE_LEFT_BEHIND | CIRCUMSTANCE_SINGLE_PARENT)) != 0)
        return complain(loading, POLICY_FILE_MAIN, "vulnerable", NULL,
                        "vulnerable: left_behind and single_parent do not set the bit");
    return true;
}

static bool check_minors_and_sealing(struct loading *loading)
{
    const struct policy_minors  *minors  = &loading->policy.minors;
    const struct policy_sealing *sealing = &loading->policy.sealing;
    const enum policy_file_kind  kind    = POLICY_FILE_MAIN;

    if (minors->age_below_years < 14 || minors->age_below_years > 18)
        return complain(loading, kind, "minor_rules", NULL, "minor_rules.age_below_years: must be 14 to 18");
    if (!minors->unmask_needs_second_person)
        return complain(loading, kind, "unmask_needs_second_person", NULL,
                        "minor_rules.unmask_needs_second_person: approval by a second person cannot be switched off");
    return check_number(loading, kind, "erase_after_profile_end_days", minors->erase_after_profile_end_days, 0, 366) &&
           check_number(loading, kind, "juvenile_below_years", sealing->juvenile_below_years, 18, 25) &&
           check_number(loading, kind, "sentence_at_most_months", sealing->sentence_at_most_months, 60, 1200) &&
           check_number(loading, kind, "ask_owner_below_years", sealing->ask_owner_below_years, 20, 100);
}

static bool check_due(struct loading *loading, const char *tier, struct policy_file_due due, enum tier at)
{
    if (due.due_minutes < 1 || due.due_minutes > 30 * 24 * 60)
        return complain(loading, POLICY_FILE_MAIN, tier, NULL, "review.%s.due_minutes: must be 1 to 43200", tier);
    if (due.re_review_days < 1 || due.re_review_days > 366)
        return complain(loading, POLICY_FILE_MAIN, tier, NULL, "review.%s.re_review_days: must be 1 to 366", tier);
    loading->policy.review.due_minutes[at]    = due.due_minutes;
    loading->policy.review.re_review_days[at] = due.re_review_days;
    return true;
}

static bool take_budget(struct loading *loading, const struct policy_file_main *file)
{
    const struct {
        const char               *key;
        struct policy_file_budget budget;
        enum tier                 tier;
    } rows[] = {
        {"red",     file->budget.red,    TIER_RED   },
        { "orange", file->budget.orange, TIER_ORANGE},
        { "yellow", file->budget.yellow, TIER_YELLOW}
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct policy_file_budget *budget = &rows[i].budget;
        if ((budget->at_once < 1 || budget->at_once > 100000 || budget->per_week < 1 || budget->per_week > 100000) &&
            !complain(loading, POLICY_FILE_MAIN, "budget", NULL, "budget.%s: at_once and per_week must be 1 to 100000",
                      rows[i].key))
            return false;
        loading->policy.budget.at_once[rows[i].tier]  = budget->at_once;
        loading->policy.budget.per_week[rows[i].tier] = budget->per_week;
    }
    return true;
}

static bool take_main(struct loading *loading)
{
    const struct policy_file_main *file   = loading->data[POLICY_FILE_MAIN];
    struct policy                 *policy = &loading->policy;

    if (!version_is_fine(file->version))
        return complain(loading, POLICY_FILE_MAIN, "version", NULL, "version: letters, digits, dot, dash only");
    snprintf(policy->version, sizeof policy->version, "%s", file->version);
    policy->profile       = file->profile;
    policy->minors        = file->minor_rules;
    policy->sealing       = file->sealing;
    policy->review.undo_s = file->review.undo_s;
    return check_profile(loading) && check_minors_and_sealing(loading) &&
           check_number(loading, POLICY_FILE_MAIN, "undo_s", file->review.undo_s, 0, 600) &&
           check_due(loading, "red", file->review.red, TIER_RED) &&
           check_due(loading, "orange", file->review.orange, TIER_ORANGE) &&
           check_due(loading, "yellow", file->review.yellow, TIER_YELLOW) && take_budget(loading, file);
}

static bool is_given(const char *text)
{
    return text != NULL && text[strspn(text, " \t")] != '\0';
}

/* A real calendar date "YYYY-MM-DD". */
static bool read_day(const char *text, int32_t *day)
{
    struct feed_date date;

    if (text == NULL || strlen(text) != 10 || !feed_date_parse(span_from_text(text), false, &date) || date.year < 2000)
        return false;
    *day = policy_day_of_date(date.year, date.month, date.day);
    return true;
}

/* A row the shipped policy has off needs a signed act that ends by itself. */
static bool check_switched_on(struct loading *loading, const struct policy_file_category *row, int32_t *expires_day)
{
    const enum policy_file_kind kind         = POLICY_FILE_CATEGORIES;
    int32_t                     approved_day = POLICY_DAY_UNKNOWN;
    /* clang-format off */
    const struct {
        const char *key;
        bool        is_given;
    } needs[] = {
        {"catalogue",                is_given(row->catalogue)                   },
        { "assessment",              is_given(row->assessment)                  },
        { "approver",                is_given(row->approver)                    },
        { "approved_on, YYYY-MM-DD", read_day(row->approved_on, &approved_day)},
        { "expires, YYYY-MM-DD",     read_day(row->expires, expires_day)      },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        if (!needs[i].is_given &&
            !complain(loading, kind, "code", row->code, "%s: switching it on needs %s", row->code, needs[i].key))
            return false;
    }
    if (approved_day == POLICY_DAY_UNKNOWN || *expires_day == POLICY_DAY_UNKNOWN)
        return true;
    if (*expires_day < approved_day || *expires_day - approved_day > APPROVAL_MOST_DAYS)
        return complain(loading, kind, "code", row->code, "%s: expires must be within a year of approved_on",
                        row->code);
    return true;
}

static bool check_on(struct loading *loading, const struct policy_file_category *row)
{
    const enum policy_file_kind kind = POLICY_FILE_CATEGORIES;

    if (!is_given(row->basis) && !complain(loading, kind, "code", row->code, "%s: is on and needs basis", row->code))
        return false;
    if (row->purposes == 0 && !complain(loading, kind, "code", row->code, "%s: is on and needs purposes", row->code))
        return false;
    if (row->recipients == 0 &&
        !complain(loading, kind, "code", row->code, "%s: is on and needs recipients", row->code))
        return false;
    if (row->cap == TIER_NONE && !complain(loading, kind, "code", row->code, "%s: is on and needs cap", row->code))
        return false;
    return row->retention_years >= 0 && row->retention_years <= 5
               ? true
               : complain(loading, kind, "code", row->code, "%s: retention_years must be 0 to 5", row->code);
}

static bool take_category(struct loading *loading, const struct policy_file_category *row, bool *is_seen,
                          const struct policy *shipped)
{
    const enum policy_file_kind kind        = POLICY_FILE_CATEGORIES;
    int32_t                     expires_day = POLICY_DAY_UNKNOWN;
    enum policy_category_code   code;

    if (!policy_category_find(row->code, strlen(row->code), &code))
        return complain(loading, kind, "code", row->code, "%s: the program knows no such category", row->code);
    if (is_seen[code])
        return complain(loading, kind, "code", row->code, "%s: is listed twice", row->code);
    is_seen[code] = true;
    if (policy_category_is_refused_by_program(code) && row->state != POLICY_REFUSED)
        return complain(loading, kind, "code", row->code, "%s: refused by the program, no file can switch it on",
                        row->code);
    if (row->state != POLICY_ON && !is_given(row->reason))
        return complain(loading, kind, "code", row->code, "%s: is off or refused and needs reason", row->code);
    if (row->state == POLICY_ON && !check_on(loading, row))
        return false;
    if (row->state == POLICY_ON && shipped->categories[code].state != POLICY_ON &&
        !check_switched_on(loading, row, &expires_day))
        return false;

    struct policy_category *category = &loading->policy.categories[code];
    category->state                  = row->state;
    category->class_rule             = row->class_rule;
    category->purposes               = row->purposes;
    category->recipients             = row->recipients;
    category->cap                    = row->cap != TIER_NONE ? row->cap : TIER_BLUE;
    category->relation_only          = row->relation_only;
    category->expires_day            = expires_day;
    category->retention_years        = row->retention_years;
    snprintf(category->basis, sizeof category->basis, "%s", row->basis != NULL ? row->basis : "");
    snprintf(category->reason, sizeof category->reason, "%s", row->reason != NULL ? row->reason : "");
    return true;
}

static bool take_categories(struct loading *loading)
{
    const struct policy_file_categories *file                           = loading->data[POLICY_FILE_CATEGORIES];
    bool                                 is_seen[POLICY_CATEGORY_COUNT] = { false };
    struct policy                        shipped;

    policy_defaults(&shipped);
    for (unsigned i = 0; i < file->categories_count; i++) {
        if (!take_category(loading, &file->categories[i], is_seen, &shipped))
            return false;
    }
    for (int i = 0; i < POLICY_CATEGORY_COUNT; i++) {
        if (!is_seen[i])
            return complain(loading, POLICY_FILE_CATEGORIES, "categories", NULL, "%s: has no row",
                            policy_category_word((enum policy_category_code)i));
    }
    return true;
}

static bool take_rule_states(struct loading *loading, const struct policy_file_rules *file)
{
    bool is_seen[RULE_COUNT] = { [RULE_NONE] = true };

    for (unsigned i = 0; i < file->rules_count; i++) {
        const struct policy_file_rule *row  = &file->rules[i];
        const char                    *word = policy_rule_word(row->id);
        if (is_seen[row->id])
            return complain(loading, POLICY_FILE_RULES, "id", word, "%s: is listed twice", word);
        loading->policy.rules[row->id] = row->state == POLICY_ON;
        is_seen[row->id]               = true;
    }
    for (int i = 0; i < RULE_COUNT; i++) {
        if (!is_seen[i])
            return complain(loading, POLICY_FILE_RULES, "rules", NULL, "%s: has no row",
                            policy_rule_word((enum policy_rule)i));
    }
    return true;
}

static bool check_radii(struct loading *loading)
{
    const struct policy_radii *radii = &loading->policy.radii;
    const struct {
        const char *key;
        double      value;
    } rows[] = {
        {"near_m",          radii->near_m        },
        { "built_up_m",     radii->built_up_m    },
        { "rural_m",        radii->rural_m       },
        { "school_zone_m",  radii->school_zone_m },
        { "cluster_m",      radii->cluster_m     },
        { "counted_m",      radii->counted_m     },
        { "barred_place_m", radii->barred_place_m}
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!(rows[i].value >= 1 && rows[i].value <= 5000))
            return complain(loading, POLICY_FILE_RULES, rows[i].key, NULL, "radii.%s: must be 1 to 5000", rows[i].key);
    }
    if (radii->near_m > radii->built_up_m || radii->built_up_m > radii->rural_m)
        return complain(loading, POLICY_FILE_RULES, "radii", NULL, "radii: near_m, built_up_m, rural_m must rise");
    return true;
}

static bool take_rules(struct loading *loading)
{
    const struct policy_file_rules *file   = loading->data[POLICY_FILE_RULES];
    struct policy                  *policy = &loading->policy;
    const enum policy_file_kind     kind   = POLICY_FILE_RULES;

    policy->radii                 = file->radii;
    policy->cycles                = file->cycles;
    policy->yellow_group_children = file->yellow_group_children;
    policy->disputed_cap          = file->disputed_cap;
    return take_rule_states(loading, file) && check_radii(loading) &&
           check_number(loading, kind, "class_a_days", file->cycles.class_a_days, 1, 366) &&
           check_number(loading, kind, "class_b_days", file->cycles.class_b_days, 1, 366) &&
           check_number(loading, kind, "child_days", file->cycles.child_days, 1, 366) &&
           check_number(loading, kind, "fresh_days", file->cycles.fresh_days, 1, 366) &&
           check_number(loading, kind, "flap_hold_hours", file->cycles.flap_hold_hours, 0, 168) &&
           check_number(loading, kind, "yellow_group_children", file->yellow_group_children, 2, 100);
}

static uint64_t fingerprint_of(const struct loading *loading)
{
    uint64_t fingerprint = 0;

    for (int i = 0; i < FILE_COUNT; i++)
        fingerprint = XXH3_64bits_withSeed(loading->files[i].bytes, loading->files[i].length, fingerprint);
    return fingerprint;
}

/* From the folder, or from texts where there is none. */
static bool read_files(struct loading *loading, const char *directory, const struct policy_texts *texts)
{
    char fault[400];
    bool goes_on = true;

    for (int i = 0; i < FILE_COUNT && goes_on; i++) {
        struct policy_file *file = &loading->files[i];
        const bool is_open       = directory != NULL ? policy_file_open(directory, names[i], file, fault, sizeof fault)
                                                     : policy_file_copy(texts->files[i], names[i], file, fault, sizeof fault);
        if (!is_open || !policy_file_parse(file, (enum policy_file_kind)i, &loading->data[i], fault, sizeof fault))
            goes_on = note_fault(loading, fault);
    }
    return goes_on;
}

/* What was parsed is checked; a file that was not has had its fault. */
static bool take_files(struct loading *loading)
{
    static bool (*const takers[FILE_COUNT])(struct loading *) = { take_main, take_categories, take_rules };
    bool goes_on                                              = true;

    for (int i = 0; i < FILE_COUNT && goes_on; i++)
        goes_on = loading->data[i] == NULL || takers[i](loading);
    return goes_on;
}

static bool load(struct loading *loading, const char *directory, const struct policy_texts *texts,
                 struct policy *policy)
{
    const bool is_fine = read_files(loading, directory, texts) && take_files(loading) && loading->fault_count == 0;

    if (is_fine) {
        loading->policy.fingerprint = fingerprint_of(loading);
        *policy                     = loading->policy;
    }
    for (int i = 0; i < FILE_COUNT; i++) {
        policy_file_free((enum policy_file_kind)i, loading->data[i]);
        policy_file_close(&loading->files[i]);
    }
    return is_fine;
}

bool policy_load(const char *directory, struct policy *policy, char *error, size_t error_size)
{
    struct loading loading = { .faults = error, .faults_size = error_size };

    return load(&loading, directory, NULL, policy);
}

bool policy_check(const char *directory, struct policy *policy, char *faults, size_t faults_size)
{
    struct loading loading = { .faults = faults, .faults_size = faults_size, .goes_on = true };

    return load(&loading, directory, NULL, policy);
}

bool policy_read(const struct policy_texts *texts, struct policy *policy, char *error, size_t error_size)
{
    struct loading loading = { .faults = error, .faults_size = error_size };

    return load(&loading, NULL, texts, policy);
}

bool policy_texts_load(const char *directory, struct policy_texts *texts, char *error, size_t error_size)
{
    *texts = (struct policy_texts){ 0 };
    for (int i = 0; i < FILE_COUNT; i++) {
        struct policy_file file;
        if (!policy_file_open(directory, names[i], &file, error, error_size)) {
            policy_texts_free(texts);
            return false;
        }
        texts->files[i] = span_of(file.bytes, file.length); /* the texts own it now */
    }
    return true;
}

void policy_texts_free(struct policy_texts *texts)
{
    for (int i = 0; i < FILE_COUNT; i++)
        free((char *)(uintptr_t)texts->files[i].bytes);
    *texts = (struct policy_texts){ 0 };
}

void policy_version_write(const struct policy *policy, char *text, size_t size)
{
    snprintf(text, size, "%s+%08x", policy->version, (unsigned)(policy->fingerprint & 0xffffffffu));
}
