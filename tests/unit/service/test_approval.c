/* Decisions on claims that a bureau officer signed on another machine: recorded they are the
 * officer's; whatever is wrong with one is refused at the door, and objected to by a replay in a
 * log that was signed past the door with everybody's keys. */
#include "cli/service/explanation.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"
#include "ledger/fund/claim.h"
#include "tests/support/detached.h"

#include <string.h>

#define ACCEPTANCE "claim.record-acceptance"
#define REFUSAL "claim.record-refusal"
#define DAY INT64_C(86400)

static struct staffed_book *open_claims(int64_t claims)
{
    static struct staffed_book book;
    detached_open(&book, claims);
    return &book;
}

static int open_one(void **state)
{
    *state = open_claims(1);
    return 0;
}

static int open_two(void **state)
{
    *state = open_claims(2);
    return 0;
}

static int close_book(void **state)
{
    staffed_book_close(*state);
    return 0;
}

/* At the door, and in a log written past it. */
static void both_as(struct staffed_book *book, const char *type, const struct canon *request,
                    const char *code, const char *reason)
{
    assert_string_equal(staffed_first_finding(book), "");
    staffed_refused(book, "clerk", NULL, type, request, reason);
    int64_t seq = staffed_forge(book, "clerk", NULL, "clerk", type, request);
    assert_true(staffed_objection(book, seq, code, reason));
}

static void both(struct staffed_book *book, const struct approval *approval, const char *reason)
{
    both_as(book, ACCEPTANCE, detached_request(book, 1, approval, NULL), "E_RULE", reason);
}

static struct claim claim_of(struct staffed_book *book, int64_t id)
{
    struct claim claim = {0};
    struct error err = {0};
    check_ok(claim_load(book->live.office.store, &book->live.office.arena, id, &claim, &err), &err);
    return claim;
}

static int64_t moved_today(struct staffed_book *book, const char *person, const char *role)
{
    struct money sum = MONEY_ZERO;
    struct error err = {0};
    check_ok(
        staff_use_load(book->live.office.store, book->live.office.day, person, role, &sum, &err),
        &err);
    return money_fen(sum);
}

/* A duty taken away and given again: now with these limits, 0 for none. */
static void grant_again(struct staffed_book *book, const char *who, const char *role, int64_t limit,
                        int64_t day_limit)
{
    struct canon *grant = staffed_request(book, "actor", who, "role", role, NULL);
    if (limit > 0) {
        canon_set_int(grant, "limit_fen", limit);
    }
    if (day_limit > 0) {
        canon_set_int(grant, "day_limit_fen", day_limit);
    }
    staffed_do(book, "a1", "a2", "role.revoke",
               staffed_request(book, "actor", who, "role", role, "reason", "limits", NULL));
    staffed_do(book, "a1", "a2", "role.grant", grant);
}

/* --- what is taken ---------------------------------------------------------------------------- */

static void an_acceptance_is_the_officers(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct explanation explanation;
    struct error err = {0};
    struct office *office = &book->live.office;
    staffed_do(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 1, &approval, NULL));
    check_text_equal(claim_of(book, 1).status, "accepted");
    check_int_equal(moved_today(book, "bureau-officer", "bureau-officer"), DETACHED_LOSS);
    check_int_equal(moved_today(book, "clerk", "clerk"), 0);
    check_ok(explain_event(office, office->tip.size - 1, 1, &explanation, &err), &err);
    check_text_equal(explanation.actor, "bureau-officer");
    assert_string_equal(staffed_first_finding(book), "");
}

static void it_may_be_recorded_by_whom_the_table_names_and_paid_as_any_other(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    staffed_close_day(book);
    staffed_do(book, "risk-officer", NULL, ACCEPTANCE, detached_request(book, 1, &approval, NULL));
    staffed_do(
        book, "clerk", NULL, "claim.pay",
        staffed_request(book, "claim", "1", "payer", "insurer", "amount_fen", "700000", NULL));
    staffed_do(book, "bureau-officer", NULL, "claim.pay",
               staffed_request(book, "claim", "1", "payer", "fund", "amount_fen", "150000", NULL));
    check_text_equal(claim_of(book, 1).status, "paid");
    assert_string_equal(staffed_first_finding(book), "");
}

static void a_refusal_is_recorded_with_its_reason(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "refuse");
    staffed_do(book, "manager", NULL, REFUSAL, detached_request(book, 1, &approval, NULL));
    check_text_equal(claim_of(book, 1).status, "refused");
    check_int_equal(moved_today(book, "bureau-officer", "bureau-officer"), 0);
    assert_string_equal(staffed_first_finding(book), "");
}

/* --- the note itself -------------------------------------------------------------------------- */

static void what_is_no_approval_is_none(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct canon *request = detached_request_of(book, 1, &approval, "accepted\n", 9);
    both_as(book, ACCEPTANCE, request, "E_RULE", "approval.malformed");
    assert_true(staffed_objection(book, (int64_t)book->live.office.tip.size - 1, "E_LEAF", NULL));
}

static void nothing_is_recorded_without_one(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct canon *request = canon_copy(&book->live.office.arena,
                                       detached_request(book, 1, &approval, NULL), "approval");
    both_as(book, ACCEPTANCE, request, "E_RULE", "request.malformed");
}

static void an_approval_of_another_book(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct signing_key key;
    struct signing_key other;
    detached_key(book, "bureau-officer", &key);
    approval.origin = "demo.invalid/ledger-00000002";
    signing_key_from_seed("demo.invalid/ledger-00000002/a/bureau-officer", KEY_TYPE_ED25519,
                          key.secret, &other);
    both_as(book, ACCEPTANCE, detached_request(book, 1, &approval, &other), "E_RULE",
            "approval.other-log");
    assert_true(staffed_objection(book, (int64_t)book->live.office.tip.size - 1, "E_ORIGIN", NULL));
    signing_key_wipe(&key);
    signing_key_wipe(&other);
}

static void it_counts_once(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct approval same_nonce = detached_approval(book, 2, "accept");
    same_nonce.nonce = approval.nonce;
    staffed_do(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 1, &approval, NULL));
    staffed_refused(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 2, &same_nonce, NULL),
                    "approval.used");
    both(book, &approval, "approval.used");
}

static void a_decision_is_not_turned_into_another(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.reason = "as agreed";
    both_as(book, REFUSAL, detached_request(book, 1, &approval, NULL), "E_RULE",
            "approval.other-decision");
}

static void nor_given_another_reason(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "refuse");
    struct canon *request =
        canon_copy(&book->live.office.arena, detached_request(book, 1, &approval, NULL), "reason");
    canon_set_text(request, "reason", "whatever");
    both_as(book, REFUSAL, request, "E_RULE", "approval.reason");
}

/* --- who signed it ---------------------------------------------------------------------------- */

static void a_signature_by_somebody_else(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct signing_key clerk;
    struct signing_key as_officer;
    detached_key(book, "clerk", &clerk);
    signing_key_from_seed("demo.invalid/ledger-00000001/a/bureau-officer", KEY_TYPE_ED25519,
                          clerk.secret, &as_officer);
    both_as(book, ACCEPTANCE, detached_request(book, 1, &approval, &as_officer), "E_RULE",
            "approval.key");
    assert_true(staffed_objection(book, (int64_t)book->live.office.tip.size - 1, "E_SIGNER", NULL));
    signing_key_wipe(&clerk);
    signing_key_wipe(&as_officer);
}

static void somebody_who_is_no_officer(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.actor = "manager";
    both(book, &approval, "staff.role-missing");
}

static void a_changed_note(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct signing_key key;
    struct error err = {0};
    AUTO_BUFFER note;
    buffer_init(&note, APPROVAL_MAX);
    detached_key(book, "bureau-officer", &key);
    struct signer signer = signer_of_key(&key);
    check_ok(approval_write(&approval, &signer, &note, &err), &err);
    signing_key_wipe(&key);
    char *amount = strstr(note.data, "\"1000000\"");
    assert_non_null(amount);
    amount[1] = '2';
    both_as(book, ACCEPTANCE, detached_request_of(book, 1, &approval, note.data, note.length),
            "E_RULE", "approval.signature");
    assert_true(staffed_objection(book, (int64_t)book->live.office.tip.size - 1, "E_SIG", NULL));
}

static void revoke(struct staffed_book *book, int64_t from_seq)
{
    struct signing_key key;
    char vkey[VKEY_TEXT_MAX];
    struct canon *request = staffed_request(book, "reason", "stolen", NULL);
    detached_key(book, "bureau-officer", &key);
    canon_set_text(request, "vkey", verifier_key_format(&key.verifier, vkey));
    if (from_seq >= 0) {
        canon_set_int(request, "from_seq", from_seq);
    }
    signing_key_wipe(&key);
    staffed_do(book, "a1", "a2", "key.revoke", request);
}

static void a_key_that_was_revoked_meanwhile(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    revoke(book, -1);
    both(book, &approval, "approval.key");
    assert_true(staffed_objection(book, (int64_t)book->live.office.tip.size - 1, "E_SIGNER", NULL));
}

static void a_key_that_was_not_registered_when_it_was_seen(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.actor = "officer-2";
    staffed_do(book, "a1", "a2", "key.add", staffed_hire(book, "officer-2", "bureau-officer"));
    both(book, &approval, "approval.key");
}

static void what_a_stolen_key_decided_is_in_dispute(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct canon *resolve =
        staffed_request(book, "outcome", "genuine", "reason", "asked the officer", NULL);
    struct canon *events = canon_array(&book->live.office.arena);
    struct signing_key key;
    char vkey[VKEY_TEXT_MAX];
    staffed_do(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 1, &approval, NULL));
    int64_t seq = (int64_t)book->live.office.tip.size - 1;
    revoke(book, seq);
    assert_true(staffed_objection(book, seq, "E_DISPUTE", NULL));
    canon_add_text(events, arena_printf(&book->live.office.arena, "%lld", (long long)seq));
    canon_set(resolve, "events", events);
    detached_key(book, "bureau-officer", &key);
    canon_set_text(resolve, "vkey", verifier_key_format(&key.verifier, vkey));
    signing_key_wipe(&key);
    staffed_do(book, "a1", "a2", "dispute.resolve", resolve);
    assert_string_equal(staffed_first_finding(book), "");
}

/* --- what was seen, and when ------------------------------------------------------------------ */

static void a_head_that_never_was(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.size++;
    both(book, &approval, "approval.head");
}

static void a_head_without_the_claim(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.size = approval.of_seq;
    both(book, &approval, "approval.head");
}

static void the_root_of_another_history_is_a_fork(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.root = sha256_of("another history", 15);
    both_as(book, ACCEPTANCE, detached_request(book, 1, &approval, NULL), "E_FORK",
            "approval.fork");
}

static void a_time_that_is_still_to_come(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.at.seconds += 301;
    both(book, &approval, "approval.time");
}

static void a_time_before_what_was_seen(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.at.seconds -= 301;
    both(book, &approval, "approval.time");
}

static void clocks_may_lie_five_minutes_apart(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct approval later = detached_approval(book, 2, "accept");
    approval.at.seconds -= 300;
    later.at.seconds += 300;
    staffed_do(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 1, &approval, NULL));
    staffed_do(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 2, &later, NULL));
    assert_string_equal(staffed_first_finding(book), "");
}

static void s4_it_expires(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct approval last = detached_approval(book, 2, "accept");
    staffed_wait(DAY);
    staffed_do(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 2, &last, NULL));
    staffed_wait(1);
    both(book, &approval, "approval.expired");
}

static void s4_it_counts_no_longer_than_approvals_do(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.expires.seconds = approval.at.seconds + STAFFED_APPROVAL_DAYS * DAY + 1;
    both(book, &approval, "approval.expiry");
}

static void s4_nor_not_at_all(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.expires = approval.at;
    both(book, &approval, "approval.expiry");
}

/* --- what it is about ------------------------------------------------------------------------- */

static void s2_it_is_about_one_filing(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 2, "accept");
    both(book, &approval, "approval.of-seq");
}

/* The request names the filing, the note another. */
static void s2_whatever_the_recorder_says(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 2, "accept");
    struct canon *request =
        canon_copy(&book->live.office.arena, detached_request(book, 1, &approval, NULL), "of_");
    live_of_event(&book->live, request, claim_of(book, 1).seq);
    both_as(book, ACCEPTANCE, request, "E_RULE", "approval.of-seq");
}

static void s2_in_these_very_bytes(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    struct claim claim = claim_of(book, 1);
    struct canon *request = NULL;
    approval.of_leaf = sha256_of("another filing", 14);
    request =
        canon_copy(&book->live.office.arena, detached_request(book, 1, &approval, NULL), "of_");
    live_of_event(&book->live, request, claim.seq);
    both_as(book, ACCEPTANCE, request, "E_RULE", "approval.of-seq");
}

static void the_amount_is_the_claims(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    approval.amount = money_from_fen(DETACHED_LOSS - 1);
    both(book, &approval, "approval.amount");
}

static void s5_everything_is_asked_again(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    staffed_do(book, "bureau-officer", NULL, "claim.refuse",
               staffed_request(book, "claim", "1", "reason", "papers", NULL));
    both(book, &approval, "claim.status");
}

/* --- duties of who decided -------------------------------------------------------------------- */

/* Who filed the claim became an officer, under the same code or under another. */
static void s1_maker_and_checker_are_two_persons(void **state)
{
    struct staffed_book *book = *state;
    struct canon *second = NULL;
    staffed_do(book, "a1", "a2", "role.revoke",
               staffed_request(book, "actor", "risk-officer", "role", "risk-officer", "reason",
                               "moved", NULL));
    second = staffed_hire(book, "officer-2", "bureau-officer");
    canon_set_text(second, "person", "risk-officer");
    staffed_do(book, "a1", "a2", "key.add", second);
    staffed_do(book, "a1", "a2", "role.grant",
               staffed_request(book, "actor", "risk-officer", "role", "bureau-officer", NULL));
    struct approval approval = detached_approval(book, 1, "accept");
    approval.actor = "risk-officer";
    staffed_refused(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 1, &approval, NULL),
                    "claim.same-person");
    approval.actor = "officer-2";
    both(book, &approval, "duty.same-person");
}

static void s3_a_duty_counts_as_it_was_then(void **state)
{
    struct staffed_book *book = *state;
    staffed_do(book, "a1", "a2", "role.revoke",
               staffed_request(book, "actor", "bureau-officer", "role", "bureau-officer", "reason",
                               "leave", NULL));
    struct approval approval = detached_approval(book, 1, "accept");
    staffed_do(book, "a1", "a2", "role.grant",
               staffed_request(book, "actor", "bureau-officer", "role", "bureau-officer", NULL));
    both(book, &approval, "staff.role-missing");
}

static void s3_and_as_it_is_now(void **state)
{
    struct staffed_book *book = *state;
    struct approval approval = detached_approval(book, 1, "accept");
    staffed_do(book, "a1", "a2", "role.revoke",
               staffed_request(book, "actor", "bureau-officer", "role", "bureau-officer", "reason",
                               "left", NULL));
    both(book, &approval, "staff.role-missing");
}

static void s3_a_limit_counts_as_it_was_then(void **state)
{
    struct staffed_book *book = *state;
    grant_again(book, "bureau-officer", "bureau-officer", DETACHED_LOSS - 1, 0);
    struct approval approval = detached_approval(book, 1, "accept");
    grant_again(book, "bureau-officer", "bureau-officer", DETACHED_LOSS, 0);
    both(book, &approval, "duty.limit");
}

static void s3_and_the_limit_of_now(void **state)
{
    struct staffed_book *book = *state;
    grant_again(book, "bureau-officer", "bureau-officer", DETACHED_LOSS, 0);
    struct approval approval = detached_approval(book, 1, "accept");
    grant_again(book, "bureau-officer", "bureau-officer", DETACHED_LOSS - 1, 0);
    both(book, &approval, "duty.limit");
}

static void s7_the_day_is_the_officers(void **state)
{
    struct staffed_book *book = *state;
    grant_again(book, "bureau-officer", "bureau-officer", 0, 2 * DETACHED_LOSS - 1);
    struct approval first = detached_approval(book, 2, "accept");
    struct approval second = detached_approval(book, 1, "accept");
    staffed_do(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 2, &first, NULL));
    both(book, &second, "duty.day-limit");
}

/* The recorder's own limit has nothing to do with it. */
static void s7_and_not_the_recorders(void **state)
{
    struct staffed_book *book = *state;
    grant_again(book, "clerk", "clerk", 1, 1);
    struct approval approval = detached_approval(book, 1, "accept");
    staffed_do(book, "clerk", NULL, ACCEPTANCE, detached_request(book, 1, &approval, NULL));
    assert_string_equal(staffed_first_finding(book), "");
}

/* Who comes to the bank is held to the same limits. */
static void s7_as_for_who_decides_at_the_bank(void **state)
{
    struct staffed_book *book = *state;
    struct canon *request = staffed_request(book, "claim", "1", NULL);
    grant_again(book, "bureau-officer", "bureau-officer", DETACHED_LOSS - 1, 0);
    live_of_event(&book->live, request, claim_of(book, 1).seq);
    staffed_refused(book, "bureau-officer", NULL, "claim.accept", request, "duty.limit");
    int64_t seq =
        staffed_forge(book, "bureau-officer", NULL, "bureau-officer", "claim.accept", request);
    assert_true(staffed_objection(book, seq, "E_RULE", "duty.limit"));
}

static void an_own_household_is_not_the_officers_business(void **state)
{
    struct staffed_book *book = *state;
    staffed_do(book, "a1", "a2", "staff.relate",
               staffed_request(book, "actor", "bureau-officer", "household", "1", NULL));
    struct approval approval = detached_approval(book, 1, "accept");
    both(book, &approval, "duty.own-household");
}

static struct canon *by_another(struct arena *arena, const struct canon *body)
{
    struct canon *copy = canon_copy(arena, body, "out");
    struct canon *out = canon_copy(arena, canon_get(body, "out"), "decided_by");
    canon_set_text(out, "decided_by", "officer-2");
    canon_set(copy, "out", out);
    return copy;
}

static void the_event_names_who_decided(void **state)
{
    struct staffed_book *book = *state;
    staffed_do(book, "a1", "a2", "key.add", staffed_hire(book, "officer-2", "bureau-officer"));
    struct approval approval = detached_approval(book, 1, "accept");
    int64_t seq = staffed_forge_altered(book, "clerk", "clerk", ACCEPTANCE,
                                        detached_request(book, 1, &approval, NULL), by_another);
    assert_true(staffed_objection(book, seq, "E_RULE", "E_RULE"));
}

#define BOOK_TEST(test) cmocka_unit_test_setup_teardown(test, open_one, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(an_acceptance_is_the_officers),
        BOOK_TEST(it_may_be_recorded_by_whom_the_table_names_and_paid_as_any_other),
        BOOK_TEST(a_refusal_is_recorded_with_its_reason),
        BOOK_TEST(what_is_no_approval_is_none),
        BOOK_TEST(nothing_is_recorded_without_one),
        BOOK_TEST(an_approval_of_another_book),
        cmocka_unit_test_setup_teardown(it_counts_once, open_two, close_book),
        BOOK_TEST(a_decision_is_not_turned_into_another),
        BOOK_TEST(nor_given_another_reason),
        BOOK_TEST(a_signature_by_somebody_else),
        BOOK_TEST(somebody_who_is_no_officer),
        BOOK_TEST(a_changed_note),
        BOOK_TEST(a_key_that_was_revoked_meanwhile),
        BOOK_TEST(a_key_that_was_not_registered_when_it_was_seen),
        BOOK_TEST(what_a_stolen_key_decided_is_in_dispute),
        BOOK_TEST(a_head_that_never_was),
        BOOK_TEST(a_head_without_the_claim),
        BOOK_TEST(the_root_of_another_history_is_a_fork),
        BOOK_TEST(a_time_that_is_still_to_come),
        BOOK_TEST(a_time_before_what_was_seen),
        cmocka_unit_test_setup_teardown(clocks_may_lie_five_minutes_apart, open_two, close_book),
        cmocka_unit_test_setup_teardown(s4_it_expires, open_two, close_book),
        BOOK_TEST(s4_it_counts_no_longer_than_approvals_do),
        BOOK_TEST(s4_nor_not_at_all),
        cmocka_unit_test_setup_teardown(s2_it_is_about_one_filing, open_two, close_book),
        cmocka_unit_test_setup_teardown(s2_whatever_the_recorder_says, open_two, close_book),
        BOOK_TEST(s2_in_these_very_bytes),
        BOOK_TEST(the_amount_is_the_claims),
        BOOK_TEST(s5_everything_is_asked_again),
        BOOK_TEST(s1_maker_and_checker_are_two_persons),
        BOOK_TEST(s3_a_duty_counts_as_it_was_then),
        BOOK_TEST(s3_and_as_it_is_now),
        BOOK_TEST(s3_a_limit_counts_as_it_was_then),
        BOOK_TEST(s3_and_the_limit_of_now),
        cmocka_unit_test_setup_teardown(s7_the_day_is_the_officers, open_two, close_book),
        BOOK_TEST(s7_and_not_the_recorders),
        BOOK_TEST(s7_as_for_who_decides_at_the_bank),
        BOOK_TEST(an_own_household_is_not_the_officers_business),
        BOOK_TEST(the_event_names_who_decided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
