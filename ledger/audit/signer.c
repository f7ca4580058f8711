#include "ledger/audit/signer.h"

#include "ledger/audit/ssh_agent.h"

#include <assert.h>

bool signer_sign(const struct signer *signer, const void *text, size_t length, int seconds,
                 uint8_t ret[static 64], struct error *err)
{
    if (signer->key == NULL) {
        return ssh_agent_sign(signer->verifier->public_key, text, length,
                              seconds > 0 ? seconds : SSH_AGENT_SIGN_SECONDS, ret, err);
    }
    int made = crypto_sign_detached(ret, NULL, text, length, signer->key->secret);
    assert(made == 0);
    return true;
}

bool signature_line_sign(const struct signer *signer, const char *text, size_t length,
                         struct buffer *ret, struct error *err)
{
    uint8_t signature[64];

    if (!signer_sign(signer, text, length, 0, signature, err)) {
        return false;
    }
    signature_line_put(signer->verifier, signature, ret);
    return true;
}
