/* Looks ahead in the text; see address_follow.h.
 * Deliberately no dictionary: endings and digits alone. */
#include "matchers/address/address_follow.h"

bool follow_is_one_of(uint32_t character, const char16_t *set)
{
    for (; character != 0 && *set != 0; set++) {
        if (*set == character)
            return true;
    }
    return false;
}

bool follow_is_road(const struct address_text *text, size_t from)
{
    size_t i = from;

    while (i < text->count && i < from + 2 &&
           follow_is_one_of(text->characters[i], u"东西南北中上下前后新老一二三四五六七八九十0123456789"))
        i++;
    /* 五一路, 七一路, 八一路 have names of their own. */
    if (i == from + 2 && text->characters[i - 1] == u'一' && follow_is_one_of(text->characters[from], u"五七八"))
        return false;
    return i < text->count && (follow_is_one_of(text->characters[i], u"路街巷弄道") ||
                               address_text_match(text, i, u"大道") != 0 || address_text_match(text, i, u"大街") != 0 ||
                               address_text_match(text, i, u"国道") != 0 || address_text_match(text, i, u"胡同") != 0);
}

bool follow_has_named_road(const struct address_text *text, size_t from)
{
    /* 安定门外大街 is a road of its own. */
    if (follow_is_one_of(from < text->count ? text->characters[from] : 0, u"内外") && follow_is_road(text, from + 1))
        return false;
    for (size_t i = from; i < text->count && i < from + 6 && address_is_han(text->characters[i]); i++) {
        if (follow_is_one_of(text->characters[i], u"路街巷") || address_text_match(text, i, u"大道") != 0)
            return i >= from + 2;
    }
    return false;
}

bool follow_has_named_village(const struct address_text *text, size_t from)
{
    for (size_t i = from; i < text->count && i < from + 6 && address_is_han(text->characters[i]); i++) {
        if (text->characters[i] == u'村' || address_text_match(text, i, u"社区") != 0)
            return i >= from + 2;
    }
    return false;
}

/* The end of a run of numerals, 第 before them included. */
static size_t skip_numerals(const struct address_text *text, size_t from)
{
    size_t i = from;

    if (i < text->count && text->characters[i] == u'第')
        i++;
    while (i < text->count &&
           (address_is_digit(text->characters[i]) || address_chinese_digit(text->characters[i]) >= 0))
        i++;
    return i;
}

bool follow_is_number(const struct address_text *text, size_t from)
{
    if (from >= text->count)
        return true;
    const uint32_t next = text->characters[from];
    if (address_chinese_digit(next) < 0)
        return address_is_digit(next) || next == u'第' || next == u'组' || next == u'附';
    /* 东四十条 is a road, 东四十号 a house. */
    return follow_is_one_of(text->characters[skip_numerals(text, from)], u"组社队村居号单幢栋座楼层室");
}

bool follow_is_house(const struct address_text *text, size_t from)
{
    const size_t end = skip_numerals(text, from);

    if (from >= text->count || end == text->count || text->characters[from] == u'附')
        return true;
    if (end == from || follow_is_group(text, from))
        return end > from;
    return text->characters[end] == u'号' && !follow_is_one_of(text->characters[end + 1], u"楼院幢栋");
}

bool follow_is_group(const struct address_text *text, size_t from)
{
    const size_t end   = skip_numerals(text, from);
    const size_t first = from < text->count && text->characters[from] == u'第' ? from + 1 : from;

    return end > first && end < text->count && follow_is_one_of(text->characters[end], u"组社队村居");
}
