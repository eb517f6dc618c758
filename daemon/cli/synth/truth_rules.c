/* The rules; see truth_rules.h.
 * No grid, no policy file, no table of the matchers. */
#include "daemon/cli/synth/truth_rules.h"

#include <string.h>

enum { CYCLE_CHILD_DAYS = 180, CYCLE_A_DAYS = 30, CYCLE_B_DAYS = 90 };

/* What an old address does to a rule: nothing, one tier less, or that but never below orange. */
enum ageing { AGEING_NONE, AGEING_LOWERS, AGEING_TO_ORANGE };

static const char *const order[] = { "R1", "R2", "R3", "R4", "O1", "O2", "O3", "O4", "O5", "Y1", "Y2", "Y3", "B1" };

static size_t place_in_order(const char *rule)
{
    size_t i = 0;

    while (i < sizeof order / sizeof order[0] && strcmp(order[i], rule) != 0)
        i++;
    return i;
}

struct truth_pair truth_stronger(struct truth_pair a, struct truth_pair b)
{
    if (a.tier == TRUTH_NO_TIER || b.tier == TRUTH_NO_TIER)
        return a.tier == TRUTH_NO_TIER ? b : a;
    if (a.tier != b.tier)
        return a.tier < b.tier ? a : b;
    return place_in_order(a.rule) <= place_in_order(b.rule) ? a : b;
}

static int cycles_outlived(int32_t age, int32_t cycle)
{
    return age > 2 * cycle ? 2 : age > cycle;
}

static int lowered(int tier, int cycles, enum ageing ageing)
{
    if (cycles < 2 || ageing == AGEING_NONE || tier == TRUTH_BLUE)
        return tier;
    if (ageing == AGEING_TO_ORANGE)
        return tier < TRUTH_ORANGE ? TRUTH_ORANGE : tier;
    return tier + 1;
}

/* ---- a child ---- */

static bool within(const struct truth_facts *facts, double metres, enum stated_precision needed)
{
    return facts->precision >= needed && facts->distance_m <= metres;
}

/* Raise, then the caps of place and age. */
static int after_caps(int tier, enum ageing ageing, bool rests_on_place, const struct truth_facts *facts)
{
    const int risk   = cycles_outlived(facts->risk_age, facts->is_class_a ? CYCLE_A_DAYS : CYCLE_B_DAYS);
    const int child  = cycles_outlived(facts->child_age, CYCLE_CHILD_DAYS);
    const int cycles = risk > child ? risk : child;

    if (tier == TRUTH_YELLOW && facts->is_vulnerable)
        tier = TRUTH_ORANGE;
    if (rests_on_place && facts->precision <= STATED_COMMUNITY && tier < TRUTH_YELLOW)
        tier = TRUTH_YELLOW;
    return lowered(tier, cycles, ageing);
}

/* Only the home of the person of concern counts for O3. */
static int at_gate(const struct truth_facts *facts)
{
    return lowered(TRUTH_ORANGE, cycles_outlived(facts->risk_age, CYCLE_A_DAYS), AGEING_LOWERS);
}

struct truth_pair truth_decide(const struct truth_facts *facts)
{
    const bool is_a = facts->is_class_a, is_b = !facts->is_class_a && !facts->is_abuse;
    /* A house in a village counts as a building; a flat needs its building, and its room to be one dwelling. */
    const bool is_one_roof = (facts->same_dwelling && facts->precision == STATED_DWELLING) ||
                             (facts->same_household && facts->same_dwelling && facts->precision >= STATED_COMMUNITY);
    const bool is_next_door =
        (facts->same_building && facts->precision >= STATED_BUILDING) || within(facts, 200, STATED_NUMBER);
    const bool is_around = within(facts, facts->is_rural ? 1000 : 500, STATED_GROUP) ||
                           (facts->is_rural && facts->same_group && facts->precision >= STATED_GROUP);
    const bool is_counted =
        within(facts, 1000, STATED_GROUP) || (facts->same_community && facts->precision >= STATED_COMMUNITY);
    /* clang-format off */
    const struct {
        const char *rule;
        bool        applies;
        int         tier;
    } rules[] = {
        { "R1", is_a && is_one_roof,                              after_caps(TRUTH_RED, AGEING_TO_ORANGE, true, facts) },
        { "R2", facts->is_carer && (is_a || facts->is_abuse),     TRUTH_RED                                            },
        { "O1", is_a && is_next_door,                             after_caps(TRUTH_ORANGE, AGEING_LOWERS, true, facts) },
        { "O2", is_a && facts->is_fresh && within(facts, 500, STATED_GROUP),
                                                                  after_caps(TRUTH_ORANGE, AGEING_LOWERS, true, facts) },
        { "O3", is_a && facts->is_of_schools && facts->is_at_gate && facts->risk_precision >= STATED_GROUP,
                                                                  at_gate(facts)                                       },
        { "O4", is_b && is_one_roof,                              after_caps(TRUTH_ORANGE, AGEING_LOWERS, false, facts) },
        { "O4", is_b && facts->is_carer,                          TRUTH_ORANGE                                         },
        { "Y1", is_a && is_around,                                after_caps(TRUTH_YELLOW, AGEING_LOWERS, true, facts) },
        { "Y2", is_b && is_next_door,                             after_caps(TRUTH_YELLOW, AGEING_LOWERS, true, facts) },
        { "B1", is_a && is_counted,                               TRUTH_BLUE                                           },
    };
    /* clang-format on */
    struct truth_pair best = { TRUTH_NO_TIER, "", facts->distance_m };

    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (rules[i].applies)
            best = truth_stronger(best, (struct truth_pair){ rules[i].tier, rules[i].rule, facts->distance_m });
    }
    return best;
}

/* ---- no child ---- */

struct truth_pair truth_decide_person(const struct truth_person_facts *facts)
{
    if (facts->is_barred && facts->precision > STATED_COMMUNITY)
        return (struct truth_pair){ TRUTH_RED, "R4", 0 };
    if (facts->is_class_a && facts->is_lost)
        return (struct truth_pair){ TRUTH_ORANGE, "O5", 0 };
    return (struct truth_pair){ TRUTH_NO_TIER, "", 0 };
}

struct truth_pair truth_decide_group(const struct truth_person_facts *facts)
{
    if (!facts->is_class_a || facts->children < 3 || facts->precision < STATED_GROUP)
        return (struct truth_pair){ TRUTH_NO_TIER, "", 0 };
    return (struct truth_pair){ lowered(TRUTH_YELLOW, cycles_outlived(facts->risk_age, CYCLE_A_DAYS), AGEING_LOWERS),
                                "Y3", 0 };
}
