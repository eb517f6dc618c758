/* `hulei engine`: runs the engine role in the foreground.
 * systemd or deploy/demo restarts it; it never forks. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/common/log.h"
#include "daemon/engine/engine.h"

#include <getopt.h>
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
    static const struct option options[] = {
        {"config",        required_argument, NULL, 'c'},
        { "check-config", no_argument,       NULL, 'k'},
        { "help",         no_argument,       NULL, 'h'},
        { NULL,           0,                 NULL, 0  },
    };
    const char *path       = NULL;
    int         check_only = 0;
    int         letter;

    while ((letter = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (letter) {
        case 'c':
            path = optarg;
            break;
        case 'k':
            check_only = 1;
            break;
        case 'h':
            print_help();
            return 0;
        default:
            return 2;
        }
    }
    struct config *config = config_option_load("engine", path);
    if (config == NULL)
        return 2;
    log_set_role("engine");
    const int status = check_only ? 0 : engine_run(config);
    config_free(config);
    return status;
}
