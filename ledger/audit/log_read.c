/* log_read.c - events read back from the store. */
#include "ledger/audit/log_recheck.h"

#include <inttypes.h>
#include <string.h>

#include "ledger/base/text.h"

#define EVENT_ARENA_MAX ((size_t)64 << 20)

/* Rows beside an event ------------------------------------------------------------------------ */

bool event_rows_load(struct store *store, uint64_t seq, struct buffer *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT bytes FROM event_rows WHERE seq = $1 ORDER BY part");
    bind_int(query, 1, (int64_t)seq);
    buffer_clear(ret);
    while (!ret->overflowed && statement_row(query)) {
        size_t length = 0;
        const void *bytes = column_blob(query, 0, &length);
        buffer_add(ret, bytes, length);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return !ret->overflowed ||
           error_set(err, FAULT_INTEGRITY, "log.rows-too-long",
                     _("event %" PRIu64 " has more rows than an event may have"), seq);
}

/* Lines, each with its LF; -1 if the last one has none. */
static int64_t count_lines(const char *bytes, size_t length)
{
    int64_t lines = 0;
    const char *end = bytes + length;
    while (bytes < end) {
        const char *stop = memchr(bytes, '\n', (size_t)(end - bytes));
        if (stop == NULL) {
            return -1;
        }
        lines++;
        bytes = stop + 1;
    }
    return lines;
}

bool event_rows_fit(const struct event *event, const struct buffer *rows)
{
    struct sha256 wanted;
    int64_t count = 0;
    bool bound = canon_get(event->body, "rows_sha256") != NULL ||
                 canon_get(event->body, "rows_count") != NULL;
    if (!bound) {
        return rows->length == 0;
    }
    if (!canon_get_sha256(event->body, "rows_sha256", &wanted) ||
        !canon_get_int(event->body, "rows_count", &count)) {
        return false;
    }
    struct sha256 digest = sha256_of(rows->data, rows->length);
    return sha256_equal(&digest, &wanted) && count_lines(rows->data, rows->length) == count;
}

/* Reading again what was just written --------------------------------------------------------- */

static const struct event_signature *line_of(const struct event *event,
                                             const struct verifier_key *key)
{
    for (size_t i = 0; i < event->signatures; i++) {
        const struct event_signature *line = &event->signature[i];
        if (line->key_id == key->id && strcmp(line->name, key->name) == 0) {
            return line;
        }
    }
    return NULL;
}

/* One line by each of the keys and by nobody else; what they are worth is checked by others. */
static bool lines_to_check(const struct event *event, const struct verifier_key *const *signer,
                           size_t signers, struct signature_check *ret)
{
    if (event->signatures != signers) {
        return false;
    }
    *ret = (struct signature_check){
        .text = event->text, .length = event->text_length, .lines = signers};
    for (size_t i = 0; i < signers; i++) {
        const struct event_signature *line = line_of(event, signer[i]);
        if (line == NULL) {
            return false;
        }
        ret->line[i].signature = line->signature;
        memcpy(ret->line[i].public_key, signer[i]->public_key, sizeof ret->line[i].public_key);
    }
    return true;
}

static bool leaf_hash_load(struct store *store, uint64_t seq, struct sha256 *ret, bool *ret_found,
                           struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf_hash FROM event WHERE seq = $1");
    bind_int(query, 1, (int64_t)seq);
    *ret_found = statement_one(query);
    if (*ret_found) {
        *ret = column_sha256(query, 0);
    }
    return statement_end(query, err);
}

/* Hash of the leaf before seq. */
static bool prev_load(struct store *store, uint64_t seq, struct sha256 *ret, bool *ret_found,
                      struct error *err)
{
    *ret = sha256_of("", 0);
    *ret_found = true;
    return seq == 0 || leaf_hash_load(store, seq - 1, ret, ret_found, err);
}

/* The event in the arena; *ret_holds says whether its row is as it must be. */
static bool event_load_again(struct store *store, const char *origin, uint64_t seq,
                             struct arena *arena, struct event *ret, bool *ret_holds,
                             struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf, leaf_hash FROM event WHERE seq = $1");
    struct error why;
    *ret_holds = false;
    bind_int(query, 1, (int64_t)seq);
    if (statement_one(query)) {
        size_t length = 0;
        const char *leaf = column_blob(query, 0, &length);
        struct sha256 kept = column_sha256(query, 1);
        if (leaf != NULL) {
            struct sha256 hash = merkle_leaf_hash(leaf, length);
            char *copy = arena_text_n(arena, leaf, length);
            *ret_holds = sha256_equal(&hash, &kept) &&
                         event_parse(arena, origin, copy, length, ret, &why) && ret->seq == seq;
        }
    }
    return statement_end(query, err);
}

/* Part by part against what was written. */
static bool rows_equal(struct store *store, uint64_t seq, const struct buffer *want, bool *ret,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT bytes FROM event_rows WHERE seq = $1 ORDER BY part");
    size_t at = 0;
    bind_int(query, 1, (int64_t)seq);
    *ret = true;
    while (*ret && statement_row(query)) {
        size_t length = 0;
        const void *bytes = column_blob(query, 0, &length);
        *ret = bytes != NULL && length <= want->length - at &&
               memcmp(want->data + at, bytes, length) == 0;
        at += length;
    }
    *ret = *ret && at == want->length;
    return statement_end(query, err);
}

/* Rows that this process appended were hashed then: equal bytes have the same hash. */
static bool rows_hold(struct store *store, const struct event *event, const struct buffer *written,
                      bool *ret, struct error *err)
{
    if (written != NULL) {
        return rows_equal(store, event->seq, written, ret, err);
    }
    AUTO_BUFFER rows;
    buffer_init(&rows, EVENT_ROWS_MAX);
    if (!event_rows_load(store, event->seq, &rows, err)) {
        return false;
    }
    *ret = event_rows_fit(event, &rows);
    return true;
}

/* All but the signatures. */
static bool read_again(struct log_rechecking *r, struct store *store, const char *origin,
                       const struct verifier_key *const *signer, size_t signers,
                       const struct buffer *rows, struct error *err)
{
    struct sha256 prev;
    bool holds = false;
    bool follows = false;
    bool complete = false;
    if (!event_load_again(store, origin, r->seq, &r->arena, &r->event, &holds, err) ||
        !prev_load(store, r->seq, &prev, &follows, err)) {
        return false;
    }
    if (holds && !rows_hold(store, &r->event, rows, &complete, err)) {
        return false;
    }
    r->holds = holds && follows && complete && sha256_equal(&r->event.prev, &prev) &&
               lines_to_check(&r->event, signer, signers, &r->check);
    return true;
}

void log_recheck_begin(struct store *store, const char *origin, uint64_t seq,
                       const struct verifier_key *const *signer, size_t signers,
                       const struct buffer *rows, struct signature_pool *helpers,
                       struct log_rechecking *ret)
{
    *ret = (struct log_rechecking){.seq = seq, .helpers = helpers};
    arena_init(&ret->arena, EVENT_ARENA_MAX);
    ret->was_read = read_again(ret, store, origin, signer, signers, rows, &ret->failure);
    if (ret->was_read && ret->holds && helpers != NULL) {
        signature_pool_submit(helpers, &ret->check);
    }
}

static bool signatures_hold(struct log_rechecking *r)
{
    bool hold = true;
    if (r->helpers == NULL) {
        signature_check_run(&r->check);
    } else {
        signature_pool_wait(r->helpers, &r->check);
    }
    for (size_t i = 0; i < r->check.lines; i++) {
        hold = hold && r->check.line[i].holds;
    }
    return hold;
}

bool log_recheck_end(struct log_rechecking *rechecking, struct error *err)
{
    bool holds = rechecking->was_read && rechecking->holds && signatures_hold(rechecking);
    arena_release(&rechecking->arena);
    if (!rechecking->was_read) {
        *err = rechecking->failure;
        return false;
    }
    return holds ||
           error_set(err, FAULT_INTEGRITY, "log.recheck",
                     _("event %" PRIu64 " does not read back as it was written"), rechecking->seq);
}

bool log_recheck(struct store *store, const char *origin, uint64_t seq,
                 const struct verifier_key *const *signer, size_t signers, struct error *err)
{
    struct log_rechecking rechecking;
    log_recheck_begin(store, origin, seq, signer, signers, NULL, NULL, &rechecking);
    return log_recheck_end(&rechecking, err);
}

/* All of them --------------------------------------------------------------------------------- */

static bool visit_one(struct store *store, struct arena *arena, const void *leaf, size_t length,
                      struct buffer *rows, event_visitor visit, void *context, struct error *err)
{
    struct event event;
    buffer_clear(rows);
    if (!event_parse(arena, NULL, leaf, length, &event, err)) {
        return false;
    }
    if (canon_get(event.body, "rows_sha256") != NULL &&
        !event_rows_load(store, event.seq, rows, err)) {
        return false;
    }
    if (!event_rows_fit(&event, rows)) {
        return error_set(err, FAULT_INTEGRITY, "E_ROWS",
                         _("the rows beside event %" PRIu64 " are not those it was signed with"),
                         event.seq);
    }
    return visit(context, &event, rows->length > 0 ? rows : NULL, err);
}

bool log_each(struct store *store, uint64_t first, event_visitor visit, void *context,
              struct error *err)
{
    AUTO_ARENA arena;
    AUTO_BUFFER rows;
    arena_init(&arena, EVENT_ARENA_MAX);
    buffer_init(&rows, EVENT_ROWS_MAX);
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf FROM event WHERE seq >= $1 ORDER BY seq");
    bind_int(query, 1, (int64_t)first);
    while (statement_row(query)) {
        size_t length = 0;
        const void *leaf = column_blob(query, 0, &length);
        if (!visit_one(store, &arena, leaf, length, &rows, visit, context, err)) {
            return false;
        }
        arena_reset(&arena);
    }
    return statement_end(query, err);
}
