/* SQLSTATEs as sentences; see refusal.h.
 * Repeats nothing the server said: that may quote a value. */
#include "daemon/console/refusal.h"

#include "daemon/common/log.h"
#include "daemon/console/protocol.h"

#include <string.h>

/* What pair_event() and identity_decide() say by their SQLSTATE. */
static const struct refusal {
    const char *sqlstate, *error, *message;
} refusals[] = {
    {"HL001",  "version_conflict", "what you looked at changed since; show it again and decide anew"                    },
    { "HL002", "impossible",       "the task is in a state in which this cannot be done"                                },
    { "HL003", "denied",           "your account has not the role that decides this"                                    },
    { "HL004", "identity_first",   "an identity is only probable; decide it first: `hulei review identity TASK`"        },
    { "HL006", "too_late",         "the time to undo is over; the alert is on its way"                                  },
    { "HL010", "which_side",       "say whose identity is meant: --side child or --side risk"                           },
    { "HL011", "which_records",    "say which records are another's: --apart with their numbers; one alone is not split"},
    { "HL013", "same_person",      "you accepted it yourself: another person signs or refuses"                          },
    { "HL012", "too_many",         "the person has too many records for one answer; tell the operator"                  },
};

json_t *refusal_answer(const struct db *db, enum db_status status)
{
    const char *sqlstate = db_sqlstate(db);

    for (size_t i = 0; status == DB_REFUSED && i < sizeof refusals / sizeof refusals[0]; i++) {
        if (strcmp(sqlstate, refusals[i].sqlstate) == 0)
            return answer_refused(refusals[i].error, refusals[i].message);
    }
    if (status == DB_UNKNOWN)
        return answer_refused("unknown", "the link broke while the decision was written; list the tasks to see whether "
                                         "it was taken");
    log_warning("request_failed", log_word("sqlstate", sqlstate), log_word("constraint", db_constraint(db)));
    if (status == DB_RETRY)
        return answer_refused("database", "the database does not answer; try again");
    return answer_refused("refused", "the database refused this; tell the operator");
}
