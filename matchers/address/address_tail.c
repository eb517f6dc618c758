/* Grammar of the part behind the divisions; see address_tail.h.
 * Deliberately left to right and by endings: numbers with their unit words, names with their last word. */
#include "matchers/address/address_tail.h"

#include "matchers/address/address_follow.h"
#include "matchers/address/address_number.h"

enum { NUMBER_BYTES_MAX = 64, NAME_BYTES_MAX = 192 };

uint32_t tail_character(const struct tail *tail, size_t at)
{
    return at < tail->text->count ? tail->text->characters[at] : 0;
}

bool tail_is_letter(uint32_t character)
{
    return character >= 'A' && character <= 'Z';
}

bool tail_is_joint(uint32_t character)
{
    return character == '-' || character == '_' || character == '/' || character == '~' || character == '.' ||
           character == u'、' || (character >= 0x2010 && character <= 0x2015);
}

static bool opens_note(uint32_t character)
{
    return character == '(' || character == '[' || character == u'【' || character == u'〔';
}

static bool is_punctuation(uint32_t character)
{
    return (character < 0x80 && !address_is_digit(character) && !tail_is_letter(character) && character != '#') ||
           (character >= 0x2010 && character <= 0x206f) || (character >= 0x3001 && character <= 0x3006) ||
           (character >= 0x3008 && character <= 0x303f) || character == 0xb7 || character == 0xfffd;
}

/* Whether the divisions stand here; seldom anywhere but at the beginning. */
static bool is_division(const struct tail *tail, size_t at)
{
    return tail->path->hit_count != 0 && tail->path->hits[0].from == at;
}

/* ---- storing ---- */

void tail_add_segment(struct tail *tail, size_t from, size_t to, enum address_label label)
{
    if (from < to && tail->segment_count < TAIL_SEGMENTS_MAX)
        tail->segments[tail->segment_count++] = (struct tail_segment){ from, to, label };
}

enum address_label tail_label_before(const struct tail *tail, size_t at)
{
    if (tail->segment_count == 0)
        return ADDRESS_LABEL_OTHER;
    const struct tail_segment *last = &tail->segments[tail->segment_count - 1];
    return last->to == at ? last->label : ADDRESS_LABEL_OTHER;
}

void tail_keep(struct tail *tail, struct span *field, const char *bytes, size_t length)
{
    if (length == 0 || field->bytes != NULL)
        return;
    *field = arena_copy(tail->arena, span_of(bytes, length));
    tail->no_memory |= field->bytes == NULL;
}

void tail_keep_number(struct tail *tail, struct span *field, size_t from, size_t to)
{
    char bytes[NUMBER_BYTES_MAX];

    tail_keep(tail, field, bytes, address_text_number(tail->text, from, to, bytes, sizeof bytes));
}

void tail_keep_name(struct tail *tail, struct span *field, size_t from, size_t to)
{
    char bytes[NAME_BYTES_MAX];

    tail_keep(tail, field, bytes, address_text_folded(tail->text, from, to, bytes, sizeof bytes));
}

enum address_label tail_keep_place(struct tail *tail, struct span name)
{
    struct address *address = tail->address;
    char            bytes[NAME_BYTES_MAX];

    if (address->poi.bytes == NULL) {
        tail_keep(tail, &address->poi, name.bytes, name.length);
        return ADDRESS_LABEL_POI;
    }
    const struct span before = address->sub_poi;
    if (before.length + name.length > sizeof bytes)
        return ADDRESS_LABEL_SUBPOI;
    if (before.length != 0)
        memcpy(bytes, before.bytes, before.length);
    memcpy(bytes + before.length, name.bytes, name.length);
    address->sub_poi = (struct span){ NULL, 0 };
    tail_keep(tail, &address->sub_poi, bytes, before.length + name.length);
    return ADDRESS_LABEL_SUBPOI;
}

/* ---- names ---- */

/* 达道路, 东坡路, 铁路北街, but not 建设路街. */
static bool ends_in_two_road_words(const struct tail *tail, size_t end)
{
    return (follow_is_one_of(tail_character(tail, end - 1), u"道坡条环巷") &&
            follow_is_one_of(tail_character(tail, end), u"路街巷")) ||
           (end >= 2 && tail_character(tail, end - 2) == u'铁' && follow_is_road(tail->text, end));
}

/* A word that a longer name goes on behind: 深湾村路, 园区路, 街道, 大学附属中学. */
static bool name_goes_on(const struct tail *tail, size_t end, enum tail_word kind)
{
    static const char16_t *const service[] = { u"服务", u"卫生", u"便民", u"党群", u"文化", u"养老", NULL };
    static const char16_t *const parts[]   = { u"附属", u"附中", u"附小", u"分校", u"分院", u"第", NULL };
    size_t                       length;
    const enum tail_word         next = tail_name_word(tail->text, end, &length);

    const bool is_bare_village = kind == TAIL_WORD_COMMUNITY && tail_character(tail, end - 1) == u'村';
    if (kind == TAIL_WORD_COMMUNITY &&
        (next == TAIL_WORD_COMMUNITY || (is_bare_village && follow_is_road(tail->text, end)) ||
         address_text_match_any(tail->text, end, service) != 0))
        return true; /* 楼村社区, 中关村南大街, 火炬社区卫生服务站 */
    if (kind == TAIL_WORD_ESTATE && address_text_match_any(tail->text, end, parts) != 0)
        return true;
    if (kind == TAIL_WORD_ESTATE &&
        (tail_character(tail, end) == u'城' || (follow_is_one_of(tail_character(tail, end), u"苑府湾庭郡里居邸") &&
                                                !address_is_han(tail_character(tail, end + 1)))))
        return true; /* 中央公园城8幢 */
    if (kind == TAIL_WORD_ESTATE && follow_is_road(tail->text, end))
        return true; /* 科苑二路 */
    if (kind == TAIL_WORD_TOWN && tail->level < 9 && tail_character(tail, end) == u'镇')
        return false; /* 梅渚镇镇前路 */
    if (kind == TAIL_WORD_GROUP && tail_character(tail, end) == u'团')
        return true; /* 蔡家组团 */
    /* 太平镇街村: town and village. */
    if (kind == TAIL_WORD_TOWN && next == TAIL_WORD_ROAD && address_text_match(tail->text, end + length, u"村") != 0)
        return false;
    if (kind == TAIL_WORD_ROAD && (next == TAIL_WORD_COMMUNITY || next == TAIL_WORD_GROUP))
        return true; /* 双南路社区 */
    if (kind == TAIL_WORD_ROAD && (tail_character(tail, end) == u'口' || ends_in_two_road_words(tail, end)))
        return true; /* 新街口, 达道路 */
    if (kind == TAIL_WORD_TOWN && tail->level >= 9 && (next == TAIL_WORD_COMMUNITY || follow_is_road(tail->text, end)))
        return true; /* 环镇北路, 大桥街道居委会 */
    if (kind == TAIL_WORD_ROAD && follow_is_one_of(tail_character(tail, end - 1), u"条环") &&
        follow_is_road(tail->text, end))
        return true; /* 东三环北路 */
    if (next == TAIL_WORD_ROAD || next == TAIL_WORD_TOWN)
        return kind != TAIL_WORD_ROAD || next == TAIL_WORD_TOWN;
    return next == TAIL_WORD_ESTATE && (kind == TAIL_WORD_COMMUNITY || kind == TAIL_WORD_ESTATE) && length <= 2;
}

/* Whether the name may end in a number here: not within digits and letters of one word. */
static bool number_may_begin(const struct tail *tail, size_t from, size_t at)
{
    const uint32_t before = tail_character(tail, at - 1);
    const bool is_run = (address_is_digit(before) || tail_is_letter(before)) && !address_text_has_gap(tail->text, at);

    return at > from && !is_run;
}

/* Where the name that begins at `from` ends, and what its last word makes of it. */
static size_t read_name(const struct tail *tail, size_t from, enum tail_word *kind)
{
    struct tail_number number;
    size_t             i = from;

    *kind = TAIL_WORD_NONE;
    for (; i < tail->text->count; i++) {
        size_t length;
        if (is_punctuation(tail_character(tail, i)) || opens_note(tail_character(tail, i)) || is_division(tail, i))
            break;
        if (i > from && number_may_begin(tail, from, i) && tail_number_read(tail, i, &number))
            break;
        enum tail_word word = tail_name_word(tail->text, i, &length);
        /* 西二环路南1号: the road's own word. */
        if (word == TAIL_WORD_ASSIST && length == 2 && i > from && tail_character(tail, i) == u'路' &&
            tail_character(tail, i + 1) != u'口') {
            word   = TAIL_WORD_ROAD;
            length = 1;
        }
        if (word == TAIL_WORD_NONE || (i == from && word != TAIL_WORD_DEVZONE))
            continue;
        if (word == TAIL_WORD_ASSIST)
            break;
        if (!name_goes_on(tail, i + length, word)) {
            *kind = word;
            return i + length;
        }
        i += length - 1;
    }
    return i > from ? i : from + 1;
}

/* What belongs to a road's name behind its last word: 三段, 中四段, 北延线, and the direction in 黄海大道西268号. */
static size_t extend_road(const struct tail *tail, size_t end)
{
    static const char16_t *const parts[] = { u"延长线", u"延线", u"延伸段", u"辅路", u"复线", u"段", NULL };
    size_t                       i       = end;

    while (i < end + 3 &&
           (follow_is_one_of(tail_character(tail, i), u"东西南北中上下前后老新") ||
            address_is_digit(tail_character(tail, i)) || address_chinese_digit(tail_character(tail, i)) >= 0)) {
        i++;
        const size_t length = address_text_match_any(tail->text, i, parts);
        if (length != 0)
            return i + length;
    }
    const size_t part = address_text_match_any(tail->text, end, parts);
    if (part > 1 || (part == 1 && !address_is_han(tail_character(tail, end + 1))))
        return end + part;
    const uint32_t behind = tail_character(tail, end + 1);
    if (follow_is_one_of(tail_character(tail, end), u"东西南北中") &&
        (behind == 0 || address_is_digit(behind) || is_punctuation(behind) || opens_note(behind)))
        return end + 1;
    return end;
}

/* Taiwan's counties are not in the tables: 屏东县屏东市 by their endings alone. */
static size_t take_taiwan(struct tail *tail, size_t from)
{
    enum address_label label = ADDRESS_LABEL_CITY;

    for (size_t i = from + 1; i < from + 5 && label <= ADDRESS_LABEL_DISTRICT; i++) {
        if (!follow_is_one_of(tail_character(tail, i), u"县市区镇乡"))
            continue;
        tail_add_segment(tail, from, i + 1, label);
        label++;
        from = i + 1;
        i    = from;
    }
    return from;
}

/* Where an estate's name ends within a name that goes on: 海创园|龙潭路, 上海城|徐汇苑; 0 when it is one name. */
static size_t split_estate(const struct tail *tail, size_t from, size_t end, enum tail_word kind)
{
    enum { LEAST_BEFORE = 2, LEAST_BEHIND = 3 };
    const char16_t *const endings = kind == TAIL_WORD_ROAD ? u"园城谷港区" : u"城";

    if (kind != TAIL_WORD_ROAD && kind != TAIL_WORD_ESTATE)
        return 0;
    for (size_t i = end > LEAST_BEHIND ? end - LEAST_BEHIND : 0; i > from + LEAST_BEFORE; i--) {
        if (follow_is_one_of(tail_character(tail, i - 1), endings) && !follow_is_road(tail->text, i) &&
            !follow_is_one_of(tail_character(tail, i), u"市区镇乡里林内外东西南北中"))
            return i;
    }
    return 0;
}

static void take_place(struct tail *tail, size_t from, size_t end)
{
    const struct address *address = tail->address;
    char                  bytes[NAME_BYTES_MAX];
    enum address_label    label = address->poi.bytes == NULL ? ADDRESS_LABEL_POI : ADDRESS_LABEL_SUBPOI;

    /* A hamlet's or shop's name behind the number only decorates it. */
    if (address->number.bytes == NULL || address->road.bytes != NULL)
        label = tail_keep_place(tail, span_of(bytes, address_text_folded(tail->text, from, end, bytes, sizeof bytes)));
    tail_add_segment(tail, from, end, label);
}

/* A county that the tables do not know, before its town: 蓝城区白塔镇. */
static size_t take_unknown_county(struct tail *tail, size_t from, size_t end)
{
    enum { LONGEST = 4 };

    for (size_t i = from + 1; tail->level <= 4 && i < from + LONGEST && i + 3 < end; i++) {
        if (!follow_is_one_of(tail_character(tail, i), u"区县市"))
            continue;
        tail_add_segment(tail, from, i + 1, ADDRESS_LABEL_DISTRICT);
        return i + 1;
    }
    return from;
}

/* What the last word says, as far as the place of the name allows it. */
static enum tail_word settle_kind(const struct tail *tail, size_t from, size_t end, enum tail_word kind)
{
    enum { TOWN_LONGEST = 10, COMMUNITY_LONGEST = 12 };

    /* 曹杨三村12号 is a quarter of a city, 双柏三村12组 a village. */
    if (kind == TAIL_WORD_COMMUNITY && end - from >= 4 && tail_character(tail, end - 1) == u'村' &&
        address_chinese_digit(tail_character(tail, end - 2)) >= 0 && !follow_is_group(tail->text, end))
        return TAIL_WORD_ESTATE;
    if (kind == TAIL_WORD_TOWN && (tail->level >= 9 || end - from > TOWN_LONGEST))
        return TAIL_WORD_ESTATE;
    if (kind == TAIL_WORD_COMMUNITY &&
        (tail->address->community.bytes != NULL || tail->level >= 12 || end - from > COMMUNITY_LONGEST))
        return TAIL_WORD_ESTATE;
    return kind;
}

static size_t take_road(struct tail *tail, size_t from, size_t end)
{
    struct address *address = tail->address;

    end = extend_road(tail, end);
    tail_keep_name(tail, address->road.bytes == NULL ? &address->road : &address->subroad, from, end);
    tail_add_segment(tail, from, end, ADDRESS_LABEL_ROAD);
    return end;
}

/* 石坝子村民小组 and 石坝子组 are one: the end of what stands before the last word. */
static size_t group_stem_end(const struct tail *tail, size_t from, size_t end)
{
    size_t length;

    for (size_t i = from + 1; i < end; i++) {
        if (tail_name_word(tail->text, i, &length) == TAIL_WORD_GROUP && i + length == end)
            return i;
    }
    return end;
}

static size_t take_name(struct tail *tail, size_t from)
{
    struct address *address = tail->address;
    enum tail_word  kind;
    size_t          end = read_name(tail, from, &kind);

    kind = settle_kind(tail, from, end, kind);
    if (kind == TAIL_WORD_TOWN)
        from = take_unknown_county(tail, from, end);
    const size_t estate = split_estate(tail, from, end, kind);
    if (estate != 0) {
        take_place(tail, from, estate);
        from = estate;
    }
    switch (kind) {
    case TAIL_WORD_TOWN:
        tail_add_segment(tail, from, end, ADDRESS_LABEL_TOWN);
        tail_keep_name(tail, &address->town, from, end);
        break;
    case TAIL_WORD_COMMUNITY:
        tail_add_segment(tail, from, end, ADDRESS_LABEL_COMMUNITY);
        tail_keep_name(tail, &address->community, from, end);
        break;
    case TAIL_WORD_GROUP:
        tail_add_segment(tail, from, end, ADDRESS_LABEL_GROUP);
        tail_keep_name(tail, &address->group, from, group_stem_end(tail, from, end));
        break;
    case TAIL_WORD_ROAD:
        return take_road(tail, from, end);
    case TAIL_WORD_DEVZONE:
        tail_add_segment(tail, from, end, ADDRESS_LABEL_DEVZONE);
        break;
    case TAIL_WORD_ASSIST:
    case TAIL_WORD_ESTATE:
    case TAIL_WORD_NONE:
        take_place(tail, from, end);
        break;
    }
    return end;
}

/* ---- what is neither number nor name ---- */

/* The end of a bracketed note at `at`, or of the text. */
static size_t skip_note(const struct tail *tail, size_t at)
{
    size_t i = at + 1;

    while (i < tail->text->count && !follow_is_one_of(tail_character(tail, i), u")]】〕"))
        i++;
    return i < tail->text->count ? i + 1 : i;
}

/* A division said again in the middle: 武昌区中北路武汉市中北路171号. Its length, 0 when there is none. */
static size_t repeated_division(const struct tail *tail, size_t at)
{
    enum { WITH_SUFFIX = 3 };

    for (size_t i = 0; i < tail->path->hit_count; i++) {
        const struct division_hit *hit    = &tail->path->hits[i];
        const size_t               length = (size_t)(hit->to - hit->from);
        size_t                     same   = 0;
        while (same < length && tail_character(tail, at + same) == tail_character(tail, hit->from + same))
            same++;
        if (same == length && length >= WITH_SUFFIX &&
            follow_is_one_of(tail_character(tail, at + same - 1), u"省市区县"))
            return length;
    }
    return 0;
}

/* 对面 of something is not there; 东侧 may be a side of it, and a crossing is where it is. */
static bool says_beside(const struct tail *tail, size_t at)
{
    static const char16_t *const words[] = { u"对面", u"斜对面", u"旁",   u"附近", u"隔壁",
                                             u"后面", u"前面",   u"背后", NULL };

    return address_text_match_any(tail->text, at, words) != 0;
}

/* 与 between two roads that cross. */
static bool is_crossing(const struct tail *tail, size_t at)
{
    return tail_label_before(tail, at) == ADDRESS_LABEL_ROAD &&
           follow_is_one_of(tail_character(tail, at), u"与和及跟") && follow_has_named_road(tail->text, at + 1);
}

static size_t take_division(struct tail *tail, size_t at)
{
    const struct division_path *path = tail->path;

    for (size_t i = 0; i < path->hit_count; i++)
        tail_add_segment(tail, path->hits[i].from, path->hits[i].to, path->hits[i].label);
    return gazetteer_cut(tail->address->code, 2) == 710000000000u ? take_taiwan(tail, path->end)
                                                                  : (path->end > at ? path->end : at + 1);
}

static size_t take_next(struct tail *tail, size_t at)
{
    struct tail_number number;
    size_t             length;

    if (is_division(tail, at))
        return take_division(tail, at);

    if (opens_note(tail_character(tail, at))) {
        const size_t end = skip_note(tail, at);
        tail_add_segment(tail, at, end, ADDRESS_LABEL_REDUNDANT);
        return end;
    }
    if (is_punctuation(tail_character(tail, at)) || is_crossing(tail, at))
        return at + 1;
    if (tail_name_word(tail->text, at, &length) == TAIL_WORD_ASSIST) {
        tail_add_segment(tail, at, at + length, ADDRESS_LABEL_ASSIST);
        tail->address->is_beside |= says_beside(tail, at);
        return at + length;
    }
    if (tail_number_read(tail, at, &number))
        return tail_number_take(tail, at, &number);
    const size_t repeated = repeated_division(tail, at);
    if (repeated == 0)
        return take_name(tail, at);
    tail_add_segment(tail, at, at + repeated, ADDRESS_LABEL_REDUNDANT);
    return at + repeated;
}

void tail_read(struct tail *tail, size_t from)
{
    for (size_t at = from; at < tail->text->count;)
        at = take_next(tail, at);
}
