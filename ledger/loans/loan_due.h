/* loan_due.h - the loans of which something is due at the close of a day, one after the other, with
 * all that a close looks at. Layer: loans. Only reads.
 *
 * The one place that reads loans in bulk: five ordered queries run side by side for all of them, so
 * that none is asked for by itself. What is held is one loan. */
#ifndef YICANG_LOANS_LOAN_DUE_H
#define YICANG_LOANS_LOAN_DUE_H

#include "ledger/base/arena.h"
#include "ledger/books/journal.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/loan_inspection.h"

struct due_loan {
    /* As loan_load() gives it; but nothing of who applied and for how much, and no approval. */
    struct loan loan;
    struct principal_move *move; /* as loan_principal_moves() */
    size_t moves;
    struct status_change *change; /* as loan_status_changes() */
    size_t changes;
    struct use_findings use; /* as loan_use_findings() */
};

/* One query over those loans, and the row at which it stands. */
struct due_query {
    struct statement *statement;
    bool has_row;
};

struct due_loans {
    struct due_query facts, balances, moves, changes, use;
};

enum due_choice {
    DUE_ALL,
    DUE_OVERDUE, /* the overdue ones alone */
    DUE_CLASSED, /* those that owe nothing and are in a class all the same */
};

/* Those expected between the two days, in the order of day and number. due_loans_end() must come.
 */
void due_loans_begin(struct store *store, struct date first, struct date last,
                     enum due_choice choice, struct due_loans *ret);
/* The non-accrual loans that are not expected up to the day, in the order of their arrears. */
void due_loans_begin_non_accrual(struct store *store, struct date day, struct due_loans *ret);
/* The next one, in the arena; false in *ret_found at the end. */
MUST_CHECK bool due_loans_next(struct due_loans *due, struct arena *arena, struct due_loan *ret,
                               bool *ret_found, struct error *err);
void due_loans_end(struct due_loans *due);

#endif
