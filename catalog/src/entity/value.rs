//! Sets of values: what an enum of the program knows, beside what the database takes.

use sea_orm::sea_query::{ArrayType, Enum, OptionEnum};
use sea_orm::{ActiveEnum, ColumnType, Value};

use super::compare::{Compared, Sides};
use super::{Field, Promise, allowed};
use crate::{Column, Dialect};

/// A tuple of enums: `(order::OrderStatus, user::Role)`.
pub trait Enums {
    /// Their values, as SeaORM binds them.
    fn values() -> Vec<Value>;
}

macro_rules! enums_of_tuples {
    ($($name:ident)*) => {
        impl<$($name: ActiveEnum),*> Enums for ($($name,)*) {
            fn values() -> Vec<Value> {
                let mut values: Vec<Value> = Vec::new();
                $(values.extend(<$name as ActiveEnum>::values().into_iter().map(Into::into));)*
                values
            }
        }
    };
}

enums_of_tuples!(A);
enums_of_tuples!(A B);
enums_of_tuples!(A B C);
enums_of_tuples!(A B C D);
enums_of_tuples!(A B C D E);
enums_of_tuples!(A B C D E F);
enums_of_tuples!(A B C D E F G);
enums_of_tuples!(A B C D E F G H);
enums_of_tuples!(A B C D E F G H I);
enums_of_tuples!(A B C D E F G H I J);
enums_of_tuples!(A B C D E F G H I J K);
enums_of_tuples!(A B C D E F G H I J K L);
enums_of_tuples!(A B C D E F G H I J K L M);
enums_of_tuples!(A B C D E F G H I J K L M N);
enums_of_tuples!(A B C D E F G H I J K L M N O);
enums_of_tuples!(A B C D E F G H I J K L M N O P);

/// A text that no enum has among its values.
const ODD_TEXT: &str = "\u{1}no value of an enum\u{1}";

/// Whole numbers that no enum has all among its values.
const ODD_NUMBERS: [i64; 4] = [-128, -77, 83, 127];

/// The whole numbers that an enum is looked through for.
const NUMBERS: std::ops::RangeInclusive<i64> = -1_000..=100_000;

/// Both sides and what the program suffers, where a field's values are others than the column's.
pub(super) fn compare(compared: Compared<'_>, field: &Field, column: &Column) -> Option<(Sides, String)> {
    let allowed = allowed::values(compared.place.actual, compared.table, column)?;
    let known = compared.promise.known(field, &allowed.values)?;
    let is_same = |one: &str, other: &str| match compared.dialect() {
        // Its collations may take one for the other.
        Dialect::MariaDb => one.eq_ignore_ascii_case(other),
        Dialect::Sqlite | Dialect::Postgres => one == other,
    };
    let has = |list: &[String], value: &str| list.iter().any(|other| is_same(other, value));
    let refused: Vec<&str> = known.iter().map(String::as_str).filter(|value| !has(&allowed.values, value)).collect();
    let unknown = allowed.values.iter().filter(|value| allowed.takes_all && !known.contains(value));
    let unknown: Vec<&str> = unknown.map(String::as_str).collect();
    let consequences = [
        ("an insert can fail: the database refuses", refused),
        ("reading a row can fail: the field does not know", unknown),
    ];
    let consequences: Vec<String> = consequences
        .into_iter()
        .filter(|(_, values)| !values.is_empty())
        .map(|(consequence, values)| format!("{consequence} {}", values.join(", ")))
        .collect();
    let sides = (Some(format!("one of {}", known.join(", "))), Some(format!("one of {}", allowed.values.join(", "))));
    (!consequences.is_empty()).then(|| (sides, consequences.join("; ")))
}

impl Promise {
    /// The values that a field knows, as texts, as far as they can be told; none where it takes any.
    ///
    /// No entity shows the values of an enum that is stored as text, so those are found that the project
    /// has named, or that `offered` has. Whole numbers are tried.
    pub fn known(&self, field: &Field, offered: &[String]) -> Option<Vec<String>> {
        if let ColumnType::Enum { variants, .. } = &field.column_type {
            return Some(variants.iter().map(ToString::to_string).collect());
        }
        let takes = |text: &str| value_of_text(&field.kind, text).is_some_and(|value| self.takes(&field.column, value));
        let odd_numbers = || ODD_NUMBERS.iter().filter_map(|odd| value_of_text(&field.kind, &odd.to_string()));
        let named = self.named.iter().filter_map(text).chain(offered.iter().cloned());
        let candidates: Vec<String> = match field.kind {
            ArrayType::String | ArrayType::Char if !takes(ODD_TEXT) && !takes("\u{1}") => named.collect(),
            _ if !is_whole(&field.kind) || odd_numbers().all(|odd| self.takes(&field.column, odd)) => return None,
            _ => NUMBERS.map(|number| number.to_string()).chain(named).collect(),
        };
        let mut known: Vec<String> = Vec::new();
        for candidate in candidates {
            if !known.contains(&candidate) && takes(&candidate) {
                known.push(candidate);
            }
        }
        Some(known)
    }
}

fn is_whole(kind: &ArrayType) -> bool {
    use ArrayType::{BigInt, BigUnsigned, Int, SmallInt, SmallUnsigned, TinyInt, TinyUnsigned, Unsigned};
    matches!(kind, TinyInt | SmallInt | Int | BigInt | TinyUnsigned | SmallUnsigned | Unsigned | BigUnsigned)
}

/// The value of a kind that a text stands for: words, whole numbers and enums.
pub fn value_of_text(kind: &ArrayType, text: &str) -> Option<Value> {
    Some(match kind {
        ArrayType::String => Value::String(Some(text.to_owned())),
        ArrayType::Char => Value::Char(Some(text.chars().next()?)),
        ArrayType::Enum(name) => {
            let value = Enum { type_name: (**name).clone(), value: text.to_owned().into() };
            Value::Enum(OptionEnum::Some(Box::new(value)))
        }
        ArrayType::TinyInt => Value::TinyInt(Some(text.parse().ok()?)),
        ArrayType::SmallInt => Value::SmallInt(Some(text.parse().ok()?)),
        ArrayType::Int => Value::Int(Some(text.parse().ok()?)),
        ArrayType::BigInt => Value::BigInt(Some(text.parse().ok()?)),
        ArrayType::TinyUnsigned => Value::TinyUnsigned(Some(text.parse().ok()?)),
        ArrayType::SmallUnsigned => Value::SmallUnsigned(Some(text.parse().ok()?)),
        ArrayType::Unsigned => Value::Unsigned(Some(text.parse().ok()?)),
        ArrayType::BigUnsigned => Value::BigUnsigned(Some(text.parse().ok()?)),
        _ => return None,
    })
}

/// The text that stands for a value of an enum.
fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::String(Some(text)) => text.clone(),
        Value::Char(Some(letter)) => letter.to_string(),
        Value::Enum(OptionEnum::Some(value)) => value.value.to_string(),
        Value::TinyInt(Some(number)) => number.to_string(),
        Value::SmallInt(Some(number)) => number.to_string(),
        Value::Int(Some(number)) => number.to_string(),
        Value::BigInt(Some(number)) => number.to_string(),
        Value::TinyUnsigned(Some(number)) => number.to_string(),
        Value::SmallUnsigned(Some(number)) => number.to_string(),
        Value::Unsigned(Some(number)) => number.to_string(),
        Value::BigUnsigned(Some(number)) => number.to_string(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Enums, value_of_text};
    use crate::{Dialect, Promise};

    mod pet {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::None)", rename_all = "snake_case")]
        pub(super) enum Mood {
            Sad,
            Fine,
        }

        #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "i16", db_type = "SmallInteger")]
        pub(super) enum Size {
            #[sea_orm(num_value = -3)]
            Small,
            #[sea_orm(num_value = 4000)]
            Big,
        }

        #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "coat", rename_all = "snake_case")]
        pub(super) enum Coat {
            Long,
            Short,
        }

        #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
        #[sea_orm(table_name = "pets")]
        pub(super) struct Model {
            #[sea_orm(primary_key)]
            pub(super) id: i32,
            pub(super) mood: Mood,
            pub(super) size: Option<Size>,
            pub(super) coat: Coat,
            pub(super) name: String,
            pub(super) age: u8,
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub(super) enum Relation {}

        impl ActiveModelBehavior for ActiveModel {}
    }

    fn known(promise: &Promise, field: &str, offered: &[&str]) -> Option<Vec<String>> {
        let field = promise.fields().iter().find(|known| known.name == field).expect("a field of the entity");
        let offered: Vec<String> = offered.iter().map(|word| (*word).to_owned()).collect();
        promise.known(field, &offered)
    }

    #[test]
    fn a_field_tells_its_values_as_far_as_it_can() {
        let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        for dialect in Dialect::ALL {
            let promise = Promise::of::<pet::Entity>(dialect);
            assert_eq!(known(&promise, "size", &[]), words(&["-3", "4000"]));
            assert_eq!(known(&promise, "coat", &["curly"]), words(&["long", "short"]));
            assert_eq!(known(&promise, "mood", &["fine", "odd"]), words(&["fine"]));
            let promise = promise.knowing(<(pet::Mood,)>::values());
            assert_eq!(known(&promise, "mood", &["fine", "odd"]), words(&["sad", "fine"]));
            for free in ["id", "name", "age"] {
                assert_eq!(known(&promise, free, &["1"]), None, "{free}");
            }
        }
    }

    #[test]
    fn a_field_takes_what_its_type_takes() {
        let promise = Promise::of::<pet::Entity>(Dialect::Sqlite);
        for (column, text, is_taken) in [
            ("mood", "sad", true),
            ("mood", "odd", false),
            ("coat", "long", true),
            ("age", "255", true),
            ("none", "1", false),
        ] {
            let kind = promise.fields().iter().find(|field| field.column == column).map(|field| &field.kind);
            let value = kind.and_then(|kind| value_of_text(kind, text));
            assert_eq!(value.is_some_and(|value| promise.takes(column, value)), is_taken, "{column}: {text}");
        }
    }
}
