/* Posting and reversal are nothing: loans lead random lives, in one book with payouts and payments
 * that are undone on the same day or days later, in another without them, and at the end both stand
 * the same. Where a payment is undone on its day, everything stands at once as before it. */
#include "cli/service/book_check.h"
#include "ledger/base/text.h"
#include "ledger/loans/loan_history.h"
#include "tests/support/random.h"
#include "tests/support/staffed_book.h"
#include "tests/support/standing.h"

#include <stdlib.h>
#include <string.h>

#define LIVES 2
#define LOANS 4
#define STEPS 260

enum deed_kind { DEED_CLOSE, DEED_PAY };

/* What happened in the first book, for the second. */
struct step {
    enum deed_kind kind;
    int64_t loan, fen;
    bool has_value_date;
    struct date value_date;
};

struct life {
    struct staffed_book book;
    struct random_source *random;
    struct step step[2 * STEPS];
    size_t steps;
    int undone, undone_later; /* how often it was tried with success */
};

struct terms {
    int64_t fen, rate_ppm, months;
};

static struct canon *about(struct staffed_book *book, int64_t loan, uint64_t seq)
{
    struct canon *request = staffed_request(book, "reason", "a mistake", NULL);
    canon_set_int(request, "loan", loan);
    live_of_event(&book->live, request, seq);
    return request;
}

static void undo(struct staffed_book *book, int64_t loan, uint64_t seq)
{
    staffed_do(book, "clerk", NULL, "loan.reverse", about(book, loan, seq));
    staffed_do(book, "approver", NULL, "loan.approve-reversal",
               about(book, loan, book->live.office.tip.size - 1));
}

/* With `mistakes` each is paid out with another amount first, which is undone. */
static void lend_all(struct staffed_book *book, const struct terms *terms, bool mistakes)
{
    struct arena *arena = &book->live.office.arena;

    for (int64_t loan = 1; loan <= LOANS; loan++) {
        const struct terms *of = &terms[loan - 1];
        struct canon *request =
            canon_copy(arena, staffed_application(book, staffed_household(book), of->fen), "rate");
        request = canon_copy(arena, request, "term_months");
        canon_set_int(request, "rate_ppm", of->rate_ppm);
        canon_set_int(request, "term_months", of->months);
        staffed_do(book, "clerk", NULL, "loan.apply", request);
        staffed_do(book, "approver", NULL, "loan.approve", staffed_decision(book, loan, of->fen));
        if (mistakes) {
            staffed_do(book, "clerk", NULL, "loan.disburse",
                       staffed_payout(book, loan, 1 + of->fen / 3));
            undo(book, loan, book->live.office.tip.size - 1);
        }
        staffed_do(book, "clerk", NULL, "loan.disburse", staffed_payout(book, loan, of->fen));
    }
}

static const char *stands(struct staffed_book *book)
{
    return standing(book->live.office.store, &book->live.office.arena);
}

/* False if it is refused. */
static bool pay(struct staffed_book *book, const struct step *step)
{
    struct error err = {0};
    struct canon *request = staffed_payout(book, step->loan, step->fen);

    if (step->has_value_date) {
        canon_set_date(request, "value_date", step->value_date);
    }
    if (staffed_act(book, "clerk", NULL, "loan.repay", request, &err)) {
        return true;
    }
    assert_int_equal(err.fault, FAULT_REFUSED);
    return false;
}

/* --- the first book ----------------------------------------------------------------------------
 */

static void remember(struct life *life, const struct step *step)
{
    assert_true(life->steps < COUNT_OF(life->step));
    life->step[life->steps++] = *step;
}

static void close_one(struct life *life)
{
    staffed_do(&life->book, "clerk", NULL, "day.close",
               canon_object(&life->book.live.office.arena));
    remember(life, &(struct step){.kind = DEED_CLOSE});
}

static struct step some_payment(struct life *life)
{
    static const int64_t most[] = {100, 50000, 1000000, 6000000};
    struct random_source *random = life->random;
    struct step step = {.kind = DEED_PAY,
                        .loan = random_between(random, 1, LOANS),
                        .fen = random_between(random, 1, most[random_between(random, 0, 3)])};

    if (random_between(random, 0, 3) == 0) {
        step.has_value_date = true;
        step.value_date =
            date_add_days(life->book.live.office.day, (int32_t)-random_between(random, 0, 20));
    }
    return step;
}

static struct date end_of_month(struct date on)
{
    struct date next = date_add_days(on, 1);
    while (date_to_ymd(next).month == date_to_ymd(on).month) {
        next = date_add_days(next, 1);
    }
    return date_add_days(next, -1);
}

/* How many days may be closed before the payment is undone: nothing happens to the loan on them,
 * and the month stays open. */
static int64_t days_between(struct life *life, int64_t loan)
{
    struct office *office = &life->book.live.office;
    struct error err = {0};
    struct date next;
    bool found = false;

    check_ok(loan_next_day_load(office->store, loan, &found, &next, &err), &err);
    if (!found || random_between(life->random, 0, 1) == 0) {
        return 0;
    }
    next = date_min(next, end_of_month(office->day));
    int64_t most = date_days_between(office->day, next);
    return random_between(life->random, 0, most < 9 ? most : 9);
}

static void pay_and_undo(struct life *life)
{
    struct staffed_book *book = &life->book;
    struct step step = some_payment(life);
    int64_t days = days_between(life, step.loan);
    const char *before = stands(book);

    if (!pay(book, &step)) {
        return;
    }
    uint64_t seq = book->live.office.tip.size - 1;
    for (int64_t i = 0; i < days; i++) {
        close_one(life);
    }
    undo(book, step.loan, seq);
    if (days == 0) {
        assert_string_equal(stands(book), before);
    }
    life->undone++;
    life->undone_later += days > 0 ? 1 : 0;
}

static void live(struct life *life)
{
    for (int i = 0; i < STEPS; i++) {
        int64_t choice = random_between(life->random, 0, 99);
        if (choice < 8) {
            struct step step = some_payment(life);
            if (pay(&life->book, &step)) {
                remember(life, &step);
            }
        } else if (choice < 22 && life->steps < STEPS) {
            pay_and_undo(life);
        } else {
            close_one(life);
        }
    }
}

static void check_sound(struct staffed_book *book)
{
    struct findings findings;
    struct error err = {0};

    assert_string_equal(staffed_first_finding(book), "");
    findings_init(&findings);
    check_ok(book_check(&book->live.office, &findings, &err), &err);
    if (findings.count > 0) {
        fail_msg("%s: %s", findings.list[0].code, findings.list[0].text);
    }
    findings_release(&findings);
}

/* --- the second --------------------------------------------------------------------------------
 */

static void live_again(const struct life *life, struct staffed_book *book)
{
    for (size_t i = 0; i < life->steps; i++) {
        if (life->step[i].kind == DEED_CLOSE) {
            staffed_do(book, "clerk", NULL, "day.close", canon_object(&book->live.office.arena));
        } else {
            assert_true(pay(book, &life->step[i]));
        }
    }
}

static void what_is_undone_never_was(void **state)
{
    (void)state;
    static struct life life;
    static struct staffed_book other;
    struct random_source random = random_start("reversal");

    for (int i = 0; i < LIVES; i++) {
        struct terms terms[LOANS];
        for (int loan = 0; loan < LOANS; loan++) {
            terms[loan] =
                (struct terms){random_between(&random, 1, 5000000),
                               random_between(&random, 0, 200000), random_between(&random, 2, 9)};
        }
        life = (struct life){.random = &random};
        staffed_book_open(&life.book);
        lend_all(&life.book, terms, true);
        live(&life);
        close_one(&life); /* the class of a loan is told at a close */
        check_sound(&life.book);
        char *with = strdup(stands(&life.book));
        staffed_book_close(&life.book);

        staffed_book_open(&other);
        lend_all(&other, terms, false);
        live_again(&life, &other);
        assert_string_equal(with, stands(&other));
        staffed_book_close(&other);
        free(with);
        print_message("%d payments undone, %d of them later\n", life.undone, life.undone_later);
        assert_true(life.undone > 0 && life.undone_later > 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_undone_never_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
