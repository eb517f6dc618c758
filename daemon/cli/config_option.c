/* Shared by the subcommands; see config_option.h.
 * Opens no connection: admin.h does. */
#include "daemon/cli/config_option.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>

enum { OWN_MAX = 16, VALUE_CONFIG = 1, VALUE_HELP, VALUE_OWN };

bool config_option_read(int argc, char **argv, void (*print_help)(void), const struct cli_option *options, size_t count,
                        const char **path, int *exit_status)
{
    struct option known[OWN_MAX + 3] = {
        {"config", required_argument, NULL, VALUE_CONFIG},
        { "help",  no_argument,       NULL, VALUE_HELP  },
    };

    assert(count <= OWN_MAX);
    for (size_t i = 0; i < count; i++)
        known[2 + i] = (struct option){ options[i].name, options[i].text != NULL ? required_argument : no_argument,
                                        NULL, VALUE_OWN + (int)i };
    *path = NULL;
    for (int value; (value = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (value == VALUE_HELP)
            print_help();
        if (value == VALUE_HELP || value == '?') {
            *exit_status = value == VALUE_HELP ? 0 : 2;
            return false;
        }
        if (value == VALUE_CONFIG)
            *path = optarg;
        else if (options[value - VALUE_OWN].text != NULL)
            *options[value - VALUE_OWN].text = optarg;
        else
            *options[value - VALUE_OWN].is_given = true;
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

    if (!config_option_read(argc, argv, print_help, NULL, 0, &path, &exit_status))
        return exit_status;
    struct config *config = config_option_load(name, path);
    if (config == NULL)
        return 2;
    exit_status = run(config);
    config_free(config);
    return exit_status;
}
