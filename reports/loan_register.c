#include "reports/definition.h"
#include "reports/words.h"

#include "ledger/loans/loan_reversal.h"

enum {
    LOAN,
    AREA,
    VILLAGE,
    HOUSEHOLD,
    HEAD,
    BORROWER,
    PRODUCT,
    PURPOSE,
    APPLIED,
    APPROVED,
    PAID_OUT,
    RATE,
    START,
    DUE,
    STATUS,
    CLASS,
    REPAID,
    UNPAID,
    BOOK_PRINCIPAL,
    OVERDUE,
    DAYS_OVERDUE,
    INTEREST_ARREARS,
    SUBSIDY,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [LOAN] = {"loan", "no.", "序号", CELL_INT, false},
    [AREA] = {"area_code", "area", "行政区划", CELL_TEXT, false},
    [VILLAGE] = {"village", "village", "行政村", CELL_TEXT, false},
    [HOUSEHOLD] = {"household", "household", "户号", CELL_INT, false},
    [HEAD] = {"head", "head of household", "户主", CELL_TEXT, false},
    [BORROWER] = {"borrower", "borrower", "借款人", CELL_TEXT, false},
    [PRODUCT] = {"product", "product", "产品", CELL_WORD, false},
    [PURPOSE] = {"purpose", "purpose", "贷款用途", CELL_TEXT, false},
    [APPLIED] = {"applied", "applied for", "申请金额", CELL_MONEY, true},
    [APPROVED] = {"approved", "approved", "审批金额", CELL_MONEY, true},
    [PAID_OUT] = {"paid_out", "paid out", "放款金额", CELL_MONEY, true},
    [RATE] = {"rate", "rate a year", "年利率", CELL_RATE, false},
    [START] = {"start", "paid out on", "放款日期", CELL_DATE, false},
    [DUE] = {"due", "due on", "到期日期", CELL_DATE, false},
    [STATUS] = {"status", "status", "状态", CELL_WORD, false},
    [CLASS] = {"class", "class", "五级分类", CELL_WORD, false},
    [REPAID] = {"repaid_principal", "principal repaid", "偿还本金", CELL_MONEY, true},
    [UNPAID] = {"unpaid_principal", "principal unpaid", "贷款余额", CELL_MONEY, true},
    [BOOK_PRINCIPAL] = {"book_principal", "of it on the bank's books", "其中账面余额", CELL_MONEY,
                        true},
    [OVERDUE] = {"overdue_principal", "principal overdue", "逾期本金", CELL_MONEY, true},
    [DAYS_OVERDUE] = {"days_overdue", "days overdue", "逾期天数", CELL_INT, false},
    [INTEREST_ARREARS] = {"interest_arrears", "interest in arrears", "欠息金额", CELL_MONEY, true},
    [SUBSIDY] = {"subsidy", "subsidy so far", "累计贴息", CELL_MONEY, true},
};

#define CONTRACT_STOOD NOT_REVERSED_UPTO("c.seq", "$1")

struct register_reading {
    struct store *store;
    const struct report_parameters *parameters;
    struct report_cut cut;
    struct table *table;
};

static bool read_head(const struct register_reading *reading, int64_t household, struct cell *ret,
                      struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(reading->store, "SELECT subject FROM person WHERE household_id = $1"
                                    " AND relation = 'head' AND seq <= $2"
                                    " ORDER BY id DESC LIMIT 1");
    bind_int(query, 1, household);
    bind_int(query, 2, reading->cut.seq);
    if (statement_one(query)) {
        *ret = report_person(reading->table, reading->parameters, column_text(query, 0), household);
    }
    return statement_end(query, err);
}

static bool fill_position(const struct register_reading *reading, const struct loan_terms *terms,
                          struct cell *row, struct error *err)
{
    struct loan_position position;
    struct date as_of = reading->parameters->as_of;
    if (!loan_position_load(reading->store, terms, as_of, &reading->cut, &position, err)) {
        return false;
    }
    struct money on_books = position.unpaid_principal;
    if (!report_subtract(&on_books, position.subrogated, err)) {
        return false;
    }
    row[REPAID] = cell_money(position.repaid_principal);
    row[UNPAID] = cell_money(position.unpaid_principal);
    row[BOOK_PRINCIPAL] = cell_money(on_books);
    row[OVERDUE] = cell_money(position.overdue_principal);
    row[DAYS_OVERDUE] = cell_int(position.days_overdue);
    row[INTEREST_ARREARS] = cell_money(position.interest_arrears);
    row[SUBSIDY] = cell_money(position.subsidy);
    return true;
}

static bool fill_row(const struct register_reading *reading, struct statement *query,
                     struct cell *row, struct error *err)
{
    struct table *table = reading->table;
    int64_t loan = column_int(query, 0);
    int64_t household = column_int(query, 3);
    row[LOAN] = cell_int(loan);
    row[AREA] = cell_text(table, column_text(query, 1));
    row[VILLAGE] = cell_text(table, column_text(query, 2));
    row[HOUSEHOLD] = cell_int(household);
    row[BORROWER] = report_person(table, reading->parameters, column_text(query, 4), household);
    row[PRODUCT] = word_of_product(table, column_text(query, 5));
    row[PURPOSE] = word_of_purpose(table, column_text(query, 6));
    row[APPLIED] = cell_money(column_money(query, 7));
    row[RATE] = cell_rate(column_rate(query, 8));
    if (!column_is_null(query, 9)) {
        row[APPROVED] = cell_money(column_money(query, 9));
    }
    if (!read_head(reading, household, &row[HEAD], err) ||
        !loan_status_load(reading->store, loan, &reading->cut, table, &row[STATUS], err)) {
        return false;
    }
    if (column_is_null(query, 10)) {
        return true;
    }
    struct loan_terms terms = {loan, column_money(query, 10), column_date(query, 12)};
    row[PAID_OUT] = cell_money(terms.principal);
    row[START] = cell_date(column_date(query, 11));
    row[DUE] = cell_date(terms.due);
    return (!reading->parameters->classed ||
            loan_class_load(reading->store, loan, &reading->cut, table, &row[CLASS], err)) &&
           fill_position(reading, &terms, row, err);
}

static bool build(struct store *store, const struct report_parameters *parameters,
                  struct table *table, struct error *err)
{
    struct register_reading reading = {.store = store, .parameters = parameters, .table = table};
    if (!report_cut_load(store, parameters->as_of, &reading.cut, err)) {
        return false;
    }
    bool ok = true;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT l.id, h.area_code, h.village, h.id, p.subject, l.product, l.purpose,"
               " l.applied_fen, l.rate_ppm, a.fen, c.principal_fen, c.start_day, c.due_day"
               " FROM loan AS l JOIN household AS h ON h.id = l.household_id"
               " JOIN person AS p ON p.id = l.borrower_id"
               " LEFT JOIN loan_approval AS a ON a.loan_id = l.id AND a.seq <= $1"
               " LEFT JOIN loan_contract AS c ON c.loan_id = l.id AND c.seq <= $1"
               " AND" CONTRACT_STOOD " WHERE l.seq <= $1 ORDER BY l.id");
    bind_int(query, 1, reading.cut.seq);
    while (ok && statement_row(query)) {
        struct cell *row = NULL;
        ok = report_add_row(table, &row, err) && fill_row(&reading, query, row, err);
    }
    return ok && statement_end(query, err);
}

const struct report loan_register = {
    .name = "loan-register",
    .title_en = "Loan register",
    .title_zh = "扶贫小额信贷台账",
    .subject = REPORT_OF_ALL,
    .column = columns,
    .columns = COLUMNS,
    .build = build,
};
