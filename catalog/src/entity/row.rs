//! A row through an entity whose type nobody here knows, into its table and back.

use std::pin::Pin;

use sea_orm::{
    ActiveModelTrait, ActiveValue, DatabaseTransaction, DbErr, EntityTrait, IdenStatic, Iterable, ModelTrait, Value,
};

/// Values by the names of their columns.
pub type Row = Vec<(String, Value)>;

/// What became of a row.
#[derive(Debug)]
pub enum Trip {
    /// It came back, with every field of the entity.
    Back(Row),
    /// The database, or SeaORM before it, refused to take it.
    Refused(DbErr),
    /// It was taken, and does not decode.
    Unreadable(DbErr),
    /// It was taken, and is not there under the key it was given.
    Gone,
}

/// A row's way, which ends when the row is back.
pub type Way<'a> = Pin<Box<dyn Future<Output = Trip> + 'a>>;

/// What can be done with rows of one entity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows {
    /// Whether a field takes a value.
    pub(super) takes: fn(&str, Value) -> bool,
    /// The values that the fields' types have by default.
    pub(super) defaults: fn() -> Row,
    /// Inserts a row and reads it back by its key; hooks of the program are not called.
    pub(super) round_trip: for<'a> fn(&'a DatabaseTransaction, Row) -> Way<'a>,
}

impl Rows {
    pub(super) fn of<E: EntityTrait>() -> Self {
        Self {
            takes: takes::<E>,
            defaults: defaults::<E>,
            round_trip: |transaction, row| Box::pin(round_trip::<E>(transaction, row)),
        }
    }
}

fn column<E: EntityTrait>(name: &str) -> Option<E::Column> {
    E::Column::iter().find(|known| known.as_str() == name)
}

fn takes<E: EntityTrait>(name: &str, value: Value) -> bool {
    let mut model = <E::ActiveModel as ActiveModelTrait>::default();
    column::<E>(name).is_some_and(|column| model.try_set(column, value).is_ok())
}

fn defaults<E: EntityTrait>() -> Row {
    let model = <E::ActiveModel as ActiveModelTrait>::default_values();
    let value = |column: E::Column| match model.get(column) {
        ActiveValue::Set(value) | ActiveValue::Unchanged(value) => Some((column.as_str().to_owned(), value)),
        ActiveValue::NotSet => None,
    };
    E::Column::iter().filter_map(value).collect()
}

async fn round_trip<E: EntityTrait>(transaction: &DatabaseTransaction, row: Row) -> Trip {
    let mut model = <E::ActiveModel as ActiveModelTrait>::default();
    for (name, value) in row {
        let Some(column) = column::<E>(&name) else { continue };
        if let Err(error) = model.try_set(column, value) {
            return Trip::Refused(error);
        }
    }
    let key = match E::insert(model).exec(transaction).await {
        Ok(inserted) => inserted.last_insert_id,
        Err(error @ (DbErr::UnpackInsertId | DbErr::ConvertFromU64(_))) => return Trip::Unreadable(error),
        Err(error) => return Trip::Refused(error),
    };
    match E::find_by_id(key).one(transaction).await {
        Ok(Some(model)) => {
            Trip::Back(E::Column::iter().map(|column| (column.as_str().to_owned(), model.get(column))).collect())
        }
        Ok(None) => Trip::Gone,
        Err(error) => Trip::Unreadable(error),
    }
}
