/* plan_keys.c - what becomes of people's keys: renewed, revoked, and what a stolen one signed. */
#include "cli/service/control_plans.h"
#include "cli/service/duties.h"
#include "ledger/audit/approval.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"

#include <string.h>

static bool key_stands(struct store *store, const char *vkey, const char *code, struct error *err)
{
    enum key_standing standing = KEY_UNKNOWN;

    if (!staff_key_standing(store, vkey, code, &standing, err)) {
        return false;
    }
    if (standing == KEY_UNKNOWN) {
        return error_set(err, FAULT_REFUSED, "key.not-registered",
                         _("this key is not registered in this book"));
    }
    return standing == KEY_VALID ||
           error_set(err, FAULT_REFUSED, "key.revoked", _("this key is revoked"));
}

/* --- revoked ------------------------------------------------------------------------------------
 */

/* The first event in dispute; that of the revocation itself if there is none. */
static bool from_seq_read(const struct canon *in, uint64_t seq, uint64_t *ret)
{
    int64_t from = (int64_t)seq;

    if (canon_get(in, "from_seq") != NULL &&
        (!canon_get_int(in, "from_seq", &from) || from < 0 || from >= (int64_t)seq)) {
        return false;
    }
    *ret = (uint64_t)from;
    return true;
}

bool plan_key_revoke(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *vkey = canon_get_text(request, "vkey");
    uint64_t from = 0;

    if (vkey == NULL || canon_get_text(request, "reason") == NULL) {
        return request_malformed("vkey, reason", err);
    }
    if (!from_seq_read(request, planning->seq, &from)) {
        error_set(err, FAULT_REFUSED, "key.from-seq",
                  _("the key cannot be in dispute from an event that is still to come"));
        return error_limit(err, _("the last event is %llu"),
                           (unsigned long long)(planning->seq - 1));
    }
    return key_stands(planning->store, vkey, NULL, err);
}

bool project_key_revoke(const struct projection *p, struct error *err)
{
    const char *vkey = canon_get_text(p->in, "vkey");
    const char *reason = canon_get_text(p->in, "reason");
    uint64_t from = 0;

    if (vkey == NULL || reason == NULL || !from_seq_read(p->in, p->seq, &from)) {
        return event_malformed("vkey, reason, from_seq", err);
    }
    return staff_key_revoked_put(p->store, p->seq, from, vkey, reason, err);
}

/* --- renewed ------------------------------------------------------------------------------------
 */

static void see_admin(void *context, const struct staff_grant *grant)
{
    bool *is_admin = context;
    *is_admin = *is_admin || text_equal(grant->role, role_word(ROLE_ADMIN));
}

bool plan_key_renew(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *vkey = canon_get_text(request, "vkey");
    const char *proof = canon_get_text(request, "pop");
    const char *replaces = canon_get_text(request, "replaces");
    bool is_admin = false;

    if (vkey == NULL || proof == NULL || replaces == NULL) {
        return request_malformed("vkey, pop, replaces", err);
    }
    if (!staff_grants_each(planning->store, planning->actor, planning->at, see_admin, &is_admin,
                           err)) {
        return false;
    }
    if (is_admin) {
        error_set(err, FAULT_REFUSED, "key.renew-admin", _("“%s” is an admin"), planning->actor);
        return error_next(err, _("the other admins register the next key with `yicang staff add` "
                                 "and revoke this one with `yicang staff revoke-key`"));
    }
    return key_stands(planning->store, replaces, planning->actor, err) &&
           key_is_new(planning, planning->actor, vkey, proof, err);
}

bool project_key_renew(const struct projection *p, struct error *err)
{
    const char *vkey = canon_get_text(p->in, "vkey");
    const char *replaces = canon_get_text(p->in, "replaces");

    if (vkey == NULL || replaces == NULL) {
        return event_malformed("vkey, replaces", err);
    }
    return staff_key_put(p->store, p->seq, p->actor, vkey, replaces, err) &&
           staff_key_revoked_put(p->store, p->seq, p->seq, replaces, "renewed", err);
}

/* --- in dispute ---------------------------------------------------------------------------------
 */

/* Whether the event bears a signature by this key, also on a decision made elsewhere. */
static bool bears_line_of(const struct event *event, const struct approval *approval,
                          const struct verifier_key *key)
{
    for (size_t i = 0; i < event->signatures; i++) {
        if (event->signature[i].key_id == key->id &&
            text_equal(event->signature[i].name, key->name)) {
            return true;
        }
    }
    return approval != NULL && approval->key_id == key->id &&
           text_equal(approval->key_name, key->name);
}

/* The same of the key, or of one that it replaced. */
static bool is_signed_by(struct store *store, struct arena *arena, const struct event *event,
                         const char *vkey, bool *ret, struct error *err)
{
    char text[STAFF_VKEY_SIZE];
    char next[STAFF_VKEY_SIZE];
    struct verifier_key key;
    struct approval approval;
    bool elsewhere = approval_of_event(arena, event, &approval);

    *ret = false;
    for (const char *at = vkey; at[0] != '\0' && !*ret; at = text) {
        if (!verifier_key_parse(at, &key, err) || !staff_key_replaced(store, at, next, err)) {
            return false;
        }
        *ret = bears_line_of(event, elsewhere ? &approval : NULL, &key);
        memcpy(text, next, sizeof text);
    }
    return true;
}

static bool event_is_disputed(struct planning *planning, const char *vkey, uint64_t seq,
                              const struct key_end *end, struct error *err)
{
    bool is_its = false;
    bool resolved = false;
    struct event event;
    struct sha256 hash;
    AUTO_ARENA arena; /* of one event: many may be named */

    arena_init(&arena, ARENA_LIMIT_COMMAND);
    if (seq >= end->from && seq < end->seq &&
        (!event_load(planning_log(planning), &arena, planning->origin, seq, &event, &hash, err) ||
         !is_signed_by(planning->store, &arena, &event, vkey, &is_its, err))) {
        return false;
    }
    if (!is_its) {
        error_set(err, FAULT_REFUSED, "dispute.not-its-event",
                  _("event %llu is not in dispute with this key"), (unsigned long long)seq);
        return error_next(err, _("`yicang audit verify` lists those that are"));
    }
    if (!dispute_is_resolved(planning->store, vkey, seq, &resolved, err)) {
        return false;
    }
    return !resolved || error_set(err, FAULT_REFUSED, "dispute.resolved",
                                  _("event %llu is no longer in dispute"), (unsigned long long)seq);
}

/* Item i of "events"; false if it is no number, or not above `before`. */
static bool event_item(const struct canon *events, size_t i, int64_t before, int64_t *ret)
{
    const char *text = canon_as_text(canon_at(events, i));
    struct error ignored;

    return text != NULL && text_parse_int(text, 0, INT64_MAX, ret, &ignored) && *ret > before;
}

static bool events_are_disputed(struct planning *planning, const struct canon *events,
                                const char *vkey, const struct key_end *end, struct error *err)
{
    int64_t seq = -1;

    for (size_t i = 0; i < canon_count(events); i++) {
        if (!event_item(events, i, seq, &seq)) {
            error_set(err, FAULT_USAGE, "dispute.events",
                      _("the events are not numbers in ascending order"));
            return error_next(err, _("name them as in `--events 12,15`"));
        }
        if (!event_is_disputed(planning, vkey, (uint64_t)seq, end, err)) {
            return false;
        }
    }
    return true;
}

static bool outcome_is_known(const char *outcome, struct error *err)
{
    if (text_equal(outcome, "genuine") || text_equal(outcome, "forged")) {
        return true;
    }
    error_set(err, FAULT_USAGE, "dispute.outcome", _("“%s” is no outcome of a dispute"), outcome);
    return error_limit(err, "genuine, forged");
}

bool plan_dispute_resolve(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *vkey = canon_get_text(request, "vkey");
    const char *outcome = canon_get_text(request, "outcome");
    const struct canon *events = canon_get(request, "events");
    struct key_end end;

    if (vkey == NULL || outcome == NULL || canon_get_text(request, "reason") == NULL ||
        events == NULL || canon_kind_of(events) != CANON_ARRAY) {
        return request_malformed("vkey, outcome, reason, events", err);
    }
    if (!outcome_is_known(outcome, err) || !staff_key_end_load(planning->store, vkey, &end, err)) {
        return false;
    }
    if (!end.ended || end.from == end.seq) {
        error_set(err, FAULT_REFUSED, "dispute.none",
                  _("nothing that this key signed is in dispute"));
        return error_next(err, _("`yicang staff revoke-key --from-seq` brings it into dispute"));
    }
    if (canon_count(events) == 0 || canon_count(events) > DISPUTE_EVENTS_MAX) {
        error_set(err, FAULT_USAGE, "dispute.events", _("%zu events are named"),
                  canon_count(events));
        return error_limit(err, _("1 to %d at once"), DISPUTE_EVENTS_MAX);
    }
    return events_are_disputed(planning, events, vkey, &end, err);
}

bool project_dispute_resolve(const struct projection *p, struct error *err)
{
    const char *vkey = canon_get_text(p->in, "vkey");
    const char *outcome = canon_get_text(p->in, "outcome");
    const struct canon *events = canon_get(p->in, "events");
    int64_t seq = -1;

    if (vkey == NULL || outcome == NULL || events == NULL || canon_kind_of(events) != CANON_ARRAY) {
        return event_malformed("vkey, outcome, events", err);
    }
    for (size_t i = 0; i < canon_count(events); i++) {
        if (!event_item(events, i, seq, &seq)) {
            return event_malformed("events", err);
        }
        if (!dispute_resolved_put(p->store, p->seq, vkey, (uint64_t)seq, outcome, err)) {
            return false;
        }
    }
    return true;
}
