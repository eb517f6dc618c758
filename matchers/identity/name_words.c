/* Words that stand in names and are none: placeholders, titles, descriptions, words for former names; see name_parts.h.
 * Deliberately lists of words in simplified form, compared after folding. */
#include "matchers/identity/name_parts.h"

#include <uchar.h>

/* Whether the characters begin with the word; its length, 0 when they do not. */
static size_t word_at(const uint32_t *characters, size_t count, const char32_t *word)
{
    size_t length = 0;

    for (; word[length] != 0; length++) {
        if (length == count || characters[length] != word[length])
            return 0;
    }
    return length;
}

static size_t length_of(const char32_t *word)
{
    size_t length = 0;

    while (word[length] != 0)
        length++;
    return length;
}

static bool ends_with(const struct name *name, const char32_t *word)
{
    const size_t length = length_of(word);

    return length <= name->length && word_at(name->characters + name->length - length, length, word) == length;
}

static bool is_one_of(const struct name *name, const char32_t *const *words)
{
    for (; *words != NULL; words++) {
        if (word_at(name->characters, name->length, *words) == name->length)
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
    static const char32_t *const words[] = {
        U"无名氏",   U"无名",     U"未知",     U"不详",     U"无",       U"佚名",     U"暂无",      U"未取名",
        U"不知",     U"未名",     U"空",       U"待定",     U"未填",     U"姓名",     U"测试",      U"不明",
        U"未登记",   U"无姓名",   U"无名字",   U"没有名字", U"没名字",   U"没有姓名", U"不知道",    U"不知名",
        U"不清楚",   U"未知姓名", U"未命名",   U"未起名",   U"未办理",   U"未提供",   U"未填写",    U"未录入",
        U"未上户",   U"未报户口", U"暂无姓名", U"暂无名字", U"暂未取名", U"暂未起名", U"暂缺",      U"待补",
        U"待查",     U"待取名",   U"待填",     U"待核实",   U"待录入",   U"姓名不详", U"姓名不明",  U"姓名未知",
        U"名字不详", U"身份不明", U"身份不详", U"不愿透露", U"拒绝透露", U"拒绝回答", U"匿名",      U"保密",
        U"新生儿",   U"婴儿",     U"女婴",     U"男婴",     U"弃婴",     U"小孩",     U"孩子",      U"同上",
        U"略",       U"本人",     U"户主",     U"其他",     U"其它",     U"群众",     U"路人",      U"路人甲",
        U"不是",     U"没有",     U"缺失",     U"空白",     U"无此人",   U"查无此人", U"姓名待定",  U"无名女",
        U"无名男",   U"无名女尸", U"无名男尸", U"none",     U"null",     U"na",       U"nan",       U"nil",
        U"test",     U"unknown",  U"noname",   U"unnamed",  U"name",     U"nobody",   U"anonymous", U"undefined",
        U"empty",    U"tbd",      U"baby",     U"babygirl", U"babyboy",  U"wuming",   U"wumingshi", U"weizhi",
        U"buxiang",  U"admin",    U"user",     NULL
    };

    return is_one_of(name, words) || is_repeated_letter(name) || has_digits_only(name) || is_covered_by_x(name);
}

bool name_is_description(const struct name *name)
{
    static const char32_t *const endings[] = { U"之子", U"之女", U"之婴", U"女婴", U"男婴",   U"父亲", U"母亲",
                                               U"爸爸", U"妈妈", U"爷爷", U"奶奶", U"外公",   U"外婆", U"家长",
                                               U"儿子", U"女儿", U"丈夫", U"妻子", U"哥哥",   U"姐姐", U"弟弟",
                                               U"妹妹", U"父母", U"一家", U"家属", U"监护人", NULL };

    for (const char32_t *const *ending = endings; *ending != NULL; ending++) {
        if (name->length > length_of(*ending) && ends_with(name, *ending))
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
    static const char32_t *const titles[] = { U"mr", U"mrs", U"ms", U"miss", U"dr", U"prof", U"sir", U"madam", NULL };

    for (const char32_t *const *title = titles; *title != NULL; title++) {
        const size_t length = length_of(*title);

        if (name->given_part == length && word_at(name->characters, name->length, *title) == length) {
            memmove(name->characters, name->characters + length, (name->length - length) * sizeof name->characters[0]);
            name->length     = (uint8_t)(name->length - length);
            name->given_part = 0;
            return name->length > 0;
        }
    }
    return true;
}

/* The characters of a title at the end of the name; 0 when there is none. */
static size_t title_length(const struct name *name)
{
    static const char32_t *const titles[] = {
        U"小朋友", U"副主任", U"副书记", U"副校长", U"副所长", U"班主任", U"辅导员", U"先生", U"女士", U"小姐", U"太太",
        U"夫人",   U"同学",   U"老师",   U"同志",   U"师傅",   U"医生",   U"大夫",   U"护士", U"主任", U"书记", U"校长",
        U"院长",   U"所长",   U"局长",   U"队长",   U"科长",   U"处长",   U"村长",   U"镇长", U"组长", U"班长", U"经理",
        U"警官",   U"民警",   U"法官",   U"律师",   U"教授",   U"博士",   U"会计",   U"老板", U"阿姨", U"叔叔", U"大爷",
        U"大妈",   U"大叔",   U"大姐",   U"大哥",   U"社工",   U"教师",   NULL
    };

    for (const char32_t *const *title = titles; *title != NULL; title++) {
        if (ends_with(name, *title))
            return length_of(*title);
    }
    return 0;
}

bool name_drop_title(const struct language_tables *tables, struct name *name)
{
    if (name->is_latin)
        return drop_latin_title(name);
    for (size_t length = title_length(name); length > 0; length = title_length(name)) {
        if (name->length == length)
            return false;
        name->length = (uint8_t)(name->length - length);
        if (is_surname_only(tables, name))
            return false;
    }
    return true;
}

size_t name_former_word_length(const uint32_t *characters, size_t count)
{
    static const char32_t *const words[] = { U"曾用名为", U"曾用名是", U"曾用名", U"现用名", U"原名叫", U"原名",
                                             U"又名",     U"别名",     U"更名为", U"更名",   U"改名为", U"改名",
                                             U"化名",     U"乳名",     U"小名",   U"艺名",   U"笔名",   U"昵称",
                                             U"曾名",     U"又叫",     U"法名",   U"现名",   U"别称",   U"绰号",
                                             U"外号",     U"英文名",   NULL };

    for (const char32_t *const *word = words; *word != NULL; word++) {
        const size_t length = word_at(characters, count, *word);

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
