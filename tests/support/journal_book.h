/* journal_book.h - a book in a scratch folder that has a calendar, a journal and loans to name, but
 * no events worth reading: for tests of the books themselves. Fails the test where it must not
 * fail. */
#ifndef YICANG_TESTS_SUPPORT_JOURNAL_BOOK_H
#define YICANG_TESTS_SUPPORT_JOURNAL_BOOK_H

#include "ledger/books/calendar.h"
#include "ledger/books/journal.h"
#include "tests/support/check.h"

#define JOURNAL_BOOK_LOANS 5 /* numbered from 1 */

struct journal_book {
    char *folder;
    char path[300];
    struct store *store;
    struct arena arena;
    struct entry_list list; /* posted and emptied by journal_book_post() */
    struct transaction transaction;
    uint64_t seq; /* of the next event */
};

void journal_book_open(struct journal_book *book, const char *opening_day);
void journal_book_close(struct journal_book *book);

struct date journal_book_day(struct journal_book *book); /* the open one */
/* Begins a write transaction with a new event in it, and returns its number. */
uint64_t journal_book_begin(struct journal_book *book);
void journal_book_commit(struct journal_book *book);
void journal_book_roll_back(struct journal_book *book);

/* Posts book->list as one event on the open day. */
void journal_book_post(struct journal_book *book);
/* One entry of two lines, as one event. */
void journal_book_pair(struct journal_book *book, enum book of, enum account debit,
                       enum account credit, int64_t fen, int64_t loan);
void journal_book_close_day(struct journal_book *book);
void journal_book_close_through(struct journal_book *book, const char *last_day);

#endif
