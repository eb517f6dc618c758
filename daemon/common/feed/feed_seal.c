/* Is this body a sealed record; see feed_seal.h.
 * The rule itself is policy_seal_check(); only its facts are gathered here. */
#include "daemon/common/feed/feed_seal.h"

#include "daemon/common/feed/feed_tables.h"
#include "daemon/common/feed/feed_time.h"

static struct span text_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);

    return json_is_string(value) ? span_of(json_string_value(value), json_string_length(value))
                                 : (struct span){ NULL, 0 };
}

/* Anything but an explicit no: true, 1, "yes", "是", even a list. */
static bool says_yes(const json_t *value)
{
    static const char *const no[] = { "", "false", "False", "FALSE", "0", "no", "No", "NO", "n", "N", "否" };

    if (value == NULL || json_is_null(value) || json_is_false(value))
        return false;
    if (json_is_number(value))
        return json_number_value(value) != 0;
    if (!json_is_string(value))
        return true;
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        if (strcmp(json_string_value(value), no[i]) == 0)
            return false;
    }
    return true;
}

static struct policy_date date_of(const json_t *object, const char *name, bool is_lunar)
{
    const struct span text = text_of(object, name);
    struct feed_date  date = { 0, 0, 0 };

    if (text.bytes == NULL || feed_date_is_placeholder(text) || !feed_date_parse(text, is_lunar, &date))
        return feed_date_range((struct feed_date){ 0, 0, 0 });
    return feed_date_range(date);
}

/* The birth date inside a citizen number of 18 or 15 digits, blanks and full-width digits aside. */
static struct policy_date birth_in_number(struct span number)
{
    char   digits[19] = "";
    size_t count      = 0;

    for (size_t at = 0; at < number.length && count < 18; at++) {
        const unsigned char *byte = (const unsigned char *)number.bytes + at;
        if (*byte >= '0' && *byte <= '9')
            digits[count++] = (char)*byte;
        else if (count == 17 && (*byte | 0x20) == 'x')
            digits[count++] = 'X';
        else if (number.length - at >= 3 && byte[0] == 0xef && byte[1] == 0xbc && byte[2] >= 0x90 && byte[2] <= 0x99)
            digits[count++] = (char)('0' + byte[2] - 0x90);
    }
    struct feed_date date = { 0, 0, 0 };
    char             text[9];
    if (count == 18)
        memcpy(text, digits + 6, 8);
    else if (count == 15)
        memcpy(text, "19", 2), memcpy(text + 2, digits + 6, 6);
    text[8] = '\0';
    if ((count != 18 && count != 15) || !feed_date_parse(span_of(text, 8), false, &date))
        return feed_date_range((struct feed_date){ 0, 0, 0 });
    return feed_date_range(date);
}

/* The widest range: whoever may have been a juvenile is treated as one. A lunar date lies up to 60 days later. */
static struct policy_date birth_of(const json_t *data)
{
    const json_t      *person   = json_object_get(data, "person");
    const bool         is_lunar = span_equals_text(text_of(person, "birth_calendar"), "lunar");
    struct policy_date stated   = date_of(person, "birth_date", is_lunar);
    struct policy_date numbered = birth_in_number(text_of(person, "id_number"));

    if (stated.earliest_day == POLICY_DAY_UNKNOWN)
        return numbered;
    if (is_lunar)
        stated.latest_day += 60;
    if (numbered.earliest_day != POLICY_DAY_UNKNOWN) {
        if (numbered.earliest_day < stated.earliest_day)
            stated.earliest_day = numbered.earliest_day;
        if (numbered.latest_day > stated.latest_day)
            stated.latest_day = numbered.latest_day;
    }
    return stated;
}

static bool is_juvenile_category(const json_t *data)
{
    enum policy_category_code code     = CATEGORY_SEXOFF_MINOR;
    const struct span         category = text_of(data, "category");

    return category.bytes != NULL && policy_category_find(category.bytes, category.length, &code) &&
           (code == CATEGORY_MINOR_OFFENDER || code == CATEGORY_MINOR_CONDUCT || code == CATEGORY_MINOR_ROMANCE);
}

enum policy_seal feed_seal_check(const struct policy *policy, enum feed_type type, const json_t *data)
{
    if (says_yes(json_object_get(data, "sealed")) || says_yes(json_object_get(data, "contains_sealed")) ||
        is_juvenile_category(data))
        return SEAL_SEALED;
    if (type != FEED_RISK && (type != FEED_TYPE_NONE || json_object_get(data, "category") == NULL))
        return SEAL_NOT_SEALED;

    struct policy_seal_facts facts = {
        .offence         = date_of(data, "offence_date", false),
        .judgment        = date_of(data, "judgment_date", false),
        .birth           = birth_of(data),
        .sentence_months = -1,
    };
    const json_t *sentence    = json_object_get(data, "sentence_months");
    const json_t *disposition = json_object_get(data, "disposition");
    const char   *stored      = NULL;
    int32_t       meaning     = DISPOSITION_CONVICTION;
    if (json_is_integer(sentence) && json_integer_value(sentence) >= 0 && json_integer_value(sentence) <= 1200)
        facts.sentence_months = (int32_t)json_integer_value(sentence);
    if (disposition != NULL)
        field_word_value(feed_disposition_words, disposition, &meaning, &stored);
    facts.disposition = (enum policy_disposition)meaning;
    return policy_seal_check(policy, &facts);
}

const char *feed_seal_missing(const json_t *data)
{
    return birth_of(data).earliest_day == POLICY_DAY_UNKNOWN ? "data.person.birth_date" : "data.offence_date";
}
