#include "cli/simulation_table.h"

#include "ledger/base/digest.h"

enum {
    OFFICE,
    CLASS,
    FIGURE,
    COUNT_BEFORE,
    AMOUNT_BEFORE,
    COUNT_AFTER,
    AMOUNT_AFTER,
    COUNT_CHANGE,
    AMOUNT_CHANGE,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [OFFICE] = {"office", "office", "机构", CELL_WORD, false},
    [CLASS] = {"class", "class", "五级分类", CELL_WORD, false},
    [FIGURE] = {"figure", "figure", "项目", CELL_WORD, false},
    [COUNT_BEFORE] = {"count_before", "number before", "现行笔数", CELL_INT, false},
    [AMOUNT_BEFORE] = {"amount_before", "amount before", "现行金额", CELL_MONEY, false},
    [COUNT_AFTER] = {"count_after", "number after", "模拟笔数", CELL_INT, false},
    [AMOUNT_AFTER] = {"amount_after", "amount after", "模拟金额", CELL_MONEY, false},
    [COUNT_CHANGE] = {"count_change", "more or fewer", "笔数增减", CELL_INT, false},
    [AMOUNT_CHANGE] = {"amount_change", "more or less", "金额增减", CELL_MONEY, false},
};

static const struct word all[] = {{"all", "all", "合计"}};

static const struct word classes[] = {
    [CLASS_NORMAL] = {"normal", "normal", "正常"},
    [CLASS_SPECIAL_MENTION] = {"special-mention", "special mention", "关注"},
    [CLASS_SUBSTANDARD] = {"substandard", "substandard", "次级"},
    [CLASS_DOUBTFUL] = {"doubtful", "doubtful", "可疑"},
    [CLASS_LOSS] = {"loss", "loss", "损失"},
};

static const struct word figures[SIMULATED_FIGURES] = {
    [SIMULATED_PASS] = {"passed", "applications passed", "通过的申请"},
    [SIMULATED_WARN] = {"warned", "applications warned", "提示的申请"},
    [SIMULATED_REFER] = {"referred", "applications referred", "转人工审定的申请"},
    [SIMULATED_BLOCK] = {"blocked", "applications blocked", "禁止的申请"},
    [SIMULATED_UNDECIDED] = {"undecided", "applications not decided", "无法模拟的申请"},
    [SIMULATED_LENT] = {"lent", "loans paid out", "发放贷款"},
    [SIMULATED_COVERED] = {"covered", "of these under subsidy and fund", "其中贴息及补偿范围内"},
    [SIMULATED_SUBSIDY] = {"subsidy", "subsidy", "贴息"},
    [SIMULATED_PREMIUM] = {"premium", "premium", "保费"},
    [SIMULATED_CLAIMS_PASS] = {"claims_passed", "claims passed", "通过的补偿申请"},
    [SIMULATED_CLAIMS_WARN] = {"claims_warned", "claims warned", "提示的补偿申请"},
    [SIMULATED_CLAIMS_REFER] = {"claims_referred", "claims referred", "转人工审定的补偿申请"},
    [SIMULATED_CLAIMS_BLOCK] = {"claims_blocked", "claims blocked", "禁止的补偿申请"},
    [SIMULATED_CLAIMS] = {"claims", "claims", "补偿申请"},
    [SIMULATED_CLAIMS_UNDECIDED] = {"claims_undecided", "claims not decided", "无法模拟的补偿申请"},
    [SIMULATED_BORNE_INSURER] = {"loss_insurer", "loss borne by the insurer", "保险公司承担损失"},
    [SIMULATED_BORNE_FUND] = {"loss_fund", "loss borne by the fund", "风险补偿金承担损失"},
    [SIMULATED_BORNE_BANK] = {"loss_bank", "loss borne by the bank", "银行承担损失"},
    [SIMULATED_RECOVERED] = {"recovered", "recovered, net of costs", "追偿净收回"},
    [SIMULATED_RECOVERED_INSURER] = {"recovered_insurer", "recovered for the insurer",
                                     "追偿返还保险公司"},
    [SIMULATED_RECOVERED_FUND] = {"recovered_fund", "recovered for the fund", "追偿返还风险补偿金"},
    [SIMULATED_RECOVERED_BANK] = {"recovered_bank", "recovered for the bank", "追偿归银行"},
    [SIMULATED_OUTSTANDING] = {"outstanding", "loans outstanding", "贷款余额"},
    [SIMULATED_TOP_UP] = {"top_up", "fund: topped up", "基金：年度补充"},
    [SIMULATED_SPECIAL_ACCOUNT] = {"special_account", "fund: special account",
                                   "基金：专户存款余额"},
    [SIMULATED_PAYABLE] = {"claims_payable", "fund: claims payable", "基金：应付补偿款"},
    [SIMULATED_ADVANCES] = {"advances_payable", "fund: advances payable", "基金：应付代垫款"},
    [SIMULATED_RESERVED] = {"reserved", "fund: reserved for claims filed",
                            "基金：已申请待核定补偿款"},
    [SIMULATED_FREE] = {"free_balance", "fund: free balance", "基金：可用余额"},
};

/* What the reader must know, as it stands below the table. */
static const struct word notes[] = {
    {"not-lent",
     "A loan that the policy blocks counts as not lent: its subsidy, its claims and what was"
     " recovered on them drop out.",
     "模拟政策禁止的贷款视为未发放，其贴息、补偿申请及追偿收回一并剔除。"},
    {"behaviour",
     "Nobody behaves otherwise: what was applied for, repaid, claimed and recovered stays, on its"
     " day and with the facts of that day; what was refused at the counter is not in the book.",
     "不模拟当事人行为变化：申请、还款、补偿申请和追偿均按账面日期及当日事实；"
     "受理时即被拒绝的申请不在账中。"},
    {"class",
     "Classes go by the days overdue now, counted to the end of the period, and by the policy's"
     " conditions.",
     "五级分类按贷款目前逾期情况、计至期末的逾期天数及政策条件确定。"},
    {"undecided",
     "What the policy cannot decide for want of a fact on record stays as booked, before and"
     " after.",
     "因账中缺少所需事实而无法判定的，模拟前后均按账面数列示。"},
};

static bool is_nothing(const struct simulated_pair *pair)
{
    return pair->before.count == 0 && pair->after.count == 0 &&
           money_is_zero(pair->before.amount) && money_is_zero(pair->after.amount);
}

static struct cell *add_row(struct table *table, const char *office, const char *class,
                            enum simulated_figure figure, const struct simulated_pair *pair)
{
    struct cell *cell = table_add_row(table);

    cell[OFFICE] = cell_word(table, all, COUNT_OF(all), office);
    cell[CLASS] = class == NULL ? (struct cell){.kind = CELL_EMPTY}
                                : cell_word(table, classes, COUNT_OF(classes), class);
    cell[FIGURE] = cell_word(table, figures, COUNT_OF(figures), figures[figure].name);
    cell[AMOUNT_BEFORE] = cell_money(pair->before.amount);
    cell[AMOUNT_AFTER] = cell_money(pair->after.amount);
    cell[AMOUNT_CHANGE] = cell_money(pair->change.amount);
    if (figure <= SIMULATED_TOP_UP) {
        cell[COUNT_BEFORE] = cell_int(pair->before.count);
        cell[COUNT_AFTER] = cell_int(pair->after.count);
        cell[COUNT_CHANGE] = cell_int(pair->change.count);
    }
    return cell;
}

static void add_rows(const struct simulation *simulation, struct table *table)
{
    for (size_t i = 0; i < simulation->groups; i++) {
        const struct simulated_group *group = simulation->group[i];
        for (size_t figure = 0; figure < SIMULATED_OF_LOANS; figure++) {
            if (!is_nothing(&group->of[figure])) {
                add_row(table, group->office, classes[group->class].name,
                        (enum simulated_figure)figure, &group->of[figure]);
            }
        }
    }
    for (size_t figure = 0; figure < SIMULATED_FIGURES; figure++) {
        struct cell *cell = add_row(table, all[0].name, NULL, (enum simulated_figure)figure,
                                    &simulation->total[figure]);
        if (figure < SIMULATED_OF_LOANS) {
            cell[CLASS] = cell_word(table, all, COUNT_OF(all), all[0].name);
        }
    }
}

static void remark(struct table *table, const char *name, const char *en, const char *zh,
                   struct cell cell)
{
    table_add_remark(table, (struct remark){name, en, zh, cell});
}

static void add_reasons(const struct simulation *simulation, struct table *table)
{
    for (size_t i = 0; i < simulation->reasons; i++) {
        const struct simulated_reason *reason = &simulation->reason[i];
        remark(table, arena_printf(table->arena, "undecided_%zu", i + 1), "not decided", "无法模拟",
               cell_text(table, arena_printf(table->arena, "%lld: %s", (long long)reason->count,
                                             reason->text)));
    }
    if (simulation->other_reasons > 0) {
        remark(table, "undecided_others", "not decided for other reasons", "其他原因无法模拟",
               cell_int(simulation->other_reasons));
    }
}

/* By its number, with its loan, decision and condition. */
static void add_exceptions(const struct simulation *simulation, struct table *table)
{
    for (size_t i = 0; i < simulation->exceptions; i++) {
        const struct simulated_exception *one = &simulation->exception[i];
        const char *told = arena_printf(table->arena, "%lld: L%lld, %s, %s", (long long)one->id,
                                        (long long)one->loan, one->point, one->condition);
        if (one->before) {
            remark(table, arena_printf(table->arena, "exception_before_%lld", (long long)one->id),
                   "rests on an exception before", "现行依据的例外", cell_text(table, told));
        }
        if (one->after) {
            remark(table, arena_printf(table->arena, "exception_after_%lld", (long long)one->id),
                   "rests on an exception after", "模拟依据的例外", cell_text(table, told));
        }
    }
}

void simulation_table(const struct simulation *simulation, struct arena *arena, struct table *ret)
{
    char hex[SHA256_HEX_SIZE];

    table_init(ret, arena, "policy-simulation", columns, COLUMNS, simulation->to);
    ret->title_en = "What another policy would have made of the book";
    ret->title_zh = "政策模拟测算表";
    add_rows(simulation, ret);
    remark(ret, "from", "first day of the period", "期初日", cell_date(simulation->from));
    remark(ret, "to", "last day of the period", "期末日", cell_date(simulation->to));
    remark(ret, "policy", "policy", "模拟政策", cell_text(ret, simulation->policy));
    remark(ret, "digest", "digest", "摘要",
           cell_text(ret, hex_format(simulation->digest.byte, SHA256_SIZE, hex)));
    if (simulation->held) {
        remark(ret, "rows_of", "with its rows of", "取用条款日期", cell_date(simulation->rows_of));
    }
    remark(ret, "loans", "loans in the book", "账中贷款笔数", cell_int(simulation->loans));
    add_reasons(simulation, ret);
    add_exceptions(simulation, ret);
    for (size_t i = 0; i < COUNT_OF(notes); i++) {
        remark(ret, arena_printf(arena, "note_%zu", i + 1), "note", "说明",
               cell_word(ret, notes, COUNT_OF(notes), notes[i].name));
    }
}
