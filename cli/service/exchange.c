#include "cli/service/exchange.h"

#include "ledger/audit/bundle.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/audit/log_keys.h"
#include "ledger/audit/log_lookup.h"
#include "ledger/audit/witness.h"
#include "ledger/base/text.h"
#include "ledger/books/people.h"

#include <inttypes.h>
#include <string.h>

#define KEYS_TEXT_MAX ((size_t)4 << 20)

/* Proofs ----------------------------------------------------------------------------------------
 */

static bool leaf_hash_of(void *context, uint64_t seq, struct sha256 *ret, struct error *err)
{
    return event_leaf_hash(context, seq, ret, err);
}

static bool newest_head(struct office *office, uint64_t *ret_size, struct buffer *ret,
                        struct error *err)
{
    bool found = false;

    if (!checkpoint_store_newest(office->store, ret_size, err) ||
        !checkpoint_store_get(office->store, *ret_size, &found, ret, err)) {
        return false;
    }
    return found || error_set(err, FAULT_INTEGRITY, "bundle.no-checkpoint",
                              _("the book keeps no signed head"));
}

bool witness_last_size(struct office *office, uint64_t *ret, struct error *err)
{
    return checkpoint_store_newest_cosigned(office->store, ret, err);
}

bool witness_request_make(struct office *office, uint64_t old_size, struct buffer *ret,
                          uint64_t *ret_size, struct error *err)
{
    struct leaf_source leaves = {office->store, leaf_hash_of};
    struct tree_source tree = tree_source_of_leaves(&leaves);
    struct witness_request request = {.old_size = old_size};
    AUTO_TRANSACTION snapshot = {0};
    AUTO_BUFFER head;

    buffer_init(&head, CHECKPOINT_NOTE_MAX);
    if (!transaction_begin_read(office->store, &snapshot, err) ||
        !newest_head(office, ret_size, &head, err)) {
        return false;
    }
    if (old_size > *ret_size) {
        return error_set(err, FAULT_REFUSED, "witness.old-size",
                         _("the log has %" PRIu64 " events under its newest head, not %" PRIu64),
                         *ret_size, old_size);
    }
    if (!proof_of_consistency(&tree, old_size, *ret_size, &request.proof, err)) {
        return false;
    }
    request.checkpoint = head.data;
    request.checkpoint_length = head.length;
    witness_request_write(&request, ret);
    return true;
}

/* Cosignatures that come back -------------------------------------------------------------------
 */

static bool malformed(const char *fact, struct error *err)
{
    return error_set(err, FAULT_INPUT, "witness.malformed", _("the answer cannot be used: %s"),
                     fact);
}

/* The witness of the card that signed the head in this line; NULL: none. */
static const struct verifier_key *witness_of(const struct trust_card *card, const struct note *note,
                                             int64_t *ret_time)
{
    const struct note_signature *signature = &note->signature[note->signatures - 1];
    for (size_t i = 0; i < card->policy->witnesses; i++) {
        const struct verifier_key *witness = card->policy->witness[i];
        if (note_signature_by(note, witness) == signature) {
            *ret_time = cosignature_time(signature->bytes);
            return witness;
        }
    }
    return NULL;
}

static bool check_time(int64_t time, int64_t now, struct error *err)
{
    if (time <= now + 300) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "witness.clock",
              _("the witness signed at a time that has not come yet"));
    return error_next(err, _("set the clock of this machine right, or that of the witness"));
}

/* Takes the first line of the answer that a witness of the card wrote. */
static bool find_line(const struct trust_card *card, const struct witness_request *request,
                      const struct buffer *answer, struct span *ret_line,
                      const struct verifier_key **ret_witness, int64_t *ret_time, struct error *err)
{
    struct line_reader lines;
    struct span line;

    line_reader_init(&lines, answer->data == NULL ? "" : answer->data, answer->length);
    while (line_next(&lines, &line)) {
        struct note note;
        struct error why;
        AUTO_BUFFER joined;
        buffer_init(&joined, CHECKPOINT_NOTE_MAX);
        if (!checkpoint_add_lines(request->checkpoint, request->checkpoint_length, line.start,
                                  line.length + 1, &joined, &why) ||
            !note_parse(joined.data, joined.length, &note, &why)) {
            return malformed(why.text, err);
        }
        *ret_witness = witness_of(card, &note, ret_time);
        if (*ret_witness != NULL) {
            *ret_line = line;
            return true;
        }
    }
    error_set(err, FAULT_REFUSED, "witness.unknown",
              _("no line of the answer is by a witness that the trust card names"));
    return error_next(err, _("renew the card if the bureau has a new key"));
}

bool cosign_request_make(struct office *office, const struct trust_card *card,
                         const struct buffer *sent, const struct buffer *lines, int64_t now,
                         struct canon **ret, struct error *err)
{
    struct arena *arena = &office->arena;
    struct witness_request request;
    const struct verifier_key *witness = NULL;
    struct checkpoint head;
    struct note note;
    struct span line = {0};
    char vkey[VKEY_TEXT_MAX];
    int64_t time = 0;

    if (!witness_request_parse(sent->data == NULL ? "" : sent->data, sent->length, &request, err) ||
        !checkpoint_read(request.checkpoint, request.checkpoint_length, &note, &head, err) ||
        !find_line(card, &request, lines, &line, &witness, &time, err) ||
        !check_time(time, now, err)) {
        return false;
    }
    struct canon *body = canon_object(arena);
    canon_set_int(body, "size", (int64_t)head.size);
    canon_set(body, "note", note_lines(arena, request.checkpoint, request.checkpoint_length));
    canon_set_text(body, "line", arena_text_n(arena, line.start, line.length));
    canon_set_text(body, "vkey", verifier_key_format(witness, vkey));
    *ret = body;
    return true;
}

/* Receipts --------------------------------------------------------------------------------------
 */

static bool covering_head(struct office *office, uint64_t seq, enum receipt_head under,
                          uint64_t *ret_size, struct buffer *ret, struct error *err)
{
    bool found = false;

    if (!checkpoint_store_newest_cosigned(office->store, ret_size, err)) {
        return false;
    }
    if (under == RECEIPT_NEWEST || *ret_size <= seq) {
        return newest_head(office, ret_size, ret, err);
    }
    return checkpoint_store_get(office->store, *ret_size, &found, ret, err);
}

static bool refuse_root(uint64_t size, struct error *err)
{
    return error_set(err, FAULT_INTEGRITY, "E_ROOT",
                     _("the event is not under the head of size %" PRIu64), size);
}

static bool is_in_log(const struct office *office, uint64_t seq, struct error *err)
{
    if (seq < office->tip.size) {
        return true;
    }
    error_set(err, FAULT_REFUSED, "audit.no-event", _("there is no event %llu"),
              (unsigned long long)seq);
    error_limit(err, _("the last one is %llu"), (unsigned long long)office->tip.size - 1);
    return error_next(err, _("`yicang audit log` shows all"));
}

bool receipt_make(struct office *office, uint64_t seq, enum receipt_head under, struct buffer *ret,
                  uint64_t *ret_size, struct error *err)
{
    struct leaf_source leaves = {office->store, leaf_hash_of};
    struct tree_source tree = tree_source_of_leaves(&leaves);
    struct receipt receipt = {.index = seq};
    struct event event;
    struct sha256 kept;
    struct note note;
    struct checkpoint head;
    AUTO_TRANSACTION snapshot = {0};
    AUTO_BUFFER bytes;

    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    if (!transaction_begin_read(office->store, &snapshot, err) || !is_in_log(office, seq, err) ||
        !event_load(office->store, &office->arena, office->facts.origin, seq, &event, &kept, err) ||
        !covering_head(office, seq, under, ret_size, &bytes, err) ||
        !checkpoint_read(bytes.data, bytes.length, &note, &head, err) ||
        !proof_of_inclusion(&tree, seq, *ret_size, &receipt.proof, err)) {
        return false;
    }
    struct sha256 hash = merkle_leaf_hash(event.text, event.leaf_length);
    if (!merkle_inclusion_holds(seq, *ret_size, &hash, receipt.proof.hash, receipt.proof.count,
                                &head.root)) {
        return refuse_root(*ret_size, err);
    }
    if (event.leaf_length <= RECEIPT_EXTRA_MAX) {
        receipt.extra = (const uint8_t *)event.text;
        receipt.extra_length = event.leaf_length;
    }
    receipt.checkpoint = bytes.data;
    receipt.checkpoint_length = bytes.length;
    return receipt_write(&receipt, ret, err);
}

/* The head of a receipt: of the card's log, under its key; lines of its witnesses good. */
static bool receipt_head(const struct trust_card *card, const struct receipt *receipt,
                         struct checkpoint *ret, bool *ret_witnessed, struct error *err)
{
    struct note note;
    uint64_t signed_by = 0;
    struct error why;
    const struct verifier_key *key[CHECKPOINT_WITNESSES_MAX + 1] = {&card->log};
    size_t witnesses = card->policy->witnesses;

    memcpy(key + 1, card->policy->witness, witnesses * sizeof(const struct verifier_key *));
    if (!checkpoint_read(receipt->checkpoint, receipt->checkpoint_length, &note, ret, &why) ||
        !note_open(&note, key, witnesses + 1, &signed_by, &why) || (signed_by & 1) == 0) {
        return error_set(err, FAULT_INTEGRITY, "E_CPSIG",
                         _("the head in the receipt is not signed by the key of the log"));
    }
    if (!text_equal(ret->origin, card->origin)) {
        return error_set(err, FAULT_INTEGRITY, "E_ORIGIN", _("the receipt is of another log"));
    }
    *ret_witnessed = (signed_by >> 1) != 0 && witness_policy_is_met(card->policy, signed_by >> 1);
    return true;
}

bool receipt_check(struct arena *arena, const struct trust_card *card, const struct buffer *bytes,
                   struct receipt_facts *ret, struct error *err)
{
    struct receipt receipt;
    struct checkpoint head;

    *ret = (struct receipt_facts){0};
    if (!receipt_parse(arena, bytes->data == NULL ? "" : bytes->data, bytes->length, &receipt,
                       err) ||
        !receipt_head(card, &receipt, &head, &ret->witnessed, err)) {
        return false;
    }
    ret->seq = receipt.index;
    ret->size = head.size;
    if (receipt.extra == NULL) {
        return error_set(err, FAULT_INPUT, "receipt.malformed",
                         _("the receipt does not carry its event"));
    }
    ret->root = head.root;
    ret->leaf_hash = merkle_leaf_hash(receipt.extra, receipt.extra_length);
    if (!merkle_inclusion_holds(receipt.index, head.size, &ret->leaf_hash, receipt.proof.hash,
                                receipt.proof.count, &head.root)) {
        return refuse_root(head.size, err);
    }
    const char *leaf = arena_text_n(arena, (const char *)receipt.extra, receipt.extra_length);
    struct event *event = &ret->event;
    if (!event_parse(arena, card->origin, leaf, receipt.extra_length, event, err)) {
        return false;
    }
    if (event->seq != receipt.index) {
        return error_set(err, FAULT_INTEGRITY, "E_SEQ", _("was signed as event %" PRIu64),
                         event->seq);
    }
    ret->line = arena_text_n(arena, event->line, event->line_length);
    return true;
}

/* Exports ---------------------------------------------------------------------------------------
 */

static void add_key_line(void *context, const char *vkey)
{
    struct buffer *keys = context;
    buffer_add_text(keys, vkey);
    buffer_add_byte(keys, '\n');
}

/* Every key of the log and of people, one a line; the witnesses of the card last. */
static bool list_keys(struct office *office, const struct trust_card *card, struct buffer *ret,
                      struct error *err)
{
    char vkey[VKEY_TEXT_MAX];

    if (!service_keys_each(office->store, SERVICE_KEY_LOG, add_key_line, ret, err) ||
        !service_keys_each(office->store, SERVICE_KEY_DAY, add_key_line, ret, err) ||
        !service_keys_each(office->store, SERVICE_KEY_SYSTEM, add_key_line, ret, err) ||
        !staff_keys_each(office->store, add_key_line, ret, err)) {
        return false;
    }
    for (size_t i = 0; i < card->policy->witnesses; i++) {
        add_key_line(ret, verifier_key_format(card->policy->witness[i], vkey));
    }
    return !ret->overflowed || error_set(err, FAULT_REFUSED, "bundle.too-many-files",
                                         _("the book has too many keys for one export"));
}

bool export_write(struct office *office, const struct trust_card *card,
                  const struct minisign_secret *secret, const struct export_reports *reports,
                  const char *folder, uint64_t *ret_size, struct sha256 *ret_manifest,
                  struct error *err)
{
    struct bundle_content content = {.origin = office->facts.origin,
                                     .file = reports->file,
                                     .files = reports->files,
                                     .secret = secret};
    AUTO_BUFFER keys;
    AUTO_BUFFER policy;

    buffer_init(&keys, KEYS_TEXT_MAX);
    buffer_init(&policy, WITNESS_POLICY_MAX);
    buffer_add(&policy, card->policy_text, card->policy_length);
    if (memcmp(&secret->key, &card->minisign, sizeof secret->key) != 0) {
        return error_set(err, FAULT_REFUSED, "audit.other-export-key",
                         _("the key that signs exports is not the one on the trust card"));
    }
    if (!list_keys(office, card, &keys, err) ||
        !checkpoint_store_newest(office->store, &content.size, err)) {
        return false;
    }
    content.keys = keys.data;
    content.policy = policy.data == NULL ? "" : policy.data;
    *ret_size = content.size;
    return bundle_write(office->store, folder, &content, ret_manifest, err);
}
