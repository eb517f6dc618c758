/* Reads names out of what people type; see name.h.
 * Deliberately forgets how a name was typed: two readings that are equal are spellings of one written name. */
#include "matchers/identity/name_parts.h"

#include "matchers/text/fold.h"
#include "matchers/text/utf8.h"

enum { BULLET = 0x25CF, DIAERESIS = 0x308 };

struct reader {
    const struct language_tables *tables;
    struct span                   rest; /* not read yet */
    struct name                   name;
    size_t                        han;       /* characters that are no letters */
    size_t                        first_dot; /* characters before it; 0: no dot yet */
    bool                          is_word_over, has_dot, has_bullet, ends_in_dot, is_covered;
};

static bool is_open_bracket(uint32_t character)
{
    return character == '(' || character == '[' || character == 0x3010 || character == 0x3014 || character == '{' ||
           character == 0x300A || character == '<' || character == 0x3008 || character == 0x300C;
}

static bool is_close_bracket(uint32_t character)
{
    return character == ')' || character == ']' || character == 0x3011 || character == 0x3015 || character == '}' ||
           character == 0x300B || character == '>' || character == 0x3009 || character == 0x300D;
}

static bool is_mask(uint32_t character)
{
    return character == '*' || character == 0xD7 || character == '?' || character == '#' || character == '_' ||
           character == 0x25CB || character == 0x25EF || character == 0x25A0 || character == 0x25A1 ||
           character == 0x3013 || character == 0x67D0 /* 某 */ || character == 0x2026 || character == UTF8_BROKEN;
}

/* Between two names of one person. */
static bool is_separator(uint32_t character)
{
    return character == '/' || character == '\\' || character == ';' || character == '|' || character == 0x3001;
}

/* Quotes, hyphens and commas say nothing; neither do the marks that describe how parts are put together. */
static bool is_punctuation(uint32_t character)
{
    return character == '\'' || character == '"' || character == '`' || character == '-' || character == ',' ||
           character == ':' || character == '!' || character == '~' || character == '+' || character == '=' ||
           (character >= 0x2FF0 && character <= 0x2FFB) || (character >= 0x2010 && character <= 0x201F) ||
           character == 0x2212 || character == 0x2019;
}

static void append(struct reader *reader, uint32_t folded)
{
    const struct language_character *entry  = language_character_of(reader->tables, folded);
    const uint32_t                   kept   = entry->simplified != 0 ? entry->simplified : fold_latin(folded);
    struct name                     *name   = &reader->name;
    const bool                       is_han = fold_is_han(kept);

    if (!is_han && reader->is_word_over && name->given_part == 0 && reader->han == 0 && name->length <= NAME_PART_MAX)
        name->given_part = name->length;
    reader->is_word_over = false;
    reader->ends_in_dot  = false;
    if (name->length == NAME_LENGTH_MAX)
        return;
    reader->han += is_han;
    name->characters[name->length++] = kept;
}

static void append_mark(struct reader *reader, uint32_t mark)
{
    struct name *name = &reader->name;

    if (mark == DIAERESIS && name->length > 0 && name->characters[name->length - 1] == 'u')
        name->characters[name->length - 1] = 'v';
}

static void note_dot(struct reader *reader, bool is_bullet)
{
    if (reader->name.length > 0 && reader->first_dot == 0 && reader->name.length <= NAME_PART_MAX)
        reader->first_dot = reader->name.length;
    reader->has_dot      = reader->has_dot || reader->name.length > 0;
    reader->has_bullet   = reader->has_bullet || is_bullet;
    reader->ends_in_dot  = true;
    reader->is_word_over = true;
}

/* The text up to the closing bracket, which is taken off too; all of it where none follows. */
static struct span take_bracket(struct reader *reader)
{
    struct span inside = { reader->rest.bytes, 0 };
    size_t      depth  = 1;
    uint32_t    character;

    for (const char *before = reader->rest.bytes; utf8_next(&reader->rest, &character); before = reader->rest.bytes) {
        const uint32_t folded = fold_width(character);

        depth += is_open_bracket(folded);
        depth -= is_close_bracket(folded);
        inside.length = (size_t)(before - inside.bytes);
        if (depth == 0)
            return inside;
        inside.length = (size_t)(reader->rest.bytes - inside.bytes);
    }
    return inside;
}

/* Up to three characters of a bracket when they are parts of one character, for which there was no type. */
static size_t read_parts(const struct reader *reader, struct span inside, uint32_t parts[LANGUAGE_PARTS])
{
    size_t   count = 0;
    uint32_t character;

    while (utf8_next(&inside, &character)) {
        const uint32_t folded     = fold_width(character);
        const uint32_t simplified = language_character_of(reader->tables, folded)->simplified;

        if (fold_is_ignorable(character) || folded == '+' || is_punctuation(folded))
            continue;
        if (count == LANGUAGE_PARTS || !fold_is_han(folded))
            return 0;
        parts[count++] = simplified != 0 ? simplified : folded;
    }
    return language_is_composed(reader->tables, parts, count, 0) ? count : 0;
}

/* 李(韦华): a name of one character needs another one; behind more, a former name is likelier when it has a surname. */
static void read_bracket(struct reader *reader)
{
    uint32_t          parts[LANGUAGE_PARTS] = { 0 };
    const struct span inside                = take_bracket(reader);
    const size_t      count                 = read_parts(reader, inside, parts);

    if (count == 0 || (reader->name.length != 1 && language_surname_find(reader->tables, parts[0], 0) != NULL))
        return;
    for (size_t i = 0; i < count; i++)
        append(reader, parts[i]);
}

/* False at the end of the first name. */
static bool read_character(struct reader *reader, uint32_t character)
{
    const uint32_t folded = fold_width(character);

    if (is_open_bracket(folded))
        read_bracket(reader);
    else if (fold_is_mark(folded))
        append_mark(reader, folded);
    else if (is_separator(folded))
        return reader->name.length == 0;
    else if (fold_is_ignorable(folded) || is_punctuation(folded))
        reader->is_word_over = reader->is_word_over || reader->name.length > 0;
    else if (folded == FOLD_INTERPUNCT)
        note_dot(reader, character == BULLET);
    else if (!is_close_bracket(folded)) {
        reader->is_covered = reader->is_covered || is_mask(folded);
        append(reader, folded);
    }
    return true;
}

/* 张●明 hides a character; 阿依古丽●买买提 does not. */
static bool is_hidden(const struct reader *reader)
{
    if (reader->is_covered)
        return true;
    return reader->has_bullet &&
           (reader->ends_in_dot || reader->first_dot < 2 || reader->name.length - reader->first_dot < 2);
}

static bool has_han(const struct name *name)
{
    for (size_t i = 0; i < name->length; i++) {
        if (fold_is_han(name->characters[i]))
            return true;
    }
    return false;
}

/* Takes the surname and what was known while reading into the name; false when it is none. */
static bool finish(struct reader *reader)
{
    struct name *name = &reader->name;
    size_t       word_length;

    if (name->length == 0 || is_hidden(reader))
        return false;
    name->is_latin = reader->han == 0;
    if (!name->is_latin)
        name->given_part = (uint8_t)(reader->first_dot < name->length ? reader->first_dot : 0);
    const size_t former = name_find_former(name, &word_length);
    if (former > 0)
        name->length = (uint8_t)former;
    if (!name_drop_title(reader->tables, name) || name_is_placeholder(name) || name_is_description(name))
        return false;
    name->is_latin = !has_han(name);
    if (name->given_part >= name->length)
        name->given_part = 0;
    name->surname_length = name->given_part > 0 ? 0 : name_surname_length(reader->tables, name);
    return true;
}

bool name_read(const struct language_tables *tables, struct span text, struct name *name)
{
    struct reader reader = { .tables = tables, .rest = text };
    uint32_t      character;

    while (utf8_next(&reader.rest, &character)) {
        if (!read_character(&reader, character))
            break;
    }
    if (!finish(&reader))
        return false;
    *name = reader.name;
    return true;
}

/* A span without a word for former names, colons and spaces at its start. */
static struct span without_former_word(struct span text, bool *had_word)
{
    uint32_t    characters[LANGUAGE_UNIT_LENGTH] = { 0 };
    struct span rest                             = text;
    size_t      count                            = 0;
    uint32_t    character;

    *had_word = false;
    while (count < LANGUAGE_UNIT_LENGTH && utf8_next(&rest, &character)) {
        if (!fold_is_ignorable(character))
            characters[count++] = character;
    }
    const size_t length = name_former_word_length(characters, count);
    if (length == 0)
        return text;
    *had_word = true;
    for (size_t i = 0; i < length && utf8_next(&text, &character);)
        i += !fold_is_ignorable(character);
    return text;
}

struct name_list {
    struct name *names;
    size_t       count, capacity;
};

/* Names in brackets count when a word says so, when they are Latin, or when they share the surname: 李强(党员) is one.
 */
static void add_name(const struct language_tables *tables, struct span text, bool in_bracket, struct name_list *list)
{
    bool              is_stated = false;
    const struct span rest      = without_former_word(text, &is_stated);
    struct name       name      = { 0 };

    if (list->count == list->capacity || !name_read(tables, rest, &name) || name.length < 2)
        return;
    if (in_bracket && !is_stated && !name.is_latin &&
        (list->names[0].surname_length == 0 || name.surname_length != list->names[0].surname_length ||
         name.characters[0] != list->names[0].characters[0]))
        return;
    list->names[list->count++] = name;
}

/* Where a word for former names stands behind a name; the text from there on, or an absent span. */
static struct span find_former(struct span text)
{
    size_t   before = 0;
    uint32_t character;

    while (text.length > 0) {
        bool had_word;

        without_former_word(text, &had_word);
        if (had_word && before >= 2)
            return text;
        utf8_next(&text, &character);
        before += fold_is_han(character);
    }
    return span_of(NULL, 0);
}

size_t name_read_all(const struct language_tables *tables, struct span text, struct name *names, size_t capacity)
{
    struct name_list list  = { names, 0, capacity };
    struct span      rest  = text;
    struct span      piece = { text.bytes, 0 };
    uint32_t         character;

    if (capacity == 0 || !name_read(tables, text, &names[0]))
        return 0;
    list.count = 1;
    for (bool is_first = true;;) {
        const char    *before = rest.bytes;
        const bool     is_any = utf8_next(&rest, &character);
        const uint32_t folded = is_any ? fold_width(character) : ' ';
        const bool     opens = is_any && is_open_bracket(folded), closes = is_any && is_close_bracket(folded);

        if (is_any && !opens && !closes && !is_separator(folded))
            continue;
        piece.length             = (size_t)(before - piece.bytes);
        const struct span former = find_former(piece);
        if (former.bytes != NULL)
            add_name(tables, former, false, &list);
        else if (!is_first && piece.length > 0)
            add_name(tables, piece, closes, &list);
        is_first    = is_first && opens && piece.length == 0;
        piece.bytes = rest.bytes;
        if (!is_any)
            return list.count;
    }
}
