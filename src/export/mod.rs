//! `Pages` to a PDF file.
