/* Rows written and read by helpers are those that one thread writes and reads. */
#include "cli/service/row_reader.h"
#include "cli/service/row_writer.h"
#include "tests/support/check.h"

#include <string.h>

/* One entry of two lines; the row with the number `bad` holds a control character. */
static struct canon *make_row(struct arena *arena, int64_t number, int64_t bad)
{
    struct canon *row = canon_object(arena);
    struct canon *out = canon_object(arena);
    struct entry_list entries;
    struct date day = date_from_day(17000);

    entry_list_init(&entries, arena);
    entry_pair(&entries, BOOK_BANK, "settlement", day, ACCOUNT_SUBSIDY_RECEIVABLE,
               ACCOUNT_INTEREST_INCOME, money_from_fen(number), number);
    canon_set_int(out, "loan", number);
    canon_set_text(out, "note", number == bad ? "\x01" : "定");
    canon_set(row, "out", out);
    canon_set(row, "entries", entry_list_write(&entries, day));
    return row;
}

/* False with the failure when one comes; `stop`: breaks off after so many. */
static bool write_rows(struct planning *planning, int64_t count, int64_t bad, int64_t stop,
                       struct error *err)
{
    struct row_writer writer;
    bool ok = true;

    row_writer_begin(planning, &writer);
    for (int64_t number = 1; ok && number <= count && number <= stop; number++) {
        ok = row_writer_add(&writer, make_row(row_writer_arena(&writer), number, bad), err);
    }
    return row_writer_end(&writer, ok && stop >= count, err);
}

static void begin(struct planning *planning, struct arena *arena, struct signature_pool *helpers)
{
    arena_init(arena, ARENA_LIMIT_COMMAND);
    *planning = (struct planning){.helpers = helpers};
    planning_init(planning, arena);
}

static void check_written(struct signature_pool *helpers, int64_t count)
{
    struct planning planning;
    struct planning plain;
    struct arena arena;
    struct arena plain_arena;
    struct error err = {0};

    begin(&planning, &arena, helpers);
    begin(&plain, &plain_arena, NULL);
    check_ok(write_rows(&planning, count, 0, count, &err), &err);
    for (int64_t number = 1; number <= count; number++) {
        check_ok(planning_row(&plain, make_row(&plain_arena, number, 0), &err), &err);
    }
    check_int_equal((int64_t)planning.rows_count, count);
    assert_true(planning.rows.length == plain.rows.length);
    assert_int_equal(memcmp(planning.rows.data, plain.rows.data, plain.rows.length), 0);
    check_int_equal(planning.rows_hashed, helpers != NULL);
    if (helpers != NULL) {
        struct sha256 want = sha256_of(plain.rows.data, plain.rows.length);
        assert_true(sha256_equal(&planning.rows_sha256, &want));
    }
    planning_release(&planning);
    planning_release(&plain);
    arena_release(&arena);
    arena_release(&plain_arena);
}

static const int64_t counts[] = {0, 1, ROW_BATCH - 1, ROW_BATCH, ROW_BATCH + 1, 10 * ROW_BATCH + 7};

static void helpers_write_what_one_thread_writes(void **state)
{
    struct signature_pool *helpers = signature_pool_start();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        check_written(NULL, counts[i]);
        check_written(helpers, counts[i]);
    }
    signature_pool_stop(helpers);
}

/* In the first, a middle and the last batch, and the very last row. */
static void a_row_that_cannot_be_written_is_told(void **state)
{
    static const int64_t bad[] = {1, 5 * ROW_BATCH, 10 * ROW_BATCH + 1, 10 * ROW_BATCH + 7};
    struct signature_pool *pool = signature_pool_start();
    struct signature_pool *helpers[] = {NULL, pool};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        for (size_t h = 0; h < COUNT_OF(helpers); h++) {
            struct planning planning;
            struct arena arena;
            struct error err = {0};
            begin(&planning, &arena, helpers[h]);
            check_refused(write_rows(&planning, 10 * ROW_BATCH + 7, bad[i], 1000000, &err), &err,
                          "canon.code-point");
            assert_false(planning.rows_hashed);
            planning_release(&planning);
            arena_release(&arena);
        }
    }
    signature_pool_stop(pool);
}

static void a_plan_that_breaks_off_waits_for_its_helpers(void **state)
{
    struct signature_pool *helpers = signature_pool_start();
    struct planning planning;
    struct arena arena;
    struct error err = {0};
    (void)state;
    begin(&planning, &arena, helpers);
    assert_false(write_rows(&planning, 1000, 0, 3 * ROW_BATCH + 1, &err));
    assert_false(planning.rows_hashed);
    planning_release(&planning);
    arena_release(&arena);
    signature_pool_stop(helpers);
}

/* Reads them all; the number read. Each is whole, in its place, and its entry with it. */
static int64_t read_rows(const struct canon *inside, const struct buffer *beside,
                         struct signature_pool *helpers, bool *ret_ok, struct error *err)
{
    struct row_reader reader;
    const struct row_batch *batch = NULL;
    int64_t rows = 0;

    row_reader_begin(&reader, inside, beside, date_from_day(17000), helpers);
    while ((*ret_ok = row_reader_next(&reader, &batch, err)) && batch != NULL) {
        assert_true(batch->entries.count == batch->rows);
        for (size_t i = 0; i < batch->rows; i++) {
            int64_t loan = 0;
            assert_true(canon_get_int(canon_get(batch->row[i], "out"), "loan", &loan));
            check_int_equal(loan, ++rows);
            check_fen(batch->entries.entry[i].line[0].amount, rows);
        }
    }
    row_reader_end(&reader);
    return rows;
}

static void check_read(struct signature_pool *helpers, int64_t count)
{
    struct planning planning;
    struct arena arena;
    struct error err = {0};
    struct canon *inside = NULL;
    bool ok = false;

    begin(&planning, &arena, NULL);
    check_ok(write_rows(&planning, count, 0, count, &err), &err);
    check_int_equal(read_rows(NULL, &planning.rows, helpers, &ok, &err), count);
    check_ok(ok, &err);
    inside = canon_array(&arena);
    for (int64_t number = 1; number <= count; number++) {
        canon_add(inside, make_row(&arena, number, 0));
    }
    check_int_equal(read_rows(inside, NULL, helpers, &ok, &err), count);
    check_ok(ok, &err);
    planning_release(&planning);
    arena_release(&arena);
}

static void helpers_read_what_was_written(void **state)
{
    struct signature_pool *helpers = signature_pool_start();
    (void)state;
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        check_read(NULL, counts[i]);
        check_read(helpers, counts[i]);
    }
    signature_pool_stop(helpers);
}

/* What stands before the batch with the bad row is read, and nothing behind it. */
static void a_row_that_cannot_be_read_is_told(void **state)
{
    struct signature_pool *pool = signature_pool_start();
    struct signature_pool *helpers[] = {NULL, pool};
    (void)state;
    for (size_t h = 0; h < COUNT_OF(helpers); h++) {
        struct planning planning;
        struct arena arena;
        struct error err = {0};
        bool ok = true;
        begin(&planning, &arena, NULL);
        check_ok(write_rows(&planning, 10 * ROW_BATCH, 0, 1000000, &err), &err);
        char *digit = strstr(planning.rows.data, "\"fen\":\"200\"");
        assert_non_null(digit);
        memcpy(digit, "\"fen\":\"201\"", 11);
        check_int_equal(read_rows(NULL, &planning.rows, helpers[h], &ok, &err),
                        199 / ROW_BATCH * ROW_BATCH);
        check_refused(ok, &err, "entry.malformed");
        planning.rows.data[planning.rows.length - 1] = ' '; /* the last LF */
        memcpy(digit, "\"fen\":\"200\"", 11);
        check_int_equal(read_rows(NULL, &planning.rows, helpers[h], &ok, &err), 9 * ROW_BATCH);
        check_refused(ok, &err, "event.malformed");
        planning_release(&planning);
        arena_release(&arena);
    }
    signature_pool_stop(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(helpers_write_what_one_thread_writes),
        cmocka_unit_test(a_row_that_cannot_be_written_is_told),
        cmocka_unit_test(a_plan_that_breaks_off_waits_for_its_helpers),
        cmocka_unit_test(helpers_read_what_was_written),
        cmocka_unit_test(a_row_that_cannot_be_read_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
