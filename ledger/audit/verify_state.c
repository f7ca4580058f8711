#include "ledger/audit/verify_state.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/audit/checks.h"
#include "ledger/audit/registry_table.h"
#include "ledger/base/text.h"

void verify_state_init(struct verify_state *state)
{
    *state = (struct verify_state){0};
    merkle_range_init(&state->range);
    buffer_init(&state->commands, VERIFY_STATE_MAX);
}

void verify_state_release(struct verify_state *state)
{
    state->registry = registry_free(state->registry);
    head_memory_release(&state->heads);
    buffer_release(&state->commands);
    state->complete = false;
}

/* Does it fit? --------------------------------------------------------------------------------- */

struct last_event {
    bool seen;
    int64_t seq;
    struct sha256 hash;
};

static bool see_last(void *context, const struct log_leaf *leaf, struct error *err)
{
    struct last_event *last = context;
    (void)err;
    *last = (struct last_event){true, leaf->seq,
                                merkle_leaf_hash(leaf->bytes == NULL ? "" : leaf->bytes,
                                                 leaf->bytes == NULL ? 0 : leaf->length)};
    return false; /* one is enough */
}

bool verify_state_fits(const struct verify_state *state, const struct log_source *source,
                       bool *ret_fits, struct findings *findings, struct error *err)
{
    struct last_event last = {0};
    int64_t seq = (int64_t)state->range.size - 1;
    *ret_fits = true;
    if (!CHECK_MADE(V8_STATE)) {
        return true;
    }
    if (!source->each_leaf(source->context, seq, see_last, &last, err) && !last.seen) {
        return false;
    }
    if (!last.seen || last.seq != seq) {
        findings_add(findings, "E_ROLLBACK", -1,
                     _("the state has seen %" PRIu64 " events, and the last of them is not there: "
                       "the log was cut or an old copy put back"),
                     state->range.size);
        *ret_fits = false;
    } else if (!sha256_equal(&last.hash, &state->last_leaf)) {
        findings_add(findings, "E_FORK", seq,
                     _("the state shows another history of the first %" PRIu64
                       " events, or is of another log; keep both"),
                     state->range.size);
        *ret_fits = false;
    }
    return true;
}

/* Writing -------------------------------------------------------------------------------------- */

static void write_hash(const char *word, const struct sha256 *hash, struct buffer *ret)
{
    char hex[SHA256_HEX_SIZE];
    buffer_printf(ret, "%s %s\n", word, hex_format(hash->byte, SHA256_SIZE, hex));
}

/* A number, or "-" for this one that stands for none. */
static void write_number(uint64_t number, uint64_t none, struct buffer *ret)
{
    if (number == none) {
        buffer_add_text(ret, " -");
    } else {
        buffer_printf(ret, " %" PRIu64, number);
    }
}

static void write_tree(const struct verify_state *state, struct buffer *ret)
{
    char hex[SHA256_HEX_SIZE];
    char day[DATE_TEXT_SIZE];
    const struct clock_trail *trail = &state->trail;
    buffer_printf(ret, "size %" PRIu64 "\n", state->range.size);
    write_hash("leaf", &state->last_leaf, ret);
    buffer_add_text(ret, "range");
    for (size_t i = 0; i < merkle_range_count(&state->range); i++) {
        buffer_printf(ret, " %s", hex_format(state->range.hash[i].byte, SHA256_SIZE, hex));
    }
    buffer_printf(ret, "\nproven %s\nreplayed %" PRIu64 "\ncompared %" PRIu64 "\n",
                  date_format(state->proven, day), state->replayed, state->compared);
    buffer_printf(ret, "time %" PRId64 "\nclock %s %" PRId64 "\n", trail->at.seconds,
                  trail->has_clk ? trail->boot : "-", trail->has_clk ? trail->up : 0);
}

static void write_registry(const struct registry *registry, struct buffer *ret)
{
    char vkey[VKEY_TEXT_MAX];
    buffer_printf(ret, "quorum %" PRId64 "\n", registry->quorum);
    for (size_t i = 0; i < registry->keys; i++) {
        const struct registered *key = &registry->key[i];
        buffer_printf(ret, "key %s %" PRIu64, verifier_key_format(&key->key, vkey), key->from);
        write_number(key->until, UINT64_MAX, ret);
        write_number(key->has_before ? key->before : UINT64_MAX, UINT64_MAX, ret);
        buffer_add_byte(ret, '\n');
    }
    for (size_t i = 0; i < registry->roles; i++) {
        const struct held_role *role = &registry->role[i];
        buffer_printf(ret, "role %s %s", role->actor, role->role);
        write_number((uint64_t)role->until, INT64_MAX, ret);
        buffer_add_byte(ret, '\n');
    }
    for (size_t i = 0; i < registry->disputes; i++) {
        const struct dispute *dispute = &registry->dispute[i];
        buffer_printf(ret, "dispute %s %" PRIu64 " %" PRIu64 " %zu\n",
                      verifier_key_format(&dispute->key, vkey), dispute->from, dispute->until,
                      dispute->about);
    }
    for (size_t i = 0; i < registry->resolved_count; i++) {
        buffer_printf(ret, "resolved %zu %" PRIu64 "\n", registry->resolved[i].about,
                      registry->resolved[i].seq);
    }
}

static void write_heads(const struct head_memory *heads, struct buffer *ret)
{
    char vkey[VKEY_TEXT_MAX];
    char root[SHA256_HEX_SIZE];
    char note[SHA256_HEX_SIZE];
    buffer_printf(ret, "age %" PRId64 "\n", heads->max_age_days);
    for (size_t i = 0; i < heads->keys; i++) {
        buffer_printf(ret, "epoch %s\n", verifier_key_format(&heads->key[i], vkey));
    }
    buffer_printf(ret, "log %zu\nday %zu\n", heads->log, heads->day);
    write_hash("card", &heads->card_policy, ret);
    buffer_printf(ret, "witnessed %" PRIu64 " %" PRId64 " %016" PRIx64 "\n", heads->witnessed_size,
                  heads->witnessed_time, heads->witnessed_by);
    buffer_printf(ret, "mirrored %" PRIu64 " %" PRId64 " %016" PRIx64 "\n", heads->mirrored.size,
                  heads->mirrored.time, heads->mirrored.by);
    for (size_t i = 0; i < heads->heads; i++) {
        const struct passed_head *head = &heads->head[i];
        buffer_printf(ret, "head %" PRIu64 " %s %s %" PRId64, head->size,
                      hex_format(head->root.byte, SHA256_SIZE, root),
                      hex_format(head->note.byte, SHA256_SIZE, note), head->at.seconds);
        write_number(head->log, HEAD_KEY_NONE, ret);
        write_number(head->day, HEAD_KEY_NONE, ret);
        write_number(head->next_log, HEAD_KEY_NONE, ret);
        write_number(head->next_day, HEAD_KEY_NONE, ret);
        buffer_add_byte(ret, '\n');
    }
}

bool verify_state_write(const struct verify_state *state, struct buffer *ret, struct error *err)
{
    size_t start = ret->length;
    buffer_printf(ret, "ledger-state/v1\norigin %s\n", state->origin);
    write_hash("genesis", &state->heads.genesis, ret);
    if (state->heads.has_policy) {
        write_hash("policy", &state->heads.policy, ret);
    } else {
        buffer_add_text(ret, "policy -\n");
    }
    write_tree(state, ret);
    write_registry(state->registry, ret);
    write_heads(&state->heads, ret);
    buffer_printf(ret, "commands %zu\n", state->commands.length / COMMAND_LINE);
    if (state->commands.length > 0) {
        buffer_add(ret, state->commands.data, state->commands.length);
    }
    struct sha256 digest = sha256_of(ret->data + start, ret->length - start);
    write_hash("sha256", &digest, ret);
    if (ret->overflowed || state->commands.overflowed) {
        return error_set(err, FAULT_REFUSED, "audit.state-too-large",
                         _("the verified state would be larger than %zu bytes"), ret->limit);
    }
    return true;
}
