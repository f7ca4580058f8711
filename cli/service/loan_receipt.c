#include "cli/service/loan_receipt.h"

#include "cli/service/loan_formula.h"
#include "cli/service/loan_plans.h"
#include "cli/service/preview.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/loans/household.h"
#include "ledger/loans/loan_history.h"
#include "ledger/loans/loan_reversal.h"

#include <assert.h>

static void lines_init(struct office *office, size_t room, struct sum_lines *ret)
{
    ret->line = arena_alloc_array(&office->arena, room, sizeof *ret->line);
    ret->count = 0;
    ret->room = room;
}

static void add_line(struct sum_lines *lines, struct sum_line line)
{
    assert(lines->count < lines->room);
    lines->line[lines->count++] = line;
}

static struct money minus(struct money a, struct money b)
{
    /* raw: a part less what of it is paid */
    return money_from_fen(money_fen(a) - money_fen(b));
}

static bool borrower_name(struct office *office, const struct loan *loan, const char **ret,
                          struct error *err)
{
    int64_t household = 0;
    const char *subject = NULL;

    return person_load(office->store, &office->arena, loan->borrower, &household, &subject, err) &&
           office_personal(office, subject, FIELD_NAME, false, ret, err);
}

/* --- what closes a loan ----------------------------------------------------------------------- */

static bool check_on(struct office *office, const struct loan *loan, struct date on,
                     struct error *err)
{
    bool found = false;
    struct date next = {0};
    char text[DATE_TEXT_SIZE];
    char limit[DATE_TEXT_SIZE];

    if (date_compare(on, office->day) < 0) {
        error_set(err, FAULT_REFUSED, "loan.payoff-past", _("%s is over"), date_format(on, text));
        return error_limit(err, _("not before the open day, %s"), date_format(office->day, limit));
    }
    if (!loan_next_day_load(office->store, loan->id, &found, &next, err)) {
        return false;
    }
    if (found && date_compare(on, date_max(next, office->day)) > 0) {
        error_set(err, FAULT_REFUSED, "loan.payoff-too-far",
                  _("what will be owed on %s is not known yet"), date_format(on, text));
        error_limit(err, _("at the close of %s something falls due on the loan"),
                    date_format(next, limit));
        return error_next(err, _("ask for a day up to that one, or again after it"));
    }
    return true;
}

static bool add_penalty(struct planning *p, struct payoff *ret, struct error *err)
{
    struct formula formula;
    struct sum_line line = {.item = "penalty", .from = ret->loan.due, .upto = ret->on};

    if (date_compare(ret->on, ret->loan.due) <= 0) {
        return true;
    }
    if (!penalty_due(p, &ret->loan, ret->on, &line.amount, err) ||
        !penalty_formula(p, &ret->loan, ret->on, &formula, err)) {
        return false;
    }
    line.has_period = true;
    line.days = formula.days;
    line.formula = formula.text;
    add_line(&ret->lines, line);
    return true;
}

/* Interest of the days that no settlement has yet. */
static bool add_interest(struct planning *p, struct payoff *ret, struct error *err)
{
    struct formula formula;
    struct settlement settled;
    struct date upto = date_min(ret->on, ret->loan.due);
    struct sum_line line = {.item = "interest", .from = ret->loan.settled_upto, .upto = upto};

    if (date_compare(line.from, upto) >= 0) {
        return true;
    }
    if (!settle_interest(p, &ret->loan, upto, upto, NULL, &settled, err) ||
        !interest_formula(p, &ret->loan, line.from, upto, &formula, err)) {
        return false;
    }
    line.has_period = true;
    line.days = formula.days;
    line.formula = formula.text;
    line.subsidy = settled.treasury;
    line.amount = settlement_household_part(&settled);
    add_line(&ret->lines, line);
    return true;
}

static bool add_settled(struct payoff *ret, struct error *err)
{
    struct sum_line line = {.item = "interest-settled"};

    if (!money_add(ret->loan.interest_receivable, ret->loan.off_balance_interest, &line.amount)) {
        return error_set(err, FAULT_REFUSED, "loan.overflow", _("the interest does not fit"));
    }
    if (!money_is_zero(line.amount)) {
        add_line(&ret->lines, line);
    }
    return true;
}

static bool sum_up(const struct sum_lines *lines, struct money *ret, struct error *err)
{
    *ret = MONEY_ZERO;
    for (size_t i = 0; i < lines->count; i++) {
        if (!money_add(*ret, lines->line[i].amount, ret)) {
            return error_set(err, FAULT_REFUSED, "money.too-large", _("the sum does not fit"));
        }
    }
    return true;
}

bool loan_payoff(struct office *office, int64_t loan, struct date on, struct payoff *ret,
                 struct error *err)
{
    AUTO_PLANNING planning;

    preview_planning(office, &planning);
    *ret = (struct payoff){.on = on};
    lines_init(office, 4, &ret->lines);
    if (!loan_load(office->store, &office->arena, loan, &ret->loan, err) ||
        !loan_may_be_repaid(&ret->loan, err) || !check_on(office, &ret->loan, on, err) ||
        !borrower_name(office, &ret->loan, &ret->borrower, err) ||
        !add_penalty(&planning, ret, err) || !add_settled(ret, err) ||
        !add_interest(&planning, ret, err)) {
        return false;
    }
    add_line(&ret->lines,
             (struct sum_line){.item = "principal", .amount = loan_unpaid(&ret->loan)});
    return sum_up(&ret->lines, &ret->total, err);
}

/* --- receipts --------------------------------------------------------------------------------- */

/* The repayment while its receipt is written. */
struct receipting {
    struct planning *planning;
    struct receipt *receipt;
    struct repayment paid, before;
    struct past_settlement *settlement;
    size_t settlements;
};

static bool read_repayment(struct receipting *r, const struct canon *body, struct error *err)
{
    const struct canon *out = canon_get(body, "out");
    struct receipt *receipt = r->receipt;
    struct store *store = r->planning->store;

    if (out == NULL || !canon_get_int(out, "repayment", &r->paid.id) ||
        !canon_get_fen(out, "penalty_fen", &r->paid.penalty) ||
        !canon_get_fen(out, "interest_fen", &r->paid.interest) ||
        !canon_get_fen(out, "principal_fen", &r->paid.principal) ||
        !canon_get_fen(out, "over_fen", &r->paid.over)) {
        return event_malformed("out", err);
    }
    if (!repayments_before(store, receipt->loan.id, r->paid.id, &r->before, err) ||
        !loan_settlements_load(store, receipt->loan.id, receipt->seq, r->planning->arena,
                               &r->settlement, &r->settlements, err)) {
        return false;
    }
    struct money principal;
    if (!loan_principal_before(store, receipt->loan.id, receipt->seq, &principal, err)) {
        return false;
    }
    receipt->unpaid = minus(minus(principal, r->before.principal), r->paid.principal);
    return true;
}

static bool receipt_penalty(struct receipting *r, struct error *err)
{
    struct formula formula;
    struct receipt *receipt = r->receipt;

    if (money_is_zero(r->paid.penalty)) {
        return true;
    }
    if (receipt->undone_in != 0) {
        add_line(&receipt->lines, (struct sum_line){.item = "penalty", .amount = r->paid.penalty});
        return true;
    }
    if (!penalty_formula(r->planning, &receipt->loan, receipt->value_date, &formula, err)) {
        return false;
    }
    add_line(&receipt->lines, (struct sum_line){.item = "penalty",
                                                .has_period = true,
                                                .from = receipt->loan.due,
                                                .upto = receipt->value_date,
                                                .days = formula.days,
                                                .formula = formula.text,
                                                .amount = r->paid.penalty});
    return true;
}

static bool receipt_period(struct receipting *r, const struct settlement *settled,
                           struct money paid, struct error *err)
{
    struct formula formula = {.days = date_days_between(settled->from, settled->upto)};

    if (r->receipt->undone_in == 0 &&
        !interest_formula(r->planning, &r->receipt->loan, settled->from, settled->upto, &formula,
                          err)) {
        return false;
    }
    add_line(&r->receipt->lines, (struct sum_line){.item = "interest",
                                                   .has_period = true,
                                                   .from = settled->from,
                                                   .upto = settled->upto,
                                                   .days = formula.days,
                                                   .formula = formula.text,
                                                   .subsidy = settled->treasury,
                                                   .amount = paid});
    return true;
}

/* Payments take the oldest interest first: those before used up the first of it. What this payment
 * settled itself is shown even if county finance bears all of it. */
static bool receipt_interest(struct receipting *r, struct error *err)
{
    struct money before = r->before.interest;
    struct money now = r->paid.interest;

    for (size_t i = 0; i < r->settlements; i++) {
        const struct settlement *settled = &r->settlement[i].settlement;
        struct money due = settlement_household_part(settled);
        struct money earlier = money_min(due, before);
        struct money paid = money_min(minus(due, earlier), now);
        before = minus(before, earlier);
        now = minus(now, paid);
        if ((!money_is_zero(paid) || r->settlement[i].seq == r->receipt->seq) &&
            !receipt_period(r, settled, paid, err)) {
            return false;
        }
    }
    return money_is_zero(now) ||
           error_set(err, FAULT_INTEGRITY, "loan.receipt-interest",
                     _("the interest of event %llu belongs to no settled period"),
                     (unsigned long long)r->receipt->seq);
}

static bool write_repayment(struct office *office, const struct canon *body,
                            struct receipt *receipt, struct error *err)
{
    AUTO_PLANNING planning;
    struct receipting r = {.planning = &planning, .receipt = receipt};

    preview_planning(office, &planning);
    if (!read_repayment(&r, body, err)) {
        return false;
    }
    lines_init(office, r.settlements + 3, &receipt->lines);
    if (!receipt_penalty(&r, err) || !receipt_interest(&r, err)) {
        return false;
    }
    if (!money_is_zero(r.paid.principal)) {
        add_line(&receipt->lines,
                 (struct sum_line){.item = "principal", .amount = r.paid.principal});
    }
    if (!money_is_zero(r.paid.over)) {
        add_line(&receipt->lines, (struct sum_line){.item = "overpayment", .amount = r.paid.over});
    }
    return true;
}

static bool write_payout(struct office *office, struct receipt *receipt)
{
    lines_init(office, 1, &receipt->lines);
    add_line(&receipt->lines, (struct sum_line){.item = "payout", .amount = receipt->amount});
    receipt->unpaid = receipt->amount;
    return true;
}

static bool read_event(struct office *office, const struct event *event, struct receipt *ret,
                       struct error *err)
{
    const struct canon *in = canon_get(event->body, "in");
    const struct canon *out = canon_get(event->body, "out");
    int64_t loan = 0;
    const char *amount = ret->is_payout ? "principal_fen" : "amount_fen";

    if (in == NULL || !canon_get_int(in, "loan", &loan) ||
        !canon_get_fen(ret->is_payout ? out : in, amount, &ret->amount) ||
        !canon_get_date(event->body, "date", &ret->day)) {
        return event_malformed("in", err);
    }
    ret->value_date = ret->day;
    if (canon_get(in, "value_date") != NULL &&
        !canon_get_date(in, "value_date", &ret->value_date)) {
        return event_malformed("value_date", err);
    }
    if (!loan_load(office->store, &office->arena, loan, &ret->loan, err)) {
        return false;
    }
    if (ret->is_payout && !canon_get_date(out, "due", &ret->loan.due)) {
        return event_malformed("due", err);
    }
    return borrower_name(office, &ret->loan, &ret->borrower, err);
}

static bool load_named(struct office *office, uint64_t seq, struct event *ret, struct sha256 *leaf,
                       struct error *err)
{
    if (seq >= office->tip.size) {
        error_set(err, FAULT_REFUSED, "loan.no-event", _("there is no event %llu"),
                  (unsigned long long)seq);
        return error_limit(err, _("the last one is %llu"),
                           (unsigned long long)office->tip.size - 1);
    }
    return event_load(office->store, &office->arena, office->facts.origin, seq, ret, leaf, err);
}

/* What the event itself says; who wrote which event is left out. */
static bool write_posting(struct office *office, const struct event *event, struct receipt *ret,
                          struct error *err)
{
    ret->is_payout = text_equal(event->type, "loan.disburse");
    if (!ret->is_payout && !text_equal(event->type, "loan.repay")) {
        error_set(err, FAULT_REFUSED, "loan.no-receipt", _("event %llu is another one: %s"),
                  (unsigned long long)event->seq, event_title(event->type));
        error_limit(err, _("payouts and payments of borrowers have receipts"));
        return error_next(err, _("give the number that `yicang loan repay` printed"));
    }
    return reversal_of(office->store, event->seq, &ret->undone_in, &ret->undone_on, err) &&
           read_event(office, event, ret, err) &&
           (ret->is_payout ? write_payout(office, ret)
                           : write_repayment(office, event->body, ret, err));
}

/* The parts that are taken back, and what is owed again. */
static bool write_reversal(struct office *office, const struct event *event, struct receipt *ret,
                           struct error *err)
{
    const struct canon *out = canon_get(event->body, "out");
    struct event posting = {0};
    struct sha256 leaf;
    struct date day;
    int64_t undone = 0;

    if (out == NULL || !canon_get_int(out, "undone", &undone) ||
        !canon_get_date(event->body, "date", &day)) {
        return event_malformed("undone", err);
    }
    ret->undoes = (uint64_t)undone;
    if (!load_named(office, ret->undoes, &posting, &leaf, err)) {
        return false;
    }
    ret->seq = posting.seq;
    if (!write_posting(office, &posting, ret, err)) {
        return false;
    }
    ret->seq = event->seq;
    ret->day = day;
    ret->undone_in = 0;
    for (size_t i = 0; i < ret->lines.count; i++) {
        const struct sum_line *line = &ret->lines.line[i];
        if (text_equal(line->item, "principal") &&
            !money_add(ret->unpaid, line->amount, &ret->unpaid)) {
            return error_set(err, FAULT_INTEGRITY, "loan.overflow",
                             _("the amounts of a loan do not fit"));
        }
    }
    ret->unpaid = ret->is_payout ? MONEY_ZERO : ret->unpaid;
    return true;
}

bool loan_receipt(struct office *office, uint64_t seq, struct receipt *ret, struct error *err)
{
    struct event event = {0};

    *ret = (struct receipt){.seq = seq};
    if (!load_named(office, seq, &event, &ret->leaf, err)) {
        return false;
    }
    ret->command = event.cmd;
    ret->actor = event.actor;
    ret->at = event.at;
    return text_equal(event.type, "loan.approve-reversal")
               ? write_reversal(office, &event, ret, err)
               : write_posting(office, &event, ret, err);
}
