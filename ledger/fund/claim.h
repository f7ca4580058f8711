/* claim.h - compensation claims and what is recovered afterwards. Layer: fund.
 * Tables claim, claim_status, recovery, recovery_transfer are written here alone. */
#ifndef YICANG_FUND_CLAIM_H
#define YICANG_FUND_CLAIM_H

#include "ledger/base/arena.h"
#include "ledger/base/digest.h"
#include "ledger/base/text.h"
#include "ledger/store/store.h"

/* A part for each bearer of a loss. */
struct loss_parts {
    struct money insurer, fund, bank;
};

struct claim {
    int64_t id;
    int64_t loan;
    struct date filed_on;
    int64_t days_overdue;
    struct money loss;
    struct money interest; /* in the loss; claim_interest.h */
    struct loss_parts parts;
    struct sha256 policy;
    const char *actor;  /* who filed it; in the arena */
    const char *status; /* "filed", "accepted", "paid", "refused"; in the arena */
    uint64_t seq;
    struct loss_parts recovered; /* net of costs, so far */
};

/* Reason id claim.not-found. */
MUST_CHECK bool claim_load(struct store *store, struct arena *arena, int64_t id, struct claim *ret,
                           struct error *err);
/* The newest claim on the loan, 0 if there is none. */
MUST_CHECK bool claim_of_loan(struct store *store, int64_t loan, int64_t *ret, struct error *err);
MUST_CHECK bool claim_next(struct store *store, int64_t *ret, struct error *err);
MUST_CHECK bool claim_put(struct store *store, const struct claim *claim, struct error *err);
MUST_CHECK bool claim_status_put(struct store *store, uint64_t seq, int64_t claim, struct date day,
                                 const char *status, struct error *err);
/* The day of acceptance; false in *ret_found: not accepted. */
MUST_CHECK bool claim_accepted_on(struct store *store, int64_t claim, bool *ret_found,
                                  struct date *ret, struct error *err);

#define CLAIM_STATUSES 4
extern const struct word claim_status_words[CLAIM_STATUSES];
const char *claim_status_tell(const char *status); /* for people, in their language */
/* The events of its statuses and of its recoveries, in their order; in the arena. */
MUST_CHECK bool claim_events(struct store *store, int64_t claim, struct arena *arena,
                             uint64_t **ret, size_t *ret_count, struct error *err);

/* The status the loan had before it was claimed. */
MUST_CHECK bool loan_status_before_claim(struct store *store, struct arena *arena, int64_t loan,
                                         const char **ret, struct error *err);

struct recovery {
    int64_t id;
    int64_t claim;
    struct money gross, costs;
    struct loss_parts parts;
    struct date day;
};
MUST_CHECK bool recovery_next(struct store *store, int64_t *ret, struct error *err);
MUST_CHECK bool recovery_put(struct store *store, uint64_t seq, const struct recovery *recovery,
                             struct error *err);
/* Reason id recovery.not-found. */
MUST_CHECK bool recovery_load(struct store *store, int64_t id, struct recovery *ret,
                              struct error *err);
MUST_CHECK bool recovery_transferred(struct store *store, int64_t recovery, const char *payer,
                                     bool *ret, struct error *err);
MUST_CHECK bool recovery_transfer_put(struct store *store, uint64_t seq, int64_t recovery,
                                      const char *payer, struct money amount, struct date day,
                                      struct error *err);

#endif
