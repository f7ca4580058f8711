#include "ledger/audit/head.h"

#include "ledger/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* "seq(20 digits) leaf-hash root checksum LF": all slots have this length. */
#define SLOT_SIZE (20 + 1 + 64 + 1 + 64 + 1 + 16 + 1)
#define SLOTS 2

static bool head_error(const char *path, struct error *err)
{
    return error_set(err, FAULT_STORE, "head.write", _("the head %s cannot be written: %s"), path,
                     strerror(errno));
}

static void slot_checksum(const char *slot, char ret[17])
{
    char hex[SHA256_HEX_SIZE];
    struct sha256 digest = sha256_of(slot, 20 + 1 + 64 + 1 + 64);
    memcpy(ret, hex_format(digest.byte, SHA256_SIZE, hex), 16);
    ret[16] = '\0';
}

static void slot_format(const struct log_tip *tip, char ret[SLOT_SIZE + 1])
{
    char leaf[SHA256_HEX_SIZE];
    char root[SHA256_HEX_SIZE];
    char checksum[17];

    (void)snprintf(ret, SLOT_SIZE + 1, "%020llu %s %s", (unsigned long long)tip->size,
                   hex_format(tip->leaf_hash.byte, SHA256_SIZE, leaf),
                   hex_format(tip->root.byte, SHA256_SIZE, root));
    slot_checksum(ret, checksum);
    (void)snprintf(ret + 150, SLOT_SIZE + 1 - 150, " %s\n", checksum);
}

static bool slot_parse(const char slot[SLOT_SIZE], struct log_tip *ret)
{
    char checksum[17];
    char field[65] = "";
    uint64_t size = 0;

    slot_checksum(slot, checksum);
    if (slot[20] != ' ' || slot[85] != ' ' || slot[150] != ' ' || slot[SLOT_SIZE - 1] != '\n' ||
        memcmp(slot + 151, checksum, 16) != 0) {
        return false;
    }
    for (int i = 0; i < 20; i++) {
        if (slot[i] < '0' || slot[i] > '9' || size > UINT64_MAX / 10 - 1) {
            return false;
        }
        size = size * 10 + (uint64_t)(slot[i] - '0');
    }
    ret->size = size;
    memcpy(field, slot + 21, 64);
    if (!hex_parse(field, ret->leaf_hash.byte, SHA256_SIZE)) {
        return false;
    }
    memcpy(field, slot + 86, 64);
    return hex_parse(field, ret->root.byte, SHA256_SIZE);
}

/* The highest valid slot; false if there is none. *ret_place is where it stands. */
static bool best_slot(const char *bytes, size_t length, struct log_tip *ret, int *ret_place)
{
    bool found = false;

    for (int i = 0; i < SLOTS; i++) {
        struct log_tip tip;
        if (length >= (size_t)(i + 1) * SLOT_SIZE && slot_parse(bytes + i * SLOT_SIZE, &tip) &&
            (!found || tip.size > ret->size)) {
            found = true;
            *ret = tip;
            *ret_place = i;
        }
    }
    return found;
}

static bool read_slots(int file, char bytes[SLOTS * SLOT_SIZE], size_t *ret_length)
{
    ssize_t got = pread(file, bytes, (size_t)SLOTS * SLOT_SIZE, 0);
    *ret_length = got < 0 ? 0 : (size_t)got;
    return got >= 0;
}

bool head_read(const char *path, struct head *ret, struct error *err)
{
    char bytes[SLOTS * SLOT_SIZE];
    size_t length = 0;
    int place = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    *ret = (struct head){0};
    if (file < 0) {
        return errno == ENOENT || error_set(err, FAULT_STORE, "store.io",
                                            _("the head %s cannot be read: %s"), path,
                                            strerror(errno));
    }
    bool ok = read_slots(file, bytes, &length);
    (void)close(file);
    if (!ok || !best_slot(bytes, length, &ret->tip, &place)) {
        error_set(err, FAULT_INTEGRITY, "book.head-damaged", _("the head %s is damaged"), path);
        return error_next(err, _("verify the book against a backup or the witness's checkpoint"));
    }
    ret->present = true;
    return true;
}

/* Root of the first `size` events, recomputed from their kept hashes only when the book is ahead. */
static bool chains_from(const struct head *head, struct store *store, bool *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf_hash FROM event WHERE seq = $1");
    struct sha256 hash = {{0}};

    if (head->tip.size == 0) {
        *ret = true;
        return true;
    }
    bind_int(query, 1, (int64_t)head->tip.size - 1);
    bool found = statement_one(query);
    if (found) {
        hash = column_sha256(query, 0);
    }
    *ret = found && sha256_equal(&hash, &head->tip.leaf_hash);
    return statement_end(query, err);
}

bool head_compare(const struct head *head, struct store *store, struct error *err)
{
    struct log_tip tip;
    bool chains = false;

    if (!head->present) {
        error_set(err, FAULT_INTEGRITY, "book.head-missing",
                  _("the head file beside the book is missing"));
        return error_next(err, _("it tells how far the log had come; restore it from the backup"));
    }
    if (!log_tip_load(store, &tip, err)) {
        return false;
    }
    if (tip.size < head->tip.size) {
        error_set(err, FAULT_INTEGRITY, "book.events-lost",
                  _("events %llu to %llu are lost: they were acknowledged and are not in the book"),
                  (unsigned long long)tip.size, (unsigned long long)head->tip.size - 1);
        return error_next(err, _("do not write on; restore a backup that holds them"));
    }
    if (!chains_from(head, store, &chains, err)) {
        return false;
    }
    bool same_root = tip.size > head->tip.size || sha256_equal(&tip.root, &head->tip.root);
    return (chains && same_root) ||
           error_set(err, FAULT_INTEGRITY, "book.head-mismatch",
                     _("the book is not the one its head was written for"));
}

static bool write_slot(int file, const struct log_tip *tip, int place)
{
    char slot[SLOT_SIZE + 1];

    slot_format(tip, slot);
    return pwrite(file, slot, SLOT_SIZE, (off_t)place * SLOT_SIZE) == SLOT_SIZE;
}

bool head_create(const char *path, const struct log_tip *tip, struct error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);

    if (file < 0) {
        return head_error(path, err);
    }
    bool ok = write_slot(file, tip, 0) && fsync(file) == 0;
    ok = close(file) == 0 && ok;
    return ok || head_error(path, err);
}

/* Under the lock: never backwards, and always into the slot that is not the best one. */
static bool advance(int file, const struct log_tip *tip)
{
    char bytes[SLOTS * SLOT_SIZE];
    size_t length = 0;
    int place = 1;
    struct log_tip best;

    if (!read_slots(file, bytes, &length)) {
        return false;
    }
    if (best_slot(bytes, length, &best, &place) && best.size >= tip->size) {
        return true;
    }
    return write_slot(file, tip, 1 - place);
}

bool head_write(const char *path, const struct log_tip *tip, bool sync, struct error *err)
{
    int file = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

    if (file < 0) {
        return head_error(path, err);
    }
    bool ok = flock(file, LOCK_EX) == 0 && advance(file, tip) && (!sync || fdatasync(file) == 0);
    ok = close(file) == 0 && ok;
    return ok || head_error(path, err);
}
