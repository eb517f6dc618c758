/* What the files of the person mode share.
 * Deliberately not part of the interface: see link_person.h. */
#ifndef HULEI_DAEMON_CLI_LINK_PERSON_PARTS_H
#define HULEI_DAEMON_CLI_LINK_PERSON_PARTS_H

#include "daemon/cli/link/link_person.h"
#include "daemon/cli/link/link_person_input.h"
#include "daemon/cli/link/link_places.h"
#include "daemon/cli/link/link_work.h"
#include "daemon/common/slabs.h"
#include "matchers/identity/compare.h"
#include "matchers/identity/identity.h"
#include "matchers/identity/sweep.h"

/* Rows that one thread has read and that are not yet in the index. */
struct chunk {
    struct arena texts; /* of the rows */
    struct span (*rows)[LINK_ROLES];
    struct identity_item *items;
    size_t                count;
    void                 *scratch;
};

struct link_people {
    const struct link_config *config;
    struct link_records      *records;
    unsigned                  threads;
    struct gazetteer_file    *gazetteer;
    struct language_tables   *language;
    struct identity_model    *model;
    struct identity_index    *index;
    struct slabs              slabs; /* the index's memory */
    struct link_places       *places;
    struct chunk              chunks[LINK_THREADS_MAX];
    uint32_t                 *contents; /* of each record; after link_people_cluster() */
    size_t                    edges_max_bytes, persons;
    uint64_t                  frozen; /* merges that a conflict forbade */
};

#endif
