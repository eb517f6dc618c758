/* First passwords; see users.h.
 * Who may make one, the database function asks. */
#include "daemon/console/http/users.h"

#include "daemon/common/password.h"

#include <openssl/crypto.h>
#include <stdio.h>

static void make_password(struct web_request *request, struct web_reply *reply, const struct statement *statement)
{
    const char                *name = web_value(request, "name");
    char                       password[PASSWORD_GENERATED_BYTES], ops[16], memory[24];
    unsigned char              proof[PASSWORD_PROOF_BYTES];
    struct password_parameters parameters;

    if (!password_generate(password) || !password_parameters_make(&parameters) ||
        !password_prove(password, &parameters, proof)) {
        web_problem(reply, "unavailable");
        return;
    }
    snprintf(ops, sizeof ops, "%d", (int)parameters.ops);
    snprintf(memory, sizeof memory, "%lld", (long long)parameters.memory_bytes);
    const struct db_param params[] = { db_text(name), db_binary(parameters.salt, sizeof parameters.salt), db_text(ops),
                                       db_text(memory), db_binary(proof, sizeof proof) };
    if (web_run(request, reply, statement, params, 5, NULL))
        web_answer(reply, 200, json_pack("{s:s, s:s}", "name", name, "password", password));
    OPENSSL_cleanse(password, sizeof password);
}

void users_add(struct web_request *request, struct web_reply *reply)
{
    make_password(request, reply, &statement_console_http_user_add);
}

void users_reset(struct web_request *request, struct web_reply *reply)
{
    make_password(request, reply, &statement_console_http_user_reset);
}
