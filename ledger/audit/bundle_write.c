#include "ledger/audit/bundle.h"

#include "ledger/audit/bundle_manifest.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/audit/file_write.h"
#include "ledger/audit/tile_builder.h"
#include "ledger/base/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_PATH_MAX 4096
#define UNTRUSTED_COMMENT "ledger export"

struct bundle_writer {
    int folder;
    const char *name; /* for messages */
    const struct bundle_content *content;
    struct manifest manifest;
    /* The file being written. */
    char path[BUNDLE_PATH_MAX];
    int file;
    struct sha256_stream digest;
};

static bool refuse_write(const struct bundle_writer *writer, const char *path, struct error *err)
{
    return error_set(err, FAULT_STORE, "bundle.write", _("cannot write “%s” of the export: %s"),
                     path[0] == '\0' ? writer->name : path, strerror(errno));
}

static bool folders_make(const struct bundle_writer *writer, const char *path, struct error *err)
{
    char part[BUNDLE_PATH_MAX];
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        size_t length = (size_t)(slash - path);
        memcpy(part, path, length);
        part[length] = '\0';
        if (mkdirat(writer->folder, part, 0755) != 0 && errno != EEXIST) {
            return refuse_write(writer, path, err);
        }
    }
    return true;
}

static bool file_begin(struct bundle_writer *writer, const char *path, struct error *err)
{
    int length = snprintf(writer->path, sizeof writer->path, "%s", path);
    assert(length > 0 && (size_t)length < sizeof writer->path && writer->file < 0);
    (void)length;
    if (!folders_make(writer, path, err)) {
        return false;
    }
    writer->file = openat(writer->folder, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    sha256_begin(&writer->digest);
    return writer->file >= 0 || refuse_write(writer, path, err);
}

static bool file_add(struct bundle_writer *writer, const void *bytes, size_t length,
                     struct error *err)
{
    sha256_add(&writer->digest, bytes, length);
    return file_write_all(writer->file, bytes, length) || refuse_write(writer, writer->path, err);
}

static bool file_end(struct bundle_writer *writer, struct sha256 *ret, struct error *err)
{
    int file = writer->file;
    writer->file = -1;
    *ret = sha256_end(&writer->digest);
    return close(file) == 0 || refuse_write(writer, writer->path, err);
}

static bool file_list(struct bundle_writer *writer, struct error *err)
{
    struct sha256 digest;
    if (!file_end(writer, &digest, err)) {
        return false;
    }
    return manifest_add(&writer->manifest, writer->path, &digest) ||
           error_set(err, FAULT_REFUSED, "bundle.too-many-files",
                     _("the export would have more than %zu files"), BUNDLE_FILES_MAX);
}

static bool file_put(struct bundle_writer *writer, const char *path, const void *bytes,
                     size_t length, struct error *err)
{
    return file_begin(writer, path, err) && file_add(writer, bytes, length, err) &&
           file_list(writer, err);
}

static bool tile_put(void *context, const struct tile *tile, const struct buffer *bytes,
                     struct error *err)
{
    char path[TILE_PATH_SIZE];
    return file_put(context, tile_path(tile, path), bytes->data, bytes->length, err);
}

static bool leaves_add(struct store *store, uint64_t size, struct tile_builder *tiles,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf FROM event WHERE seq < $1 ORDER BY seq");
    bind_int(query, 1, (int64_t)size);
    while (statement_row(query)) {
        size_t length = 0;
        const void *leaf = column_blob(query, 0, &length);
        if (length < 1 || length > TILE_ENTRY_MAX) {
            break;
        }
        if (!tile_builder_add(tiles, leaf, length, err)) {
            return false;
        }
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return tiles->range.size == size ||
           error_set(err, FAULT_INTEGRITY, "E_CONTAINER",
                     _("the book has %" PRIu64 " readable events, its head counts %" PRIu64),
                     tiles->range.size, size);
}

static bool tiles_write(struct bundle_writer *writer, struct store *store,
                        const struct checkpoint *head, struct error *err)
{
    AUTO_TILE_BUILDER tiles;
    tile_builder_init(&tiles, (struct tile_sink){writer, tile_put});
    if (!leaves_add(store, head->size, &tiles, err)) {
        return false;
    }
    struct sha256 root = merkle_range_root(&tiles.range);
    if (!sha256_equal(&root, &head->root)) {
        return error_set(err, FAULT_INTEGRITY, "E_ROOT",
                         _("the events do not have the root of the head of size %" PRIu64),
                         head->size);
    }
    return tile_builder_end(&tiles, err);
}

static bool rows_write(struct bundle_writer *writer, struct store *store, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq, bytes FROM event_rows WHERE seq < $1 ORDER BY seq, part");
    bind_int(query, 1, (int64_t)writer->content->size);
    int64_t open_seq = -1;
    while (statement_row(query)) {
        int64_t seq = column_int(query, 0);
        size_t length = 0;
        const void *bytes = column_blob(query, 1, &length);
        if (seq != open_seq) {
            char path[BUNDLE_PATH_MAX];
            snprintf(path, sizeof path, "rows/%" PRId64, seq);
            if ((open_seq >= 0 && !file_list(writer, err)) || !file_begin(writer, path, err)) {
                return false;
            }
            open_seq = seq;
        }
        if (bytes != NULL && !file_add(writer, bytes, length, err)) {
            return false;
        }
    }
    return (open_seq < 0 || file_list(writer, err)) && statement_end(query, err);
}

static bool old_checkpoint_put(void *context, const struct checkpoint_kept *kept, struct error *err)
{
    struct bundle_writer *writer = context;
    if (kept->size >= writer->content->size) {
        return true;
    }
    char path[BUNDLE_PATH_MAX];
    snprintf(path, sizeof path, "checkpoints/%" PRIu64, kept->size);
    return file_put(writer, path, kept->note, kept->length, err);
}

static bool checkpoints_write(struct bundle_writer *writer, struct store *store,
                              struct checkpoint *ret_head, struct error *err)
{
    AUTO_BUFFER head;
    buffer_init(&head, CHECKPOINT_NOTE_MAX);
    bool found = false;
    if (!checkpoint_store_get(store, writer->content->size, &found, &head, err)) {
        return false;
    }
    if (!found) {
        return error_set(err, FAULT_REFUSED, "bundle.no-checkpoint",
                         _("no signed head of size %" PRIu64 " is kept"), writer->content->size);
    }
    struct note note;
    if (!checkpoint_read(head.data, head.length, &note, ret_head, err)) {
        return false;
    }
    if (ret_head->size != writer->content->size ||
        !text_equal(ret_head->origin, writer->content->origin)) {
        return error_set(err, FAULT_INTEGRITY, "E_CONTAINER",
                         _("the head kept for size %" PRIu64 " is of another size or log"),
                         writer->content->size);
    }
    ret_head->extension = (struct span){0};
    return file_put(writer, "checkpoint", head.data, head.length, err) &&
           checkpoint_store_each(store, old_checkpoint_put, writer, err);
}

static bool is_added_path(const char *path)
{
    struct bundle_path parsed;
    return strlen(path) < BUNDLE_PATH_MAX && bundle_path_parse(path, &parsed) &&
           (parsed.kind == BUNDLE_RECEIPT || parsed.kind == BUNDLE_REPORT ||
            parsed.kind == BUNDLE_REQUEST);
}

static bool copies_write(struct bundle_writer *writer, struct error *err)
{
    const struct bundle_content *content = writer->content;
    if (!file_put(writer, "keys.vkey", content->keys, strlen(content->keys), err) ||
        !file_put(writer, "policy", content->policy, strlen(content->policy), err)) {
        return false;
    }
    for (size_t i = 0; i < content->files; i++) {
        const struct bundle_file *file = &content->file[i];
        if (!is_added_path(file->path)) {
            return error_set(err, FAULT_USAGE, "bundle.path",
                             _("an export has no place for a file “%s”"), file->path);
        }
        if (!file_put(writer, file->path, file->bytes, file->length, err)) {
            return false;
        }
    }
    return true;
}

static bool manifest_put(struct bundle_writer *writer, const struct checkpoint *head,
                         struct sha256 *ret_manifest, struct error *err)
{
    AUTO_BUFFER text;
    AUTO_BUFFER signature;
    buffer_init(&text, BUNDLE_MANIFEST_MAX);
    buffer_init(&signature, MINISIGN_SIGNATURE_MAX);
    manifest_sort(&writer->manifest);
    manifest_write(&writer->manifest, &text);
    char root[64];
    char comment[MINISIGN_COMMENT_MAX + 1];
    snprintf(comment, sizeof comment, "origin=%s size=%" PRIu64 " root=%s", head->origin,
             head->size, base64_format(head->root.byte, SHA256_SIZE, root));
    uint8_t digest[MINISIGN_DIGEST_SIZE];
    minisign_digest(text.data, text.length, digest);
    minisign_sign(writer->content->secret, digest, UNTRUSTED_COMMENT, comment, &signature);
    struct sha256 unlisted;
    return file_begin(writer, "MANIFEST", err) && file_add(writer, text.data, text.length, err) &&
           file_end(writer, ret_manifest, err) && file_begin(writer, "MANIFEST.minisig", err) &&
           file_add(writer, signature.data, signature.length, err) &&
           file_end(writer, &unlisted, err);
}

static bool content_write(struct bundle_writer *writer, struct store *store,
                          struct sha256 *ret_manifest, struct error *err)
{
    AUTO_TRANSACTION snapshot = {0};
    struct checkpoint head = {0};
    if (!transaction_begin_read(store, &snapshot, err) ||
        !checkpoints_write(writer, store, &head, err) || !tiles_write(writer, store, &head, err) ||
        !rows_write(writer, store, err) || !copies_write(writer, err) ||
        !manifest_put(writer, &head, ret_manifest, err)) {
        return false;
    }
    return syncfs(writer->folder) == 0 || refuse_write(writer, "", err);
}

static int entry_remove(const char *path, const struct stat *status, int kind, struct FTW *place)
{
    (void)status;
    (void)kind;
    (void)place;
    return remove(path);
}

static bool part_write(struct store *store, const char *part, const struct bundle_content *content,
                       struct sha256 *ret_manifest, struct error *err)
{
    struct bundle_writer writer = {.name = part, .content = content, .file = -1};
    writer.folder = open(part, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = writer.folder >= 0 ? content_write(&writer, store, ret_manifest, err)
                                 : refuse_write(&writer, "", err);
    manifest_release(&writer.manifest);
    if (writer.file >= 0) {
        close(writer.file);
    }
    if (writer.folder >= 0) {
        close(writer.folder);
    }
    return ok;
}

static bool refuse_folder(const char *folder, struct error *err)
{
    return error_set(err, errno == EEXIST ? FAULT_REFUSED : FAULT_STORE,
                     errno == EEXIST ? "bundle.exists" : "bundle.write",
                     _("cannot make the folder “%s”: %s"), folder, strerror(errno));
}

bool bundle_write(struct store *store, const char *folder, const struct bundle_content *content,
                  struct sha256 *ret_manifest, struct error *err)
{
    char part[FOLDER_PATH_MAX];
    int length = snprintf(part, sizeof part, "%s.part", folder);
    struct stat status;
    if (length < 0 || (size_t)length >= sizeof part) {
        errno = ENAMETOOLONG;
    } else if (lstat(folder, &status) == 0) {
        errno = EEXIST;
        refuse_folder(folder, err);
        return error_next(err, _("name a folder that is not there yet"));
    } else if (mkdir(part, 0755) == 0) {
        if (part_write(store, part, content, ret_manifest, err)) {
            if (rename(part, folder) == 0) {
                return true;
            }
            error_set(err, FAULT_STORE, "bundle.write", _("cannot write “%s” of the export: %s"),
                      folder, strerror(errno));
        }
        nftw(part, entry_remove, 16, FTW_DEPTH | FTW_PHYS);
        return false;
    }
    bool broke_off = errno == EEXIST;
    refuse_folder(part, err);
    return broke_off && error_next(err, _("it is of an export that broke off: remove it"));
}
