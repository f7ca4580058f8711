#include "cli/policy_table.h"

#include "ledger/base/text.h"
#include "rules/parameter.h"
#include "rules/policy_words.h"

static const struct word sections[] = {
    {"title", "title", "标题"},
    {"values", "values", "参数"},
    {"eligibility", "eligibility", "准入"},
    {"disbursement", "disbursement", "放款"},
    {"claim", "claim", "补偿申请"},
    {"lending", "lending at all", "停贷"},
    {"coverage", "cover", "贴息与补偿范围"},
    {"subsidy", "subsidy", "贴息"},
    {"classification", "classification", "五级分类"},
    {"points", "decisions", "决定"},
    {"bands", "tables", "分档表"},
    {"repayment", "repayment", "还款顺序"},

    {"loss", "loss", "损失分担"},
    {"recovery", "recovery", "追偿分配"},
};

const char *policy_section_title(const char *section)
{
    for (size_t i = 0; i < COUNT_OF(sections); i++) {
        if (text_equal(sections[i].name, section)) {
            return text_language_is_chinese() ? sections[i].zh : sections[i].en;
        }
    }
    return section;
}

/* What machines read, and what people read in the language of the program; NULL: none. */
static struct cell cell_told(struct table *table, const char *written, const char *told)
{
    if (written == NULL) {
        return cell_text(table, NULL);
    }
    struct word *word = arena_alloc(table->arena, sizeof *word);
    *word = (struct word){cell_text(table, written).text, cell_text(table, told).text,
                          cell_text(table, told).text};
    return (struct cell){.kind = CELL_WORD, .word = word};
}

static struct cell cell_clause(struct table *table, struct clause clause)
{
    return cell_told(table, clause.en, clause_text(clause, text_language_is_chinese()));
}

static struct cell cell_section(struct table *table, const char *section)
{
    return cell_word(table, sections, COUNT_OF(sections), section);
}

/* A file has no business day; only what it holds on one is said of that day. */
static void begin(struct table *table, struct arena *arena, const char *name, const char *title_en,
                  const char *title_zh, const struct column *column, size_t columns)
{
    table_init(table, arena, name, column, columns, (struct date){0});
    table->of_no_day = true;
    table->title_en = title_en;
    table->title_zh = title_zh;
}

static void say_of_day(struct table *table, struct date on)
{
    table->as_of = on;
    table->of_no_day = false;
}

void policy_failures_table(const struct test_report *report, struct arena *arena, struct table *ret)
{
    static const struct column columns[] = {
        {"section", N_("section"), "部分", CELL_WORD, false},
        {"line", N_("line"), "行", CELL_INT, false},
        {"test", N_("test"), "用例", CELL_TEXT, false},
        {"difference", N_("difference"), "不符之处", CELL_TEXT, false},
    };
    begin(ret, arena, "failures", N_("Tests that fail"), "未通过的用例", columns,
          COUNT_OF(columns));
    for (size_t i = 0; i < report->failures; i++) {
        const struct test_failure *failure = &report->failure[i];
        struct cell *cell = table_add_row(ret);
        cell[0] = cell_section(ret, failure->section);
        cell[1] = cell_int(failure->line);
        cell[2] = cell_text(ret, failure->title);
        cell[3] = cell_text(ret, failure->text);
    }
}

void policy_gaps_table(const struct test_report *report, struct arena *arena, struct table *ret)
{
    static const struct column columns[] = {
        {"section", N_("section"), "部分", CELL_WORD, false},
        {"subject", N_("subject"), "对象", CELL_TEXT, false},
        {"gap", N_("what no test has seen"), "用例未覆盖", CELL_TEXT, false},
    };
    begin(ret, arena, "gaps", N_("What no test has seen"), "用例未覆盖的内容", columns,
          COUNT_OF(columns));
    for (size_t i = 0; i < report->gaps; i++) {
        const struct test_gap *gap = &report->gap[i];
        struct cell *cell = table_add_row(ret);
        cell[0] = cell_section(ret, gap->section);
        cell[1] = cell_text(ret, gap->subject);
        cell[2] = cell_text(ret, gap->text);
    }
}

void policy_changes_table(const struct policy_changes *changes, struct arena *arena,
                          struct table *ret)
{
    static const struct column columns[] = {
        {"section", N_("section"), "部分", CELL_WORD, false},
        {"subject", N_("subject"), "对象", CELL_TEXT, false},
        {"before", N_("before"), "原", CELL_TEXT, false},
        {"after", N_("after"), "新", CELL_TEXT, false},
        {"from", N_("from"), "自", CELL_DATE, false},
        {"until", N_("until the day before"), "至（不含）", CELL_DATE, false},
        {"words", N_("in words"), "说明", CELL_TEXT, false},
    };
    begin(ret, arena, "policy-diff", N_("What differs"), "政策差异", columns, COUNT_OF(columns));
    for (size_t i = 0; i < changes->count; i++) {
        const struct policy_change *change = &changes->row[i];
        struct cell *cell = table_add_row(ret);
        cell[0] = cell_section(ret, change->section);
        cell[1] = cell_text(ret, change->subject);
        cell[2] = cell_told(ret, change->before, change->told_before);
        cell[3] = cell_told(ret, change->after, change->told_after);
        if (!text_equal(change->section, "title") && !text_equal(change->section, "points")) {
            cell[4] = cell_date(change->from);
        }
        if (change->ends) {
            cell[5] = cell_date(change->until);
        }
        cell[6] = cell_text(ret, change->words);
    }
}

void policy_values_table(const struct policy_outline *outline, struct arena *arena,
                         struct table *ret)
{
    static const struct column columns[] = {
        {"parameter", N_("parameter"), "参数", CELL_TEXT, false},
        {"title", N_("title"), "名称", CELL_TEXT, false},
        {"value", N_("value"), "取值", CELL_WORD, false},
        {"from", N_("from"), "自", CELL_DATE, false},
        {"governed_by", N_("governed by"), "依据日", CELL_WORD, false},
        {"clause", N_("clause"), "依据", CELL_TEXT, false},
    };
    begin(ret, arena, "values", N_("Values"), "参数", columns, COUNT_OF(columns));
    say_of_day(ret, outline->on);
    for (size_t i = 0; i < outline->values; i++) {
        const struct shown_value *value = &outline->value[i];
        struct cell *cell = table_add_row(ret);
        cell[0] = cell_text(ret, parameter_name(value->parameter));
        cell[1] = cell_text(ret, parameter_title(value->parameter));
        cell[2] = cell_told(ret, value->written, value_words(arena, value->value));
        cell[3] = cell_date(value->from);
        cell[4] = cell_told(ret, governing_date_name(value->governed_by),
                            governing_date_title(value->governed_by));
        cell[5] = cell_clause(ret, value->clause);
    }
}

void policy_conditions_table(const struct policy_outline *outline, struct arena *arena,
                             struct table *ret)
{
    static const struct column columns[] = {
        {"section", N_("section"), "部分", CELL_WORD, false},
        {"condition", N_("condition"), "条件", CELL_TEXT, false},
        {"when", N_("asked if"), "适用条件", CELL_TEXT, false},
        {"require", N_("must hold"), "须满足", CELL_TEXT, false},
        {"otherwise", N_("otherwise"), "否则", CELL_WORD, false},
        {"from", N_("from"), "自", CELL_DATE, false},
        {"override", N_("exception"), "可例外", CELL_WORD, false},
        {"clause", N_("clause"), "依据", CELL_TEXT, false},
    };
    begin(ret, arena, "conditions", N_("Conditions"), "条件", columns, COUNT_OF(columns));
    say_of_day(ret, outline->on);
    for (size_t i = 0; i < outline->conditions; i++) {
        const struct shown_condition *condition = &outline->condition[i];
        struct cell *cell = table_add_row(ret);
        cell[0] = cell_section(ret, decision_point_name(condition->point));
        cell[1] = cell_text(ret, condition->id);
        cell[2] = cell_text(ret, condition->when);
        cell[3] = cell_text(ret, condition->require);
        cell[4] = cell_told(ret, consequence_word(condition->otherwise, condition->at_least),
                            consequence_title(arena, condition->otherwise, condition->at_least));
        cell[5] = cell_date(condition->from);
        cell[6] = cell_told(ret, condition->may_override ? "yes" : NULL, _("yes"));
        cell[7] = cell_clause(ret, condition->clause);
    }
}

void policy_steps_table(const struct policy *policy, struct date on, struct arena *arena,
                        struct table *ret)
{
    static const struct column columns[] = {
        {"step", N_("step"), "顺序", CELL_INT, false},
        {"words", N_("in words"), "说明", CELL_TEXT, false},
    };
    bool chinese = text_language_is_chinese();
    begin(ret, arena, "loss", N_("Who bears a loss"), "损失分担", columns, COUNT_OF(columns));
    say_of_day(ret, on);
    for (size_t i = 0; i < policy_loss_steps(policy, on); i++) {
        struct cell *cell = table_add_row(ret);
        cell[0] = cell_int((int64_t)i + 1);
        cell[1] = cell_text(ret, policy_loss_step(policy, on, i, chinese));
    }
}
