/* Signing in; see sign_in.h.
 * The database judges the password's proof; the code is judged here, as its secret is sealed. */
#include "daemon/console/http/sign_in.h"

#include "daemon/common/clock.h"
#include "daemon/common/password.h"
#include "daemon/console/http/token.h"
#include "daemon/console/http/totp.h"

#include <arpa/inet.h>
#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each hashing takes 64 MiB and a tenth of a second of a worker: so many at once, and the others are told to wait. */
enum { HASHING_MAX = 2 };
static atomic_int hashing;

static bool prove(struct web_reply *reply, const char *password, const struct password_parameters *parameters,
                  unsigned char proof[PASSWORD_PROOF_BYTES])
{
    bool is_made = false;

    if (atomic_fetch_add(&hashing, 1) < HASHING_MAX) {
        is_made = password_prove(password, parameters, proof);
        if (!is_made)
            web_problem(reply, "unavailable");
    } else {
        web_problem(reply, "rate");
    }
    atomic_fetch_sub(&hashing, 1);
    return is_made;
}

static bool read_parameters(struct web_request *request, struct web_reply *reply, const char *account,
                            struct password_parameters *parameters)
{
    const struct db_param param  = db_text(account);
    PGresult             *result = NULL;
    const enum db_status  status =
        db_run_binary(request->db, &statement_console_http_sign_in_parameters, &param, 1, &result);

    if (status != DB_OK) {
        web_problem_database(reply, request->db, status);
        return false;
    }
    uint32_t ops;
    uint64_t memory;
    memcpy(parameters->salt, PQgetvalue(result, 0, 0), sizeof parameters->salt);
    memcpy(&ops, PQgetvalue(result, 0, 1), sizeof ops);
    memcpy(&memory, PQgetvalue(result, 0, 2), sizeof memory);
    parameters->ops          = (int32_t)ntohl(ops);
    parameters->memory_bytes = (int64_t)be64toh(memory);
    PQclear(result);
    return true;
}

/* A cookie and what goes with it. */
static void answer_signed_in(struct web_reply *reply, const char *state, const char *token, bool is_due)
{
    char csrf[WEB_TOKEN_HEX + 1];

    token_csrf(token, csrf);
    token_cookie(token, reply->cookie);
    web_answer(reply, 200, json_pack("{s:s, s:s, s:b}", "state", state, "csrf", csrf, "password_due", is_due));
}

void sign_in_open(struct web_request *request, struct web_reply *reply)
{
    const char                *account = web_value(request, "account");
    struct password_parameters parameters;
    unsigned char              proof[PASSWORD_PROOF_BYTES], hash[32];
    char                       token[WEB_TOKEN_HEX + 1];
    PGresult                  *result = NULL;

    reply->commits = true; /* what was refused counts, too */
    if (!read_parameters(request, reply, account, &parameters) ||
        !prove(reply, web_value(request, "password"), &parameters, proof) || !token_make(token))
        return;
    token_hash(token, hash);
    const struct db_param certificate = request->has_certificate
                                            ? db_binary(request->certificate, WEB_CERTIFICATE_BYTES)
                                            : (struct db_param){ NULL, 0, true };
    const struct db_param params[]    = { db_text(account), db_binary(proof, sizeof proof), certificate,
                                          db_binary(hash, sizeof hash) };
    if (web_run(request, reply, &statement_console_http_session_open, params, 4, &result)) {
        if (PQgetisnull(result, 0, 0))
            web_problem(reply, "sign_in_failed");
        else
            answer_signed_in(reply, PQgetvalue(result, 0, 0), token, PQgetvalue(result, 0, 1)[0] == 't');
        PQclear(result);
    }
    OPENSSL_cleanse(proof, sizeof proof);
    OPENSSL_cleanse(token, sizeof token);
}

/* What the database has of the second factor of a session that is not active yet. */
struct factor {
    int64_t       account_id;
    char          account[72], state[8];
    bool          has_secret;
    unsigned char secret[TOTP_SECRET_BYTES];
};

/* The sealed secret, opened; false when it cannot be. */
static bool open_secret(struct vault *vault, const PGresult *result, struct factor *factor)
{
    struct vault_key  key;
    const struct span wrapped = { PQgetvalue(result, 0, 3), (size_t)PQgetlength(result, 0, 3) };
    const struct span sealed  = { PQgetvalue(result, 0, 4), (size_t)PQgetlength(result, 0, 4) };

    const bool is_open =
        sealed.length == vault_sealed_size(TOTP_SECRET_BYTES) &&
        vault_data_key_open(vault, factor->account_id, wrapped, &key) == VAULT_OK &&
        vault_open(vault, &key, "credential", "factor", factor->account_id, sealed, factor->secret) == VAULT_OK;
    vault_key_wipe(&key);
    return is_open;
}

static bool read_factor(struct web_request *request, struct web_reply *reply, struct factor *factor)
{
    const struct db_param param  = db_text(request->token);
    PGresult             *result = NULL;
    const enum db_status  status = db_run_binary(request->db, &statement_console_http_factor, &param, 1, &result);

    *factor = (struct factor){ 0 };
    if (status != DB_OK) {
        web_problem_database(reply, request->db, status);
        return false;
    }
    if (PQntuples(result) != 1 || PQgetisnull(result, 0, 0)) {
        PQclear(result);
        web_problem(reply, "no_session");
        return false;
    }
    uint64_t id;
    memcpy(&id, PQgetvalue(result, 0, 0), sizeof id);
    factor->account_id = (int64_t)be64toh(id);
    snprintf(factor->account, sizeof factor->account, "%s", PQgetvalue(result, 0, 1));
    snprintf(factor->state, sizeof factor->state, "%s", PQgetvalue(result, 0, 2));
    factor->has_secret = !PQgetisnull(result, 0, 4);
    const bool is_well = !factor->has_secret || open_secret(request->tools->vault, result, factor);
    PQclear(result);
    if (!is_well)
        web_problem(reply, "internal");
    return is_well;
}

/* A new secret, sealed and kept; it counts once a code of it was given. */
static bool enrol(struct web_request *request, struct web_reply *reply, struct factor *factor)
{
    struct vault_key     key;
    struct vault_wrapped wrapped;
    unsigned char        sealed[TOTP_SECRET_BYTES + VAULT_OVERHEAD_BYTES];
    struct vault        *vault  = request->tools->vault;
    PGresult            *result = NULL;

    const struct span plain   = { (const char *)factor->secret, TOTP_SECRET_BYTES };
    const bool        is_made = RAND_bytes(factor->secret, TOTP_SECRET_BYTES) == 1 &&
                         vault_data_key_create(vault, factor->account_id, &key, &wrapped) == VAULT_OK &&
                         vault_seal(vault, &key, "credential", "factor", factor->account_id, plain, sealed) == VAULT_OK;
    vault_key_wipe(&key);
    if (!is_made) {
        web_problem(reply, "internal");
        return false;
    }
    const struct db_param params[] = { db_text(request->token), db_binary(wrapped.bytes, wrapped.length),
                                       db_binary(sealed, sizeof sealed) };
    if (!web_run(request, reply, &statement_console_http_factor_enrol, params, 3, &result))
        return false;
    const bool is_kept = PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    if (!is_kept)
        web_problem(reply, "impossible");
    return is_kept;
}

void sign_in_factor_show(struct web_request *request, struct web_reply *reply)
{
    struct factor factor;
    char          secret[TOTP_BASE32_BYTES], uri[256];

    if (!read_factor(request, reply, &factor))
        return;
    if (strcmp(factor.state, "enrol") != 0)
        web_problem(reply, "impossible");
    else if (enrol(request, reply, &factor)) {
        totp_base32(factor.secret, secret);
        snprintf(uri, sizeof uri, "otpauth://totp/hulei:%s?secret=%s&issuer=hulei", factor.account, secret);
        web_answer(reply, 200, json_pack("{s:s, s:s}", "secret", secret, "uri", uri));
    }
    OPENSSL_cleanse(&factor, sizeof factor);
}

void sign_in_factor_confirm(struct web_request *request, struct web_reply *reply)
{
    struct factor factor;
    char          token[WEB_TOKEN_HEX + 1], step[24];
    unsigned char hash[32];
    PGresult     *result = NULL;

    reply->commits = true;
    if (!read_factor(request, reply, &factor))
        return;
    if (!factor.has_secret) {
        web_problem(reply, strcmp(factor.state, "active") == 0 ? "impossible" : "not_waiting");
        return;
    }
    const int64_t match = totp_match(factor.secret, clock_now_us() / 1000000, web_value(request, "code"));
    OPENSSL_cleanse(&factor, sizeof factor);
    if (!token_make(token)) {
        web_problem(reply, "internal");
        return;
    }
    token_hash(token, hash);
    snprintf(step, sizeof step, "%lld", (long long)match);
    const struct db_param params[] = {
        db_text(request->token), match != 0 ? db_text(step) : (struct db_param){NULL, 0, false},
        db_binary(hash, sizeof hash)
    };
    if (!web_run(request, reply, &statement_console_http_session_confirm, params, 3, &result))
        return;
    if (PQgetvalue(result, 0, 0)[0] == 't')
        answer_signed_in(reply, "active", token, PQgetvalue(result, 0, 1)[0] == 't');
    else
        web_problem(reply, "second_factor");
    PQclear(result);
}

void sign_in_close(struct web_request *request, struct web_reply *reply)
{
    const struct db_param param = db_text(request->token);

    if (!web_run(request, reply, &statement_console_http_session_end, &param, 1, NULL))
        return;
    web_answer(reply, 204, NULL);
    token_cookie("", reply->cookie);
}

void sign_in_password(struct web_request *request, struct web_reply *reply)
{
    struct password_parameters old_parameters, new_parameters;
    unsigned char              old_proof[PASSWORD_PROOF_BYTES], new_proof[PASSWORD_PROOF_BYTES];
    const char                *old_text = web_value(request, "old"), *new_text = web_value(request, "new");
    const char                *rule = password_fault(new_text, request->session.account);
    char                       ops[16], memory[24];
    PGresult                  *result = NULL;

    if (rule == NULL && strcmp(old_text, new_text) == 0)
        rule = "unchanged";
    if (rule != NULL) {
        web_problem_field(reply, "new", rule);
        return;
    }
    reply->commits = true;
    if (!read_parameters(request, reply, request->session.account, &old_parameters) ||
        !prove(reply, old_text, &old_parameters, old_proof) || !password_parameters_make(&new_parameters) ||
        !prove(reply, new_text, &new_parameters, new_proof))
        return;
    snprintf(ops, sizeof ops, "%d", (int)new_parameters.ops);
    snprintf(memory, sizeof memory, "%lld", (long long)new_parameters.memory_bytes);
    const struct db_param params[] = { db_text(request->token),
                                       db_binary(old_proof, sizeof old_proof),
                                       db_binary(new_parameters.salt, sizeof new_parameters.salt),
                                       db_text(ops),
                                       db_text(memory),
                                       db_binary(new_proof, sizeof new_proof) };
    if (!web_run(request, reply, &statement_console_http_password_change, params, 6, &result))
        return;
    if (PQgetvalue(result, 0, 0)[0] == 't')
        web_answer(reply, 204, NULL);
    else
        web_problem(reply, "wrong_password");
    PQclear(result);
}

void sign_in_me(struct web_request *request, struct web_reply *reply)
{
    PGresult *result = NULL;

    if (!web_run(request, reply, &statement_console_http_me, NULL, 0, &result))
        return;
    json_t *me = json_loads(PQgetvalue(result, 0, 0), 0, NULL);
    PQclear(result);
    json_object_set_new(me, "csrf", json_string(request->csrf));
    json_object_set_new(me, "password_due", json_boolean(request->session.is_due));
    web_answer(reply, 200, me);
}
