/* Rows of table card: what common/card.h makes of one person block, sealed under the record's key. */
#ifndef HULEI_DAEMON_ENGINE_CARDS_H
#define HULEI_DAEMON_ENGINE_CARDS_H

#include "daemon/common/blind.h"
#include "daemon/common/card.h"
#include "daemon/common/feed/feed.h"
#include "daemon/common/vault.h"
#include "daemon/engine/facts.h"

enum { CARD_COLUMNS = 6 };

/* In the order of engine_cards_put; everything lives in the arena. */
struct card_row {
    int64_t     mention_id;
    struct span masked, full, proof, places; /* sealed */
    struct span buckets;                     /* text of an int4[] */
};

/*
 * `full` is what a review sheet shows, as JSON: name, sex, birth_year, addresses [{address, kind, as_of}]; `proof` the
 * hashes themselves, `places` an array of struct card_place: the addresses of the slot in `facts`. False when memory is
 * out.
 */
bool card_make(struct vault *vault, const struct blind *blind, const struct vault_key *key, int64_t mention_id,
               const struct person_block *block, const struct mention_features *features,
               const struct record_facts *facts, struct arena *arena, struct card_row *row);

#endif
