#include "ledger/audit/registry.h"

#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

#include <stdlib.h>
#include <string.h>

struct registered {
    struct verifier_key key;
    bool admin;
    bool revoked;
};

struct registry {
    struct registered *list;
    size_t count;
    int64_t quorum;
};

struct registry *registry_new(void)
{
    return alloc_zeroed(1, sizeof(struct registry));
}

struct registry *registry_free(struct registry *registry)
{
    if (registry != NULL) {
        free(registry->list);
        free(registry);
    }
    return NULL;
}

static struct registered *find(const struct registry *registry, const char *name, uint32_t id)
{
    for (size_t i = 0; i < registry->count; i++) {
        struct registered *known = &registry->list[i];
        if (known->key.id == id && text_equal(known->key.name, name)) {
            return known;
        }
    }
    return NULL;
}

const struct verifier_key *registry_key(const struct registry *registry, const char *name,
                                        uint32_t id)
{
    const struct registered *known = find(registry, name, id);
    return known == NULL || known->revoked ? NULL : &known->key;
}

static bool is_control(const char *type)
{
    static const char *const prefixes[] = {"book.", "key.", "role.", "policy.", "staff."};
    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        if (text_starts_with(type, prefixes[i])) {
            return true;
        }
    }
    return false;
}

bool registry_signers_fit(const struct registry *registry, const char *origin,
                          const struct event *event)
{
    char actor[KEY_NAME_MAX + 1];
    bool actor_signs = false;

    if (!key_name_of_staff(origin, event->actor, actor)) {
        return false;
    }
    bool control = is_control(event->type);
    for (size_t i = 0; i < event->signatures; i++) {
        const struct event_signature *line = &event->signature[i];
        const struct registered *known = find(registry, line->name, line->key_id);
        if (known == NULL || (control && !known->admin) ||
            (i > 0 && text_equal(line->name, event->signature[i - 1].name))) {
            return false;
        }
        actor_signs = actor_signs || text_equal(line->name, actor);
    }
    return actor_signs && (control ? (int64_t)event->signatures >= registry->quorum
                                   : event->signatures == 1);
}

static bool add(struct registry *registry, const char *vkey, bool admin)
{
    struct registered added = {.admin = admin};
    struct error ignored;

    if (vkey == NULL || registry->count == REGISTRY_KEYS_MAX ||
        !verifier_key_parse(vkey, &added.key, &ignored) ||
        find(registry, added.key.name, added.key.id) != NULL) {
        return false;
    }
    registry->list =
        alloc_resized(registry->list, registry->count + 1, sizeof registry->list[0]);
    registry->list[registry->count++] = added;
    return true;
}

static bool learn_genesis(struct registry *registry, const struct canon *body)
{
    const struct canon *keys = canon_get(body, "admin_keys");

    if (keys == NULL || registry->count != 0 ||
        !canon_get_int(body, "admin_quorum", &registry->quorum) || registry->quorum < 1) {
        return false;
    }
    for (size_t i = 0; i < canon_count(keys); i++) {
        if (!add(registry, canon_as_text(canon_at(keys, i)), true)) {
            return false;
        }
    }
    return registry->quorum <= (int64_t)registry->count;
}

static bool learn_revocation(struct registry *registry, const struct canon *body)
{
    struct verifier_key key;
    struct error ignored;
    const char *vkey = canon_get_text(body, "vkey");

    if (vkey == NULL || !verifier_key_parse(vkey, &key, &ignored)) {
        return false;
    }
    struct registered *known = find(registry, key.name, key.id);
    if (known == NULL) {
        return false;
    }
    known->revoked = true;
    return true;
}

bool registry_learn(struct registry *registry, const struct event *event)
{
    if (text_equal(event->type, "book.genesis")) {
        return learn_genesis(registry, event->body);
    }
    if (text_equal(event->type, "key.add")) {
        const char *role = canon_get_text(event->body, "role");
        return role != NULL &&
               add(registry, canon_get_text(event->body, "vkey"), text_equal(role, "admin"));
    }
    if (text_equal(event->type, "key.revoke")) {
        return learn_revocation(registry, event->body);
    }
    return true;
}
