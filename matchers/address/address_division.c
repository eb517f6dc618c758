/* Depth-first search over the names at the beginning of an address; see address_division.h.
 * Deliberately bounded: at most NODES_MAX readings, each with at most DIVISION_SET_MAX divisions. */
#include "matchers/address/address_division.h"

#include "matchers/address/address_follow.h"

enum { NODES_MAX = 200, NAMES_AT_MAX = 6, BRANCHES_MAX = 10, POSITIONS_CACHED = 40 };

/* How a division relates to what was read before. */
enum relation { UNRELATED, BELOW, REPEATED, OLD_PROVINCE, SIBLING };

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
    const struct gazetteer    *gazetteer;
    const struct address_text *text;
    struct names_at            cache[POSITIONS_CACHED];
    struct division_path      *best;
    size_t                     nodes;
};

/* Readings that share everything but the division. */
struct branch {
    size_t        to;
    size_t        set_count;
    enum relation relation;
    unsigned      level;
    int           form;
    bool          has_suffix, suffix_differs;
    uint64_t      set[DIVISION_SET_MAX]; /* last: branch_like() copies what stands before it */
};

static const char16_t *const town_suffixes[] = { u"街道办事处", u"街道办", u"地区办事处", u"地区", u"办事处", u"街办",
                                                 u"街道",       u"民族乡", u"苏木",       u"镇",   u"乡",     NULL };
static const char16_t *const village_suffixes[] = {
    u"社区居民委员会", u"社区村民委员会", u"村村民委员会", u"社区居委会", u"社区村委会", u"村民委员会",
    u"居民委员会",     u"村村委会",       u"村委会",       u"居委会",     u"村居委会",   u"嘎查",
    u"社区",           u"村委",           u"居委",         u"村",         NULL
};
static const char16_t *const fillers[] = { u"市辖区", u"省直辖县级行政区划", u"自治区直辖县级行政区划",
                                           u"省直辖行政单位", NULL };

/* Behind a bare name they make another one: 曲江新区 is no place in 曲江. */
static const char16_t *const zone_words[] = { u"新区", u"开发区", u"经济", u"高新", u"工业", u"科技", u"软件",
                                              u"大道", u"大街",   u"大厦", u"大学", u"大桥", NULL };
static const char16_t *const zone_endings[] = { u"新区", u"开发区", u"高新区", u"园区", u"试验区", u"示范区", NULL };

static uint32_t character_at(const struct search *search, size_t at)
{
    return at < search->text->count ? search->text->characters[at] : 0;
}

static const struct names_at *names_at(struct search *search, size_t at, struct names_at *scratch)
{
    struct names_at *names = at < POSITIONS_CACHED ? &search->cache[at] : scratch;
    uint64_t         hash  = gazetteer_hash_start();

    if (at < POSITIONS_CACHED && names->is_known)
        return names;
    *names = (struct names_at){ .is_known = true };
    for (size_t i = at; i < search->text->count && i < at + GAZETTEER_NAME_CHARACTERS_MAX; i++) {
        hash                 = gazetteer_hash_step(hash, search->text->characters[i]);
        const uint64_t mixed = gazetteer_hash_mix(hash);
        if (!gazetteer_may_continue(search->gazetteer, mixed))
            break;
        const uint32_t *postings = gazetteer_find(search->gazetteer, mixed);
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

static bool is_later_province(uint64_t old, uint64_t now)
{
    const uint64_t province = 10000000000u;

    return (old / province == 51 && now / province == 50) || (old / province == 44 && now / province == 46);
}

/* Divisions side by side: of one province, or of one city when both are finer. */
static bool is_sibling(uint64_t known, unsigned known_level, uint64_t code, unsigned level, int form)
{
    if (known_level == 4 && (level == 6 || level == 4))
        return gazetteer_cut(known, 2) == gazetteer_cut(code, 2);
    /* 莱芜市钢城区: the city became a district beside it. */
    const bool is_beside_county = known_level == 6 && (level == 6 || (level == 9 && form == GAZETTEER_STEM));
    return is_beside_county && gazetteer_cut(known, 4) == gazetteer_cut(code, 4);
}

static enum relation relation_to(const struct division_path *path, uint64_t code, unsigned level, int form, bool strong)
{
    enum relation found = UNRELATED;

    if (path->level == 0)
        return BELOW;
    for (size_t i = 0; i < path->set_count && found != BELOW; i++) {
        const uint64_t known       = path->set[i];
        const unsigned known_level = gazetteer_level(known);
        if (level > known_level && gazetteer_cut(code, known_level) == known)
            found = BELOW;
        else if (level <= known_level && gazetteer_cut(known, level) == code)
            found = REPEATED;
        else if (found == UNRELATED && known_level == 2 && level <= 6 && is_later_province(known, code))
            found = OLD_PROVINCE;
        else if (found == UNRELATED && strong && is_sibling(known, known_level, code, level, form))
            found = SIBLING;
    }
    return found;
}

/* Last character's bytes of the division's own name. */
static bool name_ends_with(const struct gazetteer *gazetteer, size_t index, const char *suffix)
{
    if (gazetteer->name_offsets[index] >= gazetteer->names_length)
        return false;
    const struct span name   = span_from_text(gazetteer->names + gazetteer->name_offsets[index]);
    const size_t      length = strlen(suffix);
    return name.length > length && memcmp(name.bytes + name.length - length, suffix, length) == 0;
}

static bool suffix_differs(const struct search *search, size_t index, unsigned level, size_t at)
{
    const struct address_text *text = search->text;

    if (level == 9) {
        static const struct {
            const char     *name;
            const char16_t *text;
        } kinds[] = {
            {"镇",     u"镇"   },
            { "乡",    u"乡"   },
            { "街道", u"街道"}
        };
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            if (name_ends_with(search->gazetteer, index, kinds[i].name))
                return address_text_match(text, at, kinds[i].text) == 0 &&
                       !(i == 1 && address_text_match(text, at, u"民族乡") != 0);
        }
        return false;
    }
    const bool is_village   = name_ends_with(search->gazetteer, index, "村");
    const bool says_village = character_at(search, at) == u'村';
    return is_village != says_village;
}

/* What the text makes of a stem: where the name ends and whether its suffix is there. False when it cannot stand. */
static bool read_stem(const struct search *search, const struct division_path *path, size_t at, size_t length,
                      unsigned level, int form, struct branch *shape)
{
    const struct address_text *text = search->text;
    const size_t               end  = at + length;
    size_t                     suffix;

    suffix = address_text_match_any(text, end, level == 9 ? town_suffixes : village_suffixes);
    /* Cities without counties call their street offices 区. */
    if (suffix == 0 && level == 9 && path->level == 4 && character_at(search, end) == u'区')
        suffix = 1;
    shape->to         = end + suffix;
    shape->has_suffix = suffix != 0 || form == GAZETTEER_WHOLE_STEM;
    if (shape->has_suffix) /* 中关村东路 is a road */
        return level == 9 || (path->level >= 4 && !(suffix == 1 && follow_is_road(text, shape->to)));
    if (length < 2 || follow_is_road(text, end))
        return false;
    const bool is_road = follow_is_one_of(character_at(search, end - 1), u"路街巷道");
    if (level == 9)
        return path->level >= 4 && !follow_is_one_of(character_at(search, end), u"村社桥站") &&
               address_text_match_any(text, end, zone_words) == 0 &&
               !(is_road && address_is_digit(character_at(search, end)));
    if (path->level >= 9 && follow_has_named_road(text, end))
        return true;
    return path->level >= 6 &&
           (path->level >= 9 && !is_road ? follow_is_number(text, end) : follow_is_group(text, end));
}

static bool read_upper(const struct search *search, const struct division_path *path, size_t at, size_t length,
                       int form, struct branch *shape)
{
    const bool     is_bare = form == GAZETTEER_BARE || form == GAZETTEER_OLD_BARE;
    const uint32_t next    = character_at(search, at + length);

    shape->to         = at + length;
    shape->has_suffix = !is_bare;
    if (!is_bare)
        return true;
    if (follow_is_one_of(next, u"省市县镇乡村") && path->level == 0)
        return next == u'省' || next == u'市'; /* 市, as in 湖北省神农架市, is let stand before what follows */
    return !follow_is_one_of(next, u"镇乡村桥站");
}

static struct branch *branch_like(struct branch *branches, size_t *count, const struct branch *shape)
{
    for (size_t i = 0; i < *count; i++) {
        struct branch *branch = &branches[i];
        if (branch->relation == shape->relation && branch->level == shape->level && branch->form == shape->form &&
            branch->to == shape->to && branch->suffix_differs == shape->suffix_differs)
            return branch;
    }
    if (*count == BRANCHES_MAX)
        return NULL;
    struct branch *branch = &branches[(*count)++];
    memcpy(branch, shape, offsetof(struct branch, set));
    branch->set_count = 0;
    return branch;
}

/* Narrows [first, end) to the city of the only known division: nothing else can be related to it. */
static void narrow(const struct gazetteer *gazetteer, const struct division_path *path, const uint32_t **first,
                   const uint32_t **end)
{
    enum { WORTH_IT = 8 };
    if (*end - *first < WORTH_IT || path->set_count != 1 || path->level < 4)
        return;

    const uint64_t from = gazetteer_cut(path->set[0], 4), to = from + 100000000u;
    size_t         low = 0, high = (size_t)(*end - *first);
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const size_t index  = (*first)[middle] & GAZETTEER_INDEX_MASK;
        if (index < gazetteer->division_count && gazetteer->codes[index] < from)
            low = middle + 1;
        else
            high = middle;
    }
    *first += low;
    for (const uint32_t *posting = *first; posting < *end; posting++) {
        const size_t index = *posting & GAZETTEER_INDEX_MASK;
        if (index >= gazetteer->division_count || gazetteer->codes[index] >= to)
            *end = posting;
    }
}

/* Postings of one rank and form: the text reads the same for all of them. */
static void branch_group(const struct search *search, const struct division_path *path, size_t at, size_t length,
                         const uint32_t *first, const uint32_t *end, struct branch *branches, size_t *count)
{
    static const unsigned   levels[]  = { 2, 4, 6, 9, 12, 12, 12, 12 };
    const struct gazetteer *gazetteer = search->gazetteer;
    struct branch           shape;

    shape.level         = levels[*first >> GAZETTEER_RANK_SHIFT & GAZETTEER_RANK_MASK];
    shape.form          = (int)(*first >> GAZETTEER_FORM_SHIFT & GAZETTEER_FORM_MASK);
    const bool is_upper = shape.level <= 6;
    if (!(is_upper ? read_upper(search, path, at, length, shape.form, &shape)
                   : read_stem(search, path, at, length, shape.level, shape.form, &shape)))
        return;
    if (shape.level > 4)
        narrow(gazetteer, path, &first, &end);
    for (; first < end; first++) {
        const size_t index = *first & GAZETTEER_INDEX_MASK;
        if (index >= gazetteer->division_count)
            continue;
        const uint64_t code  = gazetteer->codes[index];
        shape.suffix_differs = false;
        shape.relation       = relation_to(path, code, shape.level, shape.form, shape.has_suffix);
        if (shape.relation == UNRELATED)
            continue;
        if (!is_upper && shape.form == GAZETTEER_STEM && shape.has_suffix)
            shape.suffix_differs = suffix_differs(search, index, shape.level, at + length);
        struct branch *branch = branch_like(branches, count, &shape);
        if (branch != NULL && branch->set_count < DIVISION_SET_MAX)
            branch->set[branch->set_count++] = code;
    }
}

/* Sorts the divisions that bear one name into branches. */
static void branch_postings(const struct search *search, const struct division_path *path, size_t at,
                            const struct name_at *name, struct branch *branches, size_t *count)
{
    const uint32_t *limit = search->gazetteer->postings + search->gazetteer->posting_count;

    for (const uint32_t *first = name->postings; first < limit;) {
        const uint32_t *end  = first;
        bool            last = false;
        do
            last = (*end++ & GAZETTEER_LAST) != 0;
        while (!last && end < limit && ((*end ^ *first) & ~GAZETTEER_LAST) >> GAZETTEER_FORM_SHIFT == 0);
        branch_group(search, path, at, name->length, first, end, branches, count);
        if (last)
            return;
        first = end;
    }
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

/* Takes the reading when it is the best so far; equally good ones join their divisions. */
static void offer(struct search *search, const struct division_path *path)
{
    struct division_path *best = search->best;

    if (path->is_provisional || path->hit_count == 0)
        return;
    if (path->score > best->score) {
        *best = *path;
        return;
    }
    if (path->score < best->score || path->end != best->end)
        return;
    for (size_t i = 0; i < path->set_count && best->set_count < DIVISION_SET_MAX; i++) {
        bool is_known = false;
        for (size_t j = 0; j < best->set_count; j++)
            is_known |= best->set[j] == path->set[i];
        if (!is_known)
            best->set[best->set_count++] = path->set[i];
    }
}

static void extend(struct search *search, const struct division_path *path);

static void follow(struct search *search, const struct division_path *path, size_t at, const struct branch *branch)
{
    struct division_path next;

    if (branch->relation == REPEATED && !branch->has_suffix)
        return;
    memcpy(&next, path, offsetof(struct division_path, set));
    follow_set(&next, path, branch);
    if (next.set_count == 0 || (path->level == 4 && branch->level == 12 && next.set_count > 1))
        return;
    next.score += branch_score(path, branch, at);
    next.end            = branch->to;
    next.is_provisional = !branch->has_suffix && branch->level <= 6 && follow_is_road(search->text, branch->to);
    next.is_provisional |= !branch->has_suffix && branch->level == 9 && branch->to < search->text->count &&
                           !follow_is_number(search->text, branch->to) &&
                           !follow_has_named_road(search->text, branch->to);
    if (branch->relation != REPEATED)
        next.is_virtual = false;
    const bool is_zone =
        (branch->form == GAZETTEER_OLD || branch->form == GAZETTEER_WHOLE_STEM) &&
        (address_text_match_any(search->text, branch->to - 2, zone_endings) == 2 ||
         (branch->to > at + 2 && address_text_match_any(search->text, branch->to - 3, zone_endings) == 3));
    const bool is_repeated = branch->relation == REPEATED;
    add_hit(&next, at, branch->to, is_zone && !is_repeated ? ADDRESS_LABEL_DEVZONE : label_of(branch));
    extend(search, &next);
}

/* A filler of the statistics tree, which says nothing: 重庆市市辖区大足区, 重庆市县城口县. */
static size_t filler_at(const struct search *search, size_t at)
{
    const size_t length = address_text_match_any(search->text, at, fillers);
    if (length != 0 || character_at(search, at) != u'县')
        return length;
    for (size_t i = at + 2; i < at + 12; i++) {
        if (character_at(search, i) == u'县')
            return 1;
    }
    return 0;
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
        struct division_path next = *path;
        add_hit(&next, at, at + filler, ADDRESS_LABEL_REDUNDANT);
        next.end = at + filler;
        extend(search, &next);
    }
    const struct names_at names = *names_at(search, at, &scratch);
    for (size_t i = names.count; i > 0; i--) {
        struct branch branches[BRANCHES_MAX];
        size_t        count = 0;
        branch_postings(search, path, at, &names.names[i - 1], branches, &count);
        for (size_t j = 0; j < count; j++)
            follow(search, path, at, &branches[j]);
    }
}

void division_search(const struct gazetteer *gazetteer, const struct address_text *text, size_t from, uint64_t hint,
                     struct division_path *best)
{
    struct search        search;
    struct division_path root;

    search.gazetteer = gazetteer;
    search.text      = text;
    search.best      = best;
    search.nodes     = 0;
    for (size_t i = 0; i < POSITIONS_CACHED; i++)
        search.cache[i].is_known = false;
    memset(&root, 0, offsetof(struct division_path, set));
    root.end = from;
    *best    = root;
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
