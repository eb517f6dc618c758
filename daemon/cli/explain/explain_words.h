/* Rules and reason codes in plain words, for people who read a pair. */
#ifndef HULEI_DAEMON_CLI_EXPLAIN_EXPLAIN_WORDS_H
#define HULEI_DAEMON_CLI_EXPLAIN_EXPLAIN_WORDS_H

#include <stdbool.h>

/* "" for a rule nobody knows. */
const char *explain_rule_words(const char *rule);

/* "" for a code nobody knows. *is_modifier: it raised, capped or qualified what the rule said. */
const char *explain_reason_words(const char *code, bool *is_modifier);

#endif
