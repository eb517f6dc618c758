/* `hulei console`: runs the console role in the foreground.
 * systemd or deploy/demo restarts it; it never forks. */
#include "daemon/cli/commands.h"
#include "daemon/common/config.h"
#include "daemon/console/console.h"

#include <getopt.h>
#include <stdio.h>

static void print_help(void)
{
    puts("usage: hulei console [--config FILE]\n\n"
         "Runs the console: serves `hulei review` on a Unix socket and knows each caller by the OS user. It holds the\n"
         "key and the database role, so that no reviewer's OS account needs either.\n\n"
         "  --config FILE   configuration (default: $HULEI_CONFIG)");
}

int command_console(int argc, char **argv)
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
        fprintf(stderr, "hulei console: %s\n", error);
        return 2;
    }
    const int status = console_run(config);
    config_free(config);
    return status;
}
