#include "cli/service/claim_loss.h"
#include "cli/service/fund_plans.h"
#include "cli/service/lending_facts.h"
#include "cli/service/loan_plans.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "ledger/fund/claim.h"
#include "ledger/fund/claim_due.h"
#include "ledger/fund/claim_interest.h"
#include "ledger/fund/claim_part.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/loan_override.h"
#include "ledger/loans/loan_referral.h"
#include "ledger/loans/loan_state.h"

/* --- filing ----------------------------------------------------------------------------------- */

static bool not_filed_already(struct planning *p, int64_t loan, struct error *err)
{
    struct claim claim;
    int64_t id = 0;

    if (!claim_of_loan(p->store, loan, &id, err)) {
        return false;
    }
    if (id == 0) {
        return true;
    }
    if (!claim_load(p->store, p->arena, id, &claim, err)) {
        return false;
    }
    return text_equal(claim.status, "refused") ||
           error_set(err, FAULT_REFUSED, "claim.filed-already",
                     _("loan L%lld is claimed already, as C%lld"), (long long)loan, (long long)id);
}

/* The loan as it stands, and the county's lending. */
static bool claim_facts(struct planning *p, const struct loan *loan, const struct policy *policy,
                        int64_t days_overdue, struct case_facts *facts, struct error *err)
{
    case_set_count(facts, FACT_DAYS_OVERDUE, days_overdue);
    return claim_unpaid_facts(loan, facts, err) && lending_facts(p, policy, facts, err) &&
           loan_terms_facts(p, loan, facts, err) &&
           loan_watch_facts(p->store, loan->id, loan->overdue_since, p->seq, facts, err);
}

/* A claim rests on every exception on which the loan rests. */
static bool rest_on_overrides(struct planning *p, int64_t loan, struct error *err)
{
    int64_t *used = NULL;
    size_t count = 0;

    if (!loan_overrides_used(p->store, loan, p->arena, &used, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        planning_rests_on(p, used[i]);
    }
    return true;
}

/* And on every decision about what the policy referred to a person. */
static bool rest_on_referrals(struct planning *p, int64_t loan, struct error *err)
{
    int64_t *seq = NULL;
    size_t count = 0;
    struct canon *list = canon_array(p->arena);

    if (!loan_referral_events(p->store, loan, p->arena, &seq, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        canon_add_text(list, arena_printf(p->arena, "%lld", (long long)seq[i]));
    }
    if (count > 0) {
        canon_set(p->out, "referrals", list);
    }
    return true;
}

/* The policy's conditions on a claim. */
static bool decide_claim(struct planning *p, const struct loan *loan,
                         const struct claim_rules *rules, int64_t days_overdue,
                         struct case_facts *facts, struct error *err)
{
    const struct policy *policy = rules->conditions;

    p->loan = loan->id;
    return claim_facts(p, loan, policy, days_overdue, facts, err) &&
           planning_decide(p, policy, "claim", DECISION_CLAIM, &rules->days, facts, err) &&
           rest_on_overrides(p, loan->id, err) && rest_on_referrals(p, loan->id, err);
}

static int64_t days_overdue_on(const struct loan *loan, struct date day)
{
    return loan->has_overdue_since ? date_days_between(loan->overdue_since, day) : 0;
}

static bool still_with_the_bank(const struct loan *loan, struct error *err)
{
    if (!loan->is_paid_out) {
        error_set(err, FAULT_REFUSED, "loan.not-paid-out", _("no loan L%lld was paid out"),
                  (long long)loan->id);
        return error_next(err, _("`yicang loan list` shows all"));
    }
    if (text_equal(loan->status, "overdue") || text_equal(loan->status, "non-accrual")) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "claim.not-overdue", _("loan L%lld is not overdue (%s)"),
              (long long)loan->id, loan_status_tell(loan->status));
    return error_next(err, _("`yicang claim candidates` lists what can be claimed"));
}

bool plan_claim_open(struct planning *p, const struct canon *request, struct error *err)
{
    int64_t id = 0;
    int64_t next = 0;
    struct loan loan;
    struct money loss;
    struct case_facts facts = {0};
    struct claim_rules rules;

    if (!canon_get_int(request, "loan", &id)) {
        return request_malformed("loan", err);
    }
    if (!not_filed_already(p, id, err) || !loan_load(p->store, p->arena, id, &loan, err) ||
        !still_with_the_bank(&loan, err) ||
        !claim_rules_find(p->policies, p->store, &loan, p->day, &rules, err)) {
        return false;
    }
    int64_t days = days_overdue_on(&loan, p->day);
    if (!decide_claim(p, &loan, &rules, days, &facts, err) ||
        !claim_share_loss(p, &loan, &rules, &facts, &loss, err) ||
        !claim_next(p->store, &next, err)) {
        return false;
    }
    struct sha256 sharing = policy_digest(rules.loss.policy);
    canon_set_int(p->out, "claim", next);
    canon_set_int(p->out, "days_overdue", days);
    canon_set_sha256(p->out, "policy", &sharing);
    canon_set_date(p->out, "overdue_since", loan.overdue_since);
    entry_pair(&p->entries, BOOK_MEMO, "claim-filed", p->day, ACCOUNT_CLAIMS_FILED, ACCOUNT_CONTRA,
               loss, id);
    return true;
}

static bool project_parts(const struct projection *p, int64_t claim, struct error *err)
{
    const struct canon *parts = canon_get(p->out, "parts");

    for (size_t i = 0; i < canon_count(parts); i++) {
        const struct canon *one = canon_at(parts, i);
        struct claim_part part = {.payer = canon_get_text(one, "payer")};
        if (part.payer == NULL || !canon_get_fen(one, "fen", &part.amount)) {
            return event_malformed("parts", err);
        }
        if (!claim_part_put(p->store, claim, &part, err)) {
            return false;
        }
    }
    return true;
}

static bool days_read(const struct canon *record, const char *name, int64_t *ret)
{
    *ret = -1;
    return canon_get(record, name) == NULL || canon_get_int(record, name, ret);
}

static bool party_read(const struct canon *record, const char *name, enum claim_party *ret)
{
    const char *word = canon_get_text(record, name);

    return word != NULL && claim_party_find(word, ret);
}

static bool project_dues(const struct projection *p, int64_t claim, struct error *err)
{
    const struct canon *payments = canon_get(p->out, "payments");

    for (size_t i = 0; payments != NULL && i < canon_count(payments); i++) {
        const struct canon *one = canon_at(payments, i);
        struct claim_due due = {.n = (int64_t)i + 1,
                                .payer = canon_get_text(one, "payer"),
                                .paid_by = canon_get_text(one, "by")};
        if (due.payer == NULL || due.paid_by == NULL || !party_read(one, "booked", &due.booked) ||
            !party_read(one, "booked_by", &due.booked_by) ||
            !canon_get_fen(one, "fen", &due.amount) ||
            !days_read(one, "within_days", &due.within) ||
            !days_read(one, "refund_days", &due.refund_within)) {
            return event_malformed("payments", err);
        }
        if (!claim_due_put(p->store, claim, &due, err)) {
            return false;
        }
    }
    return true;
}

bool project_claim_open(const struct projection *p, struct error *err)
{
    struct claim claim = {.filed_on = p->day, .actor = p->actor, .seq = p->seq};
    struct loan_state_change change = {.status = "claimed", .has_overdue_since = true};

    if (!canon_get_int(p->in, "loan", &claim.loan) || !canon_get_int(p->out, "claim", &claim.id) ||
        !canon_get_int(p->out, "days_overdue", &claim.days_overdue) ||
        !canon_get_fen(p->out, "loss_fen", &claim.loss) ||
        !canon_get_fen(p->out, "interest_fen", &claim.interest) ||
        !canon_get_fen(p->out, "insurer_fen", &claim.parts.insurer) ||
        !canon_get_fen(p->out, "fund_fen", &claim.parts.fund) ||
        !canon_get_fen(p->out, "bank_fen", &claim.parts.bank) ||
        !canon_get_date(p->out, "overdue_since", &change.overdue_since) ||
        !canon_get_sha256(p->out, "policy", &claim.policy)) {
        return event_malformed("claim", err);
    }
    return claim_put(p->store, &claim, err) && project_parts(p, claim.id, err) &&
           project_dues(p, claim.id, err) &&
           claim_status_put(p->store, p->seq, claim.id, p->day, "filed", err) &&
           loan_state_put(p->store, p->seq, claim.loan, p->day, &change, err);
}

/* --- deciding --------------------------------------------------------------------------------- */

static bool load_in_status(struct planning *p, const struct canon *request, const char *status,
                           struct claim *ret, struct error *err)
{
    int64_t id = 0;

    if (!canon_get_int(request, "claim", &id)) {
        return request_malformed("claim", err);
    }
    if (!claim_load(p->store, p->arena, id, ret, err)) {
        return false;
    }
    if (!text_equal(ret->status, status)) {
        error_set(err, FAULT_REFUSED, "claim.status", _("claim C%lld is %s"), (long long)id,
                  claim_status_tell(ret->status));
        return error_limit(err, _("it must be %s"), claim_status_tell(status));
    }
    return true;
}

/* An acceptance names exactly what it accepts: the filing's event and its leaf hash. */
static bool names_the_filing(struct planning *p, const struct canon *request,
                             const struct claim *claim, struct error *err)
{
    bool named = false;

    if (!planning_names_event(p, request, claim->seq, &named, err)) {
        return false;
    }
    if (!named) {
        error_set(err, FAULT_REFUSED, "claim.of-seq",
                  _("the decision does not name the event that filed claim C%lld"),
                  (long long)claim->id);
        return error_next(err, _("look at the claim again with `yicang claim show`"));
    }
    return true;
}

/* What is accepted leaves the books from the non-accrual account; a loan that has not come there
 * yet is moved, with its uncollected interest reversed into the memo book. */
static bool move_to_non_accrual(struct planning *p, int64_t loan, const char *status,
                                struct error *err)
{
    struct money principal;
    struct money interest;

    if (text_equal(status, "non-accrual")) {
        return true;
    }
    if (!loan_account_balance(p->store, loan, ACCOUNT_LOANS_OVERDUE, &principal, err) ||
        !loan_account_balance(p->store, loan, ACCOUNT_INTEREST_RECEIVABLE, &interest, err)) {
        return false;
    }
    entry_pair(&p->entries, BOOK_BANK, "to-non-accrual", p->day, ACCOUNT_LOANS_NON_ACCRUAL,
               ACCOUNT_LOANS_OVERDUE, principal, loan);
    entry_pair(&p->entries, BOOK_BANK, "interest-reversed", p->day, ACCOUNT_INTEREST_INCOME,
               ACCOUNT_INTEREST_RECEIVABLE, interest, loan);
    entry_pair(&p->entries, BOOK_MEMO, "interest-reversed", p->day, ACCOUNT_OFF_BALANCE_INTEREST,
               ACCOUNT_CONTRA, interest, loan);
    return true;
}

/* What a party hands over of the claim, or bears of it where `bears`. */
static bool sum_dues(const struct claim_due *due, size_t dues, enum claim_party party, bool bears,
                     struct money *ret)
{
    *ret = MONEY_ZERO;
    for (size_t i = 0; i < dues; i++) {
        if ((bears ? due[i].booked : due[i].booked_by) == party &&
            !money_add(*ret, due[i].amount, ret)) {
            return false;
        }
    }
    return true;
}

/* What the fund hands over for others, and what others hand over for it. */
static bool sum_advances(const struct claim_due *due, size_t dues, struct money *ret_for_others,
                         struct money *ret_by_others)
{
    *ret_for_others = *ret_by_others = MONEY_ZERO;
    for (size_t i = 0; i < dues; i++) {
        bool of_fund = due[i].booked == CLAIM_PARTY_FUND;
        bool by_fund = due[i].booked_by == CLAIM_PARTY_FUND;
        struct money *sum = by_fund ? ret_for_others : ret_by_others;
        if (of_fund != by_fund && !money_add(*sum, due[i].amount, sum)) {
            return false;
        }
    }
    return true;
}

struct acceptance {
    struct money borne, interest, principal; /* by insurer and fund */
    struct money from_insurer, from_fund;    /* who hands it over */
    struct money compensation;               /* what the fund bears */
    struct money for_others, by_others;      /* advances of the fund, and for it */
};

static bool work_out(struct planning *p, const struct claim *claim, struct acceptance *ret,
                     struct error *err)
{
    struct claim_due due[CLAIM_DUES_MAX];
    size_t dues = 0;

    if (!claim_dues_load(p->store, p->arena, claim->id, due, &dues, err)) {
        return false;
    }
    return (money_add(claim->parts.insurer, claim->parts.fund, &ret->borne) &&
            claim_interest_borne(claim, &ret->interest) &&
            money_sub(ret->borne, ret->interest, &ret->principal) &&
            sum_dues(due, dues, CLAIM_PARTY_INSURER, false, &ret->from_insurer) &&
            sum_dues(due, dues, CLAIM_PARTY_FUND, false, &ret->from_fund) &&
            sum_dues(due, dues, CLAIM_PARTY_FUND, true, &ret->compensation) &&
            sum_advances(due, dues, &ret->for_others, &ret->by_others)) ||
           event_malformed("claim", err);
}

/* Interest that left the books with the accrual comes back as far as it is compensated. */
static void bring_back_interest(struct planning *p, const struct claim *claim,
                                struct money interest)
{
    entry_pair(&p->entries, BOOK_BANK, "interest-brought-back", p->day, ACCOUNT_INTEREST_RECEIVABLE,
               ACCOUNT_INTEREST_INCOME, interest, claim->loan);
    entry_pair(&p->entries, BOOK_MEMO, "interest-brought-back", p->day, ACCOUNT_CONTRA,
               ACCOUNT_OFF_BALANCE_INTEREST, interest, claim->loan);
}

static void accept_entries(struct planning *p, const struct claim *claim,
                           const struct acceptance *a)
{
    struct entry_list *list = &p->entries;

    bring_back_interest(p, claim, a->interest);
    if (money_is_positive(a->borne)) {
        entry_begin(list, BOOK_BANK, "claim-accepted", p->day);
        entry_debit(list, ACCOUNT_INSURER_RECEIVABLE, a->from_insurer, claim->loan);
        entry_debit(list, ACCOUNT_FUND_RECEIVABLE, a->from_fund, claim->loan);
        entry_credit(list, ACCOUNT_LOANS_NON_ACCRUAL, a->principal, claim->loan);
        entry_credit(list, ACCOUNT_INTEREST_RECEIVABLE, a->interest, claim->loan);
    }
    if (money_is_positive(a->compensation) || money_is_positive(a->from_fund)) {
        entry_begin(list, BOOK_FUND, "claim-accepted", p->day);
        entry_debit(list, ACCOUNT_COMPENSATION, a->compensation, claim->loan);
        entry_debit(list, ACCOUNT_ADVANCES_RECEIVABLE, a->for_others, claim->loan);
        entry_credit(list, ACCOUNT_CLAIMS_PAYABLE, a->from_fund, claim->loan);
        entry_credit(list, ACCOUNT_ADVANCES_PAYABLE, a->by_others, claim->loan);
    }
    entry_pair(list, BOOK_MEMO, "claim-settled", p->day, ACCOUNT_CONTRA, ACCOUNT_CLAIMS_FILED,
               claim->loss, claim->loan);
    entry_pair(list, BOOK_MEMO, "subrogation", p->day, ACCOUNT_SUBROGATED, ACCOUNT_CONTRA, a->borne,
               claim->loan);
}

bool plan_claim_accept(struct planning *p, const struct canon *request, struct error *err)
{
    struct claim claim = {0};
    struct loan loan;
    struct acceptance acceptance;
    struct case_facts facts = {0};
    const char *before = NULL;
    struct claim_rules rules;

    if (!load_in_status(p, request, "filed", &claim, err) ||
        !names_the_filing(p, request, &claim, err)) {
        return false;
    }
    if (text_equal(claim.actor, p->actor)) {
        error_set(err, FAULT_REFUSED, "claim.same-person",
                  _("claim C%lld was filed by “%s” as well"), (long long)claim.id, p->actor);
        return error_limit(err, _("who files a claim cannot accept it"));
    }
    if (!loan_load(p->store, p->arena, claim.loan, &loan, err) ||
        !loan_status_before_claim(p->store, p->arena, claim.loan, &before, err) ||
        !claim_rules_find(p->policies, p->store, &loan, claim.filed_on, &rules, err) ||
        !decide_claim(p, &loan, &rules, days_overdue_on(&loan, p->day), &facts, err) ||
        !planning_referral(p, "claim", ROLE_BUREAU_OFFICER, request, err)) {
        return false;
    }
    if (before == NULL) {
        return event_malformed("claim", err);
    }
    canon_set_int(p->out, "loan", claim.loan);
    if (loan.has_overdue_since) {
        canon_set_date(p->out, "overdue_since", loan.overdue_since);
    }
    if (!work_out(p, &claim, &acceptance, err) ||
        !move_to_non_accrual(p, claim.loan, before, err)) {
        return false;
    }
    accept_entries(p, &claim, &acceptance);
    return true;
}

/* The loan's state after a decision on its claim, as the body gives it. */
static bool project_decision(const struct projection *p, const char *claim_status,
                             const char *loan_status, struct error *err)
{
    int64_t claim = 0;
    int64_t loan = 0;

    if (!canon_get_int(p->in, "claim", &claim) || !canon_get_int(p->out, "loan", &loan)) {
        return event_malformed("claim, loan", err);
    }
    return claim_status_put(p->store, p->seq, claim, p->day, claim_status, err) &&
           loan_state_project(p, loan, loan_status, err);
}

bool project_claim_accept(const struct projection *p, struct error *err)
{
    return project_decision(p, "accepted", "compensated", err);
}

bool plan_claim_refuse(struct planning *p, const struct canon *request, struct error *err)
{
    struct claim claim = {0};
    struct loan loan;
    const char *before = NULL;

    if (canon_get_text(request, "reason") == NULL) {
        return request_malformed("reason", err);
    }
    if (!load_in_status(p, request, "filed", &claim, err) ||
        !loan_load(p->store, p->arena, claim.loan, &loan, err) ||
        !loan_status_before_claim(p->store, p->arena, claim.loan, &before, err)) {
        return false;
    }
    if (before == NULL) {
        return event_malformed("claim", err);
    }
    canon_set_int(p->out, "loan", claim.loan);
    canon_set_text(p->out, "status", before);
    if (loan.has_overdue_since) {
        canon_set_date(p->out, "overdue_since", loan.overdue_since);
    }
    /* Whatever became due while the claim lay open is looked at in the next close. */
    canon_set_date(p->out, "next_day", p->day);
    entry_pair(&p->entries, BOOK_MEMO, "claim-refused", p->day, ACCOUNT_CONTRA,
               ACCOUNT_CLAIMS_FILED, claim.loss, claim.loan);
    return true;
}

bool project_claim_refuse(const struct projection *p, struct error *err)
{
    const char *status = canon_get_text(p->out, "status");

    return status == NULL ? event_malformed("status", err)
                          : project_decision(p, "refused", status, err);
}
