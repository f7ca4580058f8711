#include "tests/support/journal_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must_end(bool ok, const struct error *err)
{
    check_ok(ok, err);
}

static void event_put(struct journal_book *book)
{
    struct error err = {0};
    uint8_t cmd[16] = {0};
    memcpy(cmd, &book->seq, sizeof book->seq);
    AUTO_STATEMENT struct statement *insert = store_query(
        book->store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
    struct sha256 hash = sha256_of("", 0);
    bind_int(insert, 1, (int64_t)book->seq);
    bind_blob(insert, 2, "-", 1);
    bind_sha256(insert, 3, &hash);
    bind_blob(insert, 4, cmd, sizeof cmd);
    must_end(statement_run(insert, &err), &err);
}

static void household_put(struct journal_book *book)
{
    struct error err = {0};
    struct sha256 hash = sha256_of("", 0);
    AUTO_STATEMENT struct statement *policy =
        store_query(book->store, "INSERT INTO policy (sha256, name, bytes, seq) "
                                 "VALUES ($1, 'none', $2, 0)");
    bind_sha256(policy, 1, &hash);
    bind_blob(policy, 2, "-", 1);
    must_end(statement_run(policy, &err), &err);
    AUTO_STATEMENT struct statement *household =
        store_query(book->store, "INSERT INTO household (id, area_code, village, added_on, seq) "
                                 "VALUES (1, '000000', 'none', 0, 0)");
    must_end(statement_run(household, &err), &err);
    AUTO_STATEMENT struct statement *person = store_query(
        book->store, "INSERT INTO person (id, household_id, subject, relation, added_on, seq) "
                     "VALUES (1, 1, 'p-00000000000000000000000000000000', 'head', 0, 0)");
    must_end(statement_run(person, &err), &err);
}

static void loan_put(struct journal_book *book, int64_t id)
{
    struct error err = {0};
    struct sha256 hash = sha256_of("", 0);
    AUTO_STATEMENT struct statement *loan = store_query(
        book->store,
        "INSERT INTO loan (id, household_id, borrower_id, product, purpose, applied_fen, "
        "term_months, rate_ppm, applied_on, policy, actor, seq) "
        "VALUES ($1, 1, 1, 'household', 'goats', 1, 12, 0, 0, $2, 'clerk', 0)");
    bind_int(loan, 1, id);
    bind_sha256(loan, 2, &hash);
    must_end(statement_run(loan, &err), &err);
}

void journal_book_open(struct journal_book *book, const char *opening_day)
{
    struct error err = {0};
    memset(book, 0, sizeof *book);
    book->folder = scratch_create();
    (void)snprintf(book->path, sizeof book->path, "%s/book", book->folder);
    arena_init(&book->arena, ARENA_LIMIT_COMMAND);
    entry_list_init(&book->list, &book->arena);
    check_ok(store_open(book->path, STORE_CREATE, &book->store, &err), &err);
    uint64_t seq = journal_book_begin(book);
    check_ok(book_facts_put(book->store, seq, "demo.invalid/books", "Book of Test",
                            day(opening_day), &err),
             &err);
    household_put(book);
    for (int64_t loan = 1; loan <= JOURNAL_BOOK_LOANS; loan++) {
        loan_put(book, loan);
    }
    journal_book_commit(book);
}

void journal_book_close(struct journal_book *book)
{
    transaction_release(&book->transaction);
    book->store = store_close(book->store);
    arena_release(&book->arena);
    scratch_remove(book->folder);
}

struct date journal_book_day(struct journal_book *book)
{
    struct error err = {0};
    struct date open = {0};
    check_ok(open_day_load(book->store, &open, &err), &err);
    return open;
}

uint64_t journal_book_begin(struct journal_book *book)
{
    struct error err = {0};
    check_ok(transaction_begin(book->store, &book->transaction, &err), &err);
    event_put(book);
    return book->seq;
}

void journal_book_commit(struct journal_book *book)
{
    struct error err = {0};
    check_ok(transaction_commit(&book->transaction, &err), &err);
    book->seq++;
}

void journal_book_roll_back(struct journal_book *book)
{
    transaction_release(&book->transaction);
}

void journal_book_post(struct journal_book *book)
{
    struct error err = {0};
    struct date open = journal_book_day(book);
    uint64_t seq = journal_book_begin(book);
    check_ok(journal_post(book->store, seq, open, &book->list, &err), &err);
    check_ok(journal_recheck(book->store, seq, 0, open, &book->list, &err), &err);
    journal_book_commit(book);
    arena_reset(&book->arena);
    entry_list_init(&book->list, &book->arena);
}

void journal_book_pair(struct journal_book *book, enum book of, enum account debit,
                       enum account credit, int64_t fen, int64_t loan)
{
    entry_pair(&book->list, of, "deposit", journal_book_day(book), debit, credit,
               money_from_fen(fen), loan);
    journal_book_post(book);
}

void journal_book_close_day(struct journal_book *book)
{
    struct error err = {0};
    struct date open = journal_book_day(book);
    uint64_t seq = journal_book_begin(book);
    check_ok(open_day_close(book->store, seq, open, &err), &err);
    journal_book_commit(book);
}

void journal_book_close_through(struct journal_book *book, const char *last_day)
{
    while (date_compare(journal_book_day(book), day(last_day)) <= 0) {
        journal_book_close_day(book);
    }
}
