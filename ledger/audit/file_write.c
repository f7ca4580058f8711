#include "ledger/audit/file_write.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/types.h>
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
