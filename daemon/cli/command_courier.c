/* `hulei courier`: runs the courier role in the foreground.
 * systemd or deploy/demo restarts it; it never forks. */
#include "daemon/cli/commands.h"
#include "daemon/cli/config_option.h"
#include "daemon/courier/courier.h"

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
    return config_option_run(argc, argv, "courier", print_help, courier_run);
}
