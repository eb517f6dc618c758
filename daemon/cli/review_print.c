/* Tables for the reviewer's terminal; see review_print.h.
 * Prints what the console sent and computes nothing. */
#include "daemon/cli/review_print.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL && text[0] != '\0' ? text : "-";
}

static int number_of(const json_t *object, const char *key)
{
    return (int)json_integer_value(json_object_get(object, key));
}

static const char *colour_of(int tier)
{
    static const char *const colours[] = { "-", "red", "orange", "yellow", "blue" };

    return tier >= 1 && tier <= 4 ? colours[tier] : colours[0];
}

void review_print_tasks(const json_t *answer)
{
    const json_t *tasks = json_object_get(answer, "tasks");

    printf("%-19s %-9s %-7s %-4s %-19s %7s  %-16s %12s  %s\n", "TASK", "KIND", "TIER", "RULE", "PAIR", "VERSION", "DUE",
           "LEFT", "IDENTITY FIRST, NOTE");
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const json_t *task = json_array_get(tasks, i);
        printf("%-19s %-9s %-7s %-4s %-19s %7d  %-16s %12s  %s", text_of(task, "task"), text_of(task, "kind"),
               colour_of(number_of(task, "tier")), text_of(task, "rule"), text_of(task, "pair"),
               number_of(task, "version"), text_of(task, "due"), text_of(task, "clock"), text_of(task, "identity"));
        if (json_is_true(json_object_get(task, "overdue")))
            printf("  OVERDUE");
        if (json_object_get(task, "note") != NULL)
            printf("  %s", text_of(task, "note"));
        if (strcmp(text_of(task, "state"), "needs_info") == 0)
            printf("  waits for the owner");
        putchar('\n');
    }
    printf("%zu open\n", json_array_size(tasks));
}

static json_int_t ref_of(const json_t *object)
{
    return json_integer_value(json_object_get(object, "ref"));
}

/* What disagrees comes first. */
static void print_levels(const json_t *record)
{
    const json_t *conflict = json_object_get(record, "conflict"), *closest = json_object_get(record, "closest");

    printf("    citizen number %s", text_of(record, "number"));
    if (conflict != NULL)
        printf("   AGAINST #%lld: %s", (long long)ref_of(conflict), text_of(conflict, "veto"));
    if (closest != NULL)
        printf("   closest #%lld: number %s, birth %s, name %s%s%s", (long long)ref_of(closest),
               text_of(closest, "number"), text_of(closest, "birth"), text_of(closest, "name"),
               json_is_true(json_object_get(closest, "phone")) ? ", same phone" : "",
               json_is_true(json_object_get(closest, "household")) ? ", same household" : "");
    putchar('\n');
}

static void print_record(const json_t *record)
{
    const json_t *addresses = json_object_get(record, "addresses");

    printf("  #%lld %s, %s (%s), as of %s%s\n", (long long)ref_of(record), text_of(record, "department"),
           text_of(record, "type"), text_of(record, "role"), text_of(record, "as_of"),
           json_is_true(json_object_get(record, "unreadable")) ? ": cannot be opened, tell the operator" : "");
    printf("    name %s   born %s   sex %s\n", text_of(record, "name"), text_of(record, "birth_year"),
           text_of(record, "sex"));
    for (size_t i = 0; i < json_array_size(addresses); i++) {
        const json_t *address = json_array_get(addresses, i);
        printf("    %-10s %s   %s\n", text_of(address, "kind"), text_of(address, "address"), text_of(address, "as_of"));
    }
    print_levels(record);
}

static void print_person(const char *title, const json_t *person)
{
    const json_t *records = json_object_get(person, "records");

    if (person == NULL)
        return;
    printf("\n%s   identity: %s   set %s\n", title, text_of(person, "grade"), text_of(person, "seen"));
    for (size_t i = 0; i < json_array_size(records); i++)
        print_record(json_array_get(records, i));
}

static void print_json(const char *title, const json_t *value)
{
    printf("%-10s", title);
    if (value != NULL)
        json_dumpf(value, stdout, JSON_ENCODE_ANY | JSON_SORT_KEYS);
    putchar('\n');
}

static const char *side_words(const char *question)
{
    if (strcmp(question, "child") == 0)
        return "the child";
    return strcmp(question, "risk") == 0 ? "the person of concern" : "each of the two";
}

/* The identity question comes before the decision (MATCHING.md 5a). */
static void print_question(const json_t *answer)
{
    const char *question = text_of(answer, "identity");
    const bool  is_both  = strchr(question, '+') != NULL;

    if (question[0] == '-')
        return;
    if (json_object_get(answer, "pair") == NULL)
        puts("QUESTION  are these two one person?");
    else
        printf("FIRST     do the records of %s mean one person?\n", side_words(question));
    printf("          hulei review identity %s same|different|unsure --reason CODE%s\n", text_of(answer, "task"),
           is_both ? " --side child|risk" : "");
}

static void print_pair(const json_t *answer)
{
    printf("%-10s%s   version %d   %s\n", "pair", text_of(answer, "pair"), number_of(answer, "version"),
           text_of(answer, "state"));
    printf("%-10s%s   rule %s   policy %s\n", "tier", colour_of(number_of(answer, "tier")), text_of(answer, "rule"),
           text_of(answer, "policy"));
    print_json("reasons", json_object_get(answer, "reasons"));
    print_json("evidence", json_object_get(answer, "evidence"));
}

void review_print_sheet(const json_t *answer)
{
    printf("%-10s%s (%s)   due %s\n", "task", text_of(answer, "task"), text_of(answer, "task_state"),
           text_of(answer, "due"));
    print_question(answer);
    if (json_object_get(answer, "pair") != NULL)
        print_pair(answer);
    print_person("CHILD", json_object_get(answer, "child"));
    print_person("PERSON OF CONCERN", json_object_get(answer, "risk"));
    print_person("FIRST PERSON", json_object_get(answer, "first"));
    print_person("SECOND PERSON", json_object_get(answer, "second"));
}

void review_print_identity(const json_t *answer)
{
    printf("%s: %s (%s, %d records); the engine applies it now\n", text_of(answer, "task"), text_of(answer, "verdict"),
           text_of(answer, "side"), number_of(answer, "records"));
}

void review_print_decision(const json_t *answer)
{
    printf("%s: pair %s is now %s (version %d)\n", text_of(answer, "task"), text_of(answer, "pair"),
           text_of(answer, "state"), number_of(answer, "version"));
}

void review_print_counted(const json_t *answer)
{
    size_t        i;
    const json_t *item;

    json_array_foreach(json_object_get(answer, "items"), i, item)
    {
        const char *area = json_string_value(json_object_get(item, "area"));
        if (json_is_true(json_object_get(item, "few")))
            printf("%s  few\n", area);
        else
            printf("%s  %lld\n", area, (long long)json_integer_value(json_object_get(item, "pairs")));
    }
}
