/* The fields of what follows a judgment: seals, orders, events, objections and their answers.
 * Reads nothing; feed_field.c walks the tables. */
#include "daemon/common/feed/feed_tables_shared.h"

/* clang-format off */
const struct field_word feed_type_words[] = {
#define TYPE_WORD(code, word, enabled, emergency) { word, code },
    FEED_TYPES(TYPE_WORD)
#undef TYPE_WORD
    { NULL, 0 },
};

static const struct field_word order_kind_words[] = {
    { "prohibition",    FEED_ORDER_PROHIBITION    },
    { "occupation_ban", FEED_ORDER_OCCUPATION_BAN },
    { NULL,             0                         },
};

static const struct field_word scope_words[] = {
    { "schools",       FEED_SCOPE_SCHOOLS       },
    { "minors_venues", FEED_SCOPE_MINORS_VENUES },
    { "places",        FEED_SCOPE_PLACES        },
    { "victim",        FEED_SCOPE_VICTIM        },
    { "care_work",     FEED_SCOPE_CARE_WORK     },
    { NULL,            0                        },
};

static const struct field_word event_words[] = {
    { "release",       FEED_EVENT_RELEASE       },
    { "move",          FEED_EVENT_MOVE          },
    { "term_end",      FEED_EVENT_TERM_END      },
    { "death",         FEED_EVENT_DEATH         },
    { "appeal_upheld", FEED_EVENT_APPEAL_UPHELD },
    { NULL,            0                        },
};

static const struct field_word claimant_words[] = {
    { "person",   FEED_BY_PERSON   },
    { "guardian", FEED_BY_GUARDIAN },
    { "post",     FEED_BY_POST     },
    { "owner",    FEED_BY_OWNER    },
    { NULL,       0                },
};

static const struct field_word ground_words[] = {
    { "not_this_person", FEED_GROUND_NOT_THIS_PERSON },
    { "wrong_address",   FEED_GROUND_WRONG_ADDRESS   },
    { "wrong_fact",      FEED_GROUND_WRONG_FACT      },
    { "out_of_date",     FEED_GROUND_OUT_OF_DATE     },
    { "no_basis",        FEED_GROUND_NO_BASIS        },
    { NULL,              0                           },
};

static const struct field_word request_words[] = {
    { "correct", FEED_ASKS_CORRECT },
    { "split",   FEED_ASKS_SPLIT   },
    { "erase",   FEED_ASKS_ERASE   },
    { NULL,      0                 },
};

static const struct field_word ruling_words[] = {
    { "upheld",   FEED_RULING_UPHELD   },
    { "rejected", FEED_RULING_REJECTED },
    { NULL,       0                    },
};

/* ---- a record named by another ---- */

#define AT(member) .offset = offsetof(struct feed_reference, member)
static const struct field reference_fields[] = {
    { "source",  FIELD_REFERENCE, false, AT(source), .limit = 256, .rule = "at most 256 bytes"  },
    { "type",    FIELD_WORD,      false, AT(type), .words = feed_type_words                     },
    { "subject", FIELD_REFERENCE, true,  AT(subject), .limit = 128, .rule = "at most 128 bytes" },
};
#undef AT
/* clang-format on */

static void set_reference_defaults(void *target)
{
    ((struct feed_reference *)target)->type = FEED_RISK;
}

static const struct field_table reference_table = { FIELDS(reference_fields), sizeof(struct feed_reference),
                                                    set_reference_defaults, NO_PRESENCE, NULL };

/* ---- order ---- */

#define AT(member) .offset = offsetof(struct feed_barred_place, member)
/* clang-format off */
static const struct field barred_place_fields[] = {
    { "address",   FIELD_TEXT,      true,  AT(address), .limit = 300, .rule = "at most 300 characters"             },
    { "area_code", FIELD_AREA_CODE, false, AT(area_code), .limit = 12                                              },
    { "location",  FIELD_OBJECT,    false, AT(location), .table = &feed_location_table                             },
    { "radius_m",  FIELD_WHOLE,     false, AT(radius_m), .minimum = 0, .maximum = 5000, .rule = "0 to 5000"        },
};
#undef AT
/* clang-format on */

static const struct field_table barred_place_table = { FIELDS(barred_place_fields), sizeof(struct feed_barred_place),
                                                       NULL, NO_PRESENCE, NULL };

#define AT(member) .offset = offsetof(struct feed_record, member)
/* clang-format off */
static const struct field order_fields[] = {
    { "person",        FIELD_OBJECT, true,  AT(person), .table = &feed_person_table                                 },
    { "kind",          FIELD_WORD,   true,  AT(order.kind), .words = order_kind_words                               },
    { "scope",         FIELD_WORDS,  true,  AT(order.scope), .words = scope_words                                   },
    { "places",        FIELD_LIST,   false, AT(order.places), .table = &barred_place_table, .maximum = 20,
      .count_offset = offsetof(struct feed_record, order.place_count)                                               },
    { "approved_home", FIELD_OBJECT, false, AT(order.approved_home), .table = &barred_place_table                   },
    { "from",          FIELD_DATE,   true,  AT(order.from)                                                          },
    { "to",            FIELD_DATE,   false, AT(order.to)                                                            },
    { "judgment",      FIELD_TEXT,   true,  AT(order.judgment), .limit = 100, .rule = "at most 100 characters"      },
};
/* clang-format on */

bool feed_check_order(struct field_reading *reading, struct feed_date from, struct feed_date to, const char *to_name)
{
    const struct policy_date first = feed_date_range(from), last = feed_date_range(to);

    if (first.earliest_day == POLICY_DAY_UNKNOWN || last.latest_day == POLICY_DAY_UNKNOWN ||
        last.latest_day >= first.earliest_day)
        return true;
    return field_fault(reading, "dates_reversed", to_name, "not before the first day");
}

/* Every order of a person of concern has an end; only a ban from work with minors may last for life. */
static bool check_order(struct field_reading *reading, const void *target)
{
    const struct feed_order *order = &((const struct feed_record *)target)->order;

    if (order->scope == 0)
        return field_fault(reading, "missing_field", "scope", "at least one word");
    if (order->kind == FEED_ORDER_PROHIBITION && order->to.year == 0)
        return field_fault(reading, "missing_field", "to", "required of a prohibition");
    if ((order->scope & FEED_SCOPE_PLACES) != 0 && order->place_count == 0)
        return field_fault(reading, "missing_field", "places", "required by the scope");
    return feed_check_order(reading, order->from, order->to, "to");
}

/* ---- events, objections, corrections ---- */

/* clang-format off */
static const struct field risk_status_fields[] = {
    { "person",   FIELD_OBJECT, true,  AT(person), .table = &feed_person_table                                    },
    { "event",    FIELD_WORD,   true,  AT(risk_status.event), .words = event_words                                },
    { "on",       FIELD_DATE,   true,  AT(risk_status.on)                                                         },
    { "case_ref", FIELD_TEXT,   false, AT(risk_status.case_ref), .limit = 100, .rule = "at most 100 characters"   },
    { "record",   FIELD_OBJECT, false, AT(risk_status.record), .table = &reference_table                          },
};

static const struct field objection_fields[] = {
    { "record", FIELD_OBJECT, true,  AT(objection.record), .table = &reference_table },
    { "other",  FIELD_OBJECT, false, AT(objection.other), .table = &reference_table  },
    { "by",     FIELD_WORD,   true,  AT(objection.by), .words = claimant_words       },
    { "ground", FIELD_WORD,   true,  AT(objection.ground), .words = ground_words     },
    { "asks",   FIELD_WORD,   true,  AT(objection.asks), .words = request_words      },
    { "on",     FIELD_DATE,   true,  AT(objection.on)                                },
};

static const struct field correction_fields[] = {
    { "objection", FIELD_OBJECT, false, AT(correction.objection), .table = &reference_table                       },
    { "record",    FIELD_OBJECT, true,  AT(correction.record), .table = &reference_table                          },
    { "other",     FIELD_OBJECT, false, AT(correction.other), .table = &reference_table                           },
    { "by",        FIELD_WORD,   true,  AT(correction.by), .words = claimant_words                                },
    { "ground",    FIELD_WORD,   true,  AT(correction.ground), .words = ground_words                              },
    { "asks",      FIELD_WORD,   true,  AT(correction.asks), .words = request_words                               },
    { "ruling",    FIELD_WORD,   true,  AT(correction.ruling), .words = ruling_words                              },
    { "on",        FIELD_DATE,   true,  AT(correction.on)                                                         },
    { "reason",    FIELD_TEXT,   false, AT(correction.reason), .limit = 100, .rule = "at most 100 characters"     },
};
/* clang-format on */

static bool check_split(struct field_reading *reading, enum feed_request asks, const struct feed_reference *other)
{
    if (asks == FEED_ASKS_SPLIT && other->subject.bytes == NULL)
        return field_fault(reading, "missing_field", "other", "required of a split");
    return true;
}

static bool check_objection(struct field_reading *reading, const void *target)
{
    const struct feed_objection *objection = &((const struct feed_record *)target)->objection;

    return check_split(reading, objection->asks, &objection->other);
}

/* A rejection is answered in writing (DOMAIN.md C.3). */
static bool check_correction(struct field_reading *reading, const void *target)
{
    const struct feed_correction *correction = &((const struct feed_record *)target)->correction;

    if (correction->ruling == FEED_RULING_REJECTED && correction->reason.bytes == NULL)
        return field_fault(reading, "missing_field", "reason", "required of a rejection");
    return check_split(reading, correction->asks, &correction->other);
}

/* ---- seal ---- */

/* clang-format off */
static const struct field seal_fields[] = {
    { "record",    FIELD_OBJECT, true, AT(seal.record), .table = &reference_table                                   },
    { "effective", FIELD_DATE,   true, AT(seal.effective)                                                           },
    { "document",  FIELD_TEXT,   true, AT(seal.document), .limit = 100, .rule = "at most 100 characters"            },
};

static const struct field_table tables[FEED_TYPE_COUNT] = {
    [FEED_SEAL]        = { FIELDS(seal_fields),        sizeof(struct feed_record), NULL, NO_PRESENCE, NULL             },
    [FEED_ORDER]       = { FIELDS(order_fields),       sizeof(struct feed_record), NULL, NO_PRESENCE, check_order      },
    [FEED_RISK_STATUS] = { FIELDS(risk_status_fields), sizeof(struct feed_record), NULL, NO_PRESENCE, NULL             },
    [FEED_OBJECTION]   = { FIELDS(objection_fields),   sizeof(struct feed_record), NULL, NO_PRESENCE, check_objection  },
    [FEED_CORRECTION]  = { FIELDS(correction_fields),  sizeof(struct feed_record), NULL, NO_PRESENCE, check_correction },
};
#undef AT
/* clang-format on */

const struct field_table *feed_table_of_concern(enum feed_type type)
{
    return tables[type].fields != NULL ? &tables[type] : NULL;
}
