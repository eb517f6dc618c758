/* Personal names: reading, surnames, readings, rarity; see name.h.
 * Deliberately without comparison, which is in name_compare.c. */
#include "matchers/identity/name.h"

#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

enum { GIVEN_LENGTH_MAX = 3 };

static bool is_open_bracket(uint32_t character)
{
    return character == '(' || character == '[' || character == 0x3010 || character == 0x3014 || character == '{' ||
           character == 0x300A || character == '<';
}

static bool is_close_bracket(uint32_t character)
{
    return character == ')' || character == ']' || character == 0x3011 || character == 0x3015 || character == '}' ||
           character == 0x300B || character == '>';
}

static bool is_mask(uint32_t character)
{
    return character == '*' || character == 0xD7 || character == '?' || character == '#' || character == '_' ||
           character == 0x25CB || character == 0x67D0 /* 某 */ || character == UTF8_BROKEN;
}

/* Lower case without marks for the few letters passports use. */
static uint32_t latin_letter(uint32_t character)
{
    if (character >= 'A' && character <= 'Z')
        return character - 'A' + 'a';
    if (character == 0xDC || character == 0xFC)
        return 'v';
    return character;
}

static bool is_placeholder(const struct name *name)
{
    static const char *const words[] = { "无名氏", "无名", "未知", "不详", "无",   "佚名", "暂无",
                                         "未取名", "不知", "未名", "空",   "待定", "未填", "姓名",
                                         "none",   "null", "na",   "test", "测试", "不明", "未登记" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct span word     = span_from_text(words[i]);
        size_t      position = 0;
        bool        is_equal = true;
        uint32_t    character;

        while (utf8_next(&word, &character)) {
            is_equal = is_equal && position < name->length && name->characters[position] == character;
            position++;
        }
        if (is_equal && position == name->length)
            return true;
    }
    return false;
}

static bool ends_with(const struct name *name, uint32_t first, uint32_t second)
{
    return name->length >= 4 && name->characters[name->length - 2] == first &&
           name->characters[name->length - 1] == second;
}

/* 王小明先生 names 王小明. Only where at least two characters stay. */
static void drop_honorific(struct name *name)
{
    static const uint32_t honorifics[][2] = {
        {0x5148,  0x751F}, /* 先生 */
        { 0x5973, 0x58EB}, /* 女士 */
        { 0x5C0F, 0x59D0}, /* 小姐 */
        { 0x540C, 0x5B66}, /* 同学 */
        { 0x8001, 0x5E08}, /* 老师 */
        { 0x540C, 0x5FD7}, /* 同志 */
    };

    for (size_t i = 0; i < sizeof honorifics / sizeof honorifics[0]; i++) {
        if (ends_with(name, honorifics[i][0], honorifics[i][1])) {
            name->length = (uint8_t)(name->length - 2);
            return;
        }
    }
}

static uint8_t surname_length_of(const struct language_tables *tables, const struct name *name)
{
    if (name->is_latin || name->length < 2 || name->length > 2 + GIVEN_LENGTH_MAX)
        return 0;
    if (name->length >= 3 && language_surname_find(tables, name->characters[0], name->characters[1]) != NULL)
        return 2;
    if (name->length <= 1 + GIVEN_LENGTH_MAX && language_surname_find(tables, name->characters[0], 0) != NULL)
        return 1;
    return 0;
}

/* Appends one character; what is in brackets was left out before. */
static void append(const struct language_tables *tables, struct name *name, uint32_t folded)
{
    const struct language_character *entry = language_character_of(tables, folded);
    const uint32_t                   kept  = entry->simplified != 0 ? entry->simplified : latin_letter(folded);

    if (name->length < NAME_LENGTH_MAX)
        name->characters[name->length++] = kept;
}

bool name_read(const struct language_tables *tables, struct span text, struct name *name)
{
    struct name read       = { 0 };
    size_t      latin      = 0;
    int         depth      = 0;
    bool        has_dot    = false;
    bool        is_covered = false;
    uint32_t    character;

    while (utf8_next(&text, &character)) {
        const uint32_t folded = fold_width(character);

        if (is_open_bracket(folded))
            depth++;
        else if (is_close_bracket(folded))
            depth = depth > 0 ? depth - 1 : 0;
        else if (depth > 0 || fold_is_ignorable(folded) || folded == '\'' || folded == '-' || folded == ',')
            continue;
        else if (folded == FOLD_INTERPUNCT)
            has_dot = true;
        else {
            is_covered = is_covered || is_mask(folded);
            latin += !fold_is_han(folded);
            append(tables, &read, folded);
        }
    }
    if (read.length == 0 || is_covered || is_placeholder(&read))
        return false;
    read.is_latin = latin * 2 > read.length;
    drop_honorific(&read);
    read.surname_length = has_dot ? 0 : surname_length_of(tables, &read);
    *name               = read;
    return true;
}

static size_t add_reading(uint16_t readings[NAME_SYLLABLES], size_t count, uint16_t reading)
{
    if (reading == 0 || count == NAME_SYLLABLES)
        return count;
    for (size_t i = 0; i < count; i++) {
        if (readings[i] == reading)
            return count;
    }
    readings[count] = reading;
    return count + 1;
}

size_t name_readings(const struct language_tables *tables, const struct name *name, size_t position,
                     uint16_t readings[NAME_SYLLABLES])
{
    const struct language_character *entry = language_character_of(tables, name->characters[position]);
    size_t                           count = 0;

    if (position < name->surname_length) {
        const uint32_t                 second  = name->surname_length == 2 ? name->characters[1] : 0;
        const struct language_surname *surname = language_surname_find(tables, name->characters[0], second);

        if (surname != NULL && position == 1)
            count = add_reading(readings, count, surname->second_reading);
        for (size_t i = 0; surname != NULL && position == 0 && i < LANGUAGE_READINGS; i++)
            count = add_reading(readings, count, surname->readings[i]);
        if (count > 0 && name->surname_length == 2)
            return count;
    }
    for (size_t i = 0; i < LANGUAGE_READINGS; i++)
        count = add_reading(readings, count, entry->readings[i]);
    return count;
}

double name_rarity_bits(const struct language_tables *tables, const struct name *name)
{
    double bits = 0;
    size_t from = name->surname_length;

    if (name->is_latin)
        return 2.5 * name->length; /* letters of a name carry about half of a random letter's bits */
    if (name->surname_length > 0) {
        const uint32_t                 second  = name->surname_length == 2 ? name->characters[1] : 0;
        const struct language_surname *surname = language_surname_find(tables, name->characters[0], second);

        if (surname != NULL)
            bits = surname->bits / 8.0;
    }
    for (; from < name->length; from++) {
        const uint8_t given = language_character_of(tables, name->characters[from])->given_bits;

        bits += given != 0 ? given / 8.0 : LANGUAGE_RARE_BITS;
    }
    return bits;
}
