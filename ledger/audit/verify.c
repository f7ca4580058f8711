#include "ledger/audit/verify.h"

#include "ledger/audit/registry.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void findings_init(struct findings *findings)
{
    *findings = (struct findings){0};
}

void findings_release(struct findings *findings)
{
    free(findings->list);
    *findings = (struct findings){0};
}

static bool only_incomplete(const char *code)
{
    static const char *const codes[] = {"E_TIME", "E_STALE", "E_QUORUM", "E_TRUST"};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (text_equal(codes[i], code)) {
            return true;
        }
    }
    return false;
}

void findings_add(struct findings *findings, const char *code, int64_t seq, const char *text, ...)
{
    va_list arguments;

    if (only_incomplete(code)) {
        findings->incomplete = true;
    } else {
        findings->tampering = true;
    }
    findings->total++;
    if (findings->count == FINDINGS_MAX) {
        return;
    }
    findings->list =
        alloc_resized(findings->list, findings->count + 1, sizeof findings->list[0]);
    struct finding *finding = &findings->list[findings->count++];
    *finding = (struct finding){.seq = seq};
    (void)snprintf(finding->code, sizeof finding->code, "%s", code);
    va_start(arguments, text);
    (void)vsnprintf(finding->text, sizeof finding->text, text, arguments);
    va_end(arguments);
}

/* The state of one reading of the log. */
struct reading {
    struct store *store;
    const struct verify_visitor *visitor;
    struct findings *findings;
    struct verify_summary *summary;
    struct registry *registry;
    struct arena arena;
    struct merkle_range range;
    struct sha256 last_leaf;
    char last_at[INSTANT_TEXT_SIZE];
};

static bool line_holds(const struct reading *r, const struct event *event,
                       const struct event_signature *line)
{
    const struct verifier_key *key = registry_key(r->registry, line->name, line->key_id);
    return key != NULL &&
           crypto_sign_verify_detached(line->signature, (const uint8_t *)event->text,
                                       event->text_length, key->public_key) == 0;
}

static void check_signatures(struct reading *r, const struct event *event)
{
    int64_t seq = (int64_t)event->seq;
    bool genesis = event->seq == 0;

    if (genesis && (!text_equal(event->type, "book.genesis") ||
                    !registry_learn(r->registry, event))) {
        findings_add(r->findings, "E_KEY", seq, _("the log does not begin with a genesis"));
        return;
    }
    if (!registry_signers_fit(r->registry, r->summary->origin, event)) {
        findings_add(r->findings, "E_SIGNER", seq,
                     _("not signed by exactly those whom this event needs"));
    }
    for (size_t i = 0; i < event->signatures; i++) {
        r->summary->signatures++;
        if (!line_holds(r, event, &event->signature[i])) {
            findings_add(r->findings, "E_SIG", seq, _("the signature of %s does not hold"),
                         event->signature[i].name);
        }
    }
    if (!genesis && !registry_learn(r->registry, event)) {
        findings_add(r->findings, "E_KEY", seq, _("a key is doubled, unknown or malformed"));
    }
}

static void check_order(struct reading *r, const struct event *event, uint64_t stored_seq)
{
    int64_t seq = (int64_t)stored_seq;

    if (event->seq != r->range.size || stored_seq != r->range.size) {
        findings_add(r->findings, "E_SEQ", seq, _("stands where event %llu should"),
                     (unsigned long long)r->range.size);
    }
    if (!sha256_equal(&event->prev, &r->last_leaf)) {
        findings_add(r->findings, "E_CHAIN", seq, _("does not follow the event before it"));
    }
    struct instant at;
    if (!instant_parse(event->at, &at) || strcmp(event->at, r->last_at) < 0) {
        findings_add(r->findings, "E_TIME", seq, _("written at %s, before the event before it"),
                     event->at);
    } else {
        (void)snprintf(r->last_at, sizeof r->last_at, "%s", event->at);
    }
}

static bool rows_of(struct reading *r, const struct event *event, struct buffer *ret,
                    struct error *err)
{
    struct sha256 wanted;
    bool bound = canon_get_sha256(event->body, "rows_sha256", &wanted);
    AUTO_STATEMENT struct statement *query = store_query(
        r->store, "SELECT bytes FROM event_rows WHERE seq = $1 ORDER BY part");

    buffer_clear(ret);
    bind_int(query, 1, (int64_t)event->seq);
    while (statement_row(query)) {
        size_t length = 0;
        const void *bytes = column_blob(query, 0, &length);
        buffer_add(ret, bytes, length);
    }
    if (!statement_end(query, err)) {
        return false;
    }
    struct sha256 found = sha256_of(ret->data == NULL ? "" : ret->data, ret->length);
    if (bound ? !sha256_equal(&found, &wanted) : ret->length > 0) {
        findings_add(r->findings, "E_LEAF", (int64_t)event->seq,
                     _("the rows beside the event are not those it binds"));
    }
    return true;
}

static bool read_leaf(struct reading *r, uint64_t seq, const void *leaf, size_t length,
                      const struct sha256 *kept, struct buffer *rows, struct error *err)
{
    struct event event;
    struct error parse_error;
    struct sha256 hash = merkle_leaf_hash(leaf, length);
    const char *origin = r->range.size == 0 ? NULL : r->summary->origin;

    if (!sha256_equal(&hash, kept)) {
        findings_add(r->findings, "E_LEAF", (int64_t)seq, _("the kept leaf hash is another"));
    }
    if (!event_parse(&r->arena, origin, leaf, length, &event, &parse_error)) {
        findings_add(r->findings, parse_error.reason, (int64_t)seq, "%s", parse_error.text);
    } else {
        if (r->range.size == 0) {
            size_t prefix = strlen("ledger-event/v1 ");
            const char *end = memchr(event.text, '\n', event.text_length);
            (void)snprintf(r->summary->origin, sizeof r->summary->origin, "%.*s",
                           (int)(end - event.text - (ptrdiff_t)prefix), event.text + prefix);
        }
        check_order(r, &event, seq);
        check_signatures(r, &event);
        if (!rows_of(r, &event, rows, err)) {
            return false;
        }
        if (r->visitor != NULL && r->visitor->event != NULL) {
            r->visitor->event(r->visitor->context, &event, rows->length > 0 ? rows : NULL,
                              r->findings);
        }
    }
    merkle_range_append(&r->range, &hash);
    r->last_leaf = hash;
    arena_reset(&r->arena);
    return true;
}

static bool read_all(struct reading *r, struct buffer *rows, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query =
        store_query(r->store, "SELECT seq, leaf, leaf_hash FROM event ORDER BY seq");

    while (ok && statement_row(query)) {
        size_t length = 0;
        uint64_t seq = (uint64_t)column_int(query, 0);
        const void *leaf = column_blob(query, 1, &length);
        struct sha256 kept = column_sha256(query, 2);
        ok = leaf == NULL || read_leaf(r, seq, leaf, length, &kept, rows, err);
    }
    return ok && statement_end(query, err);
}

/* The caches must say what the leaves say; they are never believed. */
static bool check_frontier(struct reading *r, struct error *err)
{
    struct log_tip kept;

    if (!log_tip_load(r->store, &kept, err)) {
        if (err->fault != FAULT_INTEGRITY) {
            return false;
        }
        findings_add(r->findings, "E_ROOT", -1, "%s", err->text);
        return true;
    }
    if (kept.size != r->range.size || !sha256_equal(&kept.root, &r->summary->tip.root)) {
        findings_add(r->findings, "E_ROOT", -1, _("the kept tree is not that of the events"));
    }
    return true;
}

bool log_verify(struct store *store, const struct verify_visitor *visitor,
                struct findings *findings, struct verify_summary *ret, struct error *err)
{
    struct reading r = {.store = store,
                        .visitor = visitor,
                        .findings = findings,
                        .summary = ret,
                        .registry = registry_new(),
                        .last_leaf = sha256_of("", 0)};
    AUTO_BUFFER rows;

    *ret = (struct verify_summary){0};
    arena_init(&r.arena, (size_t)64 << 20);
    merkle_range_init(&r.range);
    buffer_init(&rows, (size_t)256 << 20);
    bool ok = read_all(&r, &rows, err);
    ret->events = ret->tip.size = r.range.size;
    ret->tip.leaf_hash = r.last_leaf;
    ret->tip.root = merkle_range_root(&r.range);
    ret->demo_keys = origin_is_demo(ret->origin);
    ok = ok && check_frontier(&r, err);
    if (ok && visitor != NULL && visitor->end != NULL) {
        visitor->end(visitor->context, findings);
    }
    r.registry = registry_free(r.registry);
    arena_release(&r.arena);
    return ok;
}
