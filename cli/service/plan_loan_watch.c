/* plan_loan_watch.c - what is done about a loan after its payout: demands for payment, inspections.
 * Neither moves money. */
#include "cli/service/classification.h"
#include "cli/service/loan_plans.h"
#include "ledger/base/text.h"
#include "ledger/loans/loan_dun.h"
#include "ledger/loans/loan_inspection.h"

/* The day a request names; the open day where it names none. */
static bool day_named(const struct planning *p, const struct canon *request, struct date *ret,
                      struct error *err)
{
    *ret = p->day;
    return canon_get(request, "on") == NULL || canon_get_date(request, "on", ret) ||
           request_malformed("on", err);
}

static bool has_come(const struct planning *p, struct date on, const char *reason,
                     struct error *err)
{
    char text[DATE_TEXT_SIZE];
    char limit[DATE_TEXT_SIZE];

    if (date_compare(on, p->day) <= 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, reason, _("%s has not come yet"), date_format(on, text));
    error_limit(err, _("at most %s"), date_format(p->day, limit));
    return error_next(err, _("record it when it is done"));
}

static bool is_still_owed(const struct loan *loan, struct error *err)
{
    if (!loan->is_paid_out) {
        error_set(err, FAULT_REFUSED, "loan.not-paid-out", _("loan L%lld was not paid out (%s)"),
                  (long long)loan->id, loan_status_tell(loan->status));
        return error_next(err, _("see how it stands with `yicang loan show`"));
    }
    if (text_equal(loan->status, "closed")) {
        error_set(err, FAULT_REFUSED, "loan.closed", _("loan L%lld is closed"),
                  (long long)loan->id);
        return error_limit(err, _("nothing is owed any more"));
    }
    return true;
}

static bool not_too_many(int64_t no, int64_t max, const char *reason, struct error *err)
{
    if (no <= max) {
        return true;
    }
    error_set(err, FAULT_REFUSED, reason, _("the loan has %lld of them on record"),
              (long long)no - 1);
    return error_limit(err, _("at most %lld of one loan"), (long long)max);
}

/* --- demands for payment ---------------------------------------------------------------------- */

/* A letter before the arrears demands nothing that is overdue. */
static bool follows_the_due_day(const struct loan *loan, struct date on, struct error *err)
{
    char text[DATE_TEXT_SIZE];
    char limit[DATE_TEXT_SIZE];

    if (!loan->has_overdue_since) {
        error_set(err, FAULT_REFUSED, "loan.not-overdue", _("loan L%lld is not overdue (%s)"),
                  (long long)loan->id, loan_status_tell(loan->status));
        return error_next(err, _("`yicang claim candidates` lists the loans that are"));
    }
    if (date_compare(on, loan->overdue_since) > 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "loan.dun-early", _("nothing was overdue on %s"),
              date_format(on, text));
    return error_limit(err, _("the loan is overdue since %s; a demand is dated later"),
                       date_format(loan->overdue_since, limit));
}

static bool number_is_new(struct planning *p, const struct loan_dun *dun, struct error *err)
{
    bool used = false;

    if (!loan_dun_has_number(p->store, dun->loan, dun->number, &used, err)) {
        return false;
    }
    if (!used) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "loan.dun-number", _("notice “%s” of loan L%lld is on record"),
              dun->number, (long long)dun->loan);
    return error_next(err, _("`yicang loan show` lists the notices; give the number of this one"));
}

static bool read_dun(struct planning *p, const struct canon *request, struct loan_dun *ret,
                     struct error *err)
{
    const char *number = canon_get_text(request, "number");

    ret->delivery = canon_get_text(request, "delivery");
    if (!canon_get_int(request, "loan", &ret->loan) || number == NULL || ret->delivery == NULL ||
        !loan_dun_delivery_is_known(ret->delivery)) {
        return request_malformed("loan, number, delivery", err);
    }
    return text_accept(p->arena, _("number of the notice"), number, LOAN_DUN_NUMBER_MAX,
                       &ret->number, err) &&
           day_named(p, request, &ret->on, err);
}

bool plan_loan_dun(struct planning *p, const struct canon *request, struct error *err)
{
    struct loan_dun dun = {0};
    struct loan loan;

    if (!read_dun(p, request, &dun, err) || !loan_load(p->store, p->arena, dun.loan, &loan, err) ||
        !is_still_owed(&loan, err) || !has_come(p, dun.on, "loan.dun-late", err) ||
        !follows_the_due_day(&loan, dun.on, err) || !number_is_new(p, &dun, err) ||
        !loan_dun_next(p->store, dun.loan, &dun.no, err) ||
        !not_too_many(dun.no, LOAN_DUNS_MAX, "loan.duns-many", err)) {
        return false;
    }
    canon_set_int(p->out, "notice", dun.no);
    canon_set_text(p->out, "number", dun.number);
    canon_set_date(p->out, "on", dun.on);
    canon_set_date(p->out, "overdue_since", loan.overdue_since);
    return true;
}

bool project_loan_dun(const struct projection *p, struct error *err)
{
    struct loan_dun dun = {.number = canon_get_text(p->out, "number"),
                           .delivery = canon_get_text(p->in, "delivery"),
                           .actor = p->actor};

    if (!canon_get_int(p->in, "loan", &dun.loan) || !canon_get_int(p->out, "notice", &dun.no) ||
        !canon_get_date(p->out, "on", &dun.on) || dun.number == NULL || dun.delivery == NULL) {
        return event_malformed("notice, number, on, delivery", err);
    }
    return loan_dun_put(p->store, p->seq, &dun, err);
}

/* --- inspections ------------------------------------------------------------------------------ */

static bool read_inspection(struct planning *p, const struct canon *request,
                            struct loan_inspection *ret, struct error *err)
{
    const char *note = canon_get_text(request, "note");

    ret->finding = canon_get_text(request, "finding");
    if (!canon_get_int(request, "loan", &ret->loan) || ret->finding == NULL ||
        !loan_finding_is_known(ret->finding)) {
        return request_malformed("loan, finding", err);
    }
    return (note == NULL ||
            text_accept(p->arena, _("note"), note, LOAN_INSPECTION_NOTE_MAX, &ret->note, err)) &&
           day_named(p, request, &ret->on, err);
}

static bool follows_the_payout(const struct loan *loan, struct date on, struct error *err)
{
    char text[DATE_TEXT_SIZE];
    char limit[DATE_TEXT_SIZE];

    if (date_compare(on, loan->start) >= 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "loan.inspection-early", _("nothing was paid out on %s yet"),
              date_format(on, text));
    return error_limit(err, _("not before %s"), date_format(loan->start, limit));
}

/* Whoever finds that money went elsewhere says where. */
static bool is_explained(const struct loan_inspection *inspection, struct error *err)
{
    if (inspection->note != NULL || text_equal(inspection->finding, "as-applied")) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "loan.inspection-note",
              _("nothing is said of what the money was used for"));
    return error_next(err, _("say it with --note"));
}

/* What was found may be another class: the close of the day looks at the loan. */
static bool look_again(struct planning *p, const struct loan *loan, struct error *err)
{
    bool kept = false;

    if (!classes_are_kept(p->store, p->policies, p->day, &kept, err)) {
        return false;
    }
    if (!kept || !(text_equal(loan->status, "normal") || text_equal(loan->status, "overdue") ||
                   text_equal(loan->status, "non-accrual"))) {
        return true;
    }
    if (loan->has_overdue_since) {
        canon_set_date(p->out, "overdue_since", loan->overdue_since);
    }
    canon_set_date(p->out, "next_day", p->day);
    return true;
}

bool plan_loan_inspect(struct planning *p, const struct canon *request, struct error *err)
{
    struct loan_inspection inspection = {0};
    struct loan loan;

    if (!read_inspection(p, request, &inspection, err) ||
        !loan_load(p->store, p->arena, inspection.loan, &loan, err) || !is_still_owed(&loan, err) ||
        !has_come(p, inspection.on, "loan.inspection-late", err) ||
        !follows_the_payout(&loan, inspection.on, err) || !is_explained(&inspection, err) ||
        !loan_inspection_next(p->store, inspection.loan, &inspection.no, err) ||
        !not_too_many(inspection.no, LOAN_INSPECTIONS_MAX, "loan.inspections-many", err)) {
        return false;
    }
    canon_set_int(p->out, "inspection", inspection.no);
    canon_set_date(p->out, "on", inspection.on);
    canon_set_text(p->out, "finding", inspection.finding);
    if (inspection.note != NULL) {
        canon_set_text(p->out, "note", inspection.note);
    }
    return look_again(p, &loan, err);
}

bool project_loan_inspect(const struct projection *p, struct error *err)
{
    struct loan_inspection inspection = {.finding = canon_get_text(p->out, "finding"),
                                         .note = canon_get_text(p->out, "note"),
                                         .actor = p->actor};

    if (!canon_get_int(p->in, "loan", &inspection.loan) ||
        !canon_get_int(p->out, "inspection", &inspection.no) ||
        !canon_get_date(p->out, "on", &inspection.on) || inspection.finding == NULL) {
        return event_malformed("inspection, on, finding", err);
    }
    return loan_inspection_put(p->store, p->seq, &inspection, err) &&
           (canon_get(p->out, "next_day") == NULL ||
            loan_state_project(p, inspection.loan, NULL, err));
}
