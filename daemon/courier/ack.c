/* Acknowledgements; see ack.h.
 * Keeps no free text: a field with other than code characters makes the message invalid. */
#include "daemon/courier/ack.h"

#include <jansson.h>
#include <string.h>

static const char *const state_words[] = {
    [DELIVERY_QUEUED] = "queued",   [DELIVERY_SENT] = "sent",     [DELIVERY_ACKED] = "acked",
    [DELIVERY_ACTING] = "acting",   [DELIVERY_CLOSED] = "closed", [DELIVERY_CANNOT] = "cannot",
    [DELIVERY_GAVE_UP] = "gave_up",
};

static const char *const verdict_words[] = {
    [ACK_ACCEPTED] = "accepted", [ACK_LATE] = "late",       [ACK_REPEATED] = "repeated",
    [ACK_UNKNOWN] = "unknown",   [ACK_FOREIGN] = "foreign", [ACK_INVALID] = "invalid",
};

static const char *const outcome_codes[] = {
    "done", "not_found", "wrong_person", "wrong_address", "moved", "already_known", "refused", "referred", "deleted",
};

bool delivery_state_parse(const char *word, enum delivery_state *state)
{
    for (size_t i = 0; i < sizeof state_words / sizeof state_words[0]; i++) {
        if (strcmp(word, state_words[i]) == 0) {
            *state = (enum delivery_state)i;
            return true;
        }
    }
    return false;
}

const char *delivery_state_word(enum delivery_state state)
{
    return state_words[state];
}

const char *ack_verdict_word(enum ack_verdict verdict)
{
    return verdict_words[verdict];
}

bool ack_is_effective(enum ack_verdict verdict)
{
    return verdict == ACK_ACCEPTED || verdict == ACK_LATE;
}

/* Copies a text member; a missing one stays empty. False: not text, too long, or not code characters. */
static bool read_code(const json_t *object, const char *key, char text[ACK_TEXT_BYTES])
{
    const json_t *member = json_object_get(object, key);

    text[0] = '\0';
    if (member == NULL || json_is_null(member))
        return true;
    if (!json_is_string(member))
        return false;
    const char  *value  = json_string_value(member);
    const size_t length = json_string_length(member);
    if (length >= ACK_TEXT_BYTES || strlen(value) != length ||
        strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:/+-") != length)
        return false;
    memcpy(text, value, length + 1);
    return true;
}

bool ack_outcome_is_known(const char *code)
{
    for (size_t i = 0; i < sizeof outcome_codes / sizeof outcome_codes[0]; i++) {
        if (strcmp(code, outcome_codes[i]) == 0)
            return true;
    }
    return false;
}

/* Two digits at `text`, or -1. */
static int two_digits(const char *text)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return -1;
    return (text[0] - '0') * 10 + (text[1] - '0');
}

static bool is_between(int value, int minimum, int maximum)
{
    return value >= minimum && value <= maximum;
}

/* RFC 3339 with a day the calendar knows, so that the database cannot refuse it. */
static bool is_time(const char *text)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (strlen(text) < 20 || two_digits(text) < 19 || two_digits(text + 2) < 0 || text[4] != '-' || text[7] != '-' ||
        text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return false;
    const int year = two_digits(text) * 100 + two_digits(text + 2), month = two_digits(text + 5);
    if (!is_between(month, 1, 12))
        return false;
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (!is_between(two_digits(text + 8), 1, days[month - 1] + (month == 2 && is_leap)) ||
        !is_between(two_digits(text + 11), 0, 23) || !is_between(two_digits(text + 14), 0, 59) ||
        !is_between(two_digits(text + 17), 0, 59))
        return false;
    const char *zone = text + 19;
    if (*zone == '.') {
        const size_t digits = strspn(zone + 1, "0123456789");
        if (!is_between((int)digits, 1, 9))
            return false;
        zone += 1 + digits;
    }
    if (strcmp(zone, "Z") == 0)
        return true;
    return (zone[0] == '+' || zone[0] == '-') && strlen(zone) == 6 && is_between(two_digits(zone + 1), 0, 14) &&
           zone[3] == ':' && is_between(two_digits(zone + 4), 0, 59);
}

/* The first field that is wrong, or NULL. */
static const char *read_fields(const json_t *object, struct ack *ack)
{
    char state[ACK_TEXT_BYTES];

    if (!read_code(object, "alert", ack->alert_id) || ack->alert_id[0] == '\0')
        return "alert";
    if (!read_code(object, "post", ack->post_id) || ack->post_id[0] == '\0')
        return "post";
    if (!read_code(object, "who", ack->who))
        return "who";
    if (!read_code(object, "at", ack->at) || (ack->at[0] != '\0' && !is_time(ack->at)))
        return "at";
    if (!read_code(object, "state", state) || !delivery_state_parse(state, &ack->state) ||
        ack->state < DELIVERY_ACKED || ack->state > DELIVERY_CANNOT)
        return "state";
    if (!read_code(object, "outcome_code", ack->outcome_code) ||
        (ack->outcome_code[0] != '\0' && !ack_outcome_is_known(ack->outcome_code)) ||
        (ack->state == DELIVERY_CLOSED && ack->outcome_code[0] == '\0'))
        return "outcome_code";
    return NULL;
}

bool ack_parse(const void *bytes, size_t length, struct ack *ack, const char **field)
{
    *ack   = (struct ack){ .state = DELIVERY_ACKED };
    *field = "";
    if (bytes == NULL || length == 0 || length > ACK_MESSAGE_BYTES_MAX)
        return false;
    json_t *object = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(object)) {
        json_decref(object);
        return false;
    }
    const char *wrong = read_fields(object, ack);
    json_decref(object);
    if (wrong == NULL)
        return true;
    *field = wrong;
    return false;
}

/* How far a delivery has come; an answer must go further to be news. */
static int progress(enum delivery_state state)
{
    switch (state) {
    case DELIVERY_QUEUED: /* the answer was faster than our delivery report */
    case DELIVERY_SENT:
    case DELIVERY_GAVE_UP:
        return 0;
    case DELIVERY_ACKED:
        return 1;
    case DELIVERY_ACTING:
        return 2;
    case DELIVERY_CLOSED:
    case DELIVERY_CANNOT:
        return 3;
    }
    return 3;
}

enum ack_verdict ack_judge(const struct ack *ack, const char *topic_post, struct ack_facts facts)
{
    /* 1. Nobody speaks for another post. */
    if (strcmp(ack->post_id, topic_post) != 0)
        return ACK_FOREIGN;

    /* 2. An alert nobody issued. */
    if (!facts.alert_exists)
        return ACK_UNKNOWN;

    /* 3. An alert that went to others only. */
    if (!facts.delivery_exists)
        return ACK_FOREIGN;

    /* 4. Nothing new: the same again, or a step back. */
    if (progress(ack->state) <= progress(facts.current))
        return ACK_REPEATED;

    /* 5. The clock ran out first; it counts all the same. Only the first answer is timed. */
    if (facts.current == DELIVERY_GAVE_UP || (facts.is_past_due && progress(facts.current) == 0))
        return ACK_LATE;

    return ACK_ACCEPTED;
}
