/* plan_loan.c - from the application to the payout. */
#include "cli/service/lending_facts.h"
#include "cli/service/loan_plans.h"
#include "cli/service/policy_shelf.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"
#include "ledger/loans/household.h"
#include "ledger/loans/loan_state.h"
#include "ledger/loans/schedule.h"

#include <string.h>

static bool loan_facts(struct planning *p, const struct loan *loan, struct money amount,
                       int64_t age, const struct policy *policy, struct case_facts *facts,
                       struct error *err)
{
    struct household_loans others;

    if (!household_loans_load(p->store, p->arena, loan->household, loan->id, &others, err)) {
        return false;
    }
    case_set_money(facts, FACT_AMOUNT, amount);
    if (age >= 0) {
        case_set_count(facts, FACT_APPLICANT_AGE, age);
    }
    case_set_money(facts, FACT_HOUSEHOLD_BALANCE, others.balance);
    case_set_money(facts, FACT_HOUSEHOLD_APPROVED, others.approved);
    case_set_money(facts, FACT_HOUSEHOLD_COVERED, others.covered);
    case_set_count(facts, FACT_HOUSEHOLD_OVERDUE_LOANS, others.overdue);
    case_set_count(facts, FACT_HOUSEHOLD_LOANS, others.open);
    return lending_facts(p, policy, facts, err) && loan_terms_facts(p, loan, facts, err);
}

static struct governing_days governing(struct date application, struct date now)
{
    struct governing_days days;
    for (size_t i = 0; i < GOVERNING_DATE_COUNT; i++) {
        days.of[i] = now;
    }
    days.of[GOVERNED_BY_APPLICATION] = application;
    return days;
}

/* The decision itself, and whether the county lends at all. */
static bool decide_lending(struct planning *p, const struct policy *policy,
                           enum decision_point point, struct date application,
                           const struct case_facts *facts, struct error *err)
{
    struct governing_days days = governing(application, p->day);

    return planning_decide(p, policy, "loan", point, &days, facts, err) &&
           planning_decide(p, policy, "lending", DECISION_LENDING, &days, facts, err);
}

static bool status_is(const struct loan *loan, const char *wanted, struct error *err)
{
    if (text_equal(loan->status, wanted)) {
        return true;
    }
    if (text_equal(wanted, "applied") && loan->is_approved) {
        char text[MONEY_TEXT_SIZE];
        error_set(err, FAULT_REFUSED, "loan.already-approved", _("loan L%lld is approved already"),
                  (long long)loan->id);
        error_limit(err, _("approved are %s"), money_format(loan->approved, text));
        return error_next(err, _("pay it out with `yicang loan disburse`"));
    }
    if (loan->is_paid_out) {
        char text[DATE_TEXT_SIZE];
        error_set(err, FAULT_REFUSED, "loan.already-paid-out", _("loan L%lld is paid out already"),
                  (long long)loan->id);
        error_limit(err, _("it was paid out on %s"), date_format(loan->start, text));
        return error_next(err, _("see how it stands with `yicang loan show`"));
    }
    if (text_equal(wanted, "approved")) {
        error_set(err, FAULT_REFUSED, "loan.not-approved", _("loan L%lld is not approved (%s)"),
                  (long long)loan->id, loan_status_tell(loan->status));
        return error_next(err, _("another person approves it with `yicang loan approve`"));
    }
    error_set(err, FAULT_REFUSED, "loan.status", _("loan L%lld is %s"), (long long)loan->id,
              loan_status_tell(loan->status));
    error_limit(err, _("it must be %s"), loan_status_tell(wanted));
    return error_next(err, _("see how it stands with `yicang loan show`"));
}

/* --- application ------------------------------------------------------------------------------ */

static bool read_application(struct planning *p, const struct canon *request, struct loan *ret,
                             int64_t *ret_age, struct error *err)
{
    int64_t term = 0;

    *ret = (struct loan){.applied_on = p->day, .applied_by = p->actor};
    ret->product = canon_get_text(request, "product");
    ret->purpose = canon_get_text(request, "purpose");
    if (!canon_get_int(request, "household", &ret->household) ||
        !canon_get_int(request, "borrower", &ret->borrower) || ret->product == NULL ||
        ret->purpose == NULL || !canon_get_fen(request, "amount_fen", &ret->applied) ||
        !canon_get_int(request, "term_months", &term) ||
        !canon_get_rate(request, "rate_ppm", &ret->rate) ||
        !canon_get_int(request, "age", ret_age) || !money_is_positive(ret->applied)) {
        return request_malformed("household, borrower, product, purpose, amount_fen, term_months,"
                                 " rate_ppm, age",
                                 err);
    }
    if (term < 1 || term > TERM_MONTHS_MAX) {
        error_set(err, FAULT_USAGE, "loan.term", _("a term of %lld months"), (long long)term);
        error_limit(err, _("1 to %d months"), TERM_MONTHS_MAX);
        return error_next(err, _("give the term in whole months"));
    }
    ret->term_months = (int)term;
    return true;
}

static bool borrower_is_of_household(struct planning *p, const struct loan *loan, struct error *err)
{
    int64_t household = 0;
    const char *subject = NULL;

    if (!household_is_kept(p->store, loan->household, err) ||
        !person_load(p->store, p->arena, loan->borrower, &household, &subject, err)) {
        return false;
    }
    if (household == loan->household) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "loan.not-of-household",
              _("person %lld belongs to household H%lld"), (long long)loan->borrower,
              (long long)household);
    error_limit(err, _("the borrower is a person of household H%lld"), (long long)loan->household);
    return error_next(err, _("`yicang household show` lists its persons"));
}

bool plan_loan_apply(struct planning *p, const struct canon *request, struct error *err)
{
    struct loan loan;
    struct case_facts facts = {0};
    int64_t age = 0;
    int64_t id = 0;
    const struct policy *policy = NULL;

    p->proposal = true;
    if (!read_application(p, request, &loan, &age, err) ||
        !borrower_is_of_household(p, &loan, err) ||
        !policy_in_force(p->policies, p->store, p->day, &policy, err) ||
        !loan_facts(p, &loan, loan.applied, age, policy, &facts, err) ||
        !decide_lending(p, policy, DECISION_ELIGIBILITY, p->day, &facts, err) ||
        !loan_next(p->store, &id, err)) {
        return false;
    }
    struct sha256 digest = policy_digest(policy);
    canon_set_int(p->out, "loan", id);
    canon_set_sha256(p->out, "policy", &digest);
    return true;
}

bool project_loan_apply(const struct projection *p, struct error *err)
{
    struct loan loan = {.applied_on = p->day, .applied_by = p->actor};
    struct loan_state_change change = {.status = "applied"};
    int64_t term = 0;

    loan.product = canon_get_text(p->in, "product");
    loan.purpose = canon_get_text(p->in, "purpose");
    if (!canon_get_int(p->in, "household", &loan.household) ||
        !canon_get_int(p->in, "borrower", &loan.borrower) || loan.product == NULL ||
        loan.purpose == NULL || !canon_get_fen(p->in, "amount_fen", &loan.applied) ||
        !canon_get_int(p->in, "term_months", &term) ||
        !canon_get_rate(p->in, "rate_ppm", &loan.rate) ||
        !canon_get_int(p->out, "loan", &loan.id) ||
        !canon_get_sha256(p->out, "policy", &loan.policy)) {
        return event_malformed("loan", err);
    }
    loan.term_months = (int)term;
    return loan_application_put(p->store, p->seq, &loan, err) &&
           loan_state_put(p->store, p->seq, loan.id, p->day, &change, err);
}

/* --- approval and refusal --------------------------------------------------------------------- */

static bool names_the_application(struct planning *p, const struct canon *request,
                                  const struct loan *loan, struct error *err)
{
    bool named = false;

    if (!planning_names_event(p, request, loan->applied_seq, &named, err)) {
        return false;
    }
    if (!named) {
        error_set(err, FAULT_REFUSED, "loan.of-seq",
                  _("the approval does not name the application of loan L%lld"),
                  (long long)loan->id);
        return error_next(err, _("look at it again with `yicang loan show`"));
    }
    return true;
}

/* The age at the application stands in its event; it is asked again with the day's own facts. */
static bool decide_again(struct planning *p, const struct loan *loan, struct money amount,
                         int64_t age, struct error *err)
{
    struct case_facts facts = {0};
    const struct policy *policy = NULL;

    p->loan = loan->id;
    return policy_with_digest(p->policies, p->store, &loan->policy, &policy, err) &&
           loan_facts(p, loan, amount, age, policy, &facts, err) &&
           decide_lending(p, policy, DECISION_ELIGIBILITY, loan->applied_on, &facts, err);
}

static bool by_another_person(const struct planning *p, const struct loan *loan, struct error *err)
{
    if (!text_equal(loan->applied_by, p->actor)) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "loan.same-person",
              _("loan L%lld was applied for through “%s” as well"), (long long)loan->id, p->actor);
    error_limit(err, _("who takes an application cannot decide on it"));
    return error_next(err, _("ask another approver"));
}

bool plan_loan_approve(struct planning *p, const struct canon *request, struct error *err)
{
    struct loan loan;
    struct money amount;
    int64_t id = 0;
    int64_t age = 0;
    char text[MONEY_TEXT_SIZE];

    if (!canon_get_int(request, "loan", &id) || !canon_get_fen(request, "amount_fen", &amount) ||
        !canon_get_int(request, "age", &age) || !money_is_positive(amount)) {
        return request_malformed("loan, amount_fen, age", err);
    }
    if (!loan_load(p->store, p->arena, id, &loan, err) || !status_is(&loan, "applied", err) ||
        !by_another_person(p, &loan, err) || !names_the_application(p, request, &loan, err)) {
        return false;
    }
    if (money_compare(amount, loan.applied) > 0) {
        error_set(err, FAULT_REFUSED, "loan.above-application",
                  _("%s is above what was applied for"), money_format(amount, text));
        error_limit(err, _("applied for were %s"), money_format(loan.applied, text));
        return error_next(err, _("approve at most that, or have a new application made"));
    }
    return decide_again(p, &loan, amount, age, err) &&
           planning_referral(p, "loan", ROLE_MANAGER, request, err);
}

static bool state_only(const struct projection *p, const char *status, struct error *err)
{
    struct loan_state_change change = {.status = status};
    int64_t loan = 0;

    if (!canon_get_int(p->in, "loan", &loan)) {
        return event_malformed("loan", err);
    }
    return loan_state_put(p->store, p->seq, loan, p->day, &change, err);
}

bool project_loan_approve(const struct projection *p, struct error *err)
{
    int64_t loan = 0;
    struct money amount;

    if (!canon_get_int(p->in, "loan", &loan) || !canon_get_fen(p->in, "amount_fen", &amount)) {
        return event_malformed("loan, amount_fen", err);
    }
    return loan_approval_put(p->store, p->seq, loan, amount, p->day, p->actor, err) &&
           state_only(p, "approved", err);
}

/* An approval that was not carried out in time may be taken back (audit-log.md 4.13, S4). */
static bool approval_lapsed(struct planning *p, const struct loan *loan, bool *ret,
                            struct error *err)
{
    struct control_terms terms;

    if (!control_terms_load(p->store, &terms, err)) {
        return false;
    }
    *ret = text_equal(loan->status, "approved") &&
           date_days_between(loan->approved_on, p->day) > terms.approval_days;
    return true;
}

bool plan_loan_refuse(struct planning *p, const struct canon *request, struct error *err)
{
    struct loan loan;
    int64_t id = 0;

    if (!canon_get_int(request, "loan", &id) || canon_get_text(request, "reason") == NULL) {
        return request_malformed("loan, reason", err);
    }
    bool lapsed = false;
    return loan_load(p->store, p->arena, id, &loan, err) &&
           approval_lapsed(p, &loan, &lapsed, err) &&
           (lapsed || status_is(&loan, "applied", err)) && by_another_person(p, &loan, err);
}

bool project_loan_refuse(const struct projection *p, struct error *err)
{
    return state_only(p, "refused", err);
}

/* --- payout ----------------------------------------------------------------------------------- */

bool covered_principal(const struct policy *policy, const struct governing_days *days,
                       enum outcome outcome, struct money amount, struct money household_covered,
                       struct money *ret, struct error *err)
{
    struct date on = days->of[policy_governed_by(policy, PARAMETER_COVERED_LIMIT)];
    struct money limit;

    *ret = MONEY_ZERO;
    if (!policy_money(policy, PARAMETER_COVERED_LIMIT, on, &limit, NULL, err)) {
        return false;
    }
    if (outcome != OUTCOME_BLOCK && money_sub(limit, household_covered, &limit)) {
        *ret = money_min(amount, money_max(limit, MONEY_ZERO));
    }
    return true;
}

static bool loan_coverage(struct planning *p, const struct loan *loan, struct money amount,
                          const struct policy *policy, const struct case_facts *facts,
                          struct money *ret, struct error *err)
{
    struct governing_days days = governing(loan->applied_on, p->day);
    struct money household = value_money(facts->of[FACT_HOUSEHOLD_COVERED].value);
    const struct decision *decision = NULL;

    return planning_ask(p, policy, DECISION_COVERAGE, &days, facts, &decision, err) &&
           covered_principal(policy, &days, decision->outcome, amount, household, ret, err);
}

static bool decide_payout(struct planning *p, struct loan *loan, struct money amount,
                          const struct policy *policy, struct error *err)
{
    struct case_facts facts = {0};

    p->loan = loan->id;
    if (!loan_facts(p, loan, amount, -1, policy, &facts, err)) {
        return false;
    }
    case_set_money(&facts, FACT_APPROVED_AMOUNT, loan->approved);
    case_set_count(&facts, FACT_DAYS_SINCE_APPROVAL, date_days_between(loan->approved_on, p->day));
    return decide_lending(p, policy, DECISION_DISBURSEMENT, loan->applied_on, &facts, err) &&
           loan_coverage(p, loan, amount, policy, &facts, &loan->covered, err);
}

static bool make_contract(struct planning *p, struct loan *loan, struct money amount,
                          const struct policy *policy, struct error *err)
{
    int64_t settle_day = 0;

    loan->policy = policy_digest(policy);
    loan->principal = amount;
    loan->start = loan->settled_upto = p->day;
    loan->due = date_add_months(p->day, loan->term_months, MONTH_END_LAST);
    if (loan->due.day > DATE_DAY_MAX) {
        error_set(err, FAULT_REFUSED, "loan.term",
                  _("loan L%lld would fall due after the end of the calendar"),
                  (long long)loan->id);
        error_limit(err, _("the calendar ends with the year %d"), DATE_YEAR_MAX);
        return error_next(err, _("have an application with a shorter term made"));
    }
    if (!policy_int(policy, PARAMETER_SETTLE_DAY, p->day, &settle_day, NULL, err)) {
        return false;
    }
    loan->settle_day = (int)settle_day;
    return true;
}

bool plan_loan_disburse(struct planning *p, const struct canon *request, struct error *err)
{
    struct loan loan;
    struct money amount;
    int64_t id = 0;
    const struct policy *policy = NULL;

    if (!canon_get_int(request, "loan", &id) || !canon_get_fen(request, "amount_fen", &amount) ||
        !money_is_positive(amount)) {
        return request_malformed("loan, amount_fen", err);
    }
    if (!loan_load(p->store, p->arena, id, &loan, err) || !status_is(&loan, "approved", err) ||
        !policy_in_force(p->policies, p->store, p->day, &policy, err) ||
        !decide_payout(p, &loan, amount, policy, err) ||
        !planning_referral(p, "loan", ROLE_MANAGER, request, err) ||
        !make_contract(p, &loan, amount, policy, err)) {
        return false;
    }
    struct loan_outlook outlook = {
        .status = "normal", .settled_upto = loan.start, .class = loan.class};
    canon_set_fen(p->out, "principal_fen", loan.principal);
    canon_set_fen(p->out, "covered_fen", loan.covered);
    canon_set_date(p->out, "start", loan.start);
    canon_set_date(p->out, "due", loan.due);
    canon_set_int(p->out, "settle_day", loan.settle_day);
    canon_set_sha256(p->out, "policy", &loan.policy);
    entry_pair(&p->entries, BOOK_BANK, "disbursement", p->day, ACCOUNT_LOANS_NORMAL,
               ACCOUNT_BANK_MONEY, amount, id);
    return outlook_record(p, p->out, &loan, &outlook, p->day, err);
}

bool project_loan_disburse(const struct projection *p, struct error *err)
{
    struct loan loan = {0};
    int64_t settle_day = 0;

    if (!canon_get_int(p->in, "loan", &loan.id) ||
        !canon_get_fen(p->out, "principal_fen", &loan.principal) ||
        !canon_get_fen(p->out, "covered_fen", &loan.covered) ||
        !canon_get_date(p->out, "start", &loan.start) ||
        !canon_get_date(p->out, "due", &loan.due) ||
        !canon_get_int(p->out, "settle_day", &settle_day) ||
        !canon_get_sha256(p->out, "policy", &loan.policy)) {
        return event_malformed("contract", err);
    }
    loan.settle_day = (int)settle_day;
    return loan_contract_put(p->store, p->seq, &loan, err) && outlook_project(p, loan.id, err);
}
