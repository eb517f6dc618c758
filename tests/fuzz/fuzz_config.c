/* Any bytes as one of the configuration's files: read or refused, always with a complaint, and nothing is left behind.
 * The first byte says which file it is. */
#include "daemon/common/config.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/policy.h"
#include "daemon/courier/posts.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/hulei-fuzz.XXXXXX";

static void remove_file(void)
{
    unlink(path);
}

static void write_file(const uint8_t *data, size_t size)
{
    static int file = -1;

    if (file < 0) {
        file = mkstemp(path);
        atexit(remove_file);
    }
    assert(file >= 0 && ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
}

static void check_complaint(bool is_read, const char *error)
{
    assert(is_read || error[0] != '\0');
}

static void read_policy(struct span text)
{
    static struct policy policy; /* large */
    char                 error[512] = "";

    for (int i = 0; i < POLICY_FILES; i++) {
        struct policy_texts texts = {
            .files = {span_from_text(""), span_from_text(""), span_from_text("")}
        };
        texts.files[i] = text;
        check_complaint(policy_read(&texts, &policy, error, sizeof error), error);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[512] = "";

    if (size == 0 || size > 65536)
        return 0;
    write_file(data + 1, size - 1);
    switch (data[0] % 4) {
    case 0: {
        struct config *config = config_load(path, error, sizeof error);
        check_complaint(config != NULL, error);
        config_free(config);
        break;
    }
    case 1: {
        struct posts *posts = posts_load(path, error, sizeof error);
        check_complaint(posts != NULL, error);
        posts_free(posts);
        break;
    }
    case 2: {
        struct feed_config *feeds = feed_config_load(path, error, sizeof error);
        check_complaint(feeds != NULL, error);
        feed_config_free(feeds);
        break;
    }
    default:
        read_policy(span_of((const char *)data + 1, size - 1));
    }
    return 0;
}
