/* registry_table.h - the registry as its two files see it: registry.c keeps keys and roles and says
 * who may sign, registry_learn.c takes in control events. Layer: audit. */
#ifndef YICANG_AUDIT_REGISTRY_TABLE_H
#define YICANG_AUDIT_REGISTRY_TABLE_H

#include "ledger/audit/registry.h"

#define CODE_SIZE 33
#define SYSTEM "system"
#define ADMIN "admin"
#define PERSON_MARK "/a/"

struct registered {
    struct verifier_key key;
    uint64_t from;  /* first event it may sign */
    uint64_t until; /* first event it may not sign any more */
    bool has_before;
    uint32_t before; /* id of the key of the same name that it replaced */
};

/* What a key signed in events from `from` up to but not at `until`. */
struct dispute {
    struct verifier_key key;
    uint64_t from;
    uint64_t until;
    size_t about; /* the key that was revoked: itself, or what came to replace it */
};

/* An event that is in dispute no more with dispute `about`. */
struct resolved {
    size_t about;
    uint64_t seq;
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
    struct dispute *dispute;
    size_t disputes;
    struct resolved *resolved;
    size_t resolved_count;
    size_t resolved_capacity;
};

/* Where the key stands or belongs. */
size_t registry_key_place(const struct registry *registry, const char *name, uint32_t id,
                          bool *ret_found);
/* False if the key, or its public half under another name, is known. */
MUST_CHECK bool registry_add_key(struct registry *registry, const struct verifier_key *key,
                                 uint64_t from);
/* Whoever holds the role at that moment holds it as before. False if the words do not fit. */
MUST_CHECK bool registry_add_role(struct registry *registry, const char *actor, const char *role,
                                  struct instant at, int64_t until);
struct held_role *registry_find_role(const struct registry *registry, const char *actor,
                                     const char *role);
void registry_drop_role(struct registry *registry, struct held_role *role);
void registry_add_resolved(struct registry *registry, size_t about, uint64_t seq);
/* The staff code in a key's name, or NULL if it is nobody's of this book. */
const char *registry_code_in_name(const char *origin, const char *name);

#endif
