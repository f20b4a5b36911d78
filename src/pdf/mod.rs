//! PDF files: reading untrusted ones, appending revisions, signature fields (ISO 32000).
