#include "ledger/base/text.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

static void a_failure_is_told_once_with_all_its_parts(void **state)
{
    (void)state;
    struct error err = {.limit = "old", .next = "old", .file = "old", .line = 7, .column = 9};
    assert_false(error_set(&err, FAULT_REFUSED, "loan.closed", "loan %d is %s", 7, "closed"));
    check_int_equal(err.fault, FAULT_REFUSED);
    check_text_equal(err.reason, "loan.closed");
    check_text_equal(err.text, "loan 7 is closed");
    check_text_equal(err.limit, "");
    check_text_equal(err.next, "");
    check_text_equal(err.file, "");
    check_int_equal(err.line, 0);
    check_int_equal(err.column, 0);
    assert_false(error_limit(&err, "at most %d", 3));
    assert_false(error_next(&err, "see %s", "loan show"));
    assert_false(error_at(&err, "policy.yaml", 3, 14));
    check_text_equal(err.text, "loan 7 is closed");
    check_text_equal(err.limit, "at most 3");
    check_text_equal(err.next, "see loan show");
    check_text_equal(err.file, "policy.yaml");
    check_int_equal(err.line, 3);
    check_int_equal(err.column, 14);
}

/* Four-byte, three-byte, two-byte and one-byte characters behind 0 to 4 bytes of ASCII: wherever
 * the cut falls, what is left is whole characters, and as many as fit. */
static void a_long_text_is_cut_between_characters(void **state)
{
    (void)state;
    static const char *const characters[] = {"𠮷", "元", "é", "x"};
    struct error err = {0};
    for (size_t i = 0; i < COUNT_OF(characters); i++) {
        size_t width = strlen(characters[i]);
        for (size_t shift = 0; shift < 5; shift++) {
            char long_text[1200] = "";
            memset(long_text, 'a', shift);
            for (size_t at = shift; at + width < sizeof long_text; at += width) {
                memcpy(long_text + at, characters[i], width + 1);
            }
            error_set(&err, FAULT_USAGE, "a.b", "%s", long_text);
            error_limit(&err, "%s", long_text);
            error_next(&err, "%s", long_text);
            error_at(&err, long_text, 1, 1);
            const struct {
                const char *got;
                size_t size;
            } cut[] = {{err.text, sizeof err.text},
                       {err.limit, sizeof err.limit},
                       {err.next, sizeof err.next},
                       {err.file, sizeof err.file}};
            for (size_t c = 0; c < COUNT_OF(cut); c++) {
                size_t length = strlen(cut[c].got);
                size_t whole = shift + (cut[c].size - 1 - shift) / width * width;
                check_int_equal((int64_t)length, (int64_t)whole);
                assert_true(text_is_utf8(cut[c].got, length));
                assert_memory_equal(cut[c].got, long_text, length);
            }
        }
    }
}

static void a_text_that_just_fits_is_not_cut(void **state)
{
    (void)state;
    struct error err = {0};
    char fits[sizeof err.text];
    int filled = snprintf(fits, sizeof fits, "%0*d元", (int)(sizeof fits - 1 - strlen("元")), 7);
    check_int_equal(filled, sizeof fits - 1);
    error_set(&err, FAULT_USAGE, "a.b", "%s", fits);
    check_text_equal(err.text, fits);
}

static void an_error_may_quote_itself(void **state)
{
    (void)state;
    struct error err = {0};
    error_set(&err, FAULT_INPUT, "a.b", "inner");
    error_set(&err, FAULT_INPUT, "a.c", "outer: %s", err.text);
    check_text_equal(err.text, "outer: inner");
}

static void each_fault_has_its_exit_code(void **state)
{
    (void)state;
    check_int_equal(fault_exit_code(FAULT_NONE), 0);
    check_int_equal(fault_exit_code(FAULT_REFUSED), 1);
    check_int_equal(fault_exit_code(FAULT_USAGE), 2);
    check_int_equal(fault_exit_code(FAULT_INPUT), 3);
    check_int_equal(fault_exit_code(FAULT_STORE), 4);
    check_int_equal(fault_exit_code(FAULT_INTEGRITY), 5);
    check_int_equal(fault_exit_code(FAULT_INTERNAL), 70);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_told_once_with_all_its_parts),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(a_text_that_just_fits_is_not_cut),
        cmocka_unit_test(an_error_may_quote_itself),
        cmocka_unit_test(each_fault_has_its_exit_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
