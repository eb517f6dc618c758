/* The YAML schemas of the policy files; see policy_files.h.
 * Deliberately no meaning is checked here beyond types, words and required keys. */
#include "daemon/common/policy_files.h"

#include <ctype.h>
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MOST_BYTES = 1 << 20, REQUIRED = CYAML_FLAG_DEFAULT, OPTIONAL = CYAML_FLAG_OPTIONAL };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const cyaml_strval_t sexes[] = {
    {"female",   SEX_FEMALE },
    { "male",    SEX_MALE   },
    { "unknown", SEX_UNKNOWN}
};

static const cyaml_strval_t statuses[] = {
    {"active", CHILD_ACTIVE},
    { "ended", CHILD_ENDED }
};

static const cyaml_strval_t circumstances[] = {
    {"left_behind",          CIRCUMSTANCE_LEFT_BEHIND        },
    { "single_parent",       CIRCUMSTANCE_SINGLE_PARENT      },
    { "orphan",              CIRCUMSTANCE_ORPHAN             },
    { "de_facto_unattended", CIRCUMSTANCE_DE_FACTO_UNATTENDED},
    { "disabled",            CIRCUMSTANCE_DISABLED           },
    { "other_hardship",      CIRCUMSTANCE_OTHER_HARDSHIP     },
};

static const cyaml_strval_t on_off[] = {
    {"off", POLICY_OFF},
    { "on", POLICY_ON }
};

static const cyaml_strval_t states[] = {
    {"off",      POLICY_OFF    },
    { "on",      POLICY_ON     },
    { "refused", POLICY_REFUSED}
};

static const cyaml_strval_t class_rules[] = {
    {"none",               CLASS_RULE_NONE             },
    { "B",                 CLASS_RULE_B                },
    { "A_if_minor_victim", CLASS_RULE_A_IF_MINOR_VICTIM}
};

static const cyaml_strval_t purposes[] = {
    {"match",        PURPOSE_MATCH      },
    { "alert",       PURPOSE_ALERT      },
    { "staff_check", PURPOSE_STAFF_CHECK},
    { "zone",        PURPOSE_ZONE       },
    { "care",        PURPOSE_CARE       }
};

static const cyaml_strval_t recipients[] = {
    {"police",     RECIPIENT_POLICE   },
    { "judicial",  RECIPIENT_JUDICIAL },
    { "civil",     RECIPIENT_CIVIL    },
    { "education", RECIPIENT_EDUCATION},
    { "community", RECIPIENT_COMMUNITY},
    { "office",    RECIPIENT_OFFICE   }
};

static const cyaml_strval_t tiers[] = {
    {"red",     TIER_RED   },
    { "orange", TIER_ORANGE},
    { "yellow", TIER_YELLOW},
    { "blue",   TIER_BLUE  }
};

/* Not coarser than a village group: metres between means of whole communities say nothing (place_reach.h). */
static const cyaml_strval_t precisions[] = {
    {"group",     PRECISION_GROUP   },
    { "number",   PRECISION_NUMBER  },
    { "building", PRECISION_BUILDING},
    { "room",     PRECISION_ROOM    }
};

static const cyaml_strval_t rules[] = {
#define RULE_WORD(code, word) { word, code },
    POLICY_RULES(RULE_WORD)
#undef RULE_WORD
};

static const cyaml_schema_field_t profile_fields[] = {
    CYAML_FIELD_FLAGS("sexes", CYAML_FLAG_STRICT, struct policy_profile, sexes, sexes, COUNT(sexes)),
    CYAML_FIELD_INT("age_below_years", REQUIRED, struct policy_profile, age_below_years),
    CYAML_FIELD_FLAGS("statuses", CYAML_FLAG_STRICT, struct policy_profile, statuses, statuses, COUNT(statuses)),
    CYAML_FIELD_FLAGS("circumstances", CYAML_FLAG_STRICT, struct policy_profile, circumstances, circumstances,
                      COUNT(circumstances)),
    CYAML_FIELD_FLAGS("vulnerable", CYAML_FLAG_STRICT, struct policy_profile, vulnerable, circumstances,
                      COUNT(circumstances)),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t minor_fields[] = {
    CYAML_FIELD_INT("age_below_years", REQUIRED, struct policy_minors, age_below_years),
    CYAML_FIELD_BOOL("unmask_needs_second_person", REQUIRED, struct policy_minors, unmask_needs_second_person),
    CYAML_FIELD_BOOL("severity_raised", REQUIRED, struct policy_minors, severity_raised),
    CYAML_FIELD_INT("erase_after_profile_end_days", REQUIRED, struct policy_minors, erase_after_profile_end_days),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t sealing_fields[] = {
    CYAML_FIELD_INT("juvenile_below_years", REQUIRED, struct policy_sealing, juvenile_below_years),
    CYAML_FIELD_BOOL("birthday_is_juvenile", REQUIRED, struct policy_sealing, birthday_is_juvenile),
    CYAML_FIELD_INT("sentence_at_most_months", REQUIRED, struct policy_sealing, sentence_at_most_months),
    CYAML_FIELD_INT("ask_owner_below_years", REQUIRED, struct policy_sealing, ask_owner_below_years),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t due_fields[] = {
    CYAML_FIELD_INT("due_minutes", REQUIRED, struct policy_file_due, due_minutes),
    CYAML_FIELD_INT("re_review_days", REQUIRED, struct policy_file_due, re_review_days),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t review_fields[] = {
    CYAML_FIELD_INT("undo_s", REQUIRED, struct policy_file_review, undo_s),
    CYAML_FIELD_MAPPING("red", REQUIRED, struct policy_file_review, red, due_fields),
    CYAML_FIELD_MAPPING("orange", REQUIRED, struct policy_file_review, orange, due_fields),
    CYAML_FIELD_MAPPING("yellow", REQUIRED, struct policy_file_review, yellow, due_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t budget_fields[] = {
    CYAML_FIELD_INT("at_once", REQUIRED, struct policy_file_budget, at_once),
    CYAML_FIELD_INT("per_week", REQUIRED, struct policy_file_budget, per_week),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t budgets_fields[] = {
    CYAML_FIELD_MAPPING("red", REQUIRED, struct policy_file_budgets, red, budget_fields),
    CYAML_FIELD_MAPPING("orange", REQUIRED, struct policy_file_budgets, orange, budget_fields),
    CYAML_FIELD_MAPPING("yellow", REQUIRED, struct policy_file_budgets, yellow, budget_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t main_fields[] = {
    CYAML_FIELD_STRING_PTR("version", CYAML_FLAG_POINTER, struct policy_file_main, version, 1, 40),
    CYAML_FIELD_MAPPING("profile", REQUIRED, struct policy_file_main, profile, profile_fields),
    CYAML_FIELD_MAPPING("minor_rules", REQUIRED, struct policy_file_main, minor_rules, minor_fields),
    CYAML_FIELD_MAPPING("sealing", REQUIRED, struct policy_file_main, sealing, sealing_fields),
    CYAML_FIELD_MAPPING("review", REQUIRED, struct policy_file_main, review, review_fields),
    CYAML_FIELD_MAPPING("budget", REQUIRED, struct policy_file_main, budget, budgets_fields),
    CYAML_FIELD_END,
};

#define OPTIONAL_TEXT(key, member)                                                                                     \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | OPTIONAL, struct policy_file_category, member, 0,                 \
                           POLICY_TEXT_SIZE - 1)

static const cyaml_schema_field_t category_fields[] = {
    CYAML_FIELD_STRING_PTR("code", CYAML_FLAG_POINTER, struct policy_file_category, code, 1, 40),
    CYAML_FIELD_ENUM("state", CYAML_FLAG_STRICT, struct policy_file_category, state, states, COUNT(states)),
    CYAML_FIELD_ENUM("class", OPTIONAL | CYAML_FLAG_STRICT, struct policy_file_category, class_rule, class_rules,
                     COUNT(class_rules)),
    CYAML_FIELD_FLAGS("purposes", OPTIONAL | CYAML_FLAG_STRICT, struct policy_file_category, purposes, purposes,
                      COUNT(purposes)),
    CYAML_FIELD_FLAGS("recipients", OPTIONAL | CYAML_FLAG_STRICT, struct policy_file_category, recipients, recipients,
                      COUNT(recipients)),
    CYAML_FIELD_ENUM("cap", OPTIONAL | CYAML_FLAG_STRICT, struct policy_file_category, cap, tiers, COUNT(tiers)),
    CYAML_FIELD_BOOL("relation_only", OPTIONAL, struct policy_file_category, relation_only),
    CYAML_FIELD_INT("retention_years", OPTIONAL, struct policy_file_category, retention_years),
    OPTIONAL_TEXT("basis", basis),
    OPTIONAL_TEXT("reason", reason),
    OPTIONAL_TEXT("catalogue", catalogue),
    OPTIONAL_TEXT("assessment", assessment),
    OPTIONAL_TEXT("approver", approver),
    OPTIONAL_TEXT("approved_on", approved_on),
    OPTIONAL_TEXT("expires", expires),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t category_entry = { CYAML_VALUE_MAPPING(
    CYAML_FLAG_DEFAULT, struct policy_file_category, category_fields) };

static const cyaml_schema_field_t categories_fields[] = {
    CYAML_FIELD_SEQUENCE("categories", CYAML_FLAG_POINTER, struct policy_file_categories, categories, &category_entry,
                         0, 200),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t rule_fields[] = {
    CYAML_FIELD_ENUM("id", CYAML_FLAG_STRICT, struct policy_file_rule, id, rules, COUNT(rules)),
    CYAML_FIELD_ENUM("state", CYAML_FLAG_STRICT, struct policy_file_rule, state, on_off, COUNT(on_off)),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t rule_entry = { CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct policy_file_rule,
                                                                     rule_fields) };

static const cyaml_schema_field_t radii_fields[] = {
    CYAML_FIELD_FLOAT("near_m", REQUIRED, struct policy_radii, near_m),
    CYAML_FIELD_FLOAT("built_up_m", REQUIRED, struct policy_radii, built_up_m),
    CYAML_FIELD_FLOAT("rural_m", REQUIRED, struct policy_radii, rural_m),
    CYAML_FIELD_FLOAT("school_zone_m", REQUIRED, struct policy_radii, school_zone_m),
    CYAML_FIELD_FLOAT("cluster_m", REQUIRED, struct policy_radii, cluster_m),
    CYAML_FIELD_FLOAT("counted_m", REQUIRED, struct policy_radii, counted_m),
    CYAML_FIELD_FLOAT("barred_place_m", REQUIRED, struct policy_radii, barred_place_m),
    CYAML_FIELD_ENUM("distance_precision", CYAML_FLAG_STRICT, struct policy_radii, distance_precision, precisions,
                     COUNT(precisions)),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t cycles_fields[] = {
    CYAML_FIELD_INT("class_a_days", REQUIRED, struct policy_cycles, class_a_days),
    CYAML_FIELD_INT("class_b_days", REQUIRED, struct policy_cycles, class_b_days),
    CYAML_FIELD_INT("child_days", REQUIRED, struct policy_cycles, child_days),
    CYAML_FIELD_INT("fresh_days", REQUIRED, struct policy_cycles, fresh_days),
    CYAML_FIELD_INT("flap_hold_hours", REQUIRED, struct policy_cycles, flap_hold_hours),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t rules_fields[] = {
    CYAML_FIELD_SEQUENCE("rules", CYAML_FLAG_POINTER, struct policy_file_rules, rules, &rule_entry, 0, RULE_COUNT),
    CYAML_FIELD_MAPPING("radii", REQUIRED, struct policy_file_rules, radii, radii_fields),
    CYAML_FIELD_MAPPING("cycles", REQUIRED, struct policy_file_rules, cycles, cycles_fields),
    CYAML_FIELD_INT("yellow_group_children", REQUIRED, struct policy_file_rules, yellow_group_children),
    CYAML_FIELD_ENUM("disputed_cap", CYAML_FLAG_STRICT, struct policy_file_rules, disputed_cap, tiers, COUNT(tiers)),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t schemas[] = {
    [POLICY_FILE_MAIN]       = { CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct policy_file_main, main_fields) },
    [POLICY_FILE_CATEGORIES] = { CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct policy_file_categories,
                                                     categories_fields) },
    [POLICY_FILE_RULES]      = { CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct policy_file_rules, rules_fields) },
};

/* What libcyaml said first, and the first line number it named. */
struct complaint {
    char text[200];
    int  line;
};

__attribute__((format(printf, 3, 0))) static void keep_complaint(cyaml_log_t level, void *context, const char *format,
                                                                 va_list arguments)
{
    struct complaint *complaint = context;
    char              text[400];

    (void)level;
    vsnprintf(text, sizeof text, format, arguments);
    text[strcspn(text, "\n")] = '\0';

    const char *line = strstr(text, "line: ");
    if (line != NULL && complaint->line == 0)
        complaint->line = (int)strtol(line + strlen("line: "), NULL, 10);
    if (complaint->text[0] == '\0')
        snprintf(complaint->text, sizeof complaint->text, "%.199s", strncmp(text, "Load: ", 6) == 0 ? text + 6 : text);
}

static cyaml_config_t reader_for(struct complaint *complaint)
{
    return (cyaml_config_t){ .log_fn    = keep_complaint,
                             .log_ctx   = complaint,
                             .mem_fn    = cyaml_mem,
                             .log_level = CYAML_LOG_WARNING,
                             .flags     = CYAML_CFG_NO_ALIAS };
}

bool policy_file_open(const char *directory, const char *name, struct policy_file *file, char *error, size_t error_size)
{
    char path[4096];

    *file = (struct policy_file){ .name = name };
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        snprintf(error, error_size, "%s: %s", name, strerror(errno));
        return false;
    }

    file->bytes = malloc(FILE_MOST_BYTES + 1);
    if (file->bytes != NULL)
        file->length = fread(file->bytes, 1, FILE_MOST_BYTES + 1, stream);
    const bool is_read = file->bytes != NULL && ferror(stream) == 0 && file->length <= FILE_MOST_BYTES;
    fclose(stream);
    if (is_read)
        return true;
    snprintf(error, error_size, "%s: cannot be read, or is over 1 MiB", name);
    policy_file_close(file);
    return false;
}

bool policy_file_copy(struct span text, const char *name, struct policy_file *file, char *error, size_t error_size)
{
    *file = (struct policy_file){ .name = name, .length = text.length, .bytes = malloc(text.length + 1) };
    if (file->bytes == NULL || text.length > FILE_MOST_BYTES) {
        snprintf(error, error_size, "%s: cannot be read, or is over 1 MiB", name);
        policy_file_close(file);
        return false;
    }
    if (text.length > 0)
        memcpy(file->bytes, text.bytes, text.length);
    return true;
}

void policy_file_close(struct policy_file *file)
{
    free(file->bytes);
    *file = (struct policy_file){ .name = file->name };
}

bool policy_file_parse(const struct policy_file *file, enum policy_file_kind kind, void **data, char *error,
                       size_t error_size)
{
    struct complaint     complaint = { .line = 0 };
    const cyaml_config_t reader    = reader_for(&complaint);

    *data                    = NULL;
    const cyaml_err_t status = cyaml_load_data((const uint8_t *)file->bytes, file->length, &reader, &schemas[kind],
                                               (cyaml_data_t **)data, NULL);
    if (status == CYAML_OK && *data != NULL)
        return true;
    if (complaint.text[0] == '\0')
        snprintf(complaint.text, sizeof complaint.text, "%s", status == CYAML_OK ? "empty" : cyaml_strerror(status));
    snprintf(error, error_size, "%s:%d: %s", file->name, complaint.line > 0 ? complaint.line : 1, complaint.text);
    return false;
}

void policy_file_free(enum policy_file_kind kind, void *data)
{
    struct complaint     ignored = { .line = 0 };
    const cyaml_config_t reader  = reader_for(&ignored);

    if (data != NULL)
        cyaml_free(&reader, &schemas[kind], data, 0);
}

static bool line_holds(const char *line, size_t length, const char *key, const char *value)
{
    const size_t key_length = strlen(key);

    for (size_t i = 0; i + key_length < length; i++) {
        if (memcmp(line + i, key, key_length) != 0 || line[i + key_length] != ':')
            continue;
        if (i > 0 && (isalnum((unsigned char)line[i - 1]) || line[i - 1] == '_'))
            continue;
        if (value == NULL)
            return true;

        size_t from = i + key_length + 1;
        while (from < length && (line[from] == ' ' || line[from] == '"'))
            from++;
        const size_t value_length = strlen(value);
        if (length - from >= value_length && memcmp(line + from, value, value_length) == 0 &&
            (length - from == value_length ||
             !(isalnum((unsigned char)line[from + value_length]) || line[from + value_length] == '_')))
            return true;
    }
    return false;
}

int policy_file_line(const struct policy_file *file, const char *key, const char *value)
{
    int    number = 1;
    size_t from   = 0;

    while (from < file->length) {
        const char  *end    = memchr(file->bytes + from, '\n', file->length - from);
        const size_t length = end != NULL ? (size_t)(end - file->bytes) - from : file->length - from;
        if (line_holds(file->bytes + from, length, key, value))
            return number;
        from += length + 1;
        number++;
    }
    return 1;
}
