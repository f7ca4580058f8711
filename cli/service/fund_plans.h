/* fund_plans.h - the fund, claims, recoveries, subsidy, premium. Layer: service.
 * Each plan reads and decides; each projection writes from the event. Bodies: docs/events.md. */
#ifndef YICANG_SERVICE_FUND_PLANS_H
#define YICANG_SERVICE_FUND_PLANS_H

#include "cli/service/use_case.h"
#include "ledger/fund/treasury.h"

/* Reason ids fund.opened, fund.not-opened, fund.year-not-closed, fund.topped-up,
 * fund.nothing-outstanding. */
bool plan_fund_open(struct planning *planning, const struct canon *request, struct error *err);
bool plan_fund_deposit(struct planning *planning, const struct canon *request, struct error *err);
bool plan_fund_top_up(struct planning *planning, const struct canon *request, struct error *err);
bool plan_fund_interest(struct planning *planning, const struct canon *request, struct error *err);
bool project_fund_open(const struct projection *projection, struct error *err);
bool project_fund_deposit(const struct projection *projection, struct error *err);
bool project_fund_top_up(const struct projection *projection, struct error *err);
bool project_fund_interest(const struct projection *projection, struct error *err);

/* Reason ids claim.not-found, claim.filed-already, claim.status, claim.of-seq, claim.same-person,
 * claim.not-overdue, claim.payer, claim.paid-already, claim.not-advanced, claim.amount-differs,
 * claim.role, those of claim_loss.h, and the conditions of the policy as claim.<id>. */
bool plan_claim_open(struct planning *planning, const struct canon *request, struct error *err);
bool plan_claim_accept(struct planning *planning, const struct canon *request, struct error *err);
bool plan_claim_refuse(struct planning *planning, const struct canon *request, struct error *err);
bool plan_claim_pay(struct planning *planning, const struct canon *request, struct error *err);
bool project_claim_open(const struct projection *projection, struct error *err);
bool project_claim_accept(const struct projection *projection, struct error *err);
bool project_claim_refuse(const struct projection *projection, struct error *err);
bool project_claim_pay(const struct projection *projection, struct error *err);

/* Decisions that a bureau officer signed on another machine (ledger/audit/approval.h), recorded by
 * the bank. What the decision itself would be refused for, and approval.malformed,
 * approval.other-log approval.other-decision  the note says another thing than what is recorded
 *     approval.used            the same note is on record (S4, attack 14)
 *     approval.key             no key of the officer's that is registered and not revoked, or one
 *                              that was registered after what the officer saw
 *     approval.signature
 *     approval.head            no head of this log from before this event, or the claim is not in
 * it approval.fork            another root than this log has at that size approval.time made before
 * what it says to have seen, or in the future approval.expired, approval.expiry (counts for longer
 * than approvals may) approval.of-seq (S2), approval.amount, approval.reason duty.* and
 * staff.role-missing of the officer, then and now (S3, S7) */
bool plan_claim_record_acceptance(struct planning *planning, const struct canon *request,
                                  struct error *err);
bool plan_claim_record_refusal(struct planning *planning, const struct canon *request,
                               struct error *err);
bool project_claim_record_acceptance(const struct projection *projection, struct error *err);
bool project_claim_record_refusal(const struct projection *projection, struct error *err);

/* Reason ids recovery.not-found, recovery.not-compensated, recovery.costs, recovery.over-loss,
 * recovery.transferred, recovery.nothing-due. */
bool plan_recovery_record(struct planning *planning, const struct canon *request,
                          struct error *err);
bool plan_recovery_transfer(struct planning *planning, const struct canon *request,
                            struct error *err);
bool project_recovery_record(const struct projection *projection, struct error *err);
bool project_recovery_transfer(const struct projection *projection, struct error *err);

/* Reason ids subsidy.nothing-due, subsidy.not-found, subsidy.received, subsidy.amount-differs,
 * and the same with premium. */
bool plan_subsidy_claim(struct planning *planning, const struct canon *request, struct error *err);
bool plan_subsidy_receive(struct planning *planning, const struct canon *request,
                          struct error *err);
bool project_subsidy_claim(const struct projection *projection, struct error *err);
bool project_subsidy_claim_row(const struct projection *projection, struct error *err);
bool project_subsidy_receive(const struct projection *projection, struct error *err);

/* Sets the amount: covered principal x premium share of the contract's policy, half up. */
MUST_CHECK bool premium_of(struct planning *planning, struct premium_item *item, struct error *err);
bool plan_premium_claim(struct planning *planning, const struct canon *request, struct error *err);
bool plan_premium_receive(struct planning *planning, const struct canon *request,
                          struct error *err);
bool plan_premium_pay(struct planning *planning, const struct canon *request, struct error *err);
bool project_premium_claim(const struct projection *projection, struct error *err);
bool project_premium_claim_row(const struct projection *projection, struct error *err);
bool project_premium_receive(const struct projection *projection, struct error *err);
bool project_premium_pay(const struct projection *projection, struct error *err);

#endif
