/* The blocking keys held most; see key_report.h.
 * Deliberately without a history: metrics count how many are above their limit. */
#include "daemon/engine/key_report.h"

#include "daemon/common/clock.h"
#include "matchers/identity/blocking.h"

#include <stdio.h>

enum { KEYS_SHOWN = 10, MADE_EVERY_MS = 60000 };

static json_t *describe(const struct identity_key_load *load, const struct blind *blind)
{
    const struct span part = { (const char *)&load->hash, sizeof load->hash };
    char              hash[24];

    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)blind_number(blind, BLIND_PSEUDONYM, &part, 1));
    return json_pack("{s:s,s:I,s:b,s:s}", "kind", load->kind, "holders", (json_int_t)load->holders, "unused",
                     (int)load->is_common, "hash", hash);
}

json_t *key_report_show(struct key_report *report, const struct identity_index *index, const struct blind *blind)
{
    struct identity_key_load loads[KEYS_SHOWN];
    const int64_t            now_ms = clock_monotonic_ms();

    if (report->list != NULL && now_ms - report->made_at_ms < MADE_EVERY_MS)
        return report->list;
    key_report_clear(report);
    report->list       = json_array();
    report->made_at_ms = now_ms;
    const size_t count = identity_key_loads(index, loads, KEYS_SHOWN);
    for (size_t i = 0; i < count; i++)
        json_array_append_new(report->list, describe(&loads[i], blind));
    return report->list;
}

void key_report_clear(struct key_report *report)
{
    json_decref(report->list);
    *report = (struct key_report){ 0 };
}
