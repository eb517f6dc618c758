/* Nearness of two addresses and the keys of dwellings and buildings, as rows.
 * Every row is tried both ways round. */
#include "tests/unit/matchers/address_fixture.h"

static void test_levels(void **state)
{
    static const struct {
        const char        *what, *a, *b;
        enum address_level level;
    } rows[] = {
        {"one house in two spellings",                "重庆市大足区双路街道双南路社区3组27号",   "大足双路双南路社区居委会三社27号",
         ADDRESS_SAME_ROOM                                                                                                                                                                    },
        { "the neighbour's house",                    "大足区双路街道双南路社区3组27号",            "大足区双路街道双南路社区3组28号",
         ADDRESS_SAME_GROUP                                                                                                                                                                   },
        { "a house without its number",               "大足区双路街道双南路社区3组27号",            "大足区双路街道双南路社区3组",
         ADDRESS_SAME_GROUP                                                                                                                                                                   },
        { "another door of it",                       "大足区双路街道双南路社区3组27号附1号",     "大足区双路街道双南路社区3组27号附2号",
         ADDRESS_SAME_NUMBER                                                                                                                                                                  },
        { "another group",                            "大足区双路街道双南路社区3组27号",            "大足区双路街道双南路社区2组27号",
         ADDRESS_SAME_COMMUNITY                                                                                                                                                               },
        { "another community",                        "大足区双路街道双南路社区3组27号",            "大足区双路街道双北路社区3组27号",
         ADDRESS_SAME_TOWN                                                                                                                                                                    },
        { "another town",                             "大足区高升镇",                                       "大足区高坪镇",                                    ADDRESS_DIFFERENT  },
        { "one flat, dashes and words",               "大足区龙岗街道北环东路168号3幢2单元6-1",
         "大足区龙岗街道北环东路168号3号楼2单元6楼1号",                                                                                                  ADDRESS_SAME_ROOM  },
        { "401 is fourth floor, one",                 "大足区龙岗街道北环东路168号3幢2单元401室", "大足区北环东路168号3栋2单元4-1",
         ADDRESS_SAME_ROOM                                                                                                                                                                    },
        { "the flat above",                           "大足区龙岗街道北环东路168号3幢2单元6-1",    "大足区龙岗街道北环东路168号3幢2单元7-1",
         ADDRESS_SAME_UNIT                                                                                                                                                                    },
        { "the next stairs",                          "大足区龙岗街道北环东路168号3幢2单元6-1",    "大足区龙岗街道北环东路168号3幢1单元6-1",
         ADDRESS_SAME_BUILDING                                                                                                                                                                },
        { "along the road",                           "大足区龙岗街道北环东路168号",                  "大足区龙岗街道北环东路20号",                ADDRESS_SAME_ROAD  },
        { "a village the tables lack, two spellings", "安岳县龙台镇石门村委会3组5号",                "安岳县龙台镇石门村3社5号",
         ADDRESS_SAME_ROOM                                                                                                                                                                    },
        { "one town of two counties",                 "重庆市永川区双路街道双南路社区3组27号",   "大足区双路街道双南路社区3组27号",
         ADDRESS_DIFFERENT                                                                                                                                                                    },
        { "opposite of an estate",                    "大足区龙岗街道荷韵小区对面",                  "大足区龙岗街道荷韵小区",                     ADDRESS_SAME_ROAD  },
        { "lane and number",                          "上海市浦东新区锦绣路1650弄36号",               "上海市浦东新区锦绣路1650号",                 ADDRESS_SAME_ROAD  },
        { "numeral in the road's name",               "重庆市渝中区中山四路36号",                      "重庆市渝中区中山4路36号",                     ADDRESS_SAME_NUMBER},
        { "a placeholder",                            "不详",                                                   "大足区龙岗街道北环东路20号",                ADDRESS_UNKNOWN    },
        { "only the county",                          "大足区",                                                "大足区龙岗街道北环东路20号",                ADDRESS_UNKNOWN    },
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct address_features a     = fixture_features(fixture, rows[i].a, 0);
        const struct address_features b     = fixture_features(fixture, rows[i].b, 0);
        const enum address_level      level = address_compare(&a, &b);
        if (level != rows[i].level || address_compare(&b, &a) != level)
            fail_msg("%s: %s", rows[i].what, address_level_word(level));
        arena_reset(&fixture->arena);
    }
}

static void test_keys(void **state)
{
    static const struct {
        const char *what, *a, *b;
        bool        dwelling, building;
    } rows[] = {
        {"village house",                     "大足区双路街道双南路社区3组27号",         "大足区双路双南路社区三社２７号",                 true,  true },
        { "its neighbour",                    "大足区双路街道双南路社区3组27号",         "大足区双路双南路社区3组28号",                       false, false},
        { "flat",                             "大足区龙岗街道北环东路168号3幢2单元6-1", "大足区龙岗街道北环东路168号3号楼2单元6楼1号", true,  true },
        { "other flat",                       "大足区龙岗街道北环东路168号3幢2单元6-1", "大足龙岗街道北环东路168号3号楼2单元6楼2号",    false,
         true                                                                                                                                                                       },
        { "estate",                           "大足区龙岗街道荷韵小区5幢3单元702",       "大足龙岗街道荷韵小区5栋3单元7-2",                  true,  true },
        { "town left out: comparing decides", "大足区龙岗街道北环东路168号3幢",           "大足区北环东路168号3幢",                               false,
         false                                                                                                                                                                      },
        { "no number",                        "大足区双路街道双南路社区3组",              "大足区双路街道双南路社区3组",                      false, false},
        { "number without community",         "大足区3组27号",                                    "大足区3组27号",                                            false, false},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct address_features a        = fixture_features(fixture, rows[i].a, 0);
        const struct address_features b        = fixture_features(fixture, rows[i].b, 0);
        const uint64_t                dwelling = address_dwelling_key(&a), building = address_building_key(&a);
        if ((dwelling != 0 && dwelling == address_dwelling_key(&b)) != rows[i].dwelling)
            fail_msg("%s: dwelling", rows[i].what);
        if ((building != 0 && building == address_building_key(&b)) != rows[i].building)
            fail_msg("%s: building", rows[i].what);
        arena_reset(&fixture->arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_levels), cmocka_unit_test(test_keys) };

    return cmocka_run_group_tests_name("address features", tests, fixture_set_up, fixture_tear_down);
}
