/* claim_part.h - what each payer of a policy bears of a claim. Layer: fund.
 * Table claim_part is written here and nowhere else. The three parts of struct claim are these,
 * added up by how the books keep them. */
#ifndef YICANG_FUND_CLAIM_PART_H
#define YICANG_FUND_CLAIM_PART_H

#include "ledger/base/arena.h"
#include "ledger/base/date.h"
#include "ledger/store/store.h"

#define CLAIM_PARTS_MAX 64

struct claim_part {
    const char *payer;
    struct money amount;
};
/* The amount is positive. */
MUST_CHECK bool claim_part_put(struct store *store, int64_t claim, const struct claim_part *part,
                               struct error *err);
/* Fills at most CLAIM_PARTS_MAX; texts live in the arena. */
MUST_CHECK bool claim_parts_load(struct store *store, struct arena *arena, int64_t claim,
                                 struct claim_part ret[static CLAIM_PARTS_MAX], size_t *ret_count,
                                 struct error *err);
/* What the payer bears of all claims that were not refused, and of those filed since the day. */
MUST_CHECK bool claims_borne(struct store *store, const char *payer, struct date since,
                             struct money *ret_since, struct money *ret_in_all, struct error *err);

#endif
