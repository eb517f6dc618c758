/* Any bytes as an address: nothing is read outside the text, segments cover it in order, comparing is symmetric,
 * and an address equals itself. */
#include "daemon/common/gazetteer_file.h"
#include "matchers/address/address.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>

enum { ARENA_BYTES = 256 * 1024 };

static void check_segments(struct span text, const struct address *address)
{
    const char *at = text.bytes;

    for (size_t i = 0; i < address->segment_count; i++) {
        const struct span part = address->segments[i].text;
        assert(part.length != 0 && part.bytes == at);
        at += part.length;
    }
    assert(at <= text.bytes + text.length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gazetteer_file *file;
    static char                  *memory;
    struct arena                  arena;
    struct address                address, other;
    struct address_features       features, other_features;
    char                          error[256];

    if (file == NULL)
        file = gazetteer_file_open(HULEI_SHARE_DIR "/gazetteer.bin", error, sizeof error);
    if (memory == NULL)
        memory = malloc(ARENA_BYTES);
    assert(file != NULL && memory != NULL);
    arena_init(&arena, memory, ARENA_BYTES);
    const struct gazetteer *gazetteer = gazetteer_file_tables(file);
    const struct span       text      = span_of((const char *)data, size);
    const struct span       half      = span_of((const char *)data, size / 2);

    if (address_parse(gazetteer, text, size % 3 == 0 ? 500111 : 0, &arena, &address) == ADDRESS_NO_MEMORY ||
        address_parse(gazetteer, half, 0, &arena, &other) == ADDRESS_NO_MEMORY)
        return 0;
    check_segments(text, &address);
    check_segments(half, &other);
    address_features_make(&address, &features);
    address_features_make(&other, &other_features);
    assert(address_compare(&features, &other_features) == address_compare(&other_features, &features));
    assert(address_relate(&features, &other_features, NULL) == address_relate(&other_features, &features, NULL));
    if (!address.is_placeholder)
        assert(address_relate(&features, &features, NULL) != ADDRESS_APART);
    (void)address_standard_form(gazetteer, &address, &arena);
    return 0;
}
