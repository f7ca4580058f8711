#include "reports/definition.h"
#include "reports/words.h"

#include "ledger/base/text.h"

enum {
    CLAIM,
    LOAN,
    AREA,
    VILLAGE,
    BORROWER,
    FILED,
    DAYS_OVERDUE,
    LOSS,
    LOSS_INTEREST,
    INSURER,
    FUND,
    BANK,
    STATUS,
    DECIDED,
    INSURER_PAID,
    INSURER_PAID_ON,
    FUND_PAID,
    FUND_PAID_ON,
    GIVEN_BACK,
    GIVEN_BACK_ON,
    RECOVERED,
    COSTS,
    RECOVERED_INSURER,
    RECOVERED_FUND,
    RECOVERED_BANK,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [CLAIM] = {"claim", "no.", "序号", CELL_INT, false},
    [LOAN] = {"loan", "loan", "贷款号", CELL_INT, false},
    [AREA] = {"area_code", "area", "行政区划", CELL_TEXT, false},
    [VILLAGE] = {"village", "village", "行政村", CELL_TEXT, false},
    [BORROWER] = {"borrower", "borrower", "借款人", CELL_TEXT, false},
    [FILED] = {"filed_on", "filed on", "申请日期", CELL_DATE, false},
    [DAYS_OVERDUE] = {"days_overdue", "days overdue then", "申请时逾期天数", CELL_INT, false},
    [LOSS] = {"loss", "loss", "损失金额", CELL_MONEY, true},
    [LOSS_INTEREST] = {"loss_interest", "of it interest", "其中利息", CELL_MONEY, true},
    [INSURER] = {"insurer", "insurer's share", "保险公司承担", CELL_MONEY, true},
    [FUND] = {"fund", "fund's share", "基金承担", CELL_MONEY, true},
    [BANK] = {"bank", "bank's share", "银行承担", CELL_MONEY, true},
    [STATUS] = {"status", "status", "状态", CELL_WORD, false},
    [DECIDED] = {"decided_on", "decided on", "核定日期", CELL_DATE, false},
    [INSURER_PAID] = {"insurer_paid", "paid by the insurer", "保险赔款", CELL_MONEY, true},
    [INSURER_PAID_ON] = {"insurer_paid_on", "on", "赔款日期", CELL_DATE, false},
    [FUND_PAID] = {"fund_paid", "paid by the fund", "基金补偿款", CELL_MONEY, true},
    [FUND_PAID_ON] = {"fund_paid_on", "on", "补偿日期", CELL_DATE, false},
    [GIVEN_BACK] = {"advances_given_back", "advances given back", "归还代垫款", CELL_MONEY, true},
    [GIVEN_BACK_ON] = {"advances_given_back_on", "on", "归还日期", CELL_DATE, false},
    [RECOVERED] = {"recovered", "recovered", "追偿收回", CELL_MONEY, true},
    [COSTS] = {"recovery_costs", "less costs", "追偿费用", CELL_MONEY, true},
    [RECOVERED_INSURER] = {"recovered_insurer", "to the insurer", "返还保险公司", CELL_MONEY, true},
    [RECOVERED_FUND] = {"recovered_fund", "to the fund", "返还基金", CELL_MONEY, true},
    [RECOVERED_BANK] = {"recovered_bank", "to the bank", "归银行", CELL_MONEY, true},
};

struct claims_reading {
    struct store *store;
    const struct report_parameters *parameters;
    struct report_cut cut;
    struct table *table;
};

static bool read_status(const struct claims_reading *reading, int64_t claim, struct cell *row,
                        struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(reading->store, "SELECT status, day FROM claim_status"
                                    " WHERE claim_id = $1 AND seq <= $2 ORDER BY n");
    bind_int(query, 1, claim);
    bind_int(query, 2, reading->cut.seq);
    while (statement_row(query)) {
        const char *status = column_text(query, 0);
        row[STATUS] = word_of_claim_status(reading->table, status);
        if (text_equal(status, "accepted") || text_equal(status, "refused")) {
            row[DECIDED] = cell_date(column_date(query, 1));
        }
    }
    return statement_end(query, err);
}

/* By whom it is handed over to the bank; the day is that of the last part. */
static bool read_payments(const struct claims_reading *reading, int64_t claim, struct cell *row,
                          struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(reading->store, "SELECT payer, receiver, sum(fen), max(day) FROM claim_payment"
                                    " WHERE claim_id = $1 AND seq <= $2"
                                    " GROUP BY CASE receiver WHEN 'bank' THEN payer END");
    bind_int(query, 1, claim);
    bind_int(query, 2, reading->cut.seq);
    while (statement_row(query)) {
        bool insurer = text_equal(column_text(query, 0), "insurer");
        int place = !text_equal(column_text(query, 1), "bank") ? GIVEN_BACK
                    : insurer                                  ? INSURER_PAID
                                                               : FUND_PAID;
        row[place] = cell_money(column_money(query, 2));
        row[place + 1] = cell_date(column_date(query, 3)); /* the day stands beside its sum */
    }
    return statement_end(query, err);
}

static bool read_recoveries(const struct claims_reading *reading, int64_t claim, struct cell *row,
                            struct error *err)
{
    static const int places[] = {RECOVERED, COSTS, RECOVERED_INSURER, RECOVERED_FUND,
                                 RECOVERED_BANK};
    AUTO_STATEMENT struct statement *query = store_query(
        reading->store, "SELECT count(*), coalesce(sum(gross_fen), 0), coalesce(sum(costs_fen), 0),"
                        " coalesce(sum(insurer_fen), 0), coalesce(sum(fund_fen), 0),"
                        " coalesce(sum(bank_fen), 0)"
                        " FROM recovery WHERE claim_id = $1 AND seq <= $2");
    bind_int(query, 1, claim);
    bind_int(query, 2, reading->cut.seq);
    if (statement_one(query) && column_int(query, 0) > 0) {
        for (size_t i = 0; i < COUNT_OF(places); i++) {
            row[places[i]] = cell_money(column_money(query, (int)i + 1));
        }
    }
    return statement_end(query, err);
}

static bool fill_row(const struct claims_reading *reading, struct statement *query,
                     struct cell *row, struct error *err)
{
    struct table *table = reading->table;
    int64_t claim = column_int(query, 0);
    row[CLAIM] = cell_int(claim);
    row[LOAN] = cell_int(column_int(query, 1));
    row[AREA] = cell_text(table, column_text(query, 2));
    row[VILLAGE] = cell_text(table, column_text(query, 3));
    row[BORROWER] =
        report_person(table, reading->parameters, column_text(query, 5), column_int(query, 4));
    row[FILED] = cell_date(column_date(query, 6));
    row[DAYS_OVERDUE] = cell_int(column_int(query, 7));
    row[LOSS] = cell_money(column_money(query, 8));
    row[LOSS_INTEREST] = cell_money(column_money(query, 12));
    row[INSURER] = cell_money(column_money(query, 9));
    row[FUND] = cell_money(column_money(query, 10));
    row[BANK] = cell_money(column_money(query, 11));
    return read_status(reading, claim, row, err) && read_payments(reading, claim, row, err) &&
           read_recoveries(reading, claim, row, err);
}

static bool build(struct store *store, const struct report_parameters *parameters,
                  struct table *table, struct error *err)
{
    struct claims_reading reading = {.store = store, .parameters = parameters, .table = table};
    if (!report_cut_load(store, parameters->as_of, &reading.cut, err)) {
        return false;
    }
    bool ok = true;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT c.id, c.loan_id, h.area_code, h.village, h.id, p.subject, c.filed_on,"
               " c.days_overdue, c.loss_fen, c.insurer_fen, c.fund_fen, c.bank_fen,"
               " c.interest_fen FROM claim AS c JOIN loan AS l ON l.id = c.loan_id"
               " JOIN household AS h ON h.id = l.household_id"
               " JOIN person AS p ON p.id = l.borrower_id"
               " WHERE c.seq <= $1 ORDER BY c.id");
    bind_int(query, 1, reading.cut.seq);
    while (ok && statement_row(query)) {
        struct cell *row = NULL;
        ok = report_add_row(table, &row, err) && fill_row(&reading, query, row, err);
    }
    return ok && statement_end(query, err);
}

const struct report claims_register = {
    .name = "claims-register",
    .title_en = "Claims register",
    .title_zh = "风险补偿登记簿",
    .subject = REPORT_OF_ALL,
    .column = columns,
    .columns = COLUMNS,
    .build = build,
};
