#include "ledger/books/journal.h"

#include "ledger/base/text.h"
#include "ledger/books/mirror.h"
#include "ledger/books/tally.h"

#include <inttypes.h>

/* The check before commit --------------------------------------------------------------------- */

static bool refuse_mismatch(struct error *err, uint64_t seq, const char *fact)
{
    return error_set(err, FAULT_INTERNAL, "journal.mismatch",
                     _("the entries of event %" PRIu64 " are not what was to be posted: %s"), seq,
                     fact);
}

static bool entry_is(struct statement *query, const struct entry_draft *entry,
                     struct date book_date)
{
    bool same_words = text_equal(column_text(query, 1), book_word(entry->book)) &&
                      text_equal(column_text(query, 2), entry->kind);
    return same_words && date_compare(column_date(query, 3), book_date) == 0 &&
           date_compare(column_date(query, 4), entry->value_date) == 0;
}

/* *ret_first is the id of the first; the others follow it. */
static bool recheck_entries(struct store *store, uint64_t seq, int64_t after, struct date book_date,
                            const struct entry_list *list, int64_t *ret_first, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT id, book, kind, book_date, value_date FROM entry "
                           "WHERE seq = $1 AND id > $2 ORDER BY id");
    bind_int(query, 1, (int64_t)seq);
    bind_int(query, 2, after);
    size_t count = 0;
    while (statement_row(query)) {
        int64_t id = column_int(query, 0);
        if (count >= list->count) {
            return refuse_mismatch(err, seq, _("there is an entry too many"));
        }
        *ret_first = count == 0 ? id : *ret_first;
        if (id != *ret_first + (int64_t)count || !entry_is(query, &list->entry[count], book_date)) {
            return refuse_mismatch(err, seq, _("an entry differs"));
        }
        count++;
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return count == list->count || refuse_mismatch(err, seq, _("an entry is missing"));
}

static bool line_is(struct statement *query, int64_t entry_id, const struct entry_line *line)
{
    int64_t entry = column_int(query, 0);
    int64_t account = column_int(query, 1);
    int64_t fen = column_int(query, 2);
    int64_t loan = column_is_null(query, 3) ? 0 : column_int(query, 3);
    return entry == entry_id && account == (int64_t)line->account &&
           fen == money_fen(line->amount) && loan == line->loan;
}

/* Each of the entries has as many rows as it has lines, and they are these. */
static bool lines_are(struct statement *query, int64_t first, const struct entry_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct entry_draft *entry = &list->entry[i];
        for (size_t n = 0; n < entry->lines; n++) {
            if (!statement_row(query) || !line_is(query, first + (int64_t)i, &entry->line[n])) {
                return false;
            }
        }
    }
    return !statement_row(query);
}

bool journal_recheck(struct store *store, uint64_t seq, int64_t after, struct date book_date,
                     const struct entry_list *list, struct error *err)
{
    int64_t first = 0;
    if (!recheck_entries(store, seq, after, book_date, list, &first, err)) {
        return false;
    }
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT entry_id, account_id, fen, loan_id FROM line "
                           "WHERE entry_id BETWEEN $1 AND $2 ORDER BY entry_id, n");
    bind_int(query, 1, first);
    bind_int(query, 2, first + (int64_t)list->count - 1);
    bool equal = lines_are(query, first, list);
    return statement_end(query, err) && (equal || refuse_mismatch(err, seq, _("a line differs")));
}

/* Balances as they stand now ------------------------------------------------------------------ */

bool account_balance(struct store *store, enum account account, struct money *ret,
                     struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT debit_fen, credit_fen FROM balance WHERE account_id = $1");
    bind_int(query, 1, (int64_t)account);
    struct turnover turnover = {MONEY_ZERO, MONEY_ZERO};
    if (statement_one(query)) {
        turnover = (struct turnover){money_from_fen(column_int(query, 0)),
                                     money_from_fen(column_int(query, 1))};
    }
    return statement_end(query, err) &&
           (turnover_balance(&turnover, ret) || tally_refuse_overflow(err));
}

bool loan_account_balance(struct store *store, int64_t loan, enum account account,
                          struct money *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT fen FROM loan_balance WHERE loan_id = $1 AND account_id = $2");
    bind_int(query, 1, loan);
    bind_int(query, 2, (int64_t)account);
    *ret = statement_one(query) ? money_from_fen(column_int(query, 0)) : MONEY_ZERO;
    return statement_end(query, err);
}

bool journal_check_mirrors(struct store *store, struct error *err)
{
    for (size_t i = 0; i < MIRRORS; i++) {
        struct money bank = MONEY_ZERO;
        struct money fund = MONEY_ZERO;
        if (!account_balance(store, mirrors[i].bank, &bank, err) ||
            !account_balance(store, mirrors[i].fund, &fund, err)) {
            return false;
        }
        if (money_compare(bank, money_negate(fund)) != 0) {
            char text[2][MONEY_TEXT_SIZE];
            return error_set(err, FAULT_INTEGRITY, "books.mirror",
                             _("%s is %s in the book of the bank, but %s is %s in the book of the "
                               "fund"),
                             account_word(mirrors[i].bank), money_format(bank, text[0]),
                             account_word(mirrors[i].fund), money_format(fund, text[1]));
        }
    }
    return true;
}

/* A loan's principal -------------------------------------------------------------------------- */

/* In its place by value date, which is nearly always the last. */
bool principal_moves_add(struct principal_moves *list, struct principal_move move,
                         struct error *err)
{
    size_t place = list->count;
    while (place > 0 && date_compare(list->move[place - 1].value_date, move.value_date) > 0) {
        place--;
    }
    if (place > 0 && date_compare(list->move[place - 1].value_date, move.value_date) == 0) {
        struct money *amount = &list->move[place - 1].amount;
        return money_add(*amount, move.amount, amount) || tally_refuse_overflow(err);
    }
    list->move =
        arena_grow(list->arena, list->move, list->count, &list->capacity, sizeof *list->move);
    for (size_t i = list->count; i > place; i--) {
        list->move[i] = list->move[i - 1];
    }
    list->move[place] = move;
    list->count++;
    return true;
}

void principal_moves_end(struct principal_moves *list, struct principal_move **ret,
                         size_t *ret_count)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!money_is_zero(list->move[i].amount)) {
            list->move[kept++] = list->move[i];
        }
    }
    *ret = list->move;
    *ret_count = kept;
}

_Static_assert(ACCOUNT_LOANS_OVERDUE == ACCOUNT_LOANS_NORMAL + 1 &&
                   ACCOUNT_LOANS_NON_ACCRUAL == ACCOUNT_LOANS_NORMAL + 2,
               "the accounts of principal stand together");

/* Summed here: a GROUP BY would build a table of its own for every loan. */
bool loan_principal_moves(struct store *store, int64_t loan, struct arena *arena,
                          struct principal_move **ret, size_t *ret_count, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT entry.value_date, line.fen FROM line "
                           "JOIN entry ON entry.id = line.entry_id "
                           "WHERE line.loan_id = $1 AND line.account_id BETWEEN $2 AND $3 "
                           "ORDER BY line.entry_id, line.n");
    bind_int(query, 1, loan);
    bind_int(query, 2, ACCOUNT_LOANS_NORMAL);
    bind_int(query, 3, ACCOUNT_LOANS_NON_ACCRUAL);
    struct principal_moves list = {.arena = arena};
    while (statement_row(query)) {
        struct principal_move move = {column_date(query, 0), column_money(query, 1)};
        if (!principal_moves_add(&list, move, err)) {
            return false;
        }
    }
    principal_moves_end(&list, ret, ret_count);
    return statement_end(query, err);
}

bool loan_balance_before(struct store *store, int64_t loan, enum account first, enum account last,
                         uint64_t seq, struct money *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT coalesce(sum(line.fen), 0) FROM line "
                           "JOIN entry ON entry.id = line.entry_id "
                           "WHERE line.loan_id = $1 AND line.account_id BETWEEN $2 AND $3 "
                           "AND entry.seq < $4");
    bind_int(query, 1, loan);
    bind_int(query, 2, first);
    bind_int(query, 3, last);
    bind_int(query, 4, (int64_t)seq);
    *ret = statement_one(query) ? column_money(query, 0) : MONEY_ZERO;
    return statement_end(query, err);
}

/* What the loan owes by the kept balances; the moves that are read are taken off again, so that the
 * rest is what stood before them. */
static bool principal_kept(struct store *store, int64_t loan, struct money *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT coalesce(sum(fen), 0) FROM loan_balance "
                           "WHERE loan_id = $1 AND account_id BETWEEN $2 AND $3");
    bind_int(query, 1, loan);
    bind_int(query, 2, ACCOUNT_LOANS_NORMAL);
    bind_int(query, 3, ACCOUNT_LOANS_NON_ACCRUAL);
    *ret = statement_one(query) ? column_money(query, 0) : MONEY_ZERO;
    return statement_end(query, err);
}

/* No value date is later than its book date: entries of days closed before `from` moved all they
 * did before it. */
bool loan_principal_moves_from(struct store *store, int64_t loan, struct date from,
                               struct arena *arena, struct principal_move **ret, size_t *ret_count,
                               struct error *err)
{
    struct principal_moves list = {.arena = arena};
    struct principal_move opening = {.value_date = from};
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT entry.value_date, line.fen FROM line "
               "JOIN entry ON entry.id = line.entry_id "
               "WHERE line.loan_id = $1 AND line.account_id BETWEEN $2 AND $3 "
               "AND line.entry_id > coalesce((SELECT last_entry FROM closed_day "
               "WHERE day < $4 ORDER BY day DESC LIMIT 1), 0) ORDER BY line.entry_id, line.n");
    bind_int(query, 1, loan);
    bind_int(query, 2, ACCOUNT_LOANS_NORMAL);
    bind_int(query, 3, ACCOUNT_LOANS_NON_ACCRUAL);
    bind_date(query, 4, from);
    if (!principal_kept(store, loan, &opening.amount, err)) {
        return false;
    }
    while (statement_row(query)) {
        struct money amount = column_money(query, 1);
        struct principal_move move = {date_max(column_date(query, 0), from), amount};
        if (!principal_moves_add(&list, move, err)) {
            return false;
        }
        if (!money_sub(opening.amount, amount, &opening.amount)) {
            return tally_refuse_overflow(err);
        }
    }
    if (!statement_end(query, err) || !principal_moves_add(&list, opening, err)) {
        return false;
    }
    principal_moves_end(&list, ret, ret_count);
    return true;
}
