/* One PostgreSQL connection and the statements of sql/statements, prepared on first use.
 * Knows how a failure must be answered, and never repeats what the server says of values. */
#ifndef HULEI_DAEMON_COMMON_DB_H
#define HULEI_DAEMON_COMMON_DB_H

#include "statements.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum db_status {
    DB_OK = 0,
    DB_RETRY,   /* connection lost before COMMIT, serialisation failure, no space, lock time-out: run it again */
    DB_UNKNOWN, /* COMMIT was sent and no answer came: ask db_transaction_outcome() on a new connection */
    DB_REFUSED, /* the data was refused (SQLSTATE 22*, 23*, HL*): do not send it again as it is */
    DB_BROKEN,  /* our fault or missing rights (42*, 28*, others): stop and alarm */
};

struct db;

/* Connects, sets the schema path and checks the schema version. NULL on failure, `error` says why (no values). */
struct db *db_open(const char *conninfo, const char *application, char *error, size_t error_size);

/* Closing NULL does nothing. An open transaction is rolled back by the server. */
void db_close(struct db *db);

/* Reconnects after DB_RETRY or DB_UNKNOWN; prepared statements are forgotten. False when the server is away. */
bool db_reconnect(struct db *db);

/* True while the connection is usable. */
bool db_is_connected(const struct db *db);

/* SQLSTATE of the last failure ("08006" for a lost connection), and the constraint or "" . Never a value. */
const char *db_sqlstate(const struct db *db);
const char *db_constraint(const struct db *db);

/* A parameter: binary bytes, or text when `is_binary` is false. { NULL, 0, … } is SQL NULL. */
struct db_param {
    const char *bytes;
    int         length; /* bytes; ignored for text, which is NUL-terminated */
    bool        is_binary;
};

static inline struct db_param db_text(const char *text)
{
    return (struct db_param){ text, 0, false };
}

static inline struct db_param db_binary(const void *bytes, size_t length)
{
    return (struct db_param){ bytes, (int)length, true };
}

/*
 * Runs one embedded statement with text results. `*result` may be NULL when the rows do not matter; otherwise it is
 * set on DB_OK only and the caller frees it with PQclear().
 */
enum db_status db_run(struct db *db, const struct statement *statement, const struct db_param *params, size_t count,
                      PGresult **result);

/* The same with binary results. */
enum db_status db_run_binary(struct db *db, const struct statement *statement, const struct db_param *params,
                             size_t count, PGresult **result);

/* One plain command without parameters or rows, as SAVEPOINT or LISTEN. */
enum db_status db_command(struct db *db, const char *text);

enum db_status db_begin(struct db *db);
/* DB_UNKNOWN when the answer did not come. */
enum db_status db_commit(struct db *db);
/* Errors are ignored: a lost connection rolls back by itself. */
void db_rollback(struct db *db);

/* The connection itself, for COPY and NOTIFY; do not close it. */
PGconn *db_connection(struct db *db);

/* Class of a failed result or connection; sets db_sqlstate(). For callers of db_connection(). */
enum db_status db_classify(struct db *db, const PGresult *result);

#endif
