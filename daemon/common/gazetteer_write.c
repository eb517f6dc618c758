/* Lays out and writes the gazetteer file; see gazetteer_write.h.
 * Deliberately the only place that knows the order of the sections beside the reader. */
#include "daemon/common/gazetteer_write.h"

#include "daemon/common/gazetteer_names.h"
#include "matchers/address/gazetteer_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool write_section(FILE *file, const void *data, size_t bytes)
{
    static const char padding[8] = { 0 };
    const size_t      gap        = (8 - bytes % 8) % 8;

    return fwrite(data, 1, bytes, file) == bytes && fwrite(padding, 1, gap, file) == gap;
}

struct sections {
    uint64_t *codes;
    uint32_t *name_offsets, *slots, *values;
    char     *names;
    size_t    names_length, slot_count, value_count;
};

static void fill_names(const struct build *build, struct sections *sections)
{
    for (size_t i = 0; i < build->division_count; i++) {
        const struct division *division = &build->divisions[i];
        const struct span name    = gazetteer_display(gazetteer_level(division->code), span_from_text(division->name));
        sections->codes[i]        = division->code;
        sections->name_offsets[i] = (uint32_t)sections->names_length;
        memcpy(sections->names + sections->names_length, name.bytes, name.length);
        sections->names_length += name.length;
        sections->names[sections->names_length++] = '\0';
    }
}

static void fill_slots(const struct build *build, struct sections *sections)
{
    uint64_t last = 0;

    for (size_t i = 0; i < build->posting_count; i++) {
        const struct posting *posting = &build->postings[i];
        const bool            is_new  = i == 0 || posting->mixed != last;
        if (!is_new && posting->value == (sections->values[sections->value_count - 1] & ~GAZETTEER_LAST))
            continue;
        if (is_new) {
            size_t slot = posting->mixed & (sections->slot_count - 1);
            while (sections->slots[slot * 2] != 0)
                slot = (slot + 1) & (sections->slot_count - 1);
            sections->slots[slot * 2]     = gazetteer_tag(posting->mixed);
            sections->slots[slot * 2 + 1] = (uint32_t)sections->value_count;
        } else {
            sections->values[sections->value_count - 1] &= ~GAZETTEER_LAST;
        }
        sections->values[sections->value_count++] = posting->value | GAZETTEER_LAST;
        last                                      = posting->mixed;
    }
}

static bool make_sections(const struct build *build, struct sections *sections)
{
    size_t bytes = 0;

    for (size_t i = 0; i < build->division_count; i++)
        bytes += strlen(build->divisions[i].name) + 1;
    for (sections->slot_count = 1; sections->slot_count < build->posting_count + build->posting_count / 2;)
        sections->slot_count *= 2;
    /* One more of each: an empty build has blocks, too. */
    sections->codes        = calloc(build->division_count + 1, sizeof *sections->codes);
    sections->name_offsets = calloc(build->division_count + 1, sizeof *sections->name_offsets);
    sections->slots        = calloc(sections->slot_count * 2, sizeof *sections->slots);
    sections->values       = calloc(build->posting_count + 1, sizeof *sections->values);
    sections->names        = malloc(bytes + 1);
    if (sections->codes == NULL || sections->name_offsets == NULL || sections->slots == NULL ||
        sections->values == NULL || sections->names == NULL)
        return false;
    fill_names(build, sections);
    fill_slots(build, sections);
    return true;
}

static bool write_sections(const struct build *build, const struct sections *sections, FILE *file)
{
    const size_t            lengths[] = { build->division_count * sizeof(uint64_t),
                                          build->division_count * sizeof(uint32_t),
                                          sections->slot_count * 2 * sizeof(uint32_t),
                                          sections->value_count * sizeof(uint32_t),
                                          PREFIX_BYTES,
                                          sections->names_length };
    const void             *data[]    = { sections->codes,  sections->name_offsets, sections->slots,
                                          sections->values, build->prefixes,        sections->names };
    struct gazetteer_header header    = {
           .magic          = {'H', 'U', 'L', 'E', 'I', 'G', 'Z', 'T'},
           .version        = GAZETTEER_VERSION,
           .division_count = (uint32_t)build->division_count,
           .slot_count     = (uint32_t)sections->slot_count,
           .posting_count  = (uint32_t)sections->value_count,
           .prefix_bytes   = PREFIX_BYTES,
           .names_length   = (uint32_t)sections->names_length,
           .length         = sizeof header,
           .edition        = "divisions of 2023-06-30"
    };

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        header.length += (lengths[i] + 7) / 8 * 8;
    if (!write_section(file, &header, sizeof header))
        return false;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        if (!write_section(file, data[i], lengths[i]))
            return false;
    }
    return true;
}

static bool write_file(const struct build *build, const struct sections *sections, const char *output, char *error,
                       size_t size)
{
    char path[4096];

    snprintf(path, sizeof path, "%s.new", output);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        snprintf(error, size, "cannot write %s", path);
        return false;
    }
    const bool is_written = write_sections(build, sections, file);
    if (fclose(file) != 0 || !is_written || rename(path, output) != 0) {
        unlink(path);
        snprintf(error, size, "cannot write %s", output);
        return false;
    }
    return true;
}

bool gazetteer_write(const struct build *build, const char *output, char *error, size_t size)
{
    struct sections sections = { 0 };

    const bool is_done = make_sections(build, &sections) && write_file(build, &sections, output, error, size);
    free(sections.codes);
    free(sections.name_offsets);
    free(sections.slots);
    free(sections.values);
    free(sections.names);
    return is_done;
}
