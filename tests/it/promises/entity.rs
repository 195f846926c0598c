//! Entities in pairs over one table: one tells the truth about it, the other one lie.
#![allow(dead_code, reason = "a derive makes more of an entity than a check asks of it")]

/// An entity with these fields and relations.
macro_rules! entity {
    (($($attribute:tt)*) { $($fields:tt)* } [$($relations:tt)*]) => {
        use sea_orm::entity::prelude::*;

        #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
        #[sea_orm($($attribute)*)]
        pub struct Model {
            $($fields)*
        }

        #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {
            $($relations)*
        }

        impl ActiveModelBehavior for ActiveModel {}
    };
}

/// A module with both: fields after the id and relations, of the truth and of the lie.
macro_rules! pair {
    ($name:ident $table:literal { $($truth:tt)* } { $($lie:tt)* }) => {
        pair! { $name $table { $($truth)* } [] { $($lie)* } [] }
    };
    ($name:ident $table:literal { $($truth:tt)* } [$($of_truth:tt)*] { $($lie:tt)* } [$($of_lie:tt)*]) => {
        pub mod $name {
            pub mod truth {
                entity! { (table_name = $table) { #[sea_orm(primary_key)] pub id: i32, $($truth)* } [$($of_truth)*] }
            }

            pub mod lie {
                entity! { (table_name = $table) { #[sea_orm(primary_key)] pub id: i32, $($lie)* } [$($of_lie)*] }
            }
        }
    };
}

/// An entity of one side alone, with its key.
macro_rules! single {
    ($name:ident $side:ident ($($attribute:tt)*) { $($fields:tt)* }) => {
        pub mod $name {
            pub mod $side {
                entity! { ($($attribute)*) { $($fields)* } [] }
            }
        }
    };
}

pub mod words {
    use sea_orm::entity::prelude::*;

    macro_rules! words {
        ($name:ident: $($word:ident)*) => {
            #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
            #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))", rename_all = "snake_case")]
            pub enum $name { $($word),* }
        };
    }

    words!(Mood: Sad Fine);
    words!(MoreMoods: Sad Fine Happy);
    words!(FewerMoods: Sad);

    macro_rules! native {
        ($name:ident: $($word:ident)*) => {
            #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
            #[sea_orm(rs_type = "String", db_type = "Enum", enum_name = "sky", rename_all = "snake_case")]
            pub enum $name { $($word),* }
        };
    }

    native!(Sky: Clear Grey);
    native!(OtherSky: Clear Red);

    macro_rules! numbers {
        ($name:ident: $($word:ident $number:literal)*) => {
            #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
            #[sea_orm(rs_type = "i32", db_type = "Integer")]
            pub enum $name { $(#[sea_orm(num_value = $number)] $word),* }
        };
    }

    numbers!(Level: Low 1 High 2);
    numbers!(MoreLevels: Low 1 High 2 Top 300);
}

pair! { note "notes" { pub note: Option<String>, } { pub note: String, } }

pair! { name "names"
    { #[sea_orm(column_type = "String(StringLen::N(50))")] pub name: String, }
    { #[sea_orm(column_type = "String(StringLen::N(50))")] pub name: Option<String>, }
}

pair! { code "codes"
    { #[sea_orm(column_type = "String(StringLen::N(20))")] pub code: String, }
    { #[sea_orm(column_type = "String(StringLen::N(50))")] pub code: String, }
}

pair! { mood "moods"
    { pub mood: super::super::words::Mood, }
    { pub mood: super::super::words::MoreMoods, }
}

pair! { weather "weathers"
    { pub mood: Option<super::super::words::Mood>, }
    { pub mood: Option<super::super::words::FewerMoods>, }
}

pair! { level "levels"
    { pub level: super::super::words::Level, }
    { pub level: super::super::words::MoreLevels, }
}

pair! { sky "skies"
    { pub sky: super::super::words::Sky, }
    { pub sky: super::super::words::OtherSky, }
}

pair! { price "prices"
    { pub price: f64, }
    { #[sea_orm(column_type = "Decimal(Some((10, 2)))")] pub price: Decimal, }
}

pair! { rate "rates"
    { #[sea_orm(column_type = "Decimal(Some((10, 2)))")] pub rate: Decimal, }
    { #[sea_orm(column_type = "Decimal(Some((10, 4)))")] pub rate: Decimal, }
}

pair! { lost "lost_columns" { } { pub gone: Option<String>, } }

pair! { tier "tiers" { pub tier: i32, } { } }

pair! { single "singles" { pub code: i32, } { #[sea_orm(unique)] pub code: i32, } }

pair! { double "doubles"
    { pub one: i32, pub two: i32, }
    { #[sea_orm(unique_key = "both")] pub one: i32, #[sea_orm(unique_key = "both")] pub two: i32, }
}

pair! { kept "kept_uniques"
    {
        #[sea_orm(unique)]
        pub code: i32,
        #[sea_orm(unique_key = "both")]
        pub two: i32,
        #[sea_orm(unique_key = "both")]
        pub one: i32,
    }
    { pub code: i32, pub two: i32, pub one: i32, pub gone: i32, }
}

pair! { child "children"
    { pub note_id: i32, }
    [
        #[sea_orm(
            belongs_to = "super::super::note::truth::Entity",
            from = "Column::NoteId",
            to = "super::super::note::truth::Column::Id",
            on_delete = "Cascade",
            on_update = "Restrict"
        )]
        Note,
    ]
    { pub note_id: i32, }
    [
        #[sea_orm(
            belongs_to = "super::super::note::truth::Entity",
            from = "Column::NoteId",
            to = "super::super::note::truth::Column::Id",
            on_delete = "Restrict"
        )]
        Note,
    ]
}

pair! { orphan "orphans"
    { pub note_id: i32, }
    []
    { pub note_id: i32, }
    [
        #[sea_orm(
            belongs_to = "super::super::note::truth::Entity",
            from = "Column::NoteId",
            to = "super::super::note::truth::Column::Id"
        )]
        Note,
    ]
}

pair! { wide "wides" { pub n: i64, } { pub n: i32, } }

single! { nothing lie (table_name = "nothings") { #[sea_orm(primary_key)] pub id: i32, } }

single! { key lie (table_name = "key_of_others") {
    pub id: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub code: i32,
} }

single! { counted lie (table_name = "counted") { #[sea_orm(primary_key)] pub id: i64, } }

single! { uncounted truth (table_name = "counted") { #[sea_orm(primary_key, auto_increment = false)] pub id: i64, } }

single! { abroad lie (table_name = "notes", schema_name = "elsewhere") { #[sea_orm(primary_key)] pub id: i32, } }

single! { seen truth (table_name = "seen_notes") { #[sea_orm(primary_key)] pub id: i32, pub whatever: String, } }

pub mod thing {
    pub mod truth {
        entity! { (table_name = "things") {
            #[sea_orm(primary_key)]
            pub id: i32,
            #[sea_orm(column_type = "String(StringLen::N(50))", unique)]
            pub name: String,
            pub tier: i32,
            #[sea_orm(column_type = "Decimal(Some((10, 2)))")]
            pub price: Decimal,
            pub mood: Option<super::super::words::Mood>,
            pub starts: Date,
            pub ends: Date,
        } [] }
    }
}

pub mod part {
    pub mod truth {
        entity! { (table_name = "parts") {
            #[sea_orm(primary_key)]
            pub id: i32,
            pub thing_id: i32,
            pub share: f64,
        } [
            #[sea_orm(
                belongs_to = "super::super::thing::truth::Entity",
                from = "Column::ThingId",
                to = "super::super::thing::truth::Column::Id"
            )]
            Thing,
        ] }
    }
}

pub mod kind {
    pub mod truth {
        entity! { (table_name = "kinds") {
            #[sea_orm(primary_key, auto_increment = false)]
            pub day: Date,
            pub is_so: bool,
            pub small: i16,
            pub whole: i64,
            pub half: f32,
            pub double: f64,
            #[sea_orm(column_type = "Decimal(Some((10, 4)))")]
            pub exact: Decimal,
            #[sea_orm(column_type = "Char(Some(8))")]
            pub filled: String,
            #[sea_orm(column_type = "Text")]
            pub text: String,
            pub bytes: Vec<u8>,
            pub json: Json,
            pub uuid: Uuid,
            pub time: Time,
            pub at: DateTime,
            pub moment: DateTimeUtc,
            pub maybe: Option<DateTimeWithTimeZone>,
            pub sky: super::super::words::Sky,
            pub level: Option<super::super::words::Level>,
        } [] }
    }
}
