/* posts.yaml; see posts.h.
 * Does not look whether a topic exists; the courier does, with its own rights. */
#include "daemon/courier/posts.h"

#include "daemon/common/db_array.h"
#include "daemon/common/view/view_policy.h"
#include "daemon/common/yaml_file.h"

#include <cyaml/cyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, 200)
#define TEXT_OPTIONAL(key, type, member)                                                                               \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 1, 200)

static const cyaml_schema_field_t area_fields[] = {
    TEXT("code", struct post_area, code),
    TEXT_OPTIONAL("from", struct post_area, from),
    TEXT_OPTIONAL("to", struct post_area, to),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t area_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct post_area, area_fields),
};

static const cyaml_schema_value_t secret_schema = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 200),
};

static const cyaml_schema_field_t webhook_fields[] = {
    TEXT("url", struct webhook_target, url),
    TEXT("ca", struct webhook_target, ca),
    CYAML_FIELD_SEQUENCE("secrets", CYAML_FLAG_POINTER, struct webhook_target, secrets, &secret_schema, 1, 2),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t post_fields[] = {
    TEXT("id", struct post, id),
    TEXT("view", struct post, view),
    TEXT_OPTIONAL("lead", struct post, lead),
    TEXT_OPTIONAL("topic", struct post, topic),
    TEXT_OPTIONAL("ack_topic", struct post, ack_topic),
    CYAML_FIELD_MAPPING_PTR("webhook", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct post, webhook, webhook_fields),
    CYAML_FIELD_BOOL("unrouted", CYAML_FLAG_OPTIONAL, struct post, unrouted),
    CYAML_FIELD_SEQUENCE("areas", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct post, areas, &area_schema, 0, 1000),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t post_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct post, post_fields),
};

static const cyaml_schema_field_t posts_fields[] = {
    CYAML_FIELD_MAPPING_PTR("gateway", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct posts, gateway, webhook_fields),
    CYAML_FIELD_SEQUENCE("posts", CYAML_FLAG_POINTER, struct posts, posts, &post_schema, 1, 10000),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t posts_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct posts, posts_fields),
};

static const struct post *find_post(const struct posts *posts, const char *id, unsigned before)
{
    for (unsigned i = 0; i < before; i++) {
        if (strcmp(posts->posts[i].id, id) == 0)
            return &posts->posts[i];
    }
    return NULL;
}

static bool is_area_code(const char *code)
{
    const size_t length = strlen(code);

    return length >= 2 && length <= 12 && strspn(code, "0123456789") == length;
}

/* What is wrong with where a post's messages go, or NULL. */
static const char *way_fault(const struct post *post)
{
    const bool has_topics = post->topic != NULL && post->ack_topic != NULL;

    if (post->webhook == NULL)
        return has_topics ? NULL : "topic and ack_topic, or webhook";
    if (post->topic != NULL || post->ack_topic != NULL)
        return "webhook: a post has this or topics, not both";
    return strncmp(post->webhook->url, "https://", 8) == 0 ? NULL : "webhook: url begins with https://";
}

/* A post with a webhook stands in the tables by a name that is no topic's. */
static bool name_way(struct post *post)
{
    if (post->webhook == NULL)
        return true;
    return asprintf(&post->topic, "webhook:%s", post->id) > 0 && asprintf(&post->ack_topic, "webhook:%s", post->id) > 0;
}

/* What is wrong with a post, or NULL. */
static const char *post_fault(const struct posts *posts, unsigned index)
{
    const struct post *post = &posts->posts[index];
    enum view          view;

    if (strspn(post->id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(post->id) || strlen(post->id) > 40)
        return "id: up to 40 of a-z, 0-9 and -";
    if (find_post(posts, post->id, index) != NULL)
        return "id: given twice";
    if (!view_parse(post->view, &view))
        return "view: police, judicial, civil, education, community or office";
    if (post->lead != NULL &&
        (strcmp(post->lead, post->id) == 0 || find_post(posts, post->lead, posts->posts_count) == NULL))
        return "lead: another post of this file";
    const char *fault = way_fault(post);
    if (fault != NULL)
        return fault;
    for (unsigned i = 0; i < post->areas_count; i++) {
        if (!is_area_code(post->areas[i].code))
            return "areas: code has 2 to 12 digits";
    }
    return NULL;
}

struct posts *posts_load(const char *path, char *error, size_t error_size)
{
    struct posts *posts = yaml_file_load(path, &posts_schema, error, error_size);

    if (posts == NULL)
        return NULL;
    for (unsigned i = 0; i < posts->posts_count; i++) {
        const char *fault = post_fault(posts, i);
        if (fault != NULL) {
            snprintf(error, error_size, "%s: post %u: %s", path, i + 1, fault);
            posts_free(posts);
            return NULL;
        }
    }
    if (posts->gateway != NULL && strncmp(posts->gateway->url, "https://", 8) != 0) {
        snprintf(error, error_size, "%s: gateway: url begins with https://", path);
        posts_free(posts);
        return NULL;
    }
    for (unsigned i = 0; i < posts->posts_count; i++) {
        if (!name_way(&posts->posts[i])) {
            snprintf(error, error_size, "out of memory");
            posts_free(posts);
            return NULL;
        }
    }
    return posts;
}

void posts_free(struct posts *posts)
{
    yaml_file_free(&posts_schema, posts);
}

static enum db_status store_areas(const struct post *post, struct db *db)
{
    const struct db_param id     = db_text(post->id);
    enum db_status        status = db_run(db, &statement_courier_post_areas_clear, &id, 1, NULL);

    for (unsigned i = 0; i < post->areas_count && status == DB_OK; i++) {
        const struct post_area *area     = &post->areas[i];
        const struct db_param   params[] = { id, db_text(area->code), db_text(area->from), db_text(area->to) };
        status                           = db_run(db, &statement_courier_post_area_add, params, 4, NULL);
    }
    return status;
}

/* Posts that left the file. */
static enum db_status deactivate_others(const struct posts *posts, struct db *db)
{
    struct db_array ids;
    struct db_param param;
    enum db_status  status = DB_RETRY;

    db_array_init(&ids, DB_ARRAY_TEXT);
    for (unsigned i = 0; i < posts->posts_count; i++)
        db_array_add_span(&ids, span_from_text(posts->posts[i].id));
    if (db_array_param(&ids, &param))
        status = db_run(db, &statement_courier_posts_deactivate, &param, 1, NULL);
    db_array_clear(&ids);
    return status;
}

enum db_status posts_store(const struct posts *posts, struct db *db)
{
    enum db_status status = deactivate_others(posts, db);

    /* Leads refer to posts that may stand later in the file: first all posts, then the leads. */
    for (unsigned i = 0; i < posts->posts_count && status == DB_OK; i++) {
        const struct post    *post     = &posts->posts[i];
        const struct db_param params[] = { db_text(post->id), db_text(post->view), db_text(post->topic),
                                           db_text(post->ack_topic), db_text(post->unrouted ? "true" : "false") };
        status                         = db_run(db, &statement_courier_post_put, params, 5, NULL);
        if (status == DB_OK)
            status = store_areas(post, db);
    }
    for (unsigned i = 0; i < posts->posts_count && status == DB_OK; i++) {
        const struct db_param params[] = { db_text(posts->posts[i].id), db_text(posts->posts[i].lead) };
        status                         = db_run(db, &statement_courier_post_lead, params, 2, NULL);
    }
    const struct db_param gateway = db_text(posts->gateway != NULL ? "on" : "off");
    return status == DB_OK ? db_run(db, &statement_courier_gateway, &gateway, 1, NULL) : status;
}
