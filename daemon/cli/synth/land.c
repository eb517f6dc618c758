/* Makes the ground; see land.h.
 * Deliberately random and not a map: nobody's real house is meant. */
#include "daemon/cli/synth/land.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define METRES_PER_DEGREE 111195.0
#define PI                3.14159265358979323846

static const char home_town[] = "500111004"; /* 双路街道 */

static struct land_point moved(struct land_point from, double metres, double angle)
{
    const double lat = from.lat + metres * sin(angle) / METRES_PER_DEGREE;

    return (struct land_point){ from.lon + metres * cos(angle) / (METRES_PER_DEGREE * cos(from.lat * PI / 180)), lat };
}

/* Even over the disc. */
static struct land_point scattered(struct land_point from, double radius_m, struct random_stream *random)
{
    const double distance = radius_m * sqrt(random_unit(random));

    return moved(from, distance, 2 * PI * random_unit(random));
}

double land_distance_m(struct land_point a, struct land_point b)
{
    const double to_radians = PI / 180;
    const double half_lat   = sin((b.lat - a.lat) * to_radians / 2);
    const double half_lon   = sin((b.lon - a.lon) * to_radians / 2);
    const double h = half_lat * half_lat + cos(a.lat * to_radians) * cos(b.lat * to_radians) * half_lon * half_lon;

    return 2 * 6371008.8 * asin(sqrt(h < 1 ? h : 1));
}

static void make_estate(struct land_community *community, struct random_stream *random)
{
    static const char *const roads[] = { "龙腾路", "锦绣路",   "南环路", "车城大道", "西湖大道", "双龙东路",
                                         "文化路", "邮亭大道", "育才路", "新胜路",   "天星大道", "翠屏路" };
    static const char *const firsts[] = {
        "龙景", "荷韵", "金科", "海棠", "锦绣", "东方", "和顺", "南山", "银杏", "新城"
    };
    static const char *const seconds[] = { "花园", "小区", "家园", "名都", "苑", "新居" };
    struct land_estate      *estate    = &community->estates[community->estate_count];
    bool                     is_taken  = true;

    while (is_taken) {
        is_taken           = false;
        const char *first  = firsts[random_below(random, 10)];
        const char *second = seconds[random_below(random, 6)];
        snprintf(estate->name, sizeof estate->name, "%s%s", first, second);
        for (int32_t i = 0; i < community->estate_count; i++)
            is_taken = is_taken || strcmp(community->estates[i].name, estate->name) == 0;
    }
    snprintf(estate->road, sizeof estate->road, "%s", roads[random_below(random, 12)]);
    estate->road_number = random_between(random, 1, 40) * 10 + community->estate_count;
    estate->buildings   = random_between(random, 4, 12);
    estate->units       = random_between(random, 2, 3);
    estate->floors      = random_between(random, 6, 11);
    estate->at          = scattered(community->at, 400, random);
    community->estate_count++;
}

struct land_point land_building_point(const struct land_estate *estate, int32_t building)
{
    const int32_t column = (building - 1) % 4, row = (building - 1) / 4;

    return moved(moved(estate->at, column * 45.0, 0), row * 40.0, PI / 2);
}

static void set_base_name(struct land_community *community)
{
    static const char *const endings[] = { "居民委员会", "村民委员会" };

    snprintf(community->base, sizeof community->base, "%s", community->row->name);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        const size_t length = strlen(community->base), ending = strlen(endings[i]);
        if (length > ending && strcmp(community->base + length - ending, endings[i]) == 0)
            community->base[length - ending] = '\0';
    }
}

static void make_community(struct land_community *community, const struct community_row *row, struct land_point town,
                           struct random_stream *random)
{
    const char kind = row->code[9]; /* of a 12-digit code: its last three are 200 to 399 for a village */

    memset(community, 0, sizeof *community);
    community->row        = row;
    community->is_village = kind == '2' || kind == '3';
    community->at         = scattered(town, community->is_village ? 4500 : 2200, random);
    set_base_name(community);
    community->group_count = random_between(random, 5, LAND_GROUPS_MAX);
    for (int32_t i = 0; i < community->group_count; i++) {
        community->groups[i]      = scattered(community->at, 900, random);
        community->next_number[i] = random_between(random, 1, 9);
    }
    for (int32_t i = community->is_village ? 0 : random_between(random, 3, LAND_ESTATES_MAX); i > 0; i--)
        make_estate(community, random);
    const int32_t digit = random_between(random, 5, 9);
    snprintf(community->contact_phone, sizeof community->contact_phone, "13%d%08u", digit,
             random_below(random, 100000000));
}

/* The home town first, then the others in the table's order from 龙水镇 (the largest town) on. */
static size_t town_order(const struct synth_tables *tables, const char **towns, size_t limit)
{
    size_t count = 0;

    towns[count++] = home_town;
    for (int pass = 0; pass < 2; pass++) {
        const char *last = "";
        for (size_t i = 0; i < tables->community_count && count < limit; i++) {
            const char *code = tables->communities[i].code;
            if (strncmp(code, last, 9) == 0)
                continue;
            last = code;
            if ((code[6] != '0') == (pass == 0) && strncmp(code, home_town, 9) != 0)
                towns[count++] = code;
        }
    }
    return count;
}

bool land_make(struct land *land, const struct synth_tables *tables, size_t persons, struct random_stream *random)
{
    const char  *towns[64];
    const size_t wanted     = 2 + persons / 6000;
    const size_t town_count = town_order(tables, towns, wanted < 27 ? wanted : 27);
    uint32_t     sum        = 0;

    *land             = (struct land){ 0 };
    land->communities = calloc(tables->community_count, sizeof land->communities[0]);
    land->weights     = calloc(tables->community_count, sizeof land->weights[0]);
    if (land->communities == NULL || land->weights == NULL)
        return false;
    for (size_t t = 0; t < town_count; t++) {
        struct land_point at = { 105.7836, 29.4906 };
        if (t > 0) {
            at.lon = 105.50 + 0.48 * random_unit(random);
            at.lat = 29.40 + 0.44 * random_unit(random);
        }
        for (size_t i = 0; i < tables->community_count; i++) {
            if (strncmp(tables->communities[i].code, towns[t], 9) != 0)
                continue;
            struct land_community *community = &land->communities[land->community_count];
            make_community(community, &tables->communities[i], at, random);
            sum += t == 0 ? 120 : community->is_village ? 20 : 40;
            land->weights[land->community_count++] = sum;
        }
    }
    return land->community_count > 0;
}

void land_clear(struct land *land)
{
    free(land->communities);
    free(land->weights);
    free(land->dwellings);
    free(land->schools);
    free(land->town_of);
    *land = (struct land){ 0 };
}

int32_t land_draw_community(const struct land *land, struct random_stream *random)
{
    const uint32_t drawn = random_below(random, land->weights[land->community_count - 1]);
    int32_t        i     = 0;

    while (land->weights[i] <= drawn)
        i++;
    return i;
}

/* ---- schools ---- */

enum { SCHOOL_KINDS = 3 };

static void make_school(struct land *land, size_t community, int32_t kind, struct random_stream *random)
{
    struct land_school *school = &land->schools[land->school_count++];

    snprintf(school->town, sizeof school->town, "%s", land->communities[community].row->town);
    school->kind      = kind;
    school->community = (int32_t)community;
    school->at        = land->communities[community].at;
    school->at.lon += 0.004 * random_unit(random);
    school->at.lat += 0.004 * random_unit(random);
    if (kind == 0)
        return;
    school->gate_count = LAND_GATES_MAX;
    for (int32_t i = 0; i < LAND_GATES_MAX; i++)
        school->gates[i] = moved(school->at, 60, i * PI);
}

bool land_add_schools(struct land *land, struct random_stream *random)
{
    const char *last = "";
    int32_t     town = -1;

    land->town_of = malloc(land->community_count * sizeof land->town_of[0]);
    land->schools = calloc(land->community_count * SCHOOL_KINDS, sizeof land->schools[0]);
    if (land->town_of == NULL || land->schools == NULL)
        return false;
    for (size_t i = 0; i < land->community_count; i++) {
        const char *code = land->communities[i].row->code;
        if (strncmp(last, code, 9) != 0) {
            town++;
            for (int32_t kind = 0; kind < SCHOOL_KINDS; kind++)
                make_school(land, i, kind, random);
        }
        last             = code;
        land->town_of[i] = town;
    }
    return true;
}

int32_t land_school_for(const struct land *land, int32_t community, int32_t age)
{
    return land->town_of[community] * SCHOOL_KINDS + (age < 6 ? 0 : age < 12 ? 1 : 2);
}

double land_gate_distance_m(const struct land_school *school, struct land_point at)
{
    double nearest = school->gate_count == 0 ? land_distance_m(school->at, at) : HUGE_VAL;

    for (int32_t i = 0; i < school->gate_count; i++)
        nearest = fmin(nearest, land_distance_m(school->gates[i], at));
    return nearest;
}

/* ---- dwellings ---- */

static int32_t add(struct land *land, struct land_dwelling dwelling)
{
    if (land->dwelling_count == land->dwelling_capacity) {
        const size_t          capacity = land->dwelling_capacity == 0 ? 4096 : land->dwelling_capacity * 2;
        struct land_dwelling *larger   = realloc(land->dwellings, capacity * sizeof land->dwellings[0]);
        if (larger == NULL)
            return -1;
        land->dwellings         = larger;
        land->dwelling_capacity = capacity;
    }
    land->dwellings[land->dwelling_count] = dwelling;
    return (int32_t)land->dwelling_count++;
}

static struct land_dwelling house_in(struct land_community *community, int32_t index, int32_t group,
                                     struct land_point near, double radius_m, struct random_stream *random)
{
    const int32_t number = community->next_number[group];

    community->next_number[group] += random_between(random, 1, 3);
    return (struct land_dwelling){ .community = index,
                                   .estate    = -1,
                                   .group     = (int16_t)(group + 1),
                                   .number    = (int16_t)number,
                                   .at        = scattered(near, radius_m, random) };
}

static struct land_dwelling flat_in(const struct land_community *community, int32_t index, int32_t estate_index,
                                    int32_t building, struct random_stream *random)
{
    const struct land_estate *estate = &community->estates[estate_index];

    struct land_dwelling flat = { .community = index,
                                  .estate    = (int16_t)estate_index,
                                  .building  = (uint8_t)building,
                                  .at        = land_building_point(estate, building) };

    flat.unit  = (uint8_t)random_between(random, 1, estate->units);
    flat.floor = (uint8_t)random_between(random, 1, estate->floors);
    flat.room  = (uint8_t)random_between(random, 1, 2);
    return flat;
}

int32_t land_add_dwelling(struct land *land, int32_t community_index, struct random_stream *random)
{
    struct land_community *community = &land->communities[community_index];

    if (community->estate_count > 0 && random_chance(random, 0.6)) {
        const int32_t estate = (int32_t)random_below(random, (uint32_t)community->estate_count);
        return add(land, flat_in(community, community_index, estate,
                                 random_between(random, 1, community->estates[estate].buildings), random));
    }
    const int32_t group = (int32_t)random_below(random, (uint32_t)community->group_count);
    return add(land, house_in(community, community_index, group, community->groups[group], 180, random));
}

int32_t land_add_neighbour(struct land *land, int32_t dwelling_index, struct random_stream *random)
{
    const struct land_dwelling dwelling  = land->dwellings[dwelling_index];
    struct land_community     *community = &land->communities[dwelling.community];

    if (dwelling.estate >= 0)
        return add(land, flat_in(community, dwelling.community, dwelling.estate, dwelling.building, random));
    return add(land, house_in(community, dwelling.community, dwelling.group - 1, dwelling.at, 150, random));
}

int32_t land_add_house_at(struct land *land, int32_t community_index, struct land_point near, double lowest_m,
                          double highest_m, struct random_stream *random)
{
    struct land_community  *community = &land->communities[community_index];
    const double            metres    = lowest_m + (highest_m - lowest_m) * random_unit(random);
    const struct land_point at        = moved(near, metres, 2 * PI * random_unit(random));
    int32_t                 nearest   = 0;

    for (int32_t i = 1; i < community->group_count; i++) {
        if (land_distance_m(community->groups[i], at) < land_distance_m(community->groups[nearest], at))
            nearest = i;
    }
    return add(land, house_in(community, community_index, nearest, at, 0, random));
}

bool land_same_building(const struct land_dwelling *a, const struct land_dwelling *b)
{
    if (a->community != b->community || a->estate != b->estate)
        return false;
    return a->estate >= 0 ? a->building == b->building : a->group == b->group && a->number == b->number;
}

bool land_same_dwelling(const struct land_dwelling *a, const struct land_dwelling *b)
{
    return land_same_building(a, b) &&
           (a->estate < 0 || (a->unit == b->unit && a->floor == b->floor && a->room == b->room));
}
