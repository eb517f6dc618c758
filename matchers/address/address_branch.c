/* Sorts the divisions that bear one name; see address_branch.h.
 * Deliberately no scores: whether a name can stand here, and what it is to what stands before. */
#include "matchers/address/address_branch.h"

#include "matchers/address/address_follow.h"

static const char16_t *const town_suffixes[] = { u"街道办事处", u"街道办", u"地区办事处", u"地区", u"办事处", u"街办",
                                                 u"街道",       u"民族乡", u"苏木",       u"镇",   u"乡",     NULL };
static const char16_t *const village_suffixes[] = {
    u"社区居民委员会", u"社区村民委员会", u"村村民委员会", u"社区居委会", u"社区村委会", u"社区村",       u"村民委员会",
    u"居民委员会",     u"村村委会",       u"村委会",       u"居委会",     u"村居委会",   u"村居民委员会", u"嘎查",
    u"社区",           u"村委",           u"居委",         u"村",         NULL
};
/* Behind a bare county's name they make it the name of something else: 青羊宫, 江北嘴, 朝阳公园. */
static const char16_t landmark_endings[] = u"宫寺庙嘴门湖河江港湾岛塔山桥站口坡";
/* Behind a bare town's name they make another one: 曲江新区 is no place in 曲江. */
static const char16_t *const zone_words[] = { u"新城", u"花园", u"广场",   u"公园", u"国际", u"商务", u"中心",
                                              u"医院", u"学院", u"中学",   u"小学", u"市场", u"车站", u"火车",
                                              u"机场", u"新区", u"开发区", u"经济", u"高新", u"工业", u"科技",
                                              u"软件", u"大道", u"大街",   u"大厦", u"大学", u"大桥", NULL };

static uint32_t character_at(const struct branch_scene *scene, size_t at)
{
    return at < scene->text->count ? scene->text->characters[at] : 0;
}

static bool is_later_province(uint64_t old, uint64_t now)
{
    const uint64_t province = 10000000000u;

    return (old / province == 51 && now / province == 50) || (old / province == 44 && now / province == 46);
}

static bool is_city_district(uint64_t code)
{
    const uint64_t province = code / 10000000000u, area = code / 1000000u % 100;

    return area >= 1 && area <= 20 && province != 11 && province != 12 && province != 31 && province != 50;
}

/* Divisions side by side: of one province, or of one city when both are finer. Counties move between cities, districts
 * do not: an abolished 石家庄市桥东区 is not the one of 张家口. */
static bool is_sibling(uint64_t known, bool known_is_old, uint64_t code, const struct branch *shape)
{
    const unsigned known_level = gazetteer_level(known), level = shape->level;

    if (known_level == 4 && (level == 6 || level == 4))
        return gazetteer_cut(known, 2) == gazetteer_cut(code, 2) && !(level == 6 && shape->is_district);
    if (known_level != 6 || gazetteer_cut(known, 4) != gazetteer_cut(code, 4))
        return false;
    /* 莱芜市钢城区: the city became a district beside it. */
    if (level == 6)
        return known_is_old;
    /* 余杭区乔司街道, now of 临平区: towns go over when the districts of a city are cut anew. A municipality has too
     * many namesakes for that. */
    return level == 9 && shape->form == GAZETTEER_STEM && is_city_district(known) && is_city_district(code);
}

static enum relation relation_to(const struct division_path *path, const struct branch *shape, uint64_t code)
{
    const unsigned level = shape->level;
    enum relation  found = UNRELATED;

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
        else if (found == UNRELATED && shape->has_suffix && is_sibling(known, path->is_old, code, shape))
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

static bool suffix_differs(const struct branch_scene *scene, size_t index, unsigned level, size_t at)
{
    const struct address_text *text = scene->text;

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
            if (name_ends_with(scene->gazetteer, index, kinds[i].name))
                return address_text_match(text, at, kinds[i].text) == 0 &&
                       !(i == 1 && address_text_match(text, at, u"民族乡") != 0);
        }
        return false;
    }
    const bool is_village   = name_ends_with(scene->gazetteer, index, "村");
    const bool says_village = character_at(scene, at) == u'村';
    return is_village != says_village;
}

/* What the text makes of a stem: where the name ends and whether its suffix is there. False when it cannot stand. */
static bool read_stem(const struct branch_scene *scene, const struct division_path *path, size_t at, size_t length,
                      unsigned level, int form, struct branch *shape)
{
    const struct address_text *text = scene->text;
    const size_t               end  = at + length;
    size_t                     suffix;

    suffix = address_text_match_any(text, end, level == 9 ? town_suffixes : village_suffixes);
    /* Cities without counties call their street offices 区: 石岐区, 东区. */
    if (suffix == 0 && level == 9 && path->level == 4 && character_at(scene, end) == u'区')
        suffix = 1;
    const bool is_quarter = level == 9 && path->level == 4 && character_at(scene, end - 1) == u'区';
    shape->to             = end + suffix;
    shape->has_suffix     = suffix != 0 || form == GAZETTEER_WHOLE_STEM || is_quarter;
    if (shape->has_suffix) /* 中关村东路 is a road, 植村一路 too; behind a town 岔道村东街 is a village's */
        return level == 9 || (path->level >= 9 && address_chinese_digit(character_at(scene, shape->to)) < 0) ||
               (path->level >= 4 && !(suffix == 1 && follow_is_road(text, shape->to)));
    if (length < 2 || follow_is_road(text, end))
        return false;
    const bool is_road = follow_is_one_of(character_at(scene, end - 1), u"路街巷道");
    if (level == 9) {
        shape->is_doubtful = follow_is_one_of(character_at(scene, end), u"村社桥站") ||
                             address_text_match_any(text, end, zone_words) != 0;
        return path->level >= 4 && !(is_road && !address_is_han(character_at(scene, end)));
    }
    if (path->level >= 9 && follow_has_named_road(text, end))
        return true;
    return path->level >= 6 && (path->level >= 9 && !is_road ? follow_is_house(text, end) : follow_is_group(text, end));
}

static bool form_is_bare(int form)
{
    return form == GAZETTEER_BARE || form == GAZETTEER_OLD_BARE || form == GAZETTEER_ANCIENT_BARE;
}

/* Whether a bare county's name goes on as that of a landmark, or, with nothing before it, of a building: 东方大厦,
 * 凤凰创意大厦. */
static bool names_landmark(const struct branch_scene *scene, size_t at, bool is_first)
{
    static const char16_t *const buildings[] = { u"大厦", u"广场", u"花园", u"大楼", u"公寓", u"国际",
                                                 u"酒店", u"中心", u"时代", u"商务", NULL };
    enum { RUN_MOST = 6 };

    if (follow_is_one_of(character_at(scene, at), landmark_endings) ||
        address_text_match(scene->text, at, u"公园") != 0)
        return true;
    if (!is_first)
        return false;
    for (size_t i = at; i < at + RUN_MOST && address_is_han(character_at(scene, i)); i++) {
        const size_t length = address_text_match_any(scene->text, i, buildings);
        if (length != 0 && (i == at || !address_is_han(character_at(scene, i + length))))
            return true;
    }
    return false;
}

static bool read_upper(const struct branch_scene *scene, const struct division_path *path, size_t at, size_t length,
                       int form, struct branch *shape)
{
    const bool     is_bare = form_is_bare(form);
    const uint32_t next    = character_at(scene, at + length);

    shape->to         = at + length;
    shape->has_suffix = !is_bare;
    if (!is_bare)
        return true;
    /* 市, as in 湖北省神农架市, is let stand before what follows; 镇 may be the city's, as in 江苏镇江. */
    const char16_t *const suffixes = path->level == 0 ? u"县镇乡村" : u"镇乡村桥站";
    shape->is_doubtful =
        follow_is_one_of(next, suffixes) || (shape->level == 6 && names_landmark(scene, shape->to, path->level == 0));
    return true;
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

/* Sets the scene's part to all that can be related to the path by names of this level: the city of its only division,
 * or of a province all of it. Counties go over from city to city and from province to province. False: anything can. */
static bool find_part(struct branch_scene *scene, const struct division_path *path, unsigned level)
{
    const unsigned cut = path->level >= 4 ? 4 : 2;

    if (path->set_count != 1 || path->level < 2 || level <= (path->level >= 6 ? 4 : 6))
        return false;
    const uint64_t part = gazetteer_cut(path->set[0], cut);
    if (scene->part != part) {
        scene->part       = part;
        scene->part_first = (uint32_t)gazetteer_first_from(scene->gazetteer, part);
        scene->part_end =
            (uint32_t)gazetteer_first_from(scene->gazetteer, part + (cut == 4 ? 100000000u : 10000000000u));
    }
    return true;
}

/* Narrows [first, end) to the scene's part. Divisions are in the order of their codes: theirs need not be read. */
static void narrow(const struct branch_scene *scene, const uint32_t **first, const uint32_t **end)
{
    size_t low = 0, high = (size_t)(*end - *first);

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (((*first)[middle] & GAZETTEER_INDEX_MASK) < scene->part_first)
            low = middle + 1;
        else
            high = middle;
    }
    *first += low;
    const uint32_t *posting = *first;
    while (posting < *end && (*posting & GAZETTEER_INDEX_MASK) < scene->part_end)
        posting++;
    *end = posting;
}

/* Postings of one rank and form: the text reads the same for all of them. */
static void branch_group(struct branch_scene *scene, const struct division_path *path, size_t at, size_t length,
                         const uint32_t *first, const uint32_t *end, struct branch *branches, size_t *count)
{
    static const unsigned   levels[]  = { 2, 4, 6, 9, 12, 12, 12, 12 };
    const struct gazetteer *gazetteer = scene->gazetteer;
    struct branch           shape;

    shape.level = levels[*first >> GAZETTEER_RANK_SHIFT & GAZETTEER_RANK_MASK];
    shape.form  = (int)(*first >> GAZETTEER_FORM_SHIFT & GAZETTEER_FORM_MASK);
    if (shape.form == GAZETTEER_PLACE)
        return;
    shape.is_doubtful   = false;
    shape.is_district   = character_at(scene, at + length - 1) == u'区';
    const bool is_upper = shape.level <= 6;
    if (!(is_upper ? read_upper(scene, path, at, length, shape.form, &shape)
                   : read_stem(scene, path, at, length, shape.level, shape.form, &shape)))
        return;
    if (find_part(scene, path, shape.level))
        narrow(scene, &first, &end);
    for (; first < end; first++) {
        const size_t index = *first & GAZETTEER_INDEX_MASK;
        if (index >= gazetteer->division_count)
            continue;
        const uint64_t code  = gazetteer->codes[index];
        shape.suffix_differs = false;
        shape.relation       = relation_to(path, &shape, code);
        if (shape.relation == UNRELATED)
            continue;
        if (!is_upper && shape.form == GAZETTEER_STEM && shape.has_suffix)
            shape.suffix_differs = suffix_differs(scene, index, shape.level, at + length);
        struct branch *branch = branch_like(branches, count, &shape);
        if (branch != NULL && branch->set_count < DIVISION_SET_MAX)
            branch->set[branch->set_count++] = code;
    }
}

/* Sorts the divisions that bear one name into branches. */
void branch_postings(struct branch_scene *scene, const struct division_path *path, size_t at, size_t length,
                     const uint32_t *postings, struct branch *branches, size_t *count)
{
    const uint32_t *limit = scene->gazetteer->postings + scene->gazetteer->posting_count;

    for (const uint32_t *first = postings; first < limit;) {
        const uint32_t *end  = first;
        bool            last = false;
        do
            last = (*end++ & GAZETTEER_LAST) != 0;
        while (!last && end < limit && ((*end ^ *first) & ~GAZETTEER_LAST) >> GAZETTEER_FORM_SHIFT == 0);
        branch_group(scene, path, at, length, first, end, branches, count);
        if (last)
            return;
        first = end;
    }
}
