#include "ledger/audit/bundle_folder.h"

#include "ledger/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEPTH_MAX 10
#define READ_PART 65536

bool bundle_refuse(struct error *err, const char *path, const char *fact)
{
    return error_set(err, FAULT_INTEGRITY, "E_CONTAINER", _("“%s” in the export: %s"), path, fact);
}

static bool read_all(int file, const char *path, size_t max, struct buffer *ret, struct error *err)
{
    size_t start = ret->length;
    char part[READ_PART];
    for (;;) {
        ssize_t got = read(file, part, sizeof part);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return bundle_refuse(err, path, strerror(errno));
        }
        if (got == 0) {
            return true;
        }
        buffer_add(ret, part, (size_t)got);
        if (ret->overflowed || ret->length - start > max) {
            return bundle_refuse(err, path, _("it is too large"));
        }
    }
}

bool bundle_folder_read(int folder, const char *path, size_t max, struct buffer *ret,
                        struct error *err)
{
    struct stat status;
    int file = openat(folder, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) {
        return bundle_refuse(err, path, strerror(errno));
    }
    bool ok = fstat(file, &status) == 0 && S_ISREG(status.st_mode)
                  ? read_all(file, path, max, ret, err)
                  : bundle_refuse(err, path, _("it is not a regular file"));
    close(file);
    return ok;
}

static bool folder_walk(int folder, const char *prefix, unsigned depth, struct manifest *ret,
                        struct error *err);

static bool entry_take(int folder, const char *name, const char *prefix, unsigned depth,
                       struct manifest *ret, struct error *err)
{
    char path[BUNDLE_PATH_MAX];
    int length = snprintf(path, sizeof path, "%s%s", prefix, name);
    struct stat status;
    if (length < 0 || (size_t)length >= sizeof path - 1 || depth > DEPTH_MAX) {
        return bundle_refuse(err, prefix, _("it holds a path that is too long"));
    }
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return bundle_refuse(err, path, strerror(errno));
    }
    if (S_ISREG(status.st_mode)) {
        static const struct sha256 none = {{0}};
        return manifest_add(ret, path, &none) ||
               bundle_refuse(err, path, _("there are too many files"));
    }
    if (!S_ISDIR(status.st_mode)) {
        return bundle_refuse(err, path, _("it is neither a regular file nor a folder"));
    }
    int inner = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (inner < 0) {
        return bundle_refuse(err, path, strerror(errno));
    }
    path[length] = '/';
    path[length + 1] = '\0';
    size_t before = ret->lines;
    return folder_walk(inner, path, depth + 1, ret, err) &&
           (ret->lines > before || bundle_refuse(err, path, _("it is an empty folder")));
}

/* Takes over the descriptor. */
static bool folder_walk(int folder, const char *prefix, unsigned depth, struct manifest *ret,
                        struct error *err)
{
    DIR *entries = fdopendir(folder);
    if (entries == NULL) {
        close(folder);
        return bundle_refuse(err, prefix, strerror(errno));
    }
    bool ok = true;
    errno = 0;
    for (const struct dirent *entry = readdir(entries); ok && entry != NULL;
         entry = ok ? readdir(entries) : NULL) {
        if (!text_equal(entry->d_name, ".") && !text_equal(entry->d_name, "..")) {
            ok = entry_take(folder, entry->d_name, prefix, depth, ret, err);
            errno = 0;
        }
    }
    if (ok && errno != 0) {
        ok = bundle_refuse(err, prefix, strerror(errno));
    }
    closedir(entries);
    return ok;
}

bool bundle_folder_list(int folder, struct manifest *ret, struct error *err)
{
    /* A descriptor of its own: walking moves and closes it. */
    int own = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (own < 0) {
        return bundle_refuse(err, ".", strerror(errno));
    }
    if (!folder_walk(own, "", 0, ret, err)) {
        return false;
    }
    manifest_sort(ret);
    return true;
}
