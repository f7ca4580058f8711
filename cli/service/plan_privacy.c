#include "cli/service/privacy_plans.h"

#include "ledger/audit/privacy.h"
#include "ledger/base/text.h"
#include "ledger/loans/household.h"
#include "ledger/loans/loan.h"

/* The log cannot forget: a reason with a number of a card or a telephone in it stays for ever. */
#define DIGITS_MAX 10

static size_t longest_run_of_digits(const char *text)
{
    size_t longest = 0;
    size_t run = 0;

    for (size_t i = 0; text[i] != '\0'; i++) {
        run = text[i] >= '0' && text[i] <= '9' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static bool reason_is_fit(const struct canon *request, struct error *err)
{
    const char *reason = canon_get_text(request, "reason");

    if (reason == NULL || reason[0] == '\0') {
        error_set(err, FAULT_USAGE, "privacy.reason", _("why is not said"));
        return error_next(err, _("say it with --reason"));
    }
    if (longest_run_of_digits(reason) <= DIGITS_MAX) {
        return true;
    }
    error_set(err, FAULT_USAGE, "privacy.reason",
              _("the reason looks as if it held a number of a person"));
    error_limit(err, _("at most %d digits in a row"), DIGITS_MAX);
    return error_next(err, _("name people and loans by their number in the book"));
}

/* Some fields, each once, in the order of enum personal_field. */
static bool fields_are_fit(const struct canon *request, struct error *err)
{
    const struct canon *fields = canon_get(request, "fields");
    bool fit = fields != NULL && canon_kind_of(fields) == CANON_ARRAY && canon_count(fields) > 0;
    int last = -1;

    for (size_t i = 0; fit && i < canon_count(fields); i++) {
        const char *name = canon_as_text(canon_at(fields, i));
        enum personal_field field = FIELD_NAME;
        fit = name != NULL && personal_field_find(name, &field) && (int)field > last;
        last = (int)field;
    }
    return fit || error_set(err, FAULT_USAGE, "person.fields",
                            _("what is to be read is not a list of fields, each named once"));
}

bool plan_pii_read(struct planning *planning, const struct canon *request, struct error *err)
{
    int64_t household = 0;
    int64_t person = 0;
    int64_t of = 0;
    const char *subject = NULL;

    if (!canon_get_int(request, "household", &household) ||
        !canon_get_int(request, "person", &person)) {
        return request_malformed("household, person", err);
    }
    if (!reason_is_fit(request, err) || !fields_are_fit(request, err) ||
        !household_is_kept(planning->store, household, err) ||
        !person_load(planning->store, planning->arena, person, &of, &subject, err)) {
        return false;
    }
    if (of != household) {
        error_set(err, FAULT_REFUSED, "person.other-household",
                  _("person %lld does not belong to household H%lld"), (long long)person,
                  (long long)household);
        return error_next(err, _("`yicang household show H%lld` shows its people"),
                          (long long)household);
    }
    canon_set_text(planning->out, "subject", subject);
    return true;
}

static bool nothing_is_open(struct planning *planning, int64_t household, struct error *err)
{
    struct household_loans loans;

    if (!household_loans_load(planning->store, planning->arena, household, 0, &loans, err)) {
        return false;
    }
    if (loans.open == 0) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "household.loans-open",
              _("household H%lld has %lld loans or applications that are not ended"),
              (long long)household, (long long)loans.open);
    return error_next(err, _("erase its data when they are closed or refused"));
}

bool plan_pii_shred(struct planning *planning, const struct canon *request, struct error *err)
{
    struct household_person *person = NULL;
    size_t persons = 0;
    int64_t household = 0;

    if (!canon_get_int(request, "household", &household)) {
        return request_malformed("household", err);
    }
    if (!reason_is_fit(request, err) || !household_is_kept(planning->store, household, err) ||
        !nothing_is_open(planning, household, err) ||
        !household_persons_load(planning->store, household, planning->arena, &person, &persons,
                                err)) {
        return false;
    }
    struct canon *subjects = canon_array(planning->arena);
    for (size_t i = 0; i < persons; i++) {
        canon_add_text(subjects, person[i].subject);
    }
    canon_set(planning->out, "subjects", subjects);
    return true;
}

bool project_pii_shred(const struct projection *p, struct error *err)
{
    const struct canon *subjects = canon_get(p->out, "subjects");
    int64_t household = 0;

    if (!canon_get_int(p->in, "household", &household) || subjects == NULL) {
        return event_malformed("household, subjects", err);
    }
    for (size_t i = 0; i < canon_count(subjects); i++) {
        const char *subject = canon_as_text(canon_at(subjects, i));
        if (subject == NULL) {
            return event_malformed("subjects", err);
        }
        if (!privacy_erase(p->store, subject, err)) {
            return false;
        }
    }
    return household_erased_put(p->store, p->seq, household, p->day, err);
}
