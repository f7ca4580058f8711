/* The drawing is laid out in whole units of its view box; no figure is ever a fraction. */
#include "reports/writer_formats.h"

#include <inttypes.h>

#define VIEW_WIDTH 720
#define LINE_HEIGHT 240
#define BAR_STEP 26
#define BAR_HEIGHT 16
#define LABEL_WIDTH 150
#define VALUE_WIDTH 120
#define MARGIN 14
#define INK "#1f4e79"
#define NEGATIVE_INK "#a00000"
/* Values above are scaled down first, so that value times width stays an int64. */
#define VALUE_MAX (INT64_MAX / (4 * (int64_t)VIEW_WIDTH))

struct scale {
    int64_t low;  /* least value, or zero */
    int64_t high; /* greatest value, or zero; high > low */
    int64_t length;
};

static int64_t cell_value(const struct cell *cell)
{
    int64_t value = 0;
    if (cell->kind == CELL_MONEY) {
        value = money_fen(cell->money);
    } else if (cell->kind == CELL_INT) {
        value = cell->number;
    }
    return value > VALUE_MAX ? VALUE_MAX : value < -VALUE_MAX ? -VALUE_MAX : value;
}

static int64_t row_value(const struct table *table, size_t row)
{
    return cell_value(&table_row(table, row)[table->chart.value_column]);
}

static struct scale scale_of(const struct table *table, int64_t length)
{
    struct scale scale = {0, 0, length};
    for (size_t i = 0; i < table->rows; i++) {
        int64_t value = row_value(table, i);
        scale.low = value < scale.low ? value : scale.low;
        scale.high = value > scale.high ? value : scale.high;
    }
    scale.high = scale.high == scale.low ? scale.low + 1 : scale.high;
    return scale;
}

static int64_t scale_place(const struct scale *scale, int64_t value)
{
    return (value - scale->low) * scale->length / (scale->high - scale->low);
}

bool chart_is_drawable(const struct table *table)
{
    switch (table->chart.kind) {
    case CHART_NONE:
        return false;
    case CHART_BARS:
        return table->rows >= 2 && table->rows <= CHART_BARS_MAX;
    case CHART_LINE:
        return table->rows >= 2 && table->rows <= CHART_POINTS_MAX;
    }
    return false;
}

static void write_text(int64_t x, int64_t y, const char *anchor, const struct cell *cell,
                       bool chinese, FILE *out)
{
    char scratch[CELL_SCRATCH_SIZE];
    (void)fprintf(out, "<text x=\"%" PRId64 "\" y=\"%" PRId64 "\" text-anchor=\"%s\">", x, y,
                  anchor);
    html_escape(cell_format_human(cell, chinese, scratch), out);
    (void)fputs("</text>\n", out);
}

static void begin_drawing(const struct table *table, int64_t height, bool chinese, FILE *out)
{
    const char *title = chinese ? table->chart.title_zh : table->chart.title_en;
    (void)fputs("<figure>\n<figcaption>", out);
    html_escape(title, out);
    (void)fprintf(out,
                  "</figcaption>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d "
                  "%" PRId64 "\" role=\"img\" font-size=\"12\" aria-label=\"",
                  VIEW_WIDTH, height);
    html_escape(title, out);
    (void)fputs("\">\n", out);
}

static void write_bar(const struct table *table, const struct scale *scale, size_t row,
                      bool chinese, FILE *out)
{
    const struct cell *cells = table_row(table, row);
    int64_t value = row_value(table, row);
    int64_t zero = LABEL_WIDTH + scale_place(scale, 0);
    int64_t end = LABEL_WIDTH + scale_place(scale, value);
    int64_t top = (int64_t)row * BAR_STEP + (BAR_STEP - BAR_HEIGHT) / 2;
    int64_t left = end < zero ? end : zero;
    int64_t right = end < zero ? zero : end;
    write_text(LABEL_WIDTH - 8, top + 12, "end", &cells[table->chart.label_column], chinese, out);
    if (cells[table->chart.value_column].kind == CELL_EMPTY) {
        return;
    }
    (void)fprintf(out,
                  "<rect x=\"%" PRId64 "\" y=\"%" PRId64 "\" width=\"%" PRId64
                  "\" height=\"%d\" fill=\"%s\"/>\n",
                  left, top, right > left ? right - left : 1, BAR_HEIGHT,
                  value < 0 ? NEGATIVE_INK : INK);
    write_text(right + 6, top + 12, "start", &cells[table->chart.value_column], chinese, out);
}

static void draw_bars(const struct table *table, bool chinese, FILE *out)
{
    int64_t height = (int64_t)table->rows * BAR_STEP;
    struct scale scale = scale_of(table, VIEW_WIDTH - LABEL_WIDTH - VALUE_WIDTH);
    int64_t zero = LABEL_WIDTH + scale_place(&scale, 0);
    begin_drawing(table, height, chinese, out);
    for (size_t i = 0; i < table->rows; i++) {
        write_bar(table, &scale, i, chinese, out);
    }
    (void)fprintf(out,
                  "<path d=\"M%" PRId64 " 0V%" PRId64 "\" stroke=\"#111\" stroke-width=\"1\"/>\n"
                  "</svg>\n</figure>\n",
                  zero, height);
}

/* Days are spaced as in the calendar, everything else evenly. */
static int64_t point_x(const struct table *table, size_t row)
{
    const int64_t left = VALUE_WIDTH;
    const int64_t length = VIEW_WIDTH - VALUE_WIDTH - 3 * MARGIN;
    size_t label = table->chart.label_column;
    if (table->column[label].kind == CELL_DATE) {
        int64_t first = table_row(table, 0)[label].date.day;
        int64_t last = table_row(table, table->rows - 1)[label].date.day;
        int64_t here = table_row(table, row)[label].date.day;
        if (last > first && here >= first && here <= last) {
            return left + (here - first) * length / (last - first);
        }
    }
    return left + (int64_t)row * length / (int64_t)(table->rows - 1);
}

static void write_axis(const struct table *table, const struct scale *scale, bool chinese,
                       FILE *out)
{
    const int64_t bottom = LINE_HEIGHT - 2 * MARGIN;
    bool is_money = table->column[table->chart.value_column].kind == CELL_MONEY;
    for (int i = 0; i <= 4; i++) {
        int64_t value = scale->low + (scale->high - scale->low) / 4 * i;
        int64_t y = bottom - scale_place(scale, value);
        struct cell cell = is_money ? cell_money(money_from_fen(value)) : cell_int(value);
        (void)fprintf(out, "<path d=\"M%d %" PRId64 "H%d\" stroke=\"#ccc\"/>\n", VALUE_WIDTH, y,
                      VIEW_WIDTH - 3 * MARGIN);
        write_text(VALUE_WIDTH - 8, y + 4, "end", &cell, chinese, out);
    }
    size_t last = table->rows - 1;
    size_t label = table->chart.label_column;
    write_text(point_x(table, 0), LINE_HEIGHT - 8, "start", &table_row(table, 0)[label], chinese,
               out);
    write_text(point_x(table, last), LINE_HEIGHT - 8, "end", &table_row(table, last)[label],
               chinese, out);
}

static void draw_line(const struct table *table, bool chinese, FILE *out)
{
    const int64_t bottom = LINE_HEIGHT - 2 * MARGIN;
    struct scale scale = scale_of(table, bottom - MARGIN);
    begin_drawing(table, LINE_HEIGHT, chinese, out);
    write_axis(table, &scale, chinese, out);
    (void)fputs("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"" INK "\" points=\"", out);
    for (size_t i = 0; i < table->rows; i++) {
        (void)fprintf(out, "%s%" PRId64 ",%" PRId64, i > 0 ? " " : "", point_x(table, i),
                      bottom - scale_place(&scale, row_value(table, i)));
    }
    (void)fputs("\"/>\n</svg>\n</figure>\n", out);
}

void html_chart(const struct table *table, bool chinese, FILE *out)
{
    if (!chart_is_drawable(table)) {
        return;
    }
    if (table->chart.kind == CHART_BARS) {
        draw_bars(table, chinese, out);
    } else {
        draw_line(table, chinese, out);
    }
}
