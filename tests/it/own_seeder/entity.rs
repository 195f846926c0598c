//! The entities of these seeders.
#![allow(dead_code, reason = "a derive makes more of an entity than a seeder asks of it")]

macro_rules! words {
    ($name:ident ($($attribute:tt)*) { $($word:ident $(= $number:literal)?),* }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, DeriveActiveEnum)]
        #[sea_orm($($attribute)*)]
        pub enum $name {
            $($(#[sea_orm(num_value = $number)])? $word),*
        }
    };
}

pub mod every {
    use sea_orm::entity::prelude::*;

    words!(Word (rs_type = "String", db_type = "String(StringLen::N(20))", rename_all = "snake_case") { Clear, Grey });
    words!(Level (rs_type = "i32", db_type = "Integer") { Low = 1, High = 2 });
    words!(Sky (rs_type = "String", db_type = "Enum", enum_name = "sky", rename_all = "snake_case") { Grey, Clear });

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "every")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub is_so: bool,
        pub small: i16,
        pub whole: i32,
        pub big: i64,
        pub half: f32,
        pub double: f64,
        #[sea_orm(column_type = "Decimal(Some((12, 4)))")]
        pub exact: Decimal,
        pub plain: Decimal,
        #[sea_orm(column_type = "Text")]
        pub text: String,
        #[sea_orm(column_type = "Char(Some(2))")]
        pub code: Option<String>,
        pub bytes: Vec<u8>,
        pub json: Json,
        #[sea_orm(column_type = "JsonBinary")]
        pub jsonb: Option<Json>,
        pub uuid: Uuid,
        pub maybe_uuid: Option<Uuid>,
        pub day: Date,
        pub time: Time,
        pub at: DateTime,
        pub moment: DateTimeUtc,
        pub zoned: DateTimeWithTimeZone,
        pub maybe_at: Option<DateTime>,
        pub other_day: TimeDate,
        pub other_time: TimeTime,
        pub other_at: TimeDateTime,
        pub other_moment: TimeDateTimeWithTimeZone,
        pub word: Word,
        pub level: Level,
        pub sky: Option<Sky>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod number {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "numbers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub tiny: i8,
        pub byte: u8,
        pub short: u16,
        pub whole: Option<u32>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod list {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lists")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub numbers: Vec<i32>,
        pub words: Option<Vec<String>>,
        pub uuids: Vec<Uuid>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod tree {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "trees")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub parent_id: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "Entity", from = "Column::ParentId", to = "Column::Id")]
        Parent,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod circle {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "circles")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub head_id: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::member::Entity", from = "Column::HeadId", to = "super::member::Column::Id")]
        Head,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod member {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "members")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub circle_id: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::circle::Entity", from = "Column::CircleId", to = "super::circle::Column::Id")]
        Circle,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A table of another PostgreSQL schema.
pub mod country {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "countries", schema_name = "geo")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub mod outside {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "shops")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub country_id: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::country::Entity", from = "Column::CountryId", to = "super::country::Column::Id")]
        Country,
    }

    impl ActiveModelBehavior for ActiveModel {}
}
