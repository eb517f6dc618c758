/* An address as an array of folded characters, each knowing its bytes in the original.
 * Folding is for looking up: width, traditional forms, letters' case; never for output. */
#ifndef HULEI_MATCHERS_ADDRESS_ADDRESS_TEXT_H
#define HULEI_MATCHERS_ADDRESS_ADDRESS_TEXT_H

#include "matchers/address/address.h"

#include <uchar.h>

/* Characters without spaces; spaces are found again as gaps between the bytes. */
struct address_text {
    struct span source;
    size_t      count;
    uint32_t characters[ADDRESS_CHARACTERS_MAX + 4]; /* folded; zeros behind the end, so that looking ahead is safe */
    uint32_t begins[ADDRESS_CHARACTERS_MAX];         /* byte offsets into source */
    uint32_t ends[ADDRESS_CHARACTERS_MAX];
};

void address_text_read(struct address_text *text, struct span source);

/* The original bytes of characters [from, to). */
struct span address_text_span(const struct address_text *text, size_t from, size_t to);

/* Whether something was left out right before character `at`: spaces. */
bool address_text_has_gap(const struct address_text *text, size_t at);

/* One folded character of UTF-8 at `*at`, moving it on; 0xfffd for a broken byte. */
uint32_t address_text_next(const char **at, const char *end);

/* Whether the folded literal stands at `from`; its length in characters, 0 when not. */
size_t address_text_match(const struct address_text *text, size_t from, const char16_t *literal);

/* Longest literal of a NULL-ended list that stands at `from`; 0 when none. */
size_t address_text_match_any(const struct address_text *text, size_t from, const char16_t *const *literals);

bool address_is_digit(uint32_t character);
/* 一 … 九, 〇, 零, 十, 百, 两, 壹 …: the value of a digit, or -1; 10 and 100 for 十 and 百. */
int  address_chinese_digit(uint32_t character);
bool address_is_han(uint32_t character);

/*
 * The normalised number in characters [from, to): Chinese numerals become ASCII, leading zeros go, dashes of all kinds
 * become '-', other characters stay. Writes UTF-8 into `out` and returns its length (cut to `size`).
 */
size_t address_text_number(const struct address_text *text, size_t from, size_t to, char *out, size_t size);

/* UTF-8 of the folded characters [from, to). */
size_t address_text_folded(const struct address_text *text, size_t from, size_t to, char *out, size_t size);

#endif
