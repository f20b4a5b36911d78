//! PAdES signatures in two steps: prepare, sign anywhere, embed (ETSI EN 319 142-1).
