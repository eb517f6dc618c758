/* Finds where an address begins; see address_opening.h.
 * Deliberately only with words that no place name begins with. */
#include "matchers/address/address_opening.h"

#include "matchers/address/address_follow.h"

enum { LABEL_MOST = 10, POSTAL_CODE = 6, SEARCHED_MOST = 24, NAME_LEAST = 2, NAME_MOST = 7 };

static const char16_t *const openings[] = { u"中华人民共和国", u"中国", u"现住", u"户籍地", u"位于",     u"坐落于",
                                            u"家住",           u"地址", u"住址", u"现住址", u"户籍地址", NULL };

static size_t skip_note(const struct address_text *text, size_t at)
{
    size_t i = at;

    if (text->characters[i] != '(' && text->characters[i] != '[' && text->characters[i] != u'【')
        return at;
    while (i < text->count && !follow_is_one_of(text->characters[i], u")]】"))
        i++;
    return i < text->count ? i + 1 : at;
}

/* 400900重庆市: six digits right before a name. */
static size_t skip_postal_code(const struct address_text *text, size_t at)
{
    size_t i = at;

    while (i < text->count && address_is_digit(text->characters[i]))
        i++;
    return i == at + POSTAL_CODE && i < text->count && address_is_han(text->characters[i]) &&
                   !follow_is_one_of(text->characters[i], u"号室弄幢栋")
               ? i
               : at;
}

/* 总部地址:, 户籍所在地:, Han characters that say what follows. */
static size_t skip_label(const struct address_text *text, size_t at)
{
    bool says_place = false;

    for (size_t i = at; i < text->count && i < at + LABEL_MOST; i++) {
        if (text->characters[i] == ':')
            return says_place ? i + 1 : at;
        if (!address_is_han(text->characters[i]))
            return at;
        says_place |= follow_is_one_of(text->characters[i], u"址部籍住居点地位");
    }
    return at;
}

size_t address_opening_end(const struct address_text *text)
{
    size_t at = 0;

    for (size_t before = 1; at != before && at < text->count;) {
        before = at;
        at     = skip_note(text, at);
        at     = skip_label(text, at);
        at     = skip_postal_code(text, at);
        at += address_text_match_any(text, at, openings);
        while (at < text->count && follow_is_one_of(text->characters[at], u",.;:、。-|"))
            at++;
    }
    return at < text->count ? at : 0;
}

/* Reads from `from` when that gives a province or city that ends at `to`. */
static bool take_ending_at(const struct gazetteer *gazetteer, const struct address_text *text, size_t from, size_t to,
                           uint64_t hint, struct division_path *path)
{
    struct division_path found;

    division_search(gazetteer, text, from, hint, &found);
    if (found.hit_count == 0 || found.hits[0].from != from || found.hits[0].to != to ||
        (found.hits[0].label != ADDRESS_LABEL_PROVINCE && found.hits[0].label != ADDRESS_LABEL_CITY))
        return false;
    *path = found;
    return true;
}

void address_division_within(const struct gazetteer *gazetteer, const struct address_text *text, size_t from,
                             uint64_t hint, struct division_path *path)
{
    for (size_t i = from + NAME_LEAST; i < text->count && i < from + SEARCHED_MOST; i++) {
        if (!follow_is_one_of(text->characters[i], u"省市") || follow_is_one_of(text->characters[i + 1], u"场政民"))
            continue;
        const size_t first = i > from + NAME_MOST ? i - NAME_MOST : from;
        for (size_t at = first; at + NAME_LEAST <= i; at++) {
            if (take_ending_at(gazetteer, text, at, i + 1, hint, path))
                return;
        }
    }
}
