#include "cli/acting.h"
#include "cli/commands.h"
#include "ledger/base/text.h"
#include "reports/report.h"

#define AS_OF_OPTION                                                                               \
    {                                                                                              \
        "as-of", OPTION_DATE, false, "YYYY-MM-DD",                                                 \
            N_("as the book stood at the close of this day"), false                                \
    }

static const struct option day_options[] = {AS_OF_OPTION};
static const struct option loan_options[] = {
    {"loan", OPTION_REFERENCE, true, "LOAN", N_("number of the loan"), true},
    AS_OF_OPTION,
};
static const struct option book_options[] = {
    {"of", OPTION_CHOICE, false, "bank|fund|memo", N_("which of the three books; else the bank's"),
     false},
    AS_OF_OPTION,
};

/* The masked name of a person; a report goes on without a name it cannot open. */
static const char *masked_name(void *context, const char *subject)
{
    struct office *office = context;
    const char *name = NULL;
    struct error ignored;
    return office_personal(office, subject, FIELD_NAME, false, &name, &ignored) && name[0] != '\0'
               ? name
               : NULL;
}

static bool read_subject(const struct invocation *invocation, const struct report *report,
                         struct report_parameters *ret)
{
    if (report->subject == REPORT_OF_LOAN) {
        ret->loan = invocation_value(invocation, "loan")->number;
    }
    if (report->subject == REPORT_OF_BOOK) {
        const struct option_value *of = invocation_value(invocation, "of");
        return book_find(of->given ? of->text : "bank", &ret->book);
    }
    return true;
}

static bool run_report(const struct invocation *invocation, struct error *err)
{
    AUTO_OFFICE office = {0};
    AUTO_ARENA arena = {0};
    struct table table;
    const struct report *report = NULL;
    struct report_parameters parameters = {.name_of = masked_name, .context = &office};
    const struct option_value *as_of = invocation_value(invocation, "as-of");

    if (!report_find(invocation->command->verb, &report, err) ||
        !desk_open(invocation, &office, err)) {
        return false;
    }
    parameters.as_of = as_of->given ? as_of->date : office.day;
    if (!read_subject(invocation, report, &parameters)) {
        return error_set(err, FAULT_INTERNAL, "report.book", _("there is no such book"));
    }
    arena_init(&arena, TABLE_ARENA_LIMIT);
    return report_build(report, office.store, &parameters, &arena, &table, err) &&
           output_table(invocation, &table, err) && office_close(&office, err);
}

const struct command report_commands[] = {
    {.noun = "report",
     .verb = "loan-register",
     .run = run_report,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("every loan with its standing, arrears and subsidy"),
     .option = day_options,
     .options = COUNT_OF(day_options),
     .example = "yicang report loan-register --as-of 2017-10-31 --format html --out loans.html"},
    {.noun = "report",
     .verb = "borrower-statement",
     .run = run_report,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("every movement of one loan and what is owed after it"),
     .option = loan_options,
     .options = COUNT_OF(loan_options),
     .example = "yicang report borrower-statement L1"},
    {.noun = "report",
     .verb = "claims-register",
     .run = run_report,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("every claim, its parts, payments and recoveries"),
     .option = day_options,
     .options = COUNT_OF(day_options),
     .example = "yicang report claims-register"},
    {.noun = "report",
     .verb = "fund-statement",
     .run = run_report,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("every movement of the fund, what it owes and what is free"),
     .option = day_options,
     .options = COUNT_OF(day_options),
     .example = "yicang report fund-statement --as-of 2017-12-31"},
    {.noun = "report",
     .verb = "trial-balance",
     .run = run_report,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("turnover and balance of every account of one book"),
     .option = book_options,
     .options = COUNT_OF(book_options),
     .example = "yicang report trial-balance --of fund --format html --out fund.html"},
    {.verb = NULL},
};
