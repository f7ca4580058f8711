/* book_restore.c - a backup in the place of a book. */
#include "cli/service/book_backup.h"

#include "cli/service/book_copy.h"
#include "cli/service/visits.h"
#include "ledger/audit/file_write.h"
#include "ledger/audit/high_water.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/interruption.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct restoring {
    const struct restore_request *request;
    const struct act_options *options;
    struct arena *arena;
    const char *book; /* absolute */
    const char *part; /* the new folder, before it takes the name */
    const char *aside;
    const char *service_folder;
    bool there; /* a book, or what is left of one */
    bool replaced;
    struct store *live; /* locked while it is replaced; NULL: it cannot be opened */
    struct transaction lock;
    struct restore_facts *facts;
};

static bool refuse_write(const char *path, int number, struct error *err)
{
    error_set(err, FAULT_STORE, "restore.write", _("%s cannot be replaced: %s"), path,
              strerror(number));
    return error_next(err, _("make the folder around it writable, and send the command again"));
}

/* Where the folder stands, without links: `.` cannot be renamed. */
static bool find_place(struct restoring *r, struct error *err)
{
    char path[PATH_MAX];
    char time[INSTANT_TEXT_SIZE];
    struct stat status;
    const char *book = r->request->book;
    size_t length = strlen(book);

    r->there = lstat(book, &status) == 0;
    if (r->there && realpath(book, path) == NULL) {
        return refuse_write(book, errno, err);
    }
    while (length > 1 && book[length - 1] == '/') {
        length--;
    }
    r->book = r->there ? arena_text(r->arena, path) : arena_text_n(r->arena, book, length);
    r->part = arena_printf(r->arena, "%s.restoring", r->book);
    r->aside = arena_printf(r->arena, "%s.before-%s", r->book, instant_format(clock_now(), time));
    r->service_folder = service_folder_of(r->arena, r->book);
    if (lstat(r->part, &status) == 0) {
        error_set(err, FAULT_STORE, "restore.begun", _("%s exists already"), r->part);
        return error_next(err, _("a restoring broke off: what stands there is its copy or the book "
                                 "that it replaced; move it away"));
    }
    return true;
}

/* How far the log had come --------------------------------------------------------------------- */

static bool refuse_loss(uint64_t first, uint64_t last, struct error *err)
{
    error_set(err, FAULT_REFUSED, "restore.loses-events",
              _("events %" PRIu64 " to %" PRIu64 " of the book are not in this backup"), first,
              last);
    return error_next(err,
                      _("restore a backup that holds them; if there is none, a new book is begun "
                        "that names this log: `yicang book init --predecessor`"));
}

static bool compare_mark(const struct head *mark, struct office *copy, struct error *err)
{
    struct error why = {0};

    if (!mark->present) {
        return true;
    }
    if (mark->tip.size > copy->tip.size) {
        return refuse_loss(copy->tip.size, mark->tip.size - 1, err);
    }
    if (head_compare(mark, copy->store, &why)) {
        return true;
    }
    if (!text_equal(why.reason, "book.head-mismatch")) {
        *err = why;
        return false;
    }
    error_set(err, FAULT_REFUSED, "restore.other-book",
              _("this is not a backup of the book at %s: its events differ"), copy->folder);
    return error_next(err, _("name a backup of this book"));
}

/* The high-water file must be there; a head that rot has spoilt counts no more than none. */
static bool compare_marks(const struct restoring *r, struct office *copy, struct error *err)
{
    struct head high_water;
    struct head head = {0};
    struct error why = {0};
    const char *path = arena_printf(r->arena, "%s/high-water", r->service_folder);

    if (!high_water_read(path, &high_water, err)) {
        return false;
    }
    if (!high_water.present) {
        error_set(err, FAULT_STORE, "book.high-water-missing",
                  _("the high-water file %s is missing: an older copy of the book would not show"),
                  path);
        return error_next(err, _("set YICANG_SERVICE_KEYS to the folder that holds it"));
    }
    if (!head_read(arena_printf(r->arena, "%s/head", r->book), &head, &why)) {
        head = (struct head){0};
    }
    return compare_mark(&high_water, copy, err) && compare_mark(&head, copy, err);
}

/* The book that is replaced, as far as it can still be opened: locked against others until it is,
 * and no longer than the backup. Its write-ahead log stays as it is. */
static bool lock_live(struct restoring *r, const struct office *copy, struct error *err)
{
    struct error why = {0};
    struct log_tip tip;
    const char *path = arena_printf(r->arena, "%s/book.db", r->book);

    if (!r->there || !store_open(path, STORE_WRITE, &r->live, &why)) {
        if (text_equal(why.reason, "store.locked")) {
            *err = why;
            return false;
        }
        return true;
    }
    store_keep_log(r->live);
    if (!transaction_begin(r->live, &r->lock, &why)) {
        if (text_equal(why.reason, "store.locked")) {
            *err = why;
            return false;
        }
        return true;
    }
    return !log_tip_load(r->live, &tip, &why) || tip.size <= copy->tip.size ||
           refuse_loss(copy->tip.size, tip.size - 1, err);
}

/* Without the data keys of the book nobody in the backup would have a name any more. */
static bool keys_fit(const struct restoring *r, struct office *copy, struct error *err)
{
    struct privacy_keys keys;
    bool fit = privacy_keys_in_force(copy->store, r->service_folder, &keys, err);
    privacy_keys_wipe(&keys);
    return fit;
}

/* Recording ------------------------------------------------------------------------------------ */

/* As the first event of the restored book; with `rehearsal`, whether it would be taken. */
static bool record(const struct restoring *r, struct office *office, bool rehearsal,
                   struct error *err)
{
    struct act_options options = *r->options;
    struct canon *request = canon_object(&office->arena);
    const struct backup_facts *backup = &r->facts->backup;

    options.dry_run = rehearsal;
    canon_set_text(request, "reason", r->request->reason);
    canon_set_int(request, "size", (int64_t)backup->tip.size);
    canon_set_sha256(request, "root", &backup->tip.root);
    canon_set_sha256(request, "copy_sha256", &backup->sha256);
    return act(office, &options, "db.restore", request, &r->facts->event, err);
}

/* Who signs, whether they may, and that none of them saw more: asked of the new folder. */
static bool rehearse(const struct restoring *r, struct key_ring **ret_keys, struct error *err)
{
    AUTO_OFFICE office = {0};
    bool ok = office_open_beside(r->part, r->service_folder, STORE_WRITE, &office, err) &&
              record(r, &office, true, err);
    *ret_keys = office.keys;
    office.keys = NULL;
    return ok;
}

/* Replacing ------------------------------------------------------------------------------------ */

/* Where a file system cannot exchange two names, the book has none for a moment. */
static bool exchange_by_turns(struct restoring *r, struct error *err)
{
    if (rename(r->book, r->aside) != 0) {
        return refuse_write(r->book, errno, err);
    }
    r->replaced = rename(r->part, r->book) == 0;
    int number = errno;
    if (!r->replaced && rename(r->aside, r->book) != 0) {
        r->facts->aside = r->aside; /* as far as we came */
    }
    return r->replaced || refuse_write(r->book, number, err);
}

static bool exchange(struct restoring *r, struct error *err)
{
    if (!r->there) {
        r->replaced = rename(r->part, r->book) == 0;
        return r->replaced || refuse_write(r->book, errno, err);
    }
    r->replaced = renameat2(AT_FDCWD, r->part, AT_FDCWD, r->book, RENAME_EXCHANGE) == 0;
    if (!r->replaced) {
        return exchange_by_turns(r, err);
    }
    if (rename(r->part, r->aside) != 0) {
        r->aside = r->part; /* where the old folder is now */
    }
    return true;
}

static bool replace(struct restoring *r, struct error *err)
{
    if (!exchange(r, err)) {
        return false;
    }
    r->facts->aside = r->there ? r->aside : NULL;
    return file_folder_sync(r->book) || refuse_write(r->book, errno, err);
}

/* A day key that was lost with the machine signs no head: what admins replace it with says why. */
static bool tell_unrecorded(struct error *err)
{
    if (text_equal(err->reason, "log.key-missing")) {
        return error_next(err, _("the backup stands in its place, and a key of the log is lost: "
                                 "replace it with `yicang key recover`, and say in its --reason "
                                 "that the book was restored"));
    }
    return error_next(err, _("the backup stands in its place already, but not in the log: send the "
                             "same command again"));
}

static bool put_back(struct restoring *r, struct error *err)
{
    struct key_ring *keys = NULL;
    AUTO_OFFICE office = {0};

    bool may = rehearse(r, &keys, err);
    bool replaced = may && !r->options->dry_run && replace(r, err);
    transaction_release(&r->lock);
    if (!replaced) {
        keys = key_ring_free(keys);
        return may && r->options->dry_run;
    }
    if (!office_open(r->book, STORE_WRITE, &office, err)) {
        keys = key_ring_free(keys);
        return tell_unrecorded(err);
    }
    office.keys = keys;
    return (record(r, &office, false, err) && office_close(&office, err)) || tell_unrecorded(err);
}

/* Sent again after it was done: the first answer. What cannot be read was not done. */
static bool was_done(const struct restoring *r)
{
    AUTO_OFFICE office = {0};
    struct event event;
    struct sha256 hash;
    struct error ignored;
    uint64_t seq = 0;
    bool found = false;

    if (!r->there || !office_open(r->book, STORE_READ_ONLY, &office, &ignored) ||
        !command_find_request(office.store, &r->options->command, &found, &hash, &seq, &ignored) ||
        !found ||
        !event_load(office.store, &office.arena, office.facts.origin, seq, &event, &hash,
                    &ignored) ||
        !text_equal(event.type, "db.restore")) {
        return false;
    }
    r->facts->event = (struct act_result){.seq = seq, .repeated = true};
    r->facts->backup.tip = (struct log_tip){.size = seq};
    return canon_get_sha256(canon_get(event.body, "in"), "root", &r->facts->backup.tip.root);
}

/* Whoever was killed before the head was written is answered only once it is. */
static bool answer_again(const struct restoring *r, struct error *err)
{
    AUTO_OFFICE office = {0};

    return office_open(r->book, STORE_WRITE, &office, err) &&
           office_tip_write(&office, true, err) && office_close(&office, err);
}

static bool restore(struct restoring *r, struct error *err)
{
    AUTO_OFFICE copy = {0};

    if (!find_place(r, err)) {
        return false;
    }
    if (was_done(r)) {
        return answer_again(r, err);
    }
    if (!book_copy_verify(r->request->backup, &r->facts->backup, err) ||
        !office_open_beside(r->request->backup, r->request->backup, STORE_READ_ONLY, &copy, err) ||
        !compare_marks(r, &copy, err) || !keys_fit(r, &copy, err) || !lock_live(r, &copy, err) ||
        !book_copy_make(copy.store, r->part, err)) {
        return false;
    }
    bool ok = put_back(r, err);
    if (!r->replaced) {
        book_copy_remove(r->part);
    }
    return ok;
}

bool book_restore(const struct restore_request *request, const struct act_options *options,
                  struct arena *arena, struct restore_facts *ret, struct error *err)
{
    AUTO_INTERRUPTION interruption = {0}; /* Ctrl-C leaves no half book */
    struct restoring r = {.request = request, .options = options, .arena = arena, .facts = ret};

    *ret = (struct restore_facts){0};
    interruption_hold(&interruption);
    bool ok = restore(&r, err);
    ret->event.body = NULL; /* it was the office's */
    transaction_release(&r.lock);
    r.live = store_close(r.live);
    return ok;
}
