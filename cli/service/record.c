#include "cli/service/record.h"

#include "cli/service/project.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/audit/log_recheck.h"
#include "ledger/base/text.h"

#include <assert.h>

/* A head being signed. */
struct sealing {
    struct office *office;
    struct log_tip tip;
    enum seal_kind kind;
    struct buffer note;
    struct signature_pool *helpers; /* NULL: it is signed when it is waited for */
    struct pool_task task;
};

static void sign(void *context)
{
    struct sealing *sealing = context;
    const struct log_keys *keys = &sealing->office->log_keys;

    checkpoint_make(sealing->office->facts.origin, sealing->tip.size, &sealing->tip.root,
                    &keys->log, &keys->day, sealing->kind == SEAL_DAY_KEY ? &keys->next_day : NULL,
                    &sealing->note);
}

/* *ret stays where it is until seal_end(), which must come if this returns true. */
static bool seal_begin(struct office *office, const struct log_tip *tip, enum seal_kind kind,
                       struct signature_pool *helpers, struct sealing *ret, struct error *err)
{
    *ret = (struct sealing){.office = office, .tip = *tip, .kind = kind, .helpers = helpers};
    if (kind == SEAL_NONE) {
        return true;
    }
    if (kind == SEAL_DAY_KEY && !office->log_keys.has_next_day) {
        return error_set(err, FAULT_INTERNAL, "log.key-missing",
                         _("no key was made for the next day"));
    }
    /* A key that turns is in force only from the next event on. */
    if (kind != SEAL_DAY_KEY &&
        !log_keys_load(office->service_folder, office->store, &office->log_keys, err)) {
        return false;
    }
    buffer_init(&ret->note, CHECKPOINT_NOTE_MAX);
    ret->task = (struct pool_task){.run = sign, .context = ret};
    if (helpers != NULL) {
        pool_submit(helpers, &ret->task);
    }
    return true;
}

static enum checkpoint_why why_of(enum seal_kind kind)
{
    switch (kind) {
    case SEAL_DAY:
        return CHECKPOINT_DAY;
    case SEAL_DAY_KEY:
        return CHECKPOINT_SEAL;
    case SEAL_NONE:
    case SEAL_TIP:
        break;
    }
    return CHECKPOINT_TIP;
}

/* Keeps the head, unless what else was to be done has failed. */
static bool seal_end(struct sealing *sealing, bool keep, struct error *err)
{
    if (sealing->kind == SEAL_NONE) {
        return true;
    }
    if (sealing->helpers != NULL) {
        pool_wait(sealing->helpers, &sealing->task);
    } else {
        sign(sealing);
    }
    assert(!sealing->note.overflowed);
    bool kept =
        keep && checkpoint_store_put(sealing->office->store, sealing->tip.size, sealing->note.data,
                                     sealing->note.length, why_of(sealing->kind), err);
    buffer_release(&sealing->note);
    return kept;
}

bool event_seal(struct office *office, const struct log_tip *tip, enum seal_kind kind,
                struct error *err)
{
    struct sealing sealing;

    return seal_begin(office, tip, kind, NULL, &sealing, err) && seal_end(&sealing, true, err);
}

/* While the head is being signed. */
static bool project_and_recheck(struct office *office, const struct use_case *use_case,
                                const struct event_draft *draft, uint64_t seq,
                                struct signature_pool *helpers, struct error *err)
{
    const struct verifier_key *signer[EVENT_SIGNERS_MAX];
    struct log_rechecking rechecking;
    struct error ignored;
    struct recorded event = {.use_case = use_case,
                             .seq = seq,
                             .actor = draft->actor,
                             .role = draft->role,
                             .origin = office->facts.origin,
                             .at = draft->at,
                             .body = draft->body,
                             .rows = draft->rows};

    for (size_t i = 0; i < draft->signers; i++) {
        signer[i] = &draft->signer[i]->verifier;
    }
    log_recheck_begin(office->store, event.origin, seq, signer, draft->signers, draft->rows,
                      helpers, &rechecking);
    bool ok = project_event_checked(office->store, &office->arena, &event, err);
    return log_recheck_end(&rechecking, ok ? err : &ignored) && ok;
}

bool event_record(struct office *office, const struct use_case *use_case,
                  const struct event_draft *draft, struct log_tip *ret, struct error *err)
{
    struct signature_pool *helpers = office_helpers(office);
    struct sealing sealing;

    if (!log_append(office->store, office->facts.origin, draft, ret, err) ||
        !seal_begin(office, ret, use_case->seal, helpers, &sealing, err)) {
        return false;
    }
    bool ok = project_and_recheck(office, use_case, draft, ret->size - 1, helpers, err);
    return seal_end(&sealing, ok, err) && ok;
}
