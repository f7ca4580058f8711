#include "cli/service/classification.h"
#include "cli/service/loan_parameter.h"
#include "cli/service/loan_plans.h"
#include "cli/service/row_writer.h"
#include "ledger/base/text.h"
#include "ledger/books/calendar.h"
#include "ledger/books/policy_record.h"
#include "ledger/loans/loan_due.h"
#include "ledger/loans/schedule.h"

/* One loan at the close of one day. */
struct closing {
    struct planning *planning;
    struct due_loan *due;
    struct loan *loan; /* of it */
    struct loan_outlook outlook;
    struct entry_list entries;
    struct canon *out;
    struct canon *decisions; /* an array */
    bool became_overdue;
};

static bool find_unpaid(struct closing *c, const struct settlement *newer, struct error *err)
{
    struct planning *p = c->planning;
    struct money unpaid;

    if (!money_add(c->loan->interest_receivable, c->loan->off_balance_interest, &unpaid) ||
        (newer != NULL && !money_add(unpaid, settlement_household_part(newer), &unpaid))) {
        return error_set(err, FAULT_INTEGRITY, "loan.overflow", _("the interest does not fit"));
    }
    if (!oldest_unpaid_due(p->store, c->loan->id, date_from_day(DATE_DAY_MAX), unpaid, newer,
                           &c->outlook.has_unpaid_due, &c->outlook.unpaid_due, err)) {
        return false;
    }
    if (date_compare(p->day, c->loan->due) >= 0 && money_is_positive(loan_unpaid(c->loan))) {
        c->outlook.unpaid_due = c->outlook.has_unpaid_due
                                    ? date_min(c->outlook.unpaid_due, c->loan->due)
                                    : c->loan->due;
        c->outlook.has_unpaid_due = true;
    }
    return true;
}

static void mark_overdue(struct closing *c)
{
    struct date day = c->planning->day;

    if (!text_equal(c->outlook.status, "normal") || !c->outlook.has_unpaid_due ||
        date_compare(day, c->outlook.unpaid_due) <= 0) {
        return;
    }
    c->outlook.status = "overdue";
    c->outlook.has_overdue_since = true;
    c->outlook.overdue_since = c->outlook.unpaid_due;
    c->became_overdue = true;
    entry_pair(&c->entries, BOOK_BANK, "to-overdue", day, ACCOUNT_LOANS_OVERDUE,
               ACCOUNT_LOANS_NORMAL, c->loan->normal, c->loan->id);
    c->loan->overdue = c->loan->normal;
}

static bool stop_accrual(struct closing *c, struct error *err)
{
    struct date day = c->planning->day;
    int64_t limit = 0;
    struct loan_parameter found;

    if (!text_equal(c->outlook.status, "overdue") || !c->outlook.has_overdue_since) {
        return true;
    }
    if (!loan_non_accrual_days(c->planning, c->loan, day, &limit, &found, err)) {
        return false;
    }
    if (date_days_between(c->outlook.overdue_since, day) <= limit) {
        return true;
    }
    c->outlook.status = "non-accrual";
    entry_pair(&c->entries, BOOK_BANK, "to-non-accrual", day, ACCOUNT_LOANS_NON_ACCRUAL,
               ACCOUNT_LOANS_OVERDUE, c->loan->overdue, c->loan->id);
    entry_pair(&c->entries, BOOK_BANK, "interest-reversed", day, ACCOUNT_INTEREST_INCOME,
               ACCOUNT_INTEREST_RECEIVABLE, c->loan->interest_receivable, c->loan->id);
    entry_pair(&c->entries, BOOK_MEMO, "interest-reversed", day, ACCOUNT_OFF_BALANCE_INTEREST,
               ACCOUNT_CONTRA, c->loan->interest_receivable, c->loan->id);
    return true;
}

static bool is_settlement_day(const struct closing *c, struct date *ret_upto, struct date *ret_due)
{
    const struct loan *loan = c->loan;
    struct date day = c->planning->day;

    if (date_compare(loan->settled_upto, loan->due) >= 0) {
        return false;
    }
    if (date_compare(day, loan->due) >= 0) { /* maturity wins, and that day is not counted */
        *ret_upto = *ret_due = loan->due;
        return true;
    }
    *ret_upto = *ret_due = date_add_days(day, 1);
    return date_compare(day, loan->start) > 0 &&
           date_compare(next_settlement_day(day, loan->settle_day), day) == 0;
}

static bool settle(struct closing *c, struct error *err)
{
    struct planning *p = c->planning;
    struct settlement settlement;
    struct date upto;
    struct date due;

    if (!is_settlement_day(c, &upto, &due)) {
        return true;
    }
    struct loan_days days = {
        .move = c->due->move,
        .moves = c->due->moves,
        .change = c->due->change,
        .changes = c->due->changes,
        .use = c->due->use,
    };
    struct overdue_turn turn = {p->day, c->outlook.overdue_since};
    if (!settle_days(p, c->loan, &days, upto, due, c->became_overdue ? &turn : NULL, c->decisions,
                     &settlement, err)) {
        return false;
    }
    canon_set(c->out, "settled", settlement_record(p->arena, &settlement));
    settlement_entries(&c->entries, c->loan->id, c->outlook.status, &settlement, p->day);
    c->outlook.settled_upto = upto;
    return find_unpaid(c, &settlement, err);
}

/* Only where the class changes is it on record, and few change. */
static bool class_of(struct closing *c, struct error *err)
{
    struct class_case of = {c->loan, c->outlook.has_overdue_since, c->outlook.overdue_since,
                            c->outlook.use};
    enum loan_class class = CLASS_NORMAL;
    struct canon *record = NULL;

    if (!classify(c->planning, &of, c->planning->day, &c->outlook.classed, &class, &record, err)) {
        return false;
    }
    if (record != NULL) {
        c->outlook.class = loan_class_word(class);
        canon_add(c->decisions, record);
    }
    return true;
}

static bool close_loan(struct planning *p, struct due_loan *due, struct row_writer *rows,
                       struct error *err)
{
    struct loan *loan = &due->loan;
    struct closing c = {.planning = p,
                        .due = due,
                        .loan = loan,
                        .out = canon_object(p->arena),
                        .decisions = canon_array(p->arena)};

    c.outlook = (struct loan_outlook){.status = loan->status,
                                      .has_overdue_since = loan->has_overdue_since,
                                      .overdue_since = loan->overdue_since,
                                      .settled_upto = loan->settled_upto,
                                      .class = loan->class,
                                      .use = &due->use};
    entry_list_init(&c.entries, p->arena);
    canon_set_int(c.out, "loan", loan->id);
    if (!find_unpaid(&c, NULL, err)) {
        return false;
    }
    mark_overdue(&c);
    if (!stop_accrual(&c, err) || !settle(&c, err) || !class_of(&c, err) ||
        !outlook_record(p, c.out, loan, &c.outlook, p->day, err)) {
        return false;
    }
    struct canon *row = canon_object(p->arena);
    canon_set(row, "out", c.out);
    if (c.entries.count > 0) {
        canon_set(row, "entries", entry_list_write(&c.entries, p->day));
    }
    if (canon_count(c.decisions) > 0) {
        canon_set(row, "decision", c.decisions);
    }
    return row_writer_add(rows, row, err);
}

static bool close_each(struct planning *p, struct due_loans *loans, struct row_writer *rows,
                       struct error *err)
{
    struct due_loan due;
    bool found = false;

    do {
        p->arena = row_writer_arena(rows);
        if (!due_loans_next(loans, p->arena, &due, &found, err) ||
            (found && !close_loan(p, &due, rows, err))) {
            return false;
        }
    } while (found && rows->count <= PLAN_ROWS_MAX);
    return !found ||
           error_set(err, FAULT_REFUSED, "day.too-many-loans",
                     _("more than %d loans have something due on one day"), PLAN_ROWS_MAX);
}

/* Those expected between two days. */
static bool close_between(struct planning *p, struct date first, struct date last,
                          enum due_choice choice, struct row_writer *rows, struct error *err)
{
    struct due_loans loans;

    due_loans_begin(p->store, first, last, choice, &loans);
    bool ok = close_each(p, &loans, rows, err);
    due_loans_end(&loans);
    return ok;
}

/* Of those nothing may be expected any more. */
static bool close_non_accrual(struct planning *p, struct row_writer *rows, struct error *err)
{
    struct due_loans loans;

    due_loans_begin_non_accrual(p->store, p->day, &loans);
    bool ok = close_each(p, &loans, rows, err);
    due_loans_end(&loans);
    return ok;
}

/* Whether a version of the policy that begins today keeps classes. */
static bool classes_begin(struct planning *p, bool new_policy, bool *ret, struct error *err)
{
    const struct in_force *in_force = NULL;

    *ret = false;
    if (!new_policy) {
        return true;
    }
    if (!policy_of_day(p, p->day, &in_force, err)) {
        return false;
    }
    *ret = policy_has_point(in_force->policy, DECISION_CLASSIFICATION);
    return true;
}

/* Each in memory of its batch, so that their number does not count. A new policy may say otherwise
 * of every overdue loan, whatever was expected of it, and of every class that an older one gave. */
static bool close_loans(struct planning *p, bool new_policy, struct error *err)
{
    struct date next = date_add_days(p->day, 1);
    struct date last = date_from_day(DATE_DAY_MAX);
    struct arena *of_all = p->arena;
    struct row_writer rows;
    bool keeps_classes = false;

    if (!classes_begin(p, new_policy, &keeps_classes, err)) {
        return false;
    }

    row_writer_begin(p, &rows);
    bool ok = close_between(p, date_from_day(DATE_DAY_MIN), p->day, DUE_ALL, &rows, err) &&
              (!new_policy || close_between(p, next, last, DUE_OVERDUE, &rows, err)) &&
              (!keeps_classes || (close_non_accrual(p, &rows, err) &&
                                  close_between(p, next, last, DUE_CLASSED, &rows, err)));
    p->arena = of_all;
    return row_writer_end(&rows, ok, err);
}

/* Who names a day means that one and no other. */
static bool names_open_day(const struct planning *p, const struct canon *request, struct error *err)
{
    struct date day;
    char text[DATE_TEXT_SIZE];
    char open[DATE_TEXT_SIZE];

    if (canon_get(request, "day") == NULL) {
        return true;
    }
    if (!canon_get_date(request, "day", &day)) {
        return request_malformed("day", err);
    }
    if (date_compare(day, p->day) == 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "day.closed", _("%s is closed already"), date_format(day, text));
    return error_limit(err, _("open is %s"), date_format(p->day, open));
}

/* A version of the policy that begins today may stop accrual earlier than was known when an overdue
 * loan was looked at last. */
static bool policy_begins(const struct planning *p, bool *ret, struct error *err)
{
    struct date first;
    bool found = false;

    if (!policy_activation_after(p->store, date_add_days(p->day, -1), &found, &first, err)) {
        return false;
    }
    *ret = found && date_compare(first, p->day) == 0;
    return true;
}

bool plan_day_close(struct planning *p, const struct canon *request, struct error *err)
{
    bool new_policy = false;

    if (!names_open_day(p, request, err) || !policy_begins(p, &new_policy, err) ||
        !close_loans(p, new_policy, err)) {
        return false;
    }
    canon_set_int(p->out, "loans", (int64_t)p->rows_count);
    return true;
}

bool project_day_close_row(const struct projection *p, struct error *err)
{
    int64_t loan = 0;

    if (!canon_get_int(p->out, "loan", &loan)) {
        return event_malformed("loan", err);
    }
    return settlement_project(p, loan, err) && outlook_project(p, loan, err);
}

bool project_day_close(const struct projection *p, struct error *err)
{
    return open_day_close(p->store, p->seq, p->day, err);
}
