/* The intake of emergencies; see emergency_intake.h.
 * Judges nothing itself; nothing a department sends can stop it. */
#include "daemon/courier/emergency_intake.h"

#include "daemon/common/clock.h"
#include "daemon/common/db_array.h"
#include "daemon/common/kafka_message.h"
#include "daemon/common/kafka_reader.h"
#include "daemon/common/log.h"
#include "daemon/courier/emergency_message.h"
#include "daemon/courier/positions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH_MAX = 100, ARENA_BYTES = 16 * 1024 * 1024 };

struct emergency_intake {
    struct emergency_intake_spec spec;
    struct kafka_reader         *reader;
    const char                 **topics;
    size_t                       topic_count;
    rd_kafka_message_t          *batch[BATCH_MAX];
    int64_t                      keys[BATCH_MAX];
    size_t                       batch_count;
    struct positions             positions;
    struct arena                 arena; /* of one message */
};

static bool open_reader(struct emergency_intake *intake, char *error, size_t error_size)
{
    const struct config           *config = intake->spec.config;
    const struct kafka_reader_spec spec   = {
          .kafka         = &config->kafka,
          .user          = config->kafka.courier.user,
          .password_file = config->kafka.courier.password_file,
          .group         = "hulei-courier",
          .blind         = intake->spec.blind,
          .topics        = intake->topics,
          .topic_count   = intake->topic_count,
    };

    if (intake->topic_count == 0)
        return true;
    intake->reader = kafka_reader_open(&spec, error, error_size);
    return intake->reader != NULL;
}

struct emergency_intake *emergency_intake_open(const struct emergency_intake_spec *spec, char *error, size_t error_size)
{
    struct emergency_intake *intake = calloc(1, sizeof *intake);
    void                    *memory = malloc(ARENA_BYTES);

    if (intake != NULL)
        intake->topics = calloc(spec->feeds->topics_count + 1, sizeof *intake->topics);
    if (intake == NULL || memory == NULL || intake->topics == NULL) {
        snprintf(error, error_size, "out of memory");
        free(memory);
        free(intake);
        return NULL;
    }
    intake->spec = *spec;
    arena_init(&intake->arena, memory, ARENA_BYTES);
    positions_init(&intake->positions);
    for (uint32_t i = 0; i < spec->feeds->topics_count; i++) {
        if (feed_topic_is_emergency(&spec->feeds->topics[i]))
            intake->topics[intake->topic_count++] = spec->feeds->topics[i].topic;
    }
    if (!open_reader(intake, error, error_size)) {
        emergency_intake_close(intake);
        return NULL;
    }
    return intake;
}

static void drop_batch(struct emergency_intake *intake)
{
    for (size_t i = 0; i < intake->batch_count; i++)
        rd_kafka_message_destroy(intake->batch[i]);
    intake->batch_count = 0;
}

void emergency_intake_close(struct emergency_intake *intake)
{
    if (intake == NULL)
        return;
    drop_batch(intake);
    kafka_reader_close(intake->reader);
    positions_clear(&intake->positions);
    free(intake->arena.base);
    free(intake->topics);
    free(intake);
}

bool emergency_intake_has_topics(const struct emergency_intake *intake)
{
    return intake->topic_count > 0;
}

static enum db_status number_keys(struct emergency_intake *intake, struct db *db)
{
    char      count[16];
    PGresult *result = NULL;

    snprintf(count, sizeof count, "%zu", intake->batch_count);
    const struct db_param param  = db_text(count);
    const enum db_status  status = db_run_binary(db, &statement_courier_emergency_keys, &param, 1, &result);
    for (size_t i = 0; status == DB_OK && i < intake->batch_count; i++)
        intake->keys[i] = db_get_number(result, (int)i, 0);
    PQclear(result);
    return status;
}

static enum db_status handle(struct emergency_intake *intake, size_t i, struct db *db, bool is_careful,
                             struct emergency_counts *counts)
{
    const struct emergency_intake_spec  *spec  = &intake->spec;
    const struct emergency_message_tools tools = { spec->feeds, spec->policy, spec->blind,
                                                   spec->vault, db,           &intake->arena };
    struct feed_message                  message;

    arena_reset(&intake->arena);
    if (!kafka_message_take(intake->batch[i], &message, &intake->arena))
        return DB_BROKEN; /* the arena holds any message there can be */
    return is_careful ? emergency_message_handle_carefully(&tools, &message, intake->keys[i], counts)
                      : emergency_message_handle(&tools, &message, intake->keys[i], counts);
}

/* The whole batch in one transaction. */
static enum db_status apply_batch(struct emergency_intake *intake, struct db *db, struct lease *lease, bool is_careful,
                                  struct emergency_counts *counts, bool *is_fenced)
{
    enum db_status status = db_begin(db);

    *counts = (struct emergency_counts){ 0 };
    if (status == DB_OK) {
        status     = lease_check(lease, db);
        *is_fenced = status == DB_REFUSED;
    }
    if (status == DB_OK)
        status = number_keys(intake, db);
    for (size_t i = 0; i < intake->batch_count && status == DB_OK; i++)
        status = handle(intake, i, db, is_careful, counts);
    if (status == DB_OK) {
        status     = positions_move(&intake->positions, intake->reader, intake->batch, intake->batch_count, db);
        *is_fenced = status == DB_REFUSED;
    }
    if (status == DB_OK)
        return db_commit(db);
    db_rollback(db);
    return status;
}

static enum db_status assign(struct emergency_intake *intake, struct db *db)
{
    bool                 is_assigned = false;
    const enum db_status status      = kafka_reader_assign(intake->reader, db, &is_assigned);

    if (status == DB_OK && !is_assigned)
        log_error("emergency_assign_failed", log_word("error", kafka_reader_error(intake->reader)));
    return status;
}

static enum db_status commit_batch(struct emergency_intake *intake, struct db *db, struct lease *lease, size_t *alerts)
{
    struct emergency_counts counts;
    bool                    is_fenced = false;
    enum db_status          status    = apply_batch(intake, db, lease, false, &counts, &is_fenced);

    if (status == DB_REFUSED && !is_fenced)
        status = apply_batch(intake, db, lease, true, &counts, &is_fenced);
    if (status == DB_OK) {
        *alerts = (size_t)counts.alerts;
        positions_follow(intake->reader, intake->batch, intake->batch_count);
        drop_batch(intake);
        emergency_counts_publish(&counts);
        return DB_OK;
    }
    if (is_fenced || status == DB_UNKNOWN) {
        /* Whether that COMMIT happened, the stored position says: reading begins there. */
        drop_batch(intake);
        kafka_reader_rewind(intake->reader);
    }
    return status == DB_UNKNOWN ? DB_RETRY : status;
}

enum db_status emergency_intake_step(struct emergency_intake *intake, struct db *db, struct lease *lease, int wait_ms,
                                     size_t *alerts)
{
    enum db_status status = DB_OK;

    *alerts = 0;
    if (intake->batch_count == 0 && kafka_reader_needs_assign(intake->reader))
        status = assign(intake, db);
    if (status != DB_OK)
        return status;
    if (intake->batch_count == 0)
        intake->batch_count = kafka_reader_poll(intake->reader, intake->batch, BATCH_MAX, (uint32_t)wait_ms);
    return intake->batch_count > 0 ? commit_batch(intake, db, lease, alerts) : DB_OK;
}

int64_t emergency_intake_lag(struct emergency_intake *intake)
{
    size_t                        count      = 0;
    const struct kafka_partition *partitions = kafka_reader_partitions(intake->reader, &count);
    int64_t                       lag        = 0;

    for (size_t i = 0; i < count; i++)
        lag += kafka_partition_lag(&partitions[i]);
    return lag;
}
