/* The operator's local names: aliases, communities that the tables do not have yet, estates and hamlets.
 * Not for others: part of gazetteer_build(). */
#ifndef HULEI_DAEMON_COMMON_GAZETTEER_ADDITIONS_H
#define HULEI_DAEMON_COMMON_GAZETTEER_ADDITIONS_H

#include "daemon/common/gazetteer_gather.h"

/*
 * Rows of kind,name,code:
 *   alias      another name of the division `code` (2 to 12 digits)
 *   community  a village or community of its own 12-digit code, which the tables do not have
 *   estate     an estate that lies in the community `code`
 *   hamlet     a hamlet or named group of the community `code`
 * The first is called before the divisions are sorted, the second after; together they take every row.
 */
void additions_take_community(struct build *build, char **columns);
void additions_take_name(struct build *build, char **columns);

#endif
