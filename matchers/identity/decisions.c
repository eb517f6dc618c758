/* Human verdicts on pairs of mentions: same, different, unsure. The newest of a pair stands.
 * Deliberately kept for mentions that are not there: a record may come back. */
#include "matchers/identity/index_parts.h"

static uint32_t find(const struct identity_index *index, int64_t mention_id, int64_t other_id)
{
    uint32_t number = table_find(&index->decision_table, index_id_hash(mention_id));

    while (number != 0) {
        const struct decision *decision = decision_at(index, number);

        if (decision->mention_id == mention_id && decision->other_id == other_id)
            return number;
        number = table_next(&index->decision_table, number);
    }
    return 0;
}

enum identity_verdict decision_of(const struct identity_index *index, int64_t mention_a, int64_t mention_b)
{
    const uint32_t number = find(index, mention_a, mention_b);

    return number != 0 ? (enum identity_verdict)decision_at(index, number)->verdict : IDENTITY_UNSURE;
}

enum identity_verdict decision_between(const struct identity_index *index, const struct profile *a,
                                       const struct profile *b)
{
    if (!a->is_private || !b->is_private)
        return IDENTITY_UNSURE;
    return decision_of(index, mention_at(index, a->mention_head)->mention_id,
                       mention_at(index, b->mention_head)->mention_id);
}

bool decision_exists(const struct identity_index *index, int64_t mention_id)
{
    uint32_t number = table_find(&index->decision_table, index_id_hash(mention_id));

    while (number != 0 && decision_at(index, number)->mention_id != mention_id)
        number = table_next(&index->decision_table, number);
    return number != 0;
}

static void store_half(struct identity_index *index, int64_t mention_id, int64_t other_id,
                       enum identity_verdict verdict)
{
    uint32_t number = find(index, mention_id, other_id);

    if (number != 0 && verdict == IDENTITY_UNSURE) {
        table_remove(&index->decision_table, number);
        blocks_give(&index->decisions, number);
        return;
    }
    if (verdict == IDENTITY_UNSURE)
        return;
    if (number == 0) {
        number                    = blocks_take(&index->decisions);
        struct decision *decision = decision_at(index, number);

        decision->item.hash  = index_id_hash(mention_id);
        decision->mention_id = mention_id;
        decision->other_id   = other_id;
        table_insert(&index->decision_table, number);
    }
    decision_at(index, number)->verdict = (uint8_t)verdict;
}

/* Puts the mention under the profile it needs now: its own, or the shared one again. */
static void attach_again(struct identity_index *index, struct identity_batch *batch, int64_t mention_id)
{
    const uint32_t number = index_find_mention(index, mention_id);

    if (number == 0)
        return;
    const struct mention_features features = profile_at(index, mention_at(index, number)->profile)->features;

    profile_detach(index, batch, number);
    profile_attach(index, batch, number, &features);
}

bool decision_reserve(struct identity_index *index)
{
    return blocks_reserve(&index->decisions, 2) && index_reserve(index, 2);
}

void decision_store(struct identity_index *index, struct identity_batch *batch, int64_t mention_a, int64_t mention_b,
                    enum identity_verdict verdict)
{
    store_half(index, mention_a, mention_b, verdict);
    store_half(index, mention_b, mention_a, verdict);
    attach_again(index, batch, mention_a);
    attach_again(index, batch, mention_b);
}

bool identity_decide(struct identity_index *index, int64_t mention_a, int64_t mention_b, enum identity_verdict verdict)
{
    if (!decision_reserve(index))
        return false;
    decision_store(index, NULL, mention_a, mention_b, verdict);
    return true;
}
