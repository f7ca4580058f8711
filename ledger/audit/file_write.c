#include "ledger/audit/file_write.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_TEXT_MAX 4096

bool file_write_all(int file, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length > 0) {
        ssize_t written = write(file, at, length);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            errno = written == 0 ? ENOSPC : errno;
            return false;
        }
        at += written;
        length -= (size_t)written;
    }
    return true;
}

bool file_folder_sync(const char *path)
{
    char copy[PATH_TEXT_MAX];

    (void)snprintf(copy, sizeof copy, "%s", path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return false;
    }
    bool synced = fsync(folder) == 0;
    int number = errno;
    (void)close(folder);
    errno = number;
    return synced;
}

/* Renaming a file over /dev/null would be a disaster. */
static bool may_give_way(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0 || S_ISREG(status.st_mode)) {
        return true;
    }
    errno = ENOTSUP;
    return false;
}

static bool write_part(const char *part, const void *bytes, size_t length, bool sync)
{
    int file = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok = file >= 0 && file_write_all(file, bytes, length) && (!sync || fsync(file) == 0);
    int number = errno;
    if (file >= 0) {
        (void)close(file);
    }
    errno = number;
    return ok;
}

static bool replace(const char *path, const void *bytes, size_t length, bool sync)
{
    char part[PATH_TEXT_MAX];
    int written = snprintf(part, sizeof part, "%s.new", path);
    if (written < 0 || (size_t)written >= sizeof part) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (!may_give_way(path)) {
        return false;
    }
    if (!write_part(part, bytes, length, sync) || rename(part, path) != 0) {
        int number = errno;
        (void)unlink(part);
        errno = number;
        return false;
    }
    return !sync || file_folder_sync(path);
}

bool file_replace(const char *path, const void *bytes, size_t length)
{
    return replace(path, bytes, length, true);
}

bool file_exchange(const char *path, const void *bytes, size_t length)
{
    return replace(path, bytes, length, false);
}

/* Whether the path still names what is open: it may have been put back from a backup. */
static bool is_same(const struct kept_file *kept, const char *path)
{
    struct stat there;

    return kept->open && lstat(path, &there) == 0 && there.st_dev == kept->device &&
           there.st_ino == kept->inode;
}

static bool keep_open(struct kept_file *kept, const char *path, int flags)
{
    struct stat status;

    kept_file_close(kept);
    kept->file = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
    kept->open = kept->file >= 0;
    if (!kept->open || fstat(kept->file, &status) != 0) {
        return false;
    }
    kept->device = status.st_dev;
    kept->inode = status.st_ino;
    return true;
}

bool kept_file_lock(struct kept_file *kept, const char *path, int flags)
{
    int result = -1;

    if (!is_same(kept, path) && !keep_open(kept, path, flags)) {
        return false;
    }
    do {
        result = flock(kept->file, LOCK_EX);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

void kept_file_unlock(struct kept_file *kept)
{
    if (kept->open) {
        (void)flock(kept->file, LOCK_UN);
    }
}

void kept_file_close(struct kept_file *kept)
{
    if (kept->open) {
        int number = errno;
        (void)close(kept->file); /* what counts was written or synced before */
        errno = number;
    }
    kept->open = false;
}

void file_wipe(const char *path)
{
    static const char nothing[512];
    int file = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file >= 0) {
        if (file_write_all(file, nothing, sizeof nothing)) {
            (void)fdatasync(file);
        }
        (void)close(file);
    }
}
