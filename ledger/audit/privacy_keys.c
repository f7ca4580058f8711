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

#include "ledger/audit/file_write.h"
#include "ledger/audit/line_reader.h"
#include "ledger/base/buffer.h"
#include "ledger/base/text.h"

#define HEADER "yicang-privacy/v1"
#define FILE_NAME "privacy.key"
#define NEXT_NAME "privacy.next" /* while they are rotated */
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

/* What a file holds. The key for data keys is random, so that destroying it destroys what it
 * encrypted; the one for the index outlives it, since the index cannot be made anew without the
 * values. */
struct key_set {
    uint8_t kek[KEY_SIZE];
    uint8_t master[KEY_SIZE]; /* of the index */
    uint32_t epoch;
};

static void key_set_wipe(struct key_set *keys)
{
    sodium_memzero(keys, sizeof *keys);
}
#define AUTO_KEY_SET AUTO(key_set_wipe) struct key_set

static void compose(const struct key_set *keys, struct buffer *ret)
{
    char base64[KEY_TEXT_SIZE];
    buffer_printf(ret, HEADER "\nepoch %" PRIu32 "\nkek %s\n", keys->epoch,
                  base64_format(keys->kek, sizeof keys->kek, base64));
    buffer_printf(ret, "index %s\n", base64_format(keys->master, sizeof keys->master, base64));
    sodium_memzero(base64, sizeof base64);
}

static void named_path(const char *folder, const char *name, char ret[static PATH_TEXT_MAX])
{
    (void)snprintf(ret, PATH_TEXT_MAX, "%s/%s", folder, name);
}

/* A file that was not there; nothing is left of it if it cannot be written for good. */
static bool write_new(const char *path, const struct key_set *keys, struct error *err)
{
    AUTO(wipe_and_release) struct buffer content;
    buffer_init(&content, FILE_MAX);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (file < 0) {
        return refuse(errno == EEXIST ? "privacy.key-exists" : "store.io", path, errno, err);
    }
    compose(keys, &content);
    assert(!content.overflowed);
    bool written = file_write_all(file, content.data, content.length) && fsync(file) == 0;
    int number = errno;
    (void)close(file);
    if (!written || !file_folder_sync(path)) {
        number = written ? errno : number;
        (void)unlink(path); /* nothing was encrypted with it yet */
        return refuse("store.io", path, number, err);
    }
    return true;
}

bool privacy_keys_create(const char *folder, struct error *err)
{
    AUTO_KEY_SET keys = {.epoch = 1};
    char path[PATH_TEXT_MAX];
    digest_start();
    named_path(folder, FILE_NAME, path);
    randombytes_buf(keys.kek, sizeof keys.kek);
    randombytes_buf(keys.master, sizeof keys.master);
    return write_new(path, &keys, err);
}

/* Reading ------------------------------------------------------------------------------------- */

static bool next_key(struct line_reader *reader, const char *word, uint8_t ret[static KEY_SIZE])
{
    struct span field;
    size_t length = 0;
    return line_next_field(reader, word, &field) &&
           base64_parse(field.start, field.length, ret, KEY_SIZE, &length) && length == KEY_SIZE;
}

static bool parse(const char *bytes, size_t length, struct key_set *ret)
{
    struct line_reader reader;
    struct span epoch;
    uint64_t number = 0;
    line_reader_init(&reader, bytes, length);
    if (!line_next_is(&reader, HEADER) || !line_next_field(&reader, "epoch", &epoch) ||
        !span_decimal(epoch, &number) || number < 1 || number > UINT32_MAX ||
        !next_key(&reader, "kek", ret->kek) || !next_key(&reader, "index", ret->master) ||
        !line_at_end(&reader)) {
        return false;
    }
    ret->epoch = (uint32_t)number;
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

static bool read_set(const char *path, struct key_set *ret, struct error *err)
{
    char bytes[FILE_MAX];
    digest_start();
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
        return error_set(err, FAULT_STORE, "privacy.key-format", _("the data keys %s are damaged"),
                         path);
    }
    return good;
}

static void give(const struct key_set *keys, struct privacy_keys *ret)
{
    memcpy(ret->key_encryption_key, keys->kek, sizeof ret->key_encryption_key);
    ret->epoch = keys->epoch;
    int derived = crypto_kdf_derive_from_key(ret->index_key, sizeof ret->index_key, 1,
                                             INDEX_CONTEXT, keys->master);
    assert(derived == 0);
}

bool privacy_keys_load(const char *folder, struct privacy_keys *ret, struct error *err)
{
    AUTO_KEY_SET keys = {.epoch = 0};
    char path[PATH_TEXT_MAX];
    memset(ret, 0, sizeof *ret);
    named_path(folder, FILE_NAME, path);
    if (!read_set(path, &keys, err)) {
        return false;
    }
    give(&keys, ret);
    return true;
}

void privacy_keys_wipe(struct privacy_keys *keys)
{
    sodium_memzero(keys, sizeof *keys);
}

/* Rotating ------------------------------------------------------------------------------------ */

/* Whether the next keys are those of this epoch: a rotation was committed, and broke off before
 * they took their place. */
static bool next_is_in_force(const char *folder, uint32_t epoch, struct key_set *ret)
{
    char path[PATH_TEXT_MAX];
    struct error ignored;
    named_path(folder, NEXT_NAME, path);
    return read_set(path, ret, &ignored) && ret->epoch == epoch;
}

static bool set_in_force(struct store *store, const char *folder, struct key_set *ret,
                         struct error *err)
{
    char path[PATH_TEXT_MAX];
    uint32_t epoch = 0;
    named_path(folder, FILE_NAME, path);
    if (!privacy_epoch_load(store, &epoch, err)) {
        return false;
    }
    if (next_is_in_force(folder, epoch, ret)) {
        return true;
    }
    if (!read_set(path, ret, err)) {
        return false;
    }
    if (ret->epoch == epoch) {
        return true;
    }
    (void)error_set(
        err, FAULT_STORE, "privacy.key-epoch",
        _("the data keys %s are those of epoch %" PRIu32 ", the book needs those of %" PRIu32),
        path, ret->epoch, epoch);
    return error_next(err, _("give the command again; if it stays so, the book or its keys were "
                             "put back from a backup without the other"));
}

bool privacy_keys_in_force(struct store *store, const char *folder, struct privacy_keys *ret,
                           struct error *err)
{
    AUTO_KEY_SET keys = {.epoch = 0};
    memset(ret, 0, sizeof *ret);
    if (!set_in_force(store, folder, &keys, err)) {
        return false;
    }
    give(&keys, ret);
    return true;
}

/* Inside a write transaction, so that nobody rotates at the same time: what a rotation left behind
 * takes its place if it was committed, and is destroyed if not. */
static bool settle(struct store *store, const char *folder, struct error *err)
{
    AUTO_KEY_SET next = {.epoch = 0};
    char path[PATH_TEXT_MAX];
    char next_path[PATH_TEXT_MAX];
    uint32_t epoch = 0;
    named_path(folder, FILE_NAME, path);
    named_path(folder, NEXT_NAME, next_path);
    if (!privacy_epoch_load(store, &epoch, err)) {
        return false;
    }
    if (!next_is_in_force(folder, epoch, &next)) {
        file_wipe(next_path);
        return unlink(next_path) == 0 || errno == ENOENT ||
               refuse("store.io", next_path, errno, err);
    }
    file_wipe(path);
    return (rename(next_path, path) == 0 && file_folder_sync(path)) ||
           refuse("store.io", path, errno, err);
}

static bool settle_alone(struct store *store, const char *folder, struct error *err)
{
    AUTO_TRANSACTION alone = {0};
    return transaction_begin(store, &alone, err) && settle(store, folder, err);
}

static bool rotate(struct store *store, const char *folder, const char *origin, bool rehearsal,
                   struct rotation *ret, struct error *err)
{
    AUTO_TRANSACTION transaction = {0};
    AUTO_KEY_SET old = {.epoch = 0};
    AUTO_KEY_SET next = {.epoch = 0};
    AUTO(privacy_keys_wipe) struct privacy_keys from = {.epoch = 0};
    AUTO(privacy_keys_wipe) struct privacy_keys to = {.epoch = 0};
    char path[PATH_TEXT_MAX];
    named_path(folder, NEXT_NAME, path);
    if (!transaction_begin(store, &transaction, err) ||
        !(rehearsal || settle(store, folder, err)) || !set_in_force(store, folder, &old, err)) {
        return false;
    }
    next = old;
    next.epoch++;
    randombytes_buf(next.kek, sizeof next.kek);
    give(&old, &from);
    give(&next, &to);
    ret->epoch = next.epoch;
    return (rehearsal || write_new(path, &next, err)) &&
           privacy_rewrap(store, origin, &from, &to, &ret->data_keys, err) &&
           (rehearsal || transaction_commit(&transaction, err));
}

bool privacy_keys_rotate(struct store *store, const char *folder, const char *origin,
                         bool rehearsal, struct rotation *ret, struct error *err)
{
    struct error ignored;
    digest_start();
    bool ok = rotate(store, folder, origin, rehearsal, ret, err);
    if (rehearsal) {
        return ok;
    }
    /* Whether or not it was committed, what it left behind goes where it belongs. */
    return settle_alone(store, folder, ok ? err : &ignored) && ok;
}
