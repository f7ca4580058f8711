/* Personal data read in clear is an event, and what is erased is gone (audit-log.md 4.11, S11;
 * group 21 of its section 6). */
#include "cli/service/book_check.h"
#include "cli/service/personal_desk.h"
#include "ledger/base/text.h"
#include "ledger/loans/household.h"
#include "tests/support/file.h"
#include "tests/support/staffed_book.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAME "示例户"
#define ID_NO_LENGTH 18

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

static struct canon *reading(struct staffed_book *book, const char *person, const char *field,
                             int times, const char *reason)
{
    struct canon *fields = canon_array(&book->live.office.arena);
    struct canon *request =
        staffed_request(book, "household", "1", "person", person, "reason", reason, NULL);
    for (int i = 0; i < times; i++) {
        canon_add_text(fields, field);
    }
    canon_set(request, "fields", fields);
    return request;
}

static struct canon *shredding(struct staffed_book *book)
{
    return staffed_request(book, "household", "1", "reason", "the term of keeping is over", NULL);
}

/* Refused at the door; in a log signed past it a replay objects with the same reason. */
static void both(struct staffed_book *book, const char *as, const char *with, const char *role,
                 const char *type, const struct canon *request, const char *reason)
{
    staffed_refused(book, as, with, type, request, reason);
    int64_t seq = staffed_forge(book, as, with, role, type, request);
    assert_true(staffed_objection(book, seq, "E_RULE", reason));
}

/* --- reading ------------------------------------------------------------------------------------
 */

static bool read_all(struct staffed_book *book, uint64_t command, bool dry_run,
                     struct act_result *ret_act, const char *ret_value[static PERSONAL_FIELDS])
{
    struct error err = {0};
    const struct act_options options = {
        .as = "manager", .command = live_command(command), .dry_run = dry_run};
    const struct personal_question question = {.household = 1,
                                               .person = 1,
                                               .asked = {true, true, true, true},
                                               .reason = "call about the due date"};
    bool ok = personal_read(&book->live.office, &options, &question, ret_act, ret_value, &err);
    check_ok(ok, &err);
    return ok;
}

static void each_showing_has_an_event_of_its_own(void **state)
{
    struct staffed_book *book = *state;
    struct act_result done;
    const char *value[PERSONAL_FIELDS];
    const char *id_no = NULL;
    AUTO_BUFFER body;

    staffed_household(book);
    uint64_t size = book->live.office.tip.size;
    read_all(book, 1000, true, &done, value);
    assert_null(value[FIELD_NAME]);
    check_int_equal((int64_t)book->live.office.tip.size, (int64_t)size);

    read_all(book, 1000, false, &done, value);
    check_text_equal(value[FIELD_NAME], NAME);
    id_no = value[FIELD_ID_NO];
    check_int_equal((int64_t)strlen(id_no), ID_NO_LENGTH);
    assert_null(value[FIELD_PHONE]); /* it has none */
    check_int_equal((int64_t)book->live.office.tip.size, (int64_t)size + 1);

    /* The event says who, whom, which fields and why, and no value. */
    struct error err = {0};
    buffer_init(&body, CANON_LINE_MAX);
    check_ok(canon_write(done.body, CANON_LINE_MAX, &body, &err), &err);
    assert_non_null(strstr(body.data, "\"fields\":[\"name\",\"id_no\",\"phone\",\"bank_card\"]"));
    assert_non_null(strstr(body.data, "\"person\":\"1\""));
    assert_non_null(strstr(body.data, "call about the due date"));
    assert_null(strstr(body.data, id_no));
    assert_null(strstr(body.data, NAME));

    read_all(book, 1000, false, &done, value);
    assert_true(done.repeated);
    assert_null(value[FIELD_NAME]);
    assert_null(value[FIELD_ID_NO]);
    check_int_equal((int64_t)book->live.office.tip.size, (int64_t)size + 1);
    check_text_equal(staffed_first_finding(book), "");
}

static void a_person_is_read_in_the_own_household(void **state)
{
    struct staffed_book *book = *state;
    staffed_household(book);
    staffed_household(book);
    both(book, "manager", NULL, "manager", "pii.read", reading(book, "2", "name", 1, "due date"),
         "person.other-household");
}

static void fields_are_named_once_and_known(void **state)
{
    struct staffed_book *book = *state;
    staffed_household(book);
    staffed_refused(book, "manager", NULL, "pii.read", reading(book, "1", "id_no", 2, "due date"),
                    "person.fields");
    staffed_refused(book, "manager", NULL, "pii.read", reading(book, "1", "id_no", 0, "due date"),
                    "person.fields");
    both(book, "manager", NULL, "manager", "pii.read", reading(book, "1", "village", 1, "due date"),
         "person.fields");
}

static void a_reason_holds_no_number_of_a_person(void **state)
{
    struct staffed_book *book = *state;
    staffed_household(book);
    staffed_do(book, "manager", NULL, "pii.read",
               reading(book, "1", "name", 1, "call 1381234567")); /* ten digits are none */
    staffed_refused(book, "manager", NULL, "pii.read",
                    reading(book, "1", "name", 1, "call 13812345678"), "privacy.reason");
    both(book, "manager", NULL, "manager", "pii.read", reading(book, "1", "name", 1, ""),
         "privacy.reason");
}

/* --- erasing ------------------------------------------------------------------------------------
 */

/* One of the files of the book, or all of them: the database, its log, its index of the log. */
static bool files_hold(struct staffed_book *book, const void *bytes, size_t length)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    bool found = false;

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char path[4096];
        size_t size = 0;
        (void)snprintf(path, sizeof path, "%s/book.db%s", book->live.path, ends[i]);
        if (access(path, F_OK) == 0) {
            char *content = file_read(path, &size);
            found = found || memmem(content, size, bytes, length) != NULL;
            free(content);
        }
    }
    return found;
}

static bool hold_base64(struct staffed_book *book, const uint8_t *bytes, size_t length)
{
    char text[1000];
    bool found = false;

    /* Where the bytes stand in a longer text, they begin at any of three places of a group. */
    for (size_t skip = 0; skip < 3; skip++) {
        size_t whole = (length - skip) / 3 * 3;
        sodium_bin2base64(text, sizeof text, bytes + skip, whole, sodium_base64_VARIANT_ORIGINAL);
        found = found || files_hold(book, text, strlen(text));
    }
    return found;
}

/* Raw, backwards, in hexadecimal digits of either case, in base64. */
static bool hold_in_any_form(struct staffed_book *book, const uint8_t *bytes, size_t length)
{
    char hex[1000];
    uint8_t turned[400];

    assert_true(length <= sizeof turned);
    for (size_t i = 0; i < length; i++) {
        turned[i] = bytes[length - 1 - i];
    }
    sodium_bin2hex(hex, sizeof hex, bytes, length);
    bool found = files_hold(book, bytes, length) || files_hold(book, turned, length) ||
                 files_hold(book, hex, strlen(hex)) || hold_base64(book, bytes, length);
    for (char *at = hex; *at != '\0'; at++) {
        *at = *at >= 'a' ? (char)(*at - 'a' + 'A') : *at;
    }
    return found || files_hold(book, hex, strlen(hex));
}

#define SECRETS_MAX 8

/* What must be gone: the values, and what stands for them in the tables. */
struct secrets {
    uint8_t bytes[SECRETS_MAX][400];
    size_t length[SECRETS_MAX];
    size_t count;
};

static void keep_secret(struct secrets *secrets, const void *bytes, size_t length)
{
    assert_true(secrets->count < SECRETS_MAX && length <= sizeof secrets->bytes[0]);
    memcpy(secrets->bytes[secrets->count], bytes, length);
    secrets->length[secrets->count++] = length;
}

static void gather(struct staffed_book *book, const char *sql, struct secrets *secrets)
{
    struct error err = {0};
    AUTO_STATEMENT struct statement *query = store_query(book->live.office.store, sql);
    while (statement_row(query)) {
        size_t length = 0;
        const void *bytes = column_blob(query, 0, &length);
        keep_secret(secrets, bytes, length);
    }
    check_ok(statement_end(query, &err), &err);
}

static size_t found_of(struct staffed_book *book, const struct secrets *secrets)
{
    size_t found = 0;
    for (size_t i = 0; i < secrets->count; i++) {
        found += hold_in_any_form(book, secrets->bytes[i], secrets->length[i]) ? 1 : 0;
    }
    return found;
}

static bool shred(struct staffed_book *book, uint64_t command, struct act_result *ret,
                  struct error *err)
{
    static const char *const with[] = {"a2"};
    const struct act_options options = {
        .as = "a1", .command = live_command(command), .with = with, .with_count = 1};
    return household_shred(&book->live.office, &options, 1, "the term of keeping is over", ret,
                           err);
}

static void what_was_erased_stands_nowhere(void **state)
{
    struct staffed_book *book = *state;
    struct secrets stored = {.count = 0};
    struct secrets values = {.count = 0};
    struct act_result done;
    struct error err = {0};
    const char *value[PERSONAL_FIELDS];

    staffed_household(book);
    staffed_household(book);
    read_all(book, 1000, false, &done, value);
    keep_secret(&values, value[FIELD_NAME], strlen(value[FIELD_NAME]));
    keep_secret(&values, value[FIELD_ID_NO], strlen(value[FIELD_ID_NO]));
    gather(book,
           "SELECT wrapped FROM pii_key WHERE subject = (SELECT subject FROM person WHERE id = 1)",
           &stored);
    gather(book,
           "SELECT ciphertext FROM pii_field WHERE subject ="
           " (SELECT subject FROM person WHERE id = 1)",
           &stored);
    gather(book,
           "SELECT mac FROM pii_index WHERE subject = (SELECT subject FROM person WHERE id = 1)",
           &stored);
    gather(book,
           "SELECT mac FROM pii_request WHERE subject = (SELECT subject FROM person WHERE id = 1)",
           &stored);
    check_int_equal((int64_t)stored.count, 5); /* a key, two fields, an index entry, a request */
    check_int_equal((int64_t)found_of(book, &stored), 5);
    check_int_equal((int64_t)found_of(book, &values), 0);

    check_ok(shred(book, 2000, &done, &err), &err);
    check_int_equal((int64_t)found_of(book, &stored), 0);
    check_int_equal((int64_t)found_of(book, &values), 0);
    check_text_equal(staffed_first_finding(book), "");
    live_book_close(&book->live);
    assert_true(files_hold(book, "SQLite format 3", 15)); /* the search does look at them */
    check_int_equal((int64_t)found_of(book, &stored), 0);
    live_book_open(&book->live);

    /* The other household is as before. */
    const struct privacy_keys *keys = NULL;
    const char *subject = NULL;
    int64_t household = 0;
    check_ok(office_privacy_keys(&book->live.office, &keys, &err), &err);
    check_ok(person_load(book->live.office.store, &book->live.office.arena, 2, &household, &subject,
                         &err),
             &err);
    check_ok(privacy_get(book->live.office.store, keys, book->live.office.facts.origin, subject,
                         FIELD_NAME, &book->live.office.arena, &value[0], &err),
             &err);
    check_text_equal(value[0], NAME);
}

static void an_erased_household_takes_part_no_more(void **state)
{
    struct staffed_book *book = *state;
    struct error err = {0};
    struct act_result done;
    bool erased = false;
    struct date on;

    int64_t household = staffed_household(book);
    struct canon *apply = staffed_application(book, household, 1000000);
    check_ok(shred(book, 2000, &done, &err), &err);
    check_ok(household_erased_on(book->live.office.store, 1, &erased, &on, &err), &err);
    assert_true(erased);
    check_date(on, "2016-10-20");
    staffed_refused(book, "clerk", NULL, "loan.apply", apply, "household.erased");
    staffed_refused(book, "manager", NULL, "pii.read", reading(book, "1", "name", 1, "due date"),
                    "household.erased");
    both(book, "a1", "a2", "admin", "pii.shred", shredding(book), "household.erased");
}

static void the_same_command_erases_once(void **state)
{
    struct staffed_book *book = *state;
    struct error err = {0};
    struct act_result done;

    staffed_household(book);
    check_ok(shred(book, 2000, &done, &err), &err);
    uint64_t size = book->live.office.tip.size;
    check_ok(shred(book, 2000, &done, &err), &err);
    assert_true(done.repeated);
    check_int_equal((int64_t)book->live.office.tip.size, (int64_t)size);
}

/* Nothing is left by which a guess at who was erased could be tried out. */
static void a_request_about_who_was_erased_cannot_be_repeated(void **state)
{
    struct staffed_book *book = *state;
    struct personal_data person;
    struct canon *request = live_household_request(&book->live, 7, &person);
    struct act_options options = {.as = "clerk", .command = live_command(3000)};
    struct act_result done;
    struct error err = {0};

    check_ok(act_with_persons(&book->live.office, &options, "household.add", request, &person, 1,
                              &done, &err),
             &err);
    check_ok(act_with_persons(&book->live.office, &options, "household.add", request, &person, 1,
                              &done, &err),
             &err);
    assert_true(done.repeated);
    check_ok(shred(book, 2000, &done, &err), &err);
    check_refused(act_with_persons(&book->live.office, &options, "household.add", request, &person,
                                   1, &done, &err),
                  &err, "command-id.other-request");
}

static void not_while_a_loan_is_open(void **state)
{
    struct staffed_book *book = *state;
    int64_t household = staffed_household(book);
    staffed_do(book, "clerk", NULL, "loan.apply", staffed_application(book, household, 1000000));
    staffed_refused(book, "a1", "a2", "pii.shred", shredding(book), "household.loans-open");
    staffed_do(book, "approver", NULL, "loan.refuse",
               staffed_request(book, "loan", "1", "reason", "papers", NULL));
    staffed_do(book, "a1", "a2", "pii.shred", shredding(book));
    check_text_equal(staffed_first_finding(book), "");
}

static void nor_past_the_door(void **state)
{
    struct staffed_book *book = *state;
    int64_t household = staffed_household(book);
    staffed_do(book, "clerk", NULL, "loan.apply", staffed_application(book, household, 1000000));
    both(book, "a1", "a2", "admin", "pii.shred", shredding(book), "household.loans-open");
}

static void two_admins_sign_whatever_the_quorum(void **state)
{
    (void)state;
    struct live_book book;
    struct error err = {0};
    struct act_result done;
    struct personal_data person;

    live_book_create(&book, "2016-10-20"); /* one admin is enough for everything else */
    live_book_open(&book);
    struct canon *household = live_household_request(&book, 1, &person);
    const struct act_options options = {.as = "clerk", .command = live_command(900)};
    check_ok(act_with_persons(&book.office, &options, "household.add", household, &person, 1, &done,
                              &err),
             &err);
    struct canon *request = canon_object(&book.office.arena);
    canon_set_int(request, "household", 1);
    canon_set_text(request, "reason", "the term of keeping is over");
    check_refused(live_act(&book, 901, "admin", "pii.shred", request, &done, &err), &err,
                  "duty.quorum");
    live_book_release(&book);
}

static void no_relative_signs_either(void **state)
{
    struct staffed_book *book = *state;
    staffed_household(book);
    staffed_do(book, "a1", "a3", "staff.relate",
               staffed_request(book, "actor", "a2", "household", "1", NULL));
    staffed_refused(book, "a2", "a1", "pii.shred", shredding(book), "duty.own-household");
    both(book, "a1", "a2", "admin", "pii.shred", shredding(book), "duty.own-household");
}

/* --- verification -------------------------------------------------------------------------------
 */

/* The first finding with the data keys at hand, "" if there is none. */
static const char *finding_in_the_open(struct staffed_book *book)
{
    static char text[400];
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    const struct privacy_keys *keys = NULL;

    check_ok(office_privacy_keys(&book->live.office, &keys, &err), &err);
    findings_init(&findings);
    check_ok(book_verify(&book->live.office,
                         &(struct verify_scope){.plan_again = true, .personal = keys}, &findings,
                         &summary, &err),
             &err);
    (void)snprintf(text, sizeof text, "%s", findings.count == 0 ? "" : findings.list[0].code);
    findings_release(&findings);
    return text;
}

static void run(struct staffed_book *book, const char *sql, const char *subject)
{
    struct error err = {0};
    AUTO_TRANSACTION transaction = {0};
    check_ok(transaction_begin(book->live.office.store, &transaction, &err), &err);
    AUTO_STATEMENT struct statement *query = store_query(book->live.office.store, sql);
    bind_text(query, 1, subject);
    check_ok(statement_run(query, &err), &err);
    check_ok(transaction_commit(&transaction, &err), &err);
}

static const char *subject_of(struct staffed_book *book, int64_t person)
{
    const char *subject = NULL;
    int64_t household = 0;
    struct error err = {0};
    check_ok(person_load(book->live.office.store, &book->live.office.arena, person, &household,
                         &subject, &err),
             &err);
    return subject;
}

static void what_is_gone_was_erased_by_an_event(void **state)
{
    struct staffed_book *book = *state;
    struct error err = {0};
    struct act_result done;

    staffed_household(book);
    staffed_household(book);
    check_text_equal(finding_in_the_open(book), "");
    check_ok(shred(book, 2000, &done, &err), &err);
    check_text_equal(finding_in_the_open(book), "");

    const char *other = subject_of(book, 2);
    run(book, "DELETE FROM pii_index WHERE subject = $1", other);
    run(book, "DELETE FROM pii_field WHERE subject = $1", other);
    run(book, "DELETE FROM pii_request WHERE subject = $1", other);
    run(book, "DELETE FROM pii_key WHERE subject = $1", other);
    check_text_equal(finding_in_the_open(book), "E_PII");
}

static void what_was_erased_does_not_come_back(void **state)
{
    struct staffed_book *book = *state;
    struct error err = {0};
    struct act_result done;

    staffed_household(book);
    staffed_household(book);
    check_ok(shred(book, 2000, &done, &err), &err);
    run(book,
        "INSERT INTO pii_key (subject, epoch, nonce, wrapped)"
        " SELECT $1, epoch, nonce, wrapped FROM pii_key",
        subject_of(book, 1));
    check_text_equal(finding_in_the_open(book), "E_PII");
}

#define BOOK_TEST(test) cmocka_unit_test_setup_teardown(test, open_book, close_book)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOK_TEST(each_showing_has_an_event_of_its_own),
        BOOK_TEST(a_person_is_read_in_the_own_household),
        BOOK_TEST(fields_are_named_once_and_known),
        BOOK_TEST(a_reason_holds_no_number_of_a_person),
        BOOK_TEST(what_was_erased_stands_nowhere),
        BOOK_TEST(an_erased_household_takes_part_no_more),
        BOOK_TEST(the_same_command_erases_once),
        BOOK_TEST(a_request_about_who_was_erased_cannot_be_repeated),
        BOOK_TEST(not_while_a_loan_is_open),
        BOOK_TEST(nor_past_the_door),
        cmocka_unit_test(two_admins_sign_whatever_the_quorum),
        BOOK_TEST(no_relative_signs_either),
        BOOK_TEST(what_is_gone_was_erased_by_an_event),
        BOOK_TEST(what_was_erased_does_not_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
