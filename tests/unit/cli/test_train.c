/* Training without truth: m and u come out as the truth has them, the order of the records does not matter, and a
 * model that nobody approved or that was never trained is refused. Persons are invented. */
#include "daemon/cli/commands.h"
#include "daemon/cli/synth/synth.h"
#include "daemon/cli/train/learn.h"
#include "daemon/common/language.h"
#include "daemon/common/model.h"
#include "tests/unit/read_file.h"

#include <getopt.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { TODAY = 20782 /* 2026-11-25 */, PERSONS = 1500 };

static const char *const feeds[] = { "hulei.feed.civil-affairs.children.ndjson", "hulei.feed.education.schools.ndjson",
                                     "hulei.feed.police.persons.ndjson" };
enum { FEEDS = sizeof feeds / sizeof feeds[0] };

static char                    folder[] = "/tmp/hulei-train-XXXXXX";
static struct language_tables *tables;
static struct identity_model  *base;

/* ---- the whole command ---- */

static void path_of(char path[256], const char *name)
{
    snprintf(path, 256, "%s/%s", folder, name);
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* Another order of the same lines: as the alphabet of their bytes has them, which is nobody's order of arrival. */
static void write_sorted(const char *from, const char *to)
{
    char **lines = NULL, *line = NULL;
    size_t capacity = 0, count = 0;
    FILE  *in = fopen(from, "re"), *out = fopen(to, "we");

    assert_non_null(in);
    assert_non_null(out);
    while (getline(&line, &capacity, in) > 0) {
        lines = realloc(lines, (count + 1) * sizeof *lines);
        assert_non_null(lines);
        lines[count++] = strdup(line);
    }
    qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++) {
        fputs(lines[i], out);
        free(lines[i]);
    }
    free(lines);
    free(line);
    fclose(in);
    assert_int_equal(fclose(out), 0);
}

static int run(const char *const *words, size_t count)
{
    char  *arguments[16];
    size_t used = 0;

    for (; used < count; used++)
        arguments[used] = (char *)words[used];
    arguments[used] = NULL;
    optind          = 0; /* getopt starts anew */
    return command_train((int)used, arguments);
}

static int train(const char *out, const char *one, const char *two, const char *three, bool is_fresh)
{
    const char *words[] = { "train",  "--config",   HULEI_SOURCE_DIR "/config/hulei.yaml",
                            "--date", "2026-11-25", "--random-pairs",
                            "300000", "--out",      out,
                            one,      two,          three,
                            "--fresh" };

    return run(words, is_fresh ? 13 : 12);
}

static void test_order_of_records_does_not_matter(void **state)
{
    char paths[FEEDS][256], sorted[FEEDS][256], one[256], two[256], name[64];

    (void)state;
    for (size_t i = 0; i < FEEDS; i++) {
        path_of(paths[i], feeds[i]);
        snprintf(name, sizeof name, "sorted-%zu.ndjson", i);
        path_of(sorted[i], name);
        write_sorted(paths[i], sorted[i]);
    }
    path_of(one, "one.yaml");
    path_of(two, "two.yaml");
    assert_int_equal(train(one, paths[0], paths[1], paths[2], false), 0);
    assert_int_equal(train(two, sorted[2], sorted[0], sorted[1], false), 0);

    char *first = read_file(one), *second = read_file(two);
    assert_string_equal(first, second);
    free(first);
    free(second);
}

static bool is_loaded(const char *path, const char *reason)
{
    char                   error[512] = "";
    struct identity_model *model      = model_load(path, error, sizeof error);
    const bool             is_good    = model != NULL;

    if (!is_good && strstr(error, reason) == NULL)
        print_error("\"%s\" does not say \"%s\"\n", error, reason);
    assert_true(is_good || strstr(error, reason) != NULL);
    model_free(model);
    return is_good;
}

/* What test_order_of_records_does_not_matter() left behind. */
static void test_approval(void **state)
{
    char        path[256];
    const char *words[] = { "train", "--approve", "a named person", path };

    (void)state;
    path_of(path, "one.yaml");
    assert_false(is_loaded(path, "nobody has approved"));
    assert_int_equal(run(words, 4), 0);
    assert_true(is_loaded(path, ""));
}

static void test_fresh_models_are_refused(void **state)
{
    char paths[FEEDS][256], out[256];

    (void)state;
    for (size_t i = 0; i < FEEDS; i++)
        path_of(paths[i], feeds[i]);
    path_of(out, "fresh.yaml");
    assert_int_equal(train(out, paths[0], paths[1], paths[2], true), 0);
    assert_false(is_loaded(out, "is untrained"));
}

static void test_wrong_arguments(void **state)
{
    static const struct {
        const char *words[6];
        size_t      count;
        int         status;
    } rows[] = {
        {{ "train" },                                                1, 2},
        { { "train", "--out", "x.yaml" },                            3, 2},
        { { "train", "--recall", "0", "--out", "x.yaml", "f" },      6, 2},
        { { "train", "--date", "tomorrow", "--out", "x.yaml", "f" }, 6, 2},
        { { "train", "--approve", "", "x.yaml" },                    4, 2},
        { { "train", "--approve", "me", "/nowhere/model.yaml" },     4, 1},
        { { "train", "--help" },                                     2, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(run(rows[i].words, rows[i].count), rows[i].status);
}

/* ---- against the truth ---- */

static uint64_t next_random(uint64_t *random)
{
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    return *random;
}

static void write_number(char out[19], const char *birth, unsigned sequence)
{
    static const char marks[]   = "10X98765432";
    unsigned          remainder = 0;

    snprintf(out, 19, "500111%.8s%03u", birth, sequence % 1000);
    for (int i = 0; i < 17; i++)
        remainder = (remainder + (unsigned)(out[i] - '0')) * 2 % 11;
    out[17] = marks[remainder];
    out[18] = '\0';
}

/* Mention `which` of a person: a number in seven of ten, a slip of the date, a homophone, a phone of its own. */
static void make_mention(unsigned person, unsigned which, struct mention_features *features)
{
    static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "欧阳", "萧", "单", "曾" };
    static const char *const firsts[] = { "建", "秀", "志", "雨", "子", "佳", "国", "玉", "春", "海" };
    static const char *const lasts[] = { "明", "英", "强", "涵", "轩", "怡", "华", "梅", "生", "红", "燕", "明" };
    uint64_t                 own = 0x9E3779B97F4A7C15u * (person + 1), here;
    char                     name[64], birth[16], number[19], phone[16];

    next_random(&own);
    const char *surname = surnames[next_random(&own) % 12];
    const char *first   = firsts[next_random(&own) % 10];
    const char *last    = lasts[next_random(&own) % 11];
    snprintf(birth, sizeof birth, "%04u%02u%02u", 1950 + (unsigned)(next_random(&own) % 70),
             1 + (unsigned)(next_random(&own) % 12), 1 + (unsigned)(next_random(&own) % 28));
    write_number(number, birth, (unsigned)(next_random(&own) % 1000));
    const unsigned line      = (unsigned)(next_random(&own) % 100000000);
    const uint64_t household = next_random(&own) % (PERSONS / 3) + 1;

    here = own ^ 0xD6E8FEB86659FD93u * (which + 1);
    next_random(&here);
    if (next_random(&here) % 10 == 0)
        last = strcmp(last, "英") == 0 ? "鹰" : last; /* one sound */
    if (next_random(&here) % 20 == 0)
        birth[7] = birth[7] == '1' ? '2' : '1';
    snprintf(name, sizeof name, "%s%s%s", surname, first, last);
    snprintf(phone, sizeof phone, "138%08u", next_random(&here) % 4 == 0 ? (unsigned)(here % 100000000) : line);

    const struct person_input input = {
        .names          = { span_from_text(name) },
        .name_count     = 1,
        .id_number      = next_random(&here) % 10 < 3 ? span_of(NULL, 0) : span_from_text(number),
        .birth_date     = span_from_text(birth),
        .phones         = { span_from_text(phone) },
        .phone_count    = 1,
        .household_hash = next_random(&here) % 8 == 0 ? household + PERSONS : household,
    };
    mention_features_make(tables, &input, features);
}

enum { MENTIONS_EACH = 3 };

static struct trainee *make_population(size_t *count)
{
    struct trainee *trainees = calloc((size_t)PERSONS * MENTIONS_EACH, sizeof *trainees);

    *count = 0;
    assert_non_null(trainees);
    for (unsigned i = 0; i < PERSONS * MENTIONS_EACH; i++) {
        uint64_t hash = 0xA0761D6478BD642Fu * (i + 1);

        trainees[*count].record = i;
        trainees[*count].order  = next_random(&hash);
        make_mention(i / MENTIONS_EACH, i % MENTIONS_EACH, &trainees[(*count)++].features);
    }
    return trainees;
}

/* Shares of the levels among pairs of one person. */
static void true_shares(const struct trainee *trainees, double shares[IDENTITY_PARTS][IDENTITY_LEVELS_MAX])
{
    double sums[IDENTITY_PARTS] = { 0 };

    memset(shares, 0, sizeof(double[IDENTITY_PARTS][IDENTITY_LEVELS_MAX]));
    for (size_t i = 0; i < (size_t)PERSONS * MENTIONS_EACH; i++) {
        for (size_t j = i + 1; j / MENTIONS_EACH == i / MENTIONS_EACH; j++) {
            const struct comparison comparison =
                identity_compare_fully(tables, base, NULL, &trainees[i].features, &trainees[j].features);

            for (size_t part = 0; part < IDENTITY_PARTS; part++) {
                if (comparison.levels[part] == 0)
                    continue;
                shares[part][comparison.levels[part]]++;
                sums[part]++;
            }
        }
    }
    for (size_t part = 0; part < IDENTITY_PARTS; part++) {
        for (size_t level = 1; level < IDENTITY_LEVELS_MAX && sums[part] > 0; level++)
            shares[part][level] /= sums[part];
    }
}

static void test_m_and_lambda_as_the_truth(void **state)
{
    const struct learn_options options    = { .recall = 0.5, .random_pairs = 1000000, .common_name = 20 };
    struct population          population = { 0 };
    struct identity_model      model;
    struct common_name        *names = NULL;
    struct learn_figures       figures;
    static double              shares[IDENTITY_PARTS][IDENTITY_LEVELS_MAX];
    size_t                     trained = 0;

    (void)state;
    population.trainees = make_population(&population.count);
    true_shares(population.trainees, shares);
    assert_true(population_settle(&population, base->generic_holders));
    assert_int_equal(population.count, PERSONS * MENTIONS_EACH);
    assert_true(learn_model(tables, &population, base, &options, &model, &names, &figures));
    for (int part = 0; part < IDENTITY_PARTS; part++) {
        for (unsigned i = 1; i < identity_level_count((enum identity_part)part); i++) {
            const struct identity_level *level = &model.levels[part][i];

            if (level->m_basis != LEVEL_TRAINED)
                continue;
            trained++;
            if (fabs(level->m - shares[part][i]) > 0.03)
                print_error("%s %s: %f, truly %f\n", identity_part_word((enum identity_part)part),
                            identity_level_word((enum identity_part)part, i), level->m, shares[part][i]);
            assert_true(fabs(level->m - shares[part][i]) <= 0.03);
        }
    }
    assert_true(trained >= 8);

    /* Among strangers: birth days of 70 years. */
    const double pairs = (double)population.count * ((double)population.count - 1) / 2;
    const double truth = (double)PERSONS * MENTIONS_EACH * (MENTIONS_EACH - 1) / 2 / pairs;
    assert_true(model.lambda > truth / 2 && model.lambda < truth * 2);
    assert_true(model.levels[PART_PHONE][PHONE_DIFFERENT].u > 0.99);
    assert_true(fabs(model.levels[PART_ADDRESS][PLACE_HOUSEHOLD].u - 0.002) < 0.001);
    free(names);
    population_clear(&population);
}

/* A record pushed twice stands once, its newest version only; a phone of too many is found. */
static void test_newest_version_and_generic_values(void **state)
{
    struct population  population = { 0 };
    struct read_person person     = { 0 };
    struct read_record record     = {
            .source = span_from_text("urn:a"), .type = FEED_CHILD, .persons = &person, .person_count = 1
    };
    char subject[16], name[16];

    (void)state;
    for (unsigned i = 0; i < 40; i++) {
        snprintf(subject, sizeof subject, "s-%u", i % 30);
        snprintf(name, sizeof name, "Mary%c%c", 'a' + (int)(i % 26), i < 30 ? 'x' : 'y');
        struct person_input input = { .names       = { span_from_text(name) },
                                      .name_count  = 1,
                                      .phones      = { span_from_text("13812345678") },
                                      .phone_count = 1 };

        mention_features_make(tables, &input, &person.features);
        record.subject = span_from_text(subject);
        record.content = span_from_text(name);
        record.time_us = i < 30 ? 2000 : 1000 + (i % 2 == 0 ? 5000 : 0); /* every other late comer is older */
        assert_true(population_take(&population, &record));
    }
    assert_true(population_settle(&population, 25));
    assert_int_equal(population.count, 30);
    assert_int_equal(population.records, 30);

    const struct comparison_holders holders = population_holders(&population);
    size_t                          newer   = 0;
    assert_true(holders.is_generic(holders.context, KEY_PHONE, population.trainees[0].features.phones[0]));
    assert_false(holders.is_generic(holders.context, KEY_PHONE, 1));
    for (size_t i = 0; i < population.count; i++)
        newer += population.trainees[i].time_us == 6000;
    assert_int_equal(newer, 5);
    population_clear(&population);
}

static int open_parts(void **state)
{
    const struct synth_options options = {
        .persons = 600, .seed = 3, .directory = folder, .error_factor = 1, .today = TODAY
    };
    struct synth_figures figures;
    char                 error[512] = "no folder";

    (void)state;
    setenv("HULEI_SHARE", HULEI_SHARE_DIR, 0);
    tables = language_open(error, sizeof error);
    if (tables != NULL)
        base = model_load_for(HULEI_SOURCE_DIR "/config/model/identity.yaml", MODEL_FOR_STUDY, error, sizeof error);
    if (base != NULL && mkdtemp(folder) != NULL && synth_run(&options, &figures, error, sizeof error))
        return 0;
    fprintf(stderr, "%s\n", error);
    return 1;
}

static int close_parts(void **state)
{
    char command[300];

    (void)state;
    model_free(base);
    language_close(tables);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_of_records_does_not_matter),
        cmocka_unit_test(test_approval),
        cmocka_unit_test(test_fresh_models_are_refused),
        cmocka_unit_test(test_wrong_arguments),
        cmocka_unit_test(test_m_and_lambda_as_the_truth),
        cmocka_unit_test(test_newest_version_and_generic_values),
    };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
