/* split_record.h - how a loss or a recovery was shared, as it stands in the body of an event
 * (docs/events.md), and sharing it again with what the event holds. Layer: service. */
#ifndef YICANG_SERVICE_SPLIT_RECORD_H
#define YICANG_SERVICE_SPLIT_RECORD_H

#include "ledger/audit/canon.h"
#include "rules/waterfall.h"

/* Of a claim: the facts that steps can name, what each payer bore before, and each step's figures:
 * {"facts", "borne"?, "steps"}. */
struct canon *loss_record(struct arena *arena, const struct policy *policy,
                          const struct loss_case *loss, const struct loss_split *split);
/* The facts and what was borne; days and loss are the caller's. Reason id event.malformed. */
MUST_CHECK bool loss_record_read(const struct canon *record, const struct policy *policy,
                                 struct case_facts *ret_facts, struct loss_case *ret,
                                 struct error *err);

/* A recovery: net sums that have come in with it and before it. */
struct recovery_case {
    struct date on;      /* the day that governs */
    struct shares borne; /* the parts of the claim */
    struct money before, total;
};
/* What each gets of the new money: its part of everything so far (*ret_so_far), less its part of
 * what came before. Reason ids recovery.overflow, those of policy_split_recovery. */
MUST_CHECK bool recovery_split(const struct policy *policy, const struct recovery_case *recovery,
                               struct shares *ret_so_far, struct shares *ret_new,
                               struct error *err);
/* {"policy", "on", "before_fen", "total_fen", "borne", "parts"}. */
struct canon *recovery_record(struct arena *arena, const struct policy *policy,
                              const struct recovery_case *recovery, const struct shares *new_parts);
/* Reason id event.malformed. */
MUST_CHECK bool recovery_record_read(const struct canon *record, const struct policy *policy,
                                     struct recovery_case *ret, struct error *err);

#endif
