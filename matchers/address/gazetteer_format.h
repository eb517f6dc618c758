/* Layout of the built gazetteer file, shared by its reader and its builder.
 * Not for others: use gazetteer.h. */
#ifndef HULEI_MATCHERS_ADDRESS_GAZETTEER_FORMAT_H
#define HULEI_MATCHERS_ADDRESS_GAZETTEER_FORMAT_H

#include "matchers/address/gazetteer.h"

#include <stdint.h>

enum { GAZETTEER_VERSION = 2, GAZETTEER_NAME_CHARACTERS_MAX = 24 };

#define GAZETTEER_MAGIC "HULEIGZT"

/*
 * The sections follow the header in this order, each aligned to 8 bytes:
 * codes u64[divisions], name_offsets u32[divisions], slots u32[2 * slots] (tag, first posting), postings
 * u32[postings], prefixes u8[prefix_bytes], names char[names_length] (NUL behind each).
 * Native byte order: the file is built on the machine type that reads it.
 */
struct gazetteer_header {
    char     magic[8];
    uint32_t version;
    uint32_t division_count;
    uint32_t slot_count; /* a power of two, more than the names */
    uint32_t posting_count;
    uint32_t prefix_bytes; /* a power of two */
    uint32_t names_length;
    uint64_t length;   /* of the whole file */
    uint64_t checksum; /* gazetteer_checksum() of what follows the header */
    char     edition[64];
};

/* How a name stands for its division. */
enum gazetteer_form {
    GAZETTEER_FULL = 0, /* 大足区; also the usual short form of an autonomous one: 石柱县 */
    GAZETTEER_BARE,     /* 大足 */
    GAZETTEER_OLD,      /* 大足县: today's successor is posted */
    GAZETTEER_OLD_BARE,
    GAZETTEER_ANCIENT, /* an old name gone before 1995: stands back behind namesakes of later times */
    GAZETTEER_ANCIENT_BARE,
    GAZETTEER_STEM,       /* town or village without its suffix, which the text may or may not have */
    GAZETTEER_WHOLE_STEM, /* town or village whose name has no known suffix */
    GAZETTEER_PLACE       /* an estate or hamlet that lies in the community: no name of the division */
};

/* posting: bits 0-23 division index, 24-27 form, 28-30 rank of its level (0 province … 4 community), 31 last of its
 * name. A name's postings ascend, so that those of one rank and form are together and in the order of codes. */
enum {
    GAZETTEER_INDEX_MASK = 0xffffff,
    GAZETTEER_FORM_SHIFT = 24,
    GAZETTEER_FORM_MASK  = 0xf,
    GAZETTEER_RANK_SHIFT = 28,
    GAZETTEER_RANK_MASK  = 0x7
};
#define GAZETTEER_LAST 0x80000000u

/* Names are hashed code point by code point, so that a walk over the text needs one step a character. */
static inline uint64_t gazetteer_hash_start(void)
{
    return 0xcbf29ce484222325u;
}

static inline uint64_t gazetteer_hash_step(uint64_t hash, uint32_t character)
{
    return (hash ^ character) * 0x9e3779b97f4a7c15u ^ (hash >> 29);
}

static inline uint64_t gazetteer_hash_mix(uint64_t hash)
{
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9u;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebu;
    return hash ^ (hash >> 31);
}

/* Never 0, which marks an empty slot. */
static inline uint32_t gazetteer_tag(uint64_t mixed)
{
    return (uint32_t)(mixed >> 32) | 1u;
}

/* XXH3 of the sections, all of them: 32 MB take a few milliseconds. */
uint64_t gazetteer_checksum(const void *sections, size_t length);

/* One posting run of a name; NULL when `mixed` is no name's hash. */
const uint32_t *gazetteer_find(const struct gazetteer *gazetteer, uint64_t mixed);

/* The one division under `within` (0: anywhere) that the name leads to in this form; 0 when none or several. `name` is
 * folded UTF-8. */
uint64_t gazetteer_lead(const struct gazetteer *gazetteer, struct span name, int form, uint64_t within);

/* Whether a name may begin with the hashed characters. */
bool gazetteer_may_continue(const struct gazetteer *gazetteer, uint64_t mixed);

/* The index of the first division whose code is not below this one, or division_count. */
size_t gazetteer_first_from(const struct gazetteer *gazetteer, uint64_t code);
/* The division's index, or division_count. */
size_t gazetteer_index_of(const struct gazetteer *gazetteer, uint64_t code);

#endif
