/* privacy_dek.h - data keys of subjects, wrapped; and the sealing that fields use as well. Layer:
 * audit. For privacy.c alone. */
#ifndef YICANG_AUDIT_PRIVACY_DEK_H
#define YICANG_AUDIT_PRIVACY_DEK_H

#include "ledger/audit/privacy.h"

#include <sodium.h>

#define DEK_SIZE 32
#define SEAL_NONCE_SIZE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define SEAL_TAG_SIZE crypto_aead_xchacha20poly1305_ietf_ABYTES
#define SEAL_LABEL_SIZE 256 /* the longest origin has 128 bytes */

/* What a sealed text belongs to: it opens nowhere else. */
struct seal_label {
    char text[SEAL_LABEL_SIZE];
    size_t length;
};

/* Gives the length of what was sealed: the text and its tag. */
size_t text_seal(const uint8_t key[static DEK_SIZE], const struct seal_label *label,
                 const uint8_t *plain, size_t length, const uint8_t nonce[static SEAL_NONCE_SIZE],
                 uint8_t *ret);
MUST_CHECK bool text_unseal(const uint8_t key[static DEK_SIZE], const struct seal_label *label,
                            const uint8_t *sealed, size_t length,
                            const uint8_t nonce[static SEAL_NONCE_SIZE], uint8_t *ret,
                            size_t *ret_length);

/* The subject's own key; *ret_found is false if the subject was erased or never was. Reason id
 * privacy.damaged. */
MUST_CHECK bool dek_load(struct store *store, const struct privacy_keys *keys, const char *origin,
                         const char *subject, uint8_t ret[static DEK_SIZE], bool *ret_found,
                         struct error *err);
/* Always false: privacy.damaged. */
bool privacy_damaged(const char *what, const char *subject, struct error *err);

#endif
