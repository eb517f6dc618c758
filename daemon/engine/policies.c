/* Which policy is in force; see policies.h.
 * Texts are parsed by the same reader as the files. */
#include "daemon/engine/policies.h"

#include "daemon/common/db_array.h"
#include "daemon/common/log.h"
#include "daemon/common/policy.h"

#include <string.h>

enum { VERSION_BYTES = 96, ERROR_BYTES = 512 };

bool policies_read_row(const PGresult *result, struct policy *policy)
{
    struct policy_texts texts;
    char                error[ERROR_BYTES];

    for (int i = 0; i < POLICY_FILES; i++)
        texts.files[i] = db_get_span(result, 0, 1 + i);
    return policy_read(&texts, policy, error, sizeof error);
}

static struct db_param param_of(struct span text)
{
    return db_binary(text.bytes, text.length);
}

static enum db_status begin_with_files(const char *directory, const struct policy *files, struct db *db)
{
    struct policy_texts texts;
    char                error[ERROR_BYTES], version[VERSION_BYTES];

    if (!policy_texts_load(directory, &texts, error, sizeof error))
        return DB_BROKEN;
    policy_version_write(files, version, sizeof version);
    const struct db_param params[] = { db_text(version), param_of(texts.files[0]), param_of(texts.files[1]),
                                       param_of(texts.files[2]) };
    const enum db_status  status   = db_run(db, &statement_engine_policy_begin, params, 4, NULL);
    policy_texts_free(&texts);
    return status;
}

static void tell_difference(const char *directory, const struct policy *in_force)
{
    struct policy files;
    char          error[ERROR_BYTES], version[VERSION_BYTES];

    if (policy_load(directory, &files, error, sizeof error) && files.fingerprint == in_force->fingerprint)
        return;
    policy_version_write(in_force, version, sizeof version);
    log_warning("policy_files_differ", log_word("in_force", version));
}

enum db_status policies_open(const char *directory, struct policy *policy, struct db *db)
{
    PGresult      *result = NULL;
    char           error[ERROR_BYTES];
    enum db_status status = db_run_binary(db, &statement_engine_policy_active, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    if (PQntuples(result) == 0) {
        status =
            policy_load(directory, policy, error, sizeof error) ? begin_with_files(directory, policy, db) : DB_BROKEN;
    } else if (policies_read_row(result, policy)) {
        tell_difference(directory, policy);
    } else {
        status = DB_BROKEN;
    }
    PQclear(result);
    return status;
}

bool policies_write_begin(const struct policy *policy, struct arena *arena, struct store_batch *rows)
{
    char *version = arena_alloc(arena, VERSION_BYTES, 1);

    if (version == NULL)
        return false;
    policy_version_write(policy, version, VERSION_BYTES);
    store_add_text(rows, STORE_POLICY, version);
    return true;
}

void policies_write_ends(const struct policy *policy, int32_t today, struct store_batch *rows)
{
    for (int i = 0; i < POLICY_CATEGORY_COUNT; i++) {
        const struct policy_category *category = &policy->categories[i];

        if (category->state != POLICY_ON || category->expires_day == POLICY_DAY_UNKNOWN ||
            category->expires_day >= today)
            continue;
        store_add_text(rows, STORE_POLICY_ENDS, policy_category_word((enum policy_category_code)i));
        store_add_number(rows, STORE_POLICY_ENDS, category->expires_day);
    }
}
