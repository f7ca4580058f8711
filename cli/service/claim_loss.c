#include "cli/service/claim_loss.h"

#include "cli/service/policy_shelf.h"
#include "cli/service/split_record.h"
#include "ledger/base/text.h"
#include "ledger/fund/claim_part.h"
#include "rules/waterfall.h"

/* The version that counts, by what the contract's says. */
static const struct policy *version_by(enum governing_date governed_by,
                                       const struct policy *contract, const struct policy *filing)
{
    return governed_by == GOVERNED_BY_CLAIM ? filing : contract;
}

bool claim_rules_find(struct policy_shelf *policies, struct store *store, const struct loan *loan,
                      struct date filed_on, struct claim_rules *ret, struct error *err)
{
    const struct policy *contract = NULL;
    const struct policy *filing = NULL;
    struct governing_days *days = &ret->days;

    *days = (struct governing_days){.of = {[GOVERNED_BY_SIGNING] = loan->start,
                                           [GOVERNED_BY_APPLICATION] = loan->applied_on,
                                           [GOVERNED_BY_ACCRUAL] = filed_on,
                                           [GOVERNED_BY_CLAIM] = filed_on}};
    if (!policy_with_digest(policies, store, &loan->policy, &contract, err) ||
        !policy_in_force(policies, store, filed_on, &filing, err)) {
        return false;
    }
    ret->conditions =
        version_by(policy_governed_by(contract, PARAMETER_CLAIM_AFTER_DAYS), contract, filing);
    ret->after_days = (struct claim_rule){
        ret->conditions, days->of[policy_governed_by(ret->conditions, PARAMETER_CLAIM_AFTER_DAYS)]};
    ret->loss.policy = version_by(policy_loss_governed_by(contract), contract, filing);
    ret->loss.on = days->of[policy_loss_governed_by(ret->loss.policy)];
    ret->recovery.policy = version_by(policy_recovery_governed_by(contract), contract, filing);
    ret->recovery.on = days->of[policy_recovery_governed_by(ret->recovery.policy)];
    return true;
}

static bool load_history(struct planning *p, const struct policy *policy, struct loss_case *loss,
                         struct error *err)
{
    struct ymd today = date_to_ymd(p->day);
    struct date since;

    if (!date_from_ymd((struct ymd){today.year, 1, 1}, &since)) {
        return request_malformed("date", err);
    }
    for (size_t i = 0; i < policy_payers(policy); i++) {
        if (!claims_borne(p->store, policy_payer(policy, i).name, since, &loss->this_year.of[i],
                          &loss->in_all.of[i], err)) {
            return false;
        }
    }
    loss->has_history = true;
    return true;
}

/* Whoever bears a part hands it over itself and at once: claim.pay knows nothing else. */
static bool is_paid_at_once(const struct loss_split *split, struct error *err)
{
    for (size_t i = 0; i < split->payment_count; i++) {
        const struct loss_payment *payment = &split->payments[i];
        bool again = i > 0 && payment[-1].payer == payment->payer;
        if (again || payment->by != payment->payer) {
            error_set(err, FAULT_REFUSED, "claim.payment-plan",
                      again ? _("the policy has this claim paid in instalments")
                            : _("the policy has a part of this claim advanced by another payer"));
            return error_next(err, _("the book cannot keep that yet; use a policy in which each"
                                     " payer pays its part at once"));
        }
    }
    return true;
}

static void record_parts(struct planning *p, const struct policy *policy,
                         const struct loss_split *split)
{
    struct shares booked = shares_booked(policy, &split->shares);
    struct canon *parts = canon_array(p->arena);

    for (size_t i = 0; i < policy_payers(policy); i++) {
        if (money_is_positive(split->shares.of[i])) {
            struct canon *part = canon_object(p->arena);
            canon_set_text(part, "payer", policy_payer(policy, i).name);
            canon_set_fen(part, "fen", split->shares.of[i]);
            canon_add(parts, part);
        }
    }
    canon_set(p->out, "parts", parts);
    canon_set_fen(p->out, "insurer_fen", booked.of[PAYER_INSURER]);
    canon_set_fen(p->out, "fund_fen", booked.of[PAYER_FUND]);
    canon_set_fen(p->out, "bank_fen", booked.of[PAYER_BANK]);
}

/* The policy says what the loss is; the books can take principal alone. */
bool claim_loss_of(const struct loan *loan, const struct claim_rules *rules,
                   const struct case_facts *facts, struct money *ret, struct error *err)
{
    struct money principal = loan_unpaid_covered(loan);
    char text[MONEY_TEXT_SIZE];

    if (!policy_loss_amount(rules->loss.policy, rules->loss.on, &rules->days, facts, ret, err)) {
        return false;
    }
    if (money_is_positive(*ret) && money_compare(*ret, principal) <= 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "claim.loss", _("by the policy the loss of loan L%lld is %s"),
              (long long)loan->id, money_format(*ret, text));
    return error_limit(err, _("more than nothing, and at most its unpaid covered principal, %s"),
                       money_format(principal, text));
}

bool claim_share_loss(struct planning *p, const struct loan *loan, const struct claim_rules *rules,
                      const struct case_facts *facts, struct money *ret_loss, struct error *err)
{
    const struct policy *policy = rules->loss.policy;
    struct loss_case loss = {.days = &rules->days, .facts = facts};
    struct loss_split split;

    if (!claim_loss_of(loan, rules, facts, &loss.loss, err) ||
        !load_history(p, policy, &loss, err) ||
        !policy_split_loss(policy, rules->loss.on, &loss, &split, err) ||
        !is_paid_at_once(&split, err)) {
        return false;
    }
    record_parts(p, policy, &split);
    canon_set(p->out, "split", loss_record(p->arena, policy, &loss, &split));
    *ret_loss = loss.loss;
    return true;
}
