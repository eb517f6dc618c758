/* People as a case states them, and one call for each thing a case does with the index. */
#ifndef HULEI_TESTS_IDENTITY_CASES_H
#define HULEI_TESTS_IDENTITY_CASES_H

#include "identity_fixture.h"

#include <string.h>

struct who {
    const char *name, *former, *number, *birth, *phone;
    enum sex    sex;
    uint64_t    household, dwelling, community;
};

static inline void make(const struct who *who, struct mention_features *features)
{
    struct person_input input = {
        .names          = {span_from_text(who->name), span_from_text(who->former) },
        .name_count     = who->former != NULL ? 2 : who->name != NULL,
        .id_number      = span_from_text(who->number),
        .sex            = who->sex,
        .birth_date     = span_from_text(who->birth),
        .phones         = { span_from_text(who->phone)                       },
        .phone_count    = who->phone != NULL,
        .household_hash = who->household,
        .dwelling_key   = who->dwelling,
        .community_code = who->community,
    };

    mention_features_make(tables, &input, features);
}

static inline struct identity_batch *begin(struct fixture *fixture)
{
    struct identity_batch *batch = identity_batch_begin(fixture->index, &fixture->arena);

    assert_non_null(batch);
    return batch;
}

/* The result stays readable until the next batch begins. */
static inline const struct identity_result *finish(struct fixture *fixture, struct identity_batch *batch)
{
    assert_true(identity_batch_resolve(batch, &fixture->next_person));
    const struct identity_result *result = identity_batch_result(batch);
    identity_batch_merge(batch);
    fixture->arena.used = 0;
    return result;
}

static inline void put_sole(struct identity_batch *batch, int64_t id, uint32_t group, const struct who *who)
{
    struct mention_features features;

    make(who, &features);
    assert_true(identity_batch_put(batch, id, canonical_of(id), group, &features));
}

static inline void put(struct identity_batch *batch, int64_t id, const struct who *who)
{
    put_sole(batch, id, 0, who);
}

static inline const struct identity_result *put_all(struct fixture *fixture, const struct who *who, size_t count)
{
    struct identity_batch *batch = begin(fixture);

    for (size_t i = 0; i < count; i++)
        put(batch, (int64_t)i + 1, &who[i]);
    return finish(fixture, batch);
}

static inline const struct identity_result *decide(struct fixture *fixture, int64_t a, int64_t b,
                                                   enum identity_verdict verdict)
{
    struct identity_batch *batch = begin(fixture);

    assert_true(identity_batch_decide(batch, a, b, verdict));
    return finish(fixture, batch);
}

static inline bool are_one(const struct fixture *fixture, int64_t a, int64_t b)
{
    return identity_person_of(fixture->index, a) == identity_person_of(fixture->index, b);
}

static inline enum identity_grade grade_of(const struct fixture *fixture, int64_t id)
{
    return identity_grade_of(fixture->index, identity_person_of(fixture->index, id));
}

/* The person whom the mention is kept from, and why; fails when nothing is frozen. */
static inline const struct identity_frozen *frozen_with(const struct fixture         *fixture,
                                                        const struct identity_result *result, int64_t id)
{
    const int64_t person = identity_person_of(fixture->index, id);

    for (size_t i = 0; i < result->frozen_count; i++) {
        if (result->frozen[i].person_a == person || result->frozen[i].person_b == person)
            return &result->frozen[i];
    }
    fail_msg("mention %ld is not frozen", (long)id);
    return NULL;
}

#endif
