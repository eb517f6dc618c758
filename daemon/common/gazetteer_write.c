/* Lays out and writes the gazetteer file; see gazetteer_write.h.
 * Deliberately the only place that knows the order of the sections beside the reader. */
#include "daemon/common/gazetteer_write.h"

#include "daemon/common/gazetteer_names.h"
#include "matchers/address/gazetteer_format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The whole file in memory, zeros between the sections; NULL when memory is out. */
static struct gazetteer_header *make_image(const struct build *build, const struct sections *sections)
{
    const size_t lengths[] = { build->division_count * sizeof(uint64_t),
                               build->division_count * sizeof(uint32_t),
                               sections->slot_count * 2 * sizeof(uint32_t),
                               sections->value_count * sizeof(uint32_t),
                               PREFIX_BYTES,
                               sections->names_length };
    const void  *data[]    = { sections->codes,  sections->name_offsets, sections->slots,
                               sections->values, build->prefixes,        sections->names };
    size_t       length    = sizeof(struct gazetteer_header);

    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        length += (lengths[i] + 7) / 8 * 8;
    struct gazetteer_header *header = calloc(1, length);
    if (header == NULL)
        return NULL;
    char *at = (char *)(header + 1);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        memcpy(at, data[i], lengths[i]);
        at += (lengths[i] + 7) / 8 * 8;
    }
    memcpy(header->magic, GAZETTEER_MAGIC, sizeof header->magic);
    header->version        = GAZETTEER_VERSION;
    header->division_count = (uint32_t)build->division_count;
    header->slot_count     = (uint32_t)sections->slot_count;
    header->posting_count  = (uint32_t)sections->value_count;
    header->prefix_bytes   = PREFIX_BYTES;
    header->names_length   = (uint32_t)sections->names_length;
    header->length         = length;
    header->checksum       = gazetteer_checksum(header + 1, length - sizeof *header);
    snprintf(header->edition, sizeof header->edition, "divisions of 2023-06-30, %zu local additions",
             build->addition_count);
    return header;
}

static bool write_file(const struct gazetteer_header *image, const char *output, char *error, size_t size)
{
    char path[4096];

    snprintf(path, sizeof path, "%s.new", output);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        snprintf(error, size, "cannot write %s", path);
        return false;
    }
    const bool is_written =
        fwrite(image, 1, image->length, file) == image->length && fflush(file) == 0 && fsync(fileno(file)) == 0;
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

    struct gazetteer_header *image   = make_sections(build, &sections) ? make_image(build, &sections) : NULL;
    const bool               is_done = image != NULL && write_file(image, output, error, size);
    free(image);
    free(sections.codes);
    free(sections.name_offsets);
    free(sections.slots);
    free(sections.values);
    free(sections.names);
    return is_done;
}
