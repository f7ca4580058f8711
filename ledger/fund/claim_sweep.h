/* claim_sweep.h - every claim of the book up to a day, one after the other. Layer: fund. Only
 * reads; holds one claim at a time. */
#ifndef YICANG_FUND_CLAIM_SWEEP_H
#define YICANG_FUND_CLAIM_SWEEP_H

#include "ledger/fund/claim.h"
#include "ledger/fund/claim_due.h"
#include "ledger/fund/claim_part.h"

struct swept_recovery {
    struct date day;
    struct money net; /* of costs */
    struct loss_parts parts;
    bool handed_over; /* the fund's part, up to the day of the sweep */
};

struct swept_claim {
    /* Status and payments as on the day of the sweep; actor and what was recovered are left out. */
    struct claim claim;
    uint64_t accepted_seq, refused_seq; /* 0: not up to that day */
    struct date accepted_on;
    struct claim_part part[CLAIM_PARTS_MAX];
    size_t parts;
    struct claim_due *due; /* what is handed over, and what of it was */
    size_t dues;
    struct swept_recovery *recovery; /* up to the day of the sweep, in their order */
    size_t recoveries;
};

typedef bool (*claim_visitor)(void *context, const struct swept_claim *claim, struct error *err);

/* Claims filed up to the day, in the order of their numbers, as they stood at its close. The arena
 * is emptied after each visit. Stops when visit returns false, which then is the result. */
MUST_CHECK bool claims_sweep(struct store *store, struct date day, struct arena *arena,
                             claim_visitor visit, void *context, struct error *err);

#endif
