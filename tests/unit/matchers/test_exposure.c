/* From situations to pairs: what addresses share, which reading wins, and what counts as the same evidence.
 * Deliberately two persons at a time; many persons and batches are in test_exposure_batch.c. */
#include "matchers/tier/exposure_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int32_t TODAY = 20500;

/* About 9.7 m of longitude at this latitude. */
static const double STEP_DEGREES = 0.0001;

struct world {
    struct policy           policy;
    struct person_situation child, risk;
    struct exposure_pair    pair;
};

static struct exposure_residence *add_home(struct person_situation *person, uint64_t community, uint64_t group,
                                           uint64_t building, uint64_t dwelling)
{
    struct exposure_residence *home = &person->residences[person->residence_count++];

    *home = (struct exposure_residence){ .dwelling_key   = dwelling,
                                         .building_key   = building,
                                         .group_key      = group,
                                         .community_code = community,
                                         .as_of_day      = TODAY - 1,
                                         .record_id      = 100 + person->residence_count,
                                         .precision      = dwelling != 0   ? PRECISION_ROOM
                                                           : building != 0 ? PRECISION_BUILDING
                                                           : group != 0    ? PRECISION_GROUP
                                                                           : PRECISION_COMMUNITY };
    return home;
}

static void place(struct exposure_residence *home, double steps)
{
    home->has_point = true;
    home->lon       = 105.7 + steps * STEP_DEGREES;
    home->lat       = 29.7;
}

static struct world make_world(void)
{
    struct world world = {
        .child = {.person_id = 1,
                  .grade     = GRADE_WORD_STRONG,
                  .is_child  = true,
                  .birth     = { POLICY_DAY_UNKNOWN, POLICY_DAY_UNKNOWN },
                  .moved_day = POLICY_DAY_UNKNOWN},
        .risk  = { .person_id     = 2,
                  .grade         = GRADE_WORD_STRONG,
                  .birth         = { POLICY_DAY_UNKNOWN, POLICY_DAY_UNKNOWN },
                  .moved_day     = POLICY_DAY_UNKNOWN,
                  .concern_count = 1             }
    };

    policy_defaults(&world.policy);
    world.policy.rules[RULE_B1] = false; /* what is only counted stands in test_exposure_batch.c */
    world.risk.concerns[0]      = (struct exposure_concern){ .category     = CATEGORY_SEXOFF_MINOR,
                                                             .class        = POLICY_CLASS_A,
                                                             .until_day    = POLICY_DAY_UNKNOWN,
                                                             .released_day = POLICY_DAY_UNKNOWN,
                                                             .is_at_large  = true,
                                                             .record_id    = 200 };
    return world;
}

static enum policy_rule rule_of(struct world *world)
{
    const bool is_pair = exposure_decide_pair(&world->policy, &world->child, &world->risk, TODAY, &world->pair);

    return is_pair ? world->pair.decision.rule : RULE_NONE;
}

static const uint64_t TOWN_COMMUNITY = 500111004001, VILLAGE = 500111004201;

static void test_shared_places(void **state)
{
    struct world world = make_world();

    (void)state;
    add_home(&world.child, TOWN_COMMUNITY, 0, 11, 1101);
    add_home(&world.risk, TOWN_COMMUNITY, 0, 11, 1101);
    assert_int_equal(rule_of(&world), RULE_R1);
    assert_int_equal(world.pair.decision.relation, RELATION_DWELLING);
    assert_int_equal(world.pair.precision, PRECISION_ROOM);
    assert_true(world.pair.distance_m < 0);

    world.risk.residences[0].dwelling_key = 1102;
    assert_int_equal(rule_of(&world), RULE_O1);
    assert_int_equal(world.pair.decision.relation, RELATION_BUILDING);

    world.risk.residences[0].building_key = 12;
    assert_int_equal(rule_of(&world), RULE_NONE);
}

static void test_same_building_without_a_located_point(void **state)
{
    struct world world = make_world();

    (void)state;
    add_home(&world.child, TOWN_COMMUNITY, 0, 11, 0)->precision = PRECISION_COMMUNITY;
    add_home(&world.risk, TOWN_COMMUNITY, 0, 11, 0)->precision  = PRECISION_COMMUNITY;
    assert_int_equal(rule_of(&world), RULE_O1);
    assert_int_equal(world.pair.decision.tier, TIER_ORANGE);
    assert_int_equal(world.pair.precision, PRECISION_NUMBER);
}

static void test_booklet_needs_the_same_living_address(void **state)
{
    struct world world = make_world();

    (void)state;
    world.child.household_count = world.risk.household_count = 1;
    world.child.households[0] = world.risk.households[0] = 77;
    add_home(&world.child, VILLAGE, 31, 0, 0);
    add_home(&world.risk, VILLAGE, 31, 0, 0);
    assert_int_equal(rule_of(&world), RULE_R1);
    assert_int_equal(world.pair.decision.relation, RELATION_HOUSEHOLD);
    assert_int_equal(world.pair.decision.tier, TIER_RED);

    /* The village is all both addresses say: yellow at most. */
    world.child.residences[0].group_key = 0;
    world.child.residences[0].precision = PRECISION_COMMUNITY;
    assert_int_equal(rule_of(&world), RULE_R1);
    assert_int_equal(world.pair.decision.tier, TIER_YELLOW);

    world.risk.residences[0].community_code = VILLAGE + 1;
    assert_int_equal(rule_of(&world), RULE_NONE);

    /* Same booklet, but one of them lives in another house of the group. */
    world.risk.residences[0]  = world.child.residences[0];
    world.child.residences[0] = (struct exposure_residence){
        .community_code = VILLAGE, .group_key = 31, .building_key = 5, .precision = PRECISION_NUMBER, .as_of_day = TODAY
    };
    world.risk.residences[0]              = world.child.residences[0];
    world.risk.residences[0].building_key = 6;
    assert_int_equal(rule_of(&world), RULE_Y1);
    assert_int_equal(world.pair.decision.relation, RELATION_GROUP);
}

static void test_distance_and_village(void **state)
{
    struct world world = make_world();

    (void)state;
    place(add_home(&world.child, TOWN_COMMUNITY, 0, 11, 0), 0);
    place(add_home(&world.risk, TOWN_COMMUNITY, 0, 12, 0), 20);
    assert_int_equal(rule_of(&world), RULE_O1);
    assert_int_equal(world.pair.decision.band_m, 200);
    assert_true(world.pair.distance_m > 190 && world.pair.distance_m < 195);

    place(&world.risk.residences[0], 50);
    assert_int_equal(rule_of(&world), RULE_Y1);
    place(&world.risk.residences[0], 60);
    assert_int_equal(rule_of(&world), RULE_NONE);
    world.child.residences[0].community_code = VILLAGE; /* the child's community decides */
    assert_int_equal(rule_of(&world), RULE_Y1);
    assert_int_equal(world.pair.decision.band_m, 1000);
    world.child.residences[0].community_code = 500111004400;
    assert_int_equal(rule_of(&world), RULE_NONE);
    world.child.residences[0].community_code = 500111004399;
    assert_int_equal(rule_of(&world), RULE_Y1);
    world.child.residences[0].community_code = 500111004199;
    assert_int_equal(rule_of(&world), RULE_NONE);
}

static void test_caregiver_without_any_address(void **state)
{
    struct world world = make_world();

    (void)state;
    assert_int_equal(rule_of(&world), RULE_NONE);
    world.child.caregiver_count = 2;
    world.child.caregivers[1]   = 2;
    assert_int_equal(rule_of(&world), RULE_R2);
    assert_int_equal(world.pair.child_record_id, 0);
    assert_int_equal(world.pair.concern_record_id, 200);
    world.risk.concerns[0] =
        (struct exposure_concern){ .category = CATEGORY_ABUSE_MINOR, .class = POLICY_CLASS_B, .until_day = TODAY };
    assert_int_equal(rule_of(&world), RULE_R2);
    world.risk.concerns[0].until_day = TODAY - 1;
    assert_int_equal(rule_of(&world), RULE_NONE);
}

static void test_nobody_is_exposed_to_herself(void **state)
{
    struct world world = make_world();

    (void)state;
    add_home(&world.child, TOWN_COMMUNITY, 0, 11, 1101);
    world.child.concern_count = 1;
    world.child.concerns[0]   = world.risk.concerns[0];
    world.risk                = world.child;
    assert_int_equal(rule_of(&world), RULE_NONE);
}

static void test_best_of_several_readings(void **state)
{
    struct world         world = make_world();
    struct exposure_pair first;

    (void)state;
    place(add_home(&world.child, TOWN_COMMUNITY, 0, 11, 0), 0);
    add_home(&world.child, TOWN_COMMUNITY, 0, 15, 1501);
    place(add_home(&world.risk, TOWN_COMMUNITY, 0, 12, 0), 40);
    add_home(&world.risk, TOWN_COMMUNITY, 0, 15, 0);
    world.risk.concern_count = 2;
    world.risk.concerns[1]   = (struct exposure_concern){ .category     = CATEGORY_SEXOFF_ADULT,
                                                          .class        = POLICY_CLASS_B,
                                                          .until_day    = POLICY_DAY_UNKNOWN,
                                                          .released_day = POLICY_DAY_UNKNOWN,
                                                          .record_id    = 199 };
    assert_int_equal(rule_of(&world), RULE_O1);
    assert_int_equal(world.pair.concern_record_id, 200);
    assert_int_equal(world.pair.child_record_id, 102);
    first = world.pair;

    /* The order of addresses and records changes nothing. */
    const struct exposure_residence home    = world.child.residences[0];
    const struct exposure_concern   concern = world.risk.concerns[0];
    world.child.residences[0]               = world.child.residences[1];
    world.child.residences[1]               = home;
    world.risk.concerns[0]                  = world.risk.concerns[1];
    world.risk.concerns[1]                  = concern;
    assert_int_equal(rule_of(&world), RULE_O1);
    assert_int_equal(world.pair.child_record_id, first.child_record_id);
    assert_memory_equal(world.pair.evidence_hash, first.evidence_hash, sizeof first.evidence_hash);
}

static bool hash_changes(struct world *world, const struct exposure_pair *before)
{
    assert_int_not_equal(rule_of(world), RULE_NONE);
    return world->pair.evidence_hash[0] != before->evidence_hash[0] ||
           world->pair.evidence_hash[1] != before->evidence_hash[1];
}

static void test_same_evidence_same_hash(void **state)
{
    struct world world = make_world();

    (void)state;
    place(add_home(&world.child, TOWN_COMMUNITY, 0, 11, 0), 0);
    place(add_home(&world.risk, TOWN_COMMUNITY, 0, 12, 0), 10);
    assert_int_equal(rule_of(&world), RULE_O1);
    const struct exposure_pair before = world.pair;
    const struct world         kept   = world;

    /* Metres, days and record ids are no new evidence, nor is a room number beside the building. */
    place(&world.risk.residences[0], 12);
    world.risk.residences[0].as_of_day    = TODAY - 20;
    world.risk.residences[0].record_id    = 999;
    world.risk.residences[0].dwelling_key = 1201;
    world.risk.residences[0].precision    = PRECISION_BUILDING;
    assert_false(hash_changes(&world, &before));

    world                                 = kept;
    world.risk.residences[0].building_key = 13;
    assert_true(hash_changes(&world, &before));
    world            = kept;
    world.risk.grade = GRADE_WORD_PROBABLE;
    assert_true(hash_changes(&world, &before));
    world = kept;
    place(&world.risk.residences[0], 30);
    assert_true(hash_changes(&world, &before));
    world                           = kept;
    world.risk.concerns[0].category = CATEGORY_CORR_SEXOFF;
    assert_true(hash_changes(&world, &before));
    world                             = kept;
    world.risk.concerns[0].orders_key = 5; /* an order came or changed */
    assert_true(hash_changes(&world, &before));
    world                  = kept;
    world.risk.is_disputed = true;
    assert_true(hash_changes(&world, &before));
}

/* The stored hash must not change with a compiler, a machine or a careless edit: old rejections would be asked again.
 */
static void test_hash_is_the_one_stored_before(void **state)
{
    struct world world = make_world();

    (void)state;
    add_home(&world.child, TOWN_COMMUNITY, 0, 11, 1101);
    add_home(&world.risk, TOWN_COMMUNITY, 0, 11, 1101);
    assert_int_equal(rule_of(&world), RULE_R1);
    assert_true(world.pair.evidence_hash[0] == 0x9c2dfcf7c94c8b5du &&
                world.pair.evidence_hash[1] == 0x645327e73f44dca7u);
}

static void test_shielded_goes_to_police_only(void **state)
{
    struct world world = make_world();

    (void)state;
    add_home(&world.child, TOWN_COMMUNITY, 0, 11, 0);
    add_home(&world.risk, TOWN_COMMUNITY, 0, 11, 0);
    assert_int_equal(rule_of(&world), RULE_O1);
    assert_int_equal(world.pair.decision.recipients, RECIPIENT_ALL);
    world.child.is_shielded = true;
    assert_int_equal(rule_of(&world), RULE_O1);
    assert_int_equal(world.pair.decision.recipients, RECIPIENT_POLICE);
}

static void test_superseded_addresses(void **state)
{
    struct world             world  = make_world();
    struct person_situation *person = &world.child;

    (void)state;
    add_home(person, TOWN_COMMUNITY, 0, 11, 1101)->as_of_day     = TODAY - 300;
    add_home(person, TOWN_COMMUNITY + 1, 0, 21, 2101)->as_of_day = TODAY - 10;
    add_home(person, TOWN_COMMUNITY + 1, 0, 22, 2201)->as_of_day = TODAY - 10;
    add_home(person, TOWN_COMMUNITY, 0, 13, 0)->as_of_day        = POLICY_DAY_UNKNOWN;
    exposure_drop_superseded(person);
    assert_int_equal(person->residence_count, 2);
    assert_int_equal(person->residences[0].building_key, 21);
    assert_int_equal(person->residences[1].building_key, 22);

    /* A newer address that says less about the same place does not drop the better one. */
    *person                                        = make_world().child;
    add_home(person, VILLAGE, 31, 5, 0)->as_of_day = TODAY - 300;
    add_home(person, VILLAGE, 0, 0, 0)->as_of_day  = TODAY - 10;
    exposure_drop_superseded(person);
    assert_int_equal(person->residence_count, 2);
    person->residences[1].community_code = VILLAGE + 1;
    exposure_drop_superseded(person);
    assert_int_equal(person->residence_count, 1);
    assert_int_equal(person->residences[0].community_code, VILLAGE + 1);
}

/* An estate without a building is its yard; somewhere else is a move. */
static void test_yard_hides_no_building(void **state)
{
    (void)state;
    for (int steps = 0; steps <= 1; steps++) {
        struct world               world = make_world();
        struct exposure_residence *older = add_home(&world.child, TOWN_COMMUNITY, 0, 11, 1101);
        older->as_of_day                 = TODAY - 20;
        older->uncertainty_m             = 20;
        place(older, 0);
        struct exposure_residence *newer = add_home(&world.child, TOWN_COMMUNITY, 0, 12, 0);
        newer->precision                 = PRECISION_NUMBER;
        newer->uncertainty_m             = 30;
        place(newer, steps * 51.0 / (STEP_DEGREES * 111195 * 0.8686));
        exposure_drop_superseded(&world.child);
        assert_int_equal(world.child.residence_count, 2 - steps);
    }
}

/* Three around one person make a group; with a probable identity among them it stays in review. */
static void test_groups(void **state)
{
    static const struct {
        struct exposure_group group;
        enum tier             tier;
        bool                  is_held;
        int32_t               children;
    } rows[] = {
        {{ 3, 3 },  TIER_YELLOW, false, 3},
        { { 3, 5 }, TIER_YELLOW, false, 3},
        { { 2, 3 }, TIER_YELLOW, true,  3},
        { { 0, 3 }, TIER_YELLOW, true,  3},
        { { 2, 2 }, TIER_NONE,   false, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world world = make_world();
        place(add_home(&world.risk, TOWN_COMMUNITY, 0, 11, 1101), 0);
        const bool is_pair = exposure_decide_group(&world.policy, &world.risk, &rows[i].group, TODAY, &world.pair);
        assert_int_equal(is_pair ? world.pair.decision.tier : TIER_NONE, rows[i].tier);
        if (is_pair) {
            assert_int_equal(world.pair.decision.is_held, rows[i].is_held);
            assert_int_equal(world.pair.children, rows[i].children);
        }
    }
}

/* A newer address that leads no further than its town does not hide an older one in that town. */
static void test_town_only_address_hides_nothing(void **state)
{
    struct world               world  = make_world();
    struct person_situation   *person = &world.child;
    struct exposure_residence *newer  = NULL;

    (void)state;
    *add_home(person, TOWN_COMMUNITY, 0, 11, 1101) = (struct exposure_residence){
        .community_code = TOWN_COMMUNITY,
        .town_code      = TOWN_COMMUNITY / 1000,
        .building_key   = 11,
        .dwelling_key   = 1101,
        .precision      = PRECISION_ROOM,
        .as_of_day      = TODAY - 11,
    };
    newer  = add_home(person, 0, 0, 91, 9101);
    *newer = (struct exposure_residence){
        .town_code    = TOWN_COMMUNITY / 1000,
        .building_key = 91,
        .dwelling_key = 9101,
        .precision    = PRECISION_TOWN,
        .as_of_day    = TODAY - 2,
    };
    exposure_drop_superseded(person);
    assert_int_equal(person->residence_count, 2);

    /* Nor does one that is spelled out and leads nowhere at all. */
    person->residences[1].precision = PRECISION_ROOM;
    place(&person->residences[0], 0);
    exposure_drop_superseded(person);
    assert_int_equal(person->residence_count, 2);

    person->residences[1].town_code++; /* another town */
    exposure_drop_superseded(person);
    assert_int_equal(person->residence_count, 1);
    assert_int_equal(person->residences[0].building_key, 91);
}

static void test_too_many_addresses(void **state)
{
    (void)state;
    for (int first = 0; first < 12; first++) {
        struct person_situation person = make_world().child;
        int32_t                 oldest = TODAY;

        for (int i = 0; i < 12; i++) {
            const int                       age  = (first + i * 5) % 12;
            const struct exposure_residence home = { .as_of_day = TODAY - age, .record_id = age };
            exposure_add_residence(&person, &home);
        }
        assert_int_equal(person.residence_count, EXPOSURE_RESIDENCES);
        for (size_t i = 0; i < EXPOSURE_RESIDENCES; i++)
            oldest = person.residences[i].as_of_day < oldest ? person.residences[i].as_of_day : oldest;
        assert_int_equal(oldest, TODAY - (EXPOSURE_RESIDENCES - 1));
    }
}

static void test_unlocatable(void **state)
{
    struct world world = make_world();

    (void)state;
    assert_true(exposure_is_unlocatable(&world.policy, &world.risk, TODAY));
    assert_false(exposure_is_unlocatable(&world.policy, &world.child, TODAY));
    add_home(&world.risk, TOWN_COMMUNITY, 0, 11, 0)->as_of_day = TODAY - 30;
    assert_false(exposure_is_unlocatable(&world.policy, &world.risk, TODAY));
    assert_true(exposure_is_unlocatable(&world.policy, &world.risk, TODAY + 1));
    world.risk.residences[0].building_key = 0;
    assert_true(exposure_is_unlocatable(&world.policy, &world.risk, TODAY));
    place(&world.risk.residences[0], 0);
    world.risk.residences[0].precision = PRECISION_COMMUNITY;
    assert_true(exposure_is_unlocatable(&world.policy, &world.risk, TODAY)); /* a point of the community's middle */
    world.risk.residences[0].precision = PRECISION_GROUP;
    assert_false(exposure_is_unlocatable(&world.policy, &world.risk, TODAY));
    world.risk.residences[0].as_of_day = POLICY_DAY_UNKNOWN;
    assert_true(exposure_is_unlocatable(&world.policy, &world.risk, TODAY));
    world.risk.concerns[0].is_at_large = false; /* in prison, as far as anybody says */
    assert_false(exposure_is_unlocatable(&world.policy, &world.risk, TODAY));
    world.risk.concerns[0].is_at_large = true;
    world.risk.concerns[0].class       = POLICY_CLASS_B;
    assert_false(exposure_is_unlocatable(&world.policy, &world.risk, TODAY));
}

static void test_address_faults(void **state)
{
    struct world world = make_world();

    (void)state;
    assert_int_equal(exposure_address_faults(&world.policy, &world.child, TODAY),
                     FAULT_ADDRESS_OLD | FAULT_ADDRESS_UNLOCATED);
    add_home(&world.child, TOWN_COMMUNITY, 0, 0, 0)->as_of_day = TODAY - 180;
    assert_int_equal(exposure_address_faults(&world.policy, &world.child, TODAY), FAULT_ADDRESS_UNLOCATED);
    assert_int_equal(exposure_address_faults(&world.policy, &world.child, TODAY + 1),
                     FAULT_ADDRESS_OLD | FAULT_ADDRESS_UNLOCATED);
    world.child.residences[0].building_key = 11;
    assert_int_equal(exposure_address_faults(&world.policy, &world.child, TODAY + 1), FAULT_ADDRESS_OLD);
    assert_int_equal(exposure_address_faults(&world.policy, &world.child, TODAY), 0);

    add_home(&world.risk, TOWN_COMMUNITY, 0, 11, 0)->as_of_day = TODAY - 31;
    assert_int_equal(exposure_address_faults(&world.policy, &world.risk, TODAY), FAULT_ADDRESS_OLD);
    world.risk.concerns[0].class = POLICY_CLASS_B; /* whose cycle is 90 days */
    assert_int_equal(exposure_address_faults(&world.policy, &world.risk, TODAY), 0);
    world.risk.concerns[0].class       = POLICY_CLASS_A;
    world.risk.concerns[0].is_at_large = false;
    assert_int_equal(exposure_address_faults(&world.policy, &world.risk, TODAY), 0);
    world.policy.rules[RULE_B3] = false;
    assert_int_equal(exposure_address_faults(&world.policy, &world.child, TODAY + 1), 0);
}

/* Two dated addresses of two places tell of a move; a respelling or an undated one does not. */
static void test_moves(void **state)
{
    static const struct {
        const char *what;
        int32_t     older_day, newer_day;
        uint64_t    older_building, newer_building, newer_community;
        int32_t     moved_day;
    } rows[] = {
        {"another building",        TODAY - 50,         TODAY - 5, 11, 12, TOWN_COMMUNITY, TODAY - 5         },
        { "the same building",      TODAY - 50,         TODAY - 5, 11, 11, TOWN_COMMUNITY, POLICY_DAY_UNKNOWN},
        { "another community",      TODAY - 50,         TODAY - 5, 0,  0,  VILLAGE,        TODAY - 5         },
        { "the older is not dated", POLICY_DAY_UNKNOWN, TODAY - 5, 11, 12, TOWN_COMMUNITY, POLICY_DAY_UNKNOWN},
        { "the newer is coarser",   TODAY - 50,         TODAY - 5, 11, 0,  TOWN_COMMUNITY, POLICY_DAY_UNKNOWN},
        { "both of the same day",   TODAY - 5,          TODAY - 5, 11, 12, TOWN_COMMUNITY, POLICY_DAY_UNKNOWN},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world world                                                                      = make_world();
        add_home(&world.risk, TOWN_COMMUNITY, 0, rows[i].older_building, 0)->as_of_day          = rows[i].older_day;
        add_home(&world.risk, rows[i].newer_community, 0, rows[i].newer_building, 0)->as_of_day = rows[i].newer_day;
        const int32_t moved = exposure_drop_superseded(&world.risk);
        if (moved != rows[i].moved_day)
            print_error("%s: %d\n", rows[i].what, moved);
        assert_int_equal(moved, rows[i].moved_day);
    }

    /* Two spellings of a flat whose estate the library cannot tell apart from another: no community, no point. */
    for (int has_point = 0; has_point <= 1; has_point++) {
        struct world               spelt = make_world();
        struct exposure_residence *older = add_home(&spelt.risk, 0, 0, 11, 0);
        older->as_of_day                 = TODAY - 50;
        older->has_point                 = has_point == 1;
        struct exposure_residence *newer = add_home(&spelt.risk, TOWN_COMMUNITY, 0, 12, 0);
        newer->as_of_day                 = TODAY - 5;
        newer->has_point                 = true;
        assert_int_equal(exposure_drop_superseded(&spelt.risk), has_point == 1 ? TODAY - 5 : POLICY_DAY_UNKNOWN);
    }

    /* Stated again later: it is still the first statement that tells when. */
    struct world world                                         = make_world();
    add_home(&world.risk, TOWN_COMMUNITY, 0, 11, 0)->as_of_day = TODAY - 90;
    add_home(&world.risk, TOWN_COMMUNITY, 0, 12, 0)->as_of_day = TODAY - 40;
    add_home(&world.risk, TOWN_COMMUNITY, 0, 12, 0)->as_of_day = TODAY - 2;
    assert_int_equal(exposure_drop_superseded(&world.risk), TODAY - 40);
    assert_int_equal(world.risk.residence_count, 1);
}

static void test_gates(void **state)
{
    struct world               world = make_world();
    const struct exposure_gate gate  = { 105.7, 29.7, 7 };

    (void)state;
    world.risk.concerns[0].victim_pupil = true;
    world.child.gates[0]                = gate;
    world.child.gate_count              = 1;
    place(add_home(&world.risk, TOWN_COMMUNITY, 0, 12, 0), 20);
    assert_int_equal(rule_of(&world), RULE_O3); /* wherever she lives */
    assert_int_equal(world.pair.decision.relation, RELATION_GATE);
    place(&world.risk.residences[0], 21);
    assert_int_equal(rule_of(&world), RULE_NONE);
    world.child.gates[1]   = (struct exposure_gate){ 105.703, 29.7, 7 };
    world.child.gate_count = 2;
    assert_int_equal(rule_of(&world), RULE_O3); /* the nearest gate counts */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shared_places),
        cmocka_unit_test(test_same_building_without_a_located_point),
        cmocka_unit_test(test_booklet_needs_the_same_living_address),
        cmocka_unit_test(test_distance_and_village),
        cmocka_unit_test(test_caregiver_without_any_address),
        cmocka_unit_test(test_nobody_is_exposed_to_herself),
        cmocka_unit_test(test_best_of_several_readings),
        cmocka_unit_test(test_same_evidence_same_hash),
        cmocka_unit_test(test_hash_is_the_one_stored_before),
        cmocka_unit_test(test_shielded_goes_to_police_only),
        cmocka_unit_test(test_superseded_addresses),
        cmocka_unit_test(test_town_only_address_hides_nothing),
        cmocka_unit_test(test_yard_hides_no_building),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_too_many_addresses),
        cmocka_unit_test(test_unlocatable),
        cmocka_unit_test(test_address_faults),
        cmocka_unit_test(test_moves),
        cmocka_unit_test(test_gates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
