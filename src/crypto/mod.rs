//! Digests, and the traits `Signer` and `SignatureVerifier`, with ring behind them.
