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
    int64_t dated; /* amount x value date */
};

struct posting {
    struct store *store;
    uint64_t seq;
    struct date book_date;
    int64_t year;                /* of the book date */
    int64_t last_entry;          /* id posted last */
    int64_t last_no[BOOK_COUNT]; /* number posted last in this year; -1: not asked yet */
    struct turnover turnover[ACCOUNT_SLOTS];
    struct loan_sum *loan; /* one for each line with a loan */
    size_t loans;
};

/* An entry and a line with the numbers they will have. */
struct numbered_entry {
    int64_t id, no;
    const struct entry_draft *draft;
};
struct numbered_line {
    int64_t entry, n;
    struct entry_line line;
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

/* Mostly the last entry is also the last of the next one's book and year. */
static bool last_entry_load(struct posting *posting, struct error *err)
{
    enum book book = BOOK_BANK;
    bool known = false;
    AUTO_STATEMENT struct statement *query = store_query(
        posting->store, "SELECT id, no, year, book FROM entry ORDER BY id DESC LIMIT 1");
    if (statement_one(query)) {
        posting->last_entry = column_int(query, 0);
        known = column_int(query, 2) == posting->year && book_find(column_text(query, 3), &book);
    }
    if (known) {
        posting->last_no[book] = column_int(query, 1);
    }
    return statement_end(query, err);
}

static bool last_number_load(struct posting *posting, enum book book, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(posting->store, "SELECT no FROM entry WHERE book = $1 AND year = $2 "
                                    "ORDER BY no DESC LIMIT 1");
    bind_text(query, 1, book_word(book));
    bind_int(query, 2, posting->year);
    posting->last_no[book] = statement_one(query) ? column_int(query, 0) : 0;
    return statement_end(query, err);
}

/* Many rows go in a statement of eight, the rest one by one: a statement costs about as much as a
 * row, and one of two or four rows more than two or four of one (SQLite copies the rows of a longer
 * insert aside). $1 on are the columns of the first row, then those of the second, and so on. */
#define ROWS_AT_ONCE 8
#define LINE_COLUMNS 5
#define INSERT_LINES "INSERT INTO line (entry_id, n, account_id, fen, loan_id) VALUES "
#define ENTRY_COLUMNS 8
#define INSERT_ENTRIES                                                                             \
    "INSERT INTO entry (id, seq, book, year, no, kind, book_date, value_date) VALUES "

static const char one_line[] = INSERT_LINES "($1, $2, $3, $4, $5)";
static const char eight_lines[] =
    INSERT_LINES "($1, $2, $3, $4, $5), ($6, $7, $8, $9, $10), ($11, $12, $13, $14, $15),"
                 " ($16, $17, $18, $19, $20), ($21, $22, $23, $24, $25), ($26, $27, $28, $29, $30),"
                 " ($31, $32, $33, $34, $35), ($36, $37, $38, $39, $40)";
static const char one_entry[] = INSERT_ENTRIES "($1, $2, $3, $4, $5, $6, $7, $8)";
static const char eight_entries[] =
    INSERT_ENTRIES "($1, $2, $3, $4, $5, $6, $7, $8), ($9, $10, $11, $12, $13, $14, $15, $16),"
                   " ($17, $18, $19, $20, $21, $22, $23, $24),"
                   " ($25, $26, $27, $28, $29, $30, $31, $32),"
                   " ($33, $34, $35, $36, $37, $38, $39, $40),"
                   " ($41, $42, $43, $44, $45, $46, $47, $48),"
                   " ($49, $50, $51, $52, $53, $54, $55, $56),"
                   " ($57, $58, $59, $60, $61, $62, $63, $64)";

/* As many of the rows that are left as one of the statements takes. */
static int rows_at_once(size_t left)
{
    return left >= ROWS_AT_ONCE ? ROWS_AT_ONCE : 1;
}

static void line_bind(struct statement *insert, int row, const struct numbered_line *line)
{
    int first = row * LINE_COLUMNS;
    bind_int(insert, first + 1, line->entry);
    bind_int(insert, first + 2, line->n);
    bind_int(insert, first + 3, (int64_t)line->line.account);
    bind_money(insert, first + 4, line->line.amount);
    if (line->line.loan == 0) {
        bind_null(insert, first + 5);
    } else {
        bind_int(insert, first + 5, line->line.loan);
    }
}

static bool lines_insert(struct store *store, const struct numbered_line *line, size_t lines,
                         struct error *err)
{
    for (size_t at = 0; at < lines;) {
        int rows = rows_at_once(lines - at);
        AUTO_STATEMENT struct statement *insert =
            store_query(store, rows > 1 ? eight_lines : one_line);
        for (int row = 0; row < rows; row++) {
            line_bind(insert, row, &line[at++]);
        }
        if (!statement_run(insert, err)) {
            return false;
        }
    }
    return true;
}

static void entry_bind(struct statement *insert, int row, const struct posting *posting,
                       const struct numbered_entry *entry)
{
    int first = row * ENTRY_COLUMNS;
    bind_int(insert, first + 1, entry->id);
    bind_int(insert, first + 2, (int64_t)posting->seq);
    bind_text(insert, first + 3, book_word(entry->draft->book));
    bind_int(insert, first + 4, posting->year);
    bind_int(insert, first + 5, entry->no);
    bind_text(insert, first + 6, entry->draft->kind);
    bind_date(insert, first + 7, posting->book_date);
    bind_date(insert, first + 8, entry->draft->value_date);
}

static bool entries_insert(const struct posting *posting, const struct numbered_entry *entry,
                           size_t entries, struct error *err)
{
    for (size_t at = 0; at < entries;) {
        int rows = rows_at_once(entries - at);
        AUTO_STATEMENT struct statement *insert =
            store_query(posting->store, rows > 1 ? eight_entries : one_entry);
        for (int row = 0; row < rows; row++) {
            entry_bind(insert, row, posting, &entry[at++]);
        }
        if (!statement_run(insert, err)) {
            return false;
        }
    }
    return true;
}

static bool refuse_dated(struct error *err)
{
    return error_set(err, FAULT_REFUSED, "journal.overflow",
                     _("the principal of a loan, multiplied by its days, does not fit"));
}

/* Adds the line to what its account and its loan get. */
static bool line_count(struct posting *posting, const struct entry_line *line,
                       struct date value_date, struct error *err)
{
    if (line->loan != 0) {
        struct loan_sum sum = {line->loan, line->account, line->amount, 0};
        if (account_is_principal(line->account) &&
            __builtin_mul_overflow(money_fen(line->amount), value_date.day, &sum.dated)) {
            return refuse_dated(err);
        }
        posting->loan[posting->loans++] = sum;
    }
    return turnover_add(&posting->turnover[line->account], line->amount) ||
           tally_refuse_overflow(err);
}

static bool entry_number(struct posting *posting, const struct entry_draft *draft,
                         struct numbered_entry *ret, struct error *err)
{
    if (posting->last_no[draft->book] < 0 && !last_number_load(posting, draft->book, err)) {
        return false;
    }
    *ret = (struct numbered_entry){++posting->last_entry, ++posting->last_no[draft->book], draft};
    return true;
}

/* Lines come first: the entries close them. */
static bool post_entries(struct posting *posting, const struct entry_list *list, size_t lines,
                         struct error *err)
{
    struct numbered_entry *entry = arena_alloc_array(list->arena, list->count, sizeof *entry);
    struct numbered_line *line = arena_alloc_array(list->arena, lines, sizeof *line);
    size_t at = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct entry_draft *draft = &list->entry[i];
        if (!entry_number(posting, draft, &entry[i], err)) {
            return false;
        }
        for (size_t n = 0; n < draft->lines; n++) {
            line[at++] = (struct numbered_line){entry[i].id, (int64_t)n + 1, draft->line[n]};
            if (!line_count(posting, &draft->line[n], draft->value_date, err)) {
                return false;
            }
        }
    }
    return lines_insert(posting->store, line, lines, err) &&
           entries_insert(posting, entry, list->count, err);
}

/* Kept balances ------------------------------------------------------------------------------- */

#define BALANCE_COLUMNS 3
#define ADD_BALANCES "INSERT INTO balance (account_id, debit_fen, credit_fen) VALUES "
#define TO_WHAT_THERE_IS                                                                           \
    " ON CONFLICT (account_id) DO UPDATE SET debit_fen = balance.debit_fen + excluded.debit_fen, " \
    "credit_fen = balance.credit_fen + excluded.credit_fen "                                       \
    "WHERE balance.debit_fen <= $1 - excluded.debit_fen "                                          \
    "AND balance.credit_fen <= $1 - excluded.credit_fen"

static const char one_balance[] = ADD_BALANCES "($2, $3, $4)" TO_WHAT_THERE_IS;
static const char eight_balances[] =
    ADD_BALANCES "($2, $3, $4), ($5, $6, $7), ($8, $9, $10), ($11, $12, $13), ($14, $15, $16),"
                 " ($17, $18, $19), ($20, $21, $22), ($23, $24, $25)" TO_WHAT_THERE_IS;

/* A row whose sum would go past the limit $1 is not among those that change. */
static bool sums_run(struct statement *upsert, const struct store *store, int rows,
                     struct error *err)
{
    return statement_run(upsert, err) &&
           (store_changes(store) == rows || tally_refuse_overflow(err));
}

static bool balances_add(const struct posting *posting, struct error *err)
{
    enum account moved[ACCOUNT_SLOTS];
    size_t count = 0;
    for (size_t i = 0; i < account_count(); i++) {
        const struct turnover *turnover = &posting->turnover[account_at(i)];
        if (!money_is_zero(turnover->debit) || !money_is_zero(turnover->credit)) {
            moved[count++] = account_at(i);
        }
    }
    for (size_t at = 0; at < count;) {
        int rows = rows_at_once(count - at);
        AUTO_STATEMENT struct statement *upsert =
            store_query(posting->store, rows > 1 ? eight_balances : one_balance);
        bind_int(upsert, 1, TURNOVER_LIMIT_FEN);
        for (int row = 0; row < rows; row++, at++) {
            int first = row * BALANCE_COLUMNS + 1;
            bind_int(upsert, first + 1, (int64_t)moved[at]);
            bind_money(upsert, first + 2, posting->turnover[moved[at]].debit);
            bind_money(upsert, first + 3, posting->turnover[moved[at]].credit);
        }
        if (!sums_run(upsert, posting->store, rows, err)) {
            return false;
        }
    }
    return true;
}

#define LOAN_BALANCE_COLUMNS 4
#define ADD_LOAN_BALANCES "INSERT INTO loan_balance (loan_id, account_id, fen, dated_fen) VALUES "
#define TO_WHAT_STANDS                                                                             \
    " ON CONFLICT (loan_id, account_id) DO UPDATE SET fen = loan_balance.fen + excluded.fen, "     \
    "dated_fen = loan_balance.dated_fen + excluded.dated_fen "                                     \
    "WHERE loan_balance.fen + excluded.fen BETWEEN -$1 AND $1 "                                    \
    "AND loan_balance.dated_fen + excluded.dated_fen BETWEEN -$1 AND $1"

static const char one_loan_balance[] = ADD_LOAN_BALANCES "($2, $3, $4, $5)" TO_WHAT_STANDS;
static const char eight_loan_balances[] = ADD_LOAN_BALANCES
    "($2, $3, $4, $5), ($6, $7, $8, $9), ($10, $11, $12, $13), ($14, $15, $16, $17),"
    " ($18, $19, $20, $21), ($22, $23, $24, $25), ($26, $27, $28, $29),"
    " ($30, $31, $32, $33)" TO_WHAT_STANDS;

/* Each loan and account at most once. */
static bool loan_sums_add(struct store *store, const struct loan_sum *sum, size_t sums,
                          struct error *err)
{
    for (size_t at = 0; at < sums;) {
        int rows = rows_at_once(sums - at);
        AUTO_STATEMENT struct statement *upsert =
            store_query(store, rows > 1 ? eight_loan_balances : one_loan_balance);
        bind_int(upsert, 1, TURNOVER_LIMIT_FEN);
        for (int row = 0; row < rows; row++, at++) {
            int first = row * LOAN_BALANCE_COLUMNS + 1;
            bind_int(upsert, first + 1, sum[at].loan);
            bind_int(upsert, first + 2, (int64_t)sum[at].account);
            bind_money(upsert, first + 3, sum[at].amount);
            bind_int(upsert, first + 4, sum[at].dated);
        }
        if (!sums_run(upsert, store, rows, err)) {
            return false;
        }
    }
    return true;
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

/* Sums of one loan and account become one. A loan that an event moved by nothing still gets its
 * row: so a rebuild comes to the same. */
static bool loan_balances_add(struct posting *posting, struct error *err)
{
    struct loan_sum *sum = posting->loan;
    size_t sums = 0;

    if (posting->loans > 1) {
        qsort(sum, posting->loans, sizeof *sum, loan_sum_order);
    }
    for (size_t i = 0; i < posting->loans; i++) {
        if (sums == 0 || loan_sum_order(&sum[sums - 1], &sum[i]) != 0) {
            sum[sums++] = sum[i];
        } else if (!money_add(sum[sums - 1].amount, sum[i].amount, &sum[sums - 1].amount)) {
            return tally_refuse_overflow(err);
        } else if (__builtin_add_overflow(sum[sums - 1].dated, sum[i].dated,
                                          &sum[sums - 1].dated)) {
            return refuse_dated(err);
        }
    }
    for (size_t i = 0; i < sums; i++) {
        if (sum[i].dated < -TURNOVER_LIMIT_FEN || sum[i].dated > TURNOVER_LIMIT_FEN) {
            return refuse_dated(err);
        }
    }
    return loan_sums_add(posting->store, sum, sums, err);
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
    struct posting posting = {.store = store,
                              .seq = seq,
                              .book_date = book_date,
                              .year = date_to_ymd(book_date).year,
                              .last_no = {-1, -1, -1}};
    size_t lines = count_lines(list);
    posting.loan = arena_alloc_array(list->arena, lines, sizeof *posting.loan);
    return last_entry_load(&posting, err) && post_entries(&posting, list, lines, err) &&
           balances_add(&posting, err) && loan_balances_add(&posting, err);
}
