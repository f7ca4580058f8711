#include "reports/definition.h"
#include "reports/words.h"

#include "ledger/base/text.h"
#include "ledger/loans/loan_reversal.h"

#include <inttypes.h>

enum {
    BOOK_DATE,
    VALUE_DATE,
    BOOK_NAME,
    ENTRY,
    KIND,
    CODE,
    ACCOUNT,
    DEBIT,
    CREDIT,
    DEBT,
    REVERSES,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [BOOK_DATE] = {"book_date", "date", "记账日期", CELL_DATE, false},
    [VALUE_DATE] = {"value_date", "value date", "起息日期", CELL_DATE, false},
    [BOOK_NAME] = {"book", "book", "账簿", CELL_WORD, false},
    [ENTRY] = {"entry", "entry", "凭证号", CELL_TEXT, false},
    [KIND] = {"kind", "what", "摘要", CELL_WORD, false},
    [CODE] = {"code", "code", "科目编号", CELL_TEXT, false},
    [ACCOUNT] = {"account", "account", "科目", CELL_WORD, false},
    [DEBIT] = {"debit", "debit", "借方", CELL_MONEY, false},
    [CREDIT] = {"credit", "credit", "贷方", CELL_MONEY, false},
    [DEBT] = {"debt", "debt after it", "债务余额", CELL_MONEY, false},
    [REVERSES] = {"reverses", "reverses", "冲销凭证", CELL_TEXT, false},
};

/* Together the legal debt of the borrower: what compensation or write-off takes from the loan
 * accounts stands in the memo register. */
static bool is_debt(enum account account)
{
    return account == ACCOUNT_LOANS_NORMAL || account == ACCOUNT_LOANS_OVERDUE ||
           account == ACCOUNT_LOANS_NON_ACCRUAL || account == ACCOUNT_INTEREST_RECEIVABLE ||
           account == ACCOUNT_OFF_BALANCE_INTEREST || account == ACCOUNT_SUBROGATED ||
           account == ACCOUNT_WRITTEN_OFF;
}

#define CONTRACT_STOOD NOT_REVERSED_UPTO("c.seq", "$2")

struct statement_reading {
    struct table *table;
    struct account_titles titles;
    const struct word *account[ACCOUNT_SLOTS]; /* made when first met */
    struct money debt;
    int64_t seq;           /* of the row before */
    struct cell *last_row; /* NULL: none yet */
};

static struct cell account_cell(struct statement_reading *reading, enum account account)
{
    if (reading->account[account] == NULL) {
        const struct account_title *title = &reading->titles.of[account];
        struct word *word = arena_alloc(reading->table->arena, sizeof *word);
        word->name = account_word(account);
        word->en = title->code == NULL ? word->name : title->name_en;
        word->zh = title->code == NULL ? word->name : title->name_zh;
        reading->account[account] = word;
    }
    return (struct cell){.kind = CELL_WORD, .word = reading->account[account]};
}

static bool read_line(struct statement_reading *reading, struct statement *query, struct error *err)
{
    struct table *table = reading->table;
    enum account account = ACCOUNT_BANK_MONEY;
    struct cell *row = NULL;
    if (!account_from_number(column_int(query, 6), &account) || account == ACCOUNT_CONTRA) {
        return true;
    }
    if (!report_add_row(table, &row, err)) {
        return false;
    }
    int64_t seq = column_int(query, 8);
    struct money amount = column_money(query, 7);
    if (reading->last_row != NULL && seq != reading->seq) {
        reading->last_row[DEBT] = cell_money(reading->debt);
    }
    if (is_debt(account) && !report_add(&reading->debt, amount, err)) {
        return false;
    }
    row[BOOK_DATE] = cell_date(column_date(query, 0));
    row[VALUE_DATE] = cell_date(column_date(query, 1));
    row[BOOK_NAME] = word_of_book(table, column_text(query, 2));
    row[ENTRY] = cell_text(table, arena_printf(table->arena, "%" PRId64 "-%" PRId64,
                                               column_int(query, 3), column_int(query, 4)));
    row[KIND] = word_of_entry_kind(table, column_text(query, 5));
    if (!column_is_null(query, 9)) {
        row[REVERSES] = cell_text(table, arena_printf(table->arena, "%" PRId64 "-%" PRId64,
                                                      column_int(query, 9), column_int(query, 10)));
    }
    row[CODE] = cell_text(table, reading->titles.of[account].code);
    row[ACCOUNT] = account_cell(reading, account);
    row[money_is_positive(amount) ? DEBIT : CREDIT] =
        cell_money(money_is_positive(amount) ? amount : money_negate(amount));
    reading->seq = seq;
    reading->last_row = row;
    return true;
}

/* The debt stands at the end of each event: between its entries it would jump to and fro. A
 * reversal mirrors the entries of an event in their order. */
static bool read_lines(struct store *store, int64_t loan, const struct report_cut *cut,
                       struct statement_reading *reading, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT e.book_date, e.value_date, e.book, e.year, e.no, e.kind, l.account_id,"
               " l.fen, e.seq, o.year, o.no"
               " FROM line AS l JOIN entry AS e ON e.id = l.entry_id"
               " LEFT JOIN reversal AS r ON r.seq = e.seq"
               " LEFT JOIN entry AS o ON o.id = e.id"
               " - (SELECT min(id) FROM entry WHERE seq = r.seq)"
               " + (SELECT min(id) FROM entry WHERE seq = r.of_seq)"
               " WHERE l.loan_id = $1 AND l.entry_id <= $2 ORDER BY l.entry_id, l.n");
    bind_int(query, 1, loan);
    bind_int(query, 2, cut->entry);
    while (ok && statement_row(query)) {
        ok = read_line(reading, query, err);
    }
    if (reading->last_row != NULL) {
        reading->last_row[DEBT] = cell_money(reading->debt);
    }
    return ok && statement_end(query, err);
}

static void remark_terms(struct table *table, struct statement *query)
{
    table_add_remark(table, (struct remark){"purpose", "purpose", "贷款用途",
                                            word_of_purpose(table, column_text(query, 2))});
    table_add_remark(
        table, (struct remark){"rate", "rate a year", "年利率", cell_rate(column_rate(query, 3))});
    if (column_is_null(query, 4)) {
        return;
    }
    table_add_remark(table, (struct remark){"paid_out", "paid out", "放款金额",
                                            cell_money(column_money(query, 4))});
    table_add_remark(table, (struct remark){"start", "paid out on", "放款日期",
                                            cell_date(column_date(query, 5))});
    table_add_remark(
        table, (struct remark){"due", "due on", "到期日期", cell_date(column_date(query, 6))});
}

static void remark_position(struct table *table, const struct loan_position *position)
{
    table_add_remark(table, (struct remark){"unpaid_principal", "principal unpaid", "贷款余额",
                                            cell_money(position->unpaid_principal)});
    table_add_remark(table, (struct remark){"interest_arrears", "interest in arrears", "欠息金额",
                                            cell_money(position->interest_arrears)});
    table_add_remark(table, (struct remark){"days_overdue", "days overdue", "逾期天数",
                                            cell_int(position->days_overdue)});
    table_add_remark(table, (struct remark){"subsidy", "subsidy so far", "累计贴息",
                                            cell_money(position->subsidy)});
}

static bool read_loan(struct store *store, const struct report_parameters *parameters,
                      const struct report_cut *cut, struct table *table,
                      struct loan_terms *ret_terms, bool *ret_paid_out, struct error *err)
{
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT p.subject, l.household_id, l.purpose, l.rate_ppm, c.principal_fen,"
               " c.start_day, c.due_day"
               " FROM loan AS l JOIN person AS p ON p.id = l.borrower_id"
               " LEFT JOIN loan_contract AS c ON c.loan_id = l.id AND c.seq <= $2"
               " AND" CONTRACT_STOOD " WHERE l.id = $1 AND l.seq <= $2");
    bind_int(query, 1, parameters->loan);
    bind_int(query, 2, cut->seq);
    bool found = statement_one(query);
    *ret_paid_out = found && !column_is_null(query, 4);
    if (found) {
        struct cell borrower =
            report_person(table, parameters, column_text(query, 0), column_int(query, 1));
        table->subject = cell_text(table, arena_printf(table->arena, "№ %" PRId64 "  %s",
                                                       parameters->loan, borrower.text));
        remark_terms(table, query);
    }
    if (*ret_paid_out) {
        *ret_terms =
            (struct loan_terms){parameters->loan, column_money(query, 4), column_date(query, 6)};
    }
    if (!statement_end(query, err)) {
        return false;
    }
    return found ? true
                 : error_set(err, FAULT_REFUSED, "loan.not-found",
                             _("there is no loan %" PRId64 " on that day"), parameters->loan);
}

static bool build(struct store *store, const struct report_parameters *parameters,
                  struct table *table, struct error *err)
{
    struct report_cut cut;
    struct loan_terms terms;
    bool paid_out = false;
    struct statement_reading reading = {.table = table};
    if (!report_cut_load(store, parameters->as_of, &cut, err) ||
        !read_loan(store, parameters, &cut, table, &terms, &paid_out, err) ||
        !account_titles_load(store, table, &reading.titles, err) ||
        !read_lines(store, parameters->loan, &cut, &reading, err)) {
        return false;
    }
    struct cell status = {.kind = CELL_EMPTY};
    if (!loan_status_load(store, parameters->loan, &cut, table, &status, err)) {
        return false;
    }
    table_add_remark(table, (struct remark){"status", "status", "状态", status});
    if (!paid_out) {
        return true;
    }
    struct loan_position position;
    if (!loan_position_load(store, &terms, parameters->as_of, &cut, &position, err)) {
        return false;
    }
    remark_position(table, &position);
    return true;
}

const struct report borrower_statement = {
    .name = "borrower-statement",
    .title_en = "Borrower statement",
    .title_zh = "借款人对账单",
    .subject = REPORT_OF_LOAN,
    .column = columns,
    .columns = COLUMNS,
    .build = build,
};
