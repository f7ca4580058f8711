#include "cli/service/key_check.h"

#include "cli/service/key_ring.h"
#include "ledger/audit/high_water.h"
#include "ledger/base/text.h"

#include <dirent.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#define OF_OTHERS 07U         /* nobody outside the group may do anything */
#define OF_GROUP_WRITING 027U /* nor may the group write */
#define OF_ANYBODY_ELSE 077U  /* a person's own */
#define DAY_PREFIX "day-"
#define NEXT_DATA_KEYS "privacy.next"

/* Whether it is there; refused are the bits of its mode that it must not have. */
static bool look_at(const char *path, unsigned refused, struct findings *findings)
{
    struct stat status;

    if (lstat(path, &status) != 0) {
        return false;
    }
    if ((status.st_mode & refused) != 0) {
        findings_add(findings, "KEYS_OPEN", -1, _("%s is open to others (mode %04o)"), path,
                     (unsigned)(status.st_mode & 07777));
    }
    return true;
}

static void look_for(const char *path, unsigned refused, struct findings *findings)
{
    if (!look_at(path, refused, findings)) {
        findings_add(findings, "KEYS_MISSING", -1, _("%s is missing"), path);
    }
}

/* The file name of the day key in force; in the arena. */
static bool day_file(struct office *office, const char **ret, struct error *err)
{
    char vkey[VKEY_TEXT_MAX];
    struct verifier_key key;

    if (!service_key_in_force(office->store, SERVICE_KEY_DAY, vkey, err) ||
        !verifier_key_parse(vkey, &key, err)) {
        return false;
    }
    *ret = arena_printf(&office->arena, DAY_PREFIX "%08" PRIx32 ".key", key.id);
    return true;
}

static void look_for_strays(struct office *office, const char *day, struct findings *findings)
{
    DIR *folder = opendir(office->service_folder);

    for (struct dirent *entry = folder == NULL ? NULL : readdir(folder); entry != NULL;
         entry = readdir(folder)) {
        if ((text_starts_with(entry->d_name, DAY_PREFIX) && !text_equal(entry->d_name, day)) ||
            text_equal(entry->d_name, NEXT_DATA_KEYS)) {
            findings_add(findings, "KEYS_STRAY", -1,
                         _("%s/%s was left behind by a command that broke off"),
                         office->service_folder, entry->d_name);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
}

static bool check_service_keys(struct office *office, struct findings *findings, struct error *err)
{
    const char *day = NULL;

    if (!day_file(office, &day, err)) {
        return false;
    }
    if (!look_at(office->service_folder, OF_GROUP_WRITING, findings)) {
        findings_add(findings, "KEYS_MISSING", -1, _("the service key folder %s is missing"),
                     office->service_folder);
        return true;
    }
    const char *const file[] = {"log.key", "system.key", "privacy.key", day};
    for (size_t i = 0; i < COUNT_OF(file); i++) {
        look_for(arena_printf(&office->arena, "%s/%s", office->service_folder, file[i]),
                 OF_GROUP_WRITING, findings);
    }
    look_for(office->high_water_path, OF_OTHERS, findings);
    look_for_strays(office, day, findings);
    return true;
}

/* Those of this machine's user; nobody need have any. */
static void check_peoples_keys(struct office *office, struct findings *findings)
{
    char *path = arena_text(&office->arena, key_path_of(&office->arena, office->facts.origin, "a"));
    char *slash = strrchr(path, '/');

    if (slash == NULL) {
        return;
    }
    *slash = '\0';
    DIR *folder = look_at(path, OF_ANYBODY_ELSE, findings) ? opendir(path) : NULL;
    for (struct dirent *entry = folder == NULL ? NULL : readdir(folder); entry != NULL;
         entry = readdir(folder)) {
        if (entry->d_name[0] != '.') {
            (void)look_at(arena_printf(&office->arena, "%s/%s", path, entry->d_name),
                          OF_ANYBODY_ELSE, findings);
        }
    }
    if (folder != NULL) {
        (void)closedir(folder);
    }
}

static void check_mark(const struct office *office, const char *path, const struct head *mark,
                       struct findings *findings)
{
    if (mark->present && mark->tip.size < office->tip.size) {
        findings_add(findings, "KEYS_BEHIND", (int64_t)mark->tip.size,
                     _("%s covers %" PRIu64 " of %" PRIu64 " events"), path, mark->tip.size,
                     office->tip.size);
    }
}

bool key_check(struct office *office, struct findings *findings, struct error *err)
{
    struct head head;
    struct head high_water;

    if (!check_service_keys(office, findings, err) || !head_read(office->head_path, &head, err) ||
        !high_water_read(office->high_water_path, &high_water, err)) {
        return false;
    }
    check_peoples_keys(office, findings);
    check_mark(office, office->head_path, &head, findings);
    check_mark(office, office->high_water_path, &high_water, findings);
    return true;
}
