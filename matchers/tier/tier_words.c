/* The words of a tier decision as they stand in alerts and on the review sheet; see tier.h.
 * Deliberately codes, not sentences: no free text leaves hulei. */
#include "matchers/tier/tier.h"

#include <stdio.h>

static const char *const reason_words[REASON_COUNT] = { [REASON_NONE] = "",
#define REASON_ROW(code, word) [code] = (word),
                                                        TIER_REASONS(REASON_ROW)
#undef REASON_ROW
};

const char *tier_reason_word(enum tier_reason reason)
{
    return (unsigned)reason < REASON_COUNT ? reason_words[reason] : "";
}

const char *tier_subject_word(enum tier_subject subject)
{
    switch (subject) {
    case SUBJECT_CHILD:
        return "child";
    case SUBJECT_UNIT:
        return "unit";
    case SUBJECT_PERSON:
        return "person";
    case SUBJECT_GROUP:
        return "group";
    }
    return "child";
}

const char *tier_relation_word(enum tier_relation relation)
{
    switch (relation) {
    case RELATION_NONE:
        return "none";
    case RELATION_DWELLING:
        return "dwelling";
    case RELATION_HOUSEHOLD:
        return "household";
    case RELATION_CAREGIVER:
        return "caregiver";
    case RELATION_STAFF:
        return "staff";
    case RELATION_ZONE:
        return "zone";
    case RELATION_BUILDING:
        return "building";
    case RELATION_GATE:
        return "gate";
    case RELATION_NEAR:
        return "near";
    case RELATION_GROUP:
        return "group";
    case RELATION_COMMUNITY:
        return "community";
    }
    return "none";
}

const char *tier_certainty_word(enum tier_certainty certainty)
{
    return certainty == CERTAINTY_LIKELY ? "likely" : "possible";
}

const char *tier_severity_word(enum tier_severity severity)
{
    switch (severity) {
    case SEVERITY_MINOR:
        return "minor";
    case SEVERITY_MODERATE:
        return "moderate";
    case SEVERITY_SEVERE:
        return "severe";
    case SEVERITY_EXTREME:
        return "extreme";
    }
    return "minor";
}

size_t tier_reason_write(const struct tier_decision *decision, int i, char *text, size_t size)
{
    if (i < 0 || i >= decision->reason_count)
        return 0;

    const enum tier_reason reason = (enum tier_reason)decision->reasons[i];
    const int              length = reason == REASON_NEAR ? snprintf(text, size, "NEAR_%dM", (int)decision->band_m)
                                                          : snprintf(text, size, "%s", tier_reason_word(reason));

    return length > 0 && (size_t)length < size ? (size_t)length : 0;
}
