/* Live events; see events.h.
 * A stream that has nothing to say is suspended: ten thousand quiet seconds cost nothing. */
#include "daemon/console/http/events.h"

#include "daemon/common/clock.h"
#include "daemon/common/db.h"
#include "daemon/common/log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { EVENT_BYTES = 160, TICK_MS = 1000, STREAM_LIFE_MS = 10 * 60 * 1000, TOPICS = 3 };

/* What is told, and who hears it. */
static const struct {
    const char *word;
    int         roles;
} topics[TOPICS] = {
    {"queue",  WEB_REVIEWER | WEB_SECOND_REVIEWER},
    { "inbox", WEB_POST_OFFICER | WEB_POST_LEAD  },
    { "feeds", WEB_OPERATOR                      },
};

struct stream {
    struct events         *events;
    struct MHD_Connection *connection;
    struct stream         *next;
    int64_t                account_id, end_ms, ping_ms;
    int                    roles;
    char                   token[WEB_TOKEN_HEX + 1];
    bool                   is_suspended, is_ending, is_over;
    unsigned               news; /* bits of topics */
    char                   text[TOPICS * EVENT_BYTES + EVENT_BYTES];
    size_t                 length, sent;
};

struct events {
    pthread_mutex_t lock;
    pthread_t       thread;
    atomic_bool     stop;
    struct db      *db;
    struct stream  *streams;
    size_t          count;
};

static void add_event(struct stream *stream, const char *word)
{
    char         at[40];
    struct tm    local;
    const time_t now  = time(NULL) + 8 * 3600;
    const size_t room = sizeof stream->text - stream->length;

    gmtime_r(&now, &local);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%S+08:00", &local);
    const int written =
        snprintf(stream->text + stream->length, room, "event: %s\ndata: {\"at\": \"%s\"}\n\n", word, at);
    if (written > 0 && (size_t)written < room)
        stream->length += (size_t)written;
}

/* Puts what there is to say into the stream's text. */
static void fill(struct stream *stream)
{
    const int64_t now_ms = clock_monotonic_ms();

    stream->length = stream->sent = 0;
    for (unsigned i = 0; i < TOPICS; i++) {
        if (stream->news & 1u << i)
            add_event(stream, topics[i].word);
    }
    stream->news = 0;
    if (now_ms >= stream->ping_ms) {
        add_event(stream, "ping");
        stream->ping_ms = now_ms + EVENTS_PING_MS;
    }
    if (now_ms >= stream->end_ms)
        stream->is_ending = true;
    if (stream->is_ending && !stream->is_over) {
        add_event(stream, "end");
        stream->is_over = true;
    }
}

static ssize_t read_stream(void *context, uint64_t position, char *buffer, size_t size)
{
    struct stream *stream = context;
    ssize_t        count;

    (void)position;
    pthread_mutex_lock(&stream->events->lock);
    if (stream->sent == stream->length && stream->is_over) {
        pthread_mutex_unlock(&stream->events->lock);
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    if (stream->sent == stream->length)
        fill(stream);
    count = (ssize_t)(stream->length - stream->sent < size ? stream->length - stream->sent : size);
    memcpy(buffer, stream->text + stream->sent, (size_t)count);
    stream->sent += (size_t)count;
    if (count == 0) {
        stream->is_suspended = true;
        MHD_suspend_connection(stream->connection);
    }
    pthread_mutex_unlock(&stream->events->lock);
    return count;
}

static void free_stream(void *context)
{
    struct stream *stream = context;
    struct events *events = stream->events;

    pthread_mutex_lock(&events->lock);
    for (struct stream **at = &events->streams; *at != NULL; at = &(*at)->next) {
        if (*at == stream) {
            *at = stream->next;
            events->count--;
            break;
        }
    }
    pthread_mutex_unlock(&events->lock);
    memset(stream->token, 0, sizeof stream->token);
    free(stream);
}

struct MHD_Response *events_stream(struct events *events, struct MHD_Connection *connection,
                                   const struct web_session *session, const char *token)
{
    struct stream *stream     = calloc(1, sizeof *stream);
    size_t         of_account = 0;

    if (stream == NULL)
        return NULL;
    *stream = (struct stream){ .events     = events,
                               .connection = connection,
                               .account_id = session->account_id,
                               .roles      = session->roles,
                               .end_ms     = clock_monotonic_ms() + STREAM_LIFE_MS };
    snprintf(stream->token, sizeof stream->token, "%s", token);
    pthread_mutex_lock(&events->lock);
    for (const struct stream *other = events->streams; other != NULL; other = other->next)
        of_account += other->account_id == session->account_id;
    const bool has_room =
        events->count < EVENTS_STREAMS_MAX && of_account < EVENTS_STREAMS_OF_ACCOUNT_MAX && !atomic_load(&events->stop);
    if (has_room) {
        stream->next    = events->streams;
        events->streams = stream;
        events->count++;
    }
    pthread_mutex_unlock(&events->lock);
    struct MHD_Response *response =
        has_room ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_stream, stream, free_stream) : NULL;
    if (response == NULL && has_room)
        free_stream(stream);
    else if (response == NULL)
        free(stream);
    return response;
}

/* Topics the database spoke of since the last look. */
static unsigned read_notifications(struct db *db)
{
    unsigned  news = 0;
    PGnotify *notification;

    PQconsumeInput(db_connection(db));
    while ((notification = PQnotifies(db_connection(db))) != NULL) {
        for (unsigned i = 0; i < TOPICS; i++) {
            if (strcmp(notification->extra, topics[i].word) == 0)
                news |= 1u << i;
        }
        PQfreemem(notification);
    }
    return news;
}

static bool session_is_open(struct db *db, const char *token)
{
    const struct db_param params[] = { db_text(token), db_text("false") };
    const bool            is_open =
        db_begin(db) == DB_OK && db_run(db, &statement_console_http_session_begin, params, 2, NULL) != DB_REFUSED;

    db_rollback(db);
    return is_open;
}

static void wake(struct events *events, unsigned news, bool is_checked)
{
    const int64_t now_ms = clock_monotonic_ms();

    pthread_mutex_lock(&events->lock);
    for (struct stream *stream = events->streams; stream != NULL; stream = stream->next) {
        for (unsigned i = 0; i < TOPICS; i++) {
            if (news & 1u << i && topics[i].roles & stream->roles)
                stream->news |= 1u << i;
        }
        if (is_checked && now_ms >= stream->ping_ms && !session_is_open(events->db, stream->token))
            stream->is_ending = true;
        if (stream->is_suspended && (stream->news != 0 || now_ms >= stream->ping_ms || stream->is_ending)) {
            stream->is_suspended = false;
            MHD_resume_connection(stream->connection);
        }
    }
    pthread_mutex_unlock(&events->lock);
}

static bool listen_again(struct db *db)
{
    PGresult  *result = PQexec(db_connection(db), "LISTEN hulei_console");
    const bool is_on  = PQresultStatus(result) == PGRES_COMMAND_OK;

    PQclear(result);
    return is_on;
}

static void *run(void *context)
{
    struct events *events       = context;
    bool           is_listening = listen_again(events->db);

    while (!atomic_load(&events->stop)) {
        const struct timespec pause = { 0, TICK_MS * 1000000L - 1 };
        nanosleep(&pause, NULL); /* at most one event of a kind each second */
        if (!is_listening || !db_is_connected(events->db)) {
            is_listening = db_reconnect(events->db) && listen_again(events->db);
            if (!is_listening)
                log_warning("events_not_heard", log_word("sqlstate", db_sqlstate(events->db)));
            wake(events, 0, false);
            continue;
        }
        wake(events, read_notifications(events->db), true);
    }
    return NULL;
}

struct events *events_open(const char *conninfo, char *error, size_t error_size)
{
    struct events *events = calloc(1, sizeof *events);

    if (events == NULL) {
        snprintf(error, error_size, "no memory for live events");
        return NULL;
    }
    pthread_mutex_init(&events->lock, NULL);
    events->db = db_open(conninfo, "hulei console events", error, error_size);
    if (events->db == NULL || pthread_create(&events->thread, NULL, run, events) != 0) {
        if (events->db != NULL)
            snprintf(error, error_size, "cannot start the thread of live events");
        db_close(events->db);
        free(events);
        return NULL;
    }
    return events;
}

void events_stop(struct events *events)
{
    if (events == NULL)
        return;
    atomic_store(&events->stop, true);
    pthread_join(events->thread, NULL);
    pthread_mutex_lock(&events->lock);
    for (struct stream *stream = events->streams; stream != NULL; stream = stream->next) {
        stream->is_ending = true;
        if (stream->is_suspended) {
            stream->is_suspended = false;
            MHD_resume_connection(stream->connection);
        }
    }
    pthread_mutex_unlock(&events->lock);
}

void events_close(struct events *events)
{
    if (events == NULL)
        return;
    db_close(events->db);
    pthread_mutex_destroy(&events->lock);
    free(events);
}
