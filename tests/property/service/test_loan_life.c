/* Loans lead random lives: payouts, payments of any size and value date, claims filed, refused and
 * accepted, day after day. Nothing but refusals may fail on the way; at the end every invariant
 * holds, and each settlement, and what principal stood since maturity, is what a walk day by day
 * over the journal gives. */
#include "ledger/books/books_check.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/loans_check.h"
#include "tests/support/random.h"
#include "tests/support/scratch_book.h"

#include <stdlib.h>
#include <string.h>

#define LIVES 6
#define DAYS 500

__extension__ typedef __int128 wide_sum;

static void act_or_be_refused(struct scratch_book *book, const char *actor, const char *type,
                              const struct canon *request)
{
    struct error err = {0};
    if (!scratch_act(book, actor, type, request, &err) && err.fault != FAULT_REFUSED) {
        fail_msg("%s: %s: %s", type, err.reason, err.text);
    }
}

static void pay_something(struct scratch_book *book, struct random_source *random, int64_t loan)
{
    struct canon *request = canon_object(&book->requests);
    int64_t most = random_between(random, 0, 9) == 0 ? 9000000 : 150000;

    canon_set_int(request, "loan", loan);
    canon_set_int(request, "amount_fen", random_between(random, 1, most));
    if (random_between(random, 0, 3) == 0) {
        canon_set_date(request, "value_date",
                       date_add_days(book->day, (int32_t)random_between(random, -20, 1)));
    }
    act_or_be_refused(book, "clerk", "loan.repay", request);
}

static uint64_t claim_event(struct scratch_book *book, int64_t claim)
{
    struct error err = {0};
    uint64_t seq = 0;
    AUTO_STATEMENT struct statement *query =
        store_query(book->store, "SELECT seq FROM claim WHERE id = $1");
    bind_int(query, 1, claim);
    if (statement_one(query)) {
        seq = (uint64_t)column_int(query, 0);
    }
    check_ok(statement_end(query, &err), &err);
    return seq;
}

static void claim_something(struct scratch_book *book, struct random_source *random, int64_t loan)
{
    struct canon *open = canon_object(&book->requests);
    int64_t claim = 0;

    canon_set_int(open, "loan", loan);
    act_or_be_refused(book, "risk", "claim.open", open);
    if (book->body == NULL || !canon_get_int(scratch_out(book), "claim", &claim)) {
        return;
    }
    struct canon *decision = canon_object(&book->requests);
    canon_set_int(decision, "claim", claim);
    if (random_between(random, 0, 3) == 0) {
        scratch_of_event(book, decision, claim_event(book, claim));
        act_or_be_refused(book, "bureau", "claim.accept", decision);
        return;
    }
    for (int64_t days = random_between(random, 0, 40); days > 0; days--) {
        scratch_do(book, "clerk", "day.close", canon_object(&book->requests));
    }
    canon_set_text(decision, "reason", "papers missing");
    act_or_be_refused(book, "bureau", "claim.refuse", decision);
}

static void lend_something(struct scratch_book *book, struct random_source *random)
{
    static const char *const statuses[] = {"registered", "none", "monitored"};
    int64_t household =
        scratch_household(book, statuses[random_between(random, 0, COUNT_OF(statuses) - 1)]);
    scratch_loan(book, household, random_between(random, 1, 5000000),
                 random_between(random, 0, 200000), (int)random_between(random, 1, 14));
}

/* --- an oracle: day by day -------------------------------------------------------------------- */

struct settled {
    int64_t loan, from, upto, fen_days, interest, treasury, rate, covered;
};

static int64_t principal_at_close(struct scratch_book *book, int64_t loan, int64_t on)
{
    struct error err = {0};
    int64_t sum = 0;
    AUTO_STATEMENT struct statement *query = store_query(
        book->store, "SELECT coalesce(sum(l.fen), 0) FROM line AS l JOIN entry AS e"
                     " ON e.id = l.entry_id WHERE l.loan_id = $1 AND l.account_id IN (2, 3, 4)"
                     " AND e.value_date <= $2");
    bind_int(query, 1, loan);
    bind_int(query, 2, on);
    if (statement_one(query)) {
        sum = column_int(query, 0);
    }
    check_ok(statement_end(query, &err), &err);
    return sum;
}

static bool overdue_at_close(struct scratch_book *book, int64_t loan, int64_t on)
{
    struct error err = {0};
    bool overdue = false;
    AUTO_STATEMENT struct statement *query =
        store_query(book->store, "SELECT status FROM loan_status WHERE loan_id = $1 AND day <= $2"
                                 " ORDER BY n DESC LIMIT 1");
    bind_int(query, 1, loan);
    bind_int(query, 2, on);
    if (statement_one(query)) {
        const char *status = column_text(query, 0);
        overdue = strcmp(status, "normal") != 0 && strcmp(status, "closed") != 0;
    }
    check_ok(statement_end(query, &err), &err);
    return overdue;
}

static int64_t half_up(wide_sum product, wide_sum divisor)
{
    return (int64_t)((2 * product + divisor) / (2 * divisor));
}

/* Subsidy 5 % at most, in full, not while overdue: what county-pilot says. */
static void check_settlement(struct scratch_book *book, const struct settled *row)
{
    const wide_sum divisor = (wide_sum)1000000 * 360;
    int64_t subsidy_rate = row->rate < 50000 ? row->rate : 50000;
    wide_sum interest = 0;
    wide_sum subsidy = 0;
    int64_t fen_days = 0;

    for (int64_t on = row->from; on < row->upto; on++) {
        int64_t balance = principal_at_close(book, row->loan, on);
        int64_t covered = balance < row->covered ? balance : row->covered;
        fen_days += balance;
        interest += (wide_sum)balance * row->rate;
        if (!overdue_at_close(book, row->loan, on)) {
            subsidy += (wide_sum)covered * subsidy_rate;
        }
    }
    check_int_equal(row->fen_days, fen_days);
    check_int_equal(row->interest, half_up(interest, divisor));
    check_int_equal(row->treasury, half_up(subsidy, divisor));
}

#define SETTLEMENTS_MAX 1000

static void check_settlements(struct scratch_book *book)
{
    static struct settled row[SETTLEMENTS_MAX];
    size_t count = 0;
    struct error err = {0};
    AUTO_STATEMENT struct statement *query = store_query(
        book->store, "SELECT t.loan_id, t.from_day, t.upto_day, t.fen_days, t.interest_fen,"
                     " t.treasury_fen, l.rate_ppm, c.covered_fen FROM loan_settlement AS t"
                     " JOIN loan AS l ON l.id = t.loan_id"
                     " JOIN loan_contract AS c ON c.loan_id = t.loan_id");
    while (count < SETTLEMENTS_MAX && statement_row(query)) {
        row[count++] = (struct settled){
            column_int(query, 0), column_int(query, 1), column_int(query, 2), column_int(query, 3),
            column_int(query, 4), column_int(query, 5), column_int(query, 6), column_int(query, 7)};
    }
    check_ok(statement_end(query, &err), &err);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        check_settlement(book, &row[i]);
    }
}

/* As far as `upto`, that day not counted. */
static void check_product(struct scratch_book *book, const struct loan *loan, struct date upto)
{
    struct error err = {0};
    wide got = 0;
    wide_sum want = 0;

    for (int64_t on = loan->due.day; on < upto.day; on++) {
        want += principal_at_close(book, loan->id, on);
    }
    check_ok(loan_product_since_maturity(book->store, loan, upto, &got, &err), &err);
    assert_true(got == want);
}

/* Of all loans that are settled up to their maturity; returns how many are. */
static int check_products(struct scratch_book *book, int64_t loans)
{
    int checked = 0;

    for (int64_t id = 1; id <= loans; id++) {
        struct error err = {0};
        struct loan loan;
        check_ok(loan_load(book->store, &book->requests, id, &loan, &err), &err);
        if (loan.is_paid_out && date_compare(loan.settled_upto, loan.due) == 0) {
            check_product(book, &loan, book->day);
            check_product(book, &loan, date_add_days(book->day, 17));
            checked++;
        }
    }
    return checked;
}

static void check_invariants(struct scratch_book *book)
{
    struct findings findings;
    struct error err = {0};

    findings_init(&findings);
    check_ok(books_check(book->store, &findings, &err), &err);
    check_ok(loans_check(book->store, &findings, &err), &err);
    if (findings.count > 0) {
        fail_msg("%s: %s", findings.list[0].code, findings.list[0].text);
    }
    findings_release(&findings);
}

/* Lending never stops here, and in every other life long overdue loans pay principal first. */
static char *policy_of_life(int life)
{
    char *text = county_pilot_with("npl_ratio <= 5%", "npl_ratio <= 100%");
    if (life % 2 == 0) {
        return text;
    }
    return policy_text_with(text, "      order: [costs, penalty, compound, interest, principal]\n",
                            "      order: [costs, penalty, compound, interest, principal]\n"
                            "      long_overdue:\n"
                            "        after: 30 days\n"
                            "        order: [costs, principal, interest, compound, penalty]\n");
}

static void whatever_happens_to_loans_the_invariants_hold(void **state)
{
    (void)state;
    struct random_source random = random_start("loan life");
    int products = 0;
    for (int life = 0; life < LIVES; life++) {
        struct scratch_book book;
        int64_t loans = 0;
        char *policy = policy_of_life(life);
        scratch_book_open(&book, policy, "2016-10-20");
        free(policy);
        scratch_do(&book, "bureau", "fund.open",
                   scratch_request(&book, "amount_fen", "100000000", NULL));
        struct date end = date_add_days(book.day, DAYS);
        while (date_compare(book.day, end) < 0) {
            int64_t choice = random_between(&random, 0, 99);
            if (loans < 8 && choice < 5) {
                lend_something(&book, &random);
                loans++;
            } else if (loans > 0 && choice < 20) {
                pay_something(&book, &random, random_between(&random, 1, loans));
            } else if (loans > 0 && choice < 22) {
                claim_something(&book, &random, random_between(&random, 1, loans));
            } else {
                scratch_do(&book, "clerk", "day.close", canon_object(&book.requests));
            }
        }
        check_invariants(&book);
        check_settlements(&book);
        products += check_products(&book, loans);
        scratch_book_close(&book);
    }
    assert_true(products > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_to_loans_the_invariants_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
