#include "reports/text_layout.h"

#include <string.h>
#include <wchar.h>

struct character {
    wchar_t code;
    size_t bytes;
    size_t columns;
};

/* The first character of a text that is not empty; a byte that is no UTF-8 is a column wide. */
static struct character first_character(const char *text)
{
    struct character first = {L'\0', 1, 1};
    mbstate_t state = {0};
    size_t used = mbrtowc(&first.code, text, strlen(text), &state);
    if (used == 0 || used > strlen(text)) {
        return first;
    }
    int columns = wcwidth(first.code);
    first.bytes = used;
    first.columns = columns > 0 ? (size_t)columns : 0;
    return first;
}

static bool may_end_between(struct character before, struct character after)
{
    static const wchar_t closing[] = L"，。、；：？！）》」』】〉％”’";
    static const wchar_t opening[] = L"（《「『【〈“‘";
    if (before.code == L' ') {
        return after.code != L' ';
    }
    return (before.columns == 2 || after.columns == 2) && after.code != L' ' &&
           wcschr(closing, after.code) == NULL && wcschr(opening, before.code) == NULL;
}

size_t text_width(const char *text)
{
    size_t width = 0;
    while (*text != '\0') {
        struct character next = first_character(text);
        width += next.columns;
        text += next.bytes;
    }
    return width;
}

size_t text_widest_part(const char *text)
{
    struct character before = {.code = L' '};
    size_t widest = 0;
    size_t width = 0;
    while (*text != '\0') {
        struct character next = first_character(text);
        width = may_end_between(before, next) ? 0 : width;
        width += next.code == L' ' ? 0 : next.columns;
        widest = width > widest ? width : widest;
        before = next;
        text += next.bytes;
    }
    return widest;
}

/* The bytes of the first line; blanks at its end may stand over. */
static size_t line_length(const char *text, size_t width)
{
    struct character before = {.code = L' '};
    size_t last_end = 0;
    size_t filled = 0;
    size_t at = 0;
    while (text[at] != '\0') {
        struct character next = first_character(text + at);
        if (at > 0 && may_end_between(before, next)) {
            last_end = at;
        }
        if (at > 0 && next.code != L' ' && filled + next.columns > width) {
            return last_end > 0 ? last_end : at;
        }
        filled += next.columns;
        at += next.bytes;
        before = next;
    }
    return at;
}

void text_wrap(const char *text, size_t width, struct buffer *ret)
{
    while (*text != '\0') {
        size_t length = line_length(text, width);
        size_t shown = length;
        while (shown > 0 && text[shown - 1] == ' ') {
            shown--;
        }
        buffer_add(ret, text, shown);
        text += length;
        buffer_add(ret, "\n", *text == '\0' ? 0 : 1);
    }
}
