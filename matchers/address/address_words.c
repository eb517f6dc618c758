/* The words of the tail grammar as tables, and the words of the enums.
 * Deliberately only endings: names before them are open. */
#include "matchers/address/address_tail.h"

static const struct {
    const char    *word;
    enum tail_word kind;
} name_words[] = {
    {"街道办事处",        TAIL_WORD_TOWN     },
    { "街道办",             TAIL_WORD_TOWN     },
    { "街道",                TAIL_WORD_TOWN     },
    { "办事处",             TAIL_WORD_TOWN     },
    { "镇",                   TAIL_WORD_TOWN     },
    { "乡",                   TAIL_WORD_TOWN     },
    { "苏木",                TAIL_WORD_TOWN     },
    { "社区居民委员会", TAIL_WORD_COMMUNITY},
    { "社区居委会",       TAIL_WORD_COMMUNITY},
    { "村民委员会",       TAIL_WORD_COMMUNITY},
    { "居民委员会",       TAIL_WORD_COMMUNITY},
    { "村村民委员会",    TAIL_WORD_COMMUNITY},
    { "村委会",             TAIL_WORD_COMMUNITY},
    { "居委会",             TAIL_WORD_COMMUNITY},
    { "社区",                TAIL_WORD_COMMUNITY},
    { "嘎查",                TAIL_WORD_COMMUNITY},
    { "村",                   TAIL_WORD_COMMUNITY},
    { "村民小组",          TAIL_WORD_GROUP    },
    { "居民小组",          TAIL_WORD_GROUP    },
    { "村小组",             TAIL_WORD_GROUP    },
    { "小组",                TAIL_WORD_GROUP    },
    { "生产队",             TAIL_WORD_GROUP    },
    { "组",                   TAIL_WORD_GROUP    },
    { "大道",                TAIL_WORD_ROAD     },
    { "大街",                TAIL_WORD_ROAD     },
    { "国道",                TAIL_WORD_ROAD     },
    { "省道",                TAIL_WORD_ROAD     },
    { "公路",                TAIL_WORD_ROAD     },
    { "胡同",                TAIL_WORD_ROAD     },
    { "路",                   TAIL_WORD_ROAD     },
    { "街",                   TAIL_WORD_ROAD     },
    { "巷",                   TAIL_WORD_ROAD     },
    { "道",                   TAIL_WORD_ROAD     },
    { "小区",                TAIL_WORD_ESTATE   },
    { "花园",                TAIL_WORD_ESTATE   },
    { "家园",                TAIL_WORD_ESTATE   },
    { "公寓",                TAIL_WORD_ESTATE   },
    { "大厦",                TAIL_WORD_ESTATE   },
    { "广场",                TAIL_WORD_ESTATE   },
    { "新村",                TAIL_WORD_ESTATE   },
    { "新城",                TAIL_WORD_ESTATE   },
    { "花苑",                TAIL_WORD_ESTATE   },
    { "工业园区",          TAIL_WORD_ESTATE   },
    { "工业园",             TAIL_WORD_ESTATE   },
    { "工业区",             TAIL_WORD_ESTATE   },
    { "科技园",             TAIL_WORD_ESTATE   },
    { "软件园",             TAIL_WORD_ESTATE   },
    { "产业园",             TAIL_WORD_ESTATE   },
    { "创业园",             TAIL_WORD_ESTATE   },
    { "创意园",             TAIL_WORD_ESTATE   },
    { "中心",                TAIL_WORD_ESTATE   },
    { "宿舍",                TAIL_WORD_ESTATE   },
    { "学校",                TAIL_WORD_ESTATE   },
    { "小学",                TAIL_WORD_ESTATE   },
    { "中学",                TAIL_WORD_ESTATE   },
    { "大学",                TAIL_WORD_ESTATE   },
    { "医院",                TAIL_WORD_ESTATE   },
    { "苑",                   TAIL_WORD_ESTATE   },
    { "别墅",                TAIL_WORD_ESTATE   },
    { "网谷",                TAIL_WORD_ESTATE   },
    { "国际",                TAIL_WORD_ESTATE   },
    { "园区",                TAIL_WORD_ESTATE   },
    { "世纪城",             TAIL_WORD_ESTATE   },
    { "商城",                TAIL_WORD_ESTATE   },
    { "市场",                TAIL_WORD_ESTATE   },
    { "基地",                TAIL_WORD_ESTATE   },
    { "院子",                TAIL_WORD_ESTATE   },
    { "家属院",             TAIL_WORD_ESTATE   },
    { "大院",                TAIL_WORD_ESTATE   },
    { "经济技术开发区", TAIL_WORD_DEVZONE  },
    { "开发区",             TAIL_WORD_DEVZONE  },
    { "高新区",             TAIL_WORD_DEVZONE  },
    { "保税区",             TAIL_WORD_DEVZONE  },
    { "新区",                TAIL_WORD_DEVZONE  },
    { "经开区",             TAIL_WORD_DEVZONE  },
    { "对面",                TAIL_WORD_ASSIST   },
    { "附近",                TAIL_WORD_ASSIST   },
    { "旁边",                TAIL_WORD_ASSIST   },
    { "隔壁",                TAIL_WORD_ASSIST   },
    { "交叉口",             TAIL_WORD_ASSIST   },
    { "路口",                TAIL_WORD_ASSIST   },
    { "北侧",                TAIL_WORD_ASSIST   },
    { "南侧",                TAIL_WORD_ASSIST   },
    { "东侧",                TAIL_WORD_ASSIST   },
    { "西侧",                TAIL_WORD_ASSIST   },
    { "旁",                   TAIL_WORD_ASSIST   },
};

static const struct {
    const char    *word;
    enum tail_unit kind;
} number_units[] = {
    {"村民小组",  TAIL_UNIT_GROUP   },
    { "居民小组", TAIL_UNIT_GROUP   },
    { "村小组",    TAIL_UNIT_GROUP   },
    { "生产队",    TAIL_UNIT_GROUP   },
    { "小组",       TAIL_UNIT_GROUP   },
    { "小队",       TAIL_UNIT_GROUP   },
    { "合作社",    TAIL_UNIT_GROUP   },
    { "村民组",    TAIL_UNIT_GROUP   },
    { "居民组",    TAIL_UNIT_GROUP   },
    { "组",          TAIL_UNIT_GROUP   },
    { "社",          TAIL_UNIT_GROUP   },
    { "队",          TAIL_UNIT_GROUP   },
    { "号楼",       TAIL_UNIT_BUILDING},
    { "号幢",       TAIL_UNIT_BUILDING},
    { "号栋",       TAIL_UNIT_BUILDING},
    { "#楼",         TAIL_UNIT_BUILDING},
    { "幢楼",       TAIL_UNIT_BUILDING},
    { "栋楼",       TAIL_UNIT_BUILDING},
    { "幢",          TAIL_UNIT_BUILDING},
    { "栋",          TAIL_UNIT_BUILDING},
    { "座",          TAIL_UNIT_BUILDING},
    { "#",            TAIL_UNIT_BUILDING},
    { "号单元",    TAIL_UNIT_CELL    },
    { "单元",       TAIL_UNIT_CELL    },
    { "梯",          TAIL_UNIT_CELL    },
    { "楼层",       TAIL_UNIT_FLOOR   },
    { "层楼",       TAIL_UNIT_FLOOR   },
    { "楼",          TAIL_UNIT_FLOOR   },
    { "层",          TAIL_UNIT_FLOOR   },
    { "F",            TAIL_UNIT_FLOOR   },
    { "号房间",    TAIL_UNIT_ROOM    },
    { "号房",       TAIL_UNIT_ROOM    },
    { "号室",       TAIL_UNIT_ROOM    },
    { "房间",       TAIL_UNIT_ROOM    },
    { "室",          TAIL_UNIT_ROOM    },
    { "房",          TAIL_UNIT_ROOM    },
    { "户",          TAIL_UNIT_ROOM    },
    { "号院",       TAIL_UNIT_YARD    },
    { "号大院",    TAIL_UNIT_YARD    },
    { "号",          TAIL_UNIT_NUMBER  },
    { "弄",          TAIL_UNIT_LANE    },
    { "区",          TAIL_UNIT_PART    },
    { "期",          TAIL_UNIT_PART    },
    { "路",          TAIL_UNIT_ROAD    },
    { "街",          TAIL_UNIT_ROAD    },
    { "巷",          TAIL_UNIT_ROAD    },
    { "大道",       TAIL_UNIT_ROAD    },
    { "道",          TAIL_UNIT_ROAD    },
    { "国道",       TAIL_UNIT_ROAD    },
    { "省道",       TAIL_UNIT_ROAD    },
    { "支路",       TAIL_UNIT_ROAD    },
    { "横路",       TAIL_UNIT_ROAD    },
    { "马路",       TAIL_UNIT_ROAD    },
    { "条",          TAIL_UNIT_ROAD    },
};

enum tail_word tail_name_word(const struct address_text *text, size_t at, size_t *length)
{
    enum tail_word kind = TAIL_WORD_NONE;

    *length = 0;
    for (size_t i = 0; i < sizeof name_words / sizeof name_words[0]; i++) {
        const size_t match = address_text_match(text, at, name_words[i].word);
        if (match > *length) {
            *length = match;
            kind    = name_words[i].kind;
        }
    }
    return kind;
}

enum tail_unit tail_number_unit(const struct address_text *text, size_t at, size_t *length)
{
    enum tail_unit kind = TAIL_UNIT_NONE;

    *length = 0;
    for (size_t i = 0; i < sizeof number_units / sizeof number_units[0]; i++) {
        const size_t match = address_text_match(text, at, number_units[i].word);
        if (match > *length) {
            *length = match;
            kind    = number_units[i].kind;
        }
    }
    /* 三社区 is a name, 3社 a group. */
    const uint32_t next = at + *length < text->count ? text->characters[at + *length] : 0;
    if (kind == TAIL_UNIT_GROUP && *length == 1 && text->characters[at] == u'社' && next == u'区')
        kind = TAIL_UNIT_NONE;
    return kind;
}

const char *address_label_word(enum address_label label)
{
    static const char *const words[] = { "prov",      "city",   "district", "devzone",   "town",
                                         "community", "group",  "road",     "roadno",    "subroad",
                                         "subroadno", "poi",    "subpoi",   "houseno",   "cellno",
                                         "floorno",   "roomno", "assist",   "redundant", "O" };

    return (size_t)label < sizeof words / sizeof words[0] ? words[label] : "O";
}

const char *address_level_word(enum address_level level)
{
    static const char *const words[] = { "same_room", "same_unit",      "same_building", "same_number", "same_group",
                                         "same_road", "same_community", "same_town",     "different",   "unknown" };

    return (size_t)level < sizeof words / sizeof words[0] ? words[level] : "unknown";
}
