/* Situation -> tier, rule, reasons: every rule, raise and cap with rows on both sides of each bound.
 * Deliberately facts only; that facts come out right of addresses is test_exposure.c. */
#include "tests/unit/matchers/tier_facts.h"

/* One row a line is easier to read than aligned columns. */
/* clang-format off */
static const struct row rows[] = {
    /* R1 */
    { "A in the same dwelling", "dwelling building", TIER_RED, "R1", "SAME_DWELLING ID_STRONG_BOTH" },
    { "same booklet and living address", "household", TIER_RED, "R1", "SAME_HOUSEHOLD ID_STRONG_BOTH" },
    { "R1 at a point placed only to the community", "household p=community", TIER_YELLOW, "R1",
      "SAME_HOUSEHOLD CAP_PRECISION ID_STRONG_BOTH" },
    { "R1 at group precision is not capped", "household p=group", TIER_RED, "R1", "SAME_HOUSEHOLD ID_STRONG_BOTH" },
    { "R1 at town precision is capped too", "household p=town", TIER_YELLOW, "R1",
      "SAME_HOUSEHOLD CAP_PRECISION ID_STRONG_BOTH" },
    { "A's address one cycle old to the day", "dwelling riskage=30", TIER_RED, "R1",
      "SAME_DWELLING ID_STRONG_BOTH" },
    { "A's address older than a cycle", "dwelling riskage=31", TIER_RED, "R1",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "A's address two cycles old to the day", "dwelling riskage=60", TIER_RED, "R1",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "R1 older than two cycles: orange, not lower", "dwelling riskage=61", TIER_ORANGE, "R1",
      "SAME_DWELLING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "R1 ten years old: still orange", "dwelling riskage=3650", TIER_ORANGE, "R1",
      "SAME_DWELLING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "R1 capped by precision stays yellow when old", "household p=community riskage=61", TIER_YELLOW, "R1",
      "SAME_HOUSEHOLD CAP_PRECISION ADDRESS_OLD ID_STRONG_BOTH" },
    { "the child's address older than two of its cycles", "dwelling childage=361", TIER_ORANGE, "R1",
      "SAME_DWELLING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "the child's address within two cycles", "dwelling childage=360", TIER_RED, "R1",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "an address without a date is doubted, not lowered", "dwelling riskundated", TIER_RED, "R1",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "vulnerability does not change red", "dwelling vulnerable", TIER_RED, "R1", "SAME_DWELLING ID_STRONG_BOTH" },
    { "red is extreme already", "dwelling under14", TIER_RED, "R1", "SAME_DWELLING ID_STRONG_BOTH" },
    { "corrections, A, same dwelling", "corr_sexoff dwelling", TIER_RED, "R1", "SAME_DWELLING ID_STRONG_BOTH" },
    /* R2 */
    { "A is the named caregiver", "caregiver", TIER_RED, "R2", "CAREGIVER ID_STRONG_BOTH" },
    { "abuse_minor is the named caregiver", "abuse_minor B caregiver", TIER_RED, "R2", "CAREGIVER ID_STRONG_BOTH" },
    { "R2 never falls with age", "caregiver riskage=900 childage=900", TIER_RED, "R2", "CAREGIVER ID_STRONG_BOTH" },
    { "R2 never falls with precision", "caregiver p=none", TIER_RED, "R2", "CAREGIVER ID_STRONG_BOTH" },
    { "old address at home, but the caregiver", "caregiver dwelling riskage=61", TIER_RED, "R2",
      "CAREGIVER ID_STRONG_BOTH" },
    { "at home and caregiver: the earlier rule", "caregiver dwelling", TIER_RED, "R1",
      "SAME_DWELLING ID_STRONG_BOTH" },
    { "abuse_minor counts by relation only: same dwelling", "abuse_minor B dwelling building near=0", TIER_NONE, "",
      "" },
    { "abuse_minor even as A: not by place", "abuse_minor A building near=10", TIER_NONE, "", "" },
    { "R2 with a probable identity is held", "caregiver risk:probable", TIER_RED, "R2", "CAREGIVER ID_PROBABLE" },
    { "R2 disputed", "caregiver disputed", TIER_BLUE, "R2", "CAREGIVER ID_STRONG_BOTH DISPUTED" },
    /* O1 */
    { "A in the same building", "building", TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH" },
    { "A at 200 m with a house number", "near=200 p=number", TIER_ORANGE, "O1", "NEAR_200M ID_STRONG_BOTH" },
    { "A at 200.1 m is yellow", "near=200.1 p=number", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "A at 0 m", "near=0 p=room", TIER_ORANGE, "O1", "NEAR_200M ID_STRONG_BOTH" },
    { "150 m, but only to the group", "near=150 p=group", TIER_YELLOW, "Y1", "NEAR_200M ID_STRONG_BOTH" },
    { "150 m between communities' middles are no distance", "near=150 p=community", TIER_NONE, "", "" },
    { "150 m, but only to the town", "near=150 p=town", TIER_NONE, "", "" },
    { "150 m without any precision", "near=150 p=none", TIER_NONE, "", "" },
    { "same building named, point only to the community", "building p=community", TIER_YELLOW, "O1",
      "SAME_BUILDING CAP_PRECISION ID_STRONG_BOTH" },
    { "O1 older than a cycle", "building riskage=31", TIER_ORANGE, "O1", "SAME_BUILDING ADDRESS_OLD ID_STRONG_BOTH" },
    { "O1 older than two cycles", "building riskage=61", TIER_YELLOW, "O1",
      "SAME_BUILDING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "O1 with the vulnerability bit stays orange", "building vulnerable", TIER_ORANGE, "O1",
      "SAME_BUILDING ID_STRONG_BOTH" },
    { "O1 under 14: severity only", "building under14", TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH UNDER_14" },
    { "O1 disputed: blue", "building disputed", TIER_BLUE, "O1", "SAME_BUILDING ID_STRONG_BOTH DISPUTED" },
    { "O1 with a probable child", "building child:probable", TIER_ORANGE, "O1", "SAME_BUILDING ID_PROBABLE" },
    { "O1 with confirmed persons", "building confirmed", TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH" },
    { "the true points may be further", "near=190 unsure=30 p=number", TIER_ORANGE, "O1",
      "NEAR_200M DISTANCE_UNSURE ID_STRONG_BOTH" },
    { "the true points cannot be further", "near=150 unsure=50 p=number", TIER_ORANGE, "O1",
      "NEAR_200M ID_STRONG_BOTH" },
    { "both building and metres: the building is said", "building near=12", TIER_ORANGE, "O1",
      "SAME_BUILDING ID_STRONG_BOTH" },
    /* Y1 */
    { "A at 500 m, built-up", "near=500", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "A at 500.1 m, built-up: counted only", "near=500.1", TIER_BLUE, "B1", "NEAR_1000M ID_STRONG_BOTH" },
    { "A at 1000 m, village", "near=1000 rural", TIER_YELLOW, "Y1", "NEAR_1000M RURAL ID_STRONG_BOTH" },
    { "A at 1000.1 m, village", "near=1000.1 rural", TIER_NONE, "", "" },
    { "A at 300 m, village", "near=300 rural", TIER_YELLOW, "Y1", "NEAR_500M RURAL ID_STRONG_BOTH" },
    { "same village group without points", "group rural p=group", TIER_YELLOW, "Y1",
      "SAME_GROUP RURAL ID_STRONG_BOTH" },
    { "same village group, points 1.4 km apart", "group rural near=1400 p=group", TIER_YELLOW, "Y1",
      "SAME_GROUP RURAL ID_STRONG_BOTH" },
    { "same residents' group in town is no reason", "group p=group", TIER_NONE, "", "" },
    { "vulnerability lifts yellow to orange", "near=400 vulnerable", TIER_ORANGE, "Y1",
      "NEAR_500M RAISE_VULNERABLE ID_STRONG_BOTH" },
    { "a cap beats the raise: precision", "group rural vulnerable p=community", TIER_YELLOW, "Y1",
      "SAME_GROUP RURAL RAISE_VULNERABLE CAP_PRECISION ID_STRONG_BOTH" },
    { "a cap beats the raise: age", "near=400 vulnerable riskage=61", TIER_YELLOW, "Y1",
      "NEAR_500M RAISE_VULNERABLE ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "Y1 older than two cycles: blue", "near=400 riskage=61", TIER_BLUE, "Y1",
      "NEAR_500M ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "Y1 older than a cycle: yellow", "near=400 riskage=60", TIER_YELLOW, "Y1",
      "NEAR_500M ADDRESS_OLD ID_STRONG_BOTH" },
    { "Y1 with a probable identity", "near=400 risk:probable child:probable", TIER_YELLOW, "Y1",
      "NEAR_500M ID_PROBABLE" },
    { "Y1 under 14", "near=400 under14", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH UNDER_14" },
    { "B at 400 m", "sexoff_adult B near=400", TIER_NONE, "", "" },
    /* category and record */
    { "the record ends today", "building until=0", TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH" },
    { "the record ended yesterday", "building until=-1", TIER_NONE, "", "" },
    { "a category that is off", "released_other A dwelling building caregiver near=0", TIER_NONE, "", "" },
    { "a sealed kind", "molest_admin A dwelling caregiver", TIER_NONE, "", "" },
    { "a refused kind", "std A dwelling building caregiver near=0", TIER_NONE, "", "" },
    { "a refused kind: minors", "minor_offender A dwelling caregiver", TIER_NONE, "", "" },
    { "an order alone is no class", "order classless dwelling building near=0", TIER_NONE, "", "" },
    { "a category that is off, at work", "of:unit released_other A works ban", TIER_NONE, "", "" },
    { "a category that is off, nowhere", "of:person released_other A nowhere", TIER_NONE, "", "" },
    { "a record that ended, at work", "of:unit works until=-1", TIER_NONE, "", "" },
    { "the last day of a record, at work", "of:unit works until=0", TIER_RED, "R3", "STAFF ID_STRONG" },
    { "a record that ended, in a zone", "of:person order classless prohibited zone until=-1", TIER_NONE, "", "" },
    { "the last day of an order", "of:person order classless prohibited zone until=0", TIER_RED, "R4",
      "BARRED_ZONE ID_STRONG" },
    { "abuse_minor near a gate: by relation only", "abuse_minor A gate=10 pupil", TIER_NONE, "", "" },
    { "abuse_minor newly moved: by relation only", "abuse_minor A near=300 moved=2", TIER_NONE, "", "" },
    { "abuse_minor in the same community: not even counted", "abuse_minor A community near=600", TIER_NONE, "", "" },
    { "abuse_minor unlocatable: no rule", "of:person abuse_minor A nowhere", TIER_NONE, "", "" },
    { "abuse_minor among many children: no rule", "of:group abuse_minor A children=9", TIER_NONE, "", "" },
    { "nothing in common", "", TIER_NONE, "", "" },
    { "nothing in common, a unit", "of:unit", TIER_NONE, "", "" },
    { "nothing in common, alone", "of:person", TIER_NONE, "", "" },
    { "nothing in common, a group", "of:group", TIER_NONE, "", "" },
};
/* clang-format on */

/* clang-format off */
static const struct row unit_rows[] = {
    /* R3 */
    { "A works with minors", "of:unit works", TIER_RED, "R3", "STAFF ID_STRONG" },
    { "A works elsewhere", "of:unit", TIER_NONE, "", "" },
    { "R3: abuse_minor", "of:unit abuse_minor B works", TIER_RED, "R3", "STAFF ID_STRONG" },
    { "R3: an occupation ban", "of:unit order classless works ban", TIER_RED, "R3", "STAFF OCCUPATION_BAN ID_STRONG" },
    { "R3: an order that bans no work", "of:unit order classless works", TIER_NONE, "", "" },
    { "R3: an occupation ban, working elsewhere", "of:unit order classless ban", TIER_NONE, "", "" },
    { "R3: B without a ban", "of:unit sexoff_adult B works", TIER_NONE, "", "" },
    { "R3: corrections, A", "of:unit corr_sexoff works", TIER_RED, "R3", "STAFF ID_STRONG" },
    { "R3: corrections, B", "of:unit corr_sexoff B works", TIER_NONE, "", "" },
    { "R3 never falls with age", "of:unit works riskage=900", TIER_RED, "R3", "STAFF ID_STRONG" },
    { "R3 never falls without a date", "of:unit works riskundated", TIER_RED, "R3", "STAFF ID_STRONG" },
    { "R3 never falls with precision", "of:unit works p=none", TIER_RED, "R3", "STAFF ID_STRONG" },
    { "R3 with a probable identity is held", "of:unit works risk:probable", TIER_RED, "R3", "STAFF ID_PROBABLE" },
    { "R3 disputed: blue", "of:unit works disputed", TIER_BLUE, "R3", "STAFF ID_STRONG DISPUTED" },
    { "R3 names no child: no relation of hers counts", "of:unit dwelling caregiver near=0", TIER_NONE, "", "" },
    { "a child's pair knows no R3", "works ban", TIER_NONE, "", "" },
    /* R4 */
    { "R4: in the barred zone", "of:person order classless prohibited zone", TIER_RED, "R4", "BARRED_ZONE ID_STRONG" },
    { "R4: outside, or at the approved home", "of:person order classless prohibited", TIER_NONE, "", "" },
    { "R4: another record of the person", "of:person zone", TIER_NONE, "", "" },
    { "R4: a ban from work bars no place", "of:person order classless zone ban", TIER_NONE, "", "" },
    { "R4 is capped by precision: community", "of:person order classless prohibited zone p=community", TIER_YELLOW, "R4",
      "BARRED_ZONE CAP_PRECISION ID_STRONG" },
    { "R4 is not capped at group", "of:person order classless prohibited zone p=group", TIER_RED, "R4",
      "BARRED_ZONE ID_STRONG" },
    { "R4 never falls with age", "of:person order classless prohibited zone riskage=900", TIER_RED, "R4",
      "BARRED_ZONE ADDRESS_OLD ID_STRONG" },
    { "R4: one cycle to the day", "of:person order classless prohibited zone riskage=90", TIER_RED, "R4",
      "BARRED_ZONE ID_STRONG" },
    { "R4: over a cycle", "of:person order classless prohibited zone riskage=91", TIER_RED, "R4",
      "BARRED_ZONE ADDRESS_OLD ID_STRONG" },
    { "R4 with a probable identity is held", "of:person order classless prohibited zone risk:probable", TIER_RED, "R4",
      "BARRED_ZONE ID_PROBABLE" },
    { "R4 disputed: blue", "of:person order classless prohibited zone disputed", TIER_BLUE, "R4",
      "BARRED_ZONE ID_STRONG DISPUTED" },
    /* O5 */
    { "O5: A nowhere", "of:person nowhere", TIER_ORANGE, "O5", "UNLOCATABLE ID_STRONG" },
    { "O5: A somewhere", "of:person", TIER_NONE, "", "" },
    { "O5: B nowhere", "of:person sexoff_adult B nowhere", TIER_NONE, "", "" },
    { "O5 is not capped: it is about an address that is not there", "of:person nowhere p=none riskundated", TIER_ORANGE,
      "O5", "UNLOCATABLE ID_STRONG" },
    { "O5 with an old address", "of:person nowhere riskage=900", TIER_ORANGE, "O5", "UNLOCATABLE ID_STRONG" },
    { "O5 with a probable identity", "of:person nowhere risk:probable", TIER_ORANGE, "O5", "UNLOCATABLE ID_PROBABLE" },
    { "O5 disputed", "of:person nowhere disputed", TIER_BLUE, "O5", "UNLOCATABLE ID_STRONG DISPUTED" },
    { "O5 of corrections", "of:person corr_sexoff nowhere", TIER_ORANGE, "O5", "UNLOCATABLE ID_STRONG" },
    { "O5 is of no child", "nowhere", TIER_NONE, "", "" },
    /* Y3 */
    { "Y3: three children around A", "of:group children=3", TIER_YELLOW, "Y3",
      "NEAR_300M SEVERAL_CHILDREN ID_STRONG" },
    { "Y3: two are too few", "of:group children=2", TIER_NONE, "", "" },
    { "Y3: thirty are yellow, too", "of:group children=30", TIER_YELLOW, "Y3", "NEAR_300M SEVERAL_CHILDREN ID_STRONG" },
    { "Y3: B", "of:group sexoff_adult B children=3", TIER_NONE, "", "" },
    { "Y3: A's address over a cycle", "of:group children=3 riskage=31", TIER_YELLOW, "Y3",
      "NEAR_300M SEVERAL_CHILDREN ADDRESS_OLD ID_STRONG" },
    { "Y3: A's address over two cycles", "of:group children=3 riskage=61", TIER_BLUE, "Y3",
      "NEAR_300M SEVERAL_CHILDREN ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG" },
    { "Y3: A's address two cycles to the day", "of:group children=3 riskage=60", TIER_YELLOW, "Y3",
      "NEAR_300M SEVERAL_CHILDREN ADDRESS_OLD ID_STRONG" },
    { "Y3 with a probable identity", "of:group children=3 risk:probable", TIER_YELLOW, "Y3",
      "NEAR_300M SEVERAL_CHILDREN ID_PROBABLE" },
    { "Y3 disputed", "of:group children=3 disputed", TIER_BLUE, "Y3",
      "NEAR_300M SEVERAL_CHILDREN ID_STRONG DISPUTED" },
    { "Y3 is of no single child", "children=9", TIER_NONE, "", "" },
};

static const struct row more_rows[] = {
    /* O2 */
    { "O2: moved 30 days ago to 500 m", "near=500 moved=30", TIER_ORANGE, "O2", "NEAR_500M NEWLY_MOVED ID_STRONG_BOTH" },
    { "O2: moved 31 days ago", "near=500 moved=31", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "O2: moved today", "near=500 moved=0", TIER_ORANGE, "O2", "NEAR_500M NEWLY_MOVED ID_STRONG_BOTH" },
    { "O2: moves tomorrow", "near=500 moved=-1", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "O2: released 30 days ago", "near=500 released=30", TIER_ORANGE, "O2",
      "NEAR_500M NEWLY_RELEASED ID_STRONG_BOTH" },
    { "O2: released 31 days ago", "near=500 released=31", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "O2: to be released", "near=500 released=-1", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "O2: released and moved", "near=300 released=9 moved=3", TIER_ORANGE, "O2",
      "NEAR_500M NEWLY_MOVED NEWLY_RELEASED ID_STRONG_BOTH" },
    { "O2: fresh, at 500.1 m", "near=500.1 moved=1", TIER_BLUE, "B1", "NEAR_1000M ID_STRONG_BOTH" },
    { "O2: fresh, at 700 m in a village", "near=700 rural moved=1", TIER_YELLOW, "Y1",
      "NEAR_1000M RURAL ID_STRONG_BOTH" },
    { "O2: fresh, placed to the group", "near=400 moved=1 p=group", TIER_ORANGE, "O2",
      "NEAR_500M NEWLY_MOVED ID_STRONG_BOTH" },
    { "O2: fresh, placed to the community", "near=400 moved=1 p=community", TIER_NONE, "", "" },
    { "O2 yields to O1", "near=100 moved=1", TIER_ORANGE, "O1", "NEAR_200M ID_STRONG_BOTH" },
    { "O2 at 100 m, placed to the group", "near=100 moved=1 p=group", TIER_ORANGE, "O2",
      "NEAR_200M NEWLY_MOVED ID_STRONG_BOTH" },
    { "O2: B", "sexoff_adult B near=400 moved=1", TIER_NONE, "", "" },
    { "O2: the child's address over two cycles", "near=400 moved=1 childage=361", TIER_YELLOW, "O2",
      "NEAR_500M NEWLY_MOVED ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "O2: the child's address two cycles to the day", "near=400 moved=1 childage=360", TIER_ORANGE, "O2",
      "NEAR_500M NEWLY_MOVED ADDRESS_OLD ID_STRONG_BOTH" },
    { "O2: the child's address over one cycle", "near=400 moved=1 childage=181", TIER_ORANGE, "O2",
      "NEAR_500M NEWLY_MOVED ADDRESS_OLD ID_STRONG_BOTH" },
    { "O2: the child's address one cycle to the day", "near=400 moved=1 childage=180", TIER_ORANGE, "O2",
      "NEAR_500M NEWLY_MOVED ID_STRONG_BOTH" },
    { "O2 with a probable child", "near=400 moved=1 child:probable", TIER_ORANGE, "O2",
      "NEAR_500M NEWLY_MOVED ID_PROBABLE" },
    { "O2 disputed", "near=400 moved=1 disputed", TIER_BLUE, "O2",
      "NEAR_500M NEWLY_MOVED ID_STRONG_BOTH DISPUTED" },
    /* O3 */
    { "O3: at the gate with an order", "gate=200 schoolorder", TIER_ORANGE, "O3",
      "SCHOOL_GATE SCHOOL_ORDER ID_STRONG_BOTH" },
    { "O3: at 200.1 m of the gate", "gate=200.1 schoolorder", TIER_NONE, "", "" },
    { "O3: offence against pupils", "gate=0 pupil", TIER_ORANGE, "O3", "SCHOOL_GATE PUPIL_OFFENCE ID_STRONG_BOTH" },
    { "O3: both", "gate=150 pupil schoolorder", TIER_ORANGE, "O3",
      "SCHOOL_GATE SCHOOL_ORDER PUPIL_OFFENCE ID_STRONG_BOTH" },
    { "O3: at the gate without either", "gate=10", TIER_NONE, "", "" },
    { "O3: B", "sexoff_adult B gate=10 pupil", TIER_NONE, "", "" },
    { "O3: placed to the group", "gate=10 pupil p=group", TIER_ORANGE, "O3",
      "SCHOOL_GATE PUPIL_OFFENCE ID_STRONG_BOTH" },
    { "O3: placed to the community only", "gate=10 pupil p=community", TIER_NONE, "", "" },
    { "O3: where the child lives says nothing", "gate=10 pupil p=none rp=number childage=900", TIER_ORANGE, "O3",
      "SCHOOL_GATE PUPIL_OFFENCE ID_STRONG_BOTH" },
    { "O3: A's address over a cycle", "gate=10 pupil riskage=31", TIER_ORANGE, "O3",
      "SCHOOL_GATE PUPIL_OFFENCE ADDRESS_OLD ID_STRONG_BOTH" },
    { "O3: A's address over two cycles", "gate=10 pupil riskage=61", TIER_YELLOW, "O3",
      "SCHOOL_GATE PUPIL_OFFENCE ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "O3: A's address two cycles to the day", "gate=10 pupil riskage=60", TIER_ORANGE, "O3",
      "SCHOOL_GATE PUPIL_OFFENCE ADDRESS_OLD ID_STRONG_BOTH" },
    { "O3 disputed", "gate=10 pupil disputed", TIER_BLUE, "O3",
      "SCHOOL_GATE PUPIL_OFFENCE ID_STRONG_BOTH DISPUTED" },
    { "O3 with a probable child", "gate=10 pupil child:probable", TIER_ORANGE, "O3",
      "SCHOOL_GATE PUPIL_OFFENCE ID_PROBABLE" },
    /* O4 */
    { "O4: B in the same dwelling", "sexoff_adult B dwelling building", TIER_ORANGE, "O4",
      "SAME_DWELLING ID_STRONG_BOTH" },
    { "O4: B of the same booklet at the same address", "sexoff_adult B household", TIER_ORANGE, "O4",
      "SAME_HOUSEHOLD ID_STRONG_BOTH" },
    { "O4: B the caregiver", "sexoff_adult B caregiver", TIER_ORANGE, "O4", "CAREGIVER ID_STRONG_BOTH" },
    { "O4: B in the next flat", "sexoff_adult B building", TIER_YELLOW, "Y2", "SAME_BUILDING ID_STRONG_BOTH" },
    { "O4 is not capped by precision", "sexoff_adult B household p=community", TIER_ORANGE, "O4",
      "SAME_HOUSEHOLD ID_STRONG_BOTH" },
    { "O4 over two cycles of B", "sexoff_adult B dwelling riskage=181", TIER_YELLOW, "O4",
      "SAME_DWELLING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "O4 two cycles of B to the day", "sexoff_adult B dwelling riskage=180", TIER_ORANGE, "O4",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "O4 over a cycle of B", "sexoff_adult B dwelling riskage=91", TIER_ORANGE, "O4",
      "SAME_DWELLING ADDRESS_OLD ID_STRONG_BOTH" },
    { "O4 within a cycle of B", "sexoff_adult B dwelling riskage=90", TIER_ORANGE, "O4",
      "SAME_DWELLING ID_STRONG_BOTH" },
    { "O4 the caregiver never falls", "sexoff_adult B caregiver riskage=900 childage=900 p=none", TIER_ORANGE, "O4",
      "CAREGIVER ID_STRONG_BOTH" },
    { "O4 disputed", "sexoff_adult B dwelling disputed", TIER_BLUE, "O4", "SAME_DWELLING ID_STRONG_BOTH DISPUTED" },
    /* Y2 */
    { "Y2: B at 200 m", "sexoff_adult B near=200", TIER_YELLOW, "Y2", "NEAR_200M ID_STRONG_BOTH" },
    { "Y2: B at 200.1 m", "sexoff_adult B near=200.1", TIER_NONE, "", "" },
    { "Y2: B at 100 m, placed to the number", "sexoff_adult B near=100 p=number", TIER_YELLOW, "Y2",
      "NEAR_200M ID_STRONG_BOTH" },
    { "Y2: B at 100 m, placed to the group", "sexoff_adult B near=100 p=group", TIER_NONE, "", "" },
    { "Y2 raised by vulnerability", "sexoff_adult B building vulnerable", TIER_ORANGE, "Y2",
      "SAME_BUILDING RAISE_VULNERABLE ID_STRONG_BOTH" },
    { "Y2 over two cycles of B", "sexoff_adult B building riskage=181", TIER_BLUE, "Y2",
      "SAME_BUILDING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "Y2 raised, then capped by age", "sexoff_adult B building vulnerable riskage=181", TIER_YELLOW, "Y2",
      "SAME_BUILDING RAISE_VULNERABLE ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "Y2 disputed", "sexoff_adult B building disputed", TIER_BLUE, "Y2",
      "SAME_BUILDING ID_STRONG_BOTH DISPUTED" },
    { "Y2 under 14: severity only", "sexoff_adult B building under14", TIER_YELLOW, "Y2",
      "SAME_BUILDING ID_STRONG_BOTH UNDER_14" },
    { "Y2: corrections, B", "corr_sexoff B near=150", TIER_YELLOW, "Y2", "NEAR_200M ID_STRONG_BOTH" },
    /* B1 */
    { "B1: A at 1000 m", "near=1000", TIER_BLUE, "B1", "NEAR_1000M ID_STRONG_BOTH" },
    { "B1: A at 1000.1 m", "near=1000.1", TIER_NONE, "", "" },
    { "B1: same community, without a distance", "community p=community", TIER_BLUE, "B1",
      "SAME_COMMUNITY ID_STRONG_BOTH" },
    { "B1: same community, 3 km apart", "community near=3000", TIER_BLUE, "B1", "SAME_COMMUNITY ID_STRONG_BOTH" },
    { "B1: B", "sexoff_adult B community near=600", TIER_NONE, "", "" },
    { "B1 is never raised", "community vulnerable", TIER_BLUE, "B1", "SAME_COMMUNITY ID_STRONG_BOTH" },
    { "B1 yields to whatever else applies", "community near=450 riskage=61", TIER_BLUE, "Y1",
      "NEAR_500M ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "B1 disputed", "community disputed", TIER_BLUE, "B1", "SAME_COMMUNITY ID_STRONG_BOTH DISPUTED" },
    /* several rules at once: the strongest outcome stands */
    { "R1 lowered to orange, R2 stays red", "dwelling caregiver riskage=61", TIER_RED, "R2", "CAREGIVER ID_STRONG_BOTH" },
    { "O1 lowered to yellow, O3 by the gate as old", "building gate=10 pupil riskage=61", TIER_YELLOW, "O1",
      "SAME_BUILDING ADDRESS_OLD CAP_ADDRESS_AGE ID_STRONG_BOTH" },
    { "O1 lowered by the child's address, O3 not", "building gate=10 pupil childage=361", TIER_ORANGE, "O3",
      "SCHOOL_GATE PUPIL_OFFENCE ID_STRONG_BOTH" },
};
/* clang-format on */

/* One rule off at a time: what it alone gave is gone, what others give stays. */
/* clang-format off */
static const struct row off_rows[] = {
    { "R1", "dwelling building", TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH" },
    { "R2", "caregiver", TIER_NONE, "", "" },
    { "R3", "of:unit works", TIER_NONE, "", "" },
    { "R4", "of:person order classless prohibited zone", TIER_NONE, "", "" },
    { "O1", "building near=10", TIER_YELLOW, "Y1", "NEAR_200M ID_STRONG_BOTH" },
    { "O2", "near=400 moved=1", TIER_YELLOW, "Y1", "NEAR_500M ID_STRONG_BOTH" },
    { "O3", "gate=10 pupil", TIER_NONE, "", "" },
    { "O4", "sexoff_adult B dwelling building", TIER_YELLOW, "Y2", "SAME_BUILDING ID_STRONG_BOTH" },
    { "O5", "of:person nowhere", TIER_NONE, "", "" },
    { "Y1", "near=400", TIER_BLUE, "B1", "NEAR_500M ID_STRONG_BOTH" },
    { "Y2", "sexoff_adult B building", TIER_NONE, "", "" },
    { "Y3", "of:group children=3", TIER_NONE, "", "" },
    { "B1", "community near=900", TIER_NONE, "", "" },
};
/* clang-format on */

static int check_rows(const struct policy *policy, const struct row *table, size_t count)
{
    int broken = 0;

    for (size_t i = 0; i < count; i++) {
        const struct pair_facts    facts    = read_facts(table[i].facts);
        const struct tier_decision decision = tier_decide(policy, &facts, TODAY);
        const char                *rule     = policy_rule_word(decision.rule);
        char                       reasons[256];

        reasons_of(&decision, reasons, sizeof reasons);
        if (decision.tier == table[i].tier && strcmp(rule, table[i].rule) == 0 &&
            strcmp(reasons, table[i].reasons) == 0)
            continue;
        print_error("%s: %s %s [%s]\n", table[i].what, policy_colour_word(decision.tier), rule, reasons);
        broken++;
    }
    return broken;
}

static void test_rows(void **state)
{
    struct policy policy;

    (void)state;
    policy_defaults(&policy);
    assert_int_equal(check_rows(&policy, rows, sizeof rows / sizeof rows[0]), 0);
}

static void test_rows_of_more_rules(void **state)
{
    struct policy policy;

    (void)state;
    policy_defaults(&policy);
    assert_int_equal(check_rows(&policy, more_rows, sizeof more_rows / sizeof more_rows[0]), 0);
    assert_int_equal(check_rows(&policy, unit_rows, sizeof unit_rows / sizeof unit_rows[0]), 0);
    const size_t count = sizeof rows / sizeof rows[0] + sizeof more_rows / sizeof more_rows[0] +
                         sizeof unit_rows / sizeof unit_rows[0] + sizeof off_rows / sizeof off_rows[0];
    print_message("%zu situations\n", count);
    assert_true(count >= 150);
}

static void test_a_rule_that_is_off(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof off_rows / sizeof off_rows[0]; i++) {
        struct policy policy;
        policy_defaults(&policy);
        for (int rule = RULE_NONE + 1; rule < RULE_COUNT; rule++) {
            if (strcmp(policy_rule_word((enum policy_rule)rule), off_rows[i].what) == 0)
                policy.rules[rule] = false;
        }
        assert_int_equal(check_rows(&policy, &off_rows[i], 1), 0);
    }
}

static void test_category_cap(void **state)
{
    struct policy policy;

    (void)state;
    policy_defaults(&policy);
    policy.categories[CATEGORY_SEXOFF_MINOR].cap = TIER_ORANGE;
    static const struct row capped[]             = {
                    {"R1 of a category capped at orange", "dwelling",                TIER_ORANGE, "R1",
                     "SAME_DWELLING CAP_CATEGORY ID_STRONG_BOTH"                                                                      },
                    { "R3 likewise",                      "of:unit works",           TIER_ORANGE, "R3", "STAFF CAP_CATEGORY ID_STRONG"},
                    { "O1 is no higher",                  "building",                TIER_ORANGE, "O1", "SAME_BUILDING ID_STRONG_BOTH"},
                    { "Y1 raised to the cap",             "near=400 vulnerable",     TIER_ORANGE, "Y1",
                     "NEAR_500M RAISE_VULNERABLE ID_STRONG_BOTH"                                                                      },
                    { "the shipped cap of sexoff_adult",  "sexoff_adult B dwelling", TIER_ORANGE, "O4",
                     "SAME_DWELLING ID_STRONG_BOTH"                                                                                   },
    };
    assert_int_equal(check_rows(&policy, capped, sizeof capped / sizeof capped[0]), 0);
    policy.categories[CATEGORY_SEXOFF_MINOR].cap = TIER_YELLOW;
    static const struct row beaten = { "a cap beats the raise: category", "near=400 vulnerable", TIER_YELLOW, "Y1",
                                       "NEAR_500M RAISE_VULNERABLE CAP_CATEGORY ID_STRONG_BOTH" };
    assert_int_equal(check_rows(&policy, &beaten, 1), 0);
}

static void test_held_certainty_and_severity(void **state)
{
    struct policy        policy;
    struct pair_facts    facts;
    struct tier_decision decision;

    (void)state;
    policy_defaults(&policy);

    facts    = read_facts("building risk:probable");
    decision = tier_decide(&policy, &facts, TODAY);
    assert_true(decision.is_held);
    assert_int_equal(decision.certainty, CERTAINTY_POSSIBLE);

    facts    = read_facts("building under14");
    decision = tier_decide(&policy, &facts, TODAY);
    assert_false(decision.is_held);
    assert_int_equal(decision.certainty, CERTAINTY_LIKELY);
    assert_int_equal(decision.severity, SEVERITY_EXTREME);
    assert_int_equal(decision.recipients, RECIPIENT_ALL);

    facts    = read_facts("corr_sexoff building riskage=31");
    decision = tier_decide(&policy, &facts, TODAY);
    assert_true(decision.wants_address_task);
    assert_int_equal(decision.certainty, CERTAINTY_POSSIBLE);
    assert_int_equal(decision.severity, SEVERITY_SEVERE);
    assert_int_equal(decision.recipients, RECIPIENT_POLICE | RECIPIENT_JUDICIAL);
}

/* A switched-on row counts to its last day, and no longer. */
static void test_expiry_of_a_switched_on_category(void **state)
{
    struct policy           policy;
    const struct pair_facts facts = read_facts("released_other A dwelling");

    (void)state;
    policy_defaults(&policy);
    policy.categories[CATEGORY_RELEASED_OTHER]             = policy.categories[CATEGORY_SEXOFF_MINOR];
    policy.categories[CATEGORY_RELEASED_OTHER].expires_day = TODAY;
    assert_int_equal(tier_decide(&policy, &facts, TODAY).tier, TIER_RED);
    assert_int_equal(tier_decide(&policy, &facts, TODAY + 1).tier, TIER_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_rows_of_more_rules),
        cmocka_unit_test(test_a_rule_that_is_off),
        cmocka_unit_test(test_category_cap),
        cmocka_unit_test(test_held_certainty_and_severity),
        cmocka_unit_test(test_expiry_of_a_switched_on_category),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
