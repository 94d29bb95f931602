"""Pieces of sheets, mostly usual and now and then odd, for hypothesis to put together."""

from __future__ import annotations

from hypothesis import strategies as st

USUAL_ATTRIBUTES = ["", ' s="1"', ' t="s"', ' s="1" t="str"', ' t="b"', ' t="e" s="2"', ' t="n"', ' t="inlineStr"', ' cm="1"']  # fmt: skip
ODD_ATTRIBUTES = [' t="x"', ' s="a"', ' s="1" s="1"', ' S="1"', ' s = "1"', " s='1'", ' xml:space="preserve"', ' y:z="1"', ' t="d"']  # fmt: skip
USUAL_TEXTS = ["0", "1", "69.49999999999999", " 1 ", "", "a &amp; b", "&#65;&#x42;", "&lt;c r=", "_x000D_", "é\U0001f600", "\n", ">"]  # fmt: skip
ODD_TEXTS = ["&b;", "&", "&#0;", "&#xD800;", "]]>", "\x01", "\ufffe", "<![CDATA[<c r=]]>", "<!-- <c r= -->", "<?a <c ?>", "\r\n", "<x/>"]  # fmt: skip
USUAL_FORMULAS = ["", "", "<f>A1&amp;B1</f>", "<f/>", '<f t="shared" ref="A1:A2" si="0">A1</f>', '<f t="shared" si="0"/>', '<f ca="1">NOW()</f>']  # fmt: skip
ODD_FORMULAS = [
    '<f si="0" t="shared"/>',
    '<f x="1"/>',
    "<f>&</f>",
    '<f ca="1" ca="1"/>',
    "<f>a</F>",
    "<f><x/></f>",
]
USUAL_VALUES = ["<v>{}</v>"] * 6 + ["<is><t>{}</t></is>", '<is><t xml:space="preserve">{}</t></is>', "<v/>", "<v />", ""]  # fmt: skip
ODD_VALUES = ["<v>{}</v><v>1</v>", "<extLst><x><c r='A1'/></x></extLst>", "<v><v>1</v></v>", "<is/>", "<is><t/></is>", "<is><r><t>{}</t></r></is>", "<v>{}"]  # fmt: skip
ODD_BEHIND = [" ", "\n", "a", "<x/>", "<c><v>1</v></c>", "</c>", "<c\n/>", "</row>", '<c r="A1"/>', "</row><row>", "<x><c r='A1'/></x>"]  # fmt: skip
ODD_ROWS = ["<row>", '<row xmlns="urn:x" r="{}">', '<row r="{}" x=">">', '<row r="{}"/><row r="{}">', '<row r="{}" ht="0">', "<row r='{}' >"]  # fmt: skip
ODD_ROWS += [
    '<row r="{}" hidden="0">',
    '<row r="{}" y:z="1">',
    '<row r="{}" spans="1:2" r="3">',
    '<row spans="1" r="{}">',
    "<row >",
]
ODD_BETWEEN = ["\n", "<row/>", "<x>", "<!-- -->", "</sheetData><sheetData>", "a", "<x><row r='2'/></x>"]
ODD_AROUND = ["<!-- <c r= -->", '<x:c xmlns:x="urn:x" r="A1"><x:v>1</x:v></x:c>', '<extLst><c r="A1"><v>1</v></c></extLst>', "<sheetData/>", "\r\n"]  # fmt: skip
ODD_AROUND += ['<sheetData><row r="9"><c r="A9"><v>1</v></c></row></sheetData>', '<extLst><row r="9"><c r="A9"><v>1</v></c></row></extLst>']  # fmt: skip
USUAL_AROUND = [
    "",
    '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    '<cols><col min="1" max="2" hidden="1"/></cols>',
]
USUAL_STRINGS = ["<t>a</t>", '<t xml:space="preserve"> a </t>', "<t>t>a&amp;b</t>", "<t>_x000D_</t>", "<t>a&#10;b</t>", "<t></t>"]  # fmt: skip
ODD_STRINGS = ["<r><t>a</t></r><r><t>b</t></r>", "<t>a</t><rPh><t>b</t></rPh>", '<t>t xml:space="preserve"></t>', "<t>a</t>\n", "", "<t/>"]  # fmt: skip
ODD_STRINGS += ["<t>&</t>", "<t>]]></t>", "</si><x><si><t>a</t>", "<x><si><t>a</t></si></x>", "<t>a</t></si></x><si>", "<t>\r</t>"]  # fmt: skip
ODD_STRINGS += ["</si><!-- <si> --><si>", "<t>\x02</t>", "</si><si/><si>", "</si></sst><si>"]

_SELDOM = 25


def mostly(usual: list[str], odd: list[str]) -> st.SearchStrategy[str]:
    """Now and then something odd: most examples have a little of it and many have none."""
    return st.integers(0, _SELDOM).flatmap(lambda roll: st.sampled_from(odd if roll == _SELDOM else usual))


@st.composite
def cells(draw: st.DrawFn, at: int, letters: str) -> str:
    place = draw(
        mostly(
            [f' r="{letters}{at}"'], ["", f' r="{letters}{at + 1}"', f' r="{letters}0{at}"', f' r="a{at}"']
        )
    )
    formula = draw(mostly(USUAL_FORMULAS, ODD_FORMULAS))
    value = draw(mostly(USUAL_VALUES, ODD_VALUES)).format(draw(mostly(USUAL_TEXTS, ODD_TEXTS)))
    attributes = draw(mostly(USUAL_ATTRIBUTES, ODD_ATTRIBUTES))
    ending = f">{formula}{value}</c>" if formula or value else draw(st.sampled_from(["/>", " />", "></c>"]))
    return f"<c{place}{attributes}{ending}" + draw(mostly([""], ODD_BEHIND))


@st.composite
def sheet_data(draw: st.DrawFn) -> str:
    """The rows of a sheet."""
    written = []
    for at in draw(st.lists(st.integers(1, 9), max_size=7, unique=True)):
        opening = draw(
            mostly([f'<row r="{at}">', f'<row r="{at}" spans="1:2">', f'<row r="{at}" hidden="1">'], ODD_ROWS)
        )
        columns = draw(
            st.lists(
                st.sampled_from(["A", "B", "C", "AA", "XFD"]), max_size=4, unique=draw(st.integers(0, 9)) > 0
            )
        )
        inner = "".join(draw(cells(at, letters)) for letters in columns)
        written.append(opening.replace("{}", str(at)) + inner + "</row>" + draw(mostly([""], ODD_BETWEEN)))
    return "".join(written)


AROUND = mostly(USUAL_AROUND, ODD_AROUND)
SHARED_TEXTS = st.lists(mostly(USUAL_STRINGS, ODD_STRINGS), max_size=8)
