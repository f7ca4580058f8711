#include "cli/audit_trust.h"

#include "cli/input_file.h"
#include "ledger/audit/checkpoint.h"
#include "ledger/base/text.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#define KEPT_MAX 10000

bool trust_card_file_read(struct arena *arena, const char *path, struct trust_card *ret,
                          struct error *err)
{
    AUTO_BUFFER text;
    buffer_init(&text, TRUST_CARD_MAX);
    return input_file_read(path, &text, err) &&
           trust_card_parse(arena, text.data == NULL ? "" : text.data, text.length, ret, err);
}

struct kept_list {
    struct arena *arena;
    const struct trust_card *card;
    struct findings *findings;
    struct kept_head *head;
    size_t count;
};

static bool add_file(struct kept_list *list, const char *path, struct error *err)
{
    struct error why;
    AUTO_BUFFER note;
    buffer_init(&note, CHECKPOINT_NOTE_MAX);
    if (list->count == KEPT_MAX) {
        return error_set(err, FAULT_USAGE, "audit.too-many-kept",
                         _("more than %d kept checkpoints are given"), KEPT_MAX);
    }
    if (!input_file_read(path, &note, err)) {
        return false;
    }
    if (kept_head_read(list->card, arena_text(list->arena, path),
                       note.data == NULL ? "" : note.data, note.length, &list->head[list->count],
                       &why)) {
        list->count++;
    } else {
        findings_add(list->findings, why.reason, -1, "%s", why.text);
    }
    return true;
}

static bool add_folder(struct kept_list *list, const char *path, DIR *folder, struct error *err)
{
    struct stat status;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const char *file = arena_printf(list->arena, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.' && stat(file, &status) == 0 && S_ISREG(status.st_mode) &&
            !add_file(list, file, err)) {
            return false;
        }
    }
    return true;
}

bool kept_heads_read(struct arena *arena, const struct trust_card *card, const char *path,
                     struct findings *findings, const struct kept_head **ret, size_t *ret_count,
                     struct error *err)
{
    struct kept_list list = {.arena = arena, .card = card, .findings = findings};
    list.head = arena_alloc_array(arena, KEPT_MAX, sizeof *list.head);
    DIR *folder = opendir(path);
    bool ok = folder == NULL ? add_file(&list, path, err) : add_folder(&list, path, folder, err);
    if (folder != NULL) {
        (void)closedir(folder);
    }
    kept_heads_sort(list.head, list.count);
    *ret = list.head;
    *ret_count = list.count;
    return ok;
}
