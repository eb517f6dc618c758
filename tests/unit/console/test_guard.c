/* What the HTTP server refuses before it believes anything.
 * Rows of RELIABILITY.md D.5, each with what it would have slipped past. */
#include "daemon/console/http/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void test_targets(void **state)
{
    static const struct {
        const char        *target;
        enum guard_verdict verdict;
    } rows[] = {
        {"/api/me",                    GUARD_OK    },
        { "/api/tasks?limit=5&tier=1", GUARD_OK    },
        { "/",                         GUARD_OK    },
        { "/api/tasks?after=%2B",      GUARD_OK    },
        { "/api/me%00",                GUARD_TARGET},
        { "/api/tasks?after=%00",      GUARD_TARGET},
        { "/api/tasks?after=%0a",      GUARD_TARGET},
        { "/api/%2e%2e/x",             GUARD_TARGET},
        { "/api/../x",                 GUARD_TARGET},
        { "/api/./x",                  GUARD_TARGET},
        { "/api/..",                   GUARD_TARGET},
        { "//api/me",                  GUARD_TARGET},
        { "/api//me",                  GUARD_TARGET},
        { "/api/m%65",                 GUARD_TARGET},
        { "/api/x?a=%4",               GUARD_TARGET},
        { "/api/x?a=%zz",              GUARD_TARGET},
        { "/api\\me",                  GUARD_TARGET},
        { "/api/me#x",                 GUARD_TARGET},
        { "http://host/api/me",        GUARD_TARGET},
        { "*",                         GUARD_TARGET},
        { "",                          GUARD_TARGET},
        { "/\xe4\xbd\xa0",             GUARD_TARGET},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (guard_target(rows[i].target) != rows[i].verdict)
            fail_msg("target %s", rows[i].target);
    }
    char long_target[GUARD_TARGET_BYTES_MAX + 8];
    memset(long_target, 'a', sizeof long_target);
    long_target[0]                      = '/';
    long_target[sizeof long_target - 1] = '\0';
    assert_int_equal(guard_target(long_target), GUARD_TARGET);
    long_target[GUARD_TARGET_BYTES_MAX] = '\0';
    assert_int_equal(guard_target(long_target), GUARD_OK);
}

static void test_headers(void **state)
{
    static char        local[] = "localhost:8443", named[] = "hulei.example";
    static char *const hosts[] = { local, named };
    static const struct {
        const char          *what;
        struct guard_headers headers;
        enum guard_verdict   verdict;
        size_t               body_bytes;
    } rows[] = {
        {"no body",                        { .hosts = 1, .host = "localhost:8443" },                                    GUARD_OK,     0  },
        { "a host in capitals",            { .hosts = 1, .host = "HULEI.example" },                                     GUARD_OK,     0  },
        { "a body",
         { .hosts = 1, .host = "hulei.example", .content_lengths = 1, .content_length = "100" },
         GUARD_OK,                                                                                                                    100},
        { "one byte too many",
         { .hosts = 1, .host = "hulei.example", .content_lengths = 1, .content_length = "101" },
         GUARD_LARGE,                                                                                                                 0  },
        { "more than a number holds",
         { .hosts = 1, .host = "hulei.example", .content_lengths = 1, .content_length = "99999999999999999999" },
         GUARD_LARGE,                                                                                                                 0  },
        { "two lengths",
         { .hosts = 1, .host = "hulei.example", .content_lengths = 2, .content_length = "5" },
         GUARD_LENGTH,                                                                                                                0  },
        { "length and chunks",
         { .hosts = 1, .host = "hulei.example", .content_lengths = 1, .content_length = "5", .transfer_encodings = 1 },
         GUARD_LENGTH,                                                                                                                0  },
        { "chunks alone",                  { .hosts = 1, .host = "hulei.example", .transfer_encodings = 1 },            GUARD_LENGTH, 0  },
        { "a sign",
         { .hosts = 1, .host = "hulei.example", .content_lengths = 1, .content_length = "+3" },
         GUARD_LENGTH,                                                                                                                0  },
        { "a list",
         { .hosts = 1, .host = "hulei.example", .content_lengths = 1, .content_length = "3,3" },
         GUARD_LENGTH,                                                                                                                0  },
        { "empty",
         { .hosts = 1, .host = "hulei.example", .content_lengths = 1, .content_length = "" },
         GUARD_LENGTH,                                                                                                                0  },
        { "to be asked first",             { .hosts = 1, .host = "hulei.example", .expect = "100-continue" },           GUARD_LENGTH, 0  },
        { "no host",                       { .hosts = 0 },                                                              GUARD_HOST,   0  },
        { "two hosts",                     { .hosts = 2, .host = "hulei.example" },                                     GUARD_HOST,   0  },
        { "somebody else",                 { .hosts = 1, .host = "evil.example" },                                      GUARD_HOST,   0  },
        { "our name as a part of another", { .hosts = 1, .host = "hulei.example.evil" },                                GUARD_HOST,   0  },
        { "our name without its port",     { .hosts = 1, .host = "localhost" },                                         GUARD_HOST,   0  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t                   body_bytes = 0;
        const enum guard_verdict verdict    = guard_headers_judge(&rows[i].headers, hosts, 2, 100, &body_bytes);
        if (verdict != rows[i].verdict || body_bytes != rows[i].body_bytes)
            fail_msg("%s: %d, %zu bytes", rows[i].what, (int)verdict, body_bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_headers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
