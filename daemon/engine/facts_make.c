/* One decoded record into facts and features; see facts_make.h.
 * Coordinates are converted here, once; their source system stays in the stored body. */
#include "daemon/engine/facts_make.h"

#include "daemon/common/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LUNAR_SLACK_DAYS = 60 }; /* a lunar date lies up to two months before the solar one of the same figures */

uint64_t facts_text_hash(const struct blind *blind, enum blind_purpose purpose, struct span text)
{
    return text.bytes != NULL ? blind_number(blind, purpose, &text, 1) : 0;
}

/* ---- places and points ---- */

static uint64_t code_of(struct span digits)
{
    uint64_t code = 0;

    for (size_t i = 0; digits.bytes != NULL && i < 12; i++)
        code = code * 10 + (i < digits.length ? (uint64_t)(digits.bytes[i] - '0') : 0);
    return code;
}

static bool convert(const struct feed_location *location, double *lon, double *lat)
{
    static const enum coordinate_system systems[] = {
        [FEED_CRS_CGCS2000] = COORDINATE_CGCS2000,
        [FEED_CRS_WGS84]    = COORDINATE_WGS84,
        [FEED_CRS_GCJ02]    = COORDINATE_GCJ02,
        [FEED_CRS_BD09]     = COORDINATE_BD09,
    };

    return location->crs != FEED_CRS_NONE &&
           coordinate_to_cgcs2000(systems[location->crs], location->lon_degrees, location->lat_degrees, lon, lat);
}

static void parse_address(const struct world_tools *tools, struct span text, struct span area_code, struct arena *arena,
                          struct address_features *features)
{
    struct address address;

    memset(features, 0, sizeof *features);
    if (text.bytes == NULL)
        return;
    const enum address_status status = address_parse(tools->gazetteer, text, code_of(area_code), arena, &address);
    if (status == ADDRESS_OK || status == ADDRESS_AMBIGUOUS)
        address_features_make(&address, features);
}

struct stored_place facts_stored_place(const struct address_features *address, bool has_point, double lon, double lat)
{
    struct stored_place stored;

    memset(&stored, 0, sizeof stored);
    stored.address = *address;
    stored.lon     = has_point ? lon : (double)NAN;
    stored.lat     = has_point ? lat : (double)NAN;
    return stored;
}

bool facts_place(const struct world_tools *tools, const struct feed_place *place, struct arena *arena,
                 struct address_features *address, bool *has_point, double *lon, double *lat)
{
    parse_address(tools, place->address, place->area_code, arena, address);
    *has_point = convert(&place->location, lon, lat);
    return true;
}

/* ---- residences ---- */

static int32_t latest_day(struct feed_date date, int32_t fallback)
{
    const struct policy_date range = feed_date_range(date);

    return range.latest_day != POLICY_DAY_UNKNOWN ? range.latest_day : fallback;
}

static struct facts_residence *add_residence(const struct world_tools *tools, struct record_facts *facts,
                                             enum facts_use use, struct span address, struct span area_code,
                                             const struct feed_location *location, struct arena *arena)
{
    if (facts->residence_count == FACTS_RESIDENCES)
        return NULL;
    struct facts_residence *residence = &facts->residences[facts->residence_count++];
    residence->use                    = use;
    residence->as_of_day              = POLICY_DAY_UNKNOWN;
    parse_address(tools, address, area_code, arena, &residence->address);
    residence->has_point = convert(location, &residence->lon, &residence->lat);
    return residence;
}

static void add_home(const struct world_tools *tools, struct record_facts *facts, unsigned slot, struct span address,
                     struct span area_code, const struct feed_location *location, int32_t as_of_day,
                     struct arena *arena)
{
    struct facts_residence *home = add_residence(tools, facts, FACTS_LIVES, address, area_code, location, arena);

    if (home == NULL)
        return;
    home->slot      = slot & 15;
    home->as_of_day = as_of_day;
}

/* Where the person lives; the registered address only when nothing better is stated. */
static void add_residences(const struct world_tools *tools, struct record_facts *facts, unsigned slot,
                           const struct person_block *block, int32_t record_day, struct arena *arena)
{
    for (size_t i = 0; i < block->residence_count; i++) {
        const struct feed_residence *stated = &block->residences[i];
        const struct feed_location  *location =
            stated->location.crs != FEED_CRS_NONE ? &stated->location : &block->location;
        add_home(tools, facts, slot, stated->address, stated->area_code, location,
                 latest_day(stated->as_of, record_day), arena);
    }
    if (block->residence_count == 0 && block->registered.address.bytes != NULL)
        add_home(tools, facts, slot, block->registered.address, block->registered.area_code, &block->location,
                 record_day, arena);
}

/* ---- the record ---- */

static void take_birth(struct record_facts *facts, const struct person_block *block)
{
    const struct policy_date range = feed_date_range(block->birth);

    facts->birth_earliest_day = range.earliest_day;
    facts->birth_latest_day   = range.latest_day;
    if (range.latest_day != POLICY_DAY_UNKNOWN && block->birth_calendar == FEED_CALENDAR_LUNAR)
        facts->birth_latest_day += LUNAR_SLACK_DAYS;
}

static void take_child(struct record_facts *facts, const struct feed_child *child)
{
    facts->circumstances = (uint16_t)child->circumstances;
    facts->child_status  = (uint8_t)child->status;
    facts->is_shielded   = child->is_shielded;
    facts->until_day     = feed_date_range(child->until).latest_day;
}

/* What the payloads are read with. */
struct making {
    const struct world_tools *tools;
    const struct blind       *blind;
    struct arena             *arena;
};

/* The same for the record itself and for whoever names it. */
static uint64_t identity_hash(const struct blind *blind, struct span source, enum feed_type type, struct span subject)
{
    const struct span parts[] = { source, span_from_text(feed_type_word(type)), subject };

    return subject.bytes != NULL ? blind_number(blind, BLIND_CANONICAL, parts, 3) : 0;
}

static void take_risk(struct record_facts *facts, const struct making *making, const struct feed_record *read)
{
    const struct feed_risk      *risk  = &read->risk;
    const struct feed_workplace *works = &risk->workplace;
    const struct blind          *blind = making->blind;
    const struct span            none  = { NULL, 0 };

    if (works->address.bytes != NULL || works->location.crs != FEED_CRS_NONE)
        add_residence(making->tools, facts, FACTS_WORKS, works->address, none, &works->location, making->arena);

    facts->category     = (uint8_t)risk->category;
    facts->victim_minor = (uint8_t)risk->victim_minor;
    facts->victim_pupil = risk->victim_pupil == ANSWER_YES;
    facts->until_day    = feed_date_range(risk->until).latest_day;
    facts->released_day = feed_date_range(risk->released_on).earliest_day;
    facts->term_end_day = feed_date_range(risk->term_end).latest_day;
    facts->self         = identity_hash(blind, read->source, FEED_RISK, read->subject);
    facts->case_key     = facts_text_hash(blind, BLIND_SUBJECT, risk->case_ref);
}

static void take_risk_status(struct record_facts *facts, const struct blind *blind, const struct feed_record *read)
{
    const struct feed_risk_status *status = &read->risk_status;
    const struct span              source = status->record.source.bytes != NULL ? status->record.source : read->source;

    facts->event     = (uint8_t)status->event;
    facts->event_day = feed_date_range(status->on).earliest_day;
    facts->target    = identity_hash(blind, source, status->record.type, status->record.subject);
    facts->case_key  = facts_text_hash(blind, BLIND_SUBJECT, status->case_ref);
}

static void add_barred(struct record_facts *facts, const struct making *making, const struct feed_barred_place *place,
                       enum facts_use use)
{
    struct facts_residence *added = NULL;

    if (place->address.bytes != NULL || place->location.crs != FEED_CRS_NONE)
        added =
            add_residence(making->tools, facts, use, place->address, place->area_code, &place->location, making->arena);
    if (added != NULL)
        added->radius_m = (uint16_t)(place->radius_m > UINT16_MAX ? UINT16_MAX : place->radius_m);
}

static void take_order(struct record_facts *facts, const struct making *making, const struct feed_order *order)
{
    facts->category       = CATEGORY_ORDER;
    facts->from_day       = feed_date_range(order->from).earliest_day;
    facts->until_day      = feed_date_range(order->to).latest_day;
    facts->is_prohibition = order->kind == FEED_ORDER_PROHIBITION;
    facts->bans_work      = order->kind == FEED_ORDER_OCCUPATION_BAN || (order->scope & FEED_SCOPE_CARE_WORK) != 0;
    facts->names_schools  = (order->scope & FEED_SCOPE_SCHOOLS) != 0;
    add_barred(facts, making, &order->approved_home, FACTS_APPROVED);
    for (size_t i = 0; i < order->place_count; i++)
        add_barred(facts, making, &order->places[i], FACTS_BARRED);
}

static void take_school(struct record_facts *facts, const struct making *making, const struct feed_school *school)
{
    const struct span none = { NULL, 0 };

    facts->unit = facts_text_hash(making->blind, BLIND_SUBJECT, school->school_id);
    add_residence(making->tools, facts, FACTS_SCHOOL, school->address, school->area_code, &school->location,
                  making->arena);
    for (size_t i = 0; i < school->gate_count; i++)
        add_residence(making->tools, facts, FACTS_GATE, none, none, &school->gates[i].location, making->arena);
}

/* Units in close contact with minors (未成年人保护法 130); a hotel or a venue is none. */
static bool is_close_contact(enum feed_unit_kind kind)
{
    switch (kind) {
    case FEED_UNIT_SCHOOL:
    case FEED_UNIT_KINDERGARTEN:
    case FEED_UNIT_TRAINING:
    case FEED_UNIT_CHILDRENS_HOME:
    case FEED_UNIT_VOLUNTEERS:
    case FEED_UNIT_MEDICAL:
        return true;
    case FEED_UNIT_HOTEL:
    case FEED_UNIT_VENUE:
    case FEED_UNIT_OTHER:
        break;
    }
    return false;
}

static void take_span(struct record_facts *facts, struct feed_date from, struct feed_date to)
{
    facts->from_day  = feed_date_range(from).earliest_day;
    facts->until_day = feed_date_range(to).latest_day;
}

/* What only records of this type say. */
static void take_payload(struct record_facts *facts, const struct making *making, const struct feed_record *read)
{
    const struct blind *blind = making->blind;

    switch (read->type) {
    case FEED_CHILD:
        take_child(facts, &read->child);
        break;
    case FEED_RISK:
        take_risk(facts, making, read);
        break;
    case FEED_RISK_STATUS:
        take_risk_status(facts, blind, read);
        break;
    case FEED_ORDER:
        take_order(facts, making, &read->order);
        break;
    case FEED_ENROLMENT:
        facts->unit = facts_text_hash(blind, BLIND_SUBJECT, read->enrolment.school_id);
        break;
    case FEED_STAFF:
        facts->unit             = facts_text_hash(blind, BLIND_SUBJECT,
                                      read->staff.unit_id.bytes != NULL ? read->staff.unit_id : read->staff.unit);
        facts->is_close_contact = is_close_contact(read->staff.unit_kind);
        take_span(facts, read->staff.from, read->staff.to);
        break;
    case FEED_GUARDIAN_DOCUMENT:
        take_span(facts, read->guardian_document.signed_on, read->guardian_document.until);
        break;
    case FEED_CARE_ASSIGNMENT:
        take_span(facts, read->care_assignment.from, read->care_assignment.to);
        break;
    default:
        break;
    }
}

void facts_make(const struct world_tools *tools, const struct blind *blind, const struct feed_record *read,
                int64_t record_id, struct arena *arena, struct record_facts *facts)
{
    memset(facts, 0, sizeof *facts);
    facts->version             = FACTS_VERSION;
    facts->type                = (uint8_t)read->type;
    facts->record_id           = record_id;
    facts->birth_earliest_day  = POLICY_DAY_UNKNOWN;
    facts->birth_latest_day    = POLICY_DAY_UNKNOWN;
    facts->from_day            = POLICY_DAY_UNKNOWN;
    facts->until_day           = POLICY_DAY_UNKNOWN;
    facts->released_day        = POLICY_DAY_UNKNOWN;
    facts->term_end_day        = POLICY_DAY_UNKNOWN;
    facts->event_day           = POLICY_DAY_UNKNOWN;
    facts->sex                 = SEX_UNKNOWN;
    const struct making making = { tools, blind, arena };
    if (read->type == FEED_SCHOOL)
        take_school(facts, &making, &read->school);
    if (!read->person.is_present)
        return;
    facts->sex       = (uint8_t)read->person.sex;
    facts->household = facts_text_hash(blind, BLIND_HOUSEHOLD, read->person.registered.household_ref);
    take_birth(facts, &read->person);
    add_residences(tools, facts, 0, &read->person, clock_day_of(read->time_us), arena);
    take_payload(facts, &making, read);
}

/* ---- a home that changes from version to version ---- */

/* Where the record's person lives, by its newest address; NULL when it says nothing. */
static const struct facts_residence *present_home(const struct record_facts *facts)
{
    const struct facts_residence *newest = NULL;

    for (unsigned i = 0; i < facts->residence_count; i++) {
        const struct facts_residence *home = &facts->residences[i];
        if (home->use == FACTS_LIVES && home->slot == 0 && (newest == NULL || home->as_of_day > newest->as_of_day))
            newest = home;
    }
    return newest;
}

const struct facts_residence *facts_home_before(const struct record_facts *facts)
{
    for (unsigned i = 0; i < facts->residence_count; i++) {
        if (facts->residences[i].use == FACTS_LIVED)
            return &facts->residences[i];
    }
    return NULL;
}

static bool is_another_home(const struct facts_residence *a, const struct facts_residence *b)
{
    return address_relate(&a->address, &b->address, NULL) == ADDRESS_APART;
}

static void keep_home_before(struct record_facts *facts, const struct facts_residence *before, int32_t lived_since_h,
                             int32_t home_since_h)
{
    if (facts->residence_count == FACTS_RESIDENCES)
        return;
    struct facts_residence *kept = &facts->residences[facts->residence_count++];
    *kept                        = *before;
    kept->use                    = FACTS_LIVED;
    facts->lived_since_h         = lived_since_h;
    facts->home_since_h          = home_since_h;
}

void facts_follow_home(const struct record_facts *old, int32_t version_h, int32_t flap_hold_hours,
                       struct record_facts *facts)
{
    const struct facts_residence *home = present_home(facts), *last = present_home(old);
    const struct facts_residence *before = facts_home_before(old);

    if (facts->type != FEED_RISK || home == NULL || last == NULL)
        return;
    if (!is_another_home(home, last)) {
        if (before != NULL)
            keep_home_before(facts, before, old->lived_since_h, old->home_since_h);
        return;
    }
    /* Back within the hold: the address only flapped, and nobody moved. */
    if (before != NULL && !is_another_home(home, before) && version_h - old->home_since_h < flap_hold_hours)
        return;
    keep_home_before(facts, last, old->home_since_h, version_h);
}

/* ---- mentions ---- */

static enum sex sex_of(enum policy_sex sex)
{
    return sex == SEX_FEMALE ? PERSON_FEMALE : sex == SEX_MALE ? PERSON_MALE : PERSON_SEX_UNKNOWN;
}

static size_t write_birth(struct feed_date date, char text[16])
{
    if (date.year == 0)
        return 0;
    if (date.month == 0)
        return (size_t)snprintf(text, 16, "%04d", date.year);
    if (date.day == 0)
        return (size_t)snprintf(text, 16, "%04d-%02d", date.year, date.month);
    return (size_t)snprintf(text, 16, "%04d-%02d-%02d", date.year, date.month, date.day);
}

static void take_names(struct person_input *input, const struct person_block *block)
{
    input->names[input->name_count++] = block->name;
    for (size_t i = 0; i < block->former_names.count && input->name_count < PERSON_NAMES; i++)
        input->names[input->name_count++] = block->former_names.items[i];
}

/* A valid number says the birth date better than a partial or missing one. */
static void sharpen_birth(struct record_facts *facts, const struct mention_features *features)
{
    const bool is_exact =
        facts->birth_earliest_day != POLICY_DAY_UNKNOWN && facts->birth_earliest_day == facts->birth_latest_day;

    if (features->number_kind == MENTION_NUMBER_VALID && features->number_day != MENTION_NO_DAY && !is_exact) {
        facts->birth_earliest_day = features->number_day;
        facts->birth_latest_day   = features->number_day;
    }
    if (facts->sex == SEX_UNKNOWN && features->sex != PERSON_SEX_UNKNOWN)
        facts->sex = features->sex == PERSON_FEMALE ? SEX_FEMALE : SEX_MALE;
}

void facts_mention(const struct world_tools *tools, const struct blind *blind, const struct facts_person *person,
                   struct arena *arena, struct record_facts *facts, struct mention_features *features)
{
    const struct person_block *block = person->block;
    const unsigned             slot  = person->slot;
    char                       birth[16];
    struct person_input        input = {
               .id_type        = (enum id_type)block->id_type,
               .id_number      = block->id_number,
               .sex            = sex_of(block->sex),
               .birth_calendar = (enum birth_calendar)block->birth_calendar,
               .household_hash = facts_text_hash(blind, BLIND_HOUSEHOLD, block->registered.household_ref),
               .context_hash   = person->context,
               .guardian_count = person->guardian_count,
    };

    memcpy(input.guardians, person->guardians, sizeof input.guardians);
    if (slot > 0)
        add_residences(tools, facts, slot, block, POLICY_DAY_UNKNOWN, arena);
    for (unsigned i = 0; i < facts->residence_count && input.community_code == 0; i++) {
        const struct address_features *address = &facts->residences[i].address;

        if (facts->residences[i].slot != slot || facts->residences[i].use != FACTS_LIVES)
            continue;
        input.community_code = address->code;
        input.dwelling_key   = address_dwelling_key(address);
        input.building_key   = address_building_key(address);
    }
    take_names(&input, block);
    const size_t length = write_birth(block->birth, birth);
    if (length > 0)
        input.birth_date = span_of(birth, length);
    for (size_t i = 0; i < block->phones.count && input.phone_count < PERSON_PHONES; i++)
        input.phones[input.phone_count++] = block->phones.items[i];
    mention_features_make(tools->language, &input, features);
    if (slot == 0)
        sharpen_birth(facts, features);
}
