/* The fields of what cannot wait: sos, report, lodging.
 * Reads nothing; feed_field.c walks the tables, and the courier judges. */
#include "daemon/common/feed/feed_tables_shared.h"

/* clang-format off */
static const struct field_word signal_words[] = {
    { "alarm",     FEED_SOS_ALARM     },
    { "heartbeat", FEED_SOS_HEARTBEAT },
    { NULL,        0                  },
};

static const struct field_word kin_words[] = {
    { "unknown",     FEED_KIN_UNKNOWN     },
    { "parent",      FEED_KIN_PARENT      },
    { "guardian",    FEED_KIN_GUARDIAN    },
    { "grandparent", FEED_KIN_GRANDPARENT },
    { "sibling",     FEED_KIN_SIBLING     },
    { "other_kin",   FEED_KIN_OTHER       },
    { "none",        FEED_KIN_NONE        },
    { NULL,          0                    },
};

static const struct field_word condition_words[] = {
    { "normal",      FEED_CONDITION_NORMAL      },
    { "intoxicated", FEED_CONDITION_INTOXICATED },
    { "unconscious", FEED_CONDITION_UNCONSCIOUS },
    { "hurt",        FEED_CONDITION_HURT        },
    { NULL,          0                          },
};

#define AT(member) .offset = offsetof(struct feed_spot, member)
static const struct field spot_fields[] = {
    { "address",   FIELD_TEXT,      false, AT(address), .limit = 300, .rule = "at most 300 characters" },
    { "area_code", FIELD_AREA_CODE, false, AT(area_code), .limit = 12                                  },
    { "location",  FIELD_OBJECT,    false, AT(location), .table = &feed_location_table                 },
};
#undef AT
/* clang-format on */

static const struct field_table spot_table = { FIELDS(spot_fields), sizeof(struct feed_spot), NULL, NO_PRESENCE, NULL };

/* clang-format off */
static const struct field someone_fields[] = {
    { "person", FIELD_OBJECT, true, .offset = 0, .table = &feed_person_table },
};
/* clang-format on */

static const struct field_table someone_table = { FIELDS(someone_fields), sizeof(struct person_block), NULL,
                                                  NO_PRESENCE, NULL };

/* clang-format off */
#define AT(member) .offset = offsetof(struct feed_record, member)
static const struct field sos_fields[] = {
    { "device_id", FIELD_REFERENCE, true,  AT(sos.device_id), .limit = 64, .rule = "at most 64 bytes"   },
    { "child_ref", FIELD_REFERENCE, false, AT(sos.child_ref), .limit = 128, .rule = "at most 128 bytes" },
    { "signal",    FIELD_WORD,      false, AT(sos.signal), .words = signal_words                        },
    { "location",  FIELD_OBJECT,    false, AT(sos.place.location), .table = &feed_location_table        },
    { "area_code", FIELD_AREA_CODE, false, AT(sos.place.area_code), .limit = 12                         },
    { "raised",    FIELD_TIME,      true,  AT(sos.raised_us)                                            },
};

static const struct field report_fields[] = {
    { "child",        FIELD_OBJECT, false, AT(report.child), .table = &someone_table                                },
    { "at_risk",      FIELD_ANSWER, false, AT(report.at_risk)                                                       },
    { "place",        FIELD_OBJECT, false, AT(report.place), .table = &spot_table                                   },
    { "reported_at",  FIELD_TIME,   true,  AT(report.reported_at_us)                                                },
    { "reporter_ref", FIELD_TEXT,   false, AT(report.reporter_ref), .limit = 100, .rule = "at most 100 characters" },
};

static const struct field companion_fields[] = {
    { "person",   FIELD_OBJECT, true,  .offset = offsetof(struct feed_companion, person), .table = &feed_person_table },
    { "relation", FIELD_WORD,   false, .offset = offsetof(struct feed_companion, relation), .words = kin_words        },
};
/* clang-format on */

static const struct field_table companion_table = { FIELDS(companion_fields), sizeof(struct feed_companion), NULL,
                                                    NO_PRESENCE, NULL };

/* clang-format off */
static const struct field lodging_fields[] = {
    { "minor",      FIELD_OBJECT,    true,  AT(lodging.minor), .table = &someone_table                          },
    { "companions", FIELD_LIST,      false, AT(lodging.companions), .table = &companion_table, .maximum = 20,
      .count_offset = offsetof(struct feed_record, lodging.companion_count), .rule = "at most 20 items"         },
    { "venue_id",   FIELD_REFERENCE, true,  AT(lodging.venue_id), .limit = 64, .rule = "at most 64 bytes"       },
    { "place",      FIELD_OBJECT,    false, AT(lodging.place), .table = &spot_table                             },
    { "condition",  FIELD_WORD,      false, AT(lodging.condition), .words = condition_words                     },
    { "at",         FIELD_TIME,      true,  AT(lodging.at_us)                                                   },
};
#undef AT
/* clang-format on */

static void set_report_defaults(void *target)
{
    ((struct feed_record *)target)->report.at_risk = ANSWER_UNKNOWN;
}

static const struct field_table tables[FEED_TYPE_COUNT] = {
    [FEED_SOS]     = {FIELDS(sos_fields),      sizeof(struct feed_record), NULL,                NO_PRESENCE, NULL},
    [FEED_REPORT]  = { FIELDS(report_fields),  sizeof(struct feed_record), set_report_defaults, NO_PRESENCE, NULL},
    [FEED_LODGING] = { FIELDS(lodging_fields), sizeof(struct feed_record), NULL,                NO_PRESENCE, NULL},
};

const struct field_table *feed_table_of_emergency(enum feed_type type)
{
    return tables[type].fields != NULL ? &tables[type] : NULL;
}
