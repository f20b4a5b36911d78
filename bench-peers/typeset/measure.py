"""Ours beside other typesetters: the same new permits in one run, a table of what each cost.

    python3 -m venv venv && venv/bin/pip install -r bench-peers/typeset/requirements.txt
    venv/bin/python bench-peers/typeset/measure.py --ruqsat target/release/ruqsat --count 50

Each document has values of this run, so that nobody prints from a cache. The peers set the same values
in the same tables, in both languages, with the same fonts; the templates are ours and as near as each
tool allows: typst writes tagged PDF/A-3a, WeasyPrint tagged PDF/A-3a, ReportLab a plain PDF. Ours has
the QR code and the regulation's whole text beside. typst is the Rust library behind its Python binding.
CPU is user and system time of all threads, per document; that of the peers is without the start of
Python. The digest is over all output files, so that a figure belongs to what it made.
"""

import argparse
import copy
import hashlib
import html
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
FONTS = REPOSITORY / "templates" / "fonts"


def documents(count, seed):
    """Permits that have not been there before: other numbers, names and amounts, sums kept."""
    chance = random.Random(seed)
    sample = json.loads((REPOSITORY / "fixtures" / "permits" / "atyrau-2013.json").read_text())
    made = []
    for index in range(count):
        permit = copy.deepcopy(sample)
        permit["number"] = f"{index:05}"
        for language in ("kk", "ru"):
            permit["facility"]["name"][language] += f" {chance.randrange(10**9)}"
        for row in permit["annex1"]:
            row["gps"] = f"{chance.randrange(10**4)}.{chance.randrange(10**7):07}"
            for year in row["tonnes"]:
                row["tonnes"][year] = f"{chance.randrange(10**4)}.{chance.randrange(10**9):09}"
        for year in permit["totals"]["air"]:
            total = sum(int(row["tonnes"][year].replace(".", "")) for row in permit["annex1"])
            permit["totals"]["air"][year] = f"{total // 10**9}.{total % 10**9:09}"
        made.append(permit)
    return made


LABELS = {
    "kk": ("Қоршаған ортаға эмиссияға рұқсат", "Берілген күні", "Берілген жері", "Рұқсат беретін орган",
           "Табиғат пайдаланушы", "Пошталық мекен-жайы", "Сәйкестендіру нөмірі", "Өндірістік объект",
           "Орналасқан жері", "Жыл", "тонна"),
    "ru": ("Разрешение на эмиссии в окружающую среду", "Дата выдачи", "Место выдачи", "Наименование органа",
           "Природопользователь", "Почтовый адрес", "Идентификационный номер", "Производственный объект",
           "Местонахождение", "Год", "тонн"),
}


def main_sheet(permit, language):
    """Title, pairs of label and value, tables of limits."""
    title, *labels, year, tonnes = LABELS[language]
    user, facility = permit["nature_user"], permit["facility"]
    address = f"{user['address']['index']}, {user['address'][language]}"
    values = [permit["issue_date"], permit["issue_place"][language], permit["issuing_body"][language],
              user["name"][language], address, user["id"]["value"], facility["name"][language],
              facility["location"][language]]
    tables = [(kind, [[year, tonnes]] + [[y, v.replace(".", ",")] for y, v in years.items()])
              for kind, years in permit["totals"].items()]
    return f"{title} {permit['series']} № {permit['number']}", list(zip(labels, values)), tables


def annexes(permit):
    """Title and rows of each appendix; a pair of texts is in both languages."""
    years = list(permit["totals"]["air"])
    both = lambda value: (value["kk"], value["ru"])
    amounts = lambda row: [row["tonnes"][year].replace(".", ",") for year in years]
    name, place = "Атауы / Наименование", "Орны / Место"
    yield 1, [["Код", name, "г/с", *years]] + [
        [row["code"], both(row["name"]), row["gps"].replace(".", ","), *amounts(row)] for row in permit["annex1"]]
    for outlet in permit["annex2"]:
        yield 2, [[name, "мг/дм³", "г/ч", *years]] + [
            [both(row["name"]), row["mg_dm3"], row["g_h"], *amounts(row)] for row in outlet["rows"]]
    yield 3, [[name, "Код", place, *years]] + [
        [both(row["name"]), row["code"], both(row["place"]), *amounts(row)] for row in permit["annex3"]]
    yield 4, [["№", place, *years]] + [[row["map"], both(row["place"]), *amounts(row)] for row in permit["annex4"]]


def with_typst():
    import typst

    compiler = typst.Compiler(root=str(HERE), font_paths=[str(FONTS)], ignore_system_fonts=True)
    return lambda permit: compiler.compile(
        input=str(HERE / "permit.typ"), format="pdf", pdf_standards=["a-3a"],
        sys_inputs={"data": json.dumps(permit, ensure_ascii=False)})


def with_weasyprint():
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    configuration = FontConfiguration()
    faces = [("Regular", "normal", 400), ("Bold", "normal", 700), ("Italic", "italic", 400)]
    style = "".join(
        f"@font-face{{font-family:L;src:url({(FONTS / f'LiberationSerif-{name}.ttf').as_uri()});"
        f"font-style:{slant};font-weight:{weight}}}" for name, slant, weight in faces)
    style += ("@page{size:A4;margin:20mm 17mm;@bottom-center{content:counter(page)' / 'counter(pages)}}"
              "@page wide{size:A4 landscape}body{font:11pt L}h1{font-size:12pt;text-align:center}"
              "table{border-collapse:collapse;width:100%}td,th{border:.4pt solid;font-size:9pt;padding:1mm}"
              ".a{page:wide;break-before:page}.m{break-after:page}")
    sheet = weasyprint.CSS(string=style, font_config=configuration)
    cell = lambda value: "<br>".join(map(html.escape, value)) if isinstance(value, tuple) else html.escape(value)

    def table(rows):
        head = "".join(f"<th scope=col>{cell(value)}</th>" for value in rows[0])
        body = "".join("<tr>" + "".join(f"<td>{cell(value)}</td>" for value in row) + "</tr>" for row in rows[1:])
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def render(permit):
        parts = []
        for language in ("kk", "ru"):
            title, pairs, tables = main_sheet(permit, language)
            parts.append(f"<section class=m lang={language}><h1>{cell(title)}</h1>")
            parts += [f"<p>{cell(label)}: {cell(value)}</p>" for label, value in pairs]
            parts += [f"<p><b>{kind}</b></p>{table(rows)}" for kind, rows in tables]
            parts.append("</section>")
        parts += [f"<section class=a><h1>{number}-қосымша / Приложение {number}</h1>{table(rows)}</section>"
                  for number, rows in annexes(permit)]
        items = "".join(f"<li>{cell((row['kk'], row['ru']))}</li>" for row in permit["annex5"])
        parts.append(f"<h1>5-қосымша / Приложение 5</h1><ol>{items}</ol>")
        text = f"<html lang=ru><head><title>{permit['number']}</title></head><body>{''.join(parts)}</body></html>"
        return weasyprint.HTML(string=text).write_pdf(
            stylesheets=[sheet], font_config=configuration, pdf_variant="pdf/a-3a")

    return render


def with_reportlab():
    import io

    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import (BaseDocTemplate, Frame, NextPageTemplate, PageBreak, PageTemplate,
                                    Paragraph, Table, TableStyle)

    for name in ("Regular", "Bold", "Italic"):
        pdfmetrics.registerFont(TTFont(name, str(FONTS / f"LiberationSerif-{name}.ttf")))
    text = ParagraphStyle("text", fontName="Regular", fontSize=11, leading=13)
    small = ParagraphStyle("small", parent=text, fontSize=9, leading=11)
    head = ParagraphStyle("head", parent=text, fontName="Bold", alignment=1)
    grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.4, "black"), ("FONT", (0, 0), (-1, -1), "Regular", 9)])

    def cell(value):
        value = "<br/>".join(map(html.escape, value)) if isinstance(value, tuple) else html.escape(value)
        return Paragraph(value, small)

    table = lambda rows: Table([[cell(value) for value in row] for row in rows], repeatRows=1, style=grid)

    def render(permit):
        story = []
        for language in ("kk", "ru"):
            title, pairs, tables = main_sheet(permit, language)
            story.append(Paragraph(html.escape(title), head))
            story += [Paragraph(html.escape(f"{label}: {value}"), text) for label, value in pairs]
            for kind, rows in tables:
                story += [Paragraph(kind, head), table(rows)]
            story.append(PageBreak())
        story.insert(-1, NextPageTemplate("wide"))
        for number, rows in annexes(permit):
            story += [Paragraph(f"{number}-қосымша / Приложение {number}", head), table(rows), PageBreak()]
        story.insert(-1, NextPageTemplate("tall"))
        story += [Paragraph("5-қосымша / Приложение 5", head)]
        story += [cell((row["kk"], row["ru"])) for row in permit["annex5"]]
        file = io.BytesIO()
        number = lambda canvas, document: (canvas.setFont("Regular", 9), canvas.drawString(280, 25, str(document.page)))
        template = lambda name, size: PageTemplate(
            name, Frame(48, 57, size[0] - 96, size[1] - 114), onPage=number, pagesize=size)
        BaseDocTemplate(file, pagesize=A4, pageTemplates=[template("tall", A4), template("wide", landscape(A4))]
                        ).build(story)
        return file.getvalue()

    return render


PEERS = {"typst": with_typst, "WeasyPrint": with_weasyprint, "ReportLab": with_reportlab}


def child(name, batch, folder):
    """One peer in a process of its own; prints its CPU seconds."""
    render = PEERS[name]()
    permits = [json.loads(line) for line in batch.read_text().splitlines()]
    start = time.process_time()
    for permit in permits:
        (folder / f"{permit['number']}.pdf").write_bytes(render(permit))
    print(time.process_time() - start)


def waited(command):
    """Output, CPU seconds and peak memory in MB of a program."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command[0]} {command[1]} ended with {process.returncode}")
    return output, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def pages(file):
    return int(subprocess.run(["qpdf", "--show-npages", file], capture_output=True, check=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ruqsat", default="target/release/ruqsat")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("target/typeset"))
    parser.add_argument("--seed", type=int, default=None, help="values of an earlier run once more")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        name, folder = arguments.child
        return child(name, arguments.work / "permits.ndjson", pathlib.Path(folder))
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**9)
    shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True)
    batch = arguments.work / "permits.ndjson"
    lines = [json.dumps(permit, ensure_ascii=False) for permit in documents(arguments.count, seed)]
    batch.write_text("\n".join(lines) + "\n")
    print(f"{arguments.count} permits, seed {seed}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    print("|  | pages | CPU ms a document | CPU ms a page | kB a file | peak MB | SHA-256 of all files |")
    print("|---|---|---|---|---|---|---|")
    for name in ["ruqsat", *PEERS]:
        folder = arguments.work / name
        folder.mkdir()
        if name == "ruqsat":
            command = [arguments.ruqsat, "issue", batch, "--out-dir", folder, "--jobs", "1", "--for-signing"]
            _, cpu, memory = waited(command)
        else:
            command = [sys.executable, __file__, "--work", arguments.work, "--child", name, folder]
            output, _, memory = waited(command)
            cpu = float(output)
        files = sorted(folder.glob("*.pdf"))
        assert len(files) == arguments.count, f"{name} wrote {len(files)} files"
        digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
        count, size = pages(files[0]), sum(file.stat().st_size for file in files) / len(files) / 1000
        each = cpu * 1000 / len(files)
        print(f"| {name} | {count} | {each:.1f} | {each / count:.2f} | {size:.0f} | {memory:.0f} | {digest[:16]} |")


if __name__ == "__main__":
    main()
