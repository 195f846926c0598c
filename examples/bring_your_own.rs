//! A project of your own: two tables, their migrator and entities, and the whole command line.
//!
//! `cargo run --example bring_your_own -- migrate up` makes `data/blog.db`; with
//! `DATABASE_URL=postgres://...` the tables are made where the connection's search path points, in
//! `public` unless you say otherwise.

#![allow(unreachable_pub, reason = "in a project of its own these are modules of a library")]

use std::process::ExitCode;

fn main() -> ExitCode {
    kiln::main([kiln::Schema::new("blog")
        .entities::<(author::Entity, post::Entity)>()
        .migrator::<migration::Migrator>()])
}

/// `authors`
mod author {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "authors")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        #[sea_orm(column_type = "String(StringLen::N(80))", unique)]
        pub name: String,
        #[sea_orm(has_many)]
        pub posts: HasMany<super::post::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// `posts`
mod post {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "posts")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub author_id: i64,
        #[sea_orm(column_type = "String(StringLen::N(200))")]
        pub title: String,
        #[sea_orm(column_type = "Text", nullable)]
        pub body: Option<String>,
        pub published_on: Option<Date>,
        #[sea_orm(belongs_to, from = "author_id", to = "id", on_delete = "Cascade")]
        pub author: BelongsTo<super::author::Entity>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// A migrator as sea-orm-migration knows it; nothing in it is kiln's.
mod migration {
    use sea_orm_migration::prelude::*;

    pub struct Migrator;

    impl MigratorTrait for Migrator {
        fn migrations() -> Vec<Box<dyn MigrationTrait>> {
            vec![Box::new(CreateAuthors), Box::new(CreatePosts)]
        }

        fn migration_table_name() -> DynIden {
            "blog_migrations".into_iden()
        }
    }

    struct CreateAuthors;

    impl MigrationName for CreateAuthors {
        fn name(&self) -> &'static str {
            "m20260101_000001_create_authors"
        }
    }

    #[async_trait::async_trait]
    impl MigrationTrait for CreateAuthors {
        async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
            manager
                .create_table(
                    Table::create()
                        .table("authors")
                        .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                        .col(ColumnDef::new("name").string_len(80).not_null().unique_key())
                        .to_owned(),
                )
                .await
        }

        async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
            manager.drop_table(Table::drop().table("authors").to_owned()).await
        }
    }

    struct CreatePosts;

    impl MigrationName for CreatePosts {
        fn name(&self) -> &'static str {
            "m20260102_000001_create_posts"
        }
    }

    #[async_trait::async_trait]
    impl MigrationTrait for CreatePosts {
        async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
            manager
                .create_table(
                    Table::create()
                        .table("posts")
                        .col(ColumnDef::new("id").big_integer().not_null().auto_increment().primary_key())
                        .col(ColumnDef::new("author_id").big_integer().not_null())
                        .col(ColumnDef::new("title").string_len(200).not_null())
                        .col(ColumnDef::new("body").text())
                        .col(ColumnDef::new("published_on").date())
                        .foreign_key(
                            ForeignKey::create()
                                .name("fk_posts_author")
                                .from("posts", "author_id")
                                .to("authors", "id")
                                .on_delete(ForeignKeyAction::Cascade),
                        )
                        .to_owned(),
                )
                .await?;
            manager
                .create_index(
                    Index::create().name("ix_posts_published_on").table("posts").col("published_on").to_owned(),
                )
                .await
        }

        async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
            manager.drop_table(Table::drop().table("posts").to_owned()).await
        }
    }
}
