#include "cli/service/personal_desk.h"

#include "ledger/base/text.h"
#include "ledger/loans/household.h"

static struct canon *reading_request(struct arena *arena, const struct personal_question *question)
{
    struct canon *request = canon_object(arena);
    struct canon *fields = canon_array(arena);

    for (size_t f = 0; f < PERSONAL_FIELDS; f++) {
        if (question->asked[f]) {
            canon_add_text(fields, personal_field_name((enum personal_field)f));
        }
    }
    canon_set_int(request, "household", question->household);
    canon_set_int(request, "person", question->person);
    canon_set(request, "fields", fields);
    canon_set_text(request, "reason", question->reason);
    return request;
}

static bool values_load(struct office *office, const struct personal_question *question,
                        const char *ret[static PERSONAL_FIELDS], struct error *err)
{
    const struct privacy_keys *keys = NULL;
    const char *subject = NULL;
    int64_t household = 0;

    if (!office_privacy_keys(office, &keys, err) ||
        !person_load(office->store, &office->arena, question->person, &household, &subject, err)) {
        return false;
    }
    for (size_t f = 0; f < PERSONAL_FIELDS; f++) {
        if (question->asked[f] &&
            !privacy_get(office->store, keys, office->facts.origin, subject, (enum personal_field)f,
                         &office->arena, &ret[f], err)) {
            return false;
        }
    }
    return true;
}

bool personal_read(struct office *office, const struct act_options *options,
                   const struct personal_question *question, struct act_result *ret_act,
                   const char *ret_value[static PERSONAL_FIELDS], struct error *err)
{
    for (size_t f = 0; f < PERSONAL_FIELDS; f++) {
        ret_value[f] = NULL;
    }
    return act(office, options, "pii.read", reading_request(&office->arena, question), ret_act,
               err) &&
           (ret_act->dry_run || ret_act->repeated || values_load(office, question, ret_value, err));
}

bool household_shred(struct office *office, const struct act_options *options, int64_t household,
                     const char *reason, struct act_result *ret, struct error *err)
{
    struct canon *request = canon_object(&office->arena);
    struct error why = {0};

    canon_set_int(request, "household", household);
    canon_set_text(request, "reason", reason);
    if (!act(office, options, "pii.shred", request, ret, err)) {
        return false;
    }
    if (ret->dry_run || store_forget(office->store, &why)) {
        return true;
    }
    error_set(err, FAULT_STORE, "privacy.not-forgotten",
              _("the data is deleted, but traces may stand in the files of the book: %s"),
              why.text);
    return error_next(err, _("end what reads the book and send the same command id again"));
}
