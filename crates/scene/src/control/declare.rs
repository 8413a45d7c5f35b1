//! The two forms that the [table](super::table) is written in.

/// Structs with the value that each field has as long as nobody has touched it.
macro_rules! with_defaults {
    ($($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$doc:meta])* pub $field:ident: $type:ty = $usual:expr,)*
    })*) => {$(
        $(#[$meta])*
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)*
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $usual,)* }
            }
        }
    )*};
}

/// The list of controls: a name in the code, and the row that says everything else.
macro_rules! controls {
    ($($name:ident => $row:expr,)*) => {
        /// A control. What it is called and which values it takes is in its [row](Control::row).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Control {
            $($name,)*
        }

        impl Control {
            /// Every control, in the order in which hosts list them.
            pub const ALL: [Self; [$(stringify!($name)),*].len()] = [$(Self::$name),*];
        }

        /// In the order of [`Control::ALL`].
        pub(super) static ROWS: [Row; Control::ALL.len()] = [$($row),*];
    };
}

/// Where in a [`Snapshot`](super::Snapshot) a control stands.
macro_rules! at {
    ($($field:tt)+) => {
        Field {
            get: |all| Plain::plain(all.$($field)+),
            set: |all, value| all.$($field)+ = Plain::of(value),
        }
    };
}
