#include "reports/details.h"

#include "ledger/base/clock.h"
#include "ledger/base/text.h"
#include "ledger/fund/limitation.h"
#include "ledger/loans/loan_reversal.h"
#include "reports/list_definition.h"

static const struct column claim_shares_columns[] = {
    {"payer", N_("borne by"), "承担方", CELL_WORD, false},
    {"share", N_("share"), "承担金额", CELL_MONEY, true},
    {"paid", N_("paid"), "已赔付", CELL_MONEY, true},
    {"paid_on", N_("paid on"), "赔付日", CELL_DATE, false},
    {"recovered", N_("recovered"), "追偿所得", CELL_MONEY, true},
    {"handed_over", N_("handed over"), "已返还", CELL_MONEY, true},
};

bool claim_shares(struct store *store, int64_t claim, struct date day, struct arena *arena,
                  struct table *ret, struct error *err)
{
    static const word_function words[COUNT_OF(claim_shares_columns)] = {[0] = word_of_payer};
    static const struct list_definition list = {
        "claim-shares",
        N_("Who bears the loss"),
        "损失分担",
        claim_shares_columns,
        COUNT_OF(claim_shares_columns),
        "SELECT p.payer, CASE p.payer WHEN 'insurer' THEN c.insurer_fen WHEN 'fund'"
        " THEN c.fund_fen ELSE c.bank_fen END,"
        " (SELECT sum(CASE WHEN m.payer = m.receiver THEN 0 WHEN m.payer = p.payer THEN m.fen"
        " ELSE -m.fen END) FROM claim_payment AS m WHERE m.claim_id = c.id AND p.payer <> 'bank'"
        " AND p.payer IN (m.payer, m.receiver)),"
        " (SELECT max(m.day) FROM claim_payment AS m WHERE m.claim_id = c.id"
        " AND m.payer = p.payer),"
        " (SELECT sum(CASE p.payer WHEN 'insurer' THEN r.insurer_fen WHEN 'fund'"
        " THEN r.fund_fen ELSE r.bank_fen END) FROM recovery AS r WHERE r.claim_id = c.id),"
        " (SELECT sum(t.fen) FROM recovery_transfer AS t JOIN recovery AS r ON r.id = t.recovery_id"
        " WHERE r.claim_id = c.id AND t.payer = p.payer)"
        " FROM claim AS c CROSS JOIN (SELECT 1 AS n, 'insurer' AS payer UNION ALL"
        " SELECT 2, 'fund' UNION ALL SELECT 3, 'bank') AS p WHERE c.id = $1 ORDER BY p.n",
        LIST_OF_ONE,
        words,
        0};
    return list_build(&list, store, claim, day, arena, ret, err);
}

static const struct column claim_payments_columns[] = {
    {"no", N_("no."), "序号", CELL_INT, false},
    {"payer", N_("borne by"), "承担方", CELL_WORD, false},
    {"paid_by", N_("paid by"), "支付方", CELL_WORD, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, true},
    {"due_on", N_("due on"), "应付日", CELL_DATE, false},
    {"paid_on", N_("paid on"), "赔付日", CELL_DATE, false},
    {"refund_on", N_("to be given back by"), "应归还日", CELL_DATE, false},
    {"refunded_on", N_("given back on"), "归还日", CELL_DATE, false},
};

bool claim_payments(struct store *store, int64_t claim, struct date day, struct arena *arena,
                    struct table *ret, struct error *err)
{
    static const word_function words[COUNT_OF(claim_payments_columns)] = {
        [1] = word_of_payer, [2] = word_of_payer};
    static const struct list_definition list = {
        "claim-payments",
        N_("What is handed over, and by whom"),
        "赔付安排",
        claim_payments_columns,
        COUNT_OF(claim_payments_columns),
        "SELECT d.n, d.payer, d.paid_by, d.fen, a.day + d.within_days, p.day,"
        " p.day + d.refund_days, r.day FROM claim_due AS d"
        " LEFT JOIN claim_status AS a ON a.claim_id = d.claim_id AND a.status = 'accepted'"
        " LEFT JOIN claim_payment AS p ON p.claim_id = d.claim_id AND p.n = d.n"
        " AND p.receiver = 'bank'"
        " LEFT JOIN claim_payment AS r ON r.claim_id = d.claim_id AND r.n = d.n"
        " AND r.receiver <> 'bank' WHERE d.claim_id = $1 ORDER BY d.n",
        LIST_OF_ONE,
        words,
        0};
    return list_build(&list, store, claim, day, arena, ret, err);
}

static const struct column claim_history_columns[] = {
    {"day", N_("day"), "日期", CELL_DATE, false},
    {"status", N_("status"), "状态", CELL_WORD, false},
    {"event", N_("event"), "事件号", CELL_INT, false},
};

bool claim_history(struct store *store, int64_t claim, struct date day, struct arena *arena,
                   struct table *ret, struct error *err)
{
    static const word_function words[COUNT_OF(claim_history_columns)] = {[1] =
                                                                             word_of_claim_status};
    static const struct list_definition list = {
        "claim-history",
        N_("History"),
        "办理经过",
        claim_history_columns,
        COUNT_OF(claim_history_columns),
        "SELECT day, status, seq FROM claim_status WHERE claim_id = $1 ORDER BY n",
        LIST_OF_ONE,
        words,
        0};
    return list_build(&list, store, claim, day, arena, ret, err);
}

static const struct column claim_approvals_columns[] = {
    {"decision", N_("decision"), "决定", CELL_WORD, false},
    {"officer", N_("decided by"), "审定人", CELL_TEXT, false},
    {"at", N_("signed at"), "签署时间", CELL_TEXT, false},
    {"recorder", N_("recorded by"), "登记人", CELL_TEXT, false},
    {"event", N_("event"), "事件号", CELL_INT, false},
};

bool claim_approvals(struct store *store, int64_t claim, struct date day, struct arena *arena,
                     struct table *ret, struct error *err)
{
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT decision, officer, at_time, recorder, seq FROM claim_approval"
                           " WHERE claim_id = $1 ORDER BY seq");
    char text[INSTANT_TEXT_SIZE];

    table_init(ret, arena, "claim-approvals", claim_approvals_columns,
               COUNT_OF(claim_approvals_columns), day);
    ret->title_en = "Decided on another machine";
    ret->title_zh = "异机签署的决定";
    bind_int(query, 1, claim);
    while (statement_row(query)) {
        struct cell *cell = table_add_row(ret);
        cell[0] = word_of_claim_decision(ret, column_text(query, 0));
        cell[1] = cell_text(ret, column_text(query, 1));
        cell[2] = cell_text(ret, instant_format((struct instant){column_int(query, 2)}, text));
        cell[3] = cell_text(ret, column_text(query, 3));
        cell[4] = cell_int(column_int(query, 4));
    }
    return statement_end(query, err);
}

static const struct column claim_recoveries_columns[] = {
    {"recovery", N_("recovery"), "收回", CELL_INT, false},
    {"day", N_("day"), "日期", CELL_DATE, false},
    {"gross", N_("gross"), "收回总额", CELL_MONEY, true},
    {"costs", N_("costs"), "费用", CELL_MONEY, true},
    {"insurer", N_("insurer"), "保险", CELL_MONEY, true},
    {"fund", N_("fund"), "风险补偿金", CELL_MONEY, true},
    {"bank", N_("bank"), "银行", CELL_MONEY, true},
};

bool claim_recoveries(struct store *store, int64_t claim, struct date day, struct arena *arena,
                      struct table *ret, struct error *err)
{
    static const struct list_definition list = {
        "claim-recoveries",
        N_("Recoveries"),
        "追偿收回",
        claim_recoveries_columns,
        COUNT_OF(claim_recoveries_columns),
        "SELECT id, day, gross_fen, costs_fen, insurer_fen, fund_fen, bank_fen FROM recovery"
        " WHERE claim_id = $1 ORDER BY id",
        LIST_OF_ONE,
        NULL,
        0};
    return list_build(&list, store, claim, day, arena, ret, err);
}

static const struct column claim_overrides_columns[] = {
    {"override", N_("exception"), "例外", CELL_INT, false},
    {"point", N_("decision"), "环节", CELL_WORD, false},
    {"condition", N_("condition"), "条件", CELL_TEXT, false},
    {"reason", N_("reason"), "理由", CELL_TEXT, false},
    {"actor", N_("proposed by"), "提出人", CELL_TEXT, false},
    {"day", N_("day"), "日期", CELL_DATE, false},
};

bool claim_overrides(struct store *store, int64_t claim, struct date day, struct arena *arena,
                     struct table *ret, struct error *err)
{
    static const word_function words[COUNT_OF(claim_overrides_columns)] = {[1] = word_of_decision};
    static const struct list_definition list = {
        "claim-overrides",
        N_("Exceptions it rests on"),
        "所依据的例外",
        claim_overrides_columns,
        COUNT_OF(claim_overrides_columns),
        "SELECT o.id, o.point, o.condition, o.reason, o.actor, o.day FROM claim AS c"
        " JOIN loan_override_use AS u ON u.seq = c.seq"
        " JOIN loan_override AS o ON o.id = u.override_id WHERE c.id = $1 ORDER BY o.id",
        LIST_OF_ONE,
        words,
        0};
    return list_build(&list, store, claim, day, arena, ret, err);
}

static const struct column claim_referrals_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"point", N_("decision"), "环节", CELL_WORD, false},
    {"condition", N_("condition"), "条件", CELL_TEXT, false},
    {"reason", N_("reason"), "理由", CELL_TEXT, false},
    {"actor", N_("decided by"), "审定人", CELL_TEXT, false},
    {"day", N_("day"), "日期", CELL_DATE, false},
};

bool claim_referrals(struct store *store, int64_t claim, struct date day, struct arena *arena,
                     struct table *ret, struct error *err)
{
    static const word_function words[COUNT_OF(claim_referrals_columns)] = {[1] = word_of_decision};
    static const struct list_definition list = {
        "claim-referrals",
        N_("Referred to a person, and decided on"),
        "转人工审定的事项",
        claim_referrals_columns,
        COUNT_OF(claim_referrals_columns),
        "SELECT r.seq, r.point, r.condition, r.reason, r.actor, r.day FROM claim AS c"
        " JOIN loan_referral AS r ON r.loan_id = c.loan_id WHERE c.id = $1"
        " AND r.seq <= (SELECT max(s.seq) FROM claim_status AS s WHERE s.claim_id = c.id)"
        " ORDER BY r.seq, r.point, r.condition",
        LIST_OF_ONE,
        words,
        0};
    return list_build(&list, store, claim, day, arena, ret, err);
}

static const struct column loan_duns_columns[] = {
    {"notice", N_("notice"), "催收", CELL_INT, false},
    {"number", N_("number"), "通知书编号", CELL_TEXT, false},
    {"day", N_("day"), "日期", CELL_DATE, false},
    {"delivery", N_("delivered"), "送达方式", CELL_WORD, false},
    {"actor", N_("recorded by"), "登记人", CELL_TEXT, false},
    {"event", N_("event"), "事件号", CELL_INT, false},
};

/* What the demands are worth: until when a court hears about the loan. */
static bool add_limitation(struct store *store, int64_t id, struct table *table, struct error *err)
{
    struct loan loan;
    struct date day;

    if (!loan_load(store, table->arena, id, &loan, err)) {
        return false;
    }
    if (!loan.is_paid_out || text_equal(loan.status, "closed")) {
        return true;
    }
    if (!loan_limitation(store, &loan, &day, err)) {
        return false;
    }
    table_add_remark(table,
                     (struct remark){"limitation_expires", "limitation of the claim runs out on",
                                     "诉讼时效届满日", cell_date(day)});
    return true;
}

bool loan_duns(struct store *store, int64_t loan, struct date day, struct arena *arena,
               struct table *ret, struct error *err)
{
    static const word_function words[COUNT_OF(loan_duns_columns)] = {[3] = word_of_delivery};
    static const struct list_definition list = {
        "loan-duns",
        N_("Demands for payment"),
        "催收记录",
        loan_duns_columns,
        COUNT_OF(loan_duns_columns),
        "SELECT n, number, day, delivery, actor, seq FROM loan_dun WHERE loan_id = $1 ORDER BY n",
        LIST_OF_ONE,
        words,
        0};
    return list_build(&list, store, loan, day, arena, ret, err) &&
           add_limitation(store, loan, ret, err);
}

static const struct column loan_inspections_columns[] = {
    {"inspection", N_("inspection"), "检查", CELL_INT, false},
    {"day", N_("day"), "日期", CELL_DATE, false},
    {"finding", N_("finding"), "检查结论", CELL_WORD, false},
    {"note", N_("note"), "说明", CELL_TEXT, false},
    {"actor", N_("recorded by"), "登记人", CELL_TEXT, false},
    {"event", N_("event"), "事件号", CELL_INT, false},
};

bool loan_inspections(struct store *store, int64_t loan, struct date day, struct arena *arena,
                      struct table *ret, struct error *err)
{
    static const word_function words[COUNT_OF(loan_inspections_columns)] = {[2] = word_of_finding};
    static const struct list_definition list = {
        "loan-inspections",
        N_("Inspections after the payout"),
        "贷后检查",
        loan_inspections_columns,
        COUNT_OF(loan_inspections_columns),
        "SELECT n, day, finding, note, actor, seq FROM loan_inspection WHERE loan_id = $1"
        " ORDER BY n",
        LIST_OF_ONE,
        words,
        0};
    return list_build(&list, store, loan, day, arena, ret, err);
}

static const struct column household_history_columns[] = {
    {"from", N_("from"), "起始日", CELL_DATE, false},
    {"status", N_("standing"), "身份", CELL_WORD, false},
    {"event", N_("event"), "事件号", CELL_INT, false},
};

bool household_history(struct store *store, int64_t household, struct date day, struct arena *arena,
                       struct table *ret, struct error *err)
{
    static const word_function words[COUNT_OF(household_history_columns)] = {
        [1] = word_of_register_status};
    static const struct list_definition list = {
        "household-history",
        N_("Standing on the state register"),
        "建档立卡身份",
        household_history_columns,
        COUNT_OF(household_history_columns),
        "SELECT from_day, status, seq FROM household_status WHERE household_id = $1"
        " ORDER BY from_day, seq",
        LIST_OF_ONE,
        words,
        0};
    return list_build(&list, store, household, day, arena, ret, err);
}

static const struct column household_loans_columns[] = {
    {"loan", N_("loan"), "贷款", CELL_INT, false},
    {"product", N_("product"), "品种", CELL_WORD, false},
    {"status", N_("status"), "状态", CELL_WORD, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, false},
    {"unpaid", N_("unpaid principal"), "贷款余额", CELL_MONEY, true},
    {"due", N_("due"), "到期日", CELL_DATE, false},
};

bool household_loans(struct store *store, int64_t household, struct date day, struct arena *arena,
                     struct table *ret, struct error *err)
{
    static const word_function words[COUNT_OF(household_loans_columns)] = {
        [1] = word_of_product, [2] = word_of_loan_status};
    static const struct list_definition list = {
        "household-loans",
        N_("Loans"),
        "贷款",
        household_loans_columns,
        COUNT_OF(household_loans_columns),
        "SELECT l.id, l.product, s.status, coalesce(c.principal_fen, a.fen, l.applied_fen),"
        " (SELECT sum(b.fen) FROM loan_balance AS b WHERE b.loan_id = l.id"
        " AND b.account_id BETWEEN 2 AND 4), c.due_day FROM loan AS l"
        " JOIN loan_state AS s ON s.loan_id = l.id"
        " LEFT JOIN loan_contract AS c ON c.loan_id = l.id AND" CONTRACT_STANDS
        " LEFT JOIN loan_approval AS a ON a.loan_id = l.id"
        " WHERE l.household_id = $1 ORDER BY l.id",
        LIST_OF_ONE,
        words,
        0};
    return list_build(&list, store, household, day, arena, ret, err);
}
