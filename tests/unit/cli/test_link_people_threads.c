/* Chinese persons through `hulei link`: neither the number of threads nor the order of rows changes a cluster or a
 * pair. Every person is invented. Run it under ThreadSanitizer, too. */
#include "daemon/cli/link/link_run.h"
#include "tests/unit/common/identity_fixture.h"

#include <unistd.h>

enum { PEOPLE = 400, VERSIONS = 4, ROWS = PEOPLE * VERSIONS, PATH_BYTES = 512, LINE_BYTES = 256 };

static const char headings[] = "id,name,id_number,birth_date,phones,household\n";

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

static FILE *open_in(const struct place *place, const char *name, const char *mode)
{
    FILE *file = fopen(path_in(place, name), mode);

    assert_non_null(file);
    return file;
}

/* As make_mention(), in text. */
static void write_row(FILE *file, unsigned row)
{
    const unsigned person = row / VERSIONS, version = row % VERSIONS;
    char           name[64], birth[16], number[20];
    const uint64_t shared = invent(person, name, birth, number);

    if (version == 2)
        number[12] = number[12] == '1' ? '2' : '1';
    fprintf(file, "r%u,%s,%s,%s,", row, name, version == 3 ? "" : number, birth);
    if (version % 2 == 1)
        fprintf(file, "138%08u", (unsigned)(shared % 100000000));
    fprintf(file, ",%s%llx\n", version == 0 ? "" : "h", version == 0 ? 0ULL : (unsigned long long)shared);
}

/* `step`, prime to the number of rows, puts them in another order. */
static void write_rows(const struct place *place, const char *name, unsigned step)
{
    FILE *file = open_in(place, name, "w");

    fputs(headings, file);
    for (unsigned i = 0; i < ROWS; i++)
        write_row(file, i * step % ROWS);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    setenv("HULEI_SHARE", HULEI_SHARE_DIR, 0);
    snprintf(place->folder, sizeof place->folder, "%s/hulei-link.XXXXXX",
             getenv("TMPDIR") != NULL ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(place->folder));
    FILE *config = open_in(place, "c.yaml", "w");
    fprintf(
        config,
        "version: 1\nid: id\nreport_probability: 0.5\nperson:\n  name: name\n  id_number: id_number\n"
        "  birth_date: birth_date\n  phones: phones\n  household: household\n  model: %s/config/model/identity.yaml\n",
        HULEI_SOURCE_DIR);
    assert_int_equal(fclose(config), 0);
    write_rows(place, "rows.csv", 1);
    write_rows(place, "shuffled.csv", 1237);
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

static bool run(const struct place *place, const char *rows, const char *out, unsigned threads, size_t memory_bytes,
                char error[512])
{
    const char               *paths[] = { path_in(place, rows) };
    const struct link_options options = { .config_path  = path_in(place, "c.yaml"),
                                          .directory    = path_in(place, out),
                                          .memory_bytes = memory_bytes,
                                          .threads      = threads,
                                          .files        = paths,
                                          .file_count   = 1 };
    FILE                     *quiet   = freopen("/dev/null", "w", stdout);

    assert_non_null(quiet);
    const bool is_done = link_run(&options, error, 512);
    fflush(stdout);
    dup2(place->saved_stdout, STDOUT_FILENO);
    return is_done;
}

static void must_run(const struct place *place, const char *rows, const char *out, unsigned threads)
{
    char error[512] = "";

    if (!run(place, rows, out, threads, 0, error))
        fail_msg("%s", error);
}

static void must_equal(const struct place *place, const char *a, const char *b)
{
    char command[PATH_BYTES * 6];

    snprintf(command, sizeof command, "cmp '%s' '%s'", path_in(place, a), path_in(place, b));
    assert_int_equal(system(command), 0);
}

static void test_threads_change_nothing(void **state)
{
    const struct place *place = *state;

    must_run(place, "rows.csv", "one", 1);
    must_run(place, "rows.csv", "two", 2);
    must_run(place, "rows.csv", "eight", 8);
    must_equal(place, "one/pairs.csv", "two/pairs.csv");
    must_equal(place, "one/clusters.csv", "two/clusters.csv");
    must_equal(place, "one/pairs.csv", "eight/pairs.csv");
    must_equal(place, "one/clusters.csv", "eight/clusters.csv");
}

/* Row number to cluster number. */
static void read_clusters(const struct place *place, const char *name, unsigned clusters[ROWS])
{
    FILE    *file  = open_in(place, name, "r");
    unsigned count = 0, cluster, row;
    char     line[LINE_BYTES];

    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%u,%*[^,],r%u", &cluster, &row) != 2)
            continue;
        assert_in_range(row, 0, ROWS - 1);
        clusters[row] = cluster;
        count++;
    }
    fclose(file);
    assert_int_equal(count, ROWS);
}

static void test_order_of_rows_changes_nothing(void **state)
{
    const struct place *place = *state;
    unsigned            there[ROWS], back[ROWS], renamed[ROWS + 1] = { 0 }, joined = 0;

    must_run(place, "rows.csv", "there", 2);
    must_run(place, "shuffled.csv", "back", 2);
    read_clusters(place, "there/clusters.csv", there);
    read_clusters(place, "back/clusters.csv", back);
    for (unsigned i = 0; i < ROWS; i++) {
        joined += renamed[there[i]] != 0;
        if (renamed[there[i]] == 0)
            renamed[there[i]] = back[i];
        assert_int_equal(renamed[there[i]], back[i]);
    }
    /* As many clusters there as here, so neither is coarser. */
    unsigned last_there = 0, last_back = 0;
    for (unsigned i = 0; i < ROWS; i++) {
        last_there = there[i] > last_there ? there[i] : last_there;
        last_back  = back[i] > last_back ? back[i] : last_back;
    }
    assert_int_equal(last_there, last_back);
    assert_true(joined > ROWS / 2);
}

static void test_little_memory_is_told(void **state)
{
    char error[512] = "";

    assert_false(run(*state, "rows.csv", "little", 2, 64 << 10, error));
    assert_non_null(strstr(error, "memory"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_order_of_rows_changes_nothing),
        cmocka_unit_test(test_little_memory_is_told),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
