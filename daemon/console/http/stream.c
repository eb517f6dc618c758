/* Opening a stream; see stream.h.
 * Asks the database nothing: that the session is open and has the role was judged before. */
#include "daemon/console/http/stream.h"

void stream_open(struct web_request *request, struct web_reply *reply)
{
    request->is_stream = true;
    web_answer(reply, 200, NULL);
}
