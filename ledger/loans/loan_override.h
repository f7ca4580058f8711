/* loan_override.h - exceptions from conditions of the policy, and what rests on them. Layer: loans.
 * Tables loan_override, loan_override_use are written here alone. */
#ifndef YICANG_LOANS_LOAN_OVERRIDE_H
#define YICANG_LOANS_LOAN_OVERRIDE_H

#include "ledger/base/arena.h"
#include "ledger/store/store.h"

struct loan_override {
    int64_t id, loan;
    const char *point;     /* of the decision: "eligibility" */
    const char *condition; /* its id in the policy */
    const char *reason;
    struct date day;
    const char *actor; /* who proposed it; whoever decides on its strength is another person */
};

MUST_CHECK bool loan_override_next(struct store *store, int64_t *ret, struct error *err);
MUST_CHECK bool loan_override_put(struct store *store, uint64_t seq,
                                  const struct loan_override *override, struct error *err);
/* 0 if there is none. */
MUST_CHECK bool loan_override_find(struct store *store, int64_t loan, const char *point,
                                   const char *condition, int64_t *ret, struct error *err);
/* Texts in the arena. Reason id override.not-found (FAULT_INTEGRITY: an event names it). */
MUST_CHECK bool loan_override_load(struct store *store, struct arena *arena, int64_t id,
                                   struct loan_override *ret, struct error *err);
/* The event rests on the exception. */
MUST_CHECK bool loan_override_use_put(struct store *store, uint64_t seq, int64_t override,
                                      struct error *err);
/* The exceptions on which something of the loan rests, ascending; in the arena. */
MUST_CHECK bool loan_overrides_used(struct store *store, int64_t loan, struct arena *arena,
                                    int64_t **ret, size_t *ret_count, struct error *err);

#endif
