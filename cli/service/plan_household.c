#include "cli/service/loan_plans.h"
#include "ledger/base/text.h"
#include "ledger/loans/household.h"

#include <string.h>

#define PERSONS_MAX 50
#define RELATION_CODE_POINTS_MAX 32

/* GB/T 2260 and the statistical codes below it: 6, 9 or 12 digits. Whether a code is in use is not
 * asked: identity numbers and old papers bear abolished ones. */
static bool area_code_is_valid(const char *code, struct error *err)
{
    size_t digits = strspn(code, "0123456789");

    if (code[digits] == '\0' && (digits == 6 || digits == 9 || digits == 12)) {
        return true;
    }
    error_set(err, FAULT_USAGE, "household.area-code", _("“%s” is not an area code"), code);
    error_limit(err, _("6, 9 or 12 digits"));
    return error_next(err, _("take the code of the county, township or village"));
}

static bool status_is_valid(const char *status, struct error *err)
{
    if (status != NULL && household_status_is_known(status)) {
        return true;
    }
    error_set(err, FAULT_USAGE, "household.status", _("“%s” is no standing on the register"),
              status == NULL ? "" : status);
    error_limit(err, "registered, lifted, monitored, none");
    return error_next(err, _("take the standing from the state register"));
}

static bool person_is_valid(const struct canon *person, bool *ret_head, struct error *err)
{
    const char *relation = canon_get_text(person, "relation");
    const char *subject = canon_get_text(person, "subject");

    if (relation == NULL || relation[0] == '\0' || subject == NULL) {
        return request_malformed("persons", err);
    }
    if (text_code_points(relation) > RELATION_CODE_POINTS_MAX) {
        error_set(err, FAULT_USAGE, "person.relation", _("“%s” is too long"), relation);
        error_limit(err, _("at most %d characters"), RELATION_CODE_POINTS_MAX);
        return error_next(err, _("say how the person is related to the head, e.g. spouse"));
    }
    *ret_head = text_equal(relation, "head");
    return true;
}

/* A household has one head, from its beginning on. */
static bool heads_are_valid(const struct canon *persons, bool new_household, struct error *err)
{
    size_t heads = 0;

    for (size_t i = 0; i < canon_count(persons); i++) {
        bool head = false;
        if (!person_is_valid(canon_at(persons, i), &head, err)) {
            return false;
        }
        heads += head ? 1 : 0;
    }
    if (heads == (new_household ? 1U : 0U)) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "household.head", _("%zu persons are named as head"), heads);
    error_limit(err, _("a household has one head, who is named when it is added"));
    return error_next(err, _("give the others' relation to the head"));
}

/* Numbers for the persons of a request. */
static bool number_persons(struct planning *p, const struct canon *request, bool new_household,
                           struct error *err)
{
    const struct canon *persons = canon_get(request, "persons");
    struct canon *numbers = canon_array(p->arena);
    int64_t next = 0;

    if (persons == NULL || canon_count(persons) == 0) {
        return request_malformed("persons", err);
    }
    if (canon_count(persons) > PERSONS_MAX) {
        error_set(err, FAULT_REFUSED, "household.persons", _("%zu persons at once"),
                  canon_count(persons));
        error_limit(err, _("at most %d"), PERSONS_MAX);
        return error_next(err, _("add the others with a second command"));
    }
    if (!heads_are_valid(persons, new_household, err) || !person_next(p->store, &next, err)) {
        return false;
    }
    for (size_t i = 0; i < canon_count(persons); i++) {
        const int64_t number = next + (int64_t)i;
        canon_add_text(numbers, arena_printf(p->arena, "%lld", (long long)number));
    }
    canon_set(p->out, "persons", numbers);
    return true;
}

bool plan_household_add(struct planning *p, const struct canon *request, struct error *err)
{
    const char *area = canon_get_text(request, "area_code");
    int64_t id = 0;

    if (area == NULL || canon_get_text(request, "village") == NULL) {
        return request_malformed("area_code, village", err);
    }
    if (!area_code_is_valid(area, err) ||
        !status_is_valid(canon_get_text(request, "status"), err) ||
        !household_next(p->store, &id, err)) {
        return false;
    }
    canon_set_int(p->out, "household", id);
    return number_persons(p, request, true, err);
}

bool plan_person_add(struct planning *p, const struct canon *request, struct error *err)
{
    int64_t household = 0;

    if (!canon_get_int(request, "household", &household)) {
        return request_malformed("household", err);
    }
    return household_is_kept(p->store, household, err) && number_persons(p, request, false, err);
}

bool plan_household_register(struct planning *p, const struct canon *request, struct error *err)
{
    int64_t household = 0;
    struct date from;

    if (!canon_get_int(request, "household", &household) ||
        !canon_get_date(request, "from", &from)) {
        return request_malformed("household, from", err);
    }
    if (!status_is_valid(canon_get_text(request, "status"), err) ||
        !household_is_kept(p->store, household, err)) {
        return false;
    }
    if (date_compare(from, p->day) > 0) {
        char text[DATE_TEXT_SIZE];
        char limit[DATE_TEXT_SIZE];
        error_set(err, FAULT_REFUSED, "household.from-future", _("%s has not come yet"),
                  date_format(from, text));
        error_limit(err, _("at most %s"), date_format(p->day, limit));
        return error_next(err, _("enter the change when its day has come"));
    }
    return true;
}

static bool project_persons(const struct projection *p, int64_t household, struct error *err)
{
    const struct canon *persons = canon_get(p->in, "persons");
    const struct canon *numbers = canon_get(p->out, "persons");

    if (persons == NULL || numbers == NULL || canon_count(persons) != canon_count(numbers)) {
        return event_malformed("persons", err);
    }
    for (size_t i = 0; i < canon_count(persons); i++) {
        const char *subject = canon_get_text(canon_at(persons, i), "subject");
        const char *relation = canon_get_text(canon_at(persons, i), "relation");
        const char *number = canon_as_text(canon_at(numbers, i));
        int64_t id = 0;
        if (subject == NULL || relation == NULL || number == NULL ||
            !text_parse_int(number, 1, INT64_MAX, &id, err)) {
            return event_malformed("persons", err);
        }
        if (!person_put(p->store, p->seq, id, household, subject, relation, p->day, err)) {
            return false;
        }
    }
    return true;
}

bool project_household_add(const struct projection *p, struct error *err)
{
    int64_t id = 0;
    const char *area = canon_get_text(p->in, "area_code");
    const char *village = canon_get_text(p->in, "village");
    const char *status = canon_get_text(p->in, "status");

    if (!canon_get_int(p->out, "household", &id) || area == NULL || village == NULL ||
        status == NULL) {
        return event_malformed("household, area_code, village, status", err);
    }
    return household_put(p->store, p->seq, id, area, village, p->day, err) &&
           household_status_put(p->store, p->seq, id, p->day, status, err) &&
           project_persons(p, id, err);
}

bool project_person_add(const struct projection *p, struct error *err)
{
    int64_t household = 0;

    if (!canon_get_int(p->in, "household", &household)) {
        return event_malformed("household", err);
    }
    return project_persons(p, household, err);
}

bool project_household_register(const struct projection *p, struct error *err)
{
    int64_t household = 0;
    struct date from;
    const char *status = canon_get_text(p->in, "status");

    if (!canon_get_int(p->in, "household", &household) || !canon_get_date(p->in, "from", &from) ||
        status == NULL) {
        return event_malformed("household, from, status", err);
    }
    return household_status_put(p->store, p->seq, household, from, status, err);
}
