/* The live world and what both kinds share; see policy_world.h.
 * Reads with the engine's key and role: whoever may run it may read the records anyway. */
#include "daemon/cli/policy/policy_world.h"

#include "daemon/cli/policy/policy_files_world.h"
#include "daemon/common/gazetteer_file.h"
#include "daemon/common/language.h"
#include "daemon/common/model.h"

#include <stdio.h>
#include <stdlib.h>

static bool open_tools(struct policy_world *world, const struct config *config, const struct policy *first, char *error,
                       size_t error_size)
{
    *world          = (struct policy_world){ .gazetteer = gazetteer_file_open(NULL, error, error_size) };
    world->language = world->gazetteer != NULL ? language_open(error, error_size) : NULL;
    world->model    = world->language != NULL ? model_load(config->model, error, error_size) : NULL;
    if (world->model == NULL)
        return false;
    world->tools = (struct world_tools){
        .gazetteer          = gazetteer_file_tables(world->gazetteer),
        .language           = world->language,
        .model              = world->model,
        .policy             = first,
        .sources            = &world->sources,
        .memory_limit_bytes = (size_t)config->engine.memory_limit_mb << 20,
    };
    return true;
}

static bool load_live(struct policy_world *world, const struct config *config, struct db *db, char *error,
                      size_t error_size)
{
    struct engine_counters counters;
    struct feed_config    *feeds  = feed_config_load(config->feeds, error, error_size);
    enum db_status         status = feeds != NULL ? sources_read(&world->sources, feeds, db) : DB_BROKEN;

    feed_config_free(feeds);
    if (feeds == NULL)
        return false;
    world->tools.vault = world->vault;
    world->world       = world_make(&world->tools);
    if (status == DB_OK && world->world != NULL)
        status = world_load(world->world, db, &counters);
    if (status == DB_OK && world->world != NULL)
        return true;
    snprintf(error, error_size, "the records cannot be read: database or memory");
    return false;
}

bool policy_world_of_database(struct policy_world *world, const struct config *config, const struct policy *first,
                              struct db *db, char *error, size_t error_size)
{
    if (!open_tools(world, config, first, error, error_size))
        return false;
    world->vault = vault_open_directory(config->engine.keys, error, error_size);
    return world->vault != NULL && load_live(world, config, db, error, error_size);
}

bool policy_world_of_files(struct policy_world *world, const char *config_path, const struct config *config,
                           const char *directory, const struct policy *first, const struct policy *second, char *error,
                           size_t error_size)
{
    if (!open_tools(world, config, first, error, error_size))
        return false;
    world->world = world_make(&world->tools);
    if (world->world == NULL) {
        snprintf(error, error_size, "memory is out");
        return false;
    }
    return policy_files_world_fill(world, config_path, directory, first, second, error, error_size);
}

void policy_world_close(struct policy_world *world)
{
    world_drop(world->world);
    free(world->times_us);
    sources_clear(&world->sources);
    vault_close(world->vault);
    model_free(world->model);
    language_close(world->language);
    gazetteer_file_close(world->gazetteer);
    *world = (struct policy_world){ .world = NULL };
}
