/* Writes answers as JSON; see address_print.h.
 * The stream is used by one thread, hence the unlocked calls. */
#include "daemon/cli/address_print.h"

#include "matchers/text/utf8.h"

#include <inttypes.h>

static void put_text(FILE *stream, const char *text)
{
    fputs_unlocked(text, stream);
}

/* A JSON string with its quotes. */
static void put_span(FILE *stream, struct span text)
{
    uint32_t code_point;
    char     bytes[UTF8_BYTES_MAX];

    putc_unlocked('"', stream);
    while (utf8_next(&text, &code_point)) {
        if (code_point < ' ') {
            fprintf(stream, "\\u%04" PRIx32, code_point);
            continue;
        }
        if (code_point == '"' || code_point == '\\')
            putc_unlocked('\\', stream);
        fwrite_unlocked(bytes, 1, utf8_put(code_point, bytes), stream);
    }
    putc_unlocked('"', stream);
}

/* A code with the digits that count, "" for none. */
static void put_code(FILE *stream, uint64_t code)
{
    char digits[24] = "";

    if (code != 0)
        snprintf(digits, sizeof digits, "%012" PRIu64, code);
    digits[gazetteer_level(code)] = '\0';
    putc_unlocked('"', stream);
    put_text(stream, digits);
    putc_unlocked('"', stream);
}

void address_print_parse(FILE *stream, const struct address *address, struct span standard)
{
    put_text(stream, "{\"segments\":[");
    for (size_t i = 0; i < address->segment_count; i++) {
        put_text(stream, i != 0 ? ",{\"text\":" : "{\"text\":");
        put_span(stream, address->segments[i].text);
        put_text(stream, ",\"label\":\"");
        put_text(stream, address_label_word(address->segments[i].label));
        put_text(stream, "\"}");
    }
    put_text(stream, "],\"code\":");
    put_code(stream, address->code);
    fprintf(stream, ",\"level\":%u,\"standard\":", address->level);
    put_span(stream, standard);
    put_text(stream, ",\"ambiguous\":[");
    for (size_t i = 0; i < address->candidate_count; i++) {
        if (i != 0)
            putc_unlocked(',', stream);
        put_code(stream, address->candidates[i]);
    }
    put_text(stream, "]}\n");
}

void address_print_relation(FILE *stream, enum address_relation relation, enum address_level level, const char *reason)
{
    static const char *const relations[] = { "exact", "partial", "different" };

    fprintf(stream, "{\"relation\":\"%s\",\"level\":\"%s\",\"reason\":\"%s\"}\n", relations[relation],
            address_level_word(level), reason);
}
