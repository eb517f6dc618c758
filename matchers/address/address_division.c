/* Depth-first search over the names at the beginning of an address; see address_division.h.
 * Deliberately bounded: at most NODES_MAX readings, each with at most DIVISION_SET_MAX divisions. */
#include "matchers/address/address_branch.h"

#include "matchers/address/address_follow.h"

enum { NODES_MAX = 200, NAMES_AT_MAX = 6, POSITIONS_CACHED = 40 };

struct name_at {
    size_t          length; /* characters */
    const uint32_t *postings;
};

struct names_at {
    bool           is_known;
    uint8_t        count;
    struct name_at names[NAMES_AT_MAX];
};

struct search {
    struct branch_scene   scene;
    struct names_at       cache[POSITIONS_CACHED];
    struct division_path *best;
    uint64_t              hint;
    size_t                nodes;
};

static const char16_t *const fillers[] = { u"市辖区", u"省直辖县级行政区划", u"自治区直辖县级行政区划",
                                           u"省直辖行政单位", NULL };

/* Behind a bare county's name they make a zone of it: 浑南新区 lies in 浑南区, and is written in its stead. */
static const char16_t *const absorbed_zones[] = {
    u"新区",   u"开发区", u"经济开发区", u"经济技术开发区", u"高新区", u"高新技术开发区", u"高新技术产业开发区",
    u"经开区", u"新城区", NULL
};
static const char16_t *const zone_endings[] = { u"新区",   u"开发区", u"经开区", u"度假区", u"合作区", u"保税区",
                                                u"高新区", u"园区",   u"试验区", u"示范区", NULL };
static uint32_t              character_at(const struct search *search, size_t at)
{
    return at < search->scene.text->count ? search->scene.text->characters[at] : 0;
}

static const struct names_at *names_at(struct search *search, size_t at, struct names_at *scratch)
{
    struct names_at *names = at < POSITIONS_CACHED ? &search->cache[at] : scratch;
    uint64_t         hash  = gazetteer_hash_start();

    if (at < POSITIONS_CACHED && names->is_known)
        return names;
    *names = (struct names_at){ .is_known = true };
    for (size_t i = at; i < search->scene.text->count && i < at + GAZETTEER_NAME_CHARACTERS_MAX; i++) {
        hash                 = gazetteer_hash_step(hash, search->scene.text->characters[i]);
        const uint64_t mixed = gazetteer_hash_mix(hash);
        if (!gazetteer_may_continue(search->scene.gazetteer, mixed))
            break;
        const uint32_t *postings = gazetteer_find(search->scene.gazetteer, mixed);
        if (postings == NULL)
            continue;
        if (names->count == NAMES_AT_MAX) /* the longest are the likeliest */
            memmove(names->names, names->names + 1, (NAMES_AT_MAX - 1) * sizeof names->names[0]);
        else
            names->count++;
        names->names[names->count - 1] = (struct name_at){ i + 1 - at, postings };
    }
    return names;
}
/* Points for a name: length first, then suffix, then how well it follows. */
static int branch_score(const struct division_path *path, const struct branch *branch, size_t at)
{
    const int length = (int)(branch->to - at);
    int       score  = branch->has_suffix ? 3 * length + 3 : 2 * length - 1;

    if (branch->relation == REPEATED)
        return branch->has_suffix ? length : 0;
    if (branch->level == 2 && !branch->has_suffix)
        score += 4; /* 海南, 吉林: the province before the city and the county of that name */
    if (branch->level == 4 && branch->set_count == 1 && branch->set[0] / 100000000u % 100 == 1)
        score += 1; /* a capital before a county of that name */
    if (branch->suffix_differs)
        score -= 2;
    if (branch->form == GAZETTEER_OLD || branch->form == GAZETTEER_OLD_BARE)
        score -= 1;
    if (branch->form == GAZETTEER_ANCIENT || branch->form == GAZETTEER_ANCIENT_BARE)
        score -= 2;
    if (branch->relation == OLD_PROVINCE)
        score -= 2;
    if (branch->relation == SIBLING)
        score -= 6;
    if (path->level == 0 && branch->level == 9)
        score -= 3;
    if (path->level == 4 && branch->level == 12)
        score -= 3;
    return score;
}

static enum address_label label_of(const struct branch *branch)
{
    const uint64_t area = branch->set[0] / 1000000u % 100;

    if (branch->relation == REPEATED)
        return ADDRESS_LABEL_REDUNDANT;
    if (branch->level == 6 && area > 70 && area < 81)
        return ADDRESS_LABEL_DEVZONE;
    return branch->level == 2   ? ADDRESS_LABEL_PROVINCE
           : branch->level == 4 ? ADDRESS_LABEL_CITY
           : branch->level == 6 ? ADDRESS_LABEL_DISTRICT
           : branch->level == 9 ? ADDRESS_LABEL_TOWN
                                : ADDRESS_LABEL_COMMUNITY;
}

/* The divisions that stay: for a repetition those known that lie in the repeated one. */
static void follow_set(struct division_path *next, const struct division_path *path, const struct branch *branch)
{
    if (branch->relation != REPEATED) {
        next->set_count = branch->set_count;
        memcpy(next->set, branch->set, branch->set_count * sizeof next->set[0]);
        next->level = branch->level;
        return;
    }
    next->set_count = 0;
    for (size_t i = 0; i < path->set_count; i++) {
        for (size_t j = 0; j < branch->set_count; j++) {
            if (gazetteer_cut(path->set[i], branch->level) != branch->set[j])
                continue;
            next->set[next->set_count++] = path->set[i];
            break;
        }
    }
}

static void add_hit(struct division_path *path, size_t from, size_t to, enum address_label label)
{
    if (path->hit_count < DIVISION_HITS_MAX)
        path->hits[path->hit_count++] =
            (struct division_hit){ .from = (uint16_t)from, .to = (uint16_t)to, .label = label };
}

static size_t keep_within(uint64_t *set, size_t count, uint64_t hint)
{
    const unsigned level = gazetteer_level(hint);
    size_t         kept  = 0;

    for (size_t i = 0; i < count; i++)
        kept += gazetteer_cut(set[i], level) == hint;
    if (hint == 0 || kept == 0 || kept == count)
        return count;
    kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (gazetteer_cut(set[i], level) == hint)
            set[kept++] = set[i];
    }
    return kept;
}

/* Points for lying where the hint says: more than an old name costs, less than one character more read. */
static int hint_score(const struct division_path *path, uint64_t hint)
{
    enum { HINT_POINTS = 2 };
    const unsigned level = gazetteer_level(hint);

    if (hint == 0 || path->is_virtual)
        return 0;
    for (size_t i = 0; i < path->set_count; i++) {
        if (gazetteer_cut(path->set[i], level) == hint)
            return HINT_POINTS;
    }
    return 0;
}

/* Without the part of the set that is not used: most have one division of 128. */
static void copy_path(struct division_path *to, const struct division_path *from)
{
    memcpy(to, from, offsetof(struct division_path, set) + from->set_count * sizeof from->set[0]);
}

/* Takes the reading when it is the best so far; equally good ones join their divisions. */
static void offer(struct search *search, const struct division_path *path)
{
    struct division_path *best = search->best;

    if (path->is_provisional || path->hit_count == 0)
        return;
    const int score = path->score + hint_score(path, search->hint);
    if (score > best->score) {
        copy_path(best, path);
        best->score = score;
        return;
    }
    if (score < best->score || path->end != best->end)
        return;
    for (size_t i = 0; i < path->set_count && best->set_count < DIVISION_SET_MAX; i++) {
        bool is_known = false;
        for (size_t j = 0; j < best->set_count; j++)
            is_known |= best->set[j] == path->set[i];
        if (!is_known)
            best->set[best->set_count++] = path->set[i];
    }
}

static bool ends_in_zone(const struct division_path *path)
{
    return path->hit_count != 0 && path->hits[path->hit_count - 1].label == ADDRESS_LABEL_DEVZONE;
}

static void extend(struct search *search, const struct division_path *path);

static void follow(struct search *search, const struct division_path *path, size_t at, const struct branch *branch)
{
    struct division_path next;

    if ((branch->relation == REPEATED || (path->is_provisional && ends_in_zone(path))) && !branch->has_suffix)
        return;
    memcpy(&next, path, offsetof(struct division_path, set));
    follow_set(&next, path, branch);
    const bool must_be_one = branch->relation == SIBLING || (path->level == 4 && branch->level == 12);
    if (next.set_count == 0 || (must_be_one && next.set_count > 1))
        return;
    next.score += branch_score(path, branch, at);
    next.end            = branch->to;
    next.is_provisional = branch->is_doubtful ||
                          (!branch->has_suffix && branch->level <= 6 && follow_is_road(search->scene.text, branch->to));
    next.is_provisional |= !branch->has_suffix && branch->level == 9 && branch->to < search->scene.text->count &&
                           !follow_is_number(search->scene.text, branch->to) &&
                           !follow_has_named_road(search->scene.text, branch->to) &&
                           !follow_has_named_village(search->scene.text, branch->to);
    if (branch->relation != REPEATED)
        next.is_virtual = false;
    next.is_old = branch->form >= GAZETTEER_OLD && branch->form <= GAZETTEER_ANCIENT_BARE;
    const bool is_zone =
        (branch->form == GAZETTEER_OLD || branch->form == GAZETTEER_WHOLE_STEM) &&
        (address_text_match_any(search->scene.text, branch->to - 2, zone_endings) == 2 ||
         (branch->to > at + 2 && address_text_match_any(search->scene.text, branch->to - 3, zone_endings) == 3));
    const bool   is_repeated = branch->relation == REPEATED;
    const size_t absorbed    = branch->level == 6 && !branch->has_suffix
                                   ? address_text_match_any(search->scene.text, branch->to, absorbed_zones)
                                   : 0;
    next.end += absorbed;
    add_hit(&next, at, next.end, (is_zone || absorbed != 0) && !is_repeated ? ADDRESS_LABEL_DEVZONE : label_of(branch));
    extend(search, &next);
}

/* A filler of the statistics tree, which says nothing: 重庆市市辖区大足区, 重庆市县城口县. */
static size_t filler_at(const struct search *search, size_t at)
{
    const size_t length = address_text_match_any(search->scene.text, at, fillers);
    if (length != 0 || character_at(search, at) != u'县')
        return length;
    for (size_t i = at + 2; i < at + 12; i++) {
        if (character_at(search, i) == u'县')
            return 1;
    }
    return 0;
}

/* A zone between county and town, or city and county, that is no division: 保定市雄安新区容城县. It counts only when a
 * division with its suffix follows. */
static void extend_over_zone(struct search *search, const struct division_path *path, size_t at)
{
    enum { ZONE_LEAST = 2, ZONE_MOST = 8 };

    if (path->hit_count == 0 || path->level < 4 || path->level > 6 || ends_in_zone(path))
        return;
    for (size_t i = at; i < at + ZONE_MOST && address_is_han(character_at(search, i)); i++) {
        const size_t length = address_text_match_any(search->scene.text, i, zone_endings);
        if (length == 0 || i + length < at + ZONE_LEAST || !address_is_han(character_at(search, i + length)))
            continue;
        struct division_path next;
        copy_path(&next, path);
        add_hit(&next, at, i + length, ADDRESS_LABEL_DEVZONE);
        next.end            = i + length;
        next.is_provisional = true;
        extend(search, &next);
        return;
    }
}

static void extend(struct search *search, const struct division_path *path)
{
    struct names_at scratch;
    size_t          at = path->end;

    offer(search, path);
    if (search->nodes++ >= NODES_MAX || path->hit_count == DIVISION_HITS_MAX)
        return;
    while (path->hit_count != 0 && follow_is_one_of(character_at(search, at), u",.;:、。，；：/|-"))
        at++;
    const size_t filler = path->level != 0 ? filler_at(search, at) : 0;
    if (filler != 0) {
        struct division_path next;
        copy_path(&next, path);
        add_hit(&next, at, at + filler, ADDRESS_LABEL_REDUNDANT);
        next.end = at + filler;
        extend(search, &next);
    }
    extend_over_zone(search, path, at);
    const struct names_at *names = names_at(search, at, &scratch);
    for (size_t i = names->count; i > 0; i--) {
        struct branch branches[BRANCHES_MAX];
        size_t        count = 0;
        branch_postings(&search->scene, path, at, names->names[i - 1].length, names->names[i - 1].postings, branches,
                        &count);
        for (size_t j = 0; j < count; j++)
            follow(search, path, at, &branches[j]);
    }
}

void division_search(const struct gazetteer *gazetteer, const struct address_text *text, size_t from, uint64_t hint,
                     struct division_path *best)
{
    struct search        search;
    struct division_path root;

    search.scene = (struct branch_scene){ .gazetteer = gazetteer, .text = text };
    search.best  = best;
    search.hint  = hint;
    search.nodes = 0;
    for (size_t i = 0; i < POSITIONS_CACHED; i++)
        search.cache[i].is_known = false;
    memset(&root, 0, offsetof(struct division_path, set));
    root.end = from;
    copy_path(best, &root);
    extend(&search, &root);
    best->set_count = keep_within(best->set, best->set_count, hint);

    /* The hint as if it stood before the text: only when that reads more of it. */
    if (hint == 0 || gazetteer_index_of(gazetteer, hint) == gazetteer->division_count)
        return;
    search.nodes    = 0;
    root.level      = gazetteer_level(hint);
    root.set[0]     = hint;
    root.set_count  = 1;
    root.is_virtual = true;
    extend(&search, &root);
}
