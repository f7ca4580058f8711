#include "cli/agent_key.h"

#include "cli/input_file.h"
#include "ledger/audit/ssh_agent.h"

#include <string.h>

static bool read_public(const char *path, struct ssh_identity *ret, struct error *err)
{
    AUTO_BUFFER line;

    buffer_init(&line, SSH_PUBLIC_LINE_MAX);
    bool ok = input_file_read(path, &line, err) &&
              (ssh_public_parse(line.data == NULL ? "" : line.data, line.length, ret, err) ||
               error_at(err, path, 0, 0));
    if (line.data != NULL) {
        sodium_memzero(line.data, line.length); /* it may be the secret half, named by mistake */
    }
    return ok;
}

bool agent_key_chosen(const struct invocation *invocation, const uint8_t **ret, struct error *err)
{
    const struct option_value *fingerprint = invocation_value(invocation, "fingerprint");
    const struct option_value *file = invocation_value(invocation, "public");
    struct ssh_identity named = {.fits = false};
    struct ssh_identity chosen;

    *ret = NULL;
    if (!invocation_value(invocation, "agent")->given) {
        return (!fingerprint->given && !file->given) ||
               error_set(err, FAULT_USAGE, "usage.agent-key",
                         _("--fingerprint and --public belong to --agent"));
    }
    if (fingerprint->given && file->given) {
        return error_set(err, FAULT_USAGE, "usage.agent-key",
                         _("--fingerprint and --public both name the key: one is enough"));
    }
    if (file->given && !read_public(file->text, &named, err)) {
        return false;
    }
    if (!ssh_agent_choose(file->given ? named.fingerprint : fingerprint->text, &chosen, err)) {
        return false;
    }
    uint8_t *key = arena_alloc(invocation->arena, sizeof chosen.public_key);
    memcpy(key, chosen.public_key, sizeof chosen.public_key);
    *ret = key;
    return true;
}

struct cell word_of_key_place(struct table *table, const char *name)
{
    static const struct word words[] = {{"ssh-agent", "ssh-agent", "ssh-agent"},
                                        {"file", "file", "文件"}};
    return cell_word(table, words, COUNT_OF(words), name);
}

const char *key_place(bool in_agent)
{
    return in_agent ? "ssh-agent" : "file";
}
