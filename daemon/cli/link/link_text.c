/* Growing text; see link_text.h.
 * A failure sticks: it is asked for once, at the end. */
#include "daemon/cli/link/link_text.h"

#include <math.h>
#include <stdlib.h>

static bool reserve(struct link_text *text, size_t bytes)
{
    if (text->capacity - text->length >= bytes)
        return !text->is_full;
    const size_t capacity = (text->capacity + bytes) * 2;
    char        *grown    = realloc(text->bytes, capacity);
    if (grown == NULL) {
        text->is_full = true;
        return false;
    }
    text->bytes    = grown;
    text->capacity = capacity;
    return true;
}

void link_text_put(struct link_text *text, struct span bytes)
{
    if (bytes.length == 0 || !reserve(text, bytes.length))
        return;
    memcpy(text->bytes + text->length, bytes.bytes, bytes.length);
    text->length += bytes.length;
}

void link_text_put_character(struct link_text *text, char character)
{
    link_text_put(text, span_of(&character, 1));
}

static bool needs_quotes(struct span cell)
{
    for (size_t i = 0; i < cell.length; i++) {
        if (cell.bytes[i] == '"' || cell.bytes[i] == ',' || cell.bytes[i] == '\n' || cell.bytes[i] == '\r')
            return true;
    }
    return false;
}

void link_text_put_cell(struct link_text *text, struct span cell)
{
    if (!needs_quotes(cell)) {
        link_text_put(text, cell);
        return;
    }
    link_text_put_character(text, '"');
    for (size_t i = 0; i < cell.length; i++) {
        if (cell.bytes[i] == '"')
            link_text_put_character(text, '"');
        link_text_put_character(text, cell.bytes[i]);
    }
    link_text_put_character(text, '"');
}

void link_text_put_number(struct link_text *text, double number, unsigned decimals)
{
    static const double scales[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
    char                digits[40];
    size_t              at   = sizeof digits;
    const long long     unit = llround(number * scales[decimals]);
    unsigned long long  left = unit < 0 ? 0ULL - (unsigned long long)unit : (unsigned long long)unit;

    for (unsigned i = 0; i < decimals || left > 0 || i == decimals; i++) {
        if (i == decimals && decimals > 0)
            digits[--at] = '.';
        digits[--at] = (char)('0' + left % 10);
        left /= 10;
    }
    if (unit < 0)
        digits[--at] = '-';
    link_text_put(text, span_of(digits + at, sizeof digits - at));
}

void link_text_put_record(struct link_text *text, const struct link_records *records, uint32_t record)
{
    if (records->source_names.count > 2) {
        link_text_put_cell(text, link_records_source(records, record));
        link_text_put_character(text, ':');
    }
    link_text_put_cell(text, link_records_id(records, record));
    link_text_put_character(text, ',');
}

bool link_text_write(const struct link_text *text, FILE *file)
{
    return !text->is_full && (text->length == 0 || fwrite(text->bytes, 1, text->length, file) == text->length);
}

void link_text_clear(struct link_text *text)
{
    free(text->bytes);
    *text = (struct link_text){ 0 };
}
