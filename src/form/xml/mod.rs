//! The form language as templates write it, small enough to be read by whoever edits a form.
//!
//! ```text
//! form       title watermark? sheet+
//! title      kk ru                 not printed: the title of the file
//! watermark  text                  across every page
//! sheet      footer? block*        languages="apart": once in each language, "together": once in
//!                                  all; orientation="portrait" or "landscape"
//! footer     p*                    at the foot of every page of the sheet
//! block      p | group | space | table
//! group      block*                kept on one page
//! space                            mm="3"
//! table      head? body            columns="10 2* *": millimetres, or shares of the rest;
//!                                  borders="grid" or "none"
//! head body  row*                  the head is repeated on every page
//! row        cell*
//! cell       p*                    columns="2" rows="2": how many it covers
//! p          kk ru | text          style, align, indent="12" (mm), ruled="yes" (a line below),
//!                                  keep="yes" (with the next)
//! text       characters | b | i | br | page | pages | t | v
//! ```
//!
//! Where a paragraph differs by language it holds `kk` and `ru`, both, and is printed in each
//! language of its sheet. Fixed words stand under a `src` (of `p`, `kk`, `ru`, `t` or
//! `watermark`) that says where they come from; values of the data stand in `v`.

mod element;
mod paragraph;
mod provenance;
mod sheet;
mod text;

pub(super) use sheet::parse;

#[cfg(test)]
mod tests;
