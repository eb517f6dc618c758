/* Makes the households; see people.h.
 * Facts about real persons never enter: names and numbers are drawn. */
#include "daemon/cli/synth/people.h"

#include "daemon/cli/synth/calendar.h"
#include "daemon/cli/synth/people_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char people_check_character(const char *digits)
{
    static const int weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int              sum         = 0;

    for (int i = 0; i < 17; i++)
        sum += (digits[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

static const char *area_of_birth(int32_t year, struct random_stream *random)
{
    static const char *const strangers[] = { "500118", "500151", "500153", "500106" };
    static const char *const before[]    = { "510226", "510229", "510228", "512528" };

    if (random_chance(random, 0.08))
        return year < 1997 ? before[random_below(random, 4)] : strangers[random_below(random, 4)];
    if (year < 1997)
        return random_chance(random, 0.85) ? "510230" : "510217";
    if (year < 2011)
        return random_chance(random, 0.85) ? "500225" : "500111";
    return "500111";
}

/* True when the number was free and is taken now. */
static bool take_number(struct people *people, uint64_t number)
{
    size_t at = (size_t)((number * 0x9e3779b97f4a7c15ULL) >> 20) & (people->number_capacity - 1);

    while (people->numbers[at] != 0) {
        if (people->numbers[at] == number)
            return false;
        at = (at + 1) & (people->number_capacity - 1);
    }
    people->numbers[at] = number;
    return true;
}

static void issue_number(struct people *people, struct person *person, const char *like, struct random_stream *random)
{
    const struct civil_date birth = calendar_date(person->birth_day);
    const char             *area  = like != NULL ? like : area_of_birth(birth.year, random);
    char                    digits[32];

    do {
        const uint32_t sequence = random_below(random, 499) * 2 + (person->sex == 1 ? 1 : 2);
        snprintf(digits, sizeof digits, "%.6s%04d%02d%02d%03u", area, birth.year % 10000, birth.month % 100,
                 birth.day % 100, sequence % 1000);
    } while (!take_number(people, strtoull(digits, NULL, 10)));
    memcpy(person->number, digits, 17);
    person->number[17] = people_check_character(digits);
    person->number[18] = '\0';
}

static void issue_phone(struct person *person, struct random_stream *random)
{
    static const char *const prefixes[] = { "130", "131", "135", "136", "137", "138", "139", "150", "151", "152",
                                            "158", "159", "177", "180", "182", "183", "187", "188", "189", "199" };

    const char *prefix = prefixes[random_below(random, 20)];
    snprintf(person->phone, sizeof person->phone, "%s%08u", prefix, random_below(random, 100000000));
}

static void draw_given(char *out, size_t size, const struct synth_tables *tables, int sex, bool is_young,
                       struct random_stream *random)
{
    if (random_chance(random, is_young ? 0.25 : 0.15)) {
        snprintf(out, size, "%s", words_draw(&tables->given[sex], random));
        return;
    }
    if (random_chance(random, 0.065)) {
        snprintf(out, size, "%s", words_draw(&tables->single[sex], random));
        return;
    }
    const char *first = words_draw(&tables->first[sex], random);
    snprintf(out, size, "%s%s", first, words_draw(&tables->second[sex], random));
}

static void name_person(struct person *person, const struct synth_tables *tables, const char *surname, bool is_young,
                        struct random_stream *random)
{
    char given[16];

    draw_given(given, sizeof given, tables, person->sex, is_young, random);
    snprintf(person->name, sizeof person->name, "%s%s", surname, given);
    person->surname_bytes = (uint8_t)strlen(surname);
}

static bool make_room(struct people *people)
{
    if (people->person_count == people->person_capacity) {
        const size_t   capacity = people->person_capacity == 0 ? 4096 : people->person_capacity * 2;
        struct person *persons  = realloc(people->persons, capacity * sizeof persons[0]);
        if (persons == NULL)
            return false;
        people->persons         = persons;
        people->person_capacity = capacity;
    }
    if (people->household_count == people->household_capacity) {
        const size_t      capacity   = people->household_capacity == 0 ? 1024 : people->household_capacity * 2;
        struct household *households = realloc(people->households, capacity * sizeof households[0]);
        if (households == NULL)
            return false;
        people->households         = households;
        people->household_capacity = capacity;
    }
    return true;
}

struct household *people_open_household(struct people *people, struct land *land, int32_t dwelling,
                                        struct random_stream *random)
{
    if (!make_room(people))
        return NULL;

    const int32_t here  = dwelling >= 0 ? dwelling : land_add_dwelling(land, land_draw_community(land, random), random);
    const int32_t there = land_add_dwelling(land, land_draw_community(land, random), random);
    struct household *household = &people->households[people->household_count];
    if (here < 0 || there < 0)
        return NULL;
    *household = (struct household){ .dwelling     = here,
                                     .previous     = there,
                                     .moved_day    = people->today - random_between(random, 450, 900),
                                     .first_person = (int32_t)people->person_count };
    people->household_count++;
    return household;
}

struct person *people_add_person(struct people *people, const struct synth_tables *tables, enum person_kind kind,
                                 int sex, int32_t birth_day, const char *surname, struct random_stream *random)
{
    if (!make_room(people))
        return NULL;

    struct person *person = &people->persons[people->person_count++];
    memset(person, 0, sizeof *person);
    person->kind      = (uint8_t)kind;
    person->sex       = (uint8_t)sex;
    person->birth_day = birth_day;
    person->household = (int32_t)people->household_count - 1;
    person->booklet   = person->household;
    person->concern   = -1;
    name_person(person, tables, surname, people->today - birth_day < 20 * 365, random);
    /* A namesake now and then: somebody else's whole name. */
    if (kind != PERSON_CHILD && people->person_count > 100 && random_chance(random, 0.003)) {
        const struct person *other = &people->persons[random_below(random, (uint32_t)people->person_count - 1)];
        memcpy(person->name, other->name, sizeof person->name);
        person->surname_bytes = other->surname_bytes;
    }
    issue_number(people, person, NULL, random);
    issue_phone(person, random);
    people->households[person->household].person_count++;
    return person;
}

/* The second of two twins: same day, same surname, a given name that shares a character in most families. */
static void make_twin(struct people *people, const struct synth_tables *tables, size_t elder_index, size_t index,
                      struct random_stream *random)
{
    const struct person *elder = &people->persons[elder_index];
    struct person       *twin  = &people->persons[index];

    twin->birth_day = elder->birth_day;
    if (random_chance(random, 0.6))
        twin->sex = elder->sex;

    char name[sizeof twin->name];
    snprintf(name, sizeof name, "%s", elder->name);

    const size_t kept = elder->surname_bytes + character_length(name + elder->surname_bytes);
    if (strlen(name) > kept && random_chance(random, 0.7)) {
        do
            snprintf(name + kept, sizeof name - kept, "%s", words_draw(&tables->second[twin->sex], random));
        while (strcmp(name, elder->name) == 0);
        snprintf(twin->name, sizeof twin->name, "%s", name);
    }
    issue_number(people, twin, elder->number, random);
    people->twin_pair_count++;
}

static uint8_t draw_circumstances(bool is_left_behind, struct random_stream *random)
{
    const uint8_t first = is_left_behind && random_chance(random, 0.8) ? CIRCUMSTANCE_FIRST : 2;

    return (uint8_t)(random_chance(random, 0.25) ? first | (4 << random_below(random, 4)) : first);
}

static bool add_children(struct people *people, const struct synth_tables *tables, const char *surname, size_t count,
                         struct random_stream *random)
{
    const bool is_left_behind = people->households[people->household_count - 1].is_left_behind;

    for (size_t i = 0; i < count; i++) {
        const int32_t        birth = people->today - random_between(random, 420, 16 * 365 + 200);
        const int            sex   = random_chance(random, 0.53) ? 1 : 2;
        const struct person *child = people_add_person(people, tables, PERSON_CHILD, sex, birth, surname, random);
        if (child == NULL)
            return false;
        people->birth_count++;
        if (i == 1 && random_chance(random, 0.034))
            make_twin(people, tables, people->person_count - 2, people->person_count - 1, random);
        if (is_left_behind)
            people->persons[people->person_count - 1].circumstances = draw_circumstances(true, random);
    }
    return true;
}

static bool add_adults(struct people *people, const struct synth_tables *tables, const char *surname,
                       const bool wanted[4], struct random_stream *random)
{
    const int32_t mother = people->today - random_between(random, 38 * 365, 50 * 365);
    const int32_t father = mother - random_between(random, -700, 1800);
    const int32_t elder  = father - random_between(random, 21 * 365, 28 * 365);
    /* clang-format off */
    const struct {
        enum person_kind kind;
        int              sex;
        int32_t          birth;
    } adults[4] = {
        { PERSON_PARENT,      1, father                                     },
        { PERSON_PARENT,      2, mother                                     },
        { PERSON_GRANDPARENT, 2, elder                                      },
        { PERSON_GRANDPARENT, 1, elder - random_between(random, -300, 1500) },
    };
    /* clang-format on */

    for (size_t i = 0; i < 4; i++) {
        const bool  married_in = adults[i].sex == 2;
        const char *name       = married_in ? words_draw(&tables->surnames, random) : surname;
        if (wanted[i] &&
            people_add_person(people, tables, adults[i].kind, adults[i].sex, adults[i].birth, name, random) == NULL)
            return false;
    }
    return true;
}

/* Parents go away to work from the same hamlets and blocks: often the house next to the last one. */
static int32_t draw_apart(const struct people *people, struct land *land, struct random_stream *random)
{
    return people->last_apart >= 0 && random_chance(random, 0.4) ? land_add_neighbour(land, people->last_apart, random)
                                                                 : -1;
}

/* A family of at most `room` persons: children first, so that a child is always there. */
static bool add_family(struct people *people, const struct synth_tables *tables, struct land *land, size_t room,
                       struct random_stream *random)
{
    const bool        is_apart  = random_chance(random, 0.045);
    const int32_t     dwelling  = is_apart ? draw_apart(people, land, random) : -1;
    struct household *household = people_open_household(people, land, dwelling, random);
    if (household == NULL)
        return false;
    household->is_left_behind = is_apart;
    if (is_apart)
        people->last_apart = household->dwelling;

    const char  *surname = words_draw(&tables->surnames, random);
    const double shape = random_unit(random), elders = random_unit(random);
    const bool   has_elder = household->is_left_behind || elders > 0.5;
    size_t       children  = shape < 0.45 ? 1 : shape < 0.87 ? 2 : 3;
    if (children > room)
        children = room;
    const size_t left      = room - children;
    const bool   wanted[4] = { left > 0, left > 1, left > 2 && has_elder, left > 3 && elders > 0.75 && has_elder };

    return add_children(people, tables, surname, children, random) &&
           add_adults(people, tables, surname, wanted, random);
}

bool people_add_families(struct people *people, const struct synth_tables *tables, struct land *land, size_t count,
                         struct random_stream *random)
{
    const size_t wanted = people->person_count + count;

    while (people->person_count < wanted) {
        if (!add_family(people, tables, land, wanted - people->person_count, random))
            return false;
    }
    return true;
}

static bool collect_girls(struct people *people)
{
    people->girls = malloc((people->person_count + 1) * sizeof people->girls[0]);
    if (people->girls == NULL)
        return false;
    for (size_t i = 0; i < people->person_count; i++) {
        if (people->persons[i].circumstances != 0 && people->persons[i].sex == 2)
            people->girls[people->girl_count++] = (int32_t)i;
    }
    return true;
}

static bool add_teacher(struct people *people, const struct synth_tables *tables, struct land *land,
                        struct random_stream *random)
{
    if (people_open_household(people, land, -1, random) == NULL)
        return false;

    const int32_t birth = people->today - random_between(random, 24 * 365, 59 * 365);
    const int     sex   = random_chance(random, 0.65) ? 2 : 1;
    return people_add_person(people, tables, PERSON_TEACHER, sex, birth, words_draw(&tables->surnames, random),
                             random) != NULL;
}

bool people_make(struct people *people, const struct synth_tables *tables, struct land *land, size_t count,
                 size_t reserve, int32_t today, struct random_stream *random)
{
    const size_t enough   = CONCERN_KINDS; /* one of each */
    const size_t concerns = count / 400 > enough ? count / 400 : count / 20 < enough ? count / 20 : enough;
    const size_t teachers = count / 60;

    *people = (struct people){ .today = today, .number_capacity = 4096, .last_apart = -1 };
    while (people->number_capacity < (count + reserve) * 4)
        people->number_capacity *= 2;
    people->numbers  = calloc(people->number_capacity, sizeof people->numbers[0]);
    people->concerns = calloc(concerns + 1, sizeof people->concerns[0]);
    if (people->numbers == NULL || people->concerns == NULL ||
        !people_add_families(people, tables, land, count - concerns - teachers, random) || !collect_girls(people))
        return false;
    for (size_t i = 0; i < teachers; i++) {
        if (!add_teacher(people, tables, land, random))
            return false;
    }
    for (size_t i = 0; i < concerns; i++) {
        if (!people_add_concern(people, tables, land, i, random))
            return false;
    }
    return true;
}

void people_make_outsider(struct people *people, const struct synth_tables *tables, int32_t age,
                          struct random_stream *random, struct person *out)
{
    memset(out, 0, sizeof *out);
    out->kind      = PERSON_CONCERN;
    out->sex       = 1;
    out->birth_day = people->today - age * 365 - random_between(random, 60, 300);
    out->concern   = -1;
    out->household = -1;
    out->booklet   = -1;
    name_person(out, tables, words_draw(&tables->surnames, random), age < 20, random);
    issue_number(people, out, NULL, random);
    issue_phone(out, random);
}

void people_clear(struct people *people)
{
    free(people->persons);
    free(people->households);
    free(people->girls);
    free(people->concerns);
    free(people->numbers);
    *people = (struct people){ 0 };
}
