/* The posts that receive alerts: read from posts.yaml, stored in PostgreSQL, where everybody else reads them.
 * Posts are configuration, not code (DOMAIN.md 0.12); what a post may see is its view, in views.yaml. */
#ifndef HULEI_DAEMON_COURIER_POSTS_H
#define HULEI_DAEMON_COURIER_POSTS_H

#include "daemon/common/db.h"

#include <stdbool.h>
#include <stddef.h>

struct post_area {
    char *code;      /* 2 to 12 digits; a shorter code covers all longer ones that begin with it */
    char *from, *to; /* YYYY-MM-DD; NULL: no bound */
};

/* Where messages go by HTTPS instead of Kafka (Standard Webhooks). */
struct webhook_target {
    char  *url;     /* https://... */
    char  *ca;      /* PEM file whose certificates may vouch for the receiver, and no other; relative to posts.yaml */
    char **secrets; /* one or two files of 32 bytes in the courier's folder of keys; two while one replaces the other */
    unsigned secrets_count;
};

struct post {
    char             *id;
    char             *view;      /* word of enum view */
    char             *lead;      /* post that gets what nobody acknowledges; NULL: none */
    char             *topic;     /* where its alerts go; "webhook:<id>" for a post with a webhook */
    char             *ack_topic; /* where its answers come from; as topic for a post with a webhook */
    bool              unrouted;  /* hears of alerts whose area no post answers for */
    struct post_area *areas;
    unsigned          areas_count;

    struct webhook_target *webhook; /* NULL: it has Kafka */
};

struct posts {
    struct post *posts;
    unsigned     posts_count;

    struct webhook_target *gateway; /* the district's gateway for text messages and calls; NULL: there is none */
};

/* NULL on failure, with `error` naming the place. Free with posts_free(). */
struct posts *posts_load(const char *path, char *error, size_t error_size);

/* Freeing NULL does nothing. */
void posts_free(struct posts *posts);

/*
 * Makes the tables say what the file says, inside the caller's transaction: posts that left the file become
 * inactive, never deleted, as alerts refer to them.
 */
enum db_status posts_store(const struct posts *posts, struct db *db);

#endif
