#include "cli/explain_table.h"

#include "ledger/base/text.h"

enum {
    EVENTS,
    DECISIONS,
    CONDITIONS,
    SPLITS,
    SHARES,
    PAYMENTS,
    PARTS,
    PARAMETERS,
    STEPS,
    OVERRIDES,
    REFERRALS
};

static const struct column event_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"type", N_("type"), "类型", CELL_TEXT, false},
    {"date", N_("business day"), "营业日", CELL_DATE, false},
    {"actor", N_("actor"), "经办人", CELL_TEXT, false},
};
static const struct column decision_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"point", N_("decision"), "决定", CELL_TEXT, false},
    {"no", N_("number"), "序号", CELL_INT, false},
    {"outcome", N_("outcome"), "结论", CELL_TEXT, false},
    {"policy_name", N_("policy"), "政策", CELL_TEXT, false},
    {"policy", N_("digest of the policy"), "政策摘要", CELL_TEXT, false},
    {"asked_again", N_("asked again"), "复核", CELL_TEXT, false},
    {"loan", N_("loan"), "贷款", CELL_TEXT, false},
    {"first_day", N_("first day"), "首日", CELL_DATE, false},
    {"last_day", N_("last day"), "末日", CELL_DATE, false},
};
static const struct column condition_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"point", N_("decision"), "决定", CELL_TEXT, false},
    {"no", N_("number"), "序号", CELL_INT, false},
    {"condition", N_("condition"), "条件", CELL_TEXT, false},
    {"outcome", N_("outcome"), "结论", CELL_TEXT, false},
    {"message_en", N_("message in English"), "英文说明", CELL_TEXT, false},
    {"message_zh", N_("message in Chinese"), "中文说明", CELL_TEXT, false},
    {"from", N_("from"), "起用日", CELL_DATE, false},
    {"clause", N_("clause"), "依据", CELL_TEXT, false},
    {"clause_zh", N_("clause in Chinese"), "中文依据", CELL_TEXT, false},
};
static const struct column part_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"point", N_("decision"), "决定", CELL_TEXT, false},
    {"no", N_("number"), "序号", CELL_INT, false},
    {"condition", N_("condition"), "条件", CELL_TEXT, false},
    {"part", N_("part"), "组成部分", CELL_TEXT, false},
    {"kind", N_("kind"), "类别", CELL_TEXT, false},
    {"value", N_("value"), "取值", CELL_TEXT, false},
};
static const struct column parameter_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"point", N_("decision"), "决定", CELL_TEXT, false},
    {"no", N_("number"), "序号", CELL_INT, false},
    {"name", N_("name"), "名称", CELL_TEXT, false},
    {"value", N_("value"), "取值", CELL_TEXT, false},
    {"from", N_("from"), "起用日", CELL_DATE, false},
    {"clause", N_("clause"), "依据", CELL_TEXT, false},
    {"clause_zh", N_("clause in Chinese"), "中文依据", CELL_TEXT, false},
};
static const struct column split_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"split", N_("split of"), "分担事项", CELL_TEXT, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, false},
    {"on", N_("by the rules of"), "适用规则日", CELL_DATE, false},
    {"policy_name", N_("policy"), "政策", CELL_TEXT, false},
    {"policy", N_("digest of the policy"), "政策摘要", CELL_TEXT, false},
    {"asked_again", N_("asked again"), "复核", CELL_TEXT, false},
    {"clause", N_("clause"), "依据", CELL_TEXT, false},
    {"clause_zh", N_("clause in Chinese"), "中文依据", CELL_TEXT, false},
};
static const struct column share_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"payer", N_("payer"), "承担方", CELL_TEXT, false},
    {"part", N_("part"), "本次金额", CELL_MONEY, false},
    {"so_far", N_("so far"), "累计", CELL_MONEY, false},
    {"borne", N_("borne"), "承担额", CELL_MONEY, false},
};
static const struct column payment_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"payer", N_("borne by"), "承担方", CELL_TEXT, false},
    {"paid_by", N_("paid by"), "支付方", CELL_TEXT, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, false},
    {"within_days", N_("within days"), "支付期限（天）", CELL_INT, false},
    {"refund_days", N_("given back within days"), "归还期限（天）", CELL_INT, false},
};
static const struct column step_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"rule_en", N_("rule in English"), "英文规则", CELL_TEXT, false},
    {"rule_zh", N_("rule in Chinese"), "中文规则", CELL_TEXT, false},
    {"of", N_("of"), "计算基数", CELL_MONEY, false},
    {"share", N_("share"), "按比例", CELL_MONEY, false},
    {"part", N_("part"), "承担", CELL_MONEY, false},
};

static const struct column override_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"override", N_("exception"), "例外", CELL_INT, false},
    {"point", N_("decision"), "决定", CELL_TEXT, false},
    {"condition", N_("condition"), "条件", CELL_TEXT, false},
    {"reason", N_("reason"), "理由", CELL_TEXT, false},
    {"actor", N_("proposed by"), "提出人", CELL_TEXT, false},
};

static const struct column referral_columns[] = {
    {"event", N_("event"), "事件", CELL_INT, false},
    {"decided_in", N_("decided in event"), "审定事件", CELL_INT, false},
    {"point", N_("decision"), "决定", CELL_TEXT, false},
    {"condition", N_("condition"), "条件", CELL_TEXT, false},
    {"reason", N_("reason"), "理由", CELL_TEXT, false},
    {"actor", N_("decided by"), "审定人", CELL_TEXT, false},
};

static const struct {
    const char *name;
    const struct column *column;
    size_t columns;
    enum explanation_depth depth; /* from which it is shown */
} kinds[EXPLAIN_TABLES] = {
    [EVENTS] = {"events", event_columns, COUNT_OF(event_columns), EXPLAIN_RESULT},
    [DECISIONS] = {"decisions", decision_columns, COUNT_OF(decision_columns), EXPLAIN_RESULT},
    [CONDITIONS] = {"conditions", condition_columns, COUNT_OF(condition_columns), EXPLAIN_RESULT},
    [SPLITS] = {"splits", split_columns, COUNT_OF(split_columns), EXPLAIN_RESULT},
    [SHARES] = {"shares", share_columns, COUNT_OF(share_columns), EXPLAIN_RESULT},
    [PAYMENTS] = {"payments", payment_columns, COUNT_OF(payment_columns), EXPLAIN_RESULT},
    [OVERRIDES] = {"overrides", override_columns, COUNT_OF(override_columns), EXPLAIN_RESULT},
    [REFERRALS] = {"referrals", referral_columns, COUNT_OF(referral_columns), EXPLAIN_RESULT},
    [PARTS] = {"parts", part_columns, COUNT_OF(part_columns), EXPLAIN_STEPS},
    [STEPS] = {"steps", step_columns, COUNT_OF(step_columns), EXPLAIN_STEPS},
    [PARAMETERS] = {"parameters", parameter_columns, COUNT_OF(parameter_columns), EXPLAIN_CLAUSES},
};

void explain_tables_init(struct explain_tables *tables, struct arena *arena,
                         enum explanation_depth depth)
{
    tables->depth = depth;
    for (size_t i = 0; i < EXPLAIN_TABLES; i++) {
        table_init(&tables->table[i], arena, kinds[i].name, kinds[i].column, kinds[i].columns,
                   (struct date){0});
    }
}

void explain_tables_show(const struct explain_tables *tables, struct result *result)
{
    for (size_t i = 0; i < EXPLAIN_TABLES; i++) {
        if (kinds[i].depth <= tables->depth) {
            result_table(result, kinds[i].name, &tables->table[i]);
        }
    }
}

/* --- rows ------------------------------------------------------------------------------------- */

static struct cell again(struct table *table, bool agrees)
{
    return cell_text(table, agrees ? "same" : "differs");
}

/* A row of a decision: the first three cells are filled in. */
static struct cell *row_of(struct table *table, const struct explanation *of,
                           const struct explained_decision *explained)
{
    struct cell *cell = table_add_row(table);
    cell[0] = cell_int((int64_t)of->seq);
    cell[1] = cell_text(table, decision_point_name(explained->decision.point));
    cell[2] = cell_int((int64_t)(explained - of->decision) + 1);
    return cell;
}

/* In the two columns from there on. */
static void add_clause(struct table *table, struct cell *cell, struct clause clause)
{
    cell[0] = cell_text(table, clause.en);
    cell[1] = cell_text(table, clause.zh);
}

static void add_parts(struct explain_tables *tables, const struct explanation *of,
                      const struct explained_decision *explained,
                      const struct decided_condition *condition,
                      const struct expression *expression, const struct part_result *trace)
{
    struct table *table = &tables->table[PARTS];

    for (size_t i = 0; i < expression_parts(expression); i++) {
        struct part part = expression_part(expression, i);
        char value[VALUE_TEXT_SIZE];
        if (part.is_literal) {
            continue;
        }
        struct cell *cell = row_of(table, of, explained);
        cell[3] = cell_text(table, condition->id);
        cell[4] = cell_text(table, arena_text_n(table->arena, part.text, part.length));
        cell[5] = cell_text(table, !part.is_symbol            ? "operation"
                                   : part.symbol < FACT_COUNT ? "fact"
                                                              : "parameter");
        cell[6] = cell_text(table, trace[i].evaluated ? value_format(trace[i].value, value) : NULL);
    }
}

static void add_condition(struct explain_tables *tables, const struct explanation *of,
                          const struct explained_decision *explained,
                          const struct decided_condition *condition)
{
    struct table *table = &tables->table[CONDITIONS];
    struct cell *cell = row_of(table, of, explained);

    cell[3] = cell_text(table, condition->id);
    cell[4] = cell_text(table, condition->asked ? outcome_name(condition->outcome) : "not-asked");
    if (condition->outcome != OUTCOME_PASS) {
        cell[5] = cell_text(table, condition->message_en);
        cell[6] = cell_text(table, condition->message_zh);
    }
    if (tables->depth == EXPLAIN_CLAUSES) {
        cell[7] = cell_date(condition->from);
        add_clause(table, &cell[8], condition->clause);
    }
    if (condition->when != NULL) {
        add_parts(tables, of, explained, condition, condition->when, condition->when_trace);
    }
    if (condition->asked) {
        add_parts(tables, of, explained, condition, condition->require, condition->require_trace);
    }
}

static void add_parameters(struct explain_tables *tables, const struct explanation *of,
                           const struct explained_decision *explained)
{
    const struct decision *decision = &explained->decision;
    struct table *table = &tables->table[PARAMETERS];

    for (size_t i = 0; i < decision->parameter_count; i++) {
        const struct used_parameter *used = &decision->parameters[i];
        struct cell *cell = row_of(table, of, explained);
        cell[3] = cell_text(table, parameter_name(used->parameter));
        cell[4] = cell_text(table, used->written);
        cell[5] = cell_date(used->from);
        add_clause(table, &cell[6], used->clause);
    }
    for (size_t i = 0; i < decision->table_count; i++) {
        const struct used_table *used = &decision->tables[i];
        struct cell *cell = row_of(table, of, explained);
        cell[3] = cell_text(table, used->name);
        cell[5] = cell_date(used->from);
        add_clause(table, &cell[6], used->clause);
    }
}

static void add_subject(const struct explained_decision *explained, struct cell *cell,
                        struct table *table)
{
    if (explained->loan != 0) {
        cell[7] = cell_text(table, arena_printf(table->arena, "L%lld", (long long)explained->loan));
    }
    if (explained->has_period) {
        cell[8] = cell_date(explained->from);
        cell[9] = cell_date(date_add_days(explained->upto, -1));
    }
}

static void add_decision(struct explain_tables *tables, const struct explanation *of,
                         const struct explained_decision *explained)
{
    const struct decision *decision = &explained->decision;
    struct table *table = &tables->table[DECISIONS];
    struct cell *cell = row_of(table, of, explained);
    char hex[SHA256_HEX_SIZE];

    cell[3] = cell_text(table, explained->recorded);
    cell[4] = cell_text(table, decision->policy_name);
    cell[5] =
        cell_text(table, hex_format(decision->policy.byte, sizeof decision->policy.byte, hex));
    cell[6] = again(table, explained->agrees);
    add_subject(explained, cell, table);
    for (size_t i = 0; i < decision->condition_count; i++) {
        const struct decided_condition *condition = &decision->conditions[i];
        if (tables->depth != EXPLAIN_RESULT || condition->outcome != OUTCOME_PASS) {
            add_condition(tables, of, explained, condition);
        }
    }
    add_parameters(tables, of, explained);
}

static void add_shares(struct explain_tables *tables, const struct explanation *of)
{
    const struct explained_split *split = &of->split;
    struct table *table = &tables->table[SHARES];

    for (size_t i = 0; i < split->shares; i++) {
        struct cell *cell = table_add_row(table);
        cell[0] = cell_int((int64_t)of->seq);
        cell[1] = cell_text(table, split->share[i].payer);
        cell[2] = cell_money(split->share[i].part);
        if (split->kind == SPLIT_RECOVERY) {
            cell[3] = cell_money(split->share[i].so_far);
            cell[4] = cell_money(split->share[i].borne);
        }
    }
}

static void add_payments(struct explain_tables *tables, const struct explanation *of)
{
    struct table *table = &tables->table[PAYMENTS];

    for (size_t i = 0; i < of->split.payments; i++) {
        const struct explained_payment *one = &of->split.payment[i];
        struct cell *cell = table_add_row(table);
        cell[0] = cell_int((int64_t)of->seq);
        cell[1] = cell_text(table, one->payer);
        cell[2] = cell_text(table, one->by);
        cell[3] = cell_money(one->amount);
        if (one->within >= 0) {
            cell[4] = cell_int(one->within);
        }
        if (one->refund_within >= 0) {
            cell[5] = cell_int(one->refund_within);
        }
    }
}

static void add_steps(struct explain_tables *tables, const struct explanation *of)
{
    struct table *table = &tables->table[STEPS];

    for (size_t i = 0; i < of->split.steps; i++) {
        const struct explained_step *step = &of->split.step[i];
        struct cell *cell = table_add_row(table);
        cell[0] = cell_int((int64_t)of->seq);
        cell[1] = cell_text(table, step->text_en);
        cell[2] = cell_text(table, step->text_zh);
        if (step->has_base) {
            cell[3] = cell_money(step->base);
            cell[4] = cell_money(step->share);
        }
        if (step->has_part) {
            cell[5] = cell_money(step->part);
        }
    }
}

static void add_split(struct explain_tables *tables, const struct explanation *of)
{
    const struct explained_split *split = &of->split;
    struct table *table = &tables->table[SPLITS];
    struct cell *cell = table_add_row(table);
    char hex[SHA256_HEX_SIZE];

    cell[0] = cell_int((int64_t)of->seq);
    cell[1] = cell_text(table, split->kind == SPLIT_LOSS ? "loss" : "recovery");
    cell[2] = cell_money(split->amount);
    cell[3] = cell_date(split->on);
    cell[4] = cell_text(table, split->policy_name);
    cell[5] = cell_text(table, hex_format(split->policy.byte, sizeof split->policy.byte, hex));
    cell[6] = again(table, split->agrees);
    if (tables->depth == EXPLAIN_CLAUSES) {
        add_clause(table, &cell[7], split->clause);
    }
    add_shares(tables, of);
    add_payments(tables, of);
    add_steps(tables, of);
}

static void add_overrides(struct explain_tables *tables, const struct explanation *of)
{
    struct table *table = &tables->table[OVERRIDES];

    for (size_t i = 0; i < of->overrides; i++) {
        const struct loan_override *override = &of->override[i];
        struct cell *cell = table_add_row(table);
        cell[0] = cell_int((int64_t)of->seq);
        cell[1] = cell_int(override->id);
        cell[2] = cell_text(table, override->point);
        cell[3] = cell_text(table, override->condition);
        cell[4] = cell_text(table, override->reason);
        cell[5] = cell_text(table, override->actor);
    }
}

static void add_referrals(struct explain_tables *tables, const struct explanation *of)
{
    struct table *table = &tables->table[REFERRALS];

    for (size_t i = 0; i < of->referrals; i++) {
        const struct loan_referral *referral = &of->referral[i];
        struct cell *cell = table_add_row(table);
        cell[0] = cell_int((int64_t)of->seq);
        cell[1] = cell_int((int64_t)referral->seq);
        cell[2] = cell_text(table, referral->point);
        cell[3] = cell_text(table, referral->condition);
        cell[4] = cell_text(table, referral->reason);
        cell[5] = cell_text(table, referral->actor);
    }
}

void explain_tables_add(struct explain_tables *tables, const struct explanation *explanation)
{
    struct table *table = &tables->table[EVENTS];
    struct cell *cell = table_add_row(table);

    cell[0] = cell_int((int64_t)explanation->seq);
    cell[1] = cell_text(table, explanation->type);
    cell[2] = cell_date(explanation->day);
    cell[3] = cell_text(table, explanation->actor);
    /* Not of today: the explanation of an event stays the same. */
    for (size_t i = 0; i < EXPLAIN_TABLES; i++) {
        tables->table[i].as_of = explanation->day;
    }
    for (size_t i = 0; i < explanation->decisions; i++) {
        add_decision(tables, explanation, &explanation->decision[i]);
    }
    if (explanation->split.kind != SPLIT_NONE) {
        add_split(tables, explanation);
    }
    add_overrides(tables, explanation);
    add_referrals(tables, explanation);
}
