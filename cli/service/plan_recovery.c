#include "cli/service/claim_loss.h"
#include "cli/service/fund_plans.h"
#include "cli/service/split_record.h"
#include "ledger/base/text.h"
#include "ledger/fund/claim.h"
#include "ledger/fund/claim_interest.h"
#include "ledger/fund/claim_part.h"
#include "ledger/loans/loan.h"
#include "rules/waterfall.h"

static bool load_compensated(struct planning *p, int64_t id, struct claim *ret, struct error *err)
{
    if (!claim_load(p->store, p->arena, id, ret, err)) {
        return false;
    }
    if (!text_equal(ret->status, "accepted") && !text_equal(ret->status, "paid")) {
        error_set(err, FAULT_REFUSED, "recovery.not-compensated",
                  _("claim C%lld was not accepted (%s)"), (long long)id,
                  claim_status_tell(ret->status));
        return error_next(err, _("before acceptance the borrower pays with `yicang loan repay`"));
    }
    return true;
}

static bool recovered_so_far(const struct claim *claim, struct money *ret)
{
    return money_add(claim->recovered.insurer, claim->recovered.fund, ret) &&
           money_add(*ret, claim->recovered.bank, ret);
}

/* What each payer of the policy bore, by its number there. */
static bool load_borne(struct planning *p, const struct claim *claim, const struct policy *policy,
                       struct shares *ret, struct error *err)
{
    struct claim_part part[CLAIM_PARTS_MAX];
    size_t parts = 0;

    *ret = (struct shares){0};
    if (!claim_parts_load(p->store, p->arena, claim->id, part, &parts, err)) {
        return false;
    }
    for (size_t i = 0; i < parts; i++) {
        size_t payer = 0;
        while (payer < policy_payers(policy) &&
               !text_equal(policy_payer(policy, payer).name, part[i].payer)) {
            payer++;
        }
        if (payer == policy_payers(policy)) {
            return error_set(err, FAULT_INTEGRITY, "claim.payer-unknown",
                             _("the policy of claim C%lld has no payer “%s”"), (long long)claim->id,
                             part[i].payer);
        }
        ret->of[payer] = part[i].amount;
    }
    return true;
}

static bool share_out(struct planning *p, const struct claim *claim, struct money net,
                      struct loss_parts *ret, struct error *err)
{
    struct claim_rules rules;
    struct loan loan;
    struct recovery_case recovery;
    struct shares so_far;
    struct shares parts;
    char text[MONEY_TEXT_SIZE];

    if (!recovered_so_far(claim, &recovery.before) ||
        !money_add(recovery.before, net, &recovery.total)) {
        return error_set(err, FAULT_REFUSED, "recovery.over-loss", _("the amount does not fit"));
    }
    if (money_compare(recovery.total, claim->loss) > 0) {
        error_set(err, FAULT_REFUSED, "recovery.over-loss",
                  _("with it, more than the loss of claim C%lld would have come back"),
                  (long long)claim->id);
        return error_limit(err, _("the loss was %s"), money_format(claim->loss, text));
    }
    if (!loan_load(p->store, p->arena, claim->loan, &loan, err) ||
        !claim_rules_find(p->policies, p->store, &loan, claim->filed_on, &rules, err) ||
        !load_borne(p, claim, rules.recovery.policy, &recovery.borne, err)) {
        return false;
    }
    const struct policy *policy = rules.recovery.policy;
    recovery.on = rules.recovery.on;
    if (!recovery_split(policy, &recovery, &so_far, &parts, err)) {
        return false;
    }
    canon_set(p->out, "split", recovery_record(p->arena, policy, &recovery, &parts));
    parts = shares_booked(policy, &parts);
    *ret = (struct loss_parts){parts.of[PAYER_INSURER], parts.of[PAYER_FUND], parts.of[PAYER_BANK]};
    return true;
}

static bool record_entries(struct planning *p, const struct claim *claim, struct money net,
                           const struct loss_parts *parts, struct error *err)
{
    struct entry_list *list = &p->entries;
    struct money passed_on;
    struct money interest;
    struct money principal;

    if (!money_add(parts->insurer, parts->fund, &passed_on) ||
        !claim_interest_recovered(claim, claim->recovered.bank, parts->bank, &interest) ||
        !money_sub(parts->bank, interest, &principal)) {
        return error_set(err, FAULT_INTERNAL, "recovery.overflow", _("the parts do not fit"));
    }
    entry_begin(list, BOOK_BANK, "recovery", p->day);
    entry_debit(list, ACCOUNT_BANK_MONEY, net, claim->loan);
    entry_credit(list, ACCOUNT_DUE_TO_INSURER, parts->insurer, claim->loan);
    entry_credit(list, ACCOUNT_DUE_TO_FUND, parts->fund, claim->loan);
    entry_credit(list, ACCOUNT_LOANS_NON_ACCRUAL, principal, claim->loan);
    entry_credit(list, ACCOUNT_INTEREST_INCOME, interest, claim->loan);
    entry_pair(list, BOOK_MEMO, "interest-recovered", p->day, ACCOUNT_CONTRA,
               ACCOUNT_OFF_BALANCE_INTEREST, interest, claim->loan);
    entry_pair(list, BOOK_FUND, "recovery", p->day, ACCOUNT_RECOVERIES_RECEIVABLE,
               ACCOUNT_RECOVERIES, parts->fund, claim->loan);
    entry_pair(list, BOOK_MEMO, "recovery", p->day, ACCOUNT_CONTRA, ACCOUNT_SUBROGATED, passed_on,
               claim->loan);
    return true;
}

bool plan_recovery_record(struct planning *p, const struct canon *request, struct error *err)
{
    int64_t id = 0;
    int64_t next = 0;
    struct claim claim;
    struct money gross;
    struct money costs;
    struct money net;
    struct loss_parts parts = {0};

    if (!canon_get_int(request, "claim", &id) || !canon_get_fen(request, "amount_fen", &gross) ||
        !canon_get_fen(request, "costs_fen", &costs)) {
        return request_malformed("claim, amount_fen, costs_fen", err);
    }
    if (!load_compensated(p, id, &claim, err)) {
        return false;
    }
    if (!money_sub(gross, costs, &net) || money_is_negative(costs) || !money_is_positive(net)) {
        return error_set(err, FAULT_REFUSED, "recovery.costs",
                         _("nothing is left of the recovery after its costs"));
    }
    if (!share_out(p, &claim, net, &parts, err) || !recovery_next(p->store, &next, err)) {
        return false;
    }
    canon_set_int(p->out, "recovery", next);
    canon_set_fen(p->out, "insurer_fen", parts.insurer);
    canon_set_fen(p->out, "fund_fen", parts.fund);
    canon_set_fen(p->out, "bank_fen", parts.bank);
    return record_entries(p, &claim, net, &parts, err);
}

bool project_recovery_record(const struct projection *p, struct error *err)
{
    struct recovery recovery = {.day = p->day};

    if (!canon_get_int(p->in, "claim", &recovery.claim) ||
        !canon_get_fen(p->in, "amount_fen", &recovery.gross) ||
        !canon_get_fen(p->in, "costs_fen", &recovery.costs) ||
        !canon_get_int(p->out, "recovery", &recovery.id) ||
        !canon_get_fen(p->out, "insurer_fen", &recovery.parts.insurer) ||
        !canon_get_fen(p->out, "fund_fen", &recovery.parts.fund) ||
        !canon_get_fen(p->out, "bank_fen", &recovery.parts.bank)) {
        return event_malformed("recovery", err);
    }
    return recovery_put(p->store, p->seq, &recovery, err);
}

bool plan_recovery_transfer(struct planning *p, const struct canon *request, struct error *err)
{
    int64_t id = 0;
    struct recovery recovery;
    struct claim claim;
    bool done = false;
    const char *payer = canon_get_text(request, "payer");
    bool insurer = payer != NULL && text_equal(payer, "insurer");

    if (!canon_get_int(request, "recovery", &id) || payer == NULL ||
        (!insurer && !text_equal(payer, "fund"))) {
        return request_malformed("recovery, payer", err);
    }
    if (!recovery_load(p->store, id, &recovery, err) ||
        !claim_load(p->store, p->arena, recovery.claim, &claim, err) ||
        !recovery_transferred(p->store, id, payer, &done, err)) {
        return false;
    }
    struct money amount = insurer ? recovery.parts.insurer : recovery.parts.fund;
    if (done) {
        return error_set(err, FAULT_REFUSED, "recovery.transferred",
                         _("this part of recovery R%lld was handed over already"), (long long)id);
    }
    if (money_is_zero(amount)) {
        return error_set(err, FAULT_REFUSED, "recovery.nothing-due",
                         _("nothing of recovery R%lld is due to this payer"), (long long)id);
    }
    canon_set_fen(p->out, "amount_fen", amount);
    if (insurer) {
        entry_pair(&p->entries, BOOK_BANK, "recovery-handed-over", p->day, ACCOUNT_DUE_TO_INSURER,
                   ACCOUNT_BANK_MONEY, amount, claim.loan);
    } else {
        entry_pair(&p->entries, BOOK_BANK, "recovery-handed-over", p->day, ACCOUNT_DUE_TO_FUND,
                   ACCOUNT_FUND_DEPOSIT, amount, claim.loan);
        entry_pair(&p->entries, BOOK_FUND, "recovery-handed-over", p->day, ACCOUNT_SPECIAL_ACCOUNT,
                   ACCOUNT_RECOVERIES_RECEIVABLE, amount, claim.loan);
    }
    return true;
}

bool project_recovery_transfer(const struct projection *p, struct error *err)
{
    int64_t id = 0;
    struct money amount;
    const char *payer = canon_get_text(p->in, "payer");

    if (!canon_get_int(p->in, "recovery", &id) || payer == NULL ||
        !canon_get_fen(p->out, "amount_fen", &amount)) {
        return event_malformed("recovery, payer, amount_fen", err);
    }
    return recovery_transfer_put(p->store, p->seq, id, payer, amount, p->day, err);
}
