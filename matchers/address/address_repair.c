/* Reads a town whose name has one wrong character: 邮停镇天福村 is 邮亭镇's, as no other has that village.
 * Deliberately only with a known county and a known village to bear it out. */
#include "matchers/address/address_repair.h"

static const char16_t *const town_words[]    = { u"街道办事处", u"街道", u"镇", u"乡", NULL };
static const char16_t *const village_words[] = { u"社区居民委员会", u"社区居委会", u"村村民委员会",
                                                 u"村民委员会",     u"村委会",     u"居委会",
                                                 u"社区",           u"村",         NULL };

enum { STEM_LEAST = 2, STEM_MOST = 5 };

/* Whether the first `count` characters of the town's name differ from the text's in exactly one. */
static bool is_one_off(const struct address_text *text, size_t from, size_t count, struct span name)
{
    const char *at        = name.bytes;
    const char *end       = name.bytes + name.length;
    size_t      different = 0;

    for (size_t i = 0; i < count; i++) {
        if (at >= end)
            return false;
        different += address_text_next(&at, end) != text->characters[from + i];
    }
    return different == 1;
}

/* The village of this stem in the county whose town is one character off; 0 when there is none, or when two are. */
static uint64_t find_village(const struct gazetteer *gazetteer, const struct address_text *text, uint64_t county,
                             size_t town_from, size_t town_length, const uint32_t *postings)
{
    const uint32_t *limit = gazetteer->postings + gazetteer->posting_count;
    uint64_t        found = 0;

    for (const uint32_t *posting = postings; posting < limit; posting++) {
        const size_t   index = *posting & GAZETTEER_INDEX_MASK;
        const uint64_t code  = index < gazetteer->division_count ? gazetteer->codes[index] : 0;
        if (gazetteer_level(code) == 12 && gazetteer_cut(code, 6) == county &&
            is_one_off(text, town_from, town_length, gazetteer_name(gazetteer, gazetteer_cut(code, 9)))) {
            if (found != 0)
                return 0;
            found = code;
        }
        if ((*posting & GAZETTEER_LAST) != 0)
            break;
    }
    return found;
}

static void take_village(struct division_path *path, size_t town_end, size_t village_end, uint64_t code)
{
    path->hits[path->hit_count++] =
        (struct division_hit){ (uint16_t)path->end, (uint16_t)town_end, ADDRESS_LABEL_TOWN };
    path->hits[path->hit_count++] =
        (struct division_hit){ (uint16_t)town_end, (uint16_t)village_end, ADDRESS_LABEL_COMMUNITY };
    path->set[0] = code;
    path->level  = 12;
    path->end    = village_end;
}

/* Tries every village name at `at`, behind a town word. */
static bool repair_at(const struct gazetteer *gazetteer, const struct address_text *text, size_t town_length, size_t at,
                      struct division_path *path)
{
    uint64_t hash = gazetteer_hash_start();

    for (size_t i = at; i < text->count && i < at + GAZETTEER_NAME_CHARACTERS_MAX; i++) {
        hash                 = gazetteer_hash_step(hash, text->characters[i]);
        const uint64_t mixed = gazetteer_hash_mix(hash);
        if (!gazetteer_may_continue(gazetteer, mixed))
            return false;
        const size_t    suffix   = address_text_match_any(text, i + 1, village_words);
        const uint32_t *postings = suffix != 0 ? gazetteer_find(gazetteer, mixed) : NULL;
        const uint64_t  code =
            postings != NULL ? find_village(gazetteer, text, path->set[0], path->end, town_length, postings) : 0;
        if (code == 0)
            continue;
        take_village(path, at, i + 1 + suffix, code);
        return true;
    }
    return false;
}

void address_repair_town(const struct gazetteer *gazetteer, const struct address_text *text, struct division_path *path)
{
    if (path->set_count != 1 || path->level != 6 || path->hit_count + 2 > DIVISION_HITS_MAX)
        return;
    for (size_t length = STEM_LEAST; length <= STEM_MOST; length++) {
        const size_t suffix = address_text_match_any(text, path->end + length, town_words);
        if (suffix != 0 && repair_at(gazetteer, text, length, path->end + length + suffix, path))
            return;
    }
}
