#include "ledger/audit/registry_table.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/audit/checks.h"
#include "ledger/audit/predecessor.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

static void refuse(const struct event *event, const char *what, struct findings *findings)
{
    if (CHECK_MADE(V4_LEARN)) {
        findings_add(findings, "E_KEY", (int64_t)event->seq, "%s: %s", event->type, what);
    }
}

/* A verifier key for signing events, named as this book names a person. */
static bool person_key_parse(const struct event *event, const char *vkey, struct verifier_key *ret,
                             const char **ret_code)
{
    struct error ignored;
    if (vkey == NULL || !verifier_key_parse(vkey, ret, &ignored) || ret->type != KEY_TYPE_ED25519) {
        return false;
    }
    *ret_code = registry_code_in_name(event->origin, ret->name);
    return *ret_code != NULL;
}

static bool learn_person(struct registry *registry, const struct event *event, const char *vkey,
                         const char *role)
{
    struct verifier_key key;
    const char *code = NULL;
    return person_key_parse(event, vkey, &key, &code) &&
           registry_add_key(registry, &key, event->seq) &&
           registry_add_role(registry, code, role, event->instant, INT64_MAX);
}

static bool learn_admins(struct registry *registry, const struct event *event)
{
    const struct canon *keys = canon_get(event->body, "admin_keys");
    if (keys == NULL || canon_kind_of(keys) != CANON_ARRAY) {
        return false;
    }
    for (size_t i = 0; i < canon_count(keys); i++) {
        if (!learn_person(registry, event, canon_as_text(canon_at(keys, i)), ADMIN)) {
            return false;
        }
    }
    /* Each admin has brought one role and one key: as many people as keys. */
    return canon_get_int(event->body, "admin_quorum", &registry->quorum) && registry->quorum >= 1 &&
           (size_t)registry->quorum <= registry->roles && registry->roles == registry->keys;
}

/* Whoever gives up a log does not do so alone: all admins sign, and so does who represents the
 * bureau among them. */
static void learn_predecessor(const struct event *event, struct findings *findings)
{
    const struct canon *admins = canon_get(event->body, "admin_keys");
    AUTO_PREDECESSOR predecessor = {0};
    if (!predecessor_read(event->body, event->origin, &predecessor)) {
        refuse(event, _("the log that it continues is malformed"), findings);
    } else if (predecessor.present && (admins == NULL || event->signatures < 2 ||
                                       event->signatures != canon_count(admins))) {
        refuse(event, _("it continues another log, and not all of two admins or more have signed"),
               findings);
    }
}

static void learn_genesis(struct registry *registry, const struct event *event,
                          struct findings *findings)
{
    const struct canon *origin = canon_get(event->body, "origin");
    const char *system_key = canon_get_text(event->body, "system_key");
    if (event->seq != 0) {
        refuse(event, _("a book begins once"), findings);
        return;
    }
    if (origin != NULL &&
        (canon_as_text(origin) == NULL || strcmp(canon_as_text(origin), event->origin) != 0)) {
        refuse(event, _("it names another origin than its header"), findings);
    }
    if (!learn_admins(registry, event)) {
        refuse(event, _("its admin keys or their quorum are malformed"), findings);
    }
    learn_predecessor(event, findings);
    if (canon_get(event->body, "system_key") != NULL &&
        !learn_person(registry, event, system_key, SYSTEM)) {
        refuse(event, _("its system key is malformed"), findings);
    }
}

/* Whoever registers a key must hold it: it signs its own name for this book. */
static bool holds_key(const struct event *event, const char *vkey, const struct verifier_key *key)
{
    char text[sizeof "ledger-pop/v1 \n\n" + KEY_NAME_MAX + VKEY_TEXT_MAX];
    uint8_t proof[64];
    size_t length = 0;
    const char *base64 = canon_get_text(event->body, "pop");
    if (base64 == NULL || !base64_parse(base64, strlen(base64), proof, sizeof proof, &length) ||
        length != sizeof proof) {
        return false;
    }
    int written = snprintf(text, sizeof text, "ledger-pop/v1 %s\n%s\n", event->origin, vkey);
    assert(written > 0 && (size_t)written < sizeof text);
    return crypto_sign_verify_detached(proof, (const unsigned char *)text,
                                       (unsigned long long)written, key->public_key) == 0;
}

static void learn_key(struct registry *registry, const struct event *event,
                      struct findings *findings)
{
    struct verifier_key key;
    const char *code = NULL;
    const char *vkey = canon_get_text(event->body, "vkey");
    const char *actor = canon_get_text(event->body, "actor");
    if (actor == NULL || !person_key_parse(event, vkey, &key, &code) || strcmp(code, actor) != 0) {
        refuse(event, _("the key is malformed or bears another name"), findings);
    } else if (!holds_key(event, vkey, &key)) {
        refuse(event, _("no proof that its holder has the key"), findings);
    } else if (!registry_add_key(registry, &key, event->seq + 1)) {
        refuse(event, _("the key is registered already"), findings);
    } else if (!registry_add_role(registry, actor, canon_get_text(event->body, "role"),
                                  event->instant, INT64_MAX)) {
        refuse(event, _("the role is malformed"), findings);
    }
}

/* The key at this place and all that it replaced, one after the other. */
static void dispute_chain(struct registry *registry, size_t place, uint64_t from, uint64_t until)
{
    size_t about = registry->disputes;
    bool found = true;
    while (found) {
        const struct registered *one = &registry->key[place];
        registry->dispute =
            alloc_resized(registry->dispute, registry->disputes + 1, sizeof registry->dispute[0]);
        registry->dispute[registry->disputes++] = (struct dispute){one->key, from, until, about};
        found = one->has_before;
        if (found) {
            place = registry_key_place(registry, one->key.name, one->before, &found);
        }
    }
}

static void learn_revocation(struct registry *registry, const struct event *event,
                             struct findings *findings)
{
    struct verifier_key key;
    struct error ignored;
    bool found = false;
    int64_t from = (int64_t)event->seq;
    const char *vkey = canon_get_text(event->body, "vkey");
    if (vkey == NULL || !verifier_key_parse(vkey, &key, &ignored)) {
        refuse(event, _("the key is malformed"), findings);
        return;
    }
    size_t place = registry_key_place(registry, key.name, key.id, &found);
    if (!found || registry->key[place].until != UINT64_MAX) {
        refuse(event, _("the key is not registered, or not any more"), findings);
        return;
    }
    registry->key[place].until = event->seq;
    if (canon_get(event->body, "from_seq") != NULL &&
        (!canon_get_int(event->body, "from_seq", &from) || from < 0)) {
        refuse(event, _("from_seq is malformed"), findings);
    } else if (from < (int64_t)event->seq) {
        dispute_chain(registry, place, (uint64_t)from, event->seq);
    }
}

/* The key ends with the event that it signs for its successor. */
static void learn_renewal(struct registry *registry, const struct event *event,
                          struct findings *findings)
{
    struct verifier_key key;
    struct verifier_key old;
    struct error ignored;
    const char *code = NULL;
    bool found = false;
    const char *vkey = canon_get_text(event->body, "vkey");
    const char *replaces = canon_get_text(event->body, "replaces");
    if (!person_key_parse(event, vkey, &key, &code) || strcmp(code, event->actor) != 0 ||
        replaces == NULL || !verifier_key_parse(replaces, &old, &ignored)) {
        refuse(event, _("the key is malformed or bears another name"), findings);
    } else if (old.id != event->signature[0].key_id ||
               strcmp(old.name, event->signature[0].name) != 0) {
        refuse(event, _("it replaces a key that did not sign it"), findings);
    } else if (!holds_key(event, vkey, &key)) {
        refuse(event, _("no proof that its holder has the key"), findings);
    } else if (!registry_add_key(registry, &key, event->seq + 1)) {
        refuse(event, _("the key is registered already"), findings);
    } else {
        registry->key[registry_key_place(registry, old.name, old.id, &found)].until =
            event->seq + 1;
        size_t place = registry_key_place(registry, key.name, key.id, &found);
        registry->key[place].has_before = true;
        registry->key[place].before = old.id;
    }
}

static bool dispute_about(const struct registry *registry, const struct verifier_key *key,
                          size_t *ret)
{
    for (size_t i = 0; i < registry->disputes; i++) {
        const struct dispute *dispute = &registry->dispute[i];
        if (dispute->about == i && dispute->key.id == key->id &&
            strcmp(dispute->key.name, key->name) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

/* The event that item i of "events" names; false if it is not in dispute. */
static bool event_in_dispute(const struct dispute *dispute, const struct canon *events, size_t i,
                             uint64_t *ret)
{
    struct error ignored;
    int64_t seq = 0;
    const char *number = canon_as_text(canon_at(events, i));
    if (number == NULL || !text_parse_int(number, 0, INT64_MAX, &seq, &ignored)) {
        return false;
    }
    *ret = (uint64_t)seq;
    return *ret >= dispute->from && *ret < dispute->until;
}

void registry_add_resolved(struct registry *registry, size_t about, uint64_t seq)
{
    if (registry->resolved_count == registry->resolved_capacity) {
        registry->resolved_capacity =
            registry->resolved_capacity == 0 ? 16 : 2 * registry->resolved_capacity;
        registry->resolved = alloc_resized(registry->resolved, registry->resolved_capacity,
                                           sizeof registry->resolved[0]);
    }
    registry->resolved[registry->resolved_count++] = (struct resolved){about, seq};
}

static void learn_resolution(struct registry *registry, const struct event *event,
                             struct findings *findings)
{
    struct verifier_key key;
    struct error ignored;
    size_t about = 0;
    uint64_t seq = 0;
    const char *vkey = canon_get_text(event->body, "vkey");
    const struct canon *events = canon_get(event->body, "events");
    if (vkey == NULL || !verifier_key_parse(vkey, &key, &ignored) ||
        !dispute_about(registry, &key, &about) || events == NULL ||
        canon_kind_of(events) != CANON_ARRAY) {
        refuse(event, _("nothing that this key signed is in dispute"), findings);
        return;
    }
    for (size_t i = 0; i < canon_count(events); i++) {
        if (!event_in_dispute(&registry->dispute[about], events, i, &seq) ||
            registry->resolved_count + canon_count(events) > REGISTRY_RESOLVED_MAX) {
            refuse(event, _("it names an event that is not in dispute"), findings);
            return;
        }
    }
    for (size_t i = 0; i < canon_count(events); i++) {
        if (event_in_dispute(&registry->dispute[about], events, i, &seq)) {
            registry_add_resolved(registry, about, seq);
        }
    }
}

static void learn_role(struct registry *registry, const struct event *event, bool grant,
                       struct findings *findings)
{
    const char *actor = canon_get_text(event->body, "actor");
    const char *role = canon_get_text(event->body, "role");
    struct held_role *held = registry_find_role(registry, actor, role);
    bool emergency = canon_get(event->body, "emergency") != NULL;
    int64_t until = emergency ? event->instant.seconds + EMERGENCY_SECONDS : INT64_MAX;
    if (grant && !registry_add_role(registry, actor, role, event->instant, until)) {
        refuse(event, _("the role is malformed"), findings);
    } else if (!grant && held == NULL) {
        refuse(event, _("nobody holds this role"), findings);
    } else if (!grant) {
        registry_drop_role(registry, held);
    }
}

typedef void (*learner)(struct registry *registry, const struct event *event,
                        struct findings *findings);

static void learn_grant(struct registry *registry, const struct event *event,
                        struct findings *findings)
{
    learn_role(registry, event, true, findings);
}

static void learn_role_end(struct registry *registry, const struct event *event,
                           struct findings *findings)
{
    learn_role(registry, event, false, findings);
}

void registry_learn(struct registry *registry, const struct event *event, struct findings *findings)
{
    static const struct {
        const char *type;
        learner learn;
    } learners[] = {
        {"book.genesis", learn_genesis},       {"key.add", learn_key},
        {"key.revoke", learn_revocation},      {"key.renew", learn_renewal},
        {"role.grant", learn_grant},           {"role.revoke", learn_role_end},
        {"dispute.resolve", learn_resolution},
    };
    for (size_t i = 0; i < COUNT_OF(learners); i++) {
        if (strcmp(event->type, learners[i].type) == 0) {
            learners[i].learn(registry, event, findings);
        }
    }
}
