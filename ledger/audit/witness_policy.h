/* witness_policy.h - who must have seen a checkpoint for it to count (C2SP tlog-policy): known
 * logs, known witnesses, groups of them, the quorum. Layer: audit. */
#ifndef YICANG_AUDIT_WITNESS_POLICY_H
#define YICANG_AUDIT_WITNESS_POLICY_H

#include "ledger/audit/key.h"
#include "ledger/base/arena.h"

#define WITNESS_POLICY_MAX 65536 /* bytes of the text */
#define WITNESS_POLICY_LOGS_MAX 32
#define WITNESS_POLICY_WITNESSES_MAX 32
#define WITNESS_POLICY_GROUPS_MAX 32

struct witness_group {
    const char *name;
    unsigned threshold; /* members that must have witnessed */
    uint64_t members;   /* bit i: witness i; bit 32 + i: group i */
};

/* Lives in the arena it was parsed into. */
struct witness_policy {
    size_t logs;
    struct verifier_key log[WITNESS_POLICY_LOGS_MAX];
    size_t witnesses;
    const char *witness_name[WITNESS_POLICY_WITNESSES_MAX];
    const struct verifier_key *witness[WITNESS_POLICY_WITNESSES_MAX];
    size_t groups;
    struct witness_group group[WITNESS_POLICY_GROUPS_MAX];
    uint64_t quorum; /* one bit of the above; 0: `quorum none` */
};

/* Lines `log VKEY [URL]`, `witness NAME VKEY [URL]`, `group NAME K|all|any NAME...`, `quorum NAME`
 * (once), comments and empty lines. Names stand for what an earlier line defined; a name is a
 * member of at most one group; the same public key appears once among logs and once among
 * witnesses. Logs have keys of type 0x01, witnesses of type 0x04. Reason id
 * witness-policy.malformed, with the line. */
MUST_CHECK bool witness_policy_parse(struct arena *arena, const char *text, size_t length,
                                     const struct witness_policy **ret, struct error *err);

/* Whether the witnesses with their bit set are enough. */
bool witness_policy_is_met(const struct witness_policy *policy, uint64_t witnessed);

/* The log of this name, or NULL. */
const struct verifier_key *witness_policy_log(const struct witness_policy *policy,
                                              const char *origin);

#endif
