/* The activation of a new identity model; see activation.h.
 * The model's file as a whole and the version of the features are what is compared: a changed comment costs one run
 * over the persons and changes none. */
#include "daemon/engine/activation.h"

#include "daemon/common/log.h"
#include "daemon/engine/remake.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_PERSONS = 2000, LINKS_OF_PERSON_MAX = 127 };

static bool read_fingerprint(const char *path, unsigned char fingerprint[ACTIVATION_FINGERPRINT_BYTES])
{
    char        block[4096];
    FILE       *file   = fopen(path, "re");
    EVP_MD_CTX *digest = EVP_MD_CTX_new();
    bool        is_ok  = file != NULL && digest != NULL && EVP_DigestInit_ex(digest, EVP_sha256(), NULL) == 1;

    for (size_t length; is_ok && (length = fread(block, 1, sizeof block, file)) > 0;)
        is_ok = EVP_DigestUpdate(digest, block, length) == 1;
    is_ok = is_ok && EVP_DigestUpdate(digest, remake_version(), strlen(remake_version())) == 1 && ferror(file) == 0 &&
            EVP_DigestFinal_ex(digest, fingerprint, NULL) == 1;
    EVP_MD_CTX_free(digest);
    if (file != NULL)
        fclose(file);
    return is_ok;
}

static enum db_status is_present_model(const struct activation *activation, struct db *db, bool *is_present)
{
    PGresult            *result = NULL;
    const enum db_status status = db_run_binary(db, &statement_engine_model_last, NULL, 0, &result);

    if (status != DB_OK)
        return status;
    const struct span mine = span_of((const char *)activation->fingerprint, sizeof activation->fingerprint);
    *is_present            = PQntuples(result) == 1 && span_equals(db_get_span(result, 0, 0), mine);
    PQclear(result);
    return DB_OK;
}

static bool add_links(struct activation *activation, const struct identity_link *links, size_t count)
{
    if (count == 0)
        return true;
    struct identity_link *larger =
        realloc(activation->links, (activation->link_count + count) * sizeof activation->links[0]);
    if (larger == NULL)
        return false;
    memcpy(larger + activation->link_count, links, count * sizeof links[0]);
    activation->links = larger;
    activation->link_count += count;
    return true;
}

/* All of them before anybody is clustered anew: a touched person brings its neighbours along. */
static bool keep_links(struct activation *activation, struct identity_index *index)
{
    struct identity_link links[LINKS_OF_PERSON_MAX];

    for (int64_t person = 1; person < activation->end_person; person++) {
        if (!add_links(activation, links, identity_kept_links(index, person, links, LINKS_OF_PERSON_MAX)))
            return false;
    }
    for (size_t i = 0; i < activation->link_count; i++) {
        if (!identity_decide(index, activation->links[i].mention_a, activation->links[i].mention_b, IDENTITY_KEPT))
            return false;
    }
    return true;
}

enum db_status activation_open(struct activation *activation, const char *model_path,
                               const struct identity_model *model, struct identity_index *index, int64_t end_person,
                               struct db *db)
{
    bool is_present = false;

    *activation = (struct activation){ .next_person = 1, .end_person = end_person, .origin = model_origin(model) };
    if (!read_fingerprint(model_path, activation->fingerprint))
        return DB_BROKEN;
    const enum db_status status = is_present_model(activation, db, &is_present);
    if (status != DB_OK || is_present)
        return status;
    if (!keep_links(activation, index))
        return DB_BROKEN;
    activation->is_due = activation->is_first = true;
    log_info("model_activation", log_number("persons", end_person - 1),
             log_number("kept_links", (int64_t)activation->link_count));
    return DB_OK;
}

void activation_clear(struct activation *activation)
{
    free(activation->links);
    *activation = (struct activation){ 0 };
}

static int64_t end_of_slice(const struct activation *activation)
{
    const int64_t end = activation->next_person + SLICE_PERSONS;

    return end < activation->end_person ? end : activation->end_person;
}

/* One member brings all of its person. */
static bool touch(const struct identity_index *index, struct identity_batch *batch, int64_t person)
{
    int64_t member = 0;

    return identity_members_of(index, person, &member, 1) == 0 || identity_batch_touch(batch, member);
}

bool activation_take(const struct activation *activation, const struct identity_index *index,
                     struct identity_batch *batch, struct store_batch *rows)
{
    const struct span fingerprint = { (const char *)activation->fingerprint, sizeof activation->fingerprint };
    bool              is_ok       = true;

    if (!activation->is_due)
        return true;
    for (size_t i = 0; activation->is_first && i < activation->link_count; i++) {
        store_add_number(rows, STORE_KEPT, activation->links[i].mention_a);
        store_add_number(rows, STORE_KEPT, activation->links[i].mention_b);
    }
    for (int64_t person = activation->next_person; person < end_of_slice(activation) && is_ok; person++)
        is_ok = touch(index, batch, person);
    if (end_of_slice(activation) == activation->end_person) {
        store_add_span(rows, STORE_MODEL, fingerprint);
        store_add_text(rows, STORE_MODEL, activation->origin.dated);
        store_add_text(rows, STORE_MODEL, activation->origin.approved_by);
        store_add_text(rows, STORE_AUDIT, "model_activated");
        store_add_span(rows, STORE_AUDIT, fingerprint);
        store_add_text(rows, STORE_AUDIT, "{}");
    }
    return is_ok;
}

void activation_advance(struct activation *activation)
{
    if (!activation->is_due)
        return;
    activation->is_first    = false;
    activation->next_person = end_of_slice(activation);
    activation->is_due      = activation->next_person < activation->end_person;
    if (!activation->is_due)
        log_info("model_activated", log_word("dated", activation->origin.dated));
}
