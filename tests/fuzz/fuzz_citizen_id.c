/* Two texts where citizen numbers belong: what is read is read again to the same value, is what was typed and not a
 * repair of it, and distances are symmetric. Dates of the future are judged from a fixed day. */
#include "tests/fuzz/fuzz.h"

#include "matchers/identity/birth.h"
#include "matchers/identity/citizen_id.h"

#include <assert.h>

enum { TODAY = 20700, LIMIT = 2 };

/* Every character of the number was typed, or belongs to what 15 digits leave out. */
static void check_number(struct span text, const char *normal, size_t length)
{
    struct citizen_id            id     = { 0 }, again;
    const enum citizen_id_status status = citizen_id_parse(text, TODAY, &id);

    assert(citizen_id_status_word(status) != NULL);
    if (status != CITIZEN_ID_OK)
        return;
    assert(length == (id.was_15 ? CITIZEN_ID_OLD_LENGTH : CITIZEN_ID_LENGTH));
    assert(memcmp(id.digits, normal, 6) == 0);
    assert(memcmp(id.digits + (id.was_15 ? 8 : 6), normal + 6, 9) == 0);
    assert(id.was_15 || memcmp(id.digits, normal, CITIZEN_ID_LENGTH) == 0);
    assert(birth_day_exists(id.year, id.month, id.day));
    assert(birth_day_number(id.year, id.month, id.day) <= TODAY);
    assert(citizen_id_parse(span_of(id.digits, CITIZEN_ID_LENGTH), TODAY, &again) == CITIZEN_ID_OK);
    assert(memcmp(id.digits, again.digits, CITIZEN_ID_LENGTH) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct span all   = { (const char *)data, size };
    const char       *end   = size > 0 ? memchr(data, '\n', size) : NULL;
    const size_t      first = end != NULL ? (size_t)(end - all.bytes) : size;
    const struct span a = { all.bytes, first }, b = { all.bytes + first + (end != NULL), size - first - (end != NULL) };
    char              normal_a[CITIZEN_ID_TEXT], normal_b[CITIZEN_ID_TEXT];
    const size_t      length_a = citizen_id_normalise(a, normal_a), length_b = citizen_id_normalise(b, normal_b);
    const struct span text_a = { normal_a, length_a }, text_b = { normal_b, length_b };
    const unsigned    distance = citizen_id_distance(text_a, text_b, LIMIT);

    check_number(a, normal_a, length_a);
    check_number(b, normal_b, length_b);
    assert(distance == citizen_id_distance(text_b, text_a, LIMIT));
    assert((distance == 0) == span_equals(text_a, text_b) && distance <= LIMIT + 1);
    return 0;
}
