/* The identity index under test: invented people, a memory that counts, fingerprints of clusters.
 * Tables and model are the real ones; every person is made up. */
#ifndef HULEI_TESTS_IDENTITY_FIXTURE_H
#define HULEI_TESTS_IDENTITY_FIXTURE_H

#include "matchers/identity/identity.h"
#include "tests/unit/common/model_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ARENA_BYTES = 64 << 20, INDEX_BYTES = 64 << 20 };

/* ---- invented people ---- */

static inline uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static const char *pick(const char *const *words, size_t count, uint64_t number)
{
    return words[number % count];
}

/* Writes a number with a right check character: area 500111. */
static inline void write_number(char out[19], const char *birth, unsigned sequence)
{
    static const char marks[]   = "10X98765432";
    unsigned          remainder = 0;

    snprintf(out, 19, "500111%.8s%03u", birth, sequence % 1000);
    for (int i = 0; i < 17; i++)
        remainder = (remainder + (unsigned)(out[i] - '0')) * 2 % 11;
    out[17] = marks[remainder];
    out[18] = '\0';
}

/* Who person `person` is: always the same. Odd persons are siblings of the even one before, with the same surname and
 * the same shared number (household, phone); every 8th pair are twins. */
static inline uint64_t invent(unsigned person, char name[64], char birth[16], char number[20])
{
    static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "欧阳", "萧", "单", "曾" };
    static const char *const firsts[] = { "小", "建", "秀", "志", "雨", "子", "佳", "国", "玉", "春", "晓", "海" };
    static const char *const lasts[] = { "明", "国", "英", "强", "涵", "轩", "怡", "华", "梅", "生", "红", "燕" };
    uint64_t                 random     = 0x9E3779B97F4A7C15u * (person / 2 + 1);
    const bool               is_sibling = person % 2 == 1;

    next_random(&random);
    const char    *surname = pick(surnames, 12, next_random(&random));
    const unsigned year    = 1950 + (unsigned)(next_random(&random) % 70) - (is_sibling && person % 16 != 1 ? 2 : 0);
    const unsigned day     = 1 + (unsigned)(next_random(&random) % 28);
    const unsigned month   = 1 + (unsigned)(next_random(&random) % 12);
    const uint64_t shared  = next_random(&random);

    random ^= is_sibling ? 0xABCDEF1234567u : 0;
    next_random(&random);
    snprintf(name, 64, "%s%s%s", surname, pick(firsts, 12, next_random(&random)),
             pick(lasts, 12, next_random(&random)));
    snprintf(birth, 16, "%04u%02u%02u", year, month, day);
    write_number(number, birth, (unsigned)(next_random(&random) % 1000));
    return shared;
}

/* Mention `which` of person `person`: always the same, with errors in some. */
static inline void make_mention(unsigned person, unsigned which, struct mention_features *features)
{
    char           name[64], birth[16], number[20], phone[16];
    const uint64_t shared = invent(person, name, birth, number);

    snprintf(phone, sizeof phone, "138%08u", (unsigned)(shared % 100000000));
    if (which == 2)
        number[12] = number[12] == '1' ? '2' : '1'; /* a typing error */

    struct person_input input = {
        .names          = { span_from_text(name) },
        .name_count     = 1,
        .id_number      = which == 3 ? span_of(NULL, 0) : span_from_text(number),
        .sex            = PERSON_SEX_UNKNOWN,
        .birth_date     = span_from_text(birth),
        .phones         = { span_from_text(phone) },
        .phone_count    = which % 2,
        .household_hash = which == 0 ? 0 : shared | 1,
    };
    mention_features_make(tables, &input, features);
}

static inline uint64_t canonical_of(int64_t mention_id)
{
    uint64_t hash = (uint64_t)mention_id * 0xD6E8FEB86659FD93u;

    return hash ^ hash >> 32;
}

/* ---- the index under test ---- */

struct fixture {
    struct identity_index *index;
    struct arena           arena;
    void                  *pieces[4096]; /* what the index took */
    size_t                 piece_count;
    size_t                 taken_bytes;
    int64_t                next_person;
};

static inline void *grow(void *owner, size_t bytes)
{
    struct fixture *fixture = owner;

    if (fixture->piece_count == sizeof fixture->pieces / sizeof fixture->pieces[0])
        return NULL;
    void *piece = calloc(1, bytes);
    if (piece != NULL) {
        fixture->pieces[fixture->piece_count++] = piece;
        fixture->taken_bytes += bytes;
    }
    return piece;
}

static inline struct fixture *fixture_make_sized(size_t limit_bytes, size_t arena_bytes)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    assert_non_null(fixture);
    arena_init(&fixture->arena, malloc(arena_bytes), arena_bytes);
    assert_non_null(fixture->arena.base);
    fixture->next_person = 1;
    fixture->index       = identity_index_create((struct memory){ grow, fixture }, limit_bytes, tables, model);
    return fixture;
}

static inline struct fixture *fixture_make(size_t limit_bytes)
{
    return fixture_make_sized(limit_bytes, ARENA_BYTES);
}

static inline void fixture_drop(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->piece_count; i++)
        free(fixture->pieces[i]);
    free(fixture->arena.base);
    free(fixture);
}

/* As a stored mention, at start. */
static inline bool load_mention(struct identity_index *index, const struct identity_model *of_index, int64_t mention_id,
                                const struct mention_features *features, int64_t person_id)
{
    struct identity_item item = {
        .mention_id = mention_id, .canonical = canonical_of(mention_id), .person_id = person_id, .features = *features
    };

    return identity_item_prepare(tables, of_index, &item) && identity_index_load(index, &item, 1);
}

/* Order-free fingerprint of the clusters: which mentions live together. */
static inline uint64_t fingerprint(const struct fixture *fixture)
{
    uint64_t sum = 0;

    for (int64_t person = 1; person < fixture->next_person; person++) {
        int64_t      members[256];
        const size_t count = identity_members_of(fixture->index, person, members, 256);
        uint64_t     hash  = 14695981039346656037u;

        assert_true(count <= 256);
        for (size_t i = 0; i < count; i++)
            hash = (hash ^ (uint64_t)members[i]) * 1099511628211u;
        sum += count > 0 ? hash ^ hash >> 29 : 0;
    }
    return sum;
}

#endif
