/* loan_columns.h - what is on record of a loan beside its balances, as queries read it. Layer:
 * loans; only for the files of this folder. */
#ifndef YICANG_LOANS_LOAN_COLUMNS_H
#define YICANG_LOANS_LOAN_COLUMNS_H

#include "ledger/loans/loan.h"
#include "ledger/loans/loan_reversal.h"

/* The first columns of a query over LOAN_TABLES, for loan_columns_read(). */
#define LOAN_COLUMNS                                                                               \
    "l.household_id, l.borrower_id, l.product, l.purpose, l.applied_fen, l.term_months,"           \
    " l.rate_ppm, l.applied_on, l.policy, l.actor, l.seq, s.status, s.overdue_since,"              \
    " a.fen, a.approved_on,"                                                                       \
    " c.principal_fen, c.covered_fen, c.start_day, c.due_day, c.settle_day, c.policy, s.class"
#define LOAN_COLUMNS_COUNT 22
#define LOAN_TABLES                                                                                \
    "loan AS l JOIN loan_state AS s ON s.loan_id = l.id"                                           \
    " LEFT JOIN loan_approval AS a ON a.loan_id = l.id"                                            \
    " LEFT JOIN loan_contract AS c ON c.loan_id = l.id AND" CONTRACT_STANDS

/* Application, approval and contract; interest is taken for settled up to the start. Texts in the
 * arena. */
void loan_columns_read(struct statement *query, struct arena *arena, struct loan *ret);

#endif
