#include "ledger/audit/privacy.h"

#include "tests/support/check.h"

#include <string.h>

/* Numbers made for these tests, with their check characters worked out by a Python program from the
 * weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2; 11010519491231002X is the standard's own sample. */

static void identity_numbers_are_accepted_in_their_normal_form(void **state)
{
    (void)state;
    static const struct {
        const char *text, *normal, *birth;
    } rows[] = {
        {"11010519491231002X", "11010519491231002X", "1949-12-31"},
        {"11010519491231002x", "11010519491231002X", "1949-12-31"},
        {"511802196802291239", "511802196802291239", "1968-02-29"},
        {"511802199001010015", "511802199001010015", "1990-01-01"},
        {"511802200002290018", "511802200002290018", "2000-02-29"},
        {"999999190001010007", "999999190001010007", "1900-01-01"}, /* no such area: no reason */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char normal[19];
        struct error err = {0};
        check_ok(id_number_normalise(rows[i].text, normal, &err), &err);
        check_text_equal(normal, rows[i].normal);
        check_date(id_number_birth_date(normal), rows[i].birth);
    }
}

static void other_identity_numbers_are_refused_with_their_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
    } rows[] = {
        {"", "person.id-number-length"},
        {"110105491231002", "person.id-number-length"}, /* the old form */
        {"11010519491231002", "person.id-number-length"},
        {"11010519491231002X ", "person.id-number-length"},
        {"11010519491231002XX", "person.id-number-length"},
        {"１１０１０５", "person.id-number-length"}, /* 18 bytes, but six characters */
        {"１１０１０５１９４９１２３１００２Ｘ", "person.id-number-digit"},
        {"11010519491231002Y", "person.id-number-digit"},
        {"1101051949123100X2", "person.id-number-digit"},
        {"X1010519491231002X", "person.id-number-digit"},
        {"110105 9491231002X", "person.id-number-digit"},
        {"11010519490231002X", "person.id-number-birth-date"}, /* 31 February */
        {"110105194902290020", "person.id-number-birth-date"}, /* no leap year */
        {"110105194913010020", "person.id-number-birth-date"},
        {"110105194900010020", "person.id-number-birth-date"},
        {"110105194901000020", "person.id-number-birth-date"},
        {"110105189912310020", "person.id-number-birth-date"},
        {"110105194912310021", "person.id-number-check"},
        {"110105194912310020", "person.id-number-check"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char normal[19] = "untouched";
        struct error err = {0};
        bool ok = id_number_normalise(rows[i].text, normal, &err);
        if (ok || strcmp(err.reason, rows[i].reason) != 0) {
            fail_msg("%s: %s", rows[i].text, ok ? "accepted" : err.reason);
        }
        assert_null(strstr(err.text, "1010519")); /* messages may be read by others */
        check_text_equal(normal, "untouched");
    }
}

static void every_wrong_digit_and_every_swap_of_neighbours_is_noticed(void **state)
{
    (void)state;
    static const char good[] = "11010519491231002X";
    for (size_t at = 0; at < 17; at++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            char bad[19], normal[19];
            struct error err = {0};
            memcpy(bad, good, sizeof bad);
            bad[at] = digit;
            assert_int_equal(id_number_normalise(bad, normal, &err), digit == good[at]);
        }
        if (at < 16 && good[at] != good[at + 1]) {
            char bad[19], normal[19];
            struct error err = {0};
            memcpy(bad, good, sizeof bad);
            bad[at] = good[at + 1];
            bad[at + 1] = good[at];
            assert_false(id_number_normalise(bad, normal, &err));
        }
    }
}

static void telephone_numbers_get_the_code_of_the_country(void **state)
{
    (void)state;
    static const struct {
        const char *text, *normal;
    } rows[] = {
        {"13812345678", "+8613812345678"},       {"138 1234 5678", "+8613812345678"},
        {"138-1234-5678", "+8613812345678"},     {"+8613812345678", "+8613812345678"},
        {"+86 138 1234 5678", "+8613812345678"}, {"008613812345678", "+8613812345678"},
        {"19912345678", "+8619912345678"},       {"0835-2223344", "+868352223344"},
        {"028-85551234", "+862885551234"},       {"010 65551234", "+861065551234"},
        {"+86 28 85551234", "+862885551234"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char normal[16];
        struct error err = {0};
        check_ok(phone_normalise(rows[i].text, normal, &err), &err);
        check_text_equal(normal, rows[i].normal);
    }
}

static void what_is_no_telephone_number_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "1381234567",
        "138123456789",
        "12812345678",
        "23812345678",
        "013812345678",
        "138--12345678",
        "138 1234567x",
        "-13812345678",
        "13812345678-",
        "+1 2025550123",
        "85551234",
        "2885551234",
        "0835-1223344",
        "+86",
        "+86+8613812345678",
        "１３８１２３４５６７８",
        "+8613812345678901234",
        "028-855512345678",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char normal[16];
        struct error err = {0};
        if (phone_normalise(rows[i], normal, &err)) {
            fail_msg("accepted %s", rows[i]);
        }
        check_refused(false, &err, "person.phone");
    }
}

static void card_numbers_lose_their_spaces(void **state)
{
    (void)state;
    /* Check digits by the Luhn formula, worked out by a Python program. */
    static const struct {
        const char *text, *normal;
    } rows[] = {
        {"6217000000000000004", "6217000000000000004"},
        {"6222 0212 3456 7894", "6222021234567894"},
        {"880012345678", "880012345678"},                       /* an account of a cooperative */
        {"12345678901234567890123", "12345678901234567890123"}, /* 23 digits */
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char normal[24];
        struct error err = {0};
        check_ok(bank_card_normalise(rows[i].text, normal, &err), &err);
        check_text_equal(normal, rows[i].normal);
    }
}

static void what_is_no_card_number_is_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "12345678901",
        "123456789012345678901234",
        "12345678901a",
        "1234  56789012",
        "6217000000000000005",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char normal[24];
        struct error err = {0};
        check_refused(bank_card_normalise(rows[i], normal, &err), &err, "person.bank-card");
    }
}

static void masks_show_what_is_needed_to_ask_and_no_more(void **state)
{
    (void)state;
    AUTO_ARENA arena;
    arena_init(&arena, 1 << 16);
    static const struct {
        enum personal_field field;
        const char *value, *mask;
    } rows[] = {
        {FIELD_ID_NO, "510123197001011234", "510***********1234"},
        {FIELD_ID_NO, "11010519491231002X", "110***********002X"},
        {FIELD_ID_NO, "1", "****"},
        {FIELD_PHONE, "+8613812345678", "138****5678"},
        {FIELD_PHONE, "13812345678", "138****5678"},
        {FIELD_PHONE, "+868352223344", "083****3344"},
        {FIELD_PHONE, "1", "****"},
        {FIELD_NAME, "王", "王**"},
        {FIELD_NAME, "王丽", "王**"},
        {FIELD_NAME, "欧阳修远", "欧**"},
        {FIELD_NAME, "\xF0\xA0\xAE\xB7某", "\xF0\xA0\xAE\xB7**"},
        {FIELD_NAME, "\xFF", "**"},
        {FIELD_BANK_CARD, "6222021234567890", "****7890"},
        {FIELD_BANK_CARD, "1234", "****"},
        {FIELD_NAME, NULL, ""},
        {FIELD_ID_NO, "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_text_equal(personal_mask(&arena, rows[i].field, rows[i].value), rows[i].mask);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identity_numbers_are_accepted_in_their_normal_form),
        cmocka_unit_test(other_identity_numbers_are_refused_with_their_reason),
        cmocka_unit_test(every_wrong_digit_and_every_swap_of_neighbours_is_noticed),
        cmocka_unit_test(telephone_numbers_get_the_code_of_the_country),
        cmocka_unit_test(what_is_no_telephone_number_is_refused),
        cmocka_unit_test(card_numbers_lose_their_spaces),
        cmocka_unit_test(what_is_no_card_number_is_refused),
        cmocka_unit_test(masks_show_what_is_needed_to_ask_and_no_more),
    };
    return cmocka_run_group_tests_name("personal", tests, NULL, NULL);
}
