#include "cli/service/book_copy.h"

#include "cli/service/book_check.h"
#include "ledger/audit/file_write.h"
#include "ledger/audit/head.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATHS_MAX ((size_t)64 << 10)

static bool refuse_write(const char *path, int number, struct error *err)
{
    error_set(err, FAULT_STORE, number == EEXIST ? "backup.exists" : "backup.write",
              number == EEXIST ? _("%s exists already") : _("%s cannot be made: %s"), path,
              strerror(number));
    return error_next(err, number == EEXIST
                               ? _("choose another folder")
                               : _("name a folder that you may write, on a disk with room"));
}

static bool fill(struct store *store, const char *folder, struct arena *arena, struct error *err)
{
    const char *path = arena_printf(arena, "%s/book.db", folder);
    AUTO_STORE struct store *copy = NULL;
    struct log_tip tip;

    return store_copy(store, path, err) && store_open(path, STORE_READ_ONLY, &copy, err) &&
           log_tip_load(copy, &tip, err) &&
           head_create(arena_printf(arena, "%s/head", folder), &tip, err);
}

bool book_copy_make(struct store *store, const char *folder, struct error *err)
{
    AUTO_ARENA arena;

    arena_init(&arena, PATHS_MAX);
    if (mkdir(folder, 0700) != 0) {
        return refuse_write(folder, errno, err);
    }
    if (!file_folder_sync(folder)) {
        int number = errno;
        (void)rmdir(folder);
        return refuse_write(folder, number, err);
    }
    if (!fill(store, folder, &arena, err)) {
        book_copy_remove(folder);
        return false;
    }
    return true;
}

static void remove_files(const char *folder, const char *const *name, size_t count)
{
    AUTO_ARENA arena;

    arena_init(&arena, PATHS_MAX);
    for (size_t i = 0; i < count; i++) {
        (void)unlink(arena_printf(&arena, "%s/%s", folder, name[i]));
    }
}

void book_copy_tidy(const char *folder)
{
    static const char *const names[] = {"book.db-wal", "book.db-shm"};
    remove_files(folder, names, COUNT_OF(names));
}

void book_copy_remove(const char *folder)
{
    static const char *const names[] = {"head", "book.db", "book.db-journal"};
    book_copy_tidy(folder);
    remove_files(folder, names, COUNT_OF(names));
    (void)rmdir(folder);
}

static bool refuse_unsound(const char *folder, const struct finding *first, struct error *err)
{
    error_set(err, FAULT_INTEGRITY, "backup.unsound", _("the copy %s does not verify: %s %s"),
              folder, first->code, first->text);
    return error_next(err, _("Run `yicang audit verify` on the book itself, and keep the backups "
                             "from before."));
}

static bool verify(struct office *office, struct error *err)
{
    struct findings findings;
    struct verify_summary summary;
    const struct verify_scope scope = {.plan_again = true};

    findings_init(&findings);
    bool ok = book_verify(office, &scope, &findings, &summary, err);
    if (ok && findings.total > 0) {
        ok = refuse_unsound(office->folder, &findings.list[0], err);
    }
    findings_release(&findings);
    return ok;
}

static bool hash_file(const char *path, struct sha256 *ret, struct error *err)
{
    uint8_t chunk[1 << 16];
    struct sha256_stream stream;
    ssize_t got = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

    sha256_begin(&stream);
    while (file >= 0 && (got = read(file, chunk, sizeof chunk)) > 0) {
        sha256_add(&stream, chunk, (size_t)got);
    }
    *ret = sha256_end(&stream);
    int number = errno;
    if (file >= 0) {
        (void)close(file);
    }
    return (file >= 0 && got == 0) || refuse_write(path, number, err);
}

bool book_copy_verify(const char *folder, struct backup_facts *ret, struct error *err)
{
    AUTO_OFFICE office = {0};

    if (!office_open_beside(folder, folder, STORE_READ_ONLY, &office, err) ||
        !verify(&office, err) || !hash_file(office.store_path, &ret->sha256, err)) {
        return false;
    }
    ret->tip = office.tip;
    return true;
}
