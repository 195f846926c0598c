//! What a run is told: by files, scenarios and single keys, and how wrong ones are refused.

use super::{SMALL, anew, digests};
use crate::backend::{Home, Said};

/// The configuration files of the documents, word by word, with the seed and the days that each asks for.
const FILES: &[(&str, &str, i64, i64)] = &[
    ("config_holiday.yaml", include_str!("../../../examples/seed/config_holiday.yaml"), 2024, 92),
    ("seed_config.yaml", include_str!("../../../examples/seed/seed_config.yaml"), 42, 366),
];

pub fn the_files_of_the_documents_run_as_they_stand(home: &Home) {
    home.migrated();
    for (file, text, rng_seed, days) in FILES {
        std::fs::write(home.path(file), text).expect("a file");
        home.kiln(&format!("seed demand --full-new --confirm --config {file} --stores 2 --products 4"), 0);
        assert_eq!(home.number("SELECT seed AS n FROM kiln_seed_runs ORDER BY id DESC LIMIT 1"), *rng_seed, "{file}");
        assert_eq!(home.number("SELECT count(*) AS n FROM calendar"), *days, "{file}");
        let sales = home.number("SELECT count(*) AS n FROM sales_daily");
        if text.contains("sparsity:") {
            assert!(sales > *days && sales < 2 * 4 * days, "{file}: {sales} sales and no gap");
            continue;
        }
        assert_eq!(sales, 2 * 4 * days, "{file}");
        let holidays = home.texts(
            "SELECT holiday_name AS t FROM calendar WHERE is_holiday AND date BETWEEN '2024-11-20' AND '2024-12-31' \
             ORDER BY date",
        );
        assert_eq!(holidays, ["Thanksgiving", "Black Friday", "Cyber Monday", "Christmas Eve", "Christmas Day"]);
        let of_day = home.texts("SELECT holiday_name AS t FROM calendar WHERE date = '2024-11-28' AND is_holiday");
        assert_eq!(of_day, ["Thanksgiving"]);
    }
    // A holiday of one's own has its own name, and the usual ones stay.
    std::fs::write(home.path("own.yaml"), "holidays: [{date: 2024-01-09, name: Founders' Day, multiplier: 3}]\n")
        .expect("a file");
    anew(home, "--config own.yaml --stores 2 --products 4 --end-date 2024-01-14");
    let holidays = home.texts("SELECT holiday_name AS t FROM calendar WHERE is_holiday ORDER BY date");
    assert_eq!(holidays, ["New Year's Day", "Founders' Day"]);
}

pub fn a_wrong_option_names_itself_and_what_is_taken(home: &Home) {
    home.migrated();
    for (text, words) in [
        (
            "time_series:\n  base_demnd: 80\n",
            &["shop.yaml:2:3: unknown key", "base_demnd", "did you mean `time_series.base_demand`?"][..],
        ),
        ("retail:\n  stockout_probability: 1.5\n", &["shop.yaml:2:25:", "retail.stockout_probability", "1.5"]),
        ("retail:\n  promotion_probability: 1.5\n", &["shop.yaml:2:26:", "from 0 to 1", "1.5"]),
        ("date_range:\n  start: 2024-02-01\n  end: 2024-01-01\n", &["2024-02-01", "2024-01-01"]),
        ("time_series:\n  weekly_seasonality: [1, 1, 1, 1, 1, 1]\n", &["weekly_seasonality", "7"]),
        ("dimensions:\n  stores:\n    count: 0\n", &["shop.yaml:3:12:", "stores"]),
    ] {
        std::fs::write(home.path("shop.yaml"), text).expect("a file");
        let said = home.kiln("seed demand --config shop.yaml --products 2", 2);
        for word in words {
            assert!(said.err.contains(word), "{text}\nlacks {word}: {}", said.err);
        }
    }
    assert_eq!(home.number("SELECT count(*) AS n FROM store"), 0);
}

pub fn the_scenarios_are_those_of_the_page(home: &Home) {
    let said = home.kiln("seed demand --scenario list", 0);
    let scenarios = [
        "retail_standard",
        "holiday_rush",
        "high_variance",
        "stockout_heavy",
        "new_launches",
        "sparse",
        "summer_slowdown",
        "new_store_opening",
        "competitor_entry",
    ];
    for scenario in scenarios {
        assert!(said.out.contains(scenario), "{scenario} is not in\n{}", said.out);
    }
    let said = home.kiln("seed demand --scenario rag-agent", 2);
    assert!(said.err.contains("scenario `rag-agent` of demand is not in this build"), "{}", said.err);
    let said = home.kiln("seed demand --scenario holliday_rush", 2);
    assert!(said.err.contains("did you mean `holiday_rush`?"), "{}", said.err);
    home.migrated();
    for scenario in scenarios {
        anew(home, &format!("--stores 3 --products 4 --end-date 2024-02-29 --scenario {scenario}"));
    }
}

pub fn status_shows_a_command_that_makes_the_days_again(home: &Home) {
    home.migrated();
    let (file, text, ..) = FILES[0];
    std::fs::write(home.path(file), text).expect("a file");
    for told in [
        "--seed 9 --end-date 2024-01-31",
        "--scenario holiday_rush --end-date 2024-01-31",
        "--set retail.stockout_behavior=backlog --set sparsity.random_gaps_per_series=2 --end-date 2024-02-29",
        "--config config_holiday.yaml --scenario new_launches",
    ] {
        let before = anew(home, &format!("{SMALL} {told}"));
        let json = home.kiln("seed demand --status --format json", 0).json();
        let command = json["results"][0]["runs"][0]["command"].as_str().expect("a command").to_owned();
        anew(home, "--scenario smoke --seed 1");
        // As a shell would: some of the values are quoted.
        let command = command.replacen("kiln", env!("CARGO_BIN_EXE_kiln"), 1);
        let mut shell = home.program("sh", "-c");
        Said::by(shell.arg(&command), 0);
        assert_eq!(digests(home), before, "{command}");
    }
}
