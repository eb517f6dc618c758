/* Any bytes as a post's answer: what is taken holds codes only, and a judgement is one of the known ones. */
#include "daemon/courier/ack.h"
#include "tests/fuzz/fuzz.h"

#include <assert.h>
#include <string.h>

static void check_code(const char *text)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/+-";

    assert(memchr(text, '\0', ACK_TEXT_BYTES) != NULL && strspn(text, allowed) == strlen(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ack  ack;
    const char *field = NULL;

    memset(&ack, 0xff, sizeof ack);
    if (!ack_parse(data, size, &ack, &field)) {
        assert(field != NULL);
        return 0;
    }
    assert(size <= ACK_MESSAGE_BYTES_MAX);
    const char *const texts[] = { ack.alert_id, ack.post_id, ack.who, ack.at, ack.outcome_code };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_code(texts[i]);
    assert(ack.state == DELIVERY_ACKED || ack.state == DELIVERY_ACTING || ack.state == DELIVERY_CLOSED ||
           ack.state == DELIVERY_CANNOT);
    for (unsigned known = 0; known < 16; known++) {
        const struct ack_facts facts   = { (known & 1) != 0, (known & 2) != 0,
                                         (known & 4) != 0 ? DELIVERY_CLOSED : DELIVERY_SENT, (known & 8) != 0 };
        const enum ack_verdict verdict = ack_judge(&ack, (known & 1) != 0 ? ack.post_id : "another", facts);
        assert(ack_verdict_word(verdict) != NULL);
        assert(!ack_is_effective(verdict) || (facts.alert_exists && facts.delivery_exists));
    }
    return 0;
}
