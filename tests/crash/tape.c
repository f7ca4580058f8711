#include "tests/crash/tape.h"

#include "tests/support/check.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NAMES_MAX 64

/* The names as they are now, beside the tape that runs. */
static struct tape *running;
static struct {
    char name[64];
    int file; /* -1: a folder */
} now[NAMES_MAX];
static size_t names;

void (*tape_before_op)(void);

static struct op *tape_next(enum op_kind kind)
{
    if (running->count == running->room) {
        running->room = running->room == 0 ? 1024 : running->room * 2;
        running->op = realloc(running->op, running->room * sizeof *running->op);
        assert_non_null(running->op);
    }
    struct op *op = &running->op[running->count++];
    *op = (struct op){.kind = kind, .file = -1};
    return op;
}

static void name_copy(char ret[static 64], const char *name)
{
    if (strlen(name) >= 64) {
        fail_msg("the name %s is too long for the tape", name);
    }
    strcpy(ret, name);
}

static void name_set(const char *name, int file)
{
    if (names == NAMES_MAX) {
        fail_msg("more than %d names on the tape", NAMES_MAX);
    }
    name_copy(now[names].name, name);
    now[names++].file = file;
}

static size_t name_find(const char *name)
{
    size_t i = 0;
    while (i < names && strcmp(now[i].name, name) != 0) {
        i++;
    }
    return i;
}

static void name_remove(const char *name)
{
    size_t i = name_find(name);
    if (i < names) {
        now[i] = now[--names];
    }
}

void tape_note(enum op_kind kind, int file, const char *name, const char *other_name,
               uint64_t offset)
{
    if (running == NULL) {
        return;
    }
    struct op *op = tape_next(kind);
    op->file = file;
    op->offset = offset;
    name_copy(op->name, name);
    name_copy(op->other_name, other_name);
    if (kind == OP_CREATE || kind == OP_LINK || kind == OP_MAKE_FOLDER) {
        name_set(name, file);
    } else if (kind == OP_UNLINK) {
        name_remove(name);
    } else if (kind == OP_RENAME) {
        int moved = tape_file(name);
        name_remove(name);
        name_remove(other_name);
        name_set(other_name, moved);
    }
}

void tape_write(int file, const void *bytes, size_t length, uint64_t offset)
{
    if (running == NULL) {
        return;
    }
    struct op *op = tape_next(OP_WRITE);
    op->file = file;
    op->offset = offset;
    op->length = length;
    op->bytes = malloc(length + 1);
    assert_non_null(op->bytes);
    memcpy(op->bytes, bytes, length);
}

int tape_create(const char *name)
{
    int file = running->files++;
    tape_note(OP_CREATE, file, name, "", 0);
    return file;
}

int tape_file(const char *name)
{
    size_t i = name_find(name);
    return i < names ? now[i].file : -1;
}

const char *tape_name(const char *path)
{
    size_t length = running == NULL ? 0 : strlen(running->root);
    if (running == NULL || strncmp(path, running->root, length) != 0 ||
        (path[length] != '/' && path[length] != '\0')) {
        return NULL;
    }
    return path[length] == '\0' ? "" : path + length + 1;
}

void tape_sync_folder_of(const char *name)
{
    char folder[64];
    name_copy(folder, name);
    char *slash = strrchr(folder, '/');
    *(slash == NULL ? folder : slash) = '\0';
    tape_note(OP_SYNC_FOLDER, -1, folder, "", 0);
}

void tape_mark(uint64_t how_far)
{
    tape_note(OP_MARK, -1, "", "", how_far);
}

static void take_in(const char *folder);

static void take_in_file(const char *path, const char *name, size_t size)
{
    int file = tape_create(name);
    uint8_t *bytes = malloc(size + 1);
    FILE *stream = fopen(path, "rbe");
    assert_non_null(stream);
    assert_int_equal(fread(bytes, 1, size, stream), size);
    fclose(stream);
    tape_write(file, bytes, size, 0);
    tape_note(OP_SYNC, file, "", "", 0);
    free(bytes);
}

static void take_in_entry(const char *folder, const char *entry)
{
    char name[400];
    char path[1200];
    struct stat status;
    (void)snprintf(name, sizeof name, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", entry);
    (void)snprintf(path, sizeof path, "%s/%s", running->root, name);
    assert_int_equal(stat(path, &status), 0);
    if (S_ISDIR(status.st_mode)) {
        tape_note(OP_MAKE_FOLDER, -1, name, "", 0);
        take_in(name);
    } else if (strstr(name, "-shm") == NULL) { /* shared memory: gone after a crash */
        take_in_file(path, name, (size_t)status.st_size);
    }
}

static void take_in(const char *folder)
{
    char path[1200];
    (void)snprintf(path, sizeof path, "%s/%s", running->root, folder);
    DIR *stream = opendir(path);
    assert_non_null(stream);
    for (struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
        if (entry->d_name[0] != '.') {
            take_in_entry(folder, entry->d_name);
        }
    }
    closedir(stream);
    tape_note(OP_SYNC_FOLDER, -1, folder, "", 0);
}

void tape_start(struct tape *tape, const char *root)
{
    *tape = (struct tape){.files = 0};
    (void)snprintf(tape->root, sizeof tape->root, "%s", root);
    assert_null(running);
    running = tape;
    names = 0;
    take_in("");
}

void tape_stop(void)
{
    running = NULL;
}

void tape_release(struct tape *tape)
{
    for (size_t i = 0; i < tape->count; i++) {
        free(tape->op[i].bytes);
    }
    free(tape->op);
    *tape = (struct tape){.files = 0};
}
