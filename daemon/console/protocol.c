/* The console's line protocol; see protocol.h.
 * Ignores members it does not know. */
#include "daemon/console/protocol.h"

#include <stdio.h>
#include <string.h>

static const char *const accept_reasons[] = { "ACCEPT_CONFIRMED", "ACCEPT_PRECAUTION", NULL };
static const char *const reject_reasons[] = { "REJECT_NOT_SAME_PERSON", "REJECT_NOT_NEAR", "REJECT_ADDRESS_OLD",
                                              "REJECT_NO_BASIS",        "REJECT_HANDLED",  NULL };
static const char *const info_reasons[]   = { "NEEDS_ADDRESS", "NEEDS_IDENTITY", "NEEDS_OWNER", NULL };
static const char *const doubt_reasons[]  = { "UNSURE_EVIDENCE", "UNSURE_IDENTITY", NULL };
static const char *const sign_reasons[]   = { "SIGN_CONFIRMED", NULL };
static const char *const refuse_reasons[] = { "SIGN_NOT_SAME_PERSON", "SIGN_NOT_NEAR", "SIGN_NO_BASIS", NULL };
static const char *const undo_reasons[]   = { "UNDO_MISTAKE", "UNDO_NEW_FACTS", NULL };

static const char *const same_reasons[]   = { "IDENTITY_DOCUMENT", "IDENTITY_KNOWN", "IDENTITY_OWNER_ASKED",
                                              "IDENTITY_RECORDS", NULL };
static const char *const unsure_reasons[] = { "IDENTITY_UNSURE", "IDENTITY_MISTAKE", NULL };

static const struct op {
    const char        *word;
    const char        *event;   /* of pair_event(); NULL: no decision */
    const char *const *reasons; /* ends with NULL; NULL: takes no reason */
    bool               has_default_reason;
    const char        *complaint; /* about a reason that is none of them */
} ops[] = {
    [REQUEST_LIST]   = {"list",        NULL,          NULL,           false, NULL                                           },
    [REQUEST_SHOW]   = { "show",       NULL,          NULL,           false, NULL                                           },
    [REQUEST_ACCEPT] = { "accept",     "accept",      accept_reasons, true,  "reason: ACCEPT_CONFIRMED or ACCEPT_PRECAUTION"},
    [REQUEST_REJECT] = { "reject",     "reject",      reject_reasons, false,
                        "reason: REJECT_NOT_SAME_PERSON, REJECT_NOT_NEAR, REJECT_ADDRESS_OLD, REJECT_NO_BASIS or "
                         "REJECT_HANDLED"                                                                                   },
    [REQUEST_NEEDS_INFO] = { "needs_info", "needs_info",  info_reasons,   false,
                        "reason: NEEDS_ADDRESS, NEEDS_IDENTITY or NEEDS_OWNER"                                              },
    [REQUEST_UNSURE]     = { "unsure",     "unsure",      doubt_reasons,  true,  "reason: UNSURE_EVIDENCE or UNSURE_IDENTITY"   },
    [REQUEST_SIGN]       = { "sign",       "sign",        sign_reasons,   true,  "reason: SIGN_CONFIRMED"                       },
    [REQUEST_REFUSE]     = { "refuse",     "refuse_sign", refuse_reasons, false,
                        "reason: SIGN_NOT_SAME_PERSON, SIGN_NOT_NEAR or SIGN_NO_BASIS"                                      },
    [REQUEST_UNDO]       = { "undo",       "undo",        undo_reasons,   true,  "reason: UNDO_MISTAKE or UNDO_NEW_FACTS"       },
    [REQUEST_IDENTITY]   = { "identity",   NULL,          same_reasons,   false,
                        "reason: IDENTITY_DOCUMENT, IDENTITY_KNOWN, IDENTITY_OWNER_ASKED or IDENTITY_RECORDS"               },
    [REQUEST_COUNTED]    = { "counted",    NULL,          NULL,           false, NULL                                           },
    [REQUEST_OPEN]       = { "open",       NULL,          NULL,           false, NULL                                           },
};

static bool read_code(const json_t *object, const char *key, char text[REQUEST_TEXT_BYTES])
{
    const json_t *member = json_object_get(object, key);

    text[0] = '\0';
    if (member == NULL || json_is_null(member))
        return true;
    const char  *value  = json_string_value(member);
    const size_t length = value != NULL ? json_string_length(member) : REQUEST_TEXT_BYTES;
    if (length >= REQUEST_TEXT_BYTES ||
        strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != length)
        return false;
    memcpy(text, value, length + 1);
    return true;
}

static bool read_op(const char *word, enum request_op *op)
{
    for (size_t i = 0; word != NULL && i < sizeof ops / sizeof ops[0]; i++) {
        if (strcmp(word, ops[i].word) == 0) {
            *op = (enum request_op)i;
            return true;
        }
    }
    return false;
}

static bool holds(const char *const *words, const char *word)
{
    for (; *words != NULL; words++) {
        if (strcmp(*words, word) == 0)
            return true;
    }
    return false;
}

static const char *check_reason(struct request *request)
{
    const struct op   *op          = &ops[request->op];
    const bool         is_unsure   = request->op == REQUEST_IDENTITY && strcmp(request->verdict, "unsure") == 0;
    const char *const *reasons     = is_unsure ? unsure_reasons : op->reasons;
    const bool         has_default = is_unsure || op->has_default_reason;

    if (reasons == NULL) {
        request->reason[0] = '\0';
        return NULL;
    }
    if (request->reason[0] == '\0' && has_default)
        snprintf(request->reason, sizeof request->reason, "%s", reasons[0]);
    if (holds(reasons, request->reason))
        return NULL;
    return is_unsure ? "reason: IDENTITY_UNSURE or IDENTITY_MISTAKE" : op->complaint;
}

static bool read_apart(const json_t *list, struct request *request)
{
    if (list == NULL || json_is_null(list))
        return true;
    if (!json_is_array(list) || json_array_size(list) > REQUEST_APART_MAX)
        return false;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *ref = json_array_get(list, i);
        if (!json_is_integer(ref) || json_integer_value(ref) < 1)
            return false;
        request->apart[request->apart_count++] = json_integer_value(ref);
    }
    return true;
}

/* What is wrong with the members of an identity answer, or NULL. */
static const char *read_identity(const json_t *object, struct request *request)
{
    static const char *const verdicts[] = { "same", "different", "unsure", NULL };
    static const char *const sides[]    = { "", "child", "risk", NULL };

    if (!read_code(object, "verdict", request->verdict) || !holds(verdicts, request->verdict))
        return "verdict: same, different or unsure";
    if (!read_code(object, "side", request->side) || !holds(sides, request->side))
        return "side: child or risk";
    if (!read_code(object, "seen", request->seen))
        return "seen: as `hulei review show` gave it";
    if (!read_apart(json_object_get(object, "apart"), request))
        return "apart: numbers of records, as `hulei review show` gave them";
    if (request->apart_count > 0 && strcmp(request->verdict, "different") != 0)
        return "apart: only with different";
    return NULL;
}

static bool needs_task(enum request_op op)
{
    return op != REQUEST_LIST && op != REQUEST_COUNTED && op != REQUEST_OPEN;
}

static bool names_area(const struct request *request)
{
    return request->op != REQUEST_OPEN || (strlen(request->area) == 12 && strspn(request->area, "0123456789") == 12);
}

/* What is wrong, or NULL. */
static const char *read_members(const json_t *object, struct request *request)
{
    const json_t *version = json_object_get(object, "version");

    if (!read_op(json_string_value(json_object_get(object, "op")), &request->op))
        return "op: list, show, accept, reject, needs_info, unsure, sign, refuse, undo, identity, counted or open";
    if (!read_code(object, "area", request->area) || !names_area(request))
        return "area: the twelve digits of a community, as `hulei review counted` shows them";
    if (!read_code(object, "task", request->task) || (needs_task(request->op) && request->task[0] == '\0'))
        return "task: the id of a review task, as `hulei review list` shows it";
    if (!read_code(object, "reason", request->reason))
        return "reason: a reason code";
    if (version != NULL && !json_is_null(version)) {
        if (!json_is_integer(version) || json_integer_value(version) < 1 || json_integer_value(version) > 1000000000)
            return "version: a whole number from 1";
        request->version = (int)json_integer_value(version);
    }
    const char *fault = request->op == REQUEST_IDENTITY ? read_identity(object, request) : NULL;
    return fault != NULL ? fault : check_reason(request);
}

bool request_parse(const char *line, size_t length, struct request *request, const char **fault)
{
    *request       = (struct request){ .op = REQUEST_LIST };
    json_t *object = json_loadb(line, length, JSON_REJECT_DUPLICATES, NULL);
    *fault         = json_is_object(object) ? read_members(object, request) : "not a JSON object";
    json_decref(object);
    return *fault == NULL;
}

const char *request_event(enum request_op op)
{
    return ops[op].event;
}

json_t *answer_refused(const char *error, const char *message)
{
    return json_pack("{s:b, s:s, s:s}", "ok", 0, "error", error, "message", message);
}
