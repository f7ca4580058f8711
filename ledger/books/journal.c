#include "ledger/books/journal.h"

#include "ledger/base/text.h"
#include "ledger/books/tally.h"

#include <inttypes.h>
#include <stdlib.h>

/* What one event adds to the kept tables, summed in memory so that each row is touched once. */
struct loan_sum {
    int64_t loan;
    enum account account;
    struct money amount;
};

struct posting {
    struct store *store;
    uint64_t seq;
    struct date book_date;
    int64_t last_entry;          /* id posted last */
    int64_t last_no[BOOK_COUNT]; /* number posted last in this year; -1: not asked yet */
    struct turnover turnover[ACCOUNT_SLOTS];
    struct loan_sum *loan; /* one for each line with a loan */
    size_t loans;
};

/* Before anything is written ------------------------------------------------------------------ */

static bool check_draft(const struct entry_draft *entry, struct date book_date, struct error *err)
{
    struct money sum = MONEY_ZERO;
    for (size_t i = 0; i < entry->lines; i++) {
        if (!money_add(sum, entry->line[i].amount, &sum)) {
            return tally_refuse_overflow(err);
        }
    }
    if (entry->lines < 2 || !money_is_zero(sum)) {
        return error_set(err, FAULT_INTERNAL, "journal.unbalanced",
                         _("an entry of kind %s has %zu lines with a sum of %" PRId64 " fen"),
                         entry->kind, entry->lines, money_fen(sum));
    }
    if (date_compare(entry->value_date, book_date) > 0) {
        char value[DATE_TEXT_SIZE];
        char book[DATE_TEXT_SIZE];
        return error_set(err, FAULT_REFUSED, "journal.value-date",
                         _("the value date %s is later than the book date %s"),
                         date_format(entry->value_date, value), date_format(book_date, book));
    }
    return true;
}

static bool check_drafts(const struct entry_list *list, struct date book_date, struct error *err)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!check_draft(&list->entry[i], book_date, err)) {
            return false;
        }
    }
    return true;
}

/* Rows of entry and line ---------------------------------------------------------------------- */

bool journal_last_entry(struct store *store, int64_t *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT id FROM entry ORDER BY id DESC LIMIT 1");
    *ret = statement_one(query) ? column_int(query, 0) : 0;
    return statement_end(query, err);
}

static bool last_number_load(struct posting *posting, enum book book, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(posting->store, "SELECT no FROM entry WHERE book = $1 AND year = $2 "
                                    "ORDER BY no DESC LIMIT 1");
    bind_text(query, 1, book_word(book));
    bind_int(query, 2, date_to_ymd(posting->book_date).year);
    posting->last_no[book] = statement_one(query) ? column_int(query, 0) : 0;
    return statement_end(query, err);
}

static bool line_insert(struct posting *posting, size_t n, const struct entry_line *line,
                        struct error *err)
{
    AUTO_STATEMENT struct statement *insert =
        store_query(posting->store, "INSERT INTO line (entry_id, n, account_id, fen, loan_id) "
                                    "VALUES ($1, $2, $3, $4, $5)");
    bind_int(insert, 1, posting->last_entry);
    bind_int(insert, 2, (int64_t)n);
    bind_int(insert, 3, (int64_t)line->account);
    bind_money(insert, 4, line->amount);
    if (line->loan == 0) {
        bind_null(insert, 5);
    } else {
        bind_int(insert, 5, line->loan);
        posting->loan[posting->loans++] =
            (struct loan_sum){line->loan, line->account, line->amount};
    }
    return statement_run(insert, err) &&
           (turnover_add(&posting->turnover[line->account], line->amount) ||
            tally_refuse_overflow(err));
}

static bool entry_insert(struct posting *posting, const struct entry_draft *entry,
                         struct error *err)
{
    AUTO_STATEMENT struct statement *insert = store_query(
        posting->store, "INSERT INTO entry (id, seq, book, year, no, kind, book_date, value_date) "
                        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
    bind_int(insert, 1, posting->last_entry);
    bind_int(insert, 2, (int64_t)posting->seq);
    bind_text(insert, 3, book_word(entry->book));
    bind_int(insert, 4, date_to_ymd(posting->book_date).year);
    bind_int(insert, 5, posting->last_no[entry->book]);
    bind_text(insert, 6, entry->kind);
    bind_date(insert, 7, posting->book_date);
    bind_date(insert, 8, entry->value_date);
    return statement_run(insert, err);
}

/* Lines come first: the entry closes them. */
static bool post_entry(struct posting *posting, const struct entry_draft *entry, struct error *err)
{
    if (posting->last_no[entry->book] < 0 && !last_number_load(posting, entry->book, err)) {
        return false;
    }
    posting->last_entry++;
    posting->last_no[entry->book]++;
    for (size_t i = 0; i < entry->lines; i++) {
        if (!line_insert(posting, i + 1, &entry->line[i], err)) {
            return false;
        }
    }
    return entry_insert(posting, entry, err);
}

/* Kept balances ------------------------------------------------------------------------------- */

static bool balance_add(struct store *store, enum account account, const struct turnover *turnover,
                        struct error *err)
{
    AUTO_STATEMENT struct statement *upsert = store_query(
        store, "INSERT INTO balance (account_id, debit_fen, credit_fen) VALUES ($1, $2, $3) "
               "ON CONFLICT (account_id) DO UPDATE SET "
               "debit_fen = balance.debit_fen + excluded.debit_fen, "
               "credit_fen = balance.credit_fen + excluded.credit_fen "
               "WHERE balance.debit_fen <= $4 - excluded.debit_fen "
               "AND balance.credit_fen <= $4 - excluded.credit_fen");
    bind_int(upsert, 1, (int64_t)account);
    bind_money(upsert, 2, turnover->debit);
    bind_money(upsert, 3, turnover->credit);
    bind_int(upsert, 4, TURNOVER_LIMIT_FEN);
    return statement_run(upsert, err) && (store_changes(store) == 1 || tally_refuse_overflow(err));
}

static bool balances_add(struct posting *posting, struct error *err)
{
    for (size_t i = 0; i < account_count(); i++) {
        enum account account = account_at(i);
        const struct turnover *turnover = &posting->turnover[account];
        if (money_is_zero(turnover->debit) && money_is_zero(turnover->credit)) {
            continue;
        }
        if (!balance_add(posting->store, account, turnover, err)) {
            return false;
        }
    }
    return true;
}

static bool loan_balance_add(struct store *store, const struct loan_sum *sum, struct error *err)
{
    AUTO_STATEMENT struct statement *upsert = store_query(
        store, "INSERT INTO loan_balance (loan_id, account_id, fen) VALUES ($1, $2, $3) "
               "ON CONFLICT (loan_id, account_id) DO UPDATE SET "
               "fen = loan_balance.fen + excluded.fen "
               "WHERE loan_balance.fen + excluded.fen BETWEEN -$4 AND $4");
    bind_int(upsert, 1, sum->loan);
    bind_int(upsert, 2, (int64_t)sum->account);
    bind_money(upsert, 3, sum->amount);
    bind_int(upsert, 4, TURNOVER_LIMIT_FEN);
    return statement_run(upsert, err) && (store_changes(store) == 1 || tally_refuse_overflow(err));
}

static int loan_sum_order(const void *left, const void *right)
{
    const struct loan_sum *a = left;
    const struct loan_sum *b = right;
    if (a->loan != b->loan) {
        return a->loan < b->loan ? -1 : 1;
    }
    return (a->account > b->account) - (a->account < b->account);
}

/* A loan that an event moved by nothing still gets its row: so a rebuild comes to the same. */
static bool loan_balances_add(struct posting *posting, struct error *err)
{
    if (posting->loans > 1) {
        qsort(posting->loan, posting->loans, sizeof *posting->loan, loan_sum_order);
    }
    for (size_t i = 0; i < posting->loans;) {
        struct loan_sum sum = posting->loan[i++];
        while (i < posting->loans && loan_sum_order(&posting->loan[i], &sum) == 0) {
            if (!money_add(sum.amount, posting->loan[i++].amount, &sum.amount)) {
                return tally_refuse_overflow(err);
            }
        }
        if (!loan_balance_add(posting->store, &sum, err)) {
            return false;
        }
    }
    return true;
}

static size_t count_lines(const struct entry_list *list)
{
    size_t lines = 0;
    for (size_t i = 0; i < list->count; i++) {
        lines += list->entry[i].lines;
    }
    return lines;
}

bool journal_post(struct store *store, uint64_t seq, struct date book_date,
                  const struct entry_list *list, struct error *err)
{
    if (!check_drafts(list, book_date, err)) {
        return false;
    }
    struct posting posting = {
        .store = store, .seq = seq, .book_date = book_date, .last_no = {-1, -1, -1}};
    posting.loan = arena_alloc_array(list->arena, count_lines(list), sizeof *posting.loan);
    if (!journal_last_entry(store, &posting.last_entry, err)) {
        return false;
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!post_entry(&posting, &list->entry[i], err)) {
            return false;
        }
    }
    return balances_add(&posting, err) && loan_balances_add(&posting, err);
}
