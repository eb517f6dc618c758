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

static uint64_t hash_of(struct span text)
{
    return XXH3_64bits(text.bytes, text.length);
}

static size_t slot_of(const struct link_dictionary *dictionary, uint64_t hash, struct span text)
{
    const struct link_slot *slots = dictionary->slots;
    size_t                  slot  = hash & (dictionary->slot_count - 1);

    while (slots[slot].number != 0 &&
           (slots[slot].tag != hash >> 32 || !span_equals(link_dictionary_text(dictionary, slots[slot].number), text)))
        slot = (slot + 1) & (dictionary->slot_count - 1);
    return slot;
}

/* Doubles the slots; texts are hashed anew, but not compared. */
static bool grow_slots(struct link_dictionary *dictionary)
{
    const size_t      count = dictionary->slot_count != 0 ? dictionary->slot_count * 2 : FIRST_SLOTS;
    struct link_slot *slots = calloc(count, sizeof *slots);

    if (slots == NULL)
        return false;
    for (uint32_t i = 1; i < dictionary->count; i++) {
        const uint64_t hash = hash_of(link_dictionary_text(dictionary, i));
        size_t         slot = hash & (count - 1);

        while (slots[slot].number != 0)
            slot = (slot + 1) & (count - 1);
        slots[slot] = (struct link_slot){ (uint32_t)(hash >> 32), i };
    }
    dictionary->bytes += (count - dictionary->slot_count) * sizeof *slots;
    free(dictionary->slots);
    dictionary->slots      = slots;
    dictionary->slot_count = count;
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
    const uint64_t          hash = hash_of(text);
    struct link_slot *const slot = &dictionary->slots[slot_of(dictionary, hash, text)];
    if (slot->number != 0) {
        dictionary->values[slot->number].records++;
        return slot->number;
    }
    if ((dictionary->count >= dictionary->capacity && !grow_values(dictionary)) || dictionary->count >= UINT32_MAX)
        return 0;
    char *kept = keep_text(dictionary, text);
    if (kept == NULL)
        return 0;
    const uint32_t index      = (uint32_t)dictionary->count++;
    dictionary->values[index] = (struct linkage_value){ kept, (uint32_t)text.length, 1, number };
    *slot                     = (struct link_slot){ (uint32_t)(hash >> 32), index };
    return index;
}

uint32_t link_dictionary_find(const struct link_dictionary *dictionary, struct span text)
{
    return dictionary->slot_count == 0 ? 0 : dictionary->slots[slot_of(dictionary, hash_of(text), text)].number;
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
