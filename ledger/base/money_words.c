/* Amounts in capital characters (domain.md 8.1): numbers fall into sections of four digits, each
 * read with 仟佰拾 and closed by 元, 万 or 亿. */
#include "ledger/base/money.h"

#include <string.h>

static const char *const DIGIT_WORD[10] = {"零", "壹", "贰", "叁", "肆",
                                           "伍", "陆", "柒", "捌", "玖"};

static char *put(char *at, const char *word)
{
    const size_t length = strlen(word);
    memcpy(at, word, length + 1);
    return at + length;
}

/* section is 1 to 9999; zeros inside it become one 零, zeros at its end nothing. */
static char *put_section(char *at, unsigned section)
{
    static const char *const unit[4] = {"仟", "佰", "拾", ""};
    bool started = false;
    bool skipped = false;
    unsigned place = 1000;
    for (int i = 0; i < 4; i++, place /= 10) {
        const unsigned digit = section / place % 10;
        if (digit == 0) {
            skipped = started;
            continue;
        }
        if (skipped) {
            at = put(at, DIGIT_WORD[0]);
        }
        at = put(at, DIGIT_WORD[digit]);
        at = put(at, unit[i]);
        started = true;
        skipped = false;
    }
    return at;
}

/* The whole yuan without 元. A section that begins with 0, or that follows a section of zeros, gets
 * one 零 before it; a 0 only at the end of the section above gets none (rule 4, first form). */
static char *put_yuan(char *at, uint64_t yuan)
{
    bool started = false;
    bool gap = false;
    uint64_t place = UINT64_C(10000000000000000);
    for (int i = 4; i >= 0; i--, place /= 10000) {
        const unsigned section = (unsigned)(yuan / place % 10000);
        if (section != 0) {
            if (started && (gap || section < 1000)) {
                at = put(at, DIGIT_WORD[0]);
            }
            at = put_section(at, section);
            if (i % 2 == 1) {
                at = put(at, "万");
            }
            started = true;
            gap = false;
        } else {
            gap = started;
        }
        if (started && i > 0 && i % 2 == 0) {
            at = put(at, "亿");
        }
    }
    return at;
}

/* What follows 元: 整, or 角 and 分. */
static char *put_cents(char *at, uint64_t yuan, unsigned cents)
{
    const unsigned jiao = cents / 10;
    const unsigned fen = cents % 10;
    if (yuan > 0 && cents > 0 && (jiao == 0 || yuan % 10 == 0)) {
        at = put(at, DIGIT_WORD[0]);
    }
    if (jiao > 0) {
        at = put(at, DIGIT_WORD[jiao]);
        at = put(at, "角");
    }
    if (fen == 0) {
        return put(at, "整");
    }
    at = put(at, DIGIT_WORD[fen]);
    return put(at, "分");
}

char *money_words(struct money amount, char buffer[static MONEY_WORDS_SIZE])
{
    const int64_t signed_fen = money_fen(amount);
    const uint64_t fen = signed_fen < 0 ? 0 - (uint64_t)signed_fen : (uint64_t)signed_fen;
    const uint64_t yuan = fen / 100;
    char *at = buffer;
    if (signed_fen < 0) {
        at = put(at, "负");
    }
    at = put(at, "人民币");
    if (yuan > 0) {
        at = put(put_yuan(at, yuan), "元");
    } else if (fen == 0) {
        at = put(at, "零元");
    }
    put_cents(at, yuan, (unsigned)(fen % 100));
    return buffer;
}
