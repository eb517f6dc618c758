/* Reads and folds address text; see address_text.h.
 * The table of traditional forms holds what place names, roads and numbers use, not the language. */
#include "matchers/address/address_text.h"

/* Pairs in the order of their first: traditional or financial form, then what it is folded to. */
static const char16_t folds[] =
    u"〇零伍五併并侖仑倉仓個个們们偉伟側侧傑杰備备傢家傳传儀仪億亿優优兒儿內内兩两凍冻創创劃划劉刘動动務务勝胜"
    u"勢势勵励區区協协叁三參参吳吴員员啟启喬乔單单嚴严國国圍围園园圓圆圖图團团場场塊块墊垫墳坟壇坛壓压壩坝壯壮"
    u"壹一壽寿夾夹奧奥婦妇學学實实寧宁審审寫写寶宝將将專专對对導导層层岡冈島岛峽峡崗岗崙仑嶺岭嶼屿嶽岳巖岩師师"
    u"帶带幣币幹干幾几庫库廟庙廠厂廢废廣广廳厅彌弥彎弯後后徑径從从復复恆恒愛爱慶庆懂栋應应懷怀懸悬戰战戶户拾十"
    u"捌八掃扫揚扬換换損损撫抚擁拥擇择據据擴扩數数斷断曆历曉晓書书會会東东柒七棟栋楊杨業业極极榮荣構构樁桩樂乐"
    u"樓楼標标樣样樹树橋桥機机檔档檢检櫻樱欄栏權权歐欧歲岁歷历氣气決决沖冲淵渊溝沟滄沧滬沪漁渔漢汉漣涟潔洁澗涧"
    u"澤泽濕湿濟济濰潍濱滨瀋沈瀏浏瀘泸灑洒灘滩灣湾無无燈灯營营爐炉爭争爾尔牆墙獅狮獎奖獨独玖九現现瑤瑶瑪玛環环"
    u"產产甯宁畝亩畢毕畫画當当疊叠瘋疯發发盧卢眞真眾众瞭了碼码礎础礦矿祿禄禪禅禮礼稅税種种積积穩稳窩窝窪洼競竞"
    u"筆笔節节範范築筑簡简籃篮糧粮紀纪紅红納纳紐纽純纯紙纸級级紡纺細细紹绍終终組组結结絡络給给統统絲丝經经綜综"
    u"綠绿維维綱纲網网綿绵緊紧線线緣缘緯纬縣县縱纵總总織织繞绕繡绣繩绳罰罚羅罗羣群義义習习聖圣聞闻聯联聲声職职"
    u"肅肃肆四腦脑腳脚膠胶臨临臺台興兴舉举舊旧艦舰艷艳莊庄華华萬万葉叶蒼苍蓮莲蔣蒋蕭萧薩萨藍蓝藝艺藥药蘇苏蘭兰"
    u"處处虛虚號号蟲虫術术衖弄衛卫衝冲裏里補补裝装裡里複复見见規规視视親亲觀观計计討讨訓训託托記记設设許许診诊"
    u"評评詢询試试詩诗話话該该語语誠诚說说課课調调論论諸诸證证譯译護护讓让豎竖豐丰貝贝財财貨货貴贵買买費费貿贸"
    u"賀贺資资賓宾賢贤質质購购賽赛贊赞贛赣贰二趙赵躍跃車车軍军軒轩較较輝辉輪轮轄辖轉转轎轿辦办農农迴回連连進进"
    u"運运達达遙遥遠远適适遷迁選选遼辽邊边邨村鄉乡鄧邓鄭郑鄰邻醫医醬酱釋释釣钓鈺钰鉛铅銀银銅铜鋪铺鋼钢錢钱錦锦"
    u"錫锡鍾钟鎖锁鎢钨鎮镇鏡镜鐘钟鐵铁鑼锣長长門门閃闪閘闸閣阁閩闽閱阅闊阔關关陰阴陳陈陸陆陽阳隊队階阶際际隨随"
    u"險险隸隶雙双雜杂雞鸡離离雲云電电霧雾靈灵靜静韋韦韓韩頂顶順顺預预頓顿領领頭头題题額额願愿類类顯显風风飛飞"
    u"飯饭養养餘余館馆馬马駐驻駱骆騰腾驗验驛驿體体髮发鬥斗魚鱼魯鲁鮮鲜鳥鸟鳳凤鳴鸣鴻鸿鵬鹏鶴鹤鷹鹰鹽盐麗丽麥麦"
    u"黃黄點点黨党齊齐齋斋龍龙龜龟";

enum { FOLD_COUNT = sizeof folds / sizeof folds[0] / 2 };

/* Plain UTF-8 decoding; a broken byte is one U+FFFD. */
static uint32_t next_character(const char **at, const char *end)
{
    const unsigned char *bytes = (const unsigned char *)*at;
    const size_t         left  = (size_t)(end - *at);
    unsigned             more  = 0;
    uint32_t             value = bytes[0];

    if (value >= 0xf0 && value < 0xf5) {
        more  = 3;
        value = value & 7;
    } else if (value >= 0xe0 && value < 0xf0) {
        more  = 2;
        value = value & 15;
    } else if (value >= 0xc2 && value < 0xe0) {
        more  = 1;
        value = value & 31;
    } else if (value >= 0x80) {
        *at += 1;
        return 0xfffd;
    }
    if (left <= more) {
        *at += 1;
        return 0xfffd;
    }
    for (unsigned i = 1; i <= more; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            *at += 1;
            return 0xfffd;
        }
        value = value << 6 | (bytes[i] & 63);
    }
    *at += more + 1;
    return value;
}

static uint32_t fold(uint32_t character)
{
    if (character >= 0xff01 && character <= 0xff5e)
        character -= 0xfee0;
    if (character >= 'a' && character <= 'z')
        return character - 'a' + 'A';
    if (character < 0x3007)
        return character;

    size_t low = 0, high = FOLD_COUNT;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (folds[middle * 2] < character)
            low = middle + 1;
        else
            high = middle;
    }
    return low < FOLD_COUNT && folds[low * 2] == character ? folds[low * 2 + 1] : character;
}

uint32_t address_text_next(const char **at, const char *end)
{
    return fold(next_character(at, end));
}

static bool is_space(uint32_t character)
{
    return character <= ' ' || character == 0x3000 || character == 0xa0 || character == 0xfeff ||
           (character >= 0x2000 && character <= 0x200f);
}

void address_text_read(struct address_text *text, struct span source)
{
    const char *at  = source.bytes;
    const char *end = source.length != 0 ? source.bytes + source.length : source.bytes;

    text->source = source;
    text->count  = 0;
    while (at < end && text->count < ADDRESS_CHARACTERS_MAX) {
        const size_t   begin     = (size_t)(at - source.bytes);
        const uint32_t character = address_text_next(&at, end);
        if (is_space(character))
            continue;
        text->characters[text->count] = character;
        text->begins[text->count]     = (uint32_t)begin;
        text->ends[text->count]       = (uint32_t)(at - source.bytes);
        text->count++;
    }
    for (size_t i = 0; i < 4; i++)
        text->characters[text->count + i] = 0;
}

struct span address_text_span(const struct address_text *text, size_t from, size_t to)
{
    if (from >= to || to > text->count)
        return (struct span){ NULL, 0 };
    return span_of(text->source.bytes + text->begins[from], text->ends[to - 1] - text->begins[from]);
}

size_t address_text_match(const struct address_text *text, size_t from, const char16_t *literal)
{
    size_t i = from;

    for (; *literal != 0; literal++, i++) {
        if (i >= text->count || text->characters[i] != *literal)
            return 0;
    }
    return i - from;
}

size_t address_text_match_any(const struct address_text *text, size_t from, const char16_t *const *literals)
{
    size_t longest = 0;

    for (; *literals != NULL; literals++) {
        const size_t length = address_text_match(text, from, *literals);
        if (length > longest)
            longest = length;
    }
    return longest;
}

bool address_is_digit(uint32_t character)
{
    return character >= '0' && character <= '9';
}

bool address_is_han(uint32_t character)
{
    return (character >= 0x4e00 && character <= 0x9fff) || (character >= 0x3400 && character <= 0x4dbf) ||
           character >= 0x20000 || (character >= 0xe000 && character <= 0xf8ff);
}

int address_chinese_digit(uint32_t character)
{
    static const char16_t digits[] = u"〇一二三四五六七八九十";

    if (character == u'两')
        return 2;
    if (character == u'百')
        return 100;
    for (int i = 0; i <= 10; i++) {
        if (character == digits[i])
            return i;
    }
    return -1;
}

/* Reads a run of Chinese numerals; both 二十三 and 二三 are 23. Returns the end of the run. */
static size_t read_chinese(const struct address_text *text, size_t from, size_t to, unsigned *value)
{
    unsigned total = 0, current = 0;
    size_t   i = from;

    for (; i < to && i < from + 6; i++) {
        const int digit = address_chinese_digit(text->characters[i]);
        if (digit < 0)
            break;
        if (digit >= 10) {
            total += (current != 0 ? current : 1) * (unsigned)digit;
            current = 0;
        } else {
            current = current * 10 + (unsigned)digit;
        }
    }
    *value = total + current;
    return i;
}

/* Appends UTF-8; what does not fit is left out whole. */
static size_t put(char *out, size_t used, size_t size, uint32_t character)
{
    if (character < 0x80) {
        if (used + 1 <= size)
            out[used++] = (char)character;
    } else if (character < 0x800) {
        if (used + 2 <= size) {
            out[used++] = (char)(0xc0 | character >> 6);
            out[used++] = (char)(0x80 | (character & 63));
        }
    } else if (character < 0x10000) {
        if (used + 3 <= size) {
            out[used++] = (char)(0xe0 | character >> 12);
            out[used++] = (char)(0x80 | (character >> 6 & 63));
            out[used++] = (char)(0x80 | (character & 63));
        }
    } else if (used + 4 <= size) {
        out[used++] = (char)(0xf0 | character >> 18);
        out[used++] = (char)(0x80 | (character >> 12 & 63));
        out[used++] = (char)(0x80 | (character >> 6 & 63));
        out[used++] = (char)(0x80 | (character & 63));
    }
    return used;
}

static size_t put_number(char *out, size_t used, size_t size, unsigned value)
{
    char   digits[12];
    size_t count = 0;

    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0 && count < sizeof digits);
    while (count > 0)
        used = put(out, used, size, (unsigned char)digits[--count]);
    return used;
}

static bool is_dash(uint32_t character)
{
    return character == '-' || character == '_' || character == '~' || (character >= 0x2010 && character <= 0x2015) ||
           character == 0x2212 || character == 0x30fc;
}

size_t address_text_number(const struct address_text *text, size_t from, size_t to, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = from; i < to && i < text->count;) {
        const uint32_t character = text->characters[i];
        unsigned       value;
        if (address_chinese_digit(character) >= 0) {
            i    = read_chinese(text, i, to, &value);
            used = put_number(out, used, size, value);
            continue;
        }
        if (address_is_digit(character)) {
            while (i + 1 < to && text->characters[i] == '0' && address_is_digit(text->characters[i + 1]))
                i++;
            while (i < to && address_is_digit(text->characters[i]))
                used = put(out, used, size, text->characters[i++]);
            continue;
        }
        used = put(out, used, size, is_dash(character) ? '-' : character);
        i++;
    }
    return used;
}

size_t address_text_folded(const struct address_text *text, size_t from, size_t to, char *out, size_t size)
{
    size_t used = 0;

    for (size_t i = from; i < to && i < text->count; i++)
        used = put(out, used, size, text->characters[i]);
    return used;
}
