//! What SeaORM entities promise the program about its tables.
//!
//! A promise is about the program: that a row decodes, that an insert the compiler accepted is
//! accepted by the database too. A field says less than a migration, so it is compared by the kind
//! of value it holds and never by the spelling of a type.

mod allowed;
mod compare;
mod condition;
mod key;
mod row;
mod token;
mod value;

use heck::{ToPascalCase, ToSnakeCase};
use sea_orm::sea_query::{
    ArrayType, Expr, ForeignKeyAction, ForeignKeyCreateStatement, IndexCreateStatement, TableCreateStatement,
    TableName, TableRef,
};
use sea_orm::{
    ColumnTrait, ColumnType, DatabaseTransaction, EntityTrait, IdenStatic, Iterable, ModelTrait, PrimaryKeyToColumn,
    PrimaryKeyTrait, Schema as Ddl, Value,
};

pub use allowed::{allowed_values, domain_checks};
pub use compare::{broken, promise};
pub use condition::{literals, mentions};
pub use row::{Row, Trip, Way};
pub use value::{Enums, value_of_text};

use crate::{Action, Dialect, Family};

/// What one entity promises about its table.
#[derive(Clone, Debug)]
pub struct Promise {
    /// The table's name.
    pub table: String,
    /// The namespace that the entity itself names, whatever the connection says.
    pub namespace: Option<String>,
    /// The entity as the program knows it: `market::Sale`.
    pub entity: String,
    /// The table as SeaORM would make it from the entity.
    pub statement: TableCreateStatement,
    /// The indexes as SeaORM would make them from the entity, unique keys over several columns included.
    pub indexes: Vec<IndexCreateStatement>,
    fields: Vec<Field>,
    primary_key: Vec<String>,
    /// Columns that are unique together, or alone; the primary key aside.
    uniques: Vec<Vec<String>>,
    references: Vec<Reference>,
    rows: row::Rows,
    /// Values of enums that the project has named: no entity shows those that are stored as text.
    named: Vec<Value>,
}

/// A field of an entity.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in the model.
    pub name: String,
    /// The column's name in the table.
    pub column: String,
    /// The column's type as the entity says it, the values of a native enum with it.
    pub column_type: ColumnType,
    /// What SeaORM binds for it.
    pub kind: ArrayType,
    /// The kind of value it holds, to compare it with a column.
    pub family: Family,
    /// Whether it is an Option.
    pub nullable: bool,
    /// Who gives it its value.
    pub source: ValueSource,
    /// Whether a query reads it by way of another type.
    pub is_cast: bool,
}

/// Who gives a field its value when a row is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueSource {
    /// The program, by inserts and updates.
    Program,
    /// The database, which numbers the rows: an insert leaves the field out.
    Numbering,
    /// The database: the entity declares the field as generated (`extra`), or casts it for reading
    /// only (`select_as` without `save_as`).
    Database,
}

/// What a `belongs_to` promises.
#[derive(Clone, Debug)]
pub struct Reference {
    /// Columns of the entity's table.
    pub columns: Vec<String>,
    /// The namespace that the target itself names.
    pub namespace: Option<String>,
    /// The table that they point to.
    pub target: String,
    /// Its columns, in the same order.
    pub target_columns: Vec<String>,
    on_delete: Option<Action>,
    on_update: Option<Action>,
}

impl Field {
    /// Whether an insert leaves it to the database to number it.
    pub fn is_numbered(&self) -> bool {
        self.source == ValueSource::Numbering
    }
}

impl Promise {
    /// The promise of one entity.
    pub fn of<E: EntityTrait + Default>(dialect: Dialect) -> Self {
        let entity = E::default();
        let ddl = Ddl::new(dialect.backend());
        let statement = ddl.create_table_from_entity(entity);
        let columns = statement.get_columns();
        let indexes = ddl.create_index_from_entity(entity);
        let alone = columns
            .iter()
            .filter(|column| column.get_column_spec().unique)
            .map(|column| vec![column.get_column_name()]);
        let together =
            indexes.iter().filter(|index| index.is_unique_key()).map(|index| index.get_index_spec().get_column_names());
        Self {
            table: entity.table_name().to_owned(),
            namespace: entity.schema_name().map(str::to_owned),
            entity: entity_name::<E>(),
            fields: fields::<E>(dialect, &statement),
            primary_key: E::PrimaryKey::iter().map(|key| key.into_column().as_str().to_owned()).collect(),
            uniques: alone.chain(together).collect(),
            references: statement.get_foreign_key_create_stmts().iter().filter_map(Reference::of).collect(),
            rows: row::Rows::of::<E>(),
            named: Vec::new(),
            indexes,
            statement,
        }
    }

    /// The promise with the values of enums that the project has named.
    pub fn knowing(self, named: Vec<Value>) -> Self {
        Self { named, ..self }
    }

    /// Its fields, in the order of the model.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// What its relations to parents promise.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// Whether an insert of two rows with the same value of this column is refused, as far as it is promised.
    pub fn is_unique(&self, column: &str) -> bool {
        self.uniques.iter().chain([&self.primary_key]).any(|columns| columns.iter().any(|name| name == column))
    }

    /// Whether the field over this column takes this value: an enum takes its own values alone.
    pub fn takes(&self, column: &str, value: Value) -> bool {
        (self.rows.takes)(column, value)
    }

    /// The values that the types of its fields have by default, where they have one.
    pub fn defaults(&self) -> Row {
        (self.rows.defaults)()
    }

    /// Inserts `row` through the entity and reads it back; hooks of the program are not called.
    pub fn round_trip<'a>(&self, transaction: &'a DatabaseTransaction, row: Row) -> Way<'a> {
        (self.rows.round_trip)(transaction, row)
    }

    /// A field as the program knows it: `market::Sale::quantity`.
    pub fn field_name(&self, column: &str) -> String {
        let field = self.fields.iter().find(|field| field.column == column);
        format!("{}::{}", self.entity, field.map_or(column, |field| &field.name))
    }
}

fn fields<E: EntityTrait>(dialect: Dialect, statement: &TableCreateStatement) -> Vec<Field> {
    let columns = statement.get_columns();
    let is_in_numbered_key = |column: &E::Column| {
        let mut keys = E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
        E::PrimaryKey::auto_increment() && keys.any(|key| key.as_str() == column.as_str())
    };
    let fields = E::Column::iter().filter_map(|column| {
        let definition = columns.iter().find(|definition| definition.get_column_name() == column.as_str())?;
        let family = match definition.get_column_type() {
            Some(column_type) => Family::of_field(dialect, column_type),
            None => Family::Other(String::new()),
        };
        let is_integer = matches!(family, Family::Integer(_) | Family::Unsigned(_));
        let is_cast = is_other(&column, ColumnTrait::select_as);
        let spec = definition.get_column_spec();
        let is_generated = spec.generated.is_some() || spec.extra.as_deref().is_some_and(declares_generated);
        let source = if is_integer && is_in_numbered_key(&column) {
            ValueSource::Numbering
        } else if is_generated || (is_cast && !is_other(&column, ColumnTrait::save_as)) {
            ValueSource::Database
        } else {
            ValueSource::Program
        };
        Some(Field {
            name: format!("{column:?}").to_snake_case(),
            column: column.as_str().to_owned(),
            column_type: column.def().get_column_type().clone(),
            kind: E::Model::get_value_type(column),
            source,
            is_cast,
            family,
            nullable: spec.nullable != Some(false),
        })
    });
    fields.collect()
}

/// Whether a cast of the entity makes another expression of a column.
fn is_other<C: ColumnTrait>(column: &C, cast: fn(&C, Expr) -> Expr) -> bool {
    format!("{:?}", cast(column, Expr::col(*column))) != format!("{:?}", Expr::col(*column))
}

/// Whether what an entity adds to a column's definition says that the database computes or numbers it:
/// `GENERATED ALWAYS AS (a + b) STORED`, `AS (a + b)`, `GENERATED ALWAYS AS IDENTITY`.
fn declares_generated(extra: &str) -> bool {
    let spaced = extra.to_ascii_lowercase().replace('(', " ( ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    words.windows(2).any(|pair| matches!(pair, ["generated", "always"] | ["as", "("]))
}

impl Reference {
    /// The reference that a foreign key of SeaORM makes; none to what is no table.
    fn of(statement: &ForeignKeyCreateStatement) -> Option<Self> {
        let key = statement.get_foreign_key();
        let Some(TableRef::Table(TableName(namespace, target), _)) = key.get_ref_table() else { return None };
        Some(Self {
            columns: key.get_columns(),
            namespace: namespace.as_ref().map(|namespace| namespace.1.to_string()),
            target: target.to_string(),
            target_columns: key.get_ref_columns(),
            on_delete: key.get_on_delete().map(action),
            on_update: key.get_on_update().map(action),
        })
    }
}

fn action(action: ForeignKeyAction) -> Action {
    match action {
        ForeignKeyAction::Restrict => Action::Restrict,
        ForeignKeyAction::Cascade => Action::Cascade,
        ForeignKeyAction::SetNull => Action::SetNull,
        ForeignKeyAction::SetDefault => Action::SetDefault,
        _ => Action::NoAction,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_entity_adds_to_a_definition_says_whether_the_database_gives_the_value() {
        let generated =
            ["GENERATED ALWAYS AS (a * 2) STORED", "as(a)", "generated  always AS IDENTITY", "AS (a) VIRTUAL"];
        assert!(generated.iter().all(|extra| declares_generated(extra)));
        // A number that an insert may give, conditions with a cast, words within a name.
        let given = ["GENERATED BY DEFAULT AS IDENTITY", "CHECK (cast(a as text) <> '')", "COMMENT 'generated'", ""];
        assert!(!given.iter().any(|extra| declares_generated(extra)));
    }
}
