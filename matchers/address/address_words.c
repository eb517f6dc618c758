/* The words of the tail grammar as tables, and the words of the enums.
 * Deliberately only endings: names before them are open. */
#include "matchers/address/address_tail.h"

static const struct {
    const char16_t *word;
    enum tail_word  kind;
} name_words[] = {
    {u"街道办事处",        TAIL_WORD_TOWN     },
    { u"街道办",             TAIL_WORD_TOWN     },
    { u"街道",                TAIL_WORD_TOWN     },
    { u"办事处",             TAIL_WORD_TOWN     },
    { u"镇",                   TAIL_WORD_TOWN     },
    { u"乡",                   TAIL_WORD_TOWN     },
    { u"苏木",                TAIL_WORD_TOWN     },
    { u"社区居民委员会", TAIL_WORD_COMMUNITY},
    { u"社区居委会",       TAIL_WORD_COMMUNITY},
    { u"村民委员会",       TAIL_WORD_COMMUNITY},
    { u"居民委员会",       TAIL_WORD_COMMUNITY},
    { u"村村民委员会",    TAIL_WORD_COMMUNITY},
    { u"村委会",             TAIL_WORD_COMMUNITY},
    { u"居委会",             TAIL_WORD_COMMUNITY},
    { u"社区",                TAIL_WORD_COMMUNITY},
    { u"嘎查",                TAIL_WORD_COMMUNITY},
    { u"村",                   TAIL_WORD_COMMUNITY},
    { u"村民小组",          TAIL_WORD_GROUP    },
    { u"居民小组",          TAIL_WORD_GROUP    },
    { u"村小组",             TAIL_WORD_GROUP    },
    { u"小组",                TAIL_WORD_GROUP    },
    { u"生产队",             TAIL_WORD_GROUP    },
    { u"组",                   TAIL_WORD_GROUP    },
    { u"大道",                TAIL_WORD_ROAD     },
    { u"大街",                TAIL_WORD_ROAD     },
    { u"国道",                TAIL_WORD_ROAD     },
    { u"省道",                TAIL_WORD_ROAD     },
    { u"公路",                TAIL_WORD_ROAD     },
    { u"胡同",                TAIL_WORD_ROAD     },
    { u"路",                   TAIL_WORD_ROAD     },
    { u"街",                   TAIL_WORD_ROAD     },
    { u"巷",                   TAIL_WORD_ROAD     },
    { u"道",                   TAIL_WORD_ROAD     },
    { u"小区",                TAIL_WORD_ESTATE   },
    { u"花园",                TAIL_WORD_ESTATE   },
    { u"家园",                TAIL_WORD_ESTATE   },
    { u"公寓",                TAIL_WORD_ESTATE   },
    { u"大厦",                TAIL_WORD_ESTATE   },
    { u"广场",                TAIL_WORD_ESTATE   },
    { u"新村",                TAIL_WORD_ESTATE   },
    { u"新城",                TAIL_WORD_ESTATE   },
    { u"花苑",                TAIL_WORD_ESTATE   },
    { u"工业园区",          TAIL_WORD_ESTATE   },
    { u"工业园",             TAIL_WORD_ESTATE   },
    { u"工业区",             TAIL_WORD_ESTATE   },
    { u"科技园",             TAIL_WORD_ESTATE   },
    { u"软件园",             TAIL_WORD_ESTATE   },
    { u"产业园",             TAIL_WORD_ESTATE   },
    { u"创业园",             TAIL_WORD_ESTATE   },
    { u"创意园",             TAIL_WORD_ESTATE   },
    { u"中心",                TAIL_WORD_ESTATE   },
    { u"宿舍",                TAIL_WORD_ESTATE   },
    { u"学校",                TAIL_WORD_ESTATE   },
    { u"小学",                TAIL_WORD_ESTATE   },
    { u"中学",                TAIL_WORD_ESTATE   },
    { u"大学",                TAIL_WORD_ESTATE   },
    { u"医院",                TAIL_WORD_ESTATE   },
    { u"苑",                   TAIL_WORD_ESTATE   },
    { u"别墅",                TAIL_WORD_ESTATE   },
    { u"网谷",                TAIL_WORD_ESTATE   },
    { u"国际",                TAIL_WORD_ESTATE   },
    { u"园区",                TAIL_WORD_ESTATE   },
    { u"世纪城",             TAIL_WORD_ESTATE   },
    { u"商城",                TAIL_WORD_ESTATE   },
    { u"市场",                TAIL_WORD_ESTATE   },
    { u"基地",                TAIL_WORD_ESTATE   },
    { u"院子",                TAIL_WORD_ESTATE   },
    { u"家属院",             TAIL_WORD_ESTATE   },
    { u"大院",                TAIL_WORD_ESTATE   },
    { u"经济技术开发区", TAIL_WORD_DEVZONE  },
    { u"开发区",             TAIL_WORD_DEVZONE  },
    { u"高新区",             TAIL_WORD_DEVZONE  },
    { u"保税区",             TAIL_WORD_DEVZONE  },
    { u"新区",                TAIL_WORD_DEVZONE  },
    { u"经开区",             TAIL_WORD_DEVZONE  },
    { u"对面",                TAIL_WORD_ASSIST   },
    { u"附近",                TAIL_WORD_ASSIST   },
    { u"旁边",                TAIL_WORD_ASSIST   },
    { u"隔壁",                TAIL_WORD_ASSIST   },
    { u"交叉口",             TAIL_WORD_ASSIST   },
    { u"路口",                TAIL_WORD_ASSIST   },
    { u"北侧",                TAIL_WORD_ASSIST   },
    { u"南侧",                TAIL_WORD_ASSIST   },
    { u"东侧",                TAIL_WORD_ASSIST   },
    { u"西侧",                TAIL_WORD_ASSIST   },
    { u"旁",                   TAIL_WORD_ASSIST   },
    { u"交汇处",             TAIL_WORD_ASSIST   },
    { u"交界处",             TAIL_WORD_ASSIST   },
    { u"斜对面",             TAIL_WORD_ASSIST   },
    { u"后面",                TAIL_WORD_ASSIST   },
    { u"前面",                TAIL_WORD_ASSIST   },
};

static const struct {
    const char16_t *word;
    enum tail_unit  kind;
} number_units[] = {
    {u"村民小组",  TAIL_UNIT_GROUP   },
    { u"居民小组", TAIL_UNIT_GROUP   },
    { u"村小组",    TAIL_UNIT_GROUP   },
    { u"生产队",    TAIL_UNIT_GROUP   },
    { u"小组",       TAIL_UNIT_GROUP   },
    { u"小队",       TAIL_UNIT_GROUP   },
    { u"合作社",    TAIL_UNIT_GROUP   },
    { u"村民组",    TAIL_UNIT_GROUP   },
    { u"居民组",    TAIL_UNIT_GROUP   },
    { u"组",          TAIL_UNIT_GROUP   },
    { u"社",          TAIL_UNIT_GROUP   },
    { u"队",          TAIL_UNIT_GROUP   },
    { u"号楼",       TAIL_UNIT_BUILDING},
    { u"号幢",       TAIL_UNIT_BUILDING},
    { u"号栋",       TAIL_UNIT_BUILDING},
    { u"#楼",         TAIL_UNIT_BUILDING},
    { u"幢楼",       TAIL_UNIT_BUILDING},
    { u"栋楼",       TAIL_UNIT_BUILDING},
    { u"幢",          TAIL_UNIT_BUILDING},
    { u"栋",          TAIL_UNIT_BUILDING},
    { u"座",          TAIL_UNIT_BUILDING},
    { u"#",            TAIL_UNIT_BUILDING},
    { u"号单元",    TAIL_UNIT_CELL    },
    { u"单元",       TAIL_UNIT_CELL    },
    { u"梯",          TAIL_UNIT_CELL    },
    { u"楼层",       TAIL_UNIT_FLOOR   },
    { u"层楼",       TAIL_UNIT_FLOOR   },
    { u"楼",          TAIL_UNIT_FLOOR   },
    { u"层",          TAIL_UNIT_FLOOR   },
    { u"F",            TAIL_UNIT_FLOOR   },
    { u"号房间",    TAIL_UNIT_ROOM    },
    { u"号房",       TAIL_UNIT_ROOM    },
    { u"号室",       TAIL_UNIT_ROOM    },
    { u"房间",       TAIL_UNIT_ROOM    },
    { u"室",          TAIL_UNIT_ROOM    },
    { u"房",          TAIL_UNIT_ROOM    },
    { u"户",          TAIL_UNIT_ROOM    },
    { u"号院",       TAIL_UNIT_YARD    },
    { u"号大院",    TAIL_UNIT_YARD    },
    { u"号路",       TAIL_UNIT_ROAD    },
    { u"号大街",    TAIL_UNIT_ROAD    },
    { u"号",          TAIL_UNIT_NUMBER  },
    { u"弄",          TAIL_UNIT_LANE    },
    { u"区",          TAIL_UNIT_PART    },
    { u"期",          TAIL_UNIT_PART    },
    { u"路",          TAIL_UNIT_ROAD    },
    { u"街",          TAIL_UNIT_ROAD    },
    { u"巷",          TAIL_UNIT_ROAD    },
    { u"大道",       TAIL_UNIT_ROAD    },
    { u"道",          TAIL_UNIT_ROAD    },
    { u"国道",       TAIL_UNIT_ROAD    },
    { u"省道",       TAIL_UNIT_ROAD    },
    { u"支路",       TAIL_UNIT_ROAD    },
    { u"横路",       TAIL_UNIT_ROAD    },
    { u"马路",       TAIL_UNIT_ROAD    },
    { u"条",          TAIL_UNIT_ROAD    },
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
