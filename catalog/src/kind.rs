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

/// The kinds of difference, in one list: variant, stable code, severity.
macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident $code:literal $severity:ident,)*) => {
        /// What kind of difference a [`Drift`](crate::Drift) is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The code that scripts may rely on; it never changes its meaning.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
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
    /// A declared view is not there.
    MissingView "missing-view" Drift,
    /// A view that nothing declares.
    ExtraView "extra-view" Drift,
    /// A view with another query, or one that is materialized and should not be, or the reverse.
    ViewDiffers "view-differs" Drift,
    /// A table that an entity maps is not there.
    PromisedTable "promised-table" Drift,
    /// A column that an entity has a field for is not there.
    PromisedColumn "promised-column" Drift,
    /// A column whose values the entity's field cannot hold, or the reverse.
    PromisedType "promised-type" Drift,
    /// A column that accepts NULL under a field that does not, or the reverse.
    PromisedNullability "promised-nullability" Drift,
    /// A column that must be given and that the entity does not know.
    UnpromisedColumn "unpromised-column" Drift,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
