/* Schools and the standard address library; see record.h.
 * Places name no person; flats share the point of their building. */
#include "daemon/cli/synth/record_parts.h"

static const char *const kinds[]      = { "kindergarten", "primary", "junior_middle" };
static const char *const kind_names[] = { "中心幼儿园", "中心小学", "中学" };

static void write_point(FILE *file, struct land_point at)
{
    fprintf(file, ",\"location\":{\"lon\":%.7f,\"lat\":%.7f,\"crs\":\"CGCS2000\"}", at.lon, at.lat);
}

static void write_gates(FILE *file, const struct land_school *school)
{
    for (int32_t i = 0; i < school->gate_count; i++) {
        fprintf(file, "%s{\"name\":\"%d号门\"", i == 0 ? ",\"gates\":[" : ",", i + 1);
        write_point(file, school->gates[i]);
        fputc('}', file);
    }
    if (school->gate_count > 0)
        fputc(']', file);
}

void record_write_schools(struct record_writer *writer)
{
    FILE *file = writer->files[TOPIC_SCHOOLS];

    for (size_t i = 0; i < writer->context.land->school_count; i++) {
        const struct land_school    *school    = &writer->context.land->schools[i];
        const struct land_community *community = &writer->context.land->communities[school->community];
        record_open_event(writer,
                          &(struct event_head){ TOPIC_SCHOOLS, TYPE_SCHOOL, (uint32_t)i, writer->today - 90, 32400 });
        fprintf(file, "\"school_id\":\"sch-%03zu\",\"name\":\"%s%s\",\"kind\":\"%s\"", i, school->town,
                kind_names[school->kind], kinds[school->kind]);
        fprintf(file, ",\"address\":\"重庆市大足区%s%s育才路%zu号\",\"area_code\":\"%.9s\"", school->town,
                community->base, i + 1, community->row->code);
        write_point(file, school->at);
        write_gates(file, school);
        record_close_event(writer, TOPIC_SCHOOLS);
    }
}

/* One place; `parent` < 0: none. Returns its number. */
static int32_t write_place(struct record_writer *writer, uint32_t number, const char *address, const char *area_code,
                           struct land_point at, int32_t parent, int32_t day)
{
    FILE *file = writer->files[TOPIC_ADDRESSES];

    record_open_event(writer, &(struct event_head){ TOPIC_ADDRESSES, TYPE_PLACE, number, day, 32400 });
    fprintf(file, "\"place_id\":\"pl-%07u\",\"address\":\"%s\",\"area_code\":\"%s\"", number, address, area_code);
    write_point(file, at);
    if (parent >= 0)
        fprintf(file, ",\"parent_place_id\":\"pl-%07d\"", parent);
    record_close_event(writer, TOPIC_ADDRESSES);
    return (int32_t)number;
}

/* The community, its groups and its estates with their buildings; numbers from `*next` on. */
static void write_community(struct record_writer *writer, int32_t index, uint32_t *next,
                            int32_t group_numbers[LAND_GROUPS_MAX])
{
    const struct land           *land      = writer->context.land;
    const struct land_community *community = &land->communities[index];
    const char                  *code      = community->row->code;
    const int32_t                day       = writer->today - 200;
    struct land_dwelling         here      = { .community = index, .estate = -1 };
    char                         address[ADDRESS_BYTES];

    address_write(land, &here, STATED_COMMUNITY, address);
    const int32_t top = write_place(writer, (*next)++, address, code, community->at, -1, day);
    for (int32_t i = 0; i < community->group_count; i++) {
        here.group = (int16_t)(i + 1);
        address_write(land, &here, STATED_GROUP, address);
        group_numbers[i] = write_place(writer, (*next)++, address, code, community->groups[i], top, day);
    }
    for (int32_t i = 0; i < community->estate_count; i++) {
        const struct land_estate *estate = &community->estates[i];
        here                             = (struct land_dwelling){ .community = index, .estate = (int16_t)i };
        address_write(land, &here, STATED_NUMBER, address);
        const int32_t whole = write_place(writer, (*next)++, address, code, estate->at, top, day);
        for (int32_t building = 1; building <= estate->buildings; building++) {
            here.building = (uint8_t)building;
            address_write(land, &here, STATED_BUILDING, address);
            write_place(writer, (*next)++, address, code, land_building_point(estate, building), whole, day);
        }
    }
}

void record_write_places(struct record_writer *writer)
{
    const struct land *land = writer->context.land;
    uint32_t           next = (uint32_t)land->dwelling_count; /* houses are numbered as their dwellings */
    int32_t            group_numbers[LAND_GROUPS_MAX];

    for (size_t i = 0; i < land->community_count; i++)
        write_community(writer, (int32_t)i, &next, group_numbers);
    for (size_t i = 0; i < land->dwelling_count; i++) {
        const struct land_dwelling *house = &land->dwellings[i];
        char                        address[ADDRESS_BYTES];
        if (house->estate >= 0)
            continue;
        address_write(land, house, STATED_DWELLING, address);
        write_place(writer, (uint32_t)i, address, land->communities[house->community].row->code, house->at, -1,
                    writer->today - 200);
    }
}

void record_write_place_again(struct record_writer *writer, struct random_stream *random)
{
    const struct land *land = writer->context.land;
    uint32_t           i    = random_below(random, (uint32_t)land->dwelling_count);
    char               address[ADDRESS_BYTES];

    while (land->dwellings[i].estate >= 0)
        i = (i + 1) % (uint32_t)land->dwelling_count;
    address_write(land, &land->dwellings[i], STATED_DWELLING, address);
    write_place(writer, i, address, land->communities[land->dwellings[i].community].row->code, land->dwellings[i].at,
                -1, writer->today - 1);
}
