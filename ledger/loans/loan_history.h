/* loan_history.h - what happened to a loan, read from its facts. Layer: loans. Only reads. */
#ifndef YICANG_LOANS_LOAN_HISTORY_H
#define YICANG_LOANS_LOAN_HISTORY_H

#include "ledger/base/arena.h"
#include "ledger/loans/loan.h"
#include "ledger/store/store.h"

#define LOAN_SETTLEMENTS_MAX 10000

/* One settled period and the event that settled it. */
struct past_settlement {
    struct settlement settlement;
    uint64_t seq;
};
/* Those that stood after an event, in order of time; in the arena. */
MUST_CHECK bool loan_settlements_load(struct store *store, int64_t loan, uint64_t upto_seq,
                                      struct arena *arena, struct past_settlement **ret,
                                      size_t *ret_count, struct error *err);

/* What the repayments of a loan before the one with this number paid, part by part; without those
 * undone by then. */
MUST_CHECK bool repayments_before(struct store *store, int64_t loan, int64_t repayment,
                                  struct repayment *ret, struct error *err);

/* What had been paid out before an event. */
MUST_CHECK bool loan_principal_before(struct store *store, int64_t loan, uint64_t seq,
                                      struct money *ret, struct error *err);

/* The events of application, approval and payout, those that settled its interest and
 * those that changed its class, ascending;
 * in the arena. */
MUST_CHECK bool loan_events(struct store *store, int64_t loan, struct arena *arena, uint64_t **ret,
                            size_t *ret_count, struct error *err);

/* The next day on whose close something happens to the loan, if there is one. */
MUST_CHECK bool loan_next_day_load(struct store *store, int64_t loan, bool *ret_found,
                                   struct date *ret, struct error *err);

#endif
