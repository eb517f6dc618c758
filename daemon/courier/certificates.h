/* The certificates of police posts: <folder>/<post id>.pem, read at start and again every minute.
 * A post without a good one is an alarm; its emergencies go all the same, without their encrypted part. */
#ifndef HULEI_DAEMON_COURIER_CERTIFICATES_H
#define HULEI_DAEMON_COURIER_CERTIFICATES_H

#include "daemon/common/view/view_policy.h"
#include "daemon/courier/cms.h"
#include "daemon/courier/posts.h"

struct certificates;

/* `folder`, `posts` and `views` are borrowed. NULL: no memory. */
struct certificates *certificates_open(const char *folder, const struct posts *posts, const struct view_policy *views);

/* Closing NULL does nothing. */
void certificates_close(struct certificates *certificates);

/* Reads the files anew and logs what changed; returns how many posts that need one have none. */
int certificates_load(struct certificates *certificates);

/* NULL when the post has none that is valid now. */
const struct cms_recipient *certificates_of(const struct certificates *certificates, const char *post_id);

#endif
