/* Width, case, interpuncts and invisible characters; see fold.h.
 * Deliberately not NFKC: that keeps most of the dots apart and folds things a name needs. */
#include "matchers/text/fold.h"

#include <stddef.h>

static bool is_interpunct(uint32_t code_point)
{
    static const uint32_t dots[] = { 0x00B7, 0x0387, 0x16EB, 0x2022, 0x2024, 0x2027, 0x2219, 0x22C5, 0x25CF, 0x25E6,
                                     0x2E31, 0x2E33, 0x30FB, 0xA78F, 0xFE52, 0xFF65, 0xFF0E, 0x2E,   0x3002, 0xFF61 };

    for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++) {
        if (dots[i] == code_point)
            return true;
    }
    return false;
}

uint32_t fold_width(uint32_t code_point)
{
    if (code_point == 0x3000)
        return ' ';
    if (code_point == 0x2169 || code_point == 0x2179)
        return 'X';
    if (is_interpunct(code_point))
        return FOLD_INTERPUNCT;
    if (code_point >= 0xFF01 && code_point <= 0xFF5E)
        return code_point - 0xFEE0;
    return code_point;
}

bool fold_is_ignorable(uint32_t code_point)
{
    return code_point <= ' ' || (code_point >= 0x7F && code_point <= 0xA0) || code_point == 0xAD ||
           (code_point >= 0x2000 && code_point <= 0x200F) || (code_point >= 0x2028 && code_point <= 0x202F) ||
           (code_point >= 0x205F && code_point <= 0x206F) || code_point == 0x3000 || code_point == 0xFEFF ||
           (code_point >= 0xFE00 && code_point <= 0xFE0F) || (code_point >= 0xE0100 && code_point <= 0xE01EF) ||
           code_point == 0x180E || code_point == 0x1680;
}

bool fold_is_han(uint32_t code_point)
{
    return (code_point >= 0x3400 && code_point <= 0x9FFF) || (code_point >= 0xF900 && code_point <= 0xFAFF) ||
           (code_point >= 0x20000 && code_point <= 0x3FFFF) || (code_point >= 0xE000 && code_point <= 0xF8FF) ||
           code_point == 0x3007;
}
