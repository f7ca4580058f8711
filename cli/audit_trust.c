#include "cli/audit_trust.h"

#include "cli/input_file.h"
#include "cli/service/visits.h"
#include "ledger/audit/visit.h"
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
    const struct trust_card *predecessor; /* NULL: not given */
    struct findings *findings;
    struct kept_head *head, *before;
    size_t count, befores;
};

static bool has_room(const struct kept_list *list, struct error *err)
{
    return list->count + list->befores < KEPT_MAX ||
           error_set(err, FAULT_USAGE, "audit.too-many-kept",
                     _("more than %d kept checkpoints are given"), KEPT_MAX);
}

/* Of this log, else of the one that it continues; err says why it is none of this. */
static bool add_head(struct kept_list *list, const char *path, const struct buffer *note,
                     struct error *err)
{
    struct error ignored;
    const char *name = arena_text(list->arena, path);
    const char *bytes = note->data == NULL ? "" : note->data;

    if (kept_head_read(list->card, name, bytes, note->length, &list->head[list->count], err)) {
        list->count++;
        return true;
    }
    if (list->predecessor != NULL && kept_head_read(list->predecessor, name, bytes, note->length,
                                                    &list->before[list->befores], &ignored)) {
        list->befores++;
        return true;
    }
    return false;
}

static bool add_file(struct kept_list *list, const char *path, struct error *err)
{
    struct error why;
    AUTO_BUFFER note;
    buffer_init(&note, VISIT_MAX);
    if (!has_room(list, err) || !input_file_read(path, &note, err)) {
        return false;
    }
    if (!add_head(list, path, &note, &why)) {
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

/* What was kept here by itself stops nobody: if it is damaged, that is a finding. One under a log
 * key that the card does not name is left out: the card is then told to be another log's. */
static bool add_visit(struct kept_list *list, const char *path, uint64_t from, struct error *err)
{
    struct visit visit;
    struct error why;
    AUTO_BUFFER bytes;
    buffer_init(&bytes, VISIT_MAX);
    if (!visit_read(path, list->card->origin, &visit, &why)) {
        findings_add(list->findings, "E_TRUST", -1, "%s", why.text);
        return true;
    }
    if (!visit.present || visit.range.size < from) {
        return true;
    }
    if (!has_room(list, err) || !input_file_read(path, &bytes, err)) {
        return false;
    }
    (void)!add_head(list, path, &bytes, &why);
    return true;
}

static bool is_visit_of(const char *name, const char *staff)
{
    size_t length = strlen(name);
    size_t ending = strlen(VISIT_ENDING);
    return length > ending && text_equal(name + length - ending, VISIT_ENDING) &&
           (staff == NULL ||
            (strlen(staff) == length - ending && strncmp(name, staff, length - ending) == 0));
}

static bool add_visits(struct kept_list *list, const struct kept_places *places, struct error *err)
{
    const char *folder = visit_folder_of(list->arena, list->card->origin);
    DIR *open = opendir(folder);
    bool ok = true;
    for (const struct dirent *entry = open == NULL ? NULL : readdir(open); ok && entry != NULL;
         entry = readdir(open)) {
        if (is_visit_of(entry->d_name, places->staff)) {
            ok = add_visit(list, arena_printf(list->arena, "%s/%s", folder, entry->d_name),
                           places->own_from, err);
        }
    }
    if (open != NULL) {
        (void)closedir(open);
    }
    return ok;
}

static bool add_given(struct kept_list *list, const char *path, struct error *err)
{
    DIR *folder = opendir(path);
    bool ok = folder == NULL ? add_file(list, path, err) : add_folder(list, path, folder, err);
    if (folder != NULL) {
        (void)closedir(folder);
    }
    return ok;
}

bool kept_heads_read(struct arena *arena, const struct kept_places *places,
                     struct verify_trust *trust, struct findings *findings, struct error *err)
{
    struct kept_list list = {.arena = arena,
                             .card = trust->card,
                             .predecessor = trust->predecessor,
                             .findings = findings,
                             .head = arena_alloc_array(arena, KEPT_MAX, sizeof *list.head),
                             .before = arena_alloc_array(arena, KEPT_MAX, sizeof *list.before)};
    bool ok = (places->path == NULL || add_given(&list, places->path, err)) &&
              (!places->own || add_visits(&list, places, err));
    kept_heads_sort(list.head, list.count);
    trust->kept = list.head;
    trust->kept_count = list.count;
    trust->kept_before = list.before;
    trust->kept_before_count = list.befores;
    return ok;
}
