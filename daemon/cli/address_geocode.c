/* `hulei address geocode`: lines of addresses into points with stated precision; see address_geocode.h.
 * Deliberately reads standard input only, so that addresses stay out of process lists. */
#include "daemon/cli/address_geocode.h"

#include "daemon/cli/address_places.h"
#include "daemon/common/clock.h"
#include "daemon/common/gazetteer_file.h"

#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ARENA_BYTES = 64 * 1024, POINT_DIGITS = 10, NO_DAY = INT32_MIN };

struct geocoder {
    struct gazetteer_file *file;
    struct address_places *places; /* NULL without --places */
    struct arena           arena;
    uint64_t               area;
    int32_t                today;
};

static void print_usage(FILE *stream)
{
    fputs(
        "usage: hulei address geocode [--places FILE] [--area CODE] [--today YYYY-MM-DD] [--gazetteer FILE] < LINES\n\n"
        "One address a line, or an address, a tab and the day it was stated (YYYY-MM-DD). Writes one JSON object a\n"
        "line: place_id (of the place that is the address itself), point (lon, lat in CGCS2000), precision (room,\n"
        "building, number, group, community, town, none), uncertainty_m, age_days, code, standard; or error.\n\n"
        "  --places FILE     the address library: lines of place_id, address and perhaps lon, lat, crs divided by\n"
        "                    tabs, or `place` events as JSON lines; without it no address has a point\n"
        "  --area CODE       division the addresses lie in when they do not say: 2 to 12 digits\n"
        "  --today DAY       the day ages are counted to (default: today)\n"
        "  --gazetteer FILE  another file than the program's own\n",
        stream);
}

static const char *precision_word(enum located_precision precision)
{
    static const char *const words[] = {
        [LOCATED_NONE] = "none",   [LOCATED_TOWN] = "town",     [LOCATED_COMMUNITY] = "community",
        [LOCATED_GROUP] = "group", [LOCATED_NUMBER] = "number", [LOCATED_BUILDING] = "building",
        [LOCATED_ROOM] = "room",
    };

    return words[precision];
}

/* NO_DAY when the text is no day of the calendar. */
static int32_t day_of(const char *text)
{
    struct tm date = { 0 };
    char      again[32];

    if (strptime(text, "%Y-%m-%d", &date) == NULL)
        return NO_DAY;
    const time_t seconds = timegm(&date); /* turns the 30th of February into another day */
    return strftime(again, sizeof again, "%Y-%m-%d", &date) != 0 && strcmp(again, text) == 0
               ? (int32_t)(seconds / 86400)
               : NO_DAY;
}

static json_t *text_json(struct span text)
{
    json_t *value = json_stringn(text.bytes != NULL ? text.bytes : "", text.length);

    return value != NULL ? value : json_string("\xef\xbf\xbd"); /* not UTF-8 */
}

static json_t *point_json(const struct located *located)
{
    if (!located->has_point)
        return json_null();

    json_t *point = json_object();
    json_object_set_new(point, "lon", json_real(located->lon));
    json_object_set_new(point, "lat", json_real(located->lat));
    json_object_set_new(point, "crs", json_string("CGCS2000"));
    return point;
}

static json_t *answer(struct geocoder *geocoder, struct span text, int32_t as_of_day)
{
    const struct gazetteer *gazetteer = gazetteer_file_tables(geocoder->file);
    struct address          address;
    struct address_features features;
    struct located          located  = { 0 };
    const char             *place_id = "";
    char                    code[24] = "";

    (void)address_parse(gazetteer, text, geocoder->area, &geocoder->arena, &address);
    address_features_make(&address, &features);
    if (geocoder->places != NULL)
        located = address_places_locate(geocoder->places, &features, &place_id);
    if (address.code != 0)
        snprintf(code, sizeof code, "%012" PRIu64, address.code);
    code[gazetteer_level(address.code)] = '\0';

    json_t *object = json_object();
    json_object_set_new(object, "place_id", json_string(place_id));
    json_object_set_new(object, "point", point_json(&located));
    json_object_set_new(object, "precision", json_string(precision_word(located.precision)));
    json_object_set_new(object, "uncertainty_m",
                        located.has_point ? json_integer((json_int_t)(located.uncertainty_m + 0.5F)) : json_null());
    json_object_set_new(object, "age_days",
                        as_of_day != NO_DAY ? json_integer(geocoder->today - as_of_day) : json_null());
    json_object_set_new(object, "code", json_string(code));
    json_object_set_new(object, "standard", text_json(address_standard_form(gazetteer, &address, &geocoder->arena)));
    return object;
}

static json_t *geocode_line(struct geocoder *geocoder, char *line, size_t length)
{
    char   *tab       = memchr(line, '\t', length);
    int32_t as_of_day = NO_DAY;

    arena_reset(&geocoder->arena);
    if (tab == NULL)
        return answer(geocoder, span_of(line, length), as_of_day);
    if (tab[1] != '\0') {
        as_of_day = day_of(tab + 1);
        if (as_of_day == NO_DAY || as_of_day > geocoder->today)
            return json_pack("{s:s}", "error", "as_of: must be a day YYYY-MM-DD that is not in the future");
    }
    return answer(geocoder, span_of(line, (size_t)(tab - line)), as_of_day);
}

static int run_lines(struct geocoder *geocoder)
{
    char   *line = NULL;
    size_t  size = 0;
    ssize_t length;

    while ((length = getline(&line, &size, stdin)) >= 0) {
        while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == '\r'))
            line[--length] = '\0';
        json_t *object = geocode_line(geocoder, line, (size_t)length);
        json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(POINT_DIGITS));
        putchar('\n');
        json_decref(object);
    }
    free(line);
    return ferror(stdin) || fflush(stdout) != 0 ? 1 : 0;
}

static void tell_counts(const struct address_places *places)
{
    const struct address_places_counts counts = address_places_count(places);

    fprintf(stderr, "places %zu, with a point %zu, refused %zu, bytes a place %zu\n", counts.places, counts.with_point,
            counts.refused, counts.places != 0 ? counts.index_bytes / counts.places : 0);
}

static int run(struct geocoder *geocoder, const char *gazetteer, const char *places)
{
    char error[512] = "";
    int  status     = 1;

    geocoder->file = gazetteer_file_open(gazetteer, error, sizeof error);
    if (geocoder->file != NULL && places != NULL)
        geocoder->places = address_places_open(places, gazetteer_file_tables(geocoder->file), geocoder->area,
                                               &geocoder->arena, error, sizeof error);
    if (error[0] != '\0') {
        fprintf(stderr, "hulei address geocode: %s\n", error);
    } else {
        if (places != NULL)
            tell_counts(geocoder->places);
        status = run_lines(geocoder);
    }
    address_places_close(geocoder->places);
    if (geocoder->file != NULL)
        gazetteer_file_close(geocoder->file);
    return status;
}

struct options {
    const char *gazetteer, *places;
    bool        wants_help;
};

static bool read_options(int argc, char **argv, struct geocoder *geocoder, struct options *options)
{
    static const struct option known[] = {
        {"area",       required_argument, NULL, 'a'},
        { "gazetteer", required_argument, NULL, 'g'},
        { "help",      no_argument,       NULL, 'h'},
        { "places",    required_argument, NULL, 'p'},
        { "today",     required_argument, NULL, 't'},
        { NULL,        0,                 NULL, 0  }
    };

    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (option == 'a')
            geocoder->area = strtoull(optarg, NULL, 10);
        else if (option == 'g')
            options->gazetteer = optarg;
        else if (option == 'h')
            options->wants_help = true;
        else if (option == 'p')
            options->places = optarg;
        else if (option == 't')
            geocoder->today = day_of(optarg);
        else
            return false;
    }
    return optind == argc && geocoder->today != NO_DAY;
}

int address_geocode(int argc, char **argv)
{
    static char     memory[ARENA_BYTES];
    struct geocoder geocoder = { .today = clock_day_of(clock_now_us()) };
    struct options  options  = { 0 };

    if (!read_options(argc, argv, &geocoder, &options)) {
        print_usage(stderr);
        return 2;
    }
    if (options.wants_help) {
        print_usage(stdout);
        return 0;
    }
    arena_init(&geocoder.arena, memory, sizeof memory);
    return run(&geocoder, options.gazetteer, options.places);
}
