/* The form of the YAML file of `hulei link`; see link_schema.h.
 * One table per mapping, in the order of the structs. */
#include "daemon/cli/link/link_schema.h"

#include "daemon/cli/link/link_config.h"

enum { NAME_BYTES = 100 };

#define NAME(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, NAME_BYTES)
#define MAY_NAME(key, type, member)                                                                                    \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 1, NAME_BYTES)
#define MAY_LIST(key, type, member, entry)                                                                             \
    CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, member##_count, entry, 0,  \
                               CYAML_UNLIMITED)
#define MAY_NUMBER(key, type, member) CYAML_FIELD_FLOAT(key, CYAML_FLAG_OPTIONAL, type, member)
#define MAY_COUNT(key, type, member)  CYAML_FIELD_UINT(key, CYAML_FLAG_OPTIONAL, type, member)
#define MAY_SAY(key, type, member)    CYAML_FIELD_BOOL(key, CYAML_FLAG_OPTIONAL, type, member)

static const cyaml_schema_value_t text_schema = { CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, NAME_BYTES) };

static const cyaml_strval_t kinds[] = {
    {"text",    LINKAGE_TEXT  },
    { "date",   LINKAGE_DATE  },
    { "number", LINKAGE_NUMBER},
    { "set",    LINKAGE_SET   },
};
static const cyaml_strval_t cleanings[] = {
    {"lower",    LINK_LOWER  },
    { "letters", LINK_LETTERS},
    { "digits",  LINK_DIGITS },
    { "joined",  LINK_JOINED },
    { "sorted",  LINK_SORTED },
};
static const cyaml_strval_t tests[] = {
    {"exact",         LINKAGE_EXACT       },
    { "edits",        LINKAGE_EDITS       },
    { "jaro_winkler", LINKAGE_JARO_WINKLER},
    { "bigrams",      LINKAGE_BIGRAMS     },
    { "prefix",       LINKAGE_PREFIX      },
    { "begins",       LINKAGE_BEGINS      },
    { "swapped",      LINKAGE_SWAPPED     },
    { "crossed",      LINKAGE_CROSSED     },
    { "shared",       LINKAGE_SHARED      },
    { "overlap",      LINKAGE_OVERLAP     },
    { "days",         LINKAGE_DAYS        },
    { "day_month",    LINKAGE_DAY_MONTH   },
    { "same_month",   LINKAGE_SAME_MONTH  },
    { "same_year",    LINKAGE_SAME_YEAR   },
    { "same_day",     LINKAGE_SAME_DAY    },
    { "within",       LINKAGE_WITHIN      },
    { "ratio",        LINKAGE_RATIO       },
};
static const cyaml_strval_t parts[] = {
    {"whole",  LINKAGE_WHOLE},
    { "first", LINKAGE_FIRST},
    { "last",  LINKAGE_LAST },
    { "each",  LINKAGE_EACH },
};

static const cyaml_schema_field_t column_fields[] = {
    NAME("name", struct link_column, name),
    CYAML_FIELD_ENUM("kind", CYAML_FLAG_OPTIONAL, struct link_column, kind, kinds, CYAML_ARRAY_LEN(kinds)),
    MAY_LIST("from", struct link_column, from, &text_schema),
    CYAML_FIELD_FLAGS("clean", CYAML_FLAG_OPTIONAL, struct link_column, clean, cleanings, CYAML_ARRAY_LEN(cleanings)),
    CYAML_FIELD_STRING_PTR("separator", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct link_column, separator, 1, 1),
    MAY_LIST("missing", struct link_column, missing, &text_schema),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t column_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct link_column, column_fields),
};

static const cyaml_schema_field_t test_fields[] = {
    CYAML_FIELD_ENUM("test", CYAML_FLAG_DEFAULT, struct link_test, kind, tests, CYAML_ARRAY_LEN(tests)),
    NAME("column", struct link_test, column),
    MAY_NAME("other", struct link_test, other),
    MAY_NUMBER("limit", struct link_test, limit),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t test_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct link_test, test_fields),
};

static const cyaml_schema_field_t level_fields[] = {
    NAME("name", struct link_level, name),
    MAY_LIST("tests", struct link_level, tests, &test_schema),
    MAY_NAME("frequency", struct link_level, frequency),
    MAY_NUMBER("frequency_weight", struct link_level, frequency_weight),
    MAY_SAY("veto", struct link_level, is_veto),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t level_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct link_level, level_fields),
};

static const cyaml_schema_field_t comparison_fields[] = {
    NAME("name", struct link_comparison, name),
    MAY_LIST("levels", struct link_comparison, levels, &level_schema),
    MAY_SAY("unordered", struct link_comparison, is_unordered),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t comparison_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct link_comparison, comparison_fields),
};

static const cyaml_schema_field_t part_fields[] = {
    NAME("column", struct link_part, column),
    CYAML_FIELD_ENUM("part", CYAML_FLAG_OPTIONAL, struct link_part, part, parts, CYAML_ARRAY_LEN(parts)),
    MAY_COUNT("count", struct link_part, count),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t part_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct link_part, part_fields),
};

static const cyaml_schema_field_t rule_fields[] = {
    NAME("name", struct link_rule, name),
    MAY_LIST("parts", struct link_rule, parts, &part_schema),
    MAY_SAY("any_order", struct link_rule, in_any_order),
    MAY_COUNT("hot", struct link_rule, hot),
    CYAML_FIELD_END,
};
static const cyaml_schema_value_t rule_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct link_rule, rule_fields),
};

static const cyaml_schema_field_t training_fields[] = {
    MAY_LIST("strict", struct link_training, strict, &rule_schema),
    CYAML_FIELD_FLOAT("recall", CYAML_FLAG_DEFAULT, struct link_training, recall),
    MAY_LIST("rules", struct link_training, rules, &text_schema),
    MAY_COUNT("random_pairs", struct link_training, random_pairs),
    MAY_COUNT("rule_pairs", struct link_training, rule_pairs),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t clusters_fields[] = {
    CYAML_FIELD_FLOAT("join_probability", CYAML_FLAG_DEFAULT, struct link_clusters, join_probability),
    CYAML_FIELD_FLOAT("mean_bits", CYAML_FLAG_DEFAULT, struct link_clusters, mean_bits),
    MAY_NUMBER("size_bits", struct link_clusters, size_bits),
    MAY_NUMBER("clip_bits", struct link_clusters, clip_bits),
    MAY_COUNT("size_max", struct link_clusters, size_max),
    MAY_SAY("one_per_source", struct link_clusters, one_per_source),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t person_fields[] = {
    NAME("name", struct link_person, name),
    MAY_NAME("former_names", struct link_person, former_names),
    MAY_NAME("id_type", struct link_person, id_type),
    MAY_NAME("id_number", struct link_person, id_number),
    MAY_NAME("sex", struct link_person, sex),
    MAY_NAME("birth_date", struct link_person, birth_date),
    MAY_NAME("birth_calendar", struct link_person, birth_calendar),
    MAY_NAME("phones", struct link_person, phones),
    MAY_NAME("household", struct link_person, household),
    MAY_NAME("address", struct link_person, address),
    MAY_NAME("area_code", struct link_person, area_code),
    MAY_NAME("school", struct link_person, school),
    MAY_NAME("guardians", struct link_person, guardians),
    NAME("model", struct link_person, model),
    CYAML_FIELD_END,
};

#define MAY_MAPPING(key, member, fields)                                                                               \
    CYAML_FIELD_MAPPING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct link_config, member, fields)

static const cyaml_schema_field_t config_fields[] = {
    CYAML_FIELD_UINT("version", CYAML_FLAG_DEFAULT, struct link_config, version),
    NAME("id", struct link_config, id),
    MAY_NAME("source", struct link_config, source),
    MAY_SAY("between_sources", struct link_config, between_sources),
    CYAML_FIELD_FLOAT("report_probability", CYAML_FLAG_DEFAULT, struct link_config, report_probability),
    MAY_LIST("columns", struct link_config, columns, &column_schema),
    MAY_LIST("comparisons", struct link_config, comparisons, &comparison_schema),
    MAY_LIST("blocking", struct link_config, blocking, &rule_schema),
    MAY_MAPPING("training", training, training_fields),
    MAY_MAPPING("clusters", clusters, clusters_fields),
    MAY_MAPPING("person", person, person_fields),
    CYAML_FIELD_END,
};

const cyaml_schema_value_t link_config_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct link_config, config_fields),
};
