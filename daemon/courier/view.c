/* Views per post; see view.h. The tables below are DOMAIN.md C.4 and the action codes of E.5.
 * A field that has no row is in no message. */
#include "daemon/courier/view.h"

#include <stdio.h>
#include <string.h>

static const char *const view_words[VIEW_COUNT] = {
    [VIEW_POLICE] = "police",       [VIEW_JUDICIAL] = "judicial",   [VIEW_CIVIL] = "civil",
    [VIEW_EDUCATION] = "education", [VIEW_COMMUNITY] = "community", [VIEW_OFFICE] = "office",
};

/* How much of a thing a view shows. */
enum share {
    SHARE_NOTHING = 0,
    SHARE_ALL,
    SHARE_COUNT,     /* how many, not who */
    SHARE_CARE_KIND, /* only the kind of relation, and only household or caregiver */
    SHARE_STAFF_KIND /* only the kind of relation, and only staff */
};

/* The row of one post in C.4. Identity, category and free text have no column: they are in no message. */
struct entitlement {
    enum share child; /* pseudonym and age band */
    enum share risk;  /* pseudonym and class */
    enum share vulnerability;
    enum share relation; /* relation code */
    enum share distance; /* distance band, precision, zone */
    enum share review;   /* who decided when, and the rule and reasons, which tell the relation */
};

static const struct entitlement entitlements[VIEW_COUNT] = {
    [VIEW_POLICE]    = {SHARE_ALL,    SHARE_ALL,     SHARE_ALL,     SHARE_ALL,        SHARE_ALL,     SHARE_ALL    },
    [VIEW_JUDICIAL]  = { SHARE_ALL,   SHARE_ALL,     SHARE_NOTHING, SHARE_ALL,        SHARE_ALL,     SHARE_ALL    },
    [VIEW_CIVIL]     = { SHARE_ALL,   SHARE_NOTHING, SHARE_ALL,     SHARE_CARE_KIND,  SHARE_NOTHING, SHARE_NOTHING},
    [VIEW_EDUCATION] = { SHARE_ALL,   SHARE_NOTHING, SHARE_NOTHING, SHARE_STAFF_KIND, SHARE_NOTHING, SHARE_NOTHING},
    [VIEW_COMMUNITY] = { SHARE_ALL,   SHARE_NOTHING, SHARE_NOTHING, SHARE_NOTHING,    SHARE_NOTHING, SHARE_NOTHING},
    [VIEW_OFFICE]    = { SHARE_COUNT, SHARE_NOTHING, SHARE_NOTHING, SHARE_NOTHING,    SHARE_NOTHING, SHARE_NOTHING},
};

enum { TIER_FIRST = 1, TIER_LAST = 4, ACTIONS_MAX = 3 };

static const struct tier_words {
    const char *colour, *urgency, *severity;
} tiers[TIER_LAST + 1] = {
    {"unknown", "unknown",   "unknown" },
    { "red",    "immediate", "extreme" },
    { "orange", "expected",  "severe"  },
    { "yellow", "future",    "moderate"},
    { "blue",   "future",    "minor"   },
};

/* What a post is asked to do, by tier; NULL ends a list. */
static const char *const actions[VIEW_COUNT][TIER_LAST + 1][ACTIONS_MAX + 1] = {
    [VIEW_POLICE]    = {[1] = { "VISIT_RISK", "CONFIRM_ADDR", "PATROL" },
                        [2] = { "VISIT_RISK", "CONFIRM_ADDR" },
                        [3] = { "CONFIRM_ADDR" }                                                                                     },
    [VIEW_JUDICIAL]  = { [1] = { "CHECKIN_RISK", "ORDER_REVIEW" },                 [2] = { "CHECKIN_RISK" }, [3] = { "CHECKIN_RISK" }},
    [VIEW_CIVIL]     = { [1] = { "HOME_VISIT", "GUARDIAN_TALK", "CHANGE_CARER" },
                        [2] = { "HOME_VISIT", "GUARDIAN_TALK" },
                        [3] = { "HOME_VISIT" }                                                                                       },
    [VIEW_EDUCATION] = { [1] = { "TEACHER_TALK", "PICKUP_PLAN", "STAFF_RECHECK" },
                        [2] = { "TEACHER_TALK", "PICKUP_PLAN" },
                        [3] = { "TEACHER_TALK" }                                                                                     },
    [VIEW_COMMUNITY] = { [1] = { "VISIT_48H", "CONFIRM_HOUSEHOLD", "ADDR_FIX" },
                        [2] = { "VISIT_48H", "CONFIRM_HOUSEHOLD" },
                        [3] = { "CONFIRM_HOUSEHOLD" }                                                                                },
};

bool view_parse(const char *word, enum view *view)
{
    for (int i = 0; i < VIEW_COUNT; i++) {
        if (strcmp(word, view_words[i]) == 0) {
            *view = (enum view)i;
            return true;
        }
    }
    return false;
}

const char *view_word(enum view view)
{
    return view_words[view];
}

/* Adds text unless it is missing. */
static void put_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

/* Only code characters leave: anything else could be a value of a record. */
static bool is_code(const char *text)
{
    return text != NULL && strlen(text) <= 64 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+.") == strlen(text);
}

static void put_code(json_t *object, const char *key, const json_t *from, const char *member)
{
    const char *text = json_string_value(json_object_get(from, member));

    if (is_code(text))
        put_text(object, key, text);
}

static json_t *copy_codes(const json_t *array)
{
    json_t *codes = json_array();

    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *code = json_string_value(json_array_get(array, i));
        if (is_code(code))
            json_array_append_new(codes, json_string(code));
    }
    return codes;
}

/* The age itself is not for anybody; a band is. */
static const char *age_band(const json_t *evidence)
{
    static const struct {
        int         below;
        const char *band;
    } bands[] = {
        {6,   "0-5"  },
        { 10, "6-9"  },
        { 14, "10-13"},
        { 18, "14-17"}
    };
    const json_t *years = json_object_get(evidence, "child_age_years");

    if (!json_is_integer(years) || json_integer_value(years) < 0)
        return "unknown";
    for (size_t i = 0; i < sizeof bands / sizeof bands[0]; i++) {
        if (json_integer_value(years) < bands[i].below)
            return bands[i].band;
    }
    return "unknown";
}

/* Alerts about a unit, a group or the person of concern alone name no child, at most how many there are. */
static json_int_t count_of_children(const json_t *evidence)
{
    const json_t *count = json_object_get(evidence, "children");

    return json_is_integer(count) ? json_integer_value(count) : 0;
}

static void put_child(json_t *data, const struct view_alert *alert, const struct entitlement *may)
{
    const bool       is_named = alert->child_pseudonym != NULL;
    const json_int_t count    = is_named ? 1 : count_of_children(alert->evidence);

    if (may->child == SHARE_NOTHING || count <= 0)
        return;
    json_t *child = json_object();

    if (may->child == SHARE_COUNT || !is_named) {
        json_object_set_new(child, "count", json_integer(count));
    } else {
        put_text(child, "p", alert->child_pseudonym);
        put_text(child, "age", age_band(alert->evidence));
        if (may->vulnerability == SHARE_ALL)
            json_object_set_new(child, "vuln",
                                json_integer(json_is_true(json_object_get(alert->evidence, "vulnerable"))));
    }
    json_object_set_new(data, "child", child);
}

static void put_risk(json_t *data, const struct view_alert *alert, const struct entitlement *may)
{
    if (may->risk != SHARE_ALL || alert->risk_pseudonym == NULL)
        return;
    json_t *risk = json_object();

    put_text(risk, "p", alert->risk_pseudonym);
    put_code(risk, "class", alert->evidence, "class");
    json_object_set_new(data, "risk", risk);
}

static bool may_show_kind(enum share share, const char *kind)
{
    switch (share) {
    case SHARE_ALL:
        return true;
    case SHARE_CARE_KIND:
        return strcmp(kind, "household") == 0 || strcmp(kind, "dwelling") == 0 || strcmp(kind, "caregiver") == 0;
    case SHARE_STAFF_KIND:
        return strcmp(kind, "staff") == 0;
    case SHARE_NOTHING:
    case SHARE_COUNT:
        return false;
    }
    return false;
}

static void put_band(json_t *relation, const json_t *evidence)
{
    char          text[32];
    const json_t *band = json_object_get(evidence, "band_m");

    if (!json_is_integer(band) || json_integer_value(band) <= 0)
        return;
    snprintf(text, sizeof text, "0-%dm", (int)json_integer_value(band));
    put_text(relation, "band", text);
}

static void put_relation(json_t *data, const struct view_alert *alert, const struct entitlement *may)
{
    const char *kind = json_string_value(json_object_get(alert->evidence, "relation"));

    if (!is_code(kind) || !may_show_kind(may->relation, kind))
        return;
    json_t *relation = json_object();

    put_text(relation, "kind", kind);
    if (may->distance == SHARE_ALL) {
        put_band(relation, alert->evidence);
        put_code(relation, "precision", alert->evidence, "precision");
        put_code(relation, "zone", alert->evidence, "zone");
    }
    json_object_set_new(data, "rel", relation);
}

static void put_review(json_t *data, const struct view_alert *alert, const struct entitlement *may)
{
    if (may->review != SHARE_ALL)
        return;
    json_t *rule = json_object();

    put_text(rule, "id", alert->rule);
    put_text(rule, "policy", alert->policy);
    json_object_set_new(data, "rule", rule);
    json_object_set_new(data, "why", copy_codes(alert->reasons));
    if (alert->decided_at == NULL)
        return;
    json_t *review = json_object();
    put_text(review, "by", "judicial");
    put_text(review, "who", alert->reviewer);
    put_text(review, "at", alert->decided_at);
    put_text(review, "code", alert->reason_code);
    json_object_set_new(data, "review", review);
}

static json_t *action_codes(enum view view, int tier)
{
    json_t *codes = json_array();

    for (const char *const *code = actions[view][tier]; *code != NULL; code++)
        json_array_append_new(codes, json_string(*code));
    return codes;
}

/* What calls for action; a cancel or close ends it. */
static bool is_call(const struct view_alert *alert)
{
    return strcmp(alert->message, "alert") == 0 || strcmp(alert->message, "update") == 0;
}

static json_t *render_data(const struct view_alert *alert, enum view view)
{
    const struct entitlement *may  = &entitlements[view];
    const int                 tier = alert->tier >= TIER_FIRST && alert->tier <= TIER_LAST ? alert->tier : 0;
    json_t                   *data = json_object();

    put_text(data, "status", alert->status);
    put_text(data, "msg", alert->message);
    json_object_set_new(data, "refs", copy_codes(alert->refs));
    put_text(data, "scope", "restricted");
    put_text(data, "dedup", alert->series_id);
    json_object_set_new(data, "seq", json_integer(alert->seq));
    if (alert->repeat > 0)
        json_object_set_new(data, "repeat", json_integer(alert->repeat));
    json_object_set_new(data, "tier", json_integer(tier));
    put_text(data, "colour", tiers[tier].colour);
    put_text(data, "urgency", tiers[tier].urgency);
    put_text(data, "severity", tiers[tier].severity);
    put_code(data, "severity", alert->evidence, "severity");
    put_text(data, "certainty", "likely");
    put_code(data, "certainty", alert->evidence, "certainty");
    if (tier == 1 && strcmp(alert->message, "alert") == 0)
        json_object_set_new(data, "provisional", json_true()); /* until the second sign-off */
    put_text(data, "view", view_words[view]);
    put_child(data, alert, may);
    put_risk(data, alert, may);
    put_relation(data, alert, may);
    put_review(data, alert, may);
    put_text(data, "post", alert->post_id);
    json_object_set_new(data, "act", is_call(alert) ? action_codes(view, tier) : json_array());
    put_text(data, "ack_by", alert->ack_by);
    put_text(data, "act_by", alert->act_by);
    json_object_set_new(data, "esc", copy_codes(alert->leads));
    put_text(data, "expires", alert->expires);
    put_text(data, "erase_by", alert->erase_by);
    put_text(data, "note_code", "NO_FORWARD");
    return data;
}

json_t *view_render(const struct view_alert *alert, enum view view)
{
    char    id[192], source[160];
    json_t *event = json_object();

    if (event == NULL)
        return NULL;
    /* One message per (alert, post) and reminder: the same id however often it has to be sent. */
    int used = snprintf(id, sizeof id, "%s/%s", alert->alert_id, alert->post_id);
    if (alert->repeat > 0 && used > 0 && (size_t)used < sizeof id)
        snprintf(id + used, sizeof id - (size_t)used, "/%d", alert->repeat);
    snprintf(source, sizeof source, "//hulei/%s", alert->shard);
    put_text(event, "specversion", "1.0");
    put_text(event, "id", id);
    put_text(event, "source", source);
    put_text(event, "type", "hulei.alert.v1");
    put_text(event, "subject", alert->alert_id);
    put_text(event, "time", alert->created_at);
    put_text(event, "datacontenttype", "application/json");
    put_text(event, "dataschema", "hulei:alert:1");
    json_object_set_new(event, "data", render_data(alert, view));
    return event;
}
