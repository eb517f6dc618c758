/* Feed files into a world; see policy_files_world.h.
 * Deliberately the engine's decoder, features and clusters: what is projected here is what would open. */
#include "daemon/cli/policy/policy_files_world.h"

#include "daemon/cli/evaluate/words.h"
#include "daemon/cli/feed_context.h"
#include "daemon/engine/facts_make.h"
#include "daemon/engine/people.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

enum { BATCH_RECORDS = 500, ARENA_BYTES = 256 << 20, KEY_BYTES = 512 };

struct filling {
    struct policy_world   *world;
    struct feed_context    feed;
    struct blind          *blind;
    struct words           keys; /* "source|type|subject"; the record's id is the number + 1 */
    size_t                 time_capacity;
    struct arena           arena; /* of the identity batch */
    struct identity_batch *batch;
    size_t                 batch_records;
    int64_t                next_person;
};

/* ---- batches of persons ---- */

static bool begin_batch(struct filling *filling)
{
    arena_reset(&filling->arena);
    filling->batch_records = 0;
    filling->batch         = identity_batch_begin(world_identity(filling->world->world), &filling->arena);
    return filling->batch != NULL;
}

static bool end_batch(struct filling *filling)
{
    if (filling->batch == NULL)
        return true;
    if (!identity_batch_resolve(filling->batch, &filling->next_person))
        return false;
    identity_batch_merge(filling->batch);
    filling->batch = NULL;
    return true;
}

/* ---- one record ---- */

/* Of no key: two runs take records in one order. */
static uint32_t sole_group_of(const struct feed_record *read, unsigned slot)
{
    if (slot != 0 || !read->source_binding->has_one_each)
        return 0;
    return (uint32_t)XXH3_64bits(read->source.bytes, read->source.length) | 1;
}

static bool put_persons(struct filling *filling, const struct feed_record *read, const char *key,
                        struct record_facts *facts)
{
    struct people_block blocks[FACTS_SLOTS];
    const size_t        count = people_blocks(read, blocks);

    for (size_t i = 0; i < count; i++) {
        const struct facts_person person = people_person(read, facts, &blocks[i]);
        const unsigned            slot   = blocks[i].slot;
        struct mention_features   features;

        facts_mention(&filling->world->tools, filling->blind, &person, &filling->feed.arena, facts, &features);
        facts->slots |= (uint16_t)(1U << slot);
        if (people_is_caregiver(blocks[i].role))
            facts->caregivers |= (uint16_t)(1U << slot);
        if (!identity_batch_put(filling->batch, world_mention_id(facts->record_id, slot),
                                XXH3_64bits_withSeed(key, strlen(key), slot), sole_group_of(read, slot), &features))
            return false;
    }
    return true;
}

static bool put_place(struct filling *filling, const struct feed_record *read, int64_t record_id)
{
    struct place_index     *places = world_places(filling->world->world);
    struct address_features address;
    bool                    has_point = false;
    double                  lon = 0, lat = 0;

    return facts_place(&filling->world->tools, &read->place, &filling->feed.arena, &address, &has_point, &lon, &lat) &&
           place_index_put(places, (uint64_t)record_id, &address, has_point, lon, lat);
}

static bool forget(struct filling *filling, int64_t record_id, uint16_t slots, uint16_t kept)
{
    for (unsigned slot = 0; slot < FACTS_SLOTS; slot++) {
        if ((slots & ~kept & 1U << slot) != 0 &&
            !identity_batch_remove(filling->batch, world_mention_id(record_id, slot)))
            return false;
    }
    return true;
}

static bool put_record(struct filling *filling, const struct feed_record *read, const char *key, int64_t record_id)
{
    struct world              *world = filling->world->world;
    const struct record_facts *known = world_facts(world, record_id);
    const uint16_t             slots = known != NULL ? known->slots : 0;
    struct record_facts        facts = { .record_id = record_id };

    if (read->is_withdrawal) {
        if (read->type == FEED_PLACE)
            place_index_remove(world_places(world), (uint64_t)record_id);
        world_remove_facts(world, record_id);
        return forget(filling, record_id, slots, 0);
    }
    facts_make(&filling->world->tools, filling->blind, read, record_id, &filling->feed.arena, &facts);
    if (!put_persons(filling, read, key, &facts) || !forget(filling, record_id, slots, facts.slots) ||
        (read->type == FEED_PLACE && !put_place(filling, read, record_id)) ||
        !world_reserve_facts(world, record_id, 1, facts.residence_count))
        return false;
    if (facts_are_kept(&facts))
        world_put_facts(world, &facts);
    return true;
}

/* False when memory is out. *is_newest: no newer version came before. */
static bool note_time(struct filling *filling, uint32_t number, int64_t time_us, bool *is_newest)
{
    struct policy_world *world = filling->world;

    if (number >= filling->time_capacity) {
        const size_t capacity = filling->time_capacity * 2 + 4096;
        int64_t     *grown    = realloc(world->times_us, (capacity + 1) * sizeof *grown);
        if (grown == NULL)
            return false;
        for (size_t i = filling->time_capacity; i <= capacity; i++)
            grown[i] = INT64_MIN;
        world->times_us        = grown;
        filling->time_capacity = capacity;
        world->time_count      = capacity + 1;
    }
    *is_newest = world->times_us[number + 1] <= time_us;
    if (*is_newest)
        world->times_us[number + 1] = time_us;
    return true;
}

/* The number of a record's key; WORDS_NONE when memory is out. An overlong one, which no feed may send, is cut. */
static uint32_t number_of(struct filling *filling, struct span source, enum feed_type type, struct span subject,
                          char key[KEY_BYTES])
{
    snprintf(key, KEY_BYTES, "%.*s|%s|%.*s", (int)source.length, source.bytes, feed_type_word(type),
             (int)subject.length, subject.bytes);
    return words_put(&filling->keys, key);
}

/* Newer than whatever comes of it: the sealed record goes, and stays away. */
static bool seal_record(struct filling *filling, const struct feed_record *read)
{
    const struct feed_reference *sealed = &read->seal.record;
    const struct span            source = sealed->source.bytes != NULL ? sealed->source : read->source;
    const struct feed_record     gone   = { .type = sealed->type, .is_withdrawal = true };
    char                         key[KEY_BYTES];
    const uint32_t               number    = number_of(filling, source, sealed->type, sealed->subject, key);
    bool                         is_newest = false;

    return number != WORDS_NONE && note_time(filling, number, INT64_MAX, &is_newest) &&
           put_record(filling, &gone, key, (int64_t)number + 1);
}

static bool take_record(struct filling *filling, const struct feed_record *read)
{
    char     key[KEY_BYTES];
    uint32_t number    = WORDS_NONE;
    bool     is_newest = false;

    if (filling->batch == NULL && !begin_batch(filling))
        return false;
    if (read->type == FEED_SEAL)
        return seal_record(filling, read);
    number = number_of(filling, read->source, read->type, read->subject, key);
    if (number == WORDS_NONE || !note_time(filling, number, read->time_us, &is_newest))
        return false;
    if (!is_newest)
        return true;
    return put_record(filling, read, key, (int64_t)number + 1) &&
           (++filling->batch_records < BATCH_RECORDS || end_batch(filling));
}

/* ---- files ---- */

static bool read_file(struct filling *filling, const char *path, char *error, size_t error_size)
{
    struct feed_rows *rows = feed_rows_open(path, filling->feed.options, filling->feed.map, error, error_size);
    struct feed_row   row;
    bool              goes_on = rows != NULL;

    while (goes_on && feed_rows_next(rows, &filling->feed.arena, &row)) {
        struct feed_event  event;
        struct feed_record read;
        struct feed_fault  fault     = { 0 };
        bool               has_event = false;

        if (feed_context_read(&filling->feed, &row, feed_rows_is_raw(rows), &event, &has_event, &read, &fault) ==
            FEED_OK)
            goes_on = take_record(filling, &read);
        feed_row_clear(&row);
        arena_reset(&filling->feed.arena);
    }
    feed_rows_close(rows);
    return goes_on;
}

static bool read_files(struct filling *filling, const char *directory, char *error, size_t error_size)
{
    char   pattern[4096];
    glob_t found = { 0 };
    bool   is_ok = true;

    snprintf(pattern, sizeof pattern, "%s/*.ndjson", directory);
    if (glob(pattern, 0, NULL, &found) != 0) {
        snprintf(error, error_size, "the folder of records has no *.ndjson");
        return false;
    }
    snprintf(error, error_size, "memory is out");
    for (size_t i = 0; i < found.gl_pathc && is_ok; i++)
        is_ok = read_file(filling, found.gl_pathv[i], error, error_size);
    globfree(&found);
    return is_ok && end_batch(filling);
}

/* What only one of the two policies takes is read, too: the other one leaves it aside by itself. */
static void widen_policy(struct policy *policy, const struct policy *first, const struct policy *second)
{
    *policy = *first;
    for (int i = 0; i < POLICY_CATEGORY_COUNT; i++) {
        if (second->categories[i].state == POLICY_ON)
            policy->categories[i] = second->categories[i];
    }
}

bool policy_files_world_fill(struct policy_world *world, const char *config_path, const char *directory,
                             const struct policy *first, const struct policy *second, char *error, size_t error_size)
{
    const struct feed_options options = { .config = config_path, .format = FORMAT_NDJSON };
    struct filling            filling = { .world = world, .next_person = 1 };
    bool                      is_ok   = feed_context_open(&filling.feed, &options, error, error_size) &&
                 (filling.blind = blind_open_random(error, error_size)) != NULL;

    if (is_ok) {
        widen_policy(&filling.feed.policy, first, second);
        arena_init(&filling.arena, malloc(ARENA_BYTES), ARENA_BYTES);
        is_ok = filling.arena.base != NULL && read_files(&filling, directory, error, error_size);
        if (!is_ok)
            identity_batch_discard(filling.batch);
    }
    words_clear(&filling.keys);
    free(filling.arena.base);
    blind_close(filling.blind);
    feed_context_close(&filling.feed);
    return is_ok;
}
