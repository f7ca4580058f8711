/* account_titles.h - accounts as people call them. Layer: reports. */
#ifndef YICANG_REPORTS_ACCOUNT_TITLES_H
#define YICANG_REPORTS_ACCOUNT_TITLES_H

#include "ledger/base/error.h"
#include "ledger/books/account.h"
#include "ledger/store/store.h"
#include "reports/table.h"

/* How accounts are called in a year. */
struct account_title {
    const char *code;
    const char *name_en, *name_zh;
};
struct account_titles {
    struct account_title of[ACCOUNT_SLOTS]; /* code is NULL where there is no such account */
};
/* Texts live in the table's arena. */
MUST_CHECK bool account_titles_load(struct store *store, struct table *table,
                                    struct account_titles *ret, struct error *err);
/* The account as a word: its stable name for programs, code and title for people. */
struct cell account_title_cell(struct table *table, const struct account_titles *titles,
                               enum account account);

#endif
