/* Messages of alerts; see view.h.
 * A field that no right of view_policy.h opens is in no message. */
#include "daemon/common/view/view.h"

#include <stdio.h>
#include <string.h>

enum { TIER_FIRST = 1, TIER_LAST = 4 };

static const struct tier_words {
    const char *colour, *urgency, *severity;
} tiers[TIER_LAST + 1] = {
    {"unknown", "unknown",   "unknown" },
    { "red",    "immediate", "extreme" },
    { "orange", "expected",  "severe"  },
    { "yellow", "future",    "moderate"},
    { "blue",   "future",    "minor"   },
};

/* Adds text unless it is missing. */
static void put_text(json_t *object, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(object, key, json_string(text));
}

/* Only codes leave: anything else could be a value of a record. */
static void put_code(json_t *object, const char *key, const json_t *from, const char *member)
{
    const char *text = json_string_value(json_object_get(from, member));

    if (view_is_code(text))
        put_text(object, key, text);
}

static json_t *copy_codes(const json_t *array)
{
    json_t *codes = json_array();

    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *code = json_string_value(json_array_get(array, i));
        if (view_is_code(code))
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

static void put_child(json_t *data, const struct view_alert *alert, const struct view_rights *may)
{
    const bool       is_named = alert->child_pseudonym != NULL;
    const json_int_t count    = is_named ? 1 : count_of_children(alert->evidence);

    if (may->child == VIEW_CHILD_NONE || count <= 0)
        return;
    json_t *child = json_object();

    if (may->child == VIEW_CHILD_COUNT || !is_named) {
        json_object_set_new(child, "count", json_integer(count));
    } else {
        put_text(child, "p", alert->child_pseudonym);
        put_text(child, "age", age_band(alert->evidence));
        if (may->shows_vulnerability)
            json_object_set_new(child, "vuln",
                                json_integer(json_is_true(json_object_get(alert->evidence, "vulnerable"))));
    }
    json_object_set_new(data, "child", child);
}

static void put_risk(json_t *data, const struct view_alert *alert, const struct view_rights *may)
{
    if (!may->shows_risk || alert->risk_pseudonym == NULL)
        return;
    json_t *risk = json_object();

    put_text(risk, "p", alert->risk_pseudonym);
    if (may->shows_class)
        put_code(risk, "class", alert->evidence, "class");
    json_object_set_new(data, "risk", risk);
}

static bool may_show_kind(enum view_relation relation, const char *kind)
{
    switch (relation) {
    case VIEW_RELATION_ALL:
        return true;
    case VIEW_RELATION_CARE:
        return strcmp(kind, "household") == 0 || strcmp(kind, "dwelling") == 0 || strcmp(kind, "caregiver") == 0;
    case VIEW_RELATION_STAFF:
        return strcmp(kind, "staff") == 0;
    case VIEW_RELATION_NONE:
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

static void put_relation(json_t *data, const struct view_alert *alert, const struct view_rights *may)
{
    const char *kind = json_string_value(json_object_get(alert->evidence, "relation"));

    if (!view_is_code(kind) || !may_show_kind(may->relation, kind))
        return;
    json_t *relation = json_object();

    put_text(relation, "kind", kind);
    if (may->shows_distance) {
        put_band(relation, alert->evidence);
        put_code(relation, "precision", alert->evidence, "precision");
        put_code(relation, "zone", alert->evidence, "zone");
    }
    json_object_set_new(data, "rel", relation);
}

static void put_review(json_t *data, const struct view_alert *alert, const struct view_rights *may)
{
    if (!may->shows_grounds)
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

static json_t *action_codes(const struct view_actions *actions)
{
    json_t *codes = json_array();

    for (unsigned i = 0; i < actions->count; i++)
        json_array_append_new(codes, json_string(actions->codes[i]));
    return codes;
}

/* Mandatory where the row says so; a message without it goes all the same, and says why. */
static void put_sealed_part(json_t *data, const struct view_alert *alert, const struct view_rights *may)
{
    if (!may->has_sealed_part || (alert->sealed_part == NULL && alert->sealed_missing == NULL))
        return;
    json_t *part = json_object();

    if (alert->sealed_part != NULL) {
        put_text(part, "form", "cms-auth-enveloped");
        put_text(part, "cms", alert->sealed_part);
    } else {
        put_text(part, "missing", view_is_code(alert->sealed_missing) ? alert->sealed_missing : "unknown");
    }
    json_object_set_new(data, "sealed", part);
}

/* Whom it is about: a child, or what else a rule ties to a person of concern. */
static const char *about(const json_t *evidence)
{
    static const char *const subjects[] = { "unit", "person", "group" };
    const char              *word       = json_string_value(json_object_get(evidence, "subject"));

    for (size_t i = 0; word != NULL && i < sizeof subjects / sizeof subjects[0]; i++) {
        if (strcmp(word, subjects[i]) == 0)
            return subjects[i];
    }
    return "child";
}

/* What calls for action; a cancel or close ends it. */
static bool is_call(const char *message)
{
    return strcmp(message, "alert") == 0 || strcmp(message, "update") == 0;
}

json_t *view_actions(const struct view_rights *rights, const char *message, int tier, bool is_emergency)
{
    return is_call(message) ? action_codes(view_rights_actions(rights, tier, is_emergency)) : json_array();
}

static json_t *render_data(const struct view_alert *alert, const struct view_rights *may)
{
    const int tier = alert->tier >= TIER_FIRST && alert->tier <= TIER_LAST ? alert->tier : 0;
    json_t   *data = json_object();

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
    if (alert->is_provisional)
        json_object_set_new(data, "provisional", json_true());
    if (alert->is_emergency)
        json_object_set_new(data, "emergency", json_true());
    put_text(data, "view", view_word(may->view));
    put_text(data, "about", about(alert->evidence));
    put_child(data, alert, may);
    put_risk(data, alert, may);
    put_relation(data, alert, may);
    put_review(data, alert, may);
    put_sealed_part(data, alert, may);
    put_text(data, "post", alert->post_id);
    json_object_set_new(data, "act", view_actions(may, alert->message, tier, alert->is_emergency));
    put_text(data, "ack_by", alert->ack_by);
    put_text(data, "act_by", alert->act_by);
    json_object_set_new(data, "esc", copy_codes(alert->leads));
    put_text(data, "expires", alert->expires);
    put_text(data, "erase_by", alert->erase_by);
    put_text(data, "note_code", "NO_FORWARD");
    return data;
}

json_t *view_render(const struct view_alert *alert, const struct view_rights *rights)
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
    json_object_set_new(event, "data", render_data(alert, rights));
    return event;
}
