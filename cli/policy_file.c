#include "cli/policy_file.h"

#include "ledger/base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

bool policy_file_read(const char *path, struct buffer *ret, struct error *err)
{
    char chunk[4096];
    size_t got = 0;
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        return error_set(err, FAULT_INPUT, "policy.not-read", _("the policy %s cannot be read: %s"),
                         path, strerror(errno));
    }
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buffer_add(ret, chunk, got);
    }
    bool ok = ferror(file) == 0;
    (void)fclose(file);
    if (ret->overflowed) {
        error_set(err, FAULT_INPUT, "policy.too-large", _("the file is too large"));
        error_limit(err, _("at most %zu bytes"), ret->limit);
        return error_at(err, path, 1, 1);
    }
    return ok ||
           error_set(err, FAULT_INPUT, "policy.not-read", _("the policy %s cannot be read"), path);
}

const char *policy_tests_path(struct arena *arena, const char *policy_path)
{
    static const char ending[] = ".yaml";
    size_t length = strlen(policy_path);
    size_t tail = strlen(ending);

    if (length > tail && text_equal(policy_path + length - tail, ending)) {
        length -= tail;
    }
    return arena_printf(arena, "%.*s.tests.yaml", (int)length, policy_path);
}
