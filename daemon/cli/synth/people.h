/* The invented people: households with children, teachers, persons of concern.
 * True facts only; what departments make of them is in mention.h. */
#ifndef HULEI_DAEMON_CLI_SYNTH_PEOPLE_H
#define HULEI_DAEMON_CLI_SYNTH_PEOPLE_H

#include "daemon/cli/synth/concern.h"
#include "daemon/cli/synth/land.h"

enum person_kind { PERSON_CHILD, PERSON_PARENT, PERSON_GRANDPARENT, PERSON_TEACHER, PERSON_CONCERN };

enum { /* circumstances, as bits in the order of FEEDS.md */
       CIRCUMSTANCES      = 6,
       CIRCUMSTANCE_FIRST = 1,    /* left_behind; single_parent is 2 */
       VULNERABLE_BITS    = 0x3c, /* any but the first two */
};

struct person {
    char    name[28]; /* UTF-8 */
    uint8_t surname_bytes;
    uint8_t sex; /* 1 male, 2 female */
    uint8_t kind;
    uint8_t circumstances; /* of a child; 0: not in the profile */
    int32_t birth_day;
    char    number[19];
    char    phone[12];
    int32_t household;
    int32_t booklet; /* the household of the registration */
    int32_t concern; /* number in people.concerns; -1: none */
};

struct household {
    int32_t dwelling, previous; /* dwellings */
    int32_t moved_day;
    int32_t first_person, person_count;
    bool    is_left_behind;
};

struct people {
    struct person    *persons;
    size_t            person_count, person_capacity;
    struct household *households;
    size_t            household_count, household_capacity;
    int32_t          *girls; /* indexes of the girls in the profile */
    size_t            girl_count;
    struct concern   *concerns;
    size_t            concern_count;
    size_t            birth_count, twin_pair_count;
    uint64_t         *numbers; /* hash set of issued citizen numbers */
    size_t            number_capacity;
    int32_t           last_apart; /* dwelling of the last household of a left-behind child; -1 */
    int32_t           today;
};

/* Makes exactly `count` persons, with numbers enough for `reserve` more; false when memory is out. people_clear()
 * frees. */
bool people_make(struct people *people, const struct synth_tables *tables, struct land *land, size_t count,
                 size_t reserve, int32_t today, struct random_stream *random);
/* Adds families until `count` more persons live there, for streams of changes. */
bool people_add_families(struct people *people, const struct synth_tables *tables, struct land *land, size_t count,
                         struct random_stream *random);
void people_clear(struct people *people);

/* A person outside every household and truth, `age` years old: for records that must be refused or sealed. */
void people_make_outsider(struct people *people, const struct synth_tables *tables, int32_t age,
                          struct random_stream *random, struct person *out);

/* GB 11643 check character of 17 digits. */
char people_check_character(const char *digits);

#endif
