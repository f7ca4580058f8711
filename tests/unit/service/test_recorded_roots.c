/* A verification that is recorded says which log it was: refused at the door if that is not this
 * one, and objected to where it was signed past it. */
#include "cli/service/verify_record.h"
#include "ledger/base/text.h"
#include "tests/support/staffed_book.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct staffed_book book;
static uint64_t next_command = 70000;

static int open_book(void **state)
{
    (void)state;
    staffed_book_open(&book);
    return 0;
}

static int close_book(void **state)
{
    (void)state;
    staffed_book_close(&book);
    return 0;
}

static struct arena *arena(void)
{
    return &book.live.office.arena;
}

/* A run over the first `size` events that found nothing. */
static struct canon *run_of(uint64_t size, const struct sha256 *root)
{
    struct canon *request = staffed_request(&book, "mode", "full", "result", "0", "findings_total",
                                            "0", "version", "yicang 0.1.0", NULL);
    canon_set(request, "findings", canon_array(arena()));
    canon_set_int(request, "size", (int64_t)size);
    canon_set_sha256(request, "root", root);
    return request;
}

static struct log_tip tip(void)
{
    return book.live.office.tip;
}

static struct sha256 other_than(struct sha256 root)
{
    root.byte[31] ^= 1;
    return root;
}

static struct canon *with(const char *key, struct canon *value)
{
    struct log_tip now = tip();
    struct canon *request = canon_copy(arena(), run_of(now.size, &now.root), key);
    if (text_equal(key, "findings")) { /* which goes with it */
        canon_set_text(request, "findings_total", "0");
    }
    if (value != NULL) {
        canon_set(request, key, value);
    }
    return request;
}

static struct canon *text(const char *value)
{
    return canon_text(arena(), value);
}

static struct canon *one_code(const char *code, const char *count)
{
    struct canon *list = canon_array(arena());
    canon_add(list, staffed_request(&book, "code", code, "count", count, NULL));
    return list;
}

static void the_root_is_that_of_the_log_at_that_size(void **state)
{
    (void)state;
    struct log_tip before = tip();
    struct sha256 wrong = other_than(before.root);
    staffed_refused(&book, "auditor", NULL, "verify.run", run_of(before.size, &wrong),
                    "audit.recorded-root");
    staffed_refused(&book, "auditor", NULL, "verify.run", run_of(before.size + 1, &before.root),
                    "audit.recorded-size");
    staffed_refused(&book, "auditor", NULL, "verify.run", run_of(0, &before.root),
                    "audit.recorded-size");
    staffed_do(&book, "auditor", NULL, "verify.run", run_of(before.size, &before.root));
    /* While it was verified, others went on. */
    staffed_household(&book);
    staffed_do(&book, "clerk", NULL, "verify.run", run_of(before.size, &before.root));
    staffed_refused(&book, "clerk", NULL, "verify.run", run_of(before.size, &wrong),
                    "audit.recorded-root");
    staffed_refused(&book, "clerk", NULL, "verify.run", run_of(before.size + 1, &before.root),
                    "audit.recorded-root");
    staffed_refused(&book, "a1", "a2", "verify.run", run_of(before.size, &before.root),
                    "staff.role-missing");
    check_text_equal(staffed_first_finding(&book), "");
}

static void another_root_signed_past_the_door_is_told(void **state)
{
    (void)state;
    struct log_tip before = tip();
    struct sha256 wrong = other_than(before.root);
    int64_t now =
        staffed_forge(&book, "auditor", NULL, "auditor", "verify.run", run_of(before.size, &wrong));
    check_int_equal(now, (int64_t)before.size);
    int64_t later =
        staffed_forge(&book, "clerk", NULL, "clerk", "verify.run", run_of(before.size, &wrong));
    int64_t true_one = staffed_forge(&book, "clerk", NULL, "clerk", "verify.run",
                                     run_of(before.size, &before.root));
    struct log_tip next = tip();
    int64_t ahead = staffed_forge(&book, "clerk", NULL, "clerk", "verify.run",
                                  run_of(next.size + 1, &next.root));
    assert_true(staffed_objection(&book, now, "E_ROOT", NULL));
    assert_true(staffed_objection(&book, later, "E_ROOT", NULL));
    assert_false(staffed_objection(&book, true_one, "E_ROOT", NULL));
    assert_true(staffed_objection(&book, ahead, "E_ROOT", NULL));
    assert_true(staffed_objection(&book, ahead, "E_RULE", "audit.recorded-size"));
}

static void what_it_says_is_well_formed(void **state)
{
    (void)state;
    struct canon *two = one_code("E_SIG", "1");
    canon_add(two, staffed_request(&book, "code", "E_ROOT", "count", "1", NULL));
    struct canon *kept = canon_array(arena());
    canon_add_text(kept, "5");
    canon_add_text(kept, "5");
    const struct canon *const refused[] = {
        with("mode", NULL),
        with("mode", text("quick")),
        with("version", NULL),
        with("version", text("")),
        with("result", text("3")),
        with("result", text("1")), /* with nothing found */
        with("findings_total", text("1")),
        with("findings", one_code("E_SIG", "1")), /* with nothing in all */
        with("findings", text("none")),
        with("kept", canon_array(arena())),
        with("kept", kept),
        with("card_genesis", text("x")),
        with("root", text("x")),
        with("size", NULL),
    };
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        staffed_refused(&book, "clerk", NULL, "verify.run", refused[i], "request.malformed");
    }
    static const char *const codes[][2] = {
        {"E_SIG", "0"}, {"e_sig", "1"}, {"SIG", "1"}, {"E_SIG1", "1"}, {"E_SIG", "-1"}};
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct canon *request = with("findings", one_code(codes[i][0], codes[i][1]));
        request = canon_copy(arena(), canon_copy(arena(), request, "findings_total"), "result");
        canon_set_text(request, "findings_total", "1");
        canon_set_text(request, "result", "1");
        staffed_refused(&book, "clerk", NULL, "verify.run", request, "request.malformed");
    }
    struct canon *request =
        canon_copy(arena(), canon_copy(arena(), with("findings", two), "findings_total"), "result");
    canon_set_text(request, "findings_total", "2");
    canon_set_text(request, "result", "1"); /* codes in another order */
    staffed_refused(&book, "clerk", NULL, "verify.run", request, "request.malformed");
}

static struct canon *restore_of(uint64_t size, const struct sha256 *root)
{
    struct canon *request = staffed_request(&book, "reason", "disk failed", NULL);
    canon_set_int(request, "size", (int64_t)size);
    canon_set_sha256(request, "root", root);
    canon_set_sha256(request, "copy_sha256", root);
    return request;
}

/* db.restore names size and root as well. */
static void a_restored_book_is_this_one(void **state)
{
    (void)state;
    struct log_tip before = tip();
    struct sha256 wrong = other_than(before.root);
    struct canon *silent = canon_copy(arena(), restore_of(before.size, &before.root), "reason");
    staffed_refused(&book, "a1", "a2", "db.restore", restore_of(before.size, &wrong),
                    "audit.recorded-root");
    staffed_refused(&book, "a1", "a2", "db.restore", restore_of(before.size + 1, &before.root),
                    "audit.recorded-size");
    staffed_refused(&book, "a1", "a2", "db.restore", silent, "restore.reason");
    staffed_refused(&book, "a1", NULL, "db.restore", restore_of(before.size, &before.root),
                    "duty.quorum");
    staffed_do(&book, "a1", "a2", "db.restore", restore_of(before.size, &before.root));
    check_text_equal(staffed_first_finding(&book), "");
    struct log_tip now = tip();
    wrong = other_than(now.root);
    int64_t seq =
        staffed_forge(&book, "a1", "a2", "admin", "db.restore", restore_of(now.size, &wrong));
    assert_true(staffed_objection(&book, seq, "E_ROOT", NULL));
    seq = staffed_forge(&book, "a1", "a2", "admin", "db.restore",
                        canon_copy(arena(), restore_of(now.size, &now.root), "reason"));
    assert_true(staffed_objection(&book, seq, "E_RULE", "restore.reason"));
    seq = staffed_forge(&book, "a1", NULL, "admin", "db.restore", restore_of(now.size, &now.root));
    assert_true(staffed_objection(&book, seq, "E_SIGNER", NULL));
    assert_false(staffed_objection(&book, seq, "E_ROOT", NULL));
}

/* What the service makes of a verification: figures by hand. */
static void a_verification_is_recorded_with_what_was_found(void **state)
{
    (void)state;
    struct error err = {0};
    struct findings findings;
    struct verify_summary summary = {.events = tip().size, .tip = tip()};
    struct trust_card card = {.genesis = sha256_of("genesis", 7)};
    static const struct kept_head kept[] = {{"a", 3, {{0}}}, {"b", 3, {{0}}}, {"c", 9, {{0}}}};
    struct verify_trust trust = {.card = &card, .kept = kept, .kept_count = COUNT_OF(kept)};
    struct verify_scope scope = {.trust = &trust, .structure = true};
    struct act_options options = {.as = "auditor", .command = live_command(++next_command)};
    struct act_result done;

    findings_init(&findings);
    findings_add(&findings, "E_STALE", 4, "old");
    findings_add(&findings, "E_QUORUM", -1, "few");
    findings_add(&findings, "E_STALE", 5, "old");
    check_ok(verify_record(&book.live.office, &options, &scope, &findings, &summary, &done, &err),
             &err);
    findings_release(&findings);
    AUTO_BUFFER line;
    buffer_init(&line, 4096);
    const struct canon *in = canon_get(done.body, "in");
    check_ok(canon_write(canon_get(in, "findings"), CANON_LINE_MAX, &line, &err), &err);
    check_text_equal(
        line.data,
        "[{\"code\":\"E_QUORUM\",\"count\":\"1\"},{\"code\":\"E_STALE\",\"count\":\"2\"}]");
    buffer_clear(&line);
    check_ok(canon_write(canon_get(in, "kept"), CANON_LINE_MAX, &line, &err), &err);
    check_text_equal(line.data, "[\"3\",\"9\"]");
    check_text_equal(canon_get_text(in, "mode"), "structure");
    check_text_equal(canon_get_text(in, "result"), "2");
    check_text_equal(canon_get_text(in, "findings_total"), "3");
    check_text_equal(staffed_first_finding(&book), "");
}

int main(void)
{
#define BOOK_TEST(test) cmocka_unit_test_setup_teardown(test, open_book, close_book)
    const struct CMUnitTest tests[] = {
        BOOK_TEST(the_root_is_that_of_the_log_at_that_size),
        BOOK_TEST(another_root_signed_past_the_door_is_told),
        BOOK_TEST(what_it_says_is_well_formed),
        BOOK_TEST(a_restored_book_is_this_one),
        BOOK_TEST(a_verification_is_recorded_with_what_was_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
