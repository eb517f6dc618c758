/* Texts into a person block; see link_person_input.h.
 * Words are those of the feeds, and what Chinese tables use beside them. */
#include "daemon/cli/link/link_person_input.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

struct word {
    const char *text;
    int         value;
};

static const struct word sexes[] = {
    {"1",       PERSON_MALE       },
    { "2",      PERSON_FEMALE     },
    { "male",   PERSON_MALE       },
    { "female", PERSON_FEMALE     },
    { "男",    PERSON_MALE       },
    { "女",    PERSON_FEMALE     },
    { "0",      PERSON_SEX_UNKNOWN},
    { "9",      PERSON_SEX_UNKNOWN},
    { "",       PERSON_SEX_UNKNOWN},
    { NULL,     0                 },
};
static const struct word id_types[] = {
    {"",                      ID_TYPE_RESIDENT            },
    { "resident",             ID_TYPE_RESIDENT            },
    { "foreign_resident",     ID_TYPE_FOREIGN_RESIDENT    },
    { "hmt_residence_permit", ID_TYPE_HMT_RESIDENCE_PERMIT},
    { "passport",             ID_TYPE_PASSPORT            },
    { "birth_certificate",    ID_TYPE_BIRTH_CERTIFICATE   },
    { "none",                 ID_TYPE_NONE                },
    { NULL,                   0                           },
};
static const struct word calendars[] = {
    {"",        BIRTH_UNSTATED},
    { "solar",  BIRTH_SOLAR   },
    { "lunar",  BIRTH_LUNAR   },
    { "公历", BIRTH_SOLAR   },
    { "农历", BIRTH_LUNAR   },
    { NULL,     0             },
};

/* -1: no such word. */
static int value_of(const struct word *words, struct span text)
{
    for (; words->text != NULL; words++) {
        if (span_equals_text(text, words->text))
            return words->value;
    }
    return -1;
}

void link_person_headings(const struct link_person *person, const char *headings[LINK_ROLES])
{
    headings[LINK_ROLE_NAME]           = person->name;
    headings[LINK_ROLE_FORMER_NAMES]   = person->former_names;
    headings[LINK_ROLE_ID_TYPE]        = person->id_type;
    headings[LINK_ROLE_ID_NUMBER]      = person->id_number;
    headings[LINK_ROLE_SEX]            = person->sex;
    headings[LINK_ROLE_BIRTH_DATE]     = person->birth_date;
    headings[LINK_ROLE_BIRTH_CALENDAR] = person->birth_calendar;
    headings[LINK_ROLE_PHONES]         = person->phones;
    headings[LINK_ROLE_HOUSEHOLD]      = person->household;
    headings[LINK_ROLE_ADDRESS]        = person->address;
    headings[LINK_ROLE_AREA_CODE]      = person->area_code;
    headings[LINK_ROLE_SCHOOL]         = person->school;
    headings[LINK_ROLE_GUARDIANS]      = person->guardians;
}

const char *link_person_fault(const struct span texts[LINK_ROLES], enum link_role *role)
{
    *role = LINK_ROLE_SEX;
    if (value_of(sexes, texts[LINK_ROLE_SEX]) < 0)
        return "sex.word";
    *role = LINK_ROLE_ID_TYPE;
    if (value_of(id_types, texts[LINK_ROLE_ID_TYPE]) < 0)
        return "id_type.word";
    *role = LINK_ROLE_BIRTH_CALENDAR;
    return value_of(calendars, texts[LINK_ROLE_BIRTH_CALENDAR]) < 0 ? "birth_calendar.word" : NULL;
}

/* 0: absent. */
static uint64_t hash_of(struct span text)
{
    return text.length > 0 ? XXH3_64bits(text.bytes, text.length) | 1 : 0;
}

static void add_items(struct span list, struct span *items, size_t *count, size_t capacity)
{
    while (*count < capacity && linkage_next_item(&list, ';', &items[*count]))
        (*count)++;
}

/* Twelve digits; what is missing behind counts as 0. */
static uint64_t code_of(struct span digits)
{
    uint64_t code = 0;

    if (digits.length == 0)
        return 0;
    for (size_t i = 0; i < 12; i++) {
        const char digit = i < digits.length ? digits.bytes[i] : '0';
        if (digit < '0' || digit > '9')
            return 0;
        code = code * 10 + (uint64_t)(digit - '0');
    }
    return code;
}

static void put_address(struct link_places *places, const struct span texts[LINK_ROLES], struct arena *arena,
                        struct person_input *input)
{
    if (texts[LINK_ROLE_ADDRESS].length == 0)
        return;
    const struct link_place place =
        link_places_get(places, texts[LINK_ROLE_ADDRESS], code_of(texts[LINK_ROLE_AREA_CODE]), arena);
    input->community_code = place.community;
    input->dwelling_key   = place.dwelling;
    input->building_key   = place.building;
}

void link_person_features(const struct language_tables *language, struct link_places *places,
                          const struct span texts[LINK_ROLES], struct arena *arena, struct mention_features *features)
{
    const int           sex      = value_of(sexes, texts[LINK_ROLE_SEX]);
    const int           id_type  = value_of(id_types, texts[LINK_ROLE_ID_TYPE]);
    const int           calendar = value_of(calendars, texts[LINK_ROLE_BIRTH_CALENDAR]);
    struct person_input input    = { .id_type        = id_type < 0 ? ID_TYPE_RESIDENT : (enum id_type)id_type,
                                     .id_number      = texts[LINK_ROLE_ID_NUMBER],
                                     .sex            = sex < 0 ? PERSON_SEX_UNKNOWN : (enum sex)sex,
                                     .birth_date     = texts[LINK_ROLE_BIRTH_DATE],
                                     .birth_calendar = calendar < 0 ? BIRTH_UNSTATED : (enum birth_calendar)calendar,
                                     .household_hash = hash_of(texts[LINK_ROLE_HOUSEHOLD]),
                                     .context_hash   = hash_of(texts[LINK_ROLE_SCHOOL]) };

    if (texts[LINK_ROLE_NAME].length > 0)
        input.names[input.name_count++] = texts[LINK_ROLE_NAME];
    add_items(texts[LINK_ROLE_FORMER_NAMES], input.names, &input.name_count, PERSON_NAMES);
    add_items(texts[LINK_ROLE_PHONES], input.phones, &input.phone_count, PERSON_PHONES);
    add_items(texts[LINK_ROLE_GUARDIANS], input.guardians, &input.guardian_count, PERSON_GUARDIANS);
    put_address(places, texts, arena, &input);
    mention_features_make(language, &input, features);
}
