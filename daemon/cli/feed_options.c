/* The arguments of `hulei feed`; see feed_options.h.
 * One table-like list: getopt_long's. */
#include "daemon/cli/feed_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static void print_help(FILE *stream)
{
    fputs("usage: hulei feed push     [OPTION ...] FILE ...\n"
          "       hulei feed validate [OPTION ...] [FILE ...]\n"
          "\n"
          "Sends a department's records to their Kafka topic, or only checks them. A file is NDJSON\n"
          "(one {\"subject\",\"time\",\"data\"} or one whole CloudEvent a line) or, by its name, CSV; - is\n"
          "standard input.\n"
          "\n"
          "what the records are\n"
          "  --topic T          topic, e.g. hulei.feed.civil-affairs.children (default: the source's)\n"
          "  --source URN       source of the records (default: the topic's, if it has one)\n"
          "  --type WORD        child, enrolment, school, place, risk, seal (default: the map's or source's)\n"
          "  --time TIME        RFC 3339 time of records without one (default: the file's own time)\n"
          "  --map FILE         header mapping of a CSV file (config/feeds/*.yaml); without it headings\n"
          "                     are field paths: subject, time, data.person.name, ...\n"
          "  --encoding gb18030 encoding of the files (also GBK, GB2312); messages are UTF-8\n"
          "  --csv, --ndjson    whatever the file's name says\n"
          "  --raw              lines are whole messages {topic, key_base64, headers, value_base64}\n"
          "  --lines            with validate: as --ndjson\n"
          "what they are checked against\n"
          "  --config FILE      hulei.yaml (default: $HULEI_CONFIG)\n"
          "  --feeds FILE       feeds.yaml (default: the configuration's, else the\n"
          "                     given source may send anything)\n"
          "  --policy DIR       policy files (default: the configuration's, else the shipped values)\n"
          "  --unchecked        push what the check would refuse, too\n"
          "where push sends them\n"
          "  --brokers LIST --ca FILE --user NAME --password-file FILE [--protocol plaintext]\n"
          "                     (default: the configuration's, the topic's principal and, beside the\n"
          "                     other passwords, <principal>.pw)\n"
          "  --rejects FILE     CSV of refused rows: row, field, heading, code, rule; never a value\n"
          "  --quiet            no progress bar\n"
          "\n"
          "push prints `pushed N, rejected N, failed N` and exits 0 when all were pushed, else 1.\n"
          "validate prints one JSON object per row and exits 0 when all are accepted, else 1.\n",
          stream);
}

enum option_code {
    OPTION_TOPIC = 256,
    OPTION_SOURCE,
    OPTION_TYPE,
    OPTION_TIME,
    OPTION_MAP,
    OPTION_ENCODING,
    OPTION_CSV,
    OPTION_NDJSON,
    OPTION_RAW,
    OPTION_CONFIG,
    OPTION_FEEDS,
    OPTION_POLICY,
    OPTION_UNCHECKED,
    OPTION_BROKERS,
    OPTION_CA,
    OPTION_USER,
    OPTION_PASSWORD_FILE,
    OPTION_PROTOCOL,
    OPTION_REJECTS,
    OPTION_QUIET,
    OPTION_HELP,
};

static const struct option long_options[] = {
    {"topic",          required_argument, NULL, OPTION_TOPIC        },
    { "source",        required_argument, NULL, OPTION_SOURCE       },
    { "type",          required_argument, NULL, OPTION_TYPE         },
    { "time",          required_argument, NULL, OPTION_TIME         },
    { "map",           required_argument, NULL, OPTION_MAP          },
    { "encoding",      required_argument, NULL, OPTION_ENCODING     },
    { "csv",           no_argument,       NULL, OPTION_CSV          },
    { "ndjson",        no_argument,       NULL, OPTION_NDJSON       },
    { "lines",         no_argument,       NULL, OPTION_NDJSON       },
    { "raw",           no_argument,       NULL, OPTION_RAW          },
    { "config",        required_argument, NULL, OPTION_CONFIG       },
    { "feeds",         required_argument, NULL, OPTION_FEEDS        },
    { "policy",        required_argument, NULL, OPTION_POLICY       },
    { "unchecked",     no_argument,       NULL, OPTION_UNCHECKED    },
    { "brokers",       required_argument, NULL, OPTION_BROKERS      },
    { "ca",            required_argument, NULL, OPTION_CA           },
    { "user",          required_argument, NULL, OPTION_USER         },
    { "password-file", required_argument, NULL, OPTION_PASSWORD_FILE},
    { "protocol",      required_argument, NULL, OPTION_PROTOCOL     },
    { "rejects",       required_argument, NULL, OPTION_REJECTS      },
    { "quiet",         no_argument,       NULL, OPTION_QUIET        },
    { "help",          no_argument,       NULL, OPTION_HELP         },
    { NULL,            0,                 NULL, 0                   },
};

static const char **text_option(struct feed_options *options, int code)
{
    switch (code) {
    case OPTION_TOPIC:
        return &options->topic;
    case OPTION_SOURCE:
        return &options->source;
    case OPTION_TYPE:
        return &options->type;
    case OPTION_TIME:
        return &options->time;
    case OPTION_MAP:
        return &options->map;
    case OPTION_CONFIG:
        return &options->config;
    case OPTION_FEEDS:
        return &options->feeds;
    case OPTION_POLICY:
        return &options->policy;
    case OPTION_BROKERS:
        return &options->brokers;
    case OPTION_CA:
        return &options->ca;
    case OPTION_USER:
        return &options->user;
    case OPTION_PASSWORD_FILE:
        return &options->password_file;
    case OPTION_PROTOCOL:
        return &options->protocol;
    case OPTION_REJECTS:
        return &options->rejects;
    default:
        return NULL;
    }
}

static bool set_encoding(struct feed_options *options, const char *name)
{
    if (strcasecmp(name, "gb18030") == 0 || strcasecmp(name, "gbk") == 0 || strcasecmp(name, "gb2312") == 0) {
        options->is_gb18030 = true;
        return true;
    }
    return strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0;
}

static bool set_flag(struct feed_options *options, int code)
{
    switch (code) {
    case OPTION_CSV:
        options->format = FORMAT_CSV;
        return true;
    case OPTION_NDJSON:
        options->format = FORMAT_NDJSON;
        return true;
    case OPTION_RAW:
        options->format = FORMAT_RAW;
        return true;
    case OPTION_UNCHECKED:
        options->is_unchecked = true;
        return true;
    case OPTION_QUIET:
        options->is_quiet = true;
        return true;
    case OPTION_ENCODING:
        return set_encoding(options, optarg);
    default:
        return false;
    }
}

int feed_options_parse(int argc, char **argv, struct feed_options *options)
{
    *options = (struct feed_options){ 0 };
    optind   = 1;
    for (int code; (code = getopt_long(argc, argv, "", long_options, NULL)) != -1;) {
        const char **text = text_option(options, code);
        if (code == OPTION_HELP) {
            print_help(stdout);
            return 1;
        }
        if (text != NULL)
            *text = optarg;
        else if (!set_flag(options, code)) {
            fputs("hulei feed: wrong arguments; see hulei feed --help\n", stderr);
            return 2;
        }
    }
    options->files      = argv + optind;
    options->file_count = argc - optind;
    return 0;
}
