/* A gazetteer file with any bytes: it is refused, or looking up and parsing stay inside it.
 * A small file with sound sections is made of the input, as random headers are all refused. */
#include "matchers/address/address.h"
#include "matchers/address/gazetteer_format.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

enum { FILE_BYTES = 4096, ARENA_BYTES = 32 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static union {
        struct gazetteer_header header;
        char                    bytes[FILE_BYTES];
    } file;
    static char      memory[ARENA_BYTES];
    struct gazetteer gazetteer;
    struct arena     arena;
    struct address   address;

    memset(&file, 0, sizeof file);
    memcpy(file.bytes, data, size < sizeof file ? size : sizeof file);
    (void)gazetteer_open(&gazetteer, &file, size < sizeof file ? size : sizeof file);
    file.header = (struct gazetteer_header){ .version        = GAZETTEER_VERSION,
                                             .division_count = 32,
                                             .slot_count     = 64,
                                             .posting_count  = 64,
                                             .prefix_bytes   = 512,
                                             .names_length   = 256,
                                             .length         = sizeof file };
    memcpy(file.header.magic, GAZETTEER_MAGIC, sizeof file.header.magic);
    const size_t postings                     = sizeof file.header + 32 * 8 + 32 * 4 + 64 * 8;
    file.bytes[postings + 63 * 4 + 3]         = (char)0x80; /* the last posting ends its name */
    file.bytes[postings + 64 * 4 + 512 + 255] = '\0';
    file.header.checksum = gazetteer_checksum(file.bytes + sizeof file.header, sizeof file - sizeof file.header);
    if (!gazetteer_open(&gazetteer, &file, sizeof file))
        return 0;
    arena_init(&arena, memory, sizeof memory);
    (void)address_parse(&gazetteer, span_of((const char *)data, size), 500111, &arena, &address);
    (void)address_parse(&gazetteer, span_from_text("重庆市大足区双路街道双南路社区3组27号"), 0, &arena, &address);
    for (size_t i = 0; i < 32; i++)
        (void)gazetteer_name(&gazetteer, gazetteer.codes[i]);
    return 0;
}
