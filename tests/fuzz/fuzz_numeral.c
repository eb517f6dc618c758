/* Any bytes as a number of an address: what is written fits, and normalising it again changes nothing.
 * Chinese numerals, full width and leading zeros all meet here. */
#include "matchers/address/address_text.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

enum { ROOM_BYTES = 1024, SMALL_BYTES = 7 };

static size_t normalise(struct span text, char *out, size_t size)
{
    struct address_text characters;

    address_text_read(&characters, text);
    return address_text_number(&characters, 0, characters.count, out, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char         once[ROOM_BYTES], twice[ROOM_BYTES], small[SMALL_BYTES];
    const size_t length = normalise(span_of((const char *)data, size), once, sizeof once);

    assert(length <= sizeof once);
    /* 百 grows to 100, and longer texts are read in part. */
    if (length <= ADDRESS_CHARACTERS_MAX) {
        assert(normalise(span_of(once, length), twice, sizeof twice) == length);
        assert(memcmp(once, twice, length) == 0);
    }
    assert(normalise(span_of((const char *)data, size), small, sizeof small) <= sizeof small);
    return 0;
}
