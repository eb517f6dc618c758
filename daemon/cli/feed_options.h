/* The arguments of `hulei feed push` and `hulei feed validate`.
 * Opens nothing; what the files say is read by those who use them. */
#ifndef HULEI_DAEMON_CLI_FEED_OPTIONS_H
#define HULEI_DAEMON_CLI_FEED_OPTIONS_H

#include <stdbool.h>

enum feed_format { FORMAT_BY_NAME = 0, FORMAT_CSV, FORMAT_NDJSON, FORMAT_RAW };

/* Texts are borrowed from argv; NULL: not given. */
struct feed_options {
    const char      *topic, *source, *type, *time; /* of records that bring none of their own */
    const char      *map;                          /* header mapping of CSV files */
    const char      *config, *feeds, *policy;      /* hulei.yaml, feeds.yaml, policy directory */
    const char      *brokers, *ca, *user, *password_file, *protocol;
    const char      *rejects; /* file for refused rows */
    enum feed_format format;
    bool             is_gb18030;   /* of the files; messages are UTF-8 */
    bool             is_unchecked; /* push what the decoder would refuse, too */
    bool             is_quiet;
    char           **files; /* "-": standard input */
    int              file_count;
};

/* 0: go on; 1: the help was asked for and printed; 2: wrong arguments, complained of on standard error. */
int feed_options_parse(int argc, char **argv, struct feed_options *options);

#endif
