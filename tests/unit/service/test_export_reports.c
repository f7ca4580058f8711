/* The reports that an export carries: which, of which day, and what they say. */
#include "cli/service/export_reports.h"

#include "tests/support/scratch_book.h"

#include <string.h>

static void make(struct scratch_book *book, const char *as_of, struct export_reports *ret)
{
    struct error err = {0};
    struct date day;

    check_ok(as_of == NULL || date_parse(as_of, &day, &err), &err);
    check_ok(
        export_reports_make(book->store, book->policies, as_of == NULL ? NULL : &day, ret, &err),
        &err);
}

static void check_paths(const struct export_reports *reports, const char *const *path, size_t count)
{
    assert_int_equal(reports->files, count);
    for (size_t i = 0; i < count; i++) {
        check_text_equal(reports->file[i].path, path[i]);
    }
}

static const char *text_of(const struct export_reports *reports, const char *path)
{
    for (size_t i = 0; i < reports->files; i++) {
        if (strcmp(reports->file[i].path, path) == 0) {
            return reports->file[i].bytes;
        }
    }
    fail_msg("no %s", path);
    return NULL;
}

static void a_closed_day_is_reported_on(void **state)
{
    static const char *const second[] = {
        "reports/loan-register.2016-10-21.csv",      "reports/claims-register.2016-10-21.csv",
        "reports/fund-statement.2016-10-21.csv",     "reports/trial-balance.bank.2016-10-21.csv",
        "reports/trial-balance.fund.2016-10-21.csv", "reports/trial-balance.memo.2016-10-21.csv",
        "reports/day-report.2016-10-21.csv",
    };
    struct scratch_book book;
    AUTO_EXPORT_REPORTS reports = {0};
    AUTO_EXPORT_REPORTS earlier = {0};
    (void)state;
    scratch_book_open(&book, NULL, "2016-10-20");
    make(&book, NULL, &reports);
    check_paths(&reports, NULL, 0);
    scratch_close_through(&book, "2016-10-20");
    (void)scratch_loan(&book, scratch_household(&book, "registered"), 5000000, 43500, 12);
    scratch_close_through(&book, "2016-10-21");
    make(&book, NULL, &reports);
    check_paths(&reports, second, COUNT_OF(second));
    /* Paid out: 50,000.00 at 4.35 %, of a household whose number stands for its people. */
    const char *row = strchr(text_of(&reports, second[0]), '\n');
    assert_non_null(strstr(row, ",#1,#1,"));
    assert_non_null(strstr(row, ",50000.00,50000.00,50000.00,4.35,2016-10-21,2017-10-21,"));
    row = strstr(text_of(&reports, second[3]), "\n1303-01,");
    assert_non_null(row);
    assert_non_null(strstr(row, ",,,50000.00,0.00,50000.00,\r\n"));
    /* The day before there was none, and its reports stay as they were. */
    make(&book, "2016-10-20", &earlier);
    row = strchr(text_of(&earlier, "reports/loan-register.2016-10-20.csv"), '\n');
    check_text_equal(row, "\n");
    scratch_book_close(&book);
}

static void a_day_that_is_not_closed_is_refused(void **state)
{
    static const char *const days[] = {"2016-10-22", "2016-10-21", "2016-10-19"};
    struct scratch_book book;
    (void)state;
    scratch_book_open(&book, NULL, "2016-10-20");
    scratch_close_through(&book, "2016-10-20");
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        struct export_reports reports;
        struct error err = {0};
        struct date day;
        check_ok(date_parse(days[i], &day, &err), &err);
        check_refused(export_reports_make(book.store, book.policies, &day, &reports, &err), &err,
                      "report.day-open");
        assert_int_equal(reports.files, 0);
    }
    scratch_book_close(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_day_is_reported_on),
        cmocka_unit_test(a_day_that_is_not_closed_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
