/* Reads the erasure ledger; see ledger_read.h. */
#include "daemon/cli/ledger_read.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINE_BYTES = 160 };

/* "<UTC time> <reason> <64 hex digits>". */
static bool parse_line(const char *line, struct ledger_line *row)
{
    char      hex[2 * BATCH_TOMBSTONE_BYTES + 1];
    char      at[32];
    struct tm parts  = { .tm_isdst = 0 };
    size_t    length = 0;

    if (sscanf(line, "%31s %11s %64s", at, row->reason, hex) != 3)
        return false;
    const char *end = strptime(at, "%Y-%m-%dT%H:%M:%SZ", &parts);
    row->at_s       = (int64_t)timegm(&parts);
    return end != NULL && *end == '\0' &&
           sodium_hex2bin(row->tombstone, sizeof row->tombstone, hex, strlen(hex), NULL, &length, NULL) == 0 &&
           length == sizeof row->tombstone;
}

static bool add_line(struct ledger_lines *lines, const struct ledger_line *row)
{
    if (lines->count == lines->capacity) {
        const size_t        capacity = lines->capacity * 2 + 1024;
        struct ledger_line *grown    = realloc(lines->rows, capacity * sizeof *grown);
        if (grown == NULL)
            return false;
        lines->rows     = grown;
        lines->capacity = capacity;
    }
    lines->rows[lines->count++] = *row;
    return true;
}

static int compare_tombstones(const void *a, const void *b)
{
    return memcmp(((const struct ledger_line *)a)->tombstone, ((const struct ledger_line *)b)->tombstone,
                  BATCH_TOMBSTONE_BYTES);
}

static int compare_lines(const void *a, const void *b)
{
    const int64_t one = ((const struct ledger_line *)a)->at_s, other = ((const struct ledger_line *)b)->at_s;
    const int     order = compare_tombstones(a, b);

    return order != 0 ? order : (one > other) - (one < other);
}

/* Of lines with one tombstone the last stays. */
static void keep_newest(struct ledger_lines *lines)
{
    size_t kept = 0;

    for (size_t i = 0; i < lines->count; i++) {
        if (i + 1 < lines->count && compare_tombstones(&lines->rows[i], &lines->rows[i + 1]) == 0)
            continue;
        lines->rows[kept++] = lines->rows[i];
    }
    lines->count = kept;
}

bool ledger_read(const char *path, struct ledger_lines *lines)
{
    char  line[LINE_BYTES];
    FILE *file  = fopen(path, "re");
    bool  is_ok = file != NULL;

    *lines = (struct ledger_lines){ NULL, 0, 0 };
    while (is_ok && fgets(line, sizeof line, file) != NULL) {
        struct ledger_line row;
        if (strchr(line, '\n') == NULL && feof(file))
            break;
        is_ok = parse_line(line, &row) && add_line(lines, &row);
    }
    if (file != NULL)
        fclose(file);
    if (!is_ok) {
        ledger_free(lines);
        return false;
    }
    if (lines->count > 0)
        qsort(lines->rows, lines->count, sizeof *lines->rows, compare_lines);
    keep_newest(lines);
    return true;
}

const struct ledger_line *ledger_find(const struct ledger_lines *lines,
                                      const unsigned char        tombstone[BATCH_TOMBSTONE_BYTES])
{
    struct ledger_line wanted;

    memcpy(wanted.tombstone, tombstone, sizeof wanted.tombstone);
    return lines->count > 0 ? bsearch(&wanted, lines->rows, lines->count, sizeof *lines->rows, compare_tombstones)
                            : NULL;
}

void ledger_free(struct ledger_lines *lines)
{
    free(lines->rows);
    *lines = (struct ledger_lines){ NULL, 0, 0 };
}
