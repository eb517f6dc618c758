/* Log lines; see log.h.
 * No files, no rotation: systemd's journal does that. */
#include "daemon/common/log.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_BYTES = 1024 };

static const char *process_role = "hulei";

void log_set_role(const char *role)
{
    process_role = role;
}

/* Quotes nothing: a word with a blank, quote or control character is replaced by '?' per character. */
static size_t append_word(char *line, size_t used, const char *word)
{
    for (; *word != '\0' && used < LINE_BYTES - 2; word++)
        line[used++] = *word > ' ' && *word < 127 && *word != '"' ? *word : '?';
    return used;
}

static size_t append_field(char *line, size_t used, const struct log_field *field)
{
    if (used + 2 >= LINE_BYTES)
        return used;
    line[used++] = ' ';
    used         = append_word(line, used, field->key);
    if (used < LINE_BYTES - 2)
        line[used++] = '=';
    if (field->word != NULL)
        return append_word(line, used, field->word);

    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)field->number);
    return append_word(line, used, digits);
}

void log_write(enum log_level level, const char *event, const struct log_field *fields)
{
    static const char *const words[] = { "info", "warning", "error" };
    char                     line[LINE_BYTES];
    struct timespec          now;
    struct tm                utc;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    size_t used = strftime(line, sizeof line, "%Y-%m-%dT%H:%M:%S", &utc);
    used += (size_t)snprintf(line + used, sizeof line - used, ".%03ldZ %s %s", now.tv_nsec / 1000000, words[level],
                             process_role);
    used = append_field(line, used, &(struct log_field){ "event", event, 0 });
    for (; fields->key != NULL; fields++)
        used = append_field(line, used, fields);
    line[used++] = '\n';
    if (write(STDERR_FILENO, line, used) < 0)
        return; /* nowhere left to say it */
}
