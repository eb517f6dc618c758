/* A table of distinct texts; see link_dictionary.h.
 * Texts lie in chunks that never move. */
#include "daemon/cli/link/link_dictionary.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { CHUNK_BYTES = 256 * 1024, FIRST_SLOTS = 256 };

struct link_chunk {
    struct link_chunk *previous;
    size_t             used, size;
    char               bytes[];
};

static size_t slot_of(const struct link_dictionary *dictionary, struct span text)
{
    size_t slot = XXH3_64bits(text.bytes, text.length) & (dictionary->slot_count - 1);

    while (dictionary->slots[slot] != 0 &&
           !span_equals(link_dictionary_text(dictionary, dictionary->slots[slot]), text))
        slot = (slot + 1) & (dictionary->slot_count - 1);
    return slot;
}

static bool grow_slots(struct link_dictionary *dictionary)
{
    const size_t count = dictionary->slot_count != 0 ? dictionary->slot_count * 2 : FIRST_SLOTS;
    uint32_t    *slots = calloc(count, sizeof *slots);

    if (slots == NULL)
        return false;
    dictionary->bytes += (count - dictionary->slot_count) * sizeof *slots;
    free(dictionary->slots);
    dictionary->slots      = slots;
    dictionary->slot_count = count;
    for (uint32_t i = 1; i < dictionary->count; i++)
        slots[slot_of(dictionary, link_dictionary_text(dictionary, i))] = i;
    return true;
}

static bool grow_values(struct link_dictionary *dictionary)
{
    const size_t          capacity = dictionary->capacity != 0 ? dictionary->capacity * 3 / 2 : 64;
    struct linkage_value *values   = realloc(dictionary->values, capacity * sizeof *values);

    if (values == NULL)
        return false;
    dictionary->bytes += (capacity - dictionary->capacity) * sizeof *values;
    dictionary->values   = values;
    dictionary->capacity = capacity;
    return true;
}

static char *keep_text(struct link_dictionary *dictionary, struct span text)
{
    struct link_chunk *chunk = dictionary->chunks;

    if (chunk == NULL || chunk->size - chunk->used < text.length) {
        const size_t size = text.length > CHUNK_BYTES ? text.length : CHUNK_BYTES;

        chunk = malloc(sizeof *chunk + size);
        if (chunk == NULL)
            return NULL;
        *chunk             = (struct link_chunk){ dictionary->chunks, 0, size };
        dictionary->chunks = chunk;
        dictionary->bytes += sizeof *chunk + size;
    }
    char *kept = chunk->bytes + chunk->used;
    memcpy(kept, text.bytes, text.length);
    chunk->used += text.length;
    return kept;
}

uint32_t link_dictionary_put(struct link_dictionary *dictionary, struct span text, double number)
{
    if (dictionary->count == 0)
        dictionary->count = 1;
    if (dictionary->count * 2 >= dictionary->slot_count && !grow_slots(dictionary))
        return 0;
    const size_t slot = slot_of(dictionary, text);
    if (dictionary->slots[slot] != 0) {
        dictionary->values[dictionary->slots[slot]].records++;
        return dictionary->slots[slot];
    }
    if ((dictionary->count >= dictionary->capacity && !grow_values(dictionary)) || dictionary->count >= UINT32_MAX)
        return 0;
    char *kept = keep_text(dictionary, text);
    if (kept == NULL)
        return 0;
    const uint32_t index      = (uint32_t)dictionary->count++;
    dictionary->values[index] = (struct linkage_value){ kept, (uint32_t)text.length, 1, number };
    dictionary->slots[slot]   = index;
    return index;
}

uint32_t link_dictionary_find(const struct link_dictionary *dictionary, struct span text)
{
    return dictionary->slot_count == 0 ? 0 : dictionary->slots[slot_of(dictionary, text)];
}

void link_dictionary_clear(struct link_dictionary *dictionary)
{
    while (dictionary->chunks != NULL) {
        struct link_chunk *chunk = dictionary->chunks;

        dictionary->chunks = chunk->previous;
        free(chunk);
    }
    free(dictionary->values);
    free(dictionary->slots);
    *dictionary = (struct link_dictionary){ 0 };
}
