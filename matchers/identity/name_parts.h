/* What the files of names share with each other: surnames, words that are no names, likeness of characters.
 * Deliberately not for anyone else; name.h is. */
#ifndef HULEI_MATCHERS_IDENTITY_NAME_PARTS_H
#define HULEI_MATCHERS_IDENTITY_NAME_PARTS_H

#include "matchers/identity/name.h"

/* Characters of the surname of a name that is otherwise complete; 0: none known. */
uint8_t name_surname_length(const struct language_tables *tables, const struct name *name);

/* 无名氏, 未取名, 姓名不详, null, xxx: words that stand where a name is not known. */
bool name_is_placeholder(const struct name *name);
/* 王小明妈妈, 李红之女: names somebody else. */
bool name_is_description(const struct name *name);
/* Takes 先生, 老师, Mr and the like off; false when no name is left: 王先生. */
bool name_drop_title(const struct language_tables *tables, struct name *name);
/* Where a word for a former name or alias (曾用名, 又名) stands behind a name, and the word's length; 0 when none does.
 */
size_t name_find_former(const struct name *name, size_t *word_length);
/* The length of such a word at the start; 0 when there is none. */
size_t name_former_word_length(const uint32_t *characters, size_t count);

/* Variant characters of one another: 萧/肖. */
bool name_are_variants(const struct language_tables *tables, uint32_t a, uint32_t b);
/* Alike in shape: confusion groups, look-alikes, stroke order with four corners, or a shared part. */
bool name_are_alike(const struct language_tables *tables, uint32_t a, uint32_t b);

/* A Latin spelling against another, and against Han characters. Symmetric where both are of one kind. */
enum name_level name_compare_latin(const struct language_tables *tables, const struct name *a, const struct name *b);
enum name_level name_compare_scripts(const struct language_tables *tables, const struct name *han,
                                     const struct name *latin);

#endif
