/* Numbers that are the same in every run (SplitMix64).
 * Deliberately a generator of its own: the C library's differs from system to system. */
#ifndef HULEI_TESTS_MATCHERS_RANDOM_H
#define HULEI_TESTS_MATCHERS_RANDOM_H

#include <stdint.h>

static uint64_t seed; /* set it at the start of a test */

static inline double uniform(double low, double high)
{
    seed += 0x9e3779b97f4a7c15u;
    uint64_t z = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
    z          = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return low + (high - low) * (double)(z >> 11) / 9007199254740992.0;
}

#endif
