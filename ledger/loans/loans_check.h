/* loans_check.h - the invariants of the loans, proven from facts and lines (design.md 4). Layer:
 * loans. Each finding has a code that tests and manuals name:
 *
 *     LOANS_PAYOUT       what was paid out is what the contract says
 *     LOANS_REPAYMENT    a repayment is its parts, and its lines say the same
 *     LOANS_NEGATIVE     no principal or interest of a loan is below zero
 *     LOANS_ACCOUNT      principal stands in the account of the loan's status
 *     LOANS_CLOSED       nothing is owed on a closed loan
 *     LOANS_STATUS       the state is the newest row of the history, whose rows are counted 1, 2, 3
 *     LOANS_CLASS        the class is the newest row of its history
 *     LOANS_PERIOD       settled periods begin at the payout and adjoin without gap or overlap
 *     LOANS_PERIOD_END   and end at maturity
 *     LOANS_INTEREST     interest in the books is what was settled less what was paid
 *     LOANS_REVERSAL     of an event that was undone nothing is left in the books
 *     LOANS_SAME_PERSON  another person approved than took the application or proposed the reversal
 *     LOANS_AMOUNT       paid out <= approved <= applied for
 *     LOANS_MISSED       no day was closed without what was to happen on it
 *
 * That kept balances are the sums of their lines is checked with the books (books_check.h). */
#ifndef YICANG_LOANS_LOANS_CHECK_H
#define YICANG_LOANS_LOANS_CHECK_H

#include "ledger/audit/verify.h"
#include "ledger/store/store.h"

/* False only if the book cannot be read. Bounded memory whatever the size of the book. */
MUST_CHECK bool loans_check(struct store *store, struct findings *findings, struct error *err);

#endif
