/* Writes what departments say of persons of concern, and of those who are with children besides the family.
 * The facts are concern.h's; dates of the records come from record.c. */
#include "daemon/cli/synth/record_parts.h"

enum { PURPOSE_CASE = 13, TEAM_DAYS = 500, FORMER_DAYS = 30 };

static const struct concern *concern_of(const struct record_writer *writer, int32_t person)
{
    const struct people *people = writer->context.people;

    return &people->concerns[people->persons[person].concern];
}

static void write_address(FILE *file, const struct land *land, int32_t dwelling)
{
    char address[ADDRESS_BYTES];

    address_write(land, &land->dwellings[dwelling], STATED_DWELLING, address);
    fprintf(file, "\"address\":\"%s\"", address);
}

void record_write_case(FILE *file, const struct concern *concern, bool is_police, uint32_t case_number)
{
    const char *category = concern->offence == OFFENCE_ADULT       ? "sexoff_adult"
                           : concern->offence == OFFENCE_ABUSE     ? "abuse_minor"
                           : concern->is_corrections && !is_police ? "corr_sexoff"
                                                                   : "sexoff_minor";

    fprintf(file, ",\"category\":\"%s\",\"case_ref\":\"case-%06u\",\"disposition\":\"conviction\"", category,
            case_number);
    fprintf(file, ",\"sentence_months\":%d", concern->months);
    record_write_date(file, "offence_date", concern->offence_day);
    record_write_date(file, "judgment_date", concern->judged_day);
    if (concern->offence != OFFENCE_UNKNOWN_VICTIM)
        fprintf(file, ",\"victim_minor\":%s", concern->offence == OFFENCE_ADULT ? "false" : "true");
    if (concern->of_pupils)
        fputs(",\"victim_pupil\":true", file);
    if (concern->is_corrections)
        record_write_date(file, "term_end", concern->term_end_day);
    else
        record_write_date(file, "released_on", concern->released_day);
}

void record_write_risk(const struct telling *telling)
{
    const struct plan_record   *record  = telling->record;
    const struct record_writer *writer  = telling->writer;
    const struct concern       *concern = concern_of(writer, record->person);
    struct random_stream        random  = random_for(writer->seed, PURPOSE_CASE, (uint64_t)record->person);
    FILE                       *file    = writer->files[record->topic];

    record_write_case(file, concern, record->topic == TOPIC_POLICE, random_below(&random, 1000000));
    if (concern->workplace >= 0) {
        fputs(",\"workplace\":{\"unit\":\"双路商行\",", file);
        write_address(file, writer->context.land, concern->workplace);
        fputc('}', file);
    }
}

void record_write_staff(const struct telling *telling)
{
    const struct plan_record   *record  = telling->record;
    const struct record_writer *writer  = telling->writer;
    const struct concern       *concern = concern_of(writer, record->person);
    FILE                       *file    = writer->files[record->topic];
    const struct land_school   *school  = &writer->context.land->schools[concern->school];

    switch ((enum concern_work)concern->work) {
    case WORK_TRAINING:
        fprintf(file, ",\"unit\":\"培训班%u\",\"unit_id\":\"tr-%u\",\"unit_kind\":\"training\"", telling->number,
                telling->number);
        break;
    case WORK_HOTEL:
        fprintf(file, ",\"unit\":\"旅馆%u\",\"unit_id\":\"ho-%u\",\"unit_kind\":\"hotel\"", telling->number,
                telling->number);
        break;
    case WORK_SCHOOL:
    case WORK_FORMER_SCHOOL:
    case WORK_NONE:
        fprintf(file, ",\"unit\":\"%s的学校\",\"unit_id\":\"sch-%03d\",\"unit_kind\":\"%s\"", school->town,
                concern->school, school->kind == 0 ? "kindergarten" : "school");
        break;
    }
    fputs(",\"role\":\"service\"", file);
    record_write_date(file, "from", writer->today - TEAM_DAYS);
    if (concern->work == WORK_FORMER_SCHOOL)
        record_write_date(file, "to", writer->today - FORMER_DAYS);
}

void record_write_order(const struct telling *telling)
{
    const struct plan_record   *record  = telling->record;
    const struct record_writer *writer  = telling->writer;
    const struct people        *people  = writer->context.people;
    const struct concern       *concern = concern_of(writer, record->person);
    FILE                       *file    = writer->files[record->topic];
    const int32_t               home    = people->households[people->persons[record->person].household].dwelling;

    if (concern->order == ORDER_BAN)
        fputs(",\"kind\":\"occupation_ban\",\"scope\":[\"care_work\"]", file);
    else
        fprintf(file, ",\"kind\":\"prohibition\",\"scope\":[\"%s\"]",
                concern->order == ORDER_PLACE ? "places" : "schools");
    if (concern->order == ORDER_PLACE) {
        fputs(",\"places\":[{", file);
        write_address(file, writer->context.land, concern->barred);
        if (concern->barred_radius_m > 0)
            fprintf(file, ",\"radius_m\":%d", concern->barred_radius_m);
        fputs("}]", file);
    }
    if (concern->order == ORDER_APPROVED_HOME) {
        fputs(",\"approved_home\":{", file);
        write_address(file, writer->context.land, home);
        fputc('}', file);
    }
    record_write_date(file, "from", concern->judged_day);
    record_write_date(file, "to",
                      concern->order == ORDER_FORMER ? writer->today - FORMER_DAYS : writer->today + TEAM_DAYS);
    fprintf(file, ",\"judgment\":\"judgment-%u\"", telling->number);
}

void record_write_event(const struct telling *telling)
{
    const struct record_writer *writer  = telling->writer;
    const struct concern       *concern = concern_of(writer, telling->record->person);
    FILE                       *file    = writer->files[telling->record->topic];

    fprintf(file, ",\"event\":\"%s\"", concern->is_dead ? "death" : concern->is_cleared ? "appeal_upheld" : "move");
    record_write_date(file, "on", concern->has_moved ? concern->moved_day : writer->today - FORMER_DAYS);
}

static bool is_over(const struct telling *telling)
{
    return concern_of(telling->writer, telling->record->others[0])->care == CARE_FORMER_TEAM;
}

void record_write_team(const struct telling *telling)
{
    const struct record_writer *writer = telling->writer;
    FILE                       *file   = writer->files[telling->record->topic];

    fputs(",\"volunteers\":[{", file);
    record_tell(telling, 2, telling->record->others[0]); /* slot 1 is the mentor's */
    fputs(",\"unit\":\"街道\"}]", file);
    record_write_date(file, "from", writer->today - TEAM_DAYS);
    record_write_date(file, "to", is_over(telling) ? writer->today - FORMER_DAYS : writer->today + TEAM_DAYS);
}

void record_write_paper(const struct telling *telling)
{
    const struct record_writer *writer = telling->writer;
    FILE                       *file   = writer->files[telling->record->topic];

    fputs(",\"kind\":\"entrustment\",\"entrusted\":{", file);
    record_tell(telling, 1, telling->record->others[0]);
    fputc('}', file);
    record_write_date(file, "signed", writer->today - FORMER_DAYS);
}
