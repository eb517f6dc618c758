/* Fills the language tables at start; see language.h.
 * Deliberately the only caller of ICU's transliterators and calendar. */
#include "daemon/common/language.h"

#include "daemon/common/language_files.h"
#include "daemon/common/language_lunar.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ustring.h>
#include <unicode/utrans.h>

enum { FOLDS_MAX = 4, RANGE_FIRST = 0x2E80, RANGE_LAST = 0x323AF };

/* The whole of what language_open() allocates; the tables come first so that the pointer is the same. */
struct language {
    struct language_tables  tables;
    struct language_strings strings;
};

struct language_character *language_character_make(struct language_tables *tables, uint32_t code_point)
{
    if (code_point >= LANGUAGE_CODE_POINTS)
        return NULL;

    struct language_character **page = &tables->pages[code_point / LANGUAGE_PAGE_SIZE];
    if (*page == NULL)
        *page = calloc(LANGUAGE_PAGE_SIZE, sizeof **page);
    return *page != NULL ? *page + code_point % LANGUAGE_PAGE_SIZE : NULL;
}

static bool is_code_point_of_interest(uint32_t code_point)
{
    return (code_point >= 0x2E80 && code_point <= 0x2FDF) || (code_point >= 0x3400 && code_point <= 0x9FFF) ||
           (code_point >= 0xF900 && code_point <= 0xFAFF) || code_point >= 0x20000;
}

/* Runs one character through a transliterator; the first code point of what comes out, 0 on failure. */
static size_t transliterate(const UTransliterator *rules, uint32_t code_point, UChar *text, int32_t capacity)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t    length = 0, limit;
    UBool      is_bad = 0;

    U16_APPEND(text, length, capacity, (UChar32)code_point, is_bad);
    text[length] = 0;
    limit        = length;
    utrans_transUChars(rules, text, &length, capacity, 0, &limit, &status);
    return U_SUCCESS(status) && !is_bad && length > 0 ? (size_t)length : 0;
}

static UTransliterator *open_rules(const char *id, char *error, size_t error_size)
{
    UChar            name[64];
    UErrorCode       status = U_ZERO_ERROR;
    UTransliterator *rules;

    u_charsToUChars(id, name, (int32_t)strlen(id) + 1);
    rules = utrans_openU(name, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (rules == NULL || U_FAILURE(status))
        snprintf(error, error_size, "ICU has no %s: %s", id, u_errorName(status));
    return rules;
}

/* Simplified forms; compatibility ideographs fold to what they stand for. */
static bool fill_simplified(struct language_tables *tables, char *error, size_t error_size)
{
    UTransliterator *rules = open_rules("NFKC; Traditional-Simplified", error, error_size);

    if (rules == NULL)
        return false;
    for (uint32_t code_point = RANGE_FIRST; code_point <= RANGE_LAST; code_point++) {
        UChar   text[16];
        int32_t at = 0;
        UChar32 folded;

        if (!is_code_point_of_interest(code_point))
            continue;
        const size_t length = transliterate(rules, code_point, text, 15);
        if (length == 0)
            continue;
        U16_NEXT(text, at, (int32_t)length, folded);
        if (at != (int32_t)length || folded == (UChar32)code_point)
            continue;
        struct language_character *entry = language_character_make(tables, code_point);
        if (entry != NULL)
            entry->simplified = (uint32_t)folded;
    }
    utrans_close(rules);
    return true;
}

/* Readings of characters that Unihan's fields left out. */
static bool fill_missing_readings(struct language *language, char *error, size_t error_size)
{
    UTransliterator *rules = open_rules("Han-Latin; Latin-ASCII; Lower", error, error_size);

    if (rules == NULL)
        return false;
    for (uint32_t code_point = 0x4E00; code_point <= 0x9FFF; code_point++) {
        UChar text[32];
        char  syllable[LANGUAGE_SYLLABLE_BYTES];

        if (language_character_of(&language->tables, code_point)->readings[0] != 0)
            continue;
        const size_t length = transliterate(rules, code_point, text, 31);
        if (length == 0 || length >= sizeof syllable || text[0] > 0x7F)
            continue;
        u_UCharsToChars(text, syllable, (int32_t)length);
        syllable[length]                 = '\0';
        struct language_character *entry = language_character_make(&language->tables, code_point);
        if (entry != NULL)
            entry->readings[0] = language_syllable(&language->strings, syllable);
    }
    utrans_close(rules);
    return true;
}

static uint32_t simplified_of(const struct language_tables *tables, uint32_t code_point)
{
    return language_character_of(tables, code_point)->simplified;
}

/* Folding twice is folding once: a form whose simplified form has one itself folds to the last. */
static void follow_simplified(struct language_tables *tables)
{
    for (uint32_t code_point = RANGE_FIRST; code_point < LANGUAGE_CODE_POINTS; code_point++) {
        uint32_t last = simplified_of(tables, code_point);

        for (int step = 0; step < FOLDS_MAX && last != 0 && last != code_point && simplified_of(tables, last) != 0;
             step++)
            last = simplified_of(tables, last);
        struct language_character *entry = last != 0 ? language_character_make(tables, code_point) : NULL;
        /* Two that fold to each other: the one met first is kept. */
        if (entry != NULL)
            entry->simplified = last != code_point ? last : 0;
    }
}

/* A simplified form too rare for the tables is said like the form it comes from. */
static void pass_readings_on(struct language_tables *tables)
{
    for (uint32_t code_point = RANGE_FIRST; code_point <= RANGE_LAST; code_point++) {
        const struct language_character *from = language_character_of(tables, code_point);

        if (from->simplified == 0 || from->readings[0] == 0 ||
            language_character_of(tables, from->simplified)->readings[0] != 0)
            continue;
        struct language_character *to = language_character_make(tables, from->simplified);
        if (to != NULL)
            memcpy(to->readings, from->readings, sizeof to->readings);
    }
}

/* The lunar years, which ask nothing of the other tables and take as long as they. */
struct lunar_work {
    struct language_tables *tables;
    bool                    is_done;
    char                    error[200];
};

static void *fill_lunar(void *argument)
{
    struct lunar_work *work = argument;

    work->is_done = language_fill_lunar(work->tables, work->error, sizeof work->error);
    return NULL;
}

static bool fill_script(struct language *language, char *error, size_t error_size)
{
    return fill_simplified(&language->tables, error, error_size) &&
           language_read_files(&language->tables, &language->strings, error, error_size) &&
           fill_missing_readings(language, error, error_size);
}

/* On two cores where there are. */
static bool fill(struct language *language, char *error, size_t error_size)
{
    struct lunar_work lunar = { .tables = &language->tables };
    pthread_t         thread;
    const bool        is_aside = pthread_create(&thread, NULL, fill_lunar, &lunar) == 0;
    const bool        is_done  = fill_script(language, error, error_size);

    if (is_aside)
        pthread_join(thread, NULL);
    else
        fill_lunar(&lunar);
    if (is_done && !lunar.is_done)
        snprintf(error, error_size, "%s", lunar.error);
    return is_done && lunar.is_done;
}

struct language_tables *language_open(char *error, size_t error_size)
{
    struct language *language = calloc(1, sizeof *language);

    if (language == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    if (!fill(language, error, error_size)) {
        language_close(&language->tables);
        return NULL;
    }
    follow_simplified(&language->tables);
    pass_readings_on(&language->tables);
    language->tables.syllables      = (const char *const *)language->strings.items;
    language->tables.syllable_count = language->strings.count;
    return &language->tables;
}

void language_close(struct language_tables *tables)
{
    struct language *language = (struct language *)tables;

    if (language == NULL)
        return;
    for (size_t i = 0; i < LANGUAGE_PAGE_COUNT; i++)
        free(tables->pages[i]);
    for (size_t i = 0; i < language->strings.count; i++)
        free(language->strings.items[i]);
    free(language->strings.items);
    free(tables->surnames);
    free(tables->parts);
    free(tables->units);
    free(tables->lookalikes);
    free(tables->known_areas);
    free(language);
}
