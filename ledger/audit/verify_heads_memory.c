/* verify_heads_memory.c - the heads behind an earlier verification: remembered, and held against
 * what stands there now. A witness may have cosigned one of them since. */
#include "ledger/audit/verify_heads_table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/audit/checks.h"
#include "ledger/base/alloc.h"
#include "ledger/base/text.h"

void head_memory_release(struct head_memory *memory)
{
    free(memory->key);
    free(memory->head);
    *memory = (struct head_memory){0};
}

/* Remembering ---------------------------------------------------------------------------------- */

/* The number of a key; those in use lately stand last. */
static size_t remember_key(struct head_memory *memory, const struct verifier_key *key)
{
    if (key == NULL) {
        return HEAD_KEY_NONE;
    }
    for (size_t i = memory->keys; i > 0; i--) {
        if (same_key(&memory->key[i - 1], key)) {
            return i - 1;
        }
    }
    if ((memory->keys & (memory->keys - 1)) == 0) { /* room doubles at each power of two */
        memory->key = alloc_resized(memory->key, memory->keys == 0 ? 1 : 2 * memory->keys,
                                    sizeof memory->key[0]);
    }
    memory->key[memory->keys] = *key;
    return memory->keys++;
}

static void add_head(struct head_memory *memory, const struct passed_head *head)
{
    if ((memory->heads & (memory->heads - 1)) == 0) {
        memory->head = alloc_resized(memory->head, memory->heads == 0 ? 1 : 2 * memory->heads,
                                     sizeof memory->head[0]);
    }
    memory->head[memory->heads++] = *head;
}

void head_memory_add(struct head_check *check, const struct head_signatures *signatures)
{
    struct head_memory *memory = &check->memory;
    if (!check->remembers || memory->heads > HEADS_REMEMBERED_MAX) {
        return;
    }
    struct passed_head head = {.size = signatures->head.size,
                               .root = signatures->head.root,
                               .note = sha256_of(check->note.data, check->note.length),
                               .at = signatures->at};
    head.log = remember_key(memory, signatures->signers.log);
    head.day = remember_key(memory, signatures->signers.day);
    head.next_log = remember_key(memory, signatures->signers.next_log);
    head.next_day = remember_key(memory, signatures->signers.next_day);
    add_head(memory, &head);
}

static struct sha256 policy_of(const struct head_check *check)
{
    const struct trust_card *card = check->trusted ? check->trust->card : NULL;
    return sha256_of(card == NULL ? "" : card->policy_text, card == NULL ? 0 : card->policy_length);
}

bool head_check_remember(struct head_check *check, struct head_memory *ret)
{
    struct head_memory *memory = &check->memory;
    *ret = (struct head_memory){0};
    if (!check->remembers || !check->has_log_key || !check->has_day_key ||
        memory->heads > HEADS_REMEMBERED_MAX) {
        return false;
    }
    memory->card_policy = policy_of(check);
    memory->max_age_days = check->max_age_days;
    memory->log = remember_key(memory, &check->log_key);
    memory->day = remember_key(memory, &check->day_key);
    memory->witnessed_size = check->witnessed_size;
    memory->witnessed_time = check->witnessed_time;
    memory->witnessed_by = check->witnessed_by;
    memory->mirrored = check->mirrored;
    *ret = *memory;
    *memory = (struct head_memory){0};
    return true;
}

/* Going on ------------------------------------------------------------------------------------- */

static const struct verifier_key *key_at(const struct head_memory *memory, size_t number)
{
    return number == HEAD_KEY_NONE ? NULL : &memory->key[number];
}

/* A head whose bytes are no longer those that were checked. */
static void check_again(struct head_check *check, const struct head_memory *memory,
                        const struct passed_head *head, struct findings *findings)
{
    struct note note;
    struct checkpoint now;
    struct checkpoint_witnessed witnessed;
    struct error why = {0};
    int64_t seq = (int64_t)head->size - 1;
    const struct checkpoint_signers signers = {.log = key_at(memory, head->log),
                                               .day = key_at(memory, head->day),
                                               .next_log = key_at(memory, head->next_log),
                                               .next_day = key_at(memory, head->next_day)};
    check->heads++;
    if (!checkpoint_read(check->note.data, check->note.length, &note, &now, &why)) {
        findings_add(findings, "E_CPSIG", seq, "%s", why.text);
        return;
    }
    if (CHECK_MADE(V6_ROOT) && (now.size != head->size || !sha256_equal(&now.root, &head->root))) {
        findings_add(findings, "E_ROOT", seq,
                     _("the head of size %" PRIu64 " has another root than the events"),
                     head->size);
    }
    bool hold = checkpoint_verify(
        &note, &now, check->origin, &signers, check->policy == NULL ? NULL : check->policy->witness,
        check->policy == NULL ? 0 : check->policy->witnesses, &witnessed, &why);
    if (hold) {
        head_check_witnessed(check, head->size, head->at, &witnessed, findings);
    } else if (CHECK_MADE(V6_KEYS)) {
        findings_add(findings, why.reason, seq, "%s", why.text);
    }
}

/* A key ended with it. */
static bool is_seal(const struct passed_head *head)
{
    return head->next_day != HEAD_KEY_NONE || head->next_log != HEAD_KEY_NONE;
}

static void remember_again(struct head_check *check, const struct head_memory *memory,
                           const struct passed_head *head, const struct sha256 *note)
{
    struct passed_head kept = *head;
    kept.note = *note;
    kept.log = remember_key(&check->memory, key_at(memory, head->log));
    kept.day = remember_key(&check->memory, key_at(memory, head->day));
    kept.next_log = remember_key(&check->memory, key_at(memory, head->next_log));
    kept.next_day = remember_key(&check->memory, key_at(memory, head->next_day));
    add_head(&check->memory, &kept);
}

/* A head that an earlier verification saw: it is the same, is good as well, or is gone. */
static void check_one_remembered(struct head_check *check, const struct head_memory *memory,
                                 const struct passed_head *head, bool same_policy,
                                 struct findings *findings)
{
    bool there = check->note_size == head->size;
    struct sha256 note =
        sha256_of(check->note.data == NULL ? "" : check->note.data, check->note.length);

    if (there && !(same_policy && sha256_equal(&note, &head->note))) {
        check_again(check, memory, head, findings);
    } else if (CHECK_MADE(V6_SEAL) && !there && is_seal(head)) {
        findings_add(findings, "E_EPOCH", (int64_t)head->size - 1,
                     _("the seal of size %" PRIu64 " is missing: a key of the log ended there"),
                     head->size);
    }
    if (check->remembers && (there || is_seal(head))) {
        remember_again(check, memory, head, there ? &note : &head->note);
    }
}

static bool check_remembered(struct head_check *check, const struct head_memory *memory,
                             bool same_policy, const struct log_source *source,
                             struct findings *findings, struct error *err)
{
    for (size_t i = 0; i < memory->heads; i++) {
        const struct passed_head *head = &memory->head[i];
        if (!head_check_next_note(check, source, head->size - 1, err)) {
            return false;
        }
        check_one_remembered(check, memory, head, same_policy, findings);
    }
    check->note_read = false;
    return true;
}

/* V8 for the part that is not read again: the root at that size is known, or it is not. */
static void check_kept_before(struct head_check *check, const struct head_memory *memory,
                              const struct merkle_range *range, struct findings *findings)
{
    const struct verify_trust *trust = check->trust;
    struct sha256 root = merkle_range_root(range);
    size_t at = 0;
    for (;
         check->next_kept < trust->kept_count && trust->kept[check->next_kept].size <= range->size;
         check->next_kept++) {
        const struct kept_head *kept = &trust->kept[check->next_kept];
        while (at < memory->heads && memory->head[at].size < kept->size) {
            at++;
        }
        const struct sha256 *known = kept->size == range->size ? &root : NULL;
        if (known == NULL && at < memory->heads && memory->head[at].size == kept->size) {
            known = &memory->head[at].root;
        }
        if (known == NULL) {
            findings_add(findings, "E_TRUST", -1,
                         _("%s is of size %" PRIu64 ", before the state of size %" PRIu64
                           ": only a full verification compares it"),
                         kept->name, kept->size, range->size);
        } else if (CHECK_MADE(V8_FORK) && !sha256_equal(&kept->root, known)) {
            findings_add(findings, "E_FORK", (int64_t)kept->size - 1,
                         _("%s shows another history of the first %" PRIu64
                           " events; keep both, they prove it"),
                         kept->name, kept->size);
        }
    }
}

bool head_check_resume(struct head_check *check, const struct head_memory *memory,
                       const char *origin, const struct merkle_range *range,
                       const struct log_source *source, struct findings *findings,
                       struct error *err)
{
    (void)snprintf(check->origin, sizeof check->origin, "%s", origin);
    check->log_key = memory->key[memory->log];
    check->day_key = memory->key[memory->day];
    check->has_log_key = check->has_day_key = true;
    check->max_age_days = memory->max_age_days;
    check->newest = range->size;
    check->memory.genesis = memory->genesis;
    check->memory.has_policy = memory->has_policy;
    check->memory.policy = memory->policy;
    head_check_card(check, origin, &memory->genesis, findings);
    for (size_t i = 0; check->trusted && i < memory->keys; i++) {
        check->card_key_seen =
            check->card_key_seen || same_key(&check->trust->card->log, &memory->key[i]);
    }
    struct sha256 policy = policy_of(check);
    bool same_policy = check->trusted && sha256_equal(&policy, &memory->card_policy);
    if (same_policy) {
        check->witnessed_size = memory->witnessed_size;
        check->witnessed_time = memory->witnessed_time;
        check->witnessed_by = memory->witnessed_by;
        check->mirrored = memory->mirrored;
    }
    check_kept_before(check, memory, range, findings);
    return check_remembered(check, memory, same_policy, source, findings, err);
}
