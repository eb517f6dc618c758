/* One alert as each post may see it (view_policy.h): the message of DOMAIN.md E.5.
 * Pure: values in, JSON out; no database, no clock, no names, numbers or addresses ever. */
#ifndef HULEI_DAEMON_COMMON_VIEW_VIEW_H
#define HULEI_DAEMON_COMMON_VIEW_VIEW_H

#include "daemon/common/view/view_policy.h"

#include <jansson.h>
#include <stdbool.h>

/*
 * One alert for one post. All pointers are borrowed and may be NULL where a comment says so.
 * Times are RFC 3339 text with offset, made by the database.
 *
 * `evidence` is pair.evidence; of it only these members are read, and anything else stays inside:
 *   subject          "child" "unit" "person" "group": whom the alert is about; missing: "child"
 *   child_age_years  number; shown as a band, never itself
 *   children         number; shown where no child is named
 *   vulnerable       true or false
 *   class            "A" or "B"
 *   certainty        "observed" "likely" "possible"; missing: "likely"
 *   severity         "extreme" "severe" "moderate" "minor"; missing: by tier
 *   relation         tier_relation_word()
 *   band_m           number, upper end of the distance band in metres; 0: none
 *   precision, zone  words
 */
struct view_alert {
    const char   *shard; /* name of the deployment */
    const char   *alert_id, *series_id, *post_id;
    const json_t *leads;                               /* array of post ids, nearest first; NULL is empty */
    const char   *message;                             /* alert, update, cancel, close */
    const char   *status;                              /* actual, exercise */
    int           tier;                                /* 1 red ... 4 blue */
    const char   *rule, *policy;                       /* policy: version of the rules */
    const json_t *reasons, *refs;                      /* arrays of text; NULL is empty */
    const json_t *evidence;                            /* NULL is empty */
    const char   *child_pseudonym, *risk_pseudonym;    /* NULL: nothing to show */
    const char   *reviewer, *decided_at, *reason_code; /* NULL: no review (emergency) */
    const char   *created_at;
    const char   *ack_by, *act_by; /* NULL: no deadline */
    const char   *expires, *erase_by;
    bool          is_provisional; /* red that a second person has not signed yet */
    bool          is_emergency;   /* no review came before, no person of concern is in it */
    const char   *sealed_part;    /* base64 of the CMS part for this very post (cms.h); NULL: none */
    const char   *sealed_missing; /* code of why there is none though the row asks for one; NULL: none is due */
    int           seq;            /* place in the series, from 1 */
    int           repeat;         /* 0: the message itself; n: its n-th reminder, which has an id of its own */
};

/* The structured CloudEvent; the caller frees it with json_decref(). NULL when there is no memory. */
json_t *view_render(const struct view_alert *alert, const struct view_rights *rights);

/* A new array of the action codes such a message carries: none when it asks for nothing (cancel, close). */
json_t *view_actions(const struct view_rights *rights, const char *message, int tier, bool is_emergency);

#endif
