/* The results were worked out by hand from the facts below. */
#include "rules/expression.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

static const char *const purpose_words[] = {"farming", "livestock", "wedding", "housing"};
static const struct word_list purposes = {"purpose", purpose_words, COUNT_OF(purpose_words), NULL};
static const char *const class_words[] = {"normal", "watch", "farming"};
static const struct word_list classes = {"class", class_words, COUNT_OF(class_words), NULL};

enum {
    AMOUNT,
    BALANCE,
    LIMIT,
    APPLICANT_AGE,
    TERM,
    DAYS_OVERDUE,
    DUE,
    TODAY,
    PURPOSE,
    CLASS,
    REGISTERED,
    OVERDUE,
    SUBSIDY_RATE,
    MEMBERS,
    INCOME,
    AGREED,
    HUGE,
    SYMBOLS
};

static const struct symbol symbols[SYMBOLS] = {
    [AMOUNT] = {"amount", VALUE_MONEY, NULL, NULL},
    [BALANCE] = {"household_balance", VALUE_MONEY, NULL, NULL},
    [LIMIT] = {"household_limit", VALUE_MONEY, NULL, NULL},
    [APPLICANT_AGE] = {"applicant_age", VALUE_YEARS, NULL, NULL},
    [TERM] = {"term", VALUE_MONTHS, NULL, NULL},
    [DAYS_OVERDUE] = {"days_overdue", VALUE_DAYS, NULL, NULL},
    [DUE] = {"due", VALUE_DATE, NULL, NULL},
    [TODAY] = {"today", VALUE_DATE, NULL, NULL},
    [PURPOSE] = {"purpose", VALUE_WORD, &purposes, NULL},
    [CLASS] = {"class", VALUE_WORD, &classes, NULL},
    [REGISTERED] = {"registered", VALUE_TRUTH, NULL, NULL},
    [OVERDUE] = {"overdue", VALUE_TRUTH, NULL, NULL},
    [SUBSIDY_RATE] = {"subsidy_rate", VALUE_RATE, NULL, NULL},
    [MEMBERS] = {"members", VALUE_INTEGER, NULL, NULL},
    [INCOME] = {"income", VALUE_MONEY, NULL, NULL},
    [AGREED] = {"agreed", VALUE_TRUTH, NULL, NULL},
    [HUGE] = {"huge", VALUE_MONEY, NULL, NULL},
};
static const struct symbol_table table = {symbols, SYMBOLS};

#define KNOWN(...)                                                                                 \
    {                                                                                              \
        true, {__VA_ARGS__}, NULL                                                                  \
    }
/* income and agreed are not known. */
static const struct fact facts[SYMBOLS] = {
    [AMOUNT] = KNOWN(VALUE_MONEY, 3000000, NULL),    [BALANCE] = KNOWN(VALUE_MONEY, 2000000, NULL),
    [LIMIT] = KNOWN(VALUE_MONEY, 5000000, NULL),     [APPLICANT_AGE] = KNOWN(VALUE_YEARS, 65, NULL),
    [TERM] = KNOWN(VALUE_MONTHS, 36, NULL),          [DAYS_OVERDUE] = KNOWN(VALUE_DAYS, 90, NULL),
    [DUE] = KNOWN(VALUE_DATE, 17459, NULL),   /* 2017-10-20 */
    [TODAY] = KNOWN(VALUE_DATE, 17549, NULL), /* 2018-01-18: 90 days later */
    [PURPOSE] = KNOWN(VALUE_WORD, 1, &purposes),     [CLASS] = KNOWN(VALUE_WORD, 0, &classes),
    [REGISTERED] = KNOWN(VALUE_TRUTH, 1, NULL),      [OVERDUE] = KNOWN(VALUE_TRUTH, 0, NULL),
    [SUBSIDY_RATE] = KNOWN(VALUE_RATE, 50000, NULL), [MEMBERS] = KNOWN(VALUE_INTEGER, 4, NULL),
    [HUGE] = KNOWN(VALUE_MONEY, INT64_MAX, NULL),
};

static int setup(void **state)
{
    static struct arena arena;
    arena_init(&arena, (size_t)1 << 24);
    *state = &arena;
    return 0;
}

static int teardown(void **state)
{
    arena_release(*state);
    return 0;
}

static const struct expression *compile(struct arena *arena, const char *text, enum value_kind kind)
{
    const struct expression *expression = NULL;
    size_t at = 0;
    struct error err = {0};
    if (!expression_compile(arena, text, &table, kind, &expression, &at, &err)) {
        print_error("%s\n%d:%d %s: %s\n", text, err.line, err.column, err.reason, err.text);
        fail();
    }
    return expression;
}

static bool holds(struct arena *arena, const char *text)
{
    struct value value = {0};
    struct error err = {0};
    check_ok(expression_evaluate(compile(arena, text, VALUE_TRUTH), facts, NULL, &value, &err),
             &err);
    return value_truth(value);
}

static void conditions_hold(void **state)
{
    static const char *const rows[] = {
        "yes",
        "registered",
        "not overdue",
        "not no",
        "not not registered",
        "amount = 30000 yuan",
        "amount != 30000.01 yuan",
        "amount <> household_limit",
        "amount < household_limit",
        "household_balance + amount <= household_limit",
        "household_balance + amount >= household_limit",
        "household_limit > amount",
        "applicant_age between 18 and 65",
        "applicant_age between 18 years and 65 years",
        "65 >= applicant_age",
        "applicant_age not between 18 and 64",
        "applicant_age in (64, 65)",
        "term <= 36 months",
        "term not in (12 months, 24 months)",
        "days_overdue >= 90 days",
        "not days_overdue > 90 days",
        "today - due = 90 days",
        "due + 90 days = today",
        "90 days + due = today",
        "today - 90 days = due",
        "due between 2017-10-20 and 2017-10-20",
        "due < 2017-10-21",
        "purpose = livestock",
        "livestock = purpose",
        "purpose in (farming, livestock)",
        "purpose not in (wedding, housing)",
        "purpose <> wedding",
        "class = normal",
        "class != farming", /* a word of both lists means the one of the other operand */
        "registered = yes",
        "overdue = no",
        "registered <> overdue",
        "subsidy_rate <= 5%",
        "subsidy_rate - 1% = 4%",
        "members = 4",
        "members * 2 = 8",
        "2 * members + 1 = 9",
        "members + 2 * 3 = 10",
        "(members + 2) * 3 = 18",
        "10 - 3 - 2 = 5",
        "10 - (3 - 2) = 9",
        "-members < 0",
        "- -members = 4",
        "2 * amount = 60000 yuan",
        "amount * 2 = 60000 yuan",
        "share(amount, 5%) = 1500 yuan",
        "share(amount, subsidy_rate) > 0 yuan",
        /* 0.05 yuan * 50 % = 2.5 fen */
        "share(0.05 yuan, 50%) = 0.03 yuan",
        "share(0.05 yuan, 50%, half_up) = 0.03 yuan",
        "share(0.05 yuan, 50%, half_even) = 0.02 yuan",
        "share(0.05 yuan, 50%, down) = 0.02 yuan",
        "amount is known",
        "income is not known",
        "not income is known",
        /* and binds tighter than or, not tighter than and */
        "yes or no and no",
        "not ((yes or no) and no)",
        "not no and yes",
        "not (registered and overdue)",
        "amount between 10000 yuan and household_limit and registered",
        /* the answer is certain before the unknown fact is needed */
        "income is not known or income > 5000 yuan",
        "not (income is known and income > 5000 yuan)",
        "registered or agreed",
        "not (overdue and agreed)",
        "amount\n  <= 50000 yuan\n  and registered",
        "(((registered)))",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (!holds(*state, rows[i])) {
            print_error("does not hold: %s\n", rows[i]);
            fail();
        }
    }
}

static void conditions_do_not_hold(void **state)
{
    static const char *const rows[] = {
        "no",
        "overdue",
        "not registered",
        "amount <> 30000 yuan",
        "amount = 30000.01 yuan",
        "household_balance + amount < household_limit",
        "household_balance + amount > household_limit",
        "applicant_age between 66 and 70",
        "applicant_age between 65 and 18", /* an empty range */
        "applicant_age not between 65 and 65",
        "term in (12 months, 24 months)",
        "days_overdue > 90 days",
        "due >= 2017-10-21",
        "purpose in (wedding, housing)",
        "purpose not in (livestock)",
        "registered and overdue",
        "overdue or not registered",
        "amount is not known",
        "income is known",
        "(yes or no) and no",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (holds(*state, rows[i])) {
            print_error("holds: %s\n", rows[i]);
            fail();
        }
    }
}

/* --- Refused when compiled ----------------------------------------------------------------------
 */

struct refusal {
    const char *text;
    const char *reason;
    int line;
    int column;
    const char *piece; /* of the message, the limit or what to do */
};

static void check_refusal(struct arena *arena, const struct refusal *row, enum value_kind wanted)
{
    const struct expression *expression = NULL;
    size_t at = 0;
    struct error err = {0};
    bool compiled = expression_compile(arena, row->text, &table, wanted, &expression, &at, &err);
    if (compiled || strcmp(err.reason, row->reason) != 0 || err.line != row->line ||
        err.column != row->column) {
        print_error("%s\ngot %s %d:%d %s\nwant %s %d:%d\n", row->text,
                    compiled ? "(compiled)" : err.reason, err.line, err.column, err.text,
                    row->reason, row->line, row->column);
        fail();
    }
    if (strstr(err.text, row->piece) == NULL && strstr(err.limit, row->piece) == NULL &&
        strstr(err.next, row->piece) == NULL) {
        print_error("%s\n\"%s\" (%s) (%s) does not say \"%s\"\n", row->text, err.text, err.limit,
                    err.next, row->piece);
        fail();
    }
    check_int_equal(err.fault, FAULT_INPUT);
    assert_null(expression);
}

static void mistakes_are_refused_at_their_place(void **state)
{
    static const struct refusal rows[] = {
        /* form */
        {"", "expression.syntax", 1, 1, "ends too early"},
        {"amount <=", "expression.syntax", 1, 10, "a value or a name"},
        {"amount <= 5 yuan registered", "expression.syntax", 1, 18, "and, or, or the end"},
        {"amount < household_limit < income", "expression.syntax", 1, 26, "“<”"},
        {"(registered", "expression.syntax", 1, 12, "expected: )"},
        {"registered)", "expression.syntax", 1, 11, "“)”"},
        {"and registered", "expression.syntax", 1, 1, "“and”"},
        {"registered and", "expression.syntax", 1, 15, "ends too early"},
        {"registered not", "expression.syntax", 1, 15, "between or in"},
        {"purpose in ()", "expression.syntax", 1, 13, "a value or a name"},
        {"purpose in farming", "expression.syntax", 1, 12, "expected: ("},
        {"purpose in (farming", "expression.syntax", 1, 20, "expected: )"},
        {"amount between 1 yuan or 2 yuan", "expression.syntax", 1, 23, "expected: and"},
        {"amount is unknown", "expression.syntax", 1, 11, "expected: known"},
        {"amount + amount is known", "expression.syntax", 1, 1, "single fact"},
        {"share(amount)", "expression.syntax", 1, 13, "expected: ,"},
        {"share(amount, 5%, up) > 0 yuan", "expression.syntax", 1, 19,
         "half_up, half_even or down"},
        {"amount == 5 yuan", "expression.syntax", 1, 8, "write ="},
        {"registered && overdue", "expression.syntax", 1, 12, "write and"},
        {"registered || overdue", "expression.syntax", 1, 12, "write or"},
        {"!registered", "expression.syntax", 1, 1, "write not"},
        {"amount / 2 > 5 yuan", "expression.syntax", 1, 8, "share(money, rate)"},
        {"amount ≤ 5 yuan", "expression.syntax", 1, 8, "write <="},
        {"（registered）", "expression.syntax", 1, 1, "write ("},
        {"金额 > 5 yuan", "expression.syntax", 1, 1, "“金”"},
        {"purpose = 'farming'", "expression.syntax", 1, 11, "“'”"},
        {"registered;", "expression.syntax", 1, 11, "“;”"},
        {"registered\n  and\n  and overdue", "expression.syntax", 3, 3, "“and”"},
        {"REGISTERED AND overdue", "expression.syntax", 1, 12, "“AND”"},
        /* numbers and dates */
        {"amount > 010 yuan", "expression.value", 1, 10, "expected: "},
        {"members > 010", "expression.value", 1, 11, "expected: "},
        {"members > 1.5", "expression.value", 1, 11, "expected: "},
        {"members > 0x10", "expression.value", 1, 11, "dates 2016-10-01"},
        {"members > 1e3", "expression.value", 1, 11, "dates 2016-10-01"},
        {"subsidy_rate < 20%%", "expression.value", 1, 16, "dates 2016-10-01"},
        {"subsidy_rate < 5.00001%", "expression.value", 1, 16, "5.00001%"},
        {"amount > 5.001 yuan", "expression.value", 1, 10, "5.001 yuan"},
        {"term > 36 month", "expression.value", 1, 8, "unit does not fit"},
        {"due > 2017-02-30", "expression.value", 1, 7, "2017-02-30"},
        {"due > 2017-2-3", "expression.value", 1, 7, "dates 2016-10-01"},
        {"due > 2017-02-300", "expression.value", 1, 7, "dates 2016-10-01"},
        {"members > 5-3", "expression.value", 1, 11, "minus"},
        {"members > 99999999999999999999", "expression.value", 1, 11, "expected: "},
        {"members > 1111111111111111111111111111111111111111111111111111111111111111",
         "expression.value", 1, 11, "at most 63 bytes"},
        /* names and words */
        {"amnt > 5 yuan", "expression.unknown-name", 1, 1, "“amnt”"},
        {"registered and overdu", "expression.unknown-name", 1, 16, "“overdu”"},
        {"wedding = housing", "expression.unknown-name", 1, 1, "“wedding”"},
        {"amount = housing", "expression.unknown-name", 1, 10, "“housing”"},
        {"housing", "expression.unknown-name", 1, 1, "“housing”"},
        {"incme is known", "expression.unknown-name", 1, 1, "“incme”"},
        {"registered and max (amount, 5 yuan) > 0 yuan", "expression.unknown-name", 1, 16, "“max”"},
        {"sqrt(amount) > 5 yuan", "expression.unknown-name", 1, 1, "“sqrt”"},
        {"amount(5 yuan) > 5 yuan", "expression.syntax", 1, 7, "“(”"},
        {"purpose = weding", "expression.unknown-word", 1, 11, "list purpose"},
        {"purpose not in (wedding, hosing)", "expression.unknown-word", 1, 26, "“hosing”"},
        {"purpose = normal", "expression.unknown-word", 1, 11, "list purpose"},
        /* kinds: the place is the sign between the two */
        {"amount <= 50000", "expression.kinds", 1, 8,
         "“amount” (money) and “50000” (whole number)"},
        {"amount + term > 5 yuan", "expression.kinds", 1, 8,
         "“amount” (money) and “term” (months)"},
        {"term <= 3", "expression.kinds", 1, 6, "(months) and “3” (whole number)"},
        {"days_overdue > 90", "expression.kinds", 1, 14, "(days)"},
        {"applicant_age > 65 months", "expression.kinds", 1, 15, "(years)"},
        {"due > 90 days", "expression.kinds", 1, 5, "(date)"},
        {"due + due = today", "expression.kinds", 1, 5, "(date)"},
        {"90 days - due = today", "expression.kinds", 1, 9, "(date)"},
        {"due + term > today", "expression.kinds", 1, 5, "(months)"},
        {"amount * subsidy_rate > 5 yuan", "expression.kinds", 1, 8, "share(amount, rate)"},
        /* long parts are shortened to 60 characters in messages */
        {"household_balance + household_balance + household_balance + household_balance > 5%",
         "expression.kinds", 1, 79,
         "“household_balance + household_balance + household_balance + …” (money) and “5%”"},
        {"amount * amount > 5 yuan", "expression.kinds", 1, 8, "(money)"},
        {"subsidy_rate * subsidy_rate > 5%", "expression.kinds", 1, 14, "(rate)"},
        {"share(subsidy_rate, amount) > 5 yuan", "expression.kinds", 1, 7, "wanted here: money"},
        {"share(amount, 5) > 5 yuan", "expression.kinds", 1, 15, "wanted here: rate"},
        {"purpose = class", "expression.kinds", 1, 9, "“purpose”"},
        {"purpose < farming", "expression.kinds", 1, 1, "something that has an order"},
        {"purpose between farming and housing", "expression.kinds", 1, 1, "has an order"},
        {"registered < overdue", "expression.kinds", 1, 1, "something that has an order"},
        {"registered = 1", "expression.kinds", 1, 12, "(yes or no)"},
        {"amount between 1 yuan and 5%", "expression.kinds", 1, 8, "“5%” (rate)"},
        {"amount in (1 yuan, 5%)", "expression.kinds", 1, 8, "“5%” (rate)"},
        {"registered + overdue = 2", "expression.kinds", 1, 12, "(yes or no)"},
        {"amount and registered", "expression.kinds", 1, 1, "wanted here: yes or no"},
        {"registered or members", "expression.kinds", 1, 15, "wanted here: yes or no"},
        {"not amount", "expression.kinds", 1, 5, "wanted here: yes or no"},
        {"-registered", "expression.kinds", 1, 2, "can be negative"},
        {"-due < today", "expression.kinds", 1, 2, "can be negative"},
        {"amount", "expression.kinds", 1, 1, "the whole is of the kind money"},
        {"registered\nand amount\n> 5%", "expression.kinds", 3, 1, "“5%” (rate)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        check_refusal(*state, &rows[i], VALUE_TRUTH);
    }
}

static void value_of_another_kind_can_be_wanted(void **state)
{
    static const struct refusal row = {"registered", "expression.kinds", 1, 1,
                                       "wanted here: money"};
    check_refusal(*state, &row, VALUE_MONEY);
    struct value value = {0};
    struct error err = {0};
    const struct expression *part = compile(*state, "share(amount, 70%)", VALUE_MONEY);
    check_ok(expression_evaluate(part, facts, NULL, &value, &err), &err);
    check_fen(value_money(value), 2100000);
}

static char *repeated(struct arena *arena, const char *before, const char *piece, int times,
                      const char *after)
{
    size_t length = strlen(before) + strlen(piece) * (size_t)times + strlen(after);
    char *text = arena_alloc(arena, length + 1);
    size_t at = (size_t)sprintf(text, "%s", before);
    for (int i = 0; i < times; i++) {
        at += (size_t)sprintf(text + at, "%s", piece);
    }
    sprintf(text + at, "%s", after);
    return text;
}

static void limits_of_size_are_where_they_are_written(void **state)
{
    struct arena *arena = *state;
    /* The outermost level counts too. */
    assert_true(
        holds(arena, repeated(arena, "", "(", 31, "registered)))))))))))))))))))))))))))))))")));
    struct refusal deep = {repeated(arena, "", "(", 5000 / 2, "registered"), "expression.too-large",
                           1, 33, "32 levels"};
    check_refusal(arena, &deep, VALUE_TRUTH);
    struct refusal negations = {repeated(arena, "", "not ", 900, "registered"),
                                "expression.too-large", 1, 31 * 4 + 1, "32 levels"};
    check_refusal(arena, &negations, VALUE_TRUTH);
    struct refusal signs = {repeated(arena, "members > ", "- ", 900, "1"), "expression.too-large",
                            1, 10 + 31 * 2 + 1, "32 levels"};
    check_refusal(arena, &signs, VALUE_TRUTH);
    /* n names and n - 1 signs between them are 2n - 1 parts: 128 names are 255. */
    assert_true(holds(arena, repeated(arena, "registered", " and registered", 127, "")));
    struct refusal large = {repeated(arena, "registered", " and registered", 128, ""),
                            "expression.too-large", 1, 10 + 127 * 15 + 2, "256"};
    check_refusal(arena, &large, VALUE_TRUTH);
    struct refusal lengthy = {repeated(arena, "registered", " ", 4000, ""), "expression.too-large",
                              1, 1, "4000"};
    check_refusal(arena, &lengthy, VALUE_TRUTH);
}

/* --- Refused when evaluated ---------------------------------------------------------------------
 */

static void unknown_facts_are_an_error_and_not_a_no(void **state)
{
    static const struct {
        const char *text;
        const char *fact;
    } rows[] = {
        {"agreed", "agreed"},
        {"not agreed", "agreed"},
        {"income > 5 yuan", "income"},
        {"not (income > 5 yuan)", "income"},
        {"income <= 5 yuan", "income"},
        {"registered and agreed", "agreed"},
        {"overdue or agreed", "agreed"},
        {"agreed or registered", "agreed"}, /* read from the left */
        {"agreed and overdue", "agreed"},
        {"amount in (30000 yuan, income)", "income"},
        {"amount between 0 yuan and income", "income"},
        {"share(income, 5%) > 0 yuan", "income"},
        {"amount + income > 0 yuan", "income"},
        {"-income < 0 yuan", "income"},
        {"income = income", "income"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct value value = {0};
        struct error err = {0};
        check_refused(expression_evaluate(compile(*state, rows[i].text, VALUE_TRUTH), facts, NULL,
                                          &value, &err),
                      &err, "expression.unknown-fact");
        check_int_equal(err.fault, FAULT_REFUSED);
        assert_non_null(strstr(err.text, rows[i].fact));
        assert_non_null(strstr(err.next, "is known"));
    }
}

static void overflow_is_an_error_that_names_the_part(void **state)
{
    static const struct {
        const char *text;
        const char *part;
    } rows[] = {
        {"huge + amount > 0 yuan", "“huge + amount”"},
        {"-huge - amount < 0 yuan", "“-huge - amount”"},
        {"huge * 2 > 0 yuan", "“huge * 2”"},
        {"2 * huge > 0 yuan", "“2 * huge”"},
        {"share(huge, 200%) > 0 yuan", "“share(huge, 200%)”"},
        {"2147483647 * 2147483647 * 2147483647 > 0", "“2147483647 * 2147483647 * 2147483647”"},
        {"due + 90000 days > today", "“due + 90000 days”"},
        {"due - 90000 days < today", "“due - 90000 days”"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct value value = {0};
        struct error err = {0};
        check_refused(expression_evaluate(compile(*state, rows[i].text, VALUE_TRUTH), facts, NULL,
                                          &value, &err),
                      &err, "expression.overflow");
        check_int_equal(err.fault, FAULT_REFUSED);
        assert_non_null(strstr(err.text, rows[i].part));
    }
}

/* --- The trace ----------------------------------------------------------------------------------
 */

struct traced {
    const char *text;
    const char *value; /* NULL: was not needed */
};

static void check_trace(struct arena *arena, const char *text, const struct traced *want,
                        size_t count)
{
    const struct expression *expression = compile(arena, text, VALUE_TRUTH);
    struct part_result trace[EXPRESSION_NODES_MAX];
    struct value value = {0};
    struct error err = {0};
    check_ok(expression_evaluate(expression, facts, trace, &value, &err), &err);
    size_t shown = 0;
    for (size_t i = 0; i < expression_parts(expression); i++) {
        struct part part = expression_part(expression, i);
        if (part.is_literal) {
            continue;
        }
        char got[128];
        char number[VALUE_TEXT_SIZE];
        assert_true(shown < count);
        snprintf(got, sizeof got, "%.*s", (int)part.length, part.text);
        check_text_equal(got, want[shown].text);
        assert_int_equal(trace[i].evaluated, want[shown].value != NULL);
        if (want[shown].value != NULL) {
            check_text_equal(value_format(trace[i].value, number), want[shown].value);
        }
        check_int_equal(part.is_symbol, strchr(got, ' ') == NULL);
        if (part.is_symbol) {
            check_text_equal(symbols[part.symbol].name, got);
        }
        shown++;
    }
    check_int_equal((int64_t)shown, (int64_t)count);
}

static void every_part_shows_its_value(void **state)
{
    static const struct traced sum[] = {
        {"household_balance", "20000 yuan"},
        {"amount", "30000 yuan"},
        {"household_balance + amount", "50000 yuan"},
        {"household_limit", "50000 yuan"},
        {"household_balance + amount <= household_limit", "yes"},
        {"purpose", "livestock"},
        {"purpose not in (wedding, housing)", "yes"},
        {"household_balance + amount <= household_limit   and purpose not in (wedding, housing)",
         "yes"},
    };
    check_trace(*state,
                "household_balance + amount <= household_limit\n  and purpose not in (wedding, "
                "housing)",
                sum, COUNT_OF(sum));
}

static void parts_that_were_not_needed_show_no_value(void **state)
{
    static const struct traced guarded[] = {
        {"income", NULL},
        {"income is known", "no"},
        {"income", NULL},
        {"income > 5 yuan", NULL},
        {"income is known and income > 5 yuan", "no"},
    };
    check_trace(*state, "income is known and income > 5 yuan", guarded, COUNT_OF(guarded));
}

static void what_is_known_was_read(void **state)
{
    static const struct traced asked[] = {{"amount", "30000 yuan"}, {"amount is known", "yes"}};
    check_trace(*state, "amount is known", asked, COUNT_OF(asked));
}

static void trace_of_an_error_holds_what_came_before(void **state)
{
    const struct expression *expression =
        compile(*state, "amount > 5 yuan and income > 5 yuan", VALUE_TRUTH);
    struct part_result trace[EXPRESSION_NODES_MAX];
    struct value value = {0};
    struct error err = {0};
    check_refused(expression_evaluate(expression, facts, trace, &value, &err), &err,
                  "expression.unknown-fact");
    /* amount, 5 yuan, amount > 5 yuan; income, 5 yuan, income > 5 yuan; the whole */
    check_int_equal((int64_t)expression_parts(expression), 7);
    assert_true(trace[2].evaluated);
    assert_true(value_truth(trace[2].value));
    assert_false(trace[3].evaluated);
    assert_false(trace[6].evaluated);
}

static void text_is_kept_as_written(void **state)
{
    check_text_equal(expression_text(compile(*state, "registered\nand  not overdue", VALUE_TRUTH)),
                     "registered and  not overdue");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_hold),
        cmocka_unit_test(conditions_do_not_hold),
        cmocka_unit_test(mistakes_are_refused_at_their_place),
        cmocka_unit_test(value_of_another_kind_can_be_wanted),
        cmocka_unit_test(limits_of_size_are_where_they_are_written),
        cmocka_unit_test(unknown_facts_are_an_error_and_not_a_no),
        cmocka_unit_test(overflow_is_an_error_that_names_the_part),
        cmocka_unit_test(every_part_shows_its_value),
        cmocka_unit_test(parts_that_were_not_needed_show_no_value),
        cmocka_unit_test(what_is_known_was_read),
        cmocka_unit_test(trace_of_an_error_holds_what_came_before),
        cmocka_unit_test(text_is_kept_as_written),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
