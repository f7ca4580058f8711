#include "cli/service/plan_reversal.h"

#include "cli/service/loan_plans.h"
#include "cli/service/row_reader.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/loans/loan_reversal.h"
#include "ledger/loans/schedule.h"

/* The payout or payment that is to be undone, and the loan as it stands and as it stood before. */
struct undoing {
    struct planning *planning;
    uint64_t seq;
    struct event event;
    bool is_payout;
    struct date day; /* on which it was booked */
    struct money amount;
    int64_t repayment; /* its number; 0 of a payout */
    struct loan loan, restored;
    struct loan_before before;
};

bool reversal_no_event(uint64_t seq, uint64_t events, struct error *err)
{
    error_set(err, FAULT_REFUSED, "reversal.no-event", _("there is no event %llu"),
              (unsigned long long)seq);
    error_limit(err, _("the last one is %llu"), (unsigned long long)events - 1);
    return error_next(err, _("`yicang audit log` shows all"));
}

static bool correct_otherwise(struct error *err)
{
    return error_next(err, _("correct the difference by a new posting, and note the number of the"
                             " wrong one with it"));
}

/* --- what may be undone ----------------------------------------------------------------------- */

static bool is_of_a_kind_to_undo(struct undoing *u, struct error *err)
{
    u->is_payout = text_equal(u->event.type, "loan.disburse");
    if (u->is_payout || text_equal(u->event.type, "loan.repay")) {
        return true;
    }
    if (text_equal(u->event.type, "loan.approve-reversal")) {
        error_set(err, FAULT_REFUSED, "reversal.of-reversal", _("event %llu is a reversal itself"),
                  (unsigned long long)u->seq);
        error_limit(err, _("a reversal is not undone"));
        return error_next(err, _("book anew what was undone"));
    }
    error_set(err, FAULT_REFUSED, "reversal.other-kind", _("event %llu is another one: %s"),
              (unsigned long long)u->seq, event_title(u->event.type));
    error_limit(err, _("payouts and payments of borrowers may be undone"));
    return error_next(
        err, _("give the number that `yicang loan repay` or `yicang loan disburse` printed"));
}

static bool is_not_undone(const struct undoing *u, struct error *err)
{
    uint64_t by = 0;
    struct date on;
    char text[DATE_TEXT_SIZE];

    if (!reversal_of(u->planning->store, u->seq, &by, &on, err)) {
        return false;
    }
    if (by == 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "reversal.done", _("event %llu was undone by event %llu on %s"),
              (unsigned long long)u->seq, (unsigned long long)by, date_format(on, text));
    return error_limit(err, _("an event is undone once"));
}

static bool rests_on_it(const struct undoing *u, uint64_t later, bool may_be_undone,
                        struct error *err)
{
    struct planning *p = u->planning;
    struct event event;
    struct sha256 leaf;

    if (!event_load(planning_log(p), p->arena, p->origin, later, &event, &leaf, err)) {
        return false;
    }
    error_set(err, FAULT_REFUSED, "reversal.later", _("event %llu (%s) rests on event %llu"),
              (unsigned long long)later, event_title(event.type), (unsigned long long)u->seq);
    error_limit(err, _("an event is undone while nothing rests on it"));
    if (may_be_undone) {
        return error_next(err, _("have event %llu undone first"), (unsigned long long)later);
    }
    return correct_otherwise(err);
}

static bool nothing_rests_on_it(const struct undoing *u, struct error *err)
{
    struct later_events later;

    if (!loan_later_events(u->planning->store, u->loan.id, u->seq, &later, err)) {
        return false;
    }
    if (later.other != 0) {
        return rests_on_it(u, later.other, false, err);
    }
    if (u->is_payout && later.of_payout != 0) {
        return rests_on_it(u, later.of_payout, false, err);
    }
    if (later.period != 0) {
        error_set(err, FAULT_REFUSED, "reversal.period-closed",
                  _("event %llu closed the month of event %llu"), (unsigned long long)later.period,
                  (unsigned long long)u->seq);
        error_limit(err, _("the figures of a closed month stay"));
        return correct_otherwise(err);
    }
    return later.repayment == 0 || rests_on_it(u, later.repayment, true, err);
}

/* A loan that the repayment closed was passed over by the closes since. What they would have said
 * of its class, the next one says; a settlement belongs to its day. */
static bool no_settlement_was_missed(const struct undoing *u, struct error *err)
{
    const struct loan *loan = &u->restored;
    struct date first = date_max(u->day, date_add_days(loan->start, 1));
    char text[DATE_TEXT_SIZE];
    char open[DATE_TEXT_SIZE];

    if (u->is_payout || date_compare(loan->settled_upto, loan->due) >= 0) {
        return true;
    }
    struct date missed = date_min(next_settlement_day(first, loan->settle_day), loan->due);
    if (date_compare(missed, u->planning->day) >= 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "reversal.settlement-missed",
              _("interest of loan L%lld would have been settled at the close of %s"),
              (long long)loan->id, date_format(missed, text));
    error_limit(err, _("open is %s"), date_format(u->planning->day, open));
    return correct_otherwise(err);
}

static bool event_read(struct undoing *u, int64_t loan, struct error *err)
{
    struct planning *p = u->planning;
    const struct canon *in = canon_get(u->event.body, "in");
    const struct canon *out = canon_get(u->event.body, "out");
    int64_t id = 0;

    if (in == NULL || out == NULL || !canon_get_int(in, "loan", &id) ||
        !canon_get_fen(in, "amount_fen", &u->amount) ||
        (!u->is_payout && !canon_get_int(out, "repayment", &u->repayment)) ||
        !canon_get_date(u->event.body, "date", &u->day)) {
        return event_malformed("in", err);
    }
    if (id != loan) {
        return request_malformed("loan", err);
    }
    return loan_load(p->store, p->arena, loan, &u->loan, err) &&
           loan_before_load(p->store, p->arena, loan, u->seq, &u->before, err) &&
           (u->before.status != NULL || event_malformed("in", err));
}

/* --- the loan as it was ----------------------------------------------------------------------- */

static struct money *place_of(struct loan *loan, enum account account)
{
    struct {
        enum account account;
        struct money *place;
    } places[] = {
        {ACCOUNT_LOANS_NORMAL, &loan->normal},
        {ACCOUNT_LOANS_OVERDUE, &loan->overdue},
        {ACCOUNT_LOANS_NON_ACCRUAL, &loan->non_accrual},
        {ACCOUNT_INTEREST_RECEIVABLE, &loan->interest_receivable},
        {ACCOUNT_OFF_BALANCE_INTEREST, &loan->off_balance_interest},
    };
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        if (places[i].account == account) {
            return places[i].place;
        }
    }
    return NULL;
}

/* The loan with the entries posted. */
static bool balances_restore(struct undoing *u, const struct entry_list *list, struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        for (size_t n = 0; n < list->entry[i].lines; n++) {
            const struct entry_line *line = &list->entry[i].line[n];
            struct money *place = place_of(&u->restored, line->account);
            if (place != NULL && !money_add(*place, line->amount, place)) {
                return error_set(err, FAULT_INTEGRITY, "loan.overflow",
                                 _("the amounts of a loan do not fit"));
            }
        }
    }
    return true;
}

static bool entries_mirror(struct undoing *u, struct error *err)
{
    struct planning *p = u->planning;
    struct entry_list posted;

    if (!entries_of(p->arena, u->event.body, u->day, &posted, err)) {
        return false;
    }
    entry_list_mirror(&p->entries, &posted);
    u->restored = u->loan;
    u->restored.settled_upto = u->before.has_settled ? u->before.settled_upto : u->loan.start;
    return balances_restore(u, &p->entries, err);
}

/* Days overdue count from the oldest sum that is due and unpaid again. */
static bool state_restore(struct undoing *u, struct error *err)
{
    struct planning *p = u->planning;
    const struct loan *loan = &u->restored;
    struct loan_outlook outlook = {
        .status = u->before.status, .settled_upto = loan->settled_upto, .class = loan->class};
    struct money interest;

    if (!money_add(loan->interest_receivable, loan->off_balance_interest, &interest)) {
        return error_set(err, FAULT_INTEGRITY, "loan.overflow",
                         _("the amounts of a loan do not fit"));
    }
    if (!oldest_unpaid_due(p->store, loan->id, loan->settled_upto, interest, NULL,
                           &outlook.has_unpaid_due, &outlook.unpaid_due, err)) {
        return false;
    }
    if (date_compare(p->day, loan->due) >= 0) {
        outlook.unpaid_due =
            outlook.has_unpaid_due ? date_min(outlook.unpaid_due, loan->due) : loan->due;
        outlook.has_unpaid_due = true;
    }
    outlook.has_overdue_since = outlook.has_unpaid_due && status_is_overdue(outlook.status);
    outlook.overdue_since = outlook.unpaid_due;
    return outlook_record(p, p->out, loan, &outlook, date_add_days(p->day, -1), err);
}

/* --- plans ------------------------------------------------------------------------------------ */

/* Everything that is asked of a proposal is asked again when it is carried out. */
static bool undo(struct undoing *u, uint64_t seq, int64_t loan, struct error *err)
{
    struct planning *p = u->planning;
    struct sha256 leaf;

    u->seq = seq;
    if (seq >= p->seq) {
        return reversal_no_event(seq, p->seq, err);
    }
    return event_load(planning_log(p), p->arena, p->origin, seq, &u->event, &leaf, err) &&
           is_of_a_kind_to_undo(u, err) && is_not_undone(u, err) && event_read(u, loan, err) &&
           nothing_rests_on_it(u, err) && entries_mirror(u, err) &&
           no_settlement_was_missed(u, err);
}

static bool names_the_event(struct planning *p, const struct canon *request, uint64_t seq,
                            struct error *err)
{
    bool named = false;

    if (!planning_names_event(p, request, seq, &named, err)) {
        return false;
    }
    return named || error_set(err, FAULT_REFUSED, "reversal.of-seq",
                              _("the request does not name event %llu as it stands"),
                              (unsigned long long)seq);
}

static void say_what(const struct undoing *u)
{
    struct canon *out = u->planning->out;

    if (!u->is_payout) {
        canon_set_int(out, "repayment", u->repayment);
    }
    canon_set_fen(out, "amount_fen", u->amount);
}

bool plan_loan_reverse(struct planning *p, const struct canon *request, struct error *err)
{
    struct undoing u = {.planning = p};
    int64_t seq = 0;
    int64_t loan = 0;

    if (!canon_get_int(request, "of_seq", &seq) || canon_get_text(request, "reason") == NULL) {
        return request_malformed("of_seq, reason", err);
    }
    if (!canon_get_int(request, "loan", &loan)) {
        loan = 0;
    }
    if (!undo(&u, (uint64_t)seq, loan, err) || !names_the_event(p, request, u.seq, err)) {
        return false;
    }
    say_what(&u);
    entry_list_init(&p->entries, p->arena); /* posted when another person approves */
    return true;
}

/* The proposal that the request decides on, which waits. */
static bool proposal_find(struct planning *p, const struct canon *request,
                          struct reversal_proposal *ret, struct error *err)
{
    int64_t seq = 0;
    int64_t loan = 0;

    if (!canon_get_int(request, "of_seq", &seq) || !canon_get_int(request, "loan", &loan)) {
        return request_malformed("loan, of_seq", err);
    }
    if (!reversal_proposal_load(p->store, p->arena, (uint64_t)seq, ret, err) ||
        !names_the_event(p, request, ret->seq, err)) {
        return false;
    }
    if (ret->loan != loan) {
        return request_malformed("loan", err);
    }
    if (ret->undone_in == 0 && ret->refused_in == 0) {
        return true;
    }
    unsigned long long decided = ret->undone_in + ret->refused_in;
    error_set(err, FAULT_REFUSED, "reversal.decided", _("event %llu decided on proposal %llu"),
              decided, (unsigned long long)ret->seq);
    return error_limit(err, _("a proposal is decided on once"));
}

bool plan_loan_approve_reversal(struct planning *p, const struct canon *request, struct error *err)
{
    struct undoing u = {.planning = p};
    struct reversal_proposal proposal = {0};

    if (!proposal_find(p, request, &proposal, err) ||
        !undo(&u, proposal.of_seq, proposal.loan, err)) {
        return false;
    }
    canon_set_int(p->out, "undone", (int64_t)u.seq);
    say_what(&u);
    return state_restore(&u, err);
}

bool plan_loan_refuse_reversal(struct planning *p, const struct canon *request, struct error *err)
{
    struct reversal_proposal proposal;

    return canon_get_text(request, "reason") == NULL ? request_malformed("reason", err)
                                                     : proposal_find(p, request, &proposal, err);
}

/* --- projections ------------------------------------------------------------------------------ */

bool project_loan_reverse(const struct projection *p, struct error *err)
{
    struct reversal_proposal proposal = {
        .reason = canon_get_text(p->in, "reason"), .day = p->day, .actor = p->actor};
    int64_t of_seq = 0;

    if (!canon_get_int(p->in, "of_seq", &of_seq) || !canon_get_int(p->in, "loan", &proposal.loan) ||
        !canon_get_fen(p->out, "amount_fen", &proposal.amount) || proposal.reason == NULL) {
        return event_malformed("of_seq, loan, reason, amount_fen", err);
    }
    proposal.of_seq = (uint64_t)of_seq;
    return reversal_proposal_put(p->store, p->seq, &proposal, err);
}

bool project_loan_approve_reversal(const struct projection *p, struct error *err)
{
    int64_t proposal = 0;
    int64_t undone = 0;
    int64_t loan = 0;

    if (!canon_get_int(p->in, "of_seq", &proposal) || !canon_get_int(p->in, "loan", &loan) ||
        !canon_get_int(p->out, "undone", &undone)) {
        return event_malformed("of_seq, loan, undone", err);
    }
    return reversal_put(p->store, p->seq, (uint64_t)undone, (uint64_t)proposal, p->day, p->actor,
                        err) &&
           outlook_project(p, loan, err);
}

bool project_loan_refuse_reversal(const struct projection *p, struct error *err)
{
    int64_t proposal = 0;
    const char *reason = canon_get_text(p->in, "reason");

    if (!canon_get_int(p->in, "of_seq", &proposal) || reason == NULL) {
        return event_malformed("of_seq, reason", err);
    }
    return reversal_refusal_put(p->store, p->seq, (uint64_t)proposal, reason, p->day, p->actor,
                                err);
}
