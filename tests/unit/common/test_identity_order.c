/* The order of arrival decides nothing: shuffled streams with updates and withdrawals, cut into batches of any size,
 * and one batch of what is left in the end give the same persons. HULEI_STREAM_PERSONS=25000 is the full size. */
#include "identity_fixture.h"

enum { MENTIONS_EACH = 4, LIVES_MAX = 4, STREAMS = 5 };

/* What happens to one mention, one after the other; the last is what is left. */
enum life { LIFE_PUT, LIFE_PUT_STALE, LIFE_REMOVE };

static const struct {
    size_t    count;
    enum life lives[LIVES_MAX];
} lives[] = {
    {1,  { LIFE_PUT }                                       },
    { 1, { LIFE_PUT }                                       },
    { 1, { LIFE_PUT }                                       },
    { 2, { LIFE_PUT_STALE, LIFE_PUT }                       },
    { 2, { LIFE_PUT, LIFE_REMOVE }                          },
    { 3, { LIFE_PUT, LIFE_REMOVE, LIFE_PUT }                },
    { 4, { LIFE_PUT_STALE, LIFE_REMOVE, LIFE_PUT, LIFE_PUT }},
};

static size_t person_count(void)
{
    const char *wanted = getenv("HULEI_STREAM_PERSONS");

    return wanted != NULL ? strtoul(wanted, NULL, 10) : 600;
}

static size_t life_of(size_t mention)
{
    return mention * 2654435761U % 4093 % (sizeof lives / sizeof lives[0]);
}

static int64_t id_of(size_t mention)
{
    return (int64_t)(mention / MENTIONS_EACH * 16 + mention % MENTIONS_EACH);
}

static void take(struct identity_batch *batch, size_t mention, enum life life, size_t persons)
{
    const unsigned          person = (unsigned)(mention / MENTIONS_EACH), which = (unsigned)(mention % MENTIONS_EACH);
    struct mention_features features;

    if (life == LIFE_REMOVE) {
        assert_true(identity_batch_remove(batch, id_of(mention)));
        return;
    }
    make_mention(life == LIFE_PUT_STALE ? (person + 5) % (unsigned)persons : person, which, &features);
    assert_true(identity_batch_put(batch, id_of(mention), canonical_of(id_of(mention)), 0, &features));
}

/* Every mention as often as it has lives, in random order. The list is the caller's to free. */
static size_t *shuffled(size_t mentions, uint64_t seed, size_t *count)
{
    size_t *steps = malloc(mentions * LIVES_MAX * sizeof steps[0]);

    assert_non_null(steps);
    *count = 0;
    for (size_t i = 0; i < mentions; i++) {
        for (size_t life = 0; life < lives[life_of(i)].count; life++)
            steps[(*count)++] = i;
    }
    for (size_t i = *count - 1; i > 0; i--) {
        const size_t j = next_random(&seed) % (i + 1), swap = steps[i];

        steps[i] = steps[j];
        steps[j] = swap;
    }
    return steps;
}

static void finish(struct fixture *fixture, struct identity_batch *batch)
{
    assert_true(identity_batch_resolve(batch, &fixture->next_person));
    identity_batch_merge(batch);
    arena_reset(&fixture->arena);
}

static uint64_t run_stream(size_t persons, uint64_t seed, size_t batch_size)
{
    struct fixture *fixture  = fixture_make_sized((size_t)1 << 30, (size_t)1 << 30);
    const size_t    mentions = persons * MENTIONS_EACH;
    unsigned char  *lived    = calloc(mentions, 1);
    size_t          count;
    size_t         *steps = shuffled(mentions, seed, &count);

    assert_non_null(lived);
    for (size_t from = 0; from < count; from += batch_size) {
        struct identity_batch *batch = identity_batch_begin(fixture->index, &fixture->arena);

        for (size_t i = from; i < count && i < from + batch_size; i++)
            take(batch, steps[i], lives[life_of(steps[i])].lives[lived[steps[i]]++], persons);
        finish(fixture, batch);
    }
    const uint64_t print = fingerprint(fixture);
    free(steps);
    free(lived);
    fixture_drop(fixture);
    return print;
}

/* Only what is left, in one batch. */
static uint64_t run_batch(size_t persons)
{
    struct fixture        *fixture = fixture_make_sized((size_t)1 << 30, (size_t)1 << 30);
    struct identity_batch *batch   = identity_batch_begin(fixture->index, &fixture->arena);

    for (size_t i = 0; i < persons * MENTIONS_EACH; i++) {
        if (lives[life_of(i)].lives[lives[life_of(i)].count - 1] == LIFE_PUT)
            take(batch, i, LIFE_PUT, persons);
    }
    finish(fixture, batch);
    const uint64_t print = fingerprint(fixture);
    fixture_drop(fixture);
    return print;
}

static void any_order_and_any_cut(void **state)
{
    static const size_t batch_sizes[STREAMS] = { 500, 1, 7, 64, SIZE_MAX / 2 };
    const size_t        persons              = person_count();
    const uint64_t      expected             = run_batch(persons);

    (void)state;
    assert_true(expected != 0);
    for (size_t i = 0; i < STREAMS; i++) {
        const uint64_t print = run_stream(persons, 77 + i, batch_sizes[i]);

        printf("%zu mentions, batches of %zu: clusters %016llx\n", persons * MENTIONS_EACH, batch_sizes[i],
               (unsigned long long)print);
        assert_int_equal(print, expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_and_any_cut),
    };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
