#include "cli/acting.h"
#include "cli/commands.h"
#include "cli/service/classification.h"
#include "ledger/base/clock.h"
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
    {"from", OPTION_DATE, false, "YYYY-MM-DD",
     N_("first day of the period; what came before is the opening balance"), false},
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

static void read_period(const struct invocation *invocation, const struct report *report,
                        struct report_parameters *ret)
{
    if (report->has_period) {
        const struct option_value *from = invocation_value(invocation, "from");
        ret->has_from = from->given;
        ret->from = from->date;
    }
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

/* A class is decided at the close of a day; the open one has none yet. */
static bool read_classed(struct office *office, struct date as_of, bool *ret, struct error *err)
{
    struct date closed = date_min(as_of, date_add_days(office->day, -1));

    *ret = date_compare(closed, office->facts.opening_day) >= 0;
    return !*ret || classes_are_kept(office->store, office->policies, closed, ret, err);
}

bool desk_report(const struct invocation *invocation, const char *name, struct error *err)
{
    AUTO_OFFICE office = {0};
    AUTO_ARENA arena = {0};
    struct table table;
    const struct report *report = NULL;
    struct report_parameters parameters = {.name_of = masked_name, .context = &office};
    const struct option_value *as_of = invocation_value(invocation, "as-of");

    if (!report_find(name, &report, err) || !desk_open(invocation, &office, err)) {
        return false;
    }
    parameters.as_of = as_of->given ? as_of->date : office.day;
    read_period(invocation, report, &parameters);
    if (!read_subject(invocation, report, &parameters)) {
        return error_set(err, FAULT_INTERNAL, "report.book", _("there is no such book"));
    }
    arena_init(&arena, TABLE_ARENA_LIMIT);
    return read_classed(&office, parameters.as_of, &parameters.classed, err) &&
           report_build(report, office.store, &parameters, &arena, &table, err) &&
           output_table(invocation, &table, err) && office_close(&office, err);
}

static bool run_report(const struct invocation *invocation, struct error *err)
{
    return desk_report(invocation, invocation->command->verb, err);
}

static const struct column list_columns[] = {
    {"report", N_("report"), "报表", CELL_TEXT, false},
    {"title", N_("title"), "名称", CELL_WORD, false},
    {"command", N_("command"), "命令", CELL_TEXT, false},
};

static bool run_list(const struct invocation *invocation, struct error *err)
{
    static const char *const after[] = {[REPORT_OF_ALL] = "",
                                        [REPORT_OF_LOAN] = " LOAN",
                                        [REPORT_OF_BOOK] = " --of bank|fund|memo"};
    struct table table;

    table_init(&table, invocation->arena, "reports", list_columns, COUNT_OF(list_columns),
               clock_date_in_china(clock_now()));
    table.title_en = "Reports";
    table.title_zh = "报表目录";
    for (size_t i = 0; i < report_count(); i++) {
        const struct report *report = report_at(i);
        struct word *title = arena_alloc(invocation->arena, sizeof *title);
        struct cell *cell = table_add_row(&table);
        *title = (struct word){report->title_en, report->title_en, report->title_zh};
        cell[0] = cell_text(&table, report->name);
        cell[1] = (struct cell){.kind = CELL_WORD, .word = title};
        cell[2] = cell_text(&table, arena_printf(invocation->arena, "yicang report %s%s",
                                                 report->name, after[report->subject]));
    }
    return output_table(invocation, &table, err);
}

const struct command report_commands[] = {
    {.noun = "report",
     .verb = "list",
     .run = run_list,
     .needs = SHOWS_TABLE,
     .summary = N_("list the reports with their titles"),
     .example = "yicang report list"},
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
     .verb = "day-report",
     .run = run_report,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("what was booked on a day, and its seal as text and code for the file"),
     .option = day_options,
     .options = COUNT_OF(day_options),
     .example = "yicang report day-report --as-of 2017-10-31 --format html --out day.html"},
    {.noun = "report",
     .verb = "trial-balance",
     .run = run_report,
     .needs = NEEDS_BOOK | SHOWS_TABLE,
     .summary = N_("turnover and balance of every account of one book"),
     .option = book_options,
     .options = COUNT_OF(book_options),
     .example = "yicang report trial-balance --of fund --from 2017-01-01 --as-of 2017-12-31"
                " --format html --out fund.html"},
    {.verb = NULL},
};
