/* The configuration file; see config.h.
 * Does not read the files it names; their owners do. */
#include "daemon/common/config.h"

#include "daemon/common/vault_suite.h"
#include "daemon/common/yaml_file.h"

#include <cyaml/cyaml.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, 1024)
#define TEXT_OPTIONAL(key, type, member)                                                                               \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 1, 1024)

static const cyaml_schema_field_t database_fields[] = {
    TEXT("engine", struct config_database, engine),
    TEXT("courier", struct config_database, courier),
    TEXT("console", struct config_database, console),
    TEXT("admin", struct config_database, admin),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t principal_fields[] = {
    TEXT("user", struct config_principal, user),
    TEXT("password_file", struct config_principal, password_file),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t kafka_fields[] = {
    TEXT("brokers", struct config_kafka, brokers),
    TEXT("protocol", struct config_kafka, protocol),
    TEXT_OPTIONAL("mechanism", struct config_kafka, mechanism),
    TEXT_OPTIONAL("ca", struct config_kafka, ca),
    CYAML_FIELD_MAPPING("engine", CYAML_FLAG_DEFAULT, struct config_kafka, engine, principal_fields),
    CYAML_FIELD_MAPPING("courier", CYAML_FLAG_DEFAULT, struct config_kafka, courier, principal_fields),
    CYAML_FIELD_MAPPING("admin", CYAML_FLAG_DEFAULT, struct config_kafka, admin, principal_fields),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t vault_fields[] = {
    TEXT_OPTIONAL("suite", struct config_vault, suite),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t engine_fields[] = {
    CYAML_FIELD_UINT("batch_max_messages", CYAML_FLAG_DEFAULT, struct config_engine, batch_max_messages),
    CYAML_FIELD_UINT("batch_max_wait_ms", CYAML_FLAG_DEFAULT, struct config_engine, batch_max_wait_ms),
    CYAML_FIELD_UINT("memory_limit_mb", CYAML_FLAG_DEFAULT, struct config_engine, memory_limit_mb),
    TEXT("keys", struct config_engine, keys),
    TEXT("metrics_socket", struct config_engine, metrics_socket),
    TEXT("erasure_ledger", struct config_engine, erasure_ledger),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t courier_fields[] = {
    TEXT("keys", struct config_courier, keys),
    TEXT("certificates", struct config_courier, certificates),
    TEXT("audit_roots", struct config_courier, audit_roots),
    TEXT("metrics_socket", struct config_courier, metrics_socket),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t host_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 256),
};

static const cyaml_schema_field_t console_fields[] = {
    TEXT("keys", struct config_console, keys),
    TEXT("socket", struct config_console, socket),
    TEXT("metrics_socket", struct config_console, metrics_socket),
    TEXT("http_socket", struct config_console, http_socket),
    CYAML_FIELD_UINT("http_workers", CYAML_FLAG_DEFAULT, struct config_console, http_workers),
    CYAML_FIELD_SEQUENCE("hosts", CYAML_FLAG_POINTER, struct config_console, hosts, &host_schema, 1, 16),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t backup_fields[] = {
    TEXT("connection", struct config_backup, connection),
    TEXT("folder", struct config_backup, folder),
    TEXT("certificate", struct config_backup, certificate),
    CYAML_FIELD_UINT("keep_days", CYAML_FLAG_DEFAULT, struct config_backup, keep_days),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t folder_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 1024),
};

static const cyaml_schema_field_t config_fields[] = {
    TEXT("shard", struct config, shard),
    CYAML_FIELD_MAPPING("database", CYAML_FLAG_DEFAULT, struct config, database, database_fields),
    CYAML_FIELD_MAPPING("kafka", CYAML_FLAG_DEFAULT, struct config, kafka, kafka_fields),
    TEXT("feeds", struct config, feeds),
    TEXT("posts", struct config, posts),
    TEXT("policy", struct config, policy),
    TEXT("model", struct config, model),
    CYAML_FIELD_MAPPING("vault", CYAML_FLAG_OPTIONAL, struct config, vault, vault_fields),
    CYAML_FIELD_MAPPING("engine", CYAML_FLAG_DEFAULT, struct config, engine, engine_fields),
    CYAML_FIELD_MAPPING("courier", CYAML_FLAG_DEFAULT, struct config, courier, courier_fields),
    CYAML_FIELD_MAPPING("console", CYAML_FLAG_DEFAULT, struct config, console, console_fields),
    CYAML_FIELD_MAPPING("backup", CYAML_FLAG_DEFAULT, struct config, backup, backup_fields),
    CYAML_FIELD_SEQUENCE("disks", CYAML_FLAG_POINTER, struct config, disks, &folder_schema, 1, 16),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t config_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct config, config_fields),
};

/* Makes *path absolute, relative to the configuration file's folder; systemd's folder of credentials goes by its name.
 * libcyaml's memory is malloc's. */
static bool make_absolute(char **path, const char *folder)
{
    if (*path == NULL || (*path)[0] == '/')
        return true;

    const char *credentials = getenv("CREDENTIALS_DIRECTORY");
    if (credentials != NULL && strcmp(*path, "$CREDENTIALS_DIRECTORY") == 0) {
        free(*path);
        *path = strdup(credentials);
        return *path != NULL;
    }
    const size_t size = strlen(folder) + strlen(*path) + 2;
    char        *full = malloc(size);
    if (full == NULL)
        return false;
    snprintf(full, size, "%s/%s", folder, *path);
    free(*path);
    *path = full;
    return true;
}

static bool make_paths_absolute(struct config *config, const char *file)
{
    char folder[PATH_MAX];

    if (realpath(file, folder) == NULL)
        return false;
    *strrchr(folder, '/') = '\0';

    char **const paths[] = {
        &config->kafka.ca,
        &config->kafka.engine.password_file,
        &config->kafka.courier.password_file,
        &config->kafka.admin.password_file,
        &config->feeds,
        &config->posts,
        &config->policy,
        &config->model,
        &config->engine.keys,
        &config->engine.metrics_socket,
        &config->engine.erasure_ledger,
        &config->courier.keys,
        &config->courier.certificates,
        &config->courier.audit_roots,
        &config->courier.metrics_socket,
        &config->console.keys,
        &config->console.socket,
        &config->console.metrics_socket,
        &config->console.http_socket,
        &config->backup.folder,
        &config->backup.certificate,
    };
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (!make_absolute(paths[i], folder))
            return false;
    }
    for (uint32_t i = 0; i < config->disks_count; i++) {
        if (!make_absolute(&config->disks[i], folder))
            return false;
    }
    return true;
}

static const char *range_fault(const struct config *config)
{
    enum vault_suite suite;

    if (!vault_suite_from_word(config->vault.suite, &suite))
        return "vault.suite: aes-256-gcm or sm4-ctr-hmac-sm3";
    if (config->engine.batch_max_messages < 1 || config->engine.batch_max_messages > 10000)
        return "engine.batch_max_messages: 1 to 10000";
    if (config->engine.batch_max_wait_ms < 1 || config->engine.batch_max_wait_ms > 60000)
        return "engine.batch_max_wait_ms: 1 to 60000";
    if (config->engine.memory_limit_mb < 64)
        return "engine.memory_limit_mb: at least 64";
    if (config->console.http_workers < 1 || config->console.http_workers > 32)
        return "console.http_workers: 1 to 32";
    if (config->backup.keep_days < 1 || config->backup.keep_days > CONFIG_BACKUP_MAX_DAYS)
        return "backup.keep_days: 1 to 35";
    if (strcmp(config->kafka.protocol, "sasl_ssl") != 0 && strcmp(config->kafka.protocol, "plaintext") != 0)
        return "kafka.protocol: sasl_ssl (or plaintext, for tests)";
    if (strcmp(config->kafka.protocol, "sasl_ssl") == 0 &&
        (config->kafka.mechanism == NULL || config->kafka.ca == NULL))
        return "kafka: sasl_ssl needs mechanism and ca";
    return NULL;
}

struct config *config_load(const char *path, char *error, size_t error_size)
{
    if (path == NULL)
        path = getenv("HULEI_CONFIG");
    if (path == NULL) {
        snprintf(error, error_size, "no configuration: give --config or set HULEI_CONFIG");
        return NULL;
    }
    struct config *config = yaml_file_load(path, &config_schema, error, error_size);
    if (config == NULL)
        return NULL;
    const char *fault = range_fault(config);
    if (fault == NULL && !make_paths_absolute(config, path))
        fault = "cannot resolve its folder";
    if (fault != NULL) {
        snprintf(error, error_size, "%s: %s", path, fault);
        config_free(config);
        return NULL;
    }
    return config;
}

void config_free(struct config *config)
{
    yaml_file_free(&config_schema, config);
}
