/* `hulei courier`: runs the courier role in the foreground.
 * systemd or deploy/demo restarts it; it never forks. */
#include "daemon/cli/commands.h"
#include "daemon/common/config.h"
#include "daemon/courier/courier.h"

#include <getopt.h>
#include <stdio.h>

static void print_help(void)
{
    puts("usage: hulei courier [--config FILE]\n\n"
         "Runs the courier: sends alerts and receipts from PostgreSQL to Kafka, reads the posts' acknowledgements and\n"
         "hands alerts nobody acknowledged to the post's lead. A second courier waits until the first is gone.\n\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

int command_courier(int argc, char **argv)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        { "help",  no_argument,       NULL, 'h'},
        { NULL,    0,                 NULL, 0  },
    };
    const char *path = NULL;
    int         letter;

    while ((letter = getopt_long(argc, argv, "", options, NULL)) != -1) {
        switch (letter) {
        case 'c':
            path = optarg;
            break;
        case 'h':
            print_help();
            return 0;
        default:
            return 2;
        }
    }
    char           error[512];
    struct config *config = config_load(path, error, sizeof error);
    if (config == NULL) {
        fprintf(stderr, "hulei courier: %s\n", error);
        return 2;
    }
    const int status = courier_run(config);
    config_free(config);
    return status;
}
