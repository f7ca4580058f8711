#include "reports/definition.h"

#include "ledger/base/text.h"
#include "ledger/books/journal.h"

enum {
    YEAR,
    OPENING,
    PAID_IN,
    TOP_UPS,
    INTEREST,
    COMPENSATION,
    ADVANCES_BACK,
    RECOVERIES,
    CLOSING,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [YEAR] = {"year", "year", "年度", CELL_INT, false},
    [OPENING] = {"opening", "opening", "年初余额", CELL_MONEY, false},
    [PAID_IN] = {"paid_in", "paid in", "财政拨入", CELL_MONEY, true},
    [TOP_UPS] = {"top_ups", "topped up", "年度补充", CELL_MONEY, true},
    [INTEREST] = {"interest", "interest", "利息收入", CELL_MONEY, true},
    [COMPENSATION] = {"compensation", "compensation paid", "补偿支出", CELL_MONEY, true},
    [ADVANCES_BACK] = {"advances_back", "advances given back", "代垫款收回", CELL_MONEY, true},
    [RECOVERIES] = {"recoveries", "recoveries received", "追偿返还", CELL_MONEY, true},
    [CLOSING] = {"closing", "closing", "期末余额", CELL_MONEY, false},
};

#define YEARS (DATE_YEAR_MAX - DATE_YEAR_MIN + 1)

struct year_flows {
    bool moved;
    struct money paid_in, top_ups, interest, compensation, advances_back, recoveries;
};

struct fund_reading {
    struct year_flows year[YEARS];
    struct money balance;  /* by the movements */
    struct money reserved; /* claims filed and not decided */
    struct money accepted; /* the fund's part of claims accepted so far */
    int64_t claims_accepted;
};

static struct year_flows *flows_of(struct fund_reading *reading, struct date day)
{
    struct year_flows *flows = &reading->year[date_to_ymd(day).year - DATE_YEAR_MIN];
    flows->moved = true;
    return flows;
}

static struct money *place_of_payment(struct year_flows *flows, const char *kind)
{
    if (text_equal(kind, "top-up")) {
        return &flows->top_ups;
    }
    return text_equal(kind, "interest") ? &flows->interest : &flows->paid_in;
}

static bool read_payments(struct store *store, const struct report_cut *cut,
                          struct fund_reading *reading, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT kind, fen, day FROM fund_payment WHERE seq <= $1");
    bind_int(query, 1, cut->seq);
    while (ok && statement_row(query)) {
        struct year_flows *flows = flows_of(reading, column_date(query, 2));
        ok =
            report_add(place_of_payment(flows, column_text(query, 0)), column_money(query, 1), err);
    }
    return ok && statement_end(query, err);
}

/* What left the special account for claims, advances for others included, and what of these came
 * back. */
static bool read_compensation(struct store *store, const struct report_cut *cut,
                              struct fund_reading *reading, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT fen, day, payer FROM claim_payment WHERE 'fund' IN (payer, receiver)"
               " AND payer <> receiver AND seq <= $1");
    bind_int(query, 1, cut->seq);
    while (ok && statement_row(query)) {
        struct year_flows *flows = flows_of(reading, column_date(query, 1));
        bool out = text_equal(column_text(query, 2), "fund");
        ok = report_add(out ? &flows->compensation : &flows->advances_back, column_money(query, 0),
                        err);
    }
    return ok && statement_end(query, err);
}

static bool read_recoveries(struct store *store, const struct report_cut *cut,
                            struct fund_reading *reading, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT fen, day FROM recovery_transfer WHERE payer = 'fund' AND seq <= $1");
    bind_int(query, 1, cut->seq);
    while (ok && statement_row(query)) {
        struct year_flows *flows = flows_of(reading, column_date(query, 1));
        ok = report_add(&flows->recoveries, column_money(query, 0), err);
    }
    return ok && statement_end(query, err);
}

static bool read_claims(struct store *store, const struct report_cut *cut,
                        struct fund_reading *reading, struct error *err)
{
    bool ok = true;
    AUTO_STATEMENT struct statement *query = store_query(
        store, "SELECT c.fund_fen, (SELECT s.status FROM claim_status AS s WHERE s.claim_id = c.id"
               " AND s.seq <= $1 ORDER BY s.n DESC LIMIT 1), (SELECT coalesce(sum(d.fen), 0)"
               " FROM claim_due AS d WHERE d.claim_id = c.id"
               " AND 'fund' IN (d.booked, d.booked_by)) FROM claim AS c WHERE c.seq <= $1");
    bind_int(query, 1, cut->seq);
    while (ok && statement_row(query)) {
        struct money part = column_money(query, 0);
        const char *status = column_is_null(query, 1) ? "" : column_text(query, 1);
        if (text_equal(status, "filed")) {
            ok = report_add(&reading->reserved, column_money(query, 2), err);
        } else if (text_equal(status, "accepted") || text_equal(status, "paid")) {
            reading->claims_accepted++;
            ok = report_add(&reading->accepted, part, err);
        }
    }
    return ok && statement_end(query, err);
}

static bool add_year(struct table *table, int year, const struct year_flows *flows,
                     struct money *balance, struct error *err)
{
    struct cell *row = NULL;
    struct money opening = *balance;
    if (!report_add_row(table, &row, err) || !report_add(balance, flows->paid_in, err) ||
        !report_add(balance, flows->top_ups, err) || !report_add(balance, flows->interest, err) ||
        !report_subtract(balance, flows->compensation, err) ||
        !report_add(balance, flows->advances_back, err) ||
        !report_add(balance, flows->recoveries, err)) {
        return false;
    }
    row[YEAR] = cell_int(year);
    row[OPENING] = cell_money(opening);
    row[PAID_IN] = cell_money(flows->paid_in);
    row[TOP_UPS] = cell_money(flows->top_ups);
    row[INTEREST] = cell_money(flows->interest);
    row[COMPENSATION] = cell_money(flows->compensation);
    row[ADVANCES_BACK] = cell_money(flows->advances_back);
    row[RECOVERIES] = cell_money(flows->recoveries);
    row[CLOSING] = cell_money(*balance);
    return true;
}

/* One row for each year from the first that moved up to the day of the report. */
static bool add_years(struct table *table, struct fund_reading *reading, struct error *err)
{
    int last = date_to_ymd(table->as_of).year - DATE_YEAR_MIN;
    int year = 0;
    while (year <= last && !reading->year[year].moved) {
        year++;
    }
    for (; year <= last; year++) {
        if (!add_year(table, DATE_YEAR_MIN + year, &reading->year[year], &reading->balance, err)) {
            return false;
        }
    }
    return true;
}

static void remark_money(struct table *table, const char *name, const char *title_en,
                         const char *title_zh, struct money amount)
{
    table_add_remark(table, (struct remark){name, title_en, title_zh, cell_money(amount)});
}

static bool remark_loans(struct table *table, struct money special, struct money loans,
                         struct error *err)
{
    struct money ppm = MONEY_ZERO;
    remark_money(table, "loans", "loans outstanding", "贷款余额", loans);
    if (!money_is_positive(loans)) {
        return true;
    }
    if (!money_mul_div(special, RATE_WHOLE_PPM, money_fen(loans), ROUND_HALF_UP, &ppm)) {
        return error_set(err, FAULT_INTEGRITY, "report.overflow",
                         _("the amounts of the book do not fit into one sum"));
    }
    table_add_remark(table,
                     (struct remark){"fund_to_loans", "balance to loans outstanding",
                                     "余额占贷款余额", cell_rate(rate_from_ppm(money_fen(ppm)))});
    return true;
}

static struct money balance_of(const struct turnover *turnover)
{
    struct money balance = MONEY_ZERO;
    /* Kept turnovers are limited so that their difference fits. */
    (void)!money_sub(turnover->debit, turnover->credit, &balance);
    return balance;
}

static bool add_remarks(struct table *table, const struct fund_reading *reading,
                        const struct turnover turnover[static ACCOUNT_SLOTS], struct error *err)
{
    struct money special = balance_of(&turnover[ACCOUNT_SPECIAL_ACCOUNT]);
    struct money payable = money_negate(balance_of(&turnover[ACCOUNT_CLAIMS_PAYABLE]));
    struct money advances = money_negate(balance_of(&turnover[ACCOUNT_ADVANCES_PAYABLE]));
    struct money receivable = balance_of(&turnover[ACCOUNT_RECOVERIES_RECEIVABLE]);
    struct money loans = balance_of(&turnover[ACCOUNT_LOANS_NORMAL]);
    struct money free_balance = special;
    struct money difference = special;
    if (!report_subtract(&free_balance, payable, err) ||
        !report_subtract(&free_balance, advances, err) ||
        !report_subtract(&free_balance, reading->reserved, err) ||
        !report_subtract(&difference, reading->balance, err) ||
        !report_add(&loans, balance_of(&turnover[ACCOUNT_LOANS_OVERDUE]), err) ||
        !report_add(&loans, balance_of(&turnover[ACCOUNT_LOANS_NON_ACCRUAL]), err)) {
        return false;
    }
    remark_money(table, "special_account", "special account at the bank", "专户存款余额", special);
    remark_money(table, "claims_payable", "claims payable", "应付补偿款", payable);
    remark_money(table, "advances_payable", "advances payable", "应付代垫款", advances);
    remark_money(table, "advances_receivable", "advances receivable", "应收代垫款",
                 balance_of(&turnover[ACCOUNT_ADVANCES_RECEIVABLE]));
    remark_money(table, "reserved", "reserved for claims filed", "已申请待核定补偿款",
                 reading->reserved);
    remark_money(table, "free_balance", "free balance of the fund", "可用余额", free_balance);
    remark_money(table, "recoveries_receivable", "recoveries receivable", "应收返还款", receivable);
    table_add_remark(table, (struct remark){"claims_accepted", "claims accepted", "核准补偿笔数",
                                            cell_int(reading->claims_accepted)});
    remark_money(table, "claims_accepted_amount", "the fund's part of them", "核准补偿金额",
                 reading->accepted);
    if (!money_is_zero(difference)) {
        remark_money(table, "difference", "special account differs from the movements by",
                     "专户余额与收支差额", difference);
    }
    return remark_loans(table, special, loans, err);
}

static bool build(struct store *store, const struct report_parameters *parameters,
                  struct table *table, struct error *err)
{
    struct report_cut cut;
    struct fund_reading *reading = arena_alloc(table->arena, sizeof *reading);
    struct turnover turnover[ACCOUNT_SLOTS];
    return report_cut_load(store, parameters->as_of, &cut, err) &&
           read_payments(store, &cut, reading, err) &&
           read_compensation(store, &cut, reading, err) &&
           read_recoveries(store, &cut, reading, err) && read_claims(store, &cut, reading, err) &&
           journal_turnover_on(store, parameters->as_of, turnover, err) &&
           add_years(table, reading, err) && add_remarks(table, reading, turnover, err);
}

const struct report fund_statement = {
    .name = "fund-statement",
    .title_en = "Statement of the compensation fund",
    .title_zh = "风险补偿金使用情况表",
    .subject = REPORT_OF_ALL,
    .column = columns,
    .columns = COLUMNS,
    .chart = {CHART_BARS, YEAR, CLOSING, "balance at the end of each year", "各年末余额"},
    .build = build,
};
