/* Messages of alerts as the console shows them; see message.h.
 * Renders by the same table as the courier (views.yaml): no view shows more here than on its topic. */
#include "daemon/console/http/message.h"

#include "daemon/common/view/view.h"

static const char *text_of(const json_t *facts, const char *name)
{
    return json_string_value(json_object_get(facts, name));
}

json_t *message_render(const struct web_request *request, const json_t *facts)
{
    enum view view;

    if (!view_parse(text_of(facts, "view"), &view))
        return NULL;
    const struct view_alert alert = {
        .shard           = request->shard,
        .alert_id        = text_of(facts, "alert"),
        .series_id       = text_of(facts, "series"),
        .post_id         = text_of(facts, "post"),
        .leads           = json_object_get(facts, "leads"),
        .message         = text_of(facts, "msg"),
        .status          = "actual",
        .tier            = (int)json_integer_value(json_object_get(facts, "tier")),
        .rule            = text_of(facts, "rule"),
        .policy          = text_of(facts, "policy"),
        .reasons         = json_object_get(facts, "reasons"),
        .refs            = json_object_get(facts, "refs"),
        .evidence        = json_object_get(facts, "evidence"),
        .child_pseudonym = text_of(facts, "child_pseudonym"),
        .risk_pseudonym  = text_of(facts, "risk_pseudonym"),
        .reviewer        = text_of(facts, "who"),
        .decided_at      = text_of(facts, "decided_at"),
        .reason_code     = text_of(facts, "reason"),
        .created_at      = text_of(facts, "created"),
        .ack_by          = text_of(facts, "ack_by"),
        .act_by          = text_of(facts, "act_by"),
        .expires         = text_of(facts, "expires"),
        .erase_by        = text_of(facts, "erase_by"),
        .is_provisional  = json_is_true(json_object_get(facts, "provisional")),
        .is_emergency    = json_is_true(json_object_get(facts, "emergency")),
        .seq             = 1,
    };
    json_t *event = view_render(&alert, view_policy_rights(request->views, view));
    json_t *data  = json_incref(json_object_get(event, "data"));
    json_decref(event);
    return data;
}
