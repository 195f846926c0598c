//! What SeaORM entities promise the program about its tables.
//!
//! A promise is about the program: that a row decodes, that an insert the compiler accepted is
//! accepted by the database too. A field says less than a migration, so it is compared by the kind
//! of value it holds and never by the spelling of a type.

use heck::{ToPascalCase, ToSnakeCase};
use sea_orm::sea_query::{IndexCreateStatement, TableCreateStatement};
use sea_orm::{EntityTrait, IdenStatic, Iterable, Schema as Ddl};

use crate::{Catalog, Column, Dialect, Drift, Family, Kind, Table};

/// What one entity promises about its table.
#[derive(Clone, Debug)]
pub struct Promise {
    /// The table's name.
    pub table: String,
    /// The entity as the program knows it: `market::Sale`.
    pub entity: String,
    /// The table as SeaORM would make it from the entity.
    pub statement: TableCreateStatement,
    /// The indexes as SeaORM would make them from the entity, unique keys over several columns included.
    pub indexes: Vec<IndexCreateStatement>,
    fields: Vec<Field>,
}

#[derive(Clone, Debug)]
struct Field {
    /// The field's name in the model.
    name: String,
    /// The column's name in the table.
    column: String,
    family: Family,
    nullable: bool,
}

impl Promise {
    /// The promise of one entity.
    pub fn of<E: EntityTrait + Default>(dialect: Dialect) -> Self {
        let entity = E::default();
        let ddl = Ddl::new(dialect.backend());
        let statement = ddl.create_table_from_entity(entity);
        let columns = statement.get_columns();
        let fields = E::Column::iter().filter_map(|column| {
            let definition = columns.iter().find(|definition| definition.get_column_name() == column.as_str())?;
            Some(Field {
                name: format!("{column:?}").to_snake_case(),
                column: column.as_str().to_owned(),
                family: match definition.get_column_type() {
                    Some(column_type) => Family::of_field(dialect, column_type),
                    None => Family::Other(String::new()),
                },
                nullable: definition.get_column_spec().nullable != Some(false),
            })
        });
        Self {
            table: entity.table_name().to_owned(),
            entity: entity_name::<E>(),
            fields: fields.collect(),
            indexes: ddl.create_index_from_entity(entity),
            statement,
        }
    }
}

/// The entity's module path from its last two parts: `shop::entity::sale::Entity` is `entity::Sale`.
fn entity_name<E>() -> String {
    let path: Vec<&str> = std::any::type_name::<E>().split("::").collect();
    match path.as_slice() {
        [.., home, module, _] => format!("{home}::{}", module.to_pascal_case()),
        [module, _] => module.to_pascal_case(),
        _ => path.join("::"),
    }
}

/// A tuple of entities, parents first: `(client::Entity, product::Entity)`.
pub trait Promises {
    /// What each of them promises.
    fn promises(dialect: Dialect) -> Vec<Promise>;
}

macro_rules! promises_of_tuples {
    ($($entity:ident)*) => {
        impl<$($entity: EntityTrait + Default),*> Promises for ($($entity,)*) {
            fn promises(dialect: Dialect) -> Vec<Promise> {
                vec![$(Promise::of::<$entity>(dialect)),*]
            }
        }
    };
}

impl Promises for () {
    fn promises(_: Dialect) -> Vec<Promise> {
        Vec::new()
    }
}

promises_of_tuples!(A);
promises_of_tuples!(A B);
promises_of_tuples!(A B C);
promises_of_tuples!(A B C D);
promises_of_tuples!(A B C D E);
promises_of_tuples!(A B C D E F);
promises_of_tuples!(A B C D E F G);
promises_of_tuples!(A B C D E F G H);
promises_of_tuples!(A B C D E F G H I);
promises_of_tuples!(A B C D E F G H I J);
promises_of_tuples!(A B C D E F G H I J K);
promises_of_tuples!(A B C D E F G H I J K L);
promises_of_tuples!(A B C D E F G H I J K L M);
promises_of_tuples!(A B C D E F G H I J K L M N);
promises_of_tuples!(A B C D E F G H I J K L M N O);
promises_of_tuples!(A B C D E F G H I J K L M N O P);

/// Every promise that `actual` does not keep, each naming the field and what the program suffers.
pub fn promise(promised: &[Promise], actual: &Catalog) -> Vec<Drift> {
    let mut found = Vec::new();
    for promise in promised {
        match actual.tables.get(&promise.table) {
            Some(table) => compare(promise, table, actual.dialect, &mut found),
            None => found.push(broken(
                Kind::PromisedTable,
                promise.table.clone(),
                promise.entity.clone(),
                (Some(promise.table.clone()), None),
                "every query through the entity fails",
            )),
        }
    }
    found
}

fn compare(promise: &Promise, table: &Table, dialect: Dialect, found: &mut Vec<Drift>) {
    for field in &promise.fields {
        let object = format!("{}.{}", promise.table, field.column);
        let name = format!("{}::{}", promise.entity, field.name);
        match table.column(&field.column) {
            Some(column) => compare_column(&object, &name, field, column, dialect, found),
            None => found.push(broken(
                Kind::PromisedColumn,
                object,
                name,
                (Some(field.family.to_string()), None),
                "every query through the entity fails",
            )),
        }
    }
    let unknown = |column: &&Column| promise.fields.iter().all(|field| field.column != column.name);
    for column in table.columns.iter().filter(unknown) {
        let is_filled = column.default.is_some() || column.identity.is_some() || column.generated.is_some();
        if !column.nullable && !is_filled {
            found.push(broken(
                Kind::UnpromisedColumn,
                format!("{}.{}", promise.table, column.name),
                promise.entity.clone(),
                (None, Some(format!("{} NOT NULL without default", column.data_type))),
                "every insert through the entity fails",
            ));
        }
    }
}

fn compare_column(object: &str, name: &str, field: &Field, column: &Column, dialect: Dialect, found: &mut Vec<Drift>) {
    let actual = Family::of_column(dialect, &column.data_type);
    if let Some(consequence) = field.family.consequence(dialect, &actual) {
        found.push(broken(
            Kind::PromisedType,
            object.to_owned(),
            name.to_owned(),
            (Some(field.family.to_string()), Some(column.data_type.clone())),
            &consequence,
        ));
    }
    if column.nullable != field.nullable {
        let consequence = if column.nullable {
            "reading a row with NULL fails: the field is not an Option"
        } else {
            "an insert of None fails: the field is an Option"
        };
        let words = |nullable: bool| Some(if nullable { "NULL" } else { "NOT NULL" }.to_owned());
        found.push(broken(
            Kind::PromisedNullability,
            object.to_owned(),
            name.to_owned(),
            (words(field.nullable), words(column.nullable)),
            consequence,
        ));
    }
}

fn broken(
    kind: Kind,
    object: String,
    field: String,
    sides: (Option<String>, Option<String>),
    consequence: &str,
) -> Drift {
    let (declared, actual) = sides;
    Drift {
        field: Some(field),
        consequence: Some(consequence.to_owned()),
        ..Drift::new(kind, object, declared, actual)
    }
}
