#include "cli/service/loan_plans.h"
#include "cli/service/policy_shelf.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"

/* A payment while it is shared out: penalty, interest, principal, and what is left over. */
struct paying {
    struct planning *planning;
    struct loan loan;
    struct date on; /* value date */
    bool matured;
    struct repayment paid;
    struct money penalty_left;
    struct money receivable_paid, off_balance_paid;
    bool has_settled;
    struct settlement settled;
    struct loan_outlook outlook;
};

static struct money plus(struct money a, struct money b)
{
    /* raw: parts of one payment, which a door has let in */
    return money_from_fen(money_fen(a) + money_fen(b));
}

static struct money minus(struct money a, struct money b)
{
    return money_from_fen(money_fen(a) - money_fen(b));
}

bool loan_may_be_repaid(const struct loan *loan, struct error *err)
{
    if (text_equal(loan->status, "closed")) {
        error_set(err, FAULT_REFUSED, "loan.closed", _("loan L%lld is closed"),
                  (long long)loan->id);
        error_limit(err, _("nothing is owed any more"));
        return error_next(err, _("give the money back, or look for the borrower's other loans"));
    }
    if (!loan->is_paid_out) {
        error_set(err, FAULT_REFUSED, "loan.not-paid-out", _("loan L%lld was not paid out (%s)"),
                  (long long)loan->id, loan_status_tell(loan->status));
        return error_next(err, _("see how it stands with `yicang loan show`"));
    }
    if (text_equal(loan->status, "compensated")) {
        error_set(err, FAULT_REFUSED, "loan.compensated", _("loan L%lld was compensated"),
                  (long long)loan->id);
        return error_next(err, _("record what comes in with `yicang recovery record`"));
    }
    if (text_equal(loan->status, "claimed")) {
        error_set(err, FAULT_REFUSED, "loan.claimed", _("a claim on loan L%lld lies open"),
                  (long long)loan->id);
        return error_next(err, _("have the claim refused or accepted first"));
    }
    return true;
}

/* The last day on which principal moved or a payment counted. */
static bool last_move(struct planning *p, int64_t loan, struct date *ret, struct error *err)
{
    struct principal_move *move = NULL;
    size_t moves = 0;

    if (!loan_principal_moves(p->store, loan, p->arena, &move, &moves, err)) {
        return false;
    }
    if (moves > 0) {
        *ret = date_max(*ret, move[moves - 1].value_date);
    }
    return repayment_last_day(p->store, loan, ret, err);
}

static bool value_date_of(struct paying *y, const struct canon *request, struct error *err)
{
    struct planning *p = y->planning;
    char text[DATE_TEXT_SIZE];
    char limit[DATE_TEXT_SIZE];
    struct date earliest = y->loan.settled_upto;

    y->on = p->day;
    if (canon_get(request, "value_date") == NULL) {
        return true;
    }
    if (!canon_get_date(request, "value_date", &y->on)) {
        return request_malformed("value_date", err);
    }
    if (!last_move(p, y->loan.id, &earliest, err)) {
        return false;
    }
    if (date_compare(y->on, p->day) > 0) {
        error_set(err, FAULT_REFUSED, "loan.value-date-late", _("%s has not come yet"),
                  date_format(y->on, text));
        error_limit(err, _("at most %s"), date_format(p->day, limit));
        return error_next(err, _("give the day on which the money came"));
    }
    if (date_compare(y->on, earliest) < 0) {
        error_set(err, FAULT_REFUSED, "loan.value-date-early",
                  _("interest is settled, or a payment counted, after %s"),
                  date_format(y->on, text));
        error_limit(err, _("not before %s"), date_format(earliest, limit));
        return error_next(err, _("book the payment with %s or a later day"), limit);
    }
    return true;
}

static bool settle_to(struct paying *y, struct date upto, struct error *err)
{
    if (date_compare(y->loan.settled_upto, upto) >= 0) {
        return true;
    }
    if (y->planning->records == NULL) {
        y->planning->records = canon_array(y->planning->arena);
    }
    if (!settle_interest(y->planning, &y->loan, upto, upto, y->planning->records, &y->settled,
                         err)) {
        return false;
    }
    struct money household = settlement_household_part(&y->settled);
    if (text_equal(y->loan.status, "non-accrual")) {
        y->loan.off_balance_interest = plus(y->loan.off_balance_interest, household);
    } else {
        y->loan.interest_receivable = plus(y->loan.interest_receivable, household);
    }
    settlement_entries(&y->planning->entries, y->loan.id, y->loan.status, &y->settled,
                       y->planning->day);
    y->has_settled = true;
    y->outlook.settled_upto = upto;
    return true;
}

/* Which day governs the order, and how long the loan is overdue on the day of the payment. */
static bool order_of(const struct paying *y, enum due order[static DUE_COUNT], struct error *err)
{
    const struct planning *p = y->planning;
    const struct loan *loan = &y->loan;
    const struct policy *policy = NULL;
    int64_t days_overdue =
        loan->has_overdue_since ? date_days_between(loan->overdue_since, y->on) : 0;

    if (!policy_with_digest(p->policies, p->store, &loan->policy, &policy, err)) {
        return false;
    }
    bool by_accrual = policy_repayment_governed_by(policy) == GOVERNED_BY_ACCRUAL;
    if (by_accrual && !policy_in_force(p->policies, p->store, y->on, &policy, err)) {
        return false;
    }
    return policy_repayment_order(policy, by_accrual ? y->on : loan->start, days_overdue, order,
                                  NULL, err);
}

static struct money interest_due(const struct paying *y)
{
    return plus(y->loan.interest_receivable, y->loan.off_balance_interest);
}

/* What was settled on the balance sheet is paid before what is off it. */
static void pay_interest(struct paying *y, struct money paid)
{
    y->receivable_paid = money_min(paid, y->loan.interest_receivable);
    y->off_balance_paid = minus(paid, y->receivable_paid);
    y->loan.interest_receivable = minus(y->loan.interest_receivable, y->receivable_paid);
    y->loan.off_balance_interest = minus(y->loan.off_balance_interest, y->off_balance_paid);
}

/* The policy's order. Before maturity principal is not due but may be paid; if the payment would
 * take all of it, the interest up to now is settled and due as well. */
static bool share_out(struct paying *y, struct error *err)
{
    enum due order[DUE_COUNT];
    struct dues due = {0};

    if (!order_of(y, order, err) ||
        (y->matured && (!settle_to(y, y->loan.due, err) ||
                        !penalty_due(y->planning, &y->loan, y->on, &due.of[DUE_PENALTY], err)))) {
        return false;
    }
    due.of[DUE_PRINCIPAL] = loan_unpaid(&y->loan);
    struct money whole = plus(due.of[DUE_PRINCIPAL], interest_due(y));
    if (!y->matured && money_compare(y->paid.received, whole) >= 0 && !settle_to(y, y->on, err)) {
        return false;
    }
    due.of[DUE_INTEREST] = interest_due(y);
    struct dues taken = dues_take(order, &due, y->paid.received, &y->paid.over);
    y->paid.penalty = taken.of[DUE_PENALTY];
    y->penalty_left = minus(due.of[DUE_PENALTY], taken.of[DUE_PENALTY]);
    y->paid.interest = taken.of[DUE_INTEREST];
    y->paid.principal = taken.of[DUE_PRINCIPAL];
    pay_interest(y, y->paid.interest);
    return true;
}

static void post(struct paying *y)
{
    struct entry_list *list = &y->planning->entries;
    int64_t loan = y->loan.id;

    entry_begin(list, BOOK_BANK, "repayment", y->on);
    entry_debit(list, ACCOUNT_BANK_MONEY, y->paid.received, loan);
    entry_credit(list, ACCOUNT_PENALTY_INCOME, y->paid.penalty, loan);
    entry_credit(list, ACCOUNT_INTEREST_RECEIVABLE, y->receivable_paid, loan);
    entry_credit(list, ACCOUNT_INTEREST_INCOME, y->off_balance_paid, loan);
    entry_credit(list, loan_account(y->loan.status), y->paid.principal, loan);
    entry_credit(list, ACCOUNT_OVERPAYMENTS, y->paid.over, loan);
    entry_pair(list, BOOK_MEMO, "repayment", y->on, ACCOUNT_CONTRA, ACCOUNT_OFF_BALANCE_INTEREST,
               y->off_balance_paid, loan);
}

static bool look_ahead(struct paying *y, struct error *err)
{
    struct planning *p = y->planning;
    struct money unpaid = minus(loan_unpaid(&y->loan), y->paid.principal);
    struct money interest = plus(y->loan.interest_receivable, y->loan.off_balance_interest);
    struct loan_outlook *outlook = &y->outlook;

    if (money_is_zero(unpaid) && money_is_zero(interest) && money_is_zero(y->penalty_left)) {
        outlook->status = "closed";
        outlook->has_overdue_since = false;
        return true;
    }
    if (!oldest_unpaid_due(p->store, y->loan.id, date_from_day(DATE_DAY_MAX), interest,
                           y->has_settled ? &y->settled : NULL, &outlook->has_unpaid_due,
                           &outlook->unpaid_due, err)) {
        return false;
    }
    if (date_compare(p->day, y->loan.due) >= 0) {
        outlook->unpaid_due =
            outlook->has_unpaid_due ? date_min(outlook->unpaid_due, y->loan.due) : y->loan.due;
        outlook->has_unpaid_due = true;
    }
    if (text_equal(y->loan.status, "normal")) {
        return true;
    }
    /* What falls due today is no arrears yet. */
    if (outlook->has_unpaid_due && date_compare(outlook->unpaid_due, p->day) < 0) {
        outlook->has_overdue_since = true;
        outlook->overdue_since = outlook->unpaid_due;
        return true;
    }
    outlook->status = "normal";
    outlook->has_overdue_since = false;
    entry_pair(&p->entries, BOOK_BANK, "back-to-normal", p->day, ACCOUNT_LOANS_NORMAL,
               loan_account(y->loan.status), unpaid, y->loan.id);
    return true;
}

static bool record(struct paying *y, struct error *err)
{
    struct canon *out = y->planning->out;
    int64_t id = 0;

    if (!repayment_next(y->planning->store, &id, err)) {
        return false;
    }
    canon_set_int(out, "repayment", id);
    canon_set_fen(out, "penalty_fen", y->paid.penalty);
    canon_set_fen(out, "interest_fen", y->paid.interest);
    canon_set_fen(out, "principal_fen", y->paid.principal);
    canon_set_fen(out, "over_fen", y->paid.over);
    if (y->has_settled) {
        canon_set(out, "settled", settlement_record(y->planning->arena, &y->settled));
    }
    return outlook_record(y->planning, out, &y->loan, &y->outlook,
                          date_add_days(y->planning->day, -1), err);
}

bool plan_loan_repay(struct planning *p, const struct canon *request, struct error *err)
{
    struct paying y = {.planning = p};
    int64_t id = 0;

    if (!canon_get_int(request, "loan", &id) ||
        !canon_get_fen(request, "amount_fen", &y.paid.received) ||
        !money_is_positive(y.paid.received)) {
        return request_malformed("loan, amount_fen", err);
    }
    if (!loan_load(p->store, p->arena, id, &y.loan, err) || !loan_may_be_repaid(&y.loan, err) ||
        !value_date_of(&y, request, err)) {
        return false;
    }
    y.matured = date_compare(y.on, y.loan.due) >= 0;
    y.outlook = (struct loan_outlook){.status = y.loan.status,
                                      .has_overdue_since = y.loan.has_overdue_since,
                                      .overdue_since = y.loan.overdue_since,
                                      .settled_upto = y.loan.settled_upto,
                                      .class = y.loan.class};
    if (!share_out(&y, err)) {
        return false;
    }
    post(&y);
    return look_ahead(&y, err) && record(&y, err);
}

bool project_loan_repay(const struct projection *p, struct error *err)
{
    struct repayment paid = {.day = p->day};

    if (!canon_get_int(p->in, "loan", &paid.loan) ||
        !canon_get_fen(p->in, "amount_fen", &paid.received) ||
        !canon_get_int(p->out, "repayment", &paid.id) ||
        !canon_get_fen(p->out, "penalty_fen", &paid.penalty) ||
        !canon_get_fen(p->out, "interest_fen", &paid.interest) ||
        !canon_get_fen(p->out, "principal_fen", &paid.principal) ||
        !canon_get_fen(p->out, "over_fen", &paid.over)) {
        return event_malformed("repayment", err);
    }
    if (canon_get(p->in, "value_date") != NULL && !canon_get_date(p->in, "value_date", &paid.day)) {
        return event_malformed("value_date", err);
    }
    return settlement_project(p, paid.loan, err) && repayment_put(p->store, p->seq, &paid, err) &&
           outlook_project(p, paid.loan, err);
}
