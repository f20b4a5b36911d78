//! Data to PDF in one call.
