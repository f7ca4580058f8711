/* explanation.h - why an event came out as it did, from what the event itself holds and the policy
 * it names. Layer: service. Only reads.
 *
 * Each decision on record is put to its policy again with the facts on record, and each loss and
 * recovery is shared again: so the explanation of an event stays the same for ever, whatever comes
 * after it, and says whether the policy still gives what was recorded. */
#ifndef YICANG_SERVICE_EXPLANATION_H
#define YICANG_SERVICE_EXPLANATION_H

#include "cli/service/book.h"
#include "cli/service/use_case.h"
#include "ledger/loans/loan_override.h"
#include "ledger/loans/loan_referral.h"
#include "rules/waterfall.h"

#define EXPLAINED_DECISIONS_MAX 200 /* of one event */

struct explained_decision {
    struct decision decision; /* asked again; without conditions if it cannot be */
    const char *recorded;     /* the outcome that the event holds */
    bool agrees;              /* everything on record is what the policy gives again */
    const char *unanswered;   /* why a condition could not be answered; NULL: all could */
    int64_t loan;             /* of a row of bulk work; 0: of the event as a whole */
    bool has_period;          /* it holds for some days: */
    struct date from, upto;   /* upto is not counted */
};

struct explained_step {
    const char *text_en, *text_zh; /* the rule in words */
    bool has_base;
    struct money base, share; /* what the share was taken of, and the share before caps */
    bool has_part;
    struct money part;
};

struct explained_share {
    const char *payer, *payer_zh;
    struct money borne; /* recovery: of the loss; the two are zero for a loss */
    struct money so_far;
    struct money part;
};

/* What is handed over for a claim. */
struct explained_payment {
    const char *payer, *payer_zh; /* who bears it */
    const char *by, *by_zh;       /* who hands it over */
    struct money amount;
    int64_t within, refund_within; /* days; -1: not said */
};

enum split_kind { SPLIT_NONE, SPLIT_LOSS, SPLIT_RECOVERY };
struct explained_split {
    enum split_kind kind;
    struct date on;       /* the day that governs */
    struct money amount;  /* the loss; what came in, net of costs */
    struct clause clause; /* texts are NULL if the policy gives none */
    const char *policy_name;
    struct sha256 policy; /* the version by which it was shared */
    struct explained_step *step;
    size_t steps;
    struct explained_share share[PAYERS_MAX];
    size_t shares;
    struct explained_payment *payment; /* of a loss */
    size_t payments;
    bool agrees;
};

struct explanation {
    uint64_t seq;
    const char *type, *actor;
    struct date day;
    struct explained_decision *decision;
    size_t decisions, decision_room; /* entries; how many its memory holds */
    uint64_t more;                   /* decisions of other loans that are not in the list */
    struct explained_split split;
    struct loan_override *override; /* the exceptions it rests on */
    size_t overrides;
    struct loan_referral *referral;  /* what was referred and decided: here, or what it rests on */
    size_t referrals, referral_room; /* entries; how many its memory holds */
};

/* From the body of an event; seq and actor stay empty. */
MUST_CHECK bool explain_body(struct store *store, struct policy_shelf *policies,
                             struct arena *arena, const char *type, const struct canon *body,
                             struct explanation *ret, struct error *err);
/* In the arena of the office. Of bulk work only the decisions on this loan (0: on all of them, the
 * first EXPLAINED_DECISIONS_MAX). Decisions and split may both be none. Reason ids event.not-found,
 * event.malformed, policy.not-in-book. */
MUST_CHECK bool explain_event(struct office *office, uint64_t seq, int64_t loan,
                              struct explanation *ret, struct error *err);

#endif
