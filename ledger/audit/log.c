#include "ledger/audit/log.h"

#include "ledger/base/text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define ROWS_BYTES_MAX ((size_t)256 << 20)

static struct sha256 empty_hash(void)
{
    return sha256_of("", 0);
}

/* --- the tip ----------------------------------------------------------------------------------- */

static bool frontier_load(struct store *store, struct merkle_range *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT size, hashes FROM frontier WHERE id = 0");
    size_t length = 0;
    bool whole = false;

    merkle_range_init(ret);
    if (statement_one(query)) {
        ret->size = (uint64_t)column_int(query, 0);
        const void *hashes = column_blob(query, 1, &length);
        whole = length == merkle_range_count(ret) * SHA256_SIZE;
        if (whole && length > 0) {
            memcpy(ret->hash, hashes, length);
        }
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return whole || error_set(err, FAULT_INTEGRITY, "log.frontier",
                              _("the kept range of the log's tree is damaged"));
}

static bool frontier_save(struct store *store, const struct merkle_range *range, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "UPDATE frontier SET size = $1, hashes = $2 WHERE id = 0");
    bind_int(query, 1, (int64_t)range->size);
    bind_blob(query, 2, range->hash, merkle_range_count(range) * SHA256_SIZE);
    return statement_run(query, err);
}

static bool last_leaf_hash(struct store *store, uint64_t size, struct sha256 *ret,
                           struct error *err)
{
    *ret = empty_hash();
    if (size == 0) {
        return true;
    }
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf_hash FROM event WHERE seq = $1");
    bind_int(query, 1, (int64_t)size - 1);
    bool found = statement_one(query);
    if (found) {
        *ret = column_sha256(query, 0);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return found || error_set(err, FAULT_INTEGRITY, "log.frontier",
                              _("the log ends before event %llu"), (unsigned long long)size - 1);
}

bool log_tip_load(struct store *store, struct log_tip *ret, struct error *err)
{
    struct merkle_range range;

    if (!frontier_load(store, &range, err) ||
        !last_leaf_hash(store, range.size, &ret->leaf_hash, err)) {
        return false;
    }
    ret->size = range.size;
    ret->root = merkle_range_root(&range);
    return true;
}

/* --- the door ---------------------------------------------------------------------------------- */

/* `at` never decreases (T1). */
static bool time_follows(struct store *store, uint64_t size, const char *at, struct error *err)
{
    AUTO_ARENA arena;
    struct event event;
    bool ok = true;

    if (size == 0) {
        return true;
    }
    arena_init(&arena, (size_t)16 << 20);
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf FROM event WHERE seq = $1");
    bind_int(query, 1, (int64_t)size - 1);
    if (statement_one(query)) {
        size_t length = 0;
        const void *leaf = column_blob(query, 0, &length);
        ok = event_parse(&arena, NULL, leaf, length, &event, err);
        if (ok && strcmp(at, event.at) < 0) {
            error_set(err, FAULT_REFUSED, "log.time-went-back",
                      _("the clock says %s, the last event was written at %s"), at, event.at);
            ok = error_next(err, _("set the clock right"));
        }
    }
    return ok && statement_end(query, err);
}

/* Binds the rows that stand beside the line into the body. */
static void bind_rows(const struct event_draft *draft)
{
    if (draft->rows != NULL) {
        struct sha256 digest = sha256_of(draft->rows->data, draft->rows->length);
        canon_set_sha256(draft->body, "rows_sha256", &digest);
        canon_set_int(draft->body, "rows_count", (int64_t)draft->rows_count);
    }
}

static bool encode_text(const char *origin, const struct event_draft *draft,
                        const struct log_tip *tip, struct buffer *ret, struct error *err)
{
    AUTO_ARENA arena;
    char at[INSTANT_TEXT_SIZE];
    char cmd[UUID_HEX_SIZE];

    arena_init(&arena, (size_t)1 << 20);
    struct canon *object = canon_object(&arena);
    bind_rows(draft);
    canon_set_text(object, "actor", draft->actor);
    canon_set_text(object, "at", instant_format(draft->at, at));
    canon_set(object, "body", draft->body);
    canon_set_text(object, "cmd", uuid_to_hex(&draft->cmd, cmd));
    canon_set_sha256(object, "prev", &tip->leaf_hash);
    canon_set_text(object, "role", draft->role);
    canon_set_int(object, "seq", (int64_t)tip->size);
    canon_set_text(object, "type", draft->type);
    buffer_printf(ret, "ledger-event/v1 %s\n", origin);
    if (!canon_write(object, CANON_LINE_MAX, ret, err)) {
        if (text_equal(err->reason, "canon.too-long")) {
            return error_set(err, FAULT_REFUSED, "log.line-too-long",
                             _("the event is longer than a line of the log may be"));
        }
        return false;
    }
    buffer_add_byte(ret, '\n');
    return true;
}

static int by_name_and_id(const void *left, const void *right)
{
    const struct signing_key *a = *(const struct signing_key *const *)left;
    const struct signing_key *b = *(const struct signing_key *const *)right;
    int names = strcmp(a->verifier.name, b->verifier.name);
    if (names != 0) {
        return names;
    }
    return a->verifier.id < b->verifier.id ? -1 : a->verifier.id > b->verifier.id;
}

static void sign(const struct event_draft *draft, struct buffer *leaf)
{
    const struct signing_key *signer[EVENT_SIGNERS_MAX];
    size_t text_length = leaf->length;

    memcpy(signer, draft->signer, draft->signers * sizeof signer[0]);
    qsort(signer, draft->signers, sizeof signer[0], by_name_and_id);
    AUTO_BUFFER lines;
    buffer_init(&lines, (size_t)EVENT_SIGNERS_MAX * SIGNATURE_LINE_MAX);
    for (size_t i = 0; i < draft->signers; i++) {
        signature_line_add(signer[i], leaf->data, text_length, &lines);
    }
    buffer_add_byte(leaf, '\n');
    buffer_add(leaf, lines.data, lines.length);
}

static bool event_insert(struct store *store, uint64_t seq, const struct buffer *leaf,
                         const struct sha256 *hash, const struct uuid *cmd, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    bind_int(query, 1, (int64_t)seq);
    bind_blob(query, 2, leaf->data, leaf->length);
    bind_sha256(query, 3, hash);
    bind_blob(query, 4, cmd->byte, UUID_SIZE);
    return statement_run(query, err);
}

static bool rows_insert(struct store *store, uint64_t seq, const struct buffer *rows,
                        struct error *err)
{
    size_t at = 0;

    for (int64_t part = 0; rows != NULL && at < rows->length; part++) {
        size_t length = rows->length - at;
        length = length < EVENT_ROWS_PART_MAX ? length : EVENT_ROWS_PART_MAX;
        AUTO_STATEMENT struct statement *query = store_query(
            store, "INSERT INTO event_rows (seq, part, bytes) VALUES ($1, $2, $3)");
        bind_int(query, 1, (int64_t)seq);
        bind_int(query, 2, part);
        bind_blob(query, 3, rows->data + at, length);
        if (!statement_run(query, err)) {
            return false;
        }
        at += length;
    }
    return true;
}

static bool command_is_new(struct store *store, const struct uuid *cmd, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT 1 FROM event WHERE cmd = $1");
    bind_blob(query, 1, cmd->byte, UUID_SIZE);
    bool used = statement_one(query);
    if (!statement_end(query, err)) {
        return false;
    }
    return !used || error_set(err, FAULT_REFUSED, "log.command-used",
                              _("this command id stands in the log already"));
}

bool log_append(struct store *store, const char *origin, const struct event_draft *draft,
                struct log_tip *ret, struct error *err)
{
    struct merkle_range range;
    struct log_tip tip;
    char at[INSTANT_TEXT_SIZE];
    AUTO_BUFFER leaf;

    buffer_init(&leaf, LEAF_MAX);
    if (draft->signers == 0) {
        return error_set(err, FAULT_INTERNAL, "log.no-signer", _("nobody signs the event"));
    }
    if (!frontier_load(store, &range, err) ||
        !last_leaf_hash(store, range.size, &tip.leaf_hash, err) ||
        !command_is_new(store, &draft->cmd, err) ||
        !time_follows(store, range.size, instant_format(draft->at, at), err)) {
        return false;
    }
    tip.size = range.size;
    if (!encode_text(origin, draft, &tip, &leaf, err)) {
        return false;
    }
    sign(draft, &leaf);
    if (leaf.overflowed) {
        return error_set(err, FAULT_REFUSED, "log.line-too-long",
                         _("the event is longer than a line of the log may be"));
    }
    ret->leaf_hash = merkle_leaf_hash(leaf.data, leaf.length);
    merkle_range_append(&range, &ret->leaf_hash);
    ret->size = range.size;
    ret->root = merkle_range_root(&range);
    return event_insert(store, tip.size, &leaf, &ret->leaf_hash, &draft->cmd, err) &&
           rows_insert(store, tip.size, draft->rows, err) && frontier_save(store, &range, err);
}

/* --- reading back ------------------------------------------------------------------------------ */

static bool signed_by(const struct event *event, const struct verifier_key *key)
{
    for (size_t i = 0; i < event->signatures; i++) {
        const struct event_signature *line = &event->signature[i];
        if (line->key_id == key->id && text_equal(line->name, key->name)) {
            return crypto_sign_verify_detached(line->signature, (const uint8_t *)event->text,
                                               event->text_length, key->public_key) == 0;
        }
    }
    return false;
}

static bool leaf_holds(struct arena *arena, const char *origin, uint64_t seq, const void *leaf,
                       size_t length, const struct sha256 *kept, const struct sha256 *prev,
                       const struct verifier_key *const *signer, size_t signers, struct error *err)
{
    struct event event;
    struct sha256 hash = merkle_leaf_hash(leaf, length);

    if (!event_parse(arena, origin, leaf, length, &event, err)) {
        return false;
    }
    bool ok = event.seq == seq && sha256_equal(&hash, kept) && sha256_equal(&event.prev, prev) &&
              event.signatures == signers;
    for (size_t i = 0; ok && i < signers; i++) {
        ok = signed_by(&event, signer[i]);
    }
    return ok || error_set(err, FAULT_INTERNAL, "log.recheck",
                           _("event %llu does not read back as it was written"),
                           (unsigned long long)seq);
}

bool log_recheck(struct store *store, const char *origin, uint64_t seq,
                 const struct verifier_key *const *signer, size_t signers, struct error *err)
{
    AUTO_ARENA arena;
    struct sha256 prev;
    bool ok = false;

    arena_init(&arena, (size_t)16 << 20);
    if (!last_leaf_hash(store, seq, &prev, err)) {
        return false;
    }
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf, leaf_hash FROM event WHERE seq = $1");
    bind_int(query, 1, (int64_t)seq);
    if (statement_one(query)) {
        size_t length = 0;
        const void *leaf = column_blob(query, 0, &length);
        struct sha256 kept = column_sha256(query, 1);
        ok = leaf_holds(&arena, origin, seq, leaf, length, &kept, &prev, signer, signers, err);
        return ok && statement_end(query, err);
    }
    return statement_end(query, err) &&
           error_set(err, FAULT_INTERNAL, "log.recheck", _("event %llu was not written"),
                     (unsigned long long)seq);
}

/* The rows beside an event, in one piece; empty if it has none. */
static bool rows_load(struct store *store, uint64_t seq, struct buffer *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT bytes FROM event_rows WHERE seq = $1 ORDER BY part");
    bind_int(query, 1, (int64_t)seq);
    buffer_clear(ret);
    while (statement_row(query)) {
        size_t length = 0;
        const void *bytes = column_blob(query, 0, &length);
        buffer_add(ret, bytes, length);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return !ret->overflowed || error_set(err, FAULT_INTEGRITY, "E_LEAF",
                                         _("event %llu has too many rows"),
                                         (unsigned long long)seq);
}

bool log_each(struct store *store, uint64_t first, event_visitor visit, void *context,
              struct error *err)
{
    AUTO_ARENA arena;
    AUTO_BUFFER rows;
    bool going = true;

    arena_init(&arena, (size_t)64 << 20);
    buffer_init(&rows, ROWS_BYTES_MAX);
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq, leaf FROM event WHERE seq >= $1 ORDER BY seq");
    bind_int(query, 1, (int64_t)first);
    while (going && statement_row(query)) {
        struct event event;
        size_t length = 0;
        uint64_t seq = (uint64_t)column_int(query, 0);
        const void *leaf = column_blob(query, 1, &length);
        going = event_parse(&arena, NULL, leaf, length, &event, err) &&
                rows_load(store, seq, &rows, err) &&
                visit(context, &event, rows.length > 0 ? &rows : NULL, err);
        arena_reset(&arena);
    }
    return going && statement_end(query, err);
}
