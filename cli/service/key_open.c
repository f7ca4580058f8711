#include "cli/service/key_open.h"

#include "ledger/base/digest.h"
#include "ledger/base/text.h"

#include <stdlib.h>
#include <string.h>

void opened_key_wipe(struct opened_key *key)
{
    sodium_memzero(key, sizeof *key);
}

struct signer opened_key_signer(const struct opened_key *key)
{
    return key->in_agent ? signer_in_agent(&key->key.verifier) : signer_of_key(&key->key);
}

bool key_open(const char *path, const char *whose, const struct passphrase_source *source,
              struct opened_key *ret, struct error *err)
{
    char *passphrase = NULL;

    ret->in_agent = key_file_names_agent(path);
    if (ret->in_agent) {
        return key_file_read_public(path, &ret->key.verifier, err);
    }
    if (key_file_is_encrypted(path)) {
        passphrase =
            source == NULL || source->ask == NULL ? NULL : source->ask(source->context, whose);
        if (passphrase == NULL) {
            error_set(err, FAULT_REFUSED, "key.needs-passphrase",
                      _("the key of %s needs its passphrase"), whose);
            return error_next(err, _("run `yicang session open`, or give --passphrase-fd"));
        }
    }
    bool ok = key_file_read(path, passphrase, &ret->key, err);
    if (passphrase != NULL) {
        sodium_memzero(passphrase, strlen(passphrase));
        free(passphrase);
    }
    return ok;
}
