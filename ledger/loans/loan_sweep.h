/* loan_sweep.h - every loan of the book, one after the other, for looks at all of them. Layer:
 * loans. Only reads; holds one loan at a time. */
#ifndef YICANG_LOANS_LOAN_SWEEP_H
#define YICANG_LOANS_LOAN_SWEEP_H

#include "ledger/loans/loan.h"

struct swept_loan {
    /* As loan_load() gives it, without the balances and how far interest is settled. */
    struct loan loan;
    struct money unpaid; /* principal in the books at the end of the period */
    const char *office;  /* of whoever took the application */
    uint64_t approved_seq, paid_out_seq;
    struct money premium; /* claimed from county finance in the period */
    bool alone;           /* the household has no other loan */
    bool has_override, has_claim;
    struct settlement *settlement; /* settled in the period; ascending */
    size_t settlements;
};

typedef bool (*loan_visitor)(void *context, const struct swept_loan *loan, struct error *err);

/* Those applied for up to the last day of the period, which is closed, in the order of their
 * numbers. Texts and settlements live in the arena, which is emptied after
 * each visit. Stops when visit returns false, which then is the result. */
MUST_CHECK bool loans_sweep(struct store *store, struct date from, struct date to,
                            struct arena *arena, loan_visitor visit, void *context,
                            struct error *err);

#endif
