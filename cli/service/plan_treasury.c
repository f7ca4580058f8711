/* plan_treasury.c - subsidy and premium: claimed from county finance, received, passed on. */
#include "cli/service/fund_plans.h"
#include "cli/service/policy_shelf.h"
#include "ledger/base/text.h"
#include "ledger/fund/treasury.h"

static bool add_up(struct money *total, struct money amount, struct error *err)
{
    return money_add(*total, amount, total) ||
           error_set(err, FAULT_REFUSED, "money.too-large", _("the sum does not fit"));
}

static bool through_of(const struct planning *p, const struct canon *request, struct date *ret,
                       struct error *err)
{
    if (!canon_get_date(request, "through", ret)) {
        return request_malformed("through", err);
    }
    if (date_compare(*ret, p->day) > 0) {
        char text[DATE_TEXT_SIZE];
        error_set(err, FAULT_REFUSED, "date.future", _("%s has not come yet"),
                  date_format(*ret, text));
        return error_limit(err, _("at most the open day"));
    }
    return true;
}

/* A later step names its claim and repeats the amount, so that a slip is noticed. */
static bool same_amount(const struct canon *request, struct money due, const char *reason,
                        struct error *err)
{
    struct money amount;
    char text[MONEY_TEXT_SIZE];

    if (!canon_get_fen(request, "amount_fen", &amount)) {
        return request_malformed("amount_fen", err);
    }
    if (money_compare(amount, due) != 0) {
        error_set(err, FAULT_REFUSED, reason, _("%s is not the amount of the claim"),
                  money_format(amount, text));
        return error_limit(err, _("claimed was %s"), money_format(due, text));
    }
    return true;
}

bool plan_subsidy_claim(struct planning *p, const struct canon *request, struct error *err)
{
    struct subsidy_item *item = NULL;
    size_t count = 0;
    int64_t id = 0;
    struct date through;
    struct money total = MONEY_ZERO;

    if (!through_of(p, request, &through, err) ||
        !subsidy_items_open(p->store, through, p->arena, &item, &count, err) ||
        !subsidy_claim_next(p->store, &id, err)) {
        return false;
    }
    if (count == 0) {
        return error_set(err, FAULT_REFUSED, "subsidy.nothing-due",
                         _("no subsidy is waiting to be claimed"));
    }
    for (size_t i = 0; i < count; i++) {
        struct canon *out = canon_object(p->arena);
        struct canon *row = canon_object(p->arena);
        canon_set_int(out, "claim", id);
        canon_set_int(out, "loan", item[i].loan);
        canon_set_date(out, "upto", item[i].upto);
        canon_set_fen(out, "amount_fen", item[i].amount);
        canon_set(row, "out", out);
        if (!planning_row(p, row, err) || !add_up(&total, item[i].amount, err)) {
            return false;
        }
    }
    canon_set_int(p->out, "claim", id);
    canon_set_fen(p->out, "amount_fen", total);
    return true;
}

bool project_subsidy_claim(const struct projection *p, struct error *err)
{
    int64_t id = 0;
    struct date through;
    struct money total;

    if (!canon_get_int(p->out, "claim", &id) || !canon_get_date(p->in, "through", &through) ||
        !canon_get_fen(p->out, "amount_fen", &total)) {
        return event_malformed("claim, through, amount_fen", err);
    }
    return subsidy_claim_put(p->store, p->seq, id, through, total, p->day, err);
}

bool project_subsidy_claim_row(const struct projection *p, struct error *err)
{
    struct subsidy_item item;
    int64_t claim = 0;

    if (!canon_get_int(p->out, "claim", &claim) || !canon_get_int(p->out, "loan", &item.loan) ||
        !canon_get_date(p->out, "upto", &item.upto) ||
        !canon_get_fen(p->out, "amount_fen", &item.amount)) {
        return event_malformed("claim, loan, upto, amount_fen", err);
    }
    return subsidy_item_put(p->store, claim, &item, err);
}

bool plan_subsidy_receive(struct planning *p, const struct canon *request, struct error *err)
{
    int64_t id = 0;
    struct money due;
    bool received = false;

    if (!canon_get_int(request, "claim", &id)) {
        return request_malformed("claim", err);
    }
    if (!subsidy_claim_load(p->store, id, &due, &received, err)) {
        return false;
    }
    if (received) {
        return error_set(err, FAULT_REFUSED, "subsidy.received",
                         _("subsidy claim S%lld was received already"), (long long)id);
    }
    if (!same_amount(request, due, "subsidy.amount-differs", err)) {
        return false;
    }
    entry_pair(&p->entries, BOOK_BANK, "subsidy-received", p->day, ACCOUNT_BANK_MONEY,
               ACCOUNT_SUBSIDY_RECEIVABLE, due, 0);
    return true;
}

bool project_subsidy_receive(const struct projection *p, struct error *err)
{
    int64_t id = 0;
    struct money amount;

    if (!canon_get_int(p->in, "claim", &id) || !canon_get_fen(p->in, "amount_fen", &amount)) {
        return event_malformed("claim, amount_fen", err);
    }
    return subsidy_receipt_put(p->store, p->seq, id, amount, p->day, err);
}

bool premium_of(struct planning *p, struct premium_item *item, struct error *err)
{
    const struct policy *policy = NULL;
    struct rate share;

    if (!policy_with_digest(p->policies, p->store, &item->policy, &policy, err) ||
        !policy_rate(policy, PARAMETER_PREMIUM_SHARE, item->signed_on, &share, NULL, err)) {
        return false;
    }
    return money_share(item->covered, share, ROUND_HALF_UP, &item->amount) ||
           error_set(err, FAULT_REFUSED, "money.too-large", _("the premium does not fit"));
}

static bool premium_row(struct planning *p, int64_t claim, struct premium_item *item,
                        struct money *total, struct error *err)
{
    if (!premium_of(p, item, err)) {
        return false;
    }
    if (money_is_zero(item->amount)) {
        return true;
    }
    struct canon *out = canon_object(p->arena);
    struct canon *row = canon_object(p->arena);
    canon_set_int(out, "claim", claim);
    canon_set_int(out, "loan", item->loan);
    canon_set_fen(out, "covered_fen", item->covered);
    canon_set_fen(out, "amount_fen", item->amount);
    canon_set(row, "out", out);
    return planning_row(p, row, err) && add_up(total, item->amount, err);
}

bool plan_premium_claim(struct planning *p, const struct canon *request, struct error *err)
{
    struct premium_item *item = NULL;
    size_t count = 0;
    int64_t id = 0;
    struct date through;
    struct money total = MONEY_ZERO;

    if (!through_of(p, request, &through, err) ||
        !premium_items_open(p->store, through, p->arena, &item, &count, err) ||
        !premium_claim_next(p->store, &id, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (!premium_row(p, id, &item[i], &total, err)) {
            return false;
        }
    }
    if (money_is_zero(total)) {
        return error_set(err, FAULT_REFUSED, "premium.nothing-due",
                         _("no premium is waiting to be claimed"));
    }
    canon_set_int(p->out, "claim", id);
    canon_set_fen(p->out, "amount_fen", total);
    entry_pair(&p->entries, BOOK_BANK, "premium-claimed", p->day, ACCOUNT_PREMIUM_RECEIVABLE,
               ACCOUNT_PREMIUM_PAYABLE, total, 0);
    return true;
}

bool project_premium_claim(const struct projection *p, struct error *err)
{
    int64_t id = 0;
    struct money total;

    if (!canon_get_int(p->out, "claim", &id) || !canon_get_fen(p->out, "amount_fen", &total)) {
        return event_malformed("claim, amount_fen", err);
    }
    return premium_claim_put(p->store, p->seq, id, total, p->day, err);
}

bool project_premium_claim_row(const struct projection *p, struct error *err)
{
    struct premium_item item = {0};
    int64_t claim = 0;

    if (!canon_get_int(p->out, "claim", &claim) || !canon_get_int(p->out, "loan", &item.loan) ||
        !canon_get_fen(p->out, "covered_fen", &item.covered) ||
        !canon_get_fen(p->out, "amount_fen", &item.amount)) {
        return event_malformed("claim, loan, covered_fen, amount_fen", err);
    }
    return premium_item_put(p->store, claim, &item, err);
}

static bool premium_step(struct planning *p, const struct canon *request, bool paying,
                         struct error *err)
{
    int64_t id = 0;
    struct money due;
    bool received = false;
    bool paid = false;

    if (!canon_get_int(request, "claim", &id)) {
        return request_malformed("claim", err);
    }
    if (!premium_claim_load(p->store, id, &due, &received, &paid, err)) {
        return false;
    }
    if (paying ? paid : received) {
        return error_set(err, FAULT_REFUSED, paying ? "premium.paid" : "premium.received",
                         _("this was done for premium claim P%lld already"), (long long)id);
    }
    if (!same_amount(request, due, "premium.amount-differs", err)) {
        return false;
    }
    if (paying) {
        entry_pair(&p->entries, BOOK_BANK, "premium-paid", p->day, ACCOUNT_PREMIUM_PAYABLE,
                   ACCOUNT_BANK_MONEY, due, 0);
    } else {
        entry_pair(&p->entries, BOOK_BANK, "premium-received", p->day, ACCOUNT_BANK_MONEY,
                   ACCOUNT_PREMIUM_RECEIVABLE, due, 0);
    }
    return true;
}

bool plan_premium_receive(struct planning *p, const struct canon *request, struct error *err)
{
    return premium_step(p, request, false, err);
}

bool plan_premium_pay(struct planning *p, const struct canon *request, struct error *err)
{
    return premium_step(p, request, true, err);
}

static bool project_step(const struct projection *p, const char *step, struct error *err)
{
    int64_t id = 0;

    if (!canon_get_int(p->in, "claim", &id)) {
        return event_malformed("claim", err);
    }
    return premium_step_put(p->store, p->seq, id, step, p->day, err);
}

bool project_premium_receive(const struct projection *p, struct error *err)
{
    return project_step(p, "received", err);
}

bool project_premium_pay(const struct projection *p, struct error *err)
{
    return project_step(p, "paid", err);
}
