/* mark_file.h - what the two files have in common that remember how far the log had come: head.h
 * and high_water.h. Layer: audit; only for these two. */
#ifndef YICANG_AUDIT_MARK_FILE_H
#define YICANG_AUDIT_MARK_FILE_H

#include "ledger/audit/file_write.h"
#include "ledger/audit/line_reader.h"
#include "ledger/audit/log.h"

/* A line ends with a checksum of everything before the space in front of it. */
#define MARK_CHECKSUM_SIZE 17 /* 16 hex digits and the NUL */
void mark_checksum(const char *line, size_t length, char ret[static MARK_CHECKSUM_SIZE]);

/* One of the two. */
struct mark_kind {
    int flags; /* to open it for writing */
    /* The first content of a new file; errno tells why not. */
    bool (*begin)(int file, const struct log_tip *tip);
    /* Under the lock: writes the tip, unless the file is as far already. */
    bool (*advance)(const char *path, int file, const struct log_tip *tip, struct error *err);
    /* head.write, with what the file is called. */
    bool (*refuse)(const char *path, int number, struct error *err);
};

/* On the disk when it returns. */
MUST_CHECK bool mark_create(const struct mark_kind *kind, const char *path,
                            const struct log_tip *tip, struct error *err);
/* kept and sync as in head_write(). */
MUST_CHECK bool mark_write(const struct mark_kind *kind, const char *path, struct kept_file *kept,
                           const struct log_tip *tip, bool sync, struct error *err);

#endif
