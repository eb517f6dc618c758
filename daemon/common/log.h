/* One line per event on standard error: time, level, event word, key=value pairs.
 * There is no call that takes a value of a record: numbers, enum words and opaque ids only. */
#ifndef HULEI_DAEMON_COMMON_LOG_H
#define HULEI_DAEMON_COMMON_LOG_H

#include <stdint.h>

enum log_level { LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };

/* One key=value pair; make it with log_number() or log_word(). */
struct log_field {
    const char *key;
    const char *word; /* NULL: the number counts */
    int64_t     number;
};

static inline struct log_field log_number(const char *key, int64_t number)
{
    return (struct log_field){ key, 0, number };
}

/* `word`: an enum word, a code, an SQLSTATE or an opaque id; never a value of a record. NULL prints as "-". */
static inline struct log_field log_word(const char *key, const char *word)
{
    return (struct log_field){ key, word != 0 ? word : "-", 0 };
}

/* Names the process in every line ("engine", "courier", ...). The string must outlive the process. */
void log_set_role(const char *role);

/* Writes one line with one write(2). `fields` ends with the first entry whose key is NULL. */
void log_write(enum log_level level, const char *event, const struct log_field *fields);

/* clang-format off */
#define LOG_FIELDS(...) ((const struct log_field[]){ __VA_ARGS__, { 0, 0, 0 } })
/* clang-format on */
#define log_info(event, ...)    log_write(LOG_LEVEL_INFO, event, LOG_FIELDS(__VA_ARGS__))
#define log_warning(event, ...) log_write(LOG_LEVEL_WARNING, event, LOG_FIELDS(__VA_ARGS__))
#define log_error(event, ...)   log_write(LOG_LEVEL_ERROR, event, LOG_FIELDS(__VA_ARGS__))

#endif
