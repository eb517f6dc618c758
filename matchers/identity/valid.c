/* Whether two clusters may become one: every pair across must be free of conflict, or vouched for.
 * Deliberately without any say in what is tried, and in which order: see cluster.c. */
#include "matchers/identity/index_parts.h"

/* How much more evidence than for a rival makes a record a person's: 64 to 1. */
static const double rival_bits = 6;

/* From what a fellow's word can lift to what only a human can. */
enum weight { WEIGHT_NONE, WEIGHT_LIGHT, WEIGHT_HARD, WEIGHT_HUMAN };

struct conflict {
    enum weight weight;
    const char *reason; /* a static word */
};

static const struct mention *only_mention(const struct identity_index *index, const struct profile *profile)
{
    return mention_at(index, profile->mention_head);
}

/* Two records of a source that has one for each person. */
static bool are_of_one_sole_source(const struct identity_index *index, const struct profile *a, const struct profile *b)
{
    if (!a->is_private || !b->is_private)
        return false;
    const uint32_t group = only_mention(index, a)->sole_group;
    return group != 0 && group == only_mention(index, b)->sole_group;
}

static enum weight weight_of(enum identity_veto veto)
{
    switch (veto) {
    case VETO_NONE:
        return WEIGHT_NONE;
    case VETO_NAMES:
    case VETO_BIRTH:
    case VETO_TWINS:
        return WEIGHT_LIGHT;
    case VETO_NUMBERS:
    case VETO_SEX:
    case VETO_FOREIGN_NUMBER:
        break;
    }
    return WEIGHT_HARD;
}

/* ---- rivals ---- */

struct contest {
    const struct identity_index *index;
    const struct profile        *record, *person; /* whether the record is the person's */
    const struct comparison     *comparison;      /* of these two */
    bool                         is_lost;
};

/* Somebody easily mixed up with the person has a better name for the record, or nearly as much evidence. */
static void look_for_better(void *context, uint32_t number, uint32_t other)
{
    struct contest       *contest = context;
    const struct profile *rival   = profile_at(contest->index, other);

    (void)number;
    if (contest->is_lost || rival == contest->record || !profile_is_rival(contest->index, contest->person, rival))
        return;
    const struct comparison *with_person = contest->comparison;
    const struct comparison  with_rival  = profile_compare(contest->index, contest->record, rival);
    if (with_rival.veto != VETO_NONE || with_rival.name == NAME_NULL)
        return;
    const bool is_number_like = with_person->number == NUMBER_EDIT || with_person->number == NUMBER_BROKEN_EQUAL;
    const bool is_better      = with_rival.name < with_person->name && !is_number_like;
    const bool is_near = with_rival.name <= with_person->name && with_rival.bits + rival_bits > with_person->bits;
    contest->is_lost   = is_better || is_near;
}

static bool is_contested(struct identity_scanner *scanner, const struct profile *record, uint32_t person,
                         const struct comparison *comparison)
{
    const struct identity_index *index   = scanner->index;
    struct contest               contest = { index, record, profile_at(index, person), comparison, false };

    if (profile_has_rival(scanner, person))
        profile_scan(scanner, person, look_for_better, &contest);
    return contest.is_lost;
}

/* A twin of the person, whom the record fits as well. */
static void look_for_twin(void *context, uint32_t number, uint32_t other)
{
    struct contest       *contest = context;
    const struct profile *twin    = profile_at(contest->index, other);

    (void)number;
    if (contest->is_lost || twin == contest->person)
        return;
    const struct comparison with_twin = profile_compare(contest->index, contest->record, twin);
    if (with_twin.name > contest->comparison->name || with_twin.bits + rival_bits <= contest->comparison->bits ||
        profile_edge_bits(contest->index, contest->record, twin) <= 0)
        return;
    const bool is_same_day = contest->person->features.number_day != MENTION_NO_DAY &&
                             contest->person->features.number_day == twin->features.number_day;
    const enum identity_veto veto = profile_compare(contest->index, contest->person, twin).veto;
    contest->is_lost              = veto == VETO_TWINS || (veto == VETO_NUMBERS && is_same_day);
}

/* Half a name may be either twin's. */
static bool is_torn(struct identity_scanner *scanner, uint32_t record, uint32_t person,
                    const struct comparison *comparison)
{
    const struct identity_index *index = scanner->index;
    struct contest contest = { index, profile_at(index, record), profile_at(index, person), comparison, false };

    if (comparison->name != NAME_EXACT && comparison->number != NUMBER_EDIT &&
        comparison->number != NUMBER_BROKEN_EQUAL)
        profile_scan(scanner, record, look_for_twin, &contest);
    return contest.is_lost;
}

static struct conflict rivalry_between(struct identity_scanner *scanner, uint32_t a, uint32_t b,
                                       const struct comparison *comparison)
{
    const struct identity_index *index = scanner->index;
    /* One number, two given names, and somebody of such a name with another number: twins' numbers get swapped. */
    if (comparison->number == NUMBER_EQUAL && comparison->name >= NAME_WEAK &&
        (profile_has_rival(scanner, a) || profile_has_rival(scanner, b)))
        return (struct conflict){ WEIGHT_HARD, "swapped_number" };
    /* No number, and it may as well be a namesake born the same day, or a twin of a like name. */
    if (comparison->number != NUMBER_EQUAL && (is_contested(scanner, profile_at(index, a), b, comparison) ||
                                               is_contested(scanner, profile_at(index, b), a, comparison)))
        return (struct conflict){ WEIGHT_LIGHT, "namesakes" };
    if (comparison->number != NUMBER_EQUAL &&
        (is_torn(scanner, a, b, comparison) || is_torn(scanner, b, a, comparison)))
        return (struct conflict){ WEIGHT_LIGHT, identity_veto_word(VETO_TWINS) };
    return (struct conflict){ WEIGHT_NONE, "" };
}

/* The rules in order; the first that applies decides. */
static struct conflict conflict_between(struct identity_scanner *scanner, uint32_t number_a, uint32_t number_b)
{
    const struct identity_index *index = scanner->index;
    const struct profile        *a = profile_at(index, number_a), *b = profile_at(index, number_b);

    /* 1. A human knows. */
    const enum identity_verdict verdict = decision_between(index, a, b);
    if (verdict == IDENTITY_SAME)
        return (struct conflict){ WEIGHT_NONE, "" };
    if (verdict == IDENTITY_DIFFERENT)
        return (struct conflict){ WEIGHT_HUMAN, "human" };

    /* 2. What the source promises of its records. */
    if (are_of_one_sole_source(index, a, b))
        return (struct conflict){ WEIGHT_HARD, "source" };

    /* 3. What the two contents say of each other. */
    const struct comparison comparison = profile_compare(index, a, b);
    if (comparison.veto != VETO_NONE)
        return (struct conflict){ weight_of(comparison.veto), identity_veto_word(comparison.veto) };

    /* 4. What others say who may be meant as well. */
    return rivalry_between(scanner, number_a, number_b, &comparison);
}

/* ---- clusters ---- */

static uint32_t profile_number(const struct clustering *clustering, uint32_t local)
{
    return clustering->members[local].profile;
}

/* Twins: half a name is no word for a whole one. */
static bool may_vouch(const struct identity_index *index, const struct profile *fellow, const struct profile *other,
                      const struct conflict *conflict)
{
    if (strcmp(conflict->reason, identity_veto_word(VETO_TWINS)) != 0)
        return true;
    const enum name_level name = profile_compare(index, fellow, other).name;
    return name == NAME_EXACT || name == NAME_VARIANT;
}

/* A fellow of `of`, tied to it by an equal valid number or by a human, agrees with `with`: what `of` alone misspells
 * does not count then. */
static bool is_vouched_for(struct identity_scanner *scanner, const struct clustering *clustering, uint32_t of,
                           uint32_t with, const struct conflict *conflict)
{
    const struct identity_index *index   = scanner->index;
    const uint32_t               other   = profile_number(clustering, with);
    const struct profile        *profile = profile_at(index, profile_number(clustering, of));

    for (uint32_t i = clustering->members[of].cluster + 1; i != 0; i = clustering->members[i - 1].next) {
        const uint32_t        number = profile_number(clustering, i - 1);
        const struct profile *fellow = profile_at(index, number);

        if (fellow == profile || conflict_between(scanner, number, other).weight != WEIGHT_NONE)
            continue;
        if (decision_between(index, fellow, profile) == IDENTITY_SAME)
            return true;
        const struct comparison comparison = profile_compare(index, fellow, profile);
        if (conflict->weight == WEIGHT_LIGHT && comparison.number == NUMBER_EQUAL && !comparison.is_contradicted &&
            may_vouch(index, fellow, profile_at(index, other), conflict))
            return true;
    }
    return false;
}

static bool has_number_of(const struct profile *profile, const struct profile *other)
{
    return profile->features.number_kind == MENTION_NUMBER_VALID &&
           memcmp(profile->features.number, other->features.number, sizeof profile->features.number) == 0;
}

/* A human said of a fellow with the one number and a fellow with the other that they are one. */
static bool has_word_on_numbers(const struct identity_index *index, const struct clustering *clustering, uint32_t in,
                                const struct profile *a, const struct profile *b)
{
    for (uint32_t i = in + 1; i != 0; i = clustering->members[i - 1].next) {
        const struct profile *x = profile_at(index, profile_number(clustering, i - 1));

        for (uint32_t j = has_number_of(x, a) ? in + 1 : 0; j != 0; j = clustering->members[j - 1].next) {
            const struct profile *y = profile_at(index, profile_number(clustering, j - 1));

            if (has_number_of(y, b) && decision_between(index, x, y) == IDENTITY_SAME)
                return true;
        }
    }
    return false;
}

/* Somebody of either cluster, or a human, lifts the conflict of two members. */
static bool is_lifted(struct identity_scanner *scanner, const struct clustering *clustering, uint32_t a, uint32_t b,
                      const struct conflict *conflict)
{
    const struct identity_index *index  = scanner->index;
    const struct profile        *first  = profile_at(index, profile_number(clustering, a));
    const struct profile        *second = profile_at(index, profile_number(clustering, b));
    const uint32_t               of_a = clustering->members[a].cluster, of_b = clustering->members[b].cluster;

    if (strcmp(conflict->reason, identity_veto_word(VETO_NUMBERS)) == 0 &&
        (has_word_on_numbers(index, clustering, of_a, first, second) ||
         has_word_on_numbers(index, clustering, of_b, first, second)))
        return true;
    return is_vouched_for(scanner, clustering, a, b, conflict) || is_vouched_for(scanner, clustering, b, a, conflict);
}

const char *merge_refusal(struct identity_scanner *scanner, const struct clustering *clustering, uint32_t a, uint32_t b,
                          bool by_human)
{
    for (uint32_t i = a + 1; i != 0; i = clustering->members[i - 1].next) {
        for (uint32_t j = b + 1; j != 0; j = clustering->members[j - 1].next) {
            const struct conflict conflict =
                conflict_between(scanner, profile_number(clustering, i - 1), profile_number(clustering, j - 1));

            if (conflict.weight == WEIGHT_NONE)
                continue;
            if (conflict.weight == WEIGHT_HUMAN)
                return conflict.reason;
            if (!by_human && !is_lifted(scanner, clustering, i - 1, j - 1, &conflict))
                return conflict.reason;
        }
    }
    return NULL;
}
