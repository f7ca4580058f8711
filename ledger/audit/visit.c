#include "ledger/audit/visit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/audit/checkpoint_store.h"
#include "ledger/audit/file_write.h"
#include "ledger/audit/log_keys.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/audit/mark_file.h"
#include "ledger/base/text.h"

#define HEADER "yicang-visit/v1"
#define PATH_TEXT_MAX 4096
#define LOG_KEYS_MAX 16

/* The file ------------------------------------------------------------------------------------ */

static bool refuse_damaged(const char *path, const char *fact, struct error *err)
{
    (void)error_set(err, FAULT_INTEGRITY, "visit.damaged",
                    _("%s, which says how far you saw this book, is damaged: %s"), path, fact);
    return error_next(err,
                      _("Have the book verified against a checkpoint that somebody else kept. Then "
                        "move the file away, without deleting it: mv '%s' '%s.damaged'"),
                      path, path);
}

static bool refuse_unread(const char *path, int number, struct error *err)
{
    return error_set(err, FAULT_STORE, "visit.not-read",
                     _("%s, which says how far you saw this book, cannot be read: %s"), path,
                     strerror(number));
}

static bool read_all(int file, struct buffer *ret)
{
    char chunk[4096];
    ssize_t got = 0;

    while (!ret->overflowed && (got = read(file, chunk, sizeof chunk)) > 0) {
        buffer_add(ret, chunk, (size_t)got);
    }
    return got >= 0;
}

static bool is_nothing(const struct buffer *bytes)
{
    size_t at = 0;
    while (at < bytes->length && bytes->data[at] == '\0') {
        at++;
    }
    return at == bytes->length && !bytes->overflowed;
}

/* "<size> <hash> ...": as many hashes as a tree of that size has. */
static bool tree_parse(struct span line, struct merkle_range *ret)
{
    struct span word;
    struct span rest = line;

    merkle_range_init(ret);
    if (!span_take_word(&rest, &word) || !span_decimal(word, &ret->size) || ret->size == 0) {
        return false;
    }
    for (size_t i = 0; i < merkle_range_count(ret); i++) {
        if (!span_take_hash(&rest, &ret->hash[i])) {
            return false;
        }
    }
    return rest.length == 0 && line.start[line.length - 1] != ' ';
}

/* What stands behind the first line; *ret_head is the note at its end. */
static bool content_parse(struct line_reader *lines, struct visit *ret, struct span *ret_head)
{
    struct span at, tree;
    char time[INSTANT_TEXT_SIZE];
    bool ok = line_next_field(lines, "at", &at) && span_copy(at, time, sizeof time) &&
              instant_parse(time, &ret->at) && line_next_field(lines, "tree", &tree) &&
              tree_parse(tree, &ret->range) && line_next_is(lines, "");
    *ret_head = line_rest(lines);
    return ok;
}

static bool is_head_of(struct span bytes, const char *origin, const struct merkle_range *range)
{
    struct note note;
    struct checkpoint head;
    struct error ignored;
    struct sha256 root = merkle_range_root(range);

    return checkpoint_read(bytes.start, bytes.length, &note, &head, &ignored) &&
           text_equal(head.origin, origin) && head.size == range->size &&
           sha256_equal(&head.root, &root);
}

static bool visit_parse(const char *path, const char *origin, const struct buffer *bytes,
                        struct visit *ret, struct error *err)
{
    struct line_reader lines;
    struct span checksum, head;
    char real[MARK_CHECKSUM_SIZE];

    if (bytes->overflowed) {
        return refuse_damaged(path, _("it is too large"), err);
    }
    line_reader_init(&lines, bytes->data, bytes->length);
    if (!line_next_field(&lines, HEADER, &checksum)) {
        return refuse_damaged(path, _("it does not begin like one"), err);
    }
    struct span rest = line_rest(&lines);
    mark_checksum(rest.start, rest.length, real);
    if (!span_is(checksum, real)) {
        return refuse_damaged(path, _("its checksum does not fit"), err);
    }
    if (!content_parse(&lines, ret, &head) || !is_head_of(head, origin, &ret->range)) {
        return refuse_damaged(path, _("it holds no head of this log"), err);
    }
    ret->present = true;
    return true;
}

bool visit_read(const char *path, const char *origin, struct visit *ret, struct error *err)
{
    struct stat status;
    AUTO_BUFFER bytes;

    *ret = (struct visit){0};
    buffer_init(&bytes, VISIT_MAX);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) {
        bool none = errno == ENOENT || errno == ENOTDIR;
        return none || (errno == ELOOP ? refuse_damaged(path, _("it is no plain file"), err)
                                       : refuse_unread(path, errno, err));
    }
    bool plain = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    bool read = plain && read_all(file, &bytes);
    int number = errno;
    (void)close(file);
    if (!read) {
        return plain ? refuse_unread(path, number, err)
                     : refuse_damaged(path, _("it is no plain file"), err);
    }
    ret->empty = is_nothing(&bytes);
    return ret->empty || visit_parse(path, origin, &bytes, ret, err);
}

struct span visit_head(const char *bytes, size_t length)
{
    struct line_reader lines;
    struct span checksum, head;
    struct visit ignored;

    line_reader_init(&lines, bytes, length);
    return line_next_field(&lines, HEADER, &checksum) && content_parse(&lines, &ignored, &head)
               ? head
               : (struct span){bytes, length};
}

/* The log of today ---------------------------------------------------------------------------- */

static bool refuse_rolled_back(const struct visit *visit, const char *path, const char *staff,
                               const struct log_tip *tip, struct error *err)
{
    char at[INSTANT_TEXT_SIZE];
    (void)error_set(err, FAULT_INTEGRITY, "log.rolled-back",
                    _("this book is older than the one that %s saw at %s: events %" PRIu64
                      " to %" PRIu64 " are missing"),
                    staff, instant_format(visit->at, at), tip->size, visit->range.size - 1);
    return error_next(err,
                      _("Do not go on with this book, keep it, and restore the one that holds "
                        "them. The proof is %s: `yicang audit verify --card CARD --kept FILE`"),
                      path);
}

static bool refuse_forked(const struct visit *visit, const char *path, const char *staff,
                          struct error *err)
{
    char at[INSTANT_TEXT_SIZE];
    (void)error_set(
        err, FAULT_INTEGRITY, "log.forked",
        _("this is not the book that %s saw at %s: its first %" PRIu64 " events are others"), staff,
        instant_format(visit->at, at), visit->range.size);
    return error_next(err,
                      _("Do not go on with this book and keep it. The proof is %s: `yicang audit "
                        "verify --card CARD --kept FILE`"),
                      path);
}

bool visit_follow(const struct visit *visit, const char *path, const char *staff,
                  struct store *store, const struct log_tip *tip, struct merkle_range *range,
                  struct error *err)
{
    if (range->size > tip->size) {
        return refuse_rolled_back(visit, path, staff, tip, err);
    }
    if (!event_hashes_append(store, range->size, tip->size, range, err)) {
        return false;
    }
    struct sha256 root = merkle_range_root(range);
    return (range->size == tip->size && sha256_equal(&root, &tip->root)) ||
           refuse_forked(visit, path, staff, err);
}

struct log_key_list {
    struct verifier_key key[LOG_KEYS_MAX];
    const struct verifier_key *at[LOG_KEYS_MAX];
    size_t count;
};

static void add_log_key(void *context, const char *vkey)
{
    struct log_key_list *list = context;
    struct error ignored;
    if (list->count < LOG_KEYS_MAX && verifier_key_parse(vkey, &list->key[list->count], &ignored)) {
        list->at[list->count] = &list->key[list->count];
        list->count++;
    }
}

static bool is_signed_head(const struct buffer *bytes, const char *origin,
                           const struct log_tip *tip, const struct log_key_list *keys)
{
    struct note note;
    struct checkpoint head;
    uint64_t signed_by = 0;
    struct error ignored;

    return bytes->data != NULL &&
           checkpoint_read(bytes->data, bytes->length, &note, &head, &ignored) &&
           text_equal(head.origin, origin) && head.size == tip->size &&
           sha256_equal(&head.root, &tip->root) && keys->count > 0 &&
           note_open(&note, keys->at, keys->count, &signed_by, &ignored);
}

bool visit_newest_head(struct store *store, const char *origin, const struct log_tip *tip,
                       struct buffer *ret, struct error *err)
{
    struct log_key_list keys = {.count = 0};
    bool found = false;

    if (!service_keys_each(store, SERVICE_KEY_LOG, add_log_key, &keys, err) ||
        !checkpoint_store_get(store, tip->size, &found, ret, err)) {
        return false;
    }
    if (found && is_signed_head(ret, origin, tip, &keys)) {
        return true;
    }
    (void)error_set(
        err, FAULT_INTEGRITY, "log.head-false",
        _("over the %" PRIu64 " events of this log stands no head that its key has signed"),
        tip->size);
    return error_next(err, _("Run `yicang audit verify`."));
}

/* Keeping ------------------------------------------------------------------------------------- */

static bool refuse_unkept(const char *path, int number, struct error *err)
{
    (void)error_set(err, FAULT_STORE, "visit.not-kept",
                    _("how far you saw this book cannot be kept in %s: %s"), path,
                    strerror(number));
    return error_next(err, _("an older copy of the book put back would not show to you: set "
                             "YICANG_KEYS to a folder that you may write"));
}

static void content_write(struct instant at, const struct merkle_range *range,
                          const struct buffer *head, struct buffer *ret)
{
    char text[INSTANT_TEXT_SIZE];
    char hex[SHA256_HEX_SIZE];

    buffer_printf(ret, "at %s\ntree %" PRIu64, instant_format(at, text), range->size);
    for (size_t i = 0; i < merkle_range_count(range); i++) {
        buffer_printf(ret, " %s", hex_format(range->hash[i].byte, SHA256_SIZE, hex));
    }
    buffer_add_text(ret, "\n\n");
    buffer_add(ret, head->data, head->length);
}

static bool replace(const char *path, const struct buffer *content, struct error *err)
{
    char checksum[MARK_CHECKSUM_SIZE];
    AUTO_BUFFER bytes;

    buffer_init(&bytes, VISIT_MAX);
    mark_checksum(content->data, content->length, checksum);
    buffer_printf(&bytes, HEADER " %s\n", checksum);
    buffer_add(&bytes, content->data, content->length);
    if (content->overflowed || bytes.overflowed) {
        return refuse_unkept(path, EFBIG, err);
    }
    return file_exchange(path, bytes.data, bytes.length) || refuse_unkept(path, errno, err);
}

/* Of all who keep something in the same folder, one at a time. */
static int lock_folder(const char *path)
{
    char copy[PATH_TEXT_MAX];

    (void)snprintf(copy, sizeof copy, "%s", path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0 && flock(folder, LOCK_EX) != 0) {
        (void)close(folder);
        folder = -1;
    }
    return folder;
}

bool visit_write(const char *path, const char *origin, struct instant at,
                 const struct merkle_range *range, const struct buffer *head, struct error *err)
{
    struct visit kept;
    AUTO_BUFFER content;

    buffer_init(&content, VISIT_MAX);
    int lock = lock_folder(path);
    if (lock < 0) {
        return refuse_unkept(path, errno, err);
    }
    bool ok = visit_read(path, origin, &kept, err);
    if (ok && (!kept.present || kept.range.size < range->size)) {
        content_write(at, range, head, &content);
        ok = replace(path, &content, err);
    }
    (void)close(lock);
    return ok;
}
