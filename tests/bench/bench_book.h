/* bench_book.h - a book with people, keys and one loan made through the door, and as many copies of
 * that loan as a workload wants, put in past the door. */
#ifndef YICANG_TESTS_BENCH_BENCH_BOOK_H
#define YICANG_TESTS_BENCH_BENCH_BOOK_H

#include "cli/service/act.h"
#include "tests/bench/bench.h"

#define BENCH_CLERK "wang.li"
#define BENCH_APPROVER "li.na"

/* A new book of the demo kind (keys without passphrase) under the bench's folder. */
void bench_book_open(struct bench *bench, const char *name, const char *opening_day,
                     struct office *ret);
/* Opens it again after something was done to its file. */
void bench_book_reopen(struct office *office);
void bench_book_end(struct office *office);

/* One event; the office's arena is emptied before it. */
void bench_act(struct office *office, const char *as, const char *type, struct canon *request,
               struct act_result *ret);
/* Loan 1: 50,000.00 at 4.35 % for 12 months, paid out on the open day. */
void bench_loan(struct office *office, const char *household_status);
/* The same for `months`, as household, person and loan `number` of the book: one after the other.
 */
void bench_loan_of(struct office *office, int64_t number, const char *household_status, int months);
/* In a book opened on 2016-10-20: the same loan for one month, and nothing was paid; the open day
 * is 2016-12-21. 10,000.00 would pay 280.94 penalty (31 days, 1.5 times the rate), 187.29 interest
 * (31 days) and 9,531.77 principal. */
void bench_arrears(struct office *office);
void bench_pay(struct office *office, int64_t loan, int64_t fen);
/* In a book opened on 2016-10-20: loans for 12 months, one in three to a registered household, paid
 * out on the first days; then rounds of repayments of 300.00, ten days apart, the last before they
 * fall due. About so many events, and a close for each of the days. */
#define BENCH_COUNTY_ROUNDS 16
void bench_county(struct office *office, size_t events);
/* A repayment of each of the loans 1 to `loans`, many in a transaction: planned, signed and
 * projected by the door's own functions, without its rechecks and with one head in the end. */
void bench_pay_all(struct office *office, int64_t loans, int64_t fen);
void bench_close_through(struct office *office, const char *last_day);
void bench_pass_days(struct office *office, int days);
struct date bench_date(const char *text);

/* Makes loan 1 into `loans` equal loans: every row that speaks of it, its entries and the kept
 * balances; book and file are consistent afterwards. The book is closed meanwhile. `change` (may be
 * NULL) is run at the end, e.g. to give the loans different days; the triggers are back then. */
void bench_multiply(struct office *office, int64_t loans, const char *change);

/* The whole book is in order: `book check` finds nothing, and the log verifies. */
void bench_check_book(struct office *office);

#endif
