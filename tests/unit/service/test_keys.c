/* What becomes of keys: renewed by their holder, revoked, in dispute. Refused at the door, and
 * objected to by a replay where somebody with all keys goes past it. */
#include "cli/service/book_check.h"
#include "cli/service/key_renewal.h"
#include "ledger/base/text.h"
#include "tests/support/staffed_book.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ORIGIN "demo.invalid/ledger-00000001"

static int open_book(void **state)
{
    static struct staffed_book book;
    staffed_book_open(&book);
    *state = &book;
    return 0;
}

static int close_book(void **state)
{
    staffed_book_close(*state);
    return 0;
}

static const char *vkey_of(struct staffed_book *book, const char *staff)
{
    struct new_key key;
    struct error err = {0};
    struct arena *arena = &book->live.office.arena;
    check_ok(staff_key_show(arena, ORIGIN, staff, NULL, &key, &err), &err);
    return arena_text(arena, key.vkey);
}

static uint64_t size_of(const struct staffed_book *book)
{
    return book->live.office.tip.size;
}

/* The findings of a verification with this code: how many, and the first event. */
static size_t findings_with(struct staffed_book *book, const char *code, int64_t *ret_first)
{
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    size_t count = 0;

    findings_init(&findings);
    check_ok(book_verify(&book->live.office, &(struct verify_scope){.plan_again = true}, &findings,
                         &summary, &err),
             &err);
    for (size_t i = 0; i < findings.count; i++) {
        if (text_equal(findings.list[i].code, code)) {
            *ret_first = count++ == 0 ? findings.list[i].seq : *ret_first;
        } else {
            fail_msg("%s at %lld: %s", findings.list[i].code, (long long)findings.list[i].seq,
                     findings.list[i].text);
        }
    }
    findings_release(&findings);
    return count;
}

static struct canon *revocation(struct staffed_book *book, const char *vkey, uint64_t from)
{
    struct canon *request = staffed_request(book, "vkey", vkey, "reason", "stolen", NULL);
    canon_set_int(request, "from_seq", (int64_t)from);
    return request;
}

static struct canon *resolution(struct staffed_book *book, const char *vkey, const char *outcome,
                                uint64_t first, uint64_t second)
{
    struct arena *arena = &book->live.office.arena;
    struct canon *events = canon_array(arena);
    struct canon *request = staffed_request(book, "vkey", vkey, "outcome", outcome, "reason",
                                            "asked the household", NULL);
    canon_add_text(events, arena_printf(arena, "%llu", (unsigned long long)first));
    if (second != 0) {
        canon_add_text(events, arena_printf(arena, "%llu", (unsigned long long)second));
    }
    canon_set(request, "events", events);
    return request;
}

/* Three households by the clerk, the first of them event `first`. */
static uint64_t three_households(struct staffed_book *book)
{
    uint64_t first = size_of(book);
    for (int i = 0; i < 3; i++) {
        (void)staffed_household(book);
    }
    return first;
}

static void what_a_stolen_key_signed_is_in_dispute_until_two_others_looked(void **state)
{
    struct staffed_book *book = *state;
    const char *vkey = vkey_of(book, "clerk");
    uint64_t first = three_households(book);
    int64_t at = -1;

    staffed_do(book, "a1", "a2", "key.revoke", revocation(book, vkey, first + 1));
    check_int_equal((int64_t)findings_with(book, "E_DISPUTE", &at), 2);
    check_int_equal(at, (int64_t)first + 1);
    staffed_do(book, "a3", "a1", "dispute.resolve", resolution(book, vkey, "forged", first + 2, 0));
    check_int_equal((int64_t)findings_with(book, "E_DISPUTE", &at), 1);
    check_int_equal(at, (int64_t)first + 1);
    staffed_do(book, "a1", "a2", "dispute.resolve",
               resolution(book, vkey, "genuine", first + 1, 0));
    check_int_equal((int64_t)findings_with(book, "E_DISPUTE", &at), 0);
}

static void only_what_the_key_signed_in_that_time_is_in_dispute(void **state)
{
    struct staffed_book *book = *state;
    const char *vkey = vkey_of(book, "clerk");
    uint64_t first = three_households(book);

    staffed_refused(book, "a1", "a2", "dispute.resolve",
                    resolution(book, vkey, "genuine", first + 1, 0), "dispute.none");
    staffed_do(book, "a1", "a2", "key.revoke", revocation(book, vkey, first + 1));
    staffed_refused(book, "a1", "a2", "dispute.resolve",
                    resolution(book, vkey, "genuine", first, 0), "dispute.not-its-event");
    staffed_refused(book, "a1", "a2", "dispute.resolve",
                    resolution(book, vkey, "genuine", first + 3, 0), "dispute.not-its-event");
    staffed_refused(book, "a1", "a2", "dispute.resolve",
                    resolution(book, vkey, "genuine", first + 2, first + 1), "dispute.events");
    staffed_refused(book, "a1", "a2", "dispute.resolve",
                    resolution(book, vkey, "perhaps", first + 1, 0), "dispute.outcome");
    staffed_do(book, "a1", "a2", "dispute.resolve",
               resolution(book, vkey, "genuine", first + 1, first + 2));
    staffed_refused(book, "a1", "a2", "dispute.resolve",
                    resolution(book, vkey, "forged", first + 2, 0), "dispute.resolved");
    int64_t seq = staffed_forge(book, "a1", "a2", "admin", "dispute.resolve",
                                resolution(book, vkey, "forged", first + 2, 0));
    assert_true(staffed_objection(book, seq, "E_RULE", "dispute.resolved"));
}

static void nobody_resolves_alone_or_about_the_own_key(void **state)
{
    struct staffed_book *book = *state;
    const char *vkey = vkey_of(book, "a1");
    uint64_t grant = size_of(book);

    staffed_do(book, "a1", "a2", "role.grant",
               staffed_request(book, "actor", "clerk", "role", "manager", NULL));
    staffed_do(book, "a2", "a3", "key.revoke", revocation(book, vkey, grant));
    staffed_refused(book, "a2", NULL, "dispute.resolve",
                    resolution(book, vkey, "genuine", grant, 0), "duty.quorum");
    staffed_do(book, "a2", "a3", "key.add", staffed_hire(book, "a4", "admin"));
    struct canon *again = staffed_hire(book, "a5", "admin");
    canon_set_text(again, "person", "a1");
    staffed_do(book, "a2", "a3", "key.add", again);
    staffed_refused(book, "a2", "a5", "dispute.resolve",
                    resolution(book, vkey, "genuine", grant, 0), "duty.own-key");
    staffed_do(book, "a2", "a4", "dispute.resolve", resolution(book, vkey, "genuine", grant, 0));
}

static void a_dispute_does_not_begin_in_the_future(void **state)
{
    struct staffed_book *book = *state;
    staffed_refused(book, "a1", "a2", "key.revoke",
                    revocation(book, vkey_of(book, "clerk"), size_of(book)), "key.from-seq");
}

/* --- renewal ------------------------------------------------------------------------------------
 */

static struct act_options as_clerk(uint64_t command)
{
    return (struct act_options){.as = "clerk", .command = live_command(command)};
}

static void a_renewed_key_signs_and_the_old_one_does_not(void **state)
{
    struct staffed_book *book = *state;
    struct office *office = &book->live.office;
    const char *old = vkey_of(book, "clerk");
    struct act_options options = as_clerk(900);
    struct renewal renewal;
    struct error err = {0};
    int64_t at = -1;

    (void)staffed_household(book);
    check_ok(key_renew(office, &options, NULL, &renewal, &err), &err);
    assert_false(renewal.finished);
    check_text_equal(vkey_of(book, "clerk"), renewal.key.vkey);
    assert_string_not_equal(old, renewal.key.vkey);
    struct error refused;
    assert_false(staffed_act(book, "clerk", NULL, "household.add",
                             staffed_request(book, "village", "村", NULL), &refused));
    check_refused(false, &refused, "key.not-registered"); /* the ring still holds the old one */
    office->keys = key_ring_free(office->keys);
    (void)staffed_household(book);
    check_int_equal((int64_t)findings_with(book, "E_DISPUTE", &at), 0);
    /* The duties stay, and so does what a thief of the old one may have done. */
    staffed_do(book, "a1", "a2", "key.revoke", revocation(book, renewal.key.vkey, 1));
    check_int_equal((int64_t)findings_with(book, "E_DISPUTE", &at), 3);
}

static void a_renewal_that_was_interrupted_is_finished(void **state)
{
    struct staffed_book *book = *state;
    struct office *office = &book->live.office;
    struct act_options options = as_clerk(901);
    struct renewal renewal;
    struct error err = {0};
    const char *path = key_path_of(&office->arena, ORIGIN, "clerk");
    const char *next = key_path_of(&office->arena, ORIGIN, "clerk+next");
    const char *kept = key_path_of(&office->arena, ORIGIN, "clerk+kept");

    assert_int_equal(link(path, kept), 0);
    check_ok(key_renew(office, &options, NULL, &renewal, &err), &err);
    /* As if the machine had stopped before the file was moved. */
    assert_int_equal(rename(path, next), 0);
    assert_int_equal(rename(kept, path), 0);
    office->keys = key_ring_free(office->keys);
    uint64_t size = size_of(book);
    struct renewal finished;
    options.command = live_command(902);
    check_ok(key_renew(office, &options, NULL, &finished, &err), &err);
    assert_true(finished.finished);
    check_text_equal(finished.key.vkey, renewal.key.vkey);
    check_int_equal((int64_t)size_of(book), (int64_t)size);
    assert_int_equal(access(next, F_OK), -1);
    (void)staffed_household(book);
}

static void a_renewal_that_got_nowhere_leaves_nothing(void **state)
{
    struct staffed_book *book = *state;
    struct office *office = &book->live.office;
    struct act_options options = {.as = "a1", .command = live_command(903)};
    struct renewal renewal;
    struct error err = {0};
    const char *old = vkey_of(book, "a1");

    check_refused(key_renew(office, &options, NULL, &renewal, &err), &err, "staff.role-missing");
    options = as_clerk(904);
    options.dry_run = true;
    err = (struct error){0};
    check_ok(key_renew(office, &options, NULL, &renewal, &err), &err);
    assert_int_equal(access(key_path_of(&office->arena, ORIGIN, "a1+next"), F_OK), -1);
    assert_int_equal(access(key_path_of(&office->arena, ORIGIN, "clerk+next"), F_OK), -1);
    check_text_equal(vkey_of(book, "a1"), old);
    (void)staffed_household(book);
}

/* Who is an admin in another duty too does not get a new admin's key that way (S8). */
static void an_admin_does_not_renew_the_own_key(void **state)
{
    struct staffed_book *book = *state;
    struct act_options options = {.as = "manager", .command = live_command(905)};
    struct renewal renewal;
    struct error err = {0};

    staffed_do(book, "a1", "a2", "role.grant",
               staffed_request(book, "actor", "manager", "role", "admin", NULL));
    check_refused(key_renew(&book->live.office, &options, NULL, &renewal, &err), &err,
                  "key.renew-admin");
}

static void nobody_renews_the_key_of_another(void **state)
{
    struct staffed_book *book = *state;
    struct canon *request = staffed_hire(book, "clerk", "clerk");
    struct canon *mine = canon_object(&book->live.office.arena);

    (void)unlink(key_path_of(&book->live.office.arena, ORIGIN, "clerk"));
    request = staffed_hire(book, "clerk", "clerk"); /* a new key of that name */
    canon_set_text(mine, "vkey", canon_get_text(request, "vkey"));
    canon_set_text(mine, "pop", canon_get_text(request, "pop"));
    canon_set_text(mine, "replaces", vkey_of(book, "approver"));
    staffed_refused(book, "approver", NULL, "key.renew", mine, "key.wrong-name");
    int64_t seq = staffed_forge(book, "approver", NULL, "approver", "key.renew", mine);
    assert_true(staffed_objection(book, seq, "E_RULE", "key.wrong-name"));
    assert_true(staffed_objection(book, seq, "E_KEY", NULL));
}

#define BOOK_TEST(name) cmocka_unit_test_setup_teardown(name, open_book, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(what_a_stolen_key_signed_is_in_dispute_until_two_others_looked),
        BOOK_TEST(only_what_the_key_signed_in_that_time_is_in_dispute),
        BOOK_TEST(nobody_resolves_alone_or_about_the_own_key),
        BOOK_TEST(a_dispute_does_not_begin_in_the_future),
        BOOK_TEST(a_renewed_key_signs_and_the_old_one_does_not),
        BOOK_TEST(a_renewal_that_was_interrupted_is_finished),
        BOOK_TEST(a_renewal_that_got_nowhere_leaves_nothing),
        BOOK_TEST(an_admin_does_not_renew_the_own_key),
        BOOK_TEST(nobody_renews_the_key_of_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
