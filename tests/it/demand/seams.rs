//! Where an append begins: rows as the last run left them, and the day after the last one.

use super::{SMALL, anew, append, digests, runs};
use crate::backend::{Home, Said};
use crate::terminal::on_terminal;

pub fn an_append_refuses_rows_that_were_changed(home: &Home) {
    home.migrated();
    let before = anew(home, &format!("{SMALL} --end-date 2024-02-29"));
    let march = "seed demand --append --start-date 2024-03-01 --end-date 2024-03-31";
    for (table, breaks, mends) in [
        (
            "promotion",
            "UPDATE promotion SET discount_pct = discount_pct / 2 WHERE discount_pct IS NOT NULL",
            "UPDATE promotion SET discount_pct = discount_pct * 2 WHERE discount_pct IS NOT NULL",
        ),
        (
            "sales_daily",
            "UPDATE sales_daily SET total_amount = total_amount + 1 WHERE date = '2024-01-05' AND product_id = 1",
            "UPDATE sales_daily SET total_amount = total_amount - 1 WHERE date = '2024-01-05' AND product_id = 1",
        ),
        (
            "product",
            "UPDATE product SET base_cost = base_cost + 1 WHERE id = 2",
            "UPDATE product SET base_cost = base_cost - 1 WHERE id = 2",
        ),
    ] {
        home.sql(&[breaks]);
        for run in [march, &format!("{march} --dry-run")] {
            let said = home.kiln(run, 3);
            let words = format!(
                "the rows of demand were changed since they were made, so no append can go on from them: {table} \
                 holds other values than run 1 left; put the rows back"
            );
            assert!(said.err.contains(&words), "{}", said.err);
        }
        home.sql(&[mends]);
        assert_eq!((digests(home), runs(home)), (before.clone(), 1));
    }
    append(home, "2024-03-01", "2024-03-31");
}

pub fn an_append_that_leaves_days_out_asks(home: &Home) {
    home.migrated();
    let before = anew(home, &format!("{SMALL} --end-date 2024-01-31"));
    let march = "seed demand --append --start-date 2024-03-01 --end-date 2024-03-31";
    let gap = "the 29 days from 2024-02-01 to 2024-02-29 stay without rows, and no later append can fill them";

    let said = home.kiln(march, 3);
    let refusal = format!("{gap}; append these days first, or give --confirm to leave them out");
    assert!(said.err.contains(&refusal), "{}", said.err);
    let (shown, code) = on_terminal(&mut home.command(march), "what\nn\n");
    assert_eq!((code, shown.matches(gap).count(), shown.matches("Go on?").count()), (Some(3), 1, 2), "{shown}");
    let said = home.kiln(&format!("{march} --dry-run"), 0);
    assert!(said.out.contains(gap), "{}", said.out);
    assert_eq!((digests(home), runs(home)), (before, 1));

    let (shown, code) = on_terminal(&mut home.command(march), "y\n");
    assert_eq!((code, shown.matches("without rows").count()), (Some(0), 1), "{shown}");
    home.kiln("seed demand --verify", 0);
    let asked = digests(home);
    let commands = home.kiln("seed demand --status --format json", 0).json();
    let command = commands["results"][0]["runs"][0]["command"].as_str().expect("a command").to_owned();
    assert!(command.starts_with("kiln seed demand --append --confirm "), "{command}");

    anew(home, &format!("{SMALL} --end-date 2024-01-31"));
    let said = home.kiln(&format!("{march} --confirm"), 0);
    assert_eq!(said.err.matches(&format!("warning: {gap}")).count(), 1, "{}", said.err);
    assert_eq!(said.err.matches("without rows").count(), 1, "{}", said.err);
    assert_eq!(digests(home), asked);

    // Where nothing would be added nothing is asked, and the waiver of other questions is one of this.
    assert!(home.kiln(march, 0).out.contains("nothing changed"));
    let mut waived = home.command("seed demand --append --start-date 2024-04-05 --end-date 2024-04-10");
    let said = Said::by(waived.env("SEEDER_REQUIRE_CONFIRM", "false"), 0);
    assert_eq!(said.err.matches("4 days from 2024-04-01 to 2024-04-04 stay without rows").count(), 1, "{}", said.err);
}
