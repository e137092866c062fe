"""The fixed words of the specification, in Norwegian and English, and what codes are called."""

WORDS = {
    "without": ("Uten regelen", "Without the rule"),
    "treatment": ("Hva lageret gjør", "What the warehouse does"),
    "severity": ("Alvorlighet", "Severity"),
    "source": ("Hva den ser på", "What it looks at"),
    "field": ("Felt", "Field"),
    "parts": ("Deler", "Parts"),
    "against": ("Sammenlignes med", "Compared with"),
    "threshold": ("Terskel", "Threshold"),
    "years": ("Gjelder", "Valid"),
    "message": ("Meldingen til kommunen", "The message to the municipality"),
    "reference": ("Kilde", "Source"),
    "findings": ("Utslag", "Findings"),
    "units": ("Enheter", "Units"),
    "year": ("År", "Year"),
    "outcome": ("Utfall i det publiserte lageret", "Outcome in the published warehouse"),
    "links": ("I dbt-dokumentasjonen", "In the dbt documentation"),
    "holds": ("holder", "holds"),
    "broken": ("holder ikke", "does not hold"),
    "rows": ("rader som bryter regelen", "rows that break the rule"),
    "from": ("fra", "from"),
    "not_delivered": ("ikke levert", "not delivered"),
}
# Tests look at the warehouse; controls at what was delivered.
TESTS = ("Tester av lageret", "Tests of the warehouse")
CONTROLS = ("Kontroller: {}", "Controls: {}")
SOURCES = {
    "skjema13": ("skjema 13", "form 13"),
    "kmd": ("KMD-undersøkelsen", "the KMD survey"),
    "iplos": ("IPLOS", "IPLOS"),
    "husbanken": ("Husbankens tall", "Husbanken's figures"),
    "lager": ("tallene lageret regner ut", "the figures that the warehouse works out"),
}
UNITS = {
    "antall": ("", ""),
    "prosent": ("prosent", "per cent"),
    "aar": ("(årstall)", "(year)"),
    "kommuner": ("kommuner", "municipalities"),
    "personer": ("personer", "persons"),
    "husstander": ("husstander", "households"),
    "boliger": ("boliger", "dwellings"),
}
ORIGINS = {
    "offentlig_kilde": ("offentlig kilde", "public source"),
    "eget_forslag": ("eget forslag", "our own proposal"),
}
LINKS = {
    "sql": ("SQL", "SQL"),
    "applied": ("test", "test"),
    "twin_bestaar": ("tvilling som skal bestå", "twin that must pass"),
    "twin_feiler": ("tvilling som skal feile", "twin that must fail"),
    "twins": ("test av tvillingene", "test of the twins"),
    "twin_data": ("tvillingene", "the twins"),
    "result": ("utslagene", "the findings"),
}
