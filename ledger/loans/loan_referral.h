/* loan_referral.h - what the policy referred to a person, and who decided on it, why. Layer: loans.
 * Table loan_referral is written here alone. */
#ifndef YICANG_LOANS_LOAN_REFERRAL_H
#define YICANG_LOANS_LOAN_REFERRAL_H

#include "ledger/base/arena.h"
#include "ledger/store/store.h"

struct loan_referral {
    uint64_t seq; /* of the event that decided on it */
    int64_t loan;
    const char *point;     /* of the decision: "eligibility" */
    const char *condition; /* its id in the policy */
    const char *reason;
    struct date day;
    const char *actor; /* who decided */
};

MUST_CHECK bool loan_referral_put(struct store *store, const struct loan_referral *referral,
                                  struct error *err);
/* The events that decided on a referral of the loan, ascending; in the arena. */
MUST_CHECK bool loan_referral_events(struct store *store, int64_t loan, struct arena *arena,
                                     int64_t **ret, size_t *ret_count, struct error *err);
/* Appends what that event decided on to a list that grows as arena_grow() says. */
MUST_CHECK bool loan_referrals_load(struct store *store, uint64_t seq, struct arena *arena,
                                    struct loan_referral **list, size_t *count, size_t *capacity,
                                    struct error *err);

#endif
