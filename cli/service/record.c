#include "cli/service/record.h"

#include "cli/service/project.h"
#include "cli/service/seal.h"
#include "ledger/audit/log_recheck.h"

/* The checks come first into the queue: they take longest. */
bool event_record(struct office *office, const struct use_case *use_case,
                  const struct event_draft *draft, struct log_tip *ret, struct error *err)
{
    struct signature_pool *helpers = office_helpers(office);
    const struct verifier_key *signer[EVENT_SIGNERS_MAX];
    struct log_rechecking rechecking;
    struct sealing sealing;
    struct error ignored;

    if (helpers != NULL) {
        pool_rouse(helpers);
    }
    if (!log_append(office->store, office->facts.origin, draft, ret, err)) {
        return false;
    }
    struct recorded event = {.use_case = use_case,
                             .seq = ret->size - 1,
                             .actor = draft->actor,
                             .role = draft->role,
                             .origin = office->facts.origin,
                             .at = draft->at,
                             .body = draft->body,
                             .rows = draft->rows,
                             .helpers = helpers};
    for (size_t i = 0; i < draft->signers; i++) {
        signer[i] = &draft->signer[i]->verifier;
    }
    log_recheck_begin(office->store, event.origin, event.seq, signer, draft->signers, draft->rows,
                      helpers, &rechecking);
    bool sealed = seal_begin(office, ret, use_case->seal, helpers, &sealing, err);
    bool ok = sealed && project_event_checked(office->store, &office->arena, &event, err) &&
              (helpers == NULL || store_write_ahead(office->store, err));
    /* Both have begun and must end, whatever failed between. */
    ok = log_recheck_end(&rechecking, ok ? err : &ignored) && ok;
    return sealed && seal_end(&sealing, ok, err) && ok;
}
