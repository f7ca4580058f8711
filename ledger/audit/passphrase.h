/* passphrase.h - whether a passphrase may keep a new key (audit-log.md 4.12). Layer: audit. */
#ifndef YICANG_AUDIT_PASSPHRASE_H
#define YICANG_AUDIT_PASSPHRASE_H

#include "ledger/base/error.h"

#include <stdbool.h>

#define PASSPHRASE_MIN_CHARACTERS 12
#define PASSPHRASE_MIN_DIFFERENT 5

/* At least 12 characters, of which 5 are different, and none of the common ones, whatever their
 * case and whatever stands between their words. Asked when a key file is made; files that exist
 * open as before. Reason id key-file.weak-passphrase; the text never holds the passphrase. */
MUST_CHECK bool passphrase_is_fit(const char *passphrase, struct error *err);

#endif
