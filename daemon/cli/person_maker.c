/* Persons of records into features; see person_maker.h.
 * Deliberately the engine's own functions: what is seen here holds there. */
#include "daemon/cli/person_maker.h"

#include "daemon/common/gazetteer_file.h"
#include "daemon/common/language.h"
#include "daemon/engine/facts_make.h"

#include <stdio.h>
#include <stdlib.h>

struct person_maker {
    struct gazetteer_file  *gazetteer;
    struct language_tables *language;
    struct blind           *blind;
    struct world_tools      tools;
};

struct person_maker *person_maker_open(char *error, size_t error_size)
{
    struct person_maker *maker = calloc(1, sizeof *maker);

    if (maker == NULL) {
        snprintf(error, error_size, "out of memory");
        return NULL;
    }
    const bool is_open = (maker->gazetteer = gazetteer_file_open(NULL, error, error_size)) != NULL &&
                         (maker->language = language_open(error, error_size)) != NULL &&
                         (maker->blind = blind_open_random(error, error_size)) != NULL;
    if (!is_open) {
        person_maker_close(maker);
        return NULL;
    }
    maker->tools =
        (struct world_tools){ .gazetteer = gazetteer_file_tables(maker->gazetteer), .language = maker->language };
    return maker;
}

void person_maker_close(struct person_maker *maker)
{
    if (maker == NULL)
        return;
    blind_close(maker->blind);
    language_close(maker->language);
    gazetteer_file_close(maker->gazetteer);
    free(maker);
}

const struct language_tables *person_maker_language(const struct person_maker *maker)
{
    return maker->language;
}

size_t person_maker_make(struct person_maker *maker, const struct feed_record *read, struct arena *arena,
                         struct read_person persons[FACTS_SLOTS])
{
    struct people_block blocks[FACTS_SLOTS];
    const size_t        count = people_blocks(read, blocks);
    struct record_facts facts;

    facts_make(&maker->tools, maker->blind, read, 1, arena, &facts);
    for (size_t i = 0; i < count; i++) {
        persons[i].slot                  = blocks[i].slot;
        persons[i].role                  = blocks[i].role;
        const struct facts_person person = people_person(read, &facts, &blocks[i]);

        facts_mention(&maker->tools, maker->blind, &person, arena, &facts, &persons[i].features);
    }
    return count;
}
