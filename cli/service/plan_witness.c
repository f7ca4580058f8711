#include "cli/service/witness_plans.h"

#include "ledger/audit/checkpoint.h"
#include "ledger/audit/checkpoint_store.h"
#include "ledger/audit/log_keys.h"
#include "ledger/base/text.h"

#include <string.h>

static bool refuse_head(const char *fact, struct error *err)
{
    error_set(err, FAULT_REFUSED, "witness.head", _("what was cosigned is no head of this log: %s"),
              fact);
    return error_next(err, _("give the file of `yicang audit checkpoint export` that the witness "
                             "answered"));
}

/* A head of this log and size, under the log key of that size. */
static bool check_head(struct planning *planning, const struct buffer *bytes, int64_t size,
                       struct note *ret, struct error *err)
{
    char vkey[VKEY_TEXT_MAX];
    struct verifier_key log;
    const struct verifier_key *const key[] = {&log};
    struct checkpoint head;
    struct error why;
    uint64_t signed_by = 0;

    if (!service_key_at(planning->store, SERVICE_KEY_LOG, size < 0 ? 0 : (uint64_t)size, vkey,
                        err) ||
        !verifier_key_parse(vkey, &log, err)) {
        return false;
    }
    if (!checkpoint_read(bytes->data == NULL ? "" : bytes->data, bytes->length, ret, &head, &why)) {
        return refuse_head(why.text, err);
    }
    if (!text_equal(head.origin, planning->origin) || head.size != (uint64_t)size || size < 1 ||
        head.size > planning->seq) {
        return refuse_head(_("it is of another log or size"), err);
    }
    return note_open(ret, key, 1, &signed_by, &why) ||
           refuse_head(_("the log key has not signed it"), err);
}

static bool refuse_line(struct error *err)
{
    return error_set(err, FAULT_REFUSED, "witness.line",
                     _("the line is no good cosignature of this head by this witness"));
}

static bool check_line(const struct buffer *bytes, const char *line, const char *vkey,
                       struct error *err)
{
    struct verifier_key witness;
    struct note note;
    struct error why;
    AUTO_BUFFER joined;
    const char *with_end = line;
    AUTO_BUFFER ended;

    buffer_init(&joined, CHECKPOINT_NOTE_MAX);
    buffer_init(&ended, CHECKPOINT_NOTE_MAX);
    buffer_add_text(&ended, with_end);
    buffer_add_byte(&ended, '\n');
    if (!verifier_key_parse(vkey, &witness, err)) {
        return false;
    }
    if (witness.type != KEY_TYPE_COSIGNATURE ||
        !checkpoint_add_lines(bytes->data, bytes->length, ended.data, ended.length, &joined,
                              &why) ||
        !note_parse(joined.data, joined.length, &note, &why)) {
        return refuse_line(err);
    }
    const struct note_signature *signature = &note.signature[note.signatures - 1];
    bool named = note_signature_by(&note, &witness) == signature;
    return (named && note_signature_holds(&note, signature, &witness)) || refuse_line(err);
}

/* The head of this size as the book keeps it, if it does. */
static bool kept_head(struct store *store, int64_t size, bool *ret_found, struct buffer *ret,
                      struct error *err)
{
    return checkpoint_store_get(store, (uint64_t)size, ret_found, ret, err);
}

bool plan_witness_cosign(struct planning *planning, const struct canon *request, struct error *err)
{
    const char *line = canon_get_text(request, "line");
    const char *vkey = canon_get_text(request, "vkey");
    struct note note;
    int64_t size = 0;
    bool found = false;
    AUTO_BUFFER bytes;
    AUTO_BUFFER kept;

    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    buffer_init(&kept, CHECKPOINT_NOTE_MAX);
    if (line == NULL || vkey == NULL || !canon_get_int(request, "size", &size) ||
        !note_of_lines(canon_get(request, "note"), &bytes)) {
        return request_malformed("size, note, line, vkey", err);
    }
    if (!check_head(planning, &bytes, size, &note, err) || !check_line(&bytes, line, vkey, err) ||
        !kept_head(planning->store, size, &found, &kept, err)) {
        return false;
    }
    return !found || strstr(kept.data, line) == NULL ||
           error_set(err, FAULT_REFUSED, "witness.line-known",
                     _("this cosignature is recorded already"));
}

bool project_witness_cosign(const struct projection *p, struct error *err)
{
    const char *line = canon_get_text(p->in, "line");
    int64_t size = 0;
    bool found = false;
    AUTO_BUFFER bytes;

    buffer_init(&bytes, CHECKPOINT_NOTE_MAX);
    if (line == NULL || !canon_get_int(p->in, "size", &size) || size < 1) {
        return event_malformed("size, line", err);
    }
    /* Lines of other witnesses that the book has already stay where they are. */
    if (!kept_head(p->store, size, &found, &bytes, err)) {
        return false;
    }
    if (!found && !note_of_lines(canon_get(p->in, "note"), &bytes)) {
        return event_malformed("note", err);
    }
    buffer_add_text(&bytes, line);
    buffer_add_byte(&bytes, '\n');
    if (bytes.overflowed) {
        return event_malformed("note", err);
    }
    return checkpoint_store_put(p->store, (uint64_t)size, bytes.data, bytes.length,
                                CHECKPOINT_COSIGNED, err) &&
           key_recovery_seen_put(p->store, p->seq, (uint64_t)size, err);
}

bool plan_export_made(struct planning *planning, const struct canon *request, struct error *err)
{
    struct sha256 manifest;
    int64_t size = 0;

    if (!canon_get_sha256(request, "manifest_sha256", &manifest) ||
        !canon_get_int(request, "size", &size)) {
        return request_malformed("manifest_sha256, size", err);
    }
    if (size < 1 || (uint64_t)size > planning->seq) {
        error_set(err, FAULT_REFUSED, "audit.export-size", _("an export of %lld events"),
                  (long long)size);
        return error_limit(err, _("the log has %llu"), (unsigned long long)planning->seq);
    }
    return true;
}
