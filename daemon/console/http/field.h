/* What a request may hold, as data: each field's place, form and limits; read into text, in the order of the table.
 * Pure: the texts become parameters of a statement, or are looked at by a handler. */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_FIELD_H
#define HULEI_DAEMON_CONSOLE_HTTP_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIELD_MAX = 10 };

enum field_place { FIELD_PATH, FIELD_QUERY, FIELD_BODY };

enum field_kind {
    FIELD_ID,      /* `form` and `maximum` hexadecimal digits after it */
    FIELD_WORD,    /* one of `words` */
    FIELD_CODE,    /* minimum to maximum of [A-Za-z0-9_.:+-] */
    FIELD_ACCOUNT, /* a name of an account: [a-z][a-z0-9._-]{1,31} */
    FIELD_POST,    /* [a-z0-9-]{1,64} */
    FIELD_NAME,    /* of a ledger: [A-Za-z0-9-]{1,64} */
    FIELD_TYPE,    /* of a record: [a-z_]{1,40} */
    FIELD_HEX,     /* minimum to maximum of [0-9a-f] */
    FIELD_DIGITS,  /* minimum to maximum of [0-9] */
    FIELD_TEXT,    /* minimum to maximum characters */
    FIELD_NUMBER,  /* a whole number from minimum to maximum */
    FIELD_BOOLEAN,
    FIELD_DATE, /* 2026-03-01 */
    FIELD_JSON, /* a list or object of the body: its text, judged by whoever reads it */
};

struct field {
    const char        *name;
    enum field_place   place;
    enum field_kind    kind;
    bool               is_required;
    int64_t            minimum, maximum;
    const char        *form;
    const char *const *words;    /* ends with NULL */
    const char        *fallback; /* NULL: absent stays absent */
};

/* What a field was refused for; both are words of the table and of this file, never of the request. */
struct field_fault {
    const char *field, *rule; /* rule: required, unknown, type, form, range, twice */
};

/* Texts in the order of the table; NULL: absent. Freed with field_values_clear(). */
struct field_values {
    char *texts[FIELD_MAX];
};

/* The value of a query or path field, NULL when there is none; `is_twice` when the query says it more than once. */
struct field_source {
    const char *(*text)(void *context, const struct field *field, bool *is_twice);
    void         *context;
    const json_t *body; /* NULL: none was sent */
};

/*
 * Reads `count` fields. False: *fault says what is wrong, and *values is empty. Members of the body that no row names
 * are refused.
 */
bool field_read(const struct field *fields, size_t count, const struct field_source *source,
                struct field_values *values, struct field_fault *fault);

/* Wipes and frees: a value may be a name or a number of a person. */
void field_values_clear(struct field_values *values);

#endif
