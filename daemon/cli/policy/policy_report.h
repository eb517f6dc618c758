/* What a change of policy would do, in numbers: by rule and tier, by post, by week; and whether a post's budget bears
 * it. Holds no id of a person or record. */
#ifndef HULEI_DAEMON_CLI_POLICY_POLICY_REPORT_H
#define HULEI_DAEMON_CLI_POLICY_POLICY_REPORT_H

#include "daemon/cli/policy/policy_routing.h"

#include <jansson.h>

enum { POLICY_REPORT_WEEKS = 8 };

struct policy_report_input {
    const struct policy         *before_policy, *after_policy; /* the budget is that of the one before */
    const struct projection     *before, *after;
    const struct policy_routing *routing;
    const int32_t               *before_weeks, *after_weeks; /* by pair: weeks before this one, see policy_week_of() */
    int32_t                      today;
};

/* How many weeks before the week of `today` a day lies (Monday to Sunday); 0 for later days. */
int32_t policy_week_of(int32_t day, int32_t today);

/* The report; NULL when memory is out. *over: posts and tiers above their budget. */
json_t *policy_report_make(const struct policy_report_input *input, size_t *over);

/* The report as tables. */
void policy_report_print(const json_t *report);

#endif
