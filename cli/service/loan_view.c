#include "cli/service/loan_view.h"

#include "cli/service/act.h"
#include "cli/service/plan_reversal.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/loans/household.h"

/* Completed years on the day. */
static int age_on(struct date birth, struct date day)
{
    struct ymd born = date_to_ymd(birth);
    struct ymd now = date_to_ymd(day);
    bool had_birthday = now.month > born.month || (now.month == born.month && now.day >= born.day);
    return now.year - born.year - (had_birthday ? 0 : 1);
}

static bool add_age(struct office *office, int64_t person, struct canon *request, struct error *err)
{
    int64_t household = 0;
    const char *subject = NULL;
    const char *number = NULL;

    if (!person_load(office->store, &office->arena, person, &household, &subject, err) ||
        !office_personal(office, subject, FIELD_ID_NO, true, &number, err)) {
        return false;
    }
    if (number[0] == '\0') {
        error_set(err, FAULT_REFUSED, "loan.age-unknown",
                  _("the identity number of person %lld is not on record"), (long long)person);
        return error_next(err, _("record the person with --id-no"));
    }
    canon_set_int(request, "age", age_on(id_number_birth_date(number), office->day));
    return true;
}

bool loan_application_request(struct office *office, struct canon *request, struct error *err)
{
    int64_t household = 0;
    int64_t borrower = 0;

    if (!canon_get_int(request, "household", &household)) {
        return error_set(err, FAULT_INTERNAL, "request.malformed", _("no household is named"));
    }
    if (!household_exists(office->store, household, err)) {
        return false;
    }
    if (!canon_get_int(request, "borrower", &borrower)) {
        if (!household_head(office->store, household, &borrower, err)) {
            return false;
        }
        canon_set_int(request, "borrower", borrower);
    }
    if (canon_get(request, "product") == NULL) {
        canon_set_text(request, "product", "household");
    }
    return add_age(office, borrower, request, err);
}

static bool load_named(struct office *office, const struct canon *request, struct loan *ret,
                       struct error *err)
{
    int64_t id = 0;

    if (!canon_get_int(request, "loan", &id)) {
        return error_set(err, FAULT_INTERNAL, "request.malformed", _("no loan is named"));
    }
    return loan_load(office->store, &office->arena, id, ret, err);
}

bool loan_approval_request(struct office *office, struct canon *request, struct error *err)
{
    struct loan loan = {0};
    struct event event;
    struct sha256 leaf;

    if (!load_named(office, request, &loan, err) ||
        !event_load(office->store, &office->arena, office->facts.origin, loan.applied_seq, &event,
                    &leaf, err)) {
        return false;
    }
    if (canon_get(request, "amount_fen") == NULL) {
        canon_set_fen(request, "amount_fen", loan.applied);
    }
    canon_set_int(request, "of_seq", (int64_t)loan.applied_seq);
    canon_set_sha256(request, "of_leaf", &leaf);
    return add_age(office, loan.borrower, request, err);
}

bool loan_payout_request(struct office *office, struct canon *request, struct error *err)
{
    struct loan loan = {0};

    if (!load_named(office, request, &loan, err)) {
        return false;
    }
    if (canon_get(request, "amount_fen") != NULL) {
        return true;
    }
    if (!loan.is_approved) {
        error_set(err, FAULT_REFUSED, "loan.not-approved", _("loan L%lld is not approved (%s)"),
                  (long long)loan.id, loan_status_tell(loan.status));
        return error_next(err, _("another person approves it with `yicang loan approve`"));
    }
    canon_set_fen(request, "amount_fen", loan.approved);
    return true;
}

bool loan_reversal_request(struct office *office, struct canon **request, struct error *err)
{
    int64_t seq = 0;
    int64_t loan = 0;
    struct event event;
    struct sha256 leaf;

    if (!canon_get_int(*request, "event", &seq)) {
        return error_set(err, FAULT_INTERNAL, "request.malformed", _("no event is named"));
    }
    if ((uint64_t)seq >= office->tip.size) {
        return reversal_no_event((uint64_t)seq, office->tip.size, err);
    }
    if (!event_load(office->store, &office->arena, office->facts.origin, (uint64_t)seq, &event,
                    &leaf, err)) {
        return false;
    }
    *request = canon_copy(&office->arena, *request, "event");
    canon_set_int(*request, "of_seq", seq);
    canon_set_sha256(*request, "of_leaf", &leaf);
    const struct canon *in = canon_get(event.body, "in");
    if (in != NULL && canon_get_int(in, "loan", &loan)) {
        canon_set_int(*request, "loan", loan);
    }
    return true;
}

bool loan_schedule(struct office *office, int64_t id, struct schedule *ret, struct error *err)
{
    struct loan loan;
    struct rate subsidy = {0};
    const struct policy *policy = NULL;
    int64_t settle_day = 0;

    if (!loan_load(office->store, &office->arena, id, &loan, err) ||
        !policy_with_digest(office->policies, office->store, &loan.policy, &policy, err)) {
        return false;
    }
    struct date start = loan.is_paid_out ? loan.start : office->day;
    if (!policy_rate(policy, PARAMETER_SUBSIDY_RATE, start, &subsidy, NULL, err) ||
        !policy_int(policy, PARAMETER_SETTLE_DAY, start, &settle_day, NULL, err)) {
        return false;
    }
    struct schedule_terms terms = {
        .principal = loan.is_paid_out ? loan.principal : loan.applied,
        .rate = loan.rate,
        .start = start,
        .term_months = loan.term_months,
        .method = METHOD_INTEREST_ONLY,
        .every = {PERIOD_MONTHS, 3},
        .settle_day = loan.is_paid_out ? loan.settle_day : (int)settle_day,
        .day_count = DAY_COUNT_ACT_360,
        .month_end = MONTH_END_LAST,
        .rounding = ROUND_HALF_UP,
        .installment_unit = money_from_fen(1),
        .subsidy = loan.is_paid_out && money_is_zero(loan.covered) ? rate_from_ppm(0)
                                                                   : rate_min(subsidy, loan.rate),
    };
    return schedule_build(&terms, &office->arena, ret, err);
}
