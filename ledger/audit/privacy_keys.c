/* privacy_keys.c - the data-encryption keys of a book and their file. */
#include "ledger/audit/privacy.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/audit/line_reader.h"
#include "ledger/base/buffer.h"
#include "ledger/base/text.h"

#define HEADER "yicang-privacy/v1"
#define FILE_NAME "privacy.key"
#define FILE_MAX 512
#define PATH_TEXT_MAX 4096
#define KEY_SIZE 32
#define KEY_TEXT_SIZE 48 /* base64 */
#define INDEX_CONTEXT "ledgridx"
#define MODE_REFUSED 027U /* the group may read; nobody else may do anything */

static bool refuse(const char *reason, const char *path, int number, struct error *err)
{
    return error_set(err, FAULT_STORE, reason, _("the data keys %s: %s"), path, strerror(number));
}

/* Writing ------------------------------------------------------------------------------------- */

static void wipe_and_release(struct buffer *buffer)
{
    if (buffer->data != NULL) {
        sodium_memzero(buffer->data, buffer->capacity);
    }
    buffer_release(buffer);
}

/* The key for fields is random, so that destroying it destroys what it encrypted; the one for the
 * index outlives it, since the index cannot be made anew without the values. */
static void compose(struct buffer *ret)
{
    uint8_t key[KEY_SIZE];
    char base64[KEY_TEXT_SIZE];
    randombytes_buf(key, sizeof key);
    buffer_printf(ret, HEADER "\nepoch 1\nkek %s\n", base64_format(key, sizeof key, base64));
    randombytes_buf(key, sizeof key);
    buffer_printf(ret, "index %s\n", base64_format(key, sizeof key, base64));
    sodium_memzero(key, sizeof key);
    sodium_memzero(base64, sizeof base64);
}

static bool sync_folder(const char *folder)
{
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    if (file >= 0) {
        (void)close(file);
    }
    return synced;
}

bool privacy_keys_create(const char *folder, struct error *err)
{
    AUTO(wipe_and_release) struct buffer content;
    char path[PATH_TEXT_MAX];
    buffer_init(&content, FILE_MAX);
    digest_start();
    (void)snprintf(path, sizeof path, "%s/" FILE_NAME, folder);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (file < 0) {
        return refuse(errno == EEXIST ? "privacy.key-exists" : "store.io", path, errno, err);
    }
    compose(&content);
    assert(!content.overflowed);
    bool written =
        write(file, content.data, content.length) == (ssize_t)content.length && fsync(file) == 0;
    int number = errno;
    (void)close(file);
    if (!written || !sync_folder(folder)) {
        number = written ? errno : number;
        (void)unlink(path); /* nothing was encrypted with it yet */
        return refuse("store.io", path, number, err);
    }
    return true;
}

/* Reading ------------------------------------------------------------------------------------- */

static bool next_key(struct line_reader *reader, const char *word, uint8_t ret[static KEY_SIZE])
{
    struct span field;
    size_t length = 0;
    return line_next_field(reader, word, &field) &&
           base64_parse(field.start, field.length, ret, KEY_SIZE, &length) && length == KEY_SIZE;
}

static bool parse(const char *bytes, size_t length, struct privacy_keys *ret)
{
    struct line_reader reader;
    struct span epoch;
    uint64_t number = 0;
    uint8_t master[KEY_SIZE];
    line_reader_init(&reader, bytes, length);
    if (!line_next_is(&reader, HEADER) || !line_next_field(&reader, "epoch", &epoch) ||
        !span_decimal(epoch, &number) || number < 1 || number > UINT32_MAX ||
        !next_key(&reader, "kek", ret->key_encryption_key) || !next_key(&reader, "index", master) ||
        !line_at_end(&reader)) {
        return false;
    }
    ret->epoch = (uint32_t)number;
    int derived =
        crypto_kdf_derive_from_key(ret->index_key, sizeof ret->index_key, 1, INDEX_CONTEXT, master);
    assert(derived == 0);
    sodium_memzero(master, sizeof master);
    return true;
}

static bool check_mode(const char *path, int file, struct error *err)
{
    struct stat status;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        return error_set(err, FAULT_STORE, "privacy.key-format", _("%s is not a file of data keys"),
                         path);
    }
    if ((status.st_mode & MODE_REFUSED) != 0) {
        (void)error_set(err, FAULT_STORE, "privacy.key-permissions",
                        _("the data keys %s are open to others (mode %04o)"), path,
                        (unsigned)(status.st_mode & 07777));
        return error_next(err, _("Run: chmod 640 %s"), path);
    }
    return true;
}

bool privacy_keys_load(const char *folder, struct privacy_keys *ret, struct error *err)
{
    char path[PATH_TEXT_MAX];
    char bytes[FILE_MAX];
    (void)snprintf(path, sizeof path, "%s/" FILE_NAME, folder);
    digest_start();
    memset(ret, 0, sizeof *ret);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        (void)refuse("privacy.key-missing", path, errno, err);
        return error_next(err, _("Set YICANG_SERVICE_KEYS to the folder that holds them."));
    }
    bool safe = check_mode(path, file, err);
    ssize_t length = safe ? read(file, bytes, sizeof bytes) : 0;
    (void)close(file);
    bool good = safe && length > 0 && parse(bytes, (size_t)length, ret);
    sodium_memzero(bytes, sizeof bytes);
    if (safe && !good) {
        privacy_keys_wipe(ret);
        return error_set(err, FAULT_STORE, "privacy.key-format", _("the data keys %s are damaged"),
                         path);
    }
    return good;
}

void privacy_keys_wipe(struct privacy_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}
