#include "ledger/books/entry.h"
#include "tests/support/check.h"

#include <string.h>

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_LIMIT_COMMAND);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct canon *canon_of(const char *text)
{
    struct canon *value = NULL;
    struct error err = {0};
    check_ok(canon_read(&arena, text, strlen(text), CANON_LINE_MAX, &value, &err), &err);
    return value;
}

static void check_written(const struct entry_list *list, struct date book_date, const char *want)
{
    struct error err = {0};
    AUTO_BUFFER buffer;
    buffer_init(&buffer, CANON_LINE_MAX);
    check_ok(canon_write(entry_list_write(list, book_date), CANON_LINE_MAX, &buffer, &err), &err);
    check_text_equal(buffer.data, want);
}

static const char disbursement[] =
    "[{\"book\":\"bank\",\"kind\":\"disbursement\",\"lines\":[{\"account\":\"loans-normal\","
    "\"fen\":\"5000000\",\"loan\":\"1\"},{\"account\":\"bank-money\",\"fen\":\"-5000000\"}],"
    "\"value\":\"2016-10-20\"}]";

static void an_entry_is_written_as_the_header_says(void **state)
{
    (void)state;
    struct entry_list list;
    entry_list_init(&list, &arena);
    entry_begin(&list, BOOK_BANK, "disbursement", day("2016-10-20"));
    entry_debit(&list, ACCOUNT_LOANS_NORMAL, money_from_fen(5000000), 1);
    entry_credit(&list, ACCOUNT_BANK_MONEY, money_from_fen(5000000), 0);
    check_written(&list, day("2016-10-21"), disbursement);
}

static void the_value_date_is_left_out_on_the_book_date(void **state)
{
    (void)state;
    struct entry_list list;
    entry_list_init(&list, &arena);
    entry_pair(&list, BOOK_FUND, "top-up", day("2016-12-31"), ACCOUNT_SPECIAL_ACCOUNT,
               ACCOUNT_TOP_UPS, money_from_fen(7), 0);
    check_written(&list, day("2016-12-31"),
                  "[{\"book\":\"fund\",\"kind\":\"top-up\",\"lines\":[{\"account\":"
                  "\"special-account\",\"fen\":\"7\"},{\"account\":\"top-ups\",\"fen\":\"-7\"}]}]");
}

static void what_is_read_is_written_again_byte_by_byte(void **state)
{
    (void)state;
    struct entry_list list;
    struct error err = {0};
    check_ok(entry_list_read(&arena, canon_of(disbursement), day("2016-10-21"), &list, &err), &err);
    check_int_equal((int64_t)list.count, 1);
    check_text_equal(list.entry[0].kind, "disbursement");
    check_date(list.entry[0].value_date, "2016-10-20");
    check_int_equal((int64_t)list.entry[0].lines, 2);
    check_int_equal(list.entry[0].line[0].loan, 1);
    check_int_equal(list.entry[0].line[1].loan, 0);
    check_fen(list.entry[0].line[1].amount, -5000000);
    check_written(&list, day("2016-10-21"), disbursement);
}

static void an_event_may_have_no_entries(void **state)
{
    (void)state;
    struct entry_list list;
    struct error err = {0};
    check_ok(entry_list_read(&arena, canon_of("[]"), day("2016-10-21"), &list, &err), &err);
    check_int_equal((int64_t)list.count, 0);
    check_written(&list, day("2016-10-21"), "[]");
}

static void amounts_of_zero_add_nothing(void **state)
{
    (void)state;
    struct entry_list list;
    entry_list_init(&list, &arena);
    entry_pair(&list, BOOK_BANK, "repayment", day("2016-10-20"), ACCOUNT_BANK_MONEY,
               ACCOUNT_PENALTY_INCOME, MONEY_ZERO, 1);
    check_int_equal((int64_t)list.count, 0);
    entry_begin(&list, BOOK_BANK, "repayment", day("2016-10-20"));
    entry_debit(&list, ACCOUNT_BANK_MONEY, MONEY_ZERO, 1);
    entry_credit(&list, ACCOUNT_PENALTY_INCOME, MONEY_ZERO, 1);
    check_int_equal((int64_t)list.entry[0].lines, 0);
}

static void many_entries_and_lines_keep_their_order(void **state)
{
    (void)state;
    struct entry_list list;
    entry_list_init(&list, &arena);
    for (int64_t i = 1; i <= ENTRIES_MAX; i++) {
        entry_begin(&list, BOOK_BANK, "test", day("2016-10-20"));
        for (int64_t n = 1; n <= (i == 1 ? ENTRY_LINES_MAX : 20); n++) {
            entry_debit(&list, ACCOUNT_BANK_MONEY, money_from_fen(1000 * i + n), n);
        }
    }
    check_int_equal((int64_t)list.count, ENTRIES_MAX);
    check_int_equal((int64_t)list.entry[0].lines, ENTRY_LINES_MAX);
    for (int64_t i = 0; i < ENTRIES_MAX; i++) {
        for (size_t n = 0; n < list.entry[i].lines; n++) {
            check_fen(list.entry[i].line[n].amount, 1000 * (i + 1) + (int64_t)n + 1);
            check_int_equal(list.entry[i].line[n].loan, (int64_t)n + 1);
        }
    }
}

static void appended_entries_stand_behind_and_may_pass_the_limit_of_one_row(void **state)
{
    (void)state;
    struct entry_list all;
    entry_list_init(&all, &arena);
    for (int64_t i = 0; i < 2 * ENTRIES_MAX; i++) {
        struct entry_list one;
        entry_list_init(&one, &arena);
        entry_pair(&one, BOOK_BANK, "test", day("2016-10-20"), ACCOUNT_BANK_MONEY,
                   ACCOUNT_INTEREST_INCOME, money_from_fen(i + 1), 0);
        entry_list_append(&all, &one);
    }
    check_int_equal((int64_t)all.count, 2 * ENTRIES_MAX);
    for (int64_t i = 0; i < 2 * ENTRIES_MAX; i++) {
        check_fen(all.entry[i].line[0].amount, i + 1);
    }
}

#define LINES(a, b) "[{\"book\":\"bank\",\"kind\":\"test\",\"lines\":[" a "," b "]}]"
#define DEBIT "{\"account\":\"bank-money\",\"fen\":\"5\"}"
#define CREDIT "{\"account\":\"loans-normal\",\"fen\":\"-5\"}"

static const struct {
    const char *text;
    const char *fact; /* part of what is said */
} malformed[] = {
    {"{}", "array"},
    {"[\"x\"]", "object"},
    {"[[]]", "object"},
    {"[{\"book\":\"bank\",\"kind\":\"test\"}]", "more than it may"},
    {"[{\"book\":\"bank\",\"kind\":\"test\",\"lines\":\"x\"}]", "no lines"},
    {"[{\"book\":\"bank\",\"kind\":\"test\",\"lines\":[]}]", "fewer than 2"},
    {"[{\"book\":\"bank\",\"kind\":\"test\",\"lines\":[" DEBIT "]}]", "fewer than 2"},
    {"[{\"book\":\"cash\",\"kind\":\"test\",\"lines\":[" CREDIT "," DEBIT "]}]", "no book"},
    {"[{\"kind\":\"test\",\"lines\":[" CREDIT "," DEBIT "]}]", "no book"},
    {"[{\"book\":\"bank\",\"kind\":\"a b\",\"lines\":[" CREDIT "," DEBIT "]}]", "kind"},
    {"[{\"book\":\"bank\",\"kind\":\"\",\"lines\":[" CREDIT "," DEBIT "]}]", "kind"},
    {"[{\"book\":\"bank\",\"lines\":[" CREDIT "," DEBIT "]}]", "kind"},
    {"[{\"book\":\"bank\",\"kind\":\"test\",\"lines\":[" CREDIT "," DEBIT "],\"other\":\"x\"}]",
     "more than it may"},
    {"[{\"book\":\"bank\",\"kind\":\"test\",\"lines\":[" CREDIT "," DEBIT
     "],\"value\":\"2016-10-21\"}]",
     "value date"},
    {"[{\"book\":\"bank\",\"kind\":\"test\",\"lines\":[" CREDIT "," DEBIT
     "],\"value\":\"2016-10-22\"}]",
     "value date"},
    {"[{\"book\":\"bank\",\"kind\":\"test\",\"lines\":[" CREDIT "," DEBIT
     "],\"value\":\"yesterday\"}]",
     "value date"},
    {LINES("\"x\"", DEBIT), "not an object"},
    {LINES("{\"account\":\"cash\",\"fen\":\"-5\"}", DEBIT), "no account"},
    {LINES("{\"fen\":\"-5\"}", DEBIT), "no account"},
    {LINES("{\"account\":\"capital\",\"fen\":\"-5\"}", DEBIT), "another book"},
    {LINES("{\"account\":\"loans-normal\",\"fen\":\"0\"}", DEBIT), "no amount"},
    {LINES("{\"account\":\"loans-normal\",\"fen\":\"-05\"}", DEBIT), "no amount"},
    {LINES("{\"account\":\"loans-normal\"}", DEBIT), "no amount"},
    {LINES("{\"account\":\"loans-normal\",\"fen\":\"-1000000000000001\"}",
           "{\"account\":\"bank-money\",\"fen\":\"1000000000000001\"}"),
     "no amount"},
    {LINES("{\"account\":\"loans-normal\",\"fen\":\"-5\",\"loan\":\"0\"}", DEBIT), "the loan"},
    {LINES("{\"account\":\"loans-normal\",\"fen\":\"-5\",\"loan\":\"-1\"}", DEBIT), "the loan"},
    {LINES("{\"account\":\"loans-normal\",\"fen\":\"-5\",\"loan\":\"x\"}", DEBIT), "the loan"},
    {LINES("{\"account\":\"loans-normal\",\"fen\":\"-5\",\"other\":\"x\"}", DEBIT),
     "more than it may"},
    {LINES("{\"account\":\"loans-normal\",\"fen\":\"-4\"}", DEBIT), "sum to zero"},
    {LINES("{\"account\":\"loans-normal\",\"fen\":\"5\"}", DEBIT), "sum to zero"},
};

static void malformed_entries_are_refused_with_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        struct entry_list list;
        struct error err = {0};
        print_message("%s\n", malformed[i].text);
        check_refused(
            entry_list_read(&arena, canon_of(malformed[i].text), day("2016-10-21"), &list, &err),
            &err, "entry.malformed");
        check_int_equal(err.fault, FAULT_INTEGRITY);
        if (strstr(err.text, malformed[i].fact) == NULL) {
            print_error("says \"%s\", want \"%s\" in it\n", err.text, malformed[i].fact);
            fail();
        }
    }
}

static void the_well_formed_neighbour_of_the_malformed_ones_is_read(void **state)
{
    (void)state;
    struct entry_list list;
    struct error err = {0};
    check_ok(
        entry_list_read(&arena, canon_of(LINES(DEBIT, CREDIT)), day("2016-10-21"), &list, &err),
        &err);
    check_date(list.entry[0].value_date, "2016-10-21");
}

static void what_was_read_outlives_the_text_it_was_read_from(void **state)
{
    (void)state;
    struct arena text;
    struct canon *value = NULL;
    struct entry_list list;
    struct error err = {0};
    arena_init(&text, ARENA_LIMIT_COMMAND);
    check_ok(canon_read(&text, disbursement, strlen(disbursement), CANON_LINE_MAX, &value, &err),
             &err);
    check_ok(entry_list_read(&arena, value, day("2016-10-21"), &list, &err), &err);
    arena_reset(&text); /* as between the rows of a bulk event */
    check_written(&list, day("2016-10-21"), disbursement);
    arena_release(&text);
}

static void one_entry_too_many_is_refused(void **state)
{
    (void)state;
    struct canon *entries = canon_array(&arena);
    struct canon *entry = canon_of(LINES(DEBIT, CREDIT));
    struct entry_list list;
    struct error err = {0};
    for (size_t i = 0; i < ENTRIES_MAX; i++) {
        canon_add(entries, canon_of("{\"book\":\"bank\",\"kind\":\"test\",\"lines\":[" DEBIT
                                    "," CREDIT "]}"));
    }
    check_ok(entry_list_read(&arena, entries, day("2016-10-21"), &list, &err), &err);
    canon_add(entries, entry);
    check_refused(entry_list_read(&arena, entries, day("2016-10-21"), &list, &err), &err,
                  "entry.malformed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_entry_is_written_as_the_header_says, begin, end),
        cmocka_unit_test_setup_teardown(the_value_date_is_left_out_on_the_book_date, begin, end),
        cmocka_unit_test_setup_teardown(what_is_read_is_written_again_byte_by_byte, begin, end),
        cmocka_unit_test_setup_teardown(an_event_may_have_no_entries, begin, end),
        cmocka_unit_test_setup_teardown(amounts_of_zero_add_nothing, begin, end),
        cmocka_unit_test_setup_teardown(many_entries_and_lines_keep_their_order, begin, end),
        cmocka_unit_test_setup_teardown(
            appended_entries_stand_behind_and_may_pass_the_limit_of_one_row, begin, end),
        cmocka_unit_test_setup_teardown(malformed_entries_are_refused_with_what_is_wrong, begin,
                                        end),
        cmocka_unit_test_setup_teardown(the_well_formed_neighbour_of_the_malformed_ones_is_read,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_was_read_outlives_the_text_it_was_read_from, begin,
                                        end),
        cmocka_unit_test_setup_teardown(one_entry_too_many_is_refused, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
