/* `hulei citizen-id check`: reads numbers, one a line, and says of each what it is and what is wrong with it.
 * Deliberately repairs nothing, and prints numbers only because they are what it was given. */
#include "daemon/cli/commands.h"
#include "daemon/common/area_codes.h"
#include "matchers/identity/birth.h"
#include "matchers/identity/citizen_id.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ODDLY_OLD = 1900, OLD_FOREIGN_LETTERS = 3 };

static const char usage[] =
    "usage: hulei citizen-id check < NUMBERS\n"
    "\n"
    "Reads citizen numbers, residence permits and foreign permanent-resident cards, one a line, and writes a JSON "
    "line\n"
    "for each: valid, class (resident, hmt_permit, foreign, other), normalised, birth_date, sex (GB/T 2261.1: 1 male,\n"
    "2 female), area_code, area_name, notes, error. Check character, calendar and province decide; the area code is\n"
    "only explained, but for 15 digits, which have no check character.\n";

static int32_t today(void)
{
    const time_t now = time(NULL) + 8 * 3600; /* the day in China */

    return (int32_t)(now / 86400);
}

static void add_note(json_t *notes, bool applies, const char *word)
{
    if (applies)
        json_array_append_new(notes, json_string(word));
}

/* Three letters and twelve digits: the card before December 2023, whose check nobody has published. */
static bool is_old_foreign(const char *normal, size_t length)
{
    if (length != CITIZEN_ID_OLD_LENGTH)
        return false;
    for (size_t i = 0; i < length; i++) {
        const bool is_letter = normal[i] >= 'A' && normal[i] <= 'Z';
        const bool is_digit  = normal[i] >= '0' && normal[i] <= '9';

        if (i < OLD_FOREIGN_LETTERS ? !is_letter : !is_digit)
            return false;
    }
    return true;
}

static void describe_area(json_t *answer, json_t *notes, const struct area_codes *codes, const struct citizen_id *id)
{
    const struct area_name area = area_codes_find(codes, id->area_code, id->year);
    char                   code[16], name[160];

    snprintf(code, sizeof code, "%06d", id->area_code);
    snprintf(name, sizeof name, "%s%s", area.province, strcmp(area.province, area.name) == 0 ? "" : area.name);
    json_object_set_new(answer, "area_code", json_string(code));
    json_object_set_new(answer, "area_name", name[0] != '\0' ? json_string(name) : json_null());
    if (id->class == CITIZEN_ID_FOREIGN)
        return;
    add_note(notes, !area.is_known && id->class == CITIZEN_ID_RESIDENT, "area_unknown");
    add_note(notes, area.is_known && !area.is_in_force, "area_abolished");
    add_note(notes, area.is_known && !area.was_in_force, "area_not_in_force_at_birth");
    add_note(notes, area.was_renamed, "area_renamed");
}

static void describe(json_t *answer, json_t *notes, const struct area_codes *codes, const struct citizen_id *id)
{
    char date[40];

    snprintf(date, sizeof date, "%04d-%02d-%02d", id->year, id->month, id->day);
    json_object_set_new(answer, "class", json_string(citizen_id_class_word(id->class)));
    json_object_set_new(answer, "normalised", json_stringn(id->digits, CITIZEN_ID_LENGTH));
    json_object_set_new(answer, "birth_date", json_string(date));
    json_object_set_new(answer, "sex", json_integer(id->sex));
    add_note(notes, id->was_15, "from_15_digits");
    add_note(notes, id->year < ODDLY_OLD, "birth_year_implausible");
    describe_area(answer, notes, codes, id);
}

static json_t *empty_answer(const char *normal)
{
    return json_pack("{s:b, s:s, s:s, s:n, s:n, s:n, s:n}", "valid", 0, "class", "other", "normalised", normal,
                     "birth_date", "sex", "area_code", "area_name");
}

/* 15 digits have no check character: an area that never was speaks for a made-up number. */
static bool is_area_impossible(const struct area_codes *codes, const struct citizen_id *id)
{
    return id->was_15 && !area_codes_find(codes, id->area_code, id->year).is_known;
}

static json_t *check_line(const struct area_codes *codes, struct span line)
{
    char                   normal[CITIZEN_ID_TEXT];
    const size_t           length = citizen_id_normalise(line, normal);
    json_t                *answer = empty_answer(normal);
    json_t                *notes  = json_array();
    struct citizen_id      id;
    enum citizen_id_status status = citizen_id_parse(line, today(), &id);

    if (is_old_foreign(normal, length)) {
        json_object_set_new(answer, "class", json_string("foreign"));
        add_note(notes, true, "check_not_verified");
        status = CITIZEN_ID_OK;
    } else if (status == CITIZEN_ID_OK && is_area_impossible(codes, &id)) {
        status = CITIZEN_ID_BAD_AREA;
    } else if (status == CITIZEN_ID_OK) {
        describe(answer, notes, codes, &id);
    }
    json_object_set_new(answer, "valid", json_boolean(status == CITIZEN_ID_OK));
    json_object_set_new(answer, "notes", notes);
    json_object_set_new(answer, "error",
                        status == CITIZEN_ID_OK ? json_null() : json_string(citizen_id_status_word(status)));
    return answer;
}

static bool print_answer(json_t *answer)
{
    const int status = json_dumpf(answer, stdout, JSON_COMPACT);

    json_decref(answer);
    return status == 0 && putchar('\n') != EOF;
}

static int check_all(const struct area_codes *codes)
{
    char  *line     = NULL;
    size_t capacity = 0;
    bool   is_ok    = true;

    for (ssize_t length; is_ok && (length = getline(&line, &capacity, stdin)) >= 0;) {
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            length--;
        is_ok = print_answer(check_line(codes, span_of(line, (size_t)length)));
    }
    free(line);
    return is_ok && fflush(stdout) == 0 && ferror(stdin) == 0 ? 0 : 1;
}

int command_citizen_id(int argc, char **argv)
{
    char error[256];

    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    if (argc != 2 || strcmp(argv[1], "check") != 0) {
        fputs(usage, stderr);
        return 2;
    }
    struct area_codes *codes = area_codes_open(error, sizeof error);
    if (codes == NULL) {
        fprintf(stderr, "hulei citizen-id: %s\n", error);
        return 1;
    }
    const int status = check_all(codes);
    area_codes_close(codes);
    return status;
}
