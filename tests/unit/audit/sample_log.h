/* sample_log.h - a small book with a log, for the tests of the log. */
#ifndef YICANG_TESTS_UNIT_AUDIT_SAMPLE_LOG_H
#define YICANG_TESTS_UNIT_AUDIT_SAMPLE_LOG_H

#include "tests/support/check.h"

#include "ledger/audit/log.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE_ORIGIN "demo.invalid/ledger-0000abcd"
#define SAMPLE_TIME INT64_C(1772409600) /* 2026-03-02T00:00:00Z, by date -u -d @1772409600 */

struct sample {
    char *folder;
    char path[512];
    struct store *store;
    struct arena arena;
    struct log_tip tip;
    int64_t now;
    struct signing_key admin1, admin2, admin3, clerk, other, system;
};

static inline void sample_key(const char *code, struct signing_key *ret)
{
    char name[KEY_NAME_MAX + 1];
    struct sha256 seed = sha256_of(code, strlen(code)); /* the same keys in every run */
    assert_true(key_name_of_staff(SAMPLE_ORIGIN, code, name));
    signing_key_from_seed(name, KEY_TYPE_ED25519, seed.byte, ret);
}

static inline void sample_open(struct sample *sample)
{
    struct error err = {0};
    memset(sample, 0, sizeof *sample);
    sample->folder = scratch_create();
    (void)snprintf(sample->path, sizeof sample->path, "%s/book", sample->folder);
    arena_init(&sample->arena, (size_t)64 << 20);
    sample->now = SAMPLE_TIME;
    sample_key("admin1", &sample->admin1);
    sample_key("admin2", &sample->admin2);
    sample_key("admin3", &sample->admin3);
    sample_key("wang.li", &sample->clerk);
    sample_key("li.na", &sample->other);
    sample_key("system", &sample->system);
    check_ok(store_open(sample->path, STORE_CREATE, &sample->store, &err), &err);
}

static inline void sample_close(struct sample *sample)
{
    sample->store = store_close(sample->store);
    arena_release(&sample->arena);
    scratch_remove(sample->folder);
}

static inline int sample_set_up(void **state)
{
    struct sample *sample = calloc(1, sizeof *sample);
    assert_non_null(sample);
    sample_open(sample);
    *state = sample;
    return 0;
}

static inline int sample_tear_down(void **state)
{
    sample_close(*state);
    free(*state);
    return 0;
}

static inline const char *code_of(const struct signing_key *key)
{
    const char *mark = strstr(key->verifier.name, "/a/");
    return mark == NULL ? "" : mark + 3;
}

/* An event by one person, a second after the one before. */
static inline struct event_draft sample_draft(struct sample *sample, const char *type,
                                              const struct signing_key *actor, const char *role,
                                              struct canon *body)
{
    sample->now++;
    return (struct event_draft){.type = type,
                                .actor = code_of(actor),
                                .role = role,
                                .at = {sample->now},
                                .cmd = uuid_random(),
                                .body = body,
                                .signer = {signer_of_key(actor)},
                                .signers = 1};
}

static inline bool sample_try(struct sample *sample, const struct event_draft *draft,
                              struct error *err)
{
    AUTO_TRANSACTION transaction = {0};
    return transaction_begin(sample->store, &transaction, err) &&
           log_append(sample->store, SAMPLE_ORIGIN, draft, &sample->tip, err) &&
           transaction_commit(&transaction, err);
}

static inline void sample_append(struct sample *sample, const struct event_draft *draft)
{
    struct error err = {0};
    check_ok(sample_try(sample, draft, &err), &err);
}

static inline struct canon *genesis_body(struct sample *sample, int64_t quorum)
{
    const struct signing_key *admins[] = {&sample->admin1, &sample->admin2};
    struct canon *body = canon_object(&sample->arena);
    struct canon *keys = canon_array(&sample->arena);
    char vkey[VKEY_TEXT_MAX];
    for (size_t i = 0; i < COUNT_OF(admins); i++) {
        canon_add_text(keys, verifier_key_format(&admins[i]->verifier, vkey));
    }
    canon_set(body, "admin_keys", keys);
    canon_set_int(body, "admin_quorum", quorum);
    canon_set_text(body, "currency", "CNY");
    canon_set_text(body, "name", "义仓");
    canon_set_date(body, "opening_day", day("2026-03-02"));
    canon_set_text(body, "system_key", verifier_key_format(&sample->system.verifier, vkey));
    return body;
}

static inline struct event_draft genesis_draft(struct sample *sample, int64_t quorum)
{
    struct event_draft draft = sample_draft(sample, "book.genesis", &sample->admin1, "admin",
                                            genesis_body(sample, quorum));
    draft.signer[1] = signer_of_key(&sample->admin2);
    draft.signers = 2;
    return draft;
}

static inline void sample_genesis(struct sample *sample, int64_t quorum)
{
    struct event_draft draft = genesis_draft(sample, quorum);
    sample_append(sample, &draft);
}

static inline struct canon *key_add_body(struct sample *sample, const struct signing_key *key,
                                         const char *role)
{
    struct canon *body = canon_object(&sample->arena);
    uint8_t signature[64];
    char vkey[VKEY_TEXT_MAX], base64[89];
    char text[sizeof SAMPLE_ORIGIN + VKEY_TEXT_MAX + 32];
    int length = snprintf(text, sizeof text, "ledger-pop/v1 " SAMPLE_ORIGIN "\n%s\n",
                          verifier_key_format(&key->verifier, vkey));
    crypto_sign_detached(signature, NULL, (const unsigned char *)text, (unsigned long long)length,
                         key->secret);
    canon_set_text(body, "actor", code_of(key));
    canon_set_text(body, "office", "xinhe");
    canon_set_text(body, "pop", base64_format(signature, sizeof signature, base64));
    canon_set_text(body, "role", role);
    canon_set_text(body, "vkey", vkey);
    return body;
}

/* Signed by both admins. */
static inline struct event_draft control_draft(struct sample *sample, const char *type,
                                               struct canon *body)
{
    struct event_draft draft = sample_draft(sample, type, &sample->admin1, "admin", body);
    draft.signer[1] = signer_of_key(&sample->admin2);
    draft.signers = 2;
    return draft;
}

static inline void sample_key_add(struct sample *sample, const struct signing_key *key,
                                  const char *role)
{
    struct event_draft draft = control_draft(sample, "key.add", key_add_body(sample, key, role));
    sample_append(sample, &draft);
}

static inline struct canon *text_body(struct sample *sample, const char *text)
{
    struct canon *body = canon_object(&sample->arena);
    canon_set_text(body, "text", text);
    return body;
}

/* Genesis, the clerk's key, and `events` ordinary events by the clerk. */
static inline void sample_fill(struct sample *sample, int events)
{
    sample_genesis(sample, 2);
    sample_key_add(sample, &sample->clerk, "clerk");
    for (int i = 0; i < events; i++) {
        char text[40];
        (void)snprintf(text, sizeof text, "note %d", i);
        struct event_draft draft =
            sample_draft(sample, "note.make", &sample->clerk, "clerk", text_body(sample, text));
        sample_append(sample, &draft);
    }
}

/* What somebody with write access to the file does: closes the book, drops the guards, runs sql
 * (which may hold one blob, named $1), opens the book again. */
static inline void sample_tamper(struct sample *sample, const char *sql, const void *blob,
                                 size_t length)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    struct error err = {0};
    static const char drop[] = "DROP TRIGGER event_never_changed; DROP TRIGGER event_never_deleted;"
                               "DROP TRIGGER event_follows; DROP TRIGGER event_rows_never_changed;"
                               "DROP TRIGGER event_rows_never_deleted;";
    sample->store = store_close(sample->store);
    assert_int_equal(sqlite3_open(sample->path, &db), SQLITE_OK);
    (void)sqlite3_exec(db, drop, NULL, NULL, NULL); /* the second time they are gone already */
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    if (blob != NULL) {
        sqlite3_bind_blob64(statement, 1, blob, length, SQLITE_TRANSIENT);
    }
    assert_int_equal(sqlite3_step(statement), SQLITE_DONE);
    sqlite3_finalize(statement);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    check_ok(store_open(sample->path, STORE_WRITE, &sample->store, &err), &err);
}

/* The leaf of event seq in the arena. */
static inline char *sample_leaf(struct sample *sample, int64_t seq, size_t *ret_length)
{
    struct error err = {0};
    char *copy = NULL;
    AUTO_STATEMENT struct statement *query =
        store_query(sample->store, "SELECT leaf FROM event WHERE seq = $1");
    bind_int(query, 1, seq);
    assert_true(statement_one(query));
    const char *leaf = column_blob(query, 0, ret_length);
    copy = arena_text_n(&sample->arena, leaf, *ret_length);
    check_ok(statement_end(query, &err), &err);
    return copy;
}

#endif
