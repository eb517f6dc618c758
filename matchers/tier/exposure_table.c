/* Packed situations, postings by shared key and one grid per role; see exposure_table.h.
 * Deliberately no policy: what a shared key or a distance is worth is decided later. */
#include "matchers/tier/exposure_table.h"

#include <assert.h>
#include <string.h>

/* A situation in as few bytes as it needs: the arrays follow in the order of the counts. */
struct packed_person {
    int64_t            person_id;
    struct policy_date birth;
    int32_t            moved_day;
    uint8_t            grade, is_disputed, is_child, is_vulnerable, is_shielded;
    uint8_t            caregiver_count, concern_count, residence_count, household_count, unit_count, gate_count;
    uint8_t            workplace_count, size_class;
    uint8_t            unused[3];
};

enum {
    PACKED_MOST = sizeof(struct packed_person) + EXPOSURE_RESIDENCES * sizeof(struct exposure_residence) +
                  EXPOSURE_CONCERNS * sizeof(struct exposure_concern) + EXPOSURE_CAREGIVERS * sizeof(int64_t) +
                  EXPOSURE_HOUSEHOLDS * sizeof(uint64_t) + EXPOSURE_UNITS * sizeof(struct exposure_unit) +
                  EXPOSURE_GATES * sizeof(struct exposure_gate) +
                  EXPOSURE_WORKPLACES * sizeof(struct exposure_residence),
    KEYS_MOST = 3 * EXPOSURE_RESIDENCES + EXPOSURE_HOUSEHOLDS + EXPOSURE_CAREGIVERS,
};

_Static_assert((size_t)PACKED_MOST <= (size_t)EXPOSURE_SIZE_STEP * EXPOSURE_SIZE_CLASSES, "a full situation fits");
_Static_assert(sizeof(struct packed_person) % 8 == 0, "the arrays behind it are aligned");

/* What two persons may share. The posting kind is twice this plus the role of the one who holds it. */
enum key_kind { KEY_DWELLING, KEY_BUILDING, KEY_GROUP, KEY_HOUSEHOLD, KEY_CAREGIVER, KEY_COMMUNITY };

struct shared_key {
    uint32_t kind;
    uint64_t key;
};

bool exposure_has_role(const struct person_situation *situation, enum exposure_role role)
{
    return role == EXPOSURE_CHILD ? situation->is_child : situation->concern_count > 0;
}

void exposure_table_init(struct exposure_table *table, struct pool_memory *memory)
{
    *table = (struct exposure_table){ 0 };
    keymap_init(&table->persons, memory);
    keymap_init(&table->postings, memory);
    proximity_init(&table->grids[EXPOSURE_CHILD], memory);
    proximity_init(&table->grids[EXPOSURE_RISK], memory);
    proximity_init(&table->gates, memory);
    for (size_t i = 0; i < EXPOSURE_SIZE_CLASSES; i++)
        pool_init(&table->packed[i], memory, (i + 1) * EXPOSURE_SIZE_STEP);
}

void exposure_table_clear(struct exposure_table *table)
{
    keymap_clear(&table->persons);
    keymap_clear(&table->postings);
    proximity_clear(&table->grids[EXPOSURE_CHILD]);
    proximity_clear(&table->grids[EXPOSURE_RISK]);
    proximity_clear(&table->gates);
    for (size_t i = 0; i < EXPOSURE_SIZE_CLASSES; i++)
        pool_clear(&table->packed[i]);
}

static char *append(char *end, const void *array, size_t count, size_t size)
{
    memcpy(end, array, count * size);
    return end + count * size;
}

static const char *extract(const char *from, void *array, size_t count, size_t size)
{
    memcpy(array, from, count * size);
    return from + count * size;
}

static size_t size_class_of(const struct person_situation *s)
{
    const size_t bytes = sizeof(struct packed_person) + s->residence_count * sizeof s->residences[0] +
                         s->concern_count * sizeof s->concerns[0] + s->caregiver_count * sizeof s->caregivers[0] +
                         s->household_count * sizeof s->households[0] + s->unit_count * sizeof s->units[0] +
                         s->gate_count * sizeof s->gates[0] + s->workplace_count * sizeof s->workplaces[0];

    return (bytes - 1) / EXPOSURE_SIZE_STEP;
}

static void pack(const struct person_situation *s, struct packed_person *packed, size_t size_class)
{
    *packed = (struct packed_person){
        .person_id       = s->person_id,
        .birth           = s->birth,
        .moved_day       = s->moved_day,
        .grade           = (uint8_t)s->grade,
        .is_disputed     = s->is_disputed,
        .is_child        = s->is_child,
        .is_vulnerable   = s->is_vulnerable,
        .is_shielded     = s->is_shielded,
        .caregiver_count = s->caregiver_count,
        .concern_count   = s->concern_count,
        .residence_count = s->residence_count,
        .household_count = s->household_count,
        .unit_count      = s->unit_count,
        .gate_count      = s->gate_count,
        .workplace_count = s->workplace_count,
        .size_class      = (uint8_t)size_class,
    };

    char *end = (char *)(packed + 1);
    end       = append(end, s->residences, s->residence_count, sizeof s->residences[0]);
    end       = append(end, s->concerns, s->concern_count, sizeof s->concerns[0]);
    end       = append(end, s->caregivers, s->caregiver_count, sizeof s->caregivers[0]);
    end       = append(end, s->households, s->household_count, sizeof s->households[0]);
    end       = append(end, s->units, s->unit_count, sizeof s->units[0]);
    end       = append(end, s->gates, s->gate_count, sizeof s->gates[0]);
    (void)append(end, s->workplaces, s->workplace_count, sizeof s->workplaces[0]);
}

static void unpack(const struct packed_person *packed, struct person_situation *s)
{
    *s = (struct person_situation){
        .person_id       = packed->person_id,
        .birth           = packed->birth,
        .moved_day       = packed->moved_day,
        .grade           = (enum identity_grade_word)packed->grade,
        .is_disputed     = packed->is_disputed,
        .is_child        = packed->is_child,
        .is_vulnerable   = packed->is_vulnerable,
        .is_shielded     = packed->is_shielded,
        .caregiver_count = packed->caregiver_count,
        .concern_count   = packed->concern_count,
        .residence_count = packed->residence_count,
        .household_count = packed->household_count,
        .unit_count      = packed->unit_count,
        .gate_count      = packed->gate_count,
        .workplace_count = packed->workplace_count,
    };

    const char *from = (const char *)(packed + 1);
    from             = extract(from, s->residences, s->residence_count, sizeof s->residences[0]);
    from             = extract(from, s->concerns, s->concern_count, sizeof s->concerns[0]);
    from             = extract(from, s->caregivers, s->caregiver_count, sizeof s->caregivers[0]);
    from             = extract(from, s->households, s->household_count, sizeof s->households[0]);
    from             = extract(from, s->units, s->unit_count, sizeof s->units[0]);
    from             = extract(from, s->gates, s->gate_count, sizeof s->gates[0]);
    (void)extract(from, s->workplaces, s->workplace_count, sizeof s->workplaces[0]);
}

static size_t add_key(struct shared_key *keys, size_t count, enum key_kind kind, enum exposure_role role, uint64_t key)
{
    if (key == 0)
        return count;
    keys[count] = (struct shared_key){ 2 * (uint32_t)kind + (uint32_t)role, key };
    return count + 1;
}

/* The keys under which this person is found in `role`, or looks for others who are in it. */
static size_t collect_keys(const struct person_situation *s, enum exposure_role role, struct shared_key keys[KEYS_MOST])
{
    size_t count = 0;

    for (size_t i = 0; i < s->residence_count; i++) {
        const struct exposure_residence *home = &s->residences[i];
        count = home->building_key != 0 ? add_key(keys, count, KEY_BUILDING, role, home->building_key)
                                        : add_key(keys, count, KEY_DWELLING, role, home->dwelling_key);
        count = add_key(keys, count, KEY_GROUP, role, home->group_key);
    }
    for (size_t i = 0; i < s->household_count; i++)
        count = add_key(keys, count, KEY_HOUSEHOLD, role, s->households[i]);
    return count;
}

static size_t collect_postings(const struct person_situation *s, enum exposure_role role,
                               struct shared_key keys[KEYS_MOST])
{
    size_t count = collect_keys(s, role, keys);

    for (size_t i = 0; role == EXPOSURE_CHILD && i < s->caregiver_count; i++)
        count = add_key(keys, count, KEY_CAREGIVER, role, (uint64_t)s->caregivers[i]);
    for (size_t i = 0; i < s->residence_count; i++)
        count = add_key(keys, count, KEY_COMMUNITY, role, s->residences[i].community_code);
    return count;
}

static struct proximity_point point_of(const struct exposure_residence *home)
{
    return (struct proximity_point){ home->lon, home->lat };
}

static bool is_on_grid(const struct exposure_residence *home)
{
    return home->has_point && proximity_point_is_valid(point_of(home));
}

static struct packed_person *find_packed(const struct exposure_table *table, int64_t person_id)
{
    const struct keymap_node *node = keymap_first(&table->persons, 0, (uint64_t)person_id);

    return node != NULL ? keymap_pointer(node) : NULL;
}

static struct proximity_point point_of_gate(const struct exposure_gate *gate)
{
    return (struct proximity_point){ gate->lon, gate->lat };
}

static void enter_role(struct exposure_table *table, const struct person_situation *s, enum exposure_role role)
{
    struct shared_key keys[KEYS_MOST];
    const size_t      count = collect_postings(s, role, keys);
    bool              is_in = true;

    for (size_t i = 0; i < count; i++)
        is_in = is_in && keymap_insert(&table->postings, keys[i].kind, keys[i].key, (uint64_t)s->person_id);
    for (size_t i = 0; i < s->residence_count; i++) {
        const struct exposure_residence *home = &s->residences[i];
        const struct proximity_item      item = { (uint64_t)s->person_id, point_of(home), home->uncertainty_m };
        if (is_on_grid(home))
            is_in = is_in && proximity_insert(&table->grids[role], item);
    }
    for (size_t i = 0; role == EXPOSURE_CHILD && i < s->gate_count; i++) {
        const struct proximity_item item = { (uint64_t)s->person_id, point_of_gate(&s->gates[i]), 0 };
        if (proximity_point_is_valid(item.point))
            is_in = is_in && proximity_insert(&table->gates, item);
    }
    assert(is_in); /* everything was reserved */
    table->role_counts[role]++;
}

static void leave_role(struct exposure_table *table, const struct person_situation *s, enum exposure_role role)
{
    struct shared_key keys[KEYS_MOST];
    const size_t      count = collect_postings(s, role, keys);

    for (size_t i = 0; i < count; i++)
        keymap_remove(&table->postings, keys[i].kind, keys[i].key, (uint64_t)s->person_id);
    for (size_t i = 0; i < s->residence_count; i++) {
        if (is_on_grid(&s->residences[i]))
            proximity_remove(&table->grids[role], (uint64_t)s->person_id, point_of(&s->residences[i]));
    }
    for (size_t i = 0; role == EXPOSURE_CHILD && i < s->gate_count; i++) {
        if (proximity_point_is_valid(point_of_gate(&s->gates[i])))
            proximity_remove(&table->gates, (uint64_t)s->person_id, point_of_gate(&s->gates[i]));
    }
    table->role_counts[role]--;
}

static bool reserve_person(struct exposure_table *table, const struct person_situation *s, size_t size_class)
{
    return keymap_reserve(&table->persons, 1) && pool_reserve(&table->packed[size_class], 1) &&
           keymap_reserve(&table->postings, (size_t)2 * KEYS_MOST) &&
           proximity_reserve(&table->grids[EXPOSURE_CHILD], s->residence_count) &&
           proximity_reserve(&table->grids[EXPOSURE_RISK], s->residence_count) &&
           proximity_reserve(&table->gates, s->gate_count);
}

static bool counts_are_sane(const struct person_situation *s)
{
    return s->residence_count <= EXPOSURE_RESIDENCES && s->concern_count <= EXPOSURE_CONCERNS &&
           s->caregiver_count <= EXPOSURE_CAREGIVERS && s->household_count <= EXPOSURE_HOUSEHOLDS &&
           s->unit_count <= EXPOSURE_UNITS && s->gate_count <= EXPOSURE_GATES &&
           s->workplace_count <= EXPOSURE_WORKPLACES;
}

bool exposure_table_put(struct exposure_table *table, const struct person_situation *situation)
{
    assert(counts_are_sane(situation));

    const size_t size_class = size_class_of(situation);
    if (!reserve_person(table, situation, size_class))
        return false;

    exposure_table_remove(table, situation->person_id);
    struct packed_person *packed = pool_take(&table->packed[size_class]);
    assert(packed != NULL);
    pack(situation, packed, size_class);
    keymap_insert(&table->persons, 0, (uint64_t)situation->person_id, keymap_value(packed));
    for (int role = EXPOSURE_CHILD; role <= EXPOSURE_RISK; role++) {
        if (exposure_has_role(situation, (enum exposure_role)role))
            enter_role(table, situation, (enum exposure_role)role);
    }
    return true;
}

void exposure_table_remove(struct exposure_table *table, int64_t person_id)
{
    struct packed_person *packed = find_packed(table, person_id);
    if (packed == NULL)
        return;

    struct person_situation situation;
    unpack(packed, &situation);
    for (int role = EXPOSURE_CHILD; role <= EXPOSURE_RISK; role++) {
        if (exposure_has_role(&situation, (enum exposure_role)role))
            leave_role(table, &situation, (enum exposure_role)role);
    }
    keymap_remove(&table->persons, 0, (uint64_t)person_id, keymap_value(packed));
    pool_give(&table->packed[packed->size_class], packed);
}

bool exposure_table_find(const struct exposure_table *table, int64_t person_id, struct person_situation *situation)
{
    const struct packed_person *packed = find_packed(table, person_id);

    if (packed != NULL)
        unpack(packed, situation);
    return packed != NULL;
}

bool exposure_table_reserve(struct exposure_table *table, const struct exposure_table *source)
{
    bool is_enough = keymap_reserve(&table->persons, source->persons.nodes.live_count) &&
                     keymap_reserve(&table->postings, source->postings.nodes.live_count + (size_t)2 * KEYS_MOST);

    for (int role = EXPOSURE_CHILD; role <= EXPOSURE_RISK; role++)
        is_enough = is_enough &&
                    proximity_reserve(&table->grids[role], source->grids[role].items.live_count + EXPOSURE_RESIDENCES);
    is_enough = is_enough && proximity_reserve(&table->gates, source->gates.items.live_count + EXPOSURE_GATES);
    for (size_t i = 0; i < EXPOSURE_SIZE_CLASSES; i++)
        is_enough = is_enough && pool_reserve(&table->packed[i], source->packed[i].live_count);
    return is_enough;
}

struct search {
    exposure_visit visit;
    void          *context;
};

static bool visit_hit(void *context, const struct proximity_hit *hit)
{
    const struct search *search = context;

    return search->visit(search->context, (int64_t)hit->item.id);
}

static bool visit_key(const struct exposure_table *table, const struct search *search, uint32_t kind, uint64_t key)
{
    const struct keymap_node *node = keymap_first(&table->postings, kind, key);

    for (; node != NULL; node = keymap_next(node)) {
        if (!search->visit(search->context, (int64_t)node->value))
            return false;
    }
    return true;
}

/* Caregivers are named on the child's side: as persons of concern they are found by id. */
static bool visit_caregivers(const struct exposure_table *table, const struct person_situation *s,
                             enum exposure_role role, const struct search *search)
{
    if (role == EXPOSURE_CHILD)
        return visit_key(table, search, 2 * KEY_CAREGIVER + EXPOSURE_CHILD, (uint64_t)s->person_id);

    for (size_t i = 0; i < s->caregiver_count; i++) {
        const struct packed_person *packed = find_packed(table, s->caregivers[i]);
        if (packed != NULL && packed->concern_count > 0 && !search->visit(search->context, packed->person_id))
            return false;
    }
    return true;
}

/* Homes near the gates of the child's schools, or children whose gates are near the home. */
static bool visit_gates(const struct exposure_table *table, const struct person_situation *s, enum exposure_role role,
                        double radius_m, struct search *search)
{
    bool is_going = true;

    for (size_t i = 0; role == EXPOSURE_RISK && is_going && i < s->gate_count; i++)
        is_going = proximity_query(&table->grids[EXPOSURE_RISK], point_of_gate(&s->gates[i]), 0, radius_m,
                                   PROXIMITY_NOMINAL, visit_hit, search);
    for (size_t i = 0; role == EXPOSURE_CHILD && is_going && i < s->residence_count; i++)
        is_going = !is_on_grid(&s->residences[i]) || proximity_query(&table->gates, point_of(&s->residences[i]), 0,
                                                                     radius_m, PROXIMITY_NOMINAL, visit_hit, search);
    return is_going;
}

bool exposure_table_community(const struct exposure_table *table, uint64_t community_code, enum exposure_role role,
                              exposure_visit visit, void *context)
{
    const struct search search = { visit, context };

    return community_code == 0 || visit_key(table, &search, 2 * KEY_COMMUNITY + (uint32_t)role, community_code);
}

bool exposure_table_around(const struct exposure_table *table, const struct exposure_residence *home,
                           enum exposure_role role, double radius_m, exposure_visit visit, void *context)
{
    struct search search = { visit, context };

    return radius_m <= 0 || !is_on_grid(home) ||
           proximity_query(&table->grids[role], point_of(home), home->uncertainty_m, radius_m, PROXIMITY_NOMINAL,
                           visit_hit, &search);
}

bool exposure_table_search(const struct exposure_table *table, const struct person_situation *situation,
                           enum exposure_role role, const struct exposure_reach *reach, exposure_visit visit,
                           void *context)
{
    struct search     search = { visit, context };
    struct shared_key keys[KEYS_MOST];
    const size_t      count = collect_keys(situation, role, keys);

    for (size_t i = 0; i < count; i++) {
        if (!visit_key(table, &search, keys[i].kind, keys[i].key))
            return false;
    }
    for (size_t i = 0; i < situation->residence_count; i++) {
        const struct exposure_residence *home = &situation->residences[i];
        if (!exposure_table_around(table, home, role, reach->home_m, visit, context))
            return false;
        if (reach->by_community && !exposure_table_community(table, home->community_code, role, visit, context))
            return false;
    }
    return (reach->gate_m <= 0 || visit_gates(table, situation, role, reach->gate_m, &search)) &&
           visit_caregivers(table, situation, role, &search);
}
