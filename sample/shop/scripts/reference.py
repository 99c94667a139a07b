"""Names, weights and rates from which generate.py draws."""

COUNTRY_COLUMNS = (
    "country_code", "country_name", "currency_code", "standard_vat_rate", "sales_region",
)
COUNTRIES = (
    ("DE", "Germany", "EUR", "0.19", "Central"),
    ("AT", "Austria", "EUR", "0.20", "Central"),
    ("PL", "Poland", "PLN", "0.23", "Central"),
    ("FR", "France", "EUR", "0.20", "West"),
    ("NL", "Netherlands", "EUR", "0.21", "West"),
    ("BE", "Belgium", "EUR", "0.21", "West"),
    ("IE", "Ireland", "EUR", "0.23", "West"),
    ("GB", "United Kingdom", "GBP", "0.20", "West"),
    ("SE", "Sweden", "SEK", "0.25", "North"),
    ("DK", "Denmark", "DKK", "0.25", "North"),
    ("IT", "Italy", "EUR", "0.22", "South"),
    ("ES", "Spain", "EUR", "0.21", "South"),
)
COUNTRY_WEIGHTS = (
    ("DE", 26), ("AT", 6), ("PL", 8), ("FR", 14), ("NL", 9), ("BE", 5),
    ("IE", 3), ("GB", 10), ("SE", 6), ("DK", 4), ("IT", 5), ("ES", 4),
)
RATES_TO_EUR = (("EUR", 1.0), ("GBP", 1.163), ("SEK", 0.0887), ("DKK", 0.1341), ("PLN", 0.2298))

# Department: categories, each with a product's noun, its materials and its prices in euros.
CATEGORIES = (
    ("Kitchen", (
        ("Pans", "frying pan", ("Cast iron", "Copper", "Steel", "Enamel"), (29, 149)),
        ("Knives", "kitchen knife", ("Steel", "Oak-handled", "Walnut-handled"), (19, 179)),
        ("Storage jars", "storage jar", ("Glass", "Stoneware", "Enamel"), (6, 39)),
        ("Baking trays", "baking tray", ("Steel", "Enamel", "Stoneware"), (12, 49)),
        ("Coffee makers", "coffee maker", ("Glass", "Steel", "Porcelain"), (24, 159)),
    )),
    ("Dining", (
        ("Plates", "plate", ("Stoneware", "Porcelain", "Glazed", "Speckled"), (8, 44)),
        ("Bowls", "bowl", ("Stoneware", "Porcelain", "Glazed", "Walnut"), (7, 49)),
        ("Glasses", "tumbler", ("Smoked", "Ribbed", "Clear"), (6, 34)),
        ("Serving boards", "serving board", ("Oak", "Walnut", "Beech", "Slate"), (18, 79)),
    )),
    ("Bedroom", (
        ("Duvets", "duvet", ("Down", "Wool", "Cotton"), (69, 249)),
        ("Pillows", "pillow", ("Down", "Wool", "Cotton"), (24, 119)),
        ("Blankets", "blanket", ("Wool", "Cotton", "Linen", "Mohair"), (39, 169)),
        ("Bedside tables", "bedside table", ("Oak", "Walnut", "Beech"), (89, 249)),
    )),
    ("Bathroom", (
        ("Towels", "towel", ("Cotton", "Linen", "Waffle"), (9, 49)),
        ("Bath mats", "bath mat", ("Cotton", "Cork", "Bamboo"), (16, 59)),
        ("Soap dishes", "soap dish", ("Stoneware", "Marble", "Bamboo"), (6, 29)),
    )),
    ("Living", (
        ("Lamps", "table lamp", ("Brass", "Stoneware", "Glass", "Oak"), (49, 229)),
        ("Cushions", "cushion", ("Linen", "Velvet", "Wool"), (19, 69)),
        ("Rugs", "rug", ("Wool", "Jute", "Cotton"), (79, 249)),
        ("Shelves", "wall shelf", ("Oak", "Walnut", "Steel"), (39, 189)),
        ("Candles", "candle", ("Beeswax", "Soy", "Scented"), (6, 34)),
    )),
    ("Garden", (
        ("Planters", "planter", ("Terracotta", "Zinc", "Stoneware"), (14, 89)),
        ("Lanterns", "lantern", ("Copper", "Zinc", "Glass"), (19, 79)),
        ("Garden chairs", "garden chair", ("Teak", "Steel", "Rattan"), (59, 229)),
    )),
)
SIZES = ("", "", "", ", small", ", medium", ", large", ", set of 2", ", set of 4")

SUPPLIERS = (
    "Nordholz Werkstatt", "Atelier Marchand", "De Haan & Zonen", "Bergström Form",
    "Casa Bianchi", "Ceramica Vietri", "Porcelana Łysa Góra", "Aalborg Uld", "Tejidos del Sur",
    "Wexford Linen", "Sheffield Steel Co.", "Ostfries Keramik", "Maison Lefèvre",
    "Brabant Textiel", "Malmö Ljus", "Tirol Holz", "Ferro Nero", "Vidrios Luna",
    "Kraków Glassworks", "Hygge & Ro", "Schwarzwald Messer", "Lumière du Nord",
    "Polder Pottery", "Galway Wool", "Cornish Clay", "Lombardia Cucina", "Bauwerk Licht",
    "Flandre Lin", "Jutland Garden", "Alpen Decken", "Catalan Cork", "Baltic Amber Candles",
)

FIRST_NAMES = (
    "Anna", "Jonas", "Léa", "Lukas", "Zoë", "Emma", "Noah", "Łukasz", "Agnieszka", "Åsa",
    "Søren", "Freja", "Chiara", "Matteo", "Lucía", "Diego", "Saoirse", "Conor", "Oliver",
    "Amelia", "Harry", "Isla", "Sofie", "Daan", "Fleur", "Bram", "Hugo", "Chloé", "Jules",
    "Camille", "Felix", "Mia", "Paul", "Hannah", "Leon", "Clara", "Elias", "Wojciech",
    "Magdalena", "Björn", "Ingrid", "Katrin", "Stefan", "Giulia", "Marta", "Pablo", "Nora",
)
LAST_NAMES = (
    "Müller", "Schmidt", "Weber", "Fischer", "Becker", "Hoffmann", "Gruber", "Huber", "Kowalski",
    "Nowak", "Wiśniewska", "Dubois", "Martin", "Lefèvre", "Moreau", "de Vries", "Jansen",
    "van den Berg", "Peeters", "Maes", "O'Brien", "Murphy", "Byrne", "Smith", "Taylor", "Davies",
    "Andersson", "Lindqvist", "Nilsson", "Sørensen", "Møller", "Rossi", "Ferrari", "Bianchi",
    "García", "Fernández", "López", "Schäfer", "Braun", "Vogel", "Walker", "Clarke",
)

ACQUISITION_CHANNELS = (
    ("search", 34), ("social", 22), ("referral", 14), ("newsletter", 12), ("direct", 18),
)
SALES_CHANNELS = (("web", 52), ("app", 30), ("store", 11), ("marketplace", 7))
PAYMENT_METHODS = (("card", 50), ("paypal", 26), ("invoice", 16), ("transfer", 8))
RETURN_REASONS = (
    ("damaged", 24), ("not_as_described", 22), ("changed_mind", 34), ("wrong_item", 8),
    ("late_delivery", 12),
)
# Name, promised days, share of late parcels, weight.
CARRIERS = (("DHL", 3, 0.06, 40), ("DPD", 3, 0.10, 26), ("UPS", 2, 0.05, 18), ("GLS", 4, 0.14, 16))

WEEKDAY_WEIGHTS = (0.95, 0.9, 0.92, 0.98, 1.05, 1.2, 1.25)
MONTH_WEIGHTS = (0.85, 0.8, 0.9, 0.95, 1.0, 0.92, 0.85, 0.86, 1.0, 1.1, 1.55, 1.7)
HOUR_WEIGHTS = (
    2, 1, 1, 1, 1, 1, 3, 6, 9, 11, 12, 12, 13, 12, 11, 11, 12, 14, 17, 20, 21, 17, 10, 5,
)
