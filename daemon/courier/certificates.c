/* Certificates of posts; see certificates.h.
 * Which posts need one, views.yaml says. */
#include "daemon/courier/certificates.h"

#include "daemon/common/clock.h"
#include "daemon/common/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096, UNSEEN = -1 };

struct entry {
    const char           *post_id;
    int                   status; /* enum cms_status as last logged; UNSEEN at first */
    struct cms_recipient *recipient;
};

struct certificates {
    const char   *folder;
    struct entry *entries;
    size_t        count;
};

static bool needs_one(const struct post *post, const struct view_policy *views)
{
    enum view view;

    return view_parse(post->view, &view) && view_policy_rights(views, view)->has_sealed_part;
}

struct certificates *certificates_open(const char *folder, const struct posts *posts, const struct view_policy *views)
{
    struct certificates *certificates = calloc(1, sizeof *certificates);

    if (certificates == NULL)
        return NULL;
    certificates->folder  = folder;
    certificates->entries = calloc(posts->posts_count + 1, sizeof *certificates->entries);
    if (certificates->entries == NULL) {
        free(certificates);
        return NULL;
    }
    for (unsigned i = 0; i < posts->posts_count; i++) {
        if (needs_one(&posts->posts[i], views))
            certificates->entries[certificates->count++] = (struct entry){ posts->posts[i].id, UNSEEN, NULL };
    }
    return certificates;
}

void certificates_close(struct certificates *certificates)
{
    if (certificates == NULL)
        return;
    for (size_t i = 0; i < certificates->count; i++)
        cms_recipient_free(certificates->entries[i].recipient);
    free(certificates->entries);
    free(certificates);
}

static void load_entry(const struct certificates *certificates, struct entry *entry, int64_t now_s)
{
    char                  path[PATH_BYTES];
    struct cms_recipient *recipient = NULL;
    enum cms_status       status    = CMS_NO_CERTIFICATE;

    if ((size_t)snprintf(path, sizeof path, "%s/%s.pem", certificates->folder, entry->post_id) < sizeof path)
        status = cms_recipient_load(path, now_s, &recipient);
    cms_recipient_free(entry->recipient);
    entry->recipient = recipient;
    if (status != CMS_OK && entry->status != (int)status)
        log_error("post_without_certificate", log_word("post", entry->post_id),
                  log_word("reason", cms_status_word(status)));
    else if (status == CMS_OK && entry->status != UNSEEN && entry->status != CMS_OK)
        log_info("post_has_certificate", log_word("post", entry->post_id));
    entry->status = (int)status;
}

int certificates_load(struct certificates *certificates)
{
    const int64_t now_s   = clock_now_us() / 1000000;
    int           missing = 0;

    for (size_t i = 0; i < certificates->count; i++) {
        load_entry(certificates, &certificates->entries[i], now_s);
        missing += certificates->entries[i].recipient == NULL;
    }
    return missing;
}

const struct cms_recipient *certificates_of(const struct certificates *certificates, const char *post_id)
{
    for (size_t i = 0; i < certificates->count; i++) {
        const struct entry *entry = &certificates->entries[i];
        if (strcmp(entry->post_id, post_id) == 0)
            return entry->recipient != NULL && cms_recipient_check(entry->recipient, clock_now_us() / 1000000) == CMS_OK
                       ? entry->recipient
                       : NULL;
    }
    return NULL;
}
