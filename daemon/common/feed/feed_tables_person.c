/* The person block of FEEDS.md and what is inside it, as tables.
 * Normalises no name, number or address: matchers do. */
#include "daemon/common/feed/feed_tables_shared.h"

static const struct field_word id_type_words[] = {
    {"resident_id",           FEED_ID_RESIDENT            },
    { "foreign_resident_id",  FEED_ID_FOREIGN_RESIDENT    },
    { "hmt_residence_permit", FEED_ID_HMT_RESIDENCE_PERMIT},
    { "passport",             FEED_ID_PASSPORT            },
    { "birth_certificate",    FEED_ID_BIRTH_CERTIFICATE   },
    { "none",                 FEED_ID_NONE                },
    { NULL,                   0                           },
};

/* The digits are GB/T 2261.1: 0 not known, 9 not stated. */
static const struct field_word sex_words[] = {
    {"female",   SEX_FEMALE },
    { "male",    SEX_MALE   },
    { "unknown", SEX_UNKNOWN},
    { "0",       SEX_UNKNOWN},
    { "1",       SEX_MALE   },
    { "2",       SEX_FEMALE },
    { "9",       SEX_UNKNOWN},
    { NULL,      0          },
};

static const struct field_word calendar_words[] = {
    {"solar",  FEED_CALENDAR_SOLAR},
    { "lunar", FEED_CALENDAR_LUNAR},
    { NULL,    0                  },
};

static const struct field_word crs_words[] = {
    {"CGCS2000", FEED_CRS_CGCS2000},
    { "WGS84",   FEED_CRS_WGS84   },
    { "GCJ02",   FEED_CRS_GCJ02   },
    { "BD09",    FEED_CRS_BD09    },
    { NULL,      0                },
};

static const struct field_word residence_kind_words[] = {
    {"living",     FEED_RESIDENCE_LIVING   },
    { "rental",    FEED_RESIDENCE_RENTAL   },
    { "temporary", FEED_RESIDENCE_TEMPORARY},
    { "dormitory", FEED_RESIDENCE_DORMITORY},
    { "planned",   FEED_RESIDENCE_PLANNED  },
    { "other",     FEED_RESIDENCE_OTHER    },
    { NULL,        0                       },
};

static const char *word_of(const struct field_word *words, int value)
{
    while (words->word != NULL && (int)words->value != value)
        words++;
    return words->word;
}

const char *feed_residence_kind_word(enum feed_residence_kind kind)
{
    return word_of(residence_kind_words, (int)kind);
}

const char *feed_sex_word(enum policy_sex sex)
{
    return sex != SEX_UNKNOWN ? word_of(sex_words, (int)sex) : NULL;
}

/* A box around China with its islands: it catches swapped axes, zeros and foreign points, not border villages. */
#define AT(member) .offset = offsetof(struct feed_location, member)
/* clang-format off */
static const struct field location_fields[] = {
    { "lon",        FIELD_REAL, true,  AT(lon_degrees), .minimum = 73.0, .maximum = 135.5, .rule = "inside China: 73 to 135.5" },
    { "lat",        FIELD_REAL, true,  AT(lat_degrees), .minimum = 3.0, .maximum = 54.0, .rule = "inside China: 3 to 54"       },
    { "crs",        FIELD_WORD, true,  AT(crs), .words = crs_words                                                             },
    { "accuracy_m", FIELD_REAL, false, AT(accuracy_m), .minimum = 0, .maximum = 1000000, .rule = "0 to 1000000"                },
};
/* clang-format on */
#undef AT

static void set_location_defaults(void *target)
{
    ((struct feed_location *)target)->accuracy_m = -1;
}

const struct field_table feed_location_table = { FIELDS(location_fields), sizeof(struct feed_location),
                                                 set_location_defaults, NO_PRESENCE, NULL };

#define AT(member) .offset = offsetof(struct feed_residence, member)
/* clang-format off */
static const struct field residence_fields[] = {
    { "address",   FIELD_TEXT,      true,  AT(address), .limit = 300, .rule = "at most 300 characters" },
    { "as_of",     FIELD_DATE,      false, AT(as_of)                                                   },
    { "area_code", FIELD_AREA_CODE, false, AT(area_code), .limit = 12                                  },
    { "location",  FIELD_OBJECT,    false, AT(location), .table = &feed_location_table                 },
    { "kind",      FIELD_WORD,      false, AT(kind), .words = residence_kind_words                     },
};
/* clang-format on */
#undef AT

static const struct field_table residence_table = { FIELDS(residence_fields), sizeof(struct feed_residence), NULL,
                                                    NO_PRESENCE, NULL };

#define AT(member) .offset = offsetof(struct feed_registered, member)
/* clang-format off */
static const struct field registered_fields[] = {
    { "address",       FIELD_TEXT,      false, AT(address), .limit = 300, .rule = "at most 300 characters"     },
    { "area_code",     FIELD_AREA_CODE, false, AT(area_code), .limit = 12                                      },
    { "household_ref", FIELD_TEXT,      false, AT(household_ref), .limit = 64, .rule = "at most 64 characters" },
};
/* clang-format on */
#undef AT

static const struct field_table registered_table = { FIELDS(registered_fields), sizeof(struct feed_registered), NULL,
                                                     NO_PRESENCE, NULL };

#define AT(member) .offset = offsetof(struct person_block, member)
/* clang-format off */
static const struct field person_fields[] = {
    { "name",           FIELD_TEXT,        true,  AT(name), .limit = 50, .rule = "at most 50 characters"           },
    { "former_names",   FIELD_TEXTS,       false, AT(former_names), .limit = 50, .maximum = 20,
      .rule = "at most 50 characters"                                                                              },
    { "id_type",        FIELD_WORD,        false, AT(id_type), .words = id_type_words                              },
    { "id_number",      FIELD_ID_NUMBER,   false, AT(id_number), .limit = 40, .rule = "at most 40 characters"      },
    { "sex",            FIELD_WORD,        false, AT(sex), .words = sex_words                                      },
    { "birth_date",     FIELD_BIRTH_DATE,  false, AT(birth)                                                        },
    { "birth_calendar", FIELD_WORD,        false, AT(birth_calendar), .words = calendar_words                      },
    { "phones",         FIELD_TEXTS,       false, AT(phones), .limit = 32, .maximum = 20,
      .rule = "at most 32 characters"                                                                              },
    { "residence",      FIELD_ONE_OR_LIST, false, AT(residences), .table = &residence_table, .maximum = 20,
      .count_offset = offsetof(struct person_block, residence_count)                                               },
    { "registered",     FIELD_OBJECT,      false, AT(registered), .table = &registered_table                       },
    { "location",       FIELD_OBJECT,      false, AT(location), .table = &feed_location_table                      },
};
/* clang-format on */
#undef AT

static void set_person_defaults(void *target)
{
    struct person_block *person = target;

    person->sex            = SEX_UNKNOWN;
    person->birth_calendar = FEED_CALENDAR_UNSTATED;
}

const struct field_table feed_person_table = { FIELDS(person_fields), sizeof(struct person_block), set_person_defaults,
                                               offsetof(struct person_block, is_present), NULL };
