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
           follow_is_one_of(text->characters[i], u"东西南北中上下前后新老一二三四五六七八九十"))
        i++;
    return i < text->count && (follow_is_one_of(text->characters[i], u"路街巷弄道") ||
                               address_text_match(text, i, u"大道") != 0 || address_text_match(text, i, u"大街") != 0 ||
                               address_text_match(text, i, u"国道") != 0 || address_text_match(text, i, u"胡同") != 0);
}

bool follow_has_named_road(const struct address_text *text, size_t from)
{
    for (size_t i = from; i < text->count && i < from + 6 && address_is_han(text->characters[i]); i++) {
        if (follow_is_one_of(text->characters[i], u"路街巷") || address_text_match(text, i, u"大道") != 0)
            return i >= from + 2;
    }
    return false;
}

bool follow_is_number(const struct address_text *text, size_t from)
{
    if (from >= text->count)
        return true;
    const uint32_t next = text->characters[from];
    return address_is_digit(next) || address_chinese_digit(next) >= 0 || next == u'第' || next == u'组' ||
           next == u'附';
}

bool follow_is_group(const struct address_text *text, size_t from)
{
    size_t i = from;

    if (i < text->count && text->characters[i] == u'第')
        i++;
    const size_t digits = i;
    while (i < text->count &&
           (address_is_digit(text->characters[i]) || address_chinese_digit(text->characters[i]) >= 0))
        i++;
    return i > digits && i < text->count && follow_is_one_of(text->characters[i], u"组社队村居");
}
