/* Reads and stores numbers; see address_number.h.
 * What a bare number means is told by what stands before it, never by its size alone. */
#include "matchers/address/address_number.h"

#include "matchers/address/address_follow.h"

enum { NUMBER_BYTES_MAX = 64, PARTS_MAX = 5, ROW_LEAST_DIGITS = 2 };

static bool is_stem_branch(uint32_t character)
{
    return follow_is_one_of(character, u"甲乙丙丁戊特临");
}

/* ---- reading ---- */

/* Whether 之 or 甲 at `i` goes on in a number's body: 373之1号, 8甲1号, 12甲号. */
static bool body_goes_on(const struct tail *tail, size_t i)
{
    const uint32_t character = tail_character(tail, i), next = tail_character(tail, i + 1);

    if (!address_is_digit(tail_character(tail, i - 1)))
        return false;
    if (character == u'之')
        return address_is_digit(next) || address_chinese_digit(next) >= 0;
    return is_stem_branch(character) && (address_is_digit(next) || next == u'号');
}

/* A space ends a number, unless a dash stands beside it. */
static bool is_cut(const struct tail *tail, size_t i)
{
    return address_text_has_gap(tail->text, i) && !tail_is_joint(tail_character(tail, i)) &&
           !tail_is_joint(tail_character(tail, i - 1));
}

static size_t skip_ascii(const struct tail *tail, size_t at)
{
    size_t i = at;

    while (i < tail->text->count && (i == at || !is_cut(tail, i))) {
        const uint32_t character = tail_character(tail, i);
        if (i > at && body_goes_on(tail, i)) {
            i++;
            while (address_chinese_digit(tail_character(tail, i)) >= 0)
                i++;
            continue;
        }
        if (!address_is_digit(character) && !tail_is_letter(character) && !tail_is_joint(character))
            break;
        i++;
    }
    while (i > at && tail_is_joint(tail_character(tail, i - 1)))
        i--;
    /* F is the floor word behind a digit. */
    if (i > at + 1 && tail_character(tail, i - 1) == 'F' && address_is_digit(tail_character(tail, i - 2)))
        i--;
    return i;
}

static size_t skip_body(const struct tail *tail, size_t at, bool *is_chinese)
{
    size_t i = skip_ascii(tail, at);

    *is_chinese = false;
    if (i > at)
        return i;
    while (address_chinese_digit(tail_character(tail, i)) >= 0)
        i++;
    *is_chinese = i > at;
    return i;
}

/* 1号、2号 is one number. */
static size_t skip_list(const struct tail *tail, size_t to)
{
    while (tail_is_joint(tail_character(tail, to)) && address_is_digit(tail_character(tail, to + 1))) {
        size_t i = to + 1;
        while (address_is_digit(tail_character(tail, i)))
            i++;
        if (tail_character(tail, i) != u'号')
            return to;
        to = i + 1;
    }
    return to;
}

/* SOHO, TIT: letters only, two or more, are a name. */
static bool is_word(const struct tail *tail, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (!tail_is_letter(tail_character(tail, i)))
            return false;
    }
    return to >= from + 2;
}

static size_t count_joints(const struct tail *tail, size_t from, size_t to)
{
    size_t joints = 0;

    for (size_t i = from; i < to; i++)
        joints += tail_is_joint(tail_character(tail, i)) || tail_character(tail, i) == u'之';
    return joints;
}

static bool is_inside(const struct address *address)
{
    return address->building.bytes != NULL || address->unit.bytes != NULL || address->floor.bytes != NULL;
}

/* B12C四层: another number comes, in Chinese. */
static bool floor_follows(const struct tail *tail, size_t at)
{
    size_t i = at, length;

    while (address_chinese_digit(tail_character(tail, i)) >= 0)
        i++;
    return i > at && tail_number_unit(tail->text, i, &length) != TAIL_UNIT_NONE;
}

/* A number without a unit word that a name goes on behind: IOT未来城, 798艺术区, K11. */
static bool begins_name(const struct tail *tail, size_t at, const struct tail_number *number)
{
    const struct address *address    = tail->address;
    const bool            has_letter = tail_is_letter(tail_character(tail, number->body));
    const bool            is_on_road = tail_label_before(tail, at) == ADDRESS_LABEL_ROAD;

    if (is_word(tail, number->body, number->body_end))
        return true;
    if (is_on_road && has_letter && count_joints(tail, number->body, number->body_end) == 0)
        return number->body_end - number->body > 1;
    if (!address_is_han(tail_character(tail, number->body_end)) || address_text_has_gap(tail->text, number->body_end))
        return false;
    if (floor_follows(tail, number->body_end))
        return false;
    if (has_letter)
        return true;
    const bool is_house = address->group.bytes != NULL && address->road.bytes == NULL;
    return !is_on_road && !is_house && !is_inside(address) && count_joints(tail, number->body, number->body_end) == 0;
}

/* What stands before the digits: 第, 附, 之, 负, 自编; the doubled word of 村民小组10组. */
static size_t read_prefix(const struct tail *tail, size_t at, struct tail_number *number)
{
    const struct address_text *text        = tail->text;
    const uint32_t             first       = tail_character(tail, at);
    const size_t               double_word = address_text_match(text, at, u"村民小组");
    const enum address_label   before      = tail_label_before(tail, at);
    size_t                     length;

    if (double_word != 0 && address_is_digit(tail_character(tail, at + double_word)))
        return at + double_word;
    if (first == u'附' || (first == u'之' && before != ADDRESS_LABEL_OTHER)) {
        number->is_sub = true;
        return at + 1;
    }
    if (first == u'第')
        return at + 1;
    length = address_text_match(text, at, u"自编");
    if (length != 0)
        return at + length + address_text_match(text, at + length, u"号");
    length           = address_text_match(text, at, u"地下");
    length           = length != 0 ? length : first == u'负' ? 1 : 0;
    number->is_below = length != 0;
    return at + length;
}

static bool unit_fits(const struct tail *tail, size_t at, const struct tail_number *number)
{
    size_t               length;
    const enum tail_word next = tail_name_word(tail->text, number->to, &length);
    const enum tail_unit unit = number->unit;

    if (unit == TAIL_UNIT_NAME || (number->is_below && unit != TAIL_UNIT_FLOOR))
        return false;
    if (number->is_chinese) {
        /* 八一村, 三门, 三房村, 二号路: names. */
        if (unit == TAIL_UNIT_NONE || unit == TAIL_UNIT_VILLAGE)
            return number->is_sub && unit == TAIL_UNIT_NONE;
        if (unit == TAIL_UNIT_CELL && number->to == number->body_end + 1 &&
            tail_character(tail, number->body_end) == u'门')
            return false;
        if (next == TAIL_WORD_COMMUNITY || next == TAIL_WORD_ROAD || next == TAIL_WORD_TOWN)
            return unit == TAIL_UNIT_GROUP || unit == TAIL_UNIT_NUMBER;
        return unit != TAIL_UNIT_PART || number->body == at;
    }
    return unit != TAIL_UNIT_NONE || number->is_sub || !begins_name(tail, at, number);
}

bool tail_number_read(const struct tail *tail, size_t at, struct tail_number *number)
{
    size_t length;

    *number      = (struct tail_number){ 0 };
    size_t i     = read_prefix(tail, at, number);
    number->body = i;
    if (is_stem_branch(tail_character(tail, i)))
        i++;
    number->body_end = skip_body(tail, i, &number->is_chinese);
    if (number->body_end == i && !(i > number->body && tail_character(tail, i) == u'号'))
        return false;
    number->unit = tail_number_unit(tail->text, number->body_end, &length);
    number->to   = number->body_end + (number->unit != TAIL_UNIT_NONE ? length : 0);
    if (number->unit == TAIL_UNIT_NUMBER && !number->is_sub)
        number->to = skip_list(tail, number->to);
    return unit_fits(tail, at, number);
}

/* ---- storing ---- */

static bool is_digits(struct span text, size_t least)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    }
    return text.length >= least;
}

/* 5-702: building or unit and room; 12-1203 and 6-1: floor and room; 2608-2610: one room. */
static void keep_two(struct tail *tail, struct span first, struct span second, struct span whole)
{
    struct address *address = tail->address;

    if (is_digits(second, 3)) {
        const bool is_floor = first.length + 2 == second.length && memcmp(first.bytes, second.bytes, first.length) == 0;
        if (is_digits(first, 3)) {
            tail_keep(tail, &address->room, whole.bytes, whole.length);
            return;
        }
        if (!is_floor)
            tail_keep(tail, address->building.bytes == NULL ? &address->building : &address->unit, first.bytes,
                      first.length);
        tail_keep(tail, &address->room, second.bytes, second.length);
        return;
    }
    tail_keep(tail, &address->floor, first.bytes, first.length);
    tail_keep(tail, &address->room, second.bytes, second.length);
}

/* Splits 3-2-6-1 into the fields that are still open. */
static void keep_dashed(struct tail *tail, const char *bytes, size_t length)
{
    struct address *address = tail->address;
    struct span     parts[PARTS_MAX];
    size_t          count = 0;

    for (size_t from = 0, i = 0; i <= length && count < PARTS_MAX; i++) {
        if (i < length && bytes[i] != '-')
            continue;
        parts[count++] = span_of(bytes + from, i - from);
        from           = i + 1;
    }
    if (count == 2) {
        keep_two(tail, parts[0], parts[1], span_of(bytes, length));
        return;
    }
    struct span *open[4];
    size_t       open_count = 0;
    if (count == 4 || (count == 3 && address->building.bytes == NULL))
        open[open_count++] = &address->building;
    if (count >= 3)
        open[open_count++] = &address->unit;
    if (count == 4 || (count == 3 && open_count == 1))
        open[open_count++] = &address->floor;
    open[open_count++] = &address->room;
    if (count == PARTS_MAX || open_count != count) {
        tail_keep(tail, &address->room, bytes, length);
        return;
    }
    for (size_t i = 0; i < count; i++)
        tail_keep(tail, open[i], parts[i].bytes, parts[i].length);
}

static enum address_label take_room(struct tail *tail, const struct tail_number *number)
{
    char         bytes[NUMBER_BYTES_MAX];
    const size_t length = address_text_number(tail->text, number->body, number->body_end, bytes, sizeof bytes);

    keep_dashed(tail, bytes, length);
    return ADDRESS_LABEL_ROOMNO;
}

/* The value of up to nine digits; 0 when there are other bytes. */
static unsigned long value_of(const char *bytes, size_t length)
{
    unsigned long value = 0;

    for (size_t i = 0; i < length; i++) {
        if (bytes[i] < '0' || bytes[i] > '9' || length > 9)
            return 0;
        value = value * 10 + (unsigned long)(bytes[i] - '0');
    }
    return value;
}

/* 21-2号 and a village's 1-2号 are 21号附2号 and 1号附2号; 28-36号 of a road is a row of houses, 甲6 stays. */
static enum address_label take_road_number(struct tail *tail, const struct tail_number *number)
{
    char         bytes[NUMBER_BYTES_MAX];
    const size_t length = address_text_number(tail->text, number->body, number->body_end, bytes, sizeof bytes);
    const char  *dash   = memchr(bytes, '-', length);
    const size_t first  = dash != NULL ? (size_t)(dash - bytes) : length;
    const size_t rest   = dash != NULL ? length - first - 1 : 0;

    const bool is_row = rest >= ROW_LEAST_DIGITS && tail->address->group.bytes == NULL &&
                        value_of(dash + 1, rest) > value_of(bytes, first);
    if (first == 0 || rest == 0 || is_row || memchr(dash + 1, '-', rest) != NULL) {
        tail_keep(tail, &tail->address->number, bytes, length);
        return ADDRESS_LABEL_ROADNO;
    }
    tail_keep(tail, &tail->address->number, bytes, first);
    tail_keep(tail, &tail->address->sub_number, dash + 1, rest);
    return ADDRESS_LABEL_ROADNO;
}

/* 附3号, 之三: of the house; behind a floor or building of the room. */
static enum address_label take_sub(struct tail *tail, const struct tail_number *number)
{
    struct address *address = tail->address;
    const bool      is_room = is_inside(address);

    tail_keep_number(tail, is_room ? &address->room : &address->sub_number, number->body, number->body_end);
    return is_room ? ADDRESS_LABEL_ROOMNO : ADDRESS_LABEL_SUBROADNO;
}

/* 号 alone: of the road, of the building in a lane, or of the room, by what came before. */
static enum address_label take_plain_number(struct tail *tail, const struct tail_number *number)
{
    struct address *address = tail->address;

    if (count_joints(tail, number->body, number->body_end) > 1 || is_inside(address))
        return take_room(tail, number);
    if (address->number.bytes == NULL)
        return take_road_number(tail, number);
    tail_keep_number(tail, &address->building, number->body, number->body_end);
    return ADDRESS_LABEL_HOUSENO;
}

static enum address_label take_unitless(struct tail *tail, const struct tail_number *number, size_t from)
{
    struct address          *address = tail->address;
    const enum address_label before  = tail_label_before(tail, from);
    const size_t             joints  = count_joints(tail, number->body, number->body_end);

    /* 3组27, 复隆村27: a village house whose 号 was left out. */
    const bool is_village = address->group.bytes != NULL || before == ADDRESS_LABEL_COMMUNITY;
    const bool is_house =
        is_village && address->road.bytes == NULL && address->poi.bytes == NULL && !is_inside(address) && joints == 0;
    if ((before == ADDRESS_LABEL_ROAD || is_house) && address->number.bytes == NULL && joints <= 1)
        return take_road_number(tail, number);
    return take_room(tail, number);
}

/* The number with its unit word: 2216弄, 45支弄, 11区. */
static size_t named_number(const struct tail *tail, const struct tail_number *number, char *bytes)
{
    const size_t length = address_text_number(tail->text, number->body, number->body_end, bytes, NUMBER_BYTES_MAX);

    return length +
           address_text_folded(tail->text, number->body_end, number->to, bytes + length, NUMBER_BYTES_MAX - length);
}

static void keep_lane(struct tail *tail, struct span *field, const struct tail_number *number)
{
    char bytes[NUMBER_BYTES_MAX];

    tail_keep(tail, field, bytes, named_number(tail, number, bytes));
}

static enum address_label take_part(struct tail *tail, const struct tail_number *number)
{
    char bytes[NUMBER_BYTES_MAX];

    return tail_keep_place(tail, span_of(bytes, named_number(tail, number, bytes)));
}

static enum address_label take_floor(struct tail *tail, const struct tail_number *number)
{
    char         bytes[NUMBER_BYTES_MAX];
    const size_t sign   = number->is_below;
    const size_t length = address_text_number(tail->text, number->body, number->body_end, bytes + 1, sizeof bytes - 1);

    bytes[0] = '-';
    tail_keep(tail, &tail->address->floor, bytes + 1 - sign, length + sign);
    return ADDRESS_LABEL_FLOORNO;
}

/* 805楼 is a building of an estate, 8楼 a floor. */
static bool is_building(const struct tail *tail, const struct tail_number *number)
{
    enum { HIGHEST_FLOOR_DIGITS = 2 };
    size_t digits = 0;

    while (number->body + digits < number->body_end && address_is_digit(tail_character(tail, number->body + digits)))
        digits++;
    return digits > HIGHEST_FLOOR_DIGITS && number->body + digits == number->body_end &&
           number->to == number->body_end + 1 && tail_character(tail, number->body_end) == u'楼';
}

static enum address_label take_village(struct tail *tail, const struct tail_number *number)
{
    if (tail->level >= 12 || tail->address->community.bytes != NULL)
        return take_part(tail, number);
    tail_keep_name(tail, &tail->address->community, number->body, number->to);
    return ADDRESS_LABEL_COMMUNITY;
}

/* Units that number one field each. */
static enum address_label take_field(struct tail *tail, const struct tail_number *number)
{
    struct address    *address = tail->address;
    struct span       *field   = &address->group;
    enum address_label label   = ADDRESS_LABEL_GROUP;

    if (number->unit == TAIL_UNIT_BUILDING || number->unit == TAIL_UNIT_FLOOR) {
        field = &address->building;
        label = ADDRESS_LABEL_HOUSENO;
    } else if (number->unit == TAIL_UNIT_CELL) {
        field = &address->unit;
        label = ADDRESS_LABEL_CELLNO;
    } else if (number->unit == TAIL_UNIT_YARD) {
        field = &address->number;
        label = address->poi.bytes != NULL ? ADDRESS_LABEL_SUBPOI : ADDRESS_LABEL_ROADNO;
    }
    tail_keep_number(tail, field, number->body, number->body_end);
    return label;
}

static enum address_label take_unit(struct tail *tail, size_t at, const struct tail_number *number)
{
    struct address *address = tail->address;

    switch (number->unit) {
    case TAIL_UNIT_GROUP:
    case TAIL_UNIT_BUILDING:
    case TAIL_UNIT_CELL:
    case TAIL_UNIT_YARD:
        return take_field(tail, number);
    case TAIL_UNIT_VILLAGE:
        return take_village(tail, number);
    case TAIL_UNIT_TOWN:
        tail_keep_name(tail, &address->town, at, number->to);
        return ADDRESS_LABEL_TOWN;
    case TAIL_UNIT_FLOOR:
        return is_building(tail, number) ? take_field(tail, number) : take_floor(tail, number);
    case TAIL_UNIT_ROOM:
        return take_room(tail, number);
    case TAIL_UNIT_NUMBER:
        return take_plain_number(tail, number);
    case TAIL_UNIT_LANE:
        keep_lane(tail, &address->number, number);
        return ADDRESS_LABEL_ROADNO;
    case TAIL_UNIT_SUBLANE:
        keep_lane(tail, &address->sub_number, number);
        return ADDRESS_LABEL_SUBROADNO;
    case TAIL_UNIT_PART:
        return take_part(tail, number);
    case TAIL_UNIT_DISTANCE:
        return ADDRESS_LABEL_ASSIST;
    case TAIL_UNIT_NONE:
    case TAIL_UNIT_NAME:
        break;
    }
    return take_unitless(tail, number, at);
}

size_t tail_number_take(struct tail *tail, size_t at, const struct tail_number *number)
{
    const bool is_sub = number->is_sub && (number->unit == TAIL_UNIT_NUMBER || number->unit == TAIL_UNIT_NONE);

    tail_add_segment(tail, at, number->to, is_sub ? take_sub(tail, number) : take_unit(tail, at, number));
    return number->to;
}
