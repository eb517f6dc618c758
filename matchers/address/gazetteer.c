/* Reads the built gazetteer; see gazetteer.h and gazetteer_format.h.
 * Deliberately trusts no number of the file, checksum or not: every index is checked where it is used. */
#include "matchers/address/address_text.h"
#include "matchers/address/gazetteer_format.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

static size_t aligned(size_t bytes)
{
    return (bytes + 7) & ~(size_t)7;
}

static bool is_power_of_two(uint32_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static bool header_is_sound(const struct gazetteer_header *header, size_t length)
{
    if (length < sizeof *header || memcmp(header->magic, GAZETTEER_MAGIC, sizeof header->magic) != 0)
        return false;
    if (header->version != GAZETTEER_VERSION || header->length != length)
        return false;
    /* The mask counts bits in 32 of them. */
    if (header->prefix_bytes > 1u << 28)
        return false;
    if (!is_power_of_two(header->slot_count) || !is_power_of_two(header->prefix_bytes))
        return false;
    return header->division_count <= GAZETTEER_INDEX_MASK && header->names_length != 0 && header->posting_count != 0;
}

/* Cuts `count` items of `size` bytes off the rest of the file; NULL when it is too short. */
static const void *take(const char **at, size_t *left, size_t count, size_t size)
{
    const size_t bytes = aligned(count * size);
    if (bytes > *left)
        return NULL;

    const void *section = *at;
    *at += bytes;
    *left -= bytes;
    return section;
}

uint64_t gazetteer_checksum(const void *sections, size_t length)
{
    return XXH3_64bits(sections, length);
}

bool gazetteer_open(struct gazetteer *gazetteer, const void *data, size_t length)
{
    const struct gazetteer_header *header = data;
    if (data == NULL || !header_is_sound(header, length))
        return false;

    const char *at   = (const char *)data + sizeof *header;
    size_t      left = length - sizeof *header;
    if (gazetteer_checksum(at, left) != header->checksum)
        return false;

    *gazetteer = (struct gazetteer){
        .header         = header,
        .codes          = take(&at, &left, header->division_count, sizeof(uint64_t)),
        .division_count = header->division_count,
        .slot_count     = header->slot_count,
        .posting_count  = header->posting_count,
        .names_length   = header->names_length,
        .prefix_mask    = header->prefix_bytes * 8u - 1u,
    };
    gazetteer->name_offsets = take(&at, &left, header->division_count, sizeof(uint32_t));
    gazetteer->slots        = take(&at, &left, (size_t)header->slot_count * 2, sizeof(uint32_t));
    gazetteer->postings     = take(&at, &left, header->posting_count, sizeof(uint32_t));
    gazetteer->prefixes     = take(&at, &left, header->prefix_bytes, 1);
    gazetteer->names        = take(&at, &left, header->names_length, 1);
    return gazetteer->codes != NULL && gazetteer->name_offsets != NULL && gazetteer->slots != NULL &&
           gazetteer->postings != NULL && gazetteer->prefixes != NULL && gazetteer->names != NULL &&
           gazetteer->names[header->names_length - 1] == '\0' &&
           (gazetteer->postings[header->posting_count - 1] & GAZETTEER_LAST) != 0;
}

const uint32_t *gazetteer_find(const struct gazetteer *gazetteer, uint64_t mixed)
{
    const uint32_t tag  = gazetteer_tag(mixed);
    size_t         slot = mixed & (gazetteer->slot_count - 1);

    for (size_t probes = 0; probes < gazetteer->slot_count; probes++) {
        const uint32_t *entry = &gazetteer->slots[slot * 2];
        if (entry[0] == 0)
            return NULL;
        if (entry[0] == tag)
            return entry[1] < gazetteer->posting_count ? &gazetteer->postings[entry[1]] : NULL;
        slot = (slot + 1) & (gazetteer->slot_count - 1);
    }
    return NULL;
}

uint64_t gazetteer_lead(const struct gazetteer *gazetteer, struct span name, int form, uint64_t within)
{
    const uint32_t *limit = gazetteer->postings + gazetteer->posting_count;
    const char     *at    = name.bytes;
    uint64_t        hash = gazetteer_hash_start(), found = 0;

    if (name.length == 0)
        return 0;
    for (const char *end = name.bytes + name.length; at < end;)
        hash = gazetteer_hash_step(hash, address_text_next(&at, end));
    const uint32_t *posting = gazetteer_find(gazetteer, gazetteer_hash_mix(hash));
    for (bool is_last = posting == NULL; !is_last && posting < limit; posting++) {
        const size_t index = *posting & GAZETTEER_INDEX_MASK;
        is_last            = (*posting & GAZETTEER_LAST) != 0;
        if ((int)(*posting >> GAZETTEER_FORM_SHIFT & GAZETTEER_FORM_MASK) != form || index >= gazetteer->division_count)
            continue;
        const uint64_t code = gazetteer->codes[index];
        if (gazetteer_cut(code, gazetteer_level(within)) != within)
            continue;
        if (found != 0)
            return 0;
        found = code;
    }
    return found;
}

bool gazetteer_may_continue(const struct gazetteer *gazetteer, uint64_t mixed)
{
    const uint32_t bit = (uint32_t)(mixed >> 20) & gazetteer->prefix_mask;

    return (gazetteer->prefixes[bit / 8] >> (bit % 8) & 1) != 0;
}

size_t gazetteer_first_from(const struct gazetteer *gazetteer, uint64_t code)
{
    size_t low = 0, high = gazetteer->division_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (gazetteer->codes[middle] < code)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t gazetteer_index_of(const struct gazetteer *gazetteer, uint64_t code)
{
    const size_t index = gazetteer_first_from(gazetteer, code);

    return index < gazetteer->division_count && gazetteer->codes[index] == code ? index : gazetteer->division_count;
}

struct span gazetteer_name(const struct gazetteer *gazetteer, uint64_t code)
{
    const size_t index = gazetteer_index_of(gazetteer, code);

    if (index >= gazetteer->division_count || gazetteer->name_offsets[index] >= gazetteer->names_length)
        return (struct span){ NULL, 0 };
    return span_from_text(gazetteer->names + gazetteer->name_offsets[index]);
}

unsigned gazetteer_level(uint64_t code)
{
    if (code == 0)
        return 0;
    if (code % 10000000000u == 0)
        return 2;
    if (code % 100000000u == 0)
        return 4;
    if (code % 1000000u == 0)
        return 6;
    return code % 1000u == 0 ? 9 : 12;
}

static uint64_t unit_of(unsigned level)
{
    if (level <= 2)
        return 10000000000u;
    if (level <= 4)
        return 100000000u;
    if (level <= 6)
        return 1000000u;
    return level <= 9 ? 1000u : 1u;
}

uint64_t gazetteer_cut(uint64_t code, unsigned level)
{
    if (level == 0)
        return 0;
    return code - code % unit_of(level);
}
