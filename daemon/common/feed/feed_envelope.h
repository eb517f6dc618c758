/* The CloudEvents envelope, from headers or from the structured body.
 * Checks each attribute by itself; what the configuration says of them is feed_decode.c's. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_ENVELOPE_H
#define HULEI_DAEMON_COMMON_FEED_FEED_ENVELOPE_H

#include "daemon/common/feed/feed.h"

#include <jansson.h>

enum envelope_mode {
    ENVELOPE_BINARY = 0, /* ce_ headers, the value is `data` */
    ENVELOPE_STRUCTURED, /* the value holds attributes and `data` */
    ENVELOPE_WITHDRAWAL, /* ce_ headers and a null value */
    ENVELOPE_UNKNOWN,    /* neither content type */
};

enum envelope_charset { CHARSET_UTF8 = 0, CHARSET_GB18030, CHARSET_UNKNOWN };

/* Raw attributes; absent spans where not given. Borrowed from the message or from the JSON tree. */
struct envelope {
    struct span specversion, id, source, type, subject, time, datacontenttype, purpose, basis;
    const char *wrong_type; /* a structured attribute that is no text, or a header given twice; NULL: none */
};

enum envelope_mode    envelope_mode_of(const struct feed_message *message);
enum envelope_charset envelope_charset_of(const struct feed_message *message);

/* From the ce_ headers; `content-type` is datacontenttype in binary mode. */
void envelope_from_headers(const struct feed_message *message, struct envelope *envelope);

/* From the structured body; attributes the program does not know are counted in record->unknown_fields. */
void envelope_from_json(const json_t *root, struct envelope *envelope, struct feed_record *record);

/* Copies what can be read of id, source, type, subject and time into the record; leaves the rest absent. */
void envelope_copy(const struct envelope *envelope, struct arena *arena, struct feed_record *record);

/* Checks every attribute; false with the fault filled. `is_withdrawal` needs no specversion. */
bool envelope_check(const struct envelope *envelope, bool is_withdrawal, struct feed_fault *fault);

/* Fills a fault of the envelope stage and returns false. */
bool envelope_fault(struct feed_fault *fault, const char *code, const char *attribute, const char *rule);

#endif
