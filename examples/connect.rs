//! A program of your own on the rows that kiln made: `kiln::connect` gives it the connection.
//!
//! Run `kiln migrate up market --seed` first; both read the same environment and `.env`.
#![allow(clippy::print_stdout, reason = "a program that shows what it read")]

use entity::market::client;
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let market = kiln::retail::schemas().into_iter().find(|schema| schema.name() == "market");
    let db = kiln::connect(&market.ok_or("kiln has a schema market")?).await?;
    let clients = client::Entity::find().count(&db).await?;
    let first = client::Entity::find().order_by_asc(client::Column::ClientId).one(&db).await?;
    if let Some(first) = first {
        println!("{clients} clients, the first of them {} ({})", first.client_name, first.industry);
    }
    Ok(())
}
