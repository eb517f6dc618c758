/* Figures of `hulei evaluate` on cases small enough to be worked out by hand.
 * Reads its files from a directory of its own. */
#include "daemon/cli/evaluate/evaluate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_near(double found, double expected, const char *what)
{
    if (fabs(found - expected) > 1e-9)
        fail_msg("%s: %.12f instead of %.12f", what, found, expected);
}

struct case_row {
    const char *what;
    size_t      count;
    uint32_t    truth[8], found[8];
    double      pair_precision, pair_recall, cubed_precision, cubed_recall;
};

static const struct case_row rows[] = {
    {"all right",           5, { 0, 0, 1, 1, 1 }, { 1, 1, 0, 0, 0 }, 1,        1, 1,                       1                            },
 /* 4 true pairs, 10 found; of 2 and 3 in one: precision (2*2/5 + 3*3/5)/5. */
    { "all in one cluster", 5, { 0, 0, 1, 1, 1 }, { 0, 0, 0, 0, 0 }, 4.0 / 10, 1, (2 * 0.4 + 3 * 0.6) / 5, 1                            },
 /* Nothing linked: no pair is wrong, none is found. */
    { "all alone",          5, { 0, 0, 1, 1, 1 }, { 0, 1, 2, 3, 4 }, 1,        0, 1,                       (2 * 0.5 + 3 * (1.0 / 3)) / 5},
 /* One mention of person 1 sits with person 0: found pairs 3 + 1, of which (0,0) and (1,1) are right. */
    { "one astray",
     5,                        { 0, 0, 1, 1, 1 },
     { 0, 0, 0, 1, 1 },
     2.0 / 4,
     2.0 / 4,
     (2 * (2.0 / 3) + 1.0 / 3 + 2 * 1) / 5,
     (2 * 1 + 1.0 / 3 + 2 * (2.0 / 3)) / 5                                                                                              },
    { "nothing at all",     0, { 0 },             { 0 },             1,        1, 1,                       1                            },
};

static void hand_computed_scores(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cluster_scores scores;
        assert_true(score_clusters(rows[i].truth, 2, rows[i].found, 5, rows[i].count, &scores, NULL));
        assert_near(scores.pairwise.precision, rows[i].pair_precision, rows[i].what);
        assert_near(scores.pairwise.recall, rows[i].pair_recall, rows[i].what);
        assert_near(scores.bcubed.precision, rows[i].cubed_precision, rows[i].what);
        assert_near(scores.bcubed.recall, rows[i].cubed_recall, rows[i].what);
    }
}

static void f1_is_the_harmonic_mean(void **state)
{
    (void)state;
    assert_near(score_of(0.5, 1).f1, 2.0 / 3, "F1");
    assert_near(score_of(0, 0).f1, 0, "F1 of nothing");
}

static char directory[] = "/tmp/hulei-evaluate-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static const char *path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

/* Girls p1 and p2, persons of concern p8 and p9; the system split p1 and mixed nothing. */
static void write_case(void)
{
    write_file("truth_clusters.csv", "person,source,type,subject,slot\n"
                                     "p1,urn:a,child,c-1,0\np1,urn:a,child,c-2,0\np1,urn:b,enrolment,e-1,0\n"
                                     "p2,urn:a,child,c-3,0\np8,urn:c,risk,r-1,0\np9,urn:c,risk,r-2,0\n");
    write_file("errors_by_record.csv", "source,type,subject,slot,kinds\n"
                                       "urn:b,enrolment,e-1,0,number_missing+name_homophone\n");
    write_file("truth_pairs.csv", "child_person,risk_person,tier,rule,distance_m,hidden,subject,unit\n"
                                  "p1,p8,1,R1,0.0,0,child,\np1,p9,2,O1,50.0,0,child,\np2,p9,3,Y1,400.0,0,child,\n"
                                  "p2,p8,4,Y1,450.0,0,child,\n,p8,1,R3,0.0,0,unit,s-1\n,p9,2,O5,0.0,0,person,\n"
                                  ",p9,3,Y3,0.0,0,group,\n");
    write_file("truth_pairs_hidden.csv", "child_person,risk_person,tier,rule,distance_m,hidden,subject,unit\n");
    write_file("truth_counted.csv", "area_code,pairs\n500111004001,7\n500111004002,2\n");
    write_file("truth_twins.csv", "person_a,person_b\np1,p2\np8,p9\n");
    write_file("clusters.csv", "cluster_id,source,type,subject,slot\n"
                               "11,urn:a,child,c-1,0\n11,urn:a,child,c-2,0\n12,urn:b,enrolment,e-1,0\n"
                               "13,urn:a,child,c-3,0\n14,urn:c,risk,r-1,0\n15,urn:c,risk,r-2,0\n"
                               "99,urn:c,risk,r-77,0\n");
    /* p1 with p8 is found twice, once as red; p1 with p9 is missed; p2 with p9 has the wrong tier; 99 is a stranger. */
    write_file("pairs.csv", "child_cluster,risk_cluster,tier,rule\n"
                            "12,14,2,O1\n11,14,1,R1\n13,15,2,O1\n11,99,3,Y1\n"
                            ",14,1,R3,unit,s-1\n,14,1,R3,unit,s-2\n,15,2,O5,person,\n");
}

static void files_of_a_small_county(void **state)
{
    struct evaluation         evaluation = { 0 };
    struct evaluation_figures figures;
    char                      fault[128];

    (void)state;
    write_case();
    assert_true(evaluation_read_truth(&evaluation, directory, fault, sizeof fault));
    assert_true(evaluation_read_clusters(&evaluation, path_of("clusters.csv"), fault, sizeof fault));
    assert_true(evaluation_read_pairs(&evaluation, path_of("pairs.csv"), fault, sizeof fault));
    assert_true(evaluation_put_found_count(&evaluation, "500111004001", 5));
    assert_true(evaluation_put_found_count(&evaluation, "500111004003", 3));
    assert_true(evaluation_measure(&evaluation, &figures));

    assert_int_equal(figures.mentions, 6);
    assert_int_equal(evaluation.strangers, 1);
    assert_int_equal(figures.scores.pairs_true, 3);
    assert_int_equal(figures.scores.pairs_found, 1);
    assert_near(figures.scores.pairwise.recall, 1.0 / 3, "pairwise recall");
    assert_near(figures.scores.bcubed.recall, (2.0 / 3 + 2.0 / 3 + 1.0 / 3 + 3) / 6, "B-cubed recall");
    assert_int_equal(figures.kind_count, 2);
    assert_near(figures.kinds[0].scores.bcubed.recall, 1.0 / 3, "recall of the kind");
    assert_int_equal(figures.kinds[0].scores.pairs_true, 2);
    assert_int_equal(figures.kinds[0].scores.pairs_both, 0);
    assert_near(figures.numbered.pairwise.recall, 1, "recall of those with numbers");
    assert_int_equal(figures.twins, 2);
    assert_int_equal(figures.merged_twins, 0);
    assert_int_equal(figures.missed_link_count, 1);
    assert_int_equal(figures.wrong_link_count, 0);

    assert_int_equal(figures.pairs_true, 6); /* blue does not count */
    assert_int_equal(figures.pairs_true_found, 4);
    assert_int_equal(figures.pairs_found, 6);
    assert_near(figures.pairs.precision, 4.0 / 6, "precision of pairs");
    assert_near(figures.pairs.recall, 4.0 / 6, "recall of pairs");
    /* p1 is in two clusters: what is said of her is no measure of the rules. */
    assert_int_equal(figures.right_true, 4);
    assert_int_equal(figures.right_found, 4);
    assert_near(figures.right_pairs.recall, 3.0 / 4, "recall of right identities");
    assert_near(figures.right_pairs.precision, 3.0 / 4, "precision of right identities");
    assert_int_equal(figures.counted_true, 9);
    assert_int_equal(figures.counted_found, 8);
    assert_int_equal(figures.counted_both, 5);
    assert_int_equal(figures.tiers[1][1], 2);
    assert_int_equal(figures.tiers[2][0], 1);
    assert_int_equal(figures.tiers[3][2], 1);
    assert_int_equal(figures.tiers[0][3], 1);
    assert_int_equal(figures.tiers[4][0], 1);
    evaluation_clear(&evaluation);
}

static void twins_in_one_cluster_are_counted(void **state)
{
    struct evaluation         evaluation = { 0 };
    struct evaluation_figures figures;
    char                      fault[128];

    (void)state;
    write_case();
    write_file("clusters.csv", "cluster_id,source,type,subject,slot\n"
                               "11,urn:a,child,c-1,0\n12,urn:b,enrolment,e-1,0\n12,urn:a,child,c-3,0\n");
    assert_true(evaluation_read_truth(&evaluation, directory, fault, sizeof fault));
    assert_true(evaluation_read_clusters(&evaluation, path_of("clusters.csv"), fault, sizeof fault));
    assert_true(evaluation_measure(&evaluation, &figures));
    assert_int_equal(figures.merged_twins, 1);
    evaluation_clear(&evaluation);
}

static void mentions_that_are_nowhere_stand_alone(void **state)
{
    struct evaluation         evaluation = { 0 };
    struct evaluation_figures figures;
    char                      fault[128];

    (void)state;
    write_case();
    write_file("clusters.csv", "cluster_id,source,type,subject,slot\n");
    assert_true(evaluation_read_truth(&evaluation, directory, fault, sizeof fault));
    assert_true(evaluation_read_clusters(&evaluation, path_of("clusters.csv"), fault, sizeof fault));
    assert_true(evaluation_measure(&evaluation, &figures));
    assert_int_equal(figures.missing, 6);
    assert_near(figures.scores.pairwise.recall, 0, "recall of nothing");
    assert_near(figures.scores.pairwise.precision, 1, "precision of nothing");
    evaluation_clear(&evaluation);
}

static void damaged_files_are_named_without_values(void **state)
{
    struct evaluation evaluation = { 0 };
    char              fault[128] = "";

    (void)state;
    write_case();
    write_file("truth_pairs.csv",
               "child_person,risk_person,tier,rule,distance_m,hidden,subject,unit\np1,p8,9,R1,0.0,0,child,\n");
    assert_false(evaluation_read_truth(&evaluation, directory, fault, sizeof fault));
    assert_non_null(strstr(fault, "truth_pairs.csv, line 2"));
    assert_null(strstr(fault, "p8"));
    evaluation_clear(&evaluation);
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    static const char *const names[] = { "truth_clusters.csv", "errors_by_record.csv",
                                         "truth_pairs.csv",    "truth_pairs_hidden.csv",
                                         "truth_counted.csv",  "truth_twins.csv",
                                         "clusters.csv",       "pairs.csv" };

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(path_of(names[i]));
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hand_computed_scores),
        cmocka_unit_test(f1_is_the_harmonic_mean),
        cmocka_unit_test(files_of_a_small_county),
        cmocka_unit_test(twins_in_one_cluster_are_counted),
        cmocka_unit_test(mentions_that_are_nowhere_stand_alone),
        cmocka_unit_test(damaged_files_are_named_without_values),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
