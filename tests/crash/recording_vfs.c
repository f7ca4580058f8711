/* recording_vfs.c - SQLite's own VFS with an ear at each write, truncation, sync and removal. */
#include "tests/crash/tape.h"

#include "tests/support/check.h"

#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

struct recorded_file {
    sqlite3_file base;
    int file;          /* on the tape; -1: not recorded */
    bool folder_sync;  /* the first sync also syncs the folder, as SQLite's does for a new log */
    char name[64];     /* below the root */
    sqlite3_file *own; /* SQLite's, behind this struct */
};

static sqlite3_vfs *original;
static sqlite3_vfs recording;
static enum sync_mode syncs;

void recording_syncs(enum sync_mode mode)
{
    syncs = mode;
}

enum sync_mode recording_sync_mode(void)
{
    return syncs;
}

static struct recorded_file *recorded(sqlite3_file *file)
{
    return (struct recorded_file *)file;
}

static void before_op(void)
{
    if (tape_before_op != NULL) {
        tape_before_op();
    }
}

static int on_close(sqlite3_file *file)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xClose(own);
}

static int on_read(sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xRead(own, bytes, length, offset);
}

static int on_write(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
    struct recorded_file *f = recorded(file);
    before_op();
    int code = f->own->pMethods->xWrite(f->own, bytes, length, offset);
    if (code == SQLITE_OK && f->file >= 0) {
        tape_write(f->file, bytes, (size_t)length, (uint64_t)offset);
    }
    return code;
}

static int on_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct recorded_file *f = recorded(file);
    before_op();
    int code = f->own->pMethods->xTruncate(f->own, size);
    if (code == SQLITE_OK && f->file >= 0) {
        tape_note(OP_TRUNCATE, f->file, "", "", (uint64_t)size);
    }
    return code;
}

static int on_sync(sqlite3_file *file, int flags)
{
    struct recorded_file *f = recorded(file);
    before_op();
    if (f->file >= 0 && syncs != SYNCS_LOST) {
        tape_note(OP_SYNC, f->file, "", "", 0);
        if (f->folder_sync) {
            tape_sync_folder_of(f->name);
            f->folder_sync = false;
        }
    }
    return syncs == SYNCS_MADE ? f->own->pMethods->xSync(f->own, flags) : SQLITE_OK;
}

static int on_file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xFileSize(own, ret);
}

static int on_lock(sqlite3_file *file, int level)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xLock(own, level);
}

static int on_unlock(sqlite3_file *file, int level)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xUnlock(own, level);
}

static int on_check_lock(sqlite3_file *file, int *ret)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xCheckReservedLock(own, ret);
}

static int on_control(sqlite3_file *file, int what, void *argument)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xFileControl(own, what, argument);
}

static int on_sector_size(sqlite3_file *file)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xSectorSize(own);
}

static int on_characteristics(sqlite3_file *file)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xDeviceCharacteristics(own);
}

static int on_map(sqlite3_file *file, int page, int size, int extend, void volatile **ret)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xShmMap(own, page, size, extend, ret);
}

static int on_map_lock(sqlite3_file *file, int offset, int count, int flags)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xShmLock(own, offset, count, flags);
}

static void on_map_barrier(sqlite3_file *file)
{
    sqlite3_file *own = recorded(file)->own;
    own->pMethods->xShmBarrier(own);
}

static int on_unmap(sqlite3_file *file, int remove)
{
    sqlite3_file *own = recorded(file)->own;
    return own->pMethods->xShmUnmap(own, remove);
}

/* Version 2: with shared memory for the log, without mapped files. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_file_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector_size,
    .xDeviceCharacteristics = on_characteristics,
    .xShmMap = on_map,
    .xShmLock = on_map_lock,
    .xShmBarrier = on_map_barrier,
    .xShmUnmap = on_unmap,
};

static void begin_recording(struct recorded_file *f, const char *path, int flags, bool existed)
{
    const int journals = SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
    const char *name = path == NULL ? NULL : tape_name(path);
    f->file = -1;
    if (name == NULL || (flags & (journals | SQLITE_OPEN_MAIN_DB)) == 0) {
        return;
    }
    if (strlen(name) >= sizeof f->name) {
        fail_msg("the name %s is too long for the tape", name);
    }
    strcpy(f->name, name);
    f->file = existed ? tape_file(name) : tape_create(name);
    f->folder_sync = !existed && (flags & journals) != 0;
}

static int on_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
                   int *ret_flags)
{
    struct recorded_file *f = recorded(file);
    bool existed = path != NULL && access(path, F_OK) == 0;
    (void)vfs;
    *f = (struct recorded_file){.own = (sqlite3_file *)(f + 1)};
    int code = original->xOpen(original, path, f->own, flags, ret_flags);
    if (f->own->pMethods != NULL) {
        f->base.pMethods = &methods;
    }
    if (code == SQLITE_OK) {
        begin_recording(f, path, flags, existed);
    }
    return code;
}

static int on_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
    const char *name = tape_name(path);
    (void)vfs;
    before_op();
    int code = original->xDelete(original, path, syncs == SYNCS_MADE ? sync_folder : 0);
    if (code == SQLITE_OK && name != NULL) {
        tape_note(OP_UNLINK, -1, name, "", 0);
        if (sync_folder != 0 && syncs != SYNCS_LOST) {
            tape_sync_folder_of(name);
        }
    }
    return code;
}

void recording_vfs_register(void)
{
    original = sqlite3_vfs_find(NULL);
    recording = *original;
    recording.zName = "recording";
    recording.szOsFile = (int)sizeof(struct recorded_file) + original->szOsFile;
    recording.xOpen = on_open;
    recording.xDelete = on_delete;
    assert_int_equal(sqlite3_vfs_register(&recording, 1), SQLITE_OK);
}
