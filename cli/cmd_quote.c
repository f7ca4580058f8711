#include "cli/commands.h"

#include "cli/output.h"
#include "cli/schedule_table.h"
#include "ledger/base/text.h"
#include "ledger/loans/schedule.h"

static const struct option quote_options[] = {
    {"principal", OPTION_MONEY, true, "YUAN", N_("sum lent"), false},
    {"rate", OPTION_RATE, true, "PERCENT", N_("contract rate a year, such as 4.35%"), false},
    {"from", OPTION_DATE, true, "YYYY-MM-DD", N_("day of the payout"), false},
    {"term", OPTION_TEXT, true, "TERM", N_("length, such as 12m, 90d or 1y"), false},
    {"method", OPTION_CHOICE, false, "interest-only|bullet|annuity|equal-principal|flat",
     N_("how it is repaid; else interest-only"), false},
    {"every", OPTION_TEXT, false, "month|quarter|Nd|Nw|once",
     N_("how often; else quarter for interest-only, once for bullet, month otherwise"), false},
    {"settle-day", OPTION_TEXT, false, "DAY|none",
     N_("day of the month that ends a period; else 20 for interest-only, none otherwise"), false},
    {"day-count", OPTION_CHOICE, false, "act/360|act/364|act/365|act/act|30/360",
     N_("how days become parts of a year; else act/360"), false},
    {"month-end", OPTION_CHOICE, false, "last|next",
     N_("where a day goes that a month does not have; else last"), false},
    {"rounding", OPTION_CHOICE, false, "half-up|half-even",
     N_("where half a fen goes; else half-up"), false},
    {"installment-rounding", OPTION_CHOICE, false, "0.01|1",
     N_("unit of level payments and equal parts in yuan; else 0.01"), false},
    {"grace-principal", OPTION_INT, false, "N",
     N_("number of first instalments that pay interest only"), false},
    {"first-due", OPTION_DATE, false, "YYYY-MM-DD", N_("day of the first payment"), false},
    {"subsidy", OPTION_RATE, false, "PERCENT",
     N_("interest subsidy a year; never more than the contract rate"), false},
};

static bool is_word(const struct invocation *invocation, const char *name, const char *word)
{
    const struct option_value *value = invocation_value(invocation, name);
    return value->given && text_equal(value->text, word);
}

static bool read_method(const struct invocation *invocation, struct schedule_terms *terms,
                        struct error *err)
{
    const struct option_value *method = invocation_value(invocation, "method");
    const struct option_value *every = invocation_value(invocation, "every");
    terms->method = METHOD_INTEREST_ONLY;
    if (method->given && !repayment_method_parse(method->text, &terms->method, err)) {
        return false;
    }
    const char *usual = terms->method == METHOD_INTEREST_ONLY ? "quarter"
                        : terms->method == METHOD_BULLET      ? "once"
                                                              : "month";
    return period_parse(every->given ? every->text : usual, &terms->every, err);
}

static bool read_settle_day(const struct invocation *invocation, struct schedule_terms *terms,
                            struct error *err)
{
    const struct option_value *value = invocation_value(invocation, "settle-day");
    bool has_usual = terms->method == METHOD_INTEREST_ONLY && terms->every.unit == PERIOD_MONTHS;
    int64_t day = has_usual ? 20 : 0;
    struct error cause;
    if (!value->given || text_equal(value->text, "none")) {
        terms->settle_day = value->given ? 0 : (int)day;
        return true;
    }
    if (!text_parse_int(value->text, 1, 28, &day, &cause)) {
        error_set(err, FAULT_USAGE, "quote.settle-day",
                  _("--settle-day: “%s” is not a day that every month has"), value->text);
        return error_limit(err, _("1 to 28, or none"));
    }
    terms->settle_day = (int)day;
    return true;
}

static bool read_terms(const struct invocation *invocation, struct schedule_terms *ret,
                       struct error *err)
{
    const struct option_value *day_count = invocation_value(invocation, "day-count");
    const struct option_value *unit = invocation_value(invocation, "installment-rounding");
    const struct option_value *first_due = invocation_value(invocation, "first-due");
    *ret = (struct schedule_terms){
        .principal = invocation_value(invocation, "principal")->money,
        .rate = invocation_value(invocation, "rate")->rate,
        .start = invocation_value(invocation, "from")->date,
        .month_end = is_word(invocation, "month-end", "next") ? MONTH_END_NEXT : MONTH_END_LAST,
        .rounding = is_word(invocation, "rounding", "half-even") ? ROUND_HALF_EVEN : ROUND_HALF_UP,
        .grace_principal = (int)invocation_value(invocation, "grace-principal")->number,
        .has_first_due = first_due->given,
        .first_due = first_due->date,
        .subsidy = invocation_value(invocation, "subsidy")->rate,
    };
    return term_parse(invocation_value(invocation, "term")->text, &ret->term_months,
                      &ret->term_days, err) &&
           read_method(invocation, ret, err) && read_settle_day(invocation, ret, err) &&
           day_count_parse(day_count->given ? day_count->text : "act/360", &ret->day_count, err) &&
           money_parse_positive(unit->given ? unit->text : "0.01", &ret->installment_unit, err);
}

static bool run_quote(const struct invocation *invocation, struct error *err)
{
    struct schedule_terms terms;
    struct schedule schedule;
    if (!read_terms(invocation, &terms, err) ||
        !schedule_build(&terms, invocation->arena, &schedule, err)) {
        return false;
    }
    struct table table;
    schedule_table(&schedule, invocation->arena, "quote", terms.start, &table);
    table.title_en = "Repayment schedule of a loan that does not exist yet";
    table.title_zh = "还款计划试算";
    return output_table(invocation, &table, err);
}

const struct command quote_commands[] = {
    {.verb = "quote",
     .run = run_quote,
     .needs = SHOWS_TABLE,
     .summary = N_("show the schedule, subsidy and own cost of a loan that does not exist yet"),
     .option = quote_options,
     .options = COUNT_OF(quote_options),
     .example = "yicang quote --principal 50000 --rate 4.35% --from 2016-10-20 --term 12m "
                "--subsidy 5%"},
    {.verb = NULL},
};
