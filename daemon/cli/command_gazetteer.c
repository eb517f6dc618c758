/* `hulei gazetteer build|info`: makes the file of divisions, and tells what is in it.
 * Deliberately offline: the tables come with the program or from the operator. */
#include "daemon/cli/commands.h"
#include "daemon/common/gazetteer_build.h"
#include "daemon/common/gazetteer_file.h"
#include "daemon/common/share.h"
#include "matchers/address/gazetteer_format.h"

#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

static void print_usage(FILE *stream)
{
    fputs("usage: hulei gazetteer build --output FILE [--additions FILE] [--tables FOLDER]\n"
          "       hulei gazetteer info [FILE]\n\n"
          "  --output FILE     written whole or not at all\n"
          "  --additions FILE  local names: CSV with the columns kind,name,code; kind is alias (another name of a\n"
          "                    division), community (one that the tables do not have, with its own code), estate or\n"
          "                    hamlet (what lies in the community of that code)\n"
          "  --tables FOLDER   other division tables than the program's own\n",
          stream);
}

/* The folder of the program's own tables. */
static bool find_tables(char *folder, size_t size)
{
    if (!share_path("divisions/NOTICE", folder, size))
        return false;
    *strrchr(folder, '/') = '\0';
    return true;
}

static int run_build(int argc, char **argv)
{
    static const struct option options[] = {
        {"tables",     required_argument, NULL, 't'},
        { "additions", required_argument, NULL, 'a'},
        { "output",    required_argument, NULL, 'o'},
        { NULL,        0,                 NULL, 0  }
    };
    const char *tables = NULL, *additions = NULL, *output = NULL;
    char        error[512];
    char        folder[PATH_MAX];

    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 't')
            tables = optarg;
        else if (option == 'a')
            additions = optarg;
        else if (option == 'o')
            output = optarg;
        else
            return 2;
    }
    if (output == NULL || optind != argc) {
        print_usage(stderr);
        return 2;
    }
    if (tables == NULL && !find_tables(folder, sizeof folder)) {
        fprintf(stderr, "hulei gazetteer: the division tables are not there: %s\n", folder);
        return 1;
    }
    if (!gazetteer_build(tables != NULL ? tables : folder, additions, output, error, sizeof error)) {
        fprintf(stderr, "hulei gazetteer: %s\n", error);
        return 1;
    }
    return 0;
}

static int run_info(const char *path)
{
    char                   error[512];
    size_t                 levels[13] = { 0 };
    struct gazetteer_file *file       = gazetteer_file_open(path, error, sizeof error);
    if (file == NULL) {
        fprintf(stderr, "hulei gazetteer: %s\n", error);
        return 1;
    }
    const struct gazetteer *tables = gazetteer_file_tables(file);
    for (size_t i = 0; i < tables->division_count; i++)
        levels[gazetteer_level(tables->codes[i])]++;
    printf("edition      %.*s\nversion      %u\nprovinces    %zu\ncities       %zu\ncounties     %zu\n"
           "towns        %zu\ncommunities  %zu\nnames        %zu postings\nsize         %zu bytes\n"
           "checksum     %016" PRIx64 "\n",
           (int)sizeof tables->header->edition, tables->header->edition, tables->header->version, levels[2], levels[4],
           levels[6], levels[9], levels[12], tables->posting_count, gazetteer_file_length(file),
           tables->header->checksum);
    gazetteer_file_close(file);
    return 0;
}

int command_gazetteer(int argc, char **argv)
{
    if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
        print_usage(stdout);
        return 0;
    }
    if (argc >= 2 && strcmp(argv[1], "build") == 0)
        return run_build(argc - 1, argv + 1);
    if ((argc == 2 || argc == 3) && strcmp(argv[1], "info") == 0)
        return run_info(argc == 3 ? argv[2] : NULL);
    print_usage(stderr);
    return 2;
}
