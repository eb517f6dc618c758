/* What a division is called beside its full name: short forms, stems. Used only when the gazetteer is built.
 * Deliberately rules over suffixes, not a list of names. */
#ifndef HULEI_DAEMON_COMMON_GAZETTEER_NAMES_H
#define HULEI_DAEMON_COMMON_GAZETTEER_NAMES_H

#include "matchers/span.h"

#include <stddef.h>

enum { GAZETTEER_VARIANTS_MAX = 6 };

struct gazetteer_variant {
    char text[128];
    int  form; /* enum gazetteer_form */
};

/* The names under which a division of `level` digits (2, 4, 6, 9, 12) is looked up; the count. */
size_t gazetteer_variants(unsigned level, struct span name, struct gazetteer_variant *variants);

/* The bare name of a province, city or county: 大足区 and 大足县 give 大足. */
struct span gazetteer_bare(struct span name);

/* What the standard form calls a town or village: 复隆村村民委员会 gives 复隆村. */
struct span gazetteer_display(unsigned level, struct span name);

#endif
