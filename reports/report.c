#include "reports/report.h"

#include "ledger/base/text.h"
#include "ledger/books/calendar.h"
#include "reports/definition.h"

#include <inttypes.h>

static const struct report *const reports[] = {
    &loan_register,  &borrower_statement, &claims_register,
    &fund_statement, &trial_balance,      &day_report,
};

size_t report_count(void)
{
    return COUNT_OF(reports);
}

const struct report *report_at(size_t index)
{
    return reports[index];
}

bool report_find(const char *name, const struct report **ret, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(reports); i++) {
        if (text_equal(name, reports[i]->name)) {
            *ret = reports[i];
            return true;
        }
    }
    error_set(err, FAULT_USAGE, "report.unknown", _("there is no report “%.60s”"), name);
    return error_next(err, _("see `yicang report list`"));
}

static bool check_day(struct store *store, struct date as_of, struct error *err)
{
    struct date open = {0};
    if (!open_day_load(store, &open, err)) {
        return false;
    }
    if (date_compare(as_of, open) <= 0) {
        return true;
    }
    char asked[DATE_TEXT_SIZE];
    char text[DATE_TEXT_SIZE];
    error_set(err, FAULT_REFUSED, "report.day-not-reached",
              _("there is nothing to report as of %s yet"), date_format(as_of, asked));
    return error_limit(err, _("the open business day is %s"), date_format(open, text));
}

static bool check_period(const struct report_parameters *parameters, struct error *err)
{
    if (!parameters->has_from || date_compare(parameters->from, parameters->as_of) <= 0) {
        return true;
    }
    char from[DATE_TEXT_SIZE];
    char as_of[DATE_TEXT_SIZE];
    error_set(err, FAULT_REFUSED, "report.period", _("the period begins after its end: %s"),
              date_format(parameters->from, from));
    return error_limit(err, _("at the latest the day of the report, %s"),
                       date_format(parameters->as_of, as_of));
}

bool report_read(const struct report *report, struct store *store,
                 const struct report_parameters *parameters, struct arena *arena, struct table *ret,
                 struct error *err)
{
    table_init(ret, arena, report->name, report->column, report->columns, parameters->as_of);
    ret->title_en = report->title_en;
    ret->title_zh = report->title_zh;
    ret->chart = report->chart;
    return check_day(store, parameters->as_of, err) && check_period(parameters, err) &&
           report->build(store, parameters, ret, err);
}

bool report_build(const struct report *report, struct store *store,
                  const struct report_parameters *parameters, struct arena *arena,
                  struct table *ret, struct error *err)
{
    AUTO_TRANSACTION snapshot = {0};
    return transaction_begin_read(store, &snapshot, err) &&
           report_read(report, store, parameters, arena, ret, err);
}

bool report_cut_load(struct store *store, struct date as_of, struct report_cut *ret,
                     struct error *err)
{
    struct date open = {0};
    if (!open_day_load(store, &open, err)) {
        return false;
    }
    if (date_compare(as_of, open) >= 0) {
        *ret = (struct report_cut){.seq = INT64_MAX, .entry = INT64_MAX};
        return true;
    }
    *ret = (struct report_cut){.seq = -1, .entry = 0};
    AUTO_STATEMENT struct statement *query =
        store_query(store, "SELECT seq, last_entry FROM closed_day WHERE day = $1");
    bind_date(query, 1, as_of);
    if (statement_one(query)) {
        ret->seq = column_int(query, 0);
        ret->entry = column_int(query, 1);
    }
    return statement_end(query, err);
}

bool report_add_row(struct table *table, struct cell **ret, struct error *err)
{
    if (table_is_full(table)) {
        error_set(err, FAULT_REFUSED, "report.too-many-rows", _("the report is too long"));
        return error_limit(err, _("%zu rows"), TABLE_ROWS_MAX);
    }
    *ret = table_add_row(table);
    return true;
}

static bool refuse_overflow(struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "report.overflow",
                     _("the amounts of the book do not fit into one sum"));
}

bool report_add(struct money *sum, struct money amount, struct error *err)
{
    return money_add(*sum, amount, sum) ? true : refuse_overflow(err);
}

bool report_subtract(struct money *sum, struct money amount, struct error *err)
{
    return money_sub(*sum, amount, sum) ? true : refuse_overflow(err);
}

struct cell report_person(struct table *table, const struct report_parameters *parameters,
                          const char *subject, int64_t household)
{
    const char *name = NULL;
    if (parameters->name_of != NULL) {
        name = parameters->name_of(parameters->context, subject);
    }
    if (name == NULL) {
        name = arena_printf(table->arena, "#%" PRId64, household);
    }
    return cell_text(table, name);
}
