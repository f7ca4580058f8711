/* text_layout.h - a text on a terminal: how wide it is, and in lines of so many columns. Layer:
 * reports; for writers only. Widths are those of the locale in use, which must be UTF-8. */
#ifndef YICANG_REPORTS_TEXT_LAYOUT_H
#define YICANG_REPORTS_TEXT_LAYOUT_H

#include "ledger/base/buffer.h"

/* Columns of the text on one line: two for a Chinese character. */
size_t text_width(const char *text);
/* Columns of its widest part in which no line may end. */
size_t text_widest_part(const char *text);
/* Appends the text with a line feed wherever a line ends. Lines end at blanks and beside Chinese
 * characters, not before a closing mark nor behind an opening one; what is too wide for a line is
 * cut where the line is full. */
void text_wrap(const char *text, size_t width, struct buffer *ret);

#endif
