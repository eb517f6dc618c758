/* Facts of a pair written as words, for tables of situations.
 * Deliberately one line a situation: what is not said has the value that lets a rule apply. */
#ifndef HULEI_TESTS_TIER_FACTS_H
#define HULEI_TESTS_TIER_FACTS_H

#include "matchers/tier/tier.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int32_t TODAY = 20500;

/* A row's facts as words; what is not said: class A, sexoff_minor, strong on both sides, addresses of yesterday,
 * placed to the building, nothing in common. */
struct row {
    const char *what;
    const char *facts;
    enum tier   tier;
    const char *rule;
    const char *reasons;
};

static bool read_number(const char *word, const char *key, double *value)
{
    const size_t length = strlen(key);

    if (strncmp(word, key, length) != 0 || word[length] != '=')
        return false;
    *value = strtod(word + length + 1, NULL);
    return true;
}

static bool read_flag(struct pair_facts *f, const char *word)
{
    const struct {
        const char *word;
        bool       *flag;
    } flags[] = {
        {"dwelling",     &f->same_dwelling         },
        { "household",   &f->same_household        },
        { "building",    &f->same_building         },
        { "group",       &f->same_group            },
        { "rural",       &f->is_rural              },
        { "caregiver",   &f->is_caregiver          },
        { "community",   &f->same_community        },
        { "works",       &f->works_with_minors     },
        { "zone",        &f->in_barred_zone        },
        { "prohibited",  &f->is_prohibited         },
        { "nowhere",     &f->is_unlocatable        },
        { "schoolorder", &f->order_names_schools   },
        { "pupil",       &f->offence_against_pupils},
        { "ban",         &f->occupation_ban        },
        { "vulnerable",  &f->is_vulnerable         },
        { "under14",     &f->is_under_14           },
        { "disputed",    &f->is_disputed           },
    };

    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (strcmp(word, flags[i].word) != 0)
            continue;
        *flags[i].flag = true;
        return true;
    }
    return false;
}

static bool read_measure(struct pair_facts *f, const char *word)
{
    double value;

    if (read_number(word, "near", &value)) {
        f->has_distance = true;
        f->distance_m   = value;
    } else if (read_number(word, "gate", &value)) {
        f->has_gate = true;
        f->gate_m   = value;
    } else if (read_number(word, "unsure", &value))
        f->uncertainty_m = value;
    else if (read_number(word, "riskage", &value))
        f->risk_address_day = TODAY - (int32_t)value;
    else if (read_number(word, "childage", &value))
        f->child_address_day = TODAY - (int32_t)value;
    else if (read_number(word, "until", &value))
        f->concern_until_day = TODAY + (int32_t)value;
    else if (read_number(word, "moved", &value))
        f->moved_day = TODAY - (int32_t)value;
    else if (read_number(word, "released", &value))
        f->released_day = TODAY - (int32_t)value;
    else if (read_number(word, "children", &value))
        f->children_near = (int32_t)value;
    else
        return false;
    return true;
}

static void read_word(struct pair_facts *f, const char *word)
{
    static const enum proximity_precision precisions[] = { PRECISION_NONE,  PRECISION_TOWN,   PRECISION_COMMUNITY,
                                                           PRECISION_GROUP, PRECISION_NUMBER, PRECISION_BUILDING,
                                                           PRECISION_ROOM };

    if (read_flag(f, word) || read_measure(f, word))
        return;
    for (size_t i = 0; i < sizeof precisions / sizeof precisions[0]; i++) {
        if (strncmp(word, "p=", 2) == 0 && strcmp(word + 2, policy_precision_word(precisions[i])) == 0) {
            f->precision = f->risk_precision = precisions[i];
            return;
        }
        if (strncmp(word, "rp=", 3) == 0 && strcmp(word + 3, policy_precision_word(precisions[i])) == 0) {
            f->risk_precision = precisions[i];
            return;
        }
    }
    for (int i = SUBJECT_CHILD; i <= SUBJECT_GROUP; i++) {
        if (strncmp(word, "of:", 3) == 0 && strcmp(word + 3, tier_subject_word((enum tier_subject)i)) == 0) {
            f->subject = (enum tier_subject)i;
            return;
        }
    }
    if (strcmp(word, "A") == 0 || strcmp(word, "B") == 0 || strcmp(word, "classless") == 0)
        f->class = word[0] == 'A' ? POLICY_CLASS_A : word[0] == 'B' ? POLICY_CLASS_B : POLICY_CLASS_NONE;
    else if (strcmp(word, "risk:probable") == 0)
        f->risk_grade = GRADE_WORD_PROBABLE;
    else if (strcmp(word, "child:probable") == 0)
        f->child_grade = GRADE_WORD_PROBABLE;
    else if (strcmp(word, "confirmed") == 0)
        f->risk_grade = f->child_grade = GRADE_WORD_CONFIRMED;
    else if (strcmp(word, "riskundated") == 0)
        f->risk_address_day = POLICY_DAY_UNKNOWN;
    else if (!policy_category_find(word, strlen(word), &f->category))
        fail_msg("no such word in a row: %s", word);
}

static struct pair_facts read_facts(const char *text)
{
    struct pair_facts facts = { .category          = CATEGORY_SEXOFF_MINOR,
                                .class             = POLICY_CLASS_A,
                                .risk_grade        = GRADE_WORD_STRONG,
                                .child_grade       = GRADE_WORD_STRONG,
                                .risk_address_day  = TODAY - 1,
                                .child_address_day = TODAY - 1,
                                .concern_until_day = POLICY_DAY_UNKNOWN,
                                .moved_day         = POLICY_DAY_UNKNOWN,
                                .released_day      = POLICY_DAY_UNKNOWN,
                                .risk_precision    = PRECISION_BUILDING,
                                .precision         = PRECISION_BUILDING };
    char              copy[256];

    snprintf(copy, sizeof copy, "%s", text);
    for (char *rest = copy, *word; (word = strsep(&rest, " ")) != NULL;) {
        if (*word != '\0')
            read_word(&facts, word);
    }
    return facts;
}

static void reasons_of(const struct tier_decision *decision, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < decision->reason_count; i++) {
        if (i > 0)
            text[used++] = ' ';
        used += tier_reason_write(decision, i, text + used, size - used);
    }
}

#endif
