/* checkpoint.h - the head of the log as a signed note: origin, size, root (C2SP tlog-checkpoint),
 * signed by the log key and the day key in force (audit-log.md 4.6). Layer: audit.
 *
 * Day keys: if the event that rotates the key has seq s, the checkpoint of size s+1 is the seal of
 * the old epoch; the new epoch begins there. So a checkpoint carries the line of the log key, then
 * the line of the day key that covers its size, and on a seal a third line, of the next day key. */
#ifndef YICANG_AUDIT_CHECKPOINT_H
#define YICANG_AUDIT_CHECKPOINT_H

#include "ledger/audit/note.h"

#define CHECKPOINT_ORIGIN_MAX 255
#define CHECKPOINT_NOTE_MAX 65536 /* bytes of a checkpoint with its signature lines */
#define CHECKPOINT_WITNESSES_MAX 32

struct checkpoint {
    char origin[CHECKPOINT_ORIGIN_MAX + 1];
    uint64_t size;
    struct sha256 root;
    struct span extension; /* lines behind the third, inside the text that was parsed */
};

/* The text of a checkpoint. Strict: no leading zero, size below 2^63, a root of 32 bytes, no empty
 * line. Extension lines are accepted and never written. Reason id checkpoint.malformed. */
MUST_CHECK bool checkpoint_parse(const char *text, size_t length, struct checkpoint *ret,
                                 struct error *err);
/* Note and text in one. note->text points into bytes. */
MUST_CHECK bool checkpoint_read(const char *bytes, size_t length, struct note *ret_note,
                                struct checkpoint *ret, struct error *err);

void checkpoint_text_add(const char *origin, uint64_t size, const struct sha256 *root,
                         struct buffer *ret);
/* The whole note, signed by the log key, the day key, and on a seal the next day key (else NULL).
 */
void checkpoint_make(const char *origin, uint64_t size, const struct sha256 *root,
                     const struct signing_key *log, const struct signing_key *day,
                     const struct signing_key *next_day, struct buffer *ret);

/* A day key and the size from which it signs: 0 for the key of the genesis, else seq of the
 * rotating event + 1. */
struct epoch {
    struct verifier_key day_key;
    uint64_t from;
};

/* Whose lines a checkpoint must carry, first to last; NULL: no such line. log or day is NULL where
 * that key was lost and the admins said so in the log. */
struct checkpoint_signers {
    const struct verifier_key *log;
    const struct verifier_key *day;
    const struct verifier_key *next_log; /* where the admins replaced the log key */
    const struct verifier_key *next_day;
};

/* Epochs in order of time, each beginning later than the one before, the first at 0: else E_EPOCH.
 */
MUST_CHECK bool epoch_signers(const struct epoch *epoch, size_t epochs, uint64_t size,
                              const struct verifier_key *log, struct checkpoint_signers *ret,
                              struct error *err);
/* Each closed epoch has its seal: its last size is among the sizes (ascending) of the checkpoints
 * that are kept. E_EPOCH naming the first size that is missing. */
MUST_CHECK bool epochs_are_sealed(const struct epoch *epoch, size_t epochs, const uint64_t *size,
                                  size_t sizes, struct error *err);

/* What the witnesses of a policy said about a checkpoint. */
struct checkpoint_witnessed {
    uint64_t by; /* bit i: witness i has cosigned */
    int64_t time[CHECKPOINT_WITNESSES_MAX];
};

/* Checks a checkpoint of our own: no extension lines, its origin the signers' log, its first lines
 * exactly those of the signers, good; no further line under their names; every line of a known
 * witness good and not doubled. Lines of others are skipped. Reason ids E_CPSIG; E_EPOCH if a day
 * key signed that does not cover the size, or one that covers it did not. ret may be NULL. */
MUST_CHECK bool checkpoint_verify(const struct note *note, const struct checkpoint *checkpoint,
                                  const char *origin, const struct checkpoint_signers *signers,
                                  const struct verifier_key *const *witness, size_t witnesses,
                                  struct checkpoint_witnessed *ret, struct error *err);

/* The note with further signature lines (each ending with LF) behind its own; refuses lines that do
 * not make a note. Reason id note.malformed. */
MUST_CHECK bool checkpoint_add_lines(const char *bytes, size_t length, const char *lines,
                                     size_t lines_length, struct buffer *ret, struct error *err);

#endif
