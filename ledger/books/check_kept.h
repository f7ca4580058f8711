/* check_kept.h - kept balances against sums of lines. Layer: books.
 * Included by ledger/books and by nobody else. */
#ifndef YICANG_BOOKS_CHECK_KEPT_H
#define YICANG_BOOKS_CHECK_KEPT_H

#include "ledger/audit/verify.h"
#include "ledger/books/tally.h"

/* The table balance against the turnovers of all lines: BOOKS_BALANCE. */
MUST_CHECK bool check_balances(struct store *store,
                               const struct turnover want[static ACCOUNT_SLOTS],
                               struct findings *findings, struct error *err);
/* The rows of one period against the turnovers of the lines up to its end: BOOKS_PERIOD_BALANCE. */
MUST_CHECK bool check_period(struct store *store, int64_t last_day,
                             const struct turnover want[static ACCOUNT_SLOTS],
                             struct findings *findings, struct error *err);
/* The table loan_balance against the sums of each loan's lines: BOOKS_LOAN_BALANCE. */
MUST_CHECK bool check_loan_balances(struct store *store, struct findings *findings,
                                    struct error *err);

#endif
