/* Prints what was measured; see report.h.
 * Computes nothing but shares of counts. */
#include "daemon/cli/evaluate/report.h"

#include "daemon/cli/evaluate/report_records.h"

static const char *const colours[EVALUATE_TIERS] = { "none", "red", "orange", "yellow", "blue" };

static void print_score(FILE *stream, const char *what, struct score score)
{
    fprintf(stream, "  %-18s precision %.5f  recall %.5f  F1 %.5f\n", what, score.precision, score.recall, score.f1);
}

static const char *cluster_name(const struct evaluation *evaluation, uint32_t cluster)
{
    return cluster < evaluation->clusters.count ? words_text(&evaluation->clusters, cluster) : "-";
}

static void print_examples(FILE *stream, const struct evaluation *evaluation, const char *what,
                           const struct example *examples, size_t count)
{
    if (count > 0)
        fprintf(stream, "%s (first %zu):\n", what, count);
    for (size_t i = 0; i < count; i++)
        fprintf(
            stream, "  %s (%s, cluster %s) / %s (%s, cluster %s)\n", words_text(&evaluation->mentions, examples[i].a),
            words_text(&evaluation->persons, examples[i].person_a), cluster_name(evaluation, examples[i].cluster_a),
            words_text(&evaluation->mentions, examples[i].b), words_text(&evaluation->persons, examples[i].person_b),
            cluster_name(evaluation, examples[i].cluster_b));
}

static void print_pairs(FILE *stream, const struct evaluation_figures *figures)
{
    fprintf(stream, "pairs (red, orange, yellow): true %zu, found %zu, both %zu; of the hidden found %zu\n",
            figures->pairs_true, figures->pairs_found, figures->pairs_true_found, figures->pairs_hidden_found);
    print_score(stream, "exposure pairs", figures->pairs);
    print_score(stream, "of right identities", figures->right_pairs);
    fprintf(stream, "only counted (B1): true %zu, found %zu, both %zu\n", figures->counted_true, figures->counted_found,
            figures->counted_both);
    for (size_t i = 0; i < figures->rule_count; i++) {
        const struct pair_figures *rule = &figures->rules[i];
        fprintf(stream, "  rule %-4s true %5zu  found %5zu  same tier %5zu | claimed %5zu  confirmed %5zu\n",
                rule->name, rule->truth, rule->found, rule->same_tier, rule->claimed, rule->confirmed);
    }
    fputs("tiers, truth by row, found by column:\n         ", stream);
    for (int found = 0; found < EVALUATE_TIERS; found++)
        fprintf(stream, "%8s", colours[found]);
    fputc('\n', stream);
    for (int truth = 0; truth < EVALUATE_TIERS; truth++) {
        fprintf(stream, "  %-7s", colours[truth]);
        for (int found = 0; found < EVALUATE_TIERS; found++)
            fprintf(stream, "%8zu", figures->tiers[truth][found]);
        fputc('\n', stream);
    }
}

static void print_kinds(FILE *stream, const struct evaluation_figures *figures)
{
    if (figures->kind_count > 0)
        fputs("pairs with an error of the kind on a side, and B-cubed of the mentions:\n", stream);
    for (size_t i = 0; i < figures->kind_count; i++) {
        const struct kind_figures *kind = &figures->kinds[i];
        fprintf(stream, "  %-17s pairs %9llu  precision %.5f  recall %.5f | mentions %8zu  %.5f  %.5f\n", kind->kind,
                (unsigned long long)kind->scores.pairs_true, kind->scores.pairwise.precision,
                kind->scores.pairwise.recall, kind->mentions, kind->scores.bcubed.precision,
                kind->scores.bcubed.recall);
    }
}

void report_text(FILE *stream, const struct evaluation *evaluation, const struct evaluation_figures *figures,
                 const struct record_figures *records)
{
    fprintf(stream, "mentions %zu, persons %zu, clusters %zu, mentions not found %zu, found but unknown %zu\n",
            figures->mentions, figures->persons, figures->clusters, figures->missing, evaluation->strangers);
    fprintf(stream, "identity: true pairs %llu, linked %llu, both %llu\n",
            (unsigned long long)figures->scores.pairs_true, (unsigned long long)figures->scores.pairs_found,
            (unsigned long long)figures->scores.pairs_both);
    print_score(stream, "pairwise", figures->scores.pairwise);
    print_score(stream, "B-cubed", figures->scores.bcubed);
    print_score(stream, "numbers on both", figures->numbered.pairwise);
    fprintf(stream, "twins %zu pairs, in one cluster %zu\n", figures->twins, figures->merged_twins);
    print_kinds(stream, figures);
    if (records != NULL)
        report_records_text(stream, records);
    if (evaluation->has_found_pairs)
        print_pairs(stream, figures);
    print_examples(stream, evaluation, "linked but different persons", figures->wrong_links, figures->wrong_link_count);
    print_examples(stream, evaluation, "same person but not linked", figures->missed_links, figures->missed_link_count);
}

/* ---- JSON; json_pack gives NULL on no memory, which the dump at the end notices ---- */

static json_t *json_score(struct score score)
{
    return json_pack("{s:f,s:f,s:f}", "precision", score.precision, "recall", score.recall, "f1", score.f1);
}

static json_t *json_kinds(const struct evaluation_figures *figures)
{
    json_t *list = json_array();

    for (size_t i = 0; i < figures->kind_count; i++)
        json_array_append_new(list, json_pack("{s:s,s:I,s:o,s:I,s:o}", "kind", figures->kinds[i].kind, "mentions",
                                              (json_int_t)figures->kinds[i].mentions, "bcubed",
                                              json_score(figures->kinds[i].scores.bcubed), "pairs",
                                              (json_int_t)figures->kinds[i].scores.pairs_true, "pairwise",
                                              json_score(figures->kinds[i].scores.pairwise)));
    return list;
}

static json_t *json_examples(const struct evaluation *evaluation, const struct example *examples, size_t count)
{
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list,
                              json_pack("{s:s,s:s,s:s,s:s}", "a", words_text(&evaluation->mentions, examples[i].a),
                                        "person_a", words_text(&evaluation->persons, examples[i].person_a), "b",
                                        words_text(&evaluation->mentions, examples[i].b), "person_b",
                                        words_text(&evaluation->persons, examples[i].person_b)));
    return list;
}

static json_t *json_rules(const struct evaluation_figures *figures)
{
    json_t *rules = json_object();

    for (size_t i = 0; i < figures->rule_count; i++)
        json_object_set_new(rules, figures->rules[i].name,
                            json_pack("{s:I,s:I,s:I,s:I,s:I}", "true", (json_int_t)figures->rules[i].truth, "found",
                                      (json_int_t)figures->rules[i].found, "same_tier",
                                      (json_int_t)figures->rules[i].same_tier, "claimed",
                                      (json_int_t)figures->rules[i].claimed, "confirmed",
                                      (json_int_t)figures->rules[i].confirmed));
    return rules;
}

static json_t *json_tiers(const struct evaluation_figures *figures)
{
    json_t *tiers = json_object();

    for (int truth = 0; truth < EVALUATE_TIERS; truth++) {
        json_t *row = json_object();
        for (int found = 0; found < EVALUATE_TIERS; found++)
            json_object_set_new(row, colours[found], json_integer((json_int_t)figures->tiers[truth][found]));
        json_object_set_new(tiers, colours[truth], row);
    }
    return tiers;
}

static json_t *json_right(const struct evaluation_figures *figures)
{
    return json_pack("{s:I,s:I,s:o}", "true", (json_int_t)figures->right_true, "found",
                     (json_int_t)figures->right_found, "score", json_score(figures->right_pairs));
}

static json_t *json_counted(const struct evaluation_figures *figures)
{
    return json_pack("{s:I,s:I,s:I}", "true", (json_int_t)figures->counted_true, "found",
                     (json_int_t)figures->counted_found, "both", (json_int_t)figures->counted_both);
}

static json_t *json_pairs(const struct evaluation_figures *figures)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o,s:o}", "true", (json_int_t)figures->pairs_true, "found",
                     (json_int_t)figures->pairs_found, "both", (json_int_t)figures->pairs_true_found, "hidden_found",
                     (json_int_t)figures->pairs_hidden_found, "score", json_score(figures->pairs), "rules",
                     json_rules(figures), "tiers", json_tiers(figures), "of_right_identities", json_right(figures),
                     "counted", json_counted(figures));
}

static json_t *json_identity(const struct evaluation_figures *figures)
{
    return json_pack("{s:o,s:o,s:o,s:I,s:I}", "pairwise", json_score(figures->scores.pairwise), "bcubed",
                     json_score(figures->scores.bcubed), "numbered", json_score(figures->numbered.pairwise), "twins",
                     (json_int_t)figures->twins, "merged_twins", (json_int_t)figures->merged_twins);
}

bool report_json(FILE *stream, const struct evaluation *evaluation, const struct evaluation_figures *figures,
                 const struct record_figures *records)
{
    json_t *root =
        json_pack("{s:I,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o}", "mentions", (json_int_t)figures->mentions, "persons",
                  (json_int_t)figures->persons, "clusters", (json_int_t)figures->clusters, "mentions_not_found",
                  (json_int_t)figures->missing, "mentions_unknown", (json_int_t)evaluation->strangers, "identity",
                  json_identity(figures), "errors", json_kinds(figures), "wrong_links",
                  json_examples(evaluation, figures->wrong_links, figures->wrong_link_count), "missed_links",
                  json_examples(evaluation, figures->missed_links, figures->missed_link_count));
    bool is_ok = root != NULL;

    if (is_ok && evaluation->has_found_pairs)
        is_ok = json_object_set_new(root, "pairs", json_pairs(figures)) == 0;
    if (is_ok && records != NULL)
        is_ok = json_object_set_new(root, "index", report_records_json(records)) == 0;
    is_ok =
        is_ok && json_dumpf(root, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) == 0 && fputc('\n', stream) != EOF;
    json_decref(root);
    return is_ok;
}
