#include "cli/service/record.h"

#include "cli/service/project.h"

/* The checks come first into the queue: they take longest. */
bool event_record_begin(struct office *office, const struct use_case *use_case,
                        const struct event_draft *draft, struct recording *ret, struct error *err)
{
    struct signature_pool *helpers = office_helpers(office);

    *ret = (struct recording){.office = office};
    if (helpers != NULL) {
        pool_rouse(helpers);
    }
    if (!log_append(office->store, office->facts.origin, draft, &ret->tip, err)) {
        return false;
    }
    struct recorded event = {.use_case = use_case,
                             .seq = ret->tip.size - 1,
                             .actor = draft->actor,
                             .role = draft->role,
                             .origin = office->facts.origin,
                             .at = draft->at,
                             .body = draft->body,
                             .rows = draft->rows,
                             .helpers = helpers};
    for (size_t i = 0; i < draft->signers; i++) {
        ret->signer[i] = draft->signer[i].verifier;
    }
    ret->appended = true;
    log_recheck_begin(office->store, event.origin, event.seq, ret->signer, draft->signers,
                      draft->rows, helpers, &ret->rechecking);
    ret->sealing_begun = seal_begin(office, &ret->tip, use_case->seal, helpers, &ret->sealing, err);
    return ret->sealing_begun && project_event_checked(office->store, &office->arena, &event, err);
}

/* Check and head have begun and must end, whatever failed between. */
bool event_record_end(struct recording *recording, bool ok, struct error *err)
{
    struct store *store = recording->office->store;
    struct error ignored;

    if (!recording->appended) {
        return false;
    }
    ok = ok && (office_helpers(recording->office) == NULL || store_write_ahead(store, err));
    ok = log_recheck_end(&recording->rechecking, ok ? err : &ignored) && ok;
    return recording->sealing_begun && seal_end(&recording->sealing, ok, ok ? err : &ignored) && ok;
}

bool event_record(struct office *office, const struct use_case *use_case,
                  const struct event_draft *draft, struct log_tip *ret, struct error *err)
{
    struct recording recording;

    bool ok = event_record_begin(office, use_case, draft, &recording, err);
    *ret = recording.tip;
    return event_record_end(&recording, ok, err);
}
