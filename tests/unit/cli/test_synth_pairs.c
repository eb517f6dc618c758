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
    bool          is_girl, is_vulnerable, is_a, is_b, is_abuse, is_over, is_fresh, is_of_schools;
    bool          is_carer[PERSONS / 10];
    const json_t *school; /* a girl's */
    int32_t       as_of_day;
    char          address[300];
    const json_t *place;
};

static json_t            *places;  /* address → data of the place */
static json_t            *schools; /* school_id → data of the school */
static json_t            *owners;  /* "type|subject|slot" → person */
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
        char     type[24], subject[20], key[80];
        int      slot = 0;
        if (sscanf(line, "p%7u,%*[^,],%23[^,],%19[^,],%d", &person, type, subject, &slot) != 4)
            continue;
        snprintf(key, sizeof key, "%s|%s|%d", type, subject, slot);
        json_object_set_new(owners, key, json_integer((json_int_t)person));
    }
    fclose(file);
}

/* -1: a person outside the truth. */
static int owner(const char *type, const char *subject, int slot)
{
    char key[80];

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

static bool is_type(const json_t *event, const char *type)
{
    char wanted[64];

    snprintf(wanted, sizeof wanted, "hulei.%s.v1", type);
    return strcmp(text(event, "type"), wanted) == 0;
}

static int32_t day_of(const json_t *data, const char *name)
{
    int32_t day = TODAY;

    calendar_parse(text(data, name), &day);
    return day;
}

/* Her number among the girls, a new one when she is new. */
static size_t girl_at(int child)
{
    size_t at = 0;

    while (at < girl_count && girls[at] != child)
        at++;
    if (at == girl_count)
        girls[girl_count++] = child;
    return at;
}

/* Teams and papers: whoever is named cares for her, unless that is over. */
static void take_care(json_t *event, const char *type)
{
    const json_t *data      = json_object_get(event, "data");
    const json_t *team      = json_object_get(data, "volunteers");
    const json_t *entrusted = json_object_get(data, "entrusted");
    const char   *subject   = text(event, "subject");
    const int     child     = owner(type, subject, 0);
    const size_t  at        = girl_at(child);

    take_person(child, json_object_get(data, "person"));
    for (size_t i = 0; i < json_array_size(team); i++) {
        const int volunteer = owner(type, subject, (int)i + 2);
        take_person(volunteer, json_object_get(json_array_get(team, i), "person"));
        persons[volunteer].is_carer[at] |= day_of(data, "to") >= TODAY;
    }
    if (entrusted != NULL) {
        take_person(owner(type, subject, 1), json_object_get(entrusted, "person"));
        persons[owner(type, subject, 1)].is_carer[at] = true;
    }
}

/* Older states that came late would state older days only; they are left to take_person(). */
static void take_child(json_t *event)
{
    const json_t *data    = json_object_get(event, "data");
    const json_t *list    = json_object_get(data, "guardians");
    const json_t *reasons = json_object_get(data, "circumstances");
    const char   *subject = text(event, "subject");
    const int     child   = owner("child", subject, 0);

    if (is_type(event, "care_assignment") || is_type(event, "guardian_document")) {
        take_care(event, is_type(event, "care_assignment") ? "care_assignment" : "guardian_document");
        return;
    }
    assert_in_range(child, 0, PERSONS - 1);
    take_person(child, json_object_get(data, "person"));
    for (size_t i = 0; i < json_array_size(list); i++)
        take_person(owner("child", subject, (int)i + 1), json_object_get(json_array_get(list, i), "person"));
    if (json_array_size(reasons) == 0 || strcmp(text(json_object_get(data, "person"), "sex"), "female") != 0)
        return;

    struct seen_person *girl = &persons[child];
    const size_t        at   = girl_at(child);
    girl->is_girl            = true;
    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const char *word = json_string_value(json_array_get(reasons, i));
        if (strcmp(word, "left_behind") != 0 && strcmp(word, "single_parent") != 0)
            girl->is_vulnerable = true;
    }
    for (size_t i = 0; i < json_array_size(list); i++)
        persons[owner("child", subject, (int)i + 1)].is_carer[at] = true;
}

static void take_school(json_t *event)
{
    const json_t *data    = json_object_get(event, "data");
    const json_t *mentor  = json_object_get(data, "mentor");
    const char   *subject = text(event, "subject");

    if (is_type(event, "school"))
        json_object_set(schools, text(data, "school_id"), json_object_get(event, "data"));
    if (is_type(event, "staff"))
        take_person(owner("staff", subject, 0), json_object_get(data, "person"));
    if (!is_type(event, "enrolment"))
        return;
    const int child = owner("enrolment", subject, 0);
    take_person(child, json_object_get(data, "person"));
    take_person(owner("enrolment", subject, 1), json_object_get(json_object_get(data, "teacher"), "person"));
    take_person(owner("enrolment", subject, 2), json_object_get(mentor, "person"));
    persons[child].school = json_object_get(schools, text(data, "school_id"));
    if (mentor != NULL)
        persons[owner("enrolment", subject, 2)].is_carer[girl_at(child)] = true;
}

static void take_case(struct seen_person *person, const json_t *data)
{
    const char   *category = text(data, "category");
    const int32_t released = day_of(data, "released_on");

    if (strcmp(category, "abuse_minor") == 0)
        person->is_abuse = true;
    else if (json_is_true(json_object_get(data, "victim_minor")))
        person->is_a = true;
    else
        person->is_b = true;
    if (json_is_true(json_object_get(data, "victim_pupil")))
        person->is_of_schools = true;
    person->is_fresh |= json_object_get(data, "released_on") != NULL && TODAY - released <= 30;
    person->is_over |= TODAY - released > 1828;
}

static void take_risk(json_t *event)
{
    static const char *const types[] = { "risk", "order", "risk_status", "staff" };
    const json_t            *data    = json_object_get(event, "data");
    int                      index   = -1;

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (is_type(event, types[i]))
            index = owner(types[i], text(event, "subject"), 0);
    }
    if (index < 0)
        return;
    struct seen_person *person = &persons[index];
    take_person(index, json_object_get(data, "person"));
    if (is_type(event, "risk"))
        take_case(person, data);
    if (is_type(event, "order") && day_of(data, "to") >= TODAY)
        person->is_of_schools |=
            strcmp(json_string_value(json_array_get(json_object_get(data, "scope"), 0)), "schools") == 0;
    if (is_type(event, "risk_status") && strcmp(text(data, "event"), "move") == 0)
        person->is_fresh |= TODAY - day_of(data, "on") <= 30;
    else if (is_type(event, "risk_status"))
        person->is_over = true;
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
    return TODAY - girl->as_of_day > 360 || TODAY - other->as_of_day > (other->is_a ? 60 : 180) ? tier + 1 : tier;
}

/* Of the school's gates, or of the school where none are written down. */
static bool is_at_gate(const json_t *school, const json_t *place)
{
    const json_t *gates = json_object_get(school, "gates");

    for (size_t i = 0; i < json_array_size(gates); i++) {
        if (metres(json_array_get(gates, i), place) <= 200)
            return true;
    }
    return school != NULL && gates == NULL && metres(school, place) <= 200;
}

static int stronger(int best, bool applies, int tier)
{
    return applies && tier < best ? tier : best;
}

static int tier_of(size_t at, const struct seen_person *other)
{
    const struct seen_person *girl     = &persons[girls[at]];
    const int                 village  = atoi(text(girl->place, "area_code") + 9);
    const bool                is_rural = village >= 200 && village <= 399;
    const double              distance = metres(girl->place, other->place);
    int                       best     = 9;

    const bool is_home = strcmp(girl->address, other->address) == 0;
    const bool is_near = distance <= (is_rural ? 1000 : 500) || (is_rural && same_group(girl, other));
    const int  lifted  = girl->is_vulnerable ? 2 : 3;
    const int  his     = TODAY - other->as_of_day > 60 ? 3 : 2;

    if (other->is_carer[at] && (other->is_a || other->is_abuse))
        return 1;
    best = stronger(best, other->is_b && other->is_carer[at], 2);
    best = stronger(best, other->is_b && is_home, lowered(2, girl, other));
    best = stronger(best, other->is_b && distance <= 200, lowered(lifted, girl, other));
    best = stronger(best, other->is_a && is_home, lowered(1, girl, other));
    best = stronger(best, other->is_a && distance <= 200, lowered(2, girl, other));
    best = stronger(best, other->is_a && other->is_fresh && distance <= 500, lowered(2, girl, other));
    best = stronger(best, other->is_a && other->is_of_schools && is_at_gate(girl->school, other->place), his);
    best = stronger(best, other->is_a && is_near, lowered(lifted, girl, other));
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
    read_lines("education.schools", take_school);
    read_lines("judicial.corrections", take_risk);
    read_lines("police.persons", take_risk);
    for (size_t i = 0; i < PERSONS; i++)
        persons[i].place = persons[i].address[0] != '\0' ? place_of(persons[i].address) : NULL;
    for (size_t at = 0; at < girl_count; at++) {
        for (int risk = 0; risk < PERSONS; risk++) {
            if ((!persons[risk].is_a && !persons[risk].is_b && !persons[risk].is_abuse) || persons[risk].is_over)
                continue;
            const int tier = persons[girls[at]].is_girl ? tier_of(at, &persons[risk]) : 0;
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
    places  = json_object();
    schools = json_object();
    owners  = json_object();
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
        "truth_counted.csv",
        "truth_twins.csv",
        "errors_by_record.csv",
    };
    char path[256];

    (void)state;
    json_decref(places);
    json_decref(schools);
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
