#!/usr/bin/env python3
"""Writes the shop's raw tables to seeds/*.csv, byte for byte the same on every machine.

Only the standard library is used. Of the random module only random() is called: it is the one
method whose sequence Python promises to keep between versions. Money is integer cents, in the
currency of the order; times are UTC. The story ends at 2026-01-01, so nothing depends on today.

    generate.py             write the files
    generate.py --check     compare the files with what would be written; exit 1 if they differ
"""

import argparse
import bisect
import csv
import datetime as dt
import io
import pathlib
import random
import sys
import unicodedata

import reference

SEED = 20240101
FIRST_DAY = dt.date(2024, 1, 1)
END = dt.datetime(2026, 1, 1)
LAST = END - dt.timedelta(seconds=1)
DAYS = (END.date() - FIRST_DAY).days

CUSTOMERS = 5200
ORDERS = 16500
PRODUCTS = 480

# dbt compares a seed above this size by its path alone, so an edit would not count as a change.
MAX_FILE_BYTES = 1024 * 1024


class Random:
    """A fixed sequence of random choices."""

    def __init__(self, seed):
        self._next = random.Random(seed).random

    def chance(self, probability):
        return self._next() < probability

    def whole(self, low, high):
        """An integer in [low, high]."""
        return low + int(self._next() * (high - low + 1))

    def between(self, low, high):
        return low + self._next() * (high - low)

    def pick(self, items):
        return items[int(self._next() * len(items))]

    def pick_by_running_total(self, items, running_totals):
        at = bisect.bisect_right(running_totals, self._next() * running_totals[-1])
        return items[min(at, len(items) - 1)]


class Weighted:
    """Draws items, each as often as its weight says."""

    def __init__(self, pairs):
        self._items = [item for item, _ in pairs]
        self._totals = running_totals(weight for _, weight in pairs)

    def draw(self, rng):
        return rng.pick_by_running_total(self._items, self._totals)


def running_totals(weights):
    totals, total = [], 0.0
    for weight in weights:
        total += weight
        totals.append(total)
    return totals


def ascii_name(text):
    plain = text.replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Ø", "O")
    folded = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in folded if c.isascii() and c.isalpha()).lower()


def month_start(moment):
    return dt.date(moment.year, moment.month, 1)


def all_months():
    return [dt.date(year, month, 1) for year in (2024, 2025) for month in range(1, 13)]


class Shop:
    """Builds the tables in the order in which they depend on each other."""

    def __init__(self):
        self.rng = Random(SEED)
        self.tables = {}
        self.countries = {row[0]: row for row in reference.COUNTRIES}
        self.rates = {}
        self.child_categories = []
        self.products = []
        self.promotions = []
        self.customers = []
        self.orders = []
        self.items_by_order = {}
        self.delivered_at = {}

    def build(self):
        self.add("countries", reference.COUNTRY_COLUMNS, reference.COUNTRIES)
        self.build_exchange_rates()
        self.build_categories()
        self.build_suppliers()
        self.build_products()
        self.build_promotions()
        self.build_customers()
        self.build_orders()
        self.build_order_items()
        self.build_shipments()
        returned = self.build_returns()
        self.build_payments()
        self.build_refunds(returned)
        self.write_orders(returned)
        self.build_reviews()
        self.build_stock_counts()
        return self.tables

    def add(self, name, columns, rows):
        self.tables[name] = (tuple(columns), [tuple(row) for row in rows])

    def build_exchange_rates(self):
        rows = []
        for currency, start in reference.RATES_TO_EUR:
            rate = start
            for month in all_months():
                self.rates[month, currency] = rate
                rows.append((month, currency, f"{rate:.6f}"))
                if currency != "EUR":
                    rate = round(rate * self.rng.between(0.99, 1.01), 6)
        self.add("exchange_rates", ("month_start", "currency_code", "rate_to_eur"), rows)

    def build_categories(self):
        rows = []
        for department, categories in reference.CATEGORIES:
            parent = len(rows) + 1
            rows.append((parent, None, department))
            for category in categories:
                rows.append((len(rows) + 1, parent, category[0]))
                self.child_categories.append((len(rows), *category))
        self.add("categories", ("category_id", "parent_category_id", "category_name"), rows)

    def build_suppliers(self):
        rng, rows = self.rng, []
        codes = list(self.countries)
        for number, name in enumerate(reference.SUPPLIERS, start=1):
            signed = dt.date(2021, 1, 1) + dt.timedelta(days=rng.whole(0, 1000))
            rows.append((number, name, rng.pick(codes), rng.whole(3, 28), signed))
        self.add(
            "suppliers",
            ("supplier_id", "supplier_name", "country_code", "lead_time_days",
             "contract_signed_on"),
            rows,
        )

    def build_products(self):
        rng = self.rng
        for number in range(1, PRODUCTS + 1):
            category_id, category, noun, materials, euros = rng.pick(self.child_categories)
            name = f"{rng.pick(materials)} {noun}{rng.pick(reference.SIZES)}"
            price = rng.whole(*euros) * 100 - 5
            cost = int(price * rng.between(0.35, 0.62))
            # Nine in ten were on sale before the story starts.
            launched = FIRST_DAY - dt.timedelta(days=rng.whole(1, 900))
            if rng.chance(0.1):
                launched = FIRST_DAY + dt.timedelta(days=rng.whole(30, 600))
            discontinued = None
            if rng.chance(0.06):
                discontinued = FIRST_DAY + dt.timedelta(days=rng.whole(650, 720))
            changed = dt.datetime(2025, 1, 1, 6) + dt.timedelta(minutes=rng.whole(0, 500000))
            self.products.append(
                (number, f"{category[:2].upper()}-{number:04d}", name, category_id,
                 rng.whole(1, len(reference.SUPPLIERS)), price, cost, rng.whole(80, 9000),
                 launched, discontinued, changed)
            )
        self.add(
            "products",
            ("product_id", "sku", "product_name", "category_id", "supplier_id",
             "list_price_cents", "unit_cost_cents", "weight_grams", "launched_on",
             "discontinued_on", "updated_at"),
            self.products,
        )

    def build_promotions(self):
        rng = self.rng
        for number, month in enumerate(all_months(), start=1):
            starts = month + dt.timedelta(days=rng.whole(0, 10))
            ends = starts + dt.timedelta(days=rng.whole(6, 16))
            # Every third campaign is for one category, the others for the whole shop.
            category = rng.pick(self.child_categories) if number % 3 == 0 else (None, "Everything")
            percent = rng.pick((5, 10, 10, 15, 20, 25))
            title = f"{category[1]} {percent}% off, {month:%B %Y}"
            self.promotions.append((f"P{month:%y%m}", title, percent, starts, ends, category[0]))
        self.add(
            "promotions",
            ("promotion_code", "promotion_name", "discount_percent", "starts_on", "ends_on",
             "category_id"),
            self.promotions,
        )

    def build_customers(self):
        rng = self.rng
        country = Weighted(reference.COUNTRY_WEIGHTS)
        channel = Weighted(reference.ACQUISITION_CHANNELS)
        # Two in five signed up in the year before the story starts, the others at any time.
        signups = sorted(
            dt.datetime.combine(FIRST_DAY, dt.time())
            + dt.timedelta(days=rng.whole(-365, -1 if rng.chance(0.4) else DAYS - 1),
                           seconds=rng.whole(0, 86399))
            for _ in range(CUSTOMERS)
        )
        for number, at in enumerate(signups, start=1):
            first, last = rng.pick(reference.FIRST_NAMES), rng.pick(reference.LAST_NAMES)
            domain = rng.pick(("example.com", "example.net", "example.org"))
            email = f"{ascii_name(first)}.{ascii_name(last)}{number}@{domain}"
            changed = at + (END - at) * (rng.between(0, 1) if rng.chance(0.3) else 0)
            self.customers.append(
                (number, first, last, email, country.draw(rng), channel.draw(rng),
                 "true" if rng.chance(0.58) else "false", at, changed.replace(microsecond=0))
            )
        self.add(
            "customers",
            ("customer_id", "first_name", "last_name", "email", "country_code",
             "acquisition_channel", "marketing_opt_in", "signed_up_at", "updated_at"),
            self.customers,
        )

    def draw_order_times(self):
        """Times of all orders, oldest first: growing, busy at weekends and before Christmas."""
        rng = self.rng
        days = [FIRST_DAY + dt.timedelta(days=n) for n in range(DAYS)]
        busy = running_totals(
            (1 + n / DAYS) * reference.WEEKDAY_WEIGHTS[day.weekday()]
            * reference.MONTH_WEIGHTS[day.month - 1]
            for n, day in enumerate(days)
        )
        hour = Weighted(list(enumerate(reference.HOUR_WEIGHTS)))
        return sorted(
            dt.datetime.combine(rng.pick_by_running_total(days, busy), dt.time(hour.draw(rng)))
            + dt.timedelta(seconds=rng.whole(0, 3599))
            for _ in range(ORDERS)
        )

    def build_orders(self):
        rng = self.rng
        channel = Weighted(reference.SALES_CHANNELS)
        signed_up_at = [customer[7] for customer in self.customers]
        for number, at in enumerate(self.draw_order_times(), start=1):
            known = bisect.bisect_right(signed_up_at, at)
            index = rng.whole(0, known - 1)
            if rng.chance(0.45):
                index -= index % 5  # every fifth customer is a loyal one
            customer = self.customers[index]
            currency = self.countries[customer[4]][2]
            code = None
            for promotion in self.promotions:
                if promotion[3] <= at.date() <= promotion[4] and rng.chance(0.35):
                    code = promotion[0]
            self.orders.append(
                {"id": number, "customer": customer, "at": at, "currency": currency,
                 "channel": channel.draw(rng), "promotion": code,
                 "rate": self.rates[month_start(at), currency],
                 "cancelled": rng.chance(0.035)}
            )

    def build_order_items(self):
        rng, rows = self.rng, []
        lines = Weighted(((1, 36), (2, 30), (3, 18), (4, 10), (5, 6)))
        quantity = Weighted(((1, 76), (2, 17), (3, 5), (4, 2)))
        discounts = {promotion[0]: promotion for promotion in self.promotions}
        for order in self.orders:
            day, chosen, items = order["at"].date(), set(), []
            for _ in range(lines.draw(rng)):
                product = rng.pick(self.products)
                if product[8] > day or (product[9] and product[9] <= day):
                    continue
                if product[0] in chosen:
                    continue
                chosen.add(product[0])
                items.append(self.price_item(order, product, quantity.draw(rng), discounts))
            if not items:
                # Products that are always on sale stand in for a line that found none.
                product = next(p for p in self.products if p[8] < FIRST_DAY and not p[9])
                items.append(self.price_item(order, product, 1, discounts))
            for item in items:
                item["id"] = len(rows) + 1
                rows.append((item["id"], order["id"], item["product"], item["quantity"],
                             item["price"], item["discount"]))
            self.items_by_order[order["id"]] = items
            goods = sum(i["quantity"] * i["price"] - i["discount"] for i in items)
            order["shipping"] = 0 if goods * order["rate"] >= 7500 else int(490 / order["rate"])
            order["total"] = goods + order["shipping"]
        self.add(
            "order_items",
            ("order_item_id", "order_id", "product_id", "quantity", "unit_price_cents",
             "discount_cents"),
            rows,
        )

    def price_item(self, order, product, quantity, discounts):
        yearly = 0.97 if order["at"].year == 2024 else 1.0
        price = int(product[5] * yearly / order["rate"])
        price += 9 - price % 10
        discount = 0
        promotion = discounts.get(order["promotion"])
        if promotion and promotion[5] in (None, product[3]):
            discount = quantity * price * promotion[2] // 100
        return {"product": product[0], "quantity": quantity, "price": price, "discount": discount}

    def build_shipments(self):
        rng, rows = self.rng, []
        carrier = Weighted(tuple((c, c[3]) for c in reference.CARRIERS))
        for order in self.orders:
            if order["cancelled"]:
                continue
            name, promised, late, _ = carrier.draw(rng)
            shipped = order["at"] + dt.timedelta(minutes=rng.whole(90, 2600))
            hours = promised * 24 - rng.whole(2, 20)
            if rng.chance(late):
                hours += rng.whole(24, 120)
            delivered = shipped + dt.timedelta(hours=hours, minutes=rng.whole(0, 59))
            if shipped >= END:
                continue
            if delivered < END:
                self.delivered_at[order["id"]] = delivered
            rows.append((len(rows) + 1, order["id"], name, promised, shipped,
                         delivered if delivered < END else None))
            order["shipped"] = True
        self.add(
            "shipments",
            ("shipment_id", "order_id", "carrier", "promised_days", "shipped_at", "delivered_at"),
            rows,
        )

    def build_returns(self):
        """Returns of delivered items. Answers {order id: [(return id, refund, time)]}."""
        rng, rows, by_order = self.rng, [], {}
        reason = Weighted(reference.RETURN_REASONS)
        for order_id, delivered in self.delivered_at.items():
            for item in self.items_by_order[order_id]:
                if not rng.chance(0.065):
                    continue
                at = delivered + dt.timedelta(hours=rng.whole(20, 600))
                if at >= END:
                    continue
                quantity = rng.whole(1, item["quantity"])
                paid = item["quantity"] * item["price"] - item["discount"]
                refund = paid * quantity // item["quantity"]
                item["returned"] = quantity
                rows.append((len(rows) + 1, item["id"], quantity, reason.draw(rng), at))
                by_order.setdefault(order_id, []).append((len(rows), refund, at))
        self.add(
            "returns", ("return_id", "order_item_id", "quantity", "reason", "returned_at"), rows
        )
        return by_order

    def build_payments(self):
        rng, rows = self.rng, []
        method = Weighted(reference.PAYMENT_METHODS)

        def pay(order, how, status, cents, minutes):
            at = order["at"] + dt.timedelta(minutes=minutes)
            rows.append((len(rows) + 1, order["id"], how, status, cents, at))

        for order in self.orders:
            total, minutes = order["total"], rng.whole(0, 9)
            order["paid"] = not (order["cancelled"] and rng.chance(0.5))
            if not order["paid"] or rng.chance(0.03):
                pay(order, method.draw(rng), "failed", total, minutes)
            if not order["paid"]:
                continue
            card = rng.whole(1, 5) * 1000 if rng.chance(0.04) else 0
            if 0 < card < total:
                pay(order, "gift_card", "captured", card, minutes + 1)
                total -= card
            pay(order, method.draw(rng), "captured", total, minutes + 2)
        self.add(
            "payments",
            ("payment_id", "order_id", "payment_method", "status", "amount_cents", "paid_at"),
            rows,
        )

    def build_refunds(self, returned):
        rng, rows = self.rng, []
        for order in self.orders:
            if order["cancelled"] and order["paid"]:
                at = order["at"] + dt.timedelta(hours=rng.whole(2, 30))
                rows.append((len(rows) + 1, order["id"], None, order["total"], min(at, LAST)))
            for return_id, cents, returned_at in returned.get(order["id"], ()):
                at = returned_at + dt.timedelta(hours=rng.whole(1, 72))
                rows.append((len(rows) + 1, order["id"], return_id, cents, min(at, LAST)))
        self.add(
            "refunds", ("refund_id", "order_id", "return_id", "amount_cents", "refunded_at"), rows
        )

    def order_status(self, order, returned):
        if order["cancelled"]:
            return "cancelled"
        items = self.items_by_order[order["id"]]
        if order["id"] in returned and all(i.get("returned") == i["quantity"] for i in items):
            return "returned"
        if order["id"] in self.delivered_at:
            return "delivered"
        return "shipped" if order.get("shipped") else "placed"

    def write_orders(self, returned):
        self.add(
            "orders",
            ("order_id", "customer_id", "ordered_at", "status", "sales_channel",
             "promotion_code", "currency_code", "shipping_fee_cents"),
            (
                (order["id"], order["customer"][0], order["at"], self.order_status(order, returned),
                 order["channel"], order["promotion"], order["currency"], order["shipping"])
                for order in self.orders
            ),
        )

    def build_reviews(self):
        rng, rows = self.rng, []
        rating = Weighted(((5, 46), (4, 29), (3, 13), (2, 7), (1, 5)))
        for order_id, delivered in self.delivered_at.items():
            for item in self.items_by_order[order_id]:
                at = delivered + dt.timedelta(hours=rng.whole(10, 900))
                if rng.chance(0.2) and at < END:
                    stars = 2 if item.get("returned") else rating.draw(rng)
                    rows.append((len(rows) + 1, item["id"], stars, at))
        self.add("reviews", ("review_id", "order_item_id", "rating", "reviewed_at"), rows)

    def build_stock_counts(self):
        rng, rows = self.rng, []
        for month in all_months():
            for product in self.products:
                if product[8] <= month and not (product[9] and product[9] <= month):
                    units = 0 if rng.chance(0.02) else rng.whole(1, 12) * rng.whole(0, 12)
                    rows.append((month, product[0], units))
        self.add("stock_counts", ("counted_on", "product_id", "units_on_hand"), rows)


def to_csv(columns, rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)  # None becomes an empty field, which dbt reads as null
    return out.getvalue().encode("utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    parser.add_argument(
        "--output", type=pathlib.Path,
        default=pathlib.Path(__file__).resolve().parent.parent / "seeds",
    )
    options = parser.parse_args()

    different, total = [], 0
    for name, (columns, rows) in Shop().build().items():
        data, path = to_csv(columns, rows), options.output / f"raw_{name}.csv"
        if len(data) > MAX_FILE_BYTES:
            sys.exit(f"{path.name}: {len(data)} bytes, the limit is {MAX_FILE_BYTES}")
        if not options.check:
            path.write_bytes(data)
        elif not path.is_file() or path.read_bytes() != data:
            different.append(path.name)
        total += len(rows)
        print(f"{path.name:24} {len(rows):7} rows {len(data):9} bytes")
    print(f"{'total':24} {total:7} rows")
    if different:
        sys.exit("differ from what the generator writes: " + ", ".join(different))


if __name__ == "__main__":
    main()
