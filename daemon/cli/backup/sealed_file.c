/* Sealed streams; see sealed_file.h.
 * Layout: magic, length of the CMS text (4 bytes, little-endian), CMS text, secretstream header, chunks. */
#include "daemon/cli/backup/sealed_file.h"

#include "daemon/cli/backup/recovery_key.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    CHUNK_BYTES   = 64 * 1024,
    SEALED_BYTES  = CHUNK_BYTES + crypto_secretstream_xchacha20poly1305_ABYTES,
    KEY_BYTES     = crypto_secretstream_xchacha20poly1305_KEYBYTES,
    HEADER_BYTES  = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    LABEL_BYTES   = 96,
    CMS_MAX_BYTES = 8192,
};

static const char magic[8] = { 'h', 'u', 'l', 'e', 'i', '-', 'b', '1' };

struct sealed_writer {
    FILE                                       *file;
    crypto_secretstream_xchacha20poly1305_state state;
    char                                        label[LABEL_BYTES];
    size_t                                      filled;
    unsigned char                               plain[CHUNK_BYTES], sealed[SEALED_BYTES];
};

struct sealed_reader {
    FILE                                       *file;
    crypto_secretstream_xchacha20poly1305_state state;
    char                                        label[LABEL_BYTES];
    bool                                        has_ended;
    unsigned char                               plain[CHUNK_BYTES], sealed[SEALED_BYTES];
};

static FILE *create_file(const char *path)
{
    const int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE     *file       = descriptor >= 0 ? fdopen(descriptor, "wb") : NULL;

    if (file == NULL && descriptor >= 0)
        close(descriptor);
    return file;
}

/* Magic, the stream's key for the certificate, the stream's header. */
static bool write_head(struct sealed_writer *writer, const struct cms_recipient *recipient)
{
    unsigned char key[KEY_BYTES], header[HEADER_BYTES];

    crypto_secretstream_xchacha20poly1305_keygen(key);
    crypto_secretstream_xchacha20poly1305_init_push(&writer->state, header, key);
    char *text = cms_seal(recipient, span_of((const char *)key, sizeof key));
    sodium_memzero(key, sizeof key);
    if (text == NULL)
        return false;
    const uint32_t length = htole32((uint32_t)strlen(text));
    const bool     is_ok =
        fwrite(magic, sizeof magic, 1, writer->file) == 1 && fwrite(&length, sizeof length, 1, writer->file) == 1 &&
        fwrite(text, strlen(text), 1, writer->file) == 1 && fwrite(header, sizeof header, 1, writer->file) == 1;
    free(text);
    return is_ok;
}

struct sealed_writer *sealed_create(const char *path, const char *label, const struct cms_recipient *recipient)
{
    struct sealed_writer *writer = sodium_init() >= 0 ? calloc(1, sizeof *writer) : NULL;

    if (writer == NULL)
        return NULL;
    snprintf(writer->label, sizeof writer->label, "%s", label);
    writer->file = create_file(path);
    if (writer->file == NULL || !write_head(writer, recipient)) {
        sealed_abandon(writer);
        return NULL;
    }
    return writer;
}

static bool write_chunk(struct sealed_writer *writer, unsigned char tag)
{
    unsigned long long length = 0;

    crypto_secretstream_xchacha20poly1305_push(&writer->state, writer->sealed, &length, writer->plain, writer->filled,
                                               (const unsigned char *)writer->label, strlen(writer->label), tag);
    writer->filled = 0;
    return fwrite(writer->sealed, (size_t)length, 1, writer->file) == 1;
}

bool sealed_write(struct sealed_writer *writer, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        /* A full chunk goes out only when more follows: the last one, full or not, carries the end. */
        if (writer->filled == CHUNK_BYTES && !write_chunk(writer, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE))
            return false;
        const size_t room = CHUNK_BYTES - writer->filled;
        const size_t part = size < room ? size : room;
        memcpy(writer->plain + writer->filled, bytes, part);
        writer->filled += part;
        bytes += part;
        size -= part;
    }
    return true;
}

bool sealed_finish(struct sealed_writer *writer)
{
    const bool is_whole = write_chunk(writer, crypto_secretstream_xchacha20poly1305_TAG_FINAL) &&
                          fflush(writer->file) == 0 && fsync(fileno(writer->file)) == 0;

    sealed_abandon(writer);
    return is_whole;
}

void sealed_abandon(struct sealed_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->file != NULL)
        fclose(writer->file);
    sodium_memzero(writer, sizeof *writer);
    free(writer);
}

/* Opens the key that stands in front and the stream with it. */
static bool read_head(struct sealed_reader *reader, const char *key_path, const char *certificate_path)
{
    char          found[sizeof magic], text[CMS_MAX_BYTES + 1];
    unsigned char key[KEY_BYTES], header[HEADER_BYTES];
    uint32_t      length = 0;

    if (fread(found, sizeof found, 1, reader->file) != 1 || memcmp(found, magic, sizeof magic) != 0 ||
        fread(&length, sizeof length, 1, reader->file) != 1 || le32toh(length) > CMS_MAX_BYTES ||
        fread(text, le32toh(length), 1, reader->file) != 1 || fread(header, sizeof header, 1, reader->file) != 1)
        return false;
    text[le32toh(length)] = '\0';
    const bool is_ok      = recovery_key_open(text, key_path, certificate_path, key, sizeof key) &&
                       crypto_secretstream_xchacha20poly1305_init_pull(&reader->state, header, key) == 0;
    sodium_memzero(key, sizeof key);
    return is_ok;
}

struct sealed_reader *sealed_open(const char *path, const char *label, const char *key_path,
                                  const char *certificate_path)
{
    struct sealed_reader *reader = sodium_init() >= 0 ? calloc(1, sizeof *reader) : NULL;

    if (reader == NULL)
        return NULL;
    snprintf(reader->label, sizeof reader->label, "%s", label);
    reader->file = fopen(path, "rbe");
    if (reader->file == NULL || !read_head(reader, key_path, certificate_path)) {
        sealed_close(reader);
        return NULL;
    }
    return reader;
}

ssize_t sealed_read(struct sealed_reader *reader, const unsigned char **bytes)
{
    unsigned long long length = 0;
    unsigned char      tag    = 0;

    if (reader->has_ended)
        return getc(reader->file) == EOF ? 0 : -1; /* nothing may follow the end */
    const size_t size = fread(reader->sealed, 1, sizeof reader->sealed, reader->file);
    if (crypto_secretstream_xchacha20poly1305_pull(&reader->state, reader->plain, &length, &tag, reader->sealed, size,
                                                   (const unsigned char *)reader->label, strlen(reader->label)) != 0)
        return -1;
    reader->has_ended = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    *bytes            = reader->plain;
    return length == 0 && reader->has_ended ? (getc(reader->file) == EOF ? 0 : -1) : (ssize_t)length;
}

void sealed_close(struct sealed_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->file != NULL)
        fclose(reader->file);
    sodium_memzero(reader, sizeof *reader);
    free(reader);
}
