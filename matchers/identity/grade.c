/* How sure a person is: confirmed, strong or probable (MATCHING.md 5a).
 * Deliberately not a score: it says what the links rest on. */
#include "matchers/identity/index_parts.h"

enum { GRADE_PROFILES_MAX = 128 };

/* A valid number that its own record does not speak against. */
static bool has_sound_number(const struct identity_index *index, const struct profile *profile)
{
    return profile->features.number_kind == MENTION_NUMBER_VALID &&
           !profile_compare(index, profile, profile).is_contradicted;
}

static bool holds(const uint32_t *profiles, size_t count, uint32_t wanted)
{
    for (size_t i = 0; i < count; i++) {
        if (profiles[i] == wanted)
            return true;
    }
    return false;
}

/* Somebody else has the number, too, and is not at odds with it: a parent's number on a child's record takes nothing
 * from the parent. */
static bool is_disputed(const struct identity_index *index, const uint32_t *profiles, size_t count)
{
    const struct profile *first  = profile_at(index, profiles[0]);
    const uint32_t        number = table_find(&index->key_table, blocking_number_hash(&first->features));

    if (number == 0 || key_is_common(index, key_at(index, number)))
        return true;
    for (uint32_t i = key_at(index, number)->head; i != 0; i = node_at(index, i)->next) {
        const uint32_t other = node_at(index, i)->profile;

        if (!holds(profiles, count, other) && has_sound_number(index, profile_at(index, other)))
            return true;
    }
    return false;
}

/* A human's "same"; of a profile with itself: a human knows whom the one record means. */
static bool are_tied(const struct identity_index *index, const struct profile *a, const struct profile *b)
{
    return decision_between(index, a, b) == IDENTITY_SAME;
}

/* Name, birth date or sex. Neither side is at odds with the number, so what both state agrees. */
static bool agree_beside_number(const struct comparison *comparison, const struct mention_features *a,
                                const struct mention_features *b)
{
    return (comparison->name > NAME_NULL && comparison->name < NAME_WEAK) ||
           (a->birth_year != 0 && b->birth_year != 0) ||
           (a->stated_sex != PERSON_SEX_UNKNOWN && b->stated_sex != PERSON_SEX_UNKNOWN);
}

static bool share_number(const struct identity_index *index, const struct profile *a, const struct profile *b)
{
    if (!has_sound_number(index, a) || !has_sound_number(index, b))
        return false;
    const struct comparison comparison = profile_compare(index, a, b);
    return comparison.number == NUMBER_EQUAL && agree_beside_number(&comparison, &a->features, &b->features);
}

/* Whether equal numbers and human verdicts alone reach every profile from the first. */
static bool is_reached(const struct identity_index *index, const uint32_t *profiles, size_t count, bool *by_human)
{
    bool   reached[GRADE_PROFILES_MAX] = { true };
    size_t reached_count               = 1;
    bool   is_growing                  = true;

    while (is_growing && reached_count < count) {
        is_growing = false;
        for (size_t i = 0; i < count; i++) {
            for (size_t j = 0; reached[i] && j < count; j++) {
                const struct profile *a = profile_at(index, profiles[i]), *b = profile_at(index, profiles[j]);

                if (reached[j])
                    continue;
                const bool is_tied = are_tied(index, a, b);
                if (!is_tied && !share_number(index, a, b))
                    continue;
                *by_human  = *by_human || is_tied;
                reached[j] = true;
                is_growing = true;
                reached_count++;
            }
        }
    }
    return reached_count == count;
}

enum identity_grade grade_of_profiles(const struct identity_index *index, const uint32_t *profiles, size_t count)
{
    bool by_human = false;

    if (count == 0 || count > GRADE_PROFILES_MAX || !is_reached(index, profiles, count, &by_human))
        return IDENTITY_PROBABLE;
    const struct profile *first = profile_at(index, profiles[0]);
    if (by_human || (count == 1 && are_tied(index, first, first)))
        return IDENTITY_CONFIRMED;
    /* Every link rests on one number here, or there is but one profile. */
    return has_sound_number(index, first) && !is_disputed(index, profiles, count) ? IDENTITY_STRONG : IDENTITY_PROBABLE;
}

enum identity_grade identity_grade_of(const struct identity_index *index, int64_t person_id)
{
    const uint32_t number = index_find_person(index, person_id);
    uint32_t       profiles[GRADE_PROFILES_MAX];
    size_t         count = 0;

    if (number == 0)
        return IDENTITY_PROBABLE;

    const struct person *person = person_at(index, number);
    if (person->grade != GRADE_UNKNOWN)
        return (enum identity_grade)person->grade;
    for (uint32_t i = person->member_head; i != 0; i = mention_at(index, i)->person_next) {
        const uint32_t profile = mention_at(index, i)->profile;

        if (holds(profiles, count, profile))
            continue;
        if (count == GRADE_PROFILES_MAX)
            return IDENTITY_PROBABLE;
        profiles[count++] = profile;
    }
    return grade_of_profiles(index, profiles, count);
}
