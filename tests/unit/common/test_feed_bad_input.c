/* Everything FEEDS.md refuses at the door, one row each, with the code, field and rule the sender is told.
 * `--write DIRECTORY` writes the same rows as messages, so that they can go through a real broker. */
#include "tests/unit/common/feed_fixture.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PERSON               "\"person\":{\"name\":\"罗小蕾\"}"
#define CHILD(fields)        "{" PERSON ",\"circumstances\":[\"left_behind\"]" fields "}"
#define CHILD_PERSON(fields) "{\"person\":{\"name\":\"罗小蕾\"" fields "},\"circumstances\":[]}"
#define ORDER(kind, scope, more)                                                                                       \
    "{" PERSON_OF_CONCERN ",\"kind\":\"" kind "\",\"scope\":" scope                                                    \
    ",\"from\":\"2024-01-01\",\"judgment\":\"某号\"" more "}"
#define CLAIM(asks, more)                                                                                              \
    "{\"record\":{\"subject\":\"s-9\"},\"by\":\"guardian\",\"ground\":\"wrong_fact\",\"asks\":\"" asks "\","           \
    "\"on\":\"2025-02-03\"" more "}"
#define TURN(from, to)                                                                                                 \
    "{\"post\":\"pcs-sl\",\"turns\":[{\"account\":\"u-18\",\"duty\":\"officer\",\"from\":\"" from "\",\"to\":\"" to    \
    "\"}]}"
#define SIXTY_THREE "012345678901234567890123456789012345678901234567890123456789012"
#define RISK(fields)                                                                                                   \
    "{\"person\":{\"name\":\"尹某甲\",\"birth_date\":\"1980-05-06\"},\"category\":\"sexoff_minor\","                \
    "\"offence_date\":\"2015-01-02\"" fields "}"
#define RISK_OF(category)                                                                                              \
    "{\"person\":{\"name\":\"尹某甲\",\"birth_date\":\"1980-05-06\"},\"offence_date\":\"2015-01-02\",\"category\":" \
    "\"" category "\"}"
#define PLACE_AT(lon, lat)                                                                                             \
    "{\"place_id\":\"p-9\",\"address\":\"学坝路1号\",\"location\":{\"lon\":" lon ",\"lat\":" lat ",\"crs\":\"WGS84\"}" \
    "}"
#define EVENT(attributes, data)                                                                                        \
    "{\"specversion\":\"1.0\",\"source\":\"urn:hulei:500111004:civil-affairs:children\",\"type\":\"hulei.child.v1\","  \
    "\"subject\":\"s-1\",\"time\":\"2025-03-01T08:00:00+08:00\"" attributes ",\"data\":" data "}"
#define TEN(x)    x x x x x x x x x x
#define FIFTY_ONE TEN("罗") TEN("罗") TEN("罗") TEN("罗") TEN("罗") "罗"
#define DEEP      "[[[[[[[[[["

struct row {
    const char *what;
    const char *type;  /* "child": gives topic, source, key and headers */
    struct span value; /* bytes NULL: a null value */
    struct {
        const char *name, *value; /* value NULL: without the header */
    } headers[2];
    const char *key, *topic; /* NULL: the right one; "" for key: a null key */
    bool        is_structured;
    const char *outcome; /* NULL: refused */
    const char *code, *field, *rule;
};

#define ATTRIBUTE_ROW(what_, header, value_, code_, field_, rule_)                                                         \
    {                                                                                                                      \
        .what = what_, .type = "child", .value = SPAN_INIT(GOOD_CHILD), .headers = { { header, value_ } },               \
      .code = code_, .field = field_, .rule = rule_ \
    }
#define BODY_ROW(what_, type_, body, code_, field_, rule_)                                                             \
    {                                                                                                                  \
        .what = what_, .type = type_, .value = SPAN_INIT(body), .code = code_, .field = field_, .rule = rule_          \
    }
#define SEALED_ROW(what_, body)                                                                                        \
    {                                                                                                                  \
        .what = what_, .type = "risk", .value = SPAN_INIT(body), .outcome = "sealed", .code = "sealed",                \
        .field = "data", .rule = "sealed records are not taken"                                                        \
    }

/* clang-format off */
static const struct row rows[] = {
    /* Bytes and JSON. */
    BODY_ROW("a byte that no UTF-8 has", "child", CHILD(",\"until\":\"\xff\""), "not_utf8", "value", "well-formed UTF-8"),
    BODY_ROW("overlong form of a slash", "child", CHILD(",\"until\":\"\xc0\xaf\""), "not_utf8", "value", "well-formed UTF-8"),
    BODY_ROW("surrogates written as UTF-8 (CESU-8)", "child", CHILD(",\"until\":\"\xed\xa0\x81\xed\xb0\x80\""), "not_utf8", "value", "well-formed UTF-8"),
    BODY_ROW("cut in the middle of a character", "child", "{\"person\":\"\xe7\xbd", "not_utf8", "value", "well-formed UTF-8"),
    { .what = "GB18030 that ends in half a character", .type = "child", .value = SPAN_INIT("{\"a\":\"\x81"),
      .headers = { { "content-type", "application/json; charset=GB18030" } },
      .code = "not_gb18030", .field = "value", .rule = "well-formed GB18030" },
    { .what = "a charset nobody agreed on", .type = "child", .value = SPAN_INIT(GOOD_CHILD),
      .headers = { { "content-type", "application/json; charset=Big5" } },
      .code = "unknown_charset", .field = "content-type", .rule = "UTF-8, GB18030, GBK or GB2312" },
    BODY_ROW("no JSON at all", "child", "name=罗小蕾", "not_json", "value", "one JSON object"),
    BODY_ROW("an empty value is not a null value", "child", "", "not_json", "value", "one JSON object"),
    BODY_ROW("a list where an object belongs", "child", "[1,2]", "not_json", "value", "one JSON object"),
    BODY_ROW("something after the object", "child", CHILD("") "{}", "not_json", "value", "one JSON object"),
    BODY_ROW("the same key twice", "child", CHILD(",\"status\":\"active\",\"status\":\"ended\""), "duplicate_key", "value", "each key once"),
    BODY_ROW("two seal flags that disagree", "risk", RISK(",\"sealed\":false,\"sealed\":true"), "duplicate_key", "value", "each key once"),
    BODY_ROW("an escaped NUL in a name", "child", "{\"person\":{\"name\":\"罗\\u0000\"},\"circumstances\":[]}", "nul_in_text", "value", "no U+0000"),
    BODY_ROW("an escaped NUL in a key", "child", CHILD(",\"a\\u0000\":1"), "nul_in_text", "value", "no U+0000"),
    BODY_ROW("a raw zero byte", "child", "{\"a\":\"\0\"}", "nul_in_text", "value", "no U+0000"),
    BODY_ROW("a high surrogate alone", "child", CHILD(",\"until\":\"\\ud840\""), "lone_surrogate", "value", "whole surrogate pairs"),
    BODY_ROW("a low surrogate alone", "child", CHILD(",\"until\":\"\\udc00\""), "lone_surrogate", "value", "whole surrogate pairs"),
    BODY_ROW("a reversed pair", "child", CHILD(",\"until\":\"\\udc00\\ud840\""), "lone_surrogate", "value", "whole surrogate pairs"),
    BODY_ROW("a number beyond 64 bits", "child", CHILD(",\"extra\":123456789012345678901234567890"), "number_out_of_range", "value", "64-bit whole or finite number"),
    BODY_ROW("2^63, one too many", "child", CHILD(",\"extra\":9223372036854775808"), "number_out_of_range", "value", "64-bit whole or finite number"),
    BODY_ROW("a number beyond a double", "child", CHILD(",\"extra\":1e400"), "number_out_of_range", "value", "64-bit whole or finite number"),
    BODY_ROW("nested 41 deep", "child", "{\"a\":" DEEP DEEP DEEP DEEP "1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}", "too_deep", "value", "at most 32 levels"),

    /* The envelope. */
    ATTRIBUTE_ROW("neither mode", "ce_id", NULL, "missing_attribute", "id", "required"),
    ATTRIBUTE_ROW("another CloudEvents version", "ce_specversion", "0.3", "bad_attribute", "specversion", "1.0"),
    ATTRIBUTE_ROW("no source", "ce_source", NULL, "missing_attribute", "source", "required"),
    ATTRIBUTE_ROW("a source of another topic", "ce_source", "urn:hulei:500111004:police:persons", "source_not_allowed", "source", "bound to the topic"),
    ATTRIBUTE_ROW("no subject", "ce_subject", NULL, "missing_attribute", "subject", "required"),
    ATTRIBUTE_ROW("a name as subject", "ce_subject", "罗小蕾", "bad_attribute", "subject", "printable ASCII without blanks"),
    ATTRIBUTE_ROW("a citizen number as subject", "ce_subject", "500111201503040021", "bad_attribute", "subject", "opaque: no citizen number"),
    ATTRIBUTE_ROW("no time", "ce_time", NULL, "missing_attribute", "time", "required"),
    ATTRIBUTE_ROW("a time without an offset", "ce_time", "2025-03-01T08:00:00", "bad_attribute", "time", "RFC 3339 with an offset"),
    ATTRIBUTE_ROW("30 February", "ce_time", "2025-02-30T08:00:00Z", "bad_attribute", "time", "RFC 3339 with an offset"),
    ATTRIBUTE_ROW("an offset no place has", "ce_time", "2025-03-01T08:00:00+14:30", "bad_attribute", "time", "RFC 3339 with an offset"),
    ATTRIBUTE_ROW("a clock set to 2099", "ce_time", "2099-01-01T00:00:00Z", "time_in_future", "time", "at most 24 h ahead"),
    ATTRIBUTE_ROW("a type nobody knows", "ce_type", "hulei.pet.v1", "unknown_type", "type", "a type of FEEDS.md, version 1"),
    ATTRIBUTE_ROW("the next version of a type", "ce_type", "hulei.child.v2", "unknown_type", "type", "a type of FEEDS.md, version 1"),
    ATTRIBUTE_ROW("a type not served yet", "ce_type", "hulei.care_contact.v1", "not_enabled", "type", "not served yet"),
    ATTRIBUTE_ROW("a type the source may not send", "ce_type", "hulei.place.v1", "type_not_allowed", "type", "bound to the source"),
    ATTRIBUTE_ROW("a content type that is not JSON", "content-type", "text/plain", "bad_attribute", "datacontenttype", "application/json"),
    ATTRIBUTE_ROW("a purpose outside the catalogue", "ce_purpose", "marketing", "purpose_unknown", "purpose", "in the catalogue"),
    { .what = "a key of another record", .type = "child", .value = SPAN_INIT(GOOD_CHILD), .key = "child:s-2",
      .code = "key_mismatch", .field = "key", .rule = "<type>:<subject>" },
    { .what = "a null key", .type = "child", .value = SPAN_INIT(GOOD_CHILD), .key = "",
      .code = "key_missing", .field = "key", .rule = "<type>:<subject>" },
    { .what = "a withdrawal without headers", .type = "child", .headers = { { "ce_id", NULL }, { "ce_time", NULL } },
      .code = "missing_attribute", .field = "id", .rule = "required" },
    { .what = "structured, without an id", .type = "child", .value = SPAN_INIT(EVENT("", GOOD_CHILD)),
      .is_structured = true, .code = "missing_attribute", .field = "id", .rule = "required" },
    { .what = "structured, an id that is a number", .type = "child", .value = SPAN_INIT(EVENT(",\"id\":7", GOOD_CHILD)),
      .is_structured = true, .code = "bad_attribute", .field = "id", .rule = "text, given once" },
    { .what = "structured, data that is text", .type = "child", .value = SPAN_INIT(EVENT(",\"id\":\"e\"", "\"x\"")),
      .is_structured = true, .code = "wrong_type", .field = "data", .rule = "object" },
    { .what = "no content type at all", .type = "child", .value = SPAN_INIT(GOOD_CHILD), .is_structured = true,
      .headers = { { "content-type", NULL } },
      .code = "missing_attribute", .field = "content-type", .rule = "ce_ headers, or application/cloudevents+json" },

    /* Fields. */
    BODY_ROW("no person", "child", "{\"circumstances\":[\"left_behind\"]}", "missing_field", "data.person", "required"),
    BODY_ROW("no name", "child", "{\"person\":{\"sex\":\"female\"},\"circumstances\":[]}", "missing_field", "data.person.name", "required"),
    BODY_ROW("a name of blanks", "child", "{\"person\":{\"name\":\" \\u3000\"},\"circumstances\":[]}", "missing_field", "data.person.name", "required"),
    BODY_ROW("a name of 51 characters", "child", "{\"person\":{\"name\":\"" FIFTY_ONE "\"},\"circumstances\":[]}", "too_long", "data.person.name", "at most 50 characters"),
    BODY_ROW("a guardian without a name", "child", CHILD(",\"guardians\":[{\"person\":{\"name\":\"罗大山\"},\"role\":\"parent\"},{\"person\":{},\"role\":\"parent\"}]"), "missing_field", "data.guardians[1].person.name", "required"),
    BODY_ROW("a citizen number as a JSON number", "child", CHILD_PERSON(",\"id_number\":500111201503040021"), "wrong_type", "data.person.id_number", "text, a number loses digits"),
    BODY_ROW("an unknown kind of number", "child", CHILD_PERSON(",\"id_type\":\"library_card\""), "unknown_word", "data.person.id_type", "one of the words of the schema"),
    BODY_ROW("an unknown sex", "child", CHILD_PERSON(",\"sex\":\"3\""), "unknown_word", "data.person.sex", "one of the words of the schema"),
    BODY_ROW("30 February as a birth date", "child", CHILD_PERSON(",\"birth_date\":\"2015-02-30\""), "bad_date", "data.person.birth_date", "an existing day, month or year: YYYY[-MM[-DD]] or YYYYMMDD"),
    BODY_ROW("phones that are no list", "child", CHILD_PERSON(",\"phones\":\"13000000000\""), "wrong_type", "data.person.phones", "list of texts"),
    BODY_ROW("an area code of 7 digits", "child", CHILD_PERSON(",\"residence\":{\"address\":\"某村\",\"area_code\":\"5001110\"}"), "bad_format", "data.person.residence[0].area_code", "6, 9 or 12 digits"),
    BODY_ROW("an unknown circumstance", "child", "{" PERSON ",\"circumstances\":[\"left_behind\",\"gifted\"]}", "unknown_word", "data.circumstances", "one of the words of the schema"),
    BODY_ROW("no circumstances", "child", "{" PERSON "}", "missing_field", "data.circumstances", "required"),
    BODY_ROW("a flag as text", "child", CHILD(",\"shielded\":\"yes\""), "wrong_type", "data.shielded", "true or false"),
    BODY_ROW("a sentence with a fraction", "risk", RISK(",\"sentence_months\":12.5"), "wrong_type", "data.sentence_months", "whole number"),
    BODY_ROW("2^53+1 months", "risk", RISK(",\"sentence_months\":9007199254740993"), "out_of_range", "data.sentence_months", "0 to 1200"),
    BODY_ROW("a prohibition without an end", "order", ORDER("prohibition", "[\"schools\"]", ""), "missing_field", "data.to", "required of a prohibition"),
    BODY_ROW("an order that bars from nothing", "order", ORDER("occupation_ban", "[]", ""), "missing_field", "data.scope", "at least one word"),
    BODY_ROW("barred places not listed", "order", ORDER("occupation_ban", "[\"places\"]", ""), "missing_field", "data.places", "required by the scope"),
    BODY_ROW("an order that ends before it begins", "order", ORDER("prohibition", "[\"schools\"]", ",\"to\":\"2023-12-31\""), "dates_reversed", "data.to", "not before the first day"),
    BODY_ROW("a radius of 6 km", "order", ORDER("occupation_ban", "[\"places\"]", ",\"places\":[{\"address\":\"某路\",\"radius_m\":6000}]"), "out_of_range", "data.places[0].radius_m", "0 to 5000"),
    BODY_ROW("an unknown event", "risk_status", "{" PERSON_OF_CONCERN ",\"event\":\"escape\",\"on\":\"2025-02-01\"}", "unknown_word", "data.event", "one of the words of the schema"),
    BODY_ROW("a split from nothing", "objection", CLAIM("split", ""), "missing_field", "data.other", "required of a split"),
    BODY_ROW("a rejection without a reason", "correction", CLAIM("correct", ",\"ruling\":\"rejected\""), "missing_field", "data.reason", "required of a rejection"),
    BODY_ROW("an objection to a source nobody knows", "objection", "{\"record\":{\"source\":\"urn:x\",\"subject\":\"s-9\"},\"by\":\"post\",\"ground\":\"no_basis\",\"asks\":\"erase\",\"on\":\"2025-02-03\"}", "source_unknown", "data.record.source", "bound in the configuration"),
    BODY_ROW("an entrustment to nobody", "guardian_document", "{" GIRL ",\"kind\":\"entrustment\"}", "missing_field", "data.entrusted", "required of an entrustment"),
    BODY_ROW("a volunteer without a name", "care_assignment", "{" GIRL ",\"volunteers\":[{\"person\":{}}]}", "missing_field", "data.volunteers[0].person.name", "required"),
    BODY_ROW("a kind of unit nobody knows", "staff", "{" GIRL ",\"unit\":\"某处\",\"unit_kind\":\"moon\",\"role\":\"teacher\"}", "unknown_word", "data.unit_kind", "one of the words of the schema"),
    BODY_ROW("a hash of 63 digits", "feed_control", "{\"totals\":[{\"type\":\"child\",\"count\":1,\"hash\":\"" SIXTY_THREE "\"}],\"silence_minutes\":60}", "bad_format", "data.totals[0].hash", "64 lower-case hex digits"),
    BODY_ROW("silence allowed for ever", "feed_control", "{\"totals\":[],\"silence_minutes\":999999}", "out_of_range", "data.silence_minutes", "5 to 527040"),
    BODY_ROW("a holiday of a month", "calendar", "{\"days\":[{\"kind\":\"holiday\",\"from\":\"2026-10\"}]}", "bad_date", "data.days[0].from", "a whole day"),
    BODY_ROW("a turn that ends before it begins", "post_roster", TURN("2026-03-02T08:00:00+08:00", "2026-03-01T08:00:00+08:00"), "dates_reversed", "data.turns[0].to", "after the beginning"),
    BODY_ROW("a turn without an offset", "post_roster", TURN("2026-03-02T08:00:00", "2026-03-03T08:00:00+08:00"), "bad_time", "data.turns[0].from", "RFC 3339 with an offset"),
    BODY_ROW("a grid without a post", "grid_map", "{\"grid\":\"g-17\",\"area_code\":\"500111004001\",\"from\":\"2025-01-01\"}", "missing_field", "data.post", "required"),
    BODY_ROW("longitude and latitude swapped", "place", PLACE_AT("29.7", "105.7"), "out_of_range", "data.location.lon", "inside China: 73 to 135.5"),
    BODY_ROW("the Gulf of Guinea", "place", PLACE_AT("0", "0"), "out_of_range", "data.location.lon", "inside China: 73 to 135.5"),
    BODY_ROW("a latitude in Siberia", "place", PLACE_AT("105.7", "61"), "out_of_range", "data.location.lat", "inside China: 3 to 54"),
    BODY_ROW("coordinates without their system", "place", "{\"place_id\":\"p-9\",\"address\":\"学坝路1号\",\"location\":{\"lon\":105.7,\"lat\":29.7}}", "missing_field", "data.location.crs", "required"),
    BODY_ROW("an unknown coordinate system", "school", "{\"school_id\":\"s\",\"name\":\"n\",\"address\":\"a\",\"location\":{\"lon\":105.7,\"lat\":29.7,\"crs\":\"EPSG:3857\"}}", "unknown_word", "data.location.crs", "one of the words of the schema"),
    BODY_ROW("a school reference with a blank", "enrolment", "{" PERSON ",\"school_id\":\"a b\"}", "bad_format", "data.school_id", "printable ASCII without blanks"),
    BODY_ROW("a seal of nothing", "seal", "{\"record\":{},\"effective\":\"2025-01-01\",\"document\":\"1\"}", "missing_field", "data.record.subject", "required"),
    BODY_ROW("a seal for an unknown source", "seal", "{\"record\":{\"source\":\"urn:x\",\"subject\":\"s-9\"},\"effective\":\"2025-01-01\",\"document\":\"1\"}", "source_unknown", "data.record.source", "bound in the configuration"),

    /* Categories and sealed records. */
    BODY_ROW("a category nobody knows", "risk", RISK_OF("shoplifting"), "unknown_word", "data.category", "one of the words of the schema"),
    BODY_ROW("a type as a category", "risk", RISK_OF("order"), "unknown_word", "data.category", "order is a type, not a category"),
    BODY_ROW("a category that is off", "risk", RISK_OF("drug"), "category_off", "data.category", "off in the policy"),
    BODY_ROW("a category the program refuses", "risk", RISK_OF("hiv"), "category_refused", "data.category", "refused by the policy"),
    { .what = "a category of another source", .type = "risk", .value = SPAN_INIT(RISK_OF("corr_sexoff")),
      .headers = { { "ce_source", "urn:hulei:500111004:police:persons" } }, .topic = "hulei.feed.police.persons",
      .code = "category_not_allowed", .field = "data.category", .rule = "bound to the source" },
    BODY_ROW("nothing tells whether it is sealed", "risk", "{\"person\":{\"name\":\"尹某甲\"},\"category\":\"sexoff_minor\"}", "seal_unclear", "data.person.birth_date", "offence date, or birth and judgment dates, to tell"),
    BODY_ROW("judged at 18, and nobody says for what day", "risk", "{\"person\":{\"name\":\"尹某甲\",\"birth_date\":\"2000-05-06\"},\"category\":\"sexoff_minor\",\"judgment_date\":\"2019-01-02\"}", "seal_unclear", "data.offence_date", "offence date, or birth and judgment dates, to tell"),
    SEALED_ROW("flagged as sealed", RISK(",\"sealed\":true")),
    SEALED_ROW("flagged, badly written", RISK(",\"sealed\":\"是\"")),
    SEALED_ROW("flagged, and otherwise broken", "{\"sealed\":true,\"category\":7}"),
    SEALED_ROW("a file that holds sealed parts", RISK(",\"contains_sealed\":true")),
    SEALED_ROW("offence before 18, 60 months", "{\"person\":{\"name\":\"尹某乙\",\"birth_date\":\"2000-05-06\"},\"category\":\"sexoff_adult\",\"offence_date\":\"2017-01-02\",\"sentence_months\":60}"),
    SEALED_ROW("the birth date only in the number", "{\"person\":{\"name\":\"尹某乙\",\"id_number\":\"500111200005060019\"},\"category\":\"sexoff_adult\",\"offence_date\":\"2017-01-02\",\"sentence_months\":12}"),
    SEALED_ROW("an administrative penalty", RISK(",\"disposition\":\"administrative_penalty\"")),
    SEALED_ROW("a young offender", RISK_OF("minor_offender")),
};
/* clang-format on */

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static const char *outcome_word(enum feed_outcome outcome)
{
    return outcome == FEED_OK ? "accepted" : outcome == FEED_SEALED ? "sealed" : "refused";
}

static void make(const struct row *row, struct fixture_message *made)
{
    if (row->is_structured)
        fixture_structured(made, row->type, row->value);
    else
        fixture_binary(made, row->type, row->value);
    for (size_t i = 0; i < 2 && row->headers[i].name != NULL; i++)
        fixture_header(made, row->headers[i].name, row->headers[i].value);
    if (row->key != NULL)
        made->message.key = span_from_text(row->key[0] != '\0' ? row->key : NULL);
    if (row->topic != NULL)
        made->message.topic = span_from_text(row->topic);
}

static bool row_holds(struct fixture *fixture, const struct row *row)
{
    struct fixture_message made;
    struct feed_record     record;
    struct feed_fault      fault;
    const char            *expected = row->outcome != NULL ? row->outcome : "refused";

    make(row, &made);
    const enum feed_outcome outcome  = fixture_decode(fixture, &made, &record, &fault);
    const bool              is_right = strcmp(outcome_word(outcome), expected) == 0 && fault.code != NULL &&
                          strcmp(fault.code, row->code) == 0 && strcmp(fault.field, row->field) == 0 &&
                          strcmp(fault.rule, row->rule) == 0;
    if (!is_right)
        print_error("%s: %s %s %s (%s)\n", row->what, outcome_word(outcome), fault.code, fault.field, fault.rule);
    /* Nothing of a body survives a refusal. */
    return is_right && !record.person.is_present && record.canonical_json.bytes == NULL;
}

static void test_rows(void **state)
{
    struct fixture fixture;
    size_t         wrong = 0;

    (void)state;
    fixture_open(&fixture);
    for (size_t i = 0; i < ROW_COUNT; i++)
        wrong += !row_holds(&fixture, &rows[i]);
    fixture_close(&fixture);
    assert_int_equal(wrong, 0);
}

static void test_too_large(void **state)
{
    struct fixture         fixture;
    struct fixture_message made;
    struct feed_record     record;
    struct feed_fault      fault;
    const size_t           size = FEED_VALUE_BYTES_MAX + 1;
    char                  *body = malloc(size);

    (void)state;
    fixture_open(&fixture);
    assert_non_null(body);
    memset(body, ' ', size);
    fixture_binary(&made, "child", span_of(body, size));
    assert_int_equal(fixture_decode(&fixture, &made, &record, &fault), FEED_REFUSED);
    assert_string_equal(fault.code, "too_large");
    free(body);
    fixture_close(&fixture);
}

/* ---- the same rows as messages ---- */

static void write_base64(FILE *stream, const char *name, struct span bytes)
{
    if (bytes.bytes == NULL) {
        fprintf(stream, "\"%s\":null", name);
        return;
    }
    unsigned char *text = malloc(bytes.length * 4 / 3 + 8);
    assert(text != NULL);
    EVP_EncodeBlock(text, (const unsigned char *)bytes.bytes, (int)bytes.length);
    fprintf(stream, "\"%s\":\"%s\"", name, (const char *)text);
    free(text);
}

/* An id of its own where the row has one, so that receipts can be told apart. */
static void name_event(struct fixture_message *made, size_t index, char id[16])
{
    snprintf(id, 16, "bad-%zu", index + 1);
    for (size_t i = 0; i < made->message.header_count; i++) {
        if (span_equals_text(made->headers[i].name, "ce_id"))
            made->headers[i].value = span_from_text(id);
    }
}

static void write_row(FILE *stream, size_t index)
{
    struct fixture_message made;
    char                   id[16];

    make(&rows[index], &made);
    name_event(&made, index, id);
    fprintf(stream, "{\"topic\":\"%s\",", made.message.topic.bytes);
    write_base64(stream, "key_base64", made.message.key);
    fprintf(stream, ",\"headers\":[");
    for (size_t i = 0; i < made.message.header_count; i++) {
        fprintf(stream, "%s{\"name\":\"%s\",", i > 0 ? "," : "", made.headers[i].name.bytes);
        write_base64(stream, "value_base64", made.headers[i].value);
        fputc('}', stream);
    }
    fprintf(stream, "],");
    write_base64(stream, "value_base64", made.message.value);
    fputs("}\n", stream);
}

static void write_expected(FILE *stream, size_t index)
{
    const struct row *row = &rows[index];

    fprintf(
        stream,
        "{\"id\":\"bad-%zu\",\"what\":\"%s\",\"outcome\":\"%s\",\"code\":\"%s\",\"field\":\"%s\",\"rule\":\"%s\"}\n",
        index + 1, row->what, row->outcome != NULL ? row->outcome : "refused", row->code, row->field, row->rule);
}

static void write_files(const char *directory)
{
    char  path[512];
    FILE *messages, *expected;

    snprintf(path, sizeof path, "%s/bad_input.ndjson", directory);
    messages = fopen(path, "we");
    snprintf(path, sizeof path, "%s/bad_input.expected.ndjson", directory);
    expected = fopen(path, "we");
    assert(messages != NULL && expected != NULL);
    for (size_t i = 0; i < ROW_COUNT; i++) {
        write_row(messages, i);
        write_expected(expected, i);
    }
    fclose(messages);
    fclose(expected);
}

/* The files in the tree are these rows; otherwise run this program with --write tests/data/feeds. */
static void test_files_are_current(void **state)
{
    char  *text = NULL;
    size_t size = 0;
    FILE  *made = open_memstream(&text, &size);
    FILE  *kept = fopen(HULEI_SOURCE_DIR "/tests/data/feeds/bad_input.ndjson", "re");

    (void)state;
    assert_non_null(made);
    assert_non_null(kept);
    for (size_t i = 0; i < ROW_COUNT; i++)
        write_row(made, i);
    fclose(made);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(fgetc(kept), (unsigned char)text[i]);
    assert_int_equal(fgetc(kept), EOF);
    fclose(kept);
    free(text);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_files_are_current),
    };

    if (argc == 3 && strcmp(argv[1], "--write") == 0) {
        write_files(argv[2]);
        return 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
