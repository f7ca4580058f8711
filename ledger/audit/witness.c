#include "ledger/audit/witness.h"

#include "ledger/base/text.h"

#include <inttypes.h>
#include <string.h>

static bool refuse_malformed(const char *fact, struct error *err)
{
    return error_set(err, FAULT_INPUT, "witness.malformed",
                     _("the request to the witness is malformed: %s"), fact);
}

/* What is checked before anything of the memory is looked at. */
static bool check_log(const struct witness_state *state, const struct witness_policy *policy,
                      const struct note *note, const struct checkpoint *checkpoint,
                      struct error *err)
{
    const struct verifier_key *log = witness_policy_log(policy, checkpoint->origin);
    if (log == NULL || !text_equal(checkpoint->origin, state->origin)) {
        return error_set(err, FAULT_REFUSED, "witness.unknown-log",
                         _("the witness does not watch the log %s"), checkpoint->origin);
    }
    uint64_t signed_by = 0;
    const struct verifier_key *const key[] = {log};
    if (!note_open(note, key, 1, &signed_by, err)) {
        return error_set(err, FAULT_REFUSED, "witness.log-signature",
                         _("the checkpoint is not signed by the key of the log %s"),
                         checkpoint->origin);
    }
    return true;
}

static bool check_step(const struct witness_state *state, const struct witness_request *request,
                       const struct checkpoint *checkpoint, struct error *err)
{
    if (request->old_size > checkpoint->size) {
        return refuse_malformed(_("the checkpoint is smaller than the old size"), err);
    }
    if (request->old_size != state->size) {
        error_set(err, FAULT_REFUSED, "witness.old-size",
                  _("the witness has seen size %" PRIu64 ", the request begins at %" PRIu64),
                  state->size, request->old_size);
        return error_next(err, _("export the checkpoint again from size %" PRIu64), state->size);
    }
    if (request->old_size == 0 && request->proof.count != 0) {
        return refuse_malformed(_("a proof from size 0 is empty"), err);
    }
    if (state->size == checkpoint->size && !sha256_equal(&state->root, &checkpoint->root)) {
        error_set(err, FAULT_INTEGRITY, "witness.fork",
                  _("the log shows another history at size %" PRIu64 " than it showed before"),
                  state->size);
        return error_next(err, _("keep both checkpoints: together they prove the fork"));
    }
    if (state->size > 0 &&
        !merkle_consistency_holds(state->size, checkpoint->size, &state->root, &checkpoint->root,
                                  request->proof.hash, request->proof.count)) {
        return error_set(err, FAULT_INTEGRITY, "witness.proof",
                         _("the proof does not lead from size %" PRIu64 " to size %" PRIu64),
                         state->size, checkpoint->size);
    }
    return true;
}

static bool check_cosigner(const struct witness_state *state, const struct signer *cosigner,
                           int64_t now, struct error *err)
{
    if (state->cosigner.id != cosigner->verifier->id ||
        memcmp(state->cosigner.public_key, cosigner->verifier->public_key,
               sizeof state->cosigner.public_key) != 0) {
        return error_set(err, FAULT_REFUSED, "witness.other-key",
                         _("the memory of the witness belongs to the key %s, not to this one"),
                         state->cosigner.name);
    }
    if (now < state->time) {
        return error_set(err, FAULT_REFUSED, "witness.clock",
                         _("the clock stands before the last cosignature of this witness"));
    }
    return true;
}

/* What is checked of every request, before anything is compared. */
static bool read_head(const struct witness_state *state, const struct witness_request *request,
                      const struct witness_policy *policy, struct note *ret_note,
                      struct checkpoint *ret, struct error *err)
{
    if (!checkpoint_read(request->checkpoint, request->checkpoint_length, ret_note, ret, err)) {
        return refuse_malformed(_("its checkpoint cannot be read"), err);
    }
    return check_log(state, policy, ret_note, ret, err);
}

static bool sign(const struct witness_state *state, const struct note *note,
                 const struct checkpoint *checkpoint, const struct signer *cosigner, int64_t now,
                 struct witness_state *ret_state, struct buffer *ret_line, struct error *err)
{
    if (!cosignature_line_sign(cosigner, note->text, note->length, now, ret_line, err)) {
        return false;
    }
    *ret_state = *state;
    ret_state->size = checkpoint->size;
    ret_state->root = checkpoint->root;
    ret_state->time = now;
    return true;
}

bool witness_advance(const struct witness_state *state, const struct witness_request *request,
                     const struct witness_policy *policy, const struct signer *cosigner,
                     int64_t now, struct witness_state *ret_state, struct buffer *ret_line,
                     struct error *err)
{
    struct note note;
    struct checkpoint checkpoint;
    return read_head(state, request, policy, &note, &checkpoint, err) &&
           check_step(state, request, &checkpoint, err) &&
           check_cosigner(state, cosigner, now, err) &&
           sign(state, &note, &checkpoint, cosigner, now, ret_state, ret_line, err);
}

/* Mirrors ---------------------------------------------------------------------------------------
 */

bool cosigner_is_mirror(const struct verifier_key *key)
{
    static const char word[] = "/mirror";
    const char *last = strrchr(key->name, '/');
    size_t before = last == NULL ? 0 : (size_t)(last - key->name);
    return before > strlen(word) && last[1] != '\0' &&
           strncmp(last - strlen(word), word, strlen(word)) == 0;
}

bool mirror_advance(const struct witness_state *state, const struct witness_request *request,
                    const struct witness_policy *policy, const struct signer *cosigner, int64_t now,
                    uint64_t size, const struct sha256 *root, struct witness_state *ret_state,
                    struct buffer *ret_line, struct error *err)
{
    struct note note;
    struct checkpoint checkpoint;
    if (!read_head(state, request, policy, &note, &checkpoint, err) ||
        !check_cosigner(state, cosigner, now, err)) {
        return false;
    }
    if (checkpoint.size != size || !sha256_equal(&checkpoint.root, root)) {
        error_set(err, FAULT_REFUSED, "witness.other-head",
                  _("the request is about %" PRIu64 " events, the export has %" PRIu64
                    ", or another root"),
                  checkpoint.size, size);
        return error_next(err, _("let the request and the export be made one after the other, with "
                                 "no event between"));
    }
    return sign(state, &note, &checkpoint, cosigner, now, ret_state, ret_line, err);
}
