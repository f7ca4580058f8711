/* loan_record.c - the facts of a loan's life as they are written. */
#include "ledger/base/text.h"
#include "ledger/loans/loan.h"
#include "ledger/loans/loan_reversal.h"

#include <assert.h>

bool settlement_put(struct store *store, uint64_t seq, int64_t loan,
                    const struct settlement *settlement, struct date settled_on, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO loan_settlement (loan_id, upto_day, from_day, fen_days, interest_fen,"
               " treasury_fen, due_day, settled_on, seq)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    bind_int(query, 1, loan);
    bind_date(query, 2, settlement->upto);
    bind_date(query, 3, settlement->from);
    bind_int(query, 4, settlement->fen_days);
    bind_money(query, 5, settlement->interest);
    bind_money(query, 6, settlement->treasury);
    bind_date(query, 7, settlement->due);
    bind_date(query, 8, settled_on);
    bind_int(query, 9, (int64_t)seq);
    return statement_run(query, err);
}

/* What stood on the accounts, times the days since day 0, less that of the days before maturity:
 * those the settlements have counted. */
bool loan_product_since_maturity(struct store *store, const struct loan *loan, struct date upto,
                                 wide *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT coalesce(sum(t.fen_days), 0) FROM loan_settlement AS t WHERE t.loan_id = $1"
               " AND" SETTLEMENT_STANDS);

    assert(date_compare(loan->settled_upto, loan->due) == 0 && date_compare(upto, loan->due) >= 0);
    bind_int(query, 1, loan->id);
    int64_t before = statement_one(query) ? column_int(query, 0) : 0;
    *ret = (wide)money_fen(loan_unpaid(loan)) * upto.day - loan->principal_dated - before;
    return statement_end(query, err);
}

static void count_back(struct money part, struct date due, struct money *left, bool *found,
                       struct date *ret)
{
    if (money_is_positive(*left) && money_is_positive(part)) {
        *found = true;
        *ret = due;
        *left = money_from_fen(money_fen(*left) - money_fen(part));
    }
}

bool oldest_unpaid_due(struct store *store, int64_t loan, struct date upto, struct money unpaid,
                       const struct settlement *newer, bool *ret_found, struct date *ret,
                       struct error *err)
{
    struct money left = unpaid;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT t.interest_fen, t.treasury_fen, t.due_day"
                           " FROM loan_settlement AS t WHERE t.loan_id = $1 AND t.upto_day <= $2"
                           " AND" SETTLEMENT_STANDS " ORDER BY t.upto_day DESC");

    *ret_found = false;
    if (newer != NULL) {
        count_back(money_from_fen(money_fen(newer->interest) - money_fen(newer->treasury)),
                   newer->due, &left, ret_found, ret);
    }
    bind_int(query, 1, loan);
    bind_date(query, 2, upto);
    while (money_is_positive(left) && statement_row(query)) {
        struct money interest = column_money(query, 0);
        struct money treasury = column_money(query, 1);
        count_back(money_from_fen(money_fen(interest) - money_fen(treasury)), column_date(query, 2),
                   &left, ret_found, ret);
    }
    return statement_end(query, err);
}

#define STATUS_CHANGES_MAX 10000

struct change_list {
    struct arena *arena;
    struct status_change *change;
    size_t count, capacity;
};

static void change_add(struct change_list *list, struct status_change change)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 8 : 2 * list->capacity;
        struct status_change *grown =
            arena_alloc_array(list->arena, capacity, sizeof *list->change);
        for (size_t i = 0; i < list->count; i++) {
            grown[i] = list->change[i];
        }
        list->change = grown;
        list->capacity = capacity;
    }
    list->change[list->count++] = change;
}

bool loan_status_changes(struct store *store, int64_t loan, struct arena *arena,
                         struct status_change **ret, size_t *ret_count, struct error *err)
{
    struct change_list list = {.arena = arena};
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT t.day, t.status FROM loan_status AS t WHERE t.loan_id = $1"
                           " AND" OF_NO_REVERSAL("t.seq") " ORDER BY t.n");
    bind_int(query, 1, loan);
    while (list.count <= STATUS_CHANGES_MAX && statement_row(query)) {
        change_add(&list, (struct status_change){column_date(query, 0),
                                                 status_is_overdue(column_text(query, 1))});
    }
    *ret = list.change;
    *ret_count = list.count;
    if (!statement_end(query, err)) {
        return false;
    }
    return list.count <= STATUS_CHANGES_MAX ||
           error_set(err, FAULT_INTEGRITY, "loan.too-many-changes",
                     _("loan L%lld changed its status too often"), (long long)loan);
}

bool loan_application_put(struct store *store, uint64_t seq, const struct loan *loan,
                          struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO loan (id, household_id, borrower_id, product, purpose, applied_fen,"
               " term_months, rate_ppm, applied_on, policy, actor, seq)"
               " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    bind_int(query, 1, loan->id);
    bind_int(query, 2, loan->household);
    bind_int(query, 3, loan->borrower);
    bind_text(query, 4, loan->product);
    bind_text(query, 5, loan->purpose);
    bind_money(query, 6, loan->applied);
    bind_int(query, 7, loan->term_months);
    bind_rate(query, 8, loan->rate);
    bind_date(query, 9, loan->applied_on);
    bind_sha256(query, 10, &loan->policy);
    bind_text(query, 11, loan->applied_by);
    bind_int(query, 12, (int64_t)seq);
    return statement_run(query, err);
}

bool loan_approval_put(struct store *store, uint64_t seq, int64_t loan, struct money amount,
                       struct date day, const char *actor, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "INSERT INTO loan_approval (loan_id, fen, approved_on, actor, seq)"
                           " VALUES ($1, $2, $3, $4, $5)");
    bind_int(query, 1, loan);
    bind_money(query, 2, amount);
    bind_date(query, 3, day);
    bind_text(query, 4, actor);
    bind_int(query, 5, (int64_t)seq);
    return statement_run(query, err);
}

bool loan_contract_put(struct store *store, uint64_t seq, const struct loan *loan,
                       struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO loan_contract (loan_id, principal_fen, covered_fen, start_day, due_day,"
               " settle_day, policy, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    bind_int(query, 1, loan->id);
    bind_money(query, 2, loan->principal);
    bind_money(query, 3, loan->covered);
    bind_date(query, 4, loan->start);
    bind_date(query, 5, loan->due);
    bind_int(query, 6, loan->settle_day);
    bind_sha256(query, 7, &loan->policy);
    bind_int(query, 8, (int64_t)seq);
    return statement_run(query, err);
}

bool repayment_next(struct store *store, int64_t *ret, struct error *err)
{
    return store_read_int(store, "SELECT coalesce(max(id), 0) + 1 FROM repayment", ret, err);
}

bool repayment_put(struct store *store, uint64_t seq, const struct repayment *repayment,
                   struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "INSERT INTO repayment (id, loan_id, day, received_fen, penalty_fen, interest_fen,"
               " principal_fen, over_fen, seq) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    bind_int(query, 1, repayment->id);
    bind_int(query, 2, repayment->loan);
    bind_date(query, 3, repayment->day);
    bind_money(query, 4, repayment->received);
    bind_money(query, 5, repayment->penalty);
    bind_money(query, 6, repayment->interest);
    bind_money(query, 7, repayment->principal);
    bind_money(query, 8, repayment->over);
    bind_int(query, 9, (int64_t)seq);
    return statement_run(query, err);
}

bool repayment_last_day(struct store *store, int64_t loan, struct date *day, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT r.day FROM repayment AS r WHERE r.loan_id = $1"
                           " AND" REPAYMENT_STANDS " ORDER BY r.day DESC LIMIT 1");
    bind_int(query, 1, loan);
    if (statement_one(query)) {
        *day = date_max(*day, column_date(query, 0));
    }
    return statement_end(query, err);
}
