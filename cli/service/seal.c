#include "cli/service/seal.h"

#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checkpoint_store.h"

#include <assert.h>

static enum checkpoint_why why_of(enum seal_kind kind)
{
    switch (kind) {
    case SEAL_DAY:
        return CHECKPOINT_DAY;
    case SEAL_DAY_KEY:
        return CHECKPOINT_SEAL;
    case SEAL_TIP:
        break;
    }
    return CHECKPOINT_TIP;
}

bool seal_tip(struct office *office, const struct log_tip *tip, enum seal_kind kind,
              struct error *err)
{
    struct log_keys *keys = &office->log_keys;
    AUTO_BUFFER note;

    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    if (kind == SEAL_DAY_KEY) {
        assert(keys->has_next_day); /* and in force is still the old one */
    } else if (!log_keys_load(office->service_folder, office->store, keys, err)) {
        return false;
    }
    checkpoint_make(office->facts.origin, tip->size, &tip->root, &keys->log, &keys->day,
                    kind == SEAL_DAY_KEY ? &keys->next_day : NULL, &note);
    assert(!note.overflowed);
    return checkpoint_store_put(office->store, tip->size, note.data, note.length, why_of(kind),
                                err);
}
