/* Any line as a reviewer's request: a refusal names its fault; what is taken, written anew, is taken again.
 * Knows no reviewer and no task. */
#include "daemon/console/protocol.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *word_of(enum request_op op)
{
    static const char *const words[] = { "list",   "show", "accept", "reject", "needs_info",
                                         "unsure", "sign", "refuse", "undo",   "identity" };

    return words[op];
}

static json_t *write_request(const struct request *request)
{
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "op", word_of(request->op), "task", request->task, "reason",
                  request->reason, "verdict", request->verdict, "side", request->side, "seen", request->seen);
    json_t *apart = json_array();

    assert(object != NULL);
    if (request->version > 0)
        json_object_set_new(object, "version", json_integer(request->version));
    for (size_t i = 0; i < request->apart_count; i++)
        json_array_append_new(apart, json_integer(request->apart[i]));
    json_object_set_new(object, "apart", apart);
    return object;
}

static bool are_same(const struct request *a, const struct request *b)
{
    return a->op == b->op && a->version == b->version && strcmp(a->task, b->task) == 0 &&
           strcmp(a->reason, b->reason) == 0 && strcmp(a->verdict, b->verdict) == 0 && strcmp(a->side, b->side) == 0 &&
           strcmp(a->seen, b->seen) == 0 && a->apart_count == b->apart_count &&
           memcmp(a->apart, b->apart, a->apart_count * sizeof a->apart[0]) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct request request, again;
    const char    *fault = NULL;

    if (size > REQUEST_LINE_BYTES_MAX)
        return 0;
    if (!request_parse((const char *)data, size, &request, &fault)) {
        assert(fault != NULL && fault[0] != '\0');
        return 0;
    }
    assert(fault == NULL && request.apart_count <= REQUEST_APART_MAX);
    json_t *object = write_request(&request);
    char   *text   = json_dumps(object, JSON_COMPACT);
    assert(text != NULL && request_parse(text, strlen(text), &again, &fault));
    assert(are_same(&request, &again));
    free(text);
    json_decref(object);
    return 0;
}
