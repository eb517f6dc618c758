/* Refusals of the operators' doors; see operator.h.
 * Repeats nothing the server said. */
#include "daemon/cli/operator.h"

#include "daemon/common/feed/feed.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *sqlstate, *sentence;
} refusals[] = {
    {"HL002",  "there is no such thing, or it is done already"                        },
    { "HL003", "only an unlocked account of role operator, bound to this OS user, may"},
    { "HL006", "it is too late, or there is no such request"                          },
    { "HL011", "say which other record: --other SOURCE KEY"                           },
    { "HL013", "another person than the one who asked must do this"                   },
    { "HL014", "a rejection needs --reason CODE"                                      },
    { "HL031", "stop the engine first, and wait ten seconds"                          },
    { "23514", "a reason is a code of A-Z, 0-9 and _, at most 32"                     },
};

int operator_complain(const struct admin *admin, const char *name)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (strcmp(db_sqlstate(admin->db), refusals[i].sqlstate) == 0) {
            fprintf(stderr, "hulei %s: %s\n", name, refusals[i].sentence);
            return 1;
        }
    }
    return admin_complain(admin, name);
}

const char *operator_type_number(const char *word, char number[16])
{
    const enum feed_type type = feed_type_find(span_from_text(word));

    if (type == FEED_TYPE_NONE)
        return NULL;
    snprintf(number, 16, "%d", (int)type);
    return number;
}
