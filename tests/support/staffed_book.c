#include "tests/support/staffed_book.h"

#include "cli/service/book_check.h"
#include "cli/service/book_init.h"
#include "cli/service/project.h"
#include "cli/service/record.h"
#include "cli/service/seal.h"
#include "ledger/base/text.h"
#include "ledger/loans/loan.h"
#include "tests/support/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN "demo.invalid/ledger-00000001"
#define START 1476950400 /* 2016-10-20T08:00:00Z */

static int64_t now = START;

static struct instant stopped_clock(void)
{
    return (struct instant){now};
}

void staffed_wait(int64_t seconds)
{
    now += seconds;
}

static void begin(struct staffed_book *book, const char *policy)
{
    static const char *const admins[] = {"a1", "a2", "a3"};
    struct live_book *live = &book->live;
    struct error err = {0};
    struct book_request request = {.folder = live->path,
                                   .origin = ORIGIN,
                                   .name = "staffed",
                                   .office = "test",
                                   .opening_day = day("2016-10-20"),
                                   .policy_file = "county-pilot",
                                   .policy_bytes = policy,
                                   .policy_length = strlen(policy),
                                   .admin = admins,
                                   .admins = COUNT_OF(admins),
                                   .quorum = 2,
                                   .approval_days = STAFFED_APPROVAL_DAYS};

    check_ok(book_init(&request, &live->office, &err), &err);
    live->open = true;
}

void staffed_book_open(struct staffed_book *book)
{
    size_t length = 0;
    char *policy = file_read(TEST_SOURCE_DIR "/rules/policies/county-pilot.yaml", &length);

    staffed_book_open_with(book, policy);
    free(policy);
}

void staffed_book_open_with(struct staffed_book *book, const char *policy)
{
    static const char *const roles[] = {"clerk",        "approver",       "manager",
                                        "risk-officer", "bureau-officer", "auditor"};
    now = START;
    clock_replace(stopped_clock);
    *book = (struct staffed_book){0};
    live_book_prepare(&book->live);
    begin(book, policy);
    for (size_t i = 0; i < COUNT_OF(roles); i++) {
        staffed_do(book, "a1", "a2", "key.add", staffed_hire(book, roles[i], roles[i]));
    }
}

void staffed_book_close(struct staffed_book *book)
{
    live_book_release(&book->live);
    clock_replace(NULL);
}

struct canon *staffed_request(struct staffed_book *book, const char *name, ...)
{
    struct canon *request = canon_object(&book->live.office.arena);
    va_list values;

    va_start(values, name);
    while (name != NULL) {
        canon_set_text(request, name, va_arg(values, const char *));
        name = va_arg(values, const char *);
    }
    va_end(values);
    return request;
}

struct canon *staffed_hire(struct staffed_book *book, const char *staff, const char *role)
{
    return live_hire_request(&book->live, staff, role);
}

/* --- through the door ---------------------------------------------------------------------------
 */

static size_t split(struct arena *arena, const char *with, const char **ret)
{
    size_t count = 0;
    assert_true(with == NULL || strlen(with) < EVENT_SIGNERS_MAX * 3);
    for (char *rest = with == NULL ? NULL : arena_text(arena, with); rest != NULL;) {
        ret[count++] = strsep(&rest, ",");
    }
    return count;
}

bool staffed_act(struct staffed_book *book, const char *as, const char *with, const char *type,
                 const struct canon *request, struct error *err)
{
    const char *others[EVENT_SIGNERS_MAX];
    struct office *office = &book->live.office;
    struct act_result done;
    struct act_options options = {.as = as,
                                  .command = live_command(++book->commands),
                                  .with = others,
                                  .with_count = split(&office->arena, with, others)};

    *err = (struct error){0};
    if (!text_equal(type, "household.add") || canon_get_text(request, "village") == NULL) {
        return act(office, &options, type, request, &done, err);
    }
    struct personal_data person;
    struct canon *again =
        live_household_request(&book->live, (int)(book->households++ % 1000), &person);
    return act_with_persons(office, &options, type, again, &person, 1, &done, err);
}

void staffed_do(struct staffed_book *book, const char *as, const char *with, const char *type,
                const struct canon *request)
{
    struct error err;
    check_ok(staffed_act(book, as, with, type, request, &err), &err);
}

void staffed_refused(struct staffed_book *book, const char *as, const char *with, const char *type,
                     const struct canon *request, const char *reason)
{
    struct error err;
    uint64_t size = book->live.office.tip.size;

    check_refused(staffed_act(book, as, with, type, request, &err), &err, reason);
    check_int_equal((int64_t)book->live.office.tip.size, (int64_t)size);
}

/* --- past it ------------------------------------------------------------------------------------
 */

static struct canon *forged_body(struct staffed_book *book, const struct use_case *use_case,
                                 const char *as, enum role role, const struct canon *request)
{
    struct office *office = &book->live.office;
    struct error ignored = {0};
    AUTO_PLANNING planning = {.store = office->store,
                              .policies = office->policies,
                              .origin = ORIGIN,
                              .actor = as,
                              .role = role,
                              .day = office->day,
                              .seq = office->tip.size,
                              .at = clock_now()};

    planning_init(&planning, &office->arena);
    if (use_case->plan(&planning, request, &ignored)) {
        return planned_body(use_case, &planning, request);
    }
    planning_release(&planning);
    planning_init(&planning, &office->arena);
    planning.decisions = 0;
    return planned_body(use_case, &planning, request);
}

static bool write_forged(struct staffed_book *book, const struct use_case *use_case,
                         const struct event_draft *draft, bool project, struct error *err)
{
    AUTO_TRANSACTION transaction = {0};
    struct office *office = &book->live.office;
    struct log_tip tip;
    struct sealing head;

    bool ok = transaction_begin(office->store, &transaction, err) &&
              (project ? event_record(office, use_case, draft, &tip, err)
                       : log_append(office->store, ORIGIN, draft, &tip, err) &&
                             seal_begin(office, &tip, SEAL_TIP, NULL, &head, err) &&
                             seal_end(&head, true, err)) &&
              transaction_commit(&transaction, err);
    if (ok) {
        office->tip = tip;
        ok = office_tip_write(office, true, err);
    }
    return ok;
}

static int64_t forge(struct staffed_book *book, const char *as, const char *with, const char *role,
                     const char *type, const struct canon *request, body_alteration alter)
{
    struct office *office = &book->live.office;
    const struct use_case *use_case = use_case_find(type);
    const char *signer[EVENT_SIGNERS_MAX] = {as};
    size_t signers = 1 + split(&office->arena, with, signer + 1);
    struct error err = {0};
    enum role bit;

    assert_non_null(use_case);
    if (office->keys == NULL) {
        office->keys = key_ring_new(ORIGIN);
    }
    assert_true(role_find(role, &bit));
    struct event_draft draft = {.type = type,
                                .actor = as,
                                .role = role,
                                .at = clock_now(),
                                .cmd = live_command(++book->commands),
                                .body = forged_body(book, use_case, as, bit, request),
                                .signers = signers};
    if (alter != NULL) {
        draft.body = alter(&office->arena, draft.body);
    }
    for (size_t i = 0; i < signers; i++) {
        check_ok(key_ring_get(office->keys, signer[i], NULL, &draft.signer[i], &err), &err);
    }
    if (!write_forged(book, use_case, &draft, true, &err)) {
        err = (struct error){0};
        check_ok(write_forged(book, use_case, &draft, false, &err), &err);
    }
    return (int64_t)office->tip.size - 1;
}

int64_t staffed_forge(struct staffed_book *book, const char *as, const char *with, const char *role,
                      const char *type, const struct canon *request)
{
    return forge(book, as, with, role, type, request, NULL);
}

int64_t staffed_forge_altered(struct staffed_book *book, const char *as, const char *role,
                              const char *type, const struct canon *request, body_alteration alter)
{
    return forge(book, as, NULL, role, type, request, alter);
}

/* --- verification -------------------------------------------------------------------------------
 */

bool staffed_objection(struct staffed_book *book, int64_t seq, const char *code, const char *reason)
{
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};
    bool found = false;
    char mark[100];

    (void)snprintf(mark, sizeof mark, "[%s]", reason == NULL ? "" : reason);
    findings_init(&findings);
    check_ok(book_verify(&book->live.office, &(struct verify_scope){.plan_again = true}, &findings,
                         &summary, &err),
             &err);
    for (size_t i = 0; i < findings.count && !found; i++) {
        const struct finding *finding = &findings.list[i];
        found = finding->seq == seq && text_equal(finding->code, code) &&
                (reason == NULL || strstr(finding->text, mark) != NULL);
    }
    for (size_t i = 0; i < findings.count && !found; i++) {
        print_message("%s at %lld: %s\n", findings.list[i].code, (long long)findings.list[i].seq,
                      findings.list[i].text);
    }
    findings_release(&findings);
    return found;
}

const char *staffed_first_finding(struct staffed_book *book)
{
    static char text[400];
    struct findings findings;
    struct verify_summary summary;
    struct error err = {0};

    findings_init(&findings);
    check_ok(book_verify(&book->live.office, &(struct verify_scope){.plan_again = true}, &findings,
                         &summary, &err),
             &err);
    (void)snprintf(text, sizeof text, "%s", findings.count == 0 ? "" : findings.list[0].text);
    findings_release(&findings);
    return text;
}

/* --- a loan -------------------------------------------------------------------------------------
 */

int64_t staffed_household(struct staffed_book *book)
{
    staffed_do(book, "clerk", NULL, "household.add", staffed_request(book, "village", "村", NULL));
    return book->households;
}

void staffed_close_day(struct staffed_book *book)
{
    staffed_do(book, "clerk", NULL, "day.close", canon_object(&book->live.office.arena));
    staffed_do(book, "clerk", NULL, "key.rotate", canon_object(&book->live.office.arena));
}

void staffed_close_through(struct staffed_book *book, const char *last_day)
{
    while (date_compare(book->live.office.day, day(last_day)) <= 0) {
        staffed_close_day(book);
    }
}

struct canon *staffed_application(struct staffed_book *book, int64_t household, int64_t fen)
{
    struct canon *request =
        staffed_request(book, "product", "household", "purpose", "breeding", "term_months", "12",
                        "rate_ppm", "43500", "age", "36", NULL);
    canon_set_int(request, "household", household);
    canon_set_int(request, "borrower", household); /* one person each */
    canon_set_int(request, "amount_fen", fen);
    return request;
}

struct canon *staffed_decision(struct staffed_book *book, int64_t loan, int64_t fen)
{
    struct loan found;
    struct error err = {0};
    struct canon *request = staffed_payout(book, loan, fen);

    check_ok(loan_load(book->live.office.store, &book->live.office.arena, loan, &found, &err),
             &err);
    canon_set_text(request, "age", "36");
    live_of_event(&book->live, request, found.applied_seq);
    return request;
}

struct canon *staffed_payout(struct staffed_book *book, int64_t loan, int64_t fen)
{
    struct canon *request = canon_object(&book->live.office.arena);
    canon_set_int(request, "loan", loan);
    canon_set_int(request, "amount_fen", fen);
    return request;
}
