//! The form language as templates write it, small enough to be read by whoever edits a form.
//!
//! ```text
//! form       title watermark? sheet+
//! title      kk ru                 not printed: the title of the file
//! watermark  text                  across every page
//! sheet      header? footer? block*
//!                                  languages="apart": once in each language, "together": once in
//!                                  all; orientation="portrait" or "landscape"
//! header     p*                    at the head of every page of the sheet
//! footer     p* qr?                at the foot; languages="both": in both whatever is asked for
//! qr                               mm="22": a code with the data of the document
//! block      p | h1 | h2 | h3 | caption | bar | grid | group | list | signature | space | table |
//!            twin
//! bar                              percent="37.5": a bar of a chart
//! grid       entry*                columns="60 *", borders: names and values side by side
//! entry      key p*
//! group      block*                kept on one page; languages="apart": once in each language,
//!                                  "both": in both whatever is asked for
//! list       item*                 marks="1." "1)" "dash" or "none"
//! item       p*
//! signature  block*                where the document is signed, kept on one page
//! space                            mm="3"
//! table      head? body            columns="10 2* *": millimetres, or shares of the rest;
//!                                  borders="grid" or "none"; keep="yes" (with what follows)
//! head body  row*                  the head is repeated on every page
//! row        cell*
//! cell       p*                    columns="2" rows="2": how many it covers; scope="row": it is
//!                                  the head of its row
//! twin       p*                    the Kazakh in a left column, the Russian in a right one, both
//!                                  whatever language is asked for
//! p          kk ru | text          style, align, indent="12" (mm), ruled="yes" (a line below),
//!                                  keep="yes" (with the next), verbatim-only="yes" (printed where
//!                                  the regulation is given verbatim; may lack a language)
//! h1 h2 h3   as p                  title of the document, heading, heading below it
//! caption    as p                  below a blank: what goes into it
//! key        as p
//! text       characters | b | i | br | page | pages | t | v
//! ```
//!
//! Where a paragraph differs by language it holds `kk` and `ru`, both, and is printed in each
//! language of its sheet. Fixed words stand under a `src` (of `p`, `kk`, `ru`, `t` or
//! `watermark`) that says where they come from; values of the data stand in `v`.

mod block;
mod element;
mod paragraph;
mod provenance;
mod reading;
mod sheet;
mod table;
mod text;
mod well_formed;

pub(super) use provenance::SOURCES;
pub(super) use provenance::is_official;
pub(super) use provenance::is_valid;
pub(super) use reading::Reading;
pub(super) use sheet::parse;

#[cfg(test)]
mod tests;
