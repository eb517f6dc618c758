/* Parses an address: divisions by search, the rest by grammar, both put together here.
 * Deliberately keeps no state: everything lives in the caller's arena. */
#include "matchers/address/address.h"

#include "matchers/address/address_division.h"
#include "matchers/address/address_opening.h"
#include "matchers/address/address_repair.h"
#include "matchers/address/address_tail.h"
#include "matchers/address/gazetteer_format.h"

static const char16_t *const placeholders[] = { u"不详",       u"同上",   u"无",     u"未知", u"不明",     u"暂无",
                                                u"无固定住所", u"不知道", u"待核实", u"待查", u"地址不详", u"无地址",
                                                u"住址不详",   u"未填写", u"同户籍", NULL };
static bool                  is_placeholder(const struct address_text *text)
{
    return text->count != 0 && address_text_match_any(text, 0, placeholders) == text->count;
}

/* Zero padded, whatever length it came in; 0 when it is no division code. */
static uint64_t padded_hint(uint64_t hint)
{
    uint64_t digits = 0;

    for (uint64_t rest = hint; rest != 0; rest /= 10)
        digits++;
    if (digits < 2 || digits > 12)
        return 0;
    for (; digits < 12; digits++)
        hint *= 10;
    return hint;
}

/* ---- segments ---- */

static bool append(const struct address_text *text, struct address *out, size_t capacity, size_t from, size_t to,
                   enum address_label label)
{
    const struct span part = address_text_span(text, from, to);
    if (part.length == 0 || out->segment_count + 2 > capacity)
        return false;

    /* What lies between two parts is spaces and punctuation. */
    const char *end = text->source.bytes;
    if (out->segment_count != 0) {
        const struct span last = out->segments[out->segment_count - 1].text;
        end                    = last.bytes + last.length;
    }
    if (part.bytes > end)
        out->segments[out->segment_count++] =
            (struct address_segment){ span_of(end, (size_t)(part.bytes - end)), ADDRESS_LABEL_OTHER };
    out->segments[out->segment_count++] = (struct address_segment){ part, label };
    return true;
}

static bool write_segments(const struct address_text *text, const struct tail *tail, struct arena *arena,
                           struct address *out)
{
    const size_t capacity = 2 * tail->segment_count + 2;

    out->segments = arena_alloc(arena, capacity, sizeof *out->segments);
    if (out->segments == NULL)
        return false;
    for (size_t i = 0; i < tail->segment_count; i++)
        append(text, out, capacity, tail->segments[i].from, tail->segments[i].to, tail->segments[i].label);
    return true;
}

/* ---- division ---- */

/* The part all codes share. */
static uint64_t common_division(const uint64_t *codes, size_t count)
{
    static const unsigned levels[] = { 12, 9, 6, 4, 2 };

    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        const uint64_t cut  = gazetteer_cut(codes[0], levels[i]);
        bool           same = true;
        for (size_t j = 0; j < count && same; j++)
            same = gazetteer_cut(codes[j], levels[i]) == cut;
        if (same)
            return cut;
    }
    return 0;
}

static void settle_division(const struct division_path *path, uint64_t hint, struct address *out)
{
    if (path->set_count == 0) {
        out->code              = hint;
        out->code_is_from_hint = hint != 0;
    } else if (path->set_count == 1) {
        out->code = path->set[0];
    } else {
        out->code = common_division(path->set, path->set_count);
        for (size_t i = 0; i < path->set_count && i < ADDRESS_CANDIDATES_MAX; i++)
            out->candidates[out->candidate_count++] = path->set[i];
    }
    out->level = gazetteer_level(out->code);
    /* A hint below what the text says refines it. */
    if (out->candidate_count == 0 && hint != 0 && gazetteer_level(hint) > out->level && out->level != 0 &&
        gazetteer_cut(hint, out->level) == out->code) {
        out->code              = hint;
        out->level             = gazetteer_level(hint);
        out->code_is_from_hint = true;
    }
}

/* An estate or hamlet of the operator's list says the community. */
static void settle_place(const struct gazetteer *gazetteer, struct address *out)
{
    const struct span names[] = { out->poi, out->group, out->community };

    for (size_t i = 0; i < sizeof names / sizeof names[0] && out->level >= 6 && out->level < 12; i++) {
        const uint64_t code = gazetteer_lead(gazetteer, names[i], GAZETTEER_PLACE, out->code);
        if (code == 0)
            continue;
        out->code  = code;
        out->level = gazetteer_level(code);
    }
}

enum address_status address_parse(const struct gazetteer *gazetteer, struct span text, uint64_t area_code_hint,
                                  struct arena *arena, struct address *out)
{
    struct address_text  characters;
    struct division_path path;
    const uint64_t       hint = padded_hint(area_code_hint);

    *out = (struct address){ 0 };
    address_text_read(&characters, text);
    if (characters.count == 0 || is_placeholder(&characters)) {
        out->is_placeholder = true;
        return ADDRESS_EMPTY;
    }
    const size_t start = address_opening_end(&characters);
    division_search(gazetteer, &characters, start, hint, &path);
    if (path.hit_count == 0)
        address_division_within(gazetteer, &characters, start, hint, &path);
    address_repair_town(gazetteer, &characters, &path);
    settle_division(&path, hint, out);

    struct tail tail = { .text = &characters, .path = &path, .arena = arena, .address = out, .level = out->level };
    tail_read(&tail, start);
    if (tail.no_memory || !write_segments(&characters, &tail, arena, out))
        return ADDRESS_NO_MEMORY;
    settle_place(gazetteer, out);
    if (out->candidate_count != 0)
        return ADDRESS_AMBIGUOUS;
    return out->segment_count != 0 || out->code != 0 ? ADDRESS_OK : ADDRESS_EMPTY;
}

/* ---- standard form ---- */

struct writer {
    char  *bytes;
    size_t used, size;
};

static void write_span(struct writer *writer, struct span text)
{
    if (text.length > writer->size - writer->used)
        return;
    if (text.length != 0)
        memcpy(writer->bytes + writer->used, text.bytes, text.length);
    writer->used += text.length;
}

static void write_field(struct writer *writer, const char *before, struct span field, const char *behind)
{
    if (field.bytes == NULL)
        return;
    write_span(writer, span_from_text(before));
    write_span(writer, field);
    write_span(writer, span_from_text(behind));
}

static bool is_filler_name(struct span name)
{
    return span_equals_text(name, "市辖区") || span_equals_text(name, "县") ||
           (name.length > 18 && memcmp(name.bytes + (name.bytes[0] == '\xe7' ? 3 : 9), "直辖", 6) == 0);
}

static bool ends_with_digit(struct span text)
{
    return text.length != 0 && (unsigned char)text.bytes[text.length - 1] < 0x80;
}

/* 2216弄, whose buildings have numbers of their own. */
static bool is_lane(const struct address *address)
{
    return address->number.length != 0 && !ends_with_digit(address->number);
}

/* 21号附2号, 590弄72支弄. */
static void write_number(struct writer *writer, const struct address *address)
{
    write_field(writer, "", address->number, is_lane(address) ? "" : "号");
    if (address->sub_number.bytes != NULL && !ends_with_digit(address->sub_number))
        write_span(writer, address->sub_number);
    else
        write_field(writer, "附", address->sub_number, "号");
}

struct span address_standard_form(const struct gazetteer *gazetteer, const struct address *address, struct arena *arena)
{
    static const unsigned levels[] = { 2, 4, 6, 9, 12 };
    char                  bytes[1024];
    struct writer         writer = { .bytes = bytes, .size = sizeof bytes };

    for (size_t i = 0; i < sizeof levels / sizeof levels[0] && levels[i] <= address->level; i++) {
        const uint64_t code = gazetteer_cut(address->code, levels[i]);
        if (i > 0 && code == gazetteer_cut(address->code, levels[i - 1]))
            continue;
        const struct span name = gazetteer_name(gazetteer, code);
        if (!is_filler_name(name))
            write_span(&writer, name);
    }
    write_field(&writer, "", address->town, "");
    write_field(&writer, "", address->community, "");
    write_field(&writer, "", address->group, "组");
    write_field(&writer, "", address->road, "");
    write_field(&writer, "", address->subroad, "");
    write_number(&writer, address);
    write_field(&writer, "", address->poi, "");
    write_field(&writer, "", address->sub_poi, "");
    write_field(&writer, "", address->building, is_lane(address) ? "号" : "幢");
    write_field(&writer, "", address->unit, "单元");
    write_field(&writer, "", address->floor, "楼");
    write_field(&writer, "", address->room, address->floor.bytes != NULL && address->room.length < 3 ? "号" : "室");
    return arena_copy(arena, span_of(bytes, writer.used));
}
