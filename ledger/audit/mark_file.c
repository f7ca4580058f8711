#include "ledger/audit/mark_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

void mark_checksum(const char *line, size_t length, char ret[static MARK_CHECKSUM_SIZE])
{
    struct sha256 digest = sha256_of(line, length);
    (void)hex_format(digest.byte, MARK_CHECKSUM_SIZE / 2, ret);
}

bool mark_create(const struct mark_kind *kind, const char *path, const struct log_tip *tip,
                 struct error *err)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (file < 0) {
        return kind->refuse(path, errno, err);
    }
    bool written = kind->begin(file, tip) && fsync(file) == 0;
    int number = errno;
    (void)close(file);
    if (!written || !file_folder_sync(path)) {
        number = written ? errno : number;
        (void)unlink(path);
        return kind->refuse(path, number, err);
    }
    return true;
}

bool mark_write(const struct mark_kind *kind, const char *path, struct kept_file *kept,
                const struct log_tip *tip, bool sync, struct error *err)
{
    struct kept_file once = {0};
    struct kept_file *file = kept == NULL ? &once : kept;

    bool written = kept_file_lock(file, path, kind->flags)
                       ? kind->advance(path, file->file, tip, err)
                       : kind->refuse(path, errno, err);
    if (written && sync && fdatasync(file->file) != 0) {
        written = kind->refuse(path, errno, err);
    }
    kept_file_unlock(file);
    kept_file_close(&once);
    return written;
}
