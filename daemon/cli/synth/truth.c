/* Listens to what the records say, and keeps what the rules need; see truth.h.
 * An implementation of its own: nothing is read back, nothing is matched. */
#include "daemon/cli/synth/truth.h"

#include "daemon/cli/synth/record.h"

#include <stdlib.h>
#include <string.h>

bool truth_open(struct truth *truth, const struct land *land, const struct people *people, int32_t today)
{
    const size_t parties = people->girl_count + people->concern_count;

    *truth = (struct truth){ .land     = land,
                             .people   = people,
                             .party_of = malloc((people->person_count + 1) * sizeof truth->party_of[0]),
                             .parties  = calloc(parties + 1, sizeof truth->parties[0]),
                             .today    = today };
    if (truth->party_of == NULL || truth->parties == NULL)
        return false;
    memset(truth->party_of, 0xff, (people->person_count + 1) * sizeof truth->party_of[0]);
    for (size_t i = 0; i < parties; i++) {
        const int32_t person =
            i < people->girl_count ? people->girls[i] : people->concerns[i - people->girl_count].person;
        truth->party_of[person]              = (int32_t)truth->party_count;
        truth->parties[truth->party_count++] = (struct truth_party){ .person = person, .school = -1 };
    }
    return true;
}

void truth_close(struct truth *truth)
{
    free(truth->party_of);
    free(truth->parties);
    free(truth->ties);
    truth->party_of = NULL;
    truth->parties  = NULL;
    truth->ties     = NULL;
}

static void write_mention(struct truth *truth, const struct plan_record *record, const char *subject, int slot,
                          int32_t person, const struct mention *mention)
{
    const char *source = synth_topic_source((enum synth_topic)record->topic);
    const char *type   = synth_type_word((enum synth_type)record->type);
    const char *plus   = "";

    fprintf(truth->clusters, "p%07d,%s,%s,%s,%d\n", person, source, type, subject, slot);
    if (mention->errors == 0)
        return;
    fprintf(truth->errors, "%s,%s,%s,%d,", source, type, subject, slot);
    for (int i = 0; i < MENTION_ERROR_COUNT; i++) {
        if ((mention->errors >> i & 1) == 0)
            continue;
        fprintf(truth->errors, "%s%s", plus, mention_error_word((enum mention_error)i));
        plus = "+";
    }
    fputc('\n', truth->errors);
}

static void add_tie(struct truth *truth, int32_t risk, int32_t child, const char *unit)
{
    if (truth->tie_count == truth->tie_capacity) {
        const size_t      capacity = truth->tie_capacity * 2 + 64;
        struct truth_tie *larger   = realloc(truth->ties, capacity * sizeof larger[0]);
        if (larger == NULL) {
            truth->is_out_of_memory = true;
            return;
        }
        truth->ties         = larger;
        truth->tie_capacity = capacity;
    }
    struct truth_tie *tie = &truth->ties[truth->tie_count++];
    *tie                  = (struct truth_tie){ .risk = risk, .child = child };
    snprintf(tie->unit, sizeof tie->unit, "%s", unit);
}

static void add_school_tie(struct truth *truth, int32_t risk, int32_t school)
{
    char unit[TRUTH_UNIT_BYTES];

    synth_subject(TYPE_SCHOOL, (uint32_t)school, unit);
    add_tie(truth, risk, -1, unit);
}

/* Who is named beside a child has care of her; a class teacher works at her school instead. */
static void note_named(struct truth *truth, const struct plan_record *record, int32_t risk)
{
    const struct concern *concern = &truth->people->concerns[truth->people->persons[risk].concern];

    if (record->type == TYPE_CARE_ASSIGNMENT && concern->care == CARE_FORMER_TEAM)
        return;
    if (record->type == TYPE_ENROLMENT && record->roles[0] == ROLE_OTHER_TEACHER)
        add_school_tie(truth, risk, record->school);
    else
        add_tie(truth, risk, record->person, "");
}

static void note_work(struct truth *truth, int32_t risk, const char *subject)
{
    const struct concern *concern = &truth->people->concerns[truth->people->persons[risk].concern];

    if (concern->work == WORK_SCHOOL)
        add_school_tie(truth, risk, concern->school);
    else if (concern->work == WORK_TRAINING)
        add_tie(truth, risk, -1, subject);
}

static void note_address(struct truth_party *party, const struct mention *mention)
{
    if (mention->dwelling >= 0 && party->address_count < TRUTH_ADDRESSES)
        party->addresses[party->address_count++] =
            (struct truth_address){ mention->dwelling, mention->as_of_day, mention->precision };
}

void truth_told(void *listener, const struct plan_record *record, uint32_t number, int slot, int32_t person,
                const struct mention *mention)
{
    struct truth *truth = listener;
    const int32_t at    = truth->party_of[person];
    char          subject[16];

    synth_subject((enum synth_type)record->type, number, subject);
    write_mention(truth, record, subject, slot, person, mention);
    if (at < 0)
        return;
    struct truth_party *party = &truth->parties[at];
    note_address(party, mention);
    if (slot == 0 && record_states_registration((enum synth_topic)record->topic))
        party->is_registered = true;
    if (slot == 0 && record->type == TYPE_ENROLMENT)
        party->school = record->school;
    if (slot > 0 && truth->people->persons[person].kind == PERSON_CONCERN)
        note_named(truth, record, person);
    if (record->type == TYPE_STAFF)
        note_work(truth, person, subject);
}

bool truth_write_twins(const struct truth *truth, FILE *twins)
{
    const struct people *people = truth->people;

    fputs("person_a,person_b\n", twins);
    for (size_t i = 1; i < people->person_count; i++) {
        const struct person *elder = &people->persons[i - 1], *person = &people->persons[i];

        if (elder->kind == PERSON_CHILD && person->kind == PERSON_CHILD && elder->household == person->household &&
            elder->birth_day == person->birth_day)
            fprintf(twins, "p%07zu,p%07zu\n", i - 1, i);
    }
    return ferror(twins) == 0;
}
