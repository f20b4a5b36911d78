//! `ruqsat schema`

use ruqsat::model;
use ruqsat::model::FormName;
use ruqsat::report;

use crate::args::SCHEMA_OF_REPORT;
use crate::args::SchemaArgs;
use crate::failure::Exit;
use crate::failure::Failure;
use crate::files;

/// Prints a JSON Schema.
pub(crate) fn run(args: &SchemaArgs) -> Result<Exit, Failure> {
    let schema = match args.name.as_str() {
        SCHEMA_OF_REPORT => report::schema(),
        name => {
            let form: FormName = name
                .parse()
                .map_err(|error| Failure::usage("NO_SCHEMA", format!("{error}")))?;
            model::schema(form)
        }
    };
    files::print_line(&format!("{schema:#}"));
    Ok(Exit::Success)
}
