#include "ledger/books/staff_memory.h"

#include "ledger/base/text.h"

#include <stdio.h>

static size_t slot_of(const char *code)
{
    size_t mixed = 0;
    for (; *code != '\0'; code++) {
        mixed = 31 * mixed + (unsigned char)*code;
    }
    return mixed % STAFF_MEMORY_SLOTS;
}

/* A code too long for the memory is never found in it. */
static void keep_text(char ret[static STAFF_CODE_SIZE], const char *text)
{
    (void)snprintf(ret, STAFF_CODE_SIZE, "%s", text);
}

bool staff_ask(struct store *store, struct staff_memory *memory, const char *code,
               struct staff_answer *ret, struct error *err)
{
    uint64_t edition = store_edition(store);
    struct staff_answer *slot = memory == NULL ? NULL : &memory->person[slot_of(code)];
    if (slot != NULL && slot->edition == edition && text_equal(slot->code, code)) {
        *ret = *slot;
        return true;
    }
    *ret = (struct staff_answer){.edition = edition};
    keep_text(ret->code, code);
    if (!staff_person(store, code, ret->person, err) ||
        !staff_has_relatives(store, ret->person, &ret->has_relatives, err)) {
        return false;
    }
    if (slot != NULL) {
        *slot = *ret;
    }
    return true;
}

static void take_first(void *context, const struct staff_grant *grant)
{
    struct grant_answer *answer = context;
    if (!answer->found) {
        answer->found = true;
        answer->grant = *grant;
        answer->grant.role = NULL;
    }
}

/* Later it is still the first that stands if it ends by nothing but a row: those before it that had
 * ended then stay ended. */
static bool still_answers(const struct grant_answer *slot, uint64_t edition, const char *code,
                          const char *role, struct instant at)
{
    return slot->edition == edition && text_equal(slot->code, code) &&
           text_equal(slot->role, role) && at.seconds >= slot->at.seconds;
}

bool staff_ask_grant(struct store *store, struct staff_memory *memory, const char *code,
                     const char *role, struct instant at, struct grant_answer *ret,
                     struct error *err)
{
    uint64_t edition = store_edition(store);
    struct grant_answer *slot = memory == NULL ? NULL : &memory->grant[slot_of(code)];
    if (slot != NULL && still_answers(slot, edition, code, role, at)) {
        *ret = *slot;
        return true;
    }
    *ret = (struct grant_answer){.edition = edition, .at = at};
    keep_text(ret->code, code);
    keep_text(ret->role, role);
    if (!staff_grants_of_role(store, code, role, at, take_first, ret, err)) {
        return false;
    }
    if (slot != NULL && ret->found && !ret->grant.has_until) {
        *slot = *ret;
    }
    return true;
}
