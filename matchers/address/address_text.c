/* Reads and folds address text; see address_text.h.
 * Traditional forms are folded where the simplified one stands in place names (after Unihan 15, Unicode licence). */
#include "matchers/address/address_text.h"

/* Pairs in the order of their first: traditional or financial form, then what it is folded to. */
static const char16_t folds[] =
    u"〇零丟丢亂乱亞亚伍五併并來来侖仑侶侣係系俠侠倆俩倉仓個个們们倫伦偉伟側侧傑杰傘伞備备傢家傳传傾倾僑侨僕仆儀仪億亿"
    u"儉俭儘尽優优儲储儷俪儻傥兌兑兒儿兗兖內内兩两冊册凈净凍冻凱凯別别則则剋克剎刹剛刚剝剥創创劃划劇剧劉刘劍剑勁劲動动"
    u"務务勛勋勝胜勞劳勢势勵励勸劝勻匀匯汇區区協协卻却厙厍厲厉叁三參参叢丛吳吴呂吕員员問问啞哑啟启喚唤喬乔單单嗎吗嗚呜"
    u"嘗尝嘯啸噲哙噹当嚀咛嚇吓嚕噜嚴严圇囵國国圍围園园圓圆圖图團团埡垭埰采執执堅坚堖垴堝埚堯尧報报場场塊块塋茔塗涂塢坞"
    u"塵尘塹堑墊垫墮堕墳坟墶垯墾垦壇坛壋垱壓压壘垒壙圹壚垆壟垄壠垅壢坜壩坝壪塆壯壮壹一壺壶壽寿夢梦夾夹奧奥奪夺奮奋妝妆"
    u"娛娱婁娄婦妇媧娲媽妈嫗妪嬌娇嬰婴孫孙學学孿孪宮宫實实寧宁審审寫写寬宽寵宠寶宝將将專专尋寻對对導导層层屬属岡冈峴岘"
    u"島岛峽峡崍崃崗岗崙仑崢峥崬岽嵐岚嶇岖嶗崂嶠峤嶧峄嶨峃嶴岙嶺岭嶼屿嶽岳巋岿巒峦巔巅巖岩帥帅師师帳帐帶带幟帜幣币幫帮"
    u"幹干幾几庫库廂厢廄厩廈厦廚厨廟庙廠厂廢废廣广廩廪廬庐廳厅張张強强彈弹彌弥彎弯彙汇彞彝彥彦後后徑径從从徠徕復复徹彻"
    u"恆恒悅悦悶闷惡恶惱恼愛爱愷恺慄栗態态慣惯慶庆憑凭憲宪憶忆懂栋應应懞蒙懷怀懸悬戀恋戩戬戰战戲戏戶户拋抛拾十捌八捨舍"
    u"捫扪捲卷掃扫掛挂採采揀拣揚扬換换揮挥損损搖摇搗捣搶抢撈捞撐撑撓挠撥拨撫抚撲扑撻挞擁拥擇择擋挡擔担據据擬拟擴扩擺摆"
    u"攏拢攔拦攜携攝摄攢攒攬揽敘叙數数斬斩斷断於于時时晉晋暈晕暉晖暘旸暢畅曆历曇昙曉晓曏向曠旷曬晒書书會会東东柒七柵栅"
    u"桿杆梔栀梘枧條条棖枨棗枣棟栋棧栈棲栖椏桠楊杨楓枫業业極极榪杩榮荣榲榅榿桤構构槍枪樁桩樂乐樅枞樓楼標标樞枢樣样樸朴"
    u"樹树樺桦橋桥機机橫横檉柽檔档檜桧檟槚檢检檯台檳槟檸柠櫃柜櫚榈櫟栎櫪枥櫸榉櫻樱欄栏權权欏椤欒栾欖榄欽钦歐欧歡欢歲岁"
    u"歷历歸归殺杀殼壳氂牦氈毡氣气決决沒没沖冲況况浹浃涇泾涼凉淥渌淪沦淵渊淶涞淺浅渙涣減减渦涡測测渾浑湞浈湯汤溈沩準准"
    u"溝沟溫温溮浉溳涢滄沧滎荥滬沪滲渗滸浒滻浐滾滚滿满漁渔漊溇漚沤漢汉漣涟漲涨漵溆漸渐漿浆潁颍潑泼潔洁潛潜潤润潯浔澆浇"
    u"澇涝澗涧澠渑澤泽澮浍澱淀濁浊濃浓濕湿濚溁濛蒙濟济濤涛濫滥濰潍濱滨濼泺瀆渎瀉泻瀋沈瀏浏瀘泸瀝沥瀟潇瀠潆瀦潴瀧泷瀨濑"
    u"瀲潋瀾澜灃沣灄滠灑洒灕漓灘滩灝灏灣湾灤滦灧滟災灾為为烏乌無无煉炼煒炜煙烟煥焕煩烦熱热燁烨燈灯燒烧營营燦灿燭烛爐炉"
    u"爛烂爭争爺爷爾尔牆墙牽牵犢犊狀状狹狭猶犹獁犸獄狱獅狮獎奖獨独獲获獵猎獺獭獻献玖九現现琿珲瑋玮瑤瑶瑩莹瑪玛璉琏璣玑"
    u"璫珰環环璽玺瓊琼瓏珑甌瓯產产甯宁畝亩畢毕畫画異异當当疇畴疊叠瘋疯療疗發发盞盏盡尽監监盤盘盧卢盪荡眞真眾众睏困瞭了"
    u"矇蒙矯矫硃朱硜硁硤硖硯砚碩硕碭砀確确碼码磚砖磧碛磯矶礄硚礆硷礎础礦矿礬矾礱砻祿禄禎祯禦御禪禅禮礼禿秃稅税稈秆種种"
    u"稱称穀谷積积穎颖穩稳穫获窩窝窪洼窮穷窯窑竇窦竈灶競竞筆笔筍笋筧笕節节範范築筑篔筼篤笃篩筛簀箦簍篓簡简簹筜簾帘籃篮"
    u"籌筹籟籁籠笼籬篱籮箩粵粤糞粪糧粮紀纪紂纣約约紅红紋纹納纳紐纽純纯紗纱紙纸級级紛纷紡纺細细紳绅紹绍終终組组結结絞绞"
    u"絡络給给絨绒統统絲丝絳绛絹绢綏绥經经綜综綠绿綢绸維维綱纲網网綸纶綺绮綻绽綽绰綾绫綿绵緊紧緒绪線线緞缎締缔緣缘編编"
    u"緯纬緱缑練练緹缇緻致縉缙縣县縫缝縱纵縹缥總总績绩繅缫繆缪織织繞绕繡绣繩绳繪绘繫系繭茧繳缴繼继繽缤續续纍累纏缠纓缨"
    u"纔才纖纤纜缆缽钵罈坛罰罚罵骂罷罢羅罗羣群義义習习翹翘聖圣聞闻聯联聰聪聲声聳耸聶聂職职聽听聾聋肅肃肆四脈脉脫脱腦脑"
    u"腳脚腸肠膠胶膩腻膽胆臉脸臘腊臚胪臨临臺台與与興兴舉举舊旧艙舱艤舣艦舰艷艳茲兹荊荆莊庄莢荚華华萇苌萊莱萬万葉叶葦苇"
    u"蒔莳蒼苍蓀荪蓋盖蓮莲蓴莼蔔卜蔞蒌蔣蒋蔥葱蔭荫蕎荞蕓芸蕩荡蕪芜蕭萧薈荟薊蓟薌芗薑姜薔蔷薦荐薩萨藍蓝藝艺藥药藪薮藺蔺"
    u"蘄蕲蘆芦蘇苏蘊蕴蘋苹蘭兰蘿萝處处虛虚號号虯虬蜆蚬蝦虾螄蛳螞蚂蟬蝉蟲虫蟻蚁蠅蝇蠟蜡蠣蛎蠶蚕蠻蛮術术衕同衖弄衚胡衛卫"
    u"衝冲裊袅裏里補补裝装裡里製制複复褳裢襖袄襪袜襲袭見见規规覓觅視视親亲覺觉覽览觀观訂订計计訊讯討讨訓训託托記记訥讷"
    u"訪访設设許许訶诃診诊註注詔诏評评詠咏詢询試试詩诗話话該该詵诜誇夸誌志語语誠诚誥诰說说課课誼谊調调談谈請请論论諧谐"
    u"諫谏諭谕諳谙諶谌諸诸諾诺謀谋謁谒謙谦講讲謝谢謨谟謳讴證证譙谯譚谭譜谱譯译議议護护譽誉讀读變变讓让豈岂豎竖豐丰豬猪"
    u"貓猫貝贝貞贞貟贠財财貢贡貧贫貨货貫贯責责貴贵貶贬買买費费貼贴貽贻貿贸賀贺賁贲資资賈贾賒赊賓宾賚赉賜赐賞赏賢贤賣卖"
    u"賦赋質质賴赖購购賽赛贈赠贊赞贏赢贛赣贰二趕赶趙赵跡迹踴踊蹕跸蹤踪躍跃車车軋轧軍军軒轩軛轭軟软軫轸軸轴軹轵軻轲較较"
    u"輅辂載载輓挽輔辅輕轻輛辆輝辉輞辋輦辇輪轮輯辑輸输輻辐輿舆轄辖轅辕轆辘轉转轎轿轟轰轤轳辦办辭辞農农迴回逕迳這这連连"
    u"進进遊游運运過过達达遙遥遜逊遞递遠远適适遲迟遷迁選选遺遗遼辽邁迈還还邊边邏逻邨村郟郏郵邮鄆郓鄉乡鄒邹鄔邬鄖郧鄧邓"
    u"鄭郑鄰邻鄲郸鄴邺鄺邝酇酂酈郦醜丑醫医醬酱釀酿釋释釐厘釗钊針针釣钓釵钗鈎钩鈐钤鈔钞鈕钮鈞钧鈴铃鈺钰鉀钾鉅钜鉑铂鉗钳"
    u"鉛铅鉤钩銀银銃铳銅铜銓铨銘铭銳锐銷销銹锈鋁铝鋅锌鋒锋鋤锄鋪铺鋸锯鋼钢錁锞錄录錐锥錘锤錠锭錢钱錦锦錨锚錫锡錯错錶表"
    u"鍁锨鍋锅鍛锻鍬锹鍾钟鎂镁鎖锁鎢钨鎣蓥鎬镐鎮镇鏇旋鏈链鏟铲鏡镜鏵铧鏽锈鐔镡鐘钟鐮镰鐵铁鐸铎鐺铛鑄铸鑒鉴鑰钥鑲镶鑼锣"
    u"鑽钻鑾銮鑿凿長长門门閃闪閆闫閉闭開开閑闲閒闲間间閔闵閘闸閣阁閤合閩闽閬阆閭闾閱阅閻阎閿阌闆板闊阔闕阙闖闯關关闞阚"
    u"阪坂陘陉陝陕陣阵陰阴陳陈陸陆陽阳隊队階阶際际隨随險险隱隐隴陇隸隶隻只雋隽雙双雜杂雞鸡離离難难雲云電电霧雾霽霁靂雳"
    u"靈灵靚靓靜静鞏巩鞦秋韆千韋韦韓韩韜韬韻韵響响頁页頂顶頃顷項项順顺須须頌颂預预頓顿頗颇領领頡颉頤颐頭头頰颊頸颈顆颗"
    u"題题額额顏颜顓颛願愿顙颡類类顧顾顯显風风颱台飄飘飛飞飯饭飲饮飼饲餅饼養养餘余餚肴館馆饃馍饅馒饒饶馬马馮冯馱驮馳驰"
    u"馴驯駁驳駐驻駒驹駕驾駙驸駝驼駟驷駢骈駱骆駿骏騎骑騫骞騮骝騰腾騷骚騾骡驀蓦驊骅驕骄驗验驚惊驛驿驢驴驥骥驪骊體体髮发"
    u"鬆松鬍胡鬚须鬥斗鬧闹鬱郁魚鱼魯鲁鮁鲅鮎鲇鮑鲍鮓鲊鮦鲖鮮鲜鯉鲤鯤鲲鯨鲸鯰鲶鯽鲫鰱鲢鰲鳌鱔鳝鱗鳞鱤鳡鳥鸟鳧凫鳩鸠鳳凤"
    u"鳴鸣鳶鸢鴉鸦鴛鸳鴣鸪鴦鸯鴨鸭鴰鸹鴻鸿鴿鸽鵑鹃鵓鹁鵝鹅鵠鹄鵡鹉鵬鹏鵲鹊鶚鹗鶯莺鶴鹤鷀鹚鷂鹞鷓鹧鷗鸥鷥鸶鷲鹫鷹鹰鷺鹭"
    u"鸕鸬鸚鹦鸛鹳鸝鹂鸞鸾鹵卤鹹咸鹼硷鹽盐麗丽麥麦麯曲麵面麼么麽么黃黄黌黉點点黨党鼕冬齊齐齋斋齒齿齡龄齣出龍龙龐庞龔龚"
    u"龕龛龜龟";

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

bool address_text_has_gap(const struct address_text *text, size_t at)
{
    return at > 0 && at < text->count && text->begins[at] != text->ends[at - 1];
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
    const uint32_t first   = from < text->count ? text->characters[from] : 0;
    size_t         longest = 0;

    for (; *literals != NULL; literals++) {
        if (**literals != first)
            continue;
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
    static const char16_t digits[] = u"零一二三四五六七八九十"; /* 〇 is folded to 零 */

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

/* Appends a digit; a zero that leads a number gives way to it. */
static size_t put_digit(char *out, size_t used, size_t size, uint32_t digit)
{
    const bool leads = used > 0 && out[used - 1] == '0' && (used == 1 || out[used - 2] < '0' || out[used - 2] > '9');

    return put(out, used - (leads ? 1 : 0), size, digit);
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
        used = put_digit(out, used, size, (unsigned char)digits[--count]);
    return used;
}

static bool is_dash(uint32_t character)
{
    return character == '-' || character == '_' || character == '~' || character == u'之' ||
           (character >= 0x2010 && character <= 0x2015) || character == 0x2212 || character == 0x30fc;
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
            used = put_digit(out, used, size, character);
            i++;
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
