#include "ledger/audit/checkpoint_store.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct book {
    char *folder;
    struct store *store;
    struct transaction transaction;
    struct error err;
};

static int book_open(void **state)
{
    struct book *book = calloc(1, sizeof *book);
    char path[512];
    book->folder = scratch_create();
    snprintf(path, sizeof path, "%s/book", book->folder);
    check_ok(store_open(path, STORE_CREATE, &book->store, &book->err), &book->err);
    check_ok(transaction_begin(book->store, &book->transaction, &book->err), &book->err);
    for (int64_t seq = 0; seq < 20; seq++) {
        struct sha256 hash = sha256_of(&seq, sizeof seq);
        AUTO_STATEMENT struct statement *insert = store_query(
            book->store, "INSERT INTO event (seq, leaf, leaf_hash, cmd) VALUES ($1, $2, $3, $4)");
        bind_int(insert, 1, seq);
        bind_blob(insert, 2, "x", 1);
        bind_sha256(insert, 3, &hash);
        bind_blob(insert, 4, hash.byte, 16);
        check_ok(statement_run(insert, &book->err), &book->err);
    }
    check_ok(transaction_commit(&book->transaction, &book->err), &book->err);
    *state = book;
    return 0;
}

static int book_close(void **state)
{
    struct book *book = *state;
    transaction_release(&book->transaction);
    store_close(book->store);
    scratch_remove(book->folder);
    free(book);
    return 0;
}

/* One put in a transaction of its own, so that a refusal spoils nothing else. */
static bool put(struct book *book, uint64_t size, const char *note, enum checkpoint_why why)
{
    AUTO_TRANSACTION transaction = {0};
    return transaction_begin(book->store, &transaction, &book->err) &&
           checkpoint_store_put(book->store, size, note, strlen(note), why, &book->err) &&
           transaction_commit(&transaction, &book->err);
}

/* "3:day:a 7:tip:b " */
static bool list_one(void *context, const struct checkpoint_kept *kept, struct error *err)
{
    static const char *const names[] = {"tip", "day", "seal", "cosigned"};
    (void)err;
    buffer_printf(context, "%u:%s:%.*s ", (unsigned)kept->size, names[kept->why], (int)kept->length,
                  kept->note);
    return true;
}

static void check_list(struct book *book, const char *wanted)
{
    AUTO_BUFFER list;
    buffer_init(&list, 4096);
    check_ok(checkpoint_store_each(book->store, list_one, &list, &book->err), &book->err);
    check_text_equal(list.data, wanted);
}

static void tip_gives_way_and_the_others_stay(void **state)
{
    struct book *book = *state;
    check_ok(put(book, 1, "a", CHECKPOINT_TIP), &book->err);
    check_ok(put(book, 2, "b", CHECKPOINT_TIP), &book->err);
    check_list(book, "2:tip:b ");
    check_ok(put(book, 2, "b", CHECKPOINT_DAY), &book->err);
    check_ok(put(book, 3, "c", CHECKPOINT_TIP), &book->err);
    check_ok(put(book, 4, "d", CHECKPOINT_TIP), &book->err);
    check_ok(put(book, 4, "d2", CHECKPOINT_SEAL), &book->err);
    check_list(book, "2:day:b 4:seal:d2 ");
    check_ok(put(book, 9, "i", CHECKPOINT_TIP), &book->err);
    check_list(book, "2:day:b 4:seal:d2 9:tip:i ");
}

static void kept_head_only_gains_lines(void **state)
{
    struct book *book = *state;
    check_ok(put(book, 4, "note\n", CHECKPOINT_SEAL), &book->err);
    check_ok(put(book, 4, "note\n", CHECKPOINT_SEAL), &book->err); /* the same again */
    check_refused(put(book, 4, "nota\nw", CHECKPOINT_COSIGNED), &book->err, "store.guard");
    check_refused(put(book, 4, "no", CHECKPOINT_COSIGNED), &book->err, "store.guard");
    check_refused(put(book, 4, "note\nw", CHECKPOINT_DAY), &book->err, "store.guard");
    check_refused(put(book, 4, "note\nw", CHECKPOINT_TIP), &book->err, "store.guard");
    check_ok(put(book, 4, "note\nw", CHECKPOINT_COSIGNED), &book->err);
    check_ok(put(book, 4, "note\nwv", CHECKPOINT_COSIGNED), &book->err);
    check_list(book, "4:cosigned:note\nwv ");
}

static void sizes_only_grow_unless_a_witness_answers_late(void **state)
{
    struct book *book = *state;
    uint64_t size = 0;
    check_ok(put(book, 8, "h", CHECKPOINT_TIP), &book->err);
    check_refused(put(book, 7, "g", CHECKPOINT_TIP), &book->err, "store.guard");
    check_refused(put(book, 7, "g", CHECKPOINT_DAY), &book->err, "store.guard");
    check_ok(put(book, 7, "g", CHECKPOINT_COSIGNED), &book->err);
    check_list(book, "7:cosigned:g 8:tip:h ");
    check_ok(checkpoint_store_newest(book->store, &size, &book->err), &book->err);
    check_int_equal((int64_t)size, 8);
    check_ok(checkpoint_store_newest_cosigned(book->store, &size, &book->err), &book->err);
    check_int_equal((int64_t)size, 7);
}

static void head_of_more_events_than_there_are_is_refused(void **state)
{
    struct book *book = *state;
    uint64_t size = 99;
    check_ok(checkpoint_store_newest(book->store, &size, &book->err), &book->err);
    check_int_equal((int64_t)size, 0);
    check_refused(put(book, 21, "u", CHECKPOINT_TIP), &book->err, "store.guard");
    check_ok(put(book, 20, "t", CHECKPOINT_TIP), &book->err);
    check_refused(put(book, 21, "u", CHECKPOINT_TIP), &book->err, "store.guard");
    check_refused(put(book, 0, "z", CHECKPOINT_COSIGNED), &book->err, "store.constraint");
}

static bool run(struct book *book, const char *sql)
{
    AUTO_TRANSACTION transaction = {0};
    if (!transaction_begin(book->store, &transaction, &book->err)) {
        return false;
    }
    AUTO_STATEMENT struct statement *statement = store_query(book->store, sql);
    return statement_run(statement, &book->err) && transaction_commit(&transaction, &book->err);
}

static void no_other_statement_changes_a_kept_head(void **state)
{
    struct book *book = *state;
    check_ok(put(book, 4, "note\n", CHECKPOINT_SEAL), &book->err);
    check_ok(put(book, 6, "tip\n", CHECKPOINT_TIP), &book->err);
    static const char *const statements[] = {
        "DELETE FROM checkpoint WHERE size = 4",
        "UPDATE checkpoint SET note = x'00' WHERE size = 4",
        "UPDATE checkpoint SET size = 5 WHERE size = 4",
        "UPDATE checkpoint SET why = 'tip' WHERE size = 4",
        "INSERT OR REPLACE INTO checkpoint (size, note, why) VALUES (4, x'00', 'cosigned')",
        "UPDATE OR REPLACE checkpoint SET size = 4 WHERE size = 6",
    };
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        check_refused(run(book, statements[i]), &book->err, "store.guard");
    }
    check_refused(run(book, "INSERT INTO checkpoint (size, note, why) VALUES (7, x'00', 'tip')"),
                  &book->err, "store.constraint");
    check_list(book, "4:seal:note\n 6:tip:tip\n ");
}

static void head_is_found_by_its_size(void **state)
{
    struct book *book = *state;
    AUTO_BUFFER note;
    bool found = true;
    buffer_init(&note, 100);
    check_ok(put(book, 4, "note\n", CHECKPOINT_SEAL), &book->err);
    check_ok(checkpoint_store_get(book->store, 4, &found, &note, &book->err), &book->err);
    assert_true(found);
    check_text_equal(note.data, "note\n");
    check_ok(checkpoint_store_get(book->store, 5, &found, &note, &book->err), &book->err);
    assert_false(found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tip_gives_way_and_the_others_stay, book_open, book_close),
        cmocka_unit_test_setup_teardown(kept_head_only_gains_lines, book_open, book_close),
        cmocka_unit_test_setup_teardown(sizes_only_grow_unless_a_witness_answers_late, book_open,
                                        book_close),
        cmocka_unit_test_setup_teardown(head_of_more_events_than_there_are_is_refused, book_open,
                                        book_close),
        cmocka_unit_test_setup_teardown(no_other_statement_changes_a_kept_head, book_open,
                                        book_close),
        cmocka_unit_test_setup_teardown(head_is_found_by_its_size, book_open, book_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
