//! The two services, and the ways to them.

use serde::Serialize;

/// The public services whose documents these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Service {
    /// Permits for emissions into the environment, objects of categories II, III and IV.
    Permit,
    /// Conclusions of the state ecological expertise, objects of categories II, III and IV.
    Expertise,
}

/// The way by which a request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The portal of electronic government (ЭҮП / ПЭП).
    Portal,
    /// The service provider's chancery (қызмет беруші / услугодатель).
    Provider,
    /// A public service centre (ХҚКО / ЦОН).
    Centre,
}

impl Service {
    pub(super) const WORDS: &'static [&'static str] = &["permit", "expertise"];
    pub(super) const ALL: [Self; 2] = [Self::Permit, Self::Expertise];
}

impl Channel {
    pub(super) const WORDS: &'static [&'static str] = &["portal", "provider", "centre"];
    pub(super) const ALL: [Self; 3] = [Self::Portal, Self::Provider, Self::Centre];
}
