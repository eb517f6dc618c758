/* Cases of persons of concern; see concern.h.
 * One table says what makes each kind. */
#include "daemon/cli/synth/concern.h"

enum { RETENTION_DAYS = 5 * 365 };

/* clang-format off */
static const struct kind_row {
    uint8_t offence, home, care, work, order;
    bool    is_corrections, of_pupils;
} kinds[CONCERN_KINDS] = {
    [CONCERN_SAME_DWELLING]              = { .home = HOME_SAME_DWELLING },
    [CONCERN_CARER]                      = { .care = CARE_ENTRUSTED },
    [CONCERN_NEXT_DOOR]                  = { .home = HOME_NEXT_DOOR },
    [CONCERN_NEXT_DOOR_CORRECTIONS]      = { .home = HOME_NEXT_DOOR, .is_corrections = true },
    [CONCERN_SAME_COMMUNITY]             = { .home = HOME_COMMUNITY },
    [CONCERN_SAME_COMMUNITY_CORRECTIONS] = { .home = HOME_COMMUNITY, .is_corrections = true },
    [CONCERN_ELSEWHERE]                  = { .home = HOME_ANYWHERE },
    [CONCERN_ADULT_VICTIM]               = { .offence = OFFENCE_ADULT },
    [CONCERN_ABUSE]                      = { .offence = OFFENCE_ABUSE, .care = CARE_ENTRUSTED },
    [CONCERN_VICTIM_UNKNOWN]             = { .offence = OFFENCE_UNKNOWN_VICTIM, .home = HOME_COMMUNITY },
    [CONCERN_BOOKLET]                    = { .home = HOME_SAME_DWELLING },
    [CONCERN_RELEASED]                   = { .home = HOME_NEAR },
    [CONCERN_MOVED]                      = { .home = HOME_NEAR },
    [CONCERN_LOST]                       = { .home = HOME_ANYWHERE },
    [CONCERN_SCHOOL_STAFF]               = { .work = WORK_SCHOOL },
    [CONCERN_TRAINING_STAFF]             = { .offence = OFFENCE_ABUSE, .work = WORK_TRAINING },
    [CONCERN_HOTEL_STAFF]                = { .work = WORK_HOTEL },
    [CONCERN_FORMER_STAFF]               = { .work = WORK_FORMER_SCHOOL },
    [CONCERN_BANNED_STAFF]               = { .offence = OFFENCE_ADULT, .work = WORK_SCHOOL, .order = ORDER_BAN },
    [CONCERN_TEACHER]                    = { .care = CARE_TEACHER },
    [CONCERN_MENTOR]                     = { .care = CARE_MENTOR },
    [CONCERN_VOLUNTEER]                  = { .care = CARE_TEAM },
    [CONCERN_PAPER]                      = { .offence = OFFENCE_ABUSE, .care = CARE_PAPER },
    [CONCERN_FORMER_TEAM]                = { .care = CARE_FORMER_TEAM },
    [CONCERN_BARRED]                     = { .home = HOME_GATE, .order = ORDER_SCHOOLS },
    [CONCERN_APPROVED]                   = { .home = HOME_GATE, .order = ORDER_APPROVED_HOME },
    [CONCERN_BARRED_WORK]                = { .order = ORDER_SCHOOLS },
    [CONCERN_BARRED_PLACE]               = { .offence = OFFENCE_ADULT, .order = ORDER_PLACE },
    [CONCERN_FORMER_ORDER]               = { .home = HOME_GATE, .order = ORDER_FORMER },
    [CONCERN_PUPILS]                     = { .home = HOME_GATE, .of_pupils = true },
    [CONCERN_B_DWELLING]                 = { .offence = OFFENCE_ADULT, .home = HOME_SAME_DWELLING },
    [CONCERN_B_CARER]                    = { .offence = OFFENCE_UNKNOWN_VICTIM, .care = CARE_ENTRUSTED },
    [CONCERN_B_NEXT_DOOR]                = { .offence = OFFENCE_ADULT, .home = HOME_NEXT_DOOR },
    [CONCERN_CLUSTER]                    = { .home = HOME_CLUSTER },
    [CONCERN_ENDED]                      = { .home = HOME_NEXT_DOOR },
    [CONCERN_DEAD]                       = { .home = HOME_NEXT_DOOR },
    [CONCERN_CLEARED]                    = { .home = HOME_NEXT_DOOR },
};
/* clang-format on */

static int32_t draw_release(enum concern_kind kind, int32_t today, struct random_stream *random)
{
    if (kind == CONCERN_RELEASED)
        return today - random_between(random, 3, 25);
    if (kind == CONCERN_ENDED)
        return today - random_between(random, RETENTION_DAYS + 30, RETENTION_DAYS + 600);
    return today - random_between(random, 60, 1300);
}

struct concern concern_draw(enum concern_kind kind, int32_t today, struct random_stream *random)
{
    const struct kind_row *row     = &kinds[kind];
    struct concern         concern = { .kind           = (uint8_t)kind,
                                       .offence        = row->offence,
                                       .home           = row->home,
                                       .care           = row->care,
                                       .work           = row->work,
                                       .order          = row->order,
                                       .is_corrections = row->is_corrections,
                                       .of_pupils      = row->of_pupils,
                                       .has_moved      = kind == CONCERN_MOVED,
                                       .is_lost        = kind == CONCERN_LOST,
                                       .is_dead        = kind == CONCERN_DEAD,
                                       .is_cleared     = kind == CONCERN_CLEARED,
                                       .released_day   = CONCERN_NO_DAY,
                                       .term_end_day   = CONCERN_NO_DAY,
                                       .child          = -1,
                                       .school         = -1,
                                       .workplace      = -1,
                                       .barred         = -1 };

    if (row->is_corrections) {
        concern.months       = 24;
        concern.judged_day   = today - random_between(random, 60, 400);
        concern.term_end_day = concern.judged_day + concern.months * 30;
    } else {
        concern.months       = random_between(random, 24, 84);
        concern.released_day = draw_release(kind, today, random);
        concern.judged_day   = concern.released_day - concern.months * 30;
    }
    concern.offence_day = concern.judged_day - random_between(random, 60, 300);
    return concern;
}

bool concern_counts(const struct concern *concern, int32_t today)
{
    const bool is_past = concern->released_day != CONCERN_NO_DAY && today - concern->released_day > RETENTION_DAYS + 2;

    return !is_past && !concern->is_dead && !concern->is_cleared;
}

bool concern_is_class_a(const struct concern *concern)
{
    return concern->offence == OFFENCE_MINOR;
}

bool concern_is_barred_from_schools(const struct concern *concern)
{
    return concern->order == ORDER_SCHOOLS || concern->order == ORDER_APPROVED_HOME;
}
