/* Any bytes as text: what GB18030 gives is UTF-8, and the scan agrees with the parser about NULs and surrogates. */
#include "daemon/common/feed/feed_text.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

enum { ARENA_BYTES = 4 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char      *memory;
    struct arena      arena;
    struct span       utf8 = { NULL, 0 };
    const struct span text = span_of((const char *)data, size);

    if (memory == NULL)
        memory = malloc(ARENA_BYTES);
    assert(memory != NULL);
    arena_init(&arena, memory, ARENA_BYTES);
    if (size < 65536 && text_from_gb18030(text, &arena, &utf8) == TEXT_OK)
        assert(text_is_utf8(utf8) && text_count_characters(utf8) <= utf8.length);

    const enum text_json_fault fault = text_json_scan(text, 32);
    if (fault == TEXT_JSON_TOO_DEEP)
        return 0;
    json_t *parsed = json_loadb(text.bytes, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    /* The scan refuses only what jansson refuses, too; but for zero bytes, which it takes for the end of the text. */
    if (parsed != NULL && memchr(text.bytes, '\0', text.length) == NULL)
        assert(fault == TEXT_JSON_OK && text_is_utf8(text));
    json_decref(parsed);
    return 0;
}
