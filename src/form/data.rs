use serde_json::Value;

use crate::form::error::Error;
use crate::model::Document;
use crate::model::Permit;

/// What fills a form.
pub trait FormData {
    /// Name of the form (`permit`).
    fn form(&self) -> &str;

    /// The data as JSON, an object.
    ///
    /// # Errors
    ///
    /// When the data cannot be put into JSON: never for a document of [`crate::model`].
    fn value(&self) -> Result<Value, Error>;
}

impl FormData for Permit {
    fn form(&self) -> &str {
        "permit"
    }

    fn value(&self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(|_| Error::NoObject)
    }
}

impl FormData for Document {
    fn form(&self) -> &str {
        Self::form(self).as_str()
    }

    fn value(&self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(|_| Error::NoObject)
    }
}

/// Data of any form, held against no rules: for samples, and for those who write forms.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// Name of the form.
    pub form: String,
    /// The data, an object.
    pub value: Value,
}

impl FormData for Sample {
    fn form(&self) -> &str {
        &self.form
    }

    fn value(&self) -> Result<Value, Error> {
        Ok(self.value.clone())
    }
}
