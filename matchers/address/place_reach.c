/* Residents, places and estates in one multi-map; see place_reach.h.
 * A key may tie too many together (one road's number in two communities): that costs time, a key too few costs a pair.
 */
#include "matchers/address/place_reach.h"

#include "matchers/address/address.h"
#include "matchers/address/gazetteer.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

/* RESIDENTS: key -> resident. STATED: place handle -> its keys. ESTATES: key of road and number -> key of an estate
 * there, which residents may state instead. */
enum kind { RESIDENTS, STATED, ESTATES };

enum { KEY_GROUP, KEY_HOUSE, KEY_YARD, KEY_ESTATE };

void place_reach_init(struct place_reach *reach, struct pool_memory *memory)
{
    keymap_init(&reach->map, memory);
}

void place_reach_clear(struct place_reach *reach)
{
    keymap_clear(&reach->map);
}

/* The kind is in the last two bits. */
static uint64_t key_of(uint64_t kind, uint64_t a, uint64_t b, uint64_t c, uint64_t d)
{
    const uint64_t parts[] = { a, b, c, d };

    return (XXH3_64bits(parts, sizeof parts) & ~UINT64_C(3)) | kind;
}

static bool is_group(uint64_t key)
{
    return (key & 3) == KEY_GROUP;
}

/* 0 where the address says nothing of the kind. */
static void make_keys(const struct address_features *f, uint64_t keys[PLACE_REACH_KEYS])
{
    /* Estates and numbers of roads are known by their town, where it is known (place_index.c). */
    const uint64_t town     = gazetteer_cut(f->code, f->level >= 9 ? 9 : 6);
    const bool     is_house = (f->flags & ADDRESS_HAS_RURAL_NUMBER) != 0;

    keys[KEY_GROUP]  = f->group != 0 ? key_of(KEY_GROUP, f->code, f->place, f->group, 0) : 0;
    keys[KEY_HOUSE]  = is_house ? key_of(KEY_HOUSE, f->code, f->place, f->group, f->number) : 0;
    keys[KEY_YARD]   = f->road != 0 && f->number != 0 ? key_of(KEY_YARD, town, f->road, f->number, 0) : 0;
    keys[KEY_ESTATE] = f->poi != 0 ? key_of(KEY_ESTATE, town, f->poi, 0, 0) : 0;
}

bool place_reach_reserve(struct place_reach *reach, size_t addresses, size_t places)
{
    return keymap_reserve(&reach->map, PLACE_REACH_KEYS * addresses + (PLACE_REACH_KEYS + 1) * places);
}

bool place_reach_add(struct place_reach *reach, const struct address_features *features, uint64_t resident)
{
    uint64_t keys[PLACE_REACH_KEYS];
    bool     is_in = true;

    make_keys(features, keys);
    for (size_t i = 0; i < PLACE_REACH_KEYS; i++)
        is_in = is_in && (keys[i] == 0 || keymap_insert(&reach->map, RESIDENTS, keys[i], resident));
    return is_in;
}

void place_reach_remove(struct place_reach *reach, const struct address_features *features, uint64_t resident)
{
    uint64_t keys[PLACE_REACH_KEYS];

    make_keys(features, keys);
    for (size_t i = 0; i < PLACE_REACH_KEYS; i++) {
        if (keys[i] != 0)
            keymap_remove(&reach->map, RESIDENTS, keys[i], resident);
    }
}

static void visit_residents(const struct place_reach *reach, uint64_t key, bool by_group, place_reach_visit visit,
                            void *context)
{
    const struct keymap_node *node = keymap_first(&reach->map, RESIDENTS, key);

    for (; node != NULL; node = keymap_next(node))
        visit(context, node->value, by_group);
}

static void visit_key(const struct place_reach *reach, uint64_t key, place_reach_visit visit, void *context)
{
    const struct keymap_node *estate = keymap_first(&reach->map, ESTATES, key);

    visit_residents(reach, key, is_group(key), visit, context);
    for (; estate != NULL; estate = keymap_next(estate))
        visit_residents(reach, estate->value, false, visit, context);
}

/* What was once learnt stays, as in the library itself. */
static bool learn_estate(struct place_reach *reach, const uint64_t keys[PLACE_REACH_KEYS])
{
    const struct keymap_node *node = keymap_first(&reach->map, ESTATES, keys[KEY_YARD]);

    if (keys[KEY_YARD] == 0 || keys[KEY_ESTATE] == 0)
        return true;
    while (node != NULL && node->value != keys[KEY_ESTATE])
        node = keymap_next(node);
    return node != NULL || keymap_insert(&reach->map, ESTATES, keys[KEY_YARD], keys[KEY_ESTATE]);
}

bool place_reach_put_place(struct place_reach *reach, uint64_t handle, const struct address_features *features,
                           place_reach_visit visit, void *context)
{
    uint64_t keys[PLACE_REACH_KEYS];
    bool     is_in = true;

    place_reach_remove_place(reach, handle, visit, context);
    make_keys(features, keys);
    is_in = learn_estate(reach, keys);
    for (size_t i = 0; i < PLACE_REACH_KEYS; i++) {
        if (keys[i] == 0)
            continue;
        is_in = is_in && keymap_insert(&reach->map, STATED, handle, keys[i]);
        visit_key(reach, keys[i], visit, context);
    }
    return is_in;
}

void place_reach_remove_place(struct place_reach *reach, uint64_t handle, place_reach_visit visit, void *context)
{
    const struct keymap_node *node = keymap_first(&reach->map, STATED, handle);

    for (; node != NULL; node = keymap_first(&reach->map, STATED, handle)) {
        const uint64_t key = node->value;
        visit_key(reach, key, visit, context);
        keymap_remove(&reach->map, STATED, handle, key);
    }
}
