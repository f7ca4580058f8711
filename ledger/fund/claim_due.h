/* claim_due.h - what is to be handed over for a claim, by whom, and what was. Layer: fund.
 * Tables claim_due and claim_payment are written here and nowhere else.
 *
 * A payer hands its part over itself, at once or in instalments, or another payer advances it and
 * is given it back: then two sums move for one due. */
#ifndef YICANG_FUND_CLAIM_DUE_H
#define YICANG_FUND_CLAIM_DUE_H

#include "ledger/base/arena.h"
#include "ledger/base/date.h"
#include "ledger/store/store.h"

#define CLAIM_DUES_MAX 96

/* The payer as the books keep it; the bank is who receives. */
enum claim_party { CLAIM_PARTY_BANK, CLAIM_PARTY_INSURER, CLAIM_PARTY_FUND };
const char *claim_party_word(enum claim_party party); /* "bank", "insurer", "fund" */
bool claim_party_find(const char *word, enum claim_party *ret);

struct claim_due {
    int64_t n;           /* from 1, in the order of the policy */
    const char *payer;   /* who bears it, by its name in the policy */
    const char *paid_by; /* who hands it over */
    enum claim_party booked, booked_by;
    struct money amount;           /* positive */
    int64_t within, refund_within; /* days; -1: the policy does not say */
    bool paid, refunded;
};
bool claim_due_is_advanced(const struct claim_due *due);

MUST_CHECK bool claim_due_put(struct store *store, int64_t claim, const struct claim_due *due,
                              struct error *err);
/* In their order, as they stood at the close of the day; texts live in the arena. Reason id
 * claim.too-many-dues. */
MUST_CHECK bool claim_dues_on(struct store *store, struct arena *arena, int64_t claim,
                              struct date day, struct claim_due ret[static CLAIM_DUES_MAX],
                              size_t *ret_count, struct error *err);
/* As they stand. */
MUST_CHECK bool claim_dues_load(struct store *store, struct arena *arena, int64_t claim,
                                struct claim_due ret[static CLAIM_DUES_MAX], size_t *ret_count,
                                struct error *err);

struct claim_payment {
    int64_t id;
    int64_t claim;
    int64_t n; /* of the due */
    enum claim_party payer, receiver;
    struct money amount;
    struct date day;
};
MUST_CHECK bool claim_payment_next(struct store *store, int64_t *ret, struct error *err);
MUST_CHECK bool claim_payment_put(struct store *store, uint64_t seq,
                                  const struct claim_payment *payment, struct error *err);

#endif
