use std::fmt;
use std::fmt::Write;
use std::hash::Hash;
use std::hash::Hasher;

use crate::x509::Error;
use crate::x509::Oid;
use crate::x509::der;
use crate::x509::der::Reader;
use crate::x509::der::Tag;
use crate::x509::oids;
use crate::x509::prepared_text::prepare;

/// A distinguished name (RFC 5280 §4.1.2.4).
///
/// Two names are equal when §7.1 calls them so: text is prepared as RFC 4518 prescribes and then
/// compared, across string types; domain components and mailboxes without regard to ASCII case
/// alone (§7.3, §4.1.2.6). What is no text, or has characters that no comparison is defined for,
/// equals only what has the same type and octets. `Display` writes RFC 4514, the last attribute first.
#[derive(Clone)]
pub struct Name {
    der: Box<[u8]>,
    relative_names: Vec<Vec<Attribute>>,
    canonical: Box<[u8]>,
}

/// One attribute of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    oid: Oid,
    tag: Tag,
    content: Box<[u8]>,
    text: Option<String>,
}

impl Attribute {
    /// The type.
    pub fn oid(&self) -> Oid {
        self.oid
    }

    /// The value as text, `None` when its type is no string or its octets are no text of the type.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The text as it is compared, `None` when only its octets can be.
    fn prepared(&self) -> Option<String> {
        let text = self.text()?;
        match self.oid {
            oids::DOMAIN_COMPONENT | oids::EMAIL_ADDRESS => Some(text.to_ascii_lowercase()),
            _ => prepare(text),
        }
    }

    fn read(pair: &mut Reader<'_>) -> Result<Self, Error> {
        let oid = pair.oid()?;
        let value = pair.any()?;
        pair.finish()?;
        Ok(Self {
            oid,
            tag: value.tag,
            content: value.content.into(),
            text: text(value.tag, value.content),
        })
    }
}

impl Name {
    /// Reads a Name in DER.
    ///
    /// # Errors
    ///
    /// [`Error::Der`] when the structure is another, or bytes follow.
    pub fn from_der(input: &[u8]) -> Result<Self, Error> {
        let mut outer = Reader::der(input);
        let mut sequence = outer.sequence()?;
        outer.finish()?;
        let mut relative_names = Vec::new();
        while !sequence.is_empty() {
            let mut set = sequence.set()?;
            let mut attributes = Vec::new();
            while !set.is_empty() {
                attributes.push(Attribute::read(&mut set.sequence()?)?);
            }
            if attributes.is_empty() {
                return Err(der::Error::Truncated.into());
            }
            relative_names.push(attributes);
        }
        Ok(Self {
            der: input.into(),
            canonical: canonical(&relative_names, 2 * input.len()),
            relative_names,
        })
    }

    /// The DER bytes as they stood in the certificate.
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// All attributes, in the order of the certificate.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.relative_names.iter().flatten()
    }

    /// The text of the first attribute of a type.
    pub fn attribute(&self, oid: Oid) -> Option<&str> {
        self.attributes()
            .find(|attribute| attribute.oid == oid)
            .and_then(Attribute::text)
    }

    /// Whether the name has no attributes.
    pub fn is_empty(&self) -> bool {
        self.relative_names.is_empty()
    }

    /// Whether the name lies in the subtree of `base` (RFC 5280 §4.2.1.10): it is `base`, or
    /// continues it. Every name lies in the subtree of the empty one.
    pub fn is_within(&self, base: &Self) -> bool {
        self.canonical.starts_with(&base.canonical)
    }

    /// The name with one more RelativeDistinguishedName, given as the content of its SET.
    pub(in crate::x509) fn child(&self, relative_name: &[u8]) -> Result<Self, Error> {
        let own = Reader::der(&self.der).expect(Tag::SEQUENCE)?.content;
        let set = der::tlv(Tag::SET, relative_name);
        Self::from_der(&der::sequence(&[own, &set]))
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.canonical == other.canonical
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.canonical.hash(state);
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, attributes) in self.relative_names.iter().rev().enumerate() {
            if index > 0 {
                f.write_char(',')?;
            }
            for (index, attribute) in attributes.iter().enumerate() {
                if index > 0 {
                    f.write_char('+')?;
                }
                write_attribute(f, attribute)?;
            }
        }
        Ok(())
    }
}

fn write_attribute(f: &mut fmt::Formatter<'_>, attribute: &Attribute) -> fmt::Result {
    let descriptor = DESCRIPTORS
        .iter()
        .find_map(|(oid, descriptor)| (*oid == attribute.oid).then_some(*descriptor));
    match (descriptor, attribute.text()) {
        (Some(descriptor), Some(text)) => {
            write!(f, "{descriptor}=")?;
            write_escaped(f, text)
        }
        _ => {
            write!(f, "{}=#", attribute.oid)?;
            der::tlv(attribute.tag, &attribute.content)
                .iter()
                .try_for_each(|octet| write!(f, "{octet:02x}"))
        }
    }
}

/// RFC 4514 §2.4.
fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (index, character) in text.chars().enumerate() {
        match character {
            '\0' => f.write_str("\\00")?,
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{character}")?,
            '#' if index == 0 => f.write_str("\\#")?,
            ' ' if index == 0 || index == last => f.write_str("\\ ")?,
            _ => f.write_char(character)?,
        }
    }
    Ok(())
}

/// One byte string for all spellings of a name that are equal. Each RelativeDistinguishedName has
/// its length before it, so that a name begins with another exactly when its bytes do.
fn canonical(relative_names: &[Vec<Attribute>], capacity: usize) -> Box<[u8]> {
    let mut out = Vec::with_capacity(capacity);
    for attributes in relative_names {
        append(&mut out, |out| match attributes.as_slice() {
            [attribute] => append_canonical(out, attribute),
            attributes => {
                let mut parts: Vec<Vec<u8>> = attributes
                    .iter()
                    .map(|attribute| {
                        let mut part = Vec::new();
                        append_canonical(&mut part, attribute);
                        part
                    })
                    .collect();
                parts.sort_unstable();
                out.extend(parts.concat());
            }
        });
    }
    out.into()
}

fn append_canonical(out: &mut Vec<u8>, attribute: &Attribute) {
    append(out, |out| out.extend_from_slice(attribute.oid.octets()));
    match attribute.prepared() {
        Some(text) => {
            out.push(0);
            append(out, |out| out.extend_from_slice(text.as_bytes()));
        }
        None => {
            out.push(attribute.tag.0);
            append(out, |out| out.extend_from_slice(&attribute.content));
        }
    }
}

/// Appends a part with its length before it.
fn append(out: &mut Vec<u8>, part: impl FnOnce(&mut Vec<u8>)) {
    const LENGTH: usize = size_of::<u64>();
    let start = out.len() + LENGTH;
    out.extend_from_slice(&[0; LENGTH]);
    part(out);
    let length = (out.len() - start) as u64;
    out[start - LENGTH..start].copy_from_slice(&length.to_be_bytes());
}

fn text(tag: Tag, content: &[u8]) -> Option<String> {
    match tag {
        Tag::UTF8_STRING => String::from_utf8(content.to_vec()).ok(),
        Tag::PRINTABLE_STRING | Tag::IA5_STRING | Tag::VISIBLE_STRING | Tag::NUMERIC_STRING => {
            content
                .is_ascii()
                .then(|| content.iter().copied().map(char::from).collect())
        }
        // T.61 proper is used by nobody: what stands in certificates is Latin-1.
        Tag::TELETEX_STRING => Some(content.iter().copied().map(char::from).collect()),
        Tag::BMP_STRING => {
            let (units, []) = content.as_chunks() else {
                return None;
            };
            char::decode_utf16(units.iter().copied().map(u16::from_be_bytes))
                .collect::<Result<_, _>>()
                .ok()
        }
        Tag::UNIVERSAL_STRING => {
            let (units, []) = content.as_chunks() else {
                return None;
            };
            units
                .iter()
                .map(|unit| char::from_u32(u32::from_be_bytes(*unit)))
                .collect()
        }
        _ => None,
    }
}

/// RFC 4514 §3, and the descriptors of RFC 4519 for the attributes of national certificates.
const DESCRIPTORS: [(Oid, &str); 14] = [
    (oids::COMMON_NAME, "CN"),
    (oids::LOCALITY_NAME, "L"),
    (oids::STATE_OR_PROVINCE_NAME, "ST"),
    (oids::ORGANIZATION_NAME, "O"),
    (oids::ORGANIZATIONAL_UNIT_NAME, "OU"),
    (oids::COUNTRY_NAME, "C"),
    (oids::STREET_ADDRESS, "STREET"),
    (oids::DOMAIN_COMPONENT, "DC"),
    (oids::USER_ID, "UID"),
    (oids::SURNAME, "SN"),
    (oids::GIVEN_NAME, "givenName"),
    (oids::SERIAL_NUMBER, "serialNumber"),
    (oids::EMAIL_ADDRESS, "emailAddress"),
    (Oid::new("2.5.4.15"), "businessCategory"),
];

#[cfg(test)]
mod tests {
    use super::Name;
    use crate::x509::Error;
    use crate::x509::Oid;
    use crate::x509::der;
    use crate::x509::der::Tag;
    use crate::x509::oids;

    #[test]
    fn case_white_space_and_string_type_do_not_tell_names_apart() {
        let bmp: Vec<u8> = "нұр орда"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        for (one, other) in [
            (
                (Tag::UTF8_STRING, &b"Good CA"[..]),
                (Tag::PRINTABLE_STRING, &b"good ca"[..]),
            ),
            (
                (Tag::PRINTABLE_STRING, b" Good   CA  "),
                (Tag::PRINTABLE_STRING, b"Good CA"),
            ),
            (
                (Tag::UTF8_STRING, "НҰР  Орда".as_bytes()),
                (Tag::BMP_STRING, &bmp),
            ),
            (
                (Tag::UTF8_STRING, "Cafe\u{301}\u{200b}".as_bytes()),
                (Tag::TELETEX_STRING, b"CAF\xc9"),
            ),
        ] {
            let read = |(tag, content)| name(&[&[(oids::COMMON_NAME, tag, content)]]);
            assert_eq!(read(one), read(other));
        }
    }

    #[test]
    fn other_text_type_order_or_grouping_makes_another_name() {
        let cn = (oids::COMMON_NAME, Tag::UTF8_STRING, &b"a"[..]);
        let o = (oids::ORGANIZATION_NAME, Tag::UTF8_STRING, &b"b"[..]);
        let base = name(&[&[cn], &[o]]);
        assert_eq!(name(&[&[cn, o]]), name(&[&[o, cn]]));
        for other in [
            name(&[&[o], &[cn]]),
            name(&[&[cn, o]]),
            name(&[&[cn]]),
            name(&[&[cn], &[o], &[o]]),
            name(&[&[cn], &[(oids::ORGANIZATION_NAME, Tag::UTF8_STRING, b"c")]]),
            name(&[&[cn], &[(oids::SURNAME, Tag::UTF8_STRING, b"b")]]),
            name(&[&[cn], &[(oids::ORGANIZATION_NAME, Tag::OCTET_STRING, b"b")]]),
            name(&[
                &[cn],
                &[(oids::ORGANIZATION_NAME, Tag::UTF8_STRING, b"\xff")],
            ]),
        ] {
            assert_ne!(base, other);
        }
    }

    #[test]
    fn domains_and_mailboxes_differ_in_case_only() {
        for oid in [oids::DOMAIN_COMPONENT, oids::EMAIL_ADDRESS] {
            let read = |tag, text: &str| name(&[&[(oid, tag, text.as_bytes())]]);
            let base = read(Tag::IA5_STRING, "a@B.kz");
            assert_eq!(base, read(Tag::UTF8_STRING, "A@b.KZ"));
            assert_ne!(base, read(Tag::IA5_STRING, " a@b.kz"));
            let folded = read(Tag::UTF8_STRING, "strasse");
            assert_ne!(read(Tag::UTF8_STRING, "straße"), folded);
        }
    }

    #[test]
    fn undefined_text_equals_the_same_octets_only() {
        let read = |tag, text: &[u8]| name(&[&[(oids::COMMON_NAME, tag, text)]]);
        let lost = "a\u{fffd}".as_bytes();
        let base = read(Tag::UTF8_STRING, lost);
        assert_eq!(base, read(Tag::UTF8_STRING, lost));
        assert_ne!(base, read(Tag::BMP_STRING, &[0, b'a', 0xff, 0xfd]));
        assert_ne!(base, read(Tag::UTF8_STRING, "A\u{fffd}".as_bytes()));
    }

    #[test]
    fn a_name_is_within_another_that_it_continues() {
        let c = &[(oids::COUNTRY_NAME, Tag::PRINTABLE_STRING, &b"KZ"[..])][..];
        let lower = &[(oids::COUNTRY_NAME, Tag::UTF8_STRING, &b"kz "[..])][..];
        let o = &[(oids::ORGANIZATION_NAME, Tag::UTF8_STRING, &b"b"[..])][..];
        let longer = &[(oids::ORGANIZATION_NAME, Tag::UTF8_STRING, &b"bb"[..])][..];
        let both = &[o[0], c[0]][..];
        let whole = name(&[c, o]);
        for base in [name(&[]), name(&[c]), name(&[lower]), name(&[lower, o])] {
            assert!(whole.is_within(&base), "{base}");
        }
        for other in [
            name(&[o]),
            name(&[o, c]),
            name(&[c, longer]),
            name(&[c, o, o]),
            name(&[both]),
        ] {
            assert!(!whole.is_within(&other), "{other}");
        }
        assert!(!name(&[both]).is_within(&name(&[o])));
        assert!(!name(&[c, longer]).is_within(&whole));
    }

    #[test]
    fn a_name_is_written_as_rfc_4514_prescribes() {
        let shown = name(&[
            &[(oids::COUNTRY_NAME, Tag::PRINTABLE_STRING, b"KZ")],
            &[(
                oids::ORGANIZATION_NAME,
                Tag::UTF8_STRING,
                "АО \"ТЕСТ\", #1".as_bytes(),
            )],
            &[
                (oids::COMMON_NAME, Tag::UTF8_STRING, b" #a "),
                (Oid::new("1.2.3"), Tag::UTF8_STRING, b"x"),
            ],
        ]);
        assert_eq!(
            shown.to_string(),
            "1.2.3=#0c0178+CN=\\ #a\\ ,O=АО \\\"ТЕСТ\\\"\\, #1,C=KZ"
        );
    }

    #[test]
    fn an_attribute_is_found_by_its_type() {
        let name = name(&[
            &[(
                oids::COMMON_NAME,
                Tag::UTF8_STRING,
                "ТЕСТОВ ТЕСТ".as_bytes(),
            )],
            &[(
                oids::SERIAL_NUMBER,
                Tag::PRINTABLE_STRING,
                b"IIN123456789011",
            )],
        ]);
        assert_eq!(name.attribute(oids::SERIAL_NUMBER), Some("IIN123456789011"));
        assert_eq!(name.attribute(oids::SURNAME), None);
    }

    #[test]
    fn bytes_behind_a_name_are_refused() {
        assert_eq!(
            Name::from_der(&[0x30, 0, 0]).err(),
            Some(Error::Der(der::Error::TrailingData { length: 1 }))
        );
    }

    fn name(relative_names: &[&[(Oid, Tag, &[u8])]]) -> Name {
        let sets: Vec<Vec<u8>> = relative_names
            .iter()
            .map(|attributes| {
                let pairs: Vec<Vec<u8>> = attributes
                    .iter()
                    .map(|(oid, tag, content)| {
                        der::sequence(&[der::oid(oid), der::tlv(*tag, content)])
                    })
                    .collect();
                der::set_of(&pairs)
            })
            .collect();
        Name::from_der(&der::sequence(&sets)).unwrap()
    }
}
