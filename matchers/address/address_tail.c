/* Grammar of the part behind the divisions; see address_tail.h.
 * Deliberately left to right and by endings: numbers with their unit words, names with their last word. */
#include "matchers/address/address_tail.h"

#include "matchers/address/address_follow.h"

enum { NUMBER_BYTES_MAX = 64, NAME_BYTES_MAX = 192 };

/* A number as it stands: optional 第 or 附, the body, the unit word. */
struct number {
    size_t         body, body_end, to;
    enum tail_unit unit;
    bool           is_sub; /* 附 */
    bool           is_chinese;
};

static uint32_t character_at(const struct tail *tail, size_t at)
{
    return at < tail->text->count ? tail->text->characters[at] : 0;
}

static bool is_letter(uint32_t character)
{
    return character >= 'A' && character <= 'Z';
}

static bool is_joint(uint32_t character)
{
    return character == '-' || character == '_' || character == '/' || character == '~' || character == '.' ||
           character == u'、' || (character >= 0x2010 && character <= 0x2015);
}

static bool is_stem_branch(uint32_t character)
{
    return character == u'甲' || character == u'乙' || character == u'丙' || character == u'丁' || character == u'特';
}

static bool is_punctuation(uint32_t character)
{
    return (character < 0x80 && !address_is_digit(character) && !is_letter(character) && character != '#' &&
            character != '(') ||
           (character >= 0x2010 && character <= 0x206f) || (character >= 0x3001 && character <= 0x3006) ||
           (character >= 0x3008 && character <= 0x303f && character != u'【') || character == 0xb7 ||
           character == 0xfffd;
}

/* ---- storing ---- */

static void add_segment(struct tail *tail, size_t from, size_t to, enum address_label label)
{
    if (from < to && tail->segment_count < TAIL_SEGMENTS_MAX)
        tail->segments[tail->segment_count++] = (struct tail_segment){ from, to, label };
}

static void keep(struct tail *tail, struct span *field, const char *bytes, size_t length)
{
    if (length == 0 || field->bytes != NULL)
        return;
    *field = arena_copy(tail->arena, span_of(bytes, length));
    tail->no_memory |= field->bytes == NULL;
}

static void keep_number(struct tail *tail, struct span *field, size_t from, size_t to)
{
    char bytes[NUMBER_BYTES_MAX];

    keep(tail, field, bytes, address_text_number(tail->text, from, to, bytes, sizeof bytes));
}

static void keep_name(struct tail *tail, struct span *field, size_t from, size_t to)
{
    char bytes[NAME_BYTES_MAX];

    keep(tail, field, bytes, address_text_folded(tail->text, from, to, bytes, sizeof bytes));
}

/* ---- numbers ---- */

static size_t skip_body(const struct tail *tail, size_t at, bool *is_chinese)
{
    size_t i = at;

    *is_chinese = false;
    while (address_is_digit(character_at(tail, i)) || is_letter(character_at(tail, i)) ||
           is_joint(character_at(tail, i)))
        i++;
    while (i > at && is_joint(character_at(tail, i - 1)))
        i--;
    /* F is the floor word behind a digit. */
    if (i > at + 1 && character_at(tail, i - 1) == 'F' && address_is_digit(character_at(tail, i - 2)))
        i--;
    if (i > at)
        return i;
    while (address_chinese_digit(character_at(tail, i)) >= 0)
        i++;
    *is_chinese = i > at;
    return i;
}

/* 1号、2号 is one number. */
static size_t skip_list(const struct tail *tail, size_t to)
{
    while (is_joint(character_at(tail, to)) && address_is_digit(character_at(tail, to + 1))) {
        size_t i = to + 1;
        while (address_is_digit(character_at(tail, i)))
            i++;
        if (character_at(tail, i) != u'号')
            return to;
        to = i + 1;
    }
    return to;
}

/* SOHO, TIT: letters only, two or more, are a name. */
static bool is_word(const struct tail *tail, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (!is_letter(character_at(tail, i)))
            return false;
    }
    return to >= from + 2;
}

/* Whether a number that means something stands at `at`. Chinese numerals need their unit word: 三角村 is a name. */
static bool read_number(const struct tail *tail, size_t at, struct number *number)
{
    size_t length;
    size_t i = at;

    /* 村民小组10组: the word comes twice. */
    const size_t doubled = address_text_match(tail->text, at, u"村民小组");
    if (doubled != 0 && address_is_digit(character_at(tail, at + doubled)))
        i += doubled;
    number->is_sub = character_at(tail, i) == u'附';
    if (number->is_sub || character_at(tail, i) == u'第')
        i++;
    number->body = i;
    if (is_stem_branch(character_at(tail, i)))
        i++;
    number->body_end = skip_body(tail, i, &number->is_chinese);
    if (number->body_end == i && !(i > number->body && character_at(tail, i) == u'号'))
        return false;
    number->unit = tail_number_unit(tail->text, number->body_end, &length);
    if (number->unit == TAIL_UNIT_NONE && is_word(tail, i, number->body_end))
        return false;
    number->to = number->body_end + (number->unit != TAIL_UNIT_NONE ? length : 0);
    if (number->unit == TAIL_UNIT_NUMBER && !number->is_sub)
        number->to = skip_list(tail, number->to);
    if (number->unit == TAIL_UNIT_ROAD)
        return false; /* 105国道, 三路: a name */
    if (number->unit == TAIL_UNIT_PART && number->is_chinese && number->body > at)
        return false;
    return !number->is_chinese || number->unit != TAIL_UNIT_NONE;
}

/* Splits 3-2-6-1 into the fields that are still open. */
static void keep_dashed(struct tail *tail, const char *bytes, size_t length)
{
    struct address *address = tail->address;
    struct span     parts[5];
    size_t          count = 0;

    for (size_t from = 0, i = 0; i <= length && count < 5; i++) {
        if (i < length && bytes[i] != '-')
            continue;
        parts[count++] = span_of(bytes + from, i - from);
        from           = i + 1;
    }
    struct span *open[4];
    size_t       open_count = 0;
    if (count == 4 || (count == 3 && address->building.bytes == NULL))
        open[open_count++] = &address->building;
    if (count >= 3)
        open[open_count++] = &address->unit;
    if (count != 3 && count != 1 && count != 5)
        open[open_count++] = &address->floor;
    open[open_count++] = &address->room;
    if (count == 5 || open_count != count) {
        keep(tail, &address->room, bytes, length);
        return;
    }
    for (size_t i = 0; i < count; i++)
        keep(tail, open[i], parts[i].bytes, parts[i].length);
}

static enum address_label take_room(struct tail *tail, const struct number *number)
{
    char         bytes[NUMBER_BYTES_MAX];
    const size_t length = address_text_number(tail->text, number->body, number->body_end, bytes, sizeof bytes);

    keep_dashed(tail, bytes, length);
    return ADDRESS_LABEL_ROOMNO;
}

/* 21-2号 is 21号附2号; 甲6 stays. */
static enum address_label take_road_number(struct tail *tail, const struct number *number)
{
    char         bytes[NUMBER_BYTES_MAX];
    const size_t length = address_text_number(tail->text, number->body, number->body_end, bytes, sizeof bytes);
    const char  *dash   = memchr(bytes, '-', length);

    if (dash == NULL || dash == bytes || memchr(dash + 1, '-', (size_t)(bytes + length - dash - 1)) != NULL) {
        keep(tail, &tail->address->number, bytes, length);
        return ADDRESS_LABEL_ROADNO;
    }
    keep(tail, &tail->address->number, bytes, (size_t)(dash - bytes));
    keep(tail, &tail->address->sub_number, dash + 1, (size_t)(bytes + length - dash - 1));
    return ADDRESS_LABEL_ROADNO;
}

static bool is_inside(const struct address *address)
{
    return address->building.bytes != NULL || address->unit.bytes != NULL || address->floor.bytes != NULL;
}

/* 号 alone: of the road, of the building in a lane, or of the room, by what came before. */
static enum address_label take_plain_number(struct tail *tail, const struct number *number)
{
    struct address *address = tail->address;

    if (number->is_sub) {
        keep_number(tail, &address->sub_number, number->body, number->body_end);
        return ADDRESS_LABEL_SUBROADNO;
    }
    for (size_t i = number->body, dashes = 0; i < number->body_end; i++) {
        dashes += is_joint(character_at(tail, i));
        if (dashes > 1)
            return take_room(tail, number);
    }
    if (is_inside(address))
        return take_room(tail, number);
    if (address->number.bytes == NULL)
        return take_road_number(tail, number);
    keep_number(tail, &address->building, number->body, number->body_end);
    return ADDRESS_LABEL_HOUSENO;
}

static enum address_label take_unitless(struct tail *tail, const struct number *number, size_t from)
{
    struct address *address      = tail->address;
    const bool      follows_road = tail->segment_count > 0 &&
                              tail->segments[tail->segment_count - 1].label == ADDRESS_LABEL_ROAD &&
                              tail->segments[tail->segment_count - 1].to == from;

    if (number->is_sub) {
        keep_number(tail, &address->sub_number, number->body, number->body_end);
        return ADDRESS_LABEL_SUBROADNO;
    }
    size_t dashes = 0;
    for (size_t i = number->body; i < number->body_end; i++)
        dashes += is_joint(character_at(tail, i));
    /* 3组27: a village house whose 号 was left out. */
    const bool is_house = address->group.bytes != NULL && address->road.bytes == NULL && address->poi.bytes == NULL &&
                          !is_inside(address) && dashes == 0;
    if ((follows_road || is_house) && address->number.bytes == NULL && dashes <= 1)
        return take_road_number(tail, number);
    return take_room(tail, number);
}

static size_t take_number(struct tail *tail, size_t at, const struct number *number)
{
    struct address    *address = tail->address;
    enum address_label label   = ADDRESS_LABEL_OTHER;
    struct span       *field   = NULL;

    switch (number->unit) {
    case TAIL_UNIT_GROUP:
        label = ADDRESS_LABEL_GROUP;
        field = &address->group;
        break;
    case TAIL_UNIT_BUILDING:
        label = ADDRESS_LABEL_HOUSENO;
        field = &address->building;
        break;
    case TAIL_UNIT_CELL:
        label = ADDRESS_LABEL_CELLNO;
        field = &address->unit;
        break;
    case TAIL_UNIT_FLOOR:
        label = ADDRESS_LABEL_FLOORNO;
        field = &address->floor;
        break;
    case TAIL_UNIT_ROOM:
        label = take_room(tail, number);
        break;
    case TAIL_UNIT_NUMBER:
        label = take_plain_number(tail, number);
        break;
    case TAIL_UNIT_LANE:
        label = ADDRESS_LABEL_ROADNO;
        field = &address->number;
        break;
    case TAIL_UNIT_YARD:
        label = address->poi.bytes != NULL ? ADDRESS_LABEL_SUBPOI : ADDRESS_LABEL_ROADNO;
        field = &address->number;
        break;
    case TAIL_UNIT_PART:
        label = ADDRESS_LABEL_SUBPOI;
        field = &address->sub_poi;
        break;
    case TAIL_UNIT_NONE:
    case TAIL_UNIT_ROAD:
        label = take_unitless(tail, number, at);
        break;
    }
    if (field != NULL)
        keep_number(tail, field, number->body, number->body_end);
    add_segment(tail, at, number->to, label);
    return number->to;
}

/* ---- names ---- */

/* A word that a longer name goes on behind: 深湾村路, 园区路, 街道. */
static bool name_goes_on(const struct tail *tail, size_t end, enum tail_word kind)
{
    size_t               length;
    const enum tail_word next = tail_name_word(tail->text, end, &length);

    if (kind == TAIL_WORD_ROAD && address_text_match(tail->text, end, u"口") != 0)
        return true;
    if (kind == TAIL_WORD_COMMUNITY && next == TAIL_WORD_COMMUNITY)
        return true; /* 楼村社区 */
    if (kind == TAIL_WORD_COMMUNITY && follow_is_road(tail->text, end))
        return true; /* 中关村南大街 */
    if (kind == TAIL_WORD_COMMUNITY && address_text_match(tail->text, end, u"服务") != 0)
        return true;
    /* 太平镇街村: town and village. */
    if (kind == TAIL_WORD_TOWN && next == TAIL_WORD_ROAD && address_text_match(tail->text, end + length, u"村") != 0)
        return false;
    if (next == TAIL_WORD_ROAD || next == TAIL_WORD_TOWN)
        return kind != TAIL_WORD_ROAD || next == TAIL_WORD_TOWN;
    return next == TAIL_WORD_ESTATE && (kind == TAIL_WORD_COMMUNITY || kind == TAIL_WORD_ESTATE) && length <= 2;
}

/* Where the name that begins at `from` ends, and what its last word makes of it. */
static size_t read_name(const struct tail *tail, size_t from, enum tail_word *kind)
{
    struct number number;
    size_t        i = from;

    *kind = TAIL_WORD_NONE;
    for (; i < tail->text->count; i++) {
        size_t         length;
        const uint32_t character = character_at(tail, i);
        if (is_punctuation(character) || character == '(' || character == u'【')
            break;
        /* A number ends the name; numerals right at its beginning belong to it. */
        if (i > from && read_number(tail, i, &number) && (number.is_chinese || !is_letter(character) || i > from + 1))
            break;
        const enum tail_word word = i > from ? tail_name_word(tail->text, i, &length) : TAIL_WORD_NONE;
        if (word == TAIL_WORD_NONE)
            continue;
        if (!name_goes_on(tail, i + length, word)) {
            *kind = word;
            return i + length;
        }
    }
    return i > from ? i : from + 1;
}

static size_t extend_road(const struct tail *tail, size_t end)
{
    static const char16_t *const parts[] = { u"东段", u"西段", u"南段", u"北段", u"中段", u"一段",
                                             u"二段", u"三段", u"四段", u"上段", u"下段", NULL };
    const size_t                 length  = address_text_match_any(tail->text, end, parts);

    if (length != 0)
        return end + length;
    /* 4段, and the direction in 黄海大道西268号. */
    const uint32_t next = character_at(tail, end);
    if (address_is_digit(next) && character_at(tail, end + 1) == u'段')
        return end + 2;
    const uint32_t behind = character_at(tail, end + 1);
    if ((next == u'东' || next == u'西' || next == u'南' || next == u'北') && (behind == 0 || address_is_digit(behind)))
        return end + 1;
    return end;
}

/* Taiwan's counties are not in the tables: 屏东县屏东市 by their endings alone. */
static size_t take_taiwan(struct tail *tail, size_t from)
{
    enum address_label label = ADDRESS_LABEL_CITY;

    for (size_t i = from + 1; i < from + 5 && label <= ADDRESS_LABEL_DISTRICT; i++) {
        const uint32_t character = character_at(tail, i);
        if (character != u'县' && character != u'市' && character != u'区' && character != u'镇' && character != u'乡')
            continue;
        add_segment(tail, from, i + 1, label);
        label++;
        from = i + 1;
        i    = from;
    }
    return from;
}

static size_t take_name(struct tail *tail, size_t from)
{
    struct address    *address = tail->address;
    enum tail_word     kind;
    enum address_label label = ADDRESS_LABEL_POI;
    size_t             length;

    if (tail_name_word(tail->text, from, &length) == TAIL_WORD_ASSIST) {
        add_segment(tail, from, from + length, ADDRESS_LABEL_ASSIST);
        return from + length;
    }
    size_t end = read_name(tail, from, &kind);

    if (kind == TAIL_WORD_TOWN && (tail->level >= 9 || end - from > 8))
        kind = TAIL_WORD_ESTATE;
    if (kind == TAIL_WORD_COMMUNITY && (address->community.bytes != NULL || tail->level >= 12 || end - from > 9))
        kind = TAIL_WORD_ESTATE;
    switch (kind) {
    case TAIL_WORD_TOWN:
        label = ADDRESS_LABEL_TOWN;
        keep_name(tail, &address->town, from, end);
        break;
    case TAIL_WORD_COMMUNITY:
        label = ADDRESS_LABEL_COMMUNITY;
        keep_name(tail, &address->community, from, end);
        break;
    case TAIL_WORD_GROUP:
        label = ADDRESS_LABEL_GROUP;
        keep_name(tail, &address->group, from, end);
        break;
    case TAIL_WORD_ROAD:
        end   = extend_road(tail, end);
        label = ADDRESS_LABEL_ROAD;
        keep_name(tail, address->road.bytes == NULL ? &address->road : &address->subroad, from, end);
        break;
    case TAIL_WORD_DEVZONE:
        label = ADDRESS_LABEL_DEVZONE;
        break;
    case TAIL_WORD_ASSIST:
        label = ADDRESS_LABEL_ASSIST;
        break;
    case TAIL_WORD_ESTATE:
    case TAIL_WORD_NONE:
        label = address->poi.bytes == NULL ? ADDRESS_LABEL_POI : ADDRESS_LABEL_SUBPOI;
        /* A hamlet's or shop's name behind the number only decorates it. */
        if (address->number.bytes == NULL || address->road.bytes != NULL)
            keep_name(tail, address->poi.bytes == NULL ? &address->poi : &address->sub_poi, from, end);
        break;
    }
    add_segment(tail, from, end, label);
    return end;
}

/* The end of a bracketed note at `at`, or of the text. */
static size_t skip_note(const struct tail *tail, size_t at)
{
    size_t i = at + 1;

    while (i < tail->text->count && character_at(tail, i) != ')' && character_at(tail, i) != u'】')
        i++;
    return i < tail->text->count ? i + 1 : i;
}

void tail_read(struct tail *tail, size_t from)
{
    struct number number;

    if (gazetteer_cut(tail->address->code, 2) == 710000000000u)
        from = take_taiwan(tail, from);
    for (size_t at = from; at < tail->text->count;) {
        const uint32_t character = character_at(tail, at);
        if (character == '(' || character == u'【') {
            const size_t end = skip_note(tail, at);
            add_segment(tail, at, end, ADDRESS_LABEL_REDUNDANT);
            at = end;
        } else if (is_punctuation(character)) {
            at++;
        } else if (read_number(tail, at, &number)) {
            at = take_number(tail, at, &number);
        } else {
            at = take_name(tail, at);
        }
    }
}
