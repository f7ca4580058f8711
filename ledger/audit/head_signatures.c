#include "ledger/audit/head_signatures.h"

/* On any thread. */
static void check_lines(void *context)
{
    struct head_signatures *s = context;
    s->hold = checkpoint_verify(
        &s->note, &s->head, s->origin, &s->signers, s->policy == NULL ? NULL : s->policy->witness,
        s->policy == NULL ? 0 : s->policy->witnesses, &s->witnessed, &s->why);
}

void head_signatures_submit(struct head_signatures *signatures, struct signature_pool *pool)
{
    signatures->task = (struct pool_task){.run = check_lines, .context = signatures};
    pool_submit(pool, &signatures->task);
}

bool witness_quorum_time(const struct witness_policy *policy,
                         const struct checkpoint_witnessed *witnessed, int64_t *ret)
{
    uint64_t counted = 0;
    *ret = 0;
    while (counted != witnessed->by) {
        size_t latest = CHECKPOINT_WITNESSES_MAX;
        for (size_t i = 0; i < policy->witnesses; i++) {
            bool open = ((witnessed->by & ~counted) >> i & 1) != 0;
            if (open && (latest == CHECKPOINT_WITNESSES_MAX ||
                         witnessed->time[i] > witnessed->time[latest])) {
                latest = i;
            }
        }
        counted |= UINT64_C(1) << latest;
        *ret = witnessed->time[latest];
        if (witness_policy_is_met(policy, counted)) {
            return true;
        }
    }
    return false;
}
