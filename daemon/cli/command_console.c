/* `hulei console`: runs the console role in the foreground.
 * systemd or deploy/demo restarts it; it never forks. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/console/console.h"

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
    return config_option_run(argc, argv, "console", print_help, console_run);
}
