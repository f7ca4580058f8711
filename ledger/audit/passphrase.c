#include "ledger/audit/passphrase.h"

#include <sodium.h>
#include <string.h>

#include "ledger/base/text.h"

#define COMPARED_MAX 64 /* longer ones are on no list */

/* Those of at least 12 characters that lists of stolen passwords have in front, with those that
 * grow from the short ones: small letters and digits alone. */
static const char *const common[] = {
    "0123456789ab",     "012345678910",        "0987654321qwe",    "123456789012",
    "1234567890123",    "12345678901234",      "123456789abc",     "1234567890ab",
    "123456789qwe",     "1234567890qwe",       "1234567890qwerty", "123456abcdef",
    "123456qwerty",     "1q2w3e4r5t6y",        "1q2w3e4r5t6y7u",   "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc",     "1qaz2wsx3edc4rfv",    "1qazxsw23edc",     "5201314woaini",
    "abc123456789",     "abcd12345678",        "abcdef123456",     "abcdefghijkl",
    "abcdefghijklm",    "admin1234567",        "admin12345678",    "administrator",
    "administrator1",   "changemechangeme",    "chinachina123",    "correcthorsebatterystaple",
    "iloveyou1234",     "iloveyou12345",       "iloveyou123456",   "letmeinletmein",
    "nihaonihao123",    "password1234",        "password12345",    "password123456",
    "passwordpassword", "passw0rd1234",        "qazwsxedcrfv",     "qwerty123456",
    "qwerty1234567",    "qwertyuiop12",        "qwertyuiop123",    "qwertyuiop1234567890",
    "qwertyuiopasdf",   "qwertyuiopasdfghjkl", "woaini1314520",    "woaini5201314",
    "woaini520520",     "woaini123456",        "wozhendeaini",     "xinyongshe123",
    "yinhang123456",    "zxcvbnm12345",        "zxcvbnm123456",    "zxcvbnmasdfghjkl",
};

static bool is_letter_or_digit(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

/* As the list has them. False if it is longer than anything there, or has other letters. */
static bool simplify(const char *passphrase, char ret[static COMPARED_MAX])
{
    size_t length = 0;

    for (size_t i = 0; passphrase[i] != '\0'; i++) {
        char byte = passphrase[i];
        byte = byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
        if ((unsigned char)byte >= 0x80 || length + 1 == COMPARED_MAX) {
            return false;
        }
        if (is_letter_or_digit(byte)) {
            ret[length++] = byte;
        }
    }
    ret[length] = '\0';
    return true;
}

static bool is_common(const char *passphrase)
{
    char simple[COMPARED_MAX];
    bool found = false;

    if (simplify(passphrase, simple)) {
        for (size_t i = 0; i < COUNT_OF(common); i++) {
            found = found || strcmp(simple, common[i]) == 0;
        }
    }
    sodium_memzero(simple, sizeof simple);
    return found;
}

/* Different characters, counted up to the least there must be; bytes where it is not UTF-8. */
static size_t different_characters(const char *passphrase)
{
    uint32_t seen[PASSPHRASE_MIN_DIFFERENT];
    size_t length = strlen(passphrase);
    size_t count = 0;

    for (size_t at = 0; at < length && count < PASSPHRASE_MIN_DIFFERENT;) {
        uint32_t character = (unsigned char)passphrase[at];
        bool known = false;
        if (!text_next_code_point(passphrase, length, &at, &character)) {
            at++;
        }
        for (size_t i = 0; i < count; i++) {
            known = known || seen[i] == character;
        }
        if (!known) {
            seen[count++] = character;
        }
    }
    sodium_memzero(seen, sizeof seen);
    return count;
}

static bool refuse(struct error *err, const char *fact)
{
    error_set(err, FAULT_REFUSED, "key-file.weak-passphrase", "%s", fact);
    error_limit(err, _("at least %d characters, %d of them different, and none of the common ones"),
                PASSPHRASE_MIN_CHARACTERS, PASSPHRASE_MIN_DIFFERENT);
    return error_next(err, _("take several words that nobody would guess of you"));
}

bool passphrase_is_fit(const char *passphrase, struct error *err)
{
    size_t length = strlen(passphrase);
    size_t characters = text_is_utf8(passphrase, length) ? text_code_points(passphrase) : length;

    if (characters < PASSPHRASE_MIN_CHARACTERS) {
        return refuse(err, _("the passphrase is too short"));
    }
    if (different_characters(passphrase) < PASSPHRASE_MIN_DIFFERENT) {
        return refuse(err, _("the passphrase repeats itself"));
    }
    return !is_common(passphrase) || refuse(err, _("the passphrase is one that everybody tries"));
}
