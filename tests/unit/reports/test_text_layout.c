/* Lines of a terminal worked out by hand, two columns a Chinese character. */
#include "tests/support/check.h"

#include "reports/text_layout.h"

#include <locale.h>

static void check_wrapped(const char *text, size_t width, const char *lines)
{
    AUTO_BUFFER wrapped;
    buffer_init(&wrapped, 1000);
    text_wrap(text, width, &wrapped);
    check_text_equal(wrapped.data, lines);
}

static void a_chinese_character_is_two_columns_wide(void **state)
{
    (void)state;
    assert_int_equal(text_width(""), 0);
    assert_int_equal(text_width("90 天"), 5);
    assert_int_equal(text_width("新河村10组"), 10);
    assert_int_equal(text_width("𠮷"), 2);
    assert_int_equal(text_width("\xff"), 1); /* no UTF-8: a column, and no endless loop */
}

static void the_widest_part_stands_between_two_places_to_break(void **state)
{
    (void)state;
    assert_int_equal(text_widest_part("yicang report borrower-statement"), 18);
    assert_int_equal(text_widest_part("保险公司"), 2);
    assert_int_equal(text_widest_part("满90天，可以"), 4);  /* 天 and its comma stay together */
    assert_int_equal(text_widest_part("承担70%；其余"), 5); /* 70% and its semicolon */
    assert_int_equal(text_widest_part("（一）"), 6);
}

static void lines_end_at_blanks(void **state)
{
    (void)state;
    check_wrapped("loans that are lost", 10, "loans that\nare lost");
    check_wrapped("loans that are lost", 9, "loans\nthat are\nlost");
    check_wrapped("loans  that", 5, "loans\nthat");
    check_wrapped("whole", 5, "whole");
    check_wrapped("ends  ", 4, "ends");
    check_wrapped("", 4, "");
}

static void lines_end_beside_chinese_characters_but_not_before_their_marks(void **state)
{
    (void)state;
    check_wrapped("保险公司承担", 8, "保险公司\n承担");
    check_wrapped("保险公司承担", 9, "保险公司\n承担");
    check_wrapped("保险公司，承担", 8, "保险公\n司，承担");
    check_wrapped("负责人（盖章）", 8, "负责人\n（盖章）");
    check_wrapped("损失的70%归县", 8, "损失的\n70%归县");
}

static void a_word_wider_than_a_line_is_cut(void **state)
{
    (void)state;
    check_wrapped("borrower-statement L1", 8, "borrower\n-stateme\nnt L1");
    check_wrapped("，，，", 2, "，\n，\n，");
    check_wrapped("宽", 1, "宽"); /* narrower than any character: one a line */
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chinese_character_is_two_columns_wide),
        cmocka_unit_test(the_widest_part_stands_between_two_places_to_break),
        cmocka_unit_test(lines_end_at_blanks),
        cmocka_unit_test(lines_end_beside_chinese_characters_but_not_before_their_marks),
        cmocka_unit_test(a_word_wider_than_a_line_is_cut),
    };
    setlocale(LC_ALL, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
