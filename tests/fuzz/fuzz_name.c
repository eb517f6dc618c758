/* Two texts where names belong, with the real language tables: a name that is read is spelled out and read again to the
 * same, comparison is symmetric and finds equality, and readings are syllables. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_language.h"

#include "matchers/identity/name.h"
#include "matchers/text/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAMES_MAX = 4 };

static void check_name(const struct language_tables *tables, const struct name *name)
{
    char        text[NAME_LENGTH_MAX * UTF8_BYTES_MAX];
    size_t      used = 0;
    struct name again;

    assert(name->length > 0 && name->length <= NAME_LENGTH_MAX);
    assert(name->surname_length <= name->length && name->given_part < name->length);
    assert(name_rarity_bits(tables, name) >= 0);
    for (size_t i = 0; i < name->length; i++) {
        uint16_t     readings[NAME_SYLLABLES];
        const size_t count = name_readings(tables, name, i, readings);

        for (size_t j = 0; j < count; j++)
            assert(readings[j] > 0 && readings[j] < tables->syllable_count);
        used += utf8_put(name->characters[i], text + used);
    }
    if (!name_read(tables, span_of(text, used), &again))
        return;
    assert(again.length == name->length && again.is_latin == name->is_latin);
    assert(memcmp(again.characters, name->characters, name->length * sizeof name->characters[0]) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct language_tables *tables       = tables_once();
    const char                   *bytes        = (const char *)data;
    const char                   *end          = size > 0 ? memchr(data, '\t', size) : NULL;
    const size_t                  first        = end != NULL ? (size_t)(end - bytes) : size;
    struct name                   a[NAMES_MAX] = { 0 };
    struct name                   b[NAMES_MAX] = { 0 };
    const size_t                  count_a      = name_read_all(tables, span_of(bytes, first), a, NAMES_MAX);
    const size_t                  from         = first + (end != NULL);
    const size_t                  count_b = name_read_all(tables, span_of(bytes + from, size - from), b, NAMES_MAX);

    for (size_t i = 0; i < count_a; i++) {
        check_name(tables, &a[i]);
        assert(name_compare(tables, &a[i], &a[i]) == NAME_EXACT);
        for (size_t j = 0; j < count_b; j++) {
            const enum name_level level = name_compare(tables, &a[i], &b[j]);

            assert(level == name_compare(tables, &b[j], &a[i]));
            assert(name_level_word(level) != NULL);
        }
    }
    for (size_t i = 0; i < count_b; i++)
        check_name(tables, &b[i]);
    return 0;
}
