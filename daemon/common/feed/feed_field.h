/* The table engine: one reader for every JSON object of every feed type.
 * Holds no field of any type itself; the tables are in feed_tables.c. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_FIELD_H
#define HULEI_DAEMON_COMMON_FEED_FEED_FIELD_H

#include "daemon/common/feed/feed.h"

#include <jansson.h>

enum field_kind {
    FIELD_TEXT,       /* struct span; limit: characters */
    FIELD_REFERENCE,  /* struct span of printable ASCII without blanks; limit: bytes */
    FIELD_AREA_CODE,  /* struct span of 6, 9 or 12 digits */
    FIELD_ID_NUMBER,  /* struct span; as FIELD_TEXT, but a JSON number has lost digits */
    FIELD_TEXTS,      /* struct feed_texts; limit: characters of each, maximum: how many */
    FIELD_DATE,       /* struct feed_date */
    FIELD_TIME,       /* int64_t, microseconds since 1970-01-01T00:00:00Z; RFC 3339 */
    FIELD_HASH,       /* struct span of 64 lower-case hex digits */
    FIELD_BIRTH_DATE, /* struct feed_date; `birth_calendar` beside it may allow lunar days */
    FIELD_FLAG,       /* bool */
    FIELD_ANSWER,     /* enum policy_answer; unknown when absent */
    FIELD_WHOLE,      /* int32_t within minimum and maximum */
    FIELD_REAL,       /* double within minimum and maximum */
    FIELD_WORD,       /* an enum; words */
    FIELD_WORDS,      /* uint32_t mask; words */
    FIELD_OBJECT,     /* a nested struct; table */
    FIELD_LIST,       /* pointer and count of nested structs; table, maximum: how many */
    FIELD_ONE_OR_LIST /* as FIELD_LIST, but one object may stand alone */
};

struct field_word {
    const char *word; /* of several words with one value the first is stored */
    int32_t     value;
};

struct field_table;
struct field_reading;

struct field {
    const char               *name;
    enum field_kind           kind;
    bool                      is_required;
    size_t                    limit;
    size_t                    offset, count_offset; /* in the struct; count_offset only for lists */
    const struct field_word  *words;                /* ends with a NULL word */
    const struct field_table *table;
    double                    minimum, maximum; /* inclusive */
    const char               *rule;             /* said when the value is out of bounds; NULL: a general word */
};

struct field_table {
    const struct field *fields;
    size_t              field_count;
    size_t              size;           /* bytes of the struct it fills */
    void (*set_defaults)(void *target); /* NULL: zero is the default of everything */
    size_t presence_offset;             /* of a bool set when the object is there; NO_PRESENCE */
    /* What several fields must say together; NULL: nothing. False with the fault filled. */
    bool (*check)(struct field_reading *reading, const void *target);
};

#define NO_PRESENCE ((size_t)-1)

/* What one reading shares: where it is, and what it found. */
struct field_reading {
    struct arena       *arena;
    struct feed_record *record; /* gets the counters of unknown and forbidden fields */
    struct feed_fault  *fault;
    char                path[FEED_FIELD_SIZE];
    size_t              path_length;
};

void field_reading_init(struct field_reading *reading, const char *path, struct arena *arena,
                        struct feed_record *record, struct feed_fault *fault);

/*
 * Reads `object` into `target` by `table`, and makes `object` canonical on the way: unknown and forbidden fields,
 * nulls and blank texts are removed, words replaced by the first of their value.
 * False with the fault filled; `target` is then of no use.
 */
bool field_read_object(struct field_reading *reading, const struct field_table *table, json_t *object, void *target);

/* Fills the fault and returns false. `name` may be NULL: the fault is of the present path. */
bool field_fault(struct field_reading *reading, const char *code, const char *name, const char *rule);

/* True for names no department may send: health, diagnosis, tracks, belief (DOMAIN.md C.1). */
bool field_is_forbidden(const char *name);

/* The value of a word of the table; false when it is not one. Integers 0 to 9 count as their digit. */
bool field_word_value(const struct field_word *words, const json_t *value, int32_t *out, const char **stored);

#endif
