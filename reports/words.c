#include "reports/words.h"

#include "ledger/fund/claim.h"
#include "ledger/loans/loan.h"

static const struct word books[] = {
    {"bank", "bank", "银行账"},
    {"fund", "fund", "基金账"},
    {"memo", "memo", "备查账"},
};

static const struct word products[] = {
    {"household", "household", "农户贷款"},
    {"micro-entrepreneur", "micro-entrepreneur", "小微经营贷款"},
};

/* What the money of a loan is for: the words of rules/facts.c. */
static const struct word purposes[] = {
    {"planting", "planting", "种植业"},
    {"breeding", "breeding", "养殖业"},
    {"processing", "processing", "加工业"},
    {"trade", "trade", "商贸流通"},
    {"services", "services", "服务业"},
    {"transport", "transport", "运输业"},
    {"tourism", "tourism", "乡村旅游"},
    {"handicraft", "handicraft", "手工业"},
    {"other_production", "other production", "其他生产经营"},
    {"wedding", "wedding", "婚嫁"},
    {"housing", "housing", "建房购房"},
    {"investment", "investment", "投资理财"},
    {"household_goods", "household goods", "购置生活用品"},
    {"equity", "equity", "入股"},
    {"relending", "relending", "转贷"},
    {"quota_sale", "quota sale", "出让贷款额度"},
    {"company_use", "company use", "企业使用"},
    {"deposit", "deposit", "存款"},
    {"medical", "medical", "医疗"},
    {"schooling", "schooling", "就学"},
    {"debt", "debt", "偿还债务"},
    {"entertaining", "entertaining", "宴请招待"},
};

/* What a policy says to an application, a payout or a claim. */
static const struct word outcomes[] = {
    {"pass", "passed", "通过"},
    {"warn", "passed with a warning", "通过（有提示）"},
    {"refer", "referred to a person", "需人工审定"},
    {"block", "blocked", "不予通过"},
};

static const struct word loan_classes[] = {
    {"normal", "normal", "正常"},
    {"special_mention", "special mention", "关注"},
    {"substandard", "substandard", "次级"},
    {"doubtful", "doubtful", "可疑"},
    {"loss", "loss", "损失"},
};

static const struct word entry_kinds[] = {
    {"disbursement", "disbursement", "放款"},
    {"settlement", "interest settled", "结息"},
    {"repayment", "repayment", "还款"},
    {"to-overdue", "to overdue", "转逾期"},
    {"to-non-accrual", "to non-accrual", "转非应计"},
    {"back-to-normal", "back to normal", "转回正常"},
    {"disbursement-reversed", "disbursement reversed", "冲正放款"},
    {"repayment-reversed", "repayment reversed", "冲正还款"},
    {"settlement-reversed", "settlement reversed", "冲正结息"},
    {"back-to-normal-reversed", "return to normal reversed", "冲正转回正常"},
    {"interest-reversed", "interest reversed", "冲回利息"},
    {"claim-filed", "claim filed", "申请补偿"},
    {"claim-accepted", "claim accepted", "核准补偿"},
    {"claim-refused", "claim refused", "不予补偿"},
    {"claim-settled", "claim settled", "补偿结案"},
    {"subrogation", "subrogation", "代位追偿"},
    {"indemnity", "indemnity received", "收保险赔款"},
    {"compensation", "compensation paid", "支付补偿款"},
    {"advance-given-back", "advance given back", "归还代垫款"},
    {"interest-brought-back", "interest brought back", "转回利息"},
    {"interest-recovered", "interest recovered", "收回表外利息"},
    {"recovery", "recovery", "追偿收回"},
    {"recovery-handed-over", "recovery handed over", "返还追偿款"},
    {"subsidy-received", "subsidy received", "收到贴息"},
    {"premium-claimed", "premium claimed", "申请保费"},
    {"premium-received", "premium received", "收到保费"},
    {"premium-paid", "premium paid", "支付保费"},
    {"fund-deposit", "paid into the fund", "存入基金"},
    {"fund-top-up", "fund topped up", "补充基金"},
    {"fund-interest", "interest of the fund", "基金利息"},
};

static const struct word roles[] = {
    {"clerk", "clerk", "经办员"},
    {"approver", "approver", "审批员"},
    {"manager", "manager", "主管"},
    {"risk-officer", "risk officer", "风险管理员"},
    {"bureau-officer", "bureau officer", "财政局经办"},
    {"admin", "admin", "系统管理员"},
    {"auditor", "auditor", "审计员"},
};

static const struct word decisions[] = {
    {"eligibility", "eligibility", "准入审查"},
    {"disbursement", "disbursement", "放款审查"},
    {"claim", "claim", "补偿申请审查"},
    {"lending", "lending", "停贷预警审查"},
    {"coverage", "coverage", "补偿覆盖审查"},
    {"subsidy", "subsidy", "贴息审查"},
    {"classification", "class of the loan", "五级分类"},
};

static const struct word register_statuses[] = {
    {"registered", "registered", "建档立卡"},
    {"lifted", "lifted out of poverty", "已脱贫"},
    {"monitored", "monitored", "监测对象"},
    {"none", "not on the register", "非建档立卡"},
};

static const struct word relations[] = {
    {"head", "head", "户主"},
    {"spouse", "spouse", "配偶"},
    {"child", "child", "子女"},
    {"parent", "parent", "父母"},
};

static const struct word payers[] = {
    {"insurer", "insurer", "保险公司"},
    {"fund", "compensation fund", "风险补偿金"},
    {"bank", "bank", "银行"},
};

static const struct word fund_figures[] = {
    {"special_account", "special account", "专户存款余额"},
    {"claims_payable", "claims payable", "应付补偿款"},
    {"advances_payable", "advances payable", "应付代垫款"},
    {"advances_receivable", "advances receivable", "应收代垫款"},
    {"reserved", "reserved for claims filed", "已申请待核定补偿款"},
    {"free_balance", "free balance", "可用余额"},
};

static const struct word deliveries[] = {
    {"in-person", "handed over in person", "当面送达"},
    {"left", "left at the door", "留置送达"},
    {"post", "by post", "邮寄送达"},
    {"phone", "by telephone", "电话催收"},
    {"message", "by message", "短信催收"},
    {"public-notice", "by public notice", "公告送达"},
};

static const struct word findings[] = {
    {"as-applied", "used as applied for", "按申请用途使用"},
    {"otherwise", "used otherwise", "挪作他用"},
};

struct cell word_of_book(struct table *table, const char *name)
{
    return cell_word(table, books, COUNT_OF(books), name);
}

struct cell word_of_product(struct table *table, const char *name)
{
    return cell_word(table, products, COUNT_OF(products), name);
}

struct cell word_of_purpose(struct table *table, const char *name)
{
    return cell_word(table, purposes, COUNT_OF(purposes), name);
}

struct cell word_of_outcome(struct table *table, const char *name)
{
    return cell_word(table, outcomes, COUNT_OF(outcomes), name);
}

struct cell word_of_loan_status(struct table *table, const char *name)
{
    return cell_word(table, loan_status_words, LOAN_STATUSES, name);
}

static const struct word verdicts[] = {
    {"proven", "proven", "已证实"},
    {"proven-in-part", "proven, as far as was asked for", "在所要求的检查范围内已证实"},
    {"not-proven", "cannot be proven", "无法证实"},
    {"tampering", "tampering is proven", "已证实被改动"},
};

struct cell word_of_verdict(struct table *table, const char *name)
{
    return cell_word(table, verdicts, COUNT_OF(verdicts), name);
}

struct cell word_of_loan_class(struct table *table, const char *name)
{
    return cell_word(table, loan_classes, COUNT_OF(loan_classes), name);
}

struct cell word_of_claim_status(struct table *table, const char *name)
{
    return cell_word(table, claim_status_words, CLAIM_STATUSES, name);
}

struct cell word_of_entry_kind(struct table *table, const char *name)
{
    return cell_word(table, entry_kinds, COUNT_OF(entry_kinds), name);
}

struct cell word_of_role(struct table *table, const char *name)
{
    return cell_word(table, roles, COUNT_OF(roles), name);
}

struct cell word_of_decision(struct table *table, const char *name)
{
    return cell_word(table, decisions, COUNT_OF(decisions), name);
}

struct cell word_of_register_status(struct table *table, const char *name)
{
    return cell_word(table, register_statuses, COUNT_OF(register_statuses), name);
}

struct cell word_of_payer(struct table *table, const char *name)
{
    return cell_word(table, payers, COUNT_OF(payers), name);
}

struct cell word_of_fund_figure(struct table *table, const char *name)
{
    return cell_word(table, fund_figures, COUNT_OF(fund_figures), name);
}

struct cell word_of_relation(struct table *table, const char *name)
{
    return cell_word(table, relations, COUNT_OF(relations), name);
}

struct cell word_of_claim_decision(struct table *table, const char *name)
{
    static const struct word words[] = {
        {"accept", "accept", "同意"},
        {"refuse", "refuse", "不同意"},
    };
    return cell_word(table, words, COUNT_OF(words), name);
}

struct cell word_of_delivery(struct table *table, const char *name)
{
    return cell_word(table, deliveries, COUNT_OF(deliveries), name);
}

struct cell word_of_finding(struct table *table, const char *name)
{
    return cell_word(table, findings, COUNT_OF(findings), name);
}
