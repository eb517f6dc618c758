/* Whole runs of `hulei link` on invented records: the output depends neither on threads nor on the order of rows, bad
 * rows stop nothing, little memory changes nothing. Run it under ThreadSanitizer, too. */
#include "daemon/cli/link/link_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PEOPLE = 600, ROWS = PEOPLE * 2, PATH_BYTES = 512, TEXT_BYTES = 1 << 20 };

static const char config[] = "version: 1\n"
                             "id: id\n"
                             "report_probability: 0.5\n"
                             "columns:\n"
                             "  - { name: name, clean: [lower, letters] }\n"
                             "  - { name: born, kind: date }\n"
                             "  - { name: town, clean: [lower] }\n"
                             "  - { name: size, kind: number }\n"
                             "comparisons:\n"
                             "  - name: name\n"
                             "    levels:\n"
                             "      - { name: same, tests: [{ test: exact, column: name }], frequency: name }\n"
                             "      - { name: slip, tests: [{ test: edits, column: name, limit: 2 }] }\n"
                             "      - { name: other }\n"
                             "  - name: born\n"
                             "    levels:\n"
                             "      - { name: same, tests: [{ test: exact, column: born }] }\n"
                             "      - { name: slip, tests: [{ test: edits, column: born, limit: 1 }] }\n"
                             "      - { name: other }\n"
                             "  - name: town\n"
                             "    levels:\n"
                             "      - { name: same, tests: [{ test: exact, column: town }] }\n"
                             "      - { name: other }\n"
                             "  - name: size\n"
                             "    levels:\n"
                             "      - { name: near, tests: [{ test: within, column: size, limit: 2 }] }\n"
                             "      - { name: other }\n"
                             "blocking:\n"
                             "  - { name: name, parts: [{ column: name }] }\n"
                             "  - { name: born, parts: [{ column: born }] }\n"
                             "  - { name: start, parts: [{ column: name, part: first, count: 3 }, { column: town }] }\n"
                             "training:\n"
                             "  strict:\n"
                             "    - { name: name and birth, parts: [{ column: name }, { column: born }] }\n"
                             "  recall: 0.8\n"
                             "clusters:\n"
                             "  join_probability: 0.5\n"
                             "  mean_bits: 0\n";

struct place {
    char folder[PATH_BYTES];
    int  saved_stdout;
};

static const char *path_in(const struct place *place, const char *name)
{
    static char paths[4][PATH_BYTES * 2];
    static int  next;
    char       *path = paths[next++ % 4];

    snprintf(path, sizeof paths[0], "%s/%s", place->folder, name);
    return path;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, TEXT_BYTES);

    assert_true(file != NULL && text != NULL);
    assert_true(fread(text, 1, TEXT_BYTES - 1, file) < TEXT_BYTES - 1);
    fclose(file);
    return text;
}

/* Person `number`, as she is (version 0) or with a slip in one field (version 1). */
static void write_row(FILE *file, unsigned number, unsigned version)
{
    static const char *const syllables[] = { "ka", "lo", "mi", "ren", "su", "tav", "bor", "e", "zin", "ulf" };
    unsigned                 mixed       = number * 2654435761U;
    char                     name[40];

    snprintf(name, sizeof name, "%s%s%s %s%s", syllables[mixed >> 3 & 7], syllables[(mixed >> 7) % 10],
             syllables[(mixed >> 11) % 10], syllables[(mixed >> 17) % 10], syllables[(mixed >> 23) % 10]);
    if (version == 1 && number % 3 == 0)
        name[1] = 'x';
    fprintf(file, "p%u-%u,%s,%04u-%02u-%02u,Town %u,%u\n", number, version, name,
            1930 + (mixed >> 5) % 70 + (version == 1 && number % 3 == 1), 1 + mixed % 12, 1 + (mixed >> 9) % 28,
            (mixed >> 13) % 25, 150 + (mixed >> 19) % 50 + (version == 1));
}

static void write_records(const char *path, bool is_backward)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs("id,name,born,town,size\n", file);
    for (unsigned i = 0; i < ROWS; i++) {
        const unsigned row = is_backward ? ROWS - 1 - i : i;
        write_row(file, row / 2, row % 2);
    }
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    snprintf(place->folder, sizeof place->folder, "%s/hulei-link.XXXXXX",
             getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(place->folder));
    write_text(path_in(place, "c.yaml"), config);
    write_records(path_in(place, "rows.csv"), false);
    write_records(path_in(place, "backward.csv"), true);
    /* The report is not what is tested. */
    fflush(stdout);
    place->saved_stdout = dup(STDOUT_FILENO);
    *state              = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char          command[PATH_BYTES + 16];

    snprintf(command, sizeof command, "rm -rf '%s'", place->folder);
    const int status = system(command);
    close(place->saved_stdout);
    free(place);
    return status;
}

struct wish {
    const char *file, *out;
    unsigned    threads;
    size_t      memory_bytes;
    const char *model, *save_model;
};

static bool run(const struct place *place, struct wish wish, char *error, size_t error_size)
{
    const char               *file    = path_in(place, wish.file);
    const char               *paths[] = { file };
    const struct link_options options = { .config_path     = path_in(place, "c.yaml"),
                                          .directory       = path_in(place, wish.out),
                                          .model_path      = wish.model,
                                          .save_model_path = wish.save_model,
                                          .memory_bytes    = wish.memory_bytes,
                                          .threads         = wish.threads,
                                          .files           = paths,
                                          .file_count      = 1 };
    FILE                     *quiet   = freopen("/dev/null", "w", stdout);

    assert_non_null(quiet);
    const bool is_done = link_run(&options, error, error_size);
    fflush(stdout);
    dup2(place->saved_stdout, STDOUT_FILENO);
    return is_done;
}

static void must_run(const struct place *place, struct wish wish)
{
    char error[512] = "";

    if (!run(place, wish, error, sizeof error))
        fail_msg("%s", error);
}

static void must_equal(const struct place *place, const char *a, const char *b)
{
    char *first = read_text(path_in(place, a)), *second = read_text(path_in(place, b));

    assert_string_equal(first, second);
    free(first);
    free(second);
}

static void test_threads_change_nothing(void **state)
{
    const struct place *place = *state;

    must_run(place, (struct wish){ .file = "rows.csv", .out = "one", .threads = 1 });
    must_run(place, (struct wish){ .file = "rows.csv", .out = "eight", .threads = 8 });
    must_equal(place, "one/pairs.csv", "eight/pairs.csv");
    must_equal(place, "one/clusters.csv", "eight/clusters.csv");
}

/* "id" of each row to the number of its cluster. */
static unsigned clusters_of(const char *text, unsigned clusters[ROWS])
{
    unsigned count = 0, cluster, number, version;

    for (const char *line = strchr(text, '\n'); line != NULL && line[1] != '\0'; line = strchr(line + 1, '\n')) {
        assert_int_equal(sscanf(line + 1, "%u,%*[^,],p%u-%u", &cluster, &number, &version), 3);
        clusters[number * 2 + version] = cluster;
        count++;
    }
    return count;
}

static void test_two_versions_are_one_person(void **state)
{
    const struct place *place          = *state;
    unsigned            clusters[ROWS] = { 0 }, together = 0, strangers = 0;

    must_run(place, (struct wish){ .file = "rows.csv", .out = "found", .threads = 2 });
    char *text = read_text(path_in(place, "found/clusters.csv"));
    assert_int_equal(clusters_of(text, clusters), ROWS);
    for (unsigned i = 0; i < PEOPLE; i++) {
        together += clusters[i * 2] == clusters[i * 2 + 1];
        strangers += i > 0 && clusters[i * 2] == clusters[i * 2 - 2];
    }
    assert_true(together > PEOPLE * 97 / 100);
    assert_int_equal(strangers, 0);
    free(text);
}

static void test_order_of_rows_changes_nothing(void **state)
{
    const struct place *place       = *state;
    unsigned            there[ROWS] = { 0 }, back[ROWS] = { 0 };
    unsigned            names[ROWS + 1] = { 0 };

    must_run(place, (struct wish){
                        .file = "rows.csv", .out = "there", .threads = 2, .save_model = path_in(place, "there.yaml") });
    assert_int_equal(rename(path_in(place, "backward.csv"), path_in(place, "rows2.csv")), 0);
    assert_int_equal(rename(path_in(place, "rows.csv"), path_in(place, "kept.csv")), 0);
    assert_int_equal(rename(path_in(place, "rows2.csv"), path_in(place, "rows.csv")), 0);
    must_run(place, (struct wish){
                        .file = "rows.csv", .out = "back", .threads = 2, .save_model = path_in(place, "back.yaml") });
    assert_int_equal(rename(path_in(place, "kept.csv"), path_in(place, "rows.csv")), 0);
    must_equal(place, "there.yaml", "back.yaml");

    char *first  = read_text(path_in(place, "there/clusters.csv")),
         *second = read_text(path_in(place, "back/clusters.csv"));
    assert_int_equal(clusters_of(first, there), ROWS);
    assert_int_equal(clusters_of(second, back), ROWS);
    for (unsigned i = 0; i < ROWS; i++) {
        if (names[there[i]] == 0)
            names[there[i]] = back[i];
        assert_int_equal(names[there[i]], back[i]);
    }
    free(first);
    free(second);
}

static void test_little_memory_changes_nothing(void **state)
{
    const struct place *place = *state;
    char                error[512];

    must_run(place, (struct wish){ .file = "rows.csv", .out = "much", .threads = 2 });
    must_run(place, (struct wish){ .file = "rows.csv", .out = "little", .threads = 2, .memory_bytes = 8 << 20 });
    must_equal(place, "much/clusters.csv", "little/clusters.csv");
    assert_false(run(place, (struct wish){ .file = "rows.csv", .out = "none", .threads = 2, .memory_bytes = 4096 },
                     error, sizeof error));
    assert_non_null(strstr(error, "--memory"));
}

/* Every "trained: WORD" of the model becomes "trained: <word>". */
static void say_trained(const struct place *place, const char *from, const char *to, const char *word)
{
    char *text = read_text(path_in(place, from)), *rest = text;
    FILE *file = fopen(path_in(place, to), "w");

    assert_non_null(file);
    for (char *at; (at = strstr(rest, "trained: ")) != NULL; rest = at + strcspn(at, "}"))
        fprintf(file, "%.*strained: %s ", (int)(at - rest), rest, word);
    fputs(rest, file);
    assert_int_equal(fclose(file), 0);
    free(text);
}

static void test_model_is_taken_back(void **state)
{
    const struct place *place = *state;
    char                error[512];

    must_run(place, (struct wish){
                        .file = "rows.csv", .out = "trained", .threads = 2, .save_model = path_in(place, "m.yaml") });
    say_trained(place, "m.yaml", "approved.yaml", "true");
    must_run(place, (struct wish){
                        .file = "rows.csv", .out = "loaded", .threads = 2, .model = path_in(place, "approved.yaml") });
    must_equal(place, "trained/clusters.csv", "loaded/clusters.csv");

    say_trained(place, "m.yaml", "untrained.yaml", "false");
    const struct wish wish = {
        .file = "rows.csv", .out = "refused", .threads = 1, .model = path_in(place, "untrained.yaml")
    };
    assert_false(run(place, wish, error, sizeof error));
    assert_non_null(strstr(error, "untrained level"));
}

static void test_bad_rows_stop_nothing(void **state)
{
    const struct place *place = *state;

    write_text(path_in(place, "bad.csv"), "id,name,born,town,size\n"
                                          "1,ann,1990-01-01,x,5\n"
                                          "1,ann,1990-01-01,x,5\n"
                                          ",ann,1990-01-01,x,5\n"
                                          "2,ann,yesterday,x,tall\n"
                                          "3,\"an\"n,1990-01-01,x,5\n"
                                          "4,ann,1990\n"
                                          "5,ann,1990,,\n");
    must_run(place, (struct wish){ .file = "bad.csv", .out = "bad", .threads = 2 });
    char                    *text     = read_text(path_in(place, "bad/rejects.csv"));
    char                    *rest     = strchr(text, '\n') + 1;
    static const char *const wanted[] = { ",3,id,id.duplicate\n",      ",4,id,id.missing\n",
                                          ",5,born,date.unreadable\n", ",5,size,number.unreadable\n",
                                          ",6,,csv.quotes\n",          ",7,,csv.cell_count\n" };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        rest = strstr(rest, wanted[i]);
        if (rest == NULL)
            fail_msg("not rejected: %s", wanted[i]);
    }
    free(text);
    text           = read_text(path_in(place, "bad/clusters.csv"));
    unsigned lines = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, 1 + 3);
    free(text);
}

static void test_empty_file_is_no_fault(void **state)
{
    const struct place *place = *state;

    write_text(path_in(place, "empty.csv"), "id,name,born,town,size\n");
    must_run(place, (struct wish){ .file = "empty.csv", .out = "empty", .threads = 2 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_change_nothing),        cmocka_unit_test(test_two_versions_are_one_person),
        cmocka_unit_test(test_order_of_rows_changes_nothing), cmocka_unit_test(test_little_memory_changes_nothing),
        cmocka_unit_test(test_model_is_taken_back),           cmocka_unit_test(test_bad_rows_stop_nothing),
        cmocka_unit_test(test_empty_file_is_no_fault),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
