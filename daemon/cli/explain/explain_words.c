/* Rules and reasons in words; see explain_words.h.
 * Decides nothing: the codes come with the pair. */
#include "daemon/cli/explain/explain_words.h"

#include <stddef.h>
#include <string.h>

static const struct rule {
    const char *rule, *words;
} rules[] = {
    {"R1",  "a person of class A lives in the child's dwelling or household"                                },
    { "R2", "the person is the child's named caregiver, guardian, volunteer or teacher-helper"              },
    { "R3", "the person works or volunteers at the child's school or at a unit in close contact with minors"},
    { "R4", "a prohibition order's barred zone is entered"                                                  },
    { "O1", "a person of class A lives in the building, or within 200 m at house-number precision"          },
    { "O2", "a person of class A newly moved or was released to within 500 m"                               },
    { "O3", "a person of class A lives within 200 m of the school gate, with an order on schools or an offence against "
            "pupils"                                                                             },
    { "O4", "a person of class B is in the dwelling or cares for the child"                                 },
    { "O5", "a person of class A has no address that was confirmed in its cycle"                            },
    { "Y1", "a person of class A lives within 500 m (1,000 m in the country) or in the same village group"  },
    { "Y2", "a person of class B lives within 200 m or in the building"                                     },
    { "Y3", "three or more children live within 300 m of one person of class A"                             },
    { "B1", "a person of class A lives in the community or within 1,000 m; counted, opened by a person"     },
};

static const struct reason {
    const char *code;
    bool        is_modifier;
    const char *words;
} reasons[] = {
    {"SAME_DWELLING",     false, "the same building, unit and room"                                      },
    { "SAME_HOUSEHOLD",   false, "the same hukou booklet and living address"                             },
    { "CAREGIVER",        false, "named as caregiver, guardian, volunteer or teacher"                    },
    { "STAFF",            false, "on the staff of the child's school or unit"                            },
    { "BARRED_ZONE",      false, "inside the zone an order bars"                                         },
    { "SAME_BUILDING",    false, "the same building or yard"                                             },
    { "SAME_GROUP",       false, "the same village group"                                                },
    { "RURAL",            false, "the radius of the country applies: the community is a village"         },
    { "NEWLY_MOVED",      false, "moved or released lately"                                              },
    { "SCHOOL_ORDER",     false, "an order names schools, or the offence was against pupils"             },
    { "SEVERAL_CHILDREN", false, "several children around one person"                                    },
    { "RAISE_VULNERABLE", true,  "raised: the child is especially vulnerable"                            },
    { "CAP_PRECISION",    true,  "capped: an address is known to its community only"                     },
    { "DISTANCE_UNSURE",  true,  "the distance is not sure: an address is not placed exactly"            },
    { "ADDRESS_OLD",      true,  "an address was not confirmed within its cycle: certainty is `possible`"},
    { "CAP_ADDRESS_AGE",  true,  "one tier lower: an address is older than two cycles"                   },
    { "CAP_CATEGORY",     true,  "capped: the category allows no higher tier"                            },
    { "ID_PROBABLE",      true,  "held: an identity is only probable, a person decides it first"         },
    { "ID_STRONG_BOTH",   true,  "both identities are confirmed or strong"                               },
    { "DISPUTED",         true,  "disputed: an objection is open"                                        },
    { "UNDER_14",         true,  "severity one higher: the child is under 14; the tier is not"           },
};

const char *explain_rule_words(const char *rule)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (strcmp(rules[i].rule, rule) == 0)
            return rules[i].words;
    }
    return "";
}

const char *explain_reason_words(const char *code, bool *is_modifier)
{
    *is_modifier = false;
    if (strncmp(code, "NEAR_", 5) == 0)
        return "within the band named";
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strcmp(reasons[i].code, code) == 0) {
            *is_modifier = reasons[i].is_modifier;
            return reasons[i].words;
        }
    }
    return "";
}
