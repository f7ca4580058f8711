/* plan_interest.c - interest of a period, penalty, and what happens next to a loan. */
#include "cli/service/classification.h"
#include "cli/service/loan_parameter.h"
#include "cli/service/loan_plans.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "ledger/loans/interest.h"
#include "ledger/loans/loan_state.h"
#include "ledger/loans/schedule.h"

static bool overflow(struct error *err)
{
    return error_set(err, FAULT_REFUSED, "loan.overflow", _("the interest does not fit"));
}

/* --- a walk over the days of a period, in pieces in which nothing changes --------------------- */

struct walk {
    struct planning *planning;
    const struct loan *loan;
    struct loan_days days;
    const struct overdue_turn *turn;
    struct subsidy_inquiry *inquiry;
};

/* One piece: the same balance, the same standing, the same subsidy. */
struct piece {
    struct money balance;
    bool overdue;
    bool subsidised;
    struct rate subsidy_rate; /* at most the contract rate */
    struct rate share;
    struct date end; /* not counted */
};

static bool balance_of(const struct walk *walk, struct date day, struct piece *piece)
{
    piece->balance = MONEY_ZERO;
    for (size_t i = 0; i < walk->days.moves; i++) {
        if (date_compare(walk->days.move[i].value_date, day) > 0) {
            piece->end = date_min(piece->end, walk->days.move[i].value_date);
            return true;
        }
        if (!money_add(piece->balance, walk->days.move[i].amount, &piece->balance)) {
            return false;
        }
    }
    return true;
}

static void standing_of(const struct walk *walk, struct date day, struct piece *piece)
{
    piece->overdue = false;
    for (size_t i = 0; i < walk->days.changes; i++) {
        if (date_compare(walk->days.change[i].day, day) > 0) {
            piece->end = date_min(piece->end, walk->days.change[i].day);
            return;
        }
        piece->overdue = walk->days.change[i].overdue;
    }
    if (walk->turn != NULL) {
        if (date_compare(walk->turn->day, day) > 0) {
            piece->end = date_min(piece->end, walk->turn->day);
        } else {
            piece->overdue = true;
        }
    }
}

static void end_at_change(const struct loan_parameter *found, struct piece *piece)
{
    if (found->may_change) {
        piece->end = date_min(piece->end, found->change);
    }
}

/* Of the version by which the share goes. What is not covered earns nothing, whatever they say. */
static bool ask_conditions(const struct walk *walk, const struct policy *policy, struct date day,
                           struct piece *piece, struct error *err)
{
    bool earns = true;

    if (!money_is_positive(walk->loan->covered)) {
        return true;
    }
    if (!subsidy_inquiry_ask(walk->inquiry, policy, day, piece->overdue, &piece->end, &earns,
                             err)) {
        return false;
    }
    piece->subsidised = piece->subsidised && earns;
    return true;
}

/* What county finance pays on the day, and whether it pays at all. */
static bool subsidy_of(const struct walk *walk, struct date day, struct piece *piece,
                       struct error *err)
{
    struct planning *p = walk->planning;
    const struct loan *loan = walk->loan;
    struct loan_parameter rate;
    struct loan_parameter share;
    struct loan_parameter overdue;
    bool while_overdue = false;

    if (!loan_parameter_rate(p, loan, PARAMETER_SUBSIDY_RATE, day, &piece->subsidy_rate, &rate,
                             err) ||
        !loan_parameter_rate(p, loan, PARAMETER_SUBSIDY_SHARE, day, &piece->share, &share, err) ||
        !loan_parameter_find(p, loan, PARAMETER_SUBSIDY_WHILE_OVERDUE, day, &overdue, err) ||
        !policy_truth(overdue.policy, PARAMETER_SUBSIDY_WHILE_OVERDUE, overdue.on, &while_overdue,
                      NULL, err)) {
        return false;
    }
    piece->subsidy_rate = rate_min(piece->subsidy_rate, loan->rate);
    piece->subsidised = !piece->overdue || while_overdue;
    end_at_change(&rate, piece);
    end_at_change(&share, piece);
    end_at_change(&overdue, piece);
    return ask_conditions(walk, share.policy, day, piece, err);
}

struct sums {
    struct accrual interest, subsidy;
    int64_t fen_days;
};

static bool add_piece(const struct walk *walk, const struct piece *piece, int32_t days,
                      struct sums *sums)
{
    struct money covered = money_min(walk->loan->covered, piece->balance);

    if (!accrual_add(&sums->interest, piece->balance, days, walk->loan->rate) ||
        !product_add(&sums->fen_days, piece->balance, days)) {
        return false;
    }
    return !piece->subsidised ||
           accrual_add_share(&sums->subsidy, covered, days, piece->subsidy_rate, piece->share);
}

static bool walk_days(const struct walk *walk, struct date from, struct date upto,
                      struct sums *sums, struct error *err)
{
    struct date day = from;

    while (date_compare(day, upto) < 0) {
        struct piece piece = {.end = upto};
        if (!balance_of(walk, day, &piece)) {
            return overflow(err);
        }
        standing_of(walk, day, &piece);
        if (!subsidy_of(walk, day, &piece, err)) {
            return false;
        }
        if (!add_piece(walk, &piece, date_days_between(day, piece.end), sums)) {
            return overflow(err);
        }
        day = piece.end;
    }
    return true;
}

bool loan_days_load(struct store *store, int64_t loan, struct arena *arena, struct loan_days *ret,
                    struct error *err)
{
    return loan_principal_moves(store, loan, arena, &ret->move, &ret->moves, err) &&
           loan_status_changes(store, loan, arena, &ret->change, &ret->changes, err) &&
           loan_use_findings(store, loan, arena, &ret->use, err);
}

bool settle_days(struct planning *p, const struct loan *loan, const struct loan_days *days,
                 struct date upto, struct date due, const struct overdue_turn *turn,
                 struct canon *decisions, struct settlement *ret, struct error *err)
{
    struct subsidy_inquiry inquiry;
    struct walk walk = {
        .planning = p, .loan = loan, .days = *days, .turn = turn, .inquiry = &inquiry};
    struct sums sums = {0};

    subsidy_inquiry_begin(p, loan, turn, &days->use, decisions, &inquiry);
    bool walked = walk_days(&walk, loan->settled_upto, upto, &sums, err);
    subsidy_inquiry_end(&inquiry, upto);
    if (!walked) {
        return false;
    }
    *ret = (struct settlement){
        .from = loan->settled_upto, .upto = upto, .due = due, .fen_days = sums.fen_days};
    if (!accrual_round(&sums.interest, ROUND_HALF_UP, &ret->interest) ||
        !accrual_round(&sums.subsidy, ROUND_HALF_UP, &ret->treasury)) {
        return overflow(err);
    }
    ret->treasury = money_min(ret->treasury, ret->interest);
    return true;
}

bool settle_interest(struct planning *p, const struct loan *loan, struct date upto, struct date due,
                     struct canon *decisions, struct settlement *ret, struct error *err)
{
    struct loan_days days;

    return loan_days_load(p->store, loan->id, p->arena, &days, err) &&
           settle_days(p, loan, &days, upto, due, NULL, decisions, ret, err);
}

struct money settlement_household_part(const struct settlement *settlement)
{
    return money_from_fen(money_fen(settlement->interest) - money_fen(settlement->treasury));
}

void settlement_entries(struct entry_list *list, int64_t loan, const char *status,
                        const struct settlement *settlement, struct date day)
{
    struct money household = settlement_household_part(settlement);
    bool off_balance = text_equal(status, "non-accrual");

    if (money_is_zero(settlement->interest)) {
        return;
    }
    if (off_balance) {
        entry_pair(list, BOOK_MEMO, "settlement", day, ACCOUNT_OFF_BALANCE_INTEREST, ACCOUNT_CONTRA,
                   household, loan);
        entry_pair(list, BOOK_BANK, "settlement", day, ACCOUNT_SUBSIDY_RECEIVABLE,
                   ACCOUNT_INTEREST_INCOME, settlement->treasury, loan);
        return;
    }
    entry_begin(list, BOOK_BANK, "settlement", day);
    entry_debit(list, ACCOUNT_INTEREST_RECEIVABLE, household, loan);
    entry_debit(list, ACCOUNT_SUBSIDY_RECEIVABLE, settlement->treasury, loan);
    entry_credit(list, ACCOUNT_INTEREST_INCOME, settlement->interest, loan);
}

struct canon *settlement_record(struct arena *arena, const struct settlement *settlement)
{
    struct canon *record = canon_object(arena);
    canon_set_date(record, "from", settlement->from);
    canon_set_date(record, "upto", settlement->upto);
    canon_set_int(record, "fen_days", settlement->fen_days);
    canon_set_fen(record, "interest_fen", settlement->interest);
    canon_set_fen(record, "treasury_fen", settlement->treasury);
    canon_set_date(record, "due", settlement->due);
    return record;
}

bool settlement_project(const struct projection *p, int64_t loan, struct error *err)
{
    struct settlement settlement;
    const struct canon *record = canon_get(p->out, "settled");

    if (record == NULL) {
        return true;
    }
    if (!canon_get_date(record, "from", &settlement.from) ||
        !canon_get_date(record, "upto", &settlement.upto) ||
        !canon_get_int(record, "fen_days", &settlement.fen_days) ||
        !canon_get_fen(record, "interest_fen", &settlement.interest) ||
        !canon_get_fen(record, "treasury_fen", &settlement.treasury) ||
        !canon_get_date(record, "due", &settlement.due)) {
        return event_malformed("settled", err);
    }
    return settlement_put(p->store, p->seq, loan, &settlement, p->day, err);
}

/* --- penalty ---------------------------------------------------------------------------------- */

static bool add_penalty(const struct walk *walk, struct date upto, struct accrual *sum,
                        struct error *err)
{
    const struct loan *loan = walk->loan;

    for (struct date day = loan->due; date_compare(day, upto) < 0;) {
        struct piece piece = {.end = upto};
        struct loan_parameter found;
        struct rate factor;
        if (!loan_parameter_rate(walk->planning, loan, PARAMETER_PENALTY_FACTOR, day, &factor,
                                 &found, err)) {
            return false;
        }
        end_at_change(&found, &piece);
        if (!balance_of(walk, day, &piece) ||
            !accrual_add_share(sum, piece.balance, date_days_between(day, piece.end), loan->rate,
                               factor)) {
            return overflow(err);
        }
        day = piece.end;
    }
    return true;
}

/* With one factor for all days what is kept of the loan tells them at once. False in *ret_done: it
 * takes a walk, for the factor changes, the loan is not settled up to its maturity yet, or value
 * dates after `upto` may be on record. */
static bool penalty_of_kept(struct planning *p, const struct loan *loan, struct date upto,
                            bool *ret_done, struct accrual *sum, struct error *err)
{
    struct loan_parameter found;
    struct rate factor;
    wide fen_days = 0;

    *ret_done = false;
    if (date_compare(loan->settled_upto, loan->due) != 0 || date_compare(upto, p->day) < 0) {
        return true;
    }
    if (!loan_parameter_rate(p, loan, PARAMETER_PENALTY_FACTOR, loan->due, &factor, &found, err)) {
        return false;
    }
    if (found.may_change && date_compare(found.change, upto) < 0) {
        return true;
    }
    *ret_done = true;
    return loan_product_since_maturity(p->store, loan, upto, &fen_days, err) &&
           (accrual_add_product(sum, fen_days, loan->rate, factor) || overflow(err));
}

static bool penalty_of_moves(struct planning *p, const struct loan *loan, struct date upto,
                             struct accrual *sum, struct error *err)
{
    struct walk walk = {.planning = p, .loan = loan};

    return loan_principal_moves_from(p->store, loan->id, loan->due, p->arena, &walk.days.move,
                                     &walk.days.moves, err) &&
           add_penalty(&walk, upto, sum, err);
}

bool penalty_due(struct planning *p, const struct loan *loan, struct date upto, struct money *ret,
                 struct error *err)
{
    struct accrual sum = {0};
    struct money whole;
    bool done = false;

    *ret = MONEY_ZERO;
    if (date_compare(upto, loan->due) <= 0) {
        return true;
    }
    if (!penalty_of_kept(p, loan, upto, &done, &sum, err) ||
        (!done && !penalty_of_moves(p, loan, upto, &sum, err))) {
        return false;
    }
    if (!accrual_round(&sum, ROUND_HALF_UP, &whole) || !money_sub(whole, loan->penalty_paid, ret)) {
        return overflow(err);
    }
    *ret = money_max(*ret, MONEY_ZERO);
    return true;
}

/* --- what happens next ------------------------------------------------------------------------ */

struct search {
    struct date after; /* days up to this one are closed */
    bool found;
    struct date best;
};

static void candidate(struct search *search, struct date day)
{
    struct date first = date_add_days(search->after, 1);
    struct date at = date_max(day, first);

    if (!search->found || date_compare(at, search->best) < 0) {
        search->found = true;
        search->best = at;
    }
}

static void next_settlement(struct search *search, const struct loan *loan)
{
    struct date settlement = next_settlement_day(date_add_days(search->after, 1), loan->settle_day);
    candidate(search, date_min(settlement, loan->due));
}

/* Accrual stops on a day that a later row or version of the policy may bring nearer: the loan is
 * looked at again when that comes into force. */
static bool next_stop(struct search *search, struct planning *p, const struct loan *loan,
                      const struct loan_outlook *outlook, struct error *err)
{
    struct loan_parameter found;
    int64_t limit = 0;

    if (!loan_non_accrual_days(p, loan, search->after, &limit, &found, err)) {
        return false;
    }
    candidate(search, date_add_days(outlook->overdue_since, (int32_t)limit + 1));
    if (found.may_change) {
        candidate(search, found.change);
    }
    return true;
}

static bool next_class(struct search *search, struct planning *p, const struct loan *loan,
                       const struct loan_outlook *outlook, struct error *err)
{
    struct class_case of = {loan, outlook->has_overdue_since, outlook->overdue_since, outlook->use};
    struct date day;
    bool found = false;

    if (!class_changes_on(p, &of, outlook->class, outlook->classed, search->after, &found, &day,
                          err)) {
        return false;
    }
    if (found) {
        candidate(search, day);
    }
    return true;
}

/* False in *ret_found: nothing will happen any more. */
static bool next_day_of(struct planning *p, const struct loan *loan,
                        const struct loan_outlook *outlook, struct date day, bool *ret_found,
                        struct date *ret, struct error *err)
{
    struct search search = {.after = day};
    bool normal = text_equal(outlook->status, "normal");
    bool overdue = text_equal(outlook->status, "overdue");

    *ret_found = false;
    if (!normal && !overdue && !text_equal(outlook->status, "non-accrual")) {
        return true;
    }
    if (date_compare(outlook->settled_upto, loan->due) < 0) {
        next_settlement(&search, loan);
    }
    if (normal && outlook->has_unpaid_due) {
        candidate(&search, date_add_days(outlook->unpaid_due, 1));
    }
    if ((overdue && outlook->has_overdue_since && !next_stop(&search, p, loan, outlook, err)) ||
        !next_class(&search, p, loan, outlook, err)) {
        return false;
    }
    *ret_found = search.found;
    *ret = search.best;
    return true;
}

bool outlook_record(struct planning *p, struct canon *out, const struct loan *loan,
                    const struct loan_outlook *outlook, struct date day, struct error *err)
{
    bool found = false;
    struct date next;

    if (!next_day_of(p, loan, outlook, day, &found, &next, err)) {
        return false;
    }
    if (!text_equal(outlook->status, loan->status)) {
        canon_set_text(out, "status", outlook->status);
    }
    if (!text_equal(outlook->class, loan->class)) {
        canon_set_text(out, "class", outlook->class);
    }
    if (outlook->has_overdue_since) {
        canon_set_date(out, "overdue_since", outlook->overdue_since);
    }
    if (found) {
        canon_set_date(out, "next_day", next);
    }
    return true;
}

bool loan_state_project(const struct projection *p, int64_t loan, const char *status,
                        struct error *err)
{
    struct loan_state_change change = {.status = status};

    change.has_overdue_since = canon_get_date(p->out, "overdue_since", &change.overdue_since);
    change.has_next_day = canon_get_date(p->out, "next_day", &change.next_day);
    return loan_state_put(p->store, p->seq, loan, p->day, &change, err);
}

bool outlook_project(const struct projection *p, int64_t loan, struct error *err)
{
    const char *class = canon_get_text(p->out, "class");

    return loan_state_project(p, loan, canon_get_text(p->out, "status"), err) &&
           (class == NULL || loan_class_put(p->store, p->seq, loan, p->day, class, err));
}
