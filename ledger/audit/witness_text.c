#include "ledger/audit/witness.h"

#include "ledger/base/text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define STATE_HEADER "ledger-witness/v1"

static void add_hash(const struct sha256 *hash, struct buffer *ret)
{
    char base64[64];
    assert(base64_size(SHA256_SIZE) <= sizeof base64);
    buffer_printf(ret, "%s\n", base64_format(hash->byte, SHA256_SIZE, base64));
}

void witness_request_write(const struct witness_request *request, struct buffer *ret)
{
    buffer_printf(ret, "old %" PRIu64 "\n", request->old_size);
    for (size_t i = 0; i < request->proof.count; i++) {
        add_hash(&request->proof.hash[i], ret);
    }
    buffer_add_byte(ret, '\n');
    buffer_add(ret, request->checkpoint, request->checkpoint_length);
}

static bool refuse_request(const char *fact, struct error *err)
{
    return error_set(err, FAULT_INPUT, "witness.malformed",
                     _("the request to the witness is malformed: %s"), fact);
}

bool witness_request_parse(const char *bytes, size_t length, struct witness_request *ret,
                           struct error *err)
{
    struct line_reader lines;
    struct span field;
    line_reader_init(&lines, bytes, length);
    *ret = (struct witness_request){0};
    if (length > WITNESS_REQUEST_MAX) {
        return refuse_request(_("it is too long"), err);
    }
    if (!line_next_field(&lines, "old", &field) || !span_decimal(field, &ret->old_size)) {
        return refuse_request(_("it does not begin with the old size"), err);
    }
    bool ended = false;
    while (!ended && line_next(&lines, &field)) {
        ended = field.length == 0;
        if (!ended && (ret->proof.count == MERKLE_HASHES_MAX ||
                       !span_base64_sha256(field, &ret->proof.hash[ret->proof.count++]))) {
            return refuse_request(
                _("a line of the proof is not 32 bytes in base64, or one too many"), err);
        }
    }
    struct span rest = line_rest(&lines);
    if (!ended || rest.length == 0) {
        return refuse_request(_("it has no checkpoint"), err);
    }
    ret->checkpoint = rest.start;
    ret->checkpoint_length = rest.length;
    return true;
}

void witness_state_start(const char *origin, const struct verifier_key *cosigner,
                         struct witness_state *ret)
{
    *ret = (struct witness_state){.cosigner = *cosigner, .root = sha256_of("", 0)};
    int length = snprintf(ret->origin, sizeof ret->origin, "%s", origin);
    assert(length > 0 && (size_t)length < sizeof ret->origin);
    (void)length;
}

void witness_state_write(const struct witness_state *state, struct buffer *ret)
{
    char vkey[VKEY_TEXT_MAX];
    buffer_printf(
        ret, STATE_HEADER "\norigin %s\ncosigner %s\nsize %" PRIu64 "\ntime %" PRId64 "\nroot ",
        state->origin, verifier_key_format(&state->cosigner, vkey), state->size, state->time);
    add_hash(&state->root, ret);
}

static bool cosigner_parse(struct span span, struct verifier_key *ret, struct error *err)
{
    char text[VKEY_TEXT_MAX];
    return span_copy(span, text, sizeof text) && verifier_key_parse(text, ret, err) &&
           ret->type == KEY_TYPE_COSIGNATURE;
}

static bool state_read(struct line_reader *lines, struct witness_state *ret, struct error *err)
{
    struct span field;
    uint64_t time = 0;
    if (!line_next_is(lines, STATE_HEADER) || !line_next_field(lines, "origin", &field) ||
        field.length == 0 || !span_copy(field, ret->origin, sizeof ret->origin) ||
        !line_next_field(lines, "cosigner", &field) ||
        !cosigner_parse(field, &ret->cosigner, err)) {
        return false;
    }
    if (!line_next_field(lines, "size", &field) || !span_decimal(field, &ret->size) ||
        !line_next_field(lines, "time", &field) || !span_decimal(field, &time) ||
        !line_next_field(lines, "root", &field) || !span_base64_sha256(field, &ret->root)) {
        return false;
    }
    ret->time = (int64_t)time;
    struct sha256 empty = sha256_of("", 0);
    return line_at_end(lines) && (ret->size != 0 || sha256_equal(&ret->root, &empty));
}

bool witness_state_parse(const char *bytes, size_t length, struct witness_state *ret,
                         struct error *err)
{
    struct line_reader lines;
    line_reader_init(&lines, bytes, length);
    *ret = (struct witness_state){0};
    if (length > WITNESS_STATE_MAX || !state_read(&lines, ret, err)) {
        error_set(err, FAULT_INPUT, "witness.state",
                  _("the memory of the witness cannot be read; it must not sign without it"));
        return error_next(err, _("restore key and memory together from one backup, or begin with a "
                                 "new key"));
    }
    return true;
}
