#include "cli/language.h"

#include "ledger/base/text.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DOMAIN "yicang"
#define CATALOGUE "zh_CN/LC_MESSAGES/" DOMAIN ".mo"

static bool chinese;

static const char *environment_text(const char *name)
{
    const char *text = getenv(name);
    return text == NULL ? "" : text;
}

/* The locale for messages as the environment has it, whether or not it is installed. */
static const char *wanted_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *value = environment_text(names[i]);
        if (value[0] != '\0') {
            return value;
        }
    }
    return "";
}

/* As gettext does it: LANGUAGE goes before the locale, but a locale of C means no translation. */
static bool environment_wants_chinese(void)
{
    const char *locale = wanted_locale();
    const char *language = environment_text("LANGUAGE");
    if (text_equal(locale, "C") || text_equal(locale, "POSIX")) {
        return false;
    }
    return text_starts_with(language[0] != '\0' ? language : locale, "zh");
}

/* Everything said is UTF-8, and messages are only translated outside the locale C. */
static void use_utf8_locale(void)
{
    const char *found = setlocale(LC_ALL, "");
    const char *messages = setlocale(LC_MESSAGES, NULL);
    bool usable = found != NULL && text_equal(nl_langinfo(CODESET), "UTF-8") &&
                  !text_equal(messages, "C") && !text_equal(messages, "POSIX");
    if (!usable) {
        setlocale(LC_ALL, "C.UTF-8");
    }
    setlocale(LC_NUMERIC, "C");
}

static bool has_catalogue(const char *folder)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", folder, CATALOGUE);
    return length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0;
}

/* Beside the program (build tree), where the program is installed, or where it was meant to be. */
static void bind_catalogue(void)
{
    static const char *const beside[] = {"locale", "../share/locale"};
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (slash != NULL) {
        *slash = '\0';
        for (size_t i = 0; i < COUNT_OF(beside); i++) {
            char folder[PATH_MAX];
            int written = snprintf(folder, sizeof folder, "%s/%s", program, beside[i]);
            if (written > 0 && (size_t)written < sizeof folder && has_catalogue(folder)) {
                bindtextdomain(DOMAIN, folder);
                return;
            }
        }
    }
    bindtextdomain(DOMAIN, YICANG_LOCALE_DIR);
}

void language_start(const char *lang)
{
    chinese = lang != NULL ? text_equal(lang, "zh") : environment_wants_chinese();
    use_utf8_locale();
    /* Decided above; gettext is told, so that no catalogue of another language gets in between. */
    setenv("LANGUAGE", chinese ? "zh_CN" : "en", 1);
    bind_catalogue();
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    textdomain(DOMAIN);
}

bool language_is_chinese(void)
{
    return chinese;
}
