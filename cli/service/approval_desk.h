/* approval_desk.h - a bureau officer's decision on a claim, on a machine of the bureau: what the
 * bank asks to have signed is a receipt of the filing (proof.h), what is signed a detached note
 * (ledger/audit/approval.h). Layer: service. Knows no book but for proposal_make(). */
#ifndef YICANG_SERVICE_APPROVAL_DESK_H
#define YICANG_SERVICE_APPROVAL_DESK_H

#include "cli/service/exchange.h"
#include "ledger/audit/approval.h"

#define APPROVAL_EXPIRES_DAYS 7 /* unless the officer says otherwise */
#define APPROVAL_REASON_MAX 500 /* characters */

/* At the bank: the receipt of the filing of a claim that waits to be decided, under the newest
 * head. Reason ids claim.not-found, claim.status, E_ROOT. */
MUST_CHECK bool proposal_make(struct office *office, int64_t claim, struct buffer *ret,
                              uint64_t *ret_size, struct error *err);

/* What the receipt says of the claim, all of it signed by who filed it. */
struct proposal {
    struct receipt_facts facts;
    int64_t claim, loan, days_overdue;
    struct date filed_on;
    struct money loss, interest, insurer, fund, bank;
    const struct canon *parts; /* "parts" of the event: [{payer, fen}] */
};

/* At the bureau: checks the receipt with the card alone. Reason ids of receipt_check(), and
 * approval.no-claim (it is of another event than the filing of a claim). */
MUST_CHECK bool proposal_check(struct arena *arena, const struct trust_card *card,
                               const struct buffer *bytes, struct proposal *ret, struct error *err);

struct officer_decision {
    const char *officer;  /* staff code */
    const char *decision; /* "accept", "refuse" */
    const char *reason;   /* NULL: none */
    int64_t days;         /* for which it counts */
    struct instant now;
};

/* What the officer's own machine can tell of it; the bank's door asks all of it again, and more.
 * Puts the reason into the form in which it is signed. Reason ids staff.not-named,
 * approval.own-claim (S1, as far as the code tells), approval.time (filed at a time that is still
 * to come here), approval.reason (a refusal without one), approval.expiry, text.*. */
MUST_CHECK bool officer_decision_check(struct arena *arena, const struct proposal *proposal,
                                       struct officer_decision *decision, struct error *err);

/* Signs what was checked with the officer's own key. Reason ids staff.code, key.*, key-file.*. */
MUST_CHECK bool approval_make(const struct proposal *proposal,
                              const struct officer_decision *decision,
                              const struct passphrase_source *source, struct buffer *ret,
                              struct error *err);

/* At the bank again: the request that records a note. Reason ids approval.malformed. */
MUST_CHECK bool approval_request(struct office *office, int64_t claim, const struct buffer *note,
                                 struct canon **ret, struct error *err);

#endif
