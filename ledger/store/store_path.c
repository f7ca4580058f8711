#include "ledger/store/store_sqlite.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Locks and shared memory do not work, or work only on paper, where the file is another machine's.
 * FUSE cannot be told apart from the network behind it. */
static const uint32_t remote_magic[] = {
    NFS_SUPER_MAGIC,   SMB_SUPER_MAGIC,  CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC, NCP_SUPER_MAGIC,
    CODA_SUPER_MAGIC,  AFS_SUPER_MAGIC,  AFS_FS_MAGIC,     CEPH_SUPER_MAGIC, V9FS_MAGIC,
    OCFS2_SUPER_MAGIC, FUSE_SUPER_MAGIC, 0x0bd00bd0, /* Lustre */
    0x01161970,                                      /* GFS2 */
    0x47504653,                                      /* GPFS */
    0x19830326,                                      /* BeeGFS */
    0x786f4256,                                      /* shared folder of VirtualBox */
    0xbacbacbc,                                      /* shared folder of VMware */
};

bool file_system_is_remote(uint32_t magic)
{
    for (size_t i = 0; i < COUNT_OF(remote_magic); i++) {
        if (remote_magic[i] == magic) {
            return true;
        }
    }
    return false;
}

static char *text_joined(const char *first, const char *second, const char *third)
{
    size_t size = strlen(first) + strlen(second) + strlen(third) + 1;
    char *joined = alloc_zeroed(size, 1);
    (void)snprintf(joined, size, "%s%s%s", first, second, third);
    return joined;
}

/* Of an absolute path; free() it. */
static char *folder_of(const char *path)
{
    char *folder = alloc_text(path);
    char *slash = strrchr(folder, '/');
    assert(slash != NULL);
    slash[slash == folder ? 1 : 0] = '\0';
    return folder;
}

static bool refuse_missing(const char *path, struct error *err)
{
    (void)error_set(err, FAULT_STORE, "store.not-found", _("there is no book “%s”: %s"), path,
                    strerror(errno));
    return error_next(err, _("name the folder of the book with --book or YICANG_BOOK, or make a "
                             "book with `yicang book init`"));
}

/* The folder in front of the name, as written; free() it. */
static char *folder_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return alloc_text(".");
    }
    char *folder = alloc_text(path);
    folder[slash == path ? 1 : slash - path] = '\0';
    return folder;
}

/* The folder without links or dots, and the file's own name behind it; NULL when there is none. */
static char *path_make_absolute(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    char absolute[PATH_MAX];

    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        errno = EISDIR;
        refuse_missing(path, err);
        return NULL;
    }
    char *folder = folder_part(path);
    bool found = realpath(folder, absolute) != NULL;
    free(folder);
    if (!found) {
        refuse_missing(path, err);
        return NULL;
    }
    return text_joined(absolute, strcmp(absolute, "/") == 0 ? "" : "/", name);
}

static bool path_exists(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

/* A log or journal left by another database of that name would be played into the new book. */
static bool check_nothing_there(const char *path, struct error *err)
{
    static const char *const ending[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT_OF(ending); i++) {
        char *name = text_joined(path, ending[i], "");
        bool there = path_exists(name);
        if (there) {
            error_set(err, FAULT_STORE, "store.exists", _("the file “%s” exists already"), name);
        }
        free(name);
        if (there) {
            return false;
        }
    }
    return true;
}

static bool check_plain_file(const char *path, struct error *err)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        return refuse_missing(path, err);
    }
    if (S_ISLNK(status.st_mode)) {
        error_set(err, FAULT_STORE, "store.link", _("the book “%s” is a symbolic link"), path);
        return error_next(err, _("name the file itself, not a link to it"));
    }
    if (!S_ISREG(status.st_mode)) {
        return error_set(err, FAULT_STORE, "store.not-a-book",
                         _("“%s” is not a book: it is not a regular file"), path);
    }
    if (status.st_nlink > 1) {
        error_set(err, FAULT_STORE, "store.link",
                  _("the book “%s” has %lu names: under another one its log would not be found"),
                  path, (unsigned long)status.st_nlink);
        return error_next(err, _("remove the other names (hard links) of the file"));
    }
    return true;
}

static bool check_local(const char *path, struct error *err)
{
    char *folder = folder_of(path);
    struct statfs status;
    int failed = statfs(folder, &status);
    free(folder);
    if (failed != 0) {
        return refuse_missing(path, err);
    }
    if (file_system_is_remote((uint32_t)status.f_type)) {
        error_set(err, FAULT_STORE, "store.network-file-system",
                  _("the book “%s” stands on a network file system (type %#x), which cannot lock "
                    "it safely"),
                  path, (unsigned int)status.f_type);
        return error_next(err, _("keep the book on a disk of this machine"));
    }
    return true;
}

bool store_path_resolve(const char *path, enum store_mode mode, char **ret, struct error *err)
{
    char *absolute = path_make_absolute(path, err);
    if (absolute == NULL) {
        return false;
    }
    bool ok = true;
    if (strlen(absolute) > STORE_PATH_MAX) {
        ok = error_set(err, FAULT_STORE, "store.io", _("the path of the book “%s” is too long"),
                       path) ||
             error_limit(err, _("at most %d bytes"), STORE_PATH_MAX);
    }
    ok = ok && check_local(absolute, err) &&
         (store_mode_is_new(mode) ? check_nothing_there(absolute, err)
                                  : check_plain_file(absolute, err));
    if (!ok) {
        free(absolute);
        return false;
    }
    *ret = absolute;
    return true;
}

static bool refuse_file(const char *path, struct error *err)
{
    switch (errno) {
    case EEXIST:
        return error_set(err, FAULT_STORE, "store.exists", _("the file “%s” exists already"), path);
    case ENOSPC:
    case EDQUOT:
        return error_set(err, FAULT_STORE, "store.full",
                         _("no space is left for the book “%s”: %s"), path, strerror(errno));
    case EACCES:
    case EPERM:
    case EROFS:
        return error_set(err, FAULT_STORE, "store.read-only",
                         _("the book “%s” cannot be written: %s"), path, strerror(errno));
    default:
        return error_set(err, FAULT_STORE, "store.io",
                         _("a file of the book “%s” cannot be opened: %s"), path, strerror(errno));
    }
}

bool store_file_create(const char *path, struct error *err)
{
    int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0660);
    if (file < 0 || close(file) != 0) {
        return refuse_file(path, err);
    }
    return true;
}

bool store_folder_sync(const char *path, struct error *err)
{
    char *folder = folder_of(path);
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = file >= 0 && fsync(file) == 0;
    if (!ok) {
        refuse_file(path, err);
    }
    if (file >= 0) {
        close(file);
    }
    free(folder);
    return ok;
}

void store_files_remove(const char *path)
{
    static const char *const ending[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT_OF(ending); i++) {
        char *name = text_joined(path, ending[i], "");
        unlink(name);
        free(name);
    }
}

/* Permission bits, not access(): the superuser of one command is not the only process that runs. */
static bool nobody_may_write(const char *path)
{
    struct statvfs mount;
    if (statvfs(path, &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0) {
        return true;
    }
    char *folder = folder_of(path);
    const mode_t writable = S_IWUSR | S_IWGRP | S_IWOTH;
    struct stat file;
    struct stat around;
    bool frozen = stat(path, &file) == 0 && stat(folder, &around) == 0 &&
                  (file.st_mode & writable) == 0 && (around.st_mode & writable) == 0;
    free(folder);
    return frozen;
}

bool store_file_is_frozen(const char *path)
{
    char *log = text_joined(path, "-wal", "");
    struct stat status;
    bool log_is_empty = stat(log, &status) != 0 ? errno == ENOENT : status.st_size == 0;
    free(log);
    return log_is_empty && nobody_may_write(path);
}

char *store_immutable_uri(const char *path)
{
    static const char digit[] = "0123456789abcdef";
    size_t length = strlen(path);
    char *escaped = alloc_zeroed(length * 3 + 1, 1);
    size_t at = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)path[i];
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                     (byte >= '0' && byte <= '9') || byte == '/' || byte == '-' || byte == '.';
        if (plain) {
            escaped[at++] = (char)byte;
        } else {
            escaped[at++] = '%';
            escaped[at++] = digit[byte >> 4];
            escaped[at++] = digit[byte & 15];
        }
    }
    char *uri = text_joined("file://", escaped, "?immutable=1");
    free(escaped);
    return uri;
}
