/* store_book.h - a store in a scratch folder, made for one test and removed after it. */
#ifndef YICANG_TESTS_SUPPORT_STORE_BOOK_H
#define YICANG_TESTS_SUPPORT_STORE_BOOK_H

#include "ledger/store/store_sqlite.h"

struct store_book {
    char *folder;
    char path[300];
    struct store *store;
};

/* For cmocka's setup and teardown: *state is the book, empty, with these migrations. */
int store_book_open(void **state, const struct embedded_file *schema);
int store_book_close(void **state);

#endif
