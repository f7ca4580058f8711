#include "ledger/audit/registry.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#define CODE_SIZE 33
#define SYSTEM "system"
#define ADMIN "admin"
#define PERSON_MARK "/a/"

struct registered {
    struct verifier_key key;
    uint64_t from;  /* first event it may sign */
    uint64_t until; /* first event it may not sign any more */
};

/* A role given in an emergency ends by itself (audit-log.md 4.13, S12). */
#define EMERGENCY_SECONDS INT64_C(14400) /* 4 hours */

struct held_role {
    char actor[CODE_SIZE];
    char role[CODE_SIZE];
    int64_t until; /* seconds since 1970; INT64_MAX: as long as nobody revokes it */
};

/* Keys stand sorted by id and name, roles by actor and role. */
struct registry {
    struct registered *key;
    size_t keys;
    size_t key_capacity;
    struct held_role *role;
    size_t roles;
    size_t role_capacity;
    int64_t quorum;
};

struct registry *registry_new(void)
{
    return alloc_zeroed(1, sizeof(struct registry));
}

struct registry *registry_free(struct registry *registry)
{
    if (registry != NULL) {
        free(registry->key);
        free(registry->role);
        free(registry);
    }
    return NULL;
}

bool event_is_control(const char *type)
{
    static const char *const prefixes[] = {"key.", "role.", "policy.", "staff."};
    static const char *const types[] = {"book.genesis", "clock.adjust", "db.restore", "pii.shred"};
    if (strcmp(type, "key.rotate") == 0) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        if (text_starts_with(type, prefixes[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (strcmp(type, types[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Keys ---------------------------------------------------------------------------------------- */

/* Where the key stands or belongs. */
static size_t key_place(const struct registry *registry, const char *name, uint32_t id,
                        bool *ret_found)
{
    size_t low = 0;
    size_t high = registry->keys;
    *ret_found = false;
    while (low < high && !*ret_found) {
        size_t middle = low + (high - low) / 2;
        const struct verifier_key *key = &registry->key[middle].key;
        int order = key->id != id ? (key->id > id) - (key->id < id) : strcmp(key->name, name);
        *ret_found = order == 0;
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return high;
}

const struct verifier_key *registry_key(const struct registry *registry, const char *name,
                                        uint32_t id, uint64_t seq)
{
    bool found = false;
    size_t place = key_place(registry, name, id, &found);
    if (!found || seq < registry->key[place].from || seq >= registry->key[place].until) {
        return NULL;
    }
    return &registry->key[place].key;
}

/* One key, one name: else two people could be one. */
static bool public_key_is_known(const struct registry *registry, const struct verifier_key *key)
{
    for (size_t i = 0; i < registry->keys; i++) {
        if (memcmp(registry->key[i].key.public_key, key->public_key, sizeof key->public_key) == 0) {
            return true;
        }
    }
    return false;
}

static bool add_key(struct registry *registry, const struct verifier_key *key, uint64_t from)
{
    bool found = false;
    size_t place = key_place(registry, key->name, key->id, &found);
    if (found || registry->keys == REGISTRY_KEYS_MAX || public_key_is_known(registry, key)) {
        return false;
    }
    if (registry->keys == registry->key_capacity) {
        registry->key_capacity = registry->key_capacity == 0 ? 16 : 2 * registry->key_capacity;
        registry->key =
            alloc_resized(registry->key, registry->key_capacity, sizeof registry->key[0]);
    }
    memmove(&registry->key[place + 1], &registry->key[place],
            (registry->keys - place) * sizeof registry->key[0]);
    registry->key[place] = (struct registered){*key, from, UINT64_MAX};
    registry->keys++;
    return true;
}

/* Roles --------------------------------------------------------------------------------------- */

static int compare_roles(const void *left, const void *right)
{
    const struct held_role *a = left;
    const struct held_role *b = right;
    int actors = strcmp(a->actor, b->actor);
    return actors != 0 ? actors : strcmp(a->role, b->role);
}

/* False if the words do not fit, which no door lets in. */
static bool role_make(const char *actor, const char *role, struct held_role *ret)
{
    *ret = (struct held_role){0};
    if (actor == NULL || role == NULL || !staff_code_is_valid(actor) || role[0] == '\0' ||
        strlen(role) >= sizeof ret->role) {
        return false;
    }
    memcpy(ret->actor, actor, strlen(actor));
    memcpy(ret->role, role, strlen(role));
    return true;
}

static struct held_role *role_find(const struct registry *registry, const char *actor,
                                   const char *role)
{
    struct held_role wanted;
    if (registry->roles == 0 || !role_make(actor, role, &wanted)) {
        return NULL;
    }
    return bsearch(&wanted, registry->role, registry->roles, sizeof wanted, compare_roles);
}

/* Whoever holds the role at that moment holds it as before. */
static bool add_role(struct registry *registry, const char *actor, const char *role,
                     struct instant at, int64_t until)
{
    struct held_role added;
    if (!role_make(actor, role, &added) || registry->roles == REGISTRY_ROLES_MAX) {
        return false;
    }
    added.until = until;
    struct held_role *held = role_find(registry, actor, role);
    if (held != NULL) {
        held->until = held->until > at.seconds ? held->until : until;
        return true;
    }
    if (registry->roles == registry->role_capacity) {
        registry->role_capacity = registry->role_capacity == 0 ? 16 : 2 * registry->role_capacity;
        registry->role =
            alloc_resized(registry->role, registry->role_capacity, sizeof registry->role[0]);
    }
    size_t place = registry->roles;
    while (place > 0 && compare_roles(&registry->role[place - 1], &added) > 0) {
        registry->role[place] = registry->role[place - 1];
        place--;
    }
    registry->role[place] = added;
    registry->roles++;
    return true;
}

static void drop_role(struct registry *registry, struct held_role *role)
{
    size_t behind = registry->roles - (size_t)(role - registry->role) - 1;
    memmove(role, role + 1, behind * sizeof *role);
    registry->roles--;
}

/* Who signs ----------------------------------------------------------------------------------- */

/* The staff code in a key's name, or NULL if it is nobody's of this book. */
static const char *code_in_name(const char *origin, const char *name)
{
    size_t length = strlen(origin);
    if (strncmp(name, origin, length) != 0 || !text_starts_with(name + length, PERSON_MARK)) {
        return NULL;
    }
    const char *code = name + length + strlen(PERSON_MARK);
    return staff_code_is_valid(code) ? code : NULL;
}

static bool holds_role(const struct registry *registry, const char *code, const char *role,
                       struct instant at)
{
    const struct held_role *held = role_find(registry, code, role);
    return held != NULL && held->until > at.seconds;
}

static bool signer_may(const struct registry *registry, const struct event *event,
                       const struct event_signature *line, bool control, struct findings *findings)
{
    int64_t seq = (int64_t)event->seq;
    const char *code = code_in_name(event->origin, line->name);
    if (code == NULL || registry_key(registry, line->name, line->key_id, event->seq) == NULL) {
        findings_add(findings, "E_SIGNER", seq,
                     _("the key %08" PRIx32 " of %s is not registered, or not any more"),
                     line->key_id, line->name);
        return false;
    }
    if (control && !holds_role(registry, code, ADMIN, event->instant)) {
        findings_add(findings, "E_SIGNER", seq, _("%s signs for the admins but is none"), code);
        return false;
    }
    return true;
}

bool registry_signers_fit(const struct registry *registry, const struct event *event,
                          struct findings *findings)
{
    bool control = event_is_control(event->type);
    int64_t people = 0;
    bool actor_signs = false;
    for (size_t i = 0; i < event->signatures; i++) {
        const struct event_signature *line = &event->signature[i];
        if (!signer_may(registry, event, line, control, findings)) {
            return false;
        }
        bool same = i > 0 && strcmp(line->name, event->signature[i - 1].name) == 0;
        people += same ? 0 : 1;
        const char *code = code_in_name(event->origin, line->name);
        actor_signs = actor_signs || strcmp(code, event->actor) == 0;
    }
    bool enough = control ? people >= registry->quorum : event->signatures == 1;
    if (actor_signs && enough) {
        return true;
    }
    findings_add(findings, "E_SIGNER", (int64_t)event->seq,
                 control ? _("not signed by %s and as many admins as this needs")
                         : _("not signed by %s alone"),
                 event->actor);
    return false;
}

bool registry_role_fits(const struct registry *registry, const struct event *event,
                        struct findings *findings)
{
    if (holds_role(registry, event->actor, event->role, event->instant)) {
        return true;
    }
    findings_add(findings, "E_KEY", (int64_t)event->seq, _("%s did not hold the role %s"),
                 event->actor, event->role);
    return false;
}

/* Learning ------------------------------------------------------------------------------------ */

static void refuse(const struct event *event, const char *what, struct findings *findings)
{
    findings_add(findings, "E_KEY", (int64_t)event->seq, "%s: %s", event->type, what);
}

/* A verifier key for signing events, named as this book names a person. */
static bool person_key_parse(const struct event *event, const char *vkey, struct verifier_key *ret,
                             const char **ret_code)
{
    struct error ignored;
    if (vkey == NULL || !verifier_key_parse(vkey, ret, &ignored) || ret->type != KEY_TYPE_ED25519) {
        return false;
    }
    *ret_code = code_in_name(event->origin, ret->name);
    return *ret_code != NULL;
}

static bool learn_person(struct registry *registry, const struct event *event, const char *vkey,
                         const char *role)
{
    struct verifier_key key;
    const char *code = NULL;
    return person_key_parse(event, vkey, &key, &code) && add_key(registry, &key, event->seq) &&
           add_role(registry, code, role, event->instant, INT64_MAX);
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
    } else if (!add_key(registry, &key, event->seq + 1)) {
        refuse(event, _("the key is registered already"), findings);
    } else if (!add_role(registry, actor, canon_get_text(event->body, "role"), event->instant,
                         INT64_MAX)) {
        refuse(event, _("the role is malformed"), findings);
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
    size_t place = key_place(registry, key.name, key.id, &found);
    if (!found || registry->key[place].until != UINT64_MAX) {
        refuse(event, _("the key is not registered, or not any more"), findings);
        return;
    }
    registry->key[place].until = event->seq;
    if (canon_get(event->body, "from_seq") != NULL &&
        (!canon_get_int(event->body, "from_seq", &from) || from < 0)) {
        refuse(event, _("from_seq is malformed"), findings);
    } else if (from < (int64_t)event->seq) {
        findings_add(findings, "E_DISPUTE", (int64_t)event->seq,
                     _("what %s signed from event %" PRId64 " on is in dispute"), key.name, from);
    }
}

static void learn_role(struct registry *registry, const struct event *event, bool grant,
                       struct findings *findings)
{
    const char *actor = canon_get_text(event->body, "actor");
    const char *role = canon_get_text(event->body, "role");
    struct held_role *held = role_find(registry, actor, role);
    bool emergency = canon_get(event->body, "emergency") != NULL;
    int64_t until = emergency ? event->instant.seconds + EMERGENCY_SECONDS : INT64_MAX;
    if (grant && !add_role(registry, actor, role, event->instant, until)) {
        refuse(event, _("the role is malformed"), findings);
    } else if (!grant && held == NULL) {
        refuse(event, _("nobody holds this role"), findings);
    } else if (!grant) {
        drop_role(registry, held);
    }
}

void registry_learn(struct registry *registry, const struct event *event, struct findings *findings)
{
    if (strcmp(event->type, "book.genesis") == 0) {
        learn_genesis(registry, event, findings);
    } else if (strcmp(event->type, "key.add") == 0) {
        learn_key(registry, event, findings);
    } else if (strcmp(event->type, "key.revoke") == 0) {
        learn_revocation(registry, event, findings);
    } else if (strcmp(event->type, "role.grant") == 0) {
        learn_role(registry, event, true, findings);
    } else if (strcmp(event->type, "role.revoke") == 0) {
        learn_role(registry, event, false, findings);
    }
}
