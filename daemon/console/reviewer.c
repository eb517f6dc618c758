/* Accounts by OS user; see reviewer.h.
 * Has no passwords: the kernel says who calls. */
#include "daemon/console/reviewer.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const complaints[] = {
    [REVIEWER_OK]           = "",
    [REVIEWER_ROOT]         = "root reviews nothing; sign in as the OS user of your account",
    [REVIEWER_NO_ACCOUNT]   = "no account is bound to this OS user; an administrator runs `hulei user add`",
    [REVIEWER_LOCKED]       = "this account is locked",
    [REVIEWER_NOT_REVIEWER] = "this account has neither the role reviewer nor second_reviewer",
    [REVIEWER_DATABASE]     = "the database does not answer; try again",
};

const char *reviewer_complaint(enum reviewer_status status)
{
    return complaints[status];
}

/* False when the system knows no name for the user. */
static bool name_of_user(uid_t user, char *name, size_t size)
{
    struct passwd  entry;
    struct passwd *found = NULL;
    char           buffer[4096];

    if (getpwuid_r(user, &entry, buffer, sizeof buffer, &found) != 0 || found == NULL || strlen(entry.pw_name) >= size)
        return false;
    snprintf(name, size, "%s", entry.pw_name);
    return true;
}

enum reviewer_status reviewer_find(struct db *db, uid_t user, struct reviewer *reviewer)
{
    char      name[64];
    PGresult *result = NULL;

    if (user == 0)
        return REVIEWER_ROOT;
    if (!name_of_user(user, name, sizeof name))
        return REVIEWER_NO_ACCOUNT;
    const struct db_param param = db_text(name);
    if (db_run(db, &statement_console_account, &param, 1, &result) != DB_OK)
        return REVIEWER_DATABASE;

    enum reviewer_status status = REVIEWER_OK;
    if (PQntuples(result) != 1)
        status = REVIEWER_NO_ACCOUNT;
    else if (PQgetvalue(result, 0, 2)[0] == 't')
        status = REVIEWER_LOCKED;
    else if (PQgetvalue(result, 0, 3)[0] != 't')
        status = REVIEWER_NOT_REVIEWER;
    if (status == REVIEWER_OK) {
        reviewer->account_id = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
        snprintf(reviewer->name, sizeof reviewer->name, "%s", PQgetvalue(result, 0, 1));
        snprintf(reviewer->os_user, sizeof reviewer->os_user, "%s", name);
    }
    PQclear(result);
    return status;
}

enum db_status reviewer_begin(struct db *db, const struct reviewer *reviewer)
{
    const struct db_param param  = db_text(reviewer->os_user);
    enum db_status        status = db_begin(db);

    if (status != DB_OK)
        return status;
    status = db_run(db, &statement_console_session_local, &param, 1, NULL);
    if (status != DB_OK)
        db_rollback(db);
    return status;
}
