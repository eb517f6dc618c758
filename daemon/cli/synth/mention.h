/* One person as one record states her: the error model of the departments' data.
 * Every mention has its own random stream, so a record reads the same whenever it is written. */
#ifndef HULEI_DAEMON_CLI_SYNTH_MENTION_H
#define HULEI_DAEMON_CLI_SYNTH_MENTION_H

#include "daemon/cli/synth/address.h"
#include "daemon/cli/synth/people.h"

/* The kinds of error, in the order of enum mention_error. */
#define MENTION_ERRORS(X)                                                                                              \
    X(ERROR_NUMBER_MISSING, "number_missing")                                                                          \
    X(ERROR_NUMBER_TYPO, "number_typo")                                                                                \
    X(ERROR_NUMBER_15, "number_15")                                                                                    \
    X(ERROR_NUMBER_OTHER, "number_other")                                                                              \
    X(ERROR_NAME_HOMOPHONE, "name_homophone")                                                                          \
    X(ERROR_NAME_LOOKALIKE, "name_lookalike")                                                                          \
    X(ERROR_NAME_LENGTH, "name_length")                                                                                \
    X(ERROR_NAME_VARIANT, "name_variant")                                                                              \
    X(ERROR_BIRTH_PARTIAL, "birth_partial")                                                                            \
    X(ERROR_BIRTH_SLIP, "birth_slip")                                                                                  \
    X(ERROR_BIRTH_LUNAR, "birth_lunar")                                                                                \
    X(ERROR_PHONE_MISSING, "phone_missing")                                                                            \
    X(ERROR_PHONE_SHARED, "phone_shared")                                                                              \
    X(ERROR_ADDRESS_STALE, "address_stale")                                                                            \
    X(ERROR_ADDRESS_SPELLING, "address_spelling")                                                                      \
    X(ERROR_ADDRESS_COARSE, "address_coarse")

enum mention_error {
#define MENTION_ERROR_ENUM(code, word) code,
    MENTION_ERRORS(MENTION_ERROR_ENUM)
#undef MENTION_ERROR_ENUM
        MENTION_ERROR_COUNT
};

const char *mention_error_word(enum mention_error error);

/* Shares per mention, 0 to 1. */
struct error_rates {
    double rate[MENTION_ERROR_COUNT];
};

/* The default rates, times `factor`, none above 0.95. */
struct error_rates error_rates_of(double factor);

/* Habits of the department that keeps the record. */
struct mention_style {
    bool is_birth_compact; /* YYYYMMDD */
    bool is_sex_code;      /* GB/T 2261.1 */
    bool has_registered;   /* writes the household registration */
};

/* What the record says. Texts are JSON-safe UTF-8 without quotes. */
struct mention {
    uint32_t              errors; /* bits of enum mention_error */
    char                  name[64];
    char                  number[24]; /* "" when missing */
    char                  birth[12];
    char                  phone[12];
    bool                  is_marked_lunar;
    int32_t               dwelling; /* stated, stale or not; -1: no address */
    enum stated_precision precision;
    int32_t               as_of_day;
    char                  address[ADDRESS_BYTES];
};

struct mention_context {
    const struct synth_tables *tables;
    const struct land         *land;
    const struct people       *people;
    struct error_rates         rates;
};

/* What the writer of a record knows when writing of a person. */
struct mention_wish {
    const struct person *person;
    bool                 has_address;
    bool                 must_stay_adult; /* a record of concern: no number or date may read as a minor's */
    int32_t              as_of_day;       /* of a true address */
};

void mention_make(const struct mention_context *context, const struct mention_wish *wish,
                  const struct mention_style *style, struct random_stream *random, struct mention *out);

#endif
