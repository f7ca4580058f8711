/* treasury.h - what county finance owes: interest subsidy and insurance premium. Layer: fund.
 * Tables subsidy_claim, subsidy_claim_item, subsidy_receipt, premium_claim, premium_item,
 * premium_payment are written here and nowhere else. */
#ifndef YICANG_FUND_TREASURY_H
#define YICANG_FUND_TREASURY_H

#include "ledger/base/arena.h"
#include "ledger/base/digest.h"
#include "ledger/store/store.h"

#define TREASURY_ITEMS_MAX 1000000

/* One settlement whose treasury part nobody claimed yet. */
struct subsidy_item {
    int64_t loan;
    struct date upto; /* with the loan, the key of the settlement */
    struct money amount;
};
/* Settled up to and on `through`, in order of loan and day; in the arena. */
MUST_CHECK bool subsidy_items_open(struct store *store, struct date through, struct arena *arena,
                                   struct subsidy_item **ret, size_t *ret_count, struct error *err);
MUST_CHECK bool subsidy_claim_next(struct store *store, int64_t *ret, struct error *err);
MUST_CHECK bool subsidy_claim_put(struct store *store, uint64_t seq, int64_t id,
                                  struct date through, struct money amount, struct date day,
                                  struct error *err);
MUST_CHECK bool subsidy_item_put(struct store *store, int64_t claim,
                                 const struct subsidy_item *item, struct error *err);
/* What was claimed under the number, and whether it was received. Reason id subsidy.not-found. */
MUST_CHECK bool subsidy_claim_load(struct store *store, int64_t id, struct money *ret,
                                   bool *ret_received, struct error *err);
MUST_CHECK bool subsidy_receipt_put(struct store *store, uint64_t seq, int64_t claim,
                                    struct money amount, struct date day, struct error *err);

/* One covered loan whose premium was not asked for yet. */
struct premium_item {
    int64_t loan;
    struct money covered;
    struct date signed_on;
    struct sha256 policy;
    struct money amount;
};
MUST_CHECK bool premium_items_open(struct store *store, struct date through, struct arena *arena,
                                   struct premium_item **ret, size_t *ret_count, struct error *err);
/* The events of the claims of these days, ascending; in the arena. */
MUST_CHECK bool premium_claims_between(struct store *store, struct date from, struct date to,
                                       struct arena *arena, int64_t **ret, size_t *ret_count,
                                       struct error *err);
MUST_CHECK bool premium_claim_next(struct store *store, int64_t *ret, struct error *err);
MUST_CHECK bool premium_claim_put(struct store *store, uint64_t seq, int64_t id,
                                  struct money amount, struct date day, struct error *err);
MUST_CHECK bool premium_item_put(struct store *store, int64_t claim,
                                 const struct premium_item *item, struct error *err);
/* Reason id premium.not-found. */
MUST_CHECK bool premium_claim_load(struct store *store, int64_t id, struct money *ret,
                                   bool *ret_received, bool *ret_paid, struct error *err);
/* step: "received" or "paid". */
MUST_CHECK bool premium_step_put(struct store *store, uint64_t seq, int64_t claim, const char *step,
                                 struct date day, struct error *err);

#endif
