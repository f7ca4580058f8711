#include "ledger/books/check_kept.h"

#include "ledger/base/text.h"

#include <inttypes.h>

static bool turnover_equal(const struct turnover *a, const struct turnover *b)
{
    return money_compare(a->debit, b->debit) == 0 && money_compare(a->credit, b->credit) == 0;
}

/* Which kept rows are looked at, for the findings. */
struct kept_rows {
    const char *code;
    const char *what; /* "balance", "balance at the end of 2016-10-31" */
    struct findings *findings;
};

static void find_difference(const struct kept_rows *rows, enum account account,
                            const struct turnover *kept, const struct turnover *want)
{
    char text[4][MONEY_TEXT_SIZE];
    findings_add(rows->findings, rows->code, -1,
                 _("%s of %s: debit %s and credit %s are kept, the lines come to %s and %s"),
                 rows->what, account_word(account), money_format(kept->debit, text[0]),
                 money_format(kept->credit, text[1]), money_format(want->debit, text[2]),
                 money_format(want->credit, text[3]));
}

/* Rows of account, debit, credit. */
static bool compare_turnovers(struct statement *query, const struct kept_rows *rows,
                              const struct turnover want[static ACCOUNT_SLOTS], struct error *err)
{
    bool seen[ACCOUNT_SLOTS] = {false};
    while (statement_row(query)) {
        int64_t number = column_int(query, 0);
        struct turnover kept = {money_from_fen(column_int(query, 1)),
                                money_from_fen(column_int(query, 2))};
        enum account account = ACCOUNT_BANK_MONEY;
        if (!account_from_number(number, &account)) {
            findings_add(rows->findings, rows->code, -1,
                         _("%s: account %" PRId64 " does not exist"), rows->what, number);
            continue;
        }
        seen[account] = true;
        if (!turnover_equal(&kept, &want[account])) {
            find_difference(rows, account, &kept, &want[account]);
        }
    }
    for (size_t i = 0; i < account_count(); i++) {
        if (!seen[account_at(i)]) {
            findings_add(rows->findings, rows->code, -1, _("%s of %s is missing"), rows->what,
                         account_word(account_at(i)));
        }
    }
    return statement_end(query, err);
}

bool check_balances(struct store *store, const struct turnover want[static ACCOUNT_SLOTS],
                    struct findings *findings, struct error *err)
{
    const struct kept_rows rows = {"BOOKS_BALANCE", _("balance"), findings};
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT account_id, debit_fen, credit_fen FROM balance ORDER BY account_id");
    return compare_turnovers(query, &rows, want, err);
}

bool check_period(struct store *store, int64_t last_day,
                  const struct turnover want[static ACCOUNT_SLOTS], struct findings *findings,
                  struct error *err)
{
    AUTO_BUFFER what;
    char text[DATE_TEXT_SIZE];
    buffer_init(&what, 256);
    buffer_printf(&what, _("balance at the end of %s"), date_format(date_from_day(last_day), text));
    const struct kept_rows rows = {"BOOKS_PERIOD_BALANCE", what.data, findings};
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT account_id, debit_fen, credit_fen FROM period_balance "
                           "WHERE last_day = $1 ORDER BY account_id");
    bind_int(query, 1, last_day);
    return compare_turnovers(query, &rows, want, err);
}

/* Loans --------------------------------------------------------------------------------------- */

/* A row of loan, account, sum, dated sum from one of two lists ordered alike. */
struct loan_row {
    bool there;
    int64_t loan, account, sum_fen, dated_fen;
};

static struct loan_row loan_row_next(struct statement *query)
{
    struct loan_row row = {.there = statement_row(query)};
    if (row.there) {
        row.loan = column_int(query, 0);
        row.account = column_int(query, 1);
        row.sum_fen = column_int(query, 2);
        row.dated_fen = column_int(query, 3);
    }
    return row;
}

/* As the lists are ordered; what is not there comes last. */
static int loan_row_order(const struct loan_row *a, const struct loan_row *b)
{
    if (!a->there || !b->there) {
        return (int)b->there - (int)a->there;
    }
    if (a->loan != b->loan) {
        return a->loan < b->loan ? -1 : 1;
    }
    return (a->account > b->account) - (a->account < b->account);
}

static void find_loan(struct findings *findings, const struct loan_row *row, const char *fact)
{
    enum account account = ACCOUNT_BANK_MONEY;
    const char *word = account_from_number(row->account, &account) ? account_word(account) : "?";
    findings_add(findings, "BOOKS_LOAN_BALANCE", -1, _("loan %" PRId64 ", %s: %s"), row->loan, word,
                 fact);
}

static void compare_loan_rows(const struct loan_row *kept, const struct loan_row *sum,
                              struct findings *findings)
{
    char text[2][MONEY_TEXT_SIZE];
    if (kept->sum_fen != sum->sum_fen) {
        enum account account = ACCOUNT_BANK_MONEY;
        const char *word =
            account_from_number(kept->account, &account) ? account_word(account) : "?";
        findings_add(findings, "BOOKS_LOAN_BALANCE", -1,
                     _("loan %" PRId64 ", %s: %s is kept, the lines come to %s"), kept->loan, word,
                     money_format(money_from_fen(kept->sum_fen), text[0]),
                     money_format(money_from_fen(sum->sum_fen), text[1]));
    } else if (kept->dated_fen != sum->dated_fen) {
        find_loan(findings, kept, _("the kept days of its balance are not those of its lines"));
    }
}

bool check_loan_balances(struct store *store, struct findings *findings, struct error *err)
{
    AUTO_STATEMENT struct statement *kept_rows =
        store_query(store, "SELECT loan_id, account_id, fen, dated_fen FROM loan_balance "
                           "ORDER BY loan_id, account_id");
    AUTO_STATEMENT struct statement *sums = store_query(
        store, "SELECT line.loan_id, line.account_id, sum(line.fen), "
               "coalesce(sum(CASE WHEN line.account_id BETWEEN $1 AND $2 "
               "THEN line.fen * entry.value_date ELSE 0 END), 0) FROM line "
               "LEFT JOIN entry ON entry.id = line.entry_id WHERE line.loan_id IS NOT NULL "
               "GROUP BY line.loan_id, line.account_id ORDER BY line.loan_id, line.account_id");
    bind_int(sums, 1, ACCOUNT_LOANS_NORMAL);
    bind_int(sums, 2, ACCOUNT_LOANS_NON_ACCRUAL);
    struct loan_row kept = loan_row_next(kept_rows);
    struct loan_row sum = loan_row_next(sums);
    while (kept.there || sum.there) {
        int order = loan_row_order(&kept, &sum);
        if (order < 0) {
            find_loan(findings, &kept, _("a balance is kept of lines that do not exist"));
        } else if (order > 0) {
            find_loan(findings, &sum, _("no balance is kept of its lines"));
        } else {
            compare_loan_rows(&kept, &sum, findings);
        }
        kept = order <= 0 ? loan_row_next(kept_rows) : kept;
        sum = order >= 0 ? loan_row_next(sums) : sum;
    }
    return statement_end(kept_rows, err) && statement_end(sums, err);
}
