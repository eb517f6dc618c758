/* Persons of concern among the people: home, work and order are put where the rules look for them.
 * The facts of the case are concern.h's. */
#include "daemon/cli/synth/people_parts.h"

#include "daemon/cli/synth/calendar.h"

static int32_t home_of(const struct people *people, int32_t person)
{
    return people->households[people->persons[person].household].dwelling;
}

static struct land_point point_of(const struct people *people, const struct land *land, int32_t person)
{
    return land->dwellings[home_of(people, person)].at;
}

static size_t girls_around(const struct people *people, const struct land *land, int32_t girl)
{
    size_t count = 0;

    for (size_t i = 0; i < people->girl_count; i++)
        count += land_distance_m(point_of(people, land, people->girls[i]), point_of(people, land, girl)) <= 200;
    return count;
}

/* One with two more close by, of as many as were looked at; for a gate or a class, one old enough to go to school. */
static int32_t draw_girl(const struct people *people, const struct land *land, const struct concern *concern,
                         struct random_stream *random)
{
    const bool needs_pupil = concern->home == HOME_GATE || concern->care == CARE_TEACHER ||
                             concern->care == CARE_MENTOR || concern->work != WORK_NONE ||
                             concern->order == ORDER_SCHOOLS;
    int32_t girl = -1;

    for (int tries = 0; tries < 400 && people->girl_count > 0; tries++) {
        girl            = people->girls[random_below(random, (uint32_t)people->girl_count)];
        const bool fits = !needs_pupil || calendar_age(people->persons[girl].birth_day, people->today) >= 3;
        if (fits && (concern->home != HOME_CLUSTER || girls_around(people, land, girl) >= 3))
            break;
    }
    return girl;
}

static int32_t school_of(const struct people *people, const struct land *land, int32_t girl)
{
    const struct person *person = &people->persons[girl];

    return land_school_for(land, land->dwellings[home_of(people, girl)].community,
                           calendar_age(person->birth_day, people->today));
}

static int32_t at_gate(struct land *land, int32_t school, struct random_stream *random)
{
    const struct land_school *at = &land->schools[school];

    return land_add_house_at(land, at->community, at->gate_count > 0 ? at->gates[0] : at->at, 20, 150, random);
}

/* -1: anywhere. */
static int32_t draw_home(const struct people *people, struct land *land, const struct concern *concern,
                         struct random_stream *random)
{
    const int32_t girl = concern->child;

    if (girl < 0)
        return -1;
    const int32_t home      = home_of(people, girl);
    const int32_t community = land->dwellings[home].community;
    switch ((enum concern_home)concern->home) {
    case HOME_SAME_DWELLING:
        return home;
    case HOME_NEXT_DOOR:
    case HOME_CLUSTER:
        return land_add_neighbour(land, home, random);
    case HOME_COMMUNITY:
        return land_add_dwelling(land, community, random);
    case HOME_NEAR:
        return land_add_house_at(land, community, land->dwellings[home].at, 250, 450, random);
    case HOME_GATE:
        return at_gate(land, concern->school, random);
    case HOME_ANYWHERE:
        break;
    }
    return -1;
}

/* Where the order bars from, and where the person works. False when memory is out. */
static bool draw_places(const struct people *people, struct land *land, struct concern *concern,
                        struct random_stream *random)
{
    const struct land_dwelling home = land->dwellings[home_of(people, concern->person)];

    if (concern->order == ORDER_PLACE) {
        concern->barred_radius_m = random_chance(random, 0.5) ? 300 : 0; /* 0: not stated, the place itself */
        concern->barred          = concern->barred_radius_m > 0
                                       ? land_add_house_at(land, home.community, home.at, 100, 250, random)
                                       : home_of(people, concern->person);
        return concern->barred >= 0;
    }
    if (concern->kind == CONCERN_BARRED_WORK && concern->school >= 0) {
        concern->workplace = at_gate(land, concern->school, random);
        return concern->workplace >= 0;
    }
    return true;
}

bool people_add_concern(struct people *people, const struct synth_tables *tables, struct land *land, size_t number,
                        struct random_stream *random)
{
    const enum concern_kind kind    = (enum concern_kind)(number % CONCERN_KINDS);
    struct concern          concern = concern_draw(kind, people->today, random);

    concern.child  = draw_girl(people, land, &concern, random);
    concern.school = concern.child >= 0 ? school_of(people, land, concern.child) : -1;
    if (concern.school < 0)
        concern.work = WORK_NONE;
    struct household *household =
        people_open_household(people, land, draw_home(people, land, &concern, random), random);
    if (household == NULL)
        return false;
    if (concern.has_moved)
        household->moved_day = people->today - random_between(random, 5, 25);
    if (concern.has_moved)
        concern.moved_day = household->moved_day;
    /* Old enough to have been grown up at the offence by a wide margin. */
    const int32_t  birth = people->today - random_between(random, 40 * 365, 66 * 365);
    const int      sex   = random_chance(random, 0.95) ? 1 : 2;
    struct person *person =
        people_add_person(people, tables, PERSON_CONCERN, sex, birth, words_draw(&tables->surnames, random), random);
    if (person == NULL)
        return false;
    if (kind == CONCERN_BOOKLET && concern.child >= 0)
        person->booklet = people->persons[concern.child].household;
    person->concern = (int32_t)people->concern_count;
    concern.person  = (int32_t)(people->person_count - 1);
    if (!draw_places(people, land, &concern, random))
        return false;
    people->concerns[people->concern_count++] = concern;
    return true;
}
