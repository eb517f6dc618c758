/* Code points out of UTF-8 and back; see utf8.h.
 * Deliberately tolerant: the front door has already refused broken encodings. */
#include "matchers/text/utf8.h"

static size_t length_of(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead < 0xE0)
        return 2;
    if (lead >= 0xE0 && lead < 0xF0)
        return 3;
    if (lead >= 0xF0 && lead < 0xF5)
        return 4;
    return 0;
}

static bool is_scalar(uint32_t code_point, size_t length)
{
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };

    return code_point >= smallest[length] && code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
}

bool utf8_next(struct span *rest, uint32_t *code_point)
{
    if (rest->length == 0)
        return false;

    const unsigned char *bytes  = (const unsigned char *)rest->bytes;
    const size_t         length = length_of(bytes[0]);
    uint32_t             read   = UTF8_BROKEN;
    size_t               used   = 1;

    if (length == 1)
        read = bytes[0];
    if (length > 1 && length <= rest->length) {
        uint32_t value = bytes[0] & (0x7Fu >> length);
        size_t   i     = 1;

        for (; i < length && (bytes[i] & 0xC0) == 0x80; i++)
            value = value << 6 | (bytes[i] & 0x3Fu);
        if (i == length && is_scalar(value, length)) {
            read = value;
            used = length;
        }
    }
    rest->bytes += used;
    rest->length -= used;
    *code_point = read;
    return true;
}

size_t utf8_put(uint32_t code_point, char out[UTF8_BYTES_MAX])
{
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (code_point >> 18 & 7));
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}
