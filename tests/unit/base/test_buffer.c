#include "ledger/base/buffer.h"
#include "tests/support/check.h"

#include <string.h>

static void bytes_are_appended_in_order(void **state)
{
    (void)state;
    AUTO_BUFFER buffer;
    buffer_init(&buffer, 1000);
    check_text_equal(buffer.data, "");
    buffer_add_text(&buffer, "fund ");
    buffer_add_byte(&buffer, '#');
    buffer_printf(&buffer, "%d%s", 12, " of 13");
    buffer_add(&buffer, "\0x", 2);
    buffer_add(&buffer, NULL, 0);
    buffer_add_text(&buffer, "");
    buffer_printf(&buffer, "%s", "");
    check_int_equal((int64_t)buffer.length, 16);
    assert_memory_equal(buffer.data, "fund #12 of 13\0x", 17);
    assert_false(buffer.overflowed);
}

static void it_grows_up_to_its_limit_and_ends_with_a_nul(void **state)
{
    (void)state;
    static const size_t limits[] = {0, 1, 62, 63, 64, 65, 127, 128, 5000};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        AUTO_BUFFER buffer;
        buffer_init(&buffer, limits[i]);
        for (size_t at = 0; at < limits[i]; at++) {
            buffer_add_byte(&buffer, (char)('a' + at % 26));
            check_int_equal((int64_t)buffer.length, (int64_t)at + 1);
            check_int_equal(buffer.data[buffer.length], '\0');
        }
        assert_false(buffer.overflowed);
        buffer_add_byte(&buffer, '!');
        assert_true(buffer.overflowed);
        check_int_equal((int64_t)buffer.length, (int64_t)limits[i]);
        for (size_t at = 0; at < limits[i]; at++) {
            check_int_equal(buffer.data[at], (char)('a' + at % 26));
        }
    }
}

static void what_does_not_fit_is_left_out_whole(void **state)
{
    (void)state;
    AUTO_BUFFER buffer;
    buffer_init(&buffer, 10);
    buffer_add_text(&buffer, "12345678");
    buffer_add_text(&buffer, "abc");
    assert_true(buffer.overflowed);
    check_text_equal(buffer.data, "12345678");
    buffer_printf(&buffer, "%03d", 7);
    check_text_equal(buffer.data, "12345678");
    buffer_printf(&buffer, "%02d", 7);
    check_text_equal(buffer.data, "1234567807");
    assert_true(buffer.overflowed);
}

static void clearing_forgets_the_content_and_the_overflow(void **state)
{
    (void)state;
    AUTO_BUFFER buffer;
    buffer_init(&buffer, 3);
    buffer_add_text(&buffer, "abcd");
    buffer_clear(&buffer);
    assert_false(buffer.overflowed);
    check_text_equal(buffer.data, "");
    buffer_add_text(&buffer, "xyz");
    check_text_equal(buffer.data, "xyz");
}

static void a_released_buffer_takes_nothing(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 3);
    buffer_release(&buffer);
    buffer_add_byte(&buffer, 'a');
    assert_true(buffer.overflowed);
    assert_null(buffer.data);
    buffer_clear(&buffer);
    buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_appended_in_order),
        cmocka_unit_test(it_grows_up_to_its_limit_and_ends_with_a_nul),
        cmocka_unit_test(what_does_not_fit_is_left_out_whole),
        cmocka_unit_test(clearing_forgets_the_content_and_the_overflow),
        cmocka_unit_test(a_released_buffer_takes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
