/* The one binary: finds the subcommand in a table and runs it, as git does.
 * Holds no logic of its own. */
#include "daemon/cli/commands.h"

#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name */
    const char *summary;
} commands[] = {
    {"engine",          command_engine,         "run the engine role"                              },
    { "courier",        command_courier,        "send alerts and receipts, read the posts' answers"},
    { "console",        command_console,        "serve the reviewers"                              },
    { "review",         command_review,         "show and decide review tasks"                     },
    { "alert",          command_alert,          "show, repeat, take back or silence alerts"        },
    { "post",           command_post,           "simulate posts that answer"                       },
    { "user",           command_user,           "accounts, roles and first passwords"              },
    { "canary",         command_canary,         "invented records that report who opens them"      },
    { "feed",           command_feed,           "push a department's records, or only check them"  },
    { "quarantine",     command_quarantine,     "list, show, requeue or discard parked messages"   },
    { "erase",          command_erase,          "forget a person or a record; two persons for many"},
    { "objection",      command_objection,      "list and answer what people say is wrong"         },
    { "subject-report", command_subject_report, "what is held on one person, and who saw it"       },
    { "rotate-keys",    command_rotate_keys,    "change the key-encryption key while all runs"     },
    { "status",         command_status,         "show what runs, what waits and for how long"      },
    { "audit",          command_audit,          "verify the audit chain"                           },
    { "backup",         command_backup,         "base backups and WAL, sealed; what is there"      },
    { "restore",        command_restore,        "a cluster out of sealed backups"                  },
    { "synth",          command_synth,          "write a synthetic county with its truth"          },
    { "evaluate",       command_evaluate,       "measure clusters and pairs against the truth"     },
    { "address",        command_address,        "parse and compare addresses"                      },
    { "gazetteer",      command_gazetteer,      "build the table of divisions, or tell about it"   },
    { "topics",         command_topics,         "create or check the broker's topics and rights"   },
    { "citizen-id",     command_citizen_id,     "explain citizen numbers"                          },
    { "link",           command_link,           "find the records of one person in files"          },
    { "name",           command_name,           "compare names, tell their readings"               },
    { "train",          command_train,          "learn identity weights from records"              },
    { "explain",        command_explain,        "show why two records are one person or not"       },
    { "policy",         command_policy,         "check, compare, project and activate a policy"    },
    { "version",        command_version,        "print the version"                                },
};

static void print_usage(FILE *stream)
{
    fputs("usage: hulei COMMAND [ARGUMENT ...]\n\n", stream);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
        fprintf(stream, "  %-14s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`hulei COMMAND --help` tells more of one command.\n", stream);
}

int main(int argc, char **argv)
{
    if (argc >= 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)) {
        print_usage(stdout);
        return 0;
    }
    for (size_t i = 0; argc >= 2 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    print_usage(stderr);
    return 2;
}
