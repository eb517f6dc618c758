/* Parcels of messages; see feed_parcel.h.
 * Seals nothing: a parcel goes through the vault before it is stored. */
#include "daemon/common/feed/feed_parcel.h"

#include <string.h>

enum { HEADERS_MAX = 64 };

static size_t framed_size(struct span part)
{
    return 8 + (part.bytes != NULL ? part.length : 0);
}

/* A part as its length in 8 bytes, big endian (all ones: null), then its bytes. */
static char *frame(char *place, struct span part)
{
    const uint64_t length = part.bytes != NULL ? part.length : UINT64_MAX;

    for (int i = 0; i < 8; i++)
        place[i] = (char)(length >> (56 - 8 * i));
    if (part.length > 0)
        memcpy(place + 8, part.bytes, part.length);
    return place + framed_size(part);
}

struct span feed_parcel_pack(const struct feed_message *message, struct arena *arena)
{
    size_t size = framed_size(message->key) + framed_size(message->value);

    for (size_t i = 0; i < message->header_count; i++)
        size += framed_size(message->headers[i].name) + framed_size(message->headers[i].value);
    char *bytes = arena_alloc(arena, size, 1);
    if (bytes == NULL)
        return (struct span){ NULL, 0 };
    char *place = frame(frame(bytes, message->key), message->value);
    for (size_t i = 0; i < message->header_count; i++)
        place = frame(frame(place, message->headers[i].name), message->headers[i].value);
    return span_of(bytes, size);
}

/* The next part of a framed message; moves *rest behind it. */
static struct span next_part(struct span *rest)
{
    uint64_t    length = 0;
    struct span part   = { NULL, 0 };

    if (rest->length < 8)
        return part;
    for (int i = 0; i < 8; i++)
        length = length << 8 | (unsigned char)rest->bytes[i];
    *rest = span_of(rest->bytes + 8, rest->length - 8);
    if (length <= rest->length) {
        part  = span_of(rest->bytes, (size_t)length);
        *rest = span_of(rest->bytes + length, rest->length - (size_t)length);
    }
    return part;
}

bool feed_parcel_unpack(struct span parcel, struct feed_message *message, struct arena *arena)
{
    struct feed_header *headers = arena_alloc(arena, HEADERS_MAX, sizeof *headers);

    if (headers == NULL)
        return false;
    message->key     = next_part(&parcel);
    message->value   = next_part(&parcel);
    message->headers = headers;
    while (parcel.length > 0 && message->header_count < HEADERS_MAX) {
        headers[message->header_count].name    = next_part(&parcel);
        headers[message->header_count++].value = next_part(&parcel);
    }
    return true;
}
