/* The names of the feed types and which of them are served yet.
 * Knows no field of any type; feed_tables.c does. */
#include "daemon/common/feed/feed.h"

/* clang-format off */
static const struct {
    const char *word;
    bool        is_enabled, is_emergency;
} types[FEED_TYPE_COUNT] = {
    [FEED_TYPE_NONE] = { "", false, false },
#define FEED_TYPE_ROW(code, word, enabled, emergency) [code] = { word, enabled, emergency },
    FEED_TYPES(FEED_TYPE_ROW)
#undef FEED_TYPE_ROW
};
/* clang-format on */

const char *feed_type_word(enum feed_type type)
{
    return types[type].word;
}

enum feed_type feed_type_find(struct span word)
{
    for (int type = FEED_TYPE_NONE + 1; type < FEED_TYPE_COUNT; type++) {
        if (span_equals_text(word, types[type].word))
            return (enum feed_type)type;
    }
    return FEED_TYPE_NONE;
}

bool feed_type_is_enabled(enum feed_type type)
{
    return types[type].is_enabled;
}

bool feed_type_is_emergency(enum feed_type type)
{
    return types[type].is_emergency;
}
