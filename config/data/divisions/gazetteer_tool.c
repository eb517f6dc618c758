/* The build step's gazetteer builder: FOLDER ADDITIONS OUTPUT.
 * Operators use `hulei gazetteer build`, which is the same code. */
#include "daemon/common/gazetteer_build.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    char error[512];

    if (argc != 4) {
        fputs("usage: gazetteer_tool FOLDER ADDITIONS OUTPUT\n", stderr);
        return 2;
    }
    if (!gazetteer_build(argv[1], argv[2], argv[3], error, sizeof error)) {
        fprintf(stderr, "gazetteer_tool: %s\n", error);
        return 1;
    }
    return 0;
}
