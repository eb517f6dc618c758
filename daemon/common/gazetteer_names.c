/* Short forms and stems of division names; see gazetteer_names.h.
 * Deliberately knows nothing of codes. */
#include "daemon/common/gazetteer_names.h"

#include "matchers/address/gazetteer_format.h"

#include <stdbool.h>
#include <stdio.h>

/* Longest first within each list. */
static const char *const upper_suffixes[] = { "特别行政区", "自治区", "自治州", "自治县", "自治旗", "林区",
                                              "矿区",       "特区",   "地区",   "新区",   "省",     "市",
                                              "区",         "县",     "盟",     "旗",     "州",     NULL };
static const char *const town_suffixes[] = { "街道办事处", "地区办事处", "民族乡", "民族苏木", "办事处",
                                             "街道",       "苏木",       "镇",     "乡",       NULL };
static const char *const village_suffixes[] = {
    "社区居民委员会", "社区村民委员会", "村村民委员会", "村居民委员会", "社区居委会",
    "社区村委会",     "村民委员会",     "居民委员会",   "村村委会",     "村委会",
    "居委会",         "嘎查",           "社区",         "村",           NULL
};
static const char *const committees[] = { "村民委员会", "居民委员会", "村委会", "居委会", NULL };

static const char *const peoples[] = {
    "维吾尔", "哈萨克",   "柯尔克孜", "蒙古族",   "蒙古",   "回族",     "藏族",     "苗族",   "彝族",       "壮族",
    "布依族", "朝鲜族",   "满族",     "侗族",     "瑶族",   "白族",     "土家族",   "哈尼族", "傣族",       "黎族",
    "傈僳族", "佤族",     "畲族",     "拉祜族",   "水族",   "东乡族",   "纳西族",   "景颇族", "土族",       "达斡尔族",
    "仫佬族", "羌族",     "布朗族",   "撒拉族",   "毛南族", "仡佬族",   "锡伯族",   "锡伯",   "阿昌族",     "普米族",
    "塔吉克", "怒族",     "俄罗斯",   "鄂温克族", "鄂温克", "德昂族",   "保安族",   "裕固族", "柯尔克孜族", "哈萨克族",
    "独龙族", "鄂伦春族", "鄂伦春",   "各族",     "基诺族", "塔吉克族", "维吾尔族", NULL
};

static bool ends_with(struct span text, const char *suffix)
{
    const size_t length = strlen(suffix);

    return text.length > length && memcmp(text.bytes + text.length - length, suffix, length) == 0;
}

/* The longest suffix of the list that leaves something over; NULL when none does. */
static const char *suffix_of(struct span text, const char *const *suffixes)
{
    const char *found = NULL;

    for (; *suffixes != NULL; suffixes++) {
        if (ends_with(text, *suffixes) && (found == NULL || strlen(*suffixes) > strlen(found)))
            found = *suffixes;
    }
    return found;
}

static struct span without(struct span text, const char *suffix)
{
    return span_of(text.bytes, text.length - (suffix != NULL ? strlen(suffix) : 0));
}

/* Takes the peoples off 积石山保安族东乡族撒拉族, but never the whole name. */
static struct span without_peoples(struct span text)
{
    for (const char *people = suffix_of(text, peoples); people != NULL; people = suffix_of(text, peoples))
        text = without(text, people);
    return text;
}

struct span gazetteer_bare(struct span name)
{
    const char *suffix = suffix_of(name, upper_suffixes);
    if (suffix == NULL)
        return name;
    return without_peoples(without(name, suffix));
}

struct span gazetteer_display(unsigned level, struct span name)
{
    if (level < 12)
        return name;
    const char *suffix = suffix_of(name, committees);
    if (suffix == NULL)
        return name;

    const struct span stem = without(name, suffix);
    if (ends_with(stem, "村") || ends_with(stem, "社区") || ends_with(stem, "嘎查"))
        return stem;
    /* 花石村民委员会 is that of 花石村. */
    return strncmp(suffix, "村", 3) == 0 ? span_of(name.bytes, stem.length + 3) : name;
}

static size_t add(struct gazetteer_variant *variants, size_t count, struct span text, const char *suffix, int form)
{
    if (text.length == 0 || count >= GAZETTEER_VARIANTS_MAX || text.length + strlen(suffix) >= sizeof variants->text)
        return count;
    snprintf(variants[count].text, sizeof variants->text, "%.*s%s", (int)text.length, text.bytes, suffix);
    variants[count].form = form;
    return count + 1;
}

static size_t upper_variants(struct span name, struct gazetteer_variant *variants)
{
    static const struct {
        const char *formal, *usual;
    } usual[] = {
        {"自治州",  "州"      },
        { "自治县", "县"      },
        { "自治旗", "旗"      },
        { "自治区", "自治区"},
        { "林区",    "林区"   },
        { "区",       "区"      }
    };
    size_t count = add(variants, 0, name, "", GAZETTEER_FULL);

    const struct span bare = gazetteer_bare(name);
    for (size_t i = 0; i < sizeof usual / sizeof usual[0]; i++) {
        if (!ends_with(name, usual[i].formal))
            continue;
        if (!span_equals(without(name, usual[i].formal), bare))
            count = add(variants, count, bare, usual[i].usual, GAZETTEER_FULL);
        break;
    }
    /* One character is no name: 忠县 is not 忠. Zones and the like have no suffix and no short form. */
    if (bare.length >= 6 && bare.length < name.length)
        count = add(variants, count, bare, "", GAZETTEER_BARE);
    return count;
}

static size_t lower_variants(struct span name, const char *const *suffixes, struct gazetteer_variant *variants)
{
    const char *suffix = suffix_of(name, suffixes);
    if (suffix == NULL)
        return add(variants, 0, name, "", GAZETTEER_WHOLE_STEM);

    struct span stem  = without(name, suffix);
    size_t      count = add(variants, 0, stem, "", GAZETTEER_STEM);
    if (suffixes == town_suffixes) {
        const struct span bare = without_peoples(stem);
        if (bare.length >= 6 && bare.length < stem.length)
            count = add(variants, count, bare, "", GAZETTEER_STEM);
    } else if (ends_with(stem, "村") && stem.length >= 9) {
        /* 复隆村社区居委会 is called 复隆村 as well. */
        count = add(variants, count, without(stem, "村"), "", GAZETTEER_STEM);
    }
    return count;
}

size_t gazetteer_variants(unsigned level, struct span name, struct gazetteer_variant *variants)
{
    if (level <= 6)
        return upper_variants(name, variants);
    return lower_variants(name, level == 9 ? town_suffixes : village_suffixes, variants);
}
