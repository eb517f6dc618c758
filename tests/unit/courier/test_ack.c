/* Acknowledgements: what is read, and what each answer means for its delivery.
 * No broker, no database. */
#include "daemon/courier/ack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void reads_messages(void **state)
{
    static const struct {
        const char *what, *text, *field; /* field: NULL when the message is valid */
    } rows[] = {
        {"a plain acknowledgement",
         "{\"alert\":\"al-1\",\"post\":\"pcs-a\",\"who\":\"u-1\",\"at\":\"2026-03-02T08:15:04+08:00\",\"state\":"
          "\"acked\"}",                                                                                                         NULL          },
        { "only what is required",       "{\"alert\":\"al-1\",\"post\":\"pcs-a\",\"state\":\"acting\"}",                        NULL          },
        { "closed with its outcome",
         "{\"alert\":\"al-1\",\"post\":\"pcs-a\",\"state\":\"closed\",\"outcome_code\":\"done\"}",                              NULL          },
        { "cannot, without saying why",  "{\"alert\":\"al-1\",\"post\":\"pcs-a\",\"state\":\"cannot\"}",                        NULL          },
        { "unknown members are ignored",
         "{\"alert\":\"al-1\",\"post\":\"pcs-a\",\"state\":\"acked\",\"note\":\"anything\"}",                                   NULL          },
        { "nanoseconds and Z",
         "{\"alert\":\"al-1\",\"post\":\"p\",\"state\":\"acked\",\"at\":\"2026-03-02T08:15:04.123456789Z\"}",                   NULL          },
        { "empty",                       "",                                                                                    ""            },
        { "not JSON",                    "acked",                                                                               ""            },
        { "a list",                      "[]",                                                                                  ""            },
        { "two states",                  "{\"alert\":\"a\",\"post\":\"p\",\"state\":\"acked\",\"state\":\"closed\"}",           ""            },
        { "NUL inside",                  "{\"alert\":\"a\\u0000b\",\"post\":\"p\",\"state\":\"acked\"}",                        ""            },
        { "no alert",                    "{\"post\":\"pcs-a\",\"state\":\"acked\"}",                                            "alert"       },
        { "alert is a number",           "{\"alert\":1,\"post\":\"pcs-a\",\"state\":\"acked\"}",                                "alert"       },
        { "alert with a quote",          "{\"alert\":\"a'b\",\"post\":\"p\",\"state\":\"acked\"}",                              "alert"       },
        { "no post",                     "{\"alert\":\"al-1\",\"state\":\"acked\"}",                                            "post"        },
        { "who holds a name",            "{\"alert\":\"a\",\"post\":\"p\",\"who\":\"某某\",\"state\":\"acked\"}",             "who"         },
        { "a day the calendar has not",
         "{\"alert\":\"a\",\"post\":\"p\",\"state\":\"acked\",\"at\":\"2026-02-29T08:15:04Z\"}",                                "at"          },
        { "no offset",                   "{\"alert\":\"a\",\"post\":\"p\",\"state\":\"acked\",\"at\":\"2026-02-28T08:15:04\"}", "at"          },
        { "no state",                    "{\"alert\":\"a\",\"post\":\"p\"}",                                                    "state"       },
        { "a state only we may set",     "{\"alert\":\"a\",\"post\":\"p\",\"state\":\"sent\"}",                                 "state"       },
        { "gave up is ours too",         "{\"alert\":\"a\",\"post\":\"p\",\"state\":\"gave_up\"}",                              "state"       },
        { "closed without outcome",      "{\"alert\":\"a\",\"post\":\"p\",\"state\":\"closed\"}",                               "outcome_code"},
        { "an outcome nobody knows",
         "{\"alert\":\"a\",\"post\":\"p\",\"state\":\"closed\",\"outcome_code\":\"evicted\"}",                                  "outcome_code"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ack  ack;
        const char *field    = NULL;
        const bool  is_valid = ack_parse(rows[i].text, strlen(rows[i].text), &ack, &field);
        if (is_valid != (rows[i].field == NULL) || (!is_valid && strcmp(field, rows[i].field) != 0))
            fail_msg("%s: %s", rows[i].what, is_valid ? "valid" : field);
    }
}

static void refuses_oversize(void **state)
{
    static char text[ACK_MESSAGE_BYTES_MAX + 1];
    struct ack  ack;
    const char *field;

    (void)state;
    memset(text, ' ', sizeof text);
    assert_false(ack_parse(text, sizeof text, &ack, &field));
    assert_false(ack_parse(NULL, 0, &ack, &field));
}

static void judges(void **state)
{
    static const struct {
        const char         *what, *post;
        enum delivery_state asked;
        struct ack_facts    facts;
        enum ack_verdict    verdict;
    } rows[] = {
        {"in time",                       "p", DELIVERY_ACKED,  { true, true, DELIVERY_SENT, false },    ACK_ACCEPTED},
        { "faster than our report",       "p", DELIVERY_ACKED,  { true, true, DELIVERY_QUEUED, false },  ACK_ACCEPTED},
        { "straight to closed",           "p", DELIVERY_CLOSED, { true, true, DELIVERY_SENT, false },    ACK_ACCEPTED},
        { "acked, now acting",            "p", DELIVERY_ACTING, { true, true, DELIVERY_ACKED, false },   ACK_ACCEPTED},
        { "acked in time, acting after",  "p", DELIVERY_ACTING, { true, true, DELIVERY_ACKED, true },    ACK_ACCEPTED},
        { "cannot after acked",           "p", DELIVERY_CANNOT, { true, true, DELIVERY_ACKED, false },   ACK_ACCEPTED},
        { "after its time",               "p", DELIVERY_ACKED,  { true, true, DELIVERY_SENT, true },     ACK_LATE    },
        { "after we gave up",             "p", DELIVERY_ACKED,  { true, true, DELIVERY_GAVE_UP, false }, ACK_LATE    },
        { "the same again",               "p", DELIVERY_ACKED,  { true, true, DELIVERY_ACKED, false },   ACK_REPEATED},
        { "the same again, late",         "p", DELIVERY_ACKED,  { true, true, DELIVERY_ACKED, true },    ACK_REPEATED},
        { "a step back",                  "p", DELIVERY_ACKED,  { true, true, DELIVERY_ACTING, false },  ACK_REPEATED},
        { "closed stays closed",          "p", DELIVERY_CANNOT, { true, true, DELIVERY_CLOSED, false },  ACK_REPEATED},
        { "cannot stays cannot",          "p", DELIVERY_CLOSED, { true, true, DELIVERY_CANNOT, false },  ACK_REPEATED},
        { "no such alert",                "p", DELIVERY_ACKED,  { false, false, DELIVERY_SENT, false },  ACK_UNKNOWN },
        { "an alert of other posts",      "p", DELIVERY_ACKED,  { true, false, DELIVERY_SENT, false },   ACK_FOREIGN },
        { "speaks for another post",      "q", DELIVERY_ACKED,  { true, true, DELIVERY_SENT, false },    ACK_FOREIGN },
        { "another post's unknown alert", "q", DELIVERY_ACKED,  { false, false, DELIVERY_SENT, false },  ACK_FOREIGN },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ack ack = { .state = rows[i].asked };
        strcpy(ack.post_id, rows[i].post);
        const enum ack_verdict verdict = ack_judge(&ack, "p", rows[i].facts);
        if (verdict != rows[i].verdict)
            fail_msg("%s: %s", rows[i].what, ack_verdict_word(verdict));
    }
}

/* Words survive the way to the database and back. */
static void words_round_trip(void **state)
{
    (void)state;
    for (int i = DELIVERY_QUEUED; i <= DELIVERY_GAVE_UP; i++) {
        enum delivery_state read = DELIVERY_QUEUED;
        assert_true(delivery_state_parse(delivery_state_word((enum delivery_state)i), &read));
        assert_int_equal(read, i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_messages),
        cmocka_unit_test(refuses_oversize),
        cmocka_unit_test(judges),
        cmocka_unit_test(words_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
