/* The generator: same bytes for the same seed, rates near the promise, truth that a second count confirms.
 * Its people are invented; no file of it is kept. */
#include "daemon/cli/synth/calendar.h"
#include "daemon/cli/synth/record.h"
#include "daemon/cli/synth/synth.h"
#include "daemon/cli/synth/truth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

enum { TODAY = 20782 /* 2026-11-25 */, PERSONS = 3000 };

static const char *const files[] = {
    "hulei.feed.civil-affairs.children.ndjson",
    "hulei.feed.education.schools.ndjson",
    "hulei.feed.judicial.corrections.ndjson",
    "hulei.feed.police.persons.ndjson",
    "hulei.feed.police.addresses.ndjson",
    "truth_clusters.csv",
    "truth_pairs.csv",
    "truth_pairs_hidden.csv",
    "truth_counted.csv",
    "truth_twins.csv",
    "errors_by_record.csv",
};
enum { FEED_FILES = 5, FILES = sizeof files / sizeof files[0] };

static char first[] = "/tmp/hulei-synth-a-XXXXXX", second[] = "/tmp/hulei-synth-b-XXXXXX";

static struct synth_figures make(const char *directory, uint64_t seed, double factor, size_t changes)
{
    const struct synth_options options = { .persons      = PERSONS,
                                           .changes      = changes,
                                           .seed         = seed,
                                           .error_factor = factor,
                                           .today        = TODAY,
                                           .directory    = directory };
    struct synth_figures       figures;
    char                       fault[256];

    if (!synth_run(&options, &figures, fault, sizeof fault))
        fail_msg("%s", fault);
    return figures;
}

static FILE *open_in(const char *directory, const char *name)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    return file;
}

static bool same_bytes(const char *name)
{
    FILE *a = open_in(first, name), *b = open_in(second, name);
    int   left = 0, right = 0;

    do {
        left  = getc(a);
        right = getc(b);
    } while (left == right && left != EOF);
    fclose(a);
    fclose(b);
    return left == right;
}

static void same_seed_same_bytes(void **state)
{
    (void)state;
    make(first, 7, 1, 500);
    make(second, 7, 1, 500);
    for (size_t i = 0; i < FILES; i++)
        assert_true(same_bytes(files[i]));
    for (size_t i = 0; i < FEED_FILES; i++) {
        char name[128];
        snprintf(name, sizeof name, "changes/%s", files[i]);
        assert_true(same_bytes(name));
    }
    make(second, 8, 1, 0);
    assert_false(same_bytes("truth_clusters.csv"));
}

/* A change stream beside it leaves the people of the base as they are. */
static void every_person_is_stated_two_to_six_times(void **state)
{
    unsigned times[PERSONS] = { 0 };
    unsigned person         = 0;
    char     line[512];

    (void)state;
    make(first, 7, 1, 0);
    FILE *file = open_in(first, "truth_clusters.csv");
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        assert_int_equal(sscanf(line, "p%7u,", &person), 1);
        assert_in_range(person, 0, PERSONS - 1);
        times[person]++;
    }
    fclose(file);
    for (size_t i = 0; i < PERSONS; i++)
        assert_in_range(times[i], 2, 10);
}

static void every_line_is_a_cloud_event(void **state)
{
    (void)state;
    make(first, 11, 2, 0);
    for (size_t i = 0; i < FEED_FILES; i++) {
        FILE *file = open_in(first, files[i]);
        char  line[16384];
        while (fgets(line, sizeof line, file) != NULL) {
            json_t *event = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
            assert_non_null(event);
            assert_string_equal(json_string_value(json_object_get(event, "specversion")), "1.0");
            assert_non_null(json_object_get(event, "data"));
            json_decref(event);
        }
        fclose(file);
    }
}

static double rate_of(const char *kind)
{
    char   line[512];
    size_t mentions = 0, hits = 0;
    FILE  *file = open_in(first, "truth_clusters.csv");

    while (fgets(line, sizeof line, file) != NULL)
        mentions++;
    fclose(file);
    file = open_in(first, "errors_by_record.csv");
    while (fgets(line, sizeof line, file) != NULL)
        hits += strstr(line, kind) != NULL;
    fclose(file);
    return (double)hits / (double)(mentions - 1);
}

static void error_rates_are_as_promised(void **state)
{
    static const struct {
        const char *kind;
        double      rate;
    } promised[] = {
        {"number_missing",  0.08 },
        { "number_typo",    0.03 },
        { "name_homophone", 0.02 },
        { "name_lookalike", 0.015},
        { "birth_lunar",    0.03 },
        { "birth_partial",  0.02 },
        { "phone_missing",  0.30 },
        { "phone_shared",   0.10 },
    };

    (void)state;
    for (int factor = 1; factor <= 2; factor++) {
        make(first, 7, factor, 0);
        for (size_t i = 0; i < sizeof promised / sizeof promised[0]; i++) {
            const double expected = promised[i].rate * factor, found = rate_of(promised[i].kind);
            if (fabs(found - expected) > expected * 0.3)
                fail_msg("%s: %.4f instead of %.4f", promised[i].kind, found, expected);
        }
    }
    make(first, 7, 0, 0);
    assert_true(rate_of("number") == 0 && rate_of("address") == 0);
}

static void tiers_by_hand(void **state)
{
    static const struct {
        const char        *what;
        struct truth_facts facts;
        int                tier;
        const char        *rule;
    } rows[] = {
  /* clang-format off */
        { "same dwelling",
          { .is_class_a = true, .same_dwelling = true, .same_building = true, .precision = STATED_DWELLING }, TRUTH_RED, "R1" },
        { "same flat stated to the building only",
          { .is_class_a = true, .same_dwelling = true, .same_building = true, .precision = STATED_BUILDING }, TRUTH_ORANGE, "O1" },
        { "same dwelling, address older than two cycles: never below orange",
          { .is_class_a = true, .same_dwelling = true, .same_building = true, .precision = STATED_DWELLING, .risk_age = 61 },
          TRUTH_ORANGE, "R1" },
        { "carer far away, old address",
          { .is_class_a = true, .is_carer = true, .distance_m = 9000, .precision = STATED_DWELLING, .risk_age = 400 }, TRUTH_RED, "R2" },
        { "abuse counts for carers", { .is_abuse = true, .is_carer = true, .distance_m = 9000 }, TRUTH_RED, "R2" },
        { "abuse next door does not", { .is_abuse = true, .distance_m = 10, .precision = STATED_DWELLING }, TRUTH_NO_TIER, "" },
        { "200 m", { .is_class_a = true, .distance_m = 200, .precision = STATED_DWELLING }, TRUTH_ORANGE, "O1" },
        { "201 m", { .is_class_a = true, .distance_m = 201, .precision = STATED_DWELLING }, TRUTH_YELLOW, "Y1" },
        { "501 m in town", { .is_class_a = true, .distance_m = 501, .precision = STATED_DWELLING }, TRUTH_BLUE, "B1" },
        { "501 m in a village", { .is_class_a = true, .is_rural = true, .distance_m = 501, .precision = STATED_DWELLING },
          TRUTH_YELLOW, "Y1" },
        { "same group, spread out",
          { .is_class_a = true, .is_rural = true, .same_group = true, .distance_m = 1100, .precision = STATED_GROUP }, TRUTH_YELLOW, "Y1" },
        { "vulnerable", { .is_class_a = true, .is_vulnerable = true, .distance_m = 300, .precision = STATED_DWELLING },
          TRUTH_ORANGE, "Y1" },
        { "no distance between communities, only one in common",
          { .is_class_a = true, .is_vulnerable = true, .same_community = true, .distance_m = 300, .precision = STATED_COMMUNITY },
          TRUTH_BLUE, "B1" },
        { "one booklet and one community: the cap of place",
          { .is_class_a = true, .same_household = true, .same_dwelling = true, .precision = STATED_COMMUNITY }, TRUTH_YELLOW, "R1" },
        { "near but old", { .is_class_a = true, .distance_m = 150, .precision = STATED_DWELLING, .child_age = 361 },
          TRUTH_YELLOW, "O1" },
        { "one cycle lowers nothing", { .is_class_a = true, .distance_m = 150, .precision = STATED_DWELLING, .risk_age = 31 },
          TRUTH_ORANGE, "O1" },
        { "class B in the dwelling", { .same_dwelling = true, .same_building = true, .precision = STATED_DWELLING }, TRUTH_ORANGE, "O4" },
        { "class B cares for her", { .is_carer = true, .distance_m = 9000 }, TRUTH_ORANGE, "O4" },
        { "class B at 200 m", { .distance_m = 200, .precision = STATED_DWELLING }, TRUTH_YELLOW, "Y2" },
        { "class B at 200 m, vulnerable", { .is_vulnerable = true, .distance_m = 200, .precision = STATED_DWELLING }, TRUTH_ORANGE, "Y2" },
        { "class B at 201 m", { .distance_m = 201, .precision = STATED_DWELLING }, TRUTH_NO_TIER, "" },
        { "released lately, 500 m", { .is_class_a = true, .is_fresh = true, .distance_m = 500, .precision = STATED_GROUP },
          TRUTH_ORANGE, "O2" },
        { "released lately, 501 m in a village",
          { .is_class_a = true, .is_fresh = true, .is_rural = true, .distance_m = 501, .precision = STATED_GROUP }, TRUTH_YELLOW, "Y1" },
        { "at her school's gate, an old address of hers",
          { .is_class_a = true, .is_of_schools = true, .is_at_gate = true, .risk_precision = STATED_GROUP, .child_age = 900 },
          TRUTH_ORANGE, "O3" },
        { "at her school's gate, an old address of his",
          { .is_class_a = true, .is_of_schools = true, .is_at_gate = true, .risk_precision = STATED_GROUP, .risk_age = 61 },
          TRUTH_YELLOW, "O3" },
        { "at her school's gate for no reason",
          { .is_class_a = true, .is_at_gate = true, .risk_precision = STATED_GROUP }, TRUTH_NO_TIER, "" },
        { "1,000 m in town", { .is_class_a = true, .distance_m = 1000, .precision = STATED_GROUP }, TRUTH_BLUE, "B1" },
        { "1,001 m", { .is_class_a = true, .distance_m = 1001, .precision = STATED_GROUP }, TRUTH_NO_TIER, "" },
  /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct truth_pair pair = truth_decide(&rows[i].facts);
        if (pair.tier != rows[i].tier || strcmp(pair.rule, rows[i].rule) != 0)
            fail_msg("%s: %d %s", rows[i].what, pair.tier, pair.rule);
    }
}

static void alone_and_in_groups(void **state)
{
    static const struct {
        const char               *what;
        struct truth_person_facts facts;
        int                       person_tier, group_tier;
    } rows[] = {
        {"barred",              { .is_barred = true, .precision = STATED_GROUP },                     TRUTH_RED,    0           },
        { "barred, no place",   { .is_barred = true, .precision = STATED_COMMUNITY },                 0,            0           },
        { "lost",               { .is_class_a = true, .is_lost = true },                              TRUTH_ORANGE, 0           },
        { "lost of class B",    { .is_lost = true },                                                  0,            0           },
        { "three",              { .is_class_a = true, .children = 3, .precision = STATED_GROUP },     0,            TRUTH_YELLOW},
        { "two",                { .is_class_a = true, .children = 2, .precision = STATED_GROUP },     0,            0           },
        { "three, old address",
         { .is_class_a = true, .children = 3, .precision = STATED_GROUP, .risk_age = 61 },
         0,                                                                                                         TRUTH_BLUE  },
        { "three, no place",    { .is_class_a = true, .children = 3, .precision = STATED_COMMUNITY }, 0,            0           },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int person = truth_decide_person(&rows[i].facts).tier, group = truth_decide_group(&rows[i].facts).tier;
        if (person != rows[i].person_tier || group != rows[i].group_tier)
            fail_msg("%s: %d %d", rows[i].what, person, group);
    }
}

/* Every listed pair keeps to the radius of its rule; red and orange are there. */
static void pairs_are_within_their_radius(void **state)
{
    char   line[256];
    size_t red = 0, orange = 0;

    (void)state;
    make(first, 7, 1, 0);
    FILE *file = open_in(first, "truth_pairs.csv");
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned child = 0, risk = 0;
        int      tier = 0, hidden = 1;
        if (line[0] == ',')
            continue; /* of no child */
        char   rule[4];
        double metres = 0;
        assert_int_equal(sscanf(line, "p%7u,p%7u,%d,%3[^,],%lf,%d", &child, &risk, &tier, rule, &metres, &hidden), 6);
        assert_int_equal(hidden, 0);
        if (strcmp(rule, "R1") == 0)
            assert_true(metres < 0.1);
        if (strcmp(rule, "O1") == 0)
            assert_true(metres <= 200.05);
        if (strcmp(rule, "Y1") == 0)
            assert_true(metres <= 2000);
        red += tier == TRUTH_RED;
        orange += tier == TRUTH_ORANGE;
    }
    fclose(file);
    assert_true(red > 0);
    assert_true(orange > 1);
}

static void every_rule_has_pairs(void **state)
{
    static const char *const rules[] = { "R1", "R2", "R3", "R4", "O1", "O2", "O3", "O4", "O5", "Y1", "Y2", "Y3" };
    bool                     is_there[sizeof rules / sizeof rules[0]] = { false };
    char                     line[256], wanted[8];

    (void)state;
    make(first, 7, 1, 0);
    FILE *file = open_in(first, "truth_pairs.csv");
    while (fgets(line, sizeof line, file) != NULL) {
        for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
            snprintf(wanted, sizeof wanted, ",%s,", rules[i]);
            is_there[i] = is_there[i] || strstr(line, wanted) != NULL;
        }
    }
    fclose(file);
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (!is_there[i])
            fail_msg("no pair of rule %s", rules[i]);
    }
    file = open_in(first, "truth_counted.csv");
    assert_non_null(fgets(line, sizeof line, file));
    assert_non_null(fgets(line, sizeof line, file)); /* B1 */
    fclose(file);
}

static void check_characters_and_calendar(void **state)
{
    int32_t day = 0;

    (void)state;
    assert_int_equal(people_check_character("11010519491231002"), 'X'); /* the example of GB 11643-1999 */
    assert_true(calendar_parse("2026-11-25", &day));
    assert_int_equal(day, TODAY);
    assert_false(calendar_parse("2026-02-30", &day));
    for (day = -20000; day < 30000; day += 7)
        assert_int_equal(calendar_day(calendar_date(day)), day);
    assert_int_equal(calendar_age(calendar_day((struct civil_date){ 2008, 11, 26 }), TODAY), 17);
    assert_int_equal(calendar_age(calendar_day((struct civil_date){ 2008, 11, 25 }), TODAY), 18);
}

static int make_directories(void **state)
{
    (void)state;
    setenv("HULEI_SHARE", HULEI_SHARE_DIR, 0);
    return mkdtemp(first) == NULL || mkdtemp(second) == NULL;
}

static void empty(const char *directory)
{
    char path[256];

    for (size_t i = 0; i < FILES; i++) {
        snprintf(path, sizeof path, "%s/changes/%s", directory, files[i]);
        unlink(path);
        snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/changes", directory);
    rmdir(path);
    rmdir(directory);
}

static int remove_directories(void **state)
{
    (void)state;
    empty(first);
    empty(second);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_same_bytes),
        cmocka_unit_test(every_person_is_stated_two_to_six_times),
        cmocka_unit_test(every_line_is_a_cloud_event),
        cmocka_unit_test(error_rates_are_as_promised),
        cmocka_unit_test(tiers_by_hand),
        cmocka_unit_test(alone_and_in_groups),
        cmocka_unit_test(every_rule_has_pairs),
        cmocka_unit_test(pairs_are_within_their_radius),
        cmocka_unit_test(check_characters_and_calendar),
    };

    return cmocka_run_group_tests(tests, make_directories, remove_directories);
}
