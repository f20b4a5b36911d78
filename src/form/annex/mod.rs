//! What the templates of the appendices may ask for; tables come in parts that fit a sheet.

mod air;
mod condition;
mod discharge;
mod part;
mod sulfur;
mod waste;

pub(super) use air::Annex1;
pub(super) use condition::ConditionRow;
pub(super) use discharge::Annex2;
pub(super) use sulfur::Annex4;
pub(super) use waste::Annex3;
