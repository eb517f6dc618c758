/* The invented ground of a real county: communities with coordinates, groups, estates and dwellings.
 * Names of towns and communities are real; groups, roads, estates, numbers and every coordinate are invented. */
#ifndef HULEI_DAEMON_CLI_SYNTH_LAND_H
#define HULEI_DAEMON_CLI_SYNTH_LAND_H

#include "daemon/cli/synth/tables.h"

enum { LAND_GROUPS_MAX = 12, LAND_ESTATES_MAX = 6, LAND_GATES_MAX = 2 };

struct land_point {
    double lon, lat; /* degrees, CGCS2000 */
};

struct land_estate {
    char              road[24];
    int32_t           road_number;
    char              name[32];
    int32_t           buildings, units, floors; /* two rooms a floor */
    struct land_point at;
};

struct land_community {
    const struct community_row *row;
    char                        base[64];   /* 双南路社区, 复隆村 */
    bool                        is_village; /* code ends in 200 to 399 */
    struct land_point           at;
    int32_t                     group_count, estate_count;
    struct land_point           groups[LAND_GROUPS_MAX];
    int32_t                     next_number[LAND_GROUPS_MAX];
    struct land_estate          estates[LAND_ESTATES_MAX];
    char                        contact_phone[12]; /* the cadre's, written for people who have none */
};

/* A house in a group (estate < 0: group and number count) or a flat. Groups, buildings, rooms count from 1. */
struct land_dwelling {
    int32_t           community;
    int16_t           estate, group, number;
    uint8_t           building, unit, floor, room;
    struct land_point at;
};

struct land_school {
    char              town[40];
    int32_t           kind; /* 0 kindergarten, 1 primary, 2 junior middle */
    int32_t           community;
    struct land_point at;
    int32_t           gate_count; /* 0: nobody wrote the gates down, the school's own point stands for them */
    struct land_point gates[LAND_GATES_MAX];
};

struct land {
    struct land_community *communities;
    uint32_t              *weights; /* running sums: where people live */
    size_t                 community_count;
    struct land_dwelling  *dwellings;
    size_t                 dwelling_count, dwelling_capacity;
    struct land_school    *schools; /* three of each town, in the order of the towns */
    size_t                 school_count;
    int32_t               *town_of; /* by community */
};

/* Makes ground for about `persons`; false when memory is out. Free with land_clear(). */
bool land_make(struct land *land, const struct synth_tables *tables, size_t persons, struct random_stream *random);
void land_clear(struct land *land);

/* Schools for every town; false when memory is out. */
bool land_add_schools(struct land *land, struct random_stream *random);
/* Where a child of this age goes to school. */
int32_t land_school_for(const struct land *land, int32_t community, int32_t age);
/* From the nearest gate of the school. */
double land_gate_distance_m(const struct land_school *school, struct land_point at);

/* A community, the crowded ones more often. */
int32_t land_draw_community(const struct land *land, struct random_stream *random);

/* Adds a dwelling; its index, or -1 when memory is out. */
int32_t land_add_dwelling(struct land *land, int32_t community, struct random_stream *random);
/* Another flat of the same building, or a house at most 150 m away in the same group. */
int32_t land_add_neighbour(struct land *land, int32_t dwelling, struct random_stream *random);

/* A house of the group nearest to `near`, between the two distances from it; its index, or -1. */
int32_t land_add_house_at(struct land *land, int32_t community, struct land_point near, double lowest_m,
                          double highest_m, struct random_stream *random);

struct land_point land_building_point(const struct land_estate *estate, int32_t building);

bool   land_same_building(const struct land_dwelling *a, const struct land_dwelling *b);
bool   land_same_dwelling(const struct land_dwelling *a, const struct land_dwelling *b);
double land_distance_m(struct land_point a, struct land_point b);

#endif
