/* The words of the tail grammar as tables.
 * Deliberately only endings: names before them are open. */
#include "matchers/address/address_tail.h"

#include "matchers/address/address_follow.h"

/* Both tables are in the order of the words' first characters. */
struct word {
    const char16_t *word;
    int             kind;
};

static const struct word name_words[] = {
    {u"丁字路口",                 TAIL_WORD_ASSIST   },
    { u"世纪城",                   TAIL_WORD_ESTATE   },
    { u"东侧",                      TAIL_WORD_ASSIST   },
    { u"东北角",                   TAIL_WORD_ASSIST   },
    { u"东南角",                   TAIL_WORD_ASSIST   },
    { u"东行",                      TAIL_WORD_ASSIST   },
    { u"东面",                      TAIL_WORD_ASSIST   },
    { u"中学",                      TAIL_WORD_ESTATE   },
    { u"中心",                      TAIL_WORD_ESTATE   },
    { u"乡",                         TAIL_WORD_TOWN     },
    { u"乡道",                      TAIL_WORD_ROAD     },
    { u"交会处",                   TAIL_WORD_ASSIST   },
    { u"交叉口",                   TAIL_WORD_ASSIST   },
    { u"交叉处",                   TAIL_WORD_ASSIST   },
    { u"交叉路口",                TAIL_WORD_ASSIST   },
    { u"交口",                      TAIL_WORD_ASSIST   },
    { u"交汇口",                   TAIL_WORD_ASSIST   },
    { u"交汇处",                   TAIL_WORD_ASSIST   },
    { u"交界处",                   TAIL_WORD_ASSIST   },
    { u"产业园",                   TAIL_WORD_ESTATE   },
    { u"产业园区",                TAIL_WORD_ESTATE   },
    { u"产业开发区",             TAIL_WORD_DEVZONE  },
    { u"以东",                      TAIL_WORD_ASSIST   },
    { u"以北",                      TAIL_WORD_ASSIST   },
    { u"以南",                      TAIL_WORD_ASSIST   },
    { u"以西",                      TAIL_WORD_ASSIST   },
    { u"体育馆",                   TAIL_WORD_ESTATE   },
    { u"佳园",                      TAIL_WORD_ESTATE   },
    { u"侧面",                      TAIL_WORD_ASSIST   },
    { u"保税区",                   TAIL_WORD_DEVZONE  },
    { u"保税港区",                TAIL_WORD_DEVZONE  },
    { u"入口处",                   TAIL_WORD_ASSIST   },
    { u"公司",                      TAIL_WORD_ESTATE   },
    { u"公园",                      TAIL_WORD_ESTATE   },
    { u"公寓",                      TAIL_WORD_ESTATE   },
    { u"公社",                      TAIL_WORD_TOWN     },
    { u"公路",                      TAIL_WORD_ROAD     },
    { u"公馆",                      TAIL_WORD_ESTATE   },
    { u"养老院",                   TAIL_WORD_ESTATE   },
    { u"内",                         TAIL_WORD_ASSIST   },
    { u"写字楼",                   TAIL_WORD_ESTATE   },
    { u"农场",                      TAIL_WORD_TOWN     },
    { u"出口加工区",             TAIL_WORD_DEVZONE  },
    { u"出口处",                   TAIL_WORD_ASSIST   },
    { u"创业园",                   TAIL_WORD_ESTATE   },
    { u"创业园区",                TAIL_WORD_ESTATE   },
    { u"创意园",                   TAIL_WORD_ESTATE   },
    { u"创意园区",                TAIL_WORD_ESTATE   },
    { u"别墅",                      TAIL_WORD_ESTATE   },
    { u"前面",                      TAIL_WORD_ASSIST   },
    { u"办事处",                   TAIL_WORD_TOWN     },
    { u"办公楼",                   TAIL_WORD_ESTATE   },
    { u"加工区",                   TAIL_WORD_DEVZONE  },
    { u"加油站",                   TAIL_WORD_ESTATE   },
    { u"北侧",                      TAIL_WORD_ASSIST   },
    { u"北行",                      TAIL_WORD_ASSIST   },
    { u"北面",                      TAIL_WORD_ASSIST   },
    { u"医院",                      TAIL_WORD_ESTATE   },
    { u"十字路口",                TAIL_WORD_ASSIST   },
    { u"华庭",                      TAIL_WORD_ESTATE   },
    { u"南侧",                      TAIL_WORD_ASSIST   },
    { u"南行",                      TAIL_WORD_ASSIST   },
    { u"南面",                      TAIL_WORD_ASSIST   },
    { u"博物馆",                   TAIL_WORD_ESTATE   },
    { u"卫生室",                   TAIL_WORD_ESTATE   },
    { u"卫生所",                   TAIL_WORD_ESTATE   },
    { u"卫生院",                   TAIL_WORD_ESTATE   },
    { u"厂",                         TAIL_WORD_ESTATE   },
    { u"县道",                      TAIL_WORD_ROAD     },
    { u"右侧",                      TAIL_WORD_ASSIST   },
    { u"合作区",                   TAIL_WORD_DEVZONE  },
    { u"合作社",                   TAIL_WORD_GROUP    },
    { u"名城",                      TAIL_WORD_ESTATE   },
    { u"名苑",                      TAIL_WORD_ESTATE   },
    { u"后面",                      TAIL_WORD_ASSIST   },
    { u"向东",                      TAIL_WORD_ASSIST   },
    { u"向北",                      TAIL_WORD_ASSIST   },
    { u"向南",                      TAIL_WORD_ASSIST   },
    { u"向西",                      TAIL_WORD_ASSIST   },
    { u"商务楼",                   TAIL_WORD_ESTATE   },
    { u"商厦",                      TAIL_WORD_ESTATE   },
    { u"商城",                      TAIL_WORD_ESTATE   },
    { u"嘉园",                      TAIL_WORD_ESTATE   },
    { u"嘎查",                      TAIL_WORD_COMMUNITY},
    { u"团场",                      TAIL_WORD_TOWN     },
    { u"园区",                      TAIL_WORD_ESTATE   },
    { u"国道",                      TAIL_WORD_ROAD     },
    { u"国际",                      TAIL_WORD_ESTATE   },
    { u"图书馆",                   TAIL_WORD_ESTATE   },
    { u"坡",                         TAIL_WORD_ROAD     },
    { u"基地",                      TAIL_WORD_ESTATE   },
    { u"大厦",                      TAIL_WORD_ESTATE   },
    { u"大学",                      TAIL_WORD_ESTATE   },
    { u"大楼",                      TAIL_WORD_ESTATE   },
    { u"大街",                      TAIL_WORD_ROAD     },
    { u"大道",                      TAIL_WORD_ROAD     },
    { u"大队",                      TAIL_WORD_COMMUNITY},
    { u"大院",                      TAIL_WORD_ESTATE   },
    { u"学校",                      TAIL_WORD_ESTATE   },
    { u"学院",                      TAIL_WORD_ESTATE   },
    { u"客运站",                   TAIL_WORD_ESTATE   },
    { u"家园",                      TAIL_WORD_ESTATE   },
    { u"家属楼",                   TAIL_WORD_ESTATE   },
    { u"家属院",                   TAIL_WORD_ESTATE   },
    { u"宾馆",                      TAIL_WORD_ESTATE   },
    { u"宿舍",                      TAIL_WORD_ESTATE   },
    { u"对面",                      TAIL_WORD_ASSIST   },
    { u"小区",                      TAIL_WORD_ESTATE   },
    { u"小学",                      TAIL_WORD_ESTATE   },
    { u"小组",                      TAIL_WORD_GROUP    },
    { u"小镇",                      TAIL_WORD_ESTATE   },
    { u"居委",                      TAIL_WORD_COMMUNITY},
    { u"居委会",                   TAIL_WORD_COMMUNITY},
    { u"居民委员会",             TAIL_WORD_COMMUNITY},
    { u"居民小组",                TAIL_WORD_GROUP    },
    { u"居民楼",                   TAIL_WORD_ESTATE   },
    { u"居民组",                   TAIL_WORD_GROUP    },
    { u"山庄",                      TAIL_WORD_ESTATE   },
    { u"工业区",                   TAIL_WORD_ESTATE   },
    { u"工业园",                   TAIL_WORD_ESTATE   },
    { u"工业园区",                TAIL_WORD_ESTATE   },
    { u"工业城",                   TAIL_WORD_ESTATE   },
    { u"工厂",                      TAIL_WORD_ESTATE   },
    { u"左侧",                      TAIL_WORD_ASSIST   },
    { u"巷",                         TAIL_WORD_ROAD     },
    { u"巷子",                      TAIL_WORD_ROAD     },
    { u"市场",                      TAIL_WORD_ESTATE   },
    { u"幼儿园",                   TAIL_WORD_ESTATE   },
    { u"广场",                      TAIL_WORD_ESTATE   },
    { u"度假区",                   TAIL_WORD_DEVZONE  },
    { u"开发区",                   TAIL_WORD_DEVZONE  },
    { u"弄",                         TAIL_WORD_ROAD     },
    { u"往东",                      TAIL_WORD_ASSIST   },
    { u"往北",                      TAIL_WORD_ASSIST   },
    { u"往南",                      TAIL_WORD_ASSIST   },
    { u"往西",                      TAIL_WORD_ASSIST   },
    { u"技术开发区",             TAIL_WORD_DEVZONE  },
    { u"投资区",                   TAIL_WORD_DEVZONE  },
    { u"教学楼",                   TAIL_WORD_ESTATE   },
    { u"敬老院",                   TAIL_WORD_ESTATE   },
    { u"斜对面",                   TAIL_WORD_ASSIST   },
    { u"新区",                      TAIL_WORD_DEVZONE  },
    { u"新城",                      TAIL_WORD_ESTATE   },
    { u"新村",                      TAIL_WORD_ESTATE   },
    { u"旁",                         TAIL_WORD_ASSIST   },
    { u"旁边",                      TAIL_WORD_ASSIST   },
    { u"村",                         TAIL_WORD_COMMUNITY},
    { u"村委",                      TAIL_WORD_COMMUNITY},
    { u"村委会",                   TAIL_WORD_COMMUNITY},
    { u"村小组",                   TAIL_WORD_GROUP    },
    { u"村村民委员会",          TAIL_WORD_COMMUNITY},
    { u"村民委员会",             TAIL_WORD_COMMUNITY},
    { u"村民小组",                TAIL_WORD_GROUP    },
    { u"村民组",                   TAIL_WORD_GROUP    },
    { u"村道",                      TAIL_WORD_ROAD     },
    { u"条",                         TAIL_WORD_ROAD     },
    { u"林场",                      TAIL_WORD_TOWN     },
    { u"桥头",                      TAIL_WORD_ASSIST   },
    { u"楼上",                      TAIL_WORD_ASSIST   },
    { u"楼下",                      TAIL_WORD_ASSIST   },
    { u"汽车站",                   TAIL_WORD_ESTATE   },
    { u"派出所",                   TAIL_WORD_ESTATE   },
    { u"渔场",                      TAIL_WORD_TOWN     },
    { u"火车站",                   TAIL_WORD_ESTATE   },
    { u"牧场",                      TAIL_WORD_TOWN     },
    { u"物流园",                   TAIL_WORD_ESTATE   },
    { u"物流园区",                TAIL_WORD_ESTATE   },
    { u"环",                         TAIL_WORD_ROAD     },
    { u"生产大队",                TAIL_WORD_COMMUNITY},
    { u"生产队",                   TAIL_WORD_GROUP    },
    { u"生态园",                   TAIL_WORD_ESTATE   },
    { u"生态园区",                TAIL_WORD_ESTATE   },
    { u"电影院",                   TAIL_WORD_ESTATE   },
    { u"省道",                      TAIL_WORD_ROAD     },
    { u"示范区",                   TAIL_WORD_DEVZONE  },
    { u"社区",                      TAIL_WORD_COMMUNITY},
    { u"社区居委",                TAIL_WORD_COMMUNITY},
    { u"社区居委会",             TAIL_WORD_COMMUNITY},
    { u"社区居民委员会",       TAIL_WORD_COMMUNITY},
    { u"社区服务中心",          TAIL_WORD_TOWN     },
    { u"社区村委会",             TAIL_WORD_COMMUNITY},
    { u"社区村民委员会",       TAIL_WORD_COMMUNITY},
    { u"福利院",                   TAIL_WORD_ESTATE   },
    { u"种畜场",                   TAIL_WORD_TOWN     },
    { u"科技园",                   TAIL_WORD_ESTATE   },
    { u"科技园区",                TAIL_WORD_ESTATE   },
    { u"管理区",                   TAIL_WORD_COMMUNITY},
    { u"组",                         TAIL_WORD_GROUP    },
    { u"经开区",                   TAIL_WORD_DEVZONE  },
    { u"经济合作社",             TAIL_WORD_GROUP    },
    { u"经济开发区",             TAIL_WORD_DEVZONE  },
    { u"经济技术开发区",       TAIL_WORD_DEVZONE  },
    { u"经济社",                   TAIL_WORD_GROUP    },
    { u"经济联合社",             TAIL_WORD_COMMUNITY},
    { u"综合保税区",             TAIL_WORD_DEVZONE  },
    { u"综合楼",                   TAIL_WORD_ESTATE   },
    { u"网谷",                      TAIL_WORD_ESTATE   },
    { u"股份合作社",             TAIL_WORD_GROUP    },
    { u"股份合作经济联合社", TAIL_WORD_COMMUNITY},
    { u"股份合作联社",          TAIL_WORD_COMMUNITY},
    { u"背后",                      TAIL_WORD_ASSIST   },
    { u"背面",                      TAIL_WORD_ASSIST   },
    { u"胡同",                      TAIL_WORD_ROAD     },
    { u"自然村",                   TAIL_WORD_COMMUNITY},
    { u"自贸区",                   TAIL_WORD_DEVZONE  },
    { u"花园",                      TAIL_WORD_ESTATE   },
    { u"花苑",                      TAIL_WORD_ESTATE   },
    { u"苏木",                      TAIL_WORD_TOWN     },
    { u"苑",                         TAIL_WORD_ESTATE   },
    { u"茶场",                      TAIL_WORD_TOWN     },
    { u"街",                         TAIL_WORD_ROAD     },
    { u"街道",                      TAIL_WORD_TOWN     },
    { u"街道办",                   TAIL_WORD_TOWN     },
    { u"街道办事处",             TAIL_WORD_TOWN     },
    { u"西侧",                      TAIL_WORD_ASSIST   },
    { u"西北角",                   TAIL_WORD_ASSIST   },
    { u"西南角",                   TAIL_WORD_ASSIST   },
    { u"西行",                      TAIL_WORD_ASSIST   },
    { u"西面",                      TAIL_WORD_ASSIST   },
    { u"试验区",                   TAIL_WORD_DEVZONE  },
    { u"豪庭",                      TAIL_WORD_ESTATE   },
    { u"超市",                      TAIL_WORD_ESTATE   },
    { u"路",                         TAIL_WORD_ROAD     },
    { u"路东",                      TAIL_WORD_ASSIST   },
    { u"路北",                      TAIL_WORD_ASSIST   },
    { u"路南",                      TAIL_WORD_ASSIST   },
    { u"路口",                      TAIL_WORD_ASSIST   },
    { u"路西",                      TAIL_WORD_ASSIST   },
    { u"转角处",                   TAIL_WORD_ASSIST   },
    { u"软件园",                   TAIL_WORD_ESTATE   },
    { u"软件园区",                TAIL_WORD_ESTATE   },
    { u"连队",                      TAIL_WORD_COMMUNITY},
    { u"道",                         TAIL_WORD_ROAD     },
    { u"邻近",                      TAIL_WORD_ASSIST   },
    { u"酒店",                      TAIL_WORD_ESTATE   },
    { u"里面",                      TAIL_WORD_ASSIST   },
    { u"银行",                      TAIL_WORD_ESTATE   },
    { u"镇",                         TAIL_WORD_TOWN     },
    { u"门口",                      TAIL_WORD_ASSIST   },
    { u"附近",                      TAIL_WORD_ASSIST   },
    { u"院子",                      TAIL_WORD_ESTATE   },
    { u"隔壁",                      TAIL_WORD_ASSIST   },
    { u"雅苑",                      TAIL_WORD_ESTATE   },
    { u"饭店",                      TAIL_WORD_ESTATE   },
    { u"高新区",                   TAIL_WORD_DEVZONE  },
    { u"高新园",                   TAIL_WORD_ESTATE   },
    { u"高新技术产业开发区", TAIL_WORD_DEVZONE  },
    { u"高新技术开发区",       TAIL_WORD_DEVZONE  },
    { u"高速",                      TAIL_WORD_ROAD     },
};

static const struct word number_units[] = {
    {u"#",                TAIL_UNIT_BUILDING},
    { u"#厂房",         TAIL_UNIT_BUILDING},
    { u"#室",            TAIL_UNIT_ROOM    },
    { u"#幢",            TAIL_UNIT_BUILDING},
    { u"#房",            TAIL_UNIT_ROOM    },
    { u"#栋",            TAIL_UNIT_BUILDING},
    { u"#楼",            TAIL_UNIT_BUILDING},
    { u"F",               TAIL_UNIT_FLOOR   },
    { u"KM",              TAIL_UNIT_DISTANCE},
    { u"中",             TAIL_UNIT_NAME    },
    { u"乡道",          TAIL_UNIT_NAME    },
    { u"公里",          TAIL_UNIT_DISTANCE},
    { u"分队",          TAIL_UNIT_GROUP   },
    { u"区",             TAIL_UNIT_PART    },
    { u"千米",          TAIL_UNIT_DISTANCE},
    { u"单位",          TAIL_UNIT_ROOM    },
    { u"单元",          TAIL_UNIT_CELL    },
    { u"县道",          TAIL_UNIT_NAME    },
    { u"号",             TAIL_UNIT_NUMBER  },
    { u"号仓",          TAIL_UNIT_BUILDING},
    { u"号仓库",       TAIL_UNIT_BUILDING},
    { u"号住宅楼",    TAIL_UNIT_BUILDING},
    { u"号公园",       TAIL_UNIT_NAME    },
    { u"号公寓",       TAIL_UNIT_BUILDING},
    { u"号公路",       TAIL_UNIT_NAME    },
    { u"号公馆",       TAIL_UNIT_NAME    },
    { u"号别墅",       TAIL_UNIT_BUILDING},
    { u"号区",          TAIL_UNIT_PART    },
    { u"号单位",       TAIL_UNIT_ROOM    },
    { u"号单元",       TAIL_UNIT_CELL    },
    { u"号厂房",       TAIL_UNIT_BUILDING},
    { u"号商住楼",    TAIL_UNIT_BUILDING},
    { u"号商铺",       TAIL_UNIT_ROOM    },
    { u"号园",          TAIL_UNIT_PART    },
    { u"号园区",       TAIL_UNIT_PART    },
    { u"号地",          TAIL_UNIT_PART    },
    { u"号地块",       TAIL_UNIT_NAME    },
    { u"号塔楼",       TAIL_UNIT_BUILDING},
    { u"号大街",       TAIL_UNIT_NAME    },
    { u"号大院",       TAIL_UNIT_YARD    },
    { u"号室",          TAIL_UNIT_ROOM    },
    { u"号小区",       TAIL_UNIT_YARD    },
    { u"号巷",          TAIL_UNIT_NAME    },
    { u"号幢",          TAIL_UNIT_BUILDING},
    { u"号床",          TAIL_UNIT_ROOM    },
    { u"号库",          TAIL_UNIT_BUILDING},
    { u"号店",          TAIL_UNIT_ROOM    },
    { u"号店面",       TAIL_UNIT_ROOM    },
    { u"号座",          TAIL_UNIT_BUILDING},
    { u"号户",          TAIL_UNIT_ROOM    },
    { u"号房",          TAIL_UNIT_ROOM    },
    { u"号房间",       TAIL_UNIT_ROOM    },
    { u"号摊位",       TAIL_UNIT_ROOM    },
    { u"号栋",          TAIL_UNIT_BUILDING},
    { u"号档",          TAIL_UNIT_ROOM    },
    { u"号档口",       TAIL_UNIT_ROOM    },
    { u"号桥",          TAIL_UNIT_NAME    },
    { u"号楼",          TAIL_UNIT_BUILDING},
    { u"号楼座",       TAIL_UNIT_BUILDING},
    { u"号码头",       TAIL_UNIT_NAME    },
    { u"号线",          TAIL_UNIT_NAME    },
    { u"号街",          TAIL_UNIT_NAME    },
    { u"号路",          TAIL_UNIT_NAME    },
    { u"号车间",       TAIL_UNIT_BUILDING},
    { u"号铺",          TAIL_UNIT_ROOM    },
    { u"号门",          TAIL_UNIT_CELL    },
    { u"号门面",       TAIL_UNIT_ROOM    },
    { u"号院",          TAIL_UNIT_YARD    },
    { u"号院内",       TAIL_UNIT_YARD    },
    { u"号院子",       TAIL_UNIT_YARD    },
    { u"号院落",       TAIL_UNIT_NAME    },
    { u"合作社",       TAIL_UNIT_GROUP   },
    { u"商铺",          TAIL_UNIT_ROOM    },
    { u"团",             TAIL_UNIT_TOWN    },
    { u"国道",          TAIL_UNIT_NAME    },
    { u"大街",          TAIL_UNIT_NAME    },
    { u"大道",          TAIL_UNIT_NAME    },
    { u"室",             TAIL_UNIT_ROOM    },
    { u"室房",          TAIL_UNIT_ROOM    },
    { u"小",             TAIL_UNIT_NAME    },
    { u"小区",          TAIL_UNIT_PART    },
    { u"小组",          TAIL_UNIT_GROUP   },
    { u"小队",          TAIL_UNIT_GROUP   },
    { u"层",             TAIL_UNIT_FLOOR   },
    { u"层楼",          TAIL_UNIT_FLOOR   },
    { u"居民小组",    TAIL_UNIT_GROUP   },
    { u"居民组",       TAIL_UNIT_GROUP   },
    { u"巷",             TAIL_UNIT_NAME    },
    { u"幢",             TAIL_UNIT_BUILDING},
    { u"幢楼",          TAIL_UNIT_BUILDING},
    { u"床",             TAIL_UNIT_ROOM    },
    { u"座",             TAIL_UNIT_BUILDING},
    { u"弄",             TAIL_UNIT_LANE    },
    { u"户",             TAIL_UNIT_ROOM    },
    { u"房",             TAIL_UNIT_ROOM    },
    { u"房间",          TAIL_UNIT_ROOM    },
    { u"排",             TAIL_UNIT_BUILDING},
    { u"摊位",          TAIL_UNIT_ROOM    },
    { u"支弄",          TAIL_UNIT_SUBLANE },
    { u"支路",          TAIL_UNIT_NAME    },
    { u"期",             TAIL_UNIT_PART    },
    { u"村",             TAIL_UNIT_VILLAGE },
    { u"村小组",       TAIL_UNIT_GROUP   },
    { u"村民小组",    TAIL_UNIT_GROUP   },
    { u"村民组",       TAIL_UNIT_GROUP   },
    { u"村组",          TAIL_UNIT_GROUP   },
    { u"条",             TAIL_UNIT_NAME    },
    { u"标段",          TAIL_UNIT_PART    },
    { u"栋",             TAIL_UNIT_BUILDING},
    { u"栋楼",          TAIL_UNIT_BUILDING},
    { u"档",             TAIL_UNIT_ROOM    },
    { u"梯",             TAIL_UNIT_CELL    },
    { u"楼",             TAIL_UNIT_FLOOR   },
    { u"楼层",          TAIL_UNIT_FLOOR   },
    { u"横路",          TAIL_UNIT_NAME    },
    { u"环",             TAIL_UNIT_NAME    },
    { u"环路",          TAIL_UNIT_NAME    },
    { u"生产小组",    TAIL_UNIT_GROUP   },
    { u"生产队",       TAIL_UNIT_GROUP   },
    { u"省道",          TAIL_UNIT_NAME    },
    { u"社",             TAIL_UNIT_GROUP   },
    { u"米",             TAIL_UNIT_DISTANCE},
    { u"组",             TAIL_UNIT_GROUP   },
    { u"组团",          TAIL_UNIT_PART    },
    { u"经济合作社", TAIL_UNIT_GROUP   },
    { u"经济社",       TAIL_UNIT_GROUP   },
    { u"经济组",       TAIL_UNIT_GROUP   },
    { u"股份合作社", TAIL_UNIT_GROUP   },
    { u"舍",             TAIL_UNIT_BUILDING},
    { u"街",             TAIL_UNIT_NAME    },
    { u"路",             TAIL_UNIT_NAME    },
    { u"连",             TAIL_UNIT_GROUP   },
    { u"道",             TAIL_UNIT_NAME    },
    { u"里",             TAIL_UNIT_NAME    },
    { u"铺",             TAIL_UNIT_ROOM    },
    { u"门",             TAIL_UNIT_CELL    },
    { u"门面",          TAIL_UNIT_ROOM    },
    { u"队",             TAIL_UNIT_GROUP   },
    { u"马路",          TAIL_UNIT_NAME    },
};

/* The longest word at `at`; its length, 0 when there is none. */
static size_t longest(const struct word *words, size_t count, const struct address_text *text, size_t at, int *kind)
{
    const uint32_t first = at < text->count ? text->characters[at] : 0;
    size_t         low = 0, high = count, found = 0;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (words[middle].word[0] < first)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && words[low].word[0] == first; low++) {
        const size_t length = address_text_match(text, at, words[low].word);
        if (length > found) {
            found = length;
            *kind = words[low].kind;
        }
    }
    return found;
}

/* Words that say where whatever follows. */
static bool is_strong_assist(const struct address_text *text, size_t at)
{
    static const char16_t *const words[] = { u"对面",   u"斜对面",   u"旁边",   u"附近", u"隔壁",   u"交叉口",
                                             u"交汇处", u"交叉路口", u"交界处", u"交口", u"交会处", NULL };

    return address_text_match_any(text, at, words) != 0;
}

static bool is_weak_estate(const struct address_text *text, size_t at)
{
    static const char16_t *const words[] = { u"国际", u"大学", u"新城", u"学院", u"国家", NULL };

    return address_text_match_any(text, at, words) != 0;
}

static bool number_follows(const struct address_text *text, size_t at)
{
    size_t length;

    if (address_chinese_digit(text->characters[at]) < 0)
        return false;
    while (address_chinese_digit(text->characters[at]) >= 0)
        at++;
    return tail_number_unit(text, at, &length) != TAIL_UNIT_NONE;
}

/* Whether a name goes on at `at`. */
static bool goes_on(const struct address_text *text, size_t at)
{
    return address_is_han(text->characters[at]) && !address_text_has_gap(text, at) && !number_follows(text, at);
}

enum tail_word tail_name_word(const struct address_text *text, size_t at, size_t *length)
{
    int kind = TAIL_WORD_NONE;

    *length = longest(name_words, sizeof name_words / sizeof name_words[0], text, at, &kind);
    /* 东四十条 and 北一环 are roads, a 条 of something else is not. */
    if (*length == 1 && follow_is_one_of(text->characters[at], u"条环") &&
        (at == 0 || (address_chinese_digit(text->characters[at - 1]) < 0 &&
                     !(text->characters[at] == u'环' && follow_is_one_of(text->characters[at - 1], u"外内")))))
        return TAIL_WORD_NONE;
    /* 国际 and the like end a name only where nothing else does: 钛合国际A座, 国际采购中心. */
    if (kind == TAIL_WORD_ESTATE && is_weak_estate(text, at) && goes_on(text, at + *length))
        return TAIL_WORD_NONE;
    /* 临园路东段, 西门口广场: only at a name's end do such words say where. */
    if (kind != TAIL_WORD_ASSIST || is_strong_assist(text, at) || !goes_on(text, at + *length))
        return (enum tail_word)kind;
    *length = follow_is_one_of(text->characters[at], u"路") ? 1 : 0;
    return *length != 0 ? TAIL_WORD_ROAD : TAIL_WORD_NONE;
}

enum tail_unit tail_number_unit(const struct address_text *text, size_t at, size_t *length)
{
    int kind = TAIL_UNIT_NONE;

    *length = longest(number_units, sizeof number_units / sizeof number_units[0], text, at, &kind);
    if (*length != 1)
        return (enum tail_unit)kind;
    /* 三社区 is a name, 3社 a group; 3门 is a stair, 3门峡 is none; 1单 is 1单元 cut short only at the end. */
    const uint32_t next = text->characters[at + 1];
    if (kind == TAIL_UNIT_GROUP && text->characters[at] == u'社' && next == u'区')
        return TAIL_UNIT_NONE;
    if (text->characters[at] == u'门' && !address_is_digit(next))
        return TAIL_UNIT_NAME;
    return (enum tail_unit)kind;
}
