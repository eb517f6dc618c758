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

#include <unicode/uregion.h>

enum { ODDLY_OLD = 1900, NATION_DIGITS = 3, AREA_NAME_BYTES = 256 };

static const char usage[] =
    "usage: hulei citizen-id check < NUMBERS\n"
    "\n"
    "Reads citizen numbers, residence permits and foreign permanent-resident cards, one a line, and writes one JSON\n"
    "line for each: valid, class, normalised, birth_date, sex, area_code, area_name, notes, error. Check character,\n"
    "calendar (nothing in the future) and province decide; the area code is only explained, but for 15 digits, which\n"
    "have no check character. No number is ever repaired.\n"
    "\n"
    "class       resident, hmt_permit (81, 82, 83), foreign (9, or 3 letters and 12 digits); other when not valid\n"
    "normalised  18 characters (15 digits are recomputed), 15 of an old foreign card; what was typed, in half width "
    "and\n"
    "            upper case, when not valid; null when that cannot be written so\n"
    "sex         GB/T 2261.1: 1 male, 2 female\n"
    "area_name   as the code was called in the year of birth, or in the nearest year; the place of issue of a foreign\n"
    "            card\n"
    "notes       from_15_digits          recomputed; the century is inferred\n"
    "            birth_year_implausible  before 1900\n"
    "            area_known_then         the code was in force in the year of birth\n"
    "            area_not_then           it was in force in other years only\n"
    "            area_renamed            it stood for another name at another time\n"
    "            area_abolished          it is no longer in force\n"
    "            area_unknown            no edition of GB/T 2260 has it\n"
    "            nation_unknown          a foreign card with a nation that ISO 3166 does not have\n"
    "            check_not_verified      an old foreign card: its check digit is not published\n"
    "error       empty, placeholder (all digits equal, 1234..., a word for none), masked (*, X in a row), ocr "
    "(letters\n"
    "            that look like digits), other_document (passport, travel permit), character, length, area, date, "
    "check\n";

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

/* Names of a whole level, which are no places. */
static bool is_filler(const char *name)
{
    return strcmp(name, "市辖区") == 0 || strcmp(name, "县") == 0;
}

/* 省, then the name; the prefecture between them where the name alone is no place or is missing. */
static json_t *area_text(const struct area_codes *codes, int code, int year)
{
    const struct area_name area        = area_codes_find(codes, code, year);
    const struct area_name prefecture  = area_codes_find(codes, code / 100 * 100, year);
    const bool             needs_it    = (is_filler(area.name) || !area.is_known) && !is_filler(prefecture.name);
    const bool             is_province = code % 10000 == 0;
    char                   text[AREA_NAME_BYTES];

    snprintf(text, sizeof text, "%s%s%s", area.province, needs_it && !is_province ? prefecture.name : "",
             is_province ? "" : area.name);
    return text[0] != '\0' ? json_string(text) : json_null();
}

static void describe_area(json_t *answer, json_t *notes, const struct area_codes *codes, const struct citizen_id *id)
{
    const struct area_name area = area_codes_find(codes, id->area_code, id->year);

    json_object_set_new(answer, "area_name", area_text(codes, id->area_code, id->year));
    add_note(notes, area.was_in_force, "area_known_then");
    add_note(notes, area.is_known && !area.was_in_force, "area_not_then");
    add_note(notes, area.was_renamed, "area_renamed");
    add_note(notes, area.is_known && !area.is_in_force, "area_abolished");
    add_note(notes, !area.is_known, "area_unknown");
}

/* 9, two digits of the province that issued the card, three of the nation. */
static void describe_nation(json_t *answer, json_t *notes, const struct area_codes *codes, const struct citizen_id *id)
{
    const int         province = id->area_code / 1000 % 100 * 10000;
    UErrorCode        status   = U_ZERO_ERROR;
    const URegion    *region   = uregion_getRegionFromNumericCode(id->area_code % 1000, &status);
    const URegionType type     = U_SUCCESS(status) && region != NULL ? uregion_getType(region) : URGN_UNKNOWN;

    json_object_set_new(answer, "area_name", area_text(codes, province, id->year));
    add_note(notes, type != URGN_TERRITORY, "nation_unknown");
}

static void describe(json_t *answer, json_t *notes, const struct area_codes *codes, const struct citizen_id *id)
{
    char date[40], code[16];

    snprintf(code, sizeof code, "%06d", id->area_code);
    snprintf(date, sizeof date, "%04d-%02d-%02d", id->year, id->month, id->day);
    json_object_set_new(answer, "class", json_string(citizen_id_class_word(id->class)));
    json_object_set_new(answer, "normalised", json_stringn(id->digits, CITIZEN_ID_LENGTH));
    json_object_set_new(answer, "birth_date", json_string(date));
    json_object_set_new(answer, "sex", json_integer(id->sex));
    add_note(notes, id->was_15, "from_15_digits");
    add_note(notes, id->year < ODDLY_OLD, "birth_year_implausible");
    json_object_set_new(answer, "area_code", json_string(code));
    if (id->class == CITIZEN_ID_FOREIGN)
        describe_nation(answer, notes, codes, id);
    else
        describe_area(answer, notes, codes, id);
}

static void describe_old_foreign(json_t *answer, json_t *notes, const char *normal)
{
    char           nation[CITIZEN_ID_NATION_LETTERS + 1] = { 0 };
    UErrorCode     status                                = U_ZERO_ERROR;
    const URegion *region;

    memcpy(nation, normal, CITIZEN_ID_NATION_LETTERS);
    region = uregion_getRegionFromCode(nation, &status);
    json_object_set_new(answer, "class", json_string(citizen_id_class_word(CITIZEN_ID_FOREIGN)));
    add_note(notes, U_FAILURE(status) || region == NULL, "nation_unknown");
    add_note(notes, true, "check_not_verified");
}

/* What was typed, where characters of a number can write it and nothing was cut off. */
static json_t *typed_text(const char *normal, size_t length)
{
    const bool is_told = length > 0 && length < CITIZEN_ID_TEXT - 1 && strchr(normal, '?') == NULL;

    return is_told ? json_string(normal) : json_null();
}

static json_t *empty_answer(const char *normal, size_t length)
{
    return json_pack("{s:b, s:s, s:o, s:n, s:n, s:n, s:n}", "valid", 0, "class",
                     citizen_id_class_word(CITIZEN_ID_OTHER), "normalised", typed_text(normal, length), "birth_date",
                     "sex", "area_code", "area_name");
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
    json_t                *answer = empty_answer(normal, length);
    json_t                *notes  = json_array();
    struct citizen_id      id;
    enum citizen_id_status status = citizen_id_parse(line, today(), &id);

    if (status == CITIZEN_ID_OTHER_DOCUMENT && citizen_id_is_old_foreign(normal)) {
        describe_old_foreign(answer, notes, normal);
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
