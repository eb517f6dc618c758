/* The fields of who is with children besides their family: staff, entrusted persons, volunteers.
 * Reads nothing; feed_field.c walks the tables. */
#include "daemon/common/feed/feed_tables_shared.h"

/* clang-format off */
static const struct field_word unit_kind_words[] = {
    { "other",          FEED_UNIT_OTHER          },
    { "school",         FEED_UNIT_SCHOOL         },
    { "kindergarten",   FEED_UNIT_KINDERGARTEN   },
    { "training",       FEED_UNIT_TRAINING       },
    { "childrens_home", FEED_UNIT_CHILDRENS_HOME },
    { "volunteers",     FEED_UNIT_VOLUNTEERS     },
    { "medical",        FEED_UNIT_MEDICAL        },
    { "hotel",          FEED_UNIT_HOTEL          },
    { "venue",          FEED_UNIT_VENUE          },
    { NULL,             0                        },
};

static const struct field_word role_words[] = {
    { "other",     FEED_ROLE_OTHER     },
    { "teacher",   FEED_ROLE_TEACHER   },
    { "caregiver", FEED_ROLE_CAREGIVER },
    { "volunteer", FEED_ROLE_VOLUNTEER },
    { "manager",   FEED_ROLE_MANAGER   },
    { "service",   FEED_ROLE_SERVICE   },
    { NULL,        0                   },
};

static const struct field_word document_kind_words[] = {
    { "duties",      FEED_DOCUMENT_DUTIES      },
    { "must_nots",   FEED_DOCUMENT_MUST_NOTS   },
    { "promise",     FEED_DOCUMENT_PROMISE     },
    { "entrustment", FEED_DOCUMENT_ENTRUSTMENT },
    { NULL,          0                         },
};

#define AT(member) .offset = offsetof(struct feed_record, member)
static const struct field staff_fields[] = {
    { "person",     FIELD_OBJECT,    true,  AT(person), .table = &feed_person_table                              },
    { "unit",       FIELD_TEXT,      true,  AT(staff.unit), .limit = 100, .rule = "at most 100 characters"       },
    { "unit_id",    FIELD_REFERENCE, false, AT(staff.unit_id), .limit = 64, .rule = "at most 64 bytes"           },
    { "unit_kind",  FIELD_WORD,      true,  AT(staff.unit_kind), .words = unit_kind_words                        },
    { "role",       FIELD_WORD,      true,  AT(staff.role), .words = role_words                                  },
    { "from",       FIELD_DATE,      false, AT(staff.from)                                                       },
    { "to",         FIELD_DATE,      false, AT(staff.to)                                                         },
    { "checked_on", FIELD_DATE,      false, AT(staff.checked_on)                                                 },
};
/* clang-format on */

static bool check_staff(struct field_reading *reading, const void *target)
{
    const struct feed_staff *staff = &((const struct feed_record *)target)->staff;

    return feed_check_order(reading, staff->from, staff->to, "to");
}

/* ---- the papers of a guardian ---- */

/* clang-format off */
static const struct field someone_fields[] = {
    { "person", FIELD_OBJECT, true, .offset = 0, .table = &feed_person_table },
};

static const struct field_table someone_table = { FIELDS(someone_fields), sizeof(struct person_block), NULL,
                                                  NO_PRESENCE, NULL };

static const struct field document_fields[] = {
    { "person",    FIELD_OBJECT, true,  AT(person), .table = &feed_person_table                  },
    { "kind",      FIELD_WORD,   true,  AT(guardian_document.kind), .words = document_kind_words },
    { "signed",    FIELD_DATE,   false, AT(guardian_document.signed_on)                          },
    { "until",     FIELD_DATE,   false, AT(guardian_document.until)                              },
    { "entrusted", FIELD_OBJECT, false, AT(guardian_document.entrusted), .table = &someone_table },
};
/* clang-format on */

/* The paper that entrusts a child names to whom. */
static bool check_document(struct field_reading *reading, const void *target)
{
    const struct feed_guardian_document *document = &((const struct feed_record *)target)->guardian_document;

    if (document->kind == FEED_DOCUMENT_ENTRUSTMENT && !document->entrusted.is_present)
        return field_fault(reading, "missing_field", "entrusted", "required of an entrustment");
    return feed_check_order(reading, document->signed_on, document->until, "until");
}

/* ---- a child's team ---- */

/* clang-format off */
static const struct field volunteer_fields[] = {
    { "person", FIELD_OBJECT, true,  .offset = offsetof(struct feed_volunteer, person), .table = &feed_person_table },
    { "unit",   FIELD_TEXT,   false, .offset = offsetof(struct feed_volunteer, unit), .limit = 100,
      .rule = "at most 100 characters"                                                                              },
};

static const struct field_table volunteer_table = { FIELDS(volunteer_fields), sizeof(struct feed_volunteer), NULL,
                                                    NO_PRESENCE, NULL };

static const struct field assignment_fields[] = {
    { "person",     FIELD_OBJECT,    true,  AT(person), .table = &feed_person_table                                  },
    { "volunteers", FIELD_LIST,      true,  AT(care_assignment.volunteers), .table = &volunteer_table, .maximum = 20,
      .count_offset = offsetof(struct feed_record, care_assignment.volunteer_count)                                  },
    { "mentor",     FIELD_OBJECT,    false, AT(care_assignment.mentor), .table = &someone_table                      },
    { "plan",       FIELD_REFERENCE, false, AT(care_assignment.plan), .limit = 64, .rule = "at most 64 bytes"        },
    { "from",       FIELD_DATE,      false, AT(care_assignment.from)                                                 },
    { "to",         FIELD_DATE,      false, AT(care_assignment.to)                                                   },
};
/* clang-format on */

static bool check_assignment(struct field_reading *reading, const void *target)
{
    const struct feed_care_assignment *assignment = &((const struct feed_record *)target)->care_assignment;

    return feed_check_order(reading, assignment->from, assignment->to, "to");
}

/* clang-format off */
static const struct field_table tables[FEED_TYPE_COUNT] = {
    [FEED_STAFF]             = { FIELDS(staff_fields),      sizeof(struct feed_record), NULL, NO_PRESENCE, check_staff      },
    [FEED_GUARDIAN_DOCUMENT] = { FIELDS(document_fields),   sizeof(struct feed_record), NULL, NO_PRESENCE, check_document   },
    [FEED_CARE_ASSIGNMENT]   = { FIELDS(assignment_fields), sizeof(struct feed_record), NULL, NO_PRESENCE, check_assignment },
};
#undef AT
/* clang-format on */

const struct field_table *feed_table_of_care(enum feed_type type)
{
    return tables[type].fields != NULL ? &tables[type] : NULL;
}
