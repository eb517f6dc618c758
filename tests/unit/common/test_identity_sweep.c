/* All persons at once are those of the stream: the same mentions put through one batch and swept, in any order of
 * loading and with steps in any order, give the same clusters; hubs and loose mentions among them. */
#include "identity_fixture.h"

#include "matchers/identity/sweep.h"

enum { PERSONS = 400, MENTIONS_EACH = 4, MENTIONS = PERSONS * MENTIONS_EACH };

/* Some mentions say nothing but a name, some share one phone: they must stay apart. Some have another number than the
 * rest of their person. */
static void take_mention(unsigned number, struct mention_features *features)
{
    make_mention(number / MENTIONS_EACH, number % MENTIONS_EACH, features);
    if (number % 40 == 39) {
        struct person_input input = { .names = { span_from_text("王伟") }, .name_count = 1 };
        mention_features_make(tables, &input, features);
    } else if (number % 10 == 5) {
        features->phone_count = 1;
        features->phones[0]   = 13800138000;
    } else if (number % 20 == 1) {
        features->number[16] = features->number[16] == '1' ? '3' : '1';
    }
}

/* The lowest mention of each one's person. */
static void cluster_by_batch(uint32_t firsts[MENTIONS])
{
    struct fixture        *fixture = fixture_make(INDEX_BYTES);
    struct identity_batch *batch   = identity_batch_begin(fixture->index, &fixture->arena);

    for (unsigned i = 0; i < MENTIONS; i++) {
        struct mention_features features;

        take_mention(i, &features);
        assert_true(identity_batch_put(batch, i + 1, canonical_of(i + 1), 0, &features));
    }
    assert_true(identity_batch_resolve(batch, &fixture->next_person));
    identity_batch_merge(batch);
    for (unsigned i = 0; i < MENTIONS; i++) {
        int64_t      members[256];
        const size_t count =
            identity_members_of(fixture->index, identity_person_of(fixture->index, i + 1), members, 256);
        assert_in_range(count, 1, 256);
        firsts[i] = (uint32_t)members[0];
    }
    fixture_drop(fixture);
}

static uint32_t root_of(const uint32_t *parents, uint32_t content)
{
    while (parents[content] != content)
        content = parents[content];
    return content;
}

/* `step`: mentions are loaded and contents looked at in strides of it; prime to their numbers. */
static void cluster_by_sweep(unsigned step, uint32_t firsts[MENTIONS])
{
    struct fixture *fixture = fixture_make(INDEX_BYTES);

    for (unsigned i = 0; i < MENTIONS; i++) {
        const unsigned          at = (unsigned)((uint64_t)i * step % MENTIONS);
        struct mention_features features;

        take_mention(at, &features);
        assert_true(load_mention(fixture->index, model, at + 1, &features, 0));
    }
    const uint32_t           end     = identity_content_end(fixture->index);
    struct identity_scanner *scanner = identity_scanner_init(fixture->index, calloc(1, identity_scanner_bytes(model)));
    struct identity_edge    *edges   = calloc((size_t)MENTIONS * 50, sizeof *edges), *group;
    uint32_t                *parents = calloc(end, sizeof *parents), *clusters = calloc(end, sizeof *clusters);
    uint32_t                *scratch = calloc(end, sizeof *scratch), *lowest = calloc(end, sizeof *lowest);
    uint32_t                *contents = calloc(MENTIONS, sizeof *contents);
    size_t                   count = 0, persons = 0;
    uint64_t                 frozen = 0;

    group = calloc((size_t)MENTIONS * 50, sizeof *group);
    identity_sweep_begin(fixture->index);
    for (uint32_t i = 0; i < end; i++)
        parents[i] = clusters[i] = i;
    for (uint32_t i = 0; i + 1 < end; i++) {
        count += identity_sweep_edges(scanner, (uint32_t)((uint64_t)i * step % (end - 1)) + 1, edges + count);
        assert_true(count + identity_edges_max(fixture->index) <= (size_t)MENTIONS * 50);
    }
    for (size_t i = 0; i < count; i++)
        parents[root_of(parents, edges[i].a)] = root_of(parents, edges[i].b);
    for (uint32_t root = 1; root < end; root++) {
        size_t grouped = 0;

        for (size_t i = 0; i < count; i++) {
            if (root_of(parents, edges[i].a) == root)
                group[grouped++] = edges[i];
        }
        arena_reset(&fixture->arena);
        assert_true(identity_component_bytes(grouped) <= fixture->arena.capacity);
        assert_true(identity_sweep_component(scanner, &fixture->arena, group, grouped, scratch, clusters, &frozen));
        assert_true(fixture->arena.used <= identity_component_bytes(grouped));
    }
    persons = identity_sweep_persons(fixture->index, clusters, scratch, lowest, contents, firsts);
    for (unsigned i = 0; i < MENTIONS; i++) {
        persons -= firsts[i] == i + 1;
        assert_ptr_equal(identity_features_at(fixture->index, contents[i]),
                         identity_features_of(fixture->index, i + 1));
    }
    assert_int_equal(persons, 0);
    assert_true(frozen > 0);
    free(scanner);
    free(edges);
    free(group);
    free(parents);
    free(clusters);
    free(scratch);
    free(lowest);
    free(contents);
    fixture_drop(fixture);
}

static void a_sweep_is_the_batch(void **state)
{
    static const unsigned steps[] = { 1, 7, 1597, 1 + MENTIONS / 2 };
    uint32_t              by_batch[MENTIONS], by_sweep[MENTIONS];
    unsigned              joined = 0, loose = 0;

    (void)state;
    cluster_by_batch(by_batch);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        cluster_by_sweep(steps[i], by_sweep);
        assert_memory_equal(by_sweep, by_batch, sizeof by_batch);
    }
    for (unsigned i = 0; i < MENTIONS; i++) {
        joined += by_batch[i] != i + 1;
        loose += i % 40 == 39 && by_batch[i] == i + 1;
    }
    assert_true(joined > MENTIONS / 2);
    assert_int_equal(loose, MENTIONS / 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sweep_is_the_batch),
    };

    return cmocka_run_group_tests(tests, open_parts, close_parts);
}
