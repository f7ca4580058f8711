#include "reports/definition.h"
#include "reports/words.h"

#include "ledger/base/attributes.h"
#include "ledger/books/journal.h"

#include <string.h>

enum {
    CODE,
    NAME_ZH,
    NAME_EN,
    OPENING_DEBIT,
    OPENING_CREDIT,
    DEBIT,
    CREDIT,
    DEBIT_BALANCE,
    CREDIT_BALANCE,
    COLUMNS
};

static const struct column columns[COLUMNS] = {
    [CODE] = {"code", "code", "科目编号", CELL_TEXT, false},
    [NAME_ZH] = {"name_zh", "account (Chinese)", "科目名称", CELL_TEXT, false},
    [NAME_EN] = {"name_en", "account", "科目名称（英文）", CELL_TEXT, false},
    [OPENING_DEBIT] = {"opening_debit", "opening debit", "期初借方余额", CELL_MONEY, true},
    [OPENING_CREDIT] = {"opening_credit", "opening credit", "期初贷方余额", CELL_MONEY, true},
    [DEBIT] = {"debit", "debit turnover", "本期借方发生额", CELL_MONEY, true},
    [CREDIT] = {"credit", "credit turnover", "本期贷方发生额", CELL_MONEY, true},
    [DEBIT_BALANCE] = {"debit_balance", "closing debit", "期末借方余额", CELL_MONEY, true},
    [CREDIT_BALANCE] = {"credit_balance", "closing credit", "期末贷方余额", CELL_MONEY, true},
};

struct listed {
    enum account account;
    const struct account_title *title;
};

/* The accounts of the book that ever moved, by code; the contra account of the memo register says
 * nothing. */
static size_t list_accounts(enum book book, const struct account_titles *titles,
                            const struct turnover turnover[static ACCOUNT_SLOTS],
                            struct listed ret[static ACCOUNT_SLOTS])
{
    size_t count = 0;
    for (size_t i = 0; i < account_count(); i++) {
        enum account account = account_at(i);
        const struct account_title *title = &titles->of[account];
        bool moved =
            !money_is_zero(turnover[account].debit) || !money_is_zero(turnover[account].credit);
        if (account_book(account) != book || account == ACCOUNT_CONTRA || !moved ||
            title->code == NULL) {
            continue;
        }
        size_t place = count++;
        for (; place > 0 && strcmp(ret[place - 1].title->code, title->code) > 0; place--) {
            ret[place] = ret[place - 1];
        }
        ret[place] = (struct listed){account, title};
    }
    return count;
}

/* A balance on the side on which it stands. */
static bool put_balance(struct cell *debit, struct cell *credit, const struct turnover *turnover,
                        struct error *err)
{
    struct money balance = turnover->debit;
    if (!report_subtract(&balance, turnover->credit, err)) {
        return false;
    }
    if (money_is_positive(balance)) {
        *debit = cell_money(balance);
    } else if (money_is_negative(balance)) {
        *credit = cell_money(money_negate(balance));
    }
    return true;
}

/* `before` and `upto` both count from the beginning of the book. */
static bool add_account(struct table *table, const struct account_title *title,
                        const struct turnover *before, const struct turnover *upto,
                        struct error *err)
{
    struct cell *row = NULL;
    struct turnover period = *upto;
    if (!report_subtract(&period.debit, before->debit, err) ||
        !report_subtract(&period.credit, before->credit, err) ||
        !report_add_row(table, &row, err)) {
        return false;
    }
    row[CODE] = cell_text(table, title->code);
    row[NAME_ZH] = cell_text(table, title->name_zh);
    row[NAME_EN] = cell_text(table, title->name_en);
    row[DEBIT] = cell_money(period.debit);
    row[CREDIT] = cell_money(period.credit);
    return put_balance(&row[OPENING_DEBIT], &row[OPENING_CREDIT], before, err) &&
           put_balance(&row[DEBIT_BALANCE], &row[CREDIT_BALANCE], upto, err);
}

/* What a bookkeeper looks at first. The memo register is kept on one side, so it has none. */
static bool add_difference(struct table *table, struct error *err)
{
    struct cell debit = table_total(table, DEBIT_BALANCE);
    struct cell credit = table_total(table, CREDIT_BALANCE);
    struct money difference = debit.money;
    if (!report_subtract(&difference, credit.money, err)) {
        return false;
    }
    table_add_remark(table, (struct remark){"difference", "difference of debit and credit",
                                            "借贷差额", cell_money(difference)});
    return true;
}

/* What stood before the period: nothing, if it begins with the book. */
static bool read_opening(struct store *store, const struct report_parameters *parameters,
                         struct table *table, struct turnover ret[static ACCOUNT_SLOTS],
                         struct error *err)
{
    memset(ret, 0, ACCOUNT_SLOTS * sizeof *ret);
    if (!parameters->has_from) {
        return true;
    }
    table_add_remark(table,
                     (struct remark){"from", "period from", "期间自", cell_date(parameters->from)});
    return journal_turnover_on(store, date_add_days(parameters->from, -1), ret, err);
}

static bool build(struct store *store, const struct report_parameters *parameters,
                  struct table *table, struct error *err)
{
    struct account_titles titles;
    struct turnover before[ACCOUNT_SLOTS];
    struct turnover turnover[ACCOUNT_SLOTS];
    struct listed listed[ACCOUNT_SLOTS];
    table->subject = word_of_book(table, book_word(parameters->book));
    if (!account_titles_load(store, table, &titles, err) ||
        !read_opening(store, parameters, table, before, err) ||
        !journal_turnover_on(store, parameters->as_of, turnover, err)) {
        return false;
    }
    size_t count = list_accounts(parameters->book, &titles, turnover, listed);
    for (size_t i = 0; i < count; i++) {
        enum account account = listed[i].account;
        if (!add_account(table, listed[i].title, &before[account], &turnover[account], err)) {
            return false;
        }
    }
    return parameters->book == BOOK_MEMO ? true : add_difference(table, err);
}

const struct report trial_balance = {
    .name = "trial-balance",
    .title_en = "Trial balance",
    .title_zh = "科目余额表",
    .subject = REPORT_OF_BOOK,
    .has_period = true,
    .column = columns,
    .columns = COLUMNS,
    .build = build,
};
