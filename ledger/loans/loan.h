/* loan.h - a loan as its facts tell it. Layer: loans. */
#ifndef YICANG_LOANS_LOAN_H
#define YICANG_LOANS_LOAN_H

#include "ledger/base/arena.h"
#include "ledger/base/digest.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/books/account.h"
#include "ledger/store/store.h"

#include <stdbool.h>
#include <stdint.h>

struct loan {
    int64_t id;
    /* the application */
    int64_t household, borrower;
    const char *product; /* "household", "micro-entrepreneur" */
    const char *purpose;
    struct money applied;
    int term_months;
    struct rate rate;
    struct date applied_on;
    const char *applied_by; /* staff code */
    uint64_t applied_seq;
    /* the approval */
    bool is_approved;
    struct money approved;
    struct date approved_on;
    /* the contract, from the payout on */
    bool is_paid_out;
    struct money principal, covered;
    struct date start, due;
    int settle_day;
    struct sha256 policy; /* of the application until the payout, then of the contract */
    /* how it stands */
    const char *status;
    const char *class; /* at the last close: "normal", "special_mention" */
    bool has_overdue_since;
    struct date overdue_since;
    struct date settled_upto;                  /* interest is settled for the days before it */
    struct money normal, overdue, non_accrual; /* principal by account */
    struct money interest_receivable, off_balance_interest;
    struct money penalty_paid;
    int64_t principal_dated; /* fen x day: each move of principal times its value date */
};

/* Texts live in the arena. Reason id loan.not-found. */
MUST_CHECK bool loan_load(struct store *store, struct arena *arena, int64_t id, struct loan *ret,
                          struct error *err);
/* The oldest application of that person for the product that waits for a decision; 0 if none does.
 */
MUST_CHECK bool loan_pending(struct store *store, int64_t borrower, const char *product,
                             int64_t *ret, struct error *err);
MUST_CHECK bool loan_next(struct store *store, int64_t *ret, struct error *err);
struct money loan_unpaid(const struct loan *loan);         /* the three accounts together */
struct money loan_unpaid_covered(const struct loan *loan); /* what of it subsidy and fund cover */
/* Where the principal of a loan with this status stands. */
enum account loan_account(const char *status);
/* What is kept of one of its accounts. */
struct loan_balance {
    enum account account;
    struct money amount;
    int64_t dated; /* fen x day: each line's amount times its value date */
};
/* Puts it where it belongs; that of other accounts is left out. False: it does not fit. */
MUST_CHECK bool loan_balance_read(struct loan *ret, const struct loan_balance *balance,
                                  struct error *err);

/* Sums over all loans of a household, leaving out one (0: none). */
struct household_loans {
    struct money balance;  /* unpaid principal */
    struct money approved; /* approved, not paid out */
    struct money covered;  /* unpaid covered principal */
    int64_t overdue;       /* loans that are overdue or worse */
    int64_t open;          /* loans that are neither refused, nor lapsed, nor closed */
};
MUST_CHECK bool household_loans_load(struct store *store, struct arena *arena, int64_t household,
                                     int64_t without_loan, struct household_loans *ret,
                                     struct error *err);

/* One settled period. */
struct settlement {
    struct date from, upto; /* upto is not counted */
    int64_t fen_days;
    struct money interest, treasury; /* the household owes the difference */
    struct date due;
};
MUST_CHECK bool settlement_put(struct store *store, uint64_t seq, int64_t loan,
                               const struct settlement *settlement, struct date settled_on,
                               struct error *err);
/* Unpaid principal x days (fen x days, not rounded) from maturity to `upto` exclusive, from what is
 * kept: however often principal moved, only the settlements are read. The loan is settled up to its
 * maturity, `upto` is not before it, and no value date is later than `upto`. */
MUST_CHECK bool loan_product_since_maturity(struct store *store, const struct loan *loan,
                                            struct date upto, wide *ret, struct error *err);
/* The due day of the oldest settlement of which some of `unpaid` interest is left, counted back
 * from the newest of those up to a day, with `newer` (may be NULL) as one that is not written yet.
 * False if nothing is due. */
MUST_CHECK bool oldest_unpaid_due(struct store *store, int64_t loan, struct date upto,
                                  struct money unpaid, const struct settlement *newer,
                                  bool *ret_found, struct date *ret, struct error *err);

/* Status changes of a loan, ascending; without those that were undone. */
struct status_change {
    struct date day; /* holds at the close of this day and after */
    bool overdue;    /* overdue or worse */
};
MUST_CHECK bool loan_status_changes(struct store *store, int64_t loan, struct arena *arena,
                                    struct status_change **ret, size_t *ret_count,
                                    struct error *err);
bool status_is_overdue(const char *status);
#define LOAN_STATUSES 9
extern const struct word loan_status_words[LOAN_STATUSES];
const char *loan_status_tell(const char *status); /* for people, in their language */

/* Writers of application, approval, contract and repayment. */
MUST_CHECK bool loan_application_put(struct store *store, uint64_t seq, const struct loan *loan,
                                     struct error *err);
MUST_CHECK bool loan_approval_put(struct store *store, uint64_t seq, int64_t loan,
                                  struct money amount, struct date day, const char *actor,
                                  struct error *err);
MUST_CHECK bool loan_contract_put(struct store *store, uint64_t seq, const struct loan *loan,
                                  struct error *err);
struct repayment {
    int64_t id, loan;
    struct date day; /* value date */
    struct money received, penalty, interest, principal, over;
};
MUST_CHECK bool repayment_next(struct store *store, int64_t *ret, struct error *err);
MUST_CHECK bool repayment_put(struct store *store, uint64_t seq, const struct repayment *repayment,
                              struct error *err);
/* Moves *day on to the last value date of the loan's repayments that stand, if it is before that.
 */
MUST_CHECK bool repayment_last_day(struct store *store, int64_t loan, struct date *day,
                                   struct error *err);

#endif
