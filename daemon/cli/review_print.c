/* Tables for the reviewer's terminal; see review_print.h.
 * Prints what the console sent and computes nothing. */
#include "daemon/cli/review_print.h"

#include <stdio.h>

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

    printf("%-24s %-10s %-7s %-5s %-24s %7s  %s\n", "TASK", "KIND", "TIER", "RULE", "PAIR", "VERSION", "DUE");
    for (size_t i = 0; i < json_array_size(tasks); i++) {
        const json_t *task = json_array_get(tasks, i);
        printf("%-24s %-10s %-7s %-5s %-24s %7d  %s%s\n", text_of(task, "task"), text_of(task, "kind"),
               colour_of(number_of(task, "tier")), text_of(task, "rule"), text_of(task, "pair"),
               number_of(task, "version"), text_of(task, "due"),
               json_is_true(json_object_get(task, "overdue")) ? "  OVERDUE" : "");
    }
    printf("%zu open\n", json_array_size(tasks));
}

static void print_record(const json_t *record)
{
    const json_t *addresses = json_object_get(record, "addresses");

    printf("  %s, %s (%s), as of %s%s\n", text_of(record, "department"), text_of(record, "type"),
           text_of(record, "role"), text_of(record, "as_of"),
           json_is_true(json_object_get(record, "unreadable")) ? ": cannot be opened, tell the operator" : "");
    printf("    name %s   born %s   sex %s\n", text_of(record, "name"), text_of(record, "birth_year"),
           text_of(record, "sex"));
    for (size_t i = 0; i < json_array_size(addresses); i++) {
        const json_t *address = json_array_get(addresses, i);
        printf("    %-10s %s   %s\n", text_of(address, "kind"), text_of(address, "address"), text_of(address, "as_of"));
    }
}

static void print_person(const char *title, const json_t *person)
{
    const json_t *records = json_object_get(person, "records");

    printf("\n%s   identity: %s\n", title, text_of(person, "grade"));
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

void review_print_sheet(const json_t *answer)
{
    printf("%-10s%s (%s)   due %s\n", "task", text_of(answer, "task"), text_of(answer, "task_state"),
           text_of(answer, "due"));
    printf("%-10s%s   version %d   %s\n", "pair", text_of(answer, "pair"), number_of(answer, "version"),
           text_of(answer, "state"));
    printf("%-10s%s   rule %s   policy %s\n", "tier", colour_of(number_of(answer, "tier")), text_of(answer, "rule"),
           text_of(answer, "policy"));
    print_json("reasons", json_object_get(answer, "reasons"));
    print_json("evidence", json_object_get(answer, "evidence"));
    print_person("CHILD", json_object_get(answer, "child"));
    print_person("PERSON OF CONCERN", json_object_get(answer, "risk"));
}

void review_print_decision(const json_t *answer)
{
    printf("%s: pair %s is now %s (version %d)\n", text_of(answer, "task"), text_of(answer, "pair"),
           text_of(answer, "state"), number_of(answer, "version"));
}
