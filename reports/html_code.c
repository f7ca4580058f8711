/* A text as a code that a camera reads (QR code, ISO/IEC 18004), drawn inline. */
#include "reports/writer_formats.h"

#include <errno.h>
#include <qrencode.h>
#include <string.h>

#define QUIET_ZONE 4 /* modules, which the standard asks for */
#define DARK 1       /* bit of a module */

/* One row's runs of dark modules, each a rectangle of height 1. */
static void write_row(const QRcode *code, int y, FILE *out)
{
    const unsigned char *row = code->data + (ptrdiff_t)y * code->width;
    for (int x = 0; x < code->width;) {
        int run = 0;
        while (x + run < code->width && (row[x + run] & DARK) != 0) {
            run++;
        }
        if (run > 0) {
            (void)fprintf(out, "M%d %dh%dv1h-%dz", x + QUIET_ZONE, y + QUIET_ZONE, run, run);
        }
        x += run + 1;
    }
}

/* The least of the four levels of redundancy: paper in a file does not wear, and a small code of
 * many modules is harder to read than one with fewer. */
bool html_code(const char *text, FILE *out)
{
    QRcode *code =
        QRcode_encodeData((int)strlen(text), (const unsigned char *)text, 0, QR_ECLEVEL_L);
    if (code == NULL) {
        return errno == ERANGE; /* too long for any code: the text itself stands beside */
    }
    int side = code->width + 2 * QUIET_ZONE;
    (void)fprintf(out,
                  "<svg class=\"code\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                  "shape-rendering=\"crispEdges\"><rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>"
                  "<path d=\"",
                  side, side, side, side);
    for (int y = 0; y < code->width; y++) {
        write_row(code, y, out);
    }
    (void)fputs("\"/></svg>\n", out);
    QRcode_free(code);
    return true;
}
