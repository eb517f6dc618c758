/* The process's clock, in one place so that pure code gets time as an argument.
 * Deadlines of alerts use the database clock, never this one. */
#ifndef HULEI_DAEMON_COMMON_CLOCK_H
#define HULEI_DAEMON_COMMON_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/* Microseconds since 1970-01-01T00:00:00Z. */
static inline int64_t clock_now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Milliseconds of a clock that never steps; for waiting and measuring. */
static inline int64_t clock_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Sleeps; a signal ends it sooner. */
static inline void clock_wait_ms(int64_t wait_ms)
{
    nanosleep(&(struct timespec){ .tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000 }, NULL);
}

/* True when the monotonic time *next_ms has come, which is then `every_ms` from now. */
static inline bool clock_is_due(int64_t *next_ms, int64_t every_ms)
{
    const int64_t now_ms = clock_monotonic_ms();

    if (now_ms < *next_ms)
        return false;
    *next_ms = now_ms + every_ms;
    return true;
}

/* Days since 1970-01-01 in China Standard Time (UTC+8, no summer time): the day an office would write. */
static inline int32_t clock_day_of(int64_t time_us)
{
    const int64_t local_s = time_us / 1000000 + 8 * 3600;

    return (int32_t)(local_s >= 0 ? local_s / 86400 : (local_s - 86399) / 86400);
}

/* The same in hours. */
static inline int32_t clock_hour_of(int64_t time_us)
{
    const int64_t local_s = time_us / 1000000 + 8 * 3600;

    return (int32_t)(local_s >= 0 ? local_s / 3600 : (local_s - 3599) / 3600);
}

#endif
