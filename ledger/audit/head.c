#include "ledger/audit/head.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "ledger/audit/mark_file.h"
#include "ledger/base/text.h"

#define HEADER "yicang-head/v1"
#define SLOTS 2
/* A torn write spoils at most one block of the disk, so each slot has blocks of its own. */
#define SLOT_SIZE 4096
#define FILE_SIZE (SLOTS * SLOT_SIZE)
#define EVENT_ARENA_MAX ((size_t)64 << 20)

/* One slot ------------------------------------------------------------------------------------ */

/* "yicang-head/v1 SIZE LEAF ROOT CHECKSUM", and empty lines up to the end of the slot, so that a
 * shorter line leaves nothing of a longer one and a person can read the file. */
static void slot_format(const struct log_tip *tip, char ret[static SLOT_SIZE])
{
    char leaf[SHA256_HEX_SIZE];
    char root[SHA256_HEX_SIZE];
    char checksum[MARK_CHECKSUM_SIZE];
    char line[256];
    int length = snprintf(line, sizeof line, HEADER " %" PRIu64 " %s %s", tip->size,
                          hex_format(tip->leaf_hash.byte, SHA256_SIZE, leaf),
                          hex_format(tip->root.byte, SHA256_SIZE, root));
    mark_checksum(line, (size_t)length, checksum);
    memset(ret, '\n', SLOT_SIZE);
    memcpy(ret, line, (size_t)length);
    ret[length] = ' ';
    memcpy(ret + length + 1, checksum, sizeof checksum - 1);
}

/* A slot as it was read; what it says is worth nothing without its checksum. */
struct slot {
    const char *line;
    size_t length; /* up to the checksum */
    struct span checksum;
    struct log_tip tip;
};

static bool slot_parse(const char *bytes, size_t length, struct slot *ret)
{
    struct line_reader reader;
    struct span line, size;
    ret->line = bytes;
    line_reader_init(&reader, bytes, length);
    if (!line_next_field(&reader, HEADER, &line) || !span_take_word(&line, &size) ||
        !span_decimal(size, &ret->tip.size) || !span_take_hash(&line, &ret->tip.leaf_hash) ||
        !span_take_hash(&line, &ret->tip.root)) {
        return false;
    }
    ret->length = (size_t)(line.start - 1 - bytes);
    ret->checksum = line;
    return true;
}

static bool slot_is_whole(const struct slot *slot)
{
    char checksum[MARK_CHECKSUM_SIZE];
    mark_checksum(slot->line, slot->length, checksum);
    return span_is(slot->checksum, checksum);
}

/* The file ------------------------------------------------------------------------------------ */

/* The highest valid slot; false if there is none, or the file cannot be read. */
static bool best_slot(int file, struct log_tip *ret, int *ret_place)
{
    char bytes[FILE_SIZE];
    struct slot slot[SLOTS];
    bool readable[SLOTS];
    ssize_t length = pread(file, bytes, sizeof bytes, 0);
    for (int i = 0; i < SLOTS; i++) {
        ssize_t left = length - (ssize_t)i * SLOT_SIZE;
        size_t usable = left > SLOT_SIZE ? SLOT_SIZE : (size_t)(left > 0 ? left : 0);
        readable[i] = slot_parse(bytes + (size_t)i * SLOT_SIZE, usable, &slot[i]);
    }
    int first = readable[1] && (!readable[0] || slot[1].tip.size > slot[0].tip.size) ? 1 : 0;
    for (int i = 0; i < SLOTS; i++) {
        int place = (first + i) % SLOTS;
        if (readable[place] && slot_is_whole(&slot[place])) {
            *ret = slot[place].tip;
            *ret_place = place;
            return true;
        }
    }
    return false;
}

static int lock_file(int file, int kind)
{
    int result = 0;
    do {
        result = flock(file, kind);
    } while (result != 0 && errno == EINTR);
    return result;
}

static bool refuse_write(const char *path, int number, struct error *err)
{
    (void)error_set(err, FAULT_STORE, "head.write", _("the head %s cannot be written: %s"), path,
                    strerror(number));
    return error_next(err,
                      _("Make room on the disk or mend it, and send the same command again: what "
                        "it wrote already is not done twice."));
}

static bool refuse_damaged(const char *path, struct error *err)
{
    (void)error_set(err, FAULT_INTEGRITY, "book.head-damaged",
                    _("no line of the head %s can be read: the file is damaged"), path);
    return error_next(err, _("Verify the book against a backup or the witness's checkpoint."));
}

bool head_read(const char *path, struct head *ret, struct error *err)
{
    int place = 0;
    *ret = (struct head){0};
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 && errno == ENOENT) {
        return true;
    }
    if (file < 0) {
        return error_set(err, FAULT_STORE, "store.io", _("the head %s cannot be read: %s"), path,
                         strerror(errno));
    }
    /* Two writes during one reading would spoil both slots for the reader. */
    (void)lock_file(file, LOCK_SH);
    ret->present = best_slot(file, &ret->tip, &place);
    (void)close(file);
    return ret->present || refuse_damaged(path, err);
}

/* Writes one slot; errno tells why not. */
static bool write_slot(int file, const struct log_tip *tip, int place)
{
    char slot[SLOT_SIZE];
    slot_format(tip, slot);
    ssize_t written = pwrite(file, slot, sizeof slot, (off_t)place * SLOT_SIZE);
    if (written >= 0 && written < SLOT_SIZE) {
        errno = ENOSPC;
    }
    return written == SLOT_SIZE;
}

static bool begin(int file, const struct log_tip *tip)
{
    return write_slot(file, tip, 0) && write_slot(file, tip, 1);
}

static bool same_tip(const struct log_tip *a, const struct log_tip *b)
{
    return a->size == b->size && sha256_equal(&a->leaf_hash, &b->leaf_hash) &&
           sha256_equal(&a->root, &b->root);
}

static bool refuse_other_book(struct error *err)
{
    (void)error_set(err, FAULT_INTEGRITY, "book.head-mismatch",
                    _("the book and its head do not belong together: their events differ"));
    return error_next(err, _("Put back book and head from one backup, and verify the book."));
}

/* Under the lock: never backwards, and always over the slot that does not count. */
static bool advance(const char *path, int file, const struct log_tip *tip, struct error *err)
{
    struct log_tip best;
    int place = 0;
    if (!best_slot(file, &best, &place)) {
        return refuse_damaged(path, err);
    }
    if (best.size >= tip->size) {
        return best.size > tip->size || same_tip(&best, tip) || refuse_other_book(err);
    }
    return write_slot(file, tip, 1 - place) || refuse_write(path, errno, err);
}

static const struct mark_kind head_kind = {O_RDWR, begin, advance, refuse_write};

bool head_create(const char *path, const struct log_tip *tip, struct error *err)
{
    return mark_create(&head_kind, path, tip, err);
}

bool head_write(const char *path, struct kept_file *kept, const struct log_tip *tip, bool sync,
                struct error *err)
{
    return mark_write(&head_kind, path, kept, tip, sync, err);
}

/* Head and book ------------------------------------------------------------------------------- */

static bool refuse_lost(uint64_t first, uint64_t last, struct error *err)
{
    (void)error_set(err, FAULT_INTEGRITY, "book.events-lost",
                    _("events %" PRIu64 " to %" PRIu64
                      " are lost: they were acknowledged, but are not in the book any more"),
                    first, last);
    return error_next(err, _("Do not go on with this book; restore the backup that holds them."));
}

struct walk {
    struct arena arena;
    struct sha256 hash; /* of the leaf before; recomputed, not read */
    bool chained;
};

static void step(struct walk *walk, const struct head *head, uint64_t seq, const void *leaf,
                 size_t length)
{
    struct event event;
    struct error why;
    struct sha256 hash = merkle_leaf_hash(leaf == NULL ? "" : leaf, length);
    if (seq + 1 == head->tip.size) {
        walk->chained = walk->chained && sha256_equal(&hash, &head->tip.leaf_hash);
    } else {
        walk->chained = walk->chained &&
                        event_parse(&walk->arena, NULL, leaf, length, &event, &why) &&
                        event.seq == seq && sha256_equal(&event.prev, &walk->hash);
    }
    walk->hash = hash;
    arena_reset(&walk->arena);
}

/* Whether the events from the head's on lead, leaf by leaf, to the tip of the book. */
static bool tail_chains(const struct head *head, struct store *store, const struct log_tip *tip,
                        bool *ret, struct error *err)
{
    struct walk walk = {.hash = sha256_of("", 0), .chained = true};
    uint64_t seq = head->tip.size == 0 ? 0 : head->tip.size - 1;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf FROM event WHERE seq >= $1 ORDER BY seq");
    arena_init(&walk.arena, EVENT_ARENA_MAX);
    bind_int(query, 1, (int64_t)seq);
    while (statement_row(query)) {
        size_t length = 0;
        const void *leaf = column_blob(query, 0, &length);
        step(&walk, head, seq, leaf, length);
        seq++;
    }
    arena_release(&walk.arena);
    *ret = walk.chained && seq == tip->size && sha256_equal(&walk.hash, &tip->leaf_hash);
    return statement_end(query, err);
}

bool head_compare(const struct head *head, struct store *store, struct error *err)
{
    struct log_tip tip;
    bool chains = false;
    if (!head->present) {
        (void)error_set(err, FAULT_INTEGRITY, "book.head-missing",
                        _("the head beside the book is missing: nothing tells how far the log had "
                          "come"));
        return error_next(err, _("Put the file back from the backup."));
    }
    if (!log_tip_load(store, &tip, err)) {
        return false;
    }
    if (tip.size < head->tip.size) {
        return refuse_lost(tip.size, head->tip.size - 1, err);
    }
    if (!tail_chains(head, store, &tip, &chains, err)) {
        return false;
    }
    bool fits = chains && (tip.size > head->tip.size || same_tip(&tip, &head->tip));
    return fits || refuse_other_book(err);
}
