//! The text of the QR code at the foot of a document.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use time::Date;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

/// What the QR code of a document says: which document it is, and the digest of the data in it.
///
/// Without a configured address it is one line; with one it is a URL of the same five values:
///
/// ```text
/// text    = "RUQSAT1" ";" edition ";" form ";" number ";" date ";" sha256
/// url     = base "?e=" edition "&f=" form "&n=" number "&d=" date "&h=" sha256
/// base    = ("http://" / "https://") 1*(%x21-7E except "?" and "#")
/// edition = 1*char                      ; atyrau-2013
/// form    = 1*char                      ; permit
/// number  = *char                       ; series and number, empty where the form has none
/// date    = "" / year "-" month "-" day ; date of issue, empty where the form has none
/// sha256  = 43base64url                 ; of the embedded data as it stands in the file, no padding
/// char    = ALPHA / DIGIT / "-" / "." / "_" / "~" / "%" 2HEXDIG
/// ```
///
/// A `char` is a byte of the value in UTF-8; only bytes without a letter of their own are written as
/// `%` and two upper-case digits, so that a value has one spelling and every reader of QR codes,
/// whatever it takes bytes above 127 for, gives back the same text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrText {
    /// Name of the edition.
    pub edition: String,
    /// Name of the form.
    pub form: String,
    /// Series and number, as the document prints it.
    pub number: Option<String>,
    /// Date of issue.
    pub date: Option<Date>,
    /// SHA-256 of the embedded data.
    pub sha256: [u8; 32],
}

/// Why a text is not that of a QR code of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QrTextError {
    /// Neither our line nor a URL with our five values in their order.
    #[error("it is no code of ruqsat")]
    NotOurs,
    /// A value that cannot be read.
    #[error("its {0} cannot be read")]
    Value(
        /// Which.
        &'static str,
    ),
}

/// The address at which documents are verified: the part of the URL before the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrBaseUrl(String);

/// A text is no address for QR codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "it is no http or https address of at most {MAX_BASE} printable ASCII characters without ? and #"
)]
pub struct QrBaseUrlError;

impl QrText {
    /// The code of a document with this data in it.
    #[must_use]
    pub fn new(
        edition: &str,
        form: &str,
        number: Option<String>,
        date: Option<Date>,
        data: &[u8],
    ) -> Self {
        let digest = ring::digest::digest(&ring::digest::SHA256, data);
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest.as_ref());
        Self {
            edition: edition.to_owned(),
            form: form.to_owned(),
            number,
            date,
            sha256,
        }
    }

    /// The same as a URL.
    #[must_use]
    pub fn to_url(&self, base: &QrBaseUrl) -> String {
        let values = self.values();
        let pairs = KEYS.iter().zip(&values);
        let query: Vec<_> = pairs.map(|(key, value)| format!("{key}={value}")).collect();
        format!("{}?{}", base.0, query.join("&"))
    }

    /// The values as they are spelt, in their order.
    fn values(&self) -> [String; 5] {
        let date = self.date.and_then(|date| date.format(DATE).ok());
        [
            escaped(&self.edition),
            escaped(&self.form),
            escaped(self.number.as_deref().unwrap_or_default()),
            date.unwrap_or_default(),
            URL_SAFE_NO_PAD.encode(self.sha256),
        ]
    }

    fn of_values(values: [&str; 5]) -> Result<Self, QrTextError> {
        let [edition, form, number, date, sha256] = values;
        let text = |value, name| unescaped(value).ok_or(QrTextError::Value(name));
        let some = |value: String, name| match value.is_empty() {
            true => Err(QrTextError::Value(name)),
            false => Ok(value),
        };
        let number = text(number, "number")?;
        let date = match date {
            "" => None,
            text => Some(day(text).ok_or(QrTextError::Value("date"))?),
        };
        let digest = URL_SAFE_NO_PAD.decode(sha256).ok();
        Ok(Self {
            edition: some(text(edition, "edition")?, "edition")?,
            form: some(text(form, "form")?, "form")?,
            number: (!number.is_empty()).then_some(number),
            date,
            sha256: digest
                .and_then(|digest| digest.try_into().ok())
                .ok_or(QrTextError::Value("digest"))?,
        })
    }
}

/// The address as it was given.
impl fmt::Display for QrBaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for QrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARK};{}", self.values().join(";"))
    }
}

impl FromStr for QrText {
    type Err = QrTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > MAX_TEXT {
            return Err(QrTextError::NotOurs);
        }
        let mut values = [""; 5];
        if let Some(line) = text.strip_prefix(MARK) {
            let mut parts = line.split(';');
            let mut next = || parts.next().ok_or(QrTextError::NotOurs);
            if !next()?.is_empty() {
                return Err(QrTextError::NotOurs);
            }
            for value in &mut values {
                *value = next()?;
            }
            if next().is_ok() {
                return Err(QrTextError::NotOurs);
            }
        } else {
            let (base, query) = text.split_once('?').ok_or(QrTextError::NotOurs)?;
            base.parse::<QrBaseUrl>()
                .map_err(|_| QrTextError::NotOurs)?;
            let mut pairs = query.split('&');
            for (value, key) in values.iter_mut().zip(KEYS) {
                let pair = pairs.next().and_then(|pair| pair.split_once('='));
                *value = match pair {
                    Some((name, value)) if name == key => value,
                    _ => return Err(QrTextError::NotOurs),
                };
            }
            if pairs.next().is_some() {
                return Err(QrTextError::NotOurs);
            }
        }
        Self::of_values(values)
    }
}

impl FromStr for QrBaseUrl {
    type Err = QrBaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = ["https://", "http://"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        let printable = text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'?' && byte != b'#');
        let named = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        match named && printable && text.len() <= MAX_BASE {
            true => Ok(Self(text.to_owned())),
            false => Err(QrBaseUrlError),
        }
    }
}

/// RFC 3986 §2.1, applied to all but the unreserved characters of §2.3.
fn escaped(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match is_unreserved(byte) {
            true => text.push(char::from(byte)),
            false => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// The value of a spelling, `None` where it is not the one that [`escaped`] gives.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            _ => byte,
        });
    }
    let value = String::from_utf8(bytes).ok()?;
    (escaped(&value) == text).then_some(value)
}

/// A day in its one spelling, without a sign before the year.
fn day(text: &str) -> Option<Date> {
    let day = Date::parse(text, DATE).ok()?;
    (day.format(DATE).ok()? == text).then_some(day)
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Begins the line: the project, and the version of the grammar.
const MARK: &str = "RUQSAT1";
/// The names of the values in a URL, in their order.
const KEYS: [&str; 5] = ["e", "f", "n", "d", "h"];
const DATE: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
/// The most characters of an address, so that the code stays small enough to print.
const MAX_BASE: usize = 200;
/// The most bytes that any QR code holds (version 40, level L).
const MAX_TEXT: usize = 2953;

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn code() -> QrText {
        let number = Some("А-W № 00017".to_owned());
        QrText::new(
            "atyrau-2013",
            "permit",
            number,
            Some(date!(2013 - 12 - 04)),
            b"abc",
        )
    }

    const LINE: &str = "RUQSAT1;atyrau-2013;permit;%D0%90-W%20%E2%84%96%2000017;2013-12-04;\
                        ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0";

    #[test]
    fn the_line_names_the_document_and_the_digest_of_its_data() {
        // FIPS 180-4, the digest of «abc».
        assert_eq!(code().to_string(), LINE);
        assert_eq!(LINE.parse(), Ok(code()));
    }

    #[test]
    fn the_address_carries_the_same_values() {
        let base = "https://ruqsat.example/check".parse().unwrap();
        let url = code().to_url(&base);
        assert_eq!(
            url,
            "https://ruqsat.example/check?e=atyrau-2013&f=permit&n=%D0%90-W%20%E2%84%96%2000017\
             &d=2013-12-04&h=ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"
        );
        assert_eq!(url.parse(), Ok(code()));
    }

    #[test]
    fn a_form_without_number_and_date_leaves_them_empty() {
        let code = QrText::new("atyrau-2013", "notice", None, None, b"abc");
        let text = code.to_string();
        assert!(text.starts_with("RUQSAT1;atyrau-2013;notice;;;ungW"));
        assert_eq!(text.parse(), Ok(code));
    }

    #[test]
    fn another_text_is_no_code_of_ours() {
        for text in [
            "",
            "https://ruqsat.example/",
            "https://ruqsat.example/?e=atyrau-2013",
            "RUQSAT2;atyrau-2013;permit;1;2013-12-04;ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0",
            &LINE[..LINE.rfind(';').unwrap()],
            &format!("{LINE};more"),
            &LINE.replace("RUQSAT1;", "RUQSAT1x;"),
            &format!("ftp://x?e=a&f=p&n=1&d=2013-12-04&h={}", "A".repeat(43)),
            &format!("http://x?f=p&e=a&n=1&d=2013-12-04&h={}", "A".repeat(43)),
            &format!("http://x?e=a&f=p&n=1&d=2013-12-04&h={}&m=1", "A".repeat(43)),
            // One character more than the address may have: it could not have been printed.
            &format!(
                "http://{}?e=a&f=p&n=1&d=2013-12-04&h={}",
                "x".repeat(MAX_BASE - 6),
                "A".repeat(43)
            ),
            // No QR code holds so much.
            &LINE.replace("permit", &"p".repeat(MAX_TEXT)),
        ] {
            assert_eq!(text.parse::<QrText>(), Err(QrTextError::NotOurs), "{text}");
        }
    }

    #[test]
    fn each_value_has_one_spelling() {
        for (from, to, name) in [
            ("atyrau-2013", "", "edition"),
            ("permit", "", "form"),
            ("permit", "%70ermit", "form"),
            ("%D0%90", "%d0%90", "number"),
            ("%D0%90", "%D0", "number"),
            ("%D0%90", "А", "number"),
            ("00017", "0001%", "number"),
            ("2013-12-04", "2013-13-04", "date"),
            ("2013-12-04", "04.12.2013", "date"),
            ("2013-12-04", "+2013-12-04", "date"),
            ("IAFa0", "IAFa0=", "digest"),
            ("IAFa0", "IAFa", "digest"),
            // The last letter of 43 carries two bits that must be zero.
            ("IAFa0", "IAFa1", "digest"),
        ] {
            let text = LINE.replacen(from, to, 1);
            assert_eq!(
                text.parse::<QrText>(),
                Err(QrTextError::Value(name)),
                "{text}"
            );
        }
    }

    #[test]
    fn an_address_has_no_values_of_its_own() {
        for text in [
            "",
            "ruqsat.example",
            "https://",
            "https:///x",
            "http://x?",
            "http://x#a",
            "http://қ",
        ] {
            assert_eq!(text.parse::<QrBaseUrl>(), Err(QrBaseUrlError), "{text}");
        }
        let longest = format!("https://x/{}", "a".repeat(MAX_BASE - 10));
        assert!(longest.parse::<QrBaseUrl>().is_ok());
        let long = longest + "a";
        assert_eq!(long.parse::<QrBaseUrl>(), Err(QrBaseUrlError));
    }
}
