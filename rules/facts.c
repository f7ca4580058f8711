#include "rules/facts.h"

#include "ledger/base/text.h"
#include "rules/scalar.h"

#include <assert.h>

#define ELIGIBILITY (1U << DECISION_ELIGIBILITY)
#define DISBURSEMENT (1U << DECISION_DISBURSEMENT)
#define CLAIM (1U << DECISION_CLAIM)
#define STOP (1U << DECISION_LENDING)
#define COVERAGE (1U << DECISION_COVERAGE)
#define SUBSIDY (1U << DECISION_SUBSIDY)
#define CLASSES (1U << DECISION_CLASSIFICATION)
#define LOSS (1U << FACTS_OF_LOSS)
#define LENDING (ELIGIBILITY | DISBURSEMENT)
#define BEFORE (LENDING | STOP | COVERAGE) /* all that is asked before money is paid out */
#define OF_COUNTY (BEFORE | CLAIM | LOSS)  /* the county's lending as a whole is known then */
#define ALWAYS (OF_COUNTY | SUBSIDY)
#define OF_CONTRACT (ALWAYS | CLASSES)

static const char *const product_words[] = {"household", "micro_entrepreneur"};
static const char *const product_words_zh[] = {"农户贷款", "小微经营贷款"};
static const struct word_list products = {"product", product_words, COUNT_OF(product_words),
                                          product_words_zh};

static const char *const status_words[] = {"registered", "lifted", "monitored", "none"};
static const char *const status_words_zh[] = {"建档立卡", "已脱贫", "监测对象", "非建档立卡"};
static const struct word_list statuses = {"household_status", status_words, COUNT_OF(status_words),
                                          status_words_zh};

/* Lawful production first, then the uses that county and national texts forbid. */
static const char *const purpose_words[] = {
    "planting",        "breeding",    "processing",
    "trade",           "services",    "transport",
    "tourism",         "handicraft",  "other_production",
    "wedding",         "housing",     "investment",
    "household_goods", "equity",      "relending",
    "quota_sale",      "company_use", "deposit",
    "medical",         "schooling",   "debt",
    "entertaining",
};
static const char *const purpose_words_zh[] = {
    "种植业",       "养殖业", "加工业",       "商贸流通",     "服务业",   "运输业",
    "乡村旅游",     "手工业", "其他生产经营", "婚嫁",         "建房购房", "投资理财",
    "购置生活用品", "入股",   "转贷",         "出让贷款额度", "企业使用", "存款",
    "医疗",         "就学",   "偿还债务",     "宴请招待",
};
static const struct word_list purposes = {"purpose", purpose_words, COUNT_OF(purpose_words),
                                          purpose_words_zh};

static const char *const class_words[] = {"normal", "special_mention", "substandard", "doubtful",
                                          "loss"};
static const char *const class_words_zh[] = {"正常", "关注", "次级", "可疑", "损失"};
static const struct word_list classes = {"loan_class", class_words, COUNT_OF(class_words),
                                         class_words_zh};

_Static_assert(COUNT_OF(product_words) == COUNT_OF(product_words_zh), "a word each");
_Static_assert(COUNT_OF(status_words) == COUNT_OF(status_words_zh), "a word each");
_Static_assert(COUNT_OF(purpose_words) == COUNT_OF(purpose_words_zh), "a word each");
_Static_assert(COUNT_OF(class_words) == COUNT_OF(class_words_zh), "a word each");

static const struct fact_rule {
    const char *name;
    enum value_kind kind;
    unsigned points; /* bits 1 << enum decision_point */
    const struct word_list *words;
    const char *title_en;
    const char *title_zh;
} rules[FACT_COUNT] = {
    [FACT_PRODUCT] = {"product", VALUE_WORD, OF_CONTRACT, &products, "product", "贷款品种"},
    [FACT_AMOUNT] = {"amount", VALUE_MONEY, BEFORE, NULL, "amount of this loan", "本笔金额"},
    [FACT_TERM] = {"term", VALUE_MONTHS, OF_CONTRACT, NULL, "term", "贷款期限"},
    [FACT_RATE] = {"rate", VALUE_RATE, OF_CONTRACT, NULL, "contract rate", "合同年利率"},
    [FACT_PURPOSE] = {"purpose", VALUE_WORD, OF_CONTRACT, &purposes, "purpose", "贷款用途"},
    [FACT_APPLICANT_AGE] = {"applicant_age", VALUE_YEARS, LENDING, NULL, "age of the borrower",
                            "借款人年龄"},
    [FACT_HOUSEHOLD_STATUS] = {"household_status", VALUE_WORD, ALWAYS, &statuses,
                               "standing of the household on the day", "农户当日身份"},
    [FACT_HOUSEHOLD_BALANCE] = {"household_balance", VALUE_MONEY, LENDING, NULL,
                                "unpaid principal of the household", "全户未还本金"},
    [FACT_HOUSEHOLD_APPROVED] = {"household_approved", VALUE_MONEY, LENDING, NULL,
                                 "approved and not yet paid out to the household",
                                 "全户已批未放金额"},
    [FACT_HOUSEHOLD_COVERED] = {"household_covered", VALUE_MONEY, LENDING | COVERAGE, NULL,
                                "covered principal of the household", "全户已纳入补偿本金"},
    [FACT_HOUSEHOLD_OVERDUE_LOANS] = {"household_overdue_loans", VALUE_INTEGER, LENDING, NULL,
                                      "overdue loans of the household", "全户逾期笔数"},
    [FACT_HOUSEHOLD_LOANS] = {"household_loans", VALUE_INTEGER, LENDING | COVERAGE, NULL,
                              "other loans of the household", "全户其他贷款笔数"},
    [FACT_APPROVED_AMOUNT] = {"approved_amount", VALUE_MONEY, DISBURSEMENT, NULL, "amount approved",
                              "批准金额"},
    [FACT_DAYS_SINCE_APPROVAL] = {"days_since_approval", VALUE_DAYS, DISBURSEMENT, NULL,
                                  "days since approval", "批准后天数"},
    [FACT_NPL_RATIO] = {"npl_ratio", VALUE_RATE, BEFORE, NULL, "ratio of bad loans", "不良率"},
    [FACT_LOANS_BALANCE] = {"loans_balance", VALUE_MONEY, OF_COUNTY, NULL,
                            "unpaid principal of all loans", "全县贷款余额"},
    [FACT_FUND_FREE_BALANCE] = {"fund_free_balance", VALUE_MONEY, OF_COUNTY, NULL,
                                "free balance of the fund", "补偿金可用余额"},
    [FACT_DAYS_OVERDUE] = {"days_overdue", VALUE_DAYS, CLAIM | LOSS | SUBSIDY | CLASSES, NULL,
                           "days overdue", "逾期天数"},
    [FACT_COVERED_UNPAID] = {"covered_unpaid", VALUE_MONEY, CLAIM | LOSS, NULL,
                             "unpaid covered principal", "未还的纳入补偿本金"},
    [FACT_INTEREST_UNPAID] = {"interest_unpaid", VALUE_MONEY, CLAIM | LOSS, NULL,
                              "unpaid interest of the covered principal", "纳入补偿本金的欠息"},
    [FACT_COLLECTION_NOTICES] = {"collection_notices", VALUE_INTEGER, CLAIM, NULL,
                                 "demands for payment since overdue", "逾期后催收通知次数"},
    [FACT_USED_AS_APPLIED] = {"used_as_applied", VALUE_TRUTH, CLAIM | SUBSIDY | CLASSES, NULL,
                              "money used as applied for", "按申请用途使用"},
    [FACT_LOSS] = {"loss_amount", VALUE_MONEY, LOSS, NULL, "loss that is shared", "待分担损失"},
    [FACT_BORNE_THIS_YEAR] = {"borne_this_year", VALUE_MONEY, LOSS, NULL,
                              "borne by the payer since 1 January", "该承担方本年已承担"},
    [FACT_BORNE_IN_ALL] = {"borne_in_all", VALUE_MONEY, LOSS, NULL, "ever borne by the payer",
                           "该承担方累计已承担"},
    [FACT_PRINCIPAL] = {"principal", VALUE_MONEY, SUBSIDY | CLASSES, NULL,
                        "principal of the contract", "合同本金"},
    [FACT_SIGNED_ON] = {"signed_on", VALUE_DATE, SUBSIDY, NULL, "day of the contract",
                        "合同签订日"},
    [FACT_DAYS_SINCE_PAYOUT] = {"days_since_payout", VALUE_DAYS, SUBSIDY, NULL, "days since payout",
                                "放款后天数"},
    [FACT_OVERDUE] = {"overdue", VALUE_TRUTH, SUBSIDY, NULL, "the loan is overdue", "贷款逾期"},
    [FACT_CLASS] = {"class", VALUE_WORD, SUBSIDY, &classes, "class of the loan", "五级分类"},
};

static const char *const point_names[DECISION_POINT_COUNT] = {
    [DECISION_ELIGIBILITY] = "eligibility",
    [DECISION_DISBURSEMENT] = "disbursement",
    [DECISION_CLAIM] = "claim",
    [DECISION_LENDING] = "lending",
    [DECISION_COVERAGE] = "coverage",
    [DECISION_SUBSIDY] = "subsidy",
    [DECISION_CLASSIFICATION] = "classification",
};

const char *decision_point_name(enum decision_point point)
{
    assert(point < DECISION_POINT_COUNT);
    return point_names[point];
}

bool decision_point_find(const char *name, enum decision_point *ret)
{
    for (size_t i = 0; name != NULL && i < DECISION_POINT_COUNT; i++) {
        if (text_equal(point_names[i], name)) {
            *ret = (enum decision_point)i;
            return true;
        }
    }
    return false;
}

bool decision_point_is_silent(enum decision_point point)
{
    assert(point < DECISION_POINT_COUNT);
    return point == DECISION_SUBSIDY || point == DECISION_CLASSIFICATION;
}

struct symbol fact_symbol(enum fact_name name)
{
    assert(name < FACT_COUNT);
    return (struct symbol){
        .name = rules[name].name, .kind = rules[name].kind, .words = rules[name].words};
}

const char *fact_title(enum fact_name name, bool chinese)
{
    assert(name < FACT_COUNT);
    return chinese ? rules[name].title_zh : rules[name].title_en;
}

const struct word_list *fact_word_list(const char *name)
{
    static const struct word_list *const lists[] = {&products, &statuses, &purposes, &classes};
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        if (text_equal(lists[i]->name, name)) {
            return lists[i];
        }
    }
    return NULL;
}

bool fact_belongs_to(enum fact_name name, enum decision_point point)
{
    assert(name < FACT_COUNT);
    return (rules[name].points & 1U << point) != 0;
}

static void set(struct case_facts *facts, enum fact_name name, enum value_kind kind, int64_t number)
{
    assert(name < FACT_COUNT && rules[name].kind == kind);
    facts->of[name] = (struct fact){true, {kind, number, rules[name].words}, NULL};
}

void case_set_money(struct case_facts *facts, enum fact_name name, struct money amount)
{
    set(facts, name, VALUE_MONEY, money_fen(amount));
}

void case_set_rate(struct case_facts *facts, enum fact_name name, struct rate rate)
{
    set(facts, name, VALUE_RATE, rate.ppm);
}

void case_set_count(struct case_facts *facts, enum fact_name name, int64_t count)
{
    assert(name < FACT_COUNT);
    enum value_kind kind = rules[name].kind;
    assert(kind == VALUE_INTEGER || kind == VALUE_DAYS || kind == VALUE_MONTHS ||
           kind == VALUE_YEARS);
    set(facts, name, kind, count);
}

void case_set_truth(struct case_facts *facts, enum fact_name name, bool truth)
{
    set(facts, name, VALUE_TRUTH, truth ? 1 : 0);
}

void case_set_date(struct case_facts *facts, enum fact_name name, struct date day)
{
    set(facts, name, VALUE_DATE, day.day);
}

void case_set_nth_word(struct case_facts *facts, enum fact_name name, size_t position)
{
    assert(rules[name].words != NULL && position < rules[name].words->count);
    set(facts, name, VALUE_WORD, (int64_t)position);
}

bool case_set_word(struct case_facts *facts, enum fact_name name, const char *word)
{
    assert(name < FACT_COUNT && rules[name].kind == VALUE_WORD);
    size_t position = 0;
    if (!word_find(rules[name].words, word, &position)) {
        facts->of[name] = (struct fact){.known = false};
        return false;
    }
    set(facts, name, VALUE_WORD, (int64_t)position);
    return true;
}

bool case_set_written(struct case_facts *facts, enum fact_name name, const char *text)
{
    struct error ignored = {0};
    struct value value;

    assert(name < FACT_COUNT);
    if (rules[name].kind == VALUE_WORD) {
        return case_set_word(facts, name, text);
    }
    if (!scalar_parse(text, rules[name].kind, &value, &ignored)) {
        facts->of[name] = (struct fact){.known = false};
        return false;
    }
    set(facts, name, value.kind, value.number);
    return true;
}

bool fact_find(const char *name, enum fact_name *ret)
{
    for (size_t i = 0; i < FACT_COUNT; i++) {
        if (text_equal(rules[i].name, name)) {
            *ret = (enum fact_name)i;
            return true;
        }
    }
    return false;
}
