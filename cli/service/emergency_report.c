#include "cli/service/emergency_report.h"

#include "cli/service/duties.h"
#include "cli/service/exchange.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/books/people.h"

struct telling {
    struct office *office;
    emergency_told tell;
    void *context;
};

static const char *signers_of(struct arena *arena, const struct event *event)
{
    const char *all = "";

    for (size_t i = 0; i < event->signatures; i++) {
        const char *code = staff_code_in_key_name(event->origin, event->signature[i].name);
        all = arena_printf(arena, "%s%s%s", all, i == 0 ? "" : ",", code == NULL ? "?" : code);
    }
    return all;
}

static bool tell_one(void *context, uint64_t seq, const char *code, const char *role,
                     struct instant until, struct error *err)
{
    const struct telling *telling = context;
    struct arena *arena = &telling->office->arena;
    struct sha256 hash;
    struct event event;

    if (!event_load(telling->office->store, arena, telling->office->facts.origin, seq, &event,
                    &hash, err)) {
        return false;
    }
    struct emergency emergency = {.seq = seq,
                                  .at = event.at,
                                  .signers = signers_of(arena, &event),
                                  .code = code,
                                  .role = role,
                                  .reason = canon_get_text(event.body, "reason")};
    instant_format(until, emergency.until);
    telling->tell(telling->context, &emergency);
    return true;
}

bool emergencies_tell(struct office *office, emergency_told tell, void *context, struct error *err)
{
    struct telling telling = {office, tell, context};
    uint64_t witnessed = 0;

    return witness_last_size(office, &witnessed, err) &&
           staff_emergencies_each(office->store, witnessed, tell_one, &telling, err);
}
