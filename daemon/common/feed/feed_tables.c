/* The fields of every type that is served; the shared blocks are in feed_tables_person.c.
 * Rules that look at several fields at once are in feed_policy.c. */
#include "daemon/common/feed/feed_tables.h"

#include "daemon/common/feed/feed_tables_shared.h"

static const struct field_word circumstance_words[] = {
    {"left_behind",          CIRCUMSTANCE_LEFT_BEHIND        },
    { "single_parent",       CIRCUMSTANCE_SINGLE_PARENT      },
    { "orphan",              CIRCUMSTANCE_ORPHAN             },
    { "de_facto_unattended", CIRCUMSTANCE_DE_FACTO_UNATTENDED},
    { "disabled",            CIRCUMSTANCE_DISABLED           },
    { "other_hardship",      CIRCUMSTANCE_OTHER_HARDSHIP     },
    { NULL,                  0                               },
};

static const struct field_word guardian_role_words[] = {
    {"parent",     FEED_GUARDIAN_PARENT   },
    { "entrusted", FEED_GUARDIAN_ENTRUSTED},
    { NULL,        0                      },
};

static const struct field_word child_status_words[] = {
    {"active", CHILD_ACTIVE},
    { "ended", CHILD_ENDED },
    { NULL,    0           },
};

static const struct field_word school_kind_words[] = {
    {"primary",        FEED_SCHOOL_PRIMARY      },
    { "kindergarten",  FEED_SCHOOL_KINDERGARTEN },
    { "junior_middle", FEED_SCHOOL_JUNIOR_MIDDLE},
    { "senior_middle", FEED_SCHOOL_SENIOR_MIDDLE},
    { "nine_year",     FEED_SCHOOL_NINE_YEAR    },
    { "vocational",    FEED_SCHOOL_VOCATIONAL   },
    { "special",       FEED_SCHOOL_SPECIAL      },
    { "other",         FEED_SCHOOL_OTHER        },
    { NULL,            0                        },
};

const struct field_word feed_disposition_words[] = {
    {"conviction",              DISPOSITION_CONVICTION            },
    { "non_prosecution",        DISPOSITION_NON_PROSECUTION       },
    { "administrative_penalty", DISPOSITION_ADMINISTRATIVE_PENALTY},
    { NULL,                     0                                 },
};

/* clang-format off */
static const struct field_word category_words[] = {
#define CATEGORY_WORD(code, word, refused) { word, code },
    POLICY_CATEGORIES(CATEGORY_WORD)
#undef CATEGORY_WORD
    { NULL, 0 },
};
/* clang-format on */

/* ---- child ---- */

#define AT(member) .offset = offsetof(struct feed_guardian, member)
/* clang-format off */
static const struct field guardian_fields[] = {
    { "person",   FIELD_OBJECT, true,  AT(person), .table = &feed_person_table                        },
    { "relation", FIELD_TEXT,   false, AT(relation), .limit = 30, .rule = "at most 30 characters"      },
    { "role",     FIELD_WORD,   true,  AT(role), .words = guardian_role_words                         },
    { "away",     FIELD_ANSWER, false, AT(away)                                                       },
};
/* clang-format on */
#undef AT

static void set_guardian_defaults(void *target)
{
    ((struct feed_guardian *)target)->away = ANSWER_UNKNOWN;
}

static const struct field_table guardian_table = { FIELDS(guardian_fields), sizeof(struct feed_guardian),
                                                   set_guardian_defaults, NO_PRESENCE, NULL };

#define AT(member) .offset = offsetof(struct feed_record, member)
/* clang-format off */
static const struct field child_fields[] = {
    { "person",        FIELD_OBJECT, true,  AT(person), .table = &feed_person_table                    },
    { "circumstances", FIELD_WORDS,  true,  AT(child.circumstances), .words = circumstance_words       },
    { "guardians",     FIELD_LIST,   false, AT(child.guardians), .table = &guardian_table, .maximum = 20,
      .count_offset = offsetof(struct feed_record, child.guardian_count)                               },
    { "status",        FIELD_WORD,   false, AT(child.status), .words = child_status_words              },
    { "until",         FIELD_DATE,   false, AT(child.until)                                            },
    { "shielded",      FIELD_FLAG,   false, AT(child.is_shielded)                                      },
};
/* clang-format on */

static void set_child_defaults(void *target)
{
    ((struct feed_record *)target)->child.status = CHILD_ACTIVE;
}

/* ---- enrolment ---- */

/* clang-format off */
static const struct field teacher_fields[] = {
    { "person", FIELD_OBJECT, true, .offset = 0, .table = &feed_person_table },
};
/* clang-format on */

static const struct field_table teacher_table = { FIELDS(teacher_fields), sizeof(struct person_block), NULL,
                                                  NO_PRESENCE, NULL };

/* clang-format off */
static const struct field enrolment_fields[] = {
    { "person",    FIELD_OBJECT,    true,  AT(person), .table = &feed_person_table                         },
    { "school_id", FIELD_REFERENCE, true,  AT(enrolment.school_id), .limit = 64, .rule = "at most 64 bytes" },
    { "grade",     FIELD_TEXT,      false, AT(enrolment.grade), .limit = 20, .rule = "at most 20 characters" },
    { "boarding",  FIELD_ANSWER,    false, AT(enrolment.boarding)                                          },
    { "teacher",   FIELD_OBJECT,    false, AT(enrolment.teacher), .table = &teacher_table                  },
    { "mentor",    FIELD_OBJECT,    false, AT(enrolment.mentor), .table = &teacher_table                   },
};
/* clang-format on */

static void set_enrolment_defaults(void *target)
{
    ((struct feed_record *)target)->enrolment.boarding = ANSWER_UNKNOWN;
}

/* ---- school, place ---- */

/* clang-format off */
static const struct field gate_fields[] = {
    { "name",     FIELD_TEXT,   false, .offset = offsetof(struct feed_gate, name), .limit = 50,
      .rule = "at most 50 characters"                                                                       },
    { "location", FIELD_OBJECT, true,  .offset = offsetof(struct feed_gate, location), .table = &feed_location_table },
};
/* clang-format on */

static const struct field_table gate_table = { FIELDS(gate_fields), sizeof(struct feed_gate), NULL, NO_PRESENCE, NULL };

/* clang-format off */
static const struct field school_fields[] = {
    { "school_id", FIELD_REFERENCE, true,  AT(school.school_id), .limit = 64, .rule = "at most 64 bytes"        },
    { "name",      FIELD_TEXT,      true,  AT(school.name), .limit = 100, .rule = "at most 100 characters"      },
    { "kind",      FIELD_WORD,      false, AT(school.kind), .words = school_kind_words                          },
    { "address",   FIELD_TEXT,      true,  AT(school.address), .limit = 300, .rule = "at most 300 characters"   },
    { "area_code", FIELD_AREA_CODE, false, AT(school.area_code), .limit = 12                                    },
    { "location",  FIELD_OBJECT,    false, AT(school.location), .table = &feed_location_table                   },
    { "gates",     FIELD_LIST,      false, AT(school.gates), .table = &gate_table, .maximum = 20,
      .count_offset = offsetof(struct feed_record, school.gate_count)                                           },
};
/* clang-format on */

/* clang-format off */
static const struct field place_fields[] = {
    { "place_id",        FIELD_REFERENCE, true,  AT(place.place_id), .limit = 64, .rule = "at most 64 bytes"        },
    { "address",         FIELD_TEXT,      true,  AT(place.address), .limit = 300, .rule = "at most 300 characters"  },
    { "area_code",       FIELD_AREA_CODE, false, AT(place.area_code), .limit = 12                                   },
    { "location",        FIELD_OBJECT,    false, AT(place.location), .table = &feed_location_table                  },
    { "parent_place_id", FIELD_REFERENCE, false, AT(place.parent_place_id), .limit = 64, .rule = "at most 64 bytes" },
};
/* clang-format on */

static void set_school_defaults(void *target)
{
    ((struct feed_record *)target)->school.kind = FEED_SCHOOL_OTHER;
}

/* ---- risk ---- */

/* clang-format off */
static const struct field workplace_fields[] = {
    { "address",  FIELD_TEXT,   false, .offset = offsetof(struct feed_workplace, address), .limit = 300,
      .rule = "at most 300 characters"                                                             },
    { "unit",     FIELD_TEXT,   false, .offset = offsetof(struct feed_workplace, unit), .limit = 100,
      .rule = "at most 100 characters"                                                             },
    { "location", FIELD_OBJECT, false, .offset = offsetof(struct feed_workplace, location),
      .table = &feed_location_table                                                                },
};
/* clang-format on */

static const struct field_table workplace_table = { FIELDS(workplace_fields), sizeof(struct feed_workplace), NULL,
                                                    NO_PRESENCE, NULL };

/* `sealed` and `contains_sealed` are read before anything else and never reach this table as true. */
/* clang-format off */
static const struct field risk_fields[] = {
    { "person",          FIELD_OBJECT,    true,  AT(person), .table = &feed_person_table                             },
    { "category",        FIELD_WORD,      true,  AT(risk.category), .words = category_words                          },
    { "case_ref",        FIELD_TEXT,      false, AT(risk.case_ref), .limit = 100, .rule = "at most 100 characters"   },
    { "offence_date",    FIELD_DATE,      false, AT(risk.offence_date)                                               },
    { "judgment_date",   FIELD_DATE,      false, AT(risk.judgment_date)                                              },
    { "disposition",     FIELD_WORD,      false, AT(risk.disposition), .words = feed_disposition_words               },
    { "sentence_months", FIELD_WHOLE,     false, AT(risk.sentence_months), .minimum = 0, .maximum = 1200,
      .rule = "0 to 1200"                                                                                            },
    { "victim_minor",    FIELD_ANSWER,    false, AT(risk.victim_minor)                                               },
    { "victim_pupil",    FIELD_ANSWER,    false, AT(risk.victim_pupil)                                               },
    { "contains_sealed", FIELD_FLAG,      false, AT(says_sealed)                                                    },
    { "released_on",     FIELD_DATE,      false, AT(risk.released_on)                                                },
    { "term_end",        FIELD_DATE,      false, AT(risk.term_end)                                                   },
    { "since",           FIELD_DATE,      false, AT(risk.since)                                                      },
    { "until",           FIELD_DATE,      false, AT(risk.until)                                                      },
    { "authority",       FIELD_TEXT,      false, AT(risk.authority), .limit = 100, .rule = "at most 100 characters"  },
    { "workplace",       FIELD_OBJECT,    false, AT(risk.workplace), .table = &workplace_table                       },
    { "sealed",          FIELD_FLAG,      false, AT(says_sealed)                                                    },
    { "owner",           FIELD_TEXT,      false, AT(risk.owner), .limit = 100, .rule = "at most 100 characters"      },
};
/* clang-format on */

static void set_risk_defaults(void *target)
{
    struct feed_risk *risk = &((struct feed_record *)target)->risk;

    risk->sentence_months = -1;
    risk->victim_minor    = ANSWER_UNKNOWN;
    risk->victim_pupil    = ANSWER_UNKNOWN;
}

#undef AT

/* clang-format off */
static const struct field_table tables[FEED_TYPE_COUNT] = {
    [FEED_CHILD]     = { FIELDS(child_fields),     sizeof(struct feed_record), set_child_defaults,     NO_PRESENCE, NULL },
    [FEED_ENROLMENT] = { FIELDS(enrolment_fields), sizeof(struct feed_record), set_enrolment_defaults, NO_PRESENCE, NULL },
    [FEED_SCHOOL]    = { FIELDS(school_fields),    sizeof(struct feed_record), set_school_defaults,    NO_PRESENCE, NULL },
    [FEED_PLACE]     = { FIELDS(place_fields),     sizeof(struct feed_record), NULL,                   NO_PRESENCE, NULL },
    [FEED_RISK]      = { FIELDS(risk_fields),      sizeof(struct feed_record), set_risk_defaults,      NO_PRESENCE, NULL },
};
/* clang-format on */

const struct field_table *feed_table_of(enum feed_type type)
{
    static const struct field_table *(*const others[])(
        enum feed_type) = { feed_table_of_concern, feed_table_of_care, feed_table_of_frame, feed_table_of_emergency };
    const struct field_table *found = tables[type].fields != NULL ? &tables[type] : NULL;

    for (size_t i = 0; found == NULL && i < sizeof others / sizeof others[0]; i++)
        found = others[i](type);
    return found;
}
