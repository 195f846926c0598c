//! The binary `kiln`: the retail schemas under the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(feature = "retail")]
    let schemas = kiln::retail::schemas();
    #[cfg(not(feature = "retail"))]
    let schemas = Vec::new();
    kiln::main(schemas)
}
