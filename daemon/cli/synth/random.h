/* The generator's random numbers: splitmix64, one small stream per purpose, the same on every machine.
 * Not for keys, tokens or anything secret. */
#ifndef HULEI_DAEMON_CLI_SYNTH_RANDOM_H
#define HULEI_DAEMON_CLI_SYNTH_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct random_stream {
    uint64_t state;
};

static inline uint64_t random_next(struct random_stream *random)
{
    uint64_t z = (random->state += 0x9e3779b97f4a7c15ULL);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

/* C leaves the order of arguments and initialisers open: never draw twice in one expression. */

/* A stream of its own for (seed, purpose, number): records do not depend on the order they are written in. */
static inline struct random_stream random_for(uint64_t seed, uint64_t purpose, uint64_t number)
{
    struct random_stream random = { seed ^ (purpose * 0xd6e8feb86659fd93ULL) };

    random.state = random_next(&random) ^ (number * 0xa0761d6478bd642fULL);
    random_next(&random);
    return random;
}

/* 0 … limit-1; 0 when the limit is 0. */
static inline uint32_t random_below(struct random_stream *random, uint32_t limit)
{
    return (uint32_t)(((random_next(random) >> 32) * limit) >> 32);
}

/* lowest … highest, both included. */
static inline int32_t random_between(struct random_stream *random, int32_t lowest, int32_t highest)
{
    return lowest + (int32_t)random_below(random, (uint32_t)(highest - lowest + 1));
}

/* 0 ≤ x < 1 */
static inline double random_unit(struct random_stream *random)
{
    return (double)(random_next(random) >> 11) * 0x1.0p-53;
}

static inline bool random_chance(struct random_stream *random, double probability)
{
    return random_unit(random) < probability;
}

#endif
