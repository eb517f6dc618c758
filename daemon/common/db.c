/* One PostgreSQL connection; see db.h.
 * Deliberately without a pool: one connection per role and thread (RELIABILITY.md D.1). */
#include "daemon/common/db.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA_VERSION = 1, PREPARED_MAX = 128, PARAMS_MAX = 40 };

struct db {
    PGconn                 *connection;
    const struct statement *prepared[PREPARED_MAX];
    size_t                  prepared_count;
    char                    sqlstate[6];
    char                    constraint[64];
};

static void forget_failure(struct db *db)
{
    db->sqlstate[0]   = '\0';
    db->constraint[0] = '\0';
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* RELIABILITY.md A.3, last point: the class of an SQLSTATE says what to do. */
static enum db_status status_of_sqlstate(const char *sqlstate)
{
    static const char *const retried[] = { "08", "57P0", "57014", "40001", "40P01", "53", "55P03", "25P03", "25006" };
    static const char *const refused[] = { "22", "23", "HL", "P0001", "54" };

    for (size_t i = 0; i < sizeof retried / sizeof retried[0]; i++) {
        if (starts_with(sqlstate, retried[i]))
            return DB_RETRY;
    }
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (starts_with(sqlstate, refused[i]))
            return DB_REFUSED;
    }
    return DB_BROKEN;
}

enum db_status db_classify(struct db *db, const PGresult *result)
{
    const char *sqlstate   = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *constraint = result != NULL ? PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME) : NULL;

    if (sqlstate == NULL || PQstatus(db->connection) != CONNECTION_OK)
        sqlstate = "08006";
    snprintf(db->sqlstate, sizeof db->sqlstate, "%s", sqlstate);
    snprintf(db->constraint, sizeof db->constraint, "%s", constraint != NULL ? constraint : "");
    return status_of_sqlstate(db->sqlstate);
}

const char *db_sqlstate(const struct db *db)
{
    return db->sqlstate;
}

const char *db_constraint(const struct db *db)
{
    return db->constraint;
}

bool db_is_connected(const struct db *db)
{
    return PQstatus(db->connection) == CONNECTION_OK;
}

PGconn *db_connection(struct db *db)
{
    return db->connection;
}

/* The server's notices may quote values: they go nowhere. */
static void ignore_notice(void *context, const PGresult *notice)
{
    (void)context;
    (void)notice;
}

static bool prepare_session(struct db *db)
{
    static const char settings[] = "SET search_path = hulei, pg_temp; SET client_encoding = 'UTF8'; "
                                   "SET client_min_messages = error; SET TimeZone = 'UTC'; SET DateStyle = 'ISO'";

    PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
    PQsetErrorVerbosity(db->connection, PQERRORS_TERSE);
    PGresult  *result = PQexec(db->connection, settings);
    const bool is_set = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!is_set)
        db_classify(db, result);
    PQclear(result);
    db->prepared_count = 0;
    return is_set;
}

static const char *schema_fault(struct db *db)
{
    PGresult   *result = PQexec(db->connection, "SELECT max(version) FROM schema_version");
    const char *fault  = NULL;

    if (PQresultStatus(result) != PGRES_TUPLES_OK)
        fault = "the schema is missing or not readable: deploy it with sqitch";
    else if (PQntuples(result) != 1 || strtol(PQgetvalue(result, 0, 0), NULL, 10) != SCHEMA_VERSION)
        fault = "the schema has another version than this program: deploy it with sqitch";
    PQclear(result);
    return fault;
}

struct db *db_open(const char *conninfo, const char *application, char *error, size_t error_size)
{
    struct db *db = calloc(1, sizeof *db);

    if (db == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    const char *const keywords[] = { "dbname", "fallback_application_name", "connect_timeout", NULL };
    const char *const values[]   = { conninfo, application, "10", NULL };
    db->connection               = PQconnectdbParams(keywords, values, 1);
    if (PQstatus(db->connection) != CONNECTION_OK) {
        snprintf(error, error_size, "database: %s", PQerrorMessage(db->connection));
        error[strcspn(error, "\n")] = '\0';
        goto fail;
    }
    if (!prepare_session(db)) {
        snprintf(error, error_size, "database: session settings refused (%s)", db->sqlstate);
        goto fail;
    }
    const char *fault = schema_fault(db);
    if (fault != NULL) {
        snprintf(error, error_size, "database: %s", fault);
        goto fail;
    }
    return db;

fail:
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    PQfinish(db->connection);
    free(db);
}

bool db_reconnect(struct db *db)
{
    PQreset(db->connection);
    return PQstatus(db->connection) == CONNECTION_OK && prepare_session(db);
}

static enum db_status prepare(struct db *db, const struct statement *statement)
{
    for (size_t i = 0; i < db->prepared_count; i++) {
        if (db->prepared[i] == statement)
            return DB_OK;
    }
    assert(db->prepared_count < PREPARED_MAX);
    PGresult            *result = PQprepare(db->connection, statement->name, statement->text, 0, NULL);
    const enum db_status status = PQresultStatus(result) == PGRES_COMMAND_OK ? DB_OK : db_classify(db, result);
    PQclear(result);
    if (status == DB_OK)
        db->prepared[db->prepared_count++] = statement;
    return status;
}

static enum db_status run(struct db *db, const struct statement *statement, const struct db_param *params, size_t count,
                          PGresult **result, int result_format)
{
    const char *values[PARAMS_MAX];
    int         lengths[PARAMS_MAX];
    int         formats[PARAMS_MAX];

    assert(count <= PARAMS_MAX);
    forget_failure(db);
    const enum db_status prepared = prepare(db, statement);
    if (prepared != DB_OK)
        return prepared;
    for (size_t i = 0; i < count; i++) {
        values[i]  = params[i].bytes;
        lengths[i] = params[i].length;
        formats[i] = params[i].is_binary;
    }
    PGresult *answer =
        PQexecPrepared(db->connection, statement->name, (int)count, values, lengths, formats, result_format);
    const ExecStatusType kind = PQresultStatus(answer);
    if (kind != PGRES_TUPLES_OK && kind != PGRES_COMMAND_OK) {
        const enum db_status status = db_classify(db, answer);
        PQclear(answer);
        return status;
    }
    if (result != NULL)
        *result = answer;
    else
        PQclear(answer);
    return DB_OK;
}

enum db_status db_run(struct db *db, const struct statement *statement, const struct db_param *params, size_t count,
                      PGresult **result)
{
    return run(db, statement, params, count, result, 0);
}

enum db_status db_run_binary(struct db *db, const struct statement *statement, const struct db_param *params,
                             size_t count, PGresult **result)
{
    return run(db, statement, params, count, result, 1);
}

static enum db_status run_plain(struct db *db, const char *text)
{
    forget_failure(db);
    PGresult            *result = PQexec(db->connection, text);
    const enum db_status status = PQresultStatus(result) == PGRES_COMMAND_OK ? DB_OK : db_classify(db, result);

    PQclear(result);
    return status;
}

enum db_status db_command(struct db *db, const char *text)
{
    PGresult            *result = PQexec(db->connection, text);
    const enum db_status status = PQresultStatus(result) == PGRES_COMMAND_OK ? DB_OK : db_classify(db, result);

    PQclear(result);
    return status;
}

enum db_status db_begin(struct db *db)
{
    return run_plain(db, "BEGIN");
}

enum db_status db_commit(struct db *db)
{
    forget_failure(db);
    PGresult      *result = PQexec(db->connection, "COMMIT");
    enum db_status status = DB_OK;

    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
        status = db_classify(db, result);
        /* A lost connection during COMMIT says nothing about the outcome; neither does a shutdown in the middle. */
        if (starts_with(db->sqlstate, "08") || starts_with(db->sqlstate, "57P"))
            status = DB_UNKNOWN;
    } else if (strcmp(PQcmdStatus(result), "ROLLBACK") == 0) {
        status = DB_BROKEN; /* COMMIT of a failed transaction: somebody ignored an error */
    }
    PQclear(result);
    return status;
}

void db_rollback(struct db *db)
{
    char sqlstate[sizeof db->sqlstate], constraint[sizeof db->constraint];

    memcpy(sqlstate, db->sqlstate, sizeof sqlstate);
    memcpy(constraint, db->constraint, sizeof constraint);
    run_plain(db, "ROLLBACK");
    memcpy(db->sqlstate, sqlstate, sizeof sqlstate);
    memcpy(db->constraint, constraint, sizeof constraint);
}
