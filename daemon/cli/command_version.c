/* `hulei version`: the version of the program.
 * Says nothing of the schema or the policy; `hulei status` does. */
#include "daemon/cli/commands.h"

#include <stdio.h>

int command_version(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return puts("hulei " HULEI_VERSION) < 0;
}
