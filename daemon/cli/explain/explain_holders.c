/* The engine's index for one question; see explain_holders.h.
 * A count of its own could differ from the engine's: contents, not records, hold a value. */
#include "daemon/cli/explain/explain_holders.h"

#include "daemon/engine/world.h"

#include <stdlib.h>

struct explain_holders {
    struct feed_config *feeds;
    struct source_table sources;
    struct vault       *vault;
    struct world_tools  tools;
    struct world       *world;
};

bool explain_holders_matter(const struct mention_features *a, const struct mention_features *b)
{
    bool is_shared =
        (a->household != 0 && a->household == b->household) || (a->dwelling != 0 && a->dwelling == b->dwelling);

    for (size_t i = 0; i < a->phone_count; i++) {
        for (size_t j = 0; j < b->phone_count; j++)
            is_shared = is_shared || a->phones[i] == b->phones[j];
    }
    return is_shared;
}

static bool fill(struct explain_holders *holders, struct admin *admin)
{
    return sources_load(&holders->sources, holders->feeds, admin->db) == DB_OK &&
           (holders->world = world_make(&holders->tools)) != NULL &&
           world_load_identity(holders->world, admin->db) == DB_OK;
}

struct explain_holders *explain_holders_open(struct admin *admin, const struct language_tables *language,
                                             const struct identity_model *model, char *error, size_t error_size)
{
    struct explain_holders *holders = calloc(1, sizeof *holders);

    snprintf(error, error_size, "out of memory");
    if (holders == NULL)
        return NULL;
    holders->feeds = feed_config_load(admin->config->feeds, error, error_size);
    holders->vault =
        holders->feeds != NULL ? vault_open_directory(admin->config->engine.keys, error, error_size) : NULL;
    holders->tools = (struct world_tools){ .language           = language,
                                           .model              = model,
                                           .vault              = holders->vault,
                                           .sources            = &holders->sources,
                                           .memory_limit_bytes = (size_t)admin->config->engine.memory_limit_mb << 20 };
    if (holders->vault != NULL) {
        if (fill(holders, admin))
            return holders;
        snprintf(error, error_size, "how many hold a shared value cannot be counted: SQLSTATE %s, key or memory",
                 db_sqlstate(admin->db));
    }
    explain_holders_close(holders);
    return NULL;
}

void explain_holders_close(struct explain_holders *holders)
{
    if (holders == NULL)
        return;
    world_drop(holders->world);
    vault_close(holders->vault);
    sources_clear(&holders->sources);
    feed_config_free(holders->feeds);
    free(holders);
}

const struct comparison_holders *explain_holders_of(struct explain_holders *holders)
{
    return holders != NULL ? identity_holders(world_identity(holders->world)) : NULL;
}
