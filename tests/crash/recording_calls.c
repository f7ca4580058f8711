/* recording_calls.c - the system calls of our own code that change files, wrapped by the linker. */
#include "tests/crash/tape.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define DESCRIPTORS_MAX 1024

/* What an open descriptor stands for. */
static struct {
    enum { NOTHING, A_FILE, A_FOLDER } what;
    int file;
    char name[64];
} opened[DESCRIPTORS_MAX];

#define REAL(result, name, ...)                                                                    \
    result __real_##name(__VA_ARGS__);                                                             \
    result __wrap_##name(__VA_ARGS__)

REAL(int, open, const char *path, int flags, ...);
REAL(int, close, int file);
REAL(ssize_t, write, int file, const void *bytes, size_t length);
REAL(ssize_t, pwrite, int file, const void *bytes, size_t length, off_t offset);
REAL(int, ftruncate, int file, off_t length);
REAL(int, fsync, int file);
REAL(int, fdatasync, int file);
REAL(int, unlink, const char *path);
REAL(int, rename, const char *from, const char *to);
REAL(int, link, const char *from, const char *to);
REAL(int, mkdir, const char *path, mode_t mode);
REAL(int, rmdir, const char *path);

static void before_op(void)
{
    if (tape_before_op != NULL) {
        tape_before_op();
    }
}

static bool is_folder(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
}

int __wrap_open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    const char *name = tape_name(path);
    bool existed = access(path, F_OK) == 0;
    int file = __real_open(path, flags, mode);
    if (file < 0 || file >= DESCRIPTORS_MAX || name == NULL) {
        return file;
    }
    opened[file].what = is_folder(file) ? A_FOLDER : A_FILE;
    (void)snprintf(opened[file].name, sizeof opened[file].name, "%s", name);
    opened[file].file = existed ? tape_file(name) : tape_create(name);
    if (existed && (flags & O_TRUNC) != 0) {
        tape_note(OP_TRUNCATE, opened[file].file, "", "", 0);
    }
    return file;
}

int __wrap_close(int file)
{
    if (file >= 0 && file < DESCRIPTORS_MAX) {
        opened[file].what = NOTHING;
    }
    return __real_close(file);
}

static bool is_recorded(int file)
{
    return file >= 0 && file < DESCRIPTORS_MAX && opened[file].what == A_FILE &&
           tape_file(opened[file].name) == opened[file].file;
}

ssize_t __wrap_pwrite(int file, const void *bytes, size_t length, off_t offset)
{
    before_op();
    ssize_t written = __real_pwrite(file, bytes, length, offset);
    if (written > 0 && is_recorded(file)) {
        tape_write(opened[file].file, bytes, (size_t)written, (uint64_t)offset);
    }
    return written;
}

ssize_t __wrap_write(int file, const void *bytes, size_t length)
{
    before_op();
    ssize_t written = __real_write(file, bytes, length);
    if (written > 0 && is_recorded(file)) {
        /* Where it went, also when appending. */
        off_t end = lseek(file, 0, SEEK_CUR);
        tape_write(opened[file].file, bytes, (size_t)written, (uint64_t)(end - written));
    }
    return written;
}

int __wrap_ftruncate(int file, off_t length)
{
    before_op();
    int result = __real_ftruncate(file, length);
    if (result == 0 && is_recorded(file)) {
        tape_note(OP_TRUNCATE, opened[file].file, "", "", (uint64_t)length);
    }
    return result;
}

static void note_sync(int file)
{
    if (is_recorded(file)) {
        tape_note(OP_SYNC, opened[file].file, "", "", 0);
    } else if (file >= 0 && file < DESCRIPTORS_MAX && opened[file].what == A_FOLDER) {
        tape_note(OP_SYNC_FOLDER, -1, opened[file].name, "", 0);
    }
}

int __wrap_fsync(int file)
{
    before_op();
    note_sync(file);
    return recording_sync_mode() == SYNCS_MADE ? __real_fsync(file) : 0;
}

int __wrap_fdatasync(int file)
{
    before_op();
    note_sync(file);
    return recording_sync_mode() == SYNCS_MADE ? __real_fdatasync(file) : 0;
}

static int note_gone(int result, const char *path)
{
    const char *name = tape_name(path);
    if (result == 0 && name != NULL) {
        tape_note(OP_UNLINK, -1, name, "", 0);
    }
    return result;
}

int __wrap_unlink(const char *path)
{
    before_op();
    return note_gone(__real_unlink(path), path);
}

int __wrap_rmdir(const char *path)
{
    before_op();
    return note_gone(__real_rmdir(path), path);
}

int __wrap_mkdir(const char *path, mode_t mode)
{
    const char *name = tape_name(path);
    before_op();
    int result = __real_mkdir(path, mode);
    if (result == 0 && name != NULL) {
        tape_note(OP_MAKE_FOLDER, -1, name, "", 0);
    }
    return result;
}

int __wrap_rename(const char *from, const char *to)
{
    before_op();
    int result = __real_rename(from, to);
    const char *name = tape_name(from);
    const char *other_name = tape_name(to);
    if (result == 0 && name != NULL && other_name != NULL) {
        tape_note(OP_RENAME, -1, name, other_name, 0);
    }
    return result;
}

int __wrap_link(const char *from, const char *to)
{
    before_op();
    int result = __real_link(from, to);
    const char *name = tape_name(from);
    const char *other_name = tape_name(to);
    if (result == 0 && name != NULL && other_name != NULL) {
        tape_note(OP_LINK, tape_file(name), other_name, "", 0);
    }
    return result;
}
