use serde_json::Value;

/// The JSON Schema (draft 2020-12) of a report as [`json`](crate::report::json) and
/// [`json_error`](crate::report::json_error) give it.
///
/// # Panics
///
/// Never: it is part of the program, and a test reads it.
#[must_use]
pub fn schema() -> Value {
    serde_json::from_str(include_str!("schema.json")).expect("a test reads it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_json_and_names_its_draft() {
        let draft = "https://json-schema.org/draft/2020-12/schema";
        assert_eq!(schema()["$schema"], draft);
    }
}
