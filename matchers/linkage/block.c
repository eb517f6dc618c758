/* Blocking keys; see block.h.
 * A missing value never blocks: records must not meet over what they lack. */
#include "matchers/linkage/block.h"

#include "matchers/text/utf8.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* Bytes of the first `count` characters; 0 when there are fewer. */
static size_t first_bytes(struct span text, uint32_t count)
{
    struct span rest = text;
    uint32_t    point;

    for (uint32_t i = 0; i < count; i++) {
        if (!utf8_next(&rest, &point))
            return 0;
    }
    return text.length - rest.length;
}

static uint32_t characters_of(struct span text)
{
    uint32_t count = 0, point;

    while (utf8_next(&text, &point))
        count++;
    return count;
}

/* The piece of the value that the part looks at; empty: there is none. */
static struct span piece_of(const struct linkage_part *part, const struct linkage_value *value)
{
    const struct span text = span_of(value->text, value->length);

    if (part->kind == LINKAGE_FIRST)
        return span_of(text.bytes, first_bytes(text, part->count));
    if (part->kind == LINKAGE_LAST) {
        const uint32_t all = characters_of(text);
        if (all < part->count)
            return span_of(text.bytes, 0);
        const size_t skipped = first_bytes(text, all - part->count);
        return span_of(text.bytes + skipped, text.length - skipped);
    }
    return text;
}

static uint64_t with_piece(const struct linkage_rule *rule, uint64_t key, struct span piece)
{
    const uint64_t hash = XXH3_64bits(piece.bytes, piece.length);

    return rule->in_any_order ? key + hash : XXH3_64bits_withSeed(&hash, sizeof hash, key);
}

static void keep(uint64_t *keys, size_t *count, uint64_t key)
{
    size_t at = *count;

    for (size_t i = 0; i < *count; i++) {
        if (keys[i] == key)
            return;
    }
    for (; at > 0 && keys[at - 1] > key; at--)
        keys[at] = keys[at - 1];
    keys[at] = key;
    (*count)++;
}

size_t linkage_keys(const struct linkage_column *columns, const struct linkage_rule *rule, const uint32_t *record,
                    uint64_t keys[LINKAGE_KEYS_MAX])
{
    const struct linkage_part *each  = NULL;
    uint64_t                   key   = 0;
    size_t                     count = 0;

    for (size_t i = 0; i < rule->part_count; i++) {
        const struct linkage_part *part = &rule->parts[i];

        if (record[part->column] == 0)
            return 0;
        if (part->kind == LINKAGE_EACH) {
            each = part;
            continue;
        }
        const struct span piece = piece_of(part, &columns[part->column].values[record[part->column]]);
        if (span_is_empty(piece))
            return 0;
        key = with_piece(rule, key, piece);
    }
    if (each == NULL) {
        keys[0] = key;
        return 1;
    }
    const struct linkage_column *column = &columns[each->column];
    const struct linkage_value  *value  = &column->values[record[each->column]];
    struct span                  rest   = span_of(value->text, value->length), item;
    for (size_t items = 0; items < LINKAGE_ITEMS_MAX && linkage_next_item(&rest, column->separator, &item); items++)
        keep(keys, &count, with_piece(rule, key, item));
    return count;
}
