/* account.h - the chart of accounts as roles. Layer: books.
 * The program knows accounts by role; the official code of a role is data (table account_code) and
 * may change by year. Numbers and words below are in books and logs for ever: never renumber. */
#ifndef YICANG_BOOKS_ACCOUNT_H
#define YICANG_BOOKS_ACCOUNT_H

#include "ledger/base/arena.h"
#include "ledger/store/store.h"

#include <stdbool.h>

enum book { BOOK_BANK, BOOK_FUND, BOOK_MEMO, BOOK_COUNT };

const char *book_word(enum book book); /* "bank", "fund", "memo" */
MUST_CHECK bool book_find(const char *word, enum book *ret);

enum account {
    ACCOUNT_BANK_MONEY = 1,        /* 银行存款 1002 */
    ACCOUNT_LOANS_NORMAL = 2,      /* 1303-01 */
    ACCOUNT_LOANS_OVERDUE = 3,     /* 1303-02 */
    ACCOUNT_LOANS_NON_ACCRUAL = 4, /* 1303-03 */
    ACCOUNT_INTEREST_RECEIVABLE = 5,
    ACCOUNT_SUBSIDY_RECEIVABLE = 6,
    ACCOUNT_INSURER_RECEIVABLE = 7,
    ACCOUNT_FUND_RECEIVABLE = 8, /* mirrors ACCOUNT_CLAIMS_PAYABLE */
    ACCOUNT_PREMIUM_RECEIVABLE = 9,
    ACCOUNT_PROVISION = 10,
    ACCOUNT_FUND_DEPOSIT = 11, /* mirrors ACCOUNT_SPECIAL_ACCOUNT */
    ACCOUNT_DUE_TO_INSURER = 12,
    ACCOUNT_DUE_TO_FUND = 13, /* mirrors ACCOUNT_RECOVERIES_RECEIVABLE */
    ACCOUNT_OVERPAYMENTS = 14,
    ACCOUNT_SUBSIDY_REFUNDS = 15,
    ACCOUNT_PREMIUM_PAYABLE = 16,
    ACCOUNT_INTEREST_INCOME = 17,
    ACCOUNT_PENALTY_INCOME = 18,
    ACCOUNT_INTEREST_EXPENSE = 19,
    ACCOUNT_IMPAIRMENT = 20,
    ACCOUNT_SPECIAL_ACCOUNT = 31,
    ACCOUNT_RECOVERIES_RECEIVABLE = 32,
    ACCOUNT_CLAIMS_PAYABLE = 33,
    ACCOUNT_CAPITAL = 34,
    ACCOUNT_TOP_UPS = 35,
    ACCOUNT_INTEREST_EARNED = 36,
    ACCOUNT_RECOVERIES = 37,
    ACCOUNT_COMPENSATION = 38,
    ACCOUNT_ADVANCES_RECEIVABLE = 39, /* what the fund handed over for another payer */
    ACCOUNT_ADVANCES_PAYABLE = 40,    /* what another payer hands over for the fund */
    ACCOUNT_CONTRA = 51,
    ACCOUNT_OFF_BALANCE_INTEREST = 52,
    ACCOUNT_CLAIMS_FILED = 53,
    ACCOUNT_SUBROGATED = 54,
    ACCOUNT_WRITTEN_OFF = 55,
};

#define ACCOUNT_SLOTS 56 /* arrays with one element for each number */

/* The role as a word of the log: "loans-normal". */
const char *account_word(enum account account);
MUST_CHECK bool account_find(const char *word, enum account *ret);
/* The role with this number, as columns hold it; false if there is none. */
MUST_CHECK bool account_from_number(int64_t number, enum account *ret);
enum book account_book(enum account account);
/* One of the three on which unpaid principal stands; their numbers follow each other. */
bool account_is_principal(enum account account);
/* All roles in the order above; account_at(account_count()) is not asked for. */
size_t account_count(void);
enum account account_at(size_t index);

#endif
