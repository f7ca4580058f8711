/* ssh_wire.h - the messages of the SSH agent protocol that signing needs, composed and taken apart
 * (draft-miller-ssh-agent; RFC 4251 5, RFC 8709). Layer: audit. No I/O. */
#ifndef YICANG_AUDIT_SSH_WIRE_H
#define YICANG_AUDIT_SSH_WIRE_H

#include "ledger/base/buffer.h"
#include "ledger/base/digest.h"
#include "ledger/base/error.h"

#define SSH_REPLY_MAX ((size_t)256 << 10) /* bytes of a message, as OpenSSH has it */
#define SSH_REQUEST_MAX ((size_t)256 << 10)
#define SSH_IDENTITIES_MAX 256
#define SSH_TYPE_MAX 64
#define SSH_COMMENT_MAX 1024 /* bytes of the comment of a key */
#define SSH_COMMENT_SHOWN 48
#define SSH_FINGERPRINT_SIZE 51 /* "SHA256:", 43 characters and the NUL */
#define SSH_PUBLIC_LINE_MAX ((size_t)16 << 10)

/* A public key of the agent, or of a .pub file. Only plain Ed25519 can sign for us: the kinds of
 * FIDO tokens (sk-) sign what they wrap around the text. */
struct ssh_identity {
    char type[SSH_TYPE_MAX + 1];
    char fingerprint[SSH_FINGERPRINT_SIZE];
    bool fits;                           /* ssh-ed25519 */
    uint8_t public_key[32];              /* if it fits */
    char comment[SSH_COMMENT_SHOWN + 1]; /* its front; empty if it is not plain ASCII */
};

struct ssh_identities {
    size_t count;
    struct ssh_identity identity[SSH_IDENTITIES_MAX];
};

/* Requests, with their length in front. */
void ssh_identities_request(struct buffer *ret);
void ssh_sign_request(const uint8_t public_key[static 32], const void *text, size_t length,
                      struct buffer *ret);

/* The length in front of a reply; 0 if it is none that a reply may have. */
size_t ssh_reply_length(const uint8_t bytes[static 4]);
/* Whether the reply says no. */
bool ssh_reply_is_failure(const uint8_t *reply, size_t length);
/* Strict: nothing missing, nothing behind it. Reason ids agent.reply, agent.key-type (signed by a
 * key of another kind). */
MUST_CHECK bool ssh_identities_parse(const uint8_t *reply, size_t length,
                                     struct ssh_identities *ret, struct error *err);
MUST_CHECK bool ssh_signature_parse(const uint8_t *reply, size_t length, uint8_t ret[static 64],
                                    struct error *err);

/* One line as ssh-keygen writes it into a .pub file, with or without the LF. Reason id
 * agent.public. */
MUST_CHECK bool ssh_public_parse(const char *line, size_t length, struct ssh_identity *ret,
                                 struct error *err);

#endif
