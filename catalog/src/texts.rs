//! Every text of a catalog that a server has written, in one walk.

use std::collections::BTreeMap;
use std::mem::take;

use crate::{Catalog, Check, Definition, Form, Index, Key, Rendered, Table, View};

/// Changes every text of `catalog` that a server has written, on demand those too that are there to be run.
///
/// What somebody wrote by hand is left alone: comments, grants, the values of enums.
pub(crate) fn change(catalog: &mut Catalog, change: &dyn Fn(&mut String), with_rendered: bool) {
    let texts = Texts { change, with_rendered };
    catalog.tables.values_mut().for_each(|table| texts.table(table));
    catalog.views.values_mut().for_each(|view| texts.view(view));
    for form in catalog.types.values_mut() {
        texts.form(&mut form.form);
    }
    for sequence in catalog.sequences.values_mut() {
        texts.text(&mut sequence.definition);
    }
    for definitions in [&mut catalog.routines, &mut catalog.extensions, &mut catalog.others] {
        // The types of arguments are part of a routine's name.
        let renamed = take(definitions).into_iter().map(|(mut name, definition)| {
            texts.text(&mut name);
            (name, definition)
        });
        *definitions = renamed.collect();
        texts.definitions(definitions);
    }
}

struct Texts<'a> {
    change: &'a dyn Fn(&mut String),
    with_rendered: bool,
}

impl Texts<'_> {
    fn text(&self, text: &mut String) {
        (self.change)(text);
    }

    fn texts<'a>(&self, texts: impl IntoIterator<Item = &'a mut String>) {
        texts.into_iter().for_each(|text| self.text(text));
    }

    fn sql(&self, Rendered(sql): &mut Rendered) {
        if self.with_rendered {
            self.text(sql);
        }
    }

    fn table(&self, table: &mut Table) {
        for column in &mut table.columns {
            let said = [&mut column.default, &mut column.identity, &mut column.generated];
            self.texts(said.into_iter().flatten());
            self.texts([&mut column.data_type, &mut column.modifiers]);
        }
        table.primary_key.iter_mut().chain(&mut table.uniques).for_each(|key| self.key(key));
        for key in &mut table.foreign_keys {
            self.texts([&mut key.target, &mut key.modifiers]);
            self.sql(&mut key.sql);
        }
        table.indexes.iter_mut().for_each(|index| self.index(index));
        table.checks.iter_mut().chain(&mut table.exclusions).for_each(|check| self.check(check));
        for definitions in [&mut table.triggers, &mut table.policies, &mut table.rules] {
            self.definitions(definitions);
        }
        self.texts(&mut table.properties);
        self.sql(&mut table.sql);
    }

    fn view(&self, view: &mut View) {
        self.texts([&mut view.definition, &mut view.modifiers]);
        self.texts(&mut view.columns);
        view.indexes.iter_mut().for_each(|index| self.index(index));
        self.definitions(&mut view.triggers);
        self.definitions(&mut view.rules);
        self.sql(&mut view.sql);
    }

    fn key(&self, key: &mut Key) {
        self.texts(&mut key.columns);
        self.text(&mut key.modifiers);
        self.sql(&mut key.sql);
    }

    fn index(&self, index: &mut Index) {
        self.texts(&mut index.keys);
        self.texts(&mut index.predicate);
        self.text(&mut index.modifiers);
        self.sql(&mut index.sql);
    }

    fn check(&self, check: &mut Check) {
        self.texts([&mut check.expression, &mut check.modifiers]);
        self.sql(&mut check.sql);
    }

    fn definitions(&self, definitions: &mut BTreeMap<String, Definition>) {
        for definition in definitions.values_mut() {
            self.texts([&mut definition.definition, &mut definition.modifiers]);
            self.sql(&mut definition.sql);
        }
    }

    fn form(&self, form: &mut Form) {
        match form {
            // Its words are data.
            Form::Enum(_) => {}
            Form::Domain { base, default, checks, .. } => {
                self.text(base);
                self.texts(default);
                for check in checks {
                    self.check(check);
                }
            }
            Form::Composite(attributes) => self.texts(attributes),
            Form::Range(words) => self.text(words),
        }
    }
}
