/* The numbered rules of DOMAIN.md E.3 as a plain reading of the text: facts in, tier and rule out.
 * Written without a look at the matchers and sharing nothing with them, so that both can be held against each other. */
#ifndef HULEI_DAEMON_CLI_SYNTH_TRUTH_RULES_H
#define HULEI_DAEMON_CLI_SYNTH_TRUTH_RULES_H

#include "daemon/cli/synth/address.h"

enum { TRUTH_NO_TIER = 0, TRUTH_RED = 1, TRUTH_ORANGE, TRUTH_YELLOW, TRUTH_BLUE };

/* Facts of one child and one person of concern, so that a test can state them by hand. Who is neither class A nor of
 * abuse is class B. */
struct truth_facts {
    bool                  is_class_a, is_abuse, is_carer, is_vulnerable, is_rural;
    bool                  same_dwelling, same_household, same_building, same_group, same_community;
    bool                  is_fresh;      /* moved or released within a month */
    bool                  is_of_schools; /* an order that names schools, or an offence against pupils */
    bool                  is_at_gate;    /* within 200 m of the child's school */
    double                distance_m;
    enum stated_precision precision; /* the worse of both; nothing: one address is not known */
    enum stated_precision risk_precision;
    int32_t               child_age, risk_age; /* days since the addresses were true */
};

/* Facts of one person of concern and one home, without any child. */
struct truth_person_facts {
    bool                  is_class_a, is_barred;
    bool                  is_lost;  /* no address placed and within its cycle */
    int32_t               children; /* of the profile, within 300 m */
    enum stated_precision precision;
    int32_t               risk_age;
};

struct truth_pair {
    int         tier; /* TRUTH_NO_TIER: no rule applies */
    const char *rule; /* "R1" … "B1" */
    double      distance_m;
};

struct truth_pair truth_decide(const struct truth_facts *facts);
struct truth_pair truth_decide_person(const struct truth_person_facts *facts); /* R4, O5 */
struct truth_pair truth_decide_group(const struct truth_person_facts *facts);  /* Y3 */

/* The stronger of the two: lower tier, of equals the earlier rule. */
struct truth_pair truth_stronger(struct truth_pair a, struct truth_pair b);

#endif
