#include "tests/crash/disk.h"

#include "tests/support/check.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512
#define NAMES_MAX 64
#define PATH_SIZE 1200

const char *const cut_name[CUT_KINDS] = {"kept",      "dropped", "subset",
                                         "reordered", "garbled", "torn"};

struct content {
    uint8_t *bytes;
    size_t size;
    size_t room;
};

/* Indexes of operations. */
struct list {
    size_t *at;
    size_t count;
    size_t room;
};

struct file {
    struct content synced;
    struct list pending; /* writes and truncations since */
};

struct names {
    struct {
        char name[64];
        int file; /* -1: a folder */
    } entry[NAMES_MAX];
    size_t count;
};

struct disk {
    const struct tape *tape;
    size_t played;
    struct file *file;
    struct names synced;
    struct list pending; /* changes of names since */
};

/* --- contents --------------------------------------------------------------------------------- */

static void content_resize(struct content *content, size_t size)
{
    if (size > content->room) {
        content->room = size + size / 2;
        content->bytes = realloc(content->bytes, content->room);
        assert_non_null(content->bytes);
    }
    if (size > content->size) {
        memset(content->bytes + content->size, 0, size - content->size);
    }
    content->size = size;
}

static void content_write(struct content *content, uint64_t offset, const uint8_t *bytes,
                          size_t length)
{
    if (offset + length > content->size) {
        content_resize(content, offset + length);
    }
    if (length > 0) {
        memcpy(content->bytes + offset, bytes, length);
    }
}

static void content_apply(struct content *content, const struct op *op)
{
    if (op->kind == OP_TRUNCATE) {
        content_resize(content, op->offset);
    } else {
        content_write(content, op->offset, op->bytes, op->length);
    }
}

static void list_add(struct list *list, size_t op)
{
    if (list->count == list->room) {
        list->room = list->room == 0 ? 64 : 2 * list->room;
        list->at = realloc(list->at, list->room * sizeof *list->at);
        assert_non_null(list->at);
    }
    list->at[list->count++] = op;
}

/* --- names ------------------------------------------------------------------------------------ */

static void names_remove(struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->entry[i].name, name) == 0) {
            names->entry[i] = names->entry[--names->count];
            return;
        }
    }
}

static int names_find(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->entry[i].name, name) == 0) {
            return names->entry[i].file;
        }
    }
    return -1;
}

static void names_set(struct names *names, const char *name, int file)
{
    names_remove(names, name);
    assert_true(names->count < NAMES_MAX);
    (void)snprintf(names->entry[names->count].name, sizeof names->entry[0].name, "%s", name);
    names->entry[names->count++].file = file;
}

static void names_apply(struct names *names, const struct op *op)
{
    if (op->kind == OP_UNLINK) {
        names_remove(names, op->name);
    } else if (op->kind == OP_RENAME) {
        int file = names_find(names, op->name);
        names_remove(names, op->name);
        names_set(names, op->other_name, file);
    } else {
        names_set(names, op->name, op->file);
    }
}

/* Whether the name stands directly in the folder. */
static bool stands_in(const char *name, const char *folder)
{
    size_t length = strlen(folder);
    const char *rest = name;
    if (length > 0) {
        if (strncmp(name, folder, length) != 0 || name[length] != '/') {
            return false;
        }
        rest = name + length + 1;
    }
    return strchr(rest, '/') == NULL;
}

static bool has_folder(const struct names *names, const char *name)
{
    char folder[64];
    (void)snprintf(folder, sizeof folder, "%s", name);
    char *slash = strrchr(folder, '/');
    if (slash == NULL) {
        return true;
    }
    *slash = '\0';
    for (size_t i = 0; i < names->count; i++) {
        if (names->entry[i].file < 0 && strcmp(names->entry[i].name, folder) == 0) {
            return has_folder(names, folder);
        }
    }
    return false;
}

/* --- the disk --------------------------------------------------------------------------------- */

struct disk *disk_new(const struct tape *tape)
{
    struct disk *disk = calloc(1, sizeof *disk);
    assert_non_null(disk);
    disk->tape = tape;
    disk->file = calloc((size_t)tape->files + 1, sizeof *disk->file);
    assert_non_null(disk->file);
    return disk;
}

struct disk *disk_free(struct disk *disk)
{
    for (int i = 0; i < disk->tape->files; i++) {
        free(disk->file[i].synced.bytes);
        free(disk->file[i].pending.at);
    }
    free(disk->file);
    free(disk->pending.at);
    free(disk);
    return NULL;
}

static void sync_file(struct disk *disk, struct file *file)
{
    for (size_t i = 0; i < file->pending.count; i++) {
        content_apply(&file->synced, &disk->tape->op[file->pending.at[i]]);
    }
    file->pending.count = 0;
}

static void sync_folder(struct disk *disk, const char *folder)
{
    struct list left = {0};
    for (size_t i = 0; i < disk->pending.count; i++) {
        const struct op *op = &disk->tape->op[disk->pending.at[i]];
        if (stands_in(op->name, folder)) {
            names_apply(&disk->synced, op);
        } else {
            list_add(&left, disk->pending.at[i]);
        }
    }
    free(disk->pending.at);
    disk->pending = left;
}

static void play(struct disk *disk, size_t number)
{
    const struct op *op = &disk->tape->op[number];
    switch (op->kind) {
    case OP_CREATE:
    case OP_LINK:
    case OP_MAKE_FOLDER:
    case OP_UNLINK:
    case OP_RENAME:
        list_add(&disk->pending, number);
        break;
    case OP_WRITE:
    case OP_TRUNCATE:
        list_add(&disk->file[op->file].pending, number);
        break;
    case OP_SYNC:
        sync_file(disk, &disk->file[op->file]);
        break;
    case OP_SYNC_FOLDER:
        sync_folder(disk, op->name);
        break;
    case OP_MARK:
        break;
    }
}

void disk_play_to(struct disk *disk, size_t op)
{
    while (disk->played < op) {
        play(disk, disk->played++);
    }
}

/* --- the cut ---------------------------------------------------------------------------------- */

static bool toss(struct random_source *random)
{
    return (random_next(random) >> 20 & 1) != 0;
}

static void apply_torn(struct content *content, const struct op *op, bool last,
                       struct random_source *random)
{
    bool whole = !last && toss(random);
    size_t length = op->length;
    if (op->kind == OP_TRUNCATE || whole) {
        content_apply(content, op);
        return;
    }
    for (size_t at = 0; at < length;) {
        size_t sector_end = ((op->offset + at) / SECTOR + 1) * SECTOR;
        size_t part = sector_end - (op->offset + at);
        part = part < length - at ? part : length - at;
        if (toss(random)) {
            content_write(content, op->offset + at, op->bytes + at, part);
        }
        at += part;
    }
}

/* Noise from the last boundary of a sector inside the write to its end. What stood in that sector
 * before the write stays: disks and SQLite promise each other that (powersafe overwrite). */
static void garble(struct content *content, const struct op *op, struct random_source *random)
{
    uint64_t end = op->offset + op->length;
    uint64_t start = (end - 1) / SECTOR * SECTOR;
    start = start < op->offset ? op->offset : start;
    for (uint64_t at = start; at < end && at < content->size; at++) {
        content->bytes[at] = (uint8_t)random_next(random);
    }
}

static void shuffle(struct list *list, struct random_source *random)
{
    for (size_t i = list->count; i > 1; i--) {
        size_t j = (size_t)random_between(random, 0, (int64_t)i - 1);
        size_t kept = list->at[i - 1];
        list->at[i - 1] = list->at[j];
        list->at[j] = kept;
    }
}

static void apply_reordered(const struct disk *disk, const struct file *file,
                            struct content *content, struct random_source *random)
{
    struct list order = {0};
    for (size_t i = 0; i < file->pending.count; i++) {
        list_add(&order, file->pending.at[i]);
    }
    shuffle(&order, random);
    size_t done = (size_t)random_between(random, 0, (int64_t)order.count);
    for (size_t i = 0; i < done; i++) {
        content_apply(content, &disk->tape->op[order.at[i]]);
    }
    free(order.at);
}

static void apply_pending(const struct disk *disk, const struct file *file, enum power_cut cut,
                          size_t last_write, struct content *content, struct random_source *random)
{
    if (cut == CUT_REORDERED) {
        apply_reordered(disk, file, content, random);
        return;
    }
    for (size_t i = 0; i < file->pending.count && cut != CUT_DROPPED; i++) {
        size_t number = file->pending.at[i];
        const struct op *op = &disk->tape->op[number];
        if (cut == CUT_TORN) {
            apply_torn(content, op, number == last_write, random);
        } else if (cut != CUT_SUBSET || toss(random)) {
            content_apply(content, op);
        }
        if (cut == CUT_GARBLED && number == last_write) {
            garble(content, op, random);
        }
    }
}

static void put_file(const char *path, const struct content *content)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || write(file, content->bytes, content->size) != (ssize_t)content->size ||
        close(file) != 0) {
        fail_msg("%s cannot be written", path);
    }
}

/* Changes of names reach the disk in their order: file systems keep a journal of them. */
static struct names names_left(const struct disk *disk, enum power_cut cut,
                               struct random_source *random)
{
    struct names names = disk->synced;
    size_t done = disk->pending.count;
    if (cut == CUT_DROPPED) {
        done = 0;
    } else if (cut != CUT_KEPT) {
        done = (size_t)random_between(random, 0, (int64_t)done);
    }
    for (size_t i = 0; i < done; i++) {
        names_apply(&names, &disk->tape->op[disk->pending.at[i]]);
    }
    return names;
}

static size_t last_pending_write(const struct disk *disk)
{
    size_t last = SIZE_MAX;
    for (int f = 0; f < disk->tape->files; f++) {
        const struct list *pending = &disk->file[f].pending;
        for (size_t i = 0; i < pending->count; i++) {
            bool is_write = disk->tape->op[pending->at[i]].kind == OP_WRITE;
            if (is_write && (last == SIZE_MAX || pending->at[i] > last)) {
                last = pending->at[i];
            }
        }
    }
    return last;
}

static int by_length(const void *a, const void *b)
{
    size_t first = strlen(a);
    size_t second = strlen(b);
    return first < second ? -1 : first > second;
}

void disk_cut(const struct disk *disk, enum power_cut cut, struct random_source *random,
              const char *folder)
{
    struct names names = names_left(disk, cut, random);
    size_t last = last_pending_write(disk);
    struct content content = {0};
    char path[PATH_SIZE];

    disk_wipe(folder);
    /* A folder comes before what stands in it. */
    qsort(names.entry, names.count, sizeof names.entry[0], by_length);
    for (size_t i = 0; i < names.count; i++) {
        int number = names.entry[i].file;
        (void)snprintf(path, sizeof path, "%s/%s", folder, names.entry[i].name);
        if (!has_folder(&names, names.entry[i].name)) {
            continue;
        }
        if (number < 0) {
            assert_int_equal(mkdir(path, 0700), 0);
            continue;
        }
        const struct file *file = &disk->file[number];
        content.size = 0;
        content_write(&content, 0,
                      file->synced.bytes == NULL ? (const uint8_t *)"" : file->synced.bytes,
                      file->synced.size);
        apply_pending(disk, file, cut, last, &content, random);
        put_file(path, &content);
    }
    free(content.bytes);
}

void disk_wipe(const char *folder)
{
    char path[PATH_SIZE];
    DIR *stream = opendir(folder);
    assert_non_null(stream);
    for (struct dirent *entry = readdir(stream); entry != NULL; entry = readdir(stream)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (unlink(path) != 0) {
            disk_wipe(path);
            assert_int_equal(rmdir(path), 0);
        }
    }
    closedir(stream);
}
