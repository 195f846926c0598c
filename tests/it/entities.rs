//! The entities at work: JSON that the server reads too, and relations that lead both ways.

use chrono::NaiveDate;
use entity::fashion::{allocation, category, forecast, store, store_cluster, weekly_actuals, workflow, workflow_log};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveEnum, ActiveModelTrait, EntityTrait, Iterable, RelationDef, RelationTrait};

use crate::backend::{Backend, Home, runtime};
use crate::{Alone, OnBackend};

pub const TESTS: &[OnBackend] = &[
    ("json_is_read_by_the_entity_and_by_the_server", json_is_read_by_the_entity_and_by_the_server),
    ("related_rows_are_found_from_both_sides", related_rows_are_found_from_both_sides),
];

pub const ALONE: &[Alone] = &[
    ("every_relation_has_its_way_back", every_relation_has_its_way_back),
    ("enums_have_the_documents_words_and_no_others", enums_have_the_documents_words_and_no_others),
];

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, month, day).expect("a day of 2025")
}

fn dresses() -> category::ActiveModel {
    category::ActiveModel {
        category_id: Set("womens_dresses".to_owned()),
        category_name: Set("Dresses".to_owned()),
        season_start_date: Set(day(3, 1)),
        season_end_date: Set(day(5, 23)),
        season_length_weeks: Set(12),
        ..Default::default()
    }
}

/// Path into a JSON column, in the words of each server; `n` counts from 0.
fn json(backend: Backend, column: &str, path: &[&str]) -> String {
    let dotted = path.iter().fold("$".to_owned(), |dotted, part| match part.parse::<u32>() {
        Ok(number) => format!("{dotted}[{number}]"),
        Err(_) => format!("{dotted}.{part}"),
    });
    match backend {
        Backend::Sqlite => format!("json_extract({column}, '{dotted}')"),
        Backend::Postgres => format!("json_extract_path_text({column}, '{}')", path.join("', '")),
        Backend::MariaDb => format!("json_value({column}, '{dotted}')"),
    }
}

fn json_is_read_by_the_entity_and_by_the_server(home: &Home) {
    let home = Home::of(home.backend, "fashion");
    home.migrated();
    let curve = forecast::WeeklyDemandCurve(
        [(1, 500), (2, 650)]
            .map(|(week_number, demand_units)| forecast::WeekDemand { week_number, demand_units })
            .to_vec(),
    );
    let models = forecast::ModelsUsed(vec!["prophet".to_owned(), "arima".to_owned()]);
    let stores = allocation::StoreAllocations(vec![allocation::StoreAllocation {
        store_id: "S01".to_owned(),
        initial: 176,
        holdback: 142,
    }]);
    let data = serde_json::json!({ "weeks": [1, 2], "said": "it's \\ \"so\" \u{e9}" });
    runtime().block_on(async {
        let db = home.connect().await;
        dresses().insert(&db).await.expect("a category");
        let forecast = forecast::ActiveModel {
            forecast_id: Set("f1".to_owned()),
            category_id: Set("womens_dresses".to_owned()),
            season: Set("Spring 2025".to_owned()),
            forecast_horizon_weeks: Set(12),
            total_season_demand: Set(1150),
            weekly_demand_curve: Set(curve.clone()),
            peak_week: Set(2),
            models_used: Set(models.clone()),
            ..Default::default()
        };
        let forecast = forecast.insert(&db).await.expect("a forecast");
        assert_eq!((forecast.weekly_demand_curve, forecast.models_used), (curve, models));
        assert_eq!(forecast.forecasting_method, "ensemble_prophet_arima", "the database's default");
        let allocation = allocation::ActiveModel {
            allocation_id: Set("a1".to_owned()),
            forecast_id: Set("f1".to_owned()),
            manufacturing_qty: Set(318),
            initial_allocation_total: Set(176),
            holdback_total: Set(142),
            store_allocations: Set(stores.clone()),
            ..Default::default()
        };
        let allocation = allocation.insert(&db).await.expect("an allocation");
        assert_eq!(allocation.store_allocations, stores);
        let log = workflow_log::ActiveModel {
            log_id: Set("l1".to_owned()),
            workflow_id: Set("w1".to_owned()),
            agent_name: Set("demand".to_owned()),
            action: Set("forecast".to_owned()),
            input_data: Set(Some(data.clone())),
            output_data: Set(None),
            status: Set(workflow_log::LogStatus::Completed),
            ..Default::default()
        };
        let log = log.insert(&db).await.expect("a log");
        assert_eq!((log.input_data, log.output_data), (Some(data), None));
        db.close().await.expect("a connection closes");
    });
    for (table, column, path, expected) in [
        ("forecasts", "weekly_demand_curve", &["0", "week_number"][..], 1),
        ("forecasts", "weekly_demand_curve", &["1", "demand_units"], 650),
        ("allocations", "store_allocations", &["0", "holdback"], 142),
        ("workflow_logs", "input_data", &["weeks", "1"], 2),
    ] {
        let cast = if home.backend == Backend::MariaDb { "SIGNED" } else { "bigint" };
        let sql = format!("SELECT CAST({} AS {cast}) AS n FROM {table}", json(home.backend, column, path));
        assert_eq!(home.number(&sql), expected, "{column}");
    }
    let arima = json(home.backend, "models_used", &["1"]);
    assert_eq!(home.number(&format!("SELECT count(*) AS n FROM forecasts WHERE {arima} = 'arima'")), 1);
}

fn related_rows_are_found_from_both_sides(home: &Home) {
    let home = Home::of(home.backend, "fashion");
    home.migrated();
    runtime().block_on(async {
        let db = home.connect().await;
        dresses().insert(&db).await.expect("a category");
        let cluster = store_cluster::ActiveModel {
            cluster_id: Set("c1".to_owned()),
            cluster_name: Set("Fashion_Forward".to_owned()),
            fashion_tier: Set(store_cluster::FashionTier::Premium),
            ..Default::default()
        };
        cluster.insert(&db).await.expect("a cluster");
        let store = store::ActiveModel {
            store_id: Set("S001".to_owned()),
            store_name: Set("One".to_owned()),
            cluster_id: Set("c1".to_owned()),
            store_size_sqft: Set(9000),
            location_tier: Set(store::LocationTier::A),
            median_income: Set(60_000),
            store_format: Set(store::StoreFormat::ShoppingCenter),
            region: Set(store::Region::West),
            avg_weekly_sales_12mo: Set(120.5),
            ..Default::default()
        };
        let store = store.insert(&db).await.expect("a store");
        assert_eq!(store.store_format, store::StoreFormat::ShoppingCenter);
        let workflow = workflow::ActiveModel {
            workflow_id: Set("w1".to_owned()),
            workflow_type: Set(workflow::WorkflowType::Reforecast),
            status: Set(workflow::WorkflowStatus::AwaitingApproval),
            ..Default::default()
        };
        workflow.insert(&db).await.expect("a workflow");
        for week in 1..=2 {
            let actual = weekly_actuals::ActiveModel {
                workflow_id: Set("w1".to_owned()),
                week_number: Set(week),
                week_start_date: Set(day(3, 1)),
                week_end_date: Set(day(3, 7)),
                store_id: Set("S001".to_owned()),
                category_id: Set("womens_dresses".to_owned()),
                actual_units_sold: Set(150),
                variance_pct: Set(Some(1.0 / 14.0)),
                ..Default::default()
            };
            let actual = actual.insert(&db).await.expect("an actual");
            assert_eq!(actual.variance_pct, Some(1.0 / 14.0), "64 bits go in and come out");
            assert!(actual.uploaded_at.is_some(), "the database's default");
        }
        let found = workflow::Entity::find().find_with_related(weekly_actuals::Entity).all(&db).await;
        let found = found.expect("workflows with their actuals");
        assert_eq!((found.len(), found[0].1.len()), (1, 2));
        let found = weekly_actuals::Entity::find().find_also_related(workflow::Entity).all(&db).await;
        let found = found.expect("actuals with their workflow");
        assert!(
            found.iter().all(|(_, workflow)| workflow.as_ref().is_some_and(|workflow| workflow.workflow_id == "w1"))
        );
        let found = store::Entity::find().find_also_related(store_cluster::Entity).one(&db).await;
        let (_, cluster) = found.expect("a store with its cluster").expect("one");
        assert_eq!(cluster.map(|cluster| cluster.fashion_tier), Some(store_cluster::FashionTier::Premium));
        db.close().await.expect("a connection closes");
    });
}

fn words<E: ActiveEnum<Value = String> + Iterable>() -> Vec<String> {
    E::iter().map(|variant| variant.to_value()).collect()
}

fn enums_have_the_documents_words_and_no_others() {
    use entity::brickhouse::{order, user};
    use entity::fashion::{markdown, season_parameters};
    let ours = [
        words::<user::Role>(),
        words::<order::OrderStatus>(),
        words::<category::Archetype>(),
        words::<store_cluster::FashionTier>(),
        words::<store::LocationTier>(),
        words::<store::StoreFormat>(),
        words::<store::Region>(),
        words::<markdown::MarkdownStatus>(),
        words::<workflow_log::LogStatus>(),
        words::<season_parameters::ReplenishmentStrategy>(),
        words::<season_parameters::ExtractionConfidence>(),
        words::<workflow::WorkflowType>(),
        words::<workflow::WorkflowStatus>(),
    ];
    let documents = ["brickhouse", "fashion"].into_iter().flat_map(crate::documents::allowed);
    let documents: Vec<Vec<&str>> = documents.map(|(_, _, words)| words.to_vec()).collect();
    assert_eq!(ours.to_vec(), documents);
}

fn relations<E>() -> Vec<RelationDef>
where
    E: EntityTrait,
    E::Relation: Iterable + RelationTrait,
{
    E::Relation::iter().map(|relation| relation.def()).collect()
}

macro_rules! of_all {
    ($($schema:ident { $($entity:ident)* })*) => { vec![$($(relations::<entity::$schema::$entity::Entity>()),*),*] };
}

fn every_relation_has_its_way_back() {
    let entities = of_all! {
        market { client product sale customer_segment }
        demand { store product calendar sales_daily price_history promotion inventory_snapshot_daily }
        brickhouse { product store user inventory order }
        fashion {
            category store_cluster store forecast forecast_cluster_distribution allocation markdown historical_sales
            actual_sales workflow_log season_parameters workflow weekly_actuals
        }
    };
    let promised: usize = kiln::retail::schemas()
        .iter()
        .map(|schema| crate::retail::promises(schema.name(), Backend::Sqlite).len())
        .sum();
    assert_eq!(entities.len(), promised, "every entity is listed");
    // Names of tables repeat between schemas; columns and both ends tell the ways apart well enough.
    let all: Vec<RelationDef> = entities.into_iter().flatten().collect();
    let (forth, back): (Vec<_>, Vec<_>) = all.iter().partition(|relation| !relation.is_owner);
    assert_eq!(forth.len(), 38, "a relation for each foreign key");
    let ends = |relation: &RelationDef| {
        format!("{:?} {:?} {:?} {:?}", relation.from_tbl, relation.from_col, relation.to_tbl, relation.to_col)
    };
    let reversed = |relation: &RelationDef| {
        format!("{:?} {:?} {:?} {:?}", relation.to_tbl, relation.to_col, relation.from_tbl, relation.from_col)
    };
    let mut forth: Vec<_> = forth.into_iter().map(ends).collect();
    let mut back: Vec<_> = back.into_iter().map(reversed).collect();
    forth.sort();
    back.sort();
    assert_eq!(forth, back);
}
