/* The outside auditor's files; see outside.h.
 * Judges no lane. */
#include "daemon/cli/audit/outside.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRUSTED_MAX = 8 };

/* Splits `keys` in place. */
static void split_keys(char *keys, const char *trusted[TRUSTED_MAX + 1])
{
    char *rest  = keys;
    int   count = 0;

    for (char *key = strtok_r(keys, ",", &rest); key != NULL && count < TRUSTED_MAX; key = strtok_r(NULL, ",", &rest))
        trusted[count++] = key;
    trusted[count] = NULL;
}

static bool read_lines(FILE *file, const char *const *trusted, struct audit_roots *roots, char *error,
                       size_t error_size)
{
    char   *line     = NULL;
    size_t  size     = 0;
    ssize_t length   = 0;
    bool    is_sound = true;

    for (long number = 1; is_sound && (length = getline(&line, &size, file)) > 0; number++) {
        if (line[length - 1] == '\n')
            length--;
        const enum audit_root_fault fault = audit_roots_add(roots, span_of(line, (size_t)length), trusted);
        is_sound                          = fault == AUDIT_ROOT_SOUND;
        if (!is_sound)
            snprintf(error, error_size, "statement in line %ld: %s", number, audit_root_fault_word(fault));
    }
    free(line);
    return is_sound;
}

bool outside_read_roots(const char *path, const char *public_keys, struct audit_roots *roots, char *error,
                        size_t error_size)
{
    const char *trusted[TRUSTED_MAX + 1];
    const bool  is_input = strcmp(path, "-") == 0;
    FILE       *file     = is_input ? stdin : fopen(path, "re");
    char       *keys     = strdup(public_keys);
    bool        is_sound = false;

    if (file == NULL || keys == NULL) {
        snprintf(error, error_size, "the file of statements cannot be read");
    } else {
        split_keys(keys, trusted);
        is_sound = read_lines(file, trusted, roots, error, error_size);
    }
    if (is_sound && roots->statements == 0) {
        snprintf(error, error_size, "the file holds no statement");
        is_sound = false;
    }
    audit_roots_sort(roots);
    free(keys);
    if (file != NULL && !is_input)
        fclose(file);
    return is_sound;
}

bool outside_read_key(const char *path, struct audit_outside *outside, char *error, size_t error_size)
{
    char   hex[2 * AUDIT_HASH_BYTES + 1] = "";
    size_t length                        = 0;
    FILE  *file                          = fopen(path, "re");
    int    epoch                         = 0;

    const bool is_read =
        file != NULL && fscanf(file, "epoch %9d key %64[0-9a-f]", &epoch, hex) == 2 && epoch > 0 &&
        sodium_hex2bin(outside->key, sizeof outside->key, hex, strlen(hex), NULL, &length, NULL) == 0 &&
        length == sizeof outside->key;
    if (file != NULL)
        fclose(file);
    sodium_memzero(hex, sizeof hex);
    outside->epoch = is_read ? epoch : 0;
    if (!is_read)
        snprintf(error, error_size, "the key file cannot be read");
    return is_read;
}
