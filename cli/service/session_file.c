#include "cli/service/session_file.h"

#include "ledger/audit/file_write.h"
#include "ledger/base/digest.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEED_SIZE 32

static const char *session_folder(struct arena *arena)
{
    const char *run = getenv("XDG_RUNTIME_DIR");
    struct stat status;

    if (run != NULL && run[0] == '/') {
        return arena_printf(arena, "%s/yicang", run);
    }
    const char *own = arena_printf(arena, "/run/user/%u", (unsigned)geteuid());
    if (stat(own, &status) == 0 && status.st_uid == geteuid()) {
        return arena_printf(arena, "%s/yicang", own);
    }
    return arena_printf(arena, "/tmp/yicang-%u", (unsigned)geteuid());
}

/* One file for each book and person: the book's origin is hashed, since it holds slashes. */
static const char *session_path(struct arena *arena, const char *origin, const char *staff)
{
    struct sha256 digest = sha256_of(origin, strlen(origin));
    char hex[SHA256_HEX_SIZE];
    hex_format(digest.byte, SHA256_SIZE, hex);
    return arena_printf(arena, "%s/%.16s-%s.session", session_folder(arena), hex, staff);
}

static bool folder_is_ours(const char *folder)
{
    struct stat status;
    return lstat(folder, &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
           (status.st_mode & 077U) == 0;
}

static bool write_error(const char *path, struct error *err)
{
    return error_set(err, FAULT_STORE, "session.write", _("the session %s cannot be written: %s"),
                     path, strerror(errno));
}

bool session_file_write(struct arena *arena, const char *origin, const char *staff,
                        const struct signing_key *key, const char **ret_path, struct error *err)
{
    const char *folder = session_folder(arena);
    const char *path = session_path(arena, origin, staff);
    char text[2 * SEED_SIZE + 2];

    if (mkdir(folder, 0700) != 0 && errno != EEXIST) {
        return write_error(folder, err);
    }
    if (!folder_is_ours(folder)) {
        return error_set(err, FAULT_REFUSED, "session.folder", _("the folder %s is not ours alone"),
                         folder);
    }
    file_wipe(path); /* a session that was open holds a seed */
    if (unlink(path) != 0 && errno != ENOENT) {
        return write_error(path, err);
    }
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) {
        return write_error(path, err);
    }
    hex_format(key->secret, SEED_SIZE, text);
    text[(size_t)2 * SEED_SIZE] = '\n';
    bool ok = file_write_all(file, text, (size_t)2 * SEED_SIZE + 1);
    ok = close(file) == 0 && ok;
    sodium_memzero(text, sizeof text);
    *ret_path = path;
    return ok ? true : write_error(path, err);
}

static bool read_seed(int file, uint8_t seed[SEED_SIZE])
{
    char text[2 * SEED_SIZE + 1];
    struct stat status;
    bool ok = fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
              (status.st_mode & 077U) == 0 &&
              read(file, text, sizeof text) == (ssize_t)sizeof text &&
              text[sizeof text - 1] == '\n';
    if (ok) {
        text[sizeof text - 1] = '\0';
        ok = hex_parse(text, seed, SEED_SIZE);
    }
    sodium_memzero(text, sizeof text);
    return ok;
}

bool session_file_read(struct arena *arena, const char *origin, const char *staff,
                       struct signing_key *ret, bool *ret_found, struct error *err)
{
    const char *path = session_path(arena, origin, staff);
    char name[KEY_NAME_MAX + 1];
    uint8_t seed[SEED_SIZE];

    *ret_found = false;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        return true;
    }
    bool ok = key_name_of_staff(origin, staff, name) && read_seed(file, seed);
    (void)close(file);
    if (!ok) {
        error_set(err, FAULT_REFUSED, "session.damaged", _("the session %s is not usable"), path);
        return error_next(err, _("close it with `yicang session close` and open it again"));
    }
    signing_key_from_seed(name, KEY_TYPE_ED25519, seed, ret);
    sodium_memzero(seed, sizeof seed);
    *ret_found = true;
    return true;
}

bool session_file_remove(const char *origin, const char *staff, bool *ret_was_there,
                         struct error *err)
{
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)64 << 10);
    const char *path = session_path(&arena, origin, staff);
    char zeros[2 * SEED_SIZE + 1];

    memset(zeros, '0', sizeof zeros);
    int file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    *ret_was_there = file >= 0;
    if (file < 0) {
        return true;
    }
    bool ok = file_write_all(file, zeros, sizeof zeros) && fsync(file) == 0;
    ok = close(file) == 0 && ok;
    ok = unlink(path) == 0 && ok;
    return ok ? true : write_error(path, err);
}
