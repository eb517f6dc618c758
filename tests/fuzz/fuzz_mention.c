/* Number, name, date and phone of a person block in any bytes: nothing is read past its end, and equal input gives
 * usable and equal features. The language tables are empty, so that the pure readers are tested alone. */
#include "tests/fuzz/fuzz.h"

#include "matchers/identity/citizen_id.h"
#include "matchers/identity/mention.h"

#include <assert.h>

/* The next field: up to a newline. */
static struct span next_field(struct span *rest)
{
    const char *end   = rest->length > 0 ? memchr(rest->bytes, '\n', rest->length) : NULL;
    struct span field = { rest->bytes, end != NULL ? (size_t)(end - rest->bytes) : rest->length };

    rest->bytes += field.length + (end != NULL);
    rest->length -= field.length + (end != NULL);
    return field;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct language_tables tables;
    struct span                         rest  = { (const char *)data, size };
    struct person_input                 input = { .name_count = 2, .phone_count = 1 };
    struct mention_features             once, twice;
    struct citizen_id                   id, again;

    input.id_number  = next_field(&rest);
    input.names[0]   = next_field(&rest);
    input.names[1]   = next_field(&rest);
    input.birth_date = next_field(&rest);
    input.phones[0]  = next_field(&rest);
    mention_features_make(&tables, &input, &once);
    mention_features_make(&tables, &input, &twice);
    assert(mention_features_are_usable(&once));
    assert(memcmp(&once, &twice, sizeof once) == 0);

    if (citizen_id_parse(input.id_number, INT32_MAX, &id) == CITIZEN_ID_OK) {
        /* Whatever parses must parse again to the same value. */
        assert(citizen_id_parse(span_of(id.digits, CITIZEN_ID_LENGTH), INT32_MAX, &again) == CITIZEN_ID_OK);
        assert(memcmp(id.digits, again.digits, CITIZEN_ID_LENGTH) == 0);
    }
    return 0;
}
