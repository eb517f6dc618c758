/* Words that stand in names and are none: placeholders, titles, descriptions, words for former names; see name_parts.h.
 * Deliberately lists of words in simplified form, compared after folding. */
#include "matchers/identity/name_parts.h"

#include "matchers/text/utf8.h"

/* Whether the characters from `from` on begin with the word; its length, 0 when they do not. */
static size_t word_at(const uint32_t *characters, size_t count, size_t from, const char *word)
{
    struct span rest   = span_from_text(word);
    size_t      length = 0;
    uint32_t    wanted;

    while (utf8_next(&rest, &wanted)) {
        if (from + length >= count || characters[from + length] != wanted)
            return 0;
        length++;
    }
    return length;
}

static size_t characters_of(const char *word)
{
    struct span rest  = span_from_text(word);
    size_t      count = 0;
    uint32_t    character;

    while (utf8_next(&rest, &character))
        count++;
    return count;
}

static bool ends_with(const struct name *name, const char *word)
{
    const size_t length = characters_of(word);

    return length <= name->length && word_at(name->characters, name->length, name->length - length, word) == length;
}

static bool is_one_of(const struct name *name, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (word_at(name->characters, name->length, 0, *words) == name->length)
            return true;
    }
    return false;
}

/* "xxx", and a letter alone. */
static bool is_repeated_letter(const struct name *name)
{
    for (size_t i = 0; i < name->length; i++) {
        if (name->characters[i] != name->characters[0] || name->characters[0] >= 0x80)
            return false;
    }
    return true;
}

static bool has_digits_only(const struct name *name)
{
    for (size_t i = 0; i < name->length; i++) {
        if (name->characters[i] < '0' || name->characters[i] > '9')
            return false;
    }
    return true;
}

/* 张XX: letters that hide a character. */
static bool is_covered_by_x(const struct name *name)
{
    bool is_found = false;

    for (size_t i = 0; i < name->length; i++) {
        if (name->characters[i] < 0x80 && name->characters[i] != 'x')
            return false;
        is_found = is_found || name->characters[i] == 'x';
    }
    return is_found;
}

bool name_is_placeholder(const struct name *name)
{
    static const char *const words[] = {
        "无名氏",   "无名",     "未知",     "不详",      "无",        "佚名",      "暂无",     "未取名",   "不知",
        "未名",     "空",       "待定",     "未填",      "姓名",      "测试",      "不明",     "未登记",   "无姓名",
        "无名字",   "没有名字", "没名字",   "没有姓名",  "不知道",    "不知名",    "不清楚",   "未知姓名", "未命名",
        "未起名",   "未办理",   "未提供",   "未填写",    "未录入",    "未上户",    "未报户口", "暂无姓名", "暂无名字",
        "暂未取名", "暂未起名", "暂缺",     "待补",      "待查",      "待取名",    "待填",     "待核实",   "待录入",
        "姓名不详", "姓名不明", "姓名未知", "名字不详",  "身份不明",  "身份不详",  "不愿透露", "拒绝透露", "拒绝回答",
        "匿名",     "保密",     "新生儿",   "婴儿",      "女婴",      "男婴",      "弃婴",     "小孩",     "孩子",
        "同上",     "略",       "本人",     "户主",      "其他",      "其它",      "群众",     "路人",     "路人甲",
        "不是",     "没有",     "缺失",     "空白",      "无此人",    "查无此人",  "姓名待定", "无名女",   "无名男",
        "无名女尸", "无名男尸", "none",     "null",      "na",        "nan",       "nil",      "test",     "unknown",
        "noname",   "unnamed",  "name",     "nobody",    "anonymous", "undefined", "empty",    "tbd",      "baby",
        "babygirl", "babyboy",  "wuming",   "wumingshi", "weizhi",    "buxiang",   "admin",    "user",     NULL
    };

    return is_one_of(name, words) || is_repeated_letter(name) || has_digits_only(name) || is_covered_by_x(name);
}

bool name_is_description(const struct name *name)
{
    static const char *const endings[] = { "之子", "之女", "之婴", "女婴", "男婴", "父亲", "母亲", "爸爸",   "妈妈",
                                           "爷爷", "奶奶", "外公", "外婆", "家长", "儿子", "女儿", "丈夫",   "妻子",
                                           "哥哥", "姐姐", "弟弟", "妹妹", "父母", "一家", "家属", "监护人", NULL };

    for (const char *const *ending = endings; *ending != NULL; ending++) {
        if (name->length > characters_of(*ending) && ends_with(name, *ending))
            return true;
    }
    return false;
}

/* Whether the name is a surname and nothing more. */
static bool is_surname_only(const struct language_tables *tables, const struct name *name)
{
    if (name->length == 1)
        return true;
    return name->length == 2 && language_surname_find(tables, name->characters[0], name->characters[1]) != NULL;
}

static bool drop_latin_title(struct name *name)
{
    static const char *const titles[] = { "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madam", NULL };

    for (const char *const *title = titles; *title != NULL; title++) {
        const size_t length = strlen(*title);

        if (name->given_part == length && word_at(name->characters, name->length, 0, *title) == length) {
            memmove(name->characters, name->characters + length, (name->length - length) * sizeof name->characters[0]);
            name->length     = (uint8_t)(name->length - length);
            name->given_part = 0;
            return name->length > 0;
        }
    }
    return true;
}

bool name_drop_title(const struct language_tables *tables, struct name *name)
{
    static const char *const titles[] = { "小朋友", "副主任", "副书记", "副校长", "副所长", "班主任", "辅导员", "先生",
                                          "女士",   "小姐",   "太太",   "夫人",   "同学",   "老师",   "同志",   "师傅",
                                          "医生",   "大夫",   "护士",   "主任",   "书记",   "校长",   "院长",   "所长",
                                          "局长",   "队长",   "科长",   "处长",   "村长",   "镇长",   "组长",   "班长",
                                          "经理",   "警官",   "民警",   "法官",   "律师",   "教授",   "博士",   "会计",
                                          "老板",   "阿姨",   "叔叔",   "大爷",   "大妈",   "大叔",   "大姐",   "大哥",
                                          "社工",   "教师",   NULL };

    if (name->is_latin)
        return drop_latin_title(name);
    for (const char *const *title = titles; *title != NULL; title++) {
        const size_t length = characters_of(*title);

        if (name->length < length || !ends_with(name, *title))
            continue;
        if (name->length == length)
            return false;
        struct name shorter = *name;
        shorter.length      = (uint8_t)(name->length - length);
        if (is_surname_only(tables, &shorter))
            return false;
        *name = shorter;
        return true;
    }
    return true;
}

size_t name_former_word_length(const uint32_t *characters, size_t count)
{
    static const char *const words[] = { "曾用名为", "曾用名是", "曾用名", "现用名", "原名叫", "原名", "又名",
                                         "别名",     "更名为",   "更名",   "改名为", "改名",   "化名", "乳名",
                                         "小名",     "艺名",     "笔名",   "昵称",   "曾名",   "又叫", "法名",
                                         "现名",     "别称",     "绰号",   "外号",   "英文名", NULL };

    for (const char *const *word = words; *word != NULL; word++) {
        const size_t length = word_at(characters, count, 0, *word);

        if (length > 0)
            return length;
    }
    return 0;
}

size_t name_find_former(const struct name *name, size_t *word_length)
{
    for (size_t at = 2; at + 3 < name->length; at++) {
        *word_length = name_former_word_length(name->characters + at, name->length - at);
        if (*word_length > 0 && at + *word_length + 1 < name->length)
            return at;
    }
    return 0;
}
