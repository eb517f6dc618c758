/* The message of an alert to a post, out of facts that the database wrote as JSON (inbox_message, desk_views). */
#ifndef HULEI_DAEMON_CONSOLE_HTTP_MESSAGE_H
#define HULEI_DAEMON_CONSOLE_HTTP_MESSAGE_H

#include "daemon/console/http/web.h"

/* `data` of the message; a new reference, NULL when the view is unknown or memory is out. */
json_t *message_render(const struct web_request *request, const json_t *facts);

#endif
