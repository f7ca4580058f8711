#include "cli/service/claim_loss.h"

#include "cli/service/policy_shelf.h"
#include "cli/service/split_record.h"
#include "ledger/base/text.h"
#include "ledger/fund/claim_interest.h"
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

/* The fund hands over no more than what is free of it, for itself and for others. */
static bool fund_can_pay(const struct policy *policy, const struct loss_split *split,
                         const struct case_facts *facts, struct error *err)
{
    struct money own = MONEY_ZERO;
    struct money all = MONEY_ZERO;
    struct money free = value_money(facts->of[FACT_FUND_FREE_BALANCE].value);
    char text[MONEY_TEXT_SIZE];

    for (size_t i = 0; i < split->payment_count; i++) {
        const struct loss_payment *payment = &split->payments[i];
        bool by_fund = policy_payer(policy, payment->by).booked_as == PAYER_FUND;
        bool of_fund = policy_payer(policy, payment->payer).booked_as == PAYER_FUND;
        if ((of_fund && !money_add(own, payment->amount, &own)) ||
            ((of_fund || by_fund) && !money_add(all, payment->amount, &all))) {
            return error_set(err, FAULT_REFUSED, "claim.advance", _("the parts do not fit"));
        }
    }
    /* What the fund bears itself is the policy's affair: at_most says how far. */
    if (money_compare(own, all) == 0 || money_compare(all, free) <= 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "claim.advance",
              _("the fund would have to hand over %s, advances included"), money_format(all, text));
    error_limit(err, _("free of it are %s"), money_format(free, text));
    return error_next(err, _("pay into the fund first, then file the claim"));
}

static void set_days(struct canon *record, const char *name, int64_t days)
{
    if (days >= 0) {
        canon_set_int(record, name, days);
    }
}

struct canon *payments_record(struct arena *arena, const struct policy *policy,
                              const struct loss_split *split)
{
    struct canon *list = canon_array(arena);

    for (size_t i = 0; i < split->payment_count; i++) {
        const struct loss_payment *payment = &split->payments[i];
        struct payer_facts payer = policy_payer(policy, payment->payer);
        struct payer_facts by = policy_payer(policy, payment->by);
        struct canon *one = canon_object(arena);
        canon_set_text(one, "payer", payer.name);
        canon_set_text(one, "booked", payer_name(payer.booked_as));
        canon_set_text(one, "by", by.name);
        canon_set_text(one, "booked_by", payer_name(by.booked_as));
        canon_set_fen(one, "fen", payment->amount);
        set_days(one, "within_days", payment->within);
        set_days(one, "refund_days", payment->refund_within);
        canon_add(list, one);
    }
    return list;
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
    if (split->payment_count > 0) {
        canon_set(p->out, "payments", payments_record(p->arena, policy, split));
    }
    canon_set_fen(p->out, "insurer_fen", booked.of[PAYER_INSURER]);
    canon_set_fen(p->out, "fund_fen", booked.of[PAYER_FUND]);
    canon_set_fen(p->out, "bank_fen", booked.of[PAYER_BANK]);
}

bool claim_unpaid_facts(const struct loan *loan, struct case_facts *facts, struct error *err)
{
    struct money interest;
    struct money covered = loan_unpaid_covered(loan);

    if (!money_add(loan->interest_receivable, loan->off_balance_interest, &interest) ||
        !covered_interest(interest, covered, loan_unpaid(loan), &interest)) {
        return error_set(err, FAULT_REFUSED, "loan.overflow", _("the interest does not fit"));
    }
    case_set_money(facts, FACT_COVERED_UNPAID, covered);
    case_set_money(facts, FACT_INTEREST_UNPAID, interest);
    return true;
}

/* The policy says what the loss is; the books can take no more than what is unpaid. */
bool claim_loss_of(const struct loan *loan, const struct claim_rules *rules,
                   const struct case_facts *facts, struct money *ret, struct money *ret_interest,
                   struct error *err)
{
    const struct claim_rule *by = &rules->loss;
    bool counts_interest = policy_loss_has_interest(by->policy, by->on);
    struct money principal = value_money(facts->of[FACT_COVERED_UNPAID].value);
    struct money interest =
        counts_interest ? value_money(facts->of[FACT_INTEREST_UNPAID].value) : MONEY_ZERO;
    struct money most;
    char text[MONEY_TEXT_SIZE];

    if (!policy_loss_amount(by->policy, by->on, &rules->days, facts, ret, err)) {
        return false;
    }
    if (!money_add(principal, interest, &most) ||
        !loss_interest(*ret, principal, interest, ret_interest)) {
        return error_set(err, FAULT_REFUSED, "loan.overflow", _("the interest does not fit"));
    }
    if (money_is_positive(*ret) && money_compare(*ret, most) <= 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "claim.loss", _("by the policy the loss of loan L%lld is %s"),
              (long long)loan->id, money_format(*ret, text));
    money_format(most, text);
    return counts_interest
               ? error_limit(err,
                             _("more than nothing, and at most its unpaid covered principal and the"
                               " interest on it, %s"),
                             text)
               : error_limit(err,
                             _("more than nothing, and at most its unpaid covered principal, %s"),
                             text);
}

bool claim_share_loss(struct planning *p, const struct loan *loan, const struct claim_rules *rules,
                      const struct case_facts *facts, struct money *ret_loss, struct error *err)
{
    const struct policy *policy = rules->loss.policy;
    struct loss_case loss = {.days = &rules->days, .facts = facts};
    struct loss_split split;
    struct money interest = MONEY_ZERO;

    if (!claim_loss_of(loan, rules, facts, &loss.loss, &interest, err) ||
        !load_history(p, policy, &loss, err) ||
        !policy_split_loss(policy, rules->loss.on, &loss, &split, err) ||
        !fund_can_pay(policy, &split, facts, err)) {
        return false;
    }
    record_parts(p, policy, &split);
    canon_set(p->out, "split", loss_record(p->arena, policy, &loss, &split));
    canon_set_fen(p->out, "loss_fen", loss.loss);
    canon_set_fen(p->out, "interest_fen", interest);
    *ret_loss = loss.loss;
    return true;
}
