/* Configuration, policy and defaults of the feed subcommands; see feed_context.h.
 * A department has no feeds.yaml: then every type, category and purpose counts as bound to its one source. */
#include "daemon/cli/feed_context.h"

#include "daemon/cli/feed_kafka.h"
#include "daemon/common/clock.h"
#include "daemon/common/policy.h"

#include <stdlib.h>
#include <time.h>

enum { ARENA_BYTES = 16 * 1024 * 1024 };

static const char *const type_words[] = {
#define TYPE_WORD(code, word, enabled, emergency) word,
    FEED_TYPES(TYPE_WORD)
#undef TYPE_WORD
};

static const char *const category_words[] = {
#define CATEGORY_WORD(code, word, refused) word,
    POLICY_CATEGORIES(CATEGORY_WORD)
#undef CATEGORY_WORD
};

static const char *const purpose_words[] = { "match", "alert", "staff_check", "zone", "care" };

static struct feed_source any_source = {
    .types            = (char **)type_words,
    .types_count      = sizeof type_words / sizeof type_words[0],
    .categories       = (char **)category_words,
    .categories_count = sizeof category_words / sizeof category_words[0],
    .purpose          = (char[]){ "match" },
    .basis            = (char[]){ "of the receiving configuration" },
};

static struct feed_topic  any_topic  = { .sources = &any_source, .sources_count = 1 };
static struct feed_config any_config = { .purposes       = (char **)purpose_words,
                                         .purposes_count = sizeof purpose_words / sizeof purpose_words[0],
                                         .topics         = &any_topic,
                                         .topics_count   = 1 };

static const struct feed_config *permissive(const struct feed_options *options)
{
    any_topic.topic = (char *)(options->topic != NULL ? options->topic : "hulei.feed.any");
    any_source.urn  = (char *)(options->source != NULL ? options->source : "urn:hulei:any");
    return &any_config;
}

static bool load_files(struct feed_context *context, char *error, size_t error_size)
{
    const struct feed_options *options = context->options;
    const char                *feeds   = options->feeds;
    const char                *policy  = options->policy;

    if (options->config != NULL || getenv("HULEI_CONFIG") != NULL) {
        context->config = config_load(options->config, error, error_size);
        if (context->config == NULL)
            return false;
        feeds  = feeds != NULL ? feeds : context->config->feeds;
        policy = policy != NULL ? policy : context->config->policy;
    }
    policy_defaults(&context->policy);
    if (policy != NULL && !policy_load(policy, &context->policy, error, error_size))
        return false;
    if (feeds != NULL) {
        context->feeds = feed_config_load(feeds, error, error_size);
        if (context->feeds == NULL)
            return false;
    }
    if (options->map != NULL) {
        context->map = feed_map_load(options->map, error, error_size);
        if (context->map == NULL)
            return false;
    }
    return true;
}

static const struct feed_topic *find_topic(const struct feed_config *config, const struct feed_options *options)
{
    if (options->topic != NULL)
        return feed_config_topic(config, span_from_text(options->topic));
    for (uint32_t i = 0; options->source != NULL && i < config->topics_count; i++) {
        if (feed_topic_source(&config->topics[i], span_from_text(options->source)) != NULL)
            return &config->topics[i];
    }
    return NULL;
}

/* The first line of the password file keys the event ids; without it they are keyed by nothing but still stable. */
static void read_secret(struct feed_context *context)
{
    char  path[1100];
    FILE *stream = NULL;

    feed_password_path(context->options, context->config, context->topic, path, sizeof path);
    if (path[0] != '\0')
        stream = fopen(path, "re");
    if (stream == NULL)
        return;
    if (fgets(context->settings.secret, sizeof context->settings.secret, stream) == NULL)
        context->settings.secret[0] = '\0';
    fclose(stream);
    context->settings.secret[strcspn(context->settings.secret, "\r\n")] = '\0';
}

static bool set_defaults(struct feed_context *context, char *error, size_t error_size)
{
    const struct feed_options  *options  = context->options;
    struct feed_event_settings *settings = &context->settings;
    const struct feed_source   *source   = NULL;

    context->bound   = context->feeds != NULL ? context->feeds : permissive(options);
    context->topic   = find_topic(context->bound, options);
    settings->config = context->bound;
    settings->topic  = span_from_text(options->topic);
    settings->source = span_from_text(options->source);
    settings->type   = span_from_text(options->type);
    settings->time   = span_from_text(options->time);
    if (context->feeds == NULL) {
        settings->topic  = span_from_text(any_topic.topic);
        settings->source = span_from_text(any_source.urn);
    }
    if (options->topic != NULL && context->topic == NULL) {
        snprintf(error, error_size, "the topic is not in feeds.yaml");
        return false;
    }
    if (context->topic != NULL && settings->source.bytes == NULL && context->topic->sources_count == 1)
        settings->source = span_from_text(context->topic->sources[0].urn);
    if (context->topic != NULL && settings->source.bytes != NULL)
        source = feed_topic_source(context->topic, settings->source);
    if (settings->type.bytes == NULL && context->map != NULL)
        settings->type = span_from_text(context->map->type);
    if (settings->type.bytes == NULL && source != NULL && source->types_count == 1)
        settings->type = span_from_text(source->types[0]);
    read_secret(context);
    return true;
}

bool feed_context_open(struct feed_context *context, const struct feed_options *options, char *error, size_t error_size)
{
    *context = (struct feed_context){ .options = options, .memory = malloc(ARENA_BYTES) };
    if (context->memory == NULL)
        return false;
    arena_init(&context->arena, context->memory, ARENA_BYTES);
    return load_files(context, error, error_size) && set_defaults(context, error, error_size);
}

void feed_context_close(struct feed_context *context)
{
    explicit_bzero(context->settings.secret, sizeof context->settings.secret);
    feed_map_free(context->map);
    feed_config_free(context->feeds);
    config_free(context->config);
    free(context->memory);
}

void feed_context_set_file_time(struct feed_context *context, int64_t time_s)
{
    const time_t when = (time_t)time_s;
    struct tm    parts;

    if (context->options->time != NULL || gmtime_r(&when, &parts) == NULL)
        return;
    strftime(context->file_time, sizeof context->file_time, "%Y-%m-%dT%H:%M:%SZ", &parts);
    context->settings.time = span_from_text(context->file_time);
}

enum feed_outcome feed_context_read(struct feed_context *context, const struct feed_row *row, bool is_raw,
                                    struct feed_event *event, bool *has_event, struct feed_record *record,
                                    struct feed_fault *fault)
{
    *record    = (struct feed_record){ 0 };
    *has_event = feed_event_build(&context->settings, row, is_raw, &context->arena, event, fault);
    if (!*has_event)
        return FEED_REFUSED;
    return feed_decode(context->bound, &context->policy, &event->message, clock_now_us(), &context->arena, record,
                       fault);
}
