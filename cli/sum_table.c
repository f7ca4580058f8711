#include "cli/sum_table.h"

#include "ledger/base/text.h"
#include "reports/words.h"

enum { LEAF_BYTES = 8 }; /* of 32: enough to find the event, short enough to read out */

static const struct column columns[] = {
    {"item", N_("item"), "项目", CELL_WORD, false},
    {"from", N_("from"), "起息日", CELL_DATE, false},
    {"upto", N_("up to (not counted)"), "止息日（不计）", CELL_DATE, false},
    {"days", N_("days"), "天数", CELL_INT, false},
    {"formula", N_("principal × days × rate"), "计算式（本金×天数×年利率）", CELL_TEXT, false},
    {"subsidy", N_("borne by county finance"), "财政贴息", CELL_MONEY, false},
    {"amount", N_("amount"), "金额", CELL_MONEY, true},
};

static struct cell word_of_item(struct table *table, const char *name)
{
    static const struct word words[] = {
        {"payout", "loan paid out", "发放贷款"},
        {"penalty", "penalty", "罚息"},
        {"interest-settled", "interest settled, not paid yet", "已结未还利息"},
        {"interest", "interest", "利息"},
        {"principal", "principal", "本金"},
        {"overpayment", "overpaid, held for the borrower", "多还款项（暂存）"},
    };
    return cell_word(table, words, COUNT_OF(words), name);
}

static void add_lines(struct table *table, const struct sum_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct sum_line *line = &lines->line[i];
        struct cell *cell = table_add_row(table);
        cell[0] = word_of_item(table, line->item);
        if (line->has_period) {
            cell[1] = cell_date(line->from);
            cell[2] = cell_date(line->upto);
            cell[3] = cell_int(line->days);
        }
        cell[4] = cell_text(table, line->formula);
        if (!money_is_zero(line->subsidy)) {
            cell[5] = cell_money(line->subsidy);
        }
        cell[6] = cell_money(line->amount);
    }
}

static void remark(struct table *table, const char *name, const char *title_en,
                   const char *title_zh, struct cell cell)
{
    table_add_remark(table, (struct remark){name, title_en, title_zh, cell});
}

static void remark_amount(struct table *table, struct money amount)
{
    char words[MONEY_WORDS_SIZE];
    remark(table, "sum", "sum", "合计（小写）", cell_money(amount));
    remark(table, "sum_in_words", "sum in capital characters", "合计（大写）",
           cell_text(table, money_words(amount, words)));
}

static struct cell loan_and_borrower(struct table *table, const struct loan *loan,
                                     const char *borrower)
{
    const char *who = borrower[0] == '\0'
                          ? arena_printf(table->arena, "#%lld", (long long)loan->household)
                          : borrower;
    return cell_text(table, arena_printf(table->arena, "L%lld  %s", (long long)loan->id, who));
}

void payoff_table(const struct payoff *payoff, struct arena *arena, struct table *ret)
{
    table_init(ret, arena, "loan-payoff", columns, COUNT_OF(columns), payoff->on);
    ret->title_en = "What closes the loan";
    ret->title_zh = "结清试算";
    ret->subject = loan_and_borrower(ret, &payoff->loan, payoff->borrower);
    add_lines(ret, &payoff->lines);
    remark_amount(ret, payoff->total);
    remark(ret, "status", "status", "状态", word_of_loan_status(ret, payoff->loan.status));
}

static void remark_terms(struct table *table, const struct loan *loan)
{
    remark(table, "purpose", "purpose", "贷款用途", word_of_purpose(table, loan->purpose));
    remark(table, "rate", "rate a year", "年利率", cell_rate(loan->rate));
    remark(table, "due", "due on", "到期日期", cell_date(loan->due));
}

static void remark_event(struct table *table, const struct receipt *receipt)
{
    char leaf[2 * LEAF_BYTES + 1];
    char command[UUID_HEX_SIZE];

    hex_format(receipt->leaf.byte, LEAF_BYTES, leaf);
    remark(table, "staff", "taken by", "经办", cell_text(table, receipt->actor));
    remark(table, "event", "event", "事件号", cell_int((int64_t)receipt->seq));
    remark(table, "recorded_at", "recorded at", "记录时间", cell_text(table, receipt->at));
    remark(table, "leaf", "leaf hash (first 16 of 64)", "事件摘要（前16位）",
           cell_text(table, leaf));
    remark(table, "command_id", "command id", "命令编号",
           cell_text(table, uuid_to_hex(&receipt->command, command)));
}

static void receipt_title(const struct receipt *receipt, struct table *table)
{
    if (receipt->undoes != 0) {
        table->title_en =
            receipt->is_payout ? "Reversal of a loan paid out" : "Reversal of a payment";
        table->title_zh = receipt->is_payout ? "贷款发放冲正凭证" : "贷款还款冲正凭证";
        return;
    }
    table->title_en = receipt->is_payout ? "Receipt of a loan paid out" : "Receipt of a payment";
    table->title_zh = receipt->is_payout ? "贷款发放凭证" : "贷款还款凭证";
}

void receipt_table(const struct receipt *receipt, enum page page, struct arena *arena,
                   struct table *ret)
{
    table_init(ret, arena, "loan-receipt", columns, COUNT_OF(columns), receipt->day);
    receipt_title(receipt, ret);
    ret->page = page;
    ret->subject = loan_and_borrower(ret, &receipt->loan, receipt->borrower);
    add_lines(ret, &receipt->lines);
    remark_amount(ret, receipt->amount);
    if (date_compare(receipt->value_date, receipt->day) != 0) {
        remark(ret, "value_date", receipt->undoes == 0 ? "paid on" : "value date",
               receipt->undoes == 0 ? "实际还款日" : "起息日期", cell_date(receipt->value_date));
    }
    remark(ret, "unpaid", "principal unpaid after it", "本次后贷款余额",
           cell_money(receipt->unpaid));
    if (receipt->undoes != 0) {
        remark(ret, "undoes", "takes back event", "冲正的事件号",
               cell_int((int64_t)receipt->undoes));
    }
    if (receipt->undone_in != 0) {
        remark(ret, "undone_in", "UNDONE in event", "已冲正，冲正事件号",
               cell_int((int64_t)receipt->undone_in));
        remark(ret, "undone_on", "undone on", "冲正日期", cell_date(receipt->undone_on));
    }
    if (receipt->is_payout && receipt->undoes == 0) {
        remark_terms(ret, &receipt->loan);
    }
    remark_event(ret, receipt);
}
