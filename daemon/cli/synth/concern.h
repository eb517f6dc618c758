/* What is true of a person of concern: the case, where home, work and order are, whom she or he cares for.
 * Deliberately without names, households and coordinates: people_concern.c finds the places. */
#ifndef HULEI_DAEMON_CLI_SYNTH_CONCERN_H
#define HULEI_DAEMON_CLI_SYNTH_CONCERN_H

#include "daemon/cli/synth/random.h"

enum { CONCERN_NO_DAY = INT32_MIN };

/* One after the other, so that every rule has somebody on each side of it. */
enum concern_kind {
    CONCERN_SAME_DWELLING = 0, /* class A unless the name says otherwise; lodges with a girl's household */
    CONCERN_CARER,             /* entrusted with a girl, lives elsewhere */
    CONCERN_NEXT_DOOR,         /* same building or at most 150 m */
    CONCERN_NEXT_DOOR_CORRECTIONS,
    CONCERN_SAME_COMMUNITY,
    CONCERN_SAME_COMMUNITY_CORRECTIONS,
    CONCERN_ELSEWHERE,
    CONCERN_ADULT_VICTIM,   /* class B */
    CONCERN_ABUSE,          /* abuse_minor, a girl's carer */
    CONCERN_VICTIM_UNKNOWN, /* class B until the owner says otherwise */
    CONCERN_BOOKLET,        /* registered with a girl's household and living there */
    CONCERN_RELEASED,       /* days ago, to 250-450 m */
    CONCERN_MOVED,          /* likewise */
    CONCERN_LOST,           /* at large, every address older than its cycle */
    CONCERN_SCHOOL_STAFF,
    CONCERN_TRAINING_STAFF, /* abuse_minor */
    CONCERN_HOTEL_STAFF,    /* no close contact with minors */
    CONCERN_FORMER_STAFF,
    CONCERN_BANNED_STAFF, /* class B, at a school against an occupation ban */
    CONCERN_TEACHER,      /* of a girl's class: works at her school, has no care of her */
    CONCERN_MENTOR,       /* of a girl */
    CONCERN_VOLUNTEER,
    CONCERN_PAPER, /* abuse_minor, entrusted by paper */
    CONCERN_FORMER_TEAM,
    CONCERN_BARRED,       /* from schools, and lives at a gate */
    CONCERN_APPROVED,     /* likewise, in an approved home */
    CONCERN_BARRED_WORK,  /* likewise, works there */
    CONCERN_BARRED_PLACE, /* class B, barred from around a place, and lives there */
    CONCERN_FORMER_ORDER,
    CONCERN_PUPILS,     /* offence against pupils, lives at a gate */
    CONCERN_B_DWELLING, /* class B */
    CONCERN_B_CARER,
    CONCERN_B_NEXT_DOOR,
    CONCERN_CLUSTER, /* where girls live close together */
    CONCERN_ENDED,   /* released more than five years ago */
    CONCERN_DEAD,
    CONCERN_CLEARED, /* an appeal was upheld */
    CONCERN_KINDS,
};

enum concern_offence { OFFENCE_MINOR, OFFENCE_ADULT, OFFENCE_UNKNOWN_VICTIM, OFFENCE_ABUSE };
enum concern_home {
    HOME_ANYWHERE,
    HOME_SAME_DWELLING,
    HOME_NEXT_DOOR,
    HOME_COMMUNITY,
    HOME_NEAR,
    HOME_GATE,
    HOME_CLUSTER
};
enum concern_care { CARE_NONE, CARE_ENTRUSTED, CARE_TEACHER, CARE_MENTOR, CARE_TEAM, CARE_FORMER_TEAM, CARE_PAPER };
enum concern_work { WORK_NONE, WORK_SCHOOL, WORK_FORMER_SCHOOL, WORK_TRAINING, WORK_HOTEL };
enum concern_order { ORDER_NONE, ORDER_BAN, ORDER_SCHOOLS, ORDER_APPROVED_HOME, ORDER_PLACE, ORDER_FORMER };

struct concern {
    int32_t person;
    uint8_t kind;    /* enum concern_kind */
    uint8_t offence; /* enum concern_offence, and so on */
    uint8_t home, care, work, order;
    bool    is_corrections, of_pupils, has_moved, is_lost, is_dead, is_cleared;
    int32_t months, judged_day, offence_day;
    int32_t released_day, term_end_day; /* CONCERN_NO_DAY: none */
    int32_t child;                      /* whom the home and the care are about; -1: there are no girls */
    int32_t moved_day;                  /* of has_moved */
    int32_t school;                     /* of the work or of the gate; -1 */
    int32_t workplace;                  /* a dwelling's number stands for it; -1: not stated */
    int32_t barred;                     /* likewise, of ORDER_PLACE */
    int32_t barred_radius_m;
};

/* Draws the case; the places are the caller's. */
struct concern concern_draw(enum concern_kind kind, int32_t today, struct random_stream *random);

/* The record counts on `today`: neither past its retention nor settled by an event. */
bool concern_counts(const struct concern *concern, int32_t today);
bool concern_is_class_a(const struct concern *concern);
/* An order in force that bars its holder from schools. */
bool concern_is_barred_from_schools(const struct concern *concern);

#endif
