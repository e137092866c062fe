"""The Markdown of a delivery's description and of a changelog, from the field catalogue."""

from collections.abc import Sequence

from scripts.catalogue import UNKNOWN_CONTENT, Catalogue, Field, Version

NAMES = {
    "skjema13": ("Skjema 13, kommunalt disponerte boliger", "Form 13, municipally disposed dwellings"),
    "kmd": (
        "KMD-undersøkelsen om bruk av kommunale boliger",
        "The KMD survey on the use of municipal dwellings",
    ),
    "iplos": ("IPLOS/KPR, vedtak om tjenester", "IPLOS/KPR, decisions on services"),
    "husbanken": ("Husbanken, statlig bostøtte", "Husbanken, state housing allowance"),
}
CODES = {
    "heltall": ("helt tall", "whole number"),
    "tekst": ("tekst", "text"),
    "ja_nei": ("«ja» eller «nei»", "“ja” (yes) or “nei” (no)"),
    "avkryssing": ("«ja» eller blank", "“ja” (ticked) or blank"),
    "kode": ("kode, skrevet som tekst med ledende nuller", "code, as text with leading zeros"),
    "dato": ("dato, ÅÅÅÅ-MM-DD", "date, YYYY-MM-DD"),
    "aar": ("årstall, fire siffer", "year, four digits"),
    "beholdning_3112": ("beholdning 31.12. i statistikkåret", "stock at 31 December of the year"),
    "i_aaret": ("i løpet av statistikkåret", "flow during the year"),
    "sum": ("leddene med samme «del av» summerer til helheten", "siblings with the same whole add up to it"),
    "herav": ("en del av helheten", "a part of the whole"),
    "kjent": ("spørsmålsnummeret er kjent", "the question number is known"),
    "ett_av_to": (
        "nummeret hører til ett av to totaltall; kilden sier ikke hvilket",
        "the number is that of one of two totals; the source does not say which",
    ),
    UNKNOWN_CONTENT: (
        "spørsmålet finnes, innholdet er ikke kjent; feltet er ikke med i leveransen",
        "the question exists, its content is not known; the field is not part of a delivery",
    ),
    "gjeldende": ("i bruk", "in use"),
    "foreslaatt": (
        "foreslått; det er ikke kjent om spørsmålet ble stilt",
        "proposed; it is not known whether the question was asked",
    ),
    "offentlig_kilde": ("kjent fra offentlig kilde", "known from a public source"),
    "eget_forslag": ("vårt forslag; ordlyden er ikke kjent", "our proposal; the wording is not known"),
}
CODED = ("datatype", "tidsreferanse", "del_type", "spoersmaal_sikkerhet", "status", "opphav")
HEADINGS = {
    "felt": "Felt<br>*Field*",
    "ledetekst": "Ledetekst<br>*Label*",
    "blokk": "Blokk<br>*Block*",
    "datatype": "Type<br>*Type*",
    "maaleenhet": "Enhet<br>*Unit*",
    "tidsreferanse": "Tid<br>*Time*",
    "del_av": "Del av<br>*Part of*",
    "spoersmaal": "Spørsmål<br>*Question*",
    "status": "Status<br>*Status*",
    "opphav": "Opphav<br>*Origin*",
}
COMPARED = {
    "ledetekst_nb": "ledetekst / *Norwegian label*",
    "ledetekst_en": "engelsk ledetekst / *English label*",
    "blokk": "blokk / *block*",
    "datatype": "type / *type*",
    "maaleenhet": "enhet / *unit*",
    "tidsreferanse": "tid / *time*",
    "del_av": "del av / *part of*",
    "del_type": "slags del / *kind of part*",
    "spoersmaal": "spørsmålsnummer / *question number*",
    "status": "status / *status*",
    "opphav": "opphav / *origin*",
    "kilde": "kilde / *source*",
}


def describe(catalogue: Catalogue, version: Version) -> str:
    """The description of a delivery: one table per block of the form."""
    fields = catalogue.of_version(version.name)
    name_nb, name_en = NAMES[catalogue.source]
    delivered = len(catalogue.delivered(version.first))
    statuses = [
        (status, sum(field.status == status for field in fields)) for status in _in_use(fields, "status")
    ]
    lines = [
        f"# {name_nb}: leveransebeskrivelse, versjon {version.name}",
        f"*{name_en}: description of the delivery, version {version.name}*",
        "\n".join(
            [
                f"- Gjelder statistikkår / *valid for statistical years*: **{version.period}**",
                f"- Kolonner i leveransen / *columns in the delivery*: **{delivered}**",
                "- Felt etter status / *fields by status*: "
                + ", ".join(f"{count} `{status}`" for status, count in statuses),
            ]
        ),
        "En leveranse har hver av kolonnene én gang, med feltnavnet som overskrift, i valgfri rekkefølge. "
        "Et blankt svar mangler; det er aldri null. Spørsmålsnummer står bare der det er kjent.",
        "*A delivery has each of the columns once, headed by the field's name, in any order. "
        "A blank answer is missing, never zero. Question numbers stand only where they are known.*",
    ]
    for block in dict.fromkeys(field.blokk for field in fields):
        rows = [_row(field) for field in fields if field.blokk == block]
        lines += [f"## Blokk `{block}`", _table([name for name in HEADINGS if name != "blokk"], rows)]
    lines += ["## Koder / *Codes*", _legend(fields), _sources(fields)]
    return "\n\n".join(lines) + "\n"


def changelog(catalogue: Catalogue, old: Version, new: Version) -> str:
    """New, removed and changed fields between two form versions."""
    before = {field.felt: field for field in catalogue.of_version(old.name)}
    after = {field.felt: field for field in catalogue.of_version(new.name)}
    added = [field for name, field in after.items() if name not in before]
    removed = [field for name, field in before.items() if name not in after]
    changes = [
        (f"`{name}`", label, _shown(attribute, before[name]), _shown(attribute, field))
        for name, field in after.items()
        if name in before
        for attribute, label in COMPARED.items()
        if _shown(attribute, before[name]) != _shown(attribute, field)
    ]
    changed = len({change[0] for change in changes})
    name_nb, name_en = NAMES[catalogue.source]
    lines = [
        f"# {name_nb}: endringer fra versjon {old.name} til {new.name}",
        f"*{name_en}: changes from version {old.name} ({old.period}) to {new.name} ({new.period})*",
        f"{len(added)} nye felt, {len(removed)} utgåtte, {changed} endrede, "
        f"{len(after) - len(added) - changed} uendrede.",
        f"*{len(added)} new fields, {len(removed)} removed, {changed} changed, "
        f"{len(after) - len(added) - changed} unchanged.*",
    ]
    for title, rows in (("Nye felt / *New fields*", added), ("Utgåtte felt / *Removed fields*", removed)):
        table = _table(list(HEADINGS), [_row(field) for field in rows])
        lines += [f"## {title}", table if rows else "Ingen. *None.*"]
    lines += ["## Endrede felt / *Changed fields*"]
    if changes:
        head = ("Felt<br>*Field*", "Hva<br>*What*", old.period, new.period)
        lines += [_lines([head, *changes])]
    else:
        lines += ["Ingen. *None.*"]
    coded = [*added, *removed]
    if coded:
        lines += ["## Koder / *Codes*", _legend(coded)]
    return "\n\n".join(lines) + "\n"


def _row(field: Field) -> dict[str, str]:
    return {
        "felt": f"`{field.felt}`",
        "ledetekst": f"{_escaped(field.ledetekst_nb)}<br>*{_escaped(field.ledetekst_en)}*",
        "blokk": f"`{field.blokk}`",
        "datatype": _code(field.datatype),
        "maaleenhet": field.maaleenhet,
        "tidsreferanse": _code(field.tidsreferanse),
        "del_av": field.del_av and f"`{field.del_av}` ({_code(field.del_type)})",
        "spoersmaal": _question(field),
        "status": _code(field.status),
        "opphav": _code(field.opphav),
    }


def _table(columns: Sequence[str], rows: list[dict[str, str]]) -> str:
    """A table without the columns that are blank in every row."""
    used = [name for name in columns if any(row[name] for row in rows)]
    return _lines([[HEADINGS[name] for name in used], *([row[name] for name in used] for row in rows)])


def _lines(rows: Sequence[Sequence[str]]) -> str:
    head, *body = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, f"|{' --- |' * len(rows[0])}", *body])


def _legend(fields: Sequence[Field]) -> str:
    """The codes that occur, in both languages."""
    used = dict.fromkeys(value for column in CODED for value in _in_use(fields, column) if value)
    return _lines(
        [
            ("Kode<br>*Code*", "Betydning<br>*Meaning*"),
            *((f"`{code}`", f"{CODES[code][0]}<br>*{CODES[code][1]}*") for code in used),
        ]
    )


def _sources(fields: Sequence[Field]) -> str:
    names = dict.fromkeys(field.kilde for field in fields if field.kilde)
    return "\n".join(["Kilder / *Sources*:", "", *(f"- {_escaped(name)}" for name in names)])


def _in_use(fields: Sequence[Field], column: str) -> list[str]:
    return list(dict.fromkeys(getattr(field, column) for field in fields))


def _shown(attribute: str, field: Field) -> str:
    if attribute == "spoersmaal":
        return _question(field) or "ikke kjent / *not known*"
    value = getattr(field, attribute)
    return _code(value) if attribute in CODED else _escaped(value)


def _question(field: Field) -> str:
    number, year = field.spoersmaal_nr, field.spoersmaal_aargang
    return number and f"{number} ({year}, {_code(field.spoersmaal_sikkerhet)})"


def _code(value: str) -> str:
    return value and f"`{value}`"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
