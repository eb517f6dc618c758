/* The operator's additions to the gazetteer: what they do, and which rows stop the build.
 * The files built here are small: tables of one county, written for the test. */
#include "daemon/common/gazetteer_build.h"
#include "daemon/common/gazetteer_file.h"
#include "matchers/address/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/hulei-gazetteer-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char path[256];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    write_file("divisions_2023_provinces.csv", "code,name\n50,重庆市\n");
    write_file("divisions_2023_cities.csv", "code,name,province\n5001,市辖区,50\n");
    write_file("divisions_2023_areas.csv", "code,name,city,province\n500111,大足区,5001,50\n");
    write_file("divisions_2023_streets.csv.gz", "code,name\n500111004,双路街道\n");
    write_file("divisions_2023_villages.csv.gz", "code,name\n500111004001,双北路社区居民委员会\n");
    write_file("address_code_timeline.csv", "code,name,start,end,source\n");
    write_file("division_renames.csv", "date,by,op,oc,oa,np,nc,na\n");
    write_file("division_aliases.csv", "name,within,code\n双桥区,50,500111\n");
    return 0;
}

static int tear_down(void **state)
{
    char command[300];

    (void)state;
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command);
}

/* Builds with these additions; false leaves the reason in `error`. */
static bool build(const char *additions, char *error, size_t size)
{
    char file[256], output[256];

    write_file("additions.csv", additions);
    snprintf(file, sizeof file, "%s/additions.csv", folder);
    snprintf(output, sizeof output, "%s/gazetteer.bin", folder);
    return gazetteer_build(folder, file, output, error, size);
}

static uint64_t code_of(const char *text)
{
    static char    memory[1 << 16];
    struct arena   arena;
    struct address address;
    char           path[256], error[256];

    snprintf(path, sizeof path, "%s/gazetteer.bin", folder);
    struct gazetteer_file *file = gazetteer_file_open(path, error, sizeof error);
    assert_non_null(file);
    arena_init(&arena, memory, sizeof memory);
    (void)address_parse(gazetteer_file_tables(file), span_from_text(text), 0, &arena, &address);
    gazetteer_file_close(file);
    return address.code;
}

static void test_additions_are_found(void **state)
{
    static const struct {
        const char *what, *text;
        uint64_t    code;
    } rows[] = {
        {"the tables alone",             "大足区双路街道双北路社区",  500111004001u},
        { "an old name of the tables",   "双桥区双路街道",                 500111004000u},
        { "a community of the operator", "大足区双路街道新桥社区3组", 500111004099u},
        { "its usual short form",        "大足区双路街道新桥3组",       500111004099u},
        { "an alias of a town",          "大足区车城街道",                 500111004000u},
        { "an estate",                   "大足区龙景花园5幢2单元3-1",   500111004001u},
        { "a hamlet",                    "大足区双路街道张家湾12号",   500111004099u},
        { "an estate nobody listed",     "大足区翠屏小区5幢",             500111000000u},
        { "an estate without a county",  "龙景花园5幢",                      0            },
    };
    char error[256];

    (void)state;
    assert_true(build("kind,name,code\n# by the operator\n\ncommunity,新桥社区居民委员会,500111004099\n"
                      "alias,车城街道,500111004\nestate,龙景花园,500111004001\nhamlet,张家湾,500111004099\n",
                      error, sizeof error));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (code_of(rows[i].text) != rows[i].code)
            fail_msg("%s: %llu", rows[i].what, (unsigned long long)code_of(rows[i].text));
    }
}

static void test_bad_rows_stop_the_build(void **state)
{
    static const struct {
        const char *what, *rows, *error;
    } rows[] = {
        {"a kind nobody knows",             "kind,name,code\nroad,人民路,500111\n",                         "line 2: kind"             },
        { "a name of one character",        "kind,name,code\nalias,足,500111\n",                              "line 2: name"             },
        { "no code",                        "kind,name,code\nalias,足城区,\n",                              "line 2: code"             },
        { "a code of letters",              "kind,name,code\nalias,足城区,5001x\n",                         "line 2: code"             },
        { "an alias of nothing",            "kind,name,code\nalias,足城区,500199\n",                        "line 2: code: no division"},
        { "an estate in a town",            "kind,name,code\nestate,龙景花园,500111004\n",                 "line 2: code: 12 digits"  },
        { "a community in no town",         "kind,name,code\ncommunity,新桥社区,500111077001\n",           "line 2: code: no town"    },
        { "a community's code taken twice", "kind,name,code\n\n# note\ncommunity,新桥社区,500111004001\n",
         "line 4: code: another"                                                                                                          },
    };
    char error[512];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (build(rows[i].rows, error, sizeof error) || strstr(error, rows[i].error) == NULL)
            fail_msg("%s: %s", rows[i].what, error);
    }
}

static void test_damaged_file_is_refused(void **state)
{
    char path[256], error[256];

    (void)state;
    assert_true(build("kind,name,code\n", error, sizeof error));
    snprintf(path, sizeof path, "%s/gazetteer.bin", folder);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    assert_int_equal(fseek(file, -9, SEEK_END), 0);
    fputc('X', file);
    assert_int_equal(fclose(file), 0);
    assert_null(gazetteer_file_open(path, error, sizeof error));
    assert_non_null(strstr(error, "damaged"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_additions_are_found),
        cmocka_unit_test(test_bad_rows_stop_the_build),
        cmocka_unit_test(test_damaged_file_is_refused),
    };

    return cmocka_run_group_tests_name("gazetteer build", tests, set_up, tear_down);
}
