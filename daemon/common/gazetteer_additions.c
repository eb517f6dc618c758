/* Reads the operator's rows; see gazetteer_additions.h.
 * Deliberately strict: a row that cannot stand stops the build, so that no name is lost unnoticed. */
#include "daemon/common/gazetteer_additions.h"

#include "daemon/common/gazetteer_names.h"
#include "matchers/address/gazetteer_format.h"

#include <string.h>

enum { NAME_LEAST_BYTES = 6, NAME_MOST_BYTES = 3 * GAZETTEER_NAME_CHARACTERS_MAX };

enum kind { KIND_ALIAS, KIND_COMMUNITY, KIND_ESTATE, KIND_HAMLET, KIND_COUNT };

static enum kind kind_of(const char *word)
{
    static const char *const words[KIND_COUNT] = { "alias", "community", "estate", "hamlet" };
    int                      kind              = 0;

    while (kind < KIND_COUNT && strcmp(words[kind], word) != 0)
        kind++;
    return (enum kind)kind;
}

/* What is wrong with the row by itself; NULL when nothing is. */
static const char *row_fault(char **columns)
{
    const size_t length = strlen(columns[1]);

    if (kind_of(columns[0]) == KIND_COUNT)
        return "kind: alias, community, estate or hamlet";
    if (length < NAME_LEAST_BYTES || length > NAME_MOST_BYTES)
        return "name: 2 to 24 characters";
    if (gather_code(columns[2]) == 0 || strspn(columns[2], "0123456789") != strlen(columns[2]))
        return "code: 2 to 12 digits";
    if (kind_of(columns[0]) != KIND_ALIAS && gazetteer_level(gather_code(columns[2])) != 12)
        return "code: 12 digits, of a community";
    return NULL;
}

void additions_take_community(struct build *build, char **columns)
{
    build->fault = row_fault(columns);
    if (build->fault == NULL && kind_of(columns[0]) == KIND_COMMUNITY)
        gather_division(build, gather_code(columns[2]), columns[1]);
}

static void take_alias(struct build *build, const char *name, const struct division *division)
{
    struct gazetteer_variant variants[GAZETTEER_VARIANTS_MAX];
    const unsigned           level = gazetteer_level(division->code);
    const size_t             count = gazetteer_variants(level, span_from_text(name), variants);

    for (size_t i = 0; i < count; i++)
        gather_name(build, span_from_text(variants[i].text), (size_t)(division - build->divisions), variants[i].form);
}

void additions_take_name(struct build *build, char **columns)
{
    const uint64_t         code     = gather_code(columns[2]);
    const struct division *division = gather_find(build, code);
    const struct division *town     = gather_find(build, gazetteer_cut(code, 9));

    build->addition_count++;
    if (kind_of(columns[0]) == KIND_COMMUNITY) {
        const bool is_twice = division == NULL || strcmp(division->name, columns[1]) != 0;
        build->fault = town == NULL ? "code: no town has it" : is_twice ? "code: another community has it" : NULL;
        return;
    }
    if (division == NULL)
        build->fault = "code: no division has it";
    else if (kind_of(columns[0]) == KIND_ALIAS)
        take_alias(build, columns[1], division);
    else
        gather_name(build, span_from_text(columns[1]), (size_t)(division - build->divisions), GAZETTEER_PLACE);
}
