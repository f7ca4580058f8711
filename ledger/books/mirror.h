/* mirror.h - accounts of two books that show the same sum from both sides. Layer: books.
 * Included by ledger/books and by nobody else. */
#ifndef YICANG_BOOKS_MIRROR_H
#define YICANG_BOOKS_MIRROR_H

#include "ledger/books/account.h"

#define MIRRORS 3

static const struct {
    enum account bank, fund;
} mirrors[MIRRORS] = {
    {ACCOUNT_FUND_DEPOSIT, ACCOUNT_SPECIAL_ACCOUNT},
    {ACCOUNT_FUND_RECEIVABLE, ACCOUNT_CLAIMS_PAYABLE},
    {ACCOUNT_DUE_TO_FUND, ACCOUNT_RECOVERIES_RECEIVABLE},
};

#endif
