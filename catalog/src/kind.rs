//! The kinds of difference, in one list.

use std::fmt;

use serde::Serialize;

/// Whether a finding makes a check fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It does.
    Drift,
    /// It is shown, and the check holds.
    Note,
}

/// The kinds of difference, in one list: sentence, variant, stable code, severity.
macro_rules! kinds {
    ($($(#[doc = $about:literal])+ $variant:ident $code:literal $severity:ident,)*) => {
        /// What kind of difference a [`Drift`](crate::Drift) is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum Kind {
            $($(#[doc = $about])+ #[serde(rename = $code)] $variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code that scripts may rely on; it never changes its meaning.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// What it is, in a sentence of its own.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($about),+).trim_start(),)* }
            }

            /// Whether a finding of this kind makes a check fail.
            pub fn severity(self) -> Severity {
                match self { $(Self::$variant => Severity::$severity,)* }
            }
        }
    };
}

kinds! {
    /// A declared table is not there.
    MissingTable "missing-table" Drift,
    /// A table that nothing declares.
    ExtraTable "extra-table" Drift,
    /// A table that as a whole is of another kind: persistence, partitions, row security, engine.
    TableDiffers "table-differs" Drift,
    /// A declared column is not there.
    MissingColumn "missing-column" Drift,
    /// A column that nothing declares.
    ExtraColumn "extra-column" Drift,
    /// A column of another type, length, precision or scale.
    ColumnType "column-type" Drift,
    /// A column that accepts NULL and should not, or the reverse.
    ColumnNullability "column-nullability" Drift,
    /// A column with another default.
    ColumnDefault "column-default" Drift,
    /// A column that numbers its rows in another way.
    ColumnIdentity "column-identity" Drift,
    /// A column that is computed in another way.
    ColumnGenerated "column-generated" Drift,
    /// A column with something else said of it: changed by each update, left out of `SELECT *`.
    ColumnModifiers "column-modifiers" Drift,
    /// The same columns in another order.
    ColumnOrder "column-order" Note,
    /// The declared primary key is not there.
    MissingPrimaryKey "missing-primary-key" Drift,
    /// A primary key that nothing declares.
    ExtraPrimaryKey "extra-primary-key" Drift,
    /// A primary key over other columns, or of another name.
    PrimaryKeyDiffers "primary-key-differs" Drift,
    /// A declared unique constraint is not there.
    MissingUnique "missing-unique" Drift,
    /// A unique constraint that nothing declares.
    ExtraUnique "extra-unique" Drift,
    /// A unique constraint over other columns.
    UniqueDiffers "unique-differs" Drift,
    /// A declared foreign key is not there.
    MissingForeignKey "missing-foreign-key" Drift,
    /// A foreign key that nothing declares.
    ExtraForeignKey "extra-foreign-key" Drift,
    /// A foreign key with other columns, another target or other actions.
    ForeignKeyDiffers "foreign-key-differs" Drift,
    /// A declared index is not there.
    MissingIndex "missing-index" Drift,
    /// An index that nothing declares.
    ExtraIndex "extra-index" Drift,
    /// An index over other keys, or with another predicate, method or uniqueness.
    IndexDiffers "index-differs" Drift,
    /// A declared CHECK is not there.
    MissingCheck "missing-check" Drift,
    /// A CHECK that nothing declares.
    ExtraCheck "extra-check" Drift,
    /// A CHECK with another condition.
    CheckDiffers "check-differs" Drift,
    /// A declared exclusion constraint is not there.
    MissingExclusion "missing-exclusion" Drift,
    /// An exclusion constraint that nothing declares.
    ExtraExclusion "extra-exclusion" Drift,
    /// An exclusion constraint with other elements or another condition.
    ExclusionDiffers "exclusion-differs" Drift,
    /// A declared trigger is not there.
    MissingTrigger "missing-trigger" Drift,
    /// A trigger that nothing declares.
    ExtraTrigger "extra-trigger" Drift,
    /// A trigger with another event, time, condition or body, or one that is switched off.
    TriggerDiffers "trigger-differs" Drift,
    /// A declared policy of row security is not there.
    MissingPolicy "missing-policy" Drift,
    /// A policy of row security that nothing declares.
    ExtraPolicy "extra-policy" Drift,
    /// A policy of row security for other roles or commands, or with another condition.
    PolicyDiffers "policy-differs" Drift,
    /// A declared rewrite rule is not there.
    MissingRule "missing-rule" Drift,
    /// A rewrite rule that nothing declares.
    ExtraRule "extra-rule" Drift,
    /// A rewrite rule that does something else.
    RuleDiffers "rule-differs" Drift,
    /// A declared view is not there.
    MissingView "missing-view" Drift,
    /// A view that nothing declares.
    ExtraView "extra-view" Drift,
    /// A view with another query, or one that is materialized and should not be, or the reverse.
    ViewDiffers "view-differs" Drift,
    /// A declared enum, domain, composite or range type is not there.
    MissingType "missing-type" Drift,
    /// An enum, domain, composite or range type that nothing declares.
    ExtraType "extra-type" Drift,
    /// A type with other values, conditions or attributes, or the same in another order.
    TypeDiffers "type-differs" Drift,
    /// A declared sequence is not there.
    MissingSequence "missing-sequence" Drift,
    /// A sequence that nothing declares.
    ExtraSequence "extra-sequence" Drift,
    /// A sequence with another increment, other bounds or another owning column.
    SequenceDiffers "sequence-differs" Drift,
    /// A declared function, procedure or aggregate is not there.
    MissingRoutine "missing-routine" Drift,
    /// A function, procedure or aggregate that nothing declares.
    ExtraRoutine "extra-routine" Drift,
    /// A function, procedure or aggregate with another result, body or property.
    RoutineDiffers "routine-differs" Drift,
    /// A declared extension is not there.
    MissingExtension "missing-extension" Drift,
    /// An extension that nothing declares.
    ExtraExtension "extra-extension" Drift,
    /// An extension of another version.
    ExtensionDiffers "extension-differs" Drift,
    /// A declared object of a rarer kind is not there: an event, a statistics object, a virtual table.
    MissingObject "missing-object" Drift,
    /// An object of a rarer kind that nothing declares.
    ExtraObject "extra-object" Drift,
    /// An object of a rarer kind with another definition.
    ObjectDiffers "object-differs" Drift,
    /// A declared namespace is not there.
    MissingNamespace "missing-namespace" Drift,
    /// A namespace that nothing declares.
    ExtraNamespace "extra-namespace" Drift,
    /// An object that belongs to another role than the others of its namespace do.
    OwnerDiffers "owner-differs" Note,
    /// An object with another comment.
    CommentDiffers "comment-differs" Note,
    /// An object with which other roles may do something else.
    GrantsDiffer "grants-differ" Note,
    /// An object that is stored in another way.
    StorageDiffers "storage-differs" Note,
    /// A generator of numbers that has come further, or less far.
    SequencePosition "sequence-position" Note,
    /// A foreign key, view or trigger that points to what is not there.
    DanglingReference "dangling-reference" Drift,
    /// A table that an entity maps is not there.
    PromisedTable "promised-table" Drift,
    /// A column that an entity has a field for is not there.
    PromisedColumn "promised-column" Drift,
    /// A column whose values the entity's field cannot hold, or the reverse.
    PromisedType "promised-type" Drift,
    /// A column that accepts NULL under a field that does not, or the reverse.
    PromisedNullability "promised-nullability" Drift,
    /// A column that the entity leaves to the database to number, and that it does not.
    PromisedIdentity "promised-identity" Drift,
    /// A column that takes no value from outside, generated or always an identity, under a field that the program writes.
    PromisedWritable "promised-writable" Drift,
    /// A column that takes other values than the enum of the entity's field has.
    PromisedValues "promised-values" Drift,
    /// A primary key over other columns than the entity's.
    PromisedKey "promised-key" Drift,
    /// Columns that are unique to the entity and not to the database.
    PromisedUnique "promised-unique" Drift,
    /// A foreign key that an entity's relation promises, and that is not there or does something else.
    PromisedForeignKey "promised-foreign-key" Drift,
    /// A column that must be given and that the entity does not know.
    UnpromisedColumn "unpromised-column" Drift,
    /// A row that the entity can make and that the database refuses.
    ProbeRefused "probe-refused" Drift,
    /// A row that the entity has inserted and cannot read.
    ProbeUnreadable "probe-unreadable" Drift,
    /// A value that comes back other than it went in.
    ProbeDiffers "probe-differs" Drift,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
