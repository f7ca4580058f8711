/* The log of the worked example under our verifier, and the wrong twins made from its seeds. */
#include "ledger/audit/log_source.h"
#include "ledger/audit/privacy.h"
#include "tests/conformance/example.h"
#include "tests/conformance/vector_file.h"
#include "tests/conformance/words.h"
#include "tests/support/file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct book {
    char *folder;
    struct store *store;
    char *leaf[EXAMPLE_EVENTS];
    size_t length[EXAMPLE_EVENTS];
};

static int set_up(void **state)
{
    struct book *book = calloc(1, sizeof *book);
    assert_non_null(book);
    book->folder = scratch_create();
    for (size_t i = 0; i < EXAMPLE_EVENTS; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "leaf-%zu", i);
        book->leaf[i] = example_file(name, &book->length[i]);
    }
    *state = book;
    return 0;
}

static int tear_down(void **state)
{
    struct book *book = *state;
    book->store = store_close(book->store);
    for (size_t i = 0; i < EXAMPLE_EVENTS; i++) {
        free(book->leaf[i]);
    }
    scratch_remove(book->folder);
    free(book);
    return 0;
}

static void insert(struct book *book, size_t seq, struct merkle_range *range)
{
    struct error err = {0};
    struct event event;
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)16 << 20);
    check_ok(event_parse(&arena, EXAMPLE_ORIGIN, book->leaf[seq], book->length[seq], &event, &err),
             &err);
    struct sha256 hash = merkle_leaf_hash(book->leaf[seq], book->length[seq]);
    merkle_range_append(range, &hash);
    AUTO_STATEMENT struct statement *query = store_query(
        book->store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    bind_int(query, 1, (int64_t)seq);
    bind_blob(query, 2, book->leaf[seq], book->length[seq]);
    bind_sha256(query, 3, &hash);
    bind_blob(query, 4, event.cmd.byte, UUID_SIZE);
    check_ok(statement_run(query, &err), &err);
}

/* The leaves, as they now are, in a book of their own with a right tree. */
static void fill(struct book *book)
{
    struct error err = {0};
    char path[512];
    struct merkle_range range;
    AUTO_TRANSACTION transaction = {0};
    (void)snprintf(path, sizeof path, "%s/book", book->folder);
    check_ok(store_open(path, STORE_CREATE, &book->store, &err), &err);
    check_ok(transaction_begin(book->store, &transaction, &err), &err);
    merkle_range_init(&range);
    for (size_t seq = 0; seq < EXAMPLE_EVENTS; seq++) {
        insert(book, seq, &range);
    }
    AUTO_STATEMENT struct statement *query =
        store_query(book->store, "UPDATE frontier SET size = $1, hashes = $2 WHERE id = 0");
    bind_int(query, 1, (int64_t)range.size);
    bind_blob(query, 2, range.hash, merkle_range_count(&range) * SHA256_SIZE);
    check_ok(statement_run(query, &err), &err);
    check_ok(transaction_commit(&transaction, &err), &err);
}

/* "E_SIGNER@5 ..." */
static void check_verdict(struct book *book, const char *want)
{
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    AUTO_BUFFER text;
    buffer_init(&text, 1 << 16);
    findings_init(&findings);
    struct log_source source = log_source_of_book(book->store);
    struct verify_request request = {.source = &source};
    check_ok(log_verify(&request, &findings, &summary, &err), &err);
    for (size_t i = 0; i < findings.count; i++) {
        buffer_printf(&text, "%s%s@%" PRId64, i > 0 ? " " : "", findings.list[i].code,
                      findings.list[i].seq);
    }
    findings_release(&findings);
    check_text_equal(text.data, want);
}

static void the_worked_example_verifies(void **state)
{
    struct book *book = *state;
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    fill(book);
    check_verdict(book, "");
    findings_init(&findings);
    struct log_source source = log_source_of_book(book->store);
    struct verify_request request = {.source = &source};
    check_ok(log_verify(&request, &findings, &summary, &err), &err);
    struct sha256 root = example_root(EXAMPLE_EVENTS);
    check_int_equal((int64_t)summary.events, EXAMPLE_EVENTS);
    check_int_equal((int64_t)summary.signatures, 12); /* three times two admins, six others */
    check_text_equal(summary.origin, EXAMPLE_ORIGIN);
    assert_false(summary.demo_keys);
    assert_true(sha256_equal(&summary.tip.root, &root));
    findings_release(&findings);
}

/* The same text under other signatures. The leaf after it still names the first one. */
static void sign_again(struct book *book, size_t seq, const char *const *label, size_t labels)
{
    struct signing_key key[EVENT_SIGNERS_MAX];
    AUTO_BUFFER leaf;
    buffer_init(&leaf, LEAF_MAX);
    size_t text_length = (size_t)(strstr(book->leaf[seq], "\n\n") + 1 - book->leaf[seq]);
    buffer_add(&leaf, book->leaf[seq], text_length);
    buffer_add_byte(&leaf, '\n');
    for (size_t i = 0; i < labels; i++) {
        key[i] = example_key(label[i], NULL);
        signature_line_add(&key[i], leaf.data, text_length, &leaf);
    }
    free(book->leaf[seq]);
    book->leaf[seq] = strdup(leaf.data);
    book->length[seq] = leaf.length;
}

static void an_approval_signed_by_the_proposer_is_refused(void **state)
{
    struct book *book = *state;
    sign_again(book, 5, (const char *const[]){"wang"}, 1);
    fill(book);
    check_verdict(book, "E_SIGNER@5 E_CHAIN@6");
}

static void a_control_event_with_one_admin_is_refused(void **state)
{
    struct book *book = *state;
    sign_again(book, 1, (const char *const[]){"admin1"}, 1);
    fill(book);
    /* The key it would have added is not learnt: wang.li can sign nothing. */
    check_verdict(book, "E_SIGNER@1 E_CHAIN@2 E_SIGNER@3 E_KEY@3 E_SIGNER@4 E_KEY@4");
}

static void the_system_does_not_sign_for_a_clerk(void **state)
{
    struct book *book = *state;
    sign_again(book, 4, (const char *const[]){"system", "wang"}, 2);
    fill(book);
    check_verdict(book, "E_SIGNER@4 E_CHAIN@5");
}

static void the_log_key_is_nobody_of_the_staff(void **state)
{
    struct book *book = *state;
    sign_again(book, 4, (const char *const[]){"log0"}, 1);
    fill(book);
    check_verdict(book, "E_SIGNER@4 E_CHAIN@5");
}

static void the_commitment_opens_with_its_salt(void **state)
{
    (void)state;
    struct vector_file file = vector_file_open("commitment.txt");
    struct vector_case row;
    uint8_t salt[PERSONAL_SALT_SIZE];
    char member[64] = "", number[64] = "";
    struct sha256 want = {{0}};
    int cases = 0;
    while (vector_file_next(&file, &row)) {
        char *text = row.text;
        cases++;
        if (strcmp(row.verdict, "member") == 0) {
            (void)snprintf(member, sizeof member, "%s", text);
        } else if (strcmp(row.verdict, "id_no") == 0) {
            (void)snprintf(number, sizeof number, "%s", text);
        } else if (strcmp(row.verdict, "salt") == 0) {
            word_bytes(&text, salt, sizeof salt);
        } else {
            want = word_hash(&text);
        }
    }
    struct sha256 got = privacy_commitment(EXAMPLE_ORIGIN, member, FIELD_ID_NO, salt, number);
    assert_true(sha256_equal(&got, &want));
    vector_file_close(&file, cases, 4);
}

static void no_changed_bit_of_a_leaf_is_accepted(void **state)
{
    struct book *book = *state;
    struct event event;
    AUTO_ARENA arena;
    arena_init(&arena, (size_t)16 << 20);
    size_t accepted = 0;
    struct sha256 before = merkle_leaf_hash(book->leaf[4], book->length[4]);
    for (size_t bit = 0; bit < 8 * book->length[4]; bit++) {
        struct error err = {0};
        book->leaf[4][bit / 8] ^= (char)(1 << bit % 8);
        struct sha256 hash = merkle_leaf_hash(book->leaf[4], book->length[4]);
        assert_false(sha256_equal(&hash, &before));
        if (event_parse(&arena, EXAMPLE_ORIGIN, book->leaf[4], book->length[4], &event, &err)) {
            struct signing_key wang = example_key("wang", NULL);
            const struct event_signature *line = &event.signature[0];
            bool holds =
                line->key_id == wang.verifier.id && strcmp(line->name, wang.verifier.name) == 0 &&
                crypto_sign_verify_detached(line->signature, (const unsigned char *)event.text,
                                            event.text_length, wang.verifier.public_key) == 0;
            accepted += holds ? 1 : 0;
        }
        arena_reset(&arena);
        book->leaf[4][bit / 8] ^= (char)(1 << bit % 8);
    }
    assert_int_equal(accepted, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_worked_example_verifies),
        TEST(an_approval_signed_by_the_proposer_is_refused),
        TEST(a_control_event_with_one_admin_is_refused),
        TEST(the_system_does_not_sign_for_a_clerk),
        TEST(the_log_key_is_nobody_of_the_staff),
        TEST(no_changed_bit_of_a_leaf_is_accepted),
        cmocka_unit_test(the_commitment_opens_with_its_salt),
    };
    return cmocka_run_group_tests_name("log of the example", tests, NULL, NULL);
}
