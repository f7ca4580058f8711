/* log_recheck.c - reading again what was just written. */
#include "ledger/audit/log_recheck.h"

#include <inttypes.h>
#include <string.h>

#include "ledger/base/text.h"

#define EVENT_ARENA_MAX ((size_t)64 << 20)

/* From the store, in the caller's thread ------------------------------------------------------- */

/* The row as it stands. */
static bool leaf_load(struct store *store, struct log_rechecking *r, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf, leaf_hash FROM event WHERE seq = $1");
    bind_int(query, 1, (int64_t)r->seq);
    if (statement_one(query)) {
        const char *leaf = column_blob(query, 0, &r->length);
        r->hash = column_sha256(query, 1);
        r->leaf = leaf == NULL ? NULL : arena_text_n(&r->arena, leaf, r->length);
    }
    return statement_end(query, err);
}

/* Hash of the leaf before it. */
static bool prev_load(struct store *store, struct log_rechecking *r, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT leaf_hash FROM event WHERE seq = $1");
    r->prev = sha256_of("", 0);
    r->follows = r->seq == 0;
    if (r->seq > 0) {
        bind_int(query, 1, (int64_t)r->seq - 1);
        r->follows = statement_one(query);
    }
    if (r->seq > 0 && r->follows) {
        r->prev = column_sha256(query, 0);
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
static bool rows_load(struct store *store, const struct buffer *written, struct log_rechecking *r,
                      struct error *err)
{
    r->rows_known = written != NULL;
    return r->rows_known ? rows_equal(store, r->seq, written, &r->rows_fit, err)
                         : event_rows_load(store, r->seq, &r->rows, err);
}

/* What was read, in any thread ----------------------------------------------------------------- */

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

/* One line by each of the keys and by nobody else. */
static bool signatures_hold(const struct log_rechecking *r, const struct event *event)
{
    struct signature_check check = {
        .text = event->text, .length = event->text_length, .lines = r->signers};
    bool hold = event->signatures == r->signers;

    for (size_t i = 0; hold && i < r->signers; i++) {
        const struct event_signature *line = line_of(event, r->signer[i]);
        hold = line != NULL;
        if (hold) {
            check.line[i].signature = line->signature;
            memcpy(check.line[i].public_key, r->signer[i]->public_key,
                   sizeof check.line[i].public_key);
        }
    }
    if (hold) {
        signature_check_run(&check);
    }
    for (size_t i = 0; hold && i < r->signers; i++) {
        hold = check.line[i].holds;
    }
    return hold;
}

static void check(void *context)
{
    struct log_rechecking *r = context;
    struct sha256 hash = merkle_leaf_hash(r->leaf, r->length);
    struct event event;
    struct error why;

    r->holds = sha256_equal(&hash, &r->hash) &&
               event_parse(&r->arena, r->origin, r->leaf, r->length, &event, &why) &&
               event.seq == r->seq && sha256_equal(&event.prev, &r->prev) &&
               (r->rows_known || event_rows_fit(&event, &r->rows)) && signatures_hold(r, &event);
}

void log_recheck_begin(struct store *store, const char *origin, uint64_t seq,
                       const struct verifier_key *const *signer, size_t signers,
                       const struct buffer *rows, struct signature_pool *helpers,
                       struct log_rechecking *ret)
{
    *ret = (struct log_rechecking){
        .origin = origin, .seq = seq, .signer = signer, .signers = signers, .helpers = helpers};
    arena_init(&ret->arena, EVENT_ARENA_MAX);
    buffer_init(&ret->rows, EVENT_ROWS_MAX);
    ret->was_read = leaf_load(store, ret, &ret->failure) && prev_load(store, ret, &ret->failure) &&
                    rows_load(store, rows, ret, &ret->failure);
    ret->complete =
        ret->was_read && ret->leaf != NULL && ret->follows && (!ret->rows_known || ret->rows_fit);
    ret->task = (struct pool_task){.run = check, .context = ret};
    if (ret->complete && helpers != NULL) {
        pool_submit(helpers, &ret->task);
    }
}

bool log_recheck_end(struct log_rechecking *rechecking, struct error *err)
{
    if (rechecking->complete && rechecking->helpers != NULL) {
        pool_wait(rechecking->helpers, &rechecking->task);
    } else if (rechecking->complete) {
        check(rechecking);
    }
    buffer_release(&rechecking->rows);
    arena_release(&rechecking->arena);
    if (!rechecking->was_read) {
        *err = rechecking->failure;
        return false;
    }
    return rechecking->holds ||
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
