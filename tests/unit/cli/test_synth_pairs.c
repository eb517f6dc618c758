/* Counts the pairs again from what the feeds say, and compares with truth_pairs.csv.
 * Reads the NDJSON like a stranger: places by their addresses, persons by the cluster file; nothing of truth.c. */
#include "daemon/cli/synth/calendar.h"
#include "daemon/cli/synth/synth.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

enum { TODAY = 20782 /* 2026-11-25 */, PERSONS = 4000 };

static char directory[] = "/tmp/hulei-pairs-XXXXXX";

struct seen_person {
    bool          is_girl, is_vulnerable, is_a, is_abuse, is_carer[PERSONS / 10];
    int32_t       as_of_day;
    char          address[300];
    const json_t *place;
};

static json_t            *places; /* address → data of the place */
static json_t            *owners; /* "type|subject|slot" → person */
static struct seen_person persons[PERSONS];
static int32_t            girls[PERSONS / 10];
static size_t             girl_count;

static void read_lines(const char *name, void (*take)(json_t *event))
{
    char  path[256];
    char  line[16384];
    FILE *file = NULL;

    snprintf(path, sizeof path, "%s/hulei.feed.%s.ndjson", directory, name);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        json_t *event = json_loads(line, 0, NULL);
        assert_non_null(event);
        take(event);
        json_decref(event);
    }
    fclose(file);
}

static const char *text(const json_t *object, const char *name)
{
    const char *found = json_string_value(json_object_get(object, name));

    return found != NULL ? found : "";
}

static void take_place(json_t *event)
{
    json_t *data = json_object_get(event, "data");

    json_object_set(places, text(data, "address"), data);
}

static void read_owners(void)
{
    char  path[256], line[512];
    FILE *file = NULL;

    snprintf(path, sizeof path, "%s/truth_clusters.csv", directory);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        unsigned person = 0;
        char     type[16], subject[20], key[64];
        int      slot = 0;
        if (sscanf(line, "p%7u,%*[^,],%15[^,],%19[^,],%d", &person, type, subject, &slot) != 4)
            continue;
        snprintf(key, sizeof key, "%s|%s|%d", type, subject, slot);
        json_object_set_new(owners, key, json_integer((json_int_t)person));
    }
    fclose(file);
}

/* -1: a person outside the truth. */
static int owner(const char *type, const char *subject, int slot)
{
    char key[64];

    snprintf(key, sizeof key, "%s|%s|%d", type, subject, slot);
    const json_t *found = json_object_get(owners, key);
    return found == NULL ? -1 : (int)json_integer_value(found);
}

static void take_person(int index, const json_t *person)
{
    const json_t *residence = json_object_get(person, "residence");
    int32_t       day       = 0;

    if (index < 0 || residence == NULL || !calendar_parse(text(residence, "as_of"), &day) ||
        (persons[index].address[0] != '\0' && day <= persons[index].as_of_day))
        return;
    persons[index].as_of_day = day;
    snprintf(persons[index].address, sizeof persons[index].address, "%s", text(residence, "address"));
}

/* Older states that came late would state older days only; they are left to take_person(). */
static void take_child(json_t *event)
{
    const json_t *data    = json_object_get(event, "data");
    const json_t *list    = json_object_get(data, "guardians");
    const json_t *reasons = json_object_get(data, "circumstances");
    const char   *subject = text(event, "subject");
    const int     child   = owner("child", subject, 0);

    assert_in_range(child, 0, PERSONS - 1);
    take_person(child, json_object_get(data, "person"));
    for (size_t i = 0; i < json_array_size(list); i++)
        take_person(owner("child", subject, (int)i + 1), json_object_get(json_array_get(list, i), "person"));
    if (json_array_size(reasons) == 0 || strcmp(text(json_object_get(data, "person"), "sex"), "female") != 0)
        return;

    struct seen_person *girl = &persons[child];
    if (!girl->is_girl)
        girls[girl_count++] = child;
    girl->is_girl = true;
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const char *word = json_string_value(json_array_get(reasons, i));
        if (strcmp(word, "left_behind") != 0 && strcmp(word, "single_parent") != 0)
            girl->is_vulnerable = true;
    }
    size_t at = 0;
    while (girls[at] != child)
        at++;
    for (size_t i = 0; i < json_array_size(list); i++)
        persons[owner("child", subject, (int)i + 1)].is_carer[at] = true;
}

static void take_enrolment(json_t *event)
{
    const json_t *data    = json_object_get(event, "data");
    const char   *subject = text(event, "subject");

    take_person(owner("enrolment", subject, 0), json_object_get(data, "person"));
    take_person(owner("enrolment", subject, 1), json_object_get(json_object_get(data, "teacher"), "person"));
}

static void take_risk(json_t *event)
{
    const json_t *data     = json_object_get(event, "data");
    const int     index    = owner("risk", text(event, "subject"), 0);
    const char   *category = text(data, "category");

    if (index < 0 || strcmp(text(event, "type"), "hulei.risk.v1") != 0)
        return;
    take_person(index, json_object_get(data, "person"));
    if ((strcmp(category, "sexoff_minor") == 0 || strcmp(category, "corr_sexoff") == 0) &&
        json_is_true(json_object_get(data, "victim_minor")))
        persons[index].is_a = true;
    if (strcmp(category, "abuse_minor") == 0)
        persons[index].is_abuse = true;
}

/* The place whose address is the longest beginning of the written one. */
static const json_t *place_of(const char *address)
{
    const json_t *found = NULL;
    char          part[300];

    snprintf(part, sizeof part, "%s", address);
    for (size_t length = strlen(part); length > 0 && found == NULL; length--) {
        part[length] = '\0';
        found        = json_object_get(places, part);
    }
    return found;
}

static double number(const json_t *place, const char *name)
{
    return json_real_value(json_object_get(json_object_get(place, "location"), name));
}

static double metres(const json_t *a, const json_t *b)
{
    const double north = (number(b, "lat") - number(a, "lat")) * 111195.08;
    const double east =
        (number(b, "lon") - number(a, "lon")) * 111195.08 * cos(number(a, "lat") * 0.017453292519943295);

    return sqrt(north * north + east * east);
}

/* Addresses are written in full here, so a flat's group is its absence. */
static bool same_group(const struct seen_person *girl, const struct seen_person *other)
{
    const char *end = strstr(girl->address, "组");

    return end != NULL && strncmp(girl->address, other->address, (size_t)(end - girl->address) + strlen("组")) == 0;
}

static int lowered(int tier, const struct seen_person *girl, const struct seen_person *other)
{
    return TODAY - girl->as_of_day > 360 || TODAY - other->as_of_day > 60 ? tier + 1 : tier;
}

static int tier_of(size_t at, const struct seen_person *other)
{
    const struct seen_person *girl     = &persons[girls[at]];
    const int                 village  = atoi(text(girl->place, "area_code") + 9);
    const bool                is_rural = village >= 200 && village <= 399;
    const double              distance = metres(girl->place, other->place);
    int                       best     = 9;

    if (other->is_carer[at] && (other->is_a || other->is_abuse))
        return 1;
    if (!other->is_a)
        return 0;
    if (strcmp(girl->address, other->address) == 0)
        best = lowered(1, girl, other);
    if (distance <= 200 && lowered(2, girl, other) < best)
        best = lowered(2, girl, other);
    if (distance <= (is_rural ? 1000 : 500) || (is_rural && same_group(girl, other))) {
        const int near = lowered(girl->is_vulnerable ? 2 : 3, girl, other);
        best           = near < best ? near : best;
    }
    return best == 9 ? 0 : best;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* child,risk,tier of every pair, sorted. */
static size_t listed_pairs(char *lines[], size_t limit)
{
    char   path[256], line[256];
    size_t count = 0;
    FILE  *file  = NULL;

    snprintf(path, sizeof path, "%s/truth_pairs.csv", directory);
    file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (line[0] != 'p')
            continue;
        line[19] = '\0'; /* p0000000,p0000000,1 */
        assert_true(count < limit);
        lines[count++] = strdup(line);
    }
    fclose(file);
    return count;
}

static void feeds_tell_the_same_pairs(void **state)
{
    static char *listed[4096], *counted[4096];
    size_t       count = 0;

    (void)state;
    read_owners();
    read_lines("police.addresses", take_place);
    read_lines("civil-affairs.children", take_child);
    read_lines("education.schools", take_enrolment);
    read_lines("judicial.corrections", take_risk);
    read_lines("police.persons", take_risk);
    for (size_t i = 0; i < PERSONS; i++)
        persons[i].place = persons[i].address[0] != '\0' ? place_of(persons[i].address) : NULL;
    for (size_t at = 0; at < girl_count; at++) {
        for (int risk = 0; risk < PERSONS; risk++) {
            if (!persons[risk].is_a && !persons[risk].is_abuse)
                continue;
            const int tier = tier_of(at, &persons[risk]);
            char      line[64];
            snprintf(line, sizeof line, "p%07d,p%07d,%d", girls[at], risk, tier);
            if (tier != 0)
                counted[count++] = strdup(line);
        }
    }
    const size_t truth = listed_pairs(listed, 4096);
    qsort(listed, truth, sizeof listed[0], compare);
    if (count > 0)
        qsort(counted, count, sizeof counted[0], compare);
    assert_true(truth > 5);
    assert_int_equal(count, truth);
    for (size_t i = 0; i < truth; i++) {
        assert_string_equal(counted[i], listed[i]);
        free(counted[i]);
        free(listed[i]);
    }
}

static int set_up(void **state)
{
    struct synth_options options = {
        .persons = PERSONS, .seed = 5, .error_factor = 0, .today = TODAY, .directory = directory
    };
    struct synth_figures figures;
    char                 fault[256];

    (void)state;
    setenv("HULEI_SHARE", HULEI_SHARE_DIR, 0);
    places = json_object();
    owners = json_object();
    return mkdtemp(directory) == NULL || !synth_run(&options, &figures, fault, sizeof fault);
}

static int tear_down(void **state)
{
    static const char *const names[] = {
        "hulei.feed.civil-affairs.children.ndjson",
        "hulei.feed.education.schools.ndjson",
        "hulei.feed.judicial.corrections.ndjson",
        "hulei.feed.police.persons.ndjson",
        "hulei.feed.police.addresses.ndjson",
        "truth_clusters.csv",
        "truth_pairs.csv",
        "truth_pairs_hidden.csv",
        "errors_by_record.csv",
    };
    char path[256];

    (void)state;
    json_decref(places);
    json_decref(owners);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, names[i]);
        unlink(path);
    }
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(feeds_tell_the_same_pairs),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
