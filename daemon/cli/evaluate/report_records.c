/* Prints what a run over records says of index and blocking; see report_records.h.
 * Keys are shown by their keyed hash, never by value. */
#include "daemon/cli/evaluate/report_records.h"

static double per_second(size_t count, int64_t ms)
{
    return ms > 0 ? (double)count * 1000 / (double)ms : 0;
}

void report_records_text(FILE *stream, const struct record_figures *figures)
{
    const struct identity_statistics *index = &figures->index;

    fprintf(stream,
            "records %zu (lines %zu, refused %zu); read in %.1f s, clustered in %.1f s (%.0f mentions a second)\n",
            figures->records, figures->lines, figures->refused, (double)figures->read_ms / 1000,
            (double)figures->match_ms / 1000, per_second(index->mentions, figures->match_ms));
    fprintf(stream, "index: %.0f MB, mentions %zu, contents %zu, persons %zu, keys %zu (hot %zu, generic %zu)\n",
            (double)index->used_bytes / 1e6, index->mentions, index->profiles, index->persons, index->keys,
            index->hot_keys, index->generic_keys);
    fprintf(stream, "persons confirmed %zu, strong %zu, probable %zu; with two valid numbers %zu; frozen events %llu\n",
            figures->grades[IDENTITY_CONFIRMED], figures->grades[IDENTITY_STRONG], figures->grades[IDENTITY_PROBABLE],
            figures->clusters_with_two_numbers, (unsigned long long)figures->frozen);
    fprintf(stream, "blocking: pairs of contents %llu, reduction %.7f, completeness %.5f (missed pairs %llu)\n",
            (unsigned long long)figures->candidates, figures->reduction, figures->completeness,
            (unsigned long long)figures->unblocked_pairs);
    for (size_t i = 0; i < figures->load_count; i++)
        fprintf(stream, "  key %-15s holders %7u %s  %016llx\n", figures->loads[i].kind, figures->loads[i].holders,
                figures->loads[i].is_common ? "not used" : "in use  ", (unsigned long long)figures->loads[i].hash);
}

static json_t *json_loads_of(const struct record_figures *figures)
{
    json_t *list = json_array();

    for (size_t i = 0; i < figures->load_count; i++) {
        char hash[24];

        snprintf(hash, sizeof hash, "%016llx", (unsigned long long)figures->loads[i].hash);
        json_array_append_new(list, json_pack("{s:s,s:I,s:b,s:s}", "kind", figures->loads[i].kind, "holders",
                                              (json_int_t)figures->loads[i].holders, "common",
                                              (int)figures->loads[i].is_common, "hash", hash));
    }
    return list;
}

json_t *report_records_json(const struct record_figures *figures)
{
    const struct identity_statistics *index = &figures->index;

    return json_pack(
        "{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:f,s:f,s:I,s:I,s:I,s:I,s:o}", "records",
        (json_int_t)figures->records, "refused", (json_int_t)figures->refused, "read_ms", (json_int_t)figures->read_ms,
        "match_ms", (json_int_t)figures->match_ms, "bytes", (json_int_t)index->used_bytes, "mentions",
        (json_int_t)index->mentions, "contents", (json_int_t)index->profiles, "persons", (json_int_t)index->persons,
        "hot_keys", (json_int_t)index->hot_keys, "generic_keys", (json_int_t)index->generic_keys, "candidates",
        (json_int_t)figures->candidates, "reduction", figures->reduction, "completeness", figures->completeness,
        "two_numbers", (json_int_t)figures->clusters_with_two_numbers, "confirmed",
        (json_int_t)figures->grades[IDENTITY_CONFIRMED], "strong", (json_int_t)figures->grades[IDENTITY_STRONG],
        "probable", (json_int_t)figures->grades[IDENTITY_PROBABLE], "worst_keys", json_loads_of(figures));
}
