//! The books of a chain, recomputed from its rows alone: by rules, and by what a check says of damage.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use entity::demand::{calendar, inventory_snapshot_daily, price_history, promotion, sales_daily};
use sea_orm::EntityTrait;
use sea_orm::prelude::Decimal;

use super::{anew, digests, words};
use crate::backend::{Home, runtime};

/// A store and a product.
type Pair = (i32, i32);

struct Books {
    days: Vec<calendar::Model>,
    sales: Vec<sales_daily::Model>,
    stock: Vec<inventory_snapshot_daily::Model>,
    prices: Vec<price_history::Model>,
    promotions: Vec<promotion::Model>,
}

impl Books {
    fn of(home: &Home) -> Self {
        runtime().block_on(async {
            let db = home.connect().await;
            let books = Self {
                days: calendar::Entity::find().all(&db).await.expect("days"),
                sales: sales_daily::Entity::find().all(&db).await.expect("sales"),
                stock: inventory_snapshot_daily::Entity::find().all(&db).await.expect("stock"),
                prices: price_history::Entity::find().all(&db).await.expect("prices"),
                promotions: promotion::Entity::find().all(&db).await.expect("promotions"),
            };
            db.close().await.expect("a connection closes");
            books
        })
    }

    /// What a store asks for a product on a day before promotions, and whether the price is its own.
    fn list_price(&self, (store, product): Pair, day: NaiveDate) -> (i64, bool) {
        let asked = |store: Option<i32>| {
            let of = self.prices.iter().filter(|price| (price.store_id, price.product_id) == (store, product));
            let mut now = of.filter(|price| price.valid_from <= day && price.valid_to.is_none_or(|to| day <= to));
            let price = now.next().map(|price| cents(price.price));
            assert!(now.next().is_none(), "two prices of {store:?} {product} on {day}");
            price
        };
        match asked(Some(store)) {
            Some(own) => (own, true),
            None => (asked(None).unwrap_or_else(|| panic!("no price of {product} on {day}")), false),
        }
    }

    /// The promotion of a product in a store on a day.
    fn promotion(&self, (store, product): Pair, day: NaiveDate) -> Option<&promotion::Model> {
        let of = self.promotions.iter().filter(|one| one.product_id == product);
        let mut now = of.filter(|one| {
            one.store_id.is_none_or(|own| own == store) && (one.start_date..=one.end_date).contains(&day)
        });
        let promotion = now.next();
        assert!(now.next().is_none(), "two promotions of {product} in {store} on {day}");
        promotion
    }

    fn prices_are_those_of_the_day(&self) {
        let (mut own_prices, mut promoted) = (0, 0);
        for sale in &self.sales {
            let pair = (sale.store_id, sale.product_id);
            let (list, is_own) = self.list_price(pair, sale.date);
            let price = match self.promotion(pair, sale.date) {
                None => list,
                Some(promotion) => {
                    promoted += 1;
                    discounted(list, promotion)
                }
            };
            own_prices += i32::from(is_own);
            assert_eq!(cents(sale.unit_price), price, "{sale:?}");
            assert_eq!(cents(sale.total_amount), price * i64::from(sale.quantity), "{sale:?}");
        }
        assert!(own_prices > 20 && promoted > 100, "{own_prices} sales at a store's own price, {promoted} promoted");
    }

    fn stock_is_what_came_less_what_went(&self) {
        let sold: BTreeMap<_, i32> =
            self.sales.iter().map(|sale| ((sale.store_id, sale.product_id, sale.date), sale.quantity)).collect();
        assert_eq!(sold.len(), self.sales.len(), "a sale a day, store and product");
        let stock: BTreeMap<_, _> =
            self.stock.iter().map(|row| ((row.store_id, row.product_id, row.date), row)).collect();
        assert_eq!(stock.len(), self.stock.len(), "a stock a day, store and product");
        assert!(sold.keys().all(|key| stock.contains_key(key)), "a sale has its stock beside it");
        let (mut pairs, mut arrivals, mut empty) = (0, 0, 0);
        for ((store, product, date), now) in &stock {
            assert_eq!(now.is_stockout, now.on_hand_qty == 0, "{now:?}");
            empty += i32::from(now.is_stockout);
            let eve = date.checked_sub_days(Days::new(1)).expect("a day");
            let Some(before) = stock.get(&(*store, *product, eve)) else { continue };
            let sold = sold.get(&(*store, *product, *date)).copied().unwrap_or(0);
            let received = now.on_hand_qty - before.on_hand_qty + sold;
            assert!(received == 0 || received == before.on_order_qty, "{received} came on {date}: {before:?} {now:?}");
            assert!(sold <= before.on_hand_qty + received, "{sold} sold: {before:?} {now:?}");
            pairs += 1;
            arrivals += i32::from(received > 0);
        }
        assert!(pairs > 1000 && arrivals > 50 && empty > 20, "{pairs} pairs, {arrivals} arrivals, {empty} empty");
    }

    fn days_are_those_of_the_published_calendar(&self) {
        let mut holidays = 0;
        for day in &self.days {
            let date = day.date;
            let quarter = (day.month - 1) / 3 + 1;
            let weekday = i32::try_from(date.weekday().num_days_from_monday()).expect("a weekday");
            let month = i32::try_from(date.month()).expect("a month");
            assert_eq!(
                (day.day_of_week, day.month, day.quarter, day.year),
                (weekday, month, quarter, date.year()),
                "{day:?}"
            );
            let name = published(date.year()).remove(&date);
            assert_eq!((day.is_holiday, day.holiday_name.as_deref()), (name.is_some(), name), "{date}");
            holidays += i32::from(day.is_holiday);
        }
        assert_eq!((self.days.len(), holidays), (366, 14));
    }

    /// Every store of the books is open from the first day on.
    fn prices_and_promotions_are_of_days_on_sale(&self) {
        let (first, last) = hull(self.days.iter().map(|day| day.date)).expect("days");
        let prices = self.prices.iter().map(|row| (row.product_id, row.store_id, row.valid_from, row.valid_to));
        let promotions =
            self.promotions.iter().map(|row| (row.product_id, row.store_id, row.start_date, Some(row.end_date)));
        for (product, store, from, to) in prices.chain(promotions) {
            let of = self.stock.iter().filter(|row| row.product_id == product);
            let of = of.filter(|row| store.is_none_or(|store| store == row.store_id));
            let (began, ended) = hull(of.map(|row| row.date)).expect("a product that some store has");
            assert!(began == first || began <= from, "{product} in {store:?} from {from}, and on sale from {began}");
            let is_in_time = ended == last || to.is_some_and(|to| to <= ended);
            assert!(is_in_time, "{product} in {store:?} to {to:?}, and on sale to {ended}");
        }
    }

    fn windows_do_not_overlap(&self) {
        let pairs: std::collections::BTreeSet<Pair> =
            self.stock.iter().map(|row| (row.store_id, row.product_id)).collect();
        for (store, product) in pairs {
            let promotions = self.promotions.iter().filter(|one| one.product_id == product);
            let promotions = promotions.filter(|one| one.store_id.is_none_or(|own| own == store));
            follow(promotions.map(|one| (one.start_date, one.end_date)).collect());
            for store in [None, Some(store)] {
                let prices = self.prices.iter().filter(|price| (price.product_id, price.store_id) == (product, store));
                follow(prices.map(|one| (one.valid_from, one.valid_to.unwrap_or(NaiveDate::MAX))).collect());
            }
        }
        assert!(self.promotions.len() > 10 && self.prices.len() > 10, "there are windows to compare");
    }
}

/// First and last day of some windows, which is any day where there are none.
fn hull(days: impl Iterator<Item = NaiveDate>) -> Option<(NaiveDate, NaiveDate)> {
    days.fold(None, |hull, day| Some(hull.map_or((day, day), |(first, last): (_, _)| (day.min(first), day.max(last)))))
}

/// Windows of days, of which each begins after the one before has ended.
fn follow(mut windows: Vec<(NaiveDate, NaiveDate)>) {
    windows.sort_unstable();
    assert!(windows.iter().all(|(start, end)| start <= end), "{windows:?}");
    assert!(windows.windows(2).all(|two| two[0].1 < two[1].0), "{windows:?}");
}

fn cents(dollars: Decimal) -> i64 {
    let cents = dollars * Decimal::ONE_HUNDRED;
    assert!(cents.is_integer(), "{dollars} has parts of cents");
    i64::try_from(cents).expect("a price")
}

/// A price less a promotion; half a cent is rounded up.
fn discounted(list: i64, promotion: &promotion::Model) -> i64 {
    match (promotion.discount_pct, promotion.discount_amount) {
        (Some(share), None) => {
            let tenth_thousandths = i64::try_from(share * Decimal::from(10_000)).expect("a share");
            let left = list * (10_000 - tenth_thousandths);
            left.div_euclid(10_000) + i64::from(left.rem_euclid(10_000) >= 5_000)
        }
        (None, Some(amount)) => list - cents(amount),
        other => panic!("a promotion has a share or an amount, not {other:?}"),
    }
}

/// The holidays of a year: 5 U.S.C. 6103, and the days that shops add.
fn published(year: i32) -> BTreeMap<NaiveDate, &'static str> {
    let on = |month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a day");
    let nth = |nth, weekday, month| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth).expect("a day");
    let thanksgiving = nth(4, Weekday::Thu, 11);
    let memorial = (25..=31).map(|day| on(5, day)).find(|day| day.weekday() == Weekday::Mon);
    BTreeMap::from([
        (on(1, 1), "New Year's Day"),
        (nth(3, Weekday::Mon, 1), "Martin Luther King Jr. Day"),
        (nth(3, Weekday::Mon, 2), "Washington's Birthday"),
        (memorial.expect("seven days have a Monday"), "Memorial Day"),
        (on(6, 19), "Juneteenth"),
        (on(7, 4), "Independence Day"),
        (nth(1, Weekday::Mon, 9), "Labor Day"),
        (nth(2, Weekday::Mon, 10), "Columbus Day"),
        (on(11, 11), "Veterans Day"),
        (thanksgiving, "Thanksgiving"),
        (thanksgiving + Days::new(1), "Black Friday"),
        (thanksgiving + Days::new(4), "Cyber Monday"),
        (on(12, 24), "Christmas Eve"),
        (on(12, 25), "Christmas Day"),
    ])
}

pub fn the_books_add_up_when_they_are_recomputed(home: &Home) {
    home.migrated();
    for told in [
        "--scenario retail_standard",
        "--scenario sparse --set retail.stockout_behavior=backlog --set retail.new_product_pct=0.4 \
         --set retail.discontinued_pct=0.3 --set retail.promotion_probability=0.4 \
         --set retail.stockout_probability=0.2 --set sparsity.leave_out_zeros=true",
    ] {
        anew(home, &format!("--stores 4 --products 8 {told}"));
        let books = Books::of(home);
        books.prices_are_those_of_the_day();
        books.stock_is_what_came_less_what_went();
        books.days_are_those_of_the_published_calendar();
        books.windows_do_not_overlap();
        books.prices_and_promotions_are_of_days_on_sale();
        let is_promoted = |row: &&inventory_snapshot_daily::Model| {
            books.promotion((row.store_id, row.product_id), row.date).is_some()
        };
        let promoted = books.stock.iter().filter(is_promoted).count();
        assert!(promoted > 0);
        let figure = format!("promoted {promoted} ");
        let summary = words(&home.kiln("seed demand --verify", 0).out).replace(',', "");
        assert!(summary.lines().any(|line| line.starts_with(&figure)), "{figure}\n{summary}");
    }
}

/// What breaks one thing, what mends it, and the beginnings of the checks that fail, in order.
const DAMAGE: &[(&str, &str, &[&str])] = &[
    (
        "UPDATE sales_daily SET unit_price = unit_price + 1, total_amount = total_amount + quantity WHERE id = 5",
        "UPDATE sales_daily SET unit_price = unit_price - 1, total_amount = total_amount - quantity WHERE id = 5",
        &["every unit_price is the price of that store, product and day"],
    ),
    (
        "UPDATE sales_daily SET unit_price = unit_price + 1, total_amount = total_amount + quantity \
         WHERE date IN ('2024-01-31', '2024-02-01', '2024-02-29') AND product_id = 2",
        "UPDATE sales_daily SET unit_price = unit_price - 1, total_amount = total_amount - quantity \
         WHERE date IN ('2024-01-31', '2024-02-01', '2024-02-29') AND product_id = 2",
        &["every unit_price is the price of that store, product and day, less its promotion 6 violations"],
    ),
    (
        "UPDATE sales_daily SET total_amount = total_amount + 1 WHERE id = 5",
        "UPDATE sales_daily SET total_amount = total_amount - 1 WHERE id = 5",
        &["every total_amount is quantity times unit_price"],
    ),
    (
        "UPDATE sales_daily SET quantity = quantity + 50000 WHERE date = '2024-01-20' AND store_id = 1 AND product_id = 2",
        "UPDATE sales_daily SET quantity = quantity - 50000 WHERE date = '2024-01-20' AND store_id = 1 AND product_id = 2",
        &["every total_amount is", "stock is that of the day before"],
    ),
    (
        "UPDATE inventory_snapshot_daily SET on_hand_qty = on_hand_qty + 9000 \
         WHERE date = '2024-02-29' AND store_id = 2 AND product_id = 1 AND on_hand_qty > 0",
        "UPDATE inventory_snapshot_daily SET on_hand_qty = on_hand_qty - 9000 \
         WHERE date = '2024-02-29' AND store_id = 2 AND product_id = 1 AND on_hand_qty > 9000",
        &["stock is that of the day before, plus nothing or the whole order, less what was sold"],
    ),
    (
        "UPDATE inventory_snapshot_daily SET is_stockout = NOT is_stockout WHERE id = 7",
        "UPDATE inventory_snapshot_daily SET is_stockout = NOT is_stockout WHERE id = 7",
        &["is_stockout says when a day ends without stock"],
    ),
    (
        "UPDATE calendar SET is_holiday = NOT is_holiday, holiday_name = NULL WHERE date = '2024-02-19'",
        "UPDATE calendar SET is_holiday = NOT is_holiday, holiday_name = 'Washington''s Birthday' \
         WHERE date = '2024-02-19'",
        &["every holiday of the rules is one"],
    ),
    (
        "UPDATE calendar SET day_of_week = day_of_week + 1 WHERE date = '2024-01-10'",
        "UPDATE calendar SET day_of_week = day_of_week - 1 WHERE date = '2024-01-10'",
        &["every day of the calendar has its weekday"],
    ),
    (
        "INSERT INTO promotion (product_id, store_id, name, discount_pct, discount_amount, start_date, end_date) \
         SELECT product_id, store_id, 'Twice', discount_pct, discount_amount, end_date, end_date FROM promotion \
         WHERE id = (SELECT min(id) FROM promotion)",
        "DELETE FROM promotion WHERE name = 'Twice'",
        &["promotion has the planned rows", "no two promotions of a product in a store overlap"],
    ),
    (
        "INSERT INTO price_history (product_id, store_id, price, valid_from, valid_to, created_at) \
         SELECT product_id, store_id, price, valid_from, valid_from, '2001-02-03 04:05:06' FROM price_history \
         WHERE id = (SELECT min(id) FROM price_history)",
        "DELETE FROM price_history WHERE created_at < '2002-01-01'",
        &["price_history has the planned rows", "no two prices of a product overlap"],
    ),
    (
        "UPDATE price_history SET valid_to = '2999-01-01' \
         WHERE product_id = 3 AND store_id IS NULL AND valid_to IS NULL",
        "UPDATE price_history SET valid_to = NULL WHERE valid_to = '2999-01-01'",
        &["every product with a price has one that is open"],
    ),
];

pub fn verify_finds_each_kind_of_damage(home: &Home) {
    home.migrated();
    let before = anew(home, "--stores 2 --products 5 --end-date 2024-02-29");
    for (breaks, mends, wanted) in DAMAGE {
        home.sql(&[breaks]);
        let said = home.kiln("seed demand --verify", 1);
        let said = words(&said.out);
        let failed = said.lines().filter_map(|line| line.strip_prefix("FAILS "));
        // Whatever the damage, a digest is another.
        let (other, failed): (Vec<&str>, Vec<&str>) = failed.partition(|line| line.contains(" is as run "));
        assert_eq!(other.len(), 1, "{breaks}");
        let is_wanted = |(failed, wanted): (&&str, &&str)| failed.starts_with(wanted);
        let are_wanted = failed.len() == wanted.len() && failed.iter().zip(*wanted).all(is_wanted);
        assert!(are_wanted, "{breaks}\nfails {failed:?}\nnot {wanted:?}");
        home.sql(&[mends]);
        assert_eq!(digests(home), before, "{mends}");
    }
    // A day that has rows cannot go.
    assert!(!home.takes("DELETE FROM calendar WHERE date = '2024-01-10'"));
}

/// The lines of `--verify` that fail, but for the digests.
fn failed(home: &Home) -> Vec<String> {
    let said = words(&home.kiln("seed demand --verify", 1).out);
    let failed = said.lines().filter_map(|line| line.strip_prefix("FAILS "));
    failed.filter(|line| !line.contains(" is as run ")).map(str::to_owned).collect()
}

pub fn verify_counts_the_missing_combinations(home: &Home) {
    home.migrated();
    for (grid, missing, damaged) in [
        ("--stores 2 --products 3 --sparsity 0.5", 3, None),
        ("--stores 10 --products 50 --sparsity 0.3", 150, Some("153, planned 148 to 152")),
        ("--stores 4 --products 5 --sparsity 1", 20, None),
        ("--stores 4 --products 5", 0, Some("3, planned 0 to 0")),
    ] {
        home.kiln(&format!("seed demand --full-new --confirm {grid} --end-date 2024-01-02"), 0);
        let name = "as many combinations of store and product are missing as sparsity says";
        let said = words(&home.kiln("seed demand --verify", 0).out);
        assert!(said.contains(&format!("holds {name} {missing}\n")), "{said}");
        let sold = "SELECT count(*) AS n FROM inventory_snapshot_daily WHERE date = '2024-01-02'";
        let all = home.number("SELECT count(*) AS n FROM store") * home.number("SELECT count(*) AS n FROM product");
        assert_eq!(all - home.number(sold), missing, "{grid}");
        if let Some(figure) = damaged {
            for _ in 0..3 {
                let last = home.number("SELECT max(id) AS n FROM inventory_snapshot_daily WHERE date = '2024-01-02'");
                home.sql(&[&format!("DELETE FROM inventory_snapshot_daily WHERE id = {last}")]);
            }
            assert!(failed(home).contains(&format!("{name} {figure}")), "{:?}", failed(home));
        }
    }
}

pub fn verify_finds_rows_of_products_that_are_not_on_sale(home: &Home) {
    home.migrated();
    anew(
        home,
        "--stores 3 --products 16 --sparsity 0.25 --set retail.new_product_pct=0.4 --set retail.discontinued_pct=0.8 \
         --set retail.new_store_pct=0.3",
    );
    let began = "(SELECT product_id FROM inventory_snapshot_daily GROUP BY product_id HAVING min(date) > '2024-02-01' \
                 AND max(date) = '2024-12-31' ORDER BY product_id LIMIT 1)";
    let ended = "(SELECT product_id FROM inventory_snapshot_daily GROUP BY product_id HAVING max(date) < '2024-12-01' \
                 ORDER BY product_id LIMIT 1)";
    let pair = "(SELECT store_id FROM inventory_snapshot_daily ORDER BY id LIMIT 1)";
    let none = "DELETE FROM promotion WHERE name = 'Too far'";
    let promotions = "every promotion is of days on which its product is on sale 1 violation";
    let prices = "every price is of days on which its product is on sale 1 violation";
    for (product, store, start, end) in [
        (began, "NULL", "2024-01-10", "2024-01-14"),
        (ended, "NULL", "2024-12-20", "2024-12-24"),
        (began, pair, "2024-01-10", "2024-01-14"),
        (ended, pair, "2024-12-20", "2024-12-24"),
    ] {
        home.sql(&[&format!(
            "INSERT INTO promotion (product_id, store_id, name, discount_pct, start_date, end_date) \
             VALUES ({product}, {store}, 'Too far', 0.1, '{start}', '{end}')"
        )]);
        assert_eq!(failed(home)[1..], [promotions], "{product} in {store} from {start}");
        home.sql(&[none]);
    }
    home.kiln("seed demand --verify", 0);
    // A table cannot be read and changed by one statement of MariaDB, so the id comes first.
    let closed =
        home.number(&format!("SELECT max(id) AS n FROM price_history WHERE store_id IS NULL AND product_id = {ended}"));
    home.sql(&[&format!("UPDATE price_history SET valid_to = NULL WHERE id = {closed}")]);
    assert_eq!(
        failed(home),
        ["every product with a price has one that is open, until it is given up 1 violation", prices]
    );
}
