/* The console's line protocol: what is a request, and what is said of what is not.
 * No socket, no database. */
#include "daemon/console/protocol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* How every identity answer of these rows begins. */
#define RT_1 "{\"op\":\"identity\",\"task\":\"rt-1\","

static void reads_requests(void **state)
{
    static const struct {
        const char     *what, *line;
        enum request_op op;
        const char     *task, *reason;
        int             version;
    } rows[] = {
        {"list",                         "{\"op\":\"list\"}",                                                    REQUEST_LIST,   "",     "",                 0},
        { "show",                        "{\"op\":\"show\",\"task\":\"rt-1\"}",                                  REQUEST_SHOW,   "rt-1", "",                 0},
        { "accept by default",           "{\"op\":\"accept\",\"task\":\"rt-1\"}",                                REQUEST_ACCEPT, "rt-1", "ACCEPT_CONFIRMED", 0},
        { "a version",                   "{\"op\":\"accept\",\"task\":\"rt-1\",\"version\":7}",                  REQUEST_ACCEPT, "rt-1",
         "ACCEPT_CONFIRMED",                                                                                                                                 7},
        { "reject says why",             "{\"op\":\"reject\",\"task\":\"rt-1\",\"reason\":\"REJECT_NOT_NEAR\"}", REQUEST_REJECT,
         "rt-1",                                                                                                                         "REJECT_NOT_NEAR",  0},
        { "undo by default",             "{\"op\":\"undo\",\"task\":\"rt-1\"}",                                  REQUEST_UNDO,   "rt-1", "UNDO_MISTAKE",     0},
        { "needs info says what",        "{\"op\":\"needs_info\",\"task\":\"rt-1\",\"reason\":\"NEEDS_OWNER\"}",
         REQUEST_NEEDS_INFO,                                                                                                     "rt-1", "NEEDS_OWNER",      0},
        { "unsure by default",           "{\"op\":\"unsure\",\"task\":\"rt-1\"}",                                REQUEST_UNSURE, "rt-1", "UNSURE_EVIDENCE",  0},
        { "sign by default",             "{\"op\":\"sign\",\"task\":\"rt-1\",\"version\":3}",                    REQUEST_SIGN,   "rt-1",
         "SIGN_CONFIRMED",                                                                                                                                   3},
        { "refuse says why",             "{\"op\":\"refuse\",\"task\":\"rt-1\",\"reason\":\"SIGN_NO_BASIS\"}",   REQUEST_REFUSE,
         "rt-1",                                                                                                                         "SIGN_NO_BASIS",    0},
        { "null is absent",              "{\"op\":\"show\",\"task\":\"rt-1\",\"reason\":null,\"version\":null}", REQUEST_SHOW,
         "rt-1",                                                                                                                         "",                 0},
        { "a reason nobody asked",       "{\"op\":\"list\",\"reason\":\"X\"}",                                   REQUEST_LIST,   "",     "",                 0},
        { "unknown members are ignored", "{\"op\":\"list\",\"more\":1}",                                         REQUEST_LIST,   "",     "",                 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request request;
        const char    *fault = NULL;
        if (!request_parse(rows[i].line, strlen(rows[i].line), &request, &fault))
            fail_msg("%s: %s", rows[i].what, fault);
        if (request.op != rows[i].op || strcmp(request.task, rows[i].task) != 0 ||
            strcmp(request.reason, rows[i].reason) != 0 || request.version != rows[i].version)
            fail_msg("%s", rows[i].what);
    }
}

static void reads_identity_answers(void **state)
{
    static const struct {
        const char *what, *line, *verdict, *reason, *side, *seen;
        size_t      apart_count;
        int64_t     last_apart;
    } rows[] = {
        {"same",                                         RT_1 "\"verdict\":\"same\",\"reason\":\"IDENTITY_KNOWN\"}",      "same",      "IDENTITY_KNOWN",    "",      "",     0, 0   },
        { "unsure by default",                           RT_1 "\"verdict\":\"unsure\",\"side\":\"risk\",\"apart\":null}", "unsure",
         "IDENTITY_UNSURE",                                                                                                                                 "risk",  "",     0, 0   },
        { "two records apart, of the set that was seen",
         RT_1 "\"verdict\":\"different\",\"reason\":\"IDENTITY_DOCUMENT\",\"side\":\"child\",\"seen\":\"0a1b\","
               "\"apart\":[1616,1632]}",                                                                                  "different", "IDENTITY_DOCUMENT", "child", "0a1b", 2, 1632},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request request;
        const char    *fault = NULL;
        if (!request_parse(rows[i].line, strlen(rows[i].line), &request, &fault))
            fail_msg("%s: %s", rows[i].what, fault);
        if (request.op != REQUEST_IDENTITY || strcmp(request.verdict, rows[i].verdict) != 0 ||
            strcmp(request.reason, rows[i].reason) != 0 || strcmp(request.side, rows[i].side) != 0 ||
            strcmp(request.seen, rows[i].seen) != 0 || request.apart_count != rows[i].apart_count ||
            (request.apart_count > 0 && request.apart[request.apart_count - 1] != rows[i].last_apart))
            fail_msg("%s", rows[i].what);
        assert_null(request_event(request.op));
    }
}

static void refuses_the_rest(void **state)
{
    static const struct {
        const char *what, *line, *begins; /* how the fault begins */
    } rows[] = {
        {"empty line",                     "",                                                                              "not a JSON"},
        { "no JSON",                       "list",                                                                          "not a JSON"},
        { "a list",                        "[\"list\"]",                                                                    "not a JSON"},
        { "two ops",                       "{\"op\":\"list\",\"op\":\"accept\"}",                                           "not a JSON"},
        { "NUL inside",                    "{\"op\":\"show\",\"task\":\"a\\u0000\"}",                                       "not a JSON"},
        { "no op",                         "{\"task\":\"rt-1\"}",                                                           "op:"       },
        { "an op nobody has",              "{\"op\":\"erase\",\"task\":\"rt-1\"}",                                          "op:"       },
        { "op is a number",                "{\"op\":1}",                                                                    "op:"       },
        { "show what",                     "{\"op\":\"show\"}",                                                             "task:"     },
        { "task with a quote",             "{\"op\":\"show\",\"task\":\"' OR 1\"}",                                         "task:"     },
        { "task is a number",              "{\"op\":\"show\",\"task\":7}",                                                  "task:"     },
        { "reject without a reason",       "{\"op\":\"reject\",\"task\":\"rt-1\"}",                                         "reason:"   },
        { "a reason of another op",        "{\"op\":\"accept\",\"task\":\"rt-1\",\"reason\":\"REJECT_NOT_NEAR\"}",          "reason:"   },
        { "needs info for no reason",      "{\"op\":\"needs_info\",\"task\":\"rt-1\"}",                                     "reason:"   },
        { "refuse without a reason",       "{\"op\":\"refuse\",\"task\":\"rt-1\"}",                                         "reason:"   },
        { "refuse as one signs",           "{\"op\":\"refuse\",\"task\":\"rt-1\",\"reason\":\"SIGN_CONFIRMED\"}",           "reason:"   },
        { "sign as one refuses",           "{\"op\":\"sign\",\"task\":\"rt-1\",\"reason\":\"SIGN_NO_BASIS\"}",              "reason:"   },
        { "free text as reason",           "{\"op\":\"reject\",\"task\":\"rt-1\",\"reason\":\"he is nice\"}",               "reason:"   },
        { "identity of what",              "{\"op\":\"identity\",\"verdict\":\"same\"}",                                    "task:"     },
        { "no verdict",                    "{\"op\":\"identity\",\"task\":\"rt-1\"}",                                       "verdict:"  },
        { "a verdict nobody has",          RT_1 "\"verdict\":\"maybe\"}",                                                   "verdict:"  },
        { "same says why",                 RT_1 "\"verdict\":\"same\"}",                                                    "reason:"   },
        { "same for the reason of unsure", RT_1 "\"verdict\":\"same\",\"reason\":\"IDENTITY_UNSURE\"}",                     "reason:"   },
        { "a side nobody has",             RT_1 "\"verdict\":\"unsure\",\"side\":\"both\"}",                                "side:"     },
        { "apart is text",                 RT_1 "\"verdict\":\"different\",\"reason\":\"IDENTITY_KNOWN\",\"apart\":\"1\"}", "apart:"    },
        { "apart holds a zero",            RT_1 "\"verdict\":\"different\",\"reason\":\"IDENTITY_KNOWN\",\"apart\":[0]}",
         "apart:"                                                                                                                       },
        { "apart of the same",             RT_1 "\"verdict\":\"same\",\"reason\":\"IDENTITY_KNOWN\",\"apart\":[1]}",        "apart:"    },
        { "version zero",                  "{\"op\":\"accept\",\"task\":\"rt-1\",\"version\":0}",                           "version:"  },
        { "version is text",               "{\"op\":\"accept\",\"task\":\"rt-1\",\"version\":\"1\"}",                       "version:"  },
        { "version is a fraction",         "{\"op\":\"accept\",\"task\":\"rt-1\",\"version\":1.5}",                         "version:"  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request request;
        const char    *fault = "";
        if (request_parse(rows[i].line, strlen(rows[i].line), &request, &fault))
            fail_msg("%s: taken", rows[i].what);
        if (strncmp(fault, rows[i].begins, strlen(rows[i].begins)) != 0)
            fail_msg("%s: %s", rows[i].what, fault);
    }
}

/* 8 KiB of brackets must neither crash nor be taken. */
static void survives_nesting(void **state)
{
    static char    line[REQUEST_LINE_BYTES_MAX];
    struct request request;
    const char    *fault = NULL;

    (void)state;
    memset(line, '[', sizeof line);
    assert_false(request_parse(line, sizeof line, &request, &fault));
    assert_non_null(fault);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_requests),
        cmocka_unit_test(reads_identity_answers),
        cmocka_unit_test(refuses_the_rest),
        cmocka_unit_test(survives_nesting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
