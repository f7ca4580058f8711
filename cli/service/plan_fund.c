#include "cli/service/fund_plans.h"
#include "cli/service/policy_shelf.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "ledger/fund/fund.h"

static bool positive_amount(const struct canon *request, struct money *ret, struct error *err)
{
    if (!canon_get_fen(request, "amount_fen", ret)) {
        return request_malformed("amount_fen", err);
    }
    if (!money_is_positive(*ret)) {
        return error_set(err, FAULT_USAGE, "money.not-positive", _("the amount must be positive"));
    }
    return true;
}

static bool plan_payment(struct planning *p, const struct canon *request, const char *kind,
                         bool opened, struct error *err)
{
    struct fund_position fund;
    struct money amount;
    int64_t id = 0;

    if (!positive_amount(request, &amount, err) || !fund_position_load(p->store, &fund, err) ||
        !fund_payment_next(p->store, &id, err)) {
        return false;
    }
    if (fund.opened && !opened) {
        error_set(err, FAULT_REFUSED, "fund.opened", _("the fund was opened already"));
        return error_next(err, _("use `yicang fund deposit` for further capital"));
    }
    if (!fund.opened && opened) {
        error_set(err, FAULT_REFUSED, "fund.not-opened", _("the fund has not been opened yet"));
        return error_next(err, _("open it with `yicang fund open`"));
    }
    canon_set_int(p->out, "payment", id);
    fund_payment_entries(&p->entries, kind, amount, p->day);
    return true;
}

bool plan_fund_open(struct planning *p, const struct canon *request, struct error *err)
{
    return plan_payment(p, request, "opening", false, err);
}

bool plan_fund_deposit(struct planning *p, const struct canon *request, struct error *err)
{
    return plan_payment(p, request, "deposit", true, err);
}

bool plan_fund_interest(struct planning *p, const struct canon *request, struct error *err)
{
    return plan_payment(p, request, "interest", true, err);
}

/* Unpaid principal at the close of the day: normal, overdue and non-accrual; what was compensated
 * or written off has left these accounts. */
static bool outstanding_on(struct store *store, struct date day, struct money *ret,
                           struct error *err)
{
    static const enum account accounts[] = {ACCOUNT_LOANS_NORMAL, ACCOUNT_LOANS_OVERDUE,
                                            ACCOUNT_LOANS_NON_ACCRUAL};
    *ret = MONEY_ZERO;
    for (size_t i = 0; i < COUNT_OF(accounts); i++) {
        struct money part;
        if (!account_balance_on(store, accounts[i], day, &part, err)) {
            return false;
        }
        if (!money_add(*ret, part, ret)) {
            return error_set(err, FAULT_INTEGRITY, "fund.overflow",
                             _("the outstanding principal does not fit"));
        }
    }
    return true;
}

static bool year_can_be_topped_up(struct planning *p, int year, struct date last, struct error *err)
{
    struct fund_position fund;
    bool done = false;

    if (!fund_position_load(p->store, &fund, err) || !fund_topped_up(p->store, year, &done, err)) {
        return false;
    }
    if (!fund.opened) {
        error_set(err, FAULT_REFUSED, "fund.not-opened", _("the fund has not been opened yet"));
        return error_next(err, _("open it with `yicang fund open`"));
    }
    if (done) {
        return error_set(err, FAULT_REFUSED, "fund.topped-up",
                         _("the fund was topped up for %d already"), year);
    }
    if (date_compare(p->day, last) <= 0) {
        error_set(err, FAULT_REFUSED, "fund.year-not-closed", _("31 December %d is not closed yet"),
                  year);
        error_limit(err, _("the top-up is a share of the principal at the close of that day"));
        return error_next(err, _("run `yicang day close` up to that day first"));
    }
    return true;
}

bool plan_fund_top_up(struct planning *p, const struct canon *request, struct error *err)
{
    int64_t year = 0;
    int64_t id = 0;
    struct date last;
    struct money base;
    struct money amount;
    struct rate share;
    const struct policy *policy = NULL;

    if (!canon_get_int(request, "year", &year) ||
        !date_from_ymd((struct ymd){(int)year, 12, 31}, &last)) {
        return request_malformed("year", err);
    }
    if (!year_can_be_topped_up(p, (int)year, last, err) ||
        !outstanding_on(p->store, last, &base, err) ||
        !policy_in_force(p->policies, p->store, last, &policy, err) ||
        !policy_rate(policy, PARAMETER_TOP_UP_SHARE, last, &share, NULL, err) ||
        !fund_payment_next(p->store, &id, err)) {
        return false;
    }
    if (!money_share(base, share, ROUND_HALF_UP, &amount) || !money_is_positive(amount)) {
        return error_set(err, FAULT_REFUSED, "fund.nothing-outstanding",
                         _("nothing was outstanding at the end of %lld"), (long long)year);
    }
    canon_set_int(p->out, "payment", id);
    canon_set_fen(p->out, "base_fen", base);
    canon_set_fen(p->out, "amount_fen", amount);
    fund_payment_entries(&p->entries, "top-up", amount, last);
    return true;
}

static bool project_payment(const struct projection *p, const char *kind, struct error *err)
{
    struct fund_payment payment = {.kind = kind, .day = p->day};
    int64_t id = 0;

    if (!canon_get_int(p->out, "payment", &id) ||
        !canon_get_fen(p->in, "amount_fen", &payment.amount)) {
        return event_malformed("payment, amount_fen", err);
    }
    return fund_payment_put(p->store, p->seq, id, &payment, err);
}

bool project_fund_open(const struct projection *p, struct error *err)
{
    return project_payment(p, "opening", err);
}

bool project_fund_deposit(const struct projection *p, struct error *err)
{
    return project_payment(p, "deposit", err);
}

bool project_fund_interest(const struct projection *p, struct error *err)
{
    return project_payment(p, "interest", err);
}

bool project_fund_top_up(const struct projection *p, struct error *err)
{
    struct fund_payment payment = {.kind = "top-up", .day = p->day};
    int64_t id = 0;
    int64_t year = 0;

    if (!canon_get_int(p->out, "payment", &id) || !canon_get_int(p->in, "year", &year) ||
        !canon_get_fen(p->out, "base_fen", &payment.base) ||
        !canon_get_fen(p->out, "amount_fen", &payment.amount)) {
        return event_malformed("payment, year, base_fen, amount_fen", err);
    }
    payment.year = (int)year;
    return fund_payment_put(p->store, p->seq, id, &payment, err);
}
