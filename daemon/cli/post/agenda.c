/* A heap and a hash table; see agenda.h.
 * Keeps no text of a message but the alert's id. */
#include "daemon/cli/post/agenda.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

enum { ROOM_FIRST = 1024 };

void agenda_clear(struct agenda *agenda)
{
    for (size_t i = 0; i < agenda->count; i++)
        free(agenda->replies[i]);
    free(agenda->replies);
    free(agenda->known);
    *agenda = (struct agenda){ .count = 0 };
}

static void exchange(struct agenda *agenda, size_t a, size_t b)
{
    struct desk_reply *kept = agenda->replies[a];

    agenda->replies[a] = agenda->replies[b];
    agenda->replies[b] = kept;
}

bool agenda_add(struct agenda *agenda, struct desk_reply *reply)
{
    if (agenda->count == agenda->room) {
        const size_t        room  = agenda->room > 0 ? 2 * agenda->room : ROOM_FIRST;
        struct desk_reply **grown = realloc(agenda->replies, room * sizeof *grown);
        if (grown == NULL) {
            free(reply);
            return false;
        }
        agenda->replies = grown;
        agenda->room    = room;
    }
    size_t i           = agenda->count++;
    agenda->replies[i] = reply;
    for (; i > 0 && agenda->replies[i]->due_ms < agenda->replies[(i - 1) / 2]->due_ms; i = (i - 1) / 2)
        exchange(agenda, i, (i - 1) / 2);
    return true;
}

struct desk_reply *agenda_take(struct agenda *agenda, int64_t now_ms)
{
    if (agenda->count == 0 || agenda->replies[0]->due_ms > now_ms)
        return NULL;
    struct desk_reply *first = agenda->replies[0];
    agenda->replies[0]       = agenda->replies[--agenda->count];
    for (size_t i = 0, child; (child = 2 * i + 1) < agenda->count; i = child) {
        if (child + 1 < agenda->count && agenda->replies[child + 1]->due_ms < agenda->replies[child]->due_ms)
            child++;
        if (agenda->replies[i]->due_ms <= agenda->replies[child]->due_ms)
            break;
        exchange(agenda, i, child);
    }
    return first;
}

/* Where the hash is, or may be put. */
static size_t place_of(const uint64_t *known, size_t room, uint64_t hash)
{
    size_t place = hash & (room - 1);

    while (known[place] != 0 && known[place] != hash)
        place = (place + 1) & (room - 1);
    return place;
}

/* Keeps the table at most half full. */
static bool make_room(struct agenda *agenda)
{
    if (2 * agenda->known_count < agenda->known_room)
        return true;
    const size_t room  = agenda->known_room > 0 ? 2 * agenda->known_room : ROOM_FIRST;
    uint64_t    *grown = calloc(room, sizeof *grown);
    if (grown == NULL)
        return false;
    for (size_t i = 0; i < agenda->known_room; i++) {
        if (agenda->known[i] != 0)
            grown[place_of(grown, room, agenda->known[i])] = agenda->known[i];
    }
    free(agenda->known);
    agenda->known      = grown;
    agenda->known_room = room;
    return true;
}

enum agenda_news agenda_meet(struct agenda *agenda, const char *post, const char *alert)
{
    const uint64_t hash = XXH3_64bits_withSeed(alert, strlen(alert), XXH3_64bits(post, strlen(post))) | 1;

    if (!make_room(agenda))
        return AGENDA_FULL;
    uint64_t *place = &agenda->known[place_of(agenda->known, agenda->known_room, hash)];
    if (*place == hash)
        return AGENDA_KNOWN;
    *place = hash;
    agenda->known_count++;
    return AGENDA_NEW;
}
