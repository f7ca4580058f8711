/* Which attacks notice a check that is missing. Every attack is tried again with each check taken
 * away that may tell what was found; for every check there must be one that then is not told. */
#include "ledger/audit/checks.h"
#include "ledger/base/text.h"
#include "tests/conformance/attacks/attack_scene.h"
#include "tests/conformance/attacks/attacks.h"

#include <stdio.h>
#include <string.h>

#define CODE_MAX 24
#define CAUGHT_MAX 100

enum verify_check check_removed = CHECK_COUNT;

static struct {
    const char *name, *codes;
    const char *caught_by[CAUGHT_MAX];
    size_t catches;
} check[] = {
#define CHECK_ROW(check_name, check_codes) {.name = #check_name, .codes = check_codes},
    VERIFY_CHECKS(CHECK_ROW)
#undef CHECK_ROW
};

/* "E_CODE@" of the next code in a list with spaces between; the rest of the list, NULL at its end.
 */
static const char *next_code(const char *list, char ret[CODE_MAX])
{
    size_t length = strcspn(list, " ");
    (void)snprintf(ret, CODE_MAX, "%.*s@", (int)length, list);
    return list[length] == '\0' ? NULL : list + length + 1;
}

/* What a verdict tells with one of these codes. */
static bool tells_any(const char *verdict, const char *codes)
{
    char code[CODE_MAX];
    while (codes != NULL) {
        codes = next_code(codes, code);
        if (strstr(verdict, code) != NULL) {
            return true;
        }
    }
    return false;
}

/* Whether something told with one of these codes in `full` is missing in `less`. */
static bool misses_any(const char *full, const char *less, const char *codes)
{
    char code[CODE_MAX];
    while (codes != NULL) {
        codes = next_code(codes, code);
        const char *told = strstr(full, code);
        char finding[CODE_MAX + 24];
        if (told != NULL) {
            (void)snprintf(finding, sizeof finding, "%.*s ", (int)strcspn(told, " "), told);
            if (strstr(less, finding) == NULL) {
                return true;
            }
        }
    }
    return false;
}

static void try_without_each_check(struct scene *scene, const char *folder, const char *verdict)
{
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        size_t catches = check[i].catches;
        bool known = catches > 0 && text_equal(check[i].caught_by[catches - 1], scene->attack);
        if (known || catches == CAUGHT_MAX || !tells_any(verdict, check[i].codes)) {
            continue;
        }
        check_removed = (enum verify_check)i;
        const char *less = scene_verdict_again(scene, folder);
        check_removed = CHECK_COUNT;
        if (misses_any(verdict, less, check[i].codes)) {
            check[i].caught_by[check[i].catches++] = scene->attack;
        }
    }
}

static int count_unnoticed(void)
{
    int unnoticed = 0;
    for (size_t i = 0; i < CHECK_COUNT; i++) {
        (void)printf("%-16s %-24s", check[i].name, check[i].codes);
        for (size_t a = 0; a < check[i].catches; a++) {
            (void)printf("%s%s", a == 0 ? " " : ", ", check[i].caught_by[a]);
        }
        (void)printf("%s\n", check[i].catches == 0 ? " NO ATTACK NOTICES ITS ABSENCE" : "");
        unnoticed += check[i].catches == 0 ? 1 : 0;
    }
    return unnoticed;
}

int main(void)
{
    scene_watcher = try_without_each_check;
    int failed = attacks_on_book() + attacks_on_export() + attacks_with_keys() +
                 attacks_elsewhere() + attacks_on_state();
    return failed + count_unnoticed();
}
