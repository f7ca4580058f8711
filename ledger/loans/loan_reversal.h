/* loan_reversal.h - events of a loan that were a mistake: who asks to undo one, what another person
 * decides, and what rests on an event. Layer: loans.
 * Tables reversal_proposal, reversal, reversal_refusal are written here alone. */
#ifndef YICANG_LOANS_LOAN_REVERSAL_H
#define YICANG_LOANS_LOAN_REVERSAL_H

#include "ledger/base/arena.h"
#include "ledger/store/store.h"

/* A condition of a query: the event, a column or a parameter, was not undone. Facts of one that was
 * stay on record and count no more. */
#define NOT_REVERSED(seq)                                                                          \
    " NOT EXISTS (SELECT 1 FROM reversal AS undone WHERE undone.of_seq = " seq ")"
#define SETTLEMENT_STANDS NOT_REVERSED("t.seq")
#define REPAYMENT_STANDS NOT_REVERSED("r.seq")
#define CONTRACT_STANDS NOT_REVERSED("c.seq")
/* Nor did it undo one: without both, the history of a loan's status is as if neither had been. */
#define OF_NO_REVERSAL(seq)                                                                        \
    " NOT EXISTS (SELECT 1 FROM reversal AS undone WHERE undone.of_seq = " seq                     \
    " OR undone.seq = " seq ")"
/* Not undone up to an event: for what is told as of an earlier one. */
#define NOT_REVERSED_UPTO(seq, upto)                                                               \
    " NOT EXISTS (SELECT 1 FROM reversal AS undone WHERE undone.of_seq = " seq                     \
    " AND undone.seq <= " upto ")"

struct reversal_proposal {
    uint64_t seq;    /* the event that proposes */
    uint64_t of_seq; /* the event that is to be undone */
    int64_t loan;
    struct money amount; /* that the event moved */
    const char *reason;
    struct date day;
    const char *actor;              /* who proposed it: another person decides */
    uint64_t undone_in, refused_in; /* how it was decided; 0: not in this way */
};

MUST_CHECK bool reversal_proposal_put(struct store *store, uint64_t seq,
                                      const struct reversal_proposal *proposal, struct error *err);
/* Texts in the arena. Reason id reversal.no-proposal. */
MUST_CHECK bool reversal_proposal_load(struct store *store, struct arena *arena, uint64_t seq,
                                       struct reversal_proposal *ret, struct error *err);
/* The proposal to undo the event on which nobody has decided yet; 0 if there is none. */
MUST_CHECK bool reversal_pending(struct store *store, uint64_t of_seq, uint64_t *ret,
                                 struct error *err);

MUST_CHECK bool reversal_put(struct store *store, uint64_t seq, uint64_t of_seq, uint64_t proposal,
                             struct date day, const char *actor, struct error *err);
MUST_CHECK bool reversal_refusal_put(struct store *store, uint64_t seq, uint64_t proposal,
                                     const char *reason, struct date day, const char *actor,
                                     struct error *err);
/* The event that undid this one, and its business day; 0 if none did. */
MUST_CHECK bool reversal_of(struct store *store, uint64_t of_seq, uint64_t *ret,
                            struct date *ret_on, struct error *err);

/* What happened to the loan after an event and was not undone: the last of each kind, 0 if none. */
struct later_events {
    uint64_t repayment;
    uint64_t other;     /* a settlement, a change of its status, a claim on it or on its subsidy */
    uint64_t of_payout; /* a claim on its premium, an inspection: of a payment nothing */
    uint64_t period;    /* closed an accounting period */
};
MUST_CHECK bool loan_later_events(struct store *store, int64_t loan, uint64_t seq,
                                  struct later_events *ret, struct error *err);

/* How the loan stood before an event. The status is in the arena. */
struct loan_before {
    const char *status;
    bool has_settled; /* of what still counts */
    struct date settled_upto;
};
MUST_CHECK bool loan_before_load(struct store *store, struct arena *arena, int64_t loan,
                                 uint64_t seq, struct loan_before *ret, struct error *err);

/* Of one loan: how many events were undone, and a proposal on which nobody has decided (0: none).
 */
struct reversal_counts {
    int64_t undone;
    uint64_t pending;
};
MUST_CHECK bool loan_reversal_counts(struct store *store, int64_t loan, struct reversal_counts *ret,
                                     struct error *err);

#endif
