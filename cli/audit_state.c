#include "cli/audit_state.h"

#include "cli/input_file.h"
#include "ledger/audit/file_write.h"
#include "ledger/base/text.h"

#include <errno.h>
#include <string.h>

bool audit_state_read(const char *path, struct verify_state *ret, struct sha256 *ret_digest,
                      struct error *err)
{
    AUTO_BUFFER text;
    buffer_init(&text, VERIFY_STATE_MAX);
    if (!input_file_read(path, &text, err)) {
        return false;
    }
    *ret_digest = sha256_of(text.data == NULL ? "" : text.data, text.length);
    return verify_state_parse(text.data == NULL ? "" : text.data, text.length, ret, err);
}

bool audit_state_write(const char *path, const struct verify_state *state,
                       struct sha256 *ret_digest, struct error *err)
{
    AUTO_BUFFER text;
    buffer_init(&text, VERIFY_STATE_MAX);
    if (!verify_state_write(state, &text, err)) {
        return false;
    }
    *ret_digest = sha256_of(text.data, text.length);
    if (file_replace(path, text.data, text.length)) {
        return true;
    }
    error_set(err, FAULT_STORE, "audit.state-write",
              _("the verified state %s cannot be written: %s"), path, strerror(errno));
    return error_next(err, _("make room or name another file, and verify again"));
}
