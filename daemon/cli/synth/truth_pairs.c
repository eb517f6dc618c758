/* Every girl against every person of concern, and each of these alone; see truth.h.
 * Where somebody lives is the place that the newest address names, read by every record that names it. */
#include "daemon/cli/synth/truth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FRESH_DAYS = 30, CYCLE_A_DAYS = 30, CYCLE_CHILD_DAYS = 180, SCHOOL_ZONE_M = 200, CLUSTER_M = 300, PLACE_M = 50 };

/* What records say of one home. */
struct home {
    size_t               count;
    struct truth_address readings[TRUTH_ADDRESSES];
};

static const struct truth_party *party_of(const struct truth *truth, int32_t person)
{
    return &truth->parties[truth->party_of[person]];
}

static struct home home_of(const struct truth_party *party)
{
    const struct truth_address *newest = NULL;
    struct home                 home   = { 0 };

    for (size_t i = 0; i < party->address_count; i++) {
        if (newest == NULL || party->addresses[i].as_of_day > newest->as_of_day)
            newest = &party->addresses[i];
    }
    for (size_t i = 0; newest != NULL && i < party->address_count; i++) {
        if (party->addresses[i].dwelling == newest->dwelling)
            home.readings[home.count++] = party->addresses[i];
    }
    return home;
}

static struct home real_home(const struct truth *truth, int32_t person)
{
    const struct people *people = truth->people;

    return (struct home){
        1, { { people->households[people->persons[person].household].dwelling, truth->today, STATED_DWELLING } }
    };
}

static const struct land_dwelling *dwelling_at(const struct truth *truth, const struct truth_address *address)
{
    return &truth->land->dwellings[address->dwelling];
}

/* Since when records name this home, after another one was named last; a notice of the move says the day itself. */
static int32_t moved_day(const struct truth *truth, const struct concern *concern, const struct home *home)
{
    const struct truth_party *party = party_of(truth, concern->person);
    int32_t                   last = CONCERN_NO_DAY, first = INT32_MAX;

    for (size_t i = 0; home->count > 0 && i < party->address_count; i++) {
        if (party->addresses[i].dwelling != home->readings[0].dwelling && party->addresses[i].as_of_day > last)
            last = party->addresses[i].as_of_day;
    }
    for (size_t i = 0; i < home->count; i++) {
        if (home->readings[i].as_of_day > last && home->readings[i].as_of_day < first)
            first = home->readings[i].as_of_day;
    }
    const int32_t shown = last != CONCERN_NO_DAY && first < truth->today ? first : CONCERN_NO_DAY;
    return concern->has_moved && concern->moved_day > shown ? concern->moved_day : shown;
}

static bool is_fresh(const struct truth *truth, int32_t day)
{
    return day != CONCERN_NO_DAY && truth->today - day <= FRESH_DAYS;
}

/* ---- a girl and a person of concern ---- */

static void write_row(FILE *file, int32_t child, int32_t risk, const struct truth_pair *pair, bool is_hidden,
                      const char *subject, const char *unit)
{
    if (child >= 0)
        fprintf(file, "p%07d", child);
    fprintf(file, ",p%07d,%d,%s,%.1f,%d,%s,%s\n", risk, pair->tier, pair->rule, pair->distance_m, is_hidden, subject,
            unit);
}

static bool is_carer(const struct truth *truth, int32_t child, int32_t risk)
{
    for (size_t i = 0; i < truth->tie_count; i++) {
        if (truth->ties[i].child == child && truth->ties[i].risk == risk)
            return true;
    }
    return false;
}

static void add_place(const struct truth *truth, const struct truth_address *child_at,
                      const struct truth_address *risk_at, struct truth_facts *facts)
{
    const struct land_dwelling *here = dwelling_at(truth, child_at), *there = dwelling_at(truth, risk_at);

    facts->is_rural       = truth->land->communities[here->community].is_village;
    facts->same_dwelling  = land_same_dwelling(here, there);
    facts->same_building  = land_same_building(here, there);
    facts->same_community = here->community == there->community;
    facts->same_group = facts->same_community && here->estate < 0 && there->estate < 0 && here->group == there->group;
    facts->distance_m = land_distance_m(here->at, there->at);
    facts->precision  = child_at->precision < risk_at->precision ? child_at->precision : risk_at->precision;
}

static struct truth_facts facts_of(const struct truth *truth, int32_t child, const struct concern *concern,
                                   const struct truth_address *child_at, const struct truth_address *risk_at)
{
    const struct person      *girl = &truth->people->persons[child], *person = &truth->people->persons[concern->person];
    const struct truth_party *hers = party_of(truth, child), *his = party_of(truth, concern->person);
    struct truth_facts        facts = {
               .is_class_a     = concern_is_class_a(concern),
               .is_abuse       = concern->offence == OFFENCE_ABUSE,
               .is_carer       = is_carer(truth, child, concern->person),
               .is_vulnerable  = (girl->circumstances & VULNERABLE_BITS) != 0,
               .same_household = hers->is_registered && his->is_registered && girl->booklet == person->booklet,
               .is_of_schools  = concern->of_pupils || concern_is_barred_from_schools(concern),
    };

    if (child_at != NULL)
        facts.child_age = truth->today - child_at->as_of_day;
    if (risk_at != NULL) {
        facts.risk_age       = truth->today - risk_at->as_of_day;
        facts.risk_precision = risk_at->precision;
        facts.is_at_gate     = hers->school >= 0 && land_gate_distance_m(&truth->land->schools[hers->school],
                                                                         dwelling_at(truth, risk_at)->at) <= SCHOOL_ZONE_M;
    }
    if (child_at != NULL && risk_at != NULL)
        add_place(truth, child_at, risk_at, &facts);
    return facts;
}

/* The strongest over all readings of both homes; *area: of the child's in it, -1. */
static struct truth_pair decide(const struct truth *truth, int32_t child, const struct concern *concern,
                                const struct home *child_home, const struct home *risk_home, int32_t *area)
{
    const size_t ours   = child_home->count > 0 ? child_home->count : 1;
    const size_t theirs = risk_home->count > 0 ? risk_home->count : 1;
    const bool   has_fresh_day =
        is_fresh(truth, concern->released_day) || is_fresh(truth, moved_day(truth, concern, risk_home));
    struct truth_pair best = { TRUTH_NO_TIER, "", 0 };

    *area = child_home->count > 0 ? dwelling_at(truth, &child_home->readings[0])->community : -1;
    for (size_t i = 0; i < ours * theirs; i++) {
        const struct truth_address *child_at = child_home->count > 0 ? &child_home->readings[i / theirs] : NULL;
        const struct truth_address *risk_at  = risk_home->count > 0 ? &risk_home->readings[i % theirs] : NULL;
        struct truth_facts          facts    = facts_of(truth, child, concern, child_at, risk_at);
        facts.is_fresh                       = has_fresh_day;
        best                                 = truth_stronger(best, truth_decide(&facts));
    }
    return best;
}

static bool is_counted(const struct truth_pair *pair)
{
    return strcmp(pair->rule, "B1") == 0;
}

static void write_pair(const struct truth *truth, int32_t child, const struct concern *concern,
                       const struct truth_files *files, size_t counts[5], size_t *by_area)
{
    const struct home child_home = home_of(party_of(truth, child)),
                      risk_home  = home_of(party_of(truth, concern->person));
    int32_t                 area = -1, unused = -1;
    const struct truth_pair pair = decide(truth, child, concern, &child_home, &risk_home, &area);

    if (pair.tier != TRUTH_NO_TIER && !is_counted(&pair)) {
        write_row(files->pairs, child, concern->person, &pair, false, "child", "");
        counts[pair.tier]++;
        return;
    }
    if (is_counted(&pair) && area >= 0)
        by_area[area]++;

    const struct home       child_real = real_home(truth, child), risk_real = real_home(truth, concern->person);
    const struct truth_pair real = decide(truth, child, concern, &child_real, &risk_real, &unused);
    if (real.tier != TRUTH_NO_TIER && !is_counted(&real)) {
        write_row(files->hidden, child, concern->person, &real, true, "child", "");
        counts[0]++;
    }
}

/* ---- nobody else is named ---- */

static bool is_in_zone(const struct truth *truth, const struct concern *concern, int32_t dwelling)
{
    const struct land_dwelling *at = &truth->land->dwellings[dwelling];

    if (concern->order == ORDER_PLACE) {
        const struct land_dwelling *barred = &truth->land->dwellings[concern->barred];
        const int32_t               radius = concern->barred_radius_m > 0 ? concern->barred_radius_m : PLACE_M;
        return land_same_building(at, barred) || land_distance_m(at->at, barred->at) <= radius;
    }
    for (size_t i = 0; concern->order == ORDER_SCHOOLS && i < truth->land->school_count; i++) {
        if (land_gate_distance_m(&truth->land->schools[i], at->at) <= SCHOOL_ZONE_M)
            return true;
    }
    return false;
}

static bool is_lost(const struct truth *truth, const struct home *home)
{
    for (size_t i = 0; i < home->count; i++) {
        if (home->readings[i].precision > STATED_COMMUNITY &&
            truth->today - home->readings[i].as_of_day <= CYCLE_A_DAYS)
            return false;
    }
    return true;
}

static struct truth_pair decide_alone(const struct truth *truth, const struct concern *concern, const struct home *home)
{
    struct truth_person_facts facts = { .is_class_a = concern_is_class_a(concern), .is_lost = is_lost(truth, home) };
    struct truth_pair         best  = truth_decide_person(&facts);

    for (size_t i = 0; i < home->count; i++) {
        facts.precision = home->readings[i].precision;
        facts.is_barred = is_in_zone(truth, concern, home->readings[i].dwelling);
        best            = truth_stronger(best, truth_decide_person(&facts));
    }
    if (concern->workplace >= 0) {
        facts.precision = STATED_DWELLING;
        facts.is_barred = is_in_zone(truth, concern, concern->workplace);
        best            = truth_stronger(best, truth_decide_person(&facts));
    }
    return best;
}

/* Some reading of her home, no older than two cycles, placed and near enough. */
static bool is_around(const struct truth *truth, int32_t child, const struct truth_address *risk_at)
{
    const struct home home = home_of(party_of(truth, child));

    for (size_t i = 0; i < home.count; i++) {
        const struct truth_address *hers = &home.readings[i];
        if (hers->precision >= STATED_GROUP && truth->today - hers->as_of_day <= 2 * CYCLE_CHILD_DAYS &&
            land_distance_m(dwelling_at(truth, hers)->at, dwelling_at(truth, risk_at)->at) <= CLUSTER_M)
            return true;
    }
    return false;
}

static struct truth_pair decide_group(const struct truth *truth, const struct concern *concern, const struct home *home)
{
    struct truth_pair best = { TRUTH_NO_TIER, "", 0 };

    for (size_t i = 0; i < home->count; i++) {
        const struct truth_address *at    = &home->readings[i];
        struct truth_person_facts   facts = { .is_class_a = concern_is_class_a(concern),
                                              .precision  = at->precision,
                                              .risk_age   = truth->today - at->as_of_day };
        for (size_t g = 0; g < truth->people->girl_count; g++)
            facts.children += is_around(truth, truth->people->girls[g], at);
        best = truth_stronger(best, truth_decide_group(&facts));
    }
    return best;
}

/* Once for each unit, whichever records say so. */
static void write_units(const struct truth *truth, const struct concern *concern, FILE *pairs, size_t counts[5])
{
    static const struct truth_pair red = { TRUTH_RED, "R3", 0 };
    const bool                     counts_here =
        concern_is_class_a(concern) || concern->offence == OFFENCE_ABUSE || concern->order == ORDER_BAN;

    for (size_t i = 0; counts_here && i < truth->tie_count; i++) {
        const struct truth_tie *tie    = &truth->ties[i];
        bool                    is_new = tie->risk == concern->person && tie->child < 0;
        for (size_t j = 0; is_new && j < i; j++)
            is_new = truth->ties[j].risk != tie->risk || strcmp(truth->ties[j].unit, tie->unit) != 0;
        if (!is_new)
            continue;
        write_row(pairs, -1, concern->person, &red, false, "unit", tie->unit);
        counts[TRUTH_RED]++;
    }
}

static void write_alone(const struct truth *truth, const struct concern *concern, FILE *pairs, size_t counts[5])
{
    const struct home       home  = home_of(party_of(truth, concern->person));
    const struct truth_pair alone = decide_alone(truth, concern, &home), group = decide_group(truth, concern, &home);

    write_units(truth, concern, pairs, counts);
    if (alone.tier != TRUTH_NO_TIER) {
        write_row(pairs, -1, concern->person, &alone, false, "person", "");
        counts[alone.tier]++;
    }
    if (group.tier != TRUTH_NO_TIER) {
        write_row(pairs, -1, concern->person, &group, false, "group", "");
        counts[group.tier]++;
    }
}

bool truth_write_pairs(const struct truth *truth, const struct truth_files *files, size_t counts[5])
{
    static const char    heading[] = "child_person,risk_person,tier,rule,distance_m,hidden,subject,unit\n";
    const struct people *people    = truth->people;
    size_t              *by_area   = calloc(truth->land->community_count + 1, sizeof by_area[0]);

    if (by_area == NULL || truth->is_out_of_memory) {
        free(by_area);
        return false;
    }
    memset(counts, 0, 5 * sizeof counts[0]);
    fputs(heading, files->pairs);
    fputs(heading, files->hidden);
    for (size_t i = 0; i < people->concern_count; i++) {
        const struct concern *concern = &people->concerns[i];
        if (!concern_counts(concern, truth->today))
            continue;
        for (size_t g = 0; g < people->girl_count; g++)
            write_pair(truth, people->girls[g], concern, files, counts, by_area);
        write_alone(truth, concern, files->pairs, counts);
    }
    fputs("area_code,pairs\n", files->counted);
    for (size_t i = 0; i < truth->land->community_count; i++) {
        if (by_area[i] > 0)
            fprintf(files->counted, "%s,%zu\n", truth->land->communities[i].row->code, by_area[i]);
    }
    free(by_area);
    return ferror(files->pairs) == 0 && ferror(files->hidden) == 0 && ferror(files->counted) == 0;
}
