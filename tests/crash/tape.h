/* tape.h - everything a program did to the files below one folder, in order: what a power cut may
 * undo. Recorded through two seams, with nothing changed in the program:
 *
 *     book.db, -wal, -journal   a VFS put around SQLite's own (recording_vfs.c)
 *     head, keys, folders       open(), write(), fsync() and so on, wrapped by the linker
 *                               (recording_calls.c); SQLite is another library and does not pass
 *
 * Files are known by number: a name taken away and made again is another file. One tape runs at a
 * time. */
#ifndef YICANG_TESTS_CRASH_TAPE_H
#define YICANG_TESTS_CRASH_TAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum op_kind {
    OP_CREATE,      /* file gets name */
    OP_LINK,        /* the same, of a file that has a name */
    OP_MAKE_FOLDER, /* name */
    OP_UNLINK,      /* name, of a file or a folder */
    OP_RENAME,      /* name to other_name */
    OP_WRITE,       /* length bytes at offset of file */
    OP_TRUNCATE,    /* file to offset bytes */
    OP_SYNC,        /* file */
    OP_SYNC_FOLDER, /* name: the names in it */
    OP_MARK         /* the program has got as far as `offset`: not an operation of the disk */
};

struct op {
    enum op_kind kind;
    int file;
    char name[64]; /* below the root; "" is the root itself */
    char other_name[64];
    uint64_t offset;
    size_t length;
    uint8_t *bytes;
};

struct tape {
    struct op *op;
    size_t count;
    size_t room;
    int files; /* numbers given out */
    char root[512];
};

/* Begins with the files that stand below root now: they count as being on the disk. */
void tape_start(struct tape *tape, const char *root);
void tape_stop(void);
void tape_mark(uint64_t how_far);
void tape_release(struct tape *tape);

/* Syncs are recorded, but not made while this is set: a test that rebuilds the disk itself gains
 * nothing from them. SYNCS_LOST: neither made nor recorded for the files of the database, as by a
 * disk that acknowledges a flush and forgets it. */
enum sync_mode { SYNCS_MADE, SYNCS_SPARED, SYNCS_LOST };
void recording_syncs(enum sync_mode mode);
enum sync_mode recording_sync_mode(void);

/* Puts the VFS around SQLite's. Before any book is opened. */
void recording_vfs_register(void);

/* For the seams: name of a path below the root of the running tape, NULL if it is outside or no
 * tape runs; number of the file that has this name now, -1 if none. */
const char *tape_name(const char *path);
int tape_file(const char *name);
int tape_create(const char *name);
void tape_write(int file, const void *bytes, size_t length, uint64_t offset);
void tape_note(enum op_kind kind, int file, const char *name, const char *other_name,
               uint64_t offset);
void tape_sync_folder_of(const char *name);

/* Called before each operation that changes a file or syncs it, with a count; NULL: nobody. */
extern void (*tape_before_op)(void);

#endif
