/* Width, case, interpuncts and invisible characters; see fold.h.
 * Deliberately not NFKC: that keeps most of the dots apart and folds things a name needs. */
#include "matchers/text/fold.h"

#include <stddef.h>

static bool is_interpunct(uint32_t code_point)
{
    static const uint32_t dots[] = { 0x00B7, 0x0387, 0x16EB, 0x2022, 0x2024, 0x2027, 0x2219,  0x22C5,
                                     0x25CF, 0x25E6, 0x2E31, 0x2E33, 0x30FB, 0xA78F, 0xFE52,  0xFF65,
                                     0xFF0E, 0x2E,   0x3002, 0xFF61, 0x2981, 0x2E30, 0x10101, 0x22EF };

    for (size_t i = 0; i < sizeof dots / sizeof dots[0]; i++) {
        if (dots[i] == code_point)
            return true;
    }
    return false;
}

uint32_t fold_width(uint32_t code_point)
{
    /* Most are digits, letters and Han, which no row below names. */
    if ((code_point < 0x7F && code_point != '.') || (code_point >= 0x3100 && code_point < 0xA000))
        return code_point;
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

uint32_t fold_latin(uint32_t code_point)
{
    /* U+00C0 to U+017F, then the caron and tone letters of pinyin, U+01CD to U+01DC. */
    static const char base[]  = "aaaaaaaceeeeiiiidnooooo-ouuuvytsaaaaaaaceeeeiiiidnooooo-ouuuvyty"
                                "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnnnnn"
                                "oooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
    static const char tones[] = "aaiioouuvvvvvvvv";

    if (code_point >= 'A' && code_point <= 'Z')
        return code_point - 'A' + 'a';
    if (code_point >= 0xC0 && code_point < 0xC0 + sizeof base - 1 && base[code_point - 0xC0] != '-')
        return (uint32_t)base[code_point - 0xC0];
    if (code_point >= 0x1CD && code_point < 0x1CD + sizeof tones - 1)
        return (uint32_t)tones[code_point - 0x1CD];
    return code_point == 0x1F8 || code_point == 0x1F9 ? 'n' : code_point;
}

bool fold_is_mark(uint32_t code_point)
{
    return code_point >= 0x300 && code_point <= 0x36F;
}

bool fold_is_han(uint32_t code_point)
{
    return (code_point >= 0x2E80 && code_point <= 0x2FDF) || (code_point >= 0x3400 && code_point <= 0x9FFF) ||
           (code_point >= 0xF900 && code_point <= 0xFAFF) || (code_point >= 0x20000 && code_point <= 0x3FFFF) ||
           (code_point >= 0xE000 && code_point <= 0xF8FF) || code_point == 0x3007;
}
