#include "tests/support/scratch_book.h"

#include "cli/service/act.h"
#include "cli/service/explanation.h"
#include "cli/service/project.h"
#include "ledger/base/text.h"
#include "ledger/books/calendar.h"
#include "ledger/books/journal.h"
#include "tests/support/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN "demo.invalid/ledger-00000000"

/* --- policies --------------------------------------------------------------------------------- */

char *county_pilot(void)
{
    size_t length = 0;
    return file_read(TEST_SOURCE_DIR "/rules/policies/county-pilot.yaml", &length);
}

char *county_pilot_with(const char *piece, const char *replacement)
{
    return policy_text_with(county_pilot(), piece, replacement);
}

char *policy_text_with(char *text, const char *piece, const char *replacement)
{
    char *at = strstr(text, piece);
    char *changed = NULL;

    if (at == NULL) {
        fail_msg("the policy does not hold: %s", piece);
    }
    if (asprintf(&changed, "%.*s%s%s", (int)(at - text), text, replacement, at + strlen(piece)) <
        0) {
        fail_msg("out of memory");
    }
    free(text);
    return changed;
}

static struct canon *policy_body(struct scratch_book *book, const char *text, struct date from)
{
    struct policy *policy = NULL;
    struct error err = {0};
    struct canon *body = canon_object(&book->requests);
    struct canon *lines = canon_array(&book->requests);

    check_ok(policy_load("policy", text, strlen(text), &policy, &err), &err);
    struct sha256 digest = policy_digest(policy);
    policy_free(policy);
    for (const char *stop = strchr(text, '\n'); stop != NULL; stop = strchr(text, '\n')) {
        canon_add_text(lines, arena_text_n(&book->requests, text, (size_t)(stop - text)));
        text = stop + 1;
    }
    canon_set_text(body, "name", "scratch");
    canon_set_sha256(body, "sha256", &digest);
    canon_set_date(body, "from", from);
    canon_set(body, "lines", lines);
    return body;
}

/* --- the book --------------------------------------------------------------------------------- */

static void event_stand_in(struct scratch_book *book, const char *type)
{
    char leaf[80];
    uint8_t command[UUID_SIZE] = {0};
    struct error err = {0};

    snprintf(leaf, sizeof leaf, "%llu %s", (unsigned long long)book->seq, type);
    memcpy(command, &book->seq, sizeof book->seq);
    book->leaf_hash = sha256_of(leaf, strlen(leaf));
    AUTO_STATEMENT struct statement *insert = store_query(
        book->store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    bind_int(insert, 1, (int64_t)book->seq);
    bind_blob(insert, 2, leaf, strlen(leaf));
    bind_sha256(insert, 3, &book->leaf_hash);
    bind_blob(insert, 4, command, sizeof command);
    check_ok(statement_run(insert, &err), &err);
}

static void genesis(struct scratch_book *book)
{
    AUTO_TRANSACTION transaction = {0};
    struct error err = {0};

    check_ok(transaction_begin(book->store, &transaction, &err), &err);
    event_stand_in(book, "book.genesis");
    check_ok(book_facts_put(book->store, 0, ORIGIN, "scratch", book->day, &err), &err);
    check_ok(transaction_commit(&transaction, &err), &err);
    book->seq++;
}

void scratch_book_open(struct scratch_book *book, const char *policy, const char *opening_day)
{
    struct error err = {0};
    char *pilot = policy == NULL ? county_pilot() : NULL;

    *book = (struct scratch_book){.folder = scratch_create(), .day = day(opening_day)};
    arena_init(&book->requests, ARENA_LIMIT_COMMAND);
    arena_init(&book->arena, ARENA_LIMIT_COMMAND);
    const char *path = arena_printf(&book->requests, "%s/book.db", book->folder);
    check_ok(store_open(path, STORE_CREATE, &book->store, &err), &err);
    book->policies = policy_shelf_new();
    genesis(book);
    scratch_do(book, "admin", "policy.set",
               policy_body(book, policy == NULL ? pilot : policy, book->day));
    free(pilot);
}

void scratch_policy(struct scratch_book *book, const char *text)
{
    struct canon *body = policy_body(book, text, date_add_days(book->day, 1));
    struct sha256 tests = sha256_of("", 0);

    canon_set_sha256(body, "tests_sha256", &tests);
    canon_set_int(body, "tests_passed", 1);
    scratch_do(book, "admin", "policy.set", body);
}

void scratch_book_close(struct scratch_book *book)
{
    book->store = store_close(book->store);
    book->policies = policy_shelf_free(book->policies);
    arena_release(&book->requests);
    arena_release(&book->arena);
    scratch_remove(book->folder);
}

/* --- events ----------------------------------------------------------------------------------- */

struct canon *scratch_request(struct scratch_book *book, const char *name, ...)
{
    struct canon *request = canon_object(&book->requests);
    va_list values;

    va_start(values, name);
    while (name != NULL) {
        canon_set_text(request, name, va_arg(values, const char *));
        name = va_arg(values, const char *);
    }
    va_end(values);
    return request;
}

void scratch_of_event(struct scratch_book *book, struct canon *request, uint64_t seq)
{
    struct sha256 leaf_hash = {{0}};
    struct error err = {0};

    AUTO_STATEMENT struct statement *query =
        store_query(book->store, "SELECT leaf_hash FROM event WHERE seq = $1");
    bind_int(query, 1, (int64_t)seq);
    if (statement_one(query)) {
        leaf_hash = column_sha256(query, 0);
    }
    check_ok(statement_end(query, &err), &err);
    canon_set_int(request, "of_seq", (int64_t)seq);
    canon_set_sha256(request, "of_leaf", &leaf_hash);
}

/* The role an actor is called after, if it may do this; else the first that may. */
static enum role role_of(const char *actor, unsigned roles)
{
    enum role named = ROLE_CLERK;
    if (role_find(actor, &named) && (roles & (unsigned)named) != 0) {
        return named;
    }
    return (enum role)(roles & (~roles + 1U));
}

static bool act_in_transaction(struct scratch_book *book, const struct use_case *use_case,
                               const char *actor, const struct canon *request, struct error *err)
{
    AUTO_PLANNING planning = {.store = book->store,
                              .policies = book->policies,
                              .origin = ORIGIN,
                              .actor = actor,
                              .role = role_of(actor, use_case->roles),
                              .roles = (unsigned)role_of(actor, use_case->roles),
                              .day = book->day,
                              .seq = book->seq};

    planning_init(&planning, &book->arena);
    if (!use_case->plan(&planning, request, err)) {
        return false;
    }
    book->body = planned_body(use_case, &planning, request);
    if (planning.rows_count > 0) {
        struct canon *rows = NULL;
        if (!rows_read(&book->arena, &planning.rows, &rows, err)) {
            return false;
        }
        canon_set(book->body, "rows", rows);
    }
    struct recorded event = {.use_case = use_case,
                             .seq = book->seq,
                             .actor = actor,
                             .role = role_word(planning.role),
                             .origin = ORIGIN,
                             .body = book->body};
    event_stand_in(book, use_case->type);
    return project_event_checked(book->store, &book->arena, &event, err);
}

/* Every decision and every split on record is what the policy gives for what is on record. */
static void check_explains_itself(struct scratch_book *book, const char *type)
{
    struct explanation explanation;
    struct error err = {0};

    check_ok(explain_body(book->store, book->policies, &book->arena, type, book->body, &explanation,
                          &err),
             &err);
    for (size_t i = 0; i < explanation.decisions; i++) {
        assert_true(explanation.decision[i].agrees);
    }
    assert_true(explanation.split.kind == SPLIT_NONE || explanation.split.agrees);
}

bool scratch_act(struct scratch_book *book, const char *actor, const char *type,
                 const struct canon *request, struct error *err)
{
    AUTO_TRANSACTION transaction = {0};
    const struct use_case *use_case = use_case_find(type);

    assert_non_null(use_case);
    arena_reset(&book->arena);
    book->body = NULL;
    if (!transaction_begin(book->store, &transaction, err) ||
        !act_in_transaction(book, use_case, actor, request, err) ||
        !transaction_commit(&transaction, err)) {
        book->body = NULL;
        return false;
    }
    book->seq++;
    check_explains_itself(book, type);
    return open_day_load(book->store, &book->day, err);
}

void scratch_do_at(struct scratch_book *book, const char *actor, const char *type,
                   const struct canon *request, const char *file, int line)
{
    struct error err = {0};
    check_ok_at(scratch_act(book, actor, type, request, &err), &err, type, file, line);
}

const struct canon *scratch_out(const struct scratch_book *book)
{
    assert_non_null(book->body);
    const struct canon *out = canon_get(book->body, "out");
    assert_non_null(out);
    return out;
}

const struct canon *scratch_row(const struct scratch_book *book, int64_t loan)
{
    assert_non_null(book->body);
    const struct canon *rows = canon_get(book->body, "rows");
    for (size_t i = 0; rows != NULL && i < canon_count(rows); i++) {
        const struct canon *out = canon_get(canon_at(rows, i), "out");
        int64_t of = 0;
        if (out != NULL && canon_get_int(out, "loan", &of) && of == loan) {
            return out;
        }
    }
    return NULL;
}

void scratch_close_through(struct scratch_book *book, const char *last_day)
{
    struct date last = day(last_day);
    if (date_compare(book->day, last) > 0) {
        fail_msg("%s is closed already", last_day);
    }
    while (date_compare(book->day, last) <= 0) {
        scratch_do(book, "clerk", "day.close", canon_object(&book->requests));
    }
}

/* --- households and loans --------------------------------------------------------------------- */

static int64_t number_in(const struct canon *object, const char *name)
{
    int64_t number = 0;
    if (!canon_get_int(object, name, &number)) {
        fail_msg("no number “%s”", name);
    }
    return number;
}

int64_t scratch_household(struct scratch_book *book, const char *status)
{
    struct canon *request =
        scratch_request(book, "area_code", "510124", "village", "石桥村", "status", status, NULL);
    struct canon *persons = canon_array(&book->requests);
    const char *subject = arena_printf(&book->requests, "m-%032llx", (unsigned long long)book->seq);
    struct canon *person = scratch_request(book, "relation", "head", "subject", subject, NULL);
    struct error err = {0};

    canon_set(person, "commit", canon_object(&book->requests));
    canon_add(persons, person);
    canon_set(request, "persons", persons);
    scratch_do(book, "clerk", "household.add", request);
    const char *number = canon_as_text(canon_at(canon_get(scratch_out(book), "persons"), 0));
    check_ok(text_parse_int(number, 1, INT64_MAX, &book->last_person, &err), &err);
    return number_in(scratch_out(book), "household");
}

static int64_t head_of(struct scratch_book *book, int64_t household)
{
    struct error err = {0};
    int64_t person = 0;
    AUTO_STATEMENT struct statement *query = store_query(
        book->store, "SELECT id FROM person WHERE household_id = $1 ORDER BY id LIMIT 1");
    bind_int(query, 1, household);
    if (statement_one(query)) {
        person = column_int(query, 0);
    }
    check_ok(statement_end(query, &err), &err);
    return person;
}

struct canon *scratch_application(struct scratch_book *book, int64_t household, int64_t fen,
                                  int64_t rate_ppm, int term_months)
{
    struct canon *request =
        scratch_request(book, "product", "household", "purpose", "planting", NULL);

    canon_set_int(request, "household", household);
    canon_set_int(request, "borrower", head_of(book, household));
    canon_set_int(request, "amount_fen", fen);
    canon_set_int(request, "rate_ppm", rate_ppm);
    canon_set_int(request, "term_months", term_months);
    canon_set_int(request, "age", 40);
    return request;
}

struct canon *scratch_approval(struct scratch_book *book, int64_t loan, int64_t fen)
{
    struct canon *request = canon_object(&book->requests);

    canon_set_int(request, "loan", loan);
    canon_set_int(request, "amount_fen", fen);
    canon_set_int(request, "age", 40);
    scratch_of_event(book, request, scratch_loan_load(book, loan).applied_seq);
    return request;
}

int64_t scratch_loan(struct scratch_book *book, int64_t household, int64_t fen, int64_t rate_ppm,
                     int term_months)
{
    struct canon *payout = canon_object(&book->requests);

    scratch_do(book, "clerk", "loan.apply",
               scratch_application(book, household, fen, rate_ppm, term_months));
    int64_t loan = number_in(scratch_out(book), "loan");
    scratch_do(book, "approver", "loan.approve", scratch_approval(book, loan, fen));
    canon_set_int(payout, "loan", loan);
    canon_set_int(payout, "amount_fen", fen);
    scratch_do(book, "clerk", "loan.disburse", payout);
    return loan;
}

struct canon *scratch_repayment(struct scratch_book *book, int64_t loan, int64_t fen,
                                const char *value_date)
{
    struct canon *request = canon_object(&book->requests);

    canon_set_int(request, "loan", loan);
    canon_set_int(request, "amount_fen", fen);
    if (value_date != NULL) {
        canon_set_text(request, "value_date", value_date);
    }
    return request;
}

/* --- looking ---------------------------------------------------------------------------------- */

struct money scratch_balance(struct scratch_book *book, enum account account)
{
    struct money balance = MONEY_ZERO;
    struct error err = {0};
    check_ok(account_balance(book->store, account, &balance, &err), &err);
    return balance;
}

struct money scratch_loan_balance(struct scratch_book *book, int64_t loan, enum account account)
{
    struct money balance = MONEY_ZERO;
    struct error err = {0};
    check_ok(loan_account_balance(book->store, loan, account, &balance, &err), &err);
    return balance;
}

struct loan scratch_loan_load(struct scratch_book *book, int64_t loan)
{
    struct loan loaded;
    struct error err = {0};
    check_ok(loan_load(book->store, &book->requests, loan, &loaded, &err), &err);
    return loaded;
}
