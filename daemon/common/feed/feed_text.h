/* Bytes to safe text: strict UTF-8, GB18030, and what a JSON parser must not be given.
 * Understands no JSON beyond strings, escapes and brackets. */
#ifndef HULEI_DAEMON_COMMON_FEED_FEED_TEXT_H
#define HULEI_DAEMON_COMMON_FEED_FEED_TEXT_H

#include "matchers/arena.h"

#include <stdbool.h>

/* Well-formed per RFC 3629: no overlong forms, no surrogates (CESU-8), nothing above U+10FFFF. */
bool text_is_utf8(struct span text);

/* Code points of well-formed UTF-8. */
size_t text_count_characters(struct span text);

/* True when there is nothing but blanks (ASCII, no-break and ideographic space). */
bool text_is_blank(struct span text);

enum text_status { TEXT_OK = 0, TEXT_MALFORMED, TEXT_OUT_OF_MEMORY };

/*
 * GB18030 (and so GBK and GB2312) to UTF-8 in the arena, private-use characters of the 2000 edition folded to their
 * standard ones. Without a fault *out is set.
 */
enum text_status text_from_gb18030(struct span text, struct arena *arena, struct span *out);

enum text_json_fault {
    TEXT_JSON_OK = 0,
    TEXT_JSON_TOO_DEEP,
    TEXT_JSON_NUL,            /* a zero byte, or the escape of one */
    TEXT_JSON_LONE_SURROGATE, /* an escape of half a pair */
};

/* Looks for what jansson would not report apart, before it recurses. An escaped backslash before "u0000" is harmless.
 */
enum text_json_fault text_json_scan(struct span json, int depth_max);

#endif
