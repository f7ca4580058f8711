#include "ledger/audit/registry_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

struct registry *registry_new(void)
{
    return alloc_zeroed(1, sizeof(struct registry));
}

struct registry *registry_free(struct registry *registry)
{
    if (registry != NULL) {
        free(registry->key);
        free(registry->role);
        free(registry->dispute);
        free(registry->resolved);
        free(registry);
    }
    return NULL;
}

static void *array_copy(const void *from, size_t count, size_t size)
{
    void *copy = count == 0 ? NULL : alloc_zeroed(count, size);
    if (copy != NULL) {
        memcpy(copy, from, count * size);
    }
    return copy;
}

struct registry *registry_copy(const struct registry *registry)
{
    struct registry *copy = registry_new();
    *copy = *registry;
    copy->key = array_copy(registry->key, registry->keys, sizeof registry->key[0]);
    copy->key_capacity = registry->keys;
    copy->role = array_copy(registry->role, registry->roles, sizeof registry->role[0]);
    copy->role_capacity = registry->roles;
    copy->dispute = array_copy(registry->dispute, registry->disputes, sizeof registry->dispute[0]);
    copy->resolved =
        array_copy(registry->resolved, registry->resolved_count, sizeof registry->resolved[0]);
    copy->resolved_capacity = registry->resolved_count;
    return copy;
}

bool event_is_control(const char *type)
{
    static const char *const prefixes[] = {"key.", "role.", "policy.", "staff.", "dispute."};
    static const char *const types[] = {"book.genesis", "clock.adjust", "db.restore", "pii.shred"};
    if (text_equal(type, "key.rotate") || text_equal(type, "key.renew")) {
        return false;
    }
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        if (text_starts_with(type, prefixes[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (text_equal(type, types[i])) {
            return true;
        }
    }
    return false;
}

bool event_is_learnt(const char *type)
{
    return event_is_control(type) || strcmp(type, "key.renew") == 0;
}

/* Keys ---------------------------------------------------------------------------------------- */

/* Where the key stands or belongs. */
size_t registry_key_place(const struct registry *registry, const char *name, uint32_t id,
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
    size_t place = registry_key_place(registry, name, id, &found);
    if (!found || seq < registry->key[place].from || seq >= registry->key[place].until) {
        return NULL;
    }
    return &registry->key[place].key;
}

void registry_prepare_check(const struct registry *registry, const struct event *event,
                            struct signature_check *ret)
{
    ret->text = event->text;
    ret->length = event->text_length;
    ret->lines = 0;
    for (size_t i = 0; i < event->signatures; i++) {
        const struct event_signature *line = &event->signature[i];
        const struct verifier_key *key =
            registry_key(registry, line->name, line->key_id, event->seq);
        if (key != NULL) {
            memcpy(ret->line[ret->lines].public_key, key->public_key, sizeof key->public_key);
            ret->line[ret->lines].signature = line->signature;
            ret->lines++;
        }
    }
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

bool registry_add_key(struct registry *registry, const struct verifier_key *key, uint64_t from)
{
    bool found = false;
    size_t place = registry_key_place(registry, key->name, key->id, &found);
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
    registry->key[place] = (struct registered){.key = *key, .from = from, .until = UINT64_MAX};
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

struct held_role *registry_find_role(const struct registry *registry, const char *actor,
                                     const char *role)
{
    struct held_role wanted;
    if (registry->roles == 0 || !role_make(actor, role, &wanted)) {
        return NULL;
    }
    return bsearch(&wanted, registry->role, registry->roles, sizeof wanted, compare_roles);
}

/* Whoever holds the role at that moment holds it as before. */
bool registry_add_role(struct registry *registry, const char *actor, const char *role,
                       struct instant at, int64_t until)
{
    struct held_role added;
    if (!role_make(actor, role, &added) || registry->roles == REGISTRY_ROLES_MAX) {
        return false;
    }
    added.until = until;
    struct held_role *held = registry_find_role(registry, actor, role);
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

void registry_drop_role(struct registry *registry, struct held_role *role)
{
    size_t behind = registry->roles - (size_t)(role - registry->role) - 1;
    memmove(role, role + 1, behind * sizeof *role);
    registry->roles--;
}

/* Who signs ----------------------------------------------------------------------------------- */

/* The staff code in a key's name, or NULL if it is nobody's of this book. */
const char *registry_code_in_name(const char *origin, const char *name)
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
    const struct held_role *held = registry_find_role(registry, code, role);
    return held != NULL && held->until > at.seconds;
}

static bool signer_may(const struct registry *registry, const struct event *event,
                       const struct event_signature *line, bool control, struct findings *findings)
{
    int64_t seq = (int64_t)event->seq;
    const char *code = registry_code_in_name(event->origin, line->name);
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
        const char *code = registry_code_in_name(event->origin, line->name);
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

/* Disputes ------------------------------------------------------------------------------------ */

bool registry_disputes(const struct registry *registry, uint64_t *ret_first, uint64_t *ret_last)
{
    *ret_first = UINT64_MAX;
    *ret_last = 0;
    for (size_t i = 0; i < registry->disputes; i++) {
        const struct dispute *dispute = &registry->dispute[i];
        *ret_first = dispute->from < *ret_first ? dispute->from : *ret_first;
        *ret_last = dispute->until - 1 > *ret_last ? dispute->until - 1 : *ret_last;
    }
    return registry->disputes > 0;
}

bool registry_is_disputed(const struct registry *registry, const char *name, uint32_t id,
                          uint64_t seq)
{
    for (size_t i = 0; i < registry->disputes; i++) {
        const struct dispute *dispute = &registry->dispute[i];
        bool covers = dispute->key.id == id && strcmp(dispute->key.name, name) == 0 &&
                      seq >= dispute->from && seq < dispute->until;
        for (size_t k = 0; covers && k < registry->resolved_count; k++) {
            covers =
                registry->resolved[k].about != dispute->about || registry->resolved[k].seq != seq;
        }
        if (covers) {
            return true;
        }
    }
    return false;
}
