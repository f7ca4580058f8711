/* entry.h - a journal entry before it is posted, and its form in the log. Layer: books.
 *
 * An entry belongs to one book and its lines sum to zero; debit is positive. In the body of an
 * event it is
 *     {"book":"bank","kind":"disbursement","lines":[{"account":"loans-normal","fen":"5000000",
 *      "loan":"1"},{"account":"bank-money","fen":"-5000000"}],"value":"2016-10-20"}
 * where "value" (the value date) is left out if it is the book date. */
#ifndef YICANG_BOOKS_ENTRY_H
#define YICANG_BOOKS_ENTRY_H

#include "ledger/audit/canon.h"
#include "ledger/base/arena.h"
#include "ledger/base/date.h"
#include "ledger/base/error.h"
#include "ledger/base/money.h"
#include "ledger/books/account.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENTRY_LINES_MAX 999
#define ENTRIES_MAX 64 /* of one event or one row of an event, as read from a log */

struct entry_line {
    enum account account;
    struct money amount; /* debit positive, never zero */
    int64_t loan;        /* 0: none */
};

struct entry_draft {
    enum book book;
    const char *kind; /* "disbursement", "settlement", ... : a word for people and reports */
    struct date value_date;
    struct entry_line *line;
    size_t lines;
    size_t capacity;
};

/* The entries of one event, in order; lives in the arena. */
struct entry_list {
    struct arena *arena;
    struct entry_draft *entry;
    size_t count;
    size_t capacity;
};

void entry_list_init(struct entry_list *list, struct arena *arena);
/* Begins an entry; the pointer is valid until the next entry_begin() on the list. */
struct entry_draft *entry_begin(struct entry_list *list, enum book book, const char *kind,
                                struct date value_date);
/* Adds a line to the entry begun last; an amount of zero adds nothing. The account must belong to
 * the entry's book (asserted). */
void entry_debit(struct entry_list *list, enum account account, struct money amount, int64_t loan);
void entry_credit(struct entry_list *list, enum account account, struct money amount, int64_t loan);
/* Two lines that are each other's mirror; adds no entry at all if the amount is zero. */
void entry_pair(struct entry_list *list, enum book book, const char *kind, struct date value_date,
                enum account debit, enum account credit, struct money amount, int64_t loan);

/* The entries of `more` behind those of the list, which may so grow past ENTRIES_MAX: for the rows
 * of one event. Lines are shared; both arenas must live as long as the list. */
void entry_list_append(struct entry_list *list, const struct entry_list *more);

/* For each entry of `of` one that takes it back: its lines with the opposite sign, its value date,
 * its kind with "-reversed" behind it. */
void entry_list_mirror(struct entry_list *list, const struct entry_list *of);

/* Into and out of the log's form; book_date is what an absent "value" means. entry_list_read checks
 * shape, accounts and sums: reason id entry.malformed (FAULT_INTEGRITY). */
struct canon *entry_list_write(const struct entry_list *list, struct date book_date);
MUST_CHECK bool entry_list_read(struct arena *arena, const struct canon *entries,
                                struct date book_date, struct entry_list *ret, struct error *err);

#endif
