/* Two texts where birth dates belong, each solar or lunar by the first byte, with the real lunar years: what is read is
 * written out and read again to the same, days are consistent, and comparison is symmetric. */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_language.h"

#include "matchers/identity/birth.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static void check_date(struct span text)
{
    struct birth_date date, again;
    char              written[32];

    if (!birth_date_read(text, &date))
        return;
    assert(date.year > 0 && date.month >= 0 && date.month <= 12 && date.day >= 0 && date.day <= 31);
    assert(date.month > 0 || date.day == 0);
    snprintf(written, sizeof written, "%04d-%02d-%02d", date.year, date.month, date.day);
    assert(birth_date_read(span_from_text(written), &again));
    assert(date.year == again.year && date.month == again.month && date.day == again.day);
}

static struct mention_features features_of(const struct language_tables *tables, struct span text, bool is_lunar)
{
    const struct person_input input    = { .birth_date = text, .birth_calendar = is_lunar ? BIRTH_LUNAR : BIRTH_SOLAR };
    struct mention_features   features = { 0 };

    mention_features_make(tables, &input, &features);
    return features;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct language_tables *tables = tables_once();

    if (size == 0)
        return 0;
    const char                   *bytes = (const char *)data + 1;
    const char                   *end   = size > 1 ? memchr(bytes, '\n', size - 1) : NULL;
    const size_t                  first = end != NULL ? (size_t)(end - bytes) : size - 1;
    const size_t                  from  = first + (end != NULL);
    const struct span             one = { bytes, first }, other = { bytes + from, size - 1 - from };
    const struct mention_features a     = features_of(tables, one, (data[0] & 1) != 0);
    const struct mention_features b     = features_of(tables, other, (data[0] & 2) != 0);
    const enum birth_level        level = birth_compare(&a, &b), itself = birth_compare(&a, &a);

    check_date(one);
    check_date(other);
    assert(level == birth_compare(&b, &a));
    assert((level == BIRTH_NULL) == (a.birth_year == 0 || b.birth_year == 0));
    assert(itself != BIRTH_SWAPPED && itself != BIRTH_SLIPPED && itself != BIRTH_DIFFERENT);
    return 0;
}
