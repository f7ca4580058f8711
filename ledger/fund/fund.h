/* fund.h - the compensation fund: what was paid in, and what of it is free. Layer: fund.
 * Table fund_payment is written here and nowhere else. */
#ifndef YICANG_FUND_FUND_H
#define YICANG_FUND_FUND_H

#include "ledger/base/arena.h"
#include "ledger/books/entry.h"
#include "ledger/store/store.h"

struct fund_position {
    bool opened;
    struct money special_account;
    struct money claims_payable;
    struct money advances_payable;    /* to be given back to who advances the fund's part */
    struct money advances_receivable; /* what others are to give back */
    struct money reserved;            /* what the fund will hand over for claims not yet decided */
    struct money free;                /* special account - claims and advances payable - reserved */
};
MUST_CHECK bool fund_position_load(struct store *store, struct fund_position *ret,
                                   struct error *err);
MUST_CHECK bool fund_topped_up(struct store *store, int year, bool *ret, struct error *err);

struct fund_payment {
    const char *kind; /* "opening", "deposit", "top-up", "interest" */
    struct money amount;
    struct money base; /* of a top-up: the outstanding principal */
    int year;          /* of a top-up; else 0 */
    struct date day;
};
MUST_CHECK bool fund_payment_next(struct store *store, int64_t *ret_id, struct error *err);
MUST_CHECK bool fund_payment_put(struct store *store, uint64_t seq, int64_t id,
                                 const struct fund_payment *payment, struct error *err);
/* A top-up, and the last event up to the close of the 31 December it was counted on. */
struct past_top_up {
    struct money amount, base;
    struct date last; /* that 31 December */
    uint64_t upto_seq;
};
/* Those booked from one day to the other; in the arena. */
MUST_CHECK bool fund_top_ups_load(struct store *store, struct date from, struct date to,
                                  struct arena *arena, struct past_top_up **ret, size_t *ret_count,
                                  struct error *err);
/* The entries of a payment into the fund, in both books (design.md 4). */
void fund_payment_entries(struct entry_list *list, const char *kind, struct money amount,
                          struct date value_date);

#endif
