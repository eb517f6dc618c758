/* The configuration file (YAML, read by libcyaml into these structs; paths are relative to the file).
 * Holds no secret: passwords and keys are files it names. */
#ifndef HULEI_DAEMON_COMMON_CONFIG_H
#define HULEI_DAEMON_COMMON_CONFIG_H

#include <stddef.h>
#include <stdint.h>

struct config_database {
    char *engine, *courier, *console, *admin; /* libpq connection strings; no password: peer or password file */
};

struct config_principal {
    char *user;          /* SASL user */
    char *password_file; /* first line is the password */
};

struct config_kafka {
    char                   *brokers;
    char                   *protocol;  /* sasl_ssl; plaintext only for tests against the mock cluster */
    char                   *mechanism; /* SCRAM-SHA-512 */
    char                   *ca;        /* PEM file */
    struct config_principal engine, courier, admin;
};

struct config_engine {
    uint32_t batch_max_messages;
    uint32_t batch_max_wait_ms;
    uint32_t memory_limit_mb; /* of the in-memory index */
    char    *keys;            /* folder of kek-<n>.key and index.key (key_file.h), or $CREDENTIALS_DIRECTORY */
    char    *metrics_socket;
    char    *erasure_ledger; /* file outside the database; a restored backup is told by it what to forget again */
};

struct config_courier {
    char *keys;
    char *certificates; /* folder of <post id>.pem: a police post's own P-256 certificate */
    char *audit_roots;  /* file of the signed statements of the audit lanes; the auditor fetches it */
    char *metrics_socket;
};

struct config_console {
    char    *keys;
    char    *socket;
    char    *metrics_socket;
    char    *http_socket;  /* nginx speaks to it */
    uint32_t http_workers; /* threads, each with a database connection */
    char   **hosts;        /* names, with port, that the console answers to */
    uint32_t hosts_count;
};

/* No copy of what was erased may outlive the erasure longer. */
enum { CONFIG_BACKUP_MAX_DAYS = 35 };

struct config_backup {
    char    *connection;  /* pg_basebackup's, as a role with REPLICATION */
    char    *folder;      /* base/ and wal/ in it */
    char    *certificate; /* PEM; P-256. Its key is kept away from this machine */
    uint32_t keep_days;   /* 1 to 35 */
};

struct config_vault {
    char *suite; /* of new data keys: aes-256-gcm (NULL: this) or sm4-ctr-hmac-sm3 */
};

struct config {
    char                  *shard; /* name of the deployment; part of every alert's source */
    struct config_database database;
    struct config_kafka    kafka;
    char                  *feeds, *posts, *policy, *model; /* files; policy is a directory */
    struct config_vault    vault;
    struct config_engine   engine;
    struct config_courier  courier;
    struct config_console  console;
    struct config_backup   backup;
    char                 **disks; /* folders that belong on encrypted disks; `hulei status` looks */
    uint32_t               disks_count;
};

/*
 * Reads `path`, or the file named by $HULEI_CONFIG when `path` is NULL. Every path in the result is absolute.
 * NULL on failure, with `error` saying file, line and key (never a value). Free with config_free().
 */
struct config *config_load(const char *path, char *error, size_t error_size);

/* Freeing NULL does nothing. */
void config_free(struct config *config);

#endif
