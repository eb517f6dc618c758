/* Reads the policy files of config/policy/ into the plain struct the matchers use.
 * Deliberately no defaults: a value that is not in the files is an error, so that the files say what is in force. */
#ifndef HULEI_DAEMON_COMMON_POLICY_H
#define HULEI_DAEMON_COMMON_POLICY_H

#include "matchers/span.h"
#include "matchers/tier/policy.h"

#include <stddef.h>

/*
 * Reads policy.yaml, categories.yaml and rules.yaml of the folder `directory`. On failure *policy is left as it was
 * and `error` says file, line and reason ("categories.yaml:41: hiv: refused by the program, no file can switch it on").
 */
bool policy_load(const char *directory, struct policy *policy, char *error, size_t error_size);

/* As policy_load(), but goes on after a fault: each stands on a line of `faults`. */
bool policy_check(const char *directory, struct policy *policy, char *faults, size_t faults_size);

enum { POLICY_FILES = 3 };

/* The bytes of policy.yaml, categories.yaml and rules.yaml, in this order: what an activation stores. */
struct policy_texts {
    struct span files[POLICY_FILES];
};

/* As policy_load(), from texts. */
bool policy_read(const struct policy_texts *texts, struct policy *policy, char *error, size_t error_size);

/* Reads the bytes without a look at them; free with policy_texts_free(). */
bool policy_texts_load(const char *directory, struct policy_texts *texts, char *error, size_t error_size);
void policy_texts_free(struct policy_texts *texts);

/* "2026-11-25.1+9f3a61c2": the version stored with every decision; the part behind the plus is of the files' bytes. */
void policy_version_write(const struct policy *policy, char *text, size_t size);

#endif
