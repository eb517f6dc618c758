/* `hulei engine`: runs the engine role in the foreground.
 * systemd or deploy/demo restarts it; it never forks. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/common/log.h"
#include "daemon/engine/engine.h"

#include <stdbool.h>
#include <stdio.h>

static void print_help(void)
{
    puts("usage: hulei engine [--config FILE] [--check-config]\n\n"
         "Runs the engine: reads the departments' feeds from Kafka, resolves persons and addresses, finds pairs and\n"
         "writes review tasks to PostgreSQL. A second engine of the same shard waits until the first is gone.\n\n"
         "  --config FILE    configuration (default: $HULEI_CONFIG)\n"
         "  --check-config   read the configuration, report and stop");
}

int command_engine(int argc, char **argv)
{
    const char             *path       = NULL;
    bool                    check_only = false;
    const struct cli_option options[]  = {
         {"check-config", NULL, &check_only}
    };
    int exit_status = 2;

    if (!config_option_read(argc, argv, print_help, options, 1, &path, &exit_status))
        return exit_status;
    struct config *config = config_option_load("engine", path);
    if (config == NULL)
        return 2;
    log_set_role("engine");
    const int status = check_only ? 0 : engine_run(config);
    config_free(config);
    return status;
}
