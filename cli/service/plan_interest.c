/* plan_interest.c - interest of a period, penalty, and what happens next to a loan. */
#include "cli/service/loan_plans.h"
#include "cli/service/policy_shelf.h"
#include "ledger/base/text.h"
#include "ledger/books/journal.h"
#include "ledger/loans/interest.h"
#include "ledger/loans/loan_state.h"
#include "ledger/loans/schedule.h"

static bool overflow(struct error *err)
{
    return error_set(err, FAULT_REFUSED, "loan.overflow", _("the interest does not fit"));
}

/* --- a walk over the days of a period, in pieces in which nothing changes ---------------------- */

struct walk {
    struct planning *planning;
    const struct loan *loan;
    struct principal_move *move;
    size_t moves;
    struct status_change *change;
    size_t changes;
    const struct date *overdue_from;
    struct rate subsidy_rate; /* of the contract's policy, at most the contract rate */
    bool subsidy_while_overdue;
};

/* One piece: the same balance, the same standing, the same share. */
struct piece {
    struct money balance;
    bool overdue;
    struct rate share;
    struct date end; /* not counted */
};

static bool balance_of(const struct walk *walk, struct date day, struct piece *piece)
{
    piece->balance = MONEY_ZERO;
    for (size_t i = 0; i < walk->moves; i++) {
        if (date_compare(walk->move[i].value_date, day) > 0) {
            piece->end = date_min(piece->end, walk->move[i].value_date);
            return true;
        }
        if (!money_add(piece->balance, walk->move[i].amount, &piece->balance)) {
            return false;
        }
    }
    return true;
}

static void standing_of(const struct walk *walk, struct date day, struct piece *piece)
{
    piece->overdue = false;
    for (size_t i = 0; i < walk->changes; i++) {
        if (date_compare(walk->change[i].day, day) > 0) {
            piece->end = date_min(piece->end, walk->change[i].day);
            return;
        }
        piece->overdue = walk->change[i].overdue;
    }
    if (walk->overdue_from != NULL) {
        if (date_compare(*walk->overdue_from, day) > 0) {
            piece->end = date_min(piece->end, *walk->overdue_from);
        } else {
            piece->overdue = true;
        }
    }
}

static bool next_activation(struct store *store, struct date day, struct date *end,
                            struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT from_day FROM policy_activation WHERE from_day > $1"
               " ORDER BY from_day LIMIT 1");
    bind_date(query, 1, day);
    if (statement_one(query)) {
        *end = date_min(*end, column_date(query, 0));
    }
    return statement_end(query, err);
}

/* The share of the subsidy follows the day on which interest accrues. */
static bool share_of(const struct walk *walk, struct date day, struct piece *piece,
                     struct error *err)
{
    const struct policy *policy = NULL;
    struct date change;
    struct planning *p = walk->planning;

    if (!policy_in_force(p->policies, p->store, day, &policy, err) ||
        !policy_rate(policy, PARAMETER_SUBSIDY_SHARE, day, &piece->share, NULL, err) ||
        !next_activation(p->store, day, &piece->end, err)) {
        return false;
    }
    if (policy_next_change(policy, PARAMETER_SUBSIDY_SHARE, day, &change)) {
        piece->end = date_min(piece->end, change);
    }
    return true;
}

struct sums {
    struct accrual interest, subsidy;
    int64_t fen_days;
};

static bool add_piece(const struct walk *walk, const struct piece *piece, int32_t days,
                      struct sums *sums)
{
    struct money covered = money_min(walk->loan->covered, piece->balance);
    bool subsidised = !piece->overdue || walk->subsidy_while_overdue;

    if (!accrual_add(&sums->interest, piece->balance, days, walk->loan->rate) ||
        !product_add(&sums->fen_days, piece->balance, days)) {
        return false;
    }
    return !subsidised ||
           accrual_add_share(&sums->subsidy, covered, days, walk->subsidy_rate, piece->share);
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
        if (!share_of(walk, day, &piece, err)) {
            return false;
        }
        if (!add_piece(walk, &piece, date_days_between(day, piece.end), sums)) {
            return overflow(err);
        }
        day = piece.end;
    }
    return true;
}

static bool walk_begin(struct planning *p, const struct loan *loan, struct walk *ret,
                       struct error *err)
{
    const struct policy *policy = NULL;
    struct rate rate;

    *ret = (struct walk){.planning = p, .loan = loan};
    if (!policy_with_digest(p->policies, p->store, &loan->policy, &policy, err) ||
        !policy_rate(policy, PARAMETER_SUBSIDY_RATE, loan->start, &rate, NULL, err) ||
        !policy_truth(policy, PARAMETER_SUBSIDY_WHILE_OVERDUE, loan->start,
                      &ret->subsidy_while_overdue, NULL, err)) {
        return false;
    }
    ret->subsidy_rate = rate_min(rate, loan->rate);
    return loan_principal_moves(p->store, loan->id, p->arena, &ret->move, &ret->moves, err) &&
           loan_status_changes(p->store, loan->id, p->arena, &ret->change, &ret->changes, err);
}

bool settle_interest(struct planning *p, const struct loan *loan, struct date upto,
                     struct date due, const struct date *overdue_from, struct settlement *ret,
                     struct error *err)
{
    struct walk walk;
    struct sums sums = {0};

    if (!walk_begin(p, loan, &walk, err)) {
        return false;
    }
    walk.overdue_from = overdue_from;
    if (!walk_days(&walk, loan->settled_upto, upto, &sums, err)) {
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
        entry_pair(list, BOOK_MEMO, "settlement", day, ACCOUNT_OFF_BALANCE_INTEREST,
                   ACCOUNT_CONTRA, household, loan);
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

/* --- penalty ----------------------------------------------------------------------------------- */

bool penalty_due(struct planning *p, const struct loan *loan, struct date upto, struct money *ret,
                 struct error *err)
{
    struct walk walk;
    struct accrual accrual = {0};
    struct rate factor;
    struct money whole;
    const struct policy *policy = NULL;

    *ret = MONEY_ZERO;
    if (date_compare(upto, loan->due) <= 0) {
        return true;
    }
    if (!walk_begin(p, loan, &walk, err) ||
        !policy_with_digest(p->policies, p->store, &loan->policy, &policy, err) ||
        !policy_rate(policy, PARAMETER_PENALTY_FACTOR, loan->start, &factor, NULL, err)) {
        return false;
    }
    for (struct date day = loan->due; date_compare(day, upto) < 0;) {
        struct piece piece = {.end = upto};
        if (!balance_of(&walk, day, &piece) ||
            !accrual_add_share(&accrual, piece.balance, date_days_between(day, piece.end),
                               loan->rate, factor)) {
            return overflow(err);
        }
        day = piece.end;
    }
    if (!accrual_round(&accrual, ROUND_HALF_UP, &whole) ||
        !money_sub(whole, loan->penalty_paid, ret)) {
        return overflow(err);
    }
    *ret = money_max(*ret, MONEY_ZERO);
    return true;
}

/* --- what happens next ------------------------------------------------------------------------- */

bool non_accrual_limit(struct planning *p, struct date day, int64_t *ret, struct error *err)
{
    const struct policy *policy = NULL;
    return policy_in_force(p->policies, p->store, day, &policy, err) &&
           policy_int(policy, PARAMETER_NON_ACCRUAL_AFTER_DAYS, day, ret, NULL, err);
}

static void candidate(struct date day, struct date after, bool *found, struct date *best)
{
    if (date_compare(day, after) > 0 && (!*found || date_compare(day, *best) < 0)) {
        *found = true;
        *best = day;
    }
}

bool next_day_of(struct planning *p, const struct loan *loan, const struct loan_outlook *outlook,
                 struct date day, bool *ret_found, struct date *ret, struct error *err)
{
    int64_t limit = 0;
    bool normal = text_equal(outlook->status, "normal");
    bool overdue = text_equal(outlook->status, "overdue");

    *ret_found = false;
    if (!normal && !overdue && !text_equal(outlook->status, "non-accrual")) {
        return true;
    }
    if (date_compare(outlook->settled_upto, loan->due) < 0) {
        struct date settlement =
            next_settlement_day(date_add_days(day, 1), loan->settle_day);
        if (date_compare(settlement, loan->due) < 0) {
            candidate(settlement, day, ret_found, ret);
        }
        candidate(loan->due, day, ret_found, ret);
    }
    if (normal && outlook->has_unpaid_due) {
        candidate(date_max(date_add_days(outlook->unpaid_due, 1), date_add_days(day, 1)), day,
                  ret_found, ret);
    }
    if (overdue && outlook->has_overdue_since) {
        if (!non_accrual_limit(p, day, &limit, err)) {
            return false;
        }
        candidate(date_max(date_add_days(outlook->overdue_since, (int32_t)limit + 1),
                           date_add_days(day, 1)),
                  day, ret_found, ret);
    }
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
    if (outlook->has_overdue_since) {
        canon_set_date(out, "overdue_since", outlook->overdue_since);
    }
    if (found) {
        canon_set_date(out, "next_day", next);
    }
    return true;
}

bool outlook_project(const struct projection *p, int64_t loan, struct error *err)
{
    struct loan_state_change change = {.status = canon_get_text(p->out, "status")};

    change.has_overdue_since = canon_get_date(p->out, "overdue_since", &change.overdue_since);
    change.has_next_day = canon_get_date(p->out, "next_day", &change.next_day);
    return loan_state_put(p->store, p->seq, loan, p->day, &change, err);
}
