/* Shared by the subcommands; see config_option.h.
 * Opens no connection: admin.h does. */
#include "daemon/cli/config_option.h"

#include <getopt.h>
#include <stdio.h>

bool config_option_read(int argc, char **argv, void (*print_help)(void), const char **path, int *exit_status)
{
    static const struct option options[] = {
        {"config", required_argument, NULL, 'c'},
        { "help",  no_argument,       NULL, 'h'},
        { NULL,    0,                 NULL, 0  },
    };

    *path = NULL;
    for (int letter; (letter = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (letter == 'c') {
            *path = optarg;
            continue;
        }
        if (letter == 'h')
            print_help();
        *exit_status = letter == 'h' ? 0 : 2;
        return false;
    }
    return true;
}

struct config *config_option_load(const char *name, const char *path)
{
    char           error[512];
    struct config *config = config_load(path, error, sizeof error);

    if (config == NULL)
        fprintf(stderr, "hulei %s: %s\n", name, error);
    return config;
}

int config_option_run(int argc, char **argv, const char *name, void (*print_help)(void),
                      int (*run)(const struct config *config))
{
    const char *path        = NULL;
    int         exit_status = 2;

    if (!config_option_read(argc, argv, print_help, &path, &exit_status))
        return exit_status;
    struct config *config = config_option_load(name, path);
    if (config == NULL)
        return 2;
    exit_status = run(config);
    config_free(config);
    return exit_status;
}
