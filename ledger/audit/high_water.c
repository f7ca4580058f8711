#include "ledger/audit/high_water.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "ledger/audit/mark_file.h"
#include "ledger/base/text.h"

#define LINE_SIZE 192 /* the longest line with its LF, and a little more */
/* What may stand unsynced at the end, and be torn or missing in the middle after a power cut: the
 * lines of 100 ms. Nearly always the first look finds the last line whole. */
#define TAIL_MAX ((size_t)64 << 10)
#define TAIL_FIRST_LOOK ((size_t)512)

static bool line_parse(struct span line, struct log_tip *ret)
{
    struct span rest = line;
    struct span size;
    char checksum[MARK_CHECKSUM_SIZE];
    if (!span_take_word(&rest, &size) || !span_decimal(size, &ret->size) ||
        !span_take_hash(&rest, &ret->root) || !span_take_hash(&rest, &ret->leaf_hash)) {
        return false;
    }
    mark_checksum(line.start, (size_t)(rest.start - 1 - line.start), checksum);
    return span_is(rest, checksum);
}

static size_t line_format(const struct log_tip *tip, char line[static LINE_SIZE])
{
    char root[SHA256_HEX_SIZE];
    char leaf[SHA256_HEX_SIZE];
    char checksum[MARK_CHECKSUM_SIZE];
    int length = snprintf(line, LINE_SIZE, "%" PRIu64 " %s %s", tip->size,
                          hex_format(tip->root.byte, SHA256_SIZE, root),
                          hex_format(tip->leaf_hash.byte, SHA256_SIZE, leaf));
    mark_checksum(line, (size_t)length, checksum);
    return (size_t)length +
           (size_t)snprintf(line + length, LINE_SIZE - (size_t)length, " %s\n", checksum);
}

static bool refuse_damaged(const char *path, struct error *err)
{
    error_set(err, FAULT_INTEGRITY, "book.head-damaged",
              _("no line at the end of the high-water file %s can be read: the file is damaged"),
              path);
    return error_next(err, _("Verify the book against a backup or the witness's checkpoint."));
}

static bool refuse_write(const char *path, int number, struct error *err)
{
    (void)error_set(err, FAULT_STORE, "head.write",
                    _("the high-water file %s cannot be written: %s"), path, strerror(number));
    return error_next(err,
                      _("Make room on the disk or mend it, and send the same command again: what "
                        "it wrote already is not done twice."));
}

/* The last whole line of the tail. The first piece may have lost its beginning; it is none then. */
static bool find_line(const char *tail, size_t length, struct log_tip *ret)
{
    size_t end = length;
    bool found = false;

    while (end > 0 && !found) {
        size_t start = end - 1;
        while (start > 0 && tail[start - 1] != '\n') {
            start--;
        }
        bool whole = tail[end - 1] == '\n';
        found = whole && line_parse((struct span){tail + start, end - 1 - start}, ret);
        end = start;
    }
    return found;
}

static bool look_at_tail(int file, char *tail, size_t size, struct log_tip *ret, bool *ret_torn)
{
    off_t end = lseek(file, 0, SEEK_END);
    off_t from = end > (off_t)size ? end - (off_t)size : 0;
    ssize_t got = end < 0 ? -1 : pread(file, tail, size, from);
    size_t length = got > 0 ? (size_t)got : 0;

    *ret_torn = length > 0 && tail[length - 1] != '\n';
    return find_line(tail, length, ret);
}

/* The last line that is whole. What a power cut left behind it, torn or in the middle of nothing,
 * was never synced, and the head beside the book and the book itself are compared with the rest.
 * *ret_torn: the file does not end with a line's end. */
static bool last_line(const char *path, int file, struct log_tip *ret, bool *ret_torn,
                      struct error *err)
{
    char tail[TAIL_MAX];

    return look_at_tail(file, tail, TAIL_FIRST_LOOK, ret, ret_torn) ||
           look_at_tail(file, tail, sizeof tail, ret, ret_torn) || refuse_damaged(path, err);
}

static bool begin(int file, const struct log_tip *tip)
{
    char line[LINE_SIZE];
    return file_write_all(file, line, line_format(tip, line));
}

bool high_water_read(const char *path, struct head *ret, struct error *err)
{
    bool torn = false;
    *ret = (struct head){0};
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 && errno == ENOENT) {
        return true;
    }
    if (file < 0) {
        return error_set(err, FAULT_STORE, "store.io",
                         _("the high-water file %s cannot be read: %s"), path, strerror(errno));
    }
    (void)flock(file, LOCK_SH);
    ret->present = last_line(path, file, &ret->tip, &torn, err);
    (void)close(file);
    return ret->present;
}

/* Under the lock. */
static bool advance(const char *path, int file, const struct log_tip *tip, struct error *err)
{
    char line[LINE_SIZE + 1] = "\n";
    struct log_tip last = {0};
    bool torn = false;

    if (!last_line(path, file, &last, &torn, err)) {
        return false;
    }
    if (last.size >= tip->size) {
        return true;
    }
    size_t length = line_format(tip, line + 1);
    const char *from = torn ? line : line + 1;
    return file_write_all(file, from, torn ? length + 1 : length) || refuse_write(path, errno, err);
}

static const struct mark_kind high_water_kind = {O_RDWR | O_APPEND, begin, advance, refuse_write};

bool high_water_create(const char *path, const struct log_tip *tip, struct error *err)
{
    return mark_create(&high_water_kind, path, tip, err);
}

bool high_water_append(const char *path, struct kept_file *kept, const struct log_tip *tip,
                       bool sync, struct error *err)
{
    return mark_write(&high_water_kind, path, kept, tip, sync, err);
}
