#include "ledger/books/account.h"

#include <assert.h>
#include <string.h>

static const char *const book_words[BOOK_COUNT] = {
    [BOOK_BANK] = "bank",
    [BOOK_FUND] = "fund",
    [BOOK_MEMO] = "memo",
};

static const char *const account_words[ACCOUNT_SLOTS] = {
    [ACCOUNT_BANK_MONEY] = "bank-money",
    [ACCOUNT_LOANS_NORMAL] = "loans-normal",
    [ACCOUNT_LOANS_OVERDUE] = "loans-overdue",
    [ACCOUNT_LOANS_NON_ACCRUAL] = "loans-non-accrual",
    [ACCOUNT_INTEREST_RECEIVABLE] = "interest-receivable",
    [ACCOUNT_SUBSIDY_RECEIVABLE] = "subsidy-receivable",
    [ACCOUNT_INSURER_RECEIVABLE] = "insurer-receivable",
    [ACCOUNT_FUND_RECEIVABLE] = "fund-receivable",
    [ACCOUNT_PREMIUM_RECEIVABLE] = "premium-receivable",
    [ACCOUNT_PROVISION] = "provision",
    [ACCOUNT_FUND_DEPOSIT] = "fund-deposit",
    [ACCOUNT_DUE_TO_INSURER] = "due-to-insurer",
    [ACCOUNT_DUE_TO_FUND] = "due-to-fund",
    [ACCOUNT_OVERPAYMENTS] = "overpayments",
    [ACCOUNT_SUBSIDY_REFUNDS] = "subsidy-refunds",
    [ACCOUNT_PREMIUM_PAYABLE] = "premium-payable",
    [ACCOUNT_INTEREST_INCOME] = "interest-income",
    [ACCOUNT_PENALTY_INCOME] = "penalty-income",
    [ACCOUNT_INTEREST_EXPENSE] = "interest-expense",
    [ACCOUNT_IMPAIRMENT] = "impairment",
    [ACCOUNT_SPECIAL_ACCOUNT] = "special-account",
    [ACCOUNT_RECOVERIES_RECEIVABLE] = "recoveries-receivable",
    [ACCOUNT_CLAIMS_PAYABLE] = "claims-payable",
    [ACCOUNT_CAPITAL] = "capital",
    [ACCOUNT_TOP_UPS] = "top-ups",
    [ACCOUNT_INTEREST_EARNED] = "interest-earned",
    [ACCOUNT_RECOVERIES] = "recoveries",
    [ACCOUNT_COMPENSATION] = "compensation",
    [ACCOUNT_ADVANCES_RECEIVABLE] = "advances-receivable",
    [ACCOUNT_ADVANCES_PAYABLE] = "advances-payable",
    [ACCOUNT_CONTRA] = "contra",
    [ACCOUNT_OFF_BALANCE_INTEREST] = "off-balance-interest",
    [ACCOUNT_CLAIMS_FILED] = "claims-filed",
    [ACCOUNT_SUBROGATED] = "subrogated",
    [ACCOUNT_WRITTEN_OFF] = "written-off",
};

/* Each book has its run of numbers. */
static const struct {
    enum account first, last;
} runs[BOOK_COUNT] = {
    [BOOK_BANK] = {ACCOUNT_BANK_MONEY, ACCOUNT_IMPAIRMENT},
    [BOOK_FUND] = {ACCOUNT_SPECIAL_ACCOUNT, ACCOUNT_ADVANCES_PAYABLE},
    [BOOK_MEMO] = {ACCOUNT_CONTRA, ACCOUNT_WRITTEN_OFF},
};

static size_t run_length(size_t book)
{
    return (size_t)runs[book].last - (size_t)runs[book].first + 1;
}

const char *book_word(enum book book)
{
    assert((int)book >= 0 && book < BOOK_COUNT);
    return book_words[book];
}

bool book_find(const char *word, enum book *ret)
{
    for (size_t i = 0; i < BOOK_COUNT; i++) {
        if (strcmp(book_words[i], word) == 0) {
            *ret = (enum book)i;
            return true;
        }
    }
    return false;
}

bool account_from_number(int64_t number, enum account *ret)
{
    if (number < 0 || number >= ACCOUNT_SLOTS || account_words[number] == NULL) {
        return false;
    }
    *ret = (enum account)number;
    return true;
}

const char *account_word(enum account account)
{
    assert((size_t)account < ACCOUNT_SLOTS && account_words[account] != NULL);
    return account_words[account];
}

bool account_find(const char *word, enum account *ret)
{
    for (size_t i = 0; i < ACCOUNT_SLOTS; i++) {
        if (account_words[i] != NULL && strcmp(account_words[i], word) == 0) {
            *ret = (enum account)i;
            return true;
        }
    }
    return false;
}

enum book account_book(enum account account)
{
    size_t book = 0;
    while (book < BOOK_COUNT && account > runs[book].last) {
        book++;
    }
    assert(book < BOOK_COUNT && account >= runs[book].first);
    return (enum book)book;
}

size_t account_count(void)
{
    size_t count = 0;
    for (size_t book = 0; book < BOOK_COUNT; book++) {
        count += run_length(book);
    }
    return count;
}

enum account account_at(size_t index)
{
    size_t book = 0;
    while (book < BOOK_COUNT && index >= run_length(book)) {
        index -= run_length(book);
        book++;
    }
    assert(book < BOOK_COUNT);
    return (enum account)((size_t)runs[book].first + index);
}

bool account_is_principal(enum account account)
{
    return account >= ACCOUNT_LOANS_NORMAL && account <= ACCOUNT_LOANS_NON_ACCRUAL;
}
