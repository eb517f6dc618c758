/* Writes records of persons; see record.h. Places and schools are in record_land.c.
 * Streams are numbered by record and version, so that one record can be written again alone. */
#include "daemon/cli/synth/record.h"

#include "daemon/cli/synth/calendar.h"
#include "daemon/cli/synth/record_parts.h"

#include <string.h>

enum { PURPOSE_RECORD = 11, PURPOSE_MENTION = 12 };

static const struct mention_style styles[SYNTH_TOPICS] = {
    [TOPIC_CHILDREN]    = {false,  false, true },
    [TOPIC_SCHOOLS]     = { true,  true,  false},
    [TOPIC_CORRECTIONS] = { false, true,  false},
    [TOPIC_POLICE]      = { true,  false, true },
};

void record_open_event(struct record_writer *writer, const struct event_head *head)
{
    const struct civil_date date = calendar_date(head->day);
    char                    subject[16];

    synth_subject(head->type, head->number, subject);
    fprintf(writer->files[head->topic],
            "{\"specversion\":\"1.0\",\"id\":\"ev-%llu\",\"source\":\"%s\",\"type\":\"hulei.%s.v1\",\"subject\":\"%s\","
            "\"time\":\"%04d-%02d-%02dT%02u:%02u:%02u+08:00\",\"datacontenttype\":\"application/json\",\"data\":{",
            (unsigned long long)writer->next_event++, synth_topic_source(head->topic), synth_type_word(head->type),
            subject, date.year, date.month, date.day, head->second / 3600, head->second / 60 % 60, head->second % 60);
}

void record_close_event(struct record_writer *writer, enum synth_topic topic)
{
    fputs("}}\n", writer->files[topic]);
    writer->written[topic]++;
}

void record_write_date(FILE *file, const char *name, int32_t day)
{
    const struct civil_date date = calendar_date(day);

    fprintf(file, ",\"%s\":\"%04d-%02d-%02d\"", name, date.year, date.month, date.day);
}

bool record_states_registration(enum synth_topic topic)
{
    return styles[topic].has_registered;
}

void record_write_person(struct record_writer *writer, enum synth_topic topic, const struct person *person,
                         const struct mention *mention)
{
    const struct mention_style *style = &styles[topic];
    FILE                       *file  = writer->files[topic];

    fprintf(file, "\"person\":{\"name\":\"%s\",\"sex\":\"%s\"", mention->name,
            style->is_sex_code ? (person->sex == 2 ? "2" : "1") : (person->sex == 2 ? "female" : "male"));
    if (mention->number[0] != '\0')
        fprintf(file, ",\"id_number\":\"%s\"", mention->number);
    fprintf(file, ",\"birth_date\":\"%s\"", mention->birth);
    if (mention->is_marked_lunar)
        fputs(",\"birth_calendar\":\"lunar\"", file);
    if (mention->phone[0] != '\0')
        fprintf(file, ",\"phones\":[\"%s\"]", mention->phone);
    if (mention->dwelling >= 0) {
        const struct land          *land      = writer->context.land;
        const struct land_dwelling *dwelling  = &land->dwellings[mention->dwelling];
        const char                 *area_code = land->communities[dwelling->community].row->code;
        fprintf(file, ",\"residence\":{\"address\":\"%s\",\"area_code\":\"%.*s\"", mention->address,
                style->is_birth_compact ? 6 : 9, area_code);
        record_write_date(file, "as_of", mention->as_of_day);
        fputc('}', file);
    }
    if (style->has_registered && person->booklet >= 0)
        fprintf(file, ",\"registered\":{\"area_code\":\"500111\",\"household_ref\":\"hb-%07d\"}", person->booklet);
    fputc('}', file);
}

/* Nobody has seen this one for more than a cycle. */
static bool is_lost(const struct record_writer *writer, const struct plan_record *record)
{
    const struct people *people = writer->context.people;
    const int32_t        number = people->persons[record->person].concern;

    return number >= 0 && people->concerns[number].is_lost;
}

/* The day a record was last true: mostly within its verification cycle. */
static int32_t draw_age_days(enum synth_type type, struct random_stream *random)
{
    const double at = random_unit(random);

    if (synth_type_is_of_concern(type))
        return at < 0.85   ? random_between(random, 2, 25)
               : at < 0.95 ? random_between(random, 31, 55)
                           : random_between(random, 62, 110);
    return at < 0.93   ? random_between(random, 2, 170)
           : at < 0.98 ? random_between(random, 182, 350)
                       : random_between(random, 362, 420);
}

static void write_circumstances(FILE *file, uint8_t circumstances)
{
    static const char *const words[CIRCUMSTANCES] = { "left_behind",         "single_parent", "orphan",
                                                      "de_facto_unattended", "disabled",      "other_hardship" };
    const char              *comma                = "";

    fputs(",\"circumstances\":[", file);
    for (int i = 0; i < CIRCUMSTANCES; i++) {
        if ((circumstances >> i & 1) == 0)
            continue;
        fprintf(file, "%s\"%s\"", comma, words[i]);
        comma = ",";
    }
    fputc(']', file);
}

void record_tell(const struct telling *telling, int slot, int32_t index)
{
    struct record_writer     *writer = telling->writer;
    const struct plan_record *record = telling->record;
    const struct person      *person = &writer->context.people->persons[index];
    const uint64_t            salt   = telling->version == VERSION_REPEATED ? VERSION_CURRENT : telling->version;
    struct random_stream      random =
        random_for(writer->seed, PURPOSE_MENTION + 64 * salt, (uint64_t)telling->number * 16 + (uint64_t)slot);
    const double              share = slot == 0 ? (record->type == TYPE_ENROLMENT ? 0.85 : 1.0) : 0.4;
    const struct mention_wish wish  = { .person      = person,
                                        .has_address = random_chance(&random, share),
                                        .must_stay_adult =
                                            slot == 0 && synth_type_is_of_concern((enum synth_type)record->type),
                                        .as_of_day = telling->as_of_day };
    struct mention            mention;

    mention_make(&writer->context, &wish, &styles[record->topic], &random, &mention);
    record_write_person(writer, (enum synth_topic)record->topic, person, &mention);
    if (telling->version == VERSION_CURRENT && writer->told != NULL)
        writer->told(writer->listener, record, telling->number, slot, index, &mention);
}

static void write_child(const struct telling *telling)
{
    static const char *const  roles[] = { "parent", "entrusted", "parent" };
    const struct plan_record *record  = telling->record;
    const struct people      *people  = telling->writer->context.people;
    const struct person      *child   = &people->persons[record->person];
    FILE                     *file    = telling->writer->files[record->topic];
    const bool                is_away = people->households[child->household].is_left_behind;

    write_circumstances(file, child->circumstances);
    fputs(",\"status\":\"active\",\"guardians\":[", file);
    for (int i = 0; i < record->other_count; i++) {
        fputs(i == 0 ? "{" : ",{", file);
        record_tell(telling, i + 1, record->others[i]);
        fprintf(file, ",\"role\":\"%s\",\"away\":%s}", roles[record->roles[i]],
                is_away && record->roles[i] == ROLE_OTHER_PARENT ? "true" : "false");
    }
    fputc(']', file);
}

static void write_enrolment(const struct telling *telling)
{
    const struct plan_record *record = telling->record;
    const struct people      *people = telling->writer->context.people;
    FILE                     *file   = telling->writer->files[record->topic];
    const int32_t             age    = calendar_age(people->persons[record->person].birth_day, people->today);

    fprintf(file, ",\"school_id\":\"sch-%03d\",\"grade\":\"%d\",\"boarding\":%s", record->school,
            age < 6 ? age - 2 : age - 5, age >= 12 ? "true" : "false");
    for (int i = 0; i < record->other_count; i++) {
        const bool is_mentor = record->roles[i] == ROLE_OTHER_MENTOR;
        fprintf(file, ",\"%s\":{", is_mentor ? "mentor" : "teacher");
        record_tell(telling, is_mentor ? 2 : 1, record->others[i]);
        fputc('}', file);
    }
}

static void write_rest(const struct telling *telling)
{
    switch ((enum synth_type)telling->record->type) {
    case TYPE_CHILD:
        write_child(telling);
        break;
    case TYPE_ENROLMENT:
        write_enrolment(telling);
        break;
    case TYPE_RISK:
        record_write_risk(telling);
        break;
    case TYPE_STAFF:
        record_write_staff(telling);
        break;
    case TYPE_ORDER:
        record_write_order(telling);
        break;
    case TYPE_RISK_STATUS:
        record_write_event(telling);
        break;
    case TYPE_CARE_ASSIGNMENT:
        record_write_team(telling);
        break;
    case TYPE_GUARDIAN_DOCUMENT:
        record_write_paper(telling);
        break;
    case TYPE_SCHOOL:
    case TYPE_PLACE:
    case TYPE_SEAL:
        break;
    }
}

void record_write(struct record_writer *writer, uint32_t number, enum record_version version)
{
    const struct plan_record *record   = &writer->plan->records[number];
    struct random_stream      random   = random_for(writer->seed, PURPOSE_RECORD, number);
    const int32_t             drawn    = draw_age_days((enum synth_type)record->type, &random);
    const int32_t             age_days = is_lost(writer, record) ? drawn + 40 : drawn;
    const uint32_t            second   = 28800 + random_below(&random, 30000);
    struct telling            telling  = { writer, record, number, version, writer->today - age_days };
    struct event_head         head     = { .topic  = (enum synth_topic)record->topic,
                                           .type   = (enum synth_type)record->type,
                                           .number = number,
                                           .day    = telling.as_of_day,
                                           .second = second };

    if (version == VERSION_OLDER)
        telling.as_of_day = head.day = head.day - 20;
    if (version == VERSION_CHANGED)
        telling.as_of_day = head.day = writer->today - 1;
    if (version == VERSION_REPEATED)
        head.second++;
    record_open_event(writer, &head);
    record_tell(&telling, 0, record->person);
    write_rest(&telling);
    record_close_event(writer, (enum synth_topic)record->topic);
}

/* A juvenile's record: flagged, or only computable from offence, birth and sentence. */
static void write_juvenile(struct record_writer *writer, const struct person *person, const struct mention *mention,
                           uint32_t number, bool is_flagged)
{
    const enum synth_topic topic = number % 2 == 0 ? TOPIC_CORRECTIONS : TOPIC_POLICE;
    FILE                  *file  = writer->files[topic];

    record_open_event(writer, &(struct event_head){ topic, TYPE_RISK, number, writer->today - 5, 36000 });
    record_write_person(writer, topic, person, mention);
    fputs(",\"category\":\"sexoff_minor\",\"disposition\":\"conviction\",\"sentence_months\":24,\"victim_minor\":true",
          file);
    record_write_date(file, "offence_date", person->birth_day + 16 * 365);
    record_write_date(file, "judgment_date", person->birth_day + 17 * 365);
    if (is_flagged)
        fputs(",\"sealed\":true", file);
    record_close_event(writer, topic);
}

/* A grown person's record in order, and the seal that follows it. */
static void write_sealed_later(struct record_writer *writer, const struct person *person, const struct mention *mention,
                               uint32_t number, struct random_stream *random)
{
    FILE *file = writer->files[TOPIC_CORRECTIONS];
    char  subject[16];

    synth_subject(TYPE_RISK, number, subject);
    record_open_event(writer, &(struct event_head){ TOPIC_CORRECTIONS, TYPE_RISK, number, writer->today - 9, 36000 });
    record_write_person(writer, TOPIC_CORRECTIONS, person, mention);
    const struct concern concern = concern_draw(CONCERN_ELSEWHERE, writer->today, random);
    record_write_case(file, &concern, false, random_below(random, 1000000));
    record_close_event(writer, TOPIC_CORRECTIONS);
    record_open_event(writer, &(struct event_head){ TOPIC_CORRECTIONS, TYPE_SEAL, number, writer->today - 3, 36000 });
    fprintf(file, "\"record\":{\"source\":\"%s\",\"type\":\"risk\",\"subject\":\"%s\"}",
            synth_topic_source(TOPIC_CORRECTIONS), subject);
    record_write_date(file, "effective", writer->today - 3);
    fprintf(file, ",\"document\":\"doc-%06u\"", random_below(random, 1000000));
    record_close_event(writer, TOPIC_CORRECTIONS);
}

/* A category that the policy has off or that the source may not send: refused and parked. */
static void write_refused(struct record_writer *writer, const struct person *person, const struct mention *mention,
                          uint32_t number)
{
    static const char *const categories[] = { "drug", "vagrant", "corr_other", "single_carer" };

    record_open_event(writer, &(struct event_head){ TOPIC_POLICE, TYPE_RISK, number, writer->today - 4, 36000 });
    record_write_person(writer, TOPIC_POLICE, person, mention);
    fprintf(writer->files[TOPIC_POLICE], ",\"category\":\"%s\"", categories[number / 4 % 4]);
    record_close_event(writer, TOPIC_POLICE);
}

void record_write_outsiders(struct record_writer *writer, struct people *people, size_t count,
                            struct random_stream *random)
{
    const uint32_t first = 0x70000000U; /* numbers no planned record has */

    for (size_t i = 0; i < count * 4; i++) {
        const bool          is_juvenile = i % 4 < 2;
        struct person       person;
        struct mention      mention;
        struct mention_wish wish = { .person = &person, .must_stay_adult = true };
        people_make_outsider(people, writer->context.tables, is_juvenile ? 20 : 45, random, &person);
        mention_make(&writer->context, &wish, &styles[TOPIC_POLICE], random, &mention);
        if (is_juvenile) /* computable only when the birth date is stated */
            memcpy(mention.number, person.number, sizeof person.number);
        if (is_juvenile)
            write_juvenile(writer, &person, &mention, first + (uint32_t)i, i % 4 == 0);
        else if (i % 4 == 2)
            write_sealed_later(writer, &person, &mention, first + (uint32_t)i, random);
        else
            write_refused(writer, &person, &mention, first + (uint32_t)i);
    }
}
