#include "ledger/audit/log.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/base/text.h"

#define LINE_ARENA_MAX ((size_t)1 << 20)

/* The tip ------------------------------------------------------------------------------------- */

static bool frontier_broken(struct error *err)
{
    (void)error_set(err, FAULT_INTEGRITY, "log.frontier",
                    _("the kept tree of the log does not belong to its events"));
    return error_next(err, _("Run `yicang audit verify`."));
}

bool log_range_load(struct store *store, struct merkle_range *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT size, hashes FROM frontier WHERE id = 0");
    bool whole = false;
    merkle_range_init(ret);
    if (statement_one(query)) {
        size_t length = 0;
        ret->size = (uint64_t)column_int(query, 0);
        const void *hashes = column_blob(query, 1, &length);
        whole = ret->size <= INT64_MAX && length == merkle_range_count(ret) * SHA256_SIZE;
        if (whole && length > 0) {
            memcpy(ret->hash, hashes, length);
        }
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return whole || frontier_broken(err);
}

static bool frontier_save(struct store *store, const struct merkle_range *range, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "UPDATE frontier SET size = $1, hashes = $2 WHERE id = 0");
    bind_int(query, 1, (int64_t)range->size);
    bind_blob(query, 2, range->hash, merkle_range_count(range) * SHA256_SIZE);
    return statement_run(query, err) && (store_changes(store) == 1 || frontier_broken(err));
}

/* The time in a leaf. The line begins with the actor, whose code needs no escape; so the time
 * stands behind the first comma, and the rest need not be read. */
static bool leaf_time(const char *leaf, size_t length, struct instant *ret)
{
    static const char before[] = ",\"at\":\"";
    char text[INSTANT_TEXT_SIZE] = {0};
    const char *comma = leaf == NULL ? NULL : memchr(leaf, ',', length);
    size_t left = comma == NULL ? 0 : length - (size_t)(comma - leaf);
    if (left < sizeof before - 1 + sizeof text - 1 ||
        memcmp(comma, before, sizeof before - 1) != 0) {
        return false;
    }
    memcpy(text, comma + sizeof before - 1, sizeof text - 1);
    return instant_parse(text, ret);
}

/* Hash and time of the last of `size` events. */
static bool last_event_load(struct store *store, uint64_t size, struct sha256 *ret_hash,
                            struct instant *ret_at, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf, leaf_hash FROM event WHERE seq = $1");
    size_t length = 0;
    bind_int(query, 1, (int64_t)size - 1);
    bool found = statement_one(query);
    if (found) {
        const char *leaf = column_blob(query, 0, &length);
        *ret_hash = column_sha256(query, 1);
        found = leaf_time(leaf, length, ret_at);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return found || frontier_broken(err);
}

bool log_time_of(struct store *store, uint64_t seq, struct instant *ret, struct error *err)
{
    struct sha256 ignored;
    return last_event_load(store, seq + 1, &ignored, ret, err);
}

static bool tip_load(struct store *store, struct merkle_range *ret_range, struct sha256 *ret_hash,
                     struct instant *ret_at, struct error *err)
{
    if (!log_range_load(store, ret_range, err)) {
        return false;
    }
    if (ret_range->size == 0) {
        *ret_hash = sha256_of("", 0);
        *ret_at = (struct instant){INT64_MIN};
        return true;
    }
    return last_event_load(store, ret_range->size, ret_hash, ret_at, err);
}

bool log_tip_load(struct store *store, struct log_tip *ret, struct error *err)
{
    struct merkle_range range;
    struct instant at;
    if (!tip_load(store, &range, &ret->leaf_hash, &at, err)) {
        return false;
    }
    ret->size = range.size;
    ret->root = merkle_range_root(&range);
    return true;
}

static bool size_load(struct store *store, uint64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT size FROM frontier WHERE id = 0");
    bool found = statement_one(query);
    *ret = found ? (uint64_t)column_int(query, 0) : 0;
    return statement_end(query, err) && (found || frontier_broken(err));
}

bool log_tip_follow(struct store *store, struct log_tip *tip, struct error *err)
{
    uint64_t size = 0;
    return size_load(store, &size, err) && (size == tip->size || log_tip_load(store, tip, err));
}

/* The door ------------------------------------------------------------------------------------ */

/* One signature line to be. */
struct line {
    const struct verifier_key *verifier;
    uint8_t signature[64];
};

static int by_name_and_id(const void *left, const void *right)
{
    const struct verifier_key *a = ((const struct line *)left)->verifier;
    const struct verifier_key *b = ((const struct line *)right)->verifier;
    int names = strcmp(a->name, b->name);
    return names != 0 ? names : (a->id > b->id) - (a->id < b->id);
}

/* The actor must be among them, and nobody may stand twice. */
static bool signers_are_fit(const char *origin, const struct event_draft *draft, struct error *err)
{
    char actor[KEY_NAME_MAX + 1];
    bool actor_signs = false;
    assert(draft->signers <= EVENT_SIGNERS_MAX);
    bool named = key_name_of_staff(origin, draft->actor, actor);
    for (size_t i = 0; i < draft->signers; i++) {
        const char *name = draft->signer[i].verifier->name;
        for (size_t j = 0; j < i; j++) {
            if (strcmp(draft->signer[j].verifier->name, name) == 0) {
                return error_set(err, FAULT_USAGE, "log.signer-twice", _("%s would sign twice"),
                                 name);
            }
        }
        actor_signs = actor_signs || (named && strcmp(name, actor) == 0);
    }
    return actor_signs || error_set(err, FAULT_INTERNAL, "log.no-signer",
                                    _("the key of %s is not among those that sign"), draft->actor);
}

/* Only the event by which the admins say so may stand before the last one. */
static bool time_follows(const struct event_draft *draft, struct instant last, struct error *err)
{
    char now[INSTANT_TEXT_SIZE];
    char then[INSTANT_TEXT_SIZE];
    struct instant at = draft->at;
    if (at.seconds >= last.seconds || text_equal(draft->type, "clock.adjust")) {
        return true;
    }
    (void)error_set(err, FAULT_REFUSED, "log.time-went-back",
                    _("the clock says %s, but the last event was written at %s"),
                    instant_format(at, now), instant_format(last, then));
    return error_next(err,
                      _("set the clock of this machine right; if it is right and was fast before, "
                        "the admins say so with `yicang book adjust-clock`"));
}

static bool command_is_new(struct store *store, const struct uuid *cmd, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq FROM event WHERE cmd = $1");
    bind_blob(query, 1, cmd->byte, UUID_SIZE);
    bool used = statement_one(query);
    int64_t seq = used ? column_int(query, 0) : 0;
    if (!statement_end(query, err)) {
        return false;
    }
    return !used || error_set(err, FAULT_REFUSED, "log.command-used",
                              _("this command id was used before, by event %" PRId64), seq);
}

static bool bind_rows(const struct event_draft *draft, struct error *err)
{
    if (draft->rows == NULL) {
        return true;
    }
    if (draft->rows->overflowed || draft->rows->length > EVENT_ROWS_MAX) {
        (void)error_set(err, FAULT_REFUSED, "log.rows-too-long",
                        _("the rows of this event are too many"));
        return error_limit(err, _("at most %zu bytes may stand beside one event"), EVENT_ROWS_MAX);
    }
    struct sha256 digest = draft->rows_sha256 != NULL
                               ? *draft->rows_sha256
                               : sha256_of(draft->rows->data, draft->rows->length);
    canon_set_sha256(draft->body, "rows_sha256", &digest);
    canon_set_int(draft->body, "rows_count", (int64_t)draft->rows_count);
    return true;
}

static bool line_too_long(struct error *err)
{
    (void)error_set(err, FAULT_REFUSED, "log.line-too-long",
                    _("the event does not fit into one line of the log"));
    return error_limit(err, _("a line has at most %d bytes"), CANON_LINE_MAX);
}

static bool add_line(const struct event_draft *draft, uint64_t seq, const struct sha256 *prev,
                     struct buffer *leaf, struct error *err)
{
    AUTO_ARENA arena;
    char at[INSTANT_TEXT_SIZE];
    char cmd[UUID_HEX_SIZE];
    arena_init(&arena, LINE_ARENA_MAX);
    struct canon *line = canon_object(&arena);
    canon_set_text(line, "actor", draft->actor);
    canon_set_text(line, "at", instant_format(draft->at, at));
    canon_set(line, "body", draft->body);
    canon_set_text(line, "cmd", uuid_to_hex(&draft->cmd, cmd));
    canon_set_sha256(line, "prev", prev);
    canon_set_text(line, "role", draft->role);
    canon_set_int(line, "seq", (int64_t)seq);
    canon_set_text(line, "type", draft->type);
    if (canon_write(line, CANON_LINE_MAX, leaf, err)) {
        buffer_add_byte(leaf, '\n');
        return true;
    }
    return strcmp(err->reason, "canon.too-long") == 0 ? line_too_long(err) : false;
}

static bool text_write(const char *origin, const struct event_draft *draft, uint64_t seq,
                       const struct sha256 *prev, struct buffer *text, struct error *err)
{
    if (!signers_are_fit(origin, draft, err) || !bind_rows(draft, err)) {
        return false;
    }
    buffer_printf(text, "ledger-event/v1 %s\n", origin);
    return add_line(draft, seq, prev, text, err);
}

static bool all_sign(const struct event_draft *draft, const struct buffer *text, int seconds,
                     uint8_t ret[static EVENT_SIGNERS_MAX][64], struct error *err)
{
    for (size_t i = 0; i < draft->signers; i++) {
        if (!signer_sign(&draft->signer[i], text->data, text->length, seconds, ret[i], err)) {
            return false;
        }
    }
    return true;
}

/* What each signer made of the text, beforehand or now. */
static bool lines_sign(const struct event_draft *draft, const struct buffer *text,
                       struct line ret[static EVENT_SIGNERS_MAX], struct error *err)
{
    const struct event_signing *made = draft->signing;
    uint8_t now[EVENT_SIGNERS_MAX][64];
    if (made != NULL && (made->text.length != text->length ||
                         memcmp(made->text.data, text->data, text->length) != 0)) {
        return error_set(err, FAULT_INTERNAL, "log.signed-other",
                         _("what was signed is not what would be written"));
    }
    if (made == NULL && !all_sign(draft, text, draft->sign_seconds, now, err)) {
        return false;
    }
    for (size_t i = 0; i < draft->signers; i++) {
        ret[i].verifier = draft->signer[i].verifier;
        memcpy(ret[i].signature, made == NULL ? now[i] : made->signature[i],
               sizeof ret[i].signature);
    }
    return true;
}

/* Text, empty line, signature lines in their order. */
static bool leaf_write(const char *origin, const struct event_draft *draft, uint64_t seq,
                       const struct sha256 *prev, struct buffer *leaf, struct error *err)
{
    struct line line[EVENT_SIGNERS_MAX];
    if (!text_write(origin, draft, seq, prev, leaf, err) || !lines_sign(draft, leaf, line, err)) {
        return false;
    }
    qsort(line, draft->signers, sizeof line[0], by_name_and_id);
    buffer_add_byte(leaf, '\n');
    for (size_t i = 0; i < draft->signers; i++) {
        signature_line_put(line[i].verifier, line[i].signature, leaf);
    }
    assert(!leaf->overflowed); /* the longest line and all signatures fit */
    return true;
}

/* That no command is used twice is held by the table; who used it is asked only then. */
static bool event_insert(struct store *store, uint64_t seq, const struct buffer *leaf,
                         const struct sha256 *hash, const struct uuid *cmd, struct error *err)
{
    struct error why;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    bind_int(query, 1, (int64_t)seq);
    bind_blob(query, 2, leaf->data, leaf->length);
    bind_sha256(query, 3, hash);
    bind_blob(query, 4, cmd->byte, UUID_SIZE);
    if (statement_run(query, err)) {
        return true;
    }
    if (!command_is_new(store, cmd, &why)) {
        *err = why;
    }
    return false;
}

static bool rows_insert(struct store *store, uint64_t seq, const struct buffer *rows,
                        struct error *err)
{
    size_t at = 0;
    for (int64_t part = 0; rows != NULL && at < rows->length; part++) {
        size_t left = rows->length - at;
        size_t length = left < EVENT_ROWS_PART_MAX ? left : EVENT_ROWS_PART_MAX;
        AUTO_STATEMENT struct statement *query =
            store_query(store, "INSERT INTO event_rows (seq, part, bytes) VALUES ($1, $2, $3)");
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

bool log_draft_text(struct store *store, const char *origin, const struct event_draft *draft,
                    struct buffer *ret, struct error *err)
{
    struct merkle_range range;
    struct sha256 prev;
    struct instant last_at = {0};
    return tip_load(store, &range, &prev, &last_at, err) && time_follows(draft, last_at, err) &&
           text_write(origin, draft, range.size, &prev, ret, err);
}

bool log_draft_sign(const struct event_draft *draft, struct event_signing *signing,
                    struct error *err)
{
    return all_sign(draft, &signing->text, 0, signing->signature, err);
}

bool log_append(struct store *store, const char *origin, const struct event_draft *draft,
                struct log_tip *ret, struct error *err)
{
    struct merkle_range range;
    struct sha256 prev;
    struct instant last_at = {0};
    AUTO_BUFFER leaf;
    buffer_init(&leaf, LEAF_MAX);
    if (!tip_load(store, &range, &prev, &last_at, err) || !time_follows(draft, last_at, err) ||
        !leaf_write(origin, draft, range.size, &prev, &leaf, err)) {
        return false;
    }
    uint64_t seq = range.size;
    struct sha256 hash = merkle_leaf_hash(leaf.data, leaf.length);
    merkle_range_append(&range, &hash);
    if (!event_insert(store, seq, &leaf, &hash, &draft->cmd, err) ||
        !rows_insert(store, seq, draft->rows, err) || !frontier_save(store, &range, err)) {
        return false;
    }
    *ret = (struct log_tip){range.size, hash, merkle_range_root(&range)};
    return true;
}
