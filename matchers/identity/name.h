/* Personal names: reading what people type, surnames, readings, rarity, and how two names resemble each other.
 * Deliberately never decides alone: a level is evidence, not identity. */
#ifndef HULEI_MATCHERS_IDENTITY_NAME_H
#define HULEI_MATCHERS_IDENTITY_NAME_H

#include "matchers/identity/mention.h"

enum { NAME_LENGTH_MAX = 24, NAME_SYLLABLES = 8, NAME_PART_MAX = 15 };

/* Simplified code points without spaces and dots; Latin letters in lower case without marks (v for u umlaut). */
struct name {
    uint32_t characters[NAME_LENGTH_MAX];
    uint8_t  length;
    uint8_t  surname_length; /* 0: none known */
    uint8_t  given_part;     /* characters before the first dot, or of the first Latin word; 0: one part, or too long */
    bool     is_latin;       /* nothing but letters of an alphabet */
};

/*
 * False for an absent, masked (李某, 张*), descriptive (王小明妈妈) or placeholder (无名氏) name; *name is then left
 * untouched. Titles go (王小明先生), what is in brackets goes, but for a character written in its parts: 李(韦华) gives
 * 李韦华. Of several names in one text (李强/李刚, 李强曾用名李刚) the first is read.
 */
bool name_read(const struct language_tables *tables, struct span text, struct name *name);

/*
 * All names of a text: what name_read() gives, then former names and aliases behind a word for them or a slash, and
 * those in brackets that share the surname or are Latin. At most `capacity`; 0 when name_read() finds none.
 */
size_t name_read_all(const struct language_tables *tables, struct span text, struct name *names, size_t capacity);

/* Every reading of one character of a name, commonest first; how many. A surname has its own readings. */
size_t name_readings(const struct language_tables *tables, const struct name *name, size_t position,
                     uint16_t readings[NAME_SYLLABLES]);

/* How rare the whole name is, in bits; the surname's rarity and that of each given character. */
double name_rarity_bits(const struct language_tables *tables, const struct name *name);

/* In order of likeness. */
enum name_level {
    NAME_NULL = 0,  /* unknown on a side */
    NAME_EXACT,     /* one written name: width, traditional forms and dots folded */
    NAME_VARIANT,   /* variant characters: 萧/肖; a character and its parts: 韡/韦华 */
    NAME_HOMOPHONE, /* same readings, or Latin letters of them */
    NAME_SHAPE,     /* one character replaced by one of like shape */
    NAME_CHARACTER, /* one character missing or added, two neighbours swapped, or the father's name left out */
    NAME_WEAK,      /* three characters or more and only one of them unlike */
    NAME_TRACE,     /* some character of the given name agrees */
    NAME_DIFFERENT,
};

/* Symmetric. */
enum name_level name_compare(const struct language_tables *tables, const struct name *a, const struct name *b);

/* One word per level: "exact", ... */
const char *name_level_word(enum name_level level);

#endif
