/* The words of the public enums: labels of segments, levels of nearness.
 * Deliberately one place: logs, JSON and metrics use the same. */
#include "matchers/address/address.h"

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
