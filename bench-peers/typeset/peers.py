"""WeasyPrint and ReportLab at the same filled forms; `src/main.rs` calls this.

    python peers.py WeasyPrint|ReportLab WARM BATCH FOLDER

A line of BATCH has a document: its data and its filled form. The first WARM are not counted. Prints
the CPU seconds of the others and the peak memory in MB.
"""

import html
import json
import pathlib
import sys
import time

FONTS = pathlib.Path(__file__).resolve().parents[2] / "templates" / "fonts"
# Size, leading, space above, space below, weight: those of src/layout/style.rs, in points.
STYLES = {
    "body": (12, 14.2, 0, 3, 400), "caption": (8.5, 9.6, 1, 4, 400), "heading": (12, 14.4, 8, 6, 700),
    "small": (8.5, 10.2, 1, 2, 400), "subheading": (12, 14.4, 6, 3, 700), "table-body": (9, 10.6, 0, 1, 400),
    "table-head": (8.5, 10, 0, 1, 700), "title": (15, 18.5, 6, 8, 700),
}


def with_weasyprint():
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    faces = [("Regular", "normal", 400), ("Bold", "normal", 700), ("Italic", "italic", 400)]
    style = "".join(
        f"@font-face{{font-family:L;src:url({(FONTS / f'LiberationSerif-{name}.ttf').as_uri()});"
        f"font-style:{slant};font-weight:{weight}}}" for name, slant, weight in faces)
    style += "".join(
        f".{name}{{font-size:{size}pt;line-height:{leading}pt;margin:{above}pt 0 {below}pt;font-weight:{weight}}}"
        for name, (size, leading, above, below, weight) in STYLES.items())
    style += (
        "@page{size:A4;margin:15mm 15mm 33mm 20mm;@top-center{content:element(head);width:100%}"
        "@bottom-center{content:element(foot);width:100%;vertical-align:top}}@page wide{size:A4 landscape}"
        ".head{position:running(head)}.foot{position:running(foot);border-top:.35pt solid}"
        ".foot svg{float:right}.page::after{content:counter(page)}"
        ".pages::after{content:counter(pages)}section{break-before:page}.wide{page:wide}"
        "body{margin:0;font-family:L;font-kerning:none;font-variant-ligatures:none}"
        "table{border-collapse:collapse;width:100%;table-layout:fixed;margin:4pt 0}"
        ".grid td,.grid th{border:.5pt solid;padding:2.2pt 3.5pt}td p,th p{margin:0!important}.none td{padding:.8pt 4pt}"
        ".keep{break-after:avoid}.group{break-inside:avoid}.ruled{border-bottom:.5pt solid}")
    sheet = weasyprint.CSS(string=style, font_config=configuration)

    def run(it):
        if it["is"] != "text":
            return "<br>" if it["is"] == "break" else f"<span class={it['is']}></span>"
        text = html.escape(it["text"])
        text = f"<b>{text}</b>" if it["bold"] else text
        return f"<i>{text}</i>" if it["italic"] else text

    def paragraph(it):
        classes = it["style"] + " keep" * it["keep"] + " ruled" * it["ruled"]
        name = f"h{it['level']}" if it["level"] else "p"
        indent = f";text-indent:{it['indent']}mm" if it["indent"] else ""
        words = "".join(map(run, it["runs"]))
        return (f"<{name} class='{classes}' lang={it['lang']} style='text-align:{it['align']}{indent}'>"
                f"{words}</{name}>")

    paragraphs = lambda them: "".join(map(paragraph, them))

    def row(cells, name):
        return "<tr>" + "".join(
            f"<{name} colspan={it['columns']} rowspan={it['rows']}>{paragraphs(it['paragraphs'])}</{name}>"
            for it in cells) + "</tr>"

    def table(it, room):
        fixed = sum(width for width, unit in it["columns"] if unit == "mm")
        shares = sum(width for width, unit in it["columns"] if unit == "fr") or 1
        columns = "".join(
            f"<col style='width:{width if unit == 'mm' else (room - fixed) * width / shares}mm'>"
            for width, unit in it["columns"])
        head = "".join(row(cells, "th") for cells in it["head"])
        body = "".join(row(cells, "td") for cells in it["body"])
        return (f"<table class={'grid' if it['grid'] else 'none'}>{columns}"
                f"{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>")

    def block(it, room):
        if it["kind"] == "p":
            return paragraph(it)
        if it["kind"] == "table":
            return table(it, room)
        if it["kind"] == "space":
            return f"<div style='height:{it['mm']}mm'></div>"
        if it["kind"] == "group":
            return f"<div class=group>{''.join(block(inside, room) for inside in it['blocks'])}</div>"
        return "".join(paragraphs(item["paragraphs"]) for item in it["items"])

    def render(data, form):
        parts = []
        size = form["code"]["mm"]
        drawn = form["code"]["svg"].replace("<svg ", f"<svg style='width:{size}mm;height:{size}mm' ", 1)
        for it in form["sheets"]:
            code = drawn if it["code"] else ""
            blocks = "".join(block(inside, 262 if it["wide"] else 175) for inside in it["blocks"])
            parts.append(f"<section class='{'wide' if it['wide'] else 'tall'}' lang={it['lang']}>"
                         f"<div class=head>{paragraphs(it['header'])}</div>"
                         f"<div class=foot>{code}{paragraphs(it['footer'])}</div>{blocks}</section>")
        text = (f"<html lang={form['lang']}><head><title>{html.escape(form['title'])}</title>"
                f"<style>@page{{margin-bottom:{10 + size + 0.5}mm}}</style></head>"
                f"<body>{''.join(parts)}</body></html>")
        attached = weasyprint.Attachment(
            string=data, name="permit.json", description="Data of the permit", relationship="Data")
        return weasyprint.HTML(string=text).write_pdf(
            stylesheets=[sheet], font_config=configuration, pdf_variant="pdf/a-3a", attachments=[attached])

    return render


def with_reportlab():
    import io

    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import (BaseDocTemplate, Frame, KeepTogether, NextPageTemplate, PageBreak,
                                    PageTemplate, Paragraph, Spacer, Table, TableStyle)

    for name in ("Regular", "Bold", "Italic"):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"LiberationSerif-{name}.ttf")))
    pdfmetrics.registerFontFamily("Regular", normal="Regular", bold="Bold", italic="Italic", boldItalic="Bold")
    styles = {}

    def style(it):
        key = (it["style"], it["align"], it["indent"], it["keep"], it["ruled"])
        if key not in styles:
            size, leading, above, below, weight = STYLES[it["style"]]
            styles[key] = ParagraphStyle(
                str(key), fontName="Bold" if weight > 400 else "Regular", fontSize=size, leading=leading,
                spaceBefore=above, spaceAfter=below, firstLineIndent=it["indent"] * mm, keepWithNext=it["keep"],
                alignment={"left": 0, "center": 1, "right": 2, "justify": 4}[it["align"]])
        return styles[key]

    def words(it, page="", pages=""):
        parts = []
        for run in it["runs"]:
            if run["is"] == "text":
                text = html.escape(run["text"])
                text = f"<b>{text}</b>" if run["bold"] else text
                parts.append(f"<i>{text}</i>" if run["italic"] else text)
            else:
                parts.append({"break": "<br/>", "page": page, "pages": pages}[run["is"]])
        return "".join(parts)

    paragraph = lambda it: Paragraph(words(it), style(it))

    def table(it, room):
        fixed = sum(width for width, unit in it["columns"] if unit == "mm")
        shares = sum(width for width, unit in it["columns"] if unit == "fr") or 1
        widths = [(width if unit == "mm" else (room - fixed) * width / shares) * mm for width, unit in it["columns"]]
        rows = it["head"] + it["body"]
        filled = [[""] * len(widths) for _ in rows]
        taken = set()
        look = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
        look += [("TOPPADDING", (0, 0), (-1, -1), 2.2), ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2),
                 ("LEFTPADDING", (0, 0), (-1, -1), 3.5), ("RIGHTPADDING", (0, 0), (-1, -1), 3.5)]
        if it["grid"]:
            look.append(("GRID", (0, 0), (-1, -1), 0.5, "black"))
        for y, cells in enumerate(rows):
            x = 0
            for cell in cells:
                while (x, y) in taken:
                    x += 1
                filled[y][x] = [paragraph(inside) for inside in cell["paragraphs"]]
                right, below = x + cell["columns"], y + cell["rows"]
                taken |= {(column, line) for column in range(x, right) for line in range(y, below)}
                if (right, below) != (x + 1, y + 1):
                    look.append(("SPAN", (x, y), (right - 1, below - 1)))
                x = right
        return Table(filled, colWidths=widths, repeatRows=len(it["head"]), style=TableStyle(look))

    def flow(it, room):
        if it["kind"] == "p":
            return [paragraph(it)]
        if it["kind"] == "table":
            return [table(it, room)]
        if it["kind"] == "space":
            return [Spacer(1, it["mm"] * mm)]
        if it["kind"] == "group":
            return [KeepTogether([inside for each in it["blocks"] for inside in flow(each, room)])]
        return [paragraph(inside) for item in it["items"] for inside in item["paragraphs"]]

    class Numbered(Canvas):
        """Draws the foot of each page when the number of pages is known."""

        def __init__(self, *arguments, feet, **names):
            super().__init__(*arguments, **names)
            self.feet, self.kept = feet, []

        def showPage(self):
            self.kept.append(dict(self.__dict__))
            self._startPage()

        def save(self):
            kept = self.kept
            for number, state in enumerate(kept, 1):
                self.__dict__.update(state)
                self.feet[self._pageTemplateName](self, number, len(kept))
                super().showPage()
            super().save()

    def foot(sheet, code, size):
        width, right, side = size[0], size[0] - 15 * mm, code["mm"] * mm

        def draw(canvas, page, pages):
            top = 10 * mm + side
            canvas.setLineWidth(0.35)
            canvas.line(20 * mm, top, right, top)
            below = top - 16
            for it in sheet["footer"]:
                lines = Paragraph(words(it, str(page), str(pages)), style(it))
                _, height = lines.wrap(width - 37 * mm - 2 * side, 100)
                lines.drawOn(canvas, 21 * mm + side, below - height)
                below -= height
            if sheet["code"]:
                scale = side / code["side"]
                path = canvas.beginPath()
                for x, y, length in code["dark"]:
                    path.rect(right - side + x * scale, top - (y + 1) * scale, length * scale, scale)
                canvas.drawPath(path, stroke=0, fill=1)

        return draw

    def render(data, form):
        story, templates, feet = [], [], {}
        for number, sheet in enumerate(form["sheets"]):
            size = landscape(A4) if sheet["wide"] else A4
            name = str(number)
            feet[name] = foot(sheet, form["code"], size)
            below = (10.5 + form["code"]["mm"]) * mm
            frame = Frame(20 * mm, below, size[0] - 35 * mm, size[1] - 15 * mm - below, 0, 0, 0, 0)
            named = lambda canvas, _, name=name: setattr(canvas, "_pageTemplateName", name)
            templates.append(PageTemplate(name, frame, onPage=named, pagesize=size))
            if number:
                story += [NextPageTemplate(name), PageBreak()]
            story += [inside for it in sheet["blocks"] for inside in flow(it, 262 if sheet["wide"] else 175)]
        file = io.BytesIO()
        document = BaseDocTemplate(file, pagesize=A4, pageTemplates=templates, title=form["title"], lang=form["lang"])
        document.build(story, canvasmaker=lambda *arguments, **names: Numbered(*arguments, feet=feet, **names))
        return file.getvalue()

    return render


def main():
    name, warm, batch, folder = sys.argv[1:]
    render = {"WeasyPrint": with_weasyprint, "ReportLab": with_reportlab}[name]()
    seconds = 0.0
    with open(batch, encoding="utf-8") as lines:
        for place, line in enumerate(lines, -int(warm)):
            line = json.loads(line)
            form = json.loads(line["filled"])
            start = time.process_time()
            pdf = render(line["data"], form)
            if place >= 0:
                seconds += time.process_time() - start
                (pathlib.Path(folder) / f"{place:05}.pdf").write_bytes(pdf)
    status = pathlib.Path("/proc/self/status").read_text()
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]
    print(seconds, int(peak) * 1024 / 1e6)


if __name__ == "__main__":
    main()
