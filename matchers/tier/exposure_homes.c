/* Where somebody lives, of all that records say: what is superseded, what shows a move, what is wrong with it.
 * Deliberately one person at a time, without the index. */
#include "matchers/tier/exposure_table.h"

static bool is_equal_key(uint64_t a, uint64_t b)
{
    return a != 0 && a == b;
}

static bool is_less_telling(const struct exposure_residence *a, const struct exposure_residence *b)
{
    if (a->as_of_day != b->as_of_day)
        return a->as_of_day < b->as_of_day;
    if (a->precision != b->precision)
        return a->precision < b->precision;
    return a->record_id > b->record_id;
}

void exposure_add_residence(struct person_situation *situation, const struct exposure_residence *residence)
{
    struct exposure_residence *least = &situation->residences[0];

    if (situation->residence_count < EXPOSURE_RESIDENCES) {
        situation->residences[situation->residence_count++] = *residence;
        return;
    }
    for (size_t i = 1; i < EXPOSURE_RESIDENCES; i++) {
        if (is_less_telling(&situation->residences[i], least))
            least = &situation->residences[i];
    }
    if (is_less_telling(least, residence))
        *least = *residence;
}

/* The newer one names no community and is located to its town at best (an estate's name that the town has twice), or
 * not at all; the older one lies in that town. Somebody who did move there keeps the old address beside it until a
 * better one comes. */
static bool is_lost_in_town_of(const struct exposure_residence *newer, const struct exposure_residence *older)
{
    const bool is_lost = newer->precision <= PRECISION_TOWN || (!newer->has_point && older->has_point);

    return newer->community_code == 0 && is_lost && older->precision > PRECISION_TOWN &&
           is_equal_key(newer->town_code, older->town_code);
}

/* The newer one leaves the building out, and the older one's building stands in the yard that is left. */
static bool is_yard_around(const struct exposure_residence *newer, const struct exposure_residence *older)
{
    const struct proximity_point yard = { newer->lon, newer->lat }, building = { older->lon, older->lat };

    return newer->precision == PRECISION_NUMBER && newer->has_point && older->has_point &&
           proximity_distance_m(yard, building) <= (double)newer->uncertainty_m + (double)older->uncertainty_m;
}

/* The newer one is a coarser spelling of the older one's place. */
static bool is_coarser_reading(const struct exposure_residence *newer, const struct exposure_residence *older)
{
    if (is_lost_in_town_of(newer, older))
        return true;
    return newer->precision < older->precision && is_equal_key(newer->community_code, older->community_code) &&
           (exposure_agreed_level(newer, older) != PRECISION_NONE || is_yard_around(newer, older));
}

bool exposure_is_elsewhere(const struct exposure_residence *a, const struct exposure_residence *b)
{
    if (a->community_code != 0 && b->community_code != 0 && a->community_code != b->community_code)
        return true;
    /* Two spellings of one flat have two keys while the library cannot tell which estate of the name is meant: then it
     * has no point, and nothing shows a move. */
    const bool are_known = (a->community_code != 0 && b->community_code != 0) || (a->has_point && b->has_point);
    return are_known && a->building_key != 0 && b->building_key != 0 && a->building_key != b->building_key;
}

/* Since when records state the place of `home`, after it was another one's turn. */
static int32_t stated_since(const struct person_situation *situation, const struct exposure_residence *home,
                            int32_t after_day)
{
    int32_t since = home->as_of_day;

    for (size_t i = 0; i < situation->residence_count; i++) {
        const struct exposure_residence *other = &situation->residences[i];
        if (other->as_of_day > after_day && other->as_of_day < since && !exposure_is_elsewhere(other, home))
            since = other->as_of_day;
    }
    return since;
}

static int32_t later_of(int32_t a, int32_t b)
{
    return a > b ? a : b; /* POLICY_DAY_UNKNOWN is below every day */
}

int32_t exposure_drop_superseded(struct person_situation *situation)
{
    bool    is_dropped[EXPOSURE_RESIDENCES] = { false };
    int32_t moved_day                       = POLICY_DAY_UNKNOWN;
    size_t  kept                            = 0;

    for (size_t i = 0; i < situation->residence_count; i++) {
        for (size_t j = 0; j < situation->residence_count; j++) {
            const struct exposure_residence *older = &situation->residences[i], *newer = &situation->residences[j];
            if (newer->as_of_day <= older->as_of_day || is_coarser_reading(newer, older))
                continue;
            is_dropped[i] = true;
            if (older->as_of_day != POLICY_DAY_UNKNOWN && exposure_is_elsewhere(newer, older))
                moved_day = later_of(moved_day, stated_since(situation, newer, older->as_of_day));
        }
    }
    for (size_t i = 0; i < situation->residence_count; i++) {
        if (!is_dropped[i])
            situation->residences[kept++] = situation->residences[i];
    }
    situation->residence_count = (uint8_t)kept;
    return moved_day;
}

static bool has_concern_at_large(const struct person_situation *situation)
{
    for (size_t i = 0; i < situation->concern_count; i++) {
        if (situation->concerns[i].is_at_large && situation->concerns[i].class == POLICY_CLASS_A)
            return true;
    }
    return false;
}

static bool is_class_a(const struct person_situation *situation)
{
    for (size_t i = 0; i < situation->concern_count; i++) {
        if (situation->concerns[i].class == POLICY_CLASS_A)
            return true;
    }
    return false;
}

static int32_t cycle_of(const struct policy *policy, const struct person_situation *situation)
{
    if (situation->concern_count == 0)
        return policy->cycles.child_days;
    return is_class_a(situation) ? policy->cycles.class_a_days : policy->cycles.class_b_days;
}

static bool is_placed(const struct exposure_residence *home)
{
    return home->building_key != 0 || (home->has_point && home->precision > PRECISION_COMMUNITY);
}

static bool is_in_cycle(const struct exposure_residence *home, int32_t cycle_days, int32_t today)
{
    return home->as_of_day != POLICY_DAY_UNKNOWN && (int64_t)today - home->as_of_day <= cycle_days;
}

uint32_t exposure_address_faults(const struct policy *policy, const struct person_situation *situation, int32_t today)
{
    const int32_t cycle  = cycle_of(policy, situation);
    uint32_t      faults = FAULT_ADDRESS_OLD | FAULT_ADDRESS_UNLOCATED;

    if (!policy->rules[RULE_B3] || (!situation->is_child && !has_concern_at_large(situation)))
        return 0;
    for (size_t i = 0; i < situation->residence_count; i++) {
        if (is_placed(&situation->residences[i]))
            faults &= ~(uint32_t)FAULT_ADDRESS_UNLOCATED;
        if (is_in_cycle(&situation->residences[i], cycle, today))
            faults &= ~(uint32_t)FAULT_ADDRESS_OLD;
    }
    return faults;
}

bool exposure_is_unlocatable(const struct policy *policy, const struct person_situation *situation, int32_t today)
{
    if (!has_concern_at_large(situation))
        return false;
    for (size_t i = 0; i < situation->residence_count; i++) {
        if (is_placed(&situation->residences[i]) &&
            is_in_cycle(&situation->residences[i], policy->cycles.class_a_days, today))
            return false;
    }
    return true;
}
