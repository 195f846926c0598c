//! Triggers, policies and rules: parts of tables and views that are compared by their definition.

use sea_orm::{ConnectionTrait, DbErr};

use super::timed;
use crate::introspect::select;
use crate::{Catalog, Definition, Rendered};

const TRIGGERS: &str = "
SELECT c.relname::text AS owner, t.tgname::text AS name, pg_get_triggerdef(t.oid) AS definition,
       pg_get_triggerdef(t.oid) AS sql,
       CASE t.tgenabled WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'ENABLED REPLICA' WHEN 'A' THEN 'ENABLED ALWAYS' ELSE '' END
         AS modifiers
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND NOT t.tgisinternal";

const POLICIES: &str = "
SELECT p.owner, p.name, p.definition, format('CREATE POLICY %I ON %I.%I %s', p.name, $1, p.owner, p.definition) AS sql,
       '' AS modifiers
FROM (SELECT c.relname::text AS owner, p.polname::text AS name,
             format('AS %s FOR %s TO %s', CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
                    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE'
                                  ELSE 'ALL' END,
                    (SELECT string_agg(CASE r.oid WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r.oid)) END, ', '
                                       ORDER BY pg_get_userbyid(r.oid)) FROM unnest(p.polroles) r(oid)))
               || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
               || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '') AS definition
      FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1) p";

const RULES: &str = "
SELECT c.relname::text AS owner, r.rulename::text AS name, pg_get_ruledef(r.oid) AS definition, pg_get_ruledef(r.oid) AS sql,
       CASE r.ev_enabled WHEN 'D' THEN 'DISABLED' WHEN 'R' THEN 'ENABLED REPLICA' WHEN 'A' THEN 'ENABLED ALWAYS' ELSE '' END
         AS modifiers
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1 AND r.rulename <> '_RETURN'";

pub(super) async fn read(db: &impl ConnectionTrait, namespace: &str, catalog: &mut Catalog) -> Result<(), DbErr> {
    for (kind, sql) in [("trigger", TRIGGERS), ("policy", POLICIES), ("rule", RULES)] {
        for row in select(db, sql, [namespace]).await? {
            let (owner, name): (String, String) = (row.try_get("", "owner")?, row.try_get("", "name")?);
            let parts = match (kind, catalog.tables.get_mut(&owner), catalog.views.get_mut(&owner)) {
                ("trigger", Some(table), _) => &mut table.triggers,
                ("trigger", _, Some(view)) => &mut view.triggers,
                ("policy", Some(table), _) => &mut table.policies,
                ("rule", Some(table), _) => &mut table.rules,
                ("rule", _, Some(view)) => &mut view.rules,
                _ => continue,
            };
            let definition = Definition {
                definition: timed(&row.try_get::<String>("", "definition")?),
                modifiers: row.try_get("", "modifiers")?,
                sql: Rendered(row.try_get("", "sql")?),
                ..Definition::default()
            };
            parts.insert(name, definition);
        }
    }
    Ok(())
}
