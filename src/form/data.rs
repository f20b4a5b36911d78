use serde_json::Value;
use time::Date;

use crate::form::error::Error;
use crate::form::settings::parse_date;
use crate::model::Document;
use crate::model::FormName;
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

    /// The data as it is embedded: the same document always gives the same bytes.
    fn to_json(&self) -> Vec<u8>;

    /// Its number as it is printed.
    fn number(&self) -> Option<String>;

    /// The day it bears.
    fn issue_date(&self) -> Option<Date>;
}

impl FormData for Permit {
    fn form(&self) -> &str {
        FormName::Permit.as_str()
    }

    fn value(&self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(|_| Error::NoObject)
    }

    fn to_json(&self) -> Vec<u8> {
        Self::to_json(self)
    }

    fn number(&self) -> Option<String> {
        Some(self.number.to_string())
    }

    fn issue_date(&self) -> Option<Date> {
        Some(self.issue_date)
    }
}

impl FormData for Document {
    fn form(&self) -> &str {
        Self::form(self).as_str()
    }

    fn value(&self) -> Result<Value, Error> {
        serde_json::to_value(self).map_err(|_| Error::NoObject)
    }

    fn to_json(&self) -> Vec<u8> {
        Self::to_json(self)
    }

    fn number(&self) -> Option<String> {
        Self::number(self)
    }

    fn issue_date(&self) -> Option<Date> {
        Self::issue_date(self)
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

    fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(&self.value).unwrap_or_default();
        json.push(b'\n');
        json
    }

    fn number(&self) -> Option<String> {
        let number = self.value.get("number")?.as_str()?;
        Some(number.to_owned())
    }

    fn issue_date(&self) -> Option<Date> {
        parse_date(self.value.get("issue_date")?.as_str()?)
    }
}
