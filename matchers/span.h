/* A borrowed run of bytes, the string type of the whole program.
 * Not an owner: whoever made the bytes says how long they live. */
#ifndef HULEI_MATCHERS_SPAN_H
#define HULEI_MATCHERS_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A borrowed run of bytes: not NUL-terminated, never freed through this type.
 * An absent value is { NULL, 0 }; an empty one has bytes != NULL and length 0. */
struct span {
    const char *bytes;
    size_t      length;
};

/* Brace initialiser for static tables: { SPAN_INIT("text"), ... }. */
#define SPAN_INIT(literal)                                                                                             \
    {                                                                                                                  \
        (literal), sizeof(literal) - 1                                                                                 \
    }

static inline struct span span_of(const char *bytes, size_t length)
{
    return (struct span){ bytes, length };
}

/* `text` may be NULL, which gives the absent span. */
static inline struct span span_from_text(const char *text)
{
    return (struct span){ text, text != NULL ? strlen(text) : 0 };
}

static inline bool span_is_empty(struct span span)
{
    return span.length == 0;
}

static inline bool span_equals(struct span a, struct span b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

static inline bool span_equals_text(struct span a, const char *text)
{
    return span_equals(a, span_from_text(text));
}

#endif
