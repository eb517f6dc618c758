/* Features of an address, how near two are, and the keys that equal dwellings share.
 * Deliberately field by field: no similarity of strings can tell 3组 from 2组. */
#include "matchers/address/address_text.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum field_seed { SEED_PLACE = 1, SEED_GROUP, SEED_ROAD, SEED_NUMBER, SEED_POI, SEED_ROOM, SEED_HOUSE, SEED_YARD };

/* 0 only for what is not stated. */
static uint32_t hash_of(struct span text, enum field_seed seed)
{
    if (text.length == 0)
        return 0;
    return (uint32_t)XXH3_64bits_withSeed(text.bytes, text.length, seed) | 1u;
}

/* Of a name with its numerals in digits: 中山四路 is 中山4路. */
static uint32_t hash_name(struct span name, enum field_seed seed)
{
    enum { NAME_BYTES_MAX = 256 };
    struct address_text text;
    char                bytes[NAME_BYTES_MAX];

    if (name.length == 0)
        return 0;
    address_text_read(&text, name);
    return hash_of(span_of(bytes, address_text_number(&text, 0, text.count, bytes, sizeof bytes)), seed);
}

static uint32_t hash_names(struct span first, struct span second, enum field_seed seed)
{
    const uint32_t a = hash_name(first, seed), b = hash_name(second, seed);

    return b == 0 ? a : (a ^ (b * 0x9e3779b1u)) | 1u;
}

/* 龙塘村村民委员会, 龙塘村委会 and 龙塘社区 are one place. */
static struct span community_stem(struct span name)
{
    static const char *const suffixes[] = { "社区居民委员会", "社区居委会", "村村民委员会",
                                            "村民委员会",     "居民委员会", "村委会",
                                            "居委会",         "社区",       "村委",
                                            "居委",           "村" };

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        const size_t length = strlen(suffixes[i]);
        if (name.length > length && memcmp(name.bytes + name.length - length, suffixes[i], length) == 0)
            return span_of(name.bytes, name.length - length);
    }
    return name;
}

/* The digits' value, or 0 when it is no plain number of at most five digits. */
static unsigned number_of(struct span text)
{
    unsigned value = 0;

    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9' || text.length > 5)
            return 0;
        value = value * 10 + (unsigned)(text.bytes[i] - '0');
    }
    return value;
}

static uint32_t hash_number(unsigned value)
{
    char   digits[12];
    size_t begin = sizeof digits;

    for (; value != 0; value /= 10)
        digits[--begin] = (char)('0' + value % 10);
    return hash_of(span_of(digits + begin, sizeof digits - begin), SEED_ROOM);
}

/* 401室, 4楼1号, 4-1 and 4楼401 are one room. */
static void make_room(const struct address *address, struct address_features *features)
{
    const unsigned floor = number_of(address->floor), room = number_of(address->room);

    features->floor = hash_of(address->floor, SEED_ROOM);
    features->room  = hash_of(address->room, SEED_ROOM);
    if (room < 100 || room % 100 == 0 || (floor != 0 && floor != room / 100) ||
        (floor == 0 && address->floor.length != 0))
        return;
    features->floor = hash_number(room / 100);
    features->room  = hash_number(room % 100);
}

void address_features_make(const struct address *address, struct address_features *features)
{
    *features = (struct address_features){
        .code  = address->code,
        .place = hash_name(address->community.bytes != NULL ? community_stem(address->community) : address->town,
                           SEED_PLACE),
        .group      = hash_of(address->group, SEED_GROUP),
        .road       = hash_names(address->road, address->subroad, SEED_ROAD),
        .number     = hash_of(address->number, SEED_NUMBER),
        .sub_number = hash_of(address->sub_number, SEED_NUMBER),
        .poi        = hash_names(address->poi, address->sub_poi, SEED_POI),
        .building   = hash_of(address->building, SEED_NUMBER),
        .unit       = hash_of(address->unit, SEED_NUMBER),
        .level      = (uint8_t)address->level,
        .version    = ADDRESS_FEATURES_VERSION,
    };
    make_room(address, features);
    const bool is_rural = features->road == 0 && features->poi == 0 && features->number != 0 &&
                          (features->group != 0 || features->place != 0 || address->level == 12);
    features->flags = (uint8_t)((is_rural ? ADDRESS_HAS_RURAL_NUMBER : 0) |
                                (address->candidate_count != 0 ? ADDRESS_IS_AMBIGUOUS : 0) |
                                (address->is_placeholder ? ADDRESS_IS_PLACEHOLDER : 0) |
                                (address->is_beside ? ADDRESS_IS_BESIDE : 0));
}

/* ---- comparing ---- */

static bool differ(uint32_t a, uint32_t b)
{
    return a != 0 && b != 0 && a != b;
}

static bool agree(uint32_t a, uint32_t b)
{
    return a != 0 && a == b;
}

static bool share_division(const struct address_features *a, const struct address_features *b, unsigned level)
{
    return a->level >= level && b->level >= level && gazetteer_cut(a->code, level) == gazetteer_cut(b->code, level);
}

/* Whether one code lies in the other. */
static bool codes_fit(const struct address_features *a, const struct address_features *b)
{
    const unsigned level = a->level < b->level ? a->level : b->level;

    return gazetteer_cut(a->code, level) == gazetteer_cut(b->code, level);
}

static bool share_community(const struct address_features *a, const struct address_features *b)
{
    if (share_division(a, b, 12))
        return true;
    return agree(a->place, b->place) && share_division(a, b, 6) && codes_fit(a, b);
}

static bool share_number(const struct address_features *a, const struct address_features *b)
{
    if (!agree(a->number, b->number) || differ(a->road, b->road) || differ(a->group, b->group))
        return false;
    if (agree(a->road, b->road) || (agree(a->poi, b->poi) && a->road == b->road))
        return true;
    const bool both_rural = (a->flags & b->flags & ADDRESS_HAS_RURAL_NUMBER) != 0;
    return both_rural && share_community(a, b);
}

static enum address_level compare_inside(const struct address_features *a, const struct address_features *b,
                                         bool same_number)
{
    const bool same_yard = same_number || (agree(a->poi, b->poi) && !differ(a->number, b->number));
    const bool is_house  = same_number && a->building == 0 && b->building == 0 && a->room == b->room;

    if (same_number && a->sub_number != b->sub_number)
        return ADDRESS_SAME_NUMBER;
    if (is_house && (a->flags & b->flags & ADDRESS_HAS_RURAL_NUMBER) != 0)
        return ADDRESS_SAME_ROOM;
    const bool same_building =
        same_yard && (agree(a->building, b->building) || (same_number && a->building == 0 && b->building == 0));
    if (!same_building)
        return same_number && !differ(a->building, b->building) ? ADDRESS_SAME_NUMBER : ADDRESS_UNKNOWN;
    if (a->unit != b->unit)
        return ADDRESS_SAME_BUILDING;
    if (agree(a->room, b->room) && a->floor == b->floor)
        return ADDRESS_SAME_ROOM;
    if (a->unit != 0)
        return ADDRESS_SAME_UNIT;
    return a->building != 0 ? ADDRESS_SAME_BUILDING : ADDRESS_SAME_NUMBER;
}

enum address_level address_compare(const struct address_features *a, const struct address_features *b)
{
    /* 1. Too little on one side. */
    if (((a->flags | b->flags) & (ADDRESS_IS_PLACEHOLDER | ADDRESS_IS_AMBIGUOUS)) != 0 || a->level == 0 ||
        b->level == 0)
        return ADDRESS_UNKNOWN;

    /* 2. Divisions that exclude each other. */
    if (!codes_fit(a, b))
        return share_division(a, b, 9) ? ADDRESS_SAME_TOWN : ADDRESS_DIFFERENT;
    if (a->level < 6 || b->level < 6)
        return ADDRESS_UNKNOWN;
    if (differ(a->place, b->place))
        return share_division(a, b, 9) ? ADDRESS_SAME_TOWN : ADDRESS_DIFFERENT;

    /* 3. The same number or estate, and what lies inside. */
    const bool               is_beside = ((a->flags | b->flags) & ADDRESS_IS_BESIDE) != 0;
    const enum address_level inside    = compare_inside(a, b, share_number(a, b));
    if (inside != ADDRESS_UNKNOWN && !is_beside)
        return inside;

    /* 4. What is left is the neighbourhood. */
    if (share_community(a, b) && agree(a->group, b->group) && !differ(a->road, b->road))
        return ADDRESS_SAME_GROUP;
    if (agree(a->road, b->road) || (agree(a->poi, b->poi) && !differ(a->road, b->road)))
        return ADDRESS_SAME_ROAD;
    if (share_community(a, b))
        return ADDRESS_SAME_COMMUNITY;
    if (share_division(a, b, 9))
        return ADDRESS_SAME_TOWN;
    return ADDRESS_UNKNOWN;
}

/* What settles an address, so that other fields may be left out: road and number, or estate and building. */
enum anchor { ANCHOR_NONE = 0, ANCHOR_NUMBER, ANCHOR_ESTATE };

static enum anchor shared_anchor(const struct address_features *a, const struct address_features *b)
{
    if (a->level < 6 || b->level < 6)
        return ANCHOR_NONE;
    if (agree(a->road, b->road) && agree(a->number, b->number))
        return ANCHOR_NUMBER;
    return agree(a->poi, b->poi) && agree(a->building, b->building) ? ANCHOR_ESTATE : ANCHOR_NONE;
}

enum left_out { MATTERS, LEFT_OUT_AT_NUMBER = 1 << ANCHOR_NUMBER, LEFT_OUT_AT_ESTATE = 1 << ANCHOR_ESTATE };

enum address_relation address_relate(const struct address_features *a, const struct address_features *b,
                                     const char **reason)
{
    static const struct {
        const char *name;
        size_t      offset;
        int         left_out; /* anchors that say the address without this field */
    } fields[] = {
        {"community",   offsetof(struct address_features, place),      LEFT_OUT_AT_NUMBER | LEFT_OUT_AT_ESTATE},
        { "group",      offsetof(struct address_features, group),      LEFT_OUT_AT_NUMBER | LEFT_OUT_AT_ESTATE},
        { "road",       offsetof(struct address_features, road),       LEFT_OUT_AT_ESTATE                     },
        { "number",     offsetof(struct address_features, number),     LEFT_OUT_AT_ESTATE                     },
        { "sub_number", offsetof(struct address_features, sub_number), MATTERS                                },
        { "poi",        offsetof(struct address_features, poi),        LEFT_OUT_AT_NUMBER                     },
        { "building",   offsetof(struct address_features, building),   MATTERS                                },
        { "unit",       offsetof(struct address_features, unit),       MATTERS                                },
        { "floor",      offsetof(struct address_features, floor),      MATTERS                                },
        { "room",       offsetof(struct address_features, room),       MATTERS                                },
    };
    const enum anchor anchor  = shared_anchor(a, b);
    const char       *missing = NULL;
    const char       *ignored;

    if (reason == NULL)
        reason = &ignored;
    *reason = "placeholder";
    if (((a->flags | b->flags) & ADDRESS_IS_PLACEHOLDER) != 0)
        return ADDRESS_APART;
    *reason = "division";
    if (!codes_fit(a, b))
        return ADDRESS_APART;
    if (a->code == 0 || (a->code != b->code && anchor == ANCHOR_NONE))
        missing = "division";
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        uint32_t left, right;
        memcpy(&left, (const char *)a + fields[i].offset, sizeof left);
        memcpy(&right, (const char *)b + fields[i].offset, sizeof right);
        const bool may_miss = anchor != ANCHOR_NONE && (fields[i].left_out & 1 << anchor) != 0;
        if (left == right || (may_miss && (left == 0 || right == 0)))
            continue;
        *reason = fields[i].name;
        if (left != 0 && right != 0)
            return ADDRESS_APART;
        missing = missing != NULL ? missing : fields[i].name;
    }
    if (missing == NULL && ((a->flags ^ b->flags) & ADDRESS_IS_BESIDE) != 0)
        missing = "beside";
    *reason = missing != NULL ? missing : "same";
    return missing != NULL ? ADDRESS_PARTIAL : ADDRESS_EXACT;
}

/* ---- keys ---- */

static uint64_t key_of(enum field_seed seed, const uint64_t *parts, size_t count)
{
    return XXH3_64bits_withSeed(parts, count * sizeof *parts, seed) | 1u;
}

/* A numbered house of a village. The community must be known: 3组27号 stands in every one. */
static uint64_t village_house_key(const struct address_features *features)
{
    const bool has_community = features->level == 12 || (features->place != 0 && features->level >= 6);
    if ((features->flags & ADDRESS_HAS_RURAL_NUMBER) == 0 || !has_community)
        return 0;
    const uint64_t parts[] = { features->code,   features->place,      features->group,
                               features->number, features->sub_number, features->building };
    return key_of(SEED_HOUSE, parts, sizeof parts / sizeof parts[0]);
}

/* Road and number within the town when it is known, or the estate within what is known: both repeat in a county.
 * place_index_complete() leads from the second to the first. */
static uint64_t yard_key(const struct address_features *features)
{
    const bool by_road = features->road != 0 && features->number != 0;
    if (features->level < 6 || (!by_road && features->poi == 0))
        return 0;
    const unsigned town    = features->level >= 9 ? 9 : 6;
    const uint64_t parts[] = { by_road ? gazetteer_cut(features->code, town) : features->code,
                               by_road ? features->road : 0, by_road ? features->number : 0,
                               by_road ? features->sub_number : 0, by_road ? 0 : features->poi };
    return key_of(SEED_YARD, parts, sizeof parts / sizeof parts[0]);
}

/* Which division is meant is open, and not only which community of the town, whose roads are known by their names. */
static bool is_lost(const struct address_features *features)
{
    const bool is_ambiguous = (features->flags & ADDRESS_IS_AMBIGUOUS) != 0;

    return is_ambiguous && (features->level < 9 || features->road == 0 || features->number == 0);
}

uint64_t address_building_key(const struct address_features *features)
{
    const uint64_t house = village_house_key(features);
    const uint64_t yard  = yard_key(features);

    if (is_lost(features))
        return 0;
    if (house != 0 || yard == 0)
        return house;
    /* An estate alone is no building. */
    if (features->building == 0 && (features->road == 0 || features->number == 0))
        return 0;
    const uint64_t parts[] = { yard, features->building };
    return key_of(SEED_NUMBER, parts, 2);
}

uint64_t address_dwelling_key(const struct address_features *features)
{
    const uint64_t building = address_building_key(features);
    const bool     is_house = (features->flags & ADDRESS_HAS_RURAL_NUMBER) != 0;

    if (building == 0 || (!is_house && features->room == 0))
        return 0;
    const uint64_t parts[] = { building, features->unit, features->floor, features->room };
    return key_of(SEED_ROOM, parts, 4);
}
