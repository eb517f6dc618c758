/* Truth by brute force over girls and persons of concern; see truth.h.
 * An implementation of its own: no grid, no policy file, no table of the matchers. */
#include "daemon/cli/synth/truth.h"

#include <string.h>

enum { CYCLE_CHILD_DAYS = 180, CYCLE_A_DAYS = 30, CYCLE_B_DAYS = 90 };

void truth_told(void *listener, const struct plan_record *record, uint32_t number, int slot, int32_t person,
                const struct mention *mention)
{
    struct truth         *truth  = listener;
    struct truth_address *newest = &truth->newest[person];
    const char           *source = synth_topic_source((enum synth_topic)record->topic);
    const char           *type   = synth_type_word((enum synth_type)record->type);
    char                  subject[16];

    synth_subject((enum synth_type)record->type, number, subject);
    fprintf(truth->clusters, "p%07d,%s,%s,%s,%d\n", person, source, type, subject, slot);
    if (mention->errors != 0) {
        const char *plus = "";
        fprintf(truth->errors, "%s,%s,%s,%d,", source, type, subject, slot);
        for (int i = 0; i < MENTION_ERROR_COUNT; i++) {
            if ((mention->errors >> i & 1) == 0)
                continue;
            fprintf(truth->errors, "%s%s", plus, mention_error_word((enum mention_error)i));
            plus = "+";
        }
        fputc('\n', truth->errors);
    }
    if (mention->dwelling >= 0 && (newest->dwelling < 0 || mention->as_of_day > newest->as_of_day))
        *newest = (struct truth_address){ mention->dwelling, mention->as_of_day, mention->precision };
}

static bool within(const struct truth_facts *facts, double metres, enum stated_precision needed)
{
    return facts->precision >= needed && facts->distance_m <= metres;
}

/* How many cycles, up to two, the older of both addresses has outlived. */
static int cycles_outlived(const struct truth_facts *facts)
{
    const int32_t risk_cycle = facts->is_class_a ? CYCLE_A_DAYS : CYCLE_B_DAYS;
    const int     risk       = facts->risk_age > 2 * risk_cycle ? 2 : facts->risk_age > risk_cycle;
    const int     child      = facts->child_age > 2 * CYCLE_CHILD_DAYS ? 2 : facts->child_age > CYCLE_CHILD_DAYS;

    return risk > child ? risk : child;
}

/* Raise, then the caps of place and age; R2 rests on relation and knows neither. */
static int after_caps(int tier, bool is_r1, const struct truth_facts *facts)
{
    if (tier == TRUTH_YELLOW && facts->is_vulnerable)
        tier = TRUTH_ORANGE;
    if (facts->precision <= STATED_COMMUNITY && tier < TRUTH_YELLOW)
        tier = TRUTH_YELLOW;
    if (cycles_outlived(facts) < 2)
        return tier;
    if (is_r1)
        return tier < TRUTH_ORANGE ? TRUTH_ORANGE : tier;
    return tier < TRUTH_BLUE ? tier + 1 : tier;
}

struct truth_pair truth_decide(const struct truth_facts *facts)
{
    struct truth_pair best  = { TRUTH_NO_TIER, "", facts->distance_m };
    const double      reach = facts->is_rural ? 1000 : 500;
    /* A house in a village counts as a building; a flat needs its building. */
    const bool is_r1 = facts->is_class_a && facts->same_dwelling && facts->precision == STATED_DWELLING;
    const bool is_r2 = facts->is_carer && (facts->is_class_a || facts->is_abuse);
    const bool is_o1 = facts->is_class_a && ((facts->same_building && facts->precision >= STATED_BUILDING) ||
                                             within(facts, 200, STATED_NUMBER));
    const bool is_y1 =
        facts->is_class_a && (within(facts, reach, STATED_COMMUNITY) ||
                              (facts->is_rural && facts->same_group && facts->precision >= STATED_GROUP));
    /* clang-format off */
    const struct {
        const char *rule;
        bool        applies;
        int         tier;
    } rules[] = {
        { "R1", is_r1, after_caps(TRUTH_RED, true, facts)     },
        { "R2", is_r2, TRUTH_RED                              },
        { "O1", is_o1, after_caps(TRUTH_ORANGE, false, facts) },
        { "Y1", is_y1, after_caps(TRUTH_YELLOW, false, facts) },
    };
    /* clang-format on */

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].applies && (best.tier == TRUTH_NO_TIER || rules[i].tier < best.tier)) {
            best.tier = rules[i].tier;
            best.rule = rules[i].rule;
        }
    }
    return best;
}

static bool is_class_a(const struct person *person)
{
    return person->concern <= CONCERN_ELSEWHERE;
}

static struct truth_pair pair_at(const struct truth *truth, int32_t child, int32_t risk, struct truth_address child_at,
                                 struct truth_address risk_at)
{
    const struct person        *girl   = &truth->people->persons[child];
    const struct person        *person = &truth->people->persons[risk];
    const struct land_dwelling *here   = &truth->land->dwellings[child_at.dwelling];
    const struct land_dwelling *there  = &truth->land->dwellings[risk_at.dwelling];
    const struct truth_facts    facts  = {
            .is_class_a    = is_class_a(person),
            .is_abuse      = person->concern == CONCERN_ABUSE,
            .is_carer      = person->carer_of == child,
            .is_vulnerable = (girl->circumstances & VULNERABLE_BITS) != 0,
            .is_rural      = truth->land->communities[here->community].is_village,
            .same_dwelling = land_same_dwelling(here, there),
            .same_building = land_same_building(here, there),
            .same_group =
                here->community == there->community && here->estate < 0 && there->estate < 0 && here->group == there->group,
            .distance_m = land_distance_m(here->at, there->at),
            .precision  = child_at.precision < risk_at.precision ? child_at.precision : risk_at.precision,
            .child_age  = truth->today - child_at.as_of_day,
            .risk_age   = truth->today - risk_at.as_of_day,
    };

    return truth_decide(&facts);
}

static void write_pair(FILE *file, int32_t child, int32_t risk, const struct truth_pair *pair, bool is_hidden)
{
    fprintf(file, "p%07d,p%07d,%d,%s,%.1f,%d\n", child, risk, pair->tier, pair->rule, pair->distance_m, is_hidden);
}

static struct truth_address real_address(const struct truth *truth, int32_t person)
{
    return (struct truth_address){ truth->people->households[truth->people->persons[person].household].dwelling,
                                   truth->today, STATED_DWELLING };
}

static void write_pairs_of(const struct truth *truth, int32_t child, int32_t risk, FILE *pairs, FILE *hidden,
                           size_t counts[5])
{
    const struct truth_address child_at = truth->newest[child], risk_at = truth->newest[risk];

    if (child_at.dwelling < 0 || risk_at.dwelling < 0)
        return;

    const struct truth_pair pair = pair_at(truth, child, risk, child_at, risk_at);
    if (pair.tier != TRUTH_NO_TIER) {
        write_pair(pairs, child, risk, &pair, false);
        counts[pair.tier]++;
        return;
    }
    const struct truth_address child_home = real_address(truth, child), risk_home = real_address(truth, risk);
    if (child_home.dwelling == child_at.dwelling && risk_home.dwelling == risk_at.dwelling)
        return;

    const struct truth_pair real = pair_at(truth, child, risk, child_home, risk_home);
    if (real.tier != TRUTH_NO_TIER) {
        write_pair(hidden, child, risk, &real, true);
        counts[0]++;
    }
}

bool truth_write_pairs(const struct truth *truth, FILE *pairs, FILE *hidden, size_t counts[5])
{
    static const char    heading[] = "child_person,risk_person,tier,rule,distance_m,hidden\n";
    const struct people *people    = truth->people;

    memset(counts, 0, 5 * sizeof counts[0]);
    fputs(heading, pairs);
    fputs(heading, hidden);
    for (size_t risk = 0; risk < people->person_count; risk++) {
        if (people->persons[risk].kind != PERSON_CONCERN)
            continue;
        for (size_t g = 0; g < people->girl_count; g++)
            write_pairs_of(truth, people->girls[g], (int32_t)risk, pairs, hidden, counts);
    }
    return ferror(pairs) == 0 && ferror(hidden) == 0;
}

bool truth_write_twins(const struct truth *truth, FILE *twins)
{
    const struct people *people = truth->people;

    fputs("person_a,person_b\n", twins);
    for (size_t i = 1; i < people->person_count; i++) {
        const struct person *elder = &people->persons[i - 1], *person = &people->persons[i];

        if (elder->kind == PERSON_CHILD && person->kind == PERSON_CHILD && elder->household == person->household &&
            elder->birth_day == person->birth_day)
            fprintf(twins, "p%07zu,p%07zu\n", i - 1, i);
    }
    return ferror(twins) == 0;
}
