#include "reports/lists.h"

#include "reports/list_definition.h"

#include "ledger/base/text.h"
#include "ledger/fund/fund.h"
#include "ledger/loans/loan_reversal.h"
#include "reports/words.h"

static const struct column loans_columns[] = {
    {"loan", N_("loan"), "贷款", CELL_INT, false},
    {"household", N_("household"), "农户", CELL_INT, false},
    {"product", N_("product"), "品种", CELL_WORD, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, true},
    {"status", N_("status"), "状态", CELL_WORD, false},
    {"overdue_since", N_("overdue since"), "逾期起始日", CELL_DATE, false},
};

bool list_loans(struct store *store, struct date day, struct arena *arena, struct table *ret,
                struct error *err)
{
    static const word_function words[COUNT_OF(loans_columns)] = {
        [2] = word_of_product, [4] = word_of_loan_status};
    static const struct list_definition list = {
        "loans",
        N_("Loans"),
        "贷款",
        loans_columns,
        COUNT_OF(loans_columns),
        "SELECT l.id, l.household_id, l.product, coalesce(c.principal_fen, a.fen, "
        "l.applied_fen), s.status, s.overdue_since FROM loan AS l JOIN loan_state AS "
        "s ON s.loan_id = l.id LEFT JOIN loan_contract AS c ON c.loan_id = l.id AND" CONTRACT_STANDS
        " LEFT JOIN loan_approval AS a ON a.loan_id = l.id ORDER BY l.id",
        LIST_OF_ALL,
        words,
        0};
    return list_build(&list, store, 0, day, arena, ret, err);
}

static const struct column households_columns[] = {
    {"household", N_("household"), "农户", CELL_INT, false},
    {"area_code", N_("area"), "区划", CELL_TEXT, false},
    {"village", N_("village"), "村", CELL_TEXT, false},
    {"added_on", N_("added on"), "登记日", CELL_DATE, false},
    {"persons", N_("persons"), "人数", CELL_INT, true},
};

bool list_households(struct store *store, struct date day, struct arena *arena, struct table *ret,
                     struct error *err)
{
    static const struct list_definition list = {
        "households",
        N_("Households"),
        "农户",
        households_columns,
        COUNT_OF(households_columns),
        "SELECT h.id, h.area_code, h.village, h.added_on, (SELECT count(*) FROM "
        "person AS p WHERE p.household_id = h.id) FROM household AS h ORDER BY h.id",
        LIST_OF_ALL,
        NULL,
        0};
    return list_build(&list, store, 0, day, arena, ret, err);
}

static const struct column claims_columns[] = {
    {"claim", N_("claim"), "申请", CELL_INT, false},
    {"loan", N_("loan"), "贷款", CELL_INT, false},
    {"filed_on", N_("filed on"), "申请日", CELL_DATE, false},
    {"days_overdue", N_("days overdue"), "逾期天数", CELL_INT, false},
    {"loss", N_("loss"), "损失", CELL_MONEY, true},
    {"insurer", N_("insurer"), "保险", CELL_MONEY, true},
    {"fund", N_("fund"), "风险补偿金", CELL_MONEY, true},
    {"bank", N_("bank"), "银行", CELL_MONEY, true},
    {"status", N_("status"), "状态", CELL_WORD, false},
};

bool list_claims(struct store *store, struct date day, struct arena *arena, struct table *ret,
                 struct error *err)
{
    static const word_function words[COUNT_OF(claims_columns)] = {[8] = word_of_claim_status};
    static const struct list_definition list = {
        "claims",
        N_("Claims"),
        "补偿申请",
        claims_columns,
        COUNT_OF(claims_columns),
        "SELECT c.id, c.loan_id, c.filed_on, c.days_overdue, c.loss_fen, "
        "c.insurer_fen, c.fund_fen, c.bank_fen, (SELECT s.status FROM claim_status AS "
        "s WHERE s.claim_id = c.id ORDER BY s.n DESC LIMIT 1) FROM claim AS c ORDER "
        "BY c.id",
        LIST_OF_ALL,
        words,
        0};
    return list_build(&list, store, 0, day, arena, ret, err);
}

static const struct column candidates_columns[] = {
    {"loan", N_("loan"), "贷款", CELL_INT, false},
    {"household", N_("household"), "农户", CELL_INT, false},
    {"status", N_("status"), "状态", CELL_WORD, false},
    {"overdue_since", N_("overdue since"), "逾期起始日", CELL_DATE, false},
    {"days_overdue", N_("days overdue"), "逾期天数", CELL_INT, false},
    {"covered", N_("covered principal"), "纳入补偿本金", CELL_MONEY, true},
};

bool list_candidates(struct store *store, struct date day, struct arena *arena, struct table *ret,
                     struct error *err)
{
    static const word_function words[COUNT_OF(candidates_columns)] = {[2] = word_of_loan_status};
    static const struct list_definition list = {
        "candidates",
        N_("Overdue loans"),
        "逾期贷款",
        candidates_columns,
        COUNT_OF(candidates_columns),
        "SELECT l.id, l.household_id, s.status, s.overdue_since, $1 - "
        "s.overdue_since, c.covered_fen FROM loan_state AS s JOIN loan AS l ON l.id = "
        "s.loan_id JOIN loan_contract AS c ON c.loan_id = l.id AND" CONTRACT_STANDS
        " WHERE s.status IN "
        "('overdue', 'non-accrual') AND c.covered_fen > 0 AND s.overdue_since IS NOT "
        "NULL ORDER BY s.overdue_since, l.id",
        LIST_ON_DAY,
        words,
        0};
    return list_build(&list, store, 0, day, arena, ret, err);
}

static const struct column recoveries_columns[] = {
    {"recovery", N_("recovery"), "收回", CELL_INT, false},
    {"claim", N_("claim"), "申请", CELL_INT, false},
    {"day", N_("day"), "日期", CELL_DATE, false},
    {"gross", N_("gross"), "收回总额", CELL_MONEY, true},
    {"costs", N_("costs"), "费用", CELL_MONEY, true},
    {"insurer", N_("insurer"), "保险", CELL_MONEY, true},
    {"fund", N_("fund"), "风险补偿金", CELL_MONEY, true},
    {"bank", N_("bank"), "银行", CELL_MONEY, true},
    {"handed_over", N_("parts handed over"), "已返还份数", CELL_INT, false},
};

bool list_recoveries(struct store *store, struct date day, struct arena *arena, struct table *ret,
                     struct error *err)
{
    static const struct list_definition list = {
        "recoveries",
        N_("Recoveries"),
        "追偿收回",
        recoveries_columns,
        COUNT_OF(recoveries_columns),
        "SELECT r.id, r.claim_id, r.day, r.gross_fen, r.costs_fen, r.insurer_fen, "
        "r.fund_fen, r.bank_fen, (SELECT count(*) FROM recovery_transfer AS t WHERE "
        "t.recovery_id = r.id) FROM recovery AS r ORDER BY r.id",
        LIST_OF_ALL,
        NULL,
        0};
    return list_build(&list, store, 0, day, arena, ret, err);
}

static const struct column subsidies_columns[] = {
    {"claim", N_("claim"), "申请", CELL_INT, false},
    {"through", N_("through"), "截止日", CELL_DATE, false},
    {"day", N_("claimed on"), "申请日", CELL_DATE, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, true},
    {"received_on", N_("received on"), "收到日", CELL_DATE, false},
};

bool list_subsidies(struct store *store, struct date day, struct arena *arena, struct table *ret,
                    struct error *err)
{
    static const struct list_definition list = {
        "subsidies",
        N_("Subsidy claims"),
        "贴息申请",
        subsidies_columns,
        COUNT_OF(subsidies_columns),
        "SELECT c.id, c.through_day, c.day, c.fen, r.day FROM subsidy_claim AS c LEFT "
        "JOIN subsidy_receipt AS r ON r.claim_id = c.id ORDER BY c.id",
        LIST_OF_ALL,
        NULL,
        0};
    return list_build(&list, store, 0, day, arena, ret, err);
}

static const struct column premiums_columns[] = {
    {"claim", N_("claim"), "申请", CELL_INT, false},
    {"day", N_("claimed on"), "申请日", CELL_DATE, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, true},
    {"received_on", N_("received on"), "收到日", CELL_DATE, false},
    {"paid_on", N_("paid on"), "支付日", CELL_DATE, false},
};

bool list_premiums(struct store *store, struct date day, struct arena *arena, struct table *ret,
                   struct error *err)
{
    static const struct list_definition list = {
        "premiums",
        N_("Premium claims"),
        "保费申请",
        premiums_columns,
        COUNT_OF(premiums_columns),
        "SELECT c.id, c.day, c.fen, r.day, p.day FROM premium_claim AS c LEFT JOIN "
        "premium_payment AS r ON r.claim_id = c.id AND r.step = 'received' LEFT JOIN "
        "premium_payment AS p ON p.claim_id = c.id AND p.step = 'paid' ORDER BY c.id",
        LIST_OF_ALL,
        NULL,
        0};
    return list_build(&list, store, 0, day, arena, ret, err);
}

static const struct column staff_columns[] = {
    {"staff", N_("staff"), "人员", CELL_TEXT, false},
    {"role", N_("role"), "岗位", CELL_WORD, false},
    {"limit", N_("limit"), "单笔限额", CELL_MONEY, false},
    {"day_limit", N_("limit a day"), "日累计限额", CELL_MONEY, false},
    {"until", N_("until"), "有效至", CELL_TEXT, false},
    {"person", N_("person"), "本人", CELL_TEXT, false},
    {"office", N_("office"), "机构", CELL_TEXT, false},
    {"added_on", N_("added on"), "登记日", CELL_DATE, false},
};

#define STAFF_UNTIL 4

bool list_staff(struct store *store, struct date day, struct arena *arena, struct table *ret,
                struct error *err)
{
    static const word_function words[COUNT_OF(staff_columns)] = {[1] = word_of_role};
    static const struct list_definition list = {
        "staff",
        N_("Staff"),
        "人员",
        staff_columns,
        COUNT_OF(staff_columns),
        "SELECT s.code, r.role, r.limit_fen, r.day_limit_fen, r.until_time, s.person, s.office, "
        "s.added_on FROM staff AS s JOIN staff_role AS r ON r.code = s.code WHERE NOT EXISTS "
        "(SELECT 1 FROM staff_role_ended AS e WHERE e.code = r.code AND e.role = r.role AND "
        "e.seq > r.seq) ORDER BY s.code, r.seq",
        LIST_OF_ALL,
        words,
        STAFF_UNTIL};
    return list_build(&list, store, 0, day, arena, ret, err);
}

static const struct column fund_status_columns[] = {
    {"figure", N_("figure"), "项目", CELL_WORD, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, false},
};

bool list_fund_status(struct store *store, struct date day, struct arena *arena, struct table *ret,
                      struct error *err)
{
    struct fund_position fund;

    if (!fund_position_load(store, &fund, err)) {
        return false;
    }
    const struct {
        const char *name;
        struct money amount;
    } figures[] = {
        {"special_account", fund.special_account},
        {"claims_payable", fund.claims_payable},
        {"advances_payable", fund.advances_payable},
        {"advances_receivable", fund.advances_receivable},
        {"reserved", fund.reserved},
        {"free_balance", fund.free},
    };
    table_init(ret, arena, "fund-status", fund_status_columns, COUNT_OF(fund_status_columns), day);
    ret->title_en = N_("The fund");
    ret->title_zh = "风险补偿金";
    for (size_t i = 0; i < COUNT_OF(figures); i++) {
        struct cell *cell = table_add_row(ret);
        cell[0] = word_of_fund_figure(ret, figures[i].name);
        cell[1] = cell_money(figures[i].amount);
    }
    return true;
}
