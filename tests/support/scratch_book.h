/* scratch_book.h - a small book in a scratch folder, for tests of plans and projections without
 * keys and signatures: a request is planned, becomes a body, is projected and posted and read back,
 * as behind the door, but its event is a stand-in of a few bytes. Fails the test where it must not
 * fail.
 *
 *     struct scratch_book book;
 *     scratch_book_open(&book, NULL, "2016-10-20");
 *     int64_t household = scratch_household(&book, "registered");
 *     int64_t loan = scratch_loan(&book, household, 5000000, 43500, 12);
 *     scratch_close_through(&book, "2016-12-20");
 *     check_fen(scratch_balance(&book, ACCOUNT_SUBSIDY_RECEIVABLE), 37458);
 *     scratch_book_close(&book);
 */
#ifndef YICANG_TESTS_SUPPORT_SCRATCH_BOOK_H
#define YICANG_TESTS_SUPPORT_SCRATCH_BOOK_H

#include "cli/service/policy_shelf.h"
#include "cli/service/use_case.h"
#include "ledger/books/account.h"
#include "ledger/loans/loan.h"
#include "tests/support/check.h"

struct scratch_book {
    char *folder;
    struct store *store;
    struct policy_shelf *policies;
    struct arena requests; /* lives as long as the book */
    struct arena arena;    /* of the last event */
    struct date day;       /* open */
    uint64_t seq;          /* of the next event */
    struct canon *body;    /* of the last event */
    struct sha256 leaf_hash;
    int64_t last_person;
};

/* The text of county-pilot, for free(); with one piece of it replaced, which must stand in it. */
char *county_pilot(void);
char *county_pilot_with(const char *piece, const char *replacement);
/* The same for any text, which is freed. */
char *policy_text_with(char *text, const char *piece, const char *replacement);

/* policy: the text of a policy file; NULL for county-pilot. */
void scratch_book_open(struct scratch_book *book, const char *policy, const char *opening_day);
void scratch_book_close(struct scratch_book *book);
/* Another one, in force from the day after the open one on. */
void scratch_policy(struct scratch_book *book, const char *text);

/* A request of text members: names and values in turn, ended by NULL. */
struct canon *scratch_request(struct scratch_book *book, const char *name, ...)
    __attribute__((sentinel));
/* What a decision on an event must name: adds of_seq and of_leaf. */
void scratch_of_event(struct scratch_book *book, struct canon *request, uint64_t seq);

/* One event in one transaction; a refused one leaves nothing behind. What it holds must explain it
 * (explanation.h), else the test fails. */
MUST_CHECK bool scratch_act(struct scratch_book *book, const char *actor, const char *type,
                            const struct canon *request, struct error *err);
/* The same, which must succeed. */
#define scratch_do(book, actor, type, request)                                                     \
    scratch_do_at((book), (actor), (type), (request), __FILE__, __LINE__)
void scratch_do_at(struct scratch_book *book, const char *actor, const char *type,
                   const struct canon *request, const char *file, int line);
/* "out" of the last event; fails the test if it has none. */
const struct canon *scratch_out(const struct scratch_book *book);
/* Row of the last event that is about this loan: its "out"; NULL if there is none. */
const struct canon *scratch_row(const struct scratch_book *book, int64_t loan);

/* Closes days in turn, the given one included. */
void scratch_close_through(struct scratch_book *book, const char *last_day);
/* A household with one person, its head: the number of the household; the person is
 * book->last_person. Status: "registered" and so on. */
int64_t scratch_household(struct scratch_book *book, const char *status);
/* Applied for, approved and paid out on the open day. */
int64_t scratch_loan(struct scratch_book *book, int64_t household, int64_t fen, int64_t rate_ppm,
                     int term_months);
struct canon *scratch_application(struct scratch_book *book, int64_t household, int64_t fen,
                                  int64_t rate_ppm, int term_months);
struct canon *scratch_approval(struct scratch_book *book, int64_t loan, int64_t fen);
struct canon *scratch_repayment(struct scratch_book *book, int64_t loan, int64_t fen,
                                const char *value_date);

struct money scratch_balance(struct scratch_book *book, enum account account);
struct money scratch_loan_balance(struct scratch_book *book, int64_t loan, enum account account);
struct loan scratch_loan_load(struct scratch_book *book, int64_t loan);

#endif
