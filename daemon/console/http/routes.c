/* The API's rows; see routes.h.
 * The order matters where a fixed segment stands in the place of a field: the fixed one comes first. */
#include "daemon/console/http/routes.h"

#include "daemon/console/http/desk.h"
#include "daemon/console/http/export.h"
#include "daemon/console/http/feeds.h"
#include "daemon/console/http/inbox.h"
#include "daemon/console/http/look.h"
#include "daemon/console/http/search.h"
#include "daemon/console/http/sign_in.h"
#include "daemon/console/http/stream.h"
#include "daemon/console/http/task_map.h"
#include "daemon/console/http/users.h"

enum { BODY_BYTES = 64 * 1024, LEDGER_BYTES = 1024 * 1024 };

#define FIELDS(table) .fields = (table), .field_count = sizeof(table) / sizeof(table)[0]
#define REVIEWERS     (WEB_REVIEWER | WEB_SECOND_REVIEWER)
#define OFFICERS      (WEB_ADMINISTRATOR | WEB_SECURITY_OFFICER)
#define POSTS         (WEB_POST_OFFICER | WEB_POST_LEAD)

static const struct field sign_in_fields[] = {
    {"account",   FIELD_BODY, FIELD_TEXT, true, 1, 64,  NULL, NULL, NULL},
    { "password", FIELD_BODY, FIELD_TEXT, true, 1, 256, NULL, NULL, NULL},
};
static const struct field factor_fields[] = {
    {"code", FIELD_BODY, FIELD_DIGITS, true, 6, 6, NULL, NULL, NULL},
};
static const struct field password_fields[] = {
    {"old",  FIELD_BODY, FIELD_TEXT, true, 1, 256, NULL, NULL, NULL},
    { "new", FIELD_BODY, FIELD_TEXT, true, 1, 256, NULL, NULL, NULL},
};

/* clang-format off */
#define TASK_FIELD { .name = "task", .place = FIELD_PATH, .kind = FIELD_ID, .is_required = true, .form = "rt-", .maximum = 16 }
#define VERSION_FIELD { .name = "version", .place = FIELD_BODY, .kind = FIELD_NUMBER, .is_required = true, .minimum = 1, .maximum = 1000000000 }
#define WORD_FIELD(its_name, its_place, its_words, must, otherwise) \
    { .name = (its_name), .place = (its_place), .kind = FIELD_WORD, .is_required = (must), .words = (its_words), .fallback = (otherwise) }
#define AFTER_FIELD { .name = "after", .place = FIELD_QUERY, .kind = FIELD_CODE, .minimum = 1, .maximum = 120 }
#define LIMIT_FIELD { .name = "limit", .place = FIELD_QUERY, .kind = FIELD_NUMBER, .minimum = 1, .maximum = 200, .fallback = "100" }

static const char *const task_states[] = { "open", "mine", "sign", "done", NULL };
static const char *const task_kinds[] = { "pair", "identity", "ask_owner", "sign", "delivery", "data_fault", NULL };
static const char *const verdicts[] = { "accept", "reject", "needs_info", "unsure", NULL };
static const char *const batch_verdicts[] = { "accept", "reject", "needs_info", NULL };
static const char *const reasons[] = { "ACCEPT_CONFIRMED", "ACCEPT_PRECAUTION", "REJECT_NOT_SAME_PERSON", "REJECT_NOT_NEAR",
    "REJECT_ADDRESS_OLD", "REJECT_NO_BASIS", "REJECT_HANDLED", "NEEDS_ADDRESS", "NEEDS_IDENTITY", "NEEDS_OWNER",
    "UNSURE_IDENTITY", "UNSURE_EVIDENCE", NULL };
static const char *const undo_reasons[] = { "UNDO_MISTAKE", "UNDO_NEW_FACTS", NULL };
static const char *const sign_verdicts[] = { "confirm", "refuse", NULL };
static const char *const sign_reasons[] = { "SIGN_CONFIRMED", "SIGN_NOT_SAME_PERSON", "SIGN_NOT_NEAR", "SIGN_NO_BASIS", NULL };
static const char *const identity_verdicts[] = { "same", "different", "unsure", NULL };
static const char *const identity_reasons[] = { "IDENTITY_DOCUMENT", "IDENTITY_KNOWN", "IDENTITY_OWNER_ASKED",
    "IDENTITY_RECORDS", "IDENTITY_UNSURE", "IDENTITY_MISTAKE", NULL };
static const char *const sides[] = { "child", "risk", NULL };

static const struct field task_fields[] = { TASK_FIELD };
static const struct field list_fields[] = {
    WORD_FIELD("state", FIELD_QUERY, task_states, false, "open"),
    WORD_FIELD("kind", FIELD_QUERY, task_kinds, false, NULL),
    { .name = "tier", .place = FIELD_QUERY, .kind = FIELD_NUMBER, .minimum = 1, .maximum = 4 },
    { .name = "overdue", .place = FIELD_QUERY, .kind = FIELD_BOOLEAN },
    AFTER_FIELD,
    LIMIT_FIELD,
};
static const struct field decide_fields[] = {
    TASK_FIELD,
    WORD_FIELD("verdict", FIELD_BODY, verdicts, true, NULL),
    WORD_FIELD("reason", FIELD_BODY, reasons, true, NULL),
    VERSION_FIELD,
};
static const struct field undo_fields[] = {
    TASK_FIELD,
    WORD_FIELD("reason", FIELD_BODY, undo_reasons, true, NULL),
    VERSION_FIELD,
};
static const struct field sign_fields[] = {
    TASK_FIELD,
    WORD_FIELD("verdict", FIELD_BODY, sign_verdicts, true, NULL),
    WORD_FIELD("reason", FIELD_BODY, sign_reasons, true, NULL),
    VERSION_FIELD,
};
static const struct field identity_fields[] = {
    TASK_FIELD,
    WORD_FIELD("verdict", FIELD_BODY, identity_verdicts, true, NULL),
    WORD_FIELD("reason", FIELD_BODY, identity_reasons, true, NULL),
    WORD_FIELD("side", FIELD_BODY, sides, false, NULL),
    { .name = "seen", .place = FIELD_BODY, .kind = FIELD_HEX, .minimum = 1, .maximum = 64 },
    { .name = "apart", .place = FIELD_BODY, .kind = FIELD_JSON },
};
static const struct field area_fields[] = {
    { .name = "area", .place = FIELD_PATH, .kind = FIELD_DIGITS, .is_required = true, .minimum = 12, .maximum = 12 },
};
static const struct field batch_fields[] = {
    WORD_FIELD("verdict", FIELD_BODY, batch_verdicts, true, NULL),
    WORD_FIELD("reason", FIELD_BODY, reasons, true, NULL),
    { .name = "tasks", .place = FIELD_BODY, .kind = FIELD_JSON, .is_required = true },
};

#define ALERT_FIELD(its_place, must) { .name = "alert", .place = (its_place), .kind = FIELD_ID, .is_required = (must), .form = "al-", .maximum = 32 }
#define POST_FIELD(its_place, must) { .name = "post", .place = (its_place), .kind = FIELD_POST, .is_required = (must) }

static const char *const inbox_states[] = { "open", "all", NULL };
static const char *const answer_states[] = { "acked", "acting", "closed", "cannot", NULL };
static const char *const outcomes[] = { "done", "not_found", "wrong_person", "wrong_address", "moved", "already_known", "refused",
    "referred", "deleted", NULL };
static const char *const purposes[] = { "review", "verify_identity", "visit", "protect", "order_check", "staff_check", "complaint",
    "correction", NULL };
static const char *const look_verdicts[] = { "approve", "refuse", NULL };

static const struct field inbox_fields[] = { WORD_FIELD("state", FIELD_QUERY, inbox_states, false, "open"), AFTER_FIELD, LIMIT_FIELD };
static const struct field alert_fields[] = { ALERT_FIELD(FIELD_PATH, true), POST_FIELD(FIELD_PATH, true) };
static const struct field answer_fields[] = {
    ALERT_FIELD(FIELD_PATH, true),
    POST_FIELD(FIELD_PATH, true),
    WORD_FIELD("state", FIELD_BODY, answer_states, true, NULL),
    WORD_FIELD("outcome", FIELD_BODY, outcomes, false, NULL),
};
static const struct field look_fields[] = {
    { .name = "task", .place = FIELD_BODY, .kind = FIELD_ID, .form = "rt-", .maximum = 16 },
    ALERT_FIELD(FIELD_BODY, false),
    POST_FIELD(FIELD_BODY, false),
    WORD_FIELD("side", FIELD_BODY, sides, true, NULL),
    WORD_FIELD("purpose", FIELD_BODY, purposes, true, NULL),
};
static const struct field look_decide_fields[] = {
    { .name = "look", .place = FIELD_PATH, .kind = FIELD_ID, .is_required = true, .form = "lk-", .maximum = 16 },
    WORD_FIELD("verdict", FIELD_BODY, look_verdicts, true, NULL),
};
static const char *const search_words[] = { "task", "alert", "number", "phone", "name_birth_year", NULL };
static const struct field search_fields[] = {
    WORD_FIELD("by", FIELD_BODY, search_words, true, NULL),
    { .name = "value", .place = FIELD_BODY, .kind = FIELD_TEXT, .is_required = true, .minimum = 1, .maximum = 100 },
    { .name = "birth_year", .place = FIELD_BODY, .kind = FIELD_NUMBER, .minimum = 1900, .maximum = 2100 },
    WORD_FIELD("purpose", FIELD_BODY, purposes, true, NULL),
};
static const struct field unmask_fields[] = {
    ALERT_FIELD(FIELD_PATH, true),
    WORD_FIELD("subject", FIELD_BODY, sides, true, NULL),
    WORD_FIELD("purpose", FIELD_BODY, purposes, true, NULL),
};

static const char *const departments[] = { "civil-affairs", "education", "judicial", "police", "health", "market", NULL };

#define NAME_FIELD(its_place) { .name = "name", .place = (its_place), .kind = FIELD_ACCOUNT, .is_required = true }

static const struct field weeks_fields[] = {
    { .name = "weeks", .place = FIELD_QUERY, .kind = FIELD_NUMBER, .minimum = 1, .maximum = 52, .fallback = "8" },
};
static const char *const figures[] = { "queue_age", "deadlines", "precision", "alerts", "address_health", "coverage", "feeds_silent", NULL };
static const struct field export_fields[] = {
    WORD_FIELD("table", FIELD_BODY, figures, true, NULL),
    { .name = "weeks", .place = FIELD_BODY, .kind = FIELD_NUMBER, .minimum = 1, .maximum = 52 },
    WORD_FIELD("purpose", FIELD_BODY, purposes, true, NULL),
};
static const struct field days_fields[] = {
    { .name = "days", .place = FIELD_QUERY, .kind = FIELD_NUMBER, .minimum = 1, .maximum = 90, .fallback = "7" },
};
#define TYPE_FIELD { .name = "type", .place = FIELD_BODY, .kind = FIELD_TYPE, .is_required = true }
#define ROWS_FIELD { .name = "rows", .place = FIELD_BODY, .kind = FIELD_JSON, .is_required = true }

static const struct field dry_run_fields[] = { TYPE_FIELD, ROWS_FIELD };
static const struct field upload_fields[] = { TYPE_FIELD, { .name = "upload", .place = FIELD_BODY, .kind = FIELD_NAME, .is_required = true }, ROWS_FIELD };
static const struct field page_fields[] = { AFTER_FIELD, LIMIT_FIELD };
static const struct field audit_fields[] = {
    { .name = "actor", .place = FIELD_QUERY, .kind = FIELD_CODE, .minimum = 1, .maximum = 64 },
    { .name = "subject", .place = FIELD_QUERY, .kind = FIELD_HEX, .minimum = 32, .maximum = 32 },
    { .name = "action", .place = FIELD_QUERY, .kind = FIELD_CODE, .minimum = 1, .maximum = 40 },
    { .name = "from", .place = FIELD_QUERY, .kind = FIELD_DATE },
    { .name = "to", .place = FIELD_QUERY, .kind = FIELD_DATE },
    AFTER_FIELD,
    LIMIT_FIELD,
};
static const struct field user_add_fields[] = { NAME_FIELD(FIELD_BODY) };
static const struct field user_fields[] = { NAME_FIELD(FIELD_PATH) };
static const struct field user_lock_fields[] = {
    NAME_FIELD(FIELD_PATH),
    { .name = "locked", .place = FIELD_BODY, .kind = FIELD_BOOLEAN, .is_required = true },
};
static const struct field grant_fields[] = {
    NAME_FIELD(FIELD_PATH),
    { .name = "roles", .place = FIELD_BODY, .kind = FIELD_JSON, .is_required = true },
    { .name = "areas", .place = FIELD_BODY, .kind = FIELD_JSON },
    { .name = "posts", .place = FIELD_BODY, .kind = FIELD_JSON },
    WORD_FIELD("department", FIELD_BODY, departments, false, NULL),
};
static const struct field grant_decide_fields[] = {
    { .name = "grant", .place = FIELD_PATH, .kind = FIELD_ID, .is_required = true, .form = "gr-", .maximum = 16 },
    WORD_FIELD("verdict", FIELD_BODY, look_verdicts, true, NULL),
};

#define TAKES(table, its_statement) FIELDS(table), .statement = &(its_statement), .body_bytes_max = BODY_BYTES

static const struct web_route routes[] = {
    { "GET", "/api/health", 0, .statement = &statement_console_http_health },

    /* session */
    { "POST", "/api/session", 0, FIELDS(sign_in_fields), .answer = sign_in_open, .body_bytes_max = BODY_BYTES },
    { "DELETE", "/api/session", WEB_ANY_ROLE, .answer = sign_in_close, .status = 204, .when_due = true },
    { "GET", "/api/session/factor", 0, .answer = sign_in_factor_show, .needs_token = true },
    { "POST", "/api/session/factor", 0, FIELDS(factor_fields), .answer = sign_in_factor_confirm,
      .body_bytes_max = BODY_BYTES, .needs_token = true },
    { "GET", "/api/me", WEB_ANY_ROLE, .answer = sign_in_me, .when_due = true },
    { "POST", "/api/me/password", WEB_ANY_ROLE, FIELDS(password_fields), .answer = sign_in_password,
      .body_bytes_max = BODY_BYTES, .when_due = true },
    { "GET", "/api/events", REVIEWERS | POSTS | WEB_OPERATOR, .answer = stream_open, .is_passive = true },

    /* review */
    { "GET", "/api/tasks", REVIEWERS, FIELDS(list_fields), .statement = &statement_console_http_tasks },
    { "GET", "/api/tasks/counts", REVIEWERS, .statement = &statement_console_http_task_counts },
    { "GET", "/api/tasks/{task}", REVIEWERS, FIELDS(task_fields), .answer = desk_sheet },
    { "POST", "/api/tasks/{task}/claim", REVIEWERS, FIELDS(task_fields), .statement = &statement_console_http_task_claim },
    { "DELETE", "/api/tasks/{task}/claim", REVIEWERS, FIELDS(task_fields),
      .statement = &statement_console_http_task_release, .status = 204 },
    { "POST", "/api/tasks/{task}/decision", WEB_REVIEWER, TAKES(decide_fields, statement_console_http_task_decide) },
    { "POST", "/api/tasks/{task}/undo", REVIEWERS, TAKES(undo_fields, statement_console_http_task_undo) },
    { "POST", "/api/tasks/{task}/sign", REVIEWERS, TAKES(sign_fields, statement_console_http_task_sign) },
    { "POST", "/api/tasks/{task}/identity", WEB_REVIEWER, TAKES(identity_fields, statement_console_http_task_identity) },
    { "GET", "/api/tasks/{task}/history", REVIEWERS, FIELDS(task_fields), .statement = &statement_console_http_task_history },
    { "GET", "/api/tasks/{task}/views", REVIEWERS, FIELDS(task_fields), .answer = desk_views },
    { "GET", "/api/tasks/{task}/map", REVIEWERS, FIELDS(task_fields), .answer = task_map_show },
    { "GET", "/api/tasks/{task}/alike", WEB_REVIEWER, FIELDS(task_fields), .statement = &statement_console_http_task_alike },
    { "GET", "/api/counted", WEB_REVIEWER, .statement = &statement_console_counted },
    { "POST", "/api/counted/{area}", WEB_REVIEWER, FIELDS(area_fields), .statement = &statement_console_counted_open, .status = 202 },
    { "POST", "/api/decisions", WEB_REVIEWER, TAKES(batch_fields, statement_console_http_decisions) },

    /* look */
    { "GET", "/api/looks", REVIEWERS | POSTS, .statement = &statement_console_http_looks },
    { "POST", "/api/looks", REVIEWERS | POSTS, FIELDS(look_fields), .answer = look_at_person, .body_bytes_max = BODY_BYTES },
    { "POST", "/api/looks/{look}", REVIEWERS | WEB_POST_LEAD, TAKES(look_decide_fields, statement_console_http_look_decide) },
    { "POST", "/api/search", REVIEWERS | WEB_POST_LEAD, FIELDS(search_fields), .answer = search_people, .body_bytes_max = BODY_BYTES },

    /* inbox */
    { "GET", "/api/inbox", POSTS, FIELDS(inbox_fields), .answer = inbox_list },
    { "GET", "/api/inbox/{alert}/{post}", POSTS, FIELDS(alert_fields), .answer = inbox_show },
    { "POST", "/api/inbox/{alert}/{post}/answer", POSTS, TAKES(answer_fields, statement_console_http_inbox_answer) },

    /* overview, feeds */
    { "GET", "/api/overview", WEB_POST_LEAD | WEB_OPERATOR, FIELDS(weeks_fields), .statement = &statement_console_http_overview },
    { "POST", "/api/exports", WEB_POST_LEAD | WEB_OPERATOR, FIELDS(export_fields), .answer = export_csv, .body_bytes_max = BODY_BYTES },
    { "GET", "/api/feeds", WEB_OPERATOR, .statement = &statement_console_http_feeds },
    { "GET", "/api/feeds/refusals", WEB_OPERATOR, FIELDS(days_fields), .statement = &statement_console_http_refusals },
    { "GET", "/api/feeds/receipts", WEB_OPERATOR, FIELDS(page_fields), .statement = &statement_console_http_receipts },

    { "GET", "/api/feeds/types", WEB_OPERATOR, .answer = feeds_types },
    { "POST", "/api/feeds/dry-run", WEB_OPERATOR, FIELDS(dry_run_fields), .answer = feeds_dry_run, .body_bytes_max = LEDGER_BYTES },
    { "GET", "/api/feeds/uploads", WEB_OPERATOR, .statement = &statement_console_http_uploads },
    { "POST", "/api/feeds/uploads", WEB_OPERATOR, FIELDS(upload_fields), .answer = feeds_upload, .body_bytes_max = LEDGER_BYTES },

    /* audit */
    { "GET", "/api/audit", WEB_AUDITOR, FIELDS(audit_fields), .statement = &statement_console_http_audit },
    { "GET", "/api/audit/chain", WEB_AUDITOR, .statement = &statement_console_http_audit_chain },

    /* users */
    { "GET", "/api/users", OFFICERS, .statement = &statement_console_http_users },
    { "POST", "/api/users", WEB_ADMINISTRATOR, FIELDS(user_add_fields), .answer = users_add, .body_bytes_max = BODY_BYTES },
    { "POST", "/api/users/{name}/reset", WEB_ADMINISTRATOR, FIELDS(user_fields), .answer = users_reset },
    { "PUT", "/api/users/{name}/lock", OFFICERS, TAKES(user_lock_fields, statement_console_http_user_lock), .status = 204 },
    { "PUT", "/api/users/{name}/grant", WEB_ADMINISTRATOR, TAKES(grant_fields, statement_console_http_grant_ask) },
    { "GET", "/api/grants", OFFICERS, .statement = &statement_console_http_grants },
    { "POST", "/api/grants/{grant}", WEB_SECURITY_OFFICER, TAKES(grant_decide_fields, statement_console_http_grant_decide) },
    { "GET", "/api/alarms", WEB_SECURITY_OFFICER, .statement = &statement_console_http_alarms },

    /* machines of posts */
    { "POST", "/alerts/{alert}/unmask", 0, FIELDS(unmask_fields), .answer = look_unmask, .body_bytes_max = BODY_BYTES },
};
/* clang-format on */

const struct web_route *routes_all(size_t *count)
{
    *count = sizeof routes / sizeof routes[0];
    return routes;
}
