/* make_bundle FOLDER EVENTS - a log made through the door of the ledger, closed for the day once
 * and cosigned, exported into FOLDER/bundle; FOLDER/card is what an auditor has on paper. One event
 * records a decision that was signed elsewhere; in FOLDER/forged-N/bundle are the same logs, as
 * well signed, with one that nobody may take. */
#include "ledger/audit/approval.h"
#include "ledger/audit/bundle.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/audit/log.h"
#include "ledger/audit/note.h"
#include "ledger/audit/proof.h"
#include "ledger/audit/trust_card.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ORIGIN "demo.invalid/ledger-0badcafe"
#define FIRST_SECOND 1772409600 /* 2026-03-02 */
#define EVENTS_MAX 100000

enum { KEY_LOG, KEY_DAY_0, KEY_DAY_1, KEY_CLERK, KEY_APPROVER, KEY_WITNESS, KEYS };

static const char *const names[KEYS] = {ORIGIN,           ORIGIN "/day",
                                        ORIGIN "/day",    ORIGIN "/a/clerk",
                                        ORIGIN "/a/appr", "bureau.invalid/witness/1"};

/* What is wrong with the decision made elsewhere. */
enum forgery {
    GENUINE,
    BY_ANOTHER_KEY,
    BY_ANOTHER_PERSON,
    CHANGED,
    OF_ANOTHER_BOOK,
    OF_ANOTHER_EVENT,
    SAW_ANOTHER_LOG,
    FORGERIES
};

struct maker {
    enum forgery forgery;
    struct log_tip tip;
    struct sha256 approved; /* hash of the leaf before the last */
    struct store *store;
    struct arena arena;
    struct signing_key key[KEYS];
    struct minisign_secret secret;
    struct sha256 genesis;
    uint64_t events;
    uint64_t sealed; /* size of the checkpoint that ends the first day */
    struct error err;
};

static void must(bool ok, const struct maker *maker)
{
    if (!ok) {
        fprintf(stderr, "make_bundle: %s: %s\n", maker->err.reason, maker->err.text);
        exit(1);
    }
}

static void keys_make(struct maker *maker)
{
    for (size_t i = 0; i < KEYS; i++) {
        char label[32];
        snprintf(label, sizeof label, "outside/%zu", i);
        struct sha256 seed = sha256_of(label, strlen(label));
        signing_key_from_seed(names[i], i == KEY_WITNESS ? KEY_TYPE_COSIGNATURE : KEY_TYPE_ED25519,
                              seed.byte, &maker->key[i]);
    }
    struct sha256 seed = sha256_of("outside/export", 14);
    minisign_secret_from_seed(seed.byte + 8, seed.byte, &maker->secret);
}

static void head_keep(struct maker *maker, const struct log_tip *tip, enum checkpoint_why why)
{
    bool seal = tip->size == maker->sealed;
    const struct signing_key *day = &maker->key[tip->size <= maker->sealed ? KEY_DAY_0 : KEY_DAY_1];
    AUTO_BUFFER note;
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    checkpoint_make(ORIGIN, tip->size, &tip->root, &maker->key[KEY_LOG], day,
                    seal ? &maker->key[KEY_DAY_1] : NULL, &note);
    if (why == CHECKPOINT_COSIGNED) {
        struct note parsed;
        AUTO_BUFFER line;
        buffer_init(&line, SIGNATURE_LINE_MAX);
        must(note_parse(note.data, note.length, &parsed, &maker->err), maker);
        cosignature_line_add(&maker->key[KEY_WITNESS], parsed.text, parsed.length,
                             FIRST_SECOND + (int64_t)maker->events * 2, &line);
        buffer_add(&note, line.data, line.length);
    }
    must(checkpoint_store_put(maker->store, tip->size, note.data, note.length, why, &maker->err),
         maker);
}

static void set_key(const struct maker *maker, struct canon *body, const char *member, size_t key)
{
    char text[VKEY_TEXT_MAX];
    canon_set_text(body, member, verifier_key_format(&maker->key[key].verifier, text));
}

/* Which event this is, and the keys that it names. */
static const char *event_type(struct maker *maker, uint64_t seq, struct canon *body)
{
    if (seq == 0) {
        set_key(maker, body, "log_key", KEY_LOG);
        set_key(maker, body, "day_key", KEY_DAY_0);
        return "book.genesis";
    }
    if (seq == 1) {
        set_key(maker, body, "vkey", KEY_CLERK);
        return "key.add";
    }
    if (seq + 1 == maker->sealed) {
        set_key(maker, body, "day_key", KEY_DAY_1);
        return "key.rotate";
    }
    return "loan.propose";
}

/* The note of the approver, about the event before the last, under the head of now. */
static void approval_sign(struct maker *maker, uint64_t seq, struct buffer *ret)
{
    struct approval approval = {.origin = ORIGIN,
                                .actor = "appr",
                                .at = {FIRST_SECOND + (int64_t)seq},
                                .decision = "accept",
                                .of_seq = seq - 2,
                                .of_leaf = maker->approved,
                                .amount = money_from_fen(5000000),
                                .expires = {FIRST_SECOND + (int64_t)seq + 86400},
                                .size = maker->tip.size,
                                .root = maker->tip.root,
                                .reason = "如 \"约\" \\ \"]"};
    struct signing_key key = maker->key[KEY_APPROVER];

    switch (maker->forgery) {
    case GENUINE:
    case CHANGED:
    case FORGERIES:
        break;
    case BY_ANOTHER_KEY:
        signing_key_from_seed(names[KEY_APPROVER], KEY_TYPE_ED25519, maker->genesis.byte, &key);
        break;
    case BY_ANOTHER_PERSON:
        key = maker->key[KEY_CLERK];
        break;
    case OF_ANOTHER_BOOK:
        approval.origin = "demo.invalid/ledger-0badcaff";
        break;
    case OF_ANOTHER_EVENT:
        approval.of_seq--;
        break;
    case SAW_ANOTHER_LOG:
        approval.root = maker->genesis;
        break;
    }
    struct signer signer = signer_of_key(&key);
    must(approval_write(&approval, &signer, ret, &maker->err), maker);
    if (maker->forgery == CHANGED) {
        *strstr(ret->data, "5000000") = '6';
    }
}

static void record_approval(struct maker *maker, uint64_t seq, struct canon *body)
{
    struct canon *in = canon_object(&maker->arena);
    AUTO_BUFFER note;
    buffer_init(&note, APPROVAL_MAX);
    approval_sign(maker, seq, &note);
    canon_set(in, "approval", note_lines(&maker->arena, note.data, note.length));
    canon_set(body, "in", in);
}

static void event_append(struct maker *maker, uint64_t seq)
{
    bool by_approver = seq % 3 == 0 || seq == 1; /* who is the admin on the card */
    const struct signing_key *signer = &maker->key[by_approver ? KEY_APPROVER : KEY_CLERK];
    struct canon *body = canon_object(&maker->arena);
    const char *type = event_type(maker, seq, body);
    AUTO_BUFFER rows;
    buffer_init(&rows, 1000);
    if (seq == maker->events / 2) {
        record_approval(maker, seq, body);
    }
    canon_set_text(body, "purpose", "春耕 \"贷款\"");
    canon_set_int(body, "amount_minor", (int64_t)seq * 100);
    buffer_add_text(&rows, "{\"n\":\"1\"}\n{\"n\":\"2\"}\n");
    char hex[SHA256_HEX_SIZE];
    struct sha256 hash = sha256_of(&seq, sizeof seq);
    hex_format(hash.byte, UUID_SIZE, hex);
    struct event_draft draft = {.type = type,
                                .actor = signer == &maker->key[KEY_CLERK] ? "clerk" : "appr",
                                .role = "clerk",
                                .at = {FIRST_SECOND + (int64_t)seq},
                                .body = body,
                                .signer = {signer_of_key(signer)},
                                .signers = 1,
                                .rows = seq % 64 == 5 ? &rows : NULL,
                                .rows_count = 2};
    must(uuid_from_hex(hex, &draft.cmd, &maker->err), maker);
    struct log_tip tip;
    must(log_append(maker->store, ORIGIN, &draft, &tip, &maker->err), maker);
    maker->approved = maker->tip.leaf_hash;
    maker->tip = tip;
    if (seq == 0) {
        maker->genesis = tip.leaf_hash;
    }
    if (tip.size == maker->events) {
        head_keep(maker, &tip, CHECKPOINT_COSIGNED);
    } else if (tip.size == maker->sealed) {
        head_keep(maker, &tip, CHECKPOINT_SEAL);
    } else if (tip.size % 7 == 0) {
        head_keep(maker, &tip, CHECKPOINT_DAY);
    } else {
        head_keep(maker, &tip, CHECKPOINT_TIP);
    }
    arena_reset(&maker->arena);
}

static void log_make(struct maker *maker, const char *folder)
{
    char path[1000];
    snprintf(path, sizeof path, "%s/book", folder);
    must(store_open(path, STORE_CREATE, &maker->store, &maker->err), maker);
    AUTO_TRANSACTION transaction = {0};
    must(transaction_begin(maker->store, &transaction, &maker->err), maker);
    for (uint64_t seq = 0; seq < maker->events; seq++) {
        event_append(maker, seq);
    }
    must(transaction_commit(&transaction, &maker->err), maker);
}

static bool leaf_hash_read(void *context, uint64_t seq, struct sha256 *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(context, "SELECT leaf_hash FROM event WHERE seq = $1");
    bind_int(query, 1, (int64_t)seq);
    if (statement_one(query)) {
        *ret = column_sha256(query, 0);
    }
    return statement_end(query, err);
}

static void receipt_make(struct maker *maker, uint64_t seq, struct buffer *ret)
{
    struct leaf_source leaves = {maker->store, leaf_hash_read};
    struct tree_source tree = tree_source_of_leaves(&leaves);
    AUTO_BUFFER note;
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    bool found = false;
    struct receipt receipt = {.index = seq};
    must(checkpoint_store_get(maker->store, maker->events, &found, &note, &maker->err), maker);
    must(proof_of_inclusion(&tree, seq, maker->events, &receipt.proof, &maker->err), maker);
    receipt.checkpoint = note.data;
    receipt.checkpoint_length = note.length;
    must(receipt_write(&receipt, ret, &maker->err), maker);
}

static void vkey_add(const struct maker *maker, size_t key, struct buffer *ret)
{
    char text[VKEY_TEXT_MAX];
    buffer_printf(ret, "%s\n", verifier_key_format(&maker->key[key].verifier, text));
}

static void policy_add(const struct maker *maker, struct buffer *ret)
{
    buffer_add_text(ret, "log ");
    vkey_add(maker, KEY_LOG, ret);
    buffer_add_text(ret, "witness bureau ");
    vkey_add(maker, KEY_WITNESS, ret);
    buffer_add_text(ret, "quorum bureau\n");
}

static void card_make(const struct maker *maker, const char *folder)
{
    char path[1000];
    AUTO_BUFFER policy;
    AUTO_BUFFER text;
    buffer_init(&policy, 4096);
    buffer_init(&text, TRUST_CARD_MAX);
    policy_add(maker, &policy);
    struct trust_card card = {.origin = ORIGIN,
                              .genesis = maker->genesis,
                              .log = maker->key[KEY_LOG].verifier,
                              .admins = 1,
                              .admin = {maker->key[KEY_APPROVER].verifier},
                              .minisign = maker->secret.key,
                              .policy_text = policy.data,
                              .policy_length = policy.length};
    trust_card_write(&card, &text);
    snprintf(path, sizeof path, "%s/card", folder);
    FILE *file = fopen(path, "wbe");
    if (file == NULL || fwrite(text.data, 1, text.length, file) != text.length ||
        fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void export_make(struct maker *maker, const char *folder)
{
    AUTO_BUFFER keys;
    AUTO_BUFFER policy;
    AUTO_BUFFER receipt;
    buffer_init(&keys, 4096);
    buffer_init(&policy, 4096);
    buffer_init(&receipt, RECEIPT_MAX);
    for (size_t key = 0; key < KEYS; key++) {
        vkey_add(maker, key, &keys);
    }
    policy_add(maker, &policy);
    receipt_make(maker, maker->events / 3, &receipt);
    const struct bundle_file file = {"receipts/one.tlog-proof", receipt.data, receipt.length};
    const struct bundle_content content = {ORIGIN, maker->events, keys.data, policy.data, &file,
                                           1,      &maker->secret};
    struct sha256 manifest;
    char path[1000];
    snprintf(path, sizeof path, "%s/bundle", folder);
    must(bundle_write(maker->store, path, &content, &manifest, &maker->err), maker);
}

static void make(const char *folder, uint64_t events, enum forgery forgery)
{
    struct maker maker = {.events = events, .sealed = events * 2 / 3, .forgery = forgery};
    arena_init(&maker.arena, ARENA_LIMIT_COMMAND);
    keys_make(&maker);
    log_make(&maker, folder);
    card_make(&maker, folder);
    export_make(&maker, folder);
    arena_release(&maker.arena);
    store_close(maker.store);
}

int main(int argc, char **argv)
{
    uint64_t events = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (events < 10 || events > EVENTS_MAX) {
        fprintf(stderr, "usage: make_bundle FOLDER EVENTS (10 or more)\n");
        return 2;
    }
    make(argv[1], events, GENUINE);
    for (int forgery = GENUINE + 1; forgery < FORGERIES; forgery++) {
        char folder[1000];
        snprintf(folder, sizeof folder, "%s/forged-%d", argv[1], forgery);
        if (mkdir(folder, 0700) != 0) {
            perror(folder);
            return 1;
        }
        make(folder, events, (enum forgery)forgery);
    }
    return 0;
}
