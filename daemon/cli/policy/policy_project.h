/* One projection of a policy against the one in force, from records to report.
 * Writes nothing; what to do with the report is the caller's. */
#ifndef HULEI_DAEMON_CLI_POLICY_POLICY_PROJECT_H
#define HULEI_DAEMON_CLI_POLICY_POLICY_PROJECT_H

#include "daemon/cli/admin.h"
#include "matchers/tier/policy.h"

#include <jansson.h>

struct policy_project_options {
    const char *config_path;
    const char *records; /* a folder of feed files; NULL: the live records */
    int32_t     today;   /* the day projected; POLICY_DAY_UNKNOWN: today by the database's clock */
};

/* NULL after a complaint in `error`. *over: posts and tiers above the budget of `before`. */
json_t *policy_project(const struct policy_project_options *options, struct admin *admin, const struct policy *before,
                       const struct policy *after, size_t *over, char *error, size_t error_size);

#endif
