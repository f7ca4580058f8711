#include "cli/input_file.h"

#include "ledger/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool input_file_read(const char *path, struct buffer *ret, struct error *err)
{
    char chunk[4096];
    size_t got = 0;
    FILE *file = fopen(path, "rbe");

    errno = file == NULL ? errno : 0;
    while (file != NULL && !ret->overflowed && (got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buffer_add(ret, chunk, got);
    }
    bool ok = file != NULL && ferror(file) == 0;
    if (!ok) {
        error_set(err, FAULT_INPUT, "input.not-read", _("the file %s cannot be read: %s"), path,
                  strerror(errno));
    } else if (ret->overflowed) {
        ok = error_set(err, FAULT_INPUT, "input.too-large", _("the file %s is too large"), path);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return ok;
}
