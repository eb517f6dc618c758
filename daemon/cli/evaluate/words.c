/* An open-addressed table of words; see words.h.
 * Grows only, and forgets nothing. */
#include "daemon/cli/evaluate/words.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

static size_t slot_of(const struct words *words, const char *word)
{
    size_t at = (size_t)XXH3_64bits(word, strlen(word)) & (words->slot_count - 1);

    while (words->slots[at] != 0 && strcmp(words->text + words->starts[words->slots[at] - 1], word) != 0)
        at = (at + 1) & (words->slot_count - 1);
    return at;
}

static bool grow_slots(struct words *words)
{
    if (words->count * 2 < words->slot_count)
        return true;

    const size_t larger = words->slot_count == 0 ? 1024 : words->slot_count * 4;
    uint32_t    *slots  = calloc(larger, sizeof slots[0]);
    if (slots == NULL)
        return false;
    free(words->slots);
    words->slots      = slots;
    words->slot_count = larger;
    for (size_t i = 0; i < words->count; i++)
        words->slots[slot_of(words, words->text + words->starts[i])] = (uint32_t)i + 1;
    return true;
}

static bool grow_text(struct words *words, size_t length)
{
    if (words->count == words->capacity) {
        const size_t capacity = words->capacity == 0 ? 1024 : words->capacity * 2;
        size_t      *starts   = realloc(words->starts, capacity * sizeof starts[0]);
        if (starts == NULL)
            return false;
        words->starts   = starts;
        words->capacity = capacity;
    }
    if (words->text_used + length + 1 > words->text_capacity) {
        const size_t capacity = (words->text_capacity + length + 1) * 2;
        char        *text     = realloc(words->text, capacity);
        if (text == NULL)
            return false;
        words->text          = text;
        words->text_capacity = capacity;
    }
    return true;
}

uint32_t words_put(struct words *words, const char *word)
{
    const size_t length = strlen(word);

    if (!grow_slots(words) || !grow_text(words, length))
        return WORDS_NONE;

    const size_t slot = slot_of(words, word);
    if (words->slots[slot] != 0)
        return words->slots[slot] - 1;
    memcpy(words->text + words->text_used, word, length + 1);
    words->starts[words->count] = words->text_used;
    words->text_used += length + 1;
    words->slots[slot] = (uint32_t)++words->count;
    return (uint32_t)words->count - 1;
}

uint32_t words_find(const struct words *words, const char *word)
{
    if (words->slot_count == 0)
        return WORDS_NONE;

    const uint32_t number = words->slots[slot_of(words, word)];
    return number == 0 ? WORDS_NONE : number - 1;
}

const char *words_text(const struct words *words, uint32_t number)
{
    return words->text + words->starts[number];
}

void words_clear(struct words *words)
{
    free(words->text);
    free(words->starts);
    free(words->slots);
    *words = (struct words){ 0 };
}
